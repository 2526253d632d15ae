"""Editions of an invented nation: instances of every kind, of which some have too few reports, one was renamed and one
retired. Their numbers have the form of the product's own (``tests/site/edition.py`` makes those), not its history."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from functions.casework.barometer.disclosure import SMALL, printed
from functions.casework.barometer.edition import HIDDEN, Edition, Month, Place, Published, Quarter, Sensitive
from functions.casework.barometer.months import add_months, month_end
from functions.casework.barometer.national import kind_of
from functions.casework.barometer.places import nothing_told
from functions.casework.directory.agencies import Agency, AgencyKind, Directory, Level
from tests.nation import instances

NEWEST, UNITS = "2026-10", 12


def directory_of(count: int) -> Directory:
    """A nation of so many governments; each fifth regency is a city."""
    found = {"pusat": Agency("pusat", "Pengelola nasional", AgencyKind.CENTRE)}
    for code, region in instances(count):
        found[code] = agency(code, region)
    return Directory(found, {}, {})


def agency(code: str, region: str) -> Agency:
    province, _, number = region.partition(".")
    if not number:
        return Agency(code, f"Pemerintah Provinsi {code}", AgencyKind.INSTANCE, "pusat", region, level=Level.PROVINSI)
    city = int(number) % 5 == 4
    name = f"Pemerintah {'Kota' if city else 'Kabupaten'} {code.title()}"
    where = f"{province}.{70 + int(number):02}" if city else region
    return Agency(code, name, AgencyKind.INSTANCE, "pusat", where, level=Level.KOTA if city else Level.KABUPATEN)


def editions(directory: Directory, months: int = 12, units: int = UNITS) -> tuple[Edition, ...]:
    """The editions of so many months, oldest first."""
    names = [add_months(NEWEST, back) for back in range(1 - months, 1)]
    made = {each.code: _years(each, names, units) for each in directory.instances()}
    return tuple(
        Edition(
            name,
            1,
            add_months(name, -11),
            month_end(name).replace(day=1),
            tuple(place for years in made.values() for place in years[name]),
        )
        for name in names
    )


def _years(instance: Agency, months: Sequence[str], units: int) -> dict[str, list[Place]]:
    random = Random(instance.code)  # noqa: S311 - an invented nation, the same each time
    level, speed = random.choice((1, 3, 9, 25, 60, 120, 260)), random.choice((1, 2, 3, 4, 6, 9, 14, 30))
    named = [("instance", instance.code, instance.name, level)]
    named += [("agency", f"{instance.code}-{n}", f"Dinas {n}, {instance.name}", level / (n + 1)) for n in range(units)]
    found: dict[str, list[Place]] = {name: [] for name in months}
    for kind, code, name, share in named:
        history: list[Month] = []
        for month in months:
            count = int(random.gauss(share, share / 4)) if share > 1 else random.choice((0, 1, 2))
            told: Published = HIDDEN if 0 < count < SMALL else int(printed(max(0, count)))
            on_time = random.choice((0.55, 0.6, 0.75, 0.9)) if count >= 25 else None
            history.append(Month(month, told, told, on_time))
            place = _place(random, instance, (kind, code, name), history[-12:], speed)
            found[month].append(place)
    return found


def _place(random: Random, instance: Agency, named: tuple[str, str, str], history: list[Month], speed: int) -> Place:
    last = history[-1]
    values = nothing_told() | {"received": last.received, "closed": last.closed, "open": last.received}
    least = sum(each.received - 2 for each in history if isinstance(each.received, int) and each.received)
    if least >= SMALL:
        days = max(0, speed + random.choice((-1, 0, 0, 1)))
        values |= {"answer_known": True, "answer_median": None if days > 25 else days}
        values |= {"finish_known": True, "finish_median": days * 3}
    if least >= 20:
        values |= {"answer_low": max(0, speed - 2), "answer_high": speed + 3, "answer_p90": speed * 4}
        values |= {"on_time": random.choice((0.4, 0.55, 0.7, 0.85, "hampir semua")), "open_30": 0.25}
    place = Place(*named, "", instance.code, values, tuple(history), measured=last.month)
    if named[0] != "instance":
        return place
    quarter = Quarter("2026-07", "2026-09", (Sensitive("pungli", "Pungutan liar", "Illegal levies", 15),))
    ended = replace(quarter, first="", last="") if last.month < quarter.last else quarter
    return replace(place, kind=kind_of(instance).value, region=instance.region, quarter=ended)
