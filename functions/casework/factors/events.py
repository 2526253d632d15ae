"""What happens to second factors, and who is told of it by mail."""

from collections.abc import Iterable, Iterator
from enum import StrEnum

from functions.casework.directory.agencies import Directory, Officer, Role
from functions.casework.factors.standing import HELPERS_OF_COORDINATORS, OF_UNITS, helped_by


class Event(StrEnum):
    """What happened to an officer's second factors."""

    ENROLLED = "enrolled"
    ADDED = "added"
    REMOVED = "removed"
    CODE = "code"
    RECOVERED = "recovered"
    REVOKED = "revoked"
    CLOSED = "closed"


TO_HELPERS = frozenset({Event.ENROLLED, Event.RECOVERED, Event.CLOSED})
TO_WATCHERS = frozenset({Event.CODE, Event.RECOVERED, Event.REVOKED})


def watch_over(instance: str, officers: Iterable[Officer], directory: Directory) -> Iterator[Officer]:
    """Yield who is told where an officer's factors changed whom no register knows: the instance's coordinators,
    overseers and inspectors. Somebody may have invented that officer."""
    here = directory.agencies.get(instance)
    for officer in officers if here else ():
        at_desk = here and officer.agency == here.code and officer.role in (Role.COORDINATOR, Role.OVERSEER)
        if at_desk or (here and officer.agency == here.inspectorate and officer.role in HELPERS_OF_COORDINATORS):
            yield officer


def who_is_told(event: Event, ident: str, officers: Iterable[Officer], directory: Directory) -> Iterator[Officer]:
    """Yield the officer whose factors they are; who may help them, of what only a helper should have caused; and who
    watches over the helpers, of what a helper did. None for an officer whom no register knows (``watch_over``)."""
    staff = tuple(officers)
    whose = next((officer for officer in staff if officer.ident == ident), None)
    instance = directory.instance_of(whose.agency) if whose and whose.agency in directory.agencies else None
    if whose is None:
        return
    yield whose
    if instance is None:
        return
    helper = helped_by(whose.agency, whose.role, directory)
    of_unit = whose.role in OF_UNITS and helper == instance.code
    for officer in staff:
        coordinates = officer.agency == instance.code and officer.role is Role.COORDINATOR
        inspects = officer.agency == instance.inspectorate and officer.role in HELPERS_OF_COORDINATORS
        oversees = officer.agency == instance.code and officer.role is Role.OVERSEER
        helps = inspects if whose.role is Role.COORDINATOR else coordinates
        watches = inspects if of_unit else oversees
        told = (event in TO_HELPERS and helps) or (event in TO_WATCHERS and watches)
        if told and officer.ident != ident:
            yield officer
