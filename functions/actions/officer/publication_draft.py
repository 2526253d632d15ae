"""The officer's part in publishing a report: a summary and an answer that identify nobody, or a refusal with a reason.

Nothing is published before the reporter agrees to it (``actions.reporter.publish_consent``).

Tests: ``tests/doors/test_publication.py``.
"""

from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from secrets import token_bytes

from functions.actions.common.append import Once, Step, check_key, counted
from functions.actions.common.decrypted_case import OpenedCase
from functions.actions.officer.case_act import CaseAct, read_reason
from functions.casework.access import Viewer
from functions.casework.case import CaseHead, EventKind, Publication, PublicationState
from functions.casework.problems import FieldError, InvalidInputProblem
from functions.casework.publication import (
    ANSWER_MAX,
    STEPS_MAX,
    SUMMARY_MAX,
    PublicationProblem,
    PublishStep,
    borrowed,
    draft_of,
    month_of,
    text_hash,
    times_in,
)
from functions.casework.report import read_text
from functions.casework.stages import Actor, Duty, Move
from functions.pii import words as identifying

OPENING_BYTES = 32
SHOWN = 6  # how many findings are quoted back
ANSWERS = frozenset({EventKind.MESSAGE, EventKind.CLOSE})


@dataclass(frozen=True, slots=True)
class PublicationDraft:
    """An officer's acts on the publication of a report that their agency holds."""

    act: CaseAct

    def draft(
        self, viewer: Viewer, case_id: str, summary: str, answer: str, kept: str = "", message_key: str = ""
    ) -> int:
        """Write the text that the reporter is asked to agree to. An earlier text stays public until then. Returns the
        event's number.

        ``kept`` is the mark (``mark_of``) of findings that are to stay, or "yes" for all. With a ``message_key``,
        repeating it changes nothing. Raises InvalidInputProblem: for the fields, and for ``keep`` with what may
        identify somebody. Raises NotNowProblem if the reporter does not want it (any more), NotAllowedProblem,
        NotFoundProblem, PublicationProblem (too often).
        """
        typed = {"summary": summary, "answer": answer}
        text, wrong = read_text(typed, "summary", SUMMARY_MAX, required=True)
        said, also = read_text(typed, "answer", ANSWER_MAX, required=True)
        if wrong or also:
            raise InvalidInputProblem(*wrong, *also)
        act = self.act
        once = Once(check_key("message_key", message_key), "summary", text) if message_key else None

        def decide(opened: OpenedCase, duty: Duty) -> Step:
            act.rule(opened.head, Move.PUBLISH, duty)
            act.allow(viewer, opened.head, Move.PUBLISH)
            found = revealing((text, said), opened)
            if found and kept not in (mark_of(found), "yes"):
                facts = {"found": ", ".join(f"“{each}”" for each in found[:SHOWN]), "mark": mark_of(found)}
                raise InvalidInputProblem(FieldError("keep", "identifies", facts))
            _check_room(opened)
            month = month_of(_answered_on(opened) or act.today()).isoformat()
            words = {"step": PublishStep.DRAFTED.value, "summary": text, "answer": said, "agency": viewer.agency}
            drafted = replace(opened.head.publication, state=Publication.DRAFTED)
            head = counted(replace(opened.head, publication=drafted), Actor.OFFICER, opened.head.stage)
            value = token_bytes(OPENING_BYTES)
            words |= {"month": month, "opening": value.hex()}
            shown = text_hash(value, draft_of(0, opened.new_words(words)))  # as it will be read: without receipts
            return Step(EventKind.PUBLISH, Actor.SYSTEM, words, head, clear=shown)

        return act.carry_out(viewer, case_id, decide, once)[0]

    def decline(self, viewer: Viewer, case_id: str, reason: str) -> CaseHead:
        """Refuse, with a reason that the reporter reads; what is public is taken down at the next run. Raises
        InvalidInputProblem, NotNowProblem, NotAllowedProblem, NotFoundProblem, StoreUnavailableError."""
        text, act = read_reason(reason), self.act

        def decide(opened: OpenedCase, duty: Duty) -> Step:
            act.rule(opened.head, Move.PUBLISH, duty)
            act.allow(viewer, opened.head, Move.PUBLISH)
            words = {"step": PublishStep.DECLINED.value, "agency": viewer.agency, "reason": text}
            head = replace(opened.head, publication=PublicationState(Publication.DECLINED))
            return Step(EventKind.PUBLISH, Actor.SYSTEM, words, counted(head, Actor.OFFICER, head.stage))

        return act.carry_out(viewer, case_id, decide)[1]


def revealing(texts: tuple[str, ...], opened: OpenedCase) -> tuple[str, ...]:
    """Return what in a public text may reveal who wrote the report: what the check page finds, days and hours, and
    stretches of the reporter's own words."""
    theirs = [m.body for m in opened.messages() if m.by is Actor.REPORTER]
    found: list[str] = []
    for text in texts:
        # What becomes public has no second look, so the judge takes nothing away.
        looked = (*identifying.find(text), *identifying.unjudged(text))
        found += [finding.text for finding in looked]
        found += [*times_in(text), *borrowed(text, theirs)]
    return tuple(dict.fromkeys(found))


def mark_of(found: tuple[str, ...]) -> str:
    """Return the mark by which a second press keeps just what was shown: other findings are asked about again."""
    return sha256("\n".join(found).encode()).hexdigest()[:16]


def _answered_on(opened: OpenedCase) -> date | None:
    return next((e.on for e in reversed(opened.case.events) if e.kind in ANSWERS and e.by is Actor.OFFICER), None)


def _check_room(opened: OpenedCase) -> None:
    acts = sum(event.kind is EventKind.PUBLISH and event.by is not Actor.REPORTER for event in opened.case.events)
    if acts >= STEPS_MAX:
        raise PublicationProblem("publication_often")
