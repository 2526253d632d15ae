"""Carrying out a coordinator's request to add or remove an officer, under the rules of an import.

The desk's signature vouches that the request comes from the named officer; whether they coordinate the instance is
checked here.

Tests: ``tests/doors/test_enlist.py``.
"""

from collections.abc import Callable
from dataclasses import dataclass

from functions.casework.directory.agencies import Directory, DirectoryError, Officer, Role
from functions.casework.directory.check import check
from functions.casework.directory.enrolment import ADD, REMOVE, Wish, wish_fault
from functions.casework.directory.registers import (
    DIRECTORY_REGISTER,
    OFFICERS_REGISTER,
    STAFF_REGISTER,
    as_tables,
    decode_directory,
    decode_officers,
    encode_officers,
    encode_staff,
)
from functions.casework.directory.tables import DirectoryFaultsError
from functions.storage.interface import Register, Revocation, StorageError, Store
from functions.storage.retry import retry_on_conflict

ADDED, REMOVED = "added", "removed"


@dataclass(frozen=True, slots=True)
class Enrol:
    """``directory`` and ``officers`` count while there is no register; ``now`` gives epoch seconds."""

    store: Store
    directory: Directory
    officers: tuple[Officer, ...]
    now: Callable[[], int]

    def __call__(self, wish: Wish, instance: str) -> str:
        """Carry out a request for an instance. Return ADDED or REMOVED, also if it was carried out before, or the code
        of what forbids it. Raises StorageError."""

        def attempt() -> str:
            versions = {name: self.store.register_version(name) for name in (OFFICERS_REGISTER, STAFF_REGISTER)}
            directory, officers = self._standing()
            if fault := self._fault(wish, instance, directory, officers):
                return fault
            new = _with(officers, wish)
            if new == officers:
                self._void(wish)
                return ADDED if wish.act == ADD else REMOVED
            try:
                check(as_tables(directory, (), new, "register"))
            except DirectoryFaultsError:
                return "officer_needed" if wish.act == REMOVE else "refused"
            bodies = {OFFICERS_REGISTER: encode_officers(new), STAFF_REGISTER: encode_staff(new)}
            self._void(wish)
            self.store.write_registers([Register(n, versions[n] + 1, body) for n, body in bodies.items()])
            self._void(wish)  # again: a link may have been sent in between
            return ADDED if wish.act == ADD else REMOVED

        return retry_on_conflict(attempt, StorageError("the officers' register is being written to"))

    def stands(self, wish: Wish) -> bool:
        """Tell whether the register has the officer of a request now: to add them as requested, to remove them at all.
        Raises StorageError."""
        officers = self._standing()[1]
        if wish.act == REMOVE:
            return any(officer.ident == wish.ident for officer in officers)
        wanted = (wish.ident, wish.email, wish.agency, wish.role)
        return any((o.ident, o.email, o.agency, o.role) == wanted for o in officers)

    def _standing(self) -> tuple[Directory, tuple[Officer, ...]]:
        directory, officers = (self.store.read_register(name) for name in (DIRECTORY_REGISTER, OFFICERS_REGISTER))
        try:
            return (
                decode_directory(directory.body)[0] if directory else self.directory,
                decode_officers(officers.body) if officers else self.officers,
            )
        except DirectoryError as error:
            raise StorageError(str(error)) from error

    @staticmethod
    def _fault(wish: Wish, instance: str, directory: Directory, officers: tuple[Officer, ...]) -> str:
        ours = directory.agencies.get(instance)
        by = next((officer for officer in officers if officer.ident == wish.by), None)
        if ours is None or by is None or (by.agency, by.role) != (instance, Role.COORDINATOR):
            return "not_coordinator"
        if fault := wish_fault(wish, ours, directory, officers):
            return fault.partition(":")[2]
        for officer in officers:
            if officer.ident == wish.ident and wish.act == ADD and officer.email != wish.email:
                return "ident_taken"
            if officer.email == wish.email and officer.agency != wish.agency and wish.act == ADD:
                return "address_elsewhere"
        return ""

    def _void(self, wish: Wish) -> None:
        """Void the links of a removed officer, also one issued at the very second of an earlier revocation."""
        if wish.act != REMOVE:
            return
        subject = f"officer:{wish.ident}"
        before = self.store.revoked([subject]).get(subject, 0)
        self.store.revoke(Revocation(subject, max(self.now(), before) + 1))


def _with(officers: tuple[Officer, ...], wish: Wish) -> tuple[Officer, ...]:
    if wish.act == REMOVE:
        return tuple(officer for officer in officers if officer.ident != wish.ident)
    new = Officer(wish.ident, wish.email, wish.agency, Role(wish.role))
    return officers if new in officers else (*officers, new)
