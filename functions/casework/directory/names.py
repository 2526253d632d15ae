"""Names of agencies: which signs they may have, and that no name is another code's, now or before.

Reporters choose whom a report accuses by its name; the guard hides the report by its code. So a name that moves from
one code to another shows a report to the very people it accuses.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from functions.casework.directory.agencies import Agency, AgencyKind, Directory, FormerName

SHOWN_DAYS = 365  # for so long the form says that a name is new
TYPOGRAPHIC = dict.fromkeys(map(ord, "‘’“”–—·"))  # the only signs beside ASCII and accents that names need
ALIKE = str.maketrans({"0": "o", "1": "l", "i": "l", "|": "l"})  # as UTS 39 makes skeletons, within ASCII
PAIRS = (("rn", "m"), ("vv", "w"))
BAD_SIGNS, TAKEN = "bad_signs", "name_taken"


class NameFault(NamedTuple):
    """Why an agency may not bear its name: BAD_SIGNS, or TAKEN by the code ``other``."""

    code: str
    why: str
    other: str = ""

    def __str__(self) -> str:
        if self.why == BAD_SIGNS:
            return f"agency {self.code}: its name has signs that cannot be seen or pass for others; write plain letters"
        return f"agency {self.code}: its name is, was, or looks like that of {self.other}; two agencies have two names"


def bad_signs(name: str) -> bool:
    """Tell whether a name has signs that a reader does not see, or takes for others: it must have Latin letters, with
    accents at most as part of a letter."""
    composed = unicodedata.normalize("NFC", name).translate(TYPOGRAPHIC)
    if any(unicodedata.category(sign).startswith("M") for sign in composed):
        return True
    plain = "".join(sign for sign in unicodedata.normalize("NFD", composed) if not unicodedata.combining(sign))
    return not (plain.isascii() and plain.isprintable() and name_key(name))


def name_key(name: str) -> str:
    """Return what two names share that a reader may take for one another: NFKC and case folded, without blanks,
    punctuation and accents, signs that look alike made one."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold()).translate(ALIKE)
    for pair, one in PAIRS:
        folded = folded.replace(pair, one)
    return "".join(sign for sign in folded if sign.isalnum())


def name_faults(old: Directory, new: Directory, allowed: Collection[tuple[str, str]] = ()) -> Iterator[NameFault]:
    """Yield why new and changed names of ``new`` cannot be borne.

    A unit's name is compared with those of its instance, and with all instances; theirs with all. ``old`` is the
    directory that stands, empty for a first one. ``allowed`` are pairs of codes, of which the first may take over a
    name of the second.
    """
    within, anywhere = _borne(old, new)
    for agency in new.agencies.values():
        before = old.agencies.get(agency.code)
        same_place = before is not None and _scope(before, old) == _scope(agency, new)
        if before and before.name == agency.name and same_place:
            continue
        if bad_signs(agency.name):
            yield NameFault(agency.code, BAD_SIGNS)
            continue
        scope, key = _scope(agency, new), name_key(agency.name)
        others = within[scope, key] | within["", key] if scope else anywhere[key]
        for other in sorted(others - {agency.code}):
            if (agency.code, other) not in allowed:
                yield NameFault(agency.code, TAKEN, other)
                break


def with_former(old: Directory, new: Directory, on: date) -> Directory:
    """Return ``new``, which knows all names that ``old`` knew or bore and that its codes no longer bear."""
    known = {(each.code, name_key(each.name)): each for each in (*new.former, *old.former)}
    for agency in old.agencies.values():
        later = new.agencies.get(agency.code)
        key = name_key(agency.name)
        if later is None or name_key(later.name) != key:
            once = "" if later else " ".join(sorted(_units(old.shadow(agency.code) - {agency.code}, old)))
            known[agency.code, key] = FormerName(agency.code, agency.name, on.isoformat(), _scope(agency, old), once)
    return replace(new, former=tuple(known.values()))


def with_told(directory: Directory, told: Iterable[FormerName]) -> Directory:
    """Return the directory with the names that its trails tell of as well: an older release kept them there alone."""
    known = {(each.code, name_key(each.name)): each for each in (*told, *directory.former)}
    fits = (
        each
        for (code, key), each in known.items()
        if code not in directory.agencies or name_key(directory.agencies[code].name) != key or each in directory.former
    )
    return replace(directory, former=tuple(fits))


def renamed(directory: Directory, today: date) -> Mapping[str, FormerName]:
    """Return by code what the form says of names that are new: the name before and the day of the change.

    It is the code's own former name. Where the code is new and its name was another's, that one, with no ``name``.
    """
    first = (today - timedelta(days=SHOWN_DAYS)).isoformat()
    found: dict[str, FormerName] = {}
    fresh = sorted((each for each in directory.former if each.until >= first), key=lambda each: each.until)
    for each in fresh:
        bearer = directory.agencies.get(each.code)
        if bearer and name_key(bearer.name) != name_key(each.name):
            found[each.code] = each
    keys = {(each.instance, name_key(each.name)): each for each in fresh}
    for agency in directory.agencies.values() if keys else ():
        taken = keys.get((_scope(agency, directory), name_key(agency.name)))
        if taken and taken.code != agency.code and agency.code not in found:
            found[agency.code] = replace(taken, name="")
    return found


def succeeding(old: Directory, new: Directory, pairs: Collection[tuple[str, str]]) -> Directory:
    """Return ``new``, in which units that take over another's name stay out of what accuses that one, and of what
    accuses whom it stood below in ``old``: the same people may work there."""
    agencies = dict(new.agencies)
    for code, other in pairs:
        if agencies[code].kind is AgencyKind.UNIT:
            once = agencies[code].once_below.split()
            above = _once_above(other, old) - {other, *new.lineage(code)}
            agencies[code] = replace(agencies[code], once_below=" ".join(dict.fromkeys([*once, other, *sorted(above)])))
    return replace(new, agencies=agencies)


def _once_above(code: str, old: Directory) -> set[str]:
    """Return the units that a code stands below in a directory, or stood below before it was removed."""
    if code in old.agencies:
        return set(_units(old.shadow(code), old))
    return {above for each in old.former if each.code == code for above in each.once_below.split()}


def _borne(old: Directory, new: Directory) -> tuple[dict[tuple[str, str], set[str]], dict[str, set[str]]]:
    """Return which codes bear or bore a name: by instance and key, and by key alone."""
    within: dict[tuple[str, str], set[str]] = defaultdict(set)
    anywhere: dict[str, set[str]] = defaultdict(set)
    for directory in (old, new):
        names = [(_scope(agency, directory), agency.name, agency.code) for agency in directory.agencies.values()]
        names += [(each.instance, each.name, each.code) for each in directory.former]
        for scope, name, code in names:
            key = name_key(name)
            within[scope, key].add(code)
            anywhere[key].add(code)
    return within, anywhere


def _scope(agency: Agency, directory: Directory) -> str:
    """Return the instance among whose names a unit's is one; "" for an instance and for the centre."""
    instance = directory.instance_of(agency.code)
    return instance.code if instance and instance.code != agency.code else ""


def _units(codes: Iterable[str], directory: Directory) -> Iterator[str]:
    yield from (
        code for code in codes if code not in directory.agencies or directory.agencies[code].kind is AgencyKind.UNIT
    )
