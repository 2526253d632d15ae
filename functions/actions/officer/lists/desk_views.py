"""The views of an officer's desk, and the listings of the store that each is read from.

Every view is read in the order of its listings, a page at a time, whatever its size.

Tests: ``tests/doors/test_desk_today.py``.
"""

from datetime import date
from enum import StrEnum
from typing import NamedTuple

from functions.casework.access import Viewer
from functions.casework.case import CaseHead
from functions.casework.directory.agencies import AgencyKind, Directory, Role
from functions.storage.interface import BadPageTokenError, Scope, Work
from functions.storage.interface.cases import WHOLE_SPAN
from functions.storage.page_tokens import read_place, token_after
from functions.storage.sort_keys import work_spans

# Late cases escalate to them.
UPPER = frozenset({Role.COORDINATOR, Role.INSPECTOR, Role.CENTRE, Role.OVERSEER})


class View(StrEnum):
    """What the desk shows. ``NEW``: nobody has begun; for an overseer: to decide on. ``LATE``: overdue here, or
    escalated to here. ``TODAY``: due today. ``WAITING``: for the reporter. ``MINE``: taken by this officer. ``ALL``:
    with what lies elsewhere or is closed."""

    NEW = "new"
    LATE = "late"
    TODAY = "today"
    WAITING = "waiting"
    MINE = "mine"
    ALL = "all"


class Source(NamedTuple):
    """A part of a listing: ``code`` as in ``Cases.page``."""

    scope: Scope
    code: str
    span: tuple[str, str] = WHOLE_SPAN

    def after(self, head: CaseHead) -> str:
        """Return the token for what follows this case."""
        return token_after(self.scope, self.code, head)

    def holds(self, token: str) -> bool:
        """Whether a token is one of this part."""
        try:
            place = read_place(f"{self.scope}:{self.code}", token)
        except BadPageTokenError:
            return False
        return self.span[0] <= place <= self.span[1]


def views_of(viewer: Viewer) -> tuple[View, ...]:
    """Return the views this officer chooses from; none in a session limited to one case. An overseer has no desk, only
    what escalated to them and what they decide on."""
    if viewer.case_id:
        return ()
    return (View.NEW, View.LATE) if viewer.role is Role.OVERSEER else tuple(View)


def sources_of(view: View, viewer: Viewer, directory: Directory, today: date) -> tuple[Source, ...]:
    """Return what a view is read from, in order: those with priority come first, then what nobody has begun."""
    here, day = viewer.agency, today.isoformat()
    escalated = (Source(Scope.ESCALATED, here),) if viewer.role in UPPER else ()
    if viewer.role is Role.OVERSEER:  # nothing on the agency's desk is theirs, so it is not read
        asked = desk_of(viewer, directory)
        return {View.NEW: asked, View.ALL: asked, View.LATE: escalated}.get(view, ())
    if view is View.ALL:
        return desk_of(viewer, directory) + (() if viewer.role is Role.COORDINATOR else escalated)
    if view is View.MINE:
        return (Source(Scope.ASSIGNED, viewer.officer),)
    if view in (View.NEW, View.WAITING):
        return _work(here, work_spans(Work.NEW if view is View.NEW else Work.HELD))
    limits = {"before": day} if view is View.LATE else {"on": day}
    spans = zip(work_spans(Work.NEW, **limits), work_spans(Work.BEGUN, **limits), strict=True)
    return _work(here, [span for pair in spans for span in pair]) + (escalated if view is View.LATE else ())


def desk_of(viewer: Viewer, directory: Directory) -> tuple[Source, ...]:
    """Return all that lies, or lay, on this officer's own desk: a coordinator's is the instance's, escalated cases
    among them. An overseer has what they decide on."""
    if viewer.role is Role.OVERSEER:
        return (Source(Scope.ASKED, viewer.agency),)
    whole = directory.agencies[viewer.agency].kind is AgencyKind.INSTANCE
    return (Source(Scope.INSTANCE if whole else Scope.HOLDER, viewer.agency),)


def waiting_for(viewer: Viewer) -> tuple[Source, ...]:
    """Return what holds all that waits for this officer: the open cases of the desk, what escalated, what to decide."""
    escalated = (Source(Scope.ESCALATED, viewer.agency),) if viewer.role in UPPER else ()
    own = Scope.ASKED if viewer.role is Role.OVERSEER else Scope.WORK
    return (Source(own, viewer.agency), *escalated)


def searched(viewer: Viewer, directory: Directory, today: date) -> tuple[Source, ...]:
    """Return what a search looks through: all that any view of this officer shows."""
    listed = sources_of(View.ALL, viewer, directory, today)
    rest = [Source(Scope.ESCALATED, viewer.agency)] if viewer.role is Role.OVERSEER else []
    if directory.agencies[viewer.agency].kind is AgencyKind.UNIT:
        rest.append(Source(Scope.SECOND, viewer.agency))
    return (*listed, *rest)


def remaining(sources: tuple[Source, ...], token: str) -> tuple[Source, ...]:
    """Return the sources from the one that a token is of. Raises BadPageTokenError for a token of none of them, as one
    of yesterday's view of today."""
    if not token:
        return sources
    for n, source in enumerate(sources):
        if source.holds(token):
            return sources[n:]
    raise BadPageTokenError("a page token of another view")


def _work(holder: str, spans: "tuple[tuple[str, str], ...] | list[tuple[str, str]]") -> tuple[Source, ...]:
    return tuple(Source(Scope.WORK, holder, span) for span in spans)
