"""Request a new officer for a coordinator's instance, or remove one.

The desk holds no addresses: it signs the request and seals it to the courier, which keeps the register. Removed
officers are out at once.

Tests: ``tests/doors/test_enlist.py``.
"""

from dataclasses import dataclass, replace

from functions.actions.factors.help_factor import HelpFactor
from functions.actions.officer.instance.directory_admin import DirectoryAdmin, Standing
from functions.actions.officer.mandates import Mandates
from functions.casework.access import Viewer
from functions.casework.directory.agencies import Member, Role
from functions.casework.directory.check import CODE, EMAIL_MAX, check
from functions.casework.directory.diff import Change, What
from functions.casework.directory.enrolment import ADD, REMOVE, WISH_BUCKET, Wish, pack_wish, wish_fault
from functions.casework.directory.instance_edit import Typed
from functions.casework.directory.registers import as_tables
from functions.casework.directory.tables import OFFICERS, DirectoryFaultsError
from functions.casework.directory.trail import encode_trail
from functions.casework.problems import BusyProblem, FieldError, InvalidInputProblem
from functions.casework.report import is_address
from functions.storage.interface import Notice, Register, Revocation
from functions.storage.registers.directory_trail import change_notice, trail_register
from functions.storage.retry import retry_on_conflict

STAFF_MAX = 3000


@dataclass(frozen=True, slots=True)
class RequestEnrolment:
    """The desk's part: it checks the request and signs it."""

    admin: DirectoryAdmin
    mandates: Mandates
    factors: HelpFactor

    def plan(self, viewer: Viewer, typed: Typed) -> tuple[Standing, Wish, tuple[Change, ...]]:
        """Return what a form (``act``, ``ident``, ``email``, ``unit``, ``role``) requests, and the entry of the trail,
        which holds no address. Raises NotFoundProblem, InvalidInputProblem."""
        standing = self.admin.read(viewer)
        names = ("act", "ident", "email", "unit", "role")
        act, ident, email, agency, role = (typed.get(name, "").strip() for name in names)
        wish = Wish(act, ident, viewer.officer, email.lower(), agency, role)
        if wish.act == REMOVE:
            wish = replace(wish, email="", agency="", role="")
        self._check(standing, wish)
        return standing, wish, (_told(wish, standing),)

    def wish(self, viewer: Viewer, typed: Typed) -> None:
        """Write the request into the trail, void the links and drop the second factors of an officer to be removed,
        and send it. Raises what ``plan`` raises, BusyProblem, and KeyringError."""

        def attempt() -> tuple[str, Wish, Member]:
            standing, wish, changes = self.plan(viewer, typed)
            trail = standing.trail.with_entry(self.admin.act.today(), viewer.officer, standing.version, changes)
            name = trail_register(standing.instance.code)
            written = [Register(name, standing.trail_version + 1, encode_trail(trail))]
            self.admin.store.write_registers(written, [change_notice(trail, len(trail.entries), trail.instance)])
            member = next((m for m in standing.roll.members if m.ident == wish.ident), None)
            return standing.instance.code, wish, member or Member(wish.ident, wish.agency, Role(wish.role))

        instance, wish, member = retry_on_conflict(attempt, BusyProblem)
        if wish.act == REMOVE:
            self.admin.store.revoke(Revocation(f"officer:{wish.ident}", self.admin.now() + 1))
            self.factors.forget(member)
        else:
            self.factors.begin(member)
        self.mandates.send(Notice.OFFICER_WISH, instance, pack_wish(wish), WISH_BUCKET)

    def _check(self, standing: Standing, wish: Wish) -> None:
        errors = list(_shape(wish)) if wish.act == ADD else []
        members = standing.roll.members
        if fault := wish_fault(wish, standing.instance, standing.directory, members):
            field, _, code = fault.partition(":")
            errors.append(FieldError(field, code))
        elif wish.act == ADD and any(member.ident == wish.ident for member in members):
            errors.append(FieldError("ident", "ident_taken"))
        if wish.act == ADD and len(standing.staff) >= STAFF_MAX:
            errors.append(FieldError("ident", "staff_max", {"limit": str(STAFF_MAX)}))
        if errors:
            raise InvalidInputProblem(*errors)
        if wish.act == REMOVE and not _spared(standing, wish.ident):
            raise InvalidInputProblem(FieldError("ident", "officer_needed"))


def _shape(wish: Wish) -> list[FieldError]:
    errors = []
    if not CODE.fullmatch(wish.ident) or ".." in wish.ident:
        errors.append(FieldError("ident", "bad_code" if wish.ident else "required"))
    if not is_address(wish.email) or len(wish.email) > EMAIL_MAX or not wish.email.isprintable():
        errors.append(FieldError("email", "bad_email" if wish.email else "required"))
    return errors


def _spared(standing: Standing, ident: str) -> bool:
    """Tell whether the instance keeps the officers that the import's check demands, once this one goes."""
    checked = standing.checked
    left = [officer for officer in checked.officers if officer.ident != ident]
    try:
        check(as_tables(checked.directory, checked.holidays, left, OFFICERS))
    except DirectoryFaultsError:
        return False
    return True


def _told(wish: Wish, standing: Standing) -> Change:
    if wish.act == ADD:
        return Change(OFFICERS, wish.ident, What.ADDED, {"agency": ("", wish.agency), "role": ("", wish.role)})
    gone = next(member for member in standing.roll.members if member.ident == wish.ident)
    return Change(OFFICERS, wish.ident, What.REMOVED, {"agency": (gone.agency, ""), "role": (gone.role.value, "")})
