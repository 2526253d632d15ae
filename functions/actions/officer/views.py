"""What the desk shows an officer: a line, a page of lines, a case. ``case_lists`` and ``read_case`` make them.

Tests: ``tests/doors/test_desk.py``.
"""

from typing import NamedTuple

from functions.actions.common.decrypted_case import Message
from functions.casework.access import Rights
from functions.casework.case import CaseHead
from functions.casework.directory.accused_name import Accused
from functions.casework.directory.agencies import Agency
from functions.casework.reply_templates import Template
from functions.casework.routing.propose import Proposal
from functions.casework.stages import Stage
from functions.casework.understanding.accused import Accusation


class Row(NamedTuple):
    """A line of the inbox. ``subject`` is None if the officer may not read the words. ``escalated``: it is late and
    escalated to this officer. ``asked``: this officer decides whether the accused may read it."""

    head: CaseHead
    subject: str | None
    overdue: bool
    escalated: bool = False
    asked: bool = False


class Inbox(NamedTuple):
    """A page of the inbox and the token of the next. The flags tell of cases in lists of their own: reports of a flood
    (``quarantine``), late cases that escalated here, requests to decide on (``asked``), cases with this second unit."""

    rows: tuple[Row, ...]
    next: str
    quarantine: bool = False
    escalated: bool = False
    asked: bool = False
    second: bool = False


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
