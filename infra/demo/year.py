"""An invented year of Kutai Timur, day by day: stories, the clock's rounds, the barometer's editions.

The same seed and the same last day give the same year. What is random in the store is what keeps it sealed.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from heapq import heappop, heappush
from random import Random
from typing import Final

from functions.casework.directory.agencies import Role
from functions.casework.problems import Problem
from functions.casework.sealed_identity import TrustProblem
from functions.config.settings import Settings
from infra.demo.arrivals import LETTERS, Arrivals
from infra.demo.examples import write_examples
from infra.demo.office import Office
from infra.demo.press import Press
from infra.demo.remembered import remember_what_is_said
from infra.demo.story import Stories, Story

SEED: Final = 20_261_128
CASES: Final = 1_200
DAYS: Final = 400  # so that twelve whole months are counted
PUBLISHED: Final = (1, 15)  # the clock makes up for days on which it slept
COUNTED: Final = (1, 16)  # a month's end, and its edition; so far apart that one is counted before the next begins
DUE: Final = 8  # the day from which an edition may appear
REMINDED: Final = (0, 3)
RECENT: Final = 75  # days: what came later may still lie at its desk
MAIL: Final = range(20, DAYS, 60)  # days on which letters are taken in
Told = Callable[[int, int], None]


@dataclass
class Year:
    """What is played, and when. ``told`` gets each day's progress: days done, days in all."""

    office: Office
    last: date
    told: Told = lambda *_: None
    cases: int = CASES
    days: int = DAYS
    random: Random = field(default_factory=lambda: Random(SEED))  # noqa: S311 - an invented year, the same each time
    queue: list[tuple[date, int, Story]] = field(default_factory=list)
    made: int = 0
    refused: int = 0

    def __post_init__(self) -> None:
        """Ready those who write, those who answer, and the press."""
        self.press = Press()
        self.arrivals = Arrivals(self.office, self.random)
        self.stories = Stories(self.office, self.random, self.arrivals, self._later)

    def play(self) -> None:
        """Let the year pass, up to and with the last day."""
        first = self.last - timedelta(days=self.days)
        online = self.cases - LETTERS * sum(day < self.days for day in MAIL)
        for n in range(online):
            day = first + timedelta(days=n * self.days // online)
            self._queue(day, self.stories.online(recent=self._recent(day)))
        for passed in range(self.days + 1):
            self.office.day = first + timedelta(days=passed)
            if passed in MAIL and passed < self.days:
                self._letters()
            self._tell()
            self._clock()
            self.told(passed + 1, self.days + 1)
        self._take_edition()

    def end(self) -> None:
        """Leave what only the end of a year shows, and no notices; then write the file."""
        asked = self._ask_for_a_name()
        self.office.drop_letters()
        self.office.figures()
        write_examples(self.office, self.arrivals.receipts, asked, self.arrivals.pictured)
        self.office.store.finish()

    def _recent(self, day: date) -> bool:
        return (self.last - day).days < RECENT

    def _letters(self) -> None:
        day = self.office.day
        for case in self.arrivals.letters(self.office.settings.data_dir / "surat" / f"surat-{day}.csv"):
            self._queue(day, self.stories.goes_on(case, recent=self._recent(day)))

    def _tell(self) -> None:
        office = self.office
        while self.queue and self.queue[0][0] <= office.day:
            _, _, story = heappop(self.queue)
            try:
                self._later(next(story), story)
            except StopIteration:
                continue
            except Problem:  # an officer with a stake, a case that moved meanwhile
                self.refused += 1

    def _clock(self) -> None:
        office = self.office
        if office.day.weekday() in REMINDED:
            office.remind()
        if office.day.day in PUBLISHED or office.day == self.last:  # else the product's clock would, and freeze again
            office.publish()
        if office.day.day in COUNTED or (office.day == self.last and DUE <= office.day.day < max(COUNTED)):
            self._take_edition()
            self.press.begin(office.count_and_publish)

    def _take_edition(self) -> None:
        """Write what was counted and made beside the year."""
        self.office.store.write_registers(self.press.made())

    def _later(self, days: int, story: Story) -> None:
        self._queue(self.office.day + timedelta(days=days), story)

    def _queue(self, day: date, story: Story) -> None:
        self.made += 1
        heappush(self.queue, (day, self.made, story))

    def _ask_for_a_name(self) -> str:
        """Leave one request for an identity waiting: for the custodians, and for its reporter's yes. Returns its case,
        "" if no name was left."""
        custodian = next(viewer for (_, role), viewer in self.office.officers.items() if role is Role.CUSTODIAN)
        for case_id in reversed(self.arrivals.trusted):
            with suppress(Problem, TrustProblem):
                self.office.custody.ask(custodian, case_id, "Perlu mencocokkan satu nama dengan berkas pengaduan.")
                return case_id
        return ""


def play_all(settings: Settings, last: date, hour: int, told: Told, cases: int = CASES, days: int = DAYS) -> int:
    """Play the year into the store of the settings. Returns how many acts were refused."""
    remember_what_is_said()
    year = Year(Office(settings, last, hour), last, told, cases, days)
    year.play()
    year.end()
    return year.refused
