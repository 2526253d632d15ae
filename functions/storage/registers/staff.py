"""The officers without their addresses, as the desk may know them: a register written together with the officers'.

A store of an older release has none until `init`, a start, or the next import writes it. Until then the desk knows
nobody.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from functions.casework.directory.agencies import DirectoryError, Member, Officer
from functions.casework.directory.registers import STAFF_REGISTER, decode_staff, encode_staff
from functions.storage.interface import Register, Registers, StorageError, VersionConflictError


@dataclass(frozen=True, slots=True)
class Roll:
    """The register of staff. ``version`` 0: there is none."""

    version: int
    members: tuple[Member, ...]

    def at(self, agency: str) -> tuple[Member, ...]:
        """Return those of an agency, in order."""
        return tuple(member for member in self.members if member.agency == agency)

    def within(self, agencies: Collection[str]) -> tuple[Member, ...]:
        """Return those of several agencies, in order."""
        return tuple(member for member in self.members if member.agency in agencies)

    def same_as(self, officers: Sequence[Officer]) -> bool:
        """Tell whether it lists these officers and no others."""
        return self.members == tuple(Member(each.ident, each.agency, each.role) for each in officers)


def read_staff(store: Registers) -> Roll:
    """Return the staff. Raises StorageError."""
    register = store.read_register(STAFF_REGISTER)
    if register is None:
        return Roll(0, ())
    try:
        return Roll(register.version, decode_staff(register.body))
    except DirectoryError as error:
        raise StorageError(str(error)) from error


def tell_staff(store: Registers, officers: Sequence[Officer]) -> None:
    """Write the register unless it lists these officers. Raises StorageError."""
    roll = read_staff(store)
    if roll.version and roll.same_as(officers):
        return
    try:
        store.write_registers([Register(STAFF_REGISTER, roll.version + 1, encode_staff(officers))])
    except VersionConflictError:
        return  # an import, or the courier, wrote both just now
