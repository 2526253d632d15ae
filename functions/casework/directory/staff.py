"""Check whether the officers fit the agencies, and whether every government has those it needs."""

from collections.abc import Collection, Iterator, Mapping

from functions.casework.directory.agencies import ROLE_AT, Agency, AgencyKind, Directory, Officer, Role
from functions.casework.directory.tables import Fault, Row

CUSTODIANS = 2


def staff_faults(
    officers: Mapping[str, tuple[Officer, Row]],
    agencies: Mapping[str, tuple[Agency, Row]],
    known: Collection[str],
    *,
    whole: bool,
) -> Iterator[Fault]:
    """Return the faults of the officers.

    ``known`` are the codes of all agencies, also of those that could not be read. Missing officers are reported only if
    all rows could be read (``whole``).
    """
    addresses: dict[str, Officer] = {}
    for officer, row in officers.values():
        other = addresses.setdefault(officer.email, officer)
        told = list(_fits(officer, agencies, known))
        if other.agency != officer.agency:
            text = f"{officer.email} is the address of {other.ident} of {other.agency} already"
            told.append(f"{text}; an officer has one agency, so use an address for each")
        whole = whole and not told
        yield from (Fault(row.file, row.line, f"officer {officer.ident}: {text}") for text in told)
    if whole:
        yield from _missing([officer for officer, _ in officers.values()], agencies)


def _fits(officer: Officer, agencies: Mapping[str, tuple[Agency, Row]], known: Collection[str]) -> Iterator[str]:
    if officer.agency not in known:
        yield f"agency {officer.agency} is not in the directory; add it, or name another"
    elif officer.agency in agencies and agencies[officer.agency][0].kind not in ROLE_AT[officer.role]:
        kind = agencies[officer.agency][0].kind
        wanted = " or ".join(f"a {kind}" for kind in ROLE_AT[officer.role])
        yield f"the role {officer.role} belongs to {wanted}; {officer.agency} is of kind {kind}"


def _missing(officers: Collection[Officer], agencies: Mapping[str, tuple[Agency, Row]]) -> Iterator[Fault]:
    directory = Directory({code: agency for code, (agency, _) in agencies.items()}, {}, {})
    custodians: dict[str, set[str]] = {}
    for officer in officers:
        instance = directory.instance_of(officer.agency)
        if officer.role is Role.CUSTODIAN and instance:
            custodians.setdefault(instance.code, set()).add(officer.agency)
    coordinated = {officer.agency for officer in officers if officer.role is Role.COORDINATOR}
    answered = {officer.agency for officer in officers if officer.role in (Role.OFFICER, Role.INSPECTOR)}
    for agency, row in agencies.values():
        if agency.kind is not AgencyKind.INSTANCE:
            continue
        told = []
        if agency.code not in coordinated:
            told.append("has no officer with the role coordinator; nobody would be told of its new reports")
        if agency.inspectorate not in answered:
            told.append(f"its inspectorate {agency.inspectorate} has no officer; name an inspector")
        if len(custodians.get(agency.code, ())) < CUSTODIANS:
            told.append("has no two custodians of different agencies; no identity could be opened")
        yield from (Fault(row.file, row.line, f"instance {agency.code}: {text}") for text in told)
