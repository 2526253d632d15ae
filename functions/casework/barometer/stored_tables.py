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
        "folded": _plain_rows(edition.folded),
        "withheld": sorted(menu.value for menu in edition.withheld),
        "kept": _plain_rows(edition.kept),
        "rules": edition.rules,
    }


def from_json(found: Mapping[str, Any]) -> Edition:
    """Parse what ``to_json`` returned. Raises ValueError, KeyError.

    Earlier releases did not store ``rules``, nor ``kept``: any row that a correction of theirs folded may be empty.
    """
    number = int(found["number"])
    return Edition(
        found["instance"],
        found["month"],
        {Menu(name): tuple(rows) for name, rows in found["rows"].items()},
        {Menu(name): {(row, column): int(n) for row, column, n in counts} for name, counts in found["counts"].items()},
        number,
        {topic: int(n) for topic, n in found["quarter"].items()},
        _rows(found["folded"]),
        frozenset(Menu(name) for name in found["withheld"]),
        _rows(found.get("kept", found["folded"] if number > 1 else {})),
        found.get("rules", 1),
    )


def _plain_rows(rows: Mapping[Menu, frozenset[str]]) -> dict[str, list[str]]:
    return {menu.value: sorted(each) for menu, each in rows.items()}


def _rows(found: Mapping[str, list[str]]) -> dict[Menu, frozenset[str]]:
    return {Menu(name): frozenset(rows) for name, rows in found.items()}
