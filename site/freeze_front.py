"""What of a nation's front follows from something that is as it was: its barometer, which is most of its pages.

An edition and those before it make the pages below ``/barometer/2026-10/``; all editions make the others. Where that
and the program are as they were, pages are taken from the portal of before and not made. So a further government, whose
first edition is still to come, costs its own portal and what lists it.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from barometer_shelf import shelf_of

from functions.casework.barometer.national import kind_of
from functions.casework.directory.portal_file import Look

if TYPE_CHECKING:  # which makes the portals beside it, and writes down what both were made from
    from freeze_nation import Nation

WHERE = re.compile(r"(?:/[a-z]{2,3})?/(barometer(?:/\d{4}-\d{2}(?=/))?)/")
MARK = "front/"  # before an address, in the list of what was made from what


def front_digests(nation: "Nation", program: str) -> dict[str, str]:
    """Return what pages of the front's barometer follow from, by the address they stand below, marked."""
    known = hashlib.sha256(repr((program, nation.operator, nation.address, nation.file_mb)).encode())
    found = {}
    for edition in reversed(shelf_of(nation.editions).editions):  # each after those that it is compared with
        facts = [_facts(nation, place.code) for place in edition.places if place.level == "instance"]
        known.update(repr((edition, facts)).encode())
        found[f"{MARK}barometer/{edition.month}"] = known.hexdigest()
    return found | {f"{MARK}barometer": known.hexdigest()}


def _facts(nation: "Nation", code: str) -> Any:
    """What pages say of an instance beside its editions: whether it is there, its kind and region, its languages."""
    agency = nation.directory.agencies.get(code)
    here = agency and (kind_of(agency), agency.region, nation.looks.get(code, Look()).languages)
    return code, here


def as_before(digests: Mapping[str, str], before: Mapping[str, str]) -> Callable[[str], bool]:
    """Return what tells whether the page or file of an address follows from what it followed from ``before``."""
    same = {name for name, digest in digests.items() if before.get(name) == digest}

    def settled(address: str) -> bool:
        found = WHERE.match(address)
        return found is not None and MARK + found[1] in same

    return settled
