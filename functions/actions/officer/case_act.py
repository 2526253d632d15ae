"""How any act of an officer on a case is written: the rule, the clock, the officer's ident.

``casework.access.rights`` decides what an officer may do, with the case as it stands when it is written.

Tests: ``tests/doors/test_desk.py``, ``tests/doors/test_worklist.py``.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import date

from functions.actions.common.append import Once, Step, append
from functions.actions.common.courier_texts import Texts
from functions.actions.common.decrypted_case import OpenedCase
from functions.actions.officer.read_case import ReadCase
from functions.actions.officer.unread_words import kept_from_above
from functions.casework.access import Viewer, assisting
from functions.casework.case import CaseHead, EventKind
from functions.casework.case_changes import with_second
from functions.casework.deadlines.clocks import Deadlines, run_clock
from functions.casework.directory.agencies import Directory
from functions.casework.problems import FieldError, InvalidInputProblem, NotAllowedProblem, NotNowProblem
from functions.casework.publication import standing
from functions.casework.report import REASON_MAX, read_text
from functions.casework.routing.later_accused import given_to
from functions.casework.stages import Actor, Duty, Move, MoveRefusedError, Rule, Stage, rule_for
from functions.crypto.seal.public_keys import PublicKeys
from functions.storage.interface import Store


@dataclass(frozen=True, slots=True)
class CaseAct:
    """Writes acts of officers. ``public_keys`` is asked each time, since keys rotate while the desk runs. ``texts``
    seals replies for reporters who can only be reached by SMS."""

    cases: ReadCase
    public_keys: Callable[[], PublicKeys]
    texts: Texts | None = None
    deadlines: Deadlines = field(default_factory=Deadlines)
    holidays: Collection[date] = ()

    @property
    def store(self) -> Store:
        """The store that the cases are in."""
        return self.cases.store

    @property
    def directory(self) -> Directory:
        """The directory that decides on rights."""
        return self.cases.directory

    def today(self) -> date:
        """Return the local day."""
        return self.cases.today()

    def rule(self, head: CaseHead, move: Move, duty: Duty) -> Rule:
        """Return the table's rule for a move in this capacity. Raises NotNowProblem if there is none."""
        try:
            return rule_for(move, head.stage, Actor.OFFICER, duty)
        except MoveRefusedError as error:
            raise NotNowProblem(move=move, stage=head.stage) from error

    def allow(self, viewer: Viewer, head: CaseHead, move: Move) -> None:
        """Check that this case allows the move too, not only its stage. Raises NotNowProblem."""
        granted, _ = self.cases.rights_of(viewer, head)
        if move not in granted.moves:
            raise NotNowProblem(move=move, stage=head.stage)

    def clocked(self, head: CaseHead, stage: Stage) -> CaseHead:
        """Return the head with its clock as it runs at ``stage`` from today on."""
        return run_clock(head, stage, self.today(), self.deadlines, self.holidays)

    def carry_out(
        self,
        viewer: Viewer,
        case_id: str,
        decide: Callable[[OpenedCase, Duty], Step],
        once: Once | None = None,
        *,
        yes: bool = False,
        load: Callable[[], tuple[OpenedCase, Duty]] | None = None,
    ) -> tuple[int, CaseHead]:
        """Do to a case what ``decide`` says, with the case as it stands when it is written, and sign it with the
        officer's ident. ``yes``: they have seen that the words accuse nobody who gets it. ``load`` reads the case
        for who may act on it though it lies elsewhere (a recall). Returns the event's number and the head.

        Raises NotAllowedProblem for an officer who only looks on, NotFoundProblem, NotNowProblem for a deleted case,
        and what ``append`` raises."""
        read, signed = self._prepared(viewer, case_id, decide, load, yes=yes)
        before: list[CaseHead] = []

        def written(opened: OpenedCase) -> Step:
            step = signed(opened)
            before[:] = [opened.head] if self._takes_from_public(opened.head, step.head) else []
            return step

        done = append(self.store, read, written, self.today(), once, self.texts, self.public_keys)
        for head in before:
            from functions.storage.registers.publications import touch_agreed  # noqa: PLC0415 - few cases are public

            touch_agreed(self.store, head.instance, head.case_id)
        return done

    def _takes_from_public(self, before: CaseHead, after: CaseHead) -> bool:
        """Whether an act takes away what is public of a case: then the next run checks all that is. Said before it is
        written, since after it the store may fail. Raises StoreUnavailableError."""
        held, holds = (standing(head, before.instance, self.directory) for head in (before, after))
        if taken := bool(held and not holds):
            from functions.storage.registers.publications import check_soon  # noqa: PLC0415 - few cases are public

            check_soon(self.store, before.instance)
        return taken

    def rehearse(self, viewer: Viewer, case_id: str, decide: Callable[[OpenedCase, Duty], Step]) -> CaseHead:
        """Return the head as ``carry_out`` would leave it, and write nothing. Raises what ``decide`` raises."""
        read, signed = self._prepared(viewer, case_id, decide, None, yes=False)
        return signed(read()).head

    def _prepared(
        self,
        viewer: Viewer,
        case_id: str,
        decide: Callable[[OpenedCase, Duty], Step],
        load: Callable[[], tuple[OpenedCase, Duty]] | None,
        *,
        yes: bool,
    ) -> tuple[Callable[[], OpenedCase], Callable[[OpenedCase], Step]]:
        """Return what opens the case for this officer, and what decides and signs."""
        granted: list[Duty] = []

        def read() -> OpenedCase:
            opened, duty = load() if load else self._load(viewer, case_id)
            granted[:] = [duty]
            return opened

        def signed(opened: OpenedCase) -> Step:
            step = decide(opened, granted[0])
            self._keep_from_accused(opened, step.head)
            if not yes:
                self._keep_from_meant(viewer, opened, step.head)
            head = with_second(step.head, assisting(step.head, self.directory))
            if step.kind is EventKind.HANDOVER:
                head = kept_from_above(head, opened, self.directory)
            head = given_to(head, _gained(opened.head, head), self.directory)
            return replace(step, head=head, officer=viewer.officer)

        return read, signed

    def _load(self, viewer: Viewer, case_id: str) -> tuple[OpenedCase, Duty]:
        opened, now = self.cases.load(viewer, case_id)
        if opened.head.shredded:
            raise NotNowProblem(move="", stage=opened.head.stage)
        if now.duty is None:
            raise NotAllowedProblem
        return opened, now.duty

    def _keep_from_accused(self, opened: OpenedCase, after: CaseHead) -> None:
        """Raise InvalidInputProblem if an act would bring the case to an agency that its sealed words name, by the name
        it bears today too."""
        named, before = opened.named(), opened.head
        fields = {"agency": (before.holder, after.holder), "second": (before.desk_work.second, after.desk_work.second)}
        for name, (old, new) in fields.items():
            if new != old and self.cases.hides(new, after, named):
                raise InvalidInputProblem(FieldError(name, "not_a_target" if name == "agency" else "not_a_second"))

    def _keep_from_meant(self, viewer: Viewer, opened: OpenedCase, after: CaseHead) -> None:
        """Raise InvalidInputProblem if an act would bring the case to an agency that its words may accuse, though no
        field names it (law 5): a person has to say yes."""
        before, moved = opened.head, _gained(opened.head, after)
        if not moved:
            return
        suspects = self.cases.suspects(before, self.cases.said(opened, instance=after.instance))
        for agency in moved:
            if self.cases.needs_a_yes(agency, before, suspects):
                raise InvalidInputProblem(
                    FieldError("yes", "accused_by_words", {"agency": self.directory.agency(agency).name})
                )


def _gained(before: CaseHead, after: CaseHead) -> set[str]:
    """Return the agencies that an act brings the case to."""
    return {after.holder, after.desk_work.second} - {before.holder, before.desk_work.second, ""}


def read_reason(typed: str, name: str = "reason", limit: int = REASON_MAX) -> str:
    """Return a text that must not be empty. Raises InvalidInputProblem for its field."""
    text, errors = read_text({name: typed}, name, limit, required=True)
    if errors:
        raise InvalidInputProblem(*errors)
    return text
