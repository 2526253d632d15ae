"""Every directory of few agencies that the product takes, each once: no two differ by their codes alone."""

from collections.abc import Iterator
from itertools import product

from functions.casework.directory.agencies import AgencyKind, Directory, DirectoryError
from functions.casework.directory.check import directory_from_mapping

CENTRE, INSTANCE, UNIT = AgencyKind.CENTRE, AgencyKind.INSTANCE, AgencyKind.UNIT


def every_tree(most: int) -> Iterator[Directory]:
    """Yield each directory of up to ``most`` agencies, with every choice of coordinating unit and inspectorate."""
    seen: set[str] = set()
    for size in range(3, most + 1):
        for kinds in product((CENTRE, INSTANCE, UNIT), repeat=size):
            if list(kinds) == sorted(kinds, key=list(AgencyKind).index) and kinds.count(CENTRE) <= 1:
                for directory in _of_kinds(kinds):
                    shape = _shape(directory)
                    if shape not in seen:
                        seen.add(shape)
                        yield directory


def _of_kinds(kinds: tuple[AgencyKind, ...]) -> Iterator[Directory]:
    codes = [f"{kind.value[0]}{at}" for at, kind in enumerate(kinds)]
    above = [["", *codes[:at]] if kind is INSTANCE else codes[:at] for at, kind in enumerate(kinds)]
    for parents in product(*(choices or [""] for choices in above)):
        rows = list(zip(codes, kinds, parents, strict=True))
        desks = [
            (code, [child for child, _, parent in rows if parent == code]) for code, kind, _ in rows if kind is INSTANCE
        ]
        for chosen in product(*(product(children, children) for _, children in desks)):
            sorting = dict(zip((code for code, _ in desks), chosen, strict=True))
            try:
                yield _directory(rows, sorting)
            except DirectoryError:
                continue


def _directory(rows: list[tuple[str, AgencyKind, str]], sorting: dict[str, tuple[str, str]]) -> Directory:
    agencies = []
    for at, (code, kind, parent) in enumerate(rows):
        row = {"code": code, "name": code, "kind": kind.value, "parent": parent}
        if kind is INSTANCE:
            row |= {"region": f"6{at}.0{at}", "coordinator": sorting[code][0], "inspectorate": sorting[code][1]}
        agencies.append(row)
    unit = next(code for code, kind, _ in rows if kind is UNIT)
    topics = [{"code": "jalan", "name": "Jalan", "name_en": "Roads", "unit": unit}]
    regions = [row["region"] for row in agencies if "region" in row]
    districts = [{"code": f"{region}.01", "name": region} for region in regions]
    return directory_from_mapping({"agencies": agencies, "topics": topics, "districts": districts})


def _shape(directory: Directory) -> str:
    """Describe a directory without its codes: alike for two that are the same tree."""
    special = {a.coordinator for a in directory.instances()}, {a.inspectorate for a in directory.instances()}

    def below(code: str) -> str:
        agency = directory.agencies[code]
        marks = "".join("ci"[at] for at, chosen in enumerate(special) if code in chosen)
        under = sorted(below(a.code) for a in directory.agencies.values() if a.parent == code)
        return f"{agency.kind.value}{marks}({','.join(under)})"

    return "|".join(sorted(below(a.code) for a in directory.agencies.values() if not a.parent))
