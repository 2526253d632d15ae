"""Law 5 in its own words, written without the product's guard: who is accused, over any valid directory.

"A report about an agency, its head, or the coordinator itself is never visible to any officer of the accused or below
it." Where the accused is an instance or a centre, docs/decisions.md (k) says who that is.
"""

from hypothesis import strategies as st

from functions.casework.directory.agencies import AgencyKind, Directory
from functions.casework.directory.check import directory_from_mapping

Rows = list[dict[str, str]]
MAX_DEPTH = 4


def below(directory: Directory, top: str) -> set[str]:
    """An agency and all that hangs below it, found by going down."""
    found, fresh = {top}, {top}
    while fresh:
        fresh = {a.code for a in directory.agencies.values() if a.parent in fresh} - found
        found |= fresh
    return found


def accused(directory: Directory, about: str) -> set[str]:
    """Every agency that must never learn of a report about ``about``; empty where nobody known is accused."""
    if about not in directory.agencies:
        return set()
    kind = directory.agencies[about].kind
    if kind is AgencyKind.CENTRE:  # somebody must be left to read it
        return {about}
    if kind is AgencyKind.INSTANCE:  # its sorting desk, and the unit whose staff sit there
        return {about} | below(directory, directory.agencies[about].coordinator)
    sorted_by_it = {i.code for i in directory.instances() if i.coordinator == about}
    return below(directory, about) | sorted_by_it


@st.composite
def directories(draw: st.DrawFn) -> Directory:
    """Any directory that the product takes: a centre with or without units of its own, one to three instances below
    it or below nobody, each with one to eight units nested up to four deep; its coordinating unit
    and its inspectorate are any of the units right below it, the same one where there is a level above."""
    rows: Rows = [{"code": "pusat", "name": "Pusat", "kind": "centre"}]
    rows += [_unit(f"pusat{n}", "pusat") for n in range(draw(st.integers(0, 2)))]
    for number in range(draw(st.integers(1, 3))):
        rows += _instance(draw, f"i{number}", f"6{number}.0{number}")
    order = draw(st.permutations(rows)) if draw(st.booleans()) else rows
    districts = [{"code": f"6{n}.0{n}.01", "name": str(n)} for n in range(sum(r["kind"] == "instance" for r in rows))]
    topics = [{"code": "jalan", "name": "Jalan", "name_en": "Roads", "unit": draw(st.sampled_from(_units(rows)))}]
    return directory_from_mapping({"agencies": order, "topics": topics, "districts": districts})


def _instance(draw: st.DrawFn, code: str, region: str) -> Rows:
    parent = draw(st.sampled_from(["pusat", ""]))
    rows = [_unit(f"{code}u0", code)]
    depths = {f"{code}u0": 1, code: 0}
    for n in range(1, draw(st.integers(1, 8))):
        under = draw(st.sampled_from([one for one, depth in depths.items() if depth < MAX_DEPTH]))
        rows.append(_unit(f"{code}u{n}", under))
        depths[f"{code}u{n}"] = depths[under] + 1
    direct = [row["code"] for row in rows if row["parent"] == code]
    if len(direct) == 1 and not parent:  # its only unit cannot be both where nobody is above
        rows.append(_unit(f"{code}u9", code))
        direct.append(f"{code}u9")
    coordinator = draw(st.sampled_from(direct))
    inspectorate = draw(st.sampled_from([one for one in direct if parent or one != coordinator]))
    head = {"code": code, "name": code, "kind": "instance", "parent": parent, "region": region}
    return [head | {"coordinator": coordinator, "inspectorate": inspectorate}, *rows]


def _unit(code: str, parent: str) -> dict[str, str]:
    return {"code": code, "name": code, "kind": "unit", "parent": parent}


def _units(rows: Rows) -> list[str]:
    return [row["code"] for row in rows if row["kind"] == "unit"]
