"""Edit the directory of a coordinator's own instance: preview, then write directory, trail and mail in one transaction.

``casework.access.instance_kept_by`` decides who may; the check of an import decides what fits.

Tests: ``tests/doors/test_instance.py``, ``tests/doors/test_instance_conflict.py``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from functions.actions.common.cases_left_behind import left_with
from functions.actions.common.rehome_cases import rescue
from functions.actions.officer.case_act import CaseAct
from functions.casework.access import Viewer, instance_kept_by, is_hidden_from
from functions.casework.case import CaseHead
from functions.casework.directory.agencies import Agency, Directory, DirectoryError, Member, Officer
from functions.casework.directory.check import Checked
from functions.casework.directory.diff import Change
from functions.casework.directory.instance_edit import Act, Plan, Typed, own_days, own_topics, plan_edit
from functions.casework.directory.names import with_told
from functions.casework.directory.registers import (
    DIRECTORY_REGISTER,
    STAFF_REGISTER,
    decode_directory,
    encode_directory,
    encode_staff,
)
from functions.casework.directory.tables import AGENCIES
from functions.casework.directory.trail import IMPORTS, Entry, Trail, encode_trail
from functions.casework.problems import (
    BusyProblem,
    DirectoryMovedProblem,
    FieldError,
    InvalidInputProblem,
    NotFoundProblem,
)
from functions.storage.interface import Register, Revocation, StorageError, Store
from functions.storage.registers.directory_trail import change_notice, read_history, read_trail, trail_register
from functions.storage.registers.staff import Roll, read_staff
from functions.storage.retry import retry_on_conflict

NOWHERE = "staf.invalid"  # stands for the addresses, which the desk does not know (RFC 6761)


@dataclass(frozen=True, slots=True)
class Standing:
    """An instance's directory as it stands: version (0: nothing was imported or changed yet), the whole directory, its
    officers, and the trail with the version of its register."""

    instance: Agency
    version: int
    checked: Checked
    roll: Roll
    trail_version: int
    trail: Trail

    @property
    def directory(self) -> Directory:
        """The nation's."""
        return self.checked.directory

    @property
    def units(self) -> tuple[Agency, ...]:
        """The instance's own."""
        return self.directory.units(self.instance.code)

    @property
    def staff(self) -> tuple[Member, ...]:
        """The officers of this instance: of its units and of its own desk."""
        return self.roll.within({self.instance.code, *(unit.code for unit in self.units)})

    @property
    def topics(self) -> tuple[str, ...]:
        """The topics whose usual unit may be set here."""
        return tuple(own_topics(self.instance, self.directory))

    @property
    def own_days(self) -> bool:
        """Whether the instance's own days off may be set here."""
        return own_days(self.directory)


