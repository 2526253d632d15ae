"""The officer's part in making a report public: a summary and an answer without what identifies, or a no with a reason.

Whatever he writes is public only once the reporter agreed to it (``actions.reporter.publish_consent``).
"""

from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256

from functions.actions.common.append import Once, Step, check_key, counted
from functions.actions.common.decrypted_case import OpenedCase
from functions.actions.officer.handle_case import Handle, read_reason
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
    month_of,
    times_in,
)
from functions.casework.report import read_text
from functions.casework.stages import Actor, Duty, Move
from functions.pii import words as identifying
from functions.storage.registers.publications import touch_agreed

SHOWN = 6  # so many of the found bits are quoted back
ANSWERS = frozenset({EventKind.MESSAGE, EventKind.CLOSE})


@dataclass(frozen=True, slots=True)
class Clearing:
    """An officer's acts about the publication of a report that he holds."""

    handle: Handle

    def draft(
        self, viewer: Viewer, case_id: str, summary: str, answer: str, kept: str = "", message_key: str = ""
    ) -> int:
        """Write the text that its reporter is asked to agree to; an earlier one that he agreed to stays public until he
        agrees to this one. Returns the event's number. ``kept`` is the mark (``mark_of``) of what was found in the text
        before and is to stay, or "yes" for whatever is found. With a ``message_key``, the same again finds it done.

        Raises InvalidInputProblem: for the fields; and for ``keep``, with what may identify somebody, where that is not
        what ``kept`` stands for. NotNowProblem where the reporter does not wish it (any more), NotAllowedProblem,
        NotFoundProblem, PublicationProblem (too often).
        """
        typed = {"summary": summary, "answer": answer}
        text, wrong = read_text(typed, "summary", SUMMARY_MAX, required=True)
        said, also = read_text(typed, "answer", ANSWER_MAX, required=True)
        if wrong or also:
            raise InvalidInputProblem(*wrong, *also)
        handle = self.handle
        once = Once(check_key("message_key", message_key), "summary", text) if message_key else None

        def decide(opened: OpenedCase, duty: Duty) -> Step:
            handle.rule(opened.head, Move.PUBLISH, duty)
            handle.allow(viewer, opened.head, Move.PUBLISH)
            found = telling((text, said), opened)
            if found and kept not in (mark_of(found), "yes"):
                facts = {"found": ", ".join(f"“{each}”" for each in found[:SHOWN]), "mark": mark_of(found)}
                raise InvalidInputProblem(FieldError("keep", "identifies", facts))
            _check_room(opened)
            month = month_of(_answered_on(opened) or handle.today()).isoformat()
            words = {"step": PublishStep.DRAFTED.value, "summary": text, "answer": said, "agency": viewer.agency}
            drafted = replace(opened.head.publication, state=Publication.DRAFTED)
            head = counted(replace(opened.head, publication=drafted), Actor.OFFICER, opened.head.stage)
            return Step(EventKind.PUBLISH, Actor.SYSTEM, words | {"month": month}, head)

        return handle.carry_out(viewer, case_id, decide, once)[0]

    def decline(self, viewer: Viewer, case_id: str, reason: str) -> CaseHead:
        """Say no, with a reason that its reporter reads; what is public of it goes at the next run. Raises
        InvalidInputProblem, NotNowProblem, NotAllowedProblem, NotFoundProblem, StoreUnavailableError."""
        text, handle = read_reason(reason), self.handle

        def decide(opened: OpenedCase, duty: Duty) -> Step:
            handle.rule(opened.head, Move.PUBLISH, duty)
            handle.allow(viewer, opened.head, Move.PUBLISH)
            words = {"step": PublishStep.DECLINED.value, "agency": viewer.agency, "reason": text}
            head = replace(opened.head, publication=PublicationState(Publication.DECLINED))
            return Step(EventKind.PUBLISH, Actor.SYSTEM, words, counted(head, Actor.OFFICER, head.stage))

        head = handle.carry_out(viewer, case_id, decide)[1]
        touch_agreed(handle.store, head.instance, head.case_id)
        return head


def telling(texts: tuple[str, ...], opened: OpenedCase) -> tuple[str, ...]:
    """What in a text for the public may tell who wrote the report: what the check page finds, days and hours, and
    stretches in the reporter's own words."""
    theirs = [m.body for m in opened.messages() if m.by is Actor.REPORTER]
    found: list[str] = []
    for text in texts:
        found += [finding.text for finding in identifying.find(text)]
        found += [*times_in(text), *borrowed(text, theirs)]
    return tuple(dict.fromkeys(found))


def mark_of(found: tuple[str, ...]) -> str:
    """By which a second press is known to keep just what was shown: another finding is asked about anew."""
    return sha256("\n".join(found).encode()).hexdigest()[:16]


def _answered_on(opened: OpenedCase) -> date | None:
    return next((e.on for e in reversed(opened.case.events) if e.kind in ANSWERS and e.by is Actor.OFFICER), None)


def _check_room(opened: OpenedCase) -> None:
    acts = sum(event.kind is EventKind.PUBLISH and event.by is not Actor.REPORTER for event in opened.case.events)
    if acts >= STEPS_MAX:
        raise PublicationProblem("publication_often")
