"""A year of Kutai Timur, invented: who writes, who answers, who delays, passes on and stays silent, day by day.

Everything goes through the product's own acts on a real store; only people and days are made up, from one seed. Beside
each case stands a ledger of what was done to it, from which ``tests/actions/test_year.py`` calculates by itself.
"""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random

from functions.actions.clock.audit import Audit
from functions.actions.officer.join_cases import JoinCases
from functions.actions.officer.second_unit import SecondUnit
from functions.casework.access import Viewer
from functions.casework.case import Case, CaseHead
from functions.casework.directory.agencies import Role
from functions.casework.problems import Problem
from functions.casework.receipt import Receipt
from functions.casework.report import read_report
from functions.casework.stages import Stage
from functions.crypto.seal.public_keys import Purpose
from tests.depth import deep
from tests.world import World

CASES, SEED = deep(2_000, 160), 20_260_101
FIRST, LAST_REPORT, LAST = date(2026, 1, 2), date(2026, 12, 30), date(2027, 4, 30)
CORPUS = Path(__file__).parents[1] / "pii" / "words_corpus.json"
COORDINATOR = Viewer("kutim-1", "kutim", Role.COORDINATOR)
INSPECTOR = Viewer("inspektorat-1", "kutim-inspektorat", Role.INSPECTOR)
CENTRE = Viewer("pusat-1", "pusat", Role.CENTRE)
DESK = """SELECT case_id FROM cases WHERE holder = ? AND quarantined = 0 AND shredded = 0 AND stage NOT IN (?, ?)
    ORDER BY place"""
CLOSED = (Stage.SELESAI, Stage.DIARSIPKAN)
OUTCOMES = ("diperbaiki", "dijelaskan", "sebagian", "tidak_dapat", "duplikat")
# How likely each temper acts on a case of its desk on a working day.
TEMPERS = {"prompt": 0.45, "slow": 0.12, "silent": 0.0, "passing": 0.3}


@dataclass
class Told:
    """A case as its reporter and the simulation know it."""

    receipt: Receipt
    about: str
    withdrawn: bool = False
    temper: str = ""
    later: str = ""  # whom later words accuse, since when, and which mails had left the day before
    since: date = date.max
    mailed: frozenset[str] = frozenset()

    def about_on(self, day: date) -> str:
        """Whom it is about."""
        return self.later if day >= self.since else self.about


@dataclass
class Year:
    """The world, its cases by number, and every deadline that stood at the end of a day on which it was new."""

    world: World
    random: Random = field(default_factory=lambda: Random(SEED))  # noqa: S311 - one year, the same each time
    cases: dict[str, Told] = field(default_factory=dict)
    steps: int = 0
    refused: int = 0
    key: int = 0
    pairs: Random = field(default_factory=lambda: Random(SEED))  # noqa: S311 - of its own: what others draw stays
    last: dict[str, str] = field(default_factory=dict)

    def once(self) -> str:
        """The next key of a client."""
        self.key += 1
        return f"{self.key:032x}"


