"""What a coordinator may wish of the officers' register: officers and clerks of his own instance's units, and
coordinators of it.

The desk asks this before it sends a wish, the courier before it fulfils it. Who reaches what the desk cannot
(custodians), or what the coordinator must not (the inspectorate, overseers), is named by ops alone.
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
    """``act`` is ADD or REMOVE; ``by`` the ident of the coordinator who wishes it. Of somebody to be removed the ident
    counts alone."""

    act: str
    ident: str
    by: str
    email: str = ""
    agency: str = ""
    role: str = ""


def wish_fault(wish: Wish, instance: Agency, directory: Directory, officers: Iterable[Member | Officer]) -> str:
    """Why a wish cannot be fulfilled, as ``<field>:<code>``; "" where it can. ``officers`` are all there are."""
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
    """A wish as bytes, to be padded to ``WISH_BUCKET`` and sealed."""
    return json.dumps(asdict(wish), ensure_ascii=False).encode()


def read_wish(raw: bytes) -> Wish:
    """A wish out of bytes. Raises ValueError for what is none."""
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
    """Not at the inspectorate: it reads what is hidden from the coordinator."""
    return role in ROLES and agency != instance.inspectorate
