"""What an officer is given to look at: a line, a page of them, a case. ``look`` makes them, the desk shows them."""

from typing import NamedTuple

from functions.actions.common.decrypted_case import Message
from functions.casework.access import Rights
from functions.casework.case import CaseHead
from functions.casework.directory.agencies import Agency
from functions.casework.reply_templates import Template
from functions.casework.routing import Proposal
from functions.casework.stages import Stage


class Row(NamedTuple):
    """A line of the inbox. ``subject`` is None for who may not read the words; ``escalated``: it is late, and went up
    to this officer; ``asked``: he is to decide whether the accused may read it."""

    head: CaseHead
    subject: str | None
    overdue: bool
    escalated: bool = False
    asked: bool = False


class Inbox(NamedTuple):
    """A page of the inbox and the token of the next. ``quarantine``: reports of a flood wait to be looked through;
    ``escalated``: late ones went up to this agency, ``asked``: he is to decide on some, ``second``: it is the second
    unit on others'; all these stand in listings of their own."""

    rows: tuple[Row, ...]
    next: str
    quarantine: bool = False
    escalated: bool = False
    asked: bool = False
    second: bool = False


class OfficerView(NamedTuple):
    """The case as this officer may read it, masked (``masking``). ``targets`` are the agencies he may hand it to,
    the proposed ones first; ``proposals`` say why, for who sorts; ``stages`` those he may set; ``templates`` begin an
    answer, filled for this case; ``seconds`` are the units he may name to work on it beside its holder. ``into`` is
    the case it is joined into, ``joined`` are those joined to it, as far as he may see them; of others he is not
    told."""

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

    @property
    def proposed(self) -> str:
        """The agency to be chosen beforehand: the likeliest, "" where that is not one of ours."""
        return self.proposals[0].agency if self.proposals else ""
