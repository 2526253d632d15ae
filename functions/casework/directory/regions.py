"""Kemendagri's codes and names of all provinces, regencies and cities.

Source: idn-area-data 3.1.2 (https://github.com/fityannugroho/idn-area-data), under the Open Database License 1.0; names
in small letters here. It changes with the law that divides a regency, so an unknown code is no fault of whoever types
it.
"""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("regions.csv")


@cache
def regions() -> Mapping[str, str]:
    """Return names by code, in the order of the codes: ``64`` Kalimantan Timur, ``64.08`` Kabupaten Kutai Timur."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["name"] for row in csv.DictReader(file)}