@dataclass(frozen=True, slots=True)
class DirectoryAdmin:
    """What a coordinator does with the directory. ``now`` gives epoch seconds."""

    act: CaseAct
    now: Callable[[], int]

    @property
    def store(self) -> Store:
        """The store of cases and registers."""
        return self.act.store

    def read(self, viewer: Viewer) -> Standing:
        """Return what stands now. Raises NotFoundProblem for officers who coordinate no instance, StorageError."""
        if not instance_kept_by(viewer, self.act.directory):
            raise NotFoundProblem
        # The versions are read first, so that a write after that makes ours fail.
        roll = read_staff(self.store)
        trail_version, trail = read_trail(self.store, viewer.agency)
        version, directory, holidays = self._directory()
        if viewer.agency not in directory.agencies:
            raise NotFoundProblem
        officers = tuple(Officer(m.ident, f"{m.ident}@{NOWHERE}", m.agency, m.role) for m in roll.members)
        told = (*trail.names(), *read_trail(self.store, IMPORTS)[1].names())
        checked = Checked(with_told(directory, told), officers, holidays)
        return Standing(directory.agencies[viewer.agency], version, checked, roll, trail_version, trail)

    def plan(self, viewer: Viewer, typed: Typed) -> tuple[Standing, Plan]:
        """Return what a form would change. Raises InvalidInputProblem."""
        standing = self.read(viewer)
        return standing, self._plan(standing, typed)

    def change(self, viewer: Viewer, typed: Typed, seen: str) -> int:
        """Make the changes of a form, which were shown against the version ``seen``. Returns the new version. Raises
        DirectoryMovedProblem if another version stands now, InvalidInputProblem, BusyProblem."""

        def attempt() -> tuple[Standing, Plan, list[str]]:
            standing, plan = self.plan(viewer, typed)
            if seen != str(standing.version):
                raise DirectoryMovedProblem
            gone = [f"agency:{change.code}" for change in plan.changes if _goes(change, plan.new.directory)]
            self._void(gone)
            self._write(viewer, standing, plan)
            return standing, plan, gone

        standing, plan, gone = retry_on_conflict(attempt, BusyProblem)
        self._void(gone)
        rescue(self.act, plan.new.directory, _touched(plan.changes, standing.directory))
        return standing.version + 1

    def changed_since(self, viewer: Viewer, seen: str) -> tuple[Entry, ...]:
        """Return what was changed here, at the desk or by an import, since a version was shown."""
        instance = self.read(viewer).instance.code
        entries = read_history(self.store, instance) if seen.isdecimal() else ()
        return tuple(entry for entry in reversed(entries) if entry.version > int(seen))

    def _plan(self, standing: Standing, typed: Typed) -> Plan:
        removes = typed.get("act") == Act.REMOVE
        if removes and not standing.roll.version:  # officers left behind would not be noticed
            raise InvalidInputProblem(FieldError("code", "staff_unknown"))
        plan = plan_edit(typed, standing.instance, standing.checked, self.act.today())
        if removes:
            self._check_leaving(standing, typed.get("code", "").strip())
        return plan

    def _check_leaving(self, standing: Standing, code: str) -> None:
        """Check that a unit holds no case that the coordinator sees. Hidden cases do not count, since a refusal would
        reveal them: they move by themselves. Raises InvalidInputProblem."""

        def counts(head: CaseHead) -> bool:
            return not is_hidden_from(standing.instance.code, head, standing.directory)

        left = left_with(self.store, standing.directory.agencies[code], counts)
        if left.beside and not left.total:
            raise InvalidInputProblem(FieldError("code", "helps_cases", {"beside": str(left.beside)}))
        if left:
            facts = {"open": str(left.open), "again": str(left.again)}
            raise InvalidInputProblem(FieldError("code", "holds_cases", facts))

    def _directory(self) -> tuple[int, Directory, frozenset[date]]:
        register = self.store.read_register(DIRECTORY_REGISTER)
        if register is None:  # the file of the settings counts, which this door reads at its start
            known = self.act.directory
            return (
                0,
                Directory(known.agencies, known.topics, known.districts, known.former, known.villages),
                frozenset(self.act.holidays),
            )
        try:
            return register.version, *decode_directory(register.body)
        except DirectoryError as error:
            raise StorageError(str(error)) from error

    def _write(self, viewer: Viewer, standing: Standing, plan: Plan) -> None:
        """Write all registers, and the mail that tells of it, in one transaction. The staff register goes along
        unchanged, so that no officer is added to a unit that goes at the same moment. Raises VersionConflictError."""
        version = standing.version + 1
        trail = standing.trail.with_entry(self.act.today(), viewer.officer, version, plan.changes)
        registers = [
            Register(DIRECTORY_REGISTER, version, encode_directory(plan.new.directory, plan.new.holidays)),
            Register(trail_register(standing.instance.code), standing.trail_version + 1, encode_trail(trail)),
        ]
        if standing.roll.version:
            body = encode_staff(standing.roll.members)
            registers.append(Register(STAFF_REGISTER, standing.roll.version + 1, body))
        self.store.write_registers(registers, [change_notice(trail, len(trail.entries), trail.instance)])

    def _void(self, subjects: list[str]) -> None:
        for subject in subjects:
            self.store.revoke(Revocation(subject, self.now() + 1))


def _goes(change: Change, new: Directory) -> bool:
    return change.table == AGENCIES and change.code not in new.agencies


def _touched(changes: tuple[Change, ...], old: Directory) -> list[str]:
    """Return the units whose cases may have to move: those removed or moved, and all that were below them."""
    moved = [c.code for c in changes if c.table == AGENCIES and c.code in old.agencies]
    return [code for code in old.agencies if not set(moved).isdisjoint(old.lineage(code))] if moved else []
