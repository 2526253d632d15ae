"""The directory's memory of what each unit once stood below.

Without it, moving a unit out from under an accused one would open to it what was hidden, at the will of whoever edits
the tree.
"""

from collections.abc import Mapping
from dataclasses import replace

from functions.casework.directory.agencies import Agency, AgencyKind, Directory

FORGET = "-"  # in a file's column: forget it, as ops decided


def remembering(old: Directory, new: Directory) -> Directory:
    """Return ``new``, in which each unit remembers the units that it stood below in ``old`` and no longer does.

    What ``old`` remembered stays, even if a file does not mention it. If a file says "-", it is forgotten, for all
    units below as well. A code that comes back after it was removed remembers what it knew then.
    """
    kept: dict[str, Agency] = {}
    for code in sorted(new.agencies, key=lambda code: len(new.lineage(code))):  # top first
        kept[code] = _remembers(new.agencies[code], old, new, kept)
    return replace(new, agencies={code: kept[code] for code in new.agencies})


def _remembers(agency: Agency, old: Directory, new: Directory, kept: Mapping[str, Agency]) -> Agency:
    if agency.once_below == FORGET:
        return replace(agency, once_below="")
    if agency.kind is not AgencyKind.UNIT:
        return agency
    above = new.lineage(agency.code)
    known = {*above, *agency.once_below.split()}
    known.update(code for each in above[1:] for code in kept[each].once_below.split())
    forgotten = {
        code
        for each in above
        if each in old.agencies and new.agencies[each].once_below == FORGET
        for code in old.agencies[each].once_below.split()
    }
    before = (name.once_below.split() for name in (*old.former, *new.former) if name.code == agency.code)
    once = old.shadow(agency.code) if agency.code in old.agencies else frozenset().union(*before)
    left = once - known - forgotten
    units = [code for code in left if code not in old.agencies or old.agencies[code].kind is AgencyKind.UNIT]
    return replace(agency, once_below=" ".join([*agency.once_below.split(), *sorted(units)])) if units else agency
