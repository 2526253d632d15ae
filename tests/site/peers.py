"""A year in which agencies can be compared, by the product's own rules: six with many reports, two of them alike in
everything; six with some, of which the audit folds one away; and four with too few to be compared."""

from datetime import date, timedelta

from functions.casework.barometer.edition import Edition
from functions.casework.barometer.months import add_months
from functions.casework.case import CaseHead, Kind, Outcome
from functions.casework.directory.agencies import Directory
from functions.casework.stages import Stage
from tests.site.edition import FIRST, made_of
from tests.storage.examples import make_head

MONTHS = tuple(add_months(FIRST, n) for n in range(12))
MANY, SOME, FEW = 34, 12, 11  # reports a month
# How many of a hundred reports are done in time, are opened again, and please their reporter; what is alike is a tie.
LARGE = ((85, 10, 80), (85, 10, 80), (70, 20, 60), (95, 3, 90), (40, 35, 30), (75, 12, 70))
MIDDLE = ((80, 15, 75), (60, 15, 50), (70, 20, 65), (90, 12, 85), (50, 20, 45), (65, 12, 60))
SMALL = ((55, 45, 55),) * 4


def offices(directory: Directory, middle: int = len(MIDDLE)) -> dict[str, tuple[int, tuple[int, int, int]]]:
    """By agency how many reports it gets a month, and how well it does. Agencies with few get them in four months.
    ``middle``: how many of those with some reports there are."""
    quiet = directory.agencies["kutim"].inspectorate
    codes = iter(unit.code for unit in directory.units("kutim") if unit.code != quiet)
    each = [(MANY, how) for how in LARGE] + [(SOME, how) for how in MIDDLE[:middle]] + [(FEW, how) for how in SMALL]
    return {next(codes): office for office in each}


def cases(directory: Directory, middle: int = len(MIDDLE)) -> list[CaseHead]:
    """All reports of the year, closed after ten days or after sixty."""
    found = []
    for code, (count, how) in offices(directory, middle).items():
        for place, month in enumerate(MONTHS):
            if count > FEW or place % 3 == 1:
                found += [_case(directory, code, month, n, how) for n in range(count)]
    return found


def _case(directory: Directory, code: str, month: str, n: int, how: tuple[int, int, int]) -> CaseHead:
    received = date.fromisoformat(f"{month}-01") + timedelta(days=n % 28)
    luck = (n * 37 + int(month[-2:]) * 11) % 100
    in_time, again, pleased = (luck < share for share in how)
    took = 10 if in_time else 60
    plain = [topic.code for topic in directory.topics.values() if not topic.sensitive]
    return make_head(
        instance="kutim",
        holder=code,
        kind=list(Kind)[n % 3],
        topic=plain[n % 4],
        district=list(directory.districts)[n % 5],
        received_on=received,
        due=received + timedelta(days=20),
        answered_on=received + timedelta(days=took // 2),
        stage=Stage.SELESAI,
        closed_on=received + timedelta(days=took),
        closed_due=received + timedelta(days=20),
        outcome=Outcome.DIPERBAIKI if n % 2 else Outcome.DIJELASKAN,
        confirmed=pleased,
        lapsed=not pleased,
        rating=5 if pleased else 1,
        reopened=int(again),
    )


def peers(directory: Directory, middle: int = len(MIDDLE)) -> Edition:
    """The year's last edition."""
    return made_of(cases(directory, middle), directory, MONTHS)
