"""A month's tables with their counts, as they are stored for the audit of later ones. Never to be published.

``disclosure.public`` returns what may be published of them.
"""

from collections.abc import Mapping
from typing import Any

from functions.casework.barometer.disclosure import Edition, Menu


def to_json(edition: Edition) -> dict[str, Any]:
    """Return plain data for the store, with the counts. Never to be published."""
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
    """Parse what ``to_json`` returned. Raises ValueError, KeyError."""
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
