"""Random instances: their cases of twelve months, counted into the tables of the menu."""

from collections import Counter
from random import Random

from functions.casework.barometer.disclosure import ALL, BAND_NAMES, KINDS, OTHER, Menu, assemble

MONTHS = tuple(f"2026-{n:02}" for n in range(1, 13))


def rows_of(random):
    """A few districts, topics and agencies; half of the instances have sensitive topics and an inspectorate."""
    quiet = random.random() < 0.5
    topics = tuple(f"t{n}" for n in range(random.randint(2, 3)))
    agencies = tuple(f"a{n}" for n in range(random.randint(2, 3)))
    agencies += (OTHER,) if quiet else ()
    return {
        Menu.RECEIVED_DISTRICT: tuple(f"d{n}" for n in range(random.randint(1, 3))),
        Menu.RECEIVED_TOPIC: (*topics, OTHER) if quiet else topics,
        Menu.RECEIVED_AGENCY: agencies,
        Menu.CLOSED_AGENCY: agencies,
        Menu.OPEN_AGENCY: agencies,
        Menu.SENSITIVE: ("korupsi", "disiplin")[: random.randint(1, 2)] if quiet else (),
    }


def year(seed):
    """The counts of each month: ``rows, [(month, counts), …]``."""
    random = Random(seed)  # noqa: S311 - invented cases, no secrets
    rows = rows_of(random)
    level = random.choice((0.3, 2, 6, 12, 25, 60))
    weights = {menu: [random.choice((0.05, 0.3, 1, 3)) for _ in each] for menu, each in rows.items()}
    kinds = [random.choice((0.05, 0.5, 3)) for _ in KINDS]
    bands = [random.choice((0.05, 0.5, 3)) for _ in BAND_NAMES]
    months, left = [], 0
    for month in MONTHS:
        counts = {menu: Counter() for menu in Menu}
        received = sum(random.random() < 0.5 for _ in range(int(level * random.uniform(0.6, 3) + random.random())))
        closed = min(left + received, sum(random.random() < 0.7 for _ in range(left + received)))
        left = max(0, left + received - closed + random.choice((0, 0, 0, 1, -1)))
        pick = {
            menu: random.choices(each, weights[menu], k=max(received, closed, left, 1))
            for menu, each in rows.items()
            if each
        }
        for n in range(received):
            (kind,) = random.choices(KINDS, kinds)
            counts[Menu.RECEIVED][ALL, ALL] += 1
            for menu in (Menu.RECEIVED_DISTRICT, Menu.RECEIVED_TOPIC):
                counts[menu][pick[menu][n], kind] += 1
            counts[Menu.RECEIVED_AGENCY][pick[Menu.RECEIVED_AGENCY][n], ALL] += 1
            if pick[Menu.RECEIVED_TOPIC][n] == OTHER:
                counts[Menu.SENSITIVE][random.choice(rows[Menu.SENSITIVE]), ALL] += 1
        for n in range(closed):
            counts[Menu.CLOSED][ALL, ALL] += 1
            counts[Menu.CLOSED_AGENCY][pick[Menu.CLOSED_AGENCY][n], ALL] += 1
        for n in range(left):
            counts[Menu.OPEN][ALL, ALL] += 1
            counts[Menu.OPEN_AGENCY][pick[Menu.OPEN_AGENCY][n], random.choices(BAND_NAMES, bands)[0]] += 1
        months.append((month, counts))
    return rows, months


def editions(seed):
    """The editions of a year, not audited."""
    rows, months = year(seed)
    found = []
    for month, counts in months:
        found.append(assemble("uji", month, rows, counts, found))
    return found
