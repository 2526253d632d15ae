"""What reporters say by script about publication and about their masked words: what it does to the case.

The door cannot read the text that an officer wrote for the public. So the officer's event carries a hash of it in
clear, and the reporter's browser shows the text with the value that opens the hash: what becomes public is what the
officer wrote and the reporter read, word for word. The reporter's yes is signed, as is their no.

Tests: ``tests/doors/test_sealed_consent.py``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from hmac import compare_digest
from types import MappingProxyType

from functions.actions.common.append import counted
from functions.actions.reporter.converse import Converse
from functions.casework.case import Case, CaseHead, Event, EventKind, Publication, PublicationState
from functions.casework.consent.unmask_request import UnmaskProblem, UnmaskStep
from functions.casework.consent.unmask_steps import entries, noted
from functions.casework.problems import FieldError, InvalidInputProblem, NotNowProblem
from functions.casework.publication import (
    HIDDEN,
    STEPS_MAX,
    Agreed,
    Draft,
    PublicationProblem,
    PublishStep,
    clearable,
    draft_of,
    fit,
    text_hash,
    wishable,
)
from functions.casework.sealed_identity import Identity
from functions.casework.stages import Actor, Move
from functions.storage.interface import Notice
from functions.storage.registers.publications import check_soon, put_agreed

ENDS = (UnmaskStep.AGREED, UnmaskStep.REFUSED, UnmaskStep.OBJECTED)
NO_TEXT: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Consented:
    """The head after such an act, and who is told: the holder, or the agency that asked. ``identity`` is set if it
    changes too."""

    head: CaseHead
    notice: Notice | None = None
    others: tuple[tuple[Notice, str], ...] = ()
    identity: Identity | None = None


def consented(converse: Converse, case: Case, kind: EventKind, said: list[str], text: Mapping[str, str]) -> Consented:
    """Return what an act does, by its clear words ``said``. ``text`` is the text for the public that an agreement
    shows. Raises PublicationProblem, UnmaskProblem, NotNowProblem, InvalidInputProblem."""
    if kind is EventKind.UNMASK:
        return _kept_masked(case, said)
    steps: dict[str, Callable[[], Consented]] = {
        PublishStep.WISHED: lambda: _wished(converse, case),
        PublishStep.CHANGE: lambda: _changed(converse, case),
        PublishStep.AGREED: lambda: _agreed(converse, case, said[1:], text),
        PublishStep.STOPPED: lambda: _stopped(converse, case),
    }
    step = said[0] if said else ""
    if step not in steps or (step != PublishStep.AGREED and said[1:]):
        raise InvalidInputProblem(FieldError("clear", "unknown"))
    mine = sum(event.kind is EventKind.PUBLISH and event.by is Actor.REPORTER for event in case.events)
    if step != PublishStep.STOPPED and mine >= STEPS_MAX:
        raise PublicationProblem("publication_often")
    return steps[step]()


def _wished(converse: Converse, case: Case) -> Consented:
    if not fit(case.head, converse.directory):
        raise PublicationProblem("not_public")
    if not wishable(case.head, converse.directory):
        raise NotNowProblem(move=Move.PUBLISH, stage=case.head.stage)
    return Consented(_asks_again(case.head), Notice.PUBLICATION_WISHED)


def _changed(converse: Converse, case: Case) -> Consented:
    if not clearable(case.head, converse.directory):
        raise PublicationProblem("not_public")
    if case.head.publication.state is not Publication.DRAFTED:
        raise NotNowProblem(move=Move.PUBLISH, stage=case.head.stage)
    return Consented(_asks_again(case.head), Notice.PUBLICATION_WISHED)


def _agreed(converse: Converse, case: Case, said: list[str], text: Mapping[str, str]) -> Consented:
    """Before the act is written, the text is stored where the publishing job finds it, as in ``publish_consent``."""
    head = case.head
    if not said or not said[0].isdecimal() or said[1:] not in ([], [HIDDEN]):
        raise InvalidInputProblem(FieldError("draft", "unknown" if said else "required"))
    if not clearable(head, converse.directory):
        raise PublicationProblem("not_public")
    draft = _shown(case, int(said[0]), text)
    if head.publication.state is not Publication.DRAFTED or draft is None:
        raise PublicationProblem("draft_changed")
    district = "" if said[1:] else head.district
    put_agreed(converse.store, head.instance, Agreed(head.case_id, draft, converse.today(), district))
    head = replace(head, publication=PublicationState(Publication.AGREED, draft.n))
    return Consented(counted(head, Actor.REPORTER, head.stage))


def _shown(case: Case, n: int, text: Mapping[str, str]) -> Draft | None:
    """Return the text that the browser shows, None if it is not the one that an officer wrote last."""
    latest = next((event for event in reversed(case.events) if _is_draft(event)), None)
    if latest is None or latest.n != n:
        return None
    try:
        draft, value = draft_of(n, text), bytes.fromhex(text["opening"])
    except (KeyError, ValueError):
        return None
    return draft if compare_digest(latest.clear, text_hash(value, draft)) else None


def _is_draft(event: Event) -> bool:
    return event.kind is EventKind.PUBLISH and event.by is not Actor.REPORTER and bool(event.clear)


def _stopped(converse: Converse, case: Case) -> Consented:
    if case.head.publication.state is Publication.NONE:
        raise NotNowProblem(move=Move.PUBLISH, stage=case.head.stage)
    check_soon(converse.store, case.head.instance)
    head = replace(case.head, publication=PublicationState())
    return Consented(counted(head, Actor.REPORTER, head.stage))


def _asks_again(head: CaseHead) -> CaseHead:
    asked = replace(head, publication=replace(head.publication, state=Publication.WISHED))
    return counted(asked, Actor.REPORTER, head.stage)


def _kept_masked(case: Case, said: list[str]) -> Consented:
    """A request's number, agency and ground stand in clear: its words are sealed. Requests that wait are counted by
    what the head says of each agency and ground."""
    step, n, agency, ground, *more = [*said, "", "", "", ""]
    if step != UnmaskStep.OBJECTED or not n.isdecimal() or any(more):
        raise InvalidInputProblem(FieldError("request", "unknown" if n else "required"))
    asked = [event for event in case.events if event.kind is EventKind.UNMASK and str(event.n) == n]
    ours = [event for event in case.events if event.by is Actor.REPORTER and event.kind is EventKind.UNMASK]
    steps = [entry.step for entry in entries(case.head) if (entry.agency, entry.ground) == (agency, ground)]
    waits = steps.count(UnmaskStep.ASKED) > sum(steps.count(each) for each in ENDS)
    if not asked or not waits or any(event.clear.split()[1:2] == [n] for event in ours):
        raise UnmaskProblem("unmask_over")
    head = noted(case.head, agency, ground, UnmaskStep.OBJECTED)
    return Consented(counted(head, Actor.REPORTER, head.stage), others=((Notice.UNMASK_DECIDED, agency),))
