"""How many letters a day a nation sends: ``python -m tests.bench.letters`` lives some weeks of the simulated year with the
courier, once with digests and once without.

Five or six reports come in a day, as in an average government of 700 with 3,500 a day. Counted is the second half of the
days, on working days alone, when as much ends as begins.
"""

import sys
from collections import Counter
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from statistics import mean
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from functions.casework.deadlines.digests import AT_ONCE, Digests
from functions.casework.deadlines.workdays import is_workday
from tests.actions import year as simulated

REPORTS_YEAR, DAYS, GOVERNMENTS = 2_000, 60, 700
HOURS = range(6, 19, 2)  # local ones at which the courier looks: each hour would tell the same
HOUR = 3600


class EnoughError(Exception):
    """The days that were asked for are over."""


def letters_by_day(digests: Digests, days: int = DAYS, reports: int = REPORTS_YEAR) -> Counter[date]:
    """Return the letters that left on each day."""
    sent, seen = Counter[date](), 0

    def courier(year: simulated.Year) -> None:
        nonlocal seen
        world = year.world
        mail = replace(world.deliver.officers, digests=digests)
        world.deliver = replace(world.deliver, officers=mail)
        for hour in HOURS:
            moment = datetime.combine(world.today, time(hour), ZoneInfo(digests.timezone))
            world.seconds = int(moment.timestamp()) // HOUR * HOUR
            world.run_courier()
        sent[world.today], seen = len(world.mailbox.letters) - seen, len(world.mailbox.letters)
        if (world.today - simulated.FIRST).days >= days:
            raise EnoughError

    simulated.CASES = reports
    with TemporaryDirectory() as folder:
        try:
            simulated.live(Path(folder), courier)
        except EnoughError:
            return sent
    return sent


def per_workday(sent: Counter[date]) -> float:
    """Return the letters of a usual working day: the mean of the second half."""
    later = sorted(sent)[len(sent) // 2 :]
    return mean(sent[day] for day in later if is_workday(day))


def main() -> int:
    """Print both. Return the exit status."""
    for name, digests in (("with digests", Digests()), ("without", AT_ONCE)):
        sent = letters_by_day(digests)
        usual, most = per_workday(sent), max(sent.values())
        nation = f"of {GOVERNMENTS} governments {GOVERNMENTS * usual:9,.0f}, at most {GOVERNMENTS * most:9,}"
        sys.stdout.write(f"{name:14} {usual:6.1f} letters on a working day, at most {most}; {nation}\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
