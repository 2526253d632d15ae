"""What a second factor is asked for, of whom and from when; and who helps an officer who lost theirs.

A rule of the house: a mailbox alone opens nothing. It opens what it opened before only in the grace, which is told.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from functions.casework.access import Viewer
from functions.casework.directory.agencies import Directory, Member, Role
from functions.casework.factors.keyring import Keyring

# Officers and clerks of units get the grace also where it is not given to everybody.
OF_UNITS = frozenset({Role.OFFICER, Role.CLERK})
HELPERS_OF_COORDINATORS = frozenset({Role.INSPECTOR, Role.OFFICER})


class Strictness(StrEnum):
    """REQUIRED: at once of all but the staff of units, who get the grace. GRACE: all get it. OFF: nobody must have one;
    who has one is asked for it all the same."""

    REQUIRED = "required"
    GRACE = "grace"
    OFF = "off"


class Need(StrEnum):
    """What a link still wants: nothing, one of the officer's factors, a first factor, or a helper's code."""

    NOTHING = ""
    FACTOR = "factor"
    ENROL = "enrol"
    HELP = "help"


class Proof(StrEnum):
    """What opened a session. HELP opens none: it lets its holder add a factor."""

    NONE = "none"
    PASSKEY = "passkey"
    TOTP = "totp"
    HELP = "help"


@dataclass(frozen=True, slots=True)
class Policy:
    """The settings: how strict, and the days of grace."""

    strictness: Strictness = Strictness.REQUIRED
    days: int = 30

    def last_day(self, role: Role, keyring: Keyring, today: date) -> date | None:
        """Return the last day of an officer's grace; None if they have none, or need none."""
        if self.strictness is Strictness.OFF or (self.strictness is Strictness.REQUIRED and role not in OF_UNITS):
            return None
        return (keyring.since or today) + timedelta(days=self.days - 1)

    def need(self, role: Role, keyring: Keyring, today: date) -> Need:
        """Return what a link of theirs wants today, before it opens."""
        if keyring.factors:
            return Need.FACTOR
        if keyring.shut:
            return Need.HELP
        if self.strictness is Strictness.OFF:
            return Need.NOTHING
        last = self.last_day(role, keyring, today)
        if last and today <= last:
            return Need.NOTHING
        # Whoever let the grace go by is helped by a person: a mailbox alone would add the thief's key.
        return Need.HELP if last else Need.ENROL


def may_enrol(keyring: Keyring, proof: str) -> bool:
    """Tell whether a session may add a factor: the first one by the link alone, each other with an earlier one or a
    helper's code."""
    if proof == Proof.HELP:
        return True
    return proof in (Proof.PASSKEY, Proof.TOTP) if keyring.factors else not keyring.shut


def helped_by(agency: str, role: Role, directory: Directory) -> str:
    """Return the agency whose staff may give an officer a code; "" if ops alone may.

    The coordinator helps the staff of units, the inspectorate the coordinators. Nobody at a desk helps those who watch
    over it, nor custodians: two of these must never come to depend on one.
    """
    instance = directory.instance_of(agency) if agency in directory.agencies else None
    if instance is None:
        return ""
    if role is Role.COORDINATOR:
        return instance.inspectorate
    return instance.code if role in OF_UNITS and agency != instance.inspectorate else ""


def may_help(viewer: Viewer, member: Member, directory: Directory) -> bool:
    """Tell whether a viewer, with a link to their whole desk, may give an officer a code."""
    if viewer.case_id or helped_by(member.agency, member.role, directory) != viewer.agency:
        return False
    return viewer.role is Role.COORDINATOR if member.role in OF_UNITS else viewer.role in HELPERS_OF_COORDINATORS


def helps_somebody(viewer: Viewer, directory: Directory) -> bool:
    """Tell whether a viewer's desk has a page of those they help."""
    if viewer.case_id or viewer.agency not in directory.agencies:
        return False
    instance = directory.instance_of(viewer.agency)
    if viewer.role is Role.COORDINATOR or instance is None:
        return viewer.role is Role.COORDINATOR
    return viewer.agency == instance.inspectorate and viewer.role in HELPERS_OF_COORDINATORS
