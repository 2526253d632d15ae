"""Where a report stands, in the five steps a reporter thinks in: the step, its name, and the day each was reached.

A closed report is not at the end before its reporter has agreed, and one that was withdrawn or archived is at no step.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from functions.actions.common.decrypted_case import Message
from functions.casework.case import CaseHead
from functions.casework.stages import FACTS, Move, Stage
from functions.web.wording import N_

STEPS = (N_("Diterima"), N_("Diperiksa"), N_("Di dinas"), N_("Dijawab"), N_("Selesai"))
ANSWERED, DONE = 4, len(STEPS)
YOUR_TURN = N_("Menunggu penilaian Anda")
UNJUDGED = N_("Ditutup tanpa penilaian Anda")
WITHDRAWN = N_("Ditarik dan dihapus")
EXPIRED = N_("Masa simpan habis, isinya dihapus")
ARCHIVED = N_("Diarsipkan")
ARCHIVED_GONE = N_("Diarsipkan, isinya dihapus")


@dataclass(frozen=True, slots=True)
class Standing:
    """The step (1 to 5, 0 for none), what it is called, and the days on which the steps were first reached (None for
    those not reached, or no longer known)."""

    step: int
    name: str
    days: tuple[date | None, ...] = ()


def standing(head: CaseHead, messages: Iterable[Message], moves: Iterable[Move], *, sorting: bool) -> Standing:
    """Return where the case stands. ``sorting``: a coordinator holds it. Texts are Indonesian, for the catalogue."""
    ended = _ended(head, moves)
    if ended is not None and not ended.step:
        return ended
    facts = FACTS[head.stage]
    step = ended.step if ended else (sorting and facts.step_sorting) or facts.step
    name = ended.name if ended else facts.yours or facts.name
    return Standing(step, name, tuple(_days(head, messages, step)))


def _ended(head: CaseHead, moves: Iterable[Move]) -> Standing | None:
    """Return the end of a closed case, without days; None for an open one."""
    if head.stage is Stage.DIARSIPKAN:
        return Standing(0, WITHDRAWN if head.withdrawn else ARCHIVED_GONE if head.shredded else ARCHIVED)
    if head.shredded:
        return Standing(0, EXPIRED)
    if head.stage is not Stage.SELESAI:
        return None
    if head.closing.confirmed:
        return Standing(DONE, FACTS[Stage.SELESAI].name)
    return Standing(ANSWERED, YOUR_TURN if Move.CONFIRM in moves and not head.closing.lapsed else UNJUDGED)


def _days(head: CaseHead, messages: Iterable[Message], step: int) -> Iterable[date | None]:
    """Yield the day on which each step up to ``step`` was first reached or passed, then None for the rest."""
    reached: list[date | None] = [head.received_on]
    for message in messages:
        facts = FACTS[message.stage]
        to = min(facts.step_sorting or facts.step, step)
        reached += [message.on] * (to - len(reached))
    yield from (reached + [None] * DONE)[:DONE]
