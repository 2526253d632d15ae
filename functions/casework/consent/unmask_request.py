"""An agency's request to see masked words of a report, and who has to agree.

An officer names a ground from a list. Names and places of a message they then see at once, and its reporter reads who
saw them and why. What reaches or finds a person elsewhere (a phone number, an address for mail, an account, a number in
a register) wants a second person besides: a colleague at the same desk, or the coordinator or an inspector of the
instance. The second person is shown the ground and the kinds of what is masked, never the words. The reporter reads the
request and may say no until then, which is final for that agency and that message.

Every rule reads steps as they stand in sealed events. Who asked is sealed with them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from functions.casework.access import Viewer, assisting, ladder, lets_in, rights
from functions.casework.case import CaseHead
from functions.casework.directory.agencies import Directory, Role
from functions.casework.problems import Problem

# What one officer alone may see: it is about the matter as often as about the writer. Any other category of
# ``pii.words``, also one that is added later, wants a second person.
ALONE = frozenset({"self_name", "name", "near_home", "role", "place"})


class Ground(StrEnum):
    """The reasons for which masked words may be seen."""

    ASKED_TO = "asked_to"
    RECORDS = "records"
    ON_SITE = "on_site"
    DANGER = "danger"
    EVIDENCE = "evidence"


class UnmaskStep(StrEnum):
    """A step of a request; the value is ``step`` in the event's words. SHOWN needed nobody else, and so did events that
    are older than these steps and have none."""

    SHOWN = "shown"
    ASKED = "asked"
    AGREED = "agreed"
    REFUSED = "refused"
    OBJECTED = "objected"


DECISIONS = {"agreed": UnmaskStep.AGREED, "refused": UnmaskStep.REFUSED}


class UnmaskProblem(Problem):
    """The rules forbid it; ``code`` names the rule.

    - ``unmask_pending``: this agency's request for this message waits already
    - ``unmask_objected``: the reporter refused this agency's request for this message, which is final
    - ``unmask_over``: no such request waits: it was decided, refused by the reporter, or the agency left the case
    - ``unmask_second``: who asked may not agree
    """

    status = 409

    def __init__(self, code: str) -> None:
        super().__init__()
        self.code = code


class UnmaskFact(NamedTuple):
    """An event of a request: its number, its words, and the text of its author."""

    n: int
    facts: Mapping[str, str]
    reason: str


@dataclass(frozen=True, slots=True)
class UnmaskRequest:
    """A request by its event number ``n``: ``agency`` wants message ``target`` as it was written. ``asker`` is the
    ident of the officer who asked, ``kinds`` counts what is masked by category."""

    n: int
    target: int
    agency: str
    asker: str
    ground: Ground
    reason: str
    kinds: Mapping[str, int]


def needs_second(kinds: Mapping[str, int]) -> bool:
    """Whether what is masked wants a second person."""
    return not ALONE.issuperset(kinds)


def kinds_text(kinds: Mapping[str, int]) -> str:
    """Return counts by category as a word of an event; ``_kinds`` reads them."""
    return ",".join(f"{kind}:{count}" for kind, count in sorted(kinds.items()))


def shown_to(agency: str, events: Sequence[UnmaskFact]) -> frozenset[int]:
    """Return the numbers of the messages that this agency sees as they were written."""
    shown = (UnmaskStep.SHOWN, UnmaskStep.AGREED)
    ours = (e.facts for e in events if e.facts.get("agency") == agency)
    return frozenset(int(facts["target"]) for facts in ours if facts.get("step", UnmaskStep.SHOWN) in shown)


def waiting(events: Sequence[UnmaskFact]) -> tuple[UnmaskRequest, ...]:
    """Return the requests that nobody has decided, in order."""
    ended = {e.facts["request"] for e in events if "request" in e.facts}
    asked = (e for e in events if e.facts.get("step") == UnmaskStep.ASKED and str(e.n) not in ended)
    return tuple(
        UnmaskRequest(
            e.n,
            int(e.facts["target"]),
            e.facts["agency"],
            e.facts["asker"],
            Ground(e.facts["ground"]),
            e.reason,
            _kinds(e.facts["kinds"]),
        )
        for e in asked
    )


def check_ask(agency: str, target: int, events: Sequence[UnmaskFact]) -> None:
    """Raise UnmaskProblem unless this agency may ask for this message now."""
    if any((one.agency, one.target) == (agency, target) for one in waiting(events)):
        raise UnmaskProblem("unmask_pending")
    wanted = {"step": UnmaskStep.OBJECTED.value, "agency": agency, "target": str(target)}
    if any(wanted.items() <= e.facts.items() for e in events):
        raise UnmaskProblem("unmask_objected")


def find(events: Sequence[UnmaskFact], n: str) -> UnmaskRequest:
    """Return the waiting request of event number ``n``. Raises UnmaskProblem."""
    found = next((one for one in waiting(events) if str(one.n) == n), None)
    if found is None:
        raise UnmaskProblem("unmask_over")
    return found


def check_decide(request: UnmaskRequest, viewer: Viewer, head: CaseHead, directory: Directory) -> None:
    """Raise UnmaskProblem unless this officer may agree to it or refuse it now. Who acts on the case for another agency
    may not, unless they are the coordinator or an inspector."""
    if not works_on(request.agency, head, directory):
        raise UnmaskProblem("unmask_over")
    colleague = viewer.agency == request.agency and rights(viewer, head, directory).duty is not None
    if viewer.officer == request.asker or not (colleague or _above(viewer, head, directory)):
        raise UnmaskProblem("unmask_second")


def may_look(viewer: Viewer, head: CaseHead, directory: Directory) -> bool:
    """Whether this officer may know of requests in this case: whoever acts on it, and the coordinator and inspectors of
    its instance. The accused never may, nor officers with a declared stake."""
    if head.shredded or not lets_in(viewer, head, directory):
        return False
    return rights(viewer, head, directory).duty is not None or _above(viewer, head, directory)


def works_on(agency: str, head: CaseHead, directory: Directory) -> bool:
    """Whether an agency still acts on a case: it holds it, assists, was reached by its escalation, or decides on a
    lift."""
    up = ladder(head, directory)[: head.escalation.steps]
    return bool(agency) and agency in (head.holder, assisting(head, directory), head.lift.by, *up)


def told_to(agency: str, head: CaseHead, directory: Directory) -> tuple[str, ...]:
    """Return the agencies whose officers are told of a request of ``agency``: its own, and the first above it that may
    decide and is not accused."""
    instance = directory.agencies[head.instance]
    above = (each for each in (instance.code, instance.inspectorate) if each and each != agency)
    open_to = [each for each in above if lets_in(Viewer("", each, Role.COORDINATOR), head, directory)]
    return (agency, *open_to[:1])


def _above(viewer: Viewer, head: CaseHead, directory: Directory) -> bool:
    instance = directory.agencies[head.instance]
    seconds = {(Role.COORDINATOR, instance.code), (Role.INSPECTOR, instance.inspectorate)}
    return lets_in(viewer, head, directory) and (viewer.role, viewer.agency) in seconds


def _kinds(text: str) -> dict[str, int]:
    pairs = (part.split(":") for part in text.split(",") if part)
    return {kind: int(count) for kind, count in pairs}
