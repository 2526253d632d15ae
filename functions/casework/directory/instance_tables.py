"""One instance within the tables of all: put in, put anew, or taken from those who may still report to it.

A folder of tables is all of one government. What it brings replaces what stood of this government, and of no other.
"""

from collections.abc import Iterator, Mapping

from functions.casework.directory.agencies import AgencyKind, Directory
from functions.casework.directory.portal import portal_of
from functions.casework.directory.regions import regions
from functions.casework.directory.tables import (
    AGENCIES,
    DISTRICTS,
    FORMER,
    HOLIDAYS,
    OFFICERS,
    TOPICS,
    VILLAGES,
    DirectoryFaultsError,
    Fault,
    Row,
    Tables,
)

OF_ALL = (HOLIDAYS, FORMER)  # a day off here would be one of everybody
NEEDED: Mapping[str, str] = {
    AGENCIES: "the government itself (kind instance) and its units, among them a coordinator and an inspectorate",
    OFFICERS: "a coordinator, an officer or inspector at the inspectorate, and custodians at two units",
    DISTRICTS: "its districts (kecamatan) with their Kemendagri codes",
}


def instance_row(tables: Tables, file: str) -> Row:
    """Return the row of the one instance in an instance's tables.

    Raises DirectoryFaultsError with all that is missing, and for what is not of one instance.
    """
    faults = [
        Fault(file, 0, f"{table}.csv is missing or empty; it lists {what}")
        for table, what in NEEDED.items()
        if not tables.get(table)
    ]
    faults += [
        Fault(row.file, row.line, f"{table} are those of all governments; use `agencies import` for them")
        for table in OF_ALL
        for row in tables.get(table, ())[:1]
    ]
    found = [row for row in tables.get(AGENCIES, ()) if row.get("kind") == AgencyKind.INSTANCE]
    if tables.get(AGENCIES) and len(found) != 1:
        faults.append(Fault(file, 0, f"agencies.csv has {len(found)} rows of kind instance; it must have exactly one"))
    if faults:
        raise DirectoryFaultsError(faults)
    faults = [*_strays(tables, found[0])]
    if faults:
        raise DirectoryFaultsError(faults)
    return found[0]


def with_instance(base: Tables, tables: Tables, code: str, standing: Directory) -> Tables:
    """Return ``base`` with an instance's tables in place of what stood of it, each table that it has."""
    return {
        table: [*_others(base.get(table, []), table, code, standing), *tables[table]]
        if table in tables
        else base.get(table, [])
        for table in {**base, **tables}
    }


def without_reports(base: Tables, code: str, standing: Directory) -> Tables:
    """Return ``base`` without the places of an instance: no new report can be about it, and all else works on."""
    places = {table: _others(base.get(table, []), table, code, standing) for table in (DISTRICTS, VILLAGES)}
    return {**base, **{table: rows for table, rows in places.items() if table in base}}


def without_instance(base: Tables, code: str, standing: Directory) -> Tables:
    """Return ``base`` without an instance. Topics that its units usually handled have no usual unit."""
    left = {table: _others(rows, table, code, standing) for table, rows in base.items() if table != TOPICS}
    ours = portal_of(standing, code).agencies
    topics = [
        row._replace(values={**row.values, "unit": ""}) if row.get("unit") in ours else row
        for row in base.get(TOPICS, ())
    ]
    return {**left, TOPICS: topics}


def notes(directory: Directory, code: str, roles: frozenset[str]) -> Iterator[str]:
    """Yield what an instance may still want, though it can start without. ``roles`` are those of its officers."""
    instance, own = directory.agencies[code], portal_of(directory, code)
    known = regions().get(instance.region, "")
    if not known:
        yield f"region {instance.region} is in no list of ours (idn-area-data 3.1.2); check it with Kemendagri's"
    elif known.lower() not in instance.name.lower():
        yield f"region {instance.region} is {known}; is that the government called {instance.name!r}?"
    if not own.villages:
        yield "villages.csv is missing: reporters can choose no village, and an SMS that names one gets no district"
    if "clerk" not in roles:
        yield "no officer has the role clerk: nobody can write a report down at a counter"
    if "overseer" not in roles:
        yield "no officer has the role overseer (Sekda): escalations end at the inspectorate, or with the centre"
    if not any(unit.spoken for unit in directory.units(code)):
        yield "no unit has spoken names (the column `spoken`): fewer accusations in words are recognised"


def _others(rows: list[Row], table: str, code: str, standing: Directory) -> list[Row]:
    """Return the rows of a table that are not this instance's."""
    if code not in standing.agencies:
        return list(rows)
    own = portal_of(standing, code)
    agencies = {code, *(unit.code for unit in standing.units(code))}
    ours = {
        AGENCIES: lambda row: row.get("code") in agencies,
        OFFICERS: lambda row: row.get("agency") in agencies,
        DISTRICTS: lambda row: row.get("code") in own.districts,
        VILLAGES: lambda row: row.get("code") in own.villages,
        TOPICS: lambda row: row.get("unit") in agencies,
    }
    is_ours = ours.get(table)
    return [row for row in rows if is_ours is None or not is_ours(row)]


def _strays(tables: Tables, instance: Row) -> Iterator[Fault]:
    """Yield what the folder has of other governments."""
    code, region = instance.get("code"), instance.get("region")
    own = {row.get("code") for row in tables[AGENCIES]}
    for row in tables[AGENCIES]:
        if row is not instance and row.get("parent") not in own:
            text = f"agency {row.get('code')}: parent {row.get('parent')} is not of {code}; this folder is of one alone"
            yield Fault(row.file, row.line, text)
    for row in tables[OFFICERS]:
        if row.get("agency") not in own:
            text = f"officer {row.get('ident')}: agency {row.get('agency')} is not in agencies.csv; add it there"
            yield Fault(row.file, row.line, text)
    for table in (DISTRICTS, VILLAGES):
        for row in tables.get(table, ()):
            if not row.get("code").startswith(f"{region}."):
                text = f"{row.get('code')} lies outside the region {region} of {code}; remove it"
                yield Fault(row.file, row.line, text)