def live(folder: Path, each_day: Callable[[Year], None] = lambda _: None) -> Year:
    """Let the year pass. ``each_day`` is called at the end of each of its days."""
    year = Year(World(folder))
    desk = year.world.keys.private(Purpose.DESK)  # read once: nobody changes them in this year
    year.world.seat(lambda: desk)
    texts = [message["marked"] for message in json.loads(CORPUS.read_text())["messages"]]
    days = (LAST_REPORT - FIRST).days + 1
    day = FIRST
    while day <= LAST:
        year.world.today = day
        if day <= LAST_REPORT:
            passed = (day - FIRST).days
            for _ in range(CASES * (passed + 1) // days - CASES * passed // days):
                arrives(year, year.random.choice(texts))
        if day.weekday() < 5:
            for agency, case_id in at_desks(year):
                officer_acts(year, agency, case_id)
                works_together(year, agency, case_id)
        for case_id in sorted(year.cases):
            if year.random.random() < 0.03:
                reporter_acts(year, case_id)
        year.steps += year.world.remind()
        if day.day == 1:
            trail_of(year).anchor("kutim", day)
        each_day(year)
        day += timedelta(days=1)
    return year


def trail_of(year: Year) -> Audit:
    """The audit trail of the year."""
    return Audit(year.world.store, year.world.directory)


def arrives(year: Year, text: str) -> None:
    """A report comes in; one in six is about an agency."""
    world, random = year.world, year.random
    agencies = list(world.directory.agencies)
    typed = {
        "kind": random.choice(("pengaduan", "pengaduan", "aspirasi", "informasi")),
        "topic": random.choice(list(world.directory.topics)),
        "district": random.choice(list(world.directory.districts)),
        "body": text.replace("[", "").replace("]", ""),
        "about_agency": random.choice(agencies) if random.random() < 0.17 else "",
        "identity_mode": "anonim",
    }
    done = world.submit(read_report(typed, world.directory, world.today), bytes.fromhex(year.once()))
    assert done.receipt
    temper = random.choice(list(TEMPERS))
    year.cases[done.tracking_id] = Told(done.receipt, typed["about_agency"], temper=temper)


def at_desks(year: Year) -> Iterator[tuple[str, str]]:
    """The open cases of every desk, most urgent first, each desk as it stands when its turn comes: agency and number.

    Read off the store, since most of them nobody touches that day; who acts asks the product.
    """
    with closing(sqlite3.connect(year.world.folder / "lapor.sqlite")) as db:
        for agency in year.world.directory.agencies:
            for (case_id,) in db.execute(DESK, (agency, *CLOSED)).fetchall():
                yield agency, case_id


def staff(year: Year, agency: str) -> Viewer:
    """Whoever sits at a desk."""
    if agency in (COORDINATOR.agency, INSPECTOR.agency, CENTRE.agency):
        return {v.agency: v for v in (COORDINATOR, INSPECTOR, CENTRE)}[agency]
    ident = next((o.ident for o in year.world.officers if o.agency == agency and o.role is Role.OFFICER), f"{agency}-9")
    return Viewer(ident, agency, Role.OFFICER)


def officer_acts(year: Year, agency: str, case_id: str) -> None:
    """One working day at one case."""
    viewer, random = staff(year, agency), year.random
    temper = year.cases[case_id].temper
    sorting = viewer.role in (Role.COORDINATOR, Role.CENTRE)
    if random.random() > (0.5 if sorting and temper != "silent" else TEMPERS[temper] or 0.02):
        return
    try:
        (sorts if sorting else answers)(year, viewer, year.world.store.read_head(case_id))
    except Problem:
        year.refused += 1  # a recused colleague, nobody to hand it to: the case is as it was


def sorts(year: Year, viewer: Viewer, head: CaseHead) -> None:
    """The coordinator's, or the centre's."""
    world, random = year.world, year.random
    handle, notes = world.handle, world.notes
    if head.stage is Stage.DITAHAN:
        return
    what = random.random()
    if what < 0.1:
        handle.set_stage(viewer, head.case_id, "diverifikasi", "Laporan jelas.")
    elif what < 0.17:
        handle.set_stage(viewer, head.case_id, "ditahan", "Di mana tepatnya?")
    elif what < 0.21:
        handle.set_stage(viewer, head.case_id, "diarsipkan", "Bukan laporan.")
    elif what < 0.24:
        notes.recuse(viewer, head.case_id, "Keluarga saya.")
    elif what < 0.3:
        notes.oversee(viewer, head.case_id, "Pungutan liar.")
    elif targets := world.cases.read(viewer, head.case_id).targets:
        handle.handover(viewer, head.case_id, random.choice(targets).code, "Kewenangan dinas.")


def answers(year: Year, viewer: Viewer, head: CaseHead) -> None:
    """The unit's, or the inspectorate's."""
    world, random, case_id = year.world, year.random, head.case_id
    handle, notes = world.handle, world.notes
    if head.stage is Stage.DITAHAN and random.random() < 0.8:
        return
    what, passing = random.random(), year.cases[case_id].temper == "passing"
    if passing and what < 0.5:
        for target in world.cases.read(viewer, case_id).targets:
            handle.handover(viewer, case_id, target.code, "Bukan kewenangan kami.")
    elif what < 0.1:
        handle.set_stage(viewer, case_id, "ditahan", "Di km berapa?")
    elif what < 0.2:
        handle.set_stage(viewer, case_id, "diproses", "Tim turun besok.")
    elif what < 0.28:
        until = max(head.clock.due, year.world.today) + timedelta(days=random.randint(1, 30))
        handle.extend(viewer, case_id, until.isoformat(), "Menunggu bahan.")
    elif what < 0.3:
        notes.recuse(viewer, case_id, "Bidang saya sendiri.")
    elif what < 0.33:
        notes.note(viewer, case_id, "Alat berat baru Kamis.", year.once())
    elif what < 0.65:
        handle.reply(viewer, case_id, "Terima kasih, sedang kami periksa.", year.once())
    else:
        handle.close(viewer, case_id, random.choice(OUTCOMES), "Sudah kami jelaskan.")


def works_together(year: Year, agency: str, case_id: str) -> None:
    """Now and then a second unit is asked in, answers, steps out; or a case is joined into the desk's one before."""
    world, random = year.world, year.pairs
    if random.random() > 0.02:
        return
    viewer, ask, joined = staff(year, agency), SecondUnit(world.act), JoinCases(world.act, world.handle)
    try:
        view = world.cases.read(viewer, case_id)
        if random.random() < 0.4:
            into, year.last[agency] = year.last.get(agency, ""), case_id
            joined.part(viewer, case_id, "Ternyata lain.") if view.into else joined.join(viewer, case_id, into, "Sama.")
        elif second := view.head.desk_work.second:
            helper = staff(year, second)
            world.handle.reply(helper, case_id, "Bagian kami selesai.", year.once())
            ask(random.choice((helper, viewer)), case_id, "", "Bagian kami selesai.")
        elif view.seconds:
            ask(viewer, case_id, random.choice(view.seconds).code, "Bagian dinas itu.")
    except Problem:
        year.refused += 1


def reporter_acts(year: Year, case_id: str) -> None:
    """Now and then somebody comes back with his code."""
    told, random, talk = year.cases[case_id], year.random, year.world.converse
    if told.withdrawn:
        return
    moves = [move.value for move in talk.read(told.receipt).moves]
    what = random.choice([*moves, "nothing"])
    try:
        if what == "reply":
            talk.write(told.receipt, "Masih sama sampai hari ini.", year.once())
        elif what == "confirm":
            talk.verdict(told.receipt, "selesai", random.choice(("", "1", "3", "5")))
        elif what == "reopen":
            talk.verdict(told.receipt, "belum", reason="Belum ada yang datang.")
        elif what == "appeal":
            talk.appeal(told.receipt, "Tidak benar.")
        elif what == "withdraw" and random.random() < 0.05:
            talk.withdraw(told.receipt)
            told.withdrawn = True
    except Problem:
        year.refused += 1
    about = year.world.store.read_head(case_id).about_agency
    if about not in (told.about, told.later):
        told.later, told.since, told.mailed = about, year.world.today, frozenset(entry for entry, *_ in mails(year))


def mails(year: Year) -> list[tuple[str, str, str, str]]:
    """What waits to be mailed of cases: entry, agency, case and notice."""
    with closing(sqlite3.connect(year.world.folder / "lapor.sqlite")) as db:
        return db.execute("SELECT entry_id, agency, case_id, notice FROM outbox WHERE case_id <> ''").fetchall()


def read(year: Year, case_id: str) -> Case:
    """The case as it rests."""
    return year.world.store.read_case(case_id)
