"""The tabs of a case's page: what officers do most stands in a tab of its own, the rest under "Lainnya"."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from functions.casework.stages import Duty
from functions.web.language import gettext
from functions.web.wording import N_

ANSWER, MORE = "answer", "more"
PEOPLE = frozenset({"note", "publish", "publish-decline", "lift", "custodian", "oversight", "recuse", "sp4n"})
UNMASK = "unmask-"


class Tab(NamedTuple):
    """A tab: the value of ``?do=`` that shows it, its title, and the forms in it."""

    name: str
    title: str
    forms: tuple[str, ...]


class Groups(NamedTuple):
    """Which groups of forms "Lainnya" has: about this case, about people and publicity."""

    case: bool
    people: bool


def tabs_of(forms: Sequence[str], duty: Duty | None) -> tuple[Tab, ...]:
    """Return the tabs for these forms, the usual next step first. A sorting desk hands over first; for a unit, handing
    back is rare."""
    passes = (Duty.SORT, Duty.OVERSEE)
    first = {
        "decision": (N_("Putuskan"), ("decision",)),
        "handover": (N_("Teruskan") if duty is Duty.SORT else N_("Pindahkan"), ("handover",) if duty in passes else ()),
        ANSWER: (N_("Jawab"), ("reply", "attach")),
        "ask": (N_("Tanya"), ("ask",)),
        "close": (N_("Tutup"), ("close",)),
    }
    found = [
        Tab(name, gettext(title), there)
        for name, (title, names) in first.items()
        if (there := tuple(form for form in names if form in forms)) and there != ("attach",)
    ]
    taken = {form for tab in found for form in tab.forms} | {"attach"}
    rest = tuple(form for form in forms if form not in taken)
    return (*found, *((Tab(MORE, gettext(N_("Lainnya")), rest),) if rest else ()))


def chosen(tabs: Sequence[Tab], wanted: str) -> Tab:
    """Return the tab of this name, or the one with the form of this name; else the first, and an empty tab for none."""
    found = (tab for tab in tabs if wanted == tab.name or wanted in tab.forms)
    return next(found, tabs[0] if tabs else Tab("", "", ()))


def groups_of(forms: Collection[str]) -> Groups:
    """Return which groups these forms of "Lainnya" fill."""
    people = {form for form in forms if form in PEOPLE or form.startswith(UNMASK)}
    return Groups(case=bool(set(forms) - people), people=bool(people))
