"""What becomes of one invented case: who sorts it, who answers, who delays, what its reporter says of the outcome.

A story is a generator that acts and yields how many days it waits. All acts are the product's own, so what it refuses
does not happen.
"""
# ruff: noqa: PLR2004 - the numbers are shares of a year's cases, each beside what it is the share of

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Final

from functions.casework.access import rights
from functions.casework.deadlines.workdays import is_workday
from functions.casework.directory.agencies import Role
from functions.casework.problems import Problem
from functions.casework.stages import Stage
from infra.demo.arrivals import Arrivals, Arrived
from infra.demo.office import Office
from infra.demo.photo import draw_road

LATE: Final = {"never": 0.04, "slow": 0.16, "fair": 0.35, "quick": 0.45}
PACE: Final = {"never": (20, 40), "slow": (4, 22), "fair": (1, 9), "quick": (0, 4)}
PUBLIC: Final = 0.05
APPEALS: Final = 0.3
TIDIED: Final = 70  # days after which somebody above closes what got stuck
Story = Iterator[int]


@dataclass
class Stories:
    """Tells stories on an office. ``later`` takes up a story after some days."""

    office: Office
    random: Random
    arrivals: Arrivals
    later: Callable[[int, Story], None]

    def online(self, *, recent: bool) -> Story:
        """Tell of a report by form or SMS. A ``recent`` one may still lie at its desk."""
        yield from self.goes_on(self.arrivals.online(recent=recent), recent=recent)

    def goes_on(self, case: Arrived, *, recent: bool) -> Story:
        """Tell what happens to a case that has arrived."""
        random = self.random
        pace = random.choices(list(LATE), list(LATE.values()))[0]
        stays = pace == "never" and recent
        if stays and random.random() < 0.4:  # not even sorted
            return
        if not recent:
            self.later(TIDIED, self._tidied(case.case_id))
        yield from self._workdays(random.randint(1, 3))
        yield from self._sorted(case)
        if stays:
            return
        least, most = PACE[pace]
        yield from self._workdays(random.randint(least, most))
        yield from self._answered(case, most)
        yield random.randint(0, 9)
        yield from self._judged(case, most)
        if random.random() < PUBLIC and self.office.store.read_head(case.case_id).stage is Stage.SELESAI:
            yield from self._published(case)

    def _sorted(self, case: Arrived) -> Story:
        """The desk that sorts asks, archives, or hands over to the unit of the topic."""
        random, office, case_id = self.random, self.office, case.case_id
        sorter = office.staff(office.store.read_head(case_id).holder)
        chance = random.random()
        if chance < 0.04:
            office.handle.set_stage(sorter, case_id, "diarsipkan", "Isinya bukan laporan.")
            return
        if chance < 0.3:
            office.handle.set_stage(sorter, case_id, "diverifikasi", "Laporan jelas.")
            yield from self._workdays(1)
        head = office.store.read_head(case_id)
        duty = rights(sorter, head, office.directory).duty
        targets = [target.code for target in office.act.cases.targets(head, duty)] if duty else []
        if targets:
            unit = office.directory.topics[case.matter["topic"]].unit
            watching = [code for code in targets if (code, Role.INSPECTOR) in office.officers]
            agency = unit if unit in targets else random.choice(watching or targets)
            office.handle.handover(sorter, case_id, agency, self.arrivals.say("handed"))

    def _answered(self, case: Arrived, most: int) -> Story:
        """The holder answers, asks, works, takes longer, and closes."""
        random, office, arrivals, case_id = self.random, self.office, self.arrivals, case.case_id
        viewer = office.staff(office.store.read_head(case_id).holder)
        handle = office.handle
        if random.random() < 0.2:
            handle.set_stage(viewer, case_id, "ditahan", arrivals.say("questions"))
            yield random.randint(1, 6)
            office.converse.write(case.receipt, arrivals.say("more"), arrivals.key())
            yield from self._workdays(1)
        handle.reply(viewer, case_id, case.matter["answer"], arrivals.key())
        yield from self._workdays(random.randint(1, 3))
        if random.random() < 0.5:
            handle.set_stage(viewer, case_id, "diproses", case.matter["answer"])
        if random.random() < 0.3:
            yield random.randint(1, 3)
            office.converse.write(case.receipt, arrivals.say("more"), arrivals.key())
        if random.random() < 0.12:
            until = max(office.store.read_head(case_id).clock.due, office.day) + timedelta(days=10)
            handle.extend(viewer, case_id, until.isoformat(), arrivals.say("extended"))
        yield from self._workdays(random.randint(1, 4 + most // 2))
        self._closes(case)

    def _closes(self, case: Arrived) -> None:
        """Close with an outcome; where the reporter sent a photo, with one of the mended road."""
        office, arrivals = self.office, self.arrivals
        viewer = office.staff(office.store.read_head(case.case_id).holder)
        pictured = case.case_id in arrivals.pictured
        if pictured:
            photo = draw_road(arrivals.pictured.index(case.case_id), mended=True)
            office.handle.attach(viewer, case.case_id, photo, arrivals.key())
        topic = office.directory.topics[case.matter["topic"]]
        fixed = "sebagian" if topic.public_work and not pictured else "diperbaiki"  # a mended work needs its photo
        outcome = self.random.choices((fixed, "dijelaskan", "tidak_dapat"), (7, 2, 1))[0]
        office.handle.close(viewer, case.case_id, fixed if pictured else outcome, case.matter["done"])

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

    def _judged(self, case: Arrived, most: int) -> Story:
        """The reporter is content, is not, appeals, or stays silent."""
        random, talk, receipt = self.random, self.office.converse, case.receipt
        chance = random.random()
        if chance < 0.42:
            talk.verdict(receipt, "selesai", random.choices(("", "2", "3", "4", "5"), (3, 1, 2, 4, 4))[0])
        elif chance < 0.58:
            talk.verdict(receipt, "belum", reason=self.arrivals.say("not_done"))
            yield from self._workdays(random.randint(2, 5 + most // 2))
            self._closes(case)
            yield random.randint(0, 6)
            if random.random() < APPEALS:
                talk.appeal(receipt, self.arrivals.say("not_done"))
            else:
                talk.verdict(receipt, "selesai", "3")

    def _published(self, case: Arrived) -> Story:
        """The reporter wishes a public text, the officer writes it, the reporter agrees."""
        office, matter = self.office, case.matter
        office.consent.wish(case.receipt)
        yield from self._workdays(2)
        viewer = office.staff(office.store.read_head(case.case_id).holder)
        summary = matter["body"].format(tempat="di kecamatan ini", lama="beberapa minggu")
        n = office.draft.draft(viewer, case.case_id, summary, matter["done"], "yes")
        yield 2
        with suppress(Problem):
            office.consent.agree(case.receipt, str(n))

    def _workdays(self, count: int) -> Story:
        """Wait some working days; acts happen on a day on which offices work."""
        day, days_off = self.office.day, self.office.holidays
        left, waits = count, 0
        while left > 0 or not is_workday(day + timedelta(days=waits), days_off):
            waits += 1
            left -= is_workday(day + timedelta(days=waits), days_off)
        if waits:
            yield waits
