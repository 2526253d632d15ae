"""The form of one portal takes a report about a place of another: what was typed stays, and only the place is asked.

Who chooses "another place" is asked for its name. The districts it may mean then stand in the same form; the one
chosen decides which instance's keys the report is sealed to. Nothing is stored before that.
"""

from collections.abc import Iterable
from itertools import chain
from typing import Any

from functions.casework.directory.agencies import Agency, Directory
from functions.casework.directory.place_search import Found, find_places
from functions.casework.directory.portal import above, portal_name, portal_of
from functions.casework.problems import FieldError
from functions.web import layout
from functions.web.agency_choices import Choice, agency_choices

ELSEWHERE = "lain"  # what the form sends as district
FIELD = "elsewhere"


def asks(typed: dict[str, str]) -> bool:
    """Whether the place is elsewhere and no district of it was chosen yet."""
    return typed.get("district") == ELSEWHERE


def move(district: str, directory: Directory) -> None:
    """Show the answer as a page of the portal that this district belongs to, if there are several."""
    if district in directory.districts:
        code = directory.instance_of_district(district).code
        if layout.portal_code() != code and portal_name(directory, code):
            layout.use_portal(code)


def lists(typed: dict[str, str], directory: Directory) -> dict[str, Any]:
    """Return what the form lists: districts and agencies of its portal, and the places that a typed name may mean."""
    found = find_places(directory, typed.get(FIELD, "")) if asks(typed) else ()
    if len(found) == 1:
        move(found[0].districts[0].code, directory)
    code = layout.portal_code()
    shown = portal_of(directory, code) if code else directory
    others = [each for each in found if each.instance.code != code]
    return {
        "districts": list(shown.districts.values()),
        "found": [(each.instance.name, each.districts) for each in others] or _own(found),
        "agencies": _agencies(typed, directory, shown, others),
        "asked": asks(typed),
    }


def fault(typed: dict[str, str], directory: Directory) -> tuple[FieldError, ...]:
    """Return what is wrong with the name of the place; nothing if none was typed yet."""
    named = typed.get(FIELD, "").strip()
    return (FieldError(FIELD, "unknown"),) if named and not find_places(directory, named) else ()


def _own(found: Iterable[Found]) -> list[tuple[str, Any]]:
    """The portal has moved to the only place there is, or was there already: its districts that fit come first."""
    return [(each.instance.name, each.districts) for each in found]


def _agencies(typed: dict[str, str], directory: Directory, shown: Directory, others: Iterable[Found]) -> list[Choice]:
    """Return whom it may be about. Who was chosen before stays chosen: the report is kept from them (law 5)."""
    code = layout.portal_code()
    if not code:
        return agency_choices(directory)
    more: list[Agency] = [*above(directory, code)]
    more += chain.from_iterable((each.instance, *directory.units(each.instance.code)) for each in others)
    chosen = directory.agencies.get(typed.get("about_agency", ""))
    if chosen and chosen.code not in shown.agencies and chosen not in more:
        more.append(chosen)
    return agency_choices(shown, above=more)
