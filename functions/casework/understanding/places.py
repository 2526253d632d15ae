"""The districts and villages that a text names, with their usual spellings."""

import re
from typing import NamedTuple

from functions.casework.directory.agencies import Directory


class PlacesNamed(NamedTuple):
    """``district`` and ``village`` are Kemendagri codes of the instance, "" if none or if several are meant.

    ``possible``: the districts that fit if one name has several. ``elsewhere``: a regency of another instance, by its
    name, "" if none.
    """

    district: str = ""
    village: str = ""
    possible: tuple[str, ...] = ()
    elsewhere: str = ""


def places_in(text: str, directory: Directory, instance: str) -> PlacesNamed:
    """Return the places of an instance that a text names. Of several districts, the longest name counts."""
    plain = f" {' '.join(re.findall(r'[a-z]+', text.lower()))} "
    named = [
        (len(district.name), code)
        for code, district in directory.districts.items()
        if f" {district.name.lower()} " in plain and directory.instance_of_district(code).code == instance
    ]
    return PlacesNamed(max(named)[1] if named else "")
