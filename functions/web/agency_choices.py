"""Whom a report may be about, as the form lists them: names that are new say so, and those who would read it first
stand first."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import NamedTuple

from functions.casework.directory.agencies import Agency, AgencyKind, Directory, FormerName
from functions.casework.directory.names import name_key, renamed
from functions.web import dates
from functions.web.language import current, gettext
from functions.web.wording import N_

RENAMED = N_("bernama ini sejak {day}; sebelumnya {name}")
TAKEN_OVER = N_("bernama ini sejak {day}; sebelumnya nama instansi lain")


class Choice(NamedTuple):
    """An agency to choose: its code, and its name with since when it bears it, if that is new."""

    code: str
    name: str


def agency_choices(directory: Directory, today: date | None = None, above: Iterable[Agency] = ()) -> list[Choice]:
    """Return all agencies but the centre, in the language of the request, and those ``above`` the portal's own.
    ``today`` is the day in UTC, if not given.

    Governments that share a portal may have offices of one name: these say whose they are. Those who sort reports come
    first, then those who inspect: of several that a report accuses the browser binds the first, as
    ``understanding.accused.kept_from`` does. The others go beside the seal (``intake.envelope``, ``meant``).
    """
    new = renamed(directory, today or datetime.now(UTC).date())
    shown = [agency for agency in directory.agencies.values() if agency.kind is not AgencyKind.CENTRE]
    sorts = {code for each in directory.instances() for code in (each.code, each.coordinator)}
    inspects = {each.inspectorate for each in directory.instances()}
    shown.sort(key=lambda agency: (agency.code not in sorts, agency.code not in inspects))
    alike = Counter(name_key(each.name) for each in shown) if len(directory.instances()) > 1 else Counter()
    found = [
        Choice(each.code, f"{each.name}{_whose(each, directory, alike)}{_since(new.get(each.code))}") for each in shown
    ]
    return [*found, *(Choice(each.code, each.name) for each in above)]


def _whose(agency: Agency, directory: Directory, alike: Mapping[str, int]) -> str:
    if not alike or alike[name_key(agency.name)] == 1:
        return ""
    instance = directory.instance_of(agency.code)
    return f", {instance.name}" if instance and instance is not agency else ""


def _since(before: FormerName | None) -> str:
    if before is None:
        return ""
    day = dates.plain_date(date.fromisoformat(before.until), current())
    return f" ({gettext(RENAMED if before.name else TAKEN_OVER).format(day=day, name=before.name)})"
