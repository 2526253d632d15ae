"""An invented year of Kutai Timur: who writes, who answers, who delays, and who is never heard of again.

Each case is a story: a generator that acts and yields how many days it waits. All acts are the product's own, so what
it refuses does not happen. The same seed gives the same year.
"""

import tomllib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from heapq import heappop, heappush
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from random import Random
from typing import Any, Final

from functions.casework.case import Mode
from functions.casework.channel import Channel, Contact
from functions.casework.deadlines.workdays import is_workday
from functions.casework.directory.agencies import Role
from functions.casework.problems import Problem
from functions.casework.receipt import Receipt
from functions.casework.report import Report, read_report
from functions.casework.sealed_identity import TrustProblem
from functions.casework.stages import Stage
from functions.config.settings import Settings
from infra.demo.office import Office, make_edition

SEED: Final = 20_261_128
CASES: Final = 1_200
DAYS: Final = 400  # so that twelve whole months are counted
HALVES: Final = 2  # of the cases, each played by a process of its own
COUNTED: Final = (1, 8, 15, 22)  # the clock makes up for days on which it slept
REMINDED: Final = (0, 2, 4)
WORDS: Final = Path(__file__).with_name("words.toml")
PARTS: Final = {"accuses": 0.09, "sms": 0.08, "trust": 0.03, "public": 0.05, "appeals": 0.3}
LATE: Final = {"never": 0.04, "slow": 0.16, "fair": 0.35, "quick": 0.45}
PACE: Final = {"never": (20, 40), "slow": (4, 22), "fair": (1, 9), "quick": (0, 4)}
RECENT: Final = 75  # days: what came later may still lie at its desk
TIDIED: Final = 70  # days after which somebody above closes what got stuck
Story = Iterator[int]
Told = Callable[[int, int], None]


