"""What a coordinator may request of the officers' register: officers and clerks of their instance's units, and
coordinators.

The desk checks this before it sends a request, the courier before it carries it out. Only ops name those who reach what
the desk cannot (custodians), or what the coordinator must not (the inspectorate, overseers).
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from functions.casework.directory.agencies import Agency, AgencyKind, Directory, Member, Officer, Role

ROLES = (Role.OFFICER, Role.CLERK, Role.COORDINATOR)
ADD, REMOVE = "add_officer", "remove_officer"
WISH_BUCKET = 1024


@dataclass(frozen=True, slots=True)
class Wish:
    """A request: ``act`` is ADD or REMOVE, ``by`` the ident of the coordinator who makes it.

    To remove somebody, only the ident counts.
    """

    act: str
    ident: str
    by: str
    email: str = ""
    agency: str = ""
    role: str = ""


def wish_fault(wish: Wish, instance: Agency, directory: Directory, officers: Iterable[Member | Officer]) -> str:
    """Return why a request cannot be carried out, as ``<field>:<code>``; "" if it can. ``officers`` are all there
    are."""
    there = next((officer for officer in officers if officer.ident == wish.ident), None)
    if wish.act == REMOVE:
        return _cannot_go(there, instance, directory, wish.ident)
    return _cannot_come(wish, there, instance, directory) if wish.act == ADD else "act:unknown"


def _cannot_go(there: Member | Officer | None, instance: Agency, directory: Directory, ident: str) -> str:
    if there is None or not _ours(there.agency, instance, directory):
        return "ident:unknown" if ident else "ident:required"
    return "" if _may_name(there.agency, there.role, instance) else "ident:ops_only"


def _cannot_come(wish: Wish, there: Member | Officer | None, instance: Agency, directory: Directory) -> str:
    if not _ours(wish.agency, instance, directory):
        return "unit:unknown" if wish.agency else "unit:required"
    if wish.role not in ROLES or not _fits(wish, directory):
        return "role:unknown" if wish.role else "role:required"
    if not _may_name(wish.agency, wish.role, instance):
        return "unit:ops_only"
    same = there is not None and (there.agency, there.role) == (wish.agency, wish.role)
    return "" if there is None or same else "ident:ident_taken"


def pack_wish(wish: Wish) -> bytes:
    """Return a request as bytes, to be padded to ``WISH_BUCKET`` and sealed."""
    return json.dumps(asdict(wish), ensure_ascii=False).encode()


def read_wish(raw: bytes) -> Wish:
    """Parse the bytes of a request. Raises ValueError."""
    found: Any = json.loads(raw)
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise ValueError("not a wish")
    try:
        return Wish(**found)
    except TypeError as error:
        raise ValueError("not a wish") from error


def _ours(agency: str, instance: Agency, directory: Directory) -> bool:
    return agency in directory.agencies and instance.code in directory.lineage(agency)


def _fits(wish: Wish, directory: Directory) -> bool:
    unit = directory.agencies[wish.agency].kind is AgencyKind.UNIT
    return unit == (wish.role != Role.COORDINATOR)


def _may_name(agency: str, role: str, instance: Agency) -> bool:
    """Tell whether the agency is not the inspectorate, which reads what is hidden from the coordinator."""
    return role in ROLES and agency != instance.inspectorate
