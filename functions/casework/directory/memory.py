"""What the directory keeps in mind when its tree changes: whom a unit once stood below.

Otherwise moving a unit out from under an accused one would open to it what was hidden from it, on the word of whoever
edits the tree.
"""

from collections.abc import Mapping
from dataclasses import replace

from functions.casework.directory.agencies import Agency, AgencyKind, Directory

FORGET = "-"  # in a file's column: it is to be forgotten, as ops decided


def remembering(old: Directory, new: Directory) -> Directory:
    """``new``, in which each unit keeps in mind the units it stood below in ``old`` and does no more. What ``old`` kept
    in mind stays, also where a file did not say it; where one says "-", it goes, and for all below as well."""
    kept: dict[str, Agency] = {}
    for code in sorted(new.agencies, key=lambda code: len(new.lineage(code))):  # those above first: they tell for below
        kept[code] = _remembers(new.agencies[code], old, new, kept)
    return Directory({code: kept[code] for code in new.agencies}, new.topics, new.districts)


def _remembers(agency: Agency, old: Directory, new: Directory, kept: Mapping[str, Agency]) -> Agency:
    if agency.once_below == FORGET:
        return replace(agency, once_below="")
    if agency.code not in old.agencies or agency.kind is not AgencyKind.UNIT:
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
    left = old.shadow(agency.code) - known - forgotten
    units = [code for code in left if code not in old.agencies or old.agencies[code].kind is AgencyKind.UNIT]
    return replace(agency, once_below=" ".join([*agency.once_below.split(), *sorted(units)])) if units else agency