@dataclass
class Year:
    """One half of what is played; the first one has the clock, too. ``meet`` waits for the other, twice a day.

    ``told`` gets each day's progress: days done, days in all.
    """

    office: Office
    last: date
    told: Told = lambda *_: None
    cases: int = CASES
    days: int = DAYS
    half: int = 0
    meet: Callable[[], object] = lambda: None
    random: Random = field(init=False)
    words: dict[str, Any] = field(default_factory=lambda: tomllib.loads(WORDS.read_text(encoding="utf-8")))
    trusted: list[str] = field(default_factory=list)
    queue: list[tuple[date, int, Story]] = field(default_factory=list)
    made: int = 0
    refused: int = 0
    beside: BaseProcess | None = None

    def __post_init__(self) -> None:
        """Take the half's own seed."""
        self.random = Random(SEED + self.half)  # noqa: S311 - an invented year, the same each time

    def play(self) -> None:
        """Let the year pass, up to and with the last day."""
        first = self.last - timedelta(days=self.days)
        for n in range(self.half, self.cases, HALVES):
            day = first + timedelta(days=n * self.days // self.cases)
            self._queue(day, self._story(recent=(self.last - day).days < RECENT))
        for passed in range(self.days + 1):
            self.office.day = first + timedelta(days=passed)
            self._stories()
            self.meet()
            if not self.half:
                self._clock()
            self.meet()
            self.told(passed + 1, self.days + 1)

    def end(self) -> None:
        """Leave what only the end of a year shows, and no letters."""
        self._join()
        self._asks_for_a_name()
        self.office.drop_letters()
        self.office.figures()

    def _stories(self) -> None:
        office = self.office
        while self.queue and self.queue[0][0] <= office.day:
            _, _, story = heappop(self.queue)
            try:
                self._queue(office.day + timedelta(days=next(story)), story)
            except StopIteration:
                continue
            except Problem:  # an officer with a stake, a case that moved meanwhile
                self.refused += 1

    def _clock(self) -> None:
        office = self.office
        if office.day.weekday() in REMINDED:
            office.remind()
        if office.day.day in COUNTED:
            office.publish()
            office.count()
            self._edition()

    def _edition(self) -> None:
        """Make the month's edition beside the year that goes on: it reads only what was counted."""
        self._join()
        self.beside = get_context("fork").Process(target=make_edition, args=(self.office.settings, self.office.day))
        self.beside.start()

    def _join(self) -> None:
        if self.beside:
            self.beside.join()

    def _queue(self, day: date, story: Story) -> None:
        self.made += 1
        heappush(self.queue, (day, self.made, story))

    def _asks_for_a_name(self) -> None:
        """Leave one request for an identity waiting: for the custodians, and for its reporter's yes."""
        custodian = next(viewer for (_, role), viewer in self.office.officers.items() if role is Role.CUSTODIAN)
        for case_id in reversed(self.trusted):
            with suppress(Problem, TrustProblem):
                self.office.custody.ask(custodian, case_id, "Perlu mencocokkan satu nama dengan berkas pengaduan.")
                return

    def key(self) -> str:
        """Return the next key of a client."""
        return f"{self.random.getrandbits(128):032x}"

    def say(self, what: str) -> str:
        """Return one of the usual sentences."""
        return str(self.random.choice(self.words[what]))

    def _story(self, *, recent: bool) -> Story:
        random, office = self.random, self.office
        matter = random.choice(self.words["matters"])
        receipt, case_id = self._arrives(matter)
        pace = random.choices(list(LATE), list(LATE.values()))[0]
        stays = pace == "never" and recent
        if stays and random.random() < 0.4:  # noqa: PLR2004 - not even sorted
            return
        if not recent:
            self._queue(office.day + timedelta(days=TIDIED), self._tidied(case_id))
        yield from self._workdays(random.randint(0, 3))
        yield from self._sorted(case_id, matter)
        if stays:
            return
        least, most = PACE[pace]
        yield from self._workdays(random.randint(least, most))
        yield from self._answered(receipt, case_id, matter, most)
        yield random.randint(0, 9)
        yield from self._judged(receipt, case_id, matter, most)
        if random.random() < PARTS["public"] and office.store.read_head(case_id).stage is Stage.SELESAI:
            yield from self._published(receipt, case_id, matter)

    def _arrives(self, matter: dict[str, str]) -> tuple[Receipt, str]:
        random, office = self.random, self.office
        places = self.words["places"]
        place = random.choice(places.get(matter["topic"], places["any"]))
        accused = random.choice(list(office.directory.agencies)) if random.random() < PARTS["accuses"] else ""
        trusts = not accused and random.random() < PARTS["trust"]
        typed = {
            "kind": random.choices(("pengaduan", "aspirasi", "informasi"), (8, 1, 1))[0],
            "topic": matter["topic"],
            "district": random.choice(list(office.directory.districts)),
            "subject": matter["subject"],
            "body": matter["body"].format(tempat=place, lama=self.say("spans")),
            "place": place,
            "about_agency": accused,
            "identity_mode": Mode.RAHASIA if trusts else Mode.ANONIM,
        }
        typed |= {"name": "Warga Contoh", "contact": "warga@contoh.example.id"} if trusts else {}
        report: Report = read_report(typed, office.directory, office.day)
        contact = None
        if not trusts and random.random() < PARTS["sms"]:
            contact = Contact(Channel.SMS, f"+62812000{random.randint(0, 99_999):05d}")
            report = replace(report, subject="", place="")
        done = office.submit(report, bytes.fromhex(self.key()), contact=contact)
        if trusts:
            self.trusted.append(done.tracking_id)
        assert done.receipt  # noqa: S101 - a report in clear has one
        return done.receipt, done.tracking_id

    def _sorted(self, case_id: str, matter: dict[str, str]) -> Story:
        """The desk that sorts asks, archives, or hands over to the unit of the topic."""
        random, office = self.random, self.office
        head = office.store.read_head(case_id)
        sorter = office.staff(head.holder)
        chance = random.random()
        if chance < 0.04:  # noqa: PLR2004 - shares of a year
            office.handle.set_stage(sorter, case_id, "diarsipkan", "Isinya bukan laporan.")
            return
        if chance < 0.3:  # noqa: PLR2004
            office.handle.set_stage(sorter, case_id, "diverifikasi", "Laporan jelas.")
            yield from self._workdays(1)
        unit = office.directory.topics[matter["topic"]].unit
        targets = [target.code for target in office.act.cases.read(sorter, case_id).targets]
        if targets:
            agency = unit if unit in targets else random.choice(targets)
            office.handle.handover(sorter, case_id, agency, self.say("handed"))

    def _answered(self, receipt: Receipt, case_id: str, matter: dict[str, str], most: int) -> Story:
        """The holder answers, asks, works, takes longer, and closes."""
        random, office = self.random, self.office
        viewer = office.staff(office.store.read_head(case_id).holder)
        handle = office.handle
        if random.random() < 0.2:  # noqa: PLR2004
            handle.set_stage(viewer, case_id, "ditahan", self.say("questions"))
            yield random.randint(1, 6)
            office.converse.write(receipt, self.say("more"), self.key())
            yield from self._workdays(1)
        handle.reply(viewer, case_id, matter["answer"], self.key())
        yield from self._workdays(random.randint(1, 3))
        if random.random() < 0.5:  # noqa: PLR2004
            handle.set_stage(viewer, case_id, "diproses", matter["answer"])
        if random.random() < 0.3:  # noqa: PLR2004
            yield random.randint(1, 3)
            office.converse.write(receipt, self.say("more"), self.key())
        if random.random() < 0.12:  # noqa: PLR2004
            until = max(office.store.read_head(case_id).clock.due, office.day) + timedelta(days=10)
            handle.extend(viewer, case_id, until.isoformat(), self.say("extended"))
        yield from self._workdays(random.randint(1, 4 + most // 2))
        self._closes(case_id, matter)

    def _closes(self, case_id: str, matter: dict[str, str]) -> None:
        random, office = self.random, self.office
        viewer = office.staff(office.store.read_head(case_id).holder)
        topic = office.directory.topics[matter["topic"]]
        fixed = "sebagian" if topic.public_work else "diperbaiki"  # a work that is mended needs its photo
        outcome = random.choices((fixed, "dijelaskan", "tidak_dapat"), (7, 2, 1))[0]
        office.handle.close(viewer, case_id, outcome, matter["done"])

    def _tidied(self, case_id: str) -> Story:
        """Close what is still open after a long time: an appeal, or a case that got stuck."""
        yield from self._workdays(0)
        office, head = self.office, self.office.store.read_head(case_id)
        if not head.open:
            return
        viewer = office.staff(head.holder)
        if viewer.role in (Role.COORDINATOR, Role.CENTRE):
            office.handle.set_stage(viewer, case_id, "diarsipkan", "Sudah ditangani lewat laporan lain.")
        else:
            office.handle.close(viewer, case_id, "dijelaskan", "Sudah kami jelaskan dan kami periksa di tempat.")

    def _judged(self, receipt: Receipt, case_id: str, matter: dict[str, str], most: int) -> Story:
        """The reporter is content, is not, appeals, or stays silent."""
        random, talk = self.random, self.office.converse
        chance = random.random()
        if chance < 0.42:  # noqa: PLR2004
            talk.verdict(receipt, "selesai", random.choices(("", "2", "3", "4", "5"), (3, 1, 2, 4, 4))[0])
        elif chance < 0.58:  # noqa: PLR2004
            talk.verdict(receipt, "belum", reason=self.say("not_done"))
            yield from self._workdays(random.randint(2, 5 + most // 2))
            self._closes(case_id, matter)
            yield random.randint(0, 6)
            if random.random() < PARTS["appeals"]:
                talk.appeal(receipt, self.say("not_done"))
            else:
                talk.verdict(receipt, "selesai", "3")

    def _published(self, receipt: Receipt, case_id: str, matter: dict[str, str]) -> Story:
        office = self.office
        office.consent.wish(receipt)
        yield from self._workdays(2)
        viewer = office.staff(office.store.read_head(case_id).holder)
        summary = matter["body"].format(tempat="di kecamatan ini", lama="beberapa waktu")
        n = office.draft.draft(viewer, case_id, summary, matter["done"], "yes")
        yield 2
        with suppress(Problem):
            office.consent.agree(receipt, str(n))

    def _workdays(self, count: int) -> Story:
        """Wait some working days; acts happen on a day on which offices work."""
        day, days_off = self.office.day, self.office.directory.holidays
        left, waits = count, 0
        while left > 0 or not is_workday(day + timedelta(days=waits), days_off):
            waits += 1
            left -= is_workday(day + timedelta(days=waits), days_off)
        if waits:
            yield waits


def play_all(settings: Settings, last: date, hour: int, told: Told, cases: int = CASES, days: int = DAYS) -> int:
    """Play both halves, each in a process of its own. Returns how many acts of the first were refused.

    Raises BrokenBarrierError if the other half ended early.
    """
    context = get_context("fork")
    barrier = context.Barrier(HALVES)

    def second() -> None:
        try:
            Year(Office(settings, last, hour), last, cases=cases, days=days, half=1, meet=barrier.wait).play()
        except BaseException:
            barrier.abort()
            raise

    other = context.Process(target=second)
    other.start()
    year = Year(Office(settings, last, hour), last, told, cases=cases, days=days, meet=barrier.wait)
    year.play()
    other.join()
    year.end()
    return year.refused
