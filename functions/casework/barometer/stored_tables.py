"""A month's tables with what was counted, as they rest in the store for the audit of later ones. Never to be published:
``disclosure.public`` says what of them is."""

from collections.abc import Mapping
from typing import Any

from functions.casework.barometer.disclosure import Edition, Menu


def to_json(edition: Edition) -> dict[str, Any]:
    """As it rests in the store: with what was counted. Never to be published."""
    return {
        "instance": edition.instance,
        "month": edition.month,
        "number": edition.number,
        "rows": {menu.value: list(rows) for menu, rows in edition.rows.items()},
        "counts": {
            menu.value: [[row, column, n] for (row, column), n in sorted(counts.items())]
            for menu, counts in edition.counts.items()
        },
        "quarter": dict(sorted(edition.quarter.items())),
        "folded": {menu.value: sorted(rows) for menu, rows in edition.folded.items()},
        "withheld": sorted(menu.value for menu in edition.withheld),
    }


def from_json(found: Mapping[str, Any]) -> Edition:
    """Back from ``to_json``. Raises ValueError or KeyError on what is not of that shape."""
    return Edition(
        found["instance"],
        found["month"],
        {Menu(name): tuple(rows) for name, rows in found["rows"].items()},
        {Menu(name): {(row, column): int(n) for row, column, n in counts} for name, counts in found["counts"].items()},
        int(found["number"]),
        {topic: int(n) for topic, n in found["quarter"].items()},
        {Menu(name): frozenset(rows) for name, rows in found["folded"].items()},
        frozenset(Menu(name) for name in found["withheld"]),
    )
