"""An officer's lists of cases: the desk in its views, the search, and the lists beside them.

Every page asks ``casework.access.may_list``: what is hidden from an officer shows neither as a line, nor in a count,
nor as a gap.

Tests: ``tests/doors/test_worklist.py``, ``tests/doors/test_desk_today.py``, ``tests/doors/test_desk_search.py``,
``tests/doors/test_quarantine.py``, ``tests/doors/test_escalation.py``, ``tests/doors/test_second.py``,
``tests/doors/test_lift.py``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NamedTuple

from functions.actions.officer.lists.case_line import brief_line, full_line
from functions.actions.officer.lists.desk_views import (
    UPPER,
    Source,
    View,
    desk_of,
    remaining,
    searched,
    sources_of,
    views_of,
    waiting_for,
)
from functions.actions.officer.lists.search_words import Wanted, names_of
from functions.actions.officer.read_case import ReadCase
from functions.actions.officer.views import Around, Count, Inbox, Line, Row, Search, Today
from functions.casework.access import Viewer, may_list, rights, waits
from functions.casework.case import CaseHead
from functions.casework.directory.agencies import AgencyKind, Role
from functions.casework.problems import FactsChangedProblem, NotFoundProblem
from functions.casework.stages import Duty, Move
from functions.storage.interface import BadPageTokenError, CaseNotFoundError, Page, Scope
from functions.storage.interface.cases import UNSETTLED
from functions.storage.page_tokens import skip_waiting

PAGE: Final = 20
WINDOW: Final = 100  # cases that a search or a sorting looks through at a time
SORTS: Final[dict[str, Callable[[CaseHead], tuple[str, ...]]]] = {
    "received": lambda head: (head.received_on.isoformat(), head.topic),
    "topic": lambda head: (head.topic, head.district),
}


class _Found(NamedTuple):
    """Cases this officer may see, each with the listing it was found in, and whether there are more."""

    cases: tuple[tuple[Source, CaseHead], ...] = ()
    more: bool = False

    @property
    def heads(self) -> tuple[CaseHead, ...]:
        return tuple(head for _, head in self.cases)

    @property
    def counted(self) -> Count:
        return Count(len(self.cases), self.more)

    def next(self, shown: int | None = None) -> str:
        """Return the token for what follows the first ``shown`` (all, if not given), "" if nothing does."""
        shown = len(self.cases) if shown is None else shown
        if shown == len(self.cases) and not self.more:
            return ""
        source, head = self.cases[shown - 1]
        return source.after(head)


@dataclass(frozen=True, slots=True)
class CaseLists:
    """The lists of one officer, each a page at a time. ``after`` is the token of the page before."""

    cases: ReadCase

    def inbox(self, viewer: Viewer, after: str = "") -> Inbox:
        """Return a page of the cases on this officer's desk. A coordinator gets those of the instance; an overseer,
        who has no desk, those to decide on.

        Takes two queries: the page, and whether anything is in quarantine. The late cases of others take one more and,
        for a unit, the cases on which it is the second."""
        page = self._one(viewer) if viewer.case_id else self._read(viewer, desk_of(viewer, self.cases.directory), after)
        free, decides = not viewer.case_id, viewer.role is Role.OVERSEER
        upper = viewer.role in UPPER and viewer.role is not Role.COORDINATOR
        return Inbox(
            tuple(self._row(viewer, head) for head in page.heads),
            page.next(),
            free and not decides and self._any(viewer, Scope.QUARANTINE),
            free and upper and self._any(viewer, Scope.ESCALATED),
            free and decides and self._any(viewer, Scope.ASKED),
            free and self._helps(viewer),
        )

    def today(self, viewer: Viewer, view: View | None = None, after: str = "", sort: str = "") -> Today:
        """Return a page of a view of the desk, and the counts of all views. If none is named, it is the first of new,
        late and today that shows anything. ``sort`` (``SORTS``): the first ``WINDOW`` cases in that order; ``after``
        is then how many to pass over. Raises BadPageTokenError.

        Takes at most fourteen queries of listings, however many cases there are, and one for each line that needs its
        words (``case_line.full_line``)."""
        first = {each: self._read(viewer, self._sources(viewer, each)) for each in views_of(viewer)}
        if view is None:
            pressing = (each for each in (View.NEW, View.LATE, View.TODAY) if each in first and first[each].cases)
            view = next(pressing, View.ALL)
        if viewer.case_id:
            page, onward = self._one(viewer), ""
        elif sort in SORTS:
            page, onward = self._sorted(viewer, view, after, sort)
        else:
            known = not after and view in first
            page = first[view] if known else self._read(viewer, self._sources(viewer, view), after)
            onward = page.next()
        return Today(
            view,
            tuple(self._full_row(viewer, head) for head in page.heads),
            onward,
            {each: found.counted for each, found in first.items()},
            page.counted if viewer.case_id else self._read(viewer, waiting_for(viewer)).counted,
            not viewer.case_id and viewer.role is not Role.OVERSEER and self._any(viewer, Scope.QUARANTINE),
            not viewer.case_id and self._helps(viewer),
            sort in SORTS and page.more,
        )

    def search(self, viewer: Viewer, wanted: Wanted, after: str = "") -> Search:
        """Return the cases among the next ``WINDOW`` whose topic, district or subject says what is wanted, at most
        ``PAGE`` of them. Raises BadPageTokenError."""
        if viewer.case_id:
            return Search((), "", 0)
        sources = searched(viewer, self.cases.directory, self.cases.today())
        found = self._read(viewer, sources, after, WINDOW)
        rows: list[Row] = []
        for looked_at, head in enumerate(found.heads, 1):
            names = names_of(head, self.cases.directory)
            if wanted.said_in(names) or wanted.said_in(f"{names} {self._line(viewer, head).subject or ''}"):
                rows.append(self._full_row(viewer, head))
            if len(rows) == PAGE:
                return Search(tuple(rows), found.next(looked_at), looked_at)
        return Search(tuple(rows), found.next(), len(found.cases))

    def numbered(self, viewer: Viewer, case_id: str) -> Search:
        """Return the case of this number, nothing if it is unknown or not for this officer."""
        try:
            head = self.cases.load(viewer, case_id)[0].head
        except (NotFoundProblem, FactsChangedProblem):
            return Search((), "", 1)
        return Search((self._row(viewer, head),), "", 1)

    def around(self, viewer: Viewer, view: View, case_id: str) -> Around:
        """Return where a case stands in a view, and what stands before and after it there. Of a case beyond the first
        page only what comes after it is known; of one that is not in the view, the first one is what comes next."""
        sources = self._sources(viewer, view)
        page = self._read(viewer, sources)
        ids = [head.case_id for head in page.heads]
        if case_id in ids[: len(ids) if page.more else None]:
            at = ids.index(case_id)
            further = ids[at + 1 : at + 2] or self._next(viewer, sources, page.next())
            return Around(at + 1, page.counted, ids[at - 1] if at else "", next(iter(further), ""))
        further = ids[:1]
        try:
            head = self.cases.store.read_head(case_id) if page.more else None
        except CaseNotFoundError:
            head = None
        if head and rights(viewer, head, self.cases.directory).see:
            token = next((s.after(head) for s in sources if s.holds(s.after(head))), "")
            further = self._next(viewer, sources, token) if token else further
        return Around(0, page.counted, "", next(iter(further), ""))

    def listed(self, viewer: Viewer, scope: Scope, after: str = "") -> Inbox:
        """Return a page of one listing as it is this officer's: what escalated to them, what they took, decide on, or
        work on as the second unit, or what waits in quarantine. Raises BadPageTokenError."""
        page = _Found() if viewer.case_id else self._read(viewer, (_source(viewer, scope),), after)
        return Inbox(tuple(self._row(viewer, head) for head in page.heads), page.next())

    @staticmethod
    def check_token(viewer: Viewer, scope: Scope, after: str) -> None:
        """Raise BadPageTokenError for a token that is none of this listing. Reads nothing."""
        remaining((_source(viewer, scope),), after)

    def _sources(self, viewer: Viewer, view: View) -> tuple[Source, ...]:
        return sources_of(view, viewer, self.cases.directory, self.cases.today())

    def _read(self, viewer: Viewer, sources: tuple[Source, ...], after: str = "", most: int = 0) -> _Found:
        """Return a full page (or ``most``) of the cases this officer may see. Takes one query for each source that it
        comes to, more if some cases are hidden (a short or empty page would reveal that), and one more for each day on
        which cases are due that wait for their batch. Raises BadPageTokenError."""
        most = most or PAGE
        found: list[tuple[Source, CaseHead]] = []
        for source in remaining(sources, after):
            token, after, limit = after, "", most + 1 - len(found)
            while len(found) <= most:
                page = self.cases.store.page(source.scope, source.code, token, limit, source.span)
                limit = max(PAGE, limit)  # where some are hidden, do not look at one after the other
                shown = [head for head in page.heads if may_list(viewer, head, self.cases.directory)]
                found += [(source, head) for head in shown]
                token = _after(viewer, source, page)
                if not token:
                    break
        return _Found(tuple(found[:most]), len(found) > most)

    def _any(self, viewer: Viewer, scope: Scope) -> bool:
        """Tell whether there is a case that this officer may see: hidden ones must not show as "there is one". Takes
        one query, more if some are hidden."""
        return bool(self._read(viewer, (_source(viewer, scope),), "", 1).cases)

    def _helps(self, viewer: Viewer) -> bool:
        unit = self.cases.directory.agencies[viewer.agency].kind is AgencyKind.UNIT
        return unit and self._any(viewer, Scope.SECOND)

    def _next(self, viewer: Viewer, sources: tuple[Source, ...], token: str) -> list[str]:
        return [head.case_id for head in self._read(viewer, sources, token, 1).heads] if token else []

    def _sorted(self, viewer: Viewer, view: View, after: str, sort: str) -> tuple[_Found, str]:
        """Return a page of the first cases of a view in another order, and the token of the next. Raises
        BadPageTokenError."""
        if after and not (after.isascii() and after.isdigit() and len(after) <= len(str(WINDOW))):
            raise BadPageTokenError("a page of another order")
        found = self._read(viewer, self._sources(viewer, view), "", WINDOW)
        ordered = sorted(found.cases, key=lambda each: SORTS[sort](each[1]))
        start = int(after or 0)
        if start and start >= len(ordered):
            raise BadPageTokenError("beyond what is there")
        page = tuple(ordered[start : start + PAGE])
        return _Found(page, found.more), str(start + PAGE) if start + PAGE < len(ordered) else ""

    def _one(self, viewer: Viewer) -> _Found:
        try:
            head = self.cases.load(viewer, viewer.case_id)[0].head
        except NotFoundProblem:
            return _Found()
        return _Found(((_source(viewer, Scope.HOLDER), head),))

    def _line(self, viewer: Viewer, head: CaseHead) -> Line:
        return brief_line(self.cases, viewer, head)

    def _row(self, viewer: Viewer, head: CaseHead) -> Row:
        return self._as_row(head, self._line(viewer, head))

    def _full_row(self, viewer: Viewer, head: CaseHead) -> Row:
        line = full_line(self.cases, viewer, head)
        return self._as_row(head, line)._replace(line=line)

    def _as_row(self, head: CaseHead, line: Line) -> Row:
        oversees = line.granted.duty is Duty.OVERSEE
        asked = oversees and Move.LIFT in line.granted.moves
        return Row(head, line.subject, head.overdue(self.cases.today()), oversees and not asked, asked)


def _after(viewer: Viewer, source: Source, page: Page) -> str:
    """Return where to read on. Cases that wait for their batch stand together, and are passed over in one step."""
    if page.next and waits(viewer, page.heads[-1]):
        return skip_waiting(source.scope, source.code, page.heads[-1])
    return page.next


def _source(viewer: Viewer, scope: Scope) -> Source:
    """Return a listing's part that this officer sees: their own, or their agency's."""
    if scope is Scope.QUARANTINE:
        return Source(scope, viewer.agency, UNSETTLED)  # what was archived unread or withdrawn is no work
    return Source(scope, viewer.officer if scope is Scope.ASSIGNED else viewer.agency)
