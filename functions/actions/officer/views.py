"""What the desk shows an officer: a line, a page of lines, a case. ``case_lists`` and ``read_case`` make them.

Tests: ``tests/doors/test_desk.py``.
"""

from dataclasses import dataclass
from typing import NamedTuple

from functions.actions.common.decrypted_case import Message
from functions.actions.officer.lists.desk_views import View
from functions.casework.access import Rights
from functions.casework.case import CaseHead
from functions.casework.directory.accused_name import Accused
from functions.casework.directory.agencies import Agency
from functions.casework.reply_templates import Template
from functions.casework.routing.propose import Proposal
from functions.casework.stages import Duty, Stage
from functions.casework.understanding.accused import Accusation


@dataclass(frozen=True, slots=True)
class Line:
    """What a list says of a case beside its head. ``subject`` is None if the officer may not read the words. ``first``
    is the first line of the words. ``proposals`` are for a sorting desk."""

    granted: Rights
    subject: str | None = None
    first: str = ""
    proposals: tuple[Proposal, ...] = ()

    @property
    def sorts(self) -> bool:
        """Whether this officer sorts the case."""
        return self.granted.duty is Duty.SORT


class Row(NamedTuple):
    """A line of a list. ``subject`` is None if the officer may not read the words. ``escalated``: it is late and
    escalated to this officer. ``asked``: this officer decides whether the accused may read it. ``line`` is what the
    desk shows beside it, None in lists that show less."""

    head: CaseHead
    subject: str | None
    overdue: bool
    escalated: bool = False
    asked: bool = False
    line: Line | None = None


class Inbox(NamedTuple):
    """A page of the inbox and the token of the next. The flags tell of cases in lists of their own: reports of a flood
    (``quarantine``), late cases that escalated here, requests to decide on (``asked``), cases with this second unit."""

    rows: tuple[Row, ...]
    next: str
    quarantine: bool = False
    escalated: bool = False
    asked: bool = False
    second: bool = False


class Count(NamedTuple):
    """How many cases a view shows, counted no further than a page: ``more`` if there are."""

    number: int
    more: bool = False


class Today(NamedTuple):
    """The desk as one view shows it: a page of rows, and the token of the next. ``counts`` are those of all views of
    this officer; ``waiting`` counts what waits for them. ``quarantine`` and ``second`` as in ``Inbox``. ``cut``: only
    the most pressing cases of the view were sorted."""

    view: View
    rows: tuple[Row, ...]
    next: str
    counts: dict[View, Count]
    waiting: Count
    quarantine: bool = False
    second: bool = False
    cut: bool = False


class Search(NamedTuple):
    """The cases found among the ``looked_at`` most pressing, or the next ones; ``next`` leads on to those after
    them."""

    rows: tuple[Row, ...]
    next: str
    looked_at: int


@dataclass(frozen=True, slots=True)
class Around:
    """Where a case stands in a view: its ``position`` from 1, 0 if it is beyond the first page; the ids ``before`` and
    ``after`` it, "" for none."""

    position: int
    count: Count
    before: str
    after: str


class OfficerView(NamedTuple):
    """The case as this officer may read it, masked (``masking``).

    ``targets`` are the agencies they may hand it to, the proposed ones first; ``proposals`` say why, for a sorting
    desk. ``stages`` are those they may set, ``seconds`` the units they may ask in, ``templates`` reply templates filled
    for this case. ``into`` is the case it is joined into, ``joined`` are those joined to it, as far as they may see
    them. ``named`` is whom the report named, by its sealed words, ``suspects`` whom the page's words accuse beside
    that. ``messages`` has every event, but only those in ``page`` with their words: the report, and one page of the
    others. ``older`` as in ``message_pages.Page``.
    """

    head: CaseHead
    subject: str | None
    messages: tuple[Message, ...]
    rights: Rights
    targets: tuple[Agency, ...]
    proposals: tuple[Proposal, ...]
    stages: tuple[Stage, ...]
    overdue: bool
    templates: tuple[Template, ...] = ()
    seconds: tuple[Agency, ...] = ()
    into: CaseHead | None = None
    joined: tuple[CaseHead, ...] = ()
    named: Accused = Accused()
    suspects: tuple[Accusation, ...] = ()
    page: frozenset[int] = frozenset()
    older: int = 0
    newest: bool = True

    @property
    def shown(self) -> tuple[Message, ...]:
        """The messages of the page."""
        return tuple(message for message in self.messages if message.n in self.page)

    @property
    def proposed(self) -> str:
        """The agency that the form preselects: the likeliest, "" if that is none of ours."""
        return self.proposals[0].agency if self.proposals else ""
