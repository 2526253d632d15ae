"""Law 5 through the actions, over random trees: every read path, every act and every letter, with real store and keys.

The cases lie where the product put them, or, as after a change of the directory, on any desk, the accused's among
them. What each officer may see is worked out by ``conflict.accused`` and compared with all that he is shown.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import product
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.actions.common.decrypted_case import OpenedCase
from functions.actions.courier.circuit import Circuit
from functions.actions.courier.deliver import Deliver
from functions.actions.courier.officers_mail import OfficersMail
from functions.actions.custodian.custody import Custody
from functions.actions.officer import case_lists, views
from functions.actions.officer.case_act import CaseAct
from functions.actions.officer.case_lists import CaseLists
from functions.actions.officer.handle_case import HandleCase
from functions.actions.officer.join_cases import JoinCases
from functions.actions.officer.lift_guard import LiftGuard
from functions.actions.officer.read_case import ReadCase
from functions.actions.officer.second_unit import SecondUnit
from functions.actions.officer.transfer import Transfer
from functions.actions.officer.unmask import Unmask, waiting
from functions.actions.reporter.converse import Converse
from functions.actions.reporter.submit import Submit
from functions.casework.access import Viewer, transfer_targets
from functions.casework.case import CaseHead, Event, EventKind
from functions.casework.directory.agencies import AgencyKind, Directory, Officer, Role
from functions.casework.problems import NotFoundProblem
from functions.casework.receipt import Receipt
from functions.casework.report import read_report
from functions.casework.stages import CLOSED, Actor, Duty, Move, Stage
from functions.casework.understanding.words import Words
from functions.crypto.ops.key_directory import KeyDirectory
from functions.crypto.seal.public_keys import Purpose
from functions.storage.blobs.folder import DirBlobs
from functions.storage.interface import Append, Scope
from functions.storage.sqlite.store import SqliteStore
from tests.case_heads import changed
from tests.casework.conflict import accused, below, directories
from tests.depth import deep
from tests.prepared import put_empty_file
from tests.room import in_memory
from tests.world import Mailbox

TODAY = date(2026, 11, 25)
REASON = "Alasan apa pun."
PAGE = 1  # small, so that a handful of cases makes pages
STAFF = {AgencyKind.UNIT: Role.OFFICER, AgencyKind.INSTANCE: Role.COORDINATOR, AgencyKind.CENTRE: Role.CENTRE}


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> KeyDirectory:
    """The keys of every instance a random tree can have."""
    found = KeyDirectory(tmp_path_factory.mktemp("keys"))
    for purpose, instance in product(Purpose, ("i0", "i1", "i2")):
        found.generate(purpose, instance)
    return found


class Land:
    """A random tree with an officer of every role in every agency."""

    def __init__(self, folder: Path, keys: KeyDirectory, directory: Directory) -> None:
        self.directory, self.seconds = directory, 1_795_570_000
        self.store, self.blobs, self.mailbox = SqliteStore(folder / "lapor.sqlite"), DirBlobs(folder), Mailbox()
        put_empty_file(folder / "lapor.sqlite")
        private = {purpose: keys.private(purpose) for purpose in Purpose}
        public = keys.public()
        self.officers = tuple(
            Officer(f"{code}-{role}", f"{role}@{code}.example.id", code, role)
            for code, role in product(directory.agencies, Role)
        )
        self.submit = Submit(self.store, lambda: public, directory, lambda: TODAY)
        self.converse = Converse(self.store, self.blobs, lambda: public, directory, lambda: TODAY)
        self.cases = ReadCase(self.store, self.blobs, lambda: private[Purpose.DESK], directory, lambda: TODAY)
        self.lists, self.act = CaseLists(self.cases), CaseAct(self.cases, lambda: public)
        self.handle = HandleCase(self.act)
        self.lifting, self.transfer = LiftGuard(self.act), Transfer(self.act)
        self.custody = Custody(self.store, lambda: private[Purpose.IDENTITY], directory, lambda: TODAY)
        self.deliver = Deliver(
            store=self.store,
            mailer=self.mailbox,
            officers=OfficersMail(
                store=self.store,
                directory=directory,
                officers=self.officers,
                courier_keys=private[Purpose.COURIER],
                link_keys=private[Purpose.LINKS],
                public_keys=lambda: public,
                url="http://127.0.0.1:8000",
                say_day=lambda moment: moment.date().isoformat(),
                now=lambda: self.seconds,
            ),
            notifiers={},
            courier_keys=private[Purpose.COURIER],
            now=lambda: self.seconds,
            pause=lambda _: None,
            circuit=Circuit(lambda: self.seconds),
        )

    def report(self, district: str, about: str, *, trusted: bool = False, flood: bool = False) -> tuple[Receipt, str]:
        """Send a report in; its receipt and its number."""
        typed = {"kind": "pengaduan", "topic": "jalan", "district": district, "about_agency": about, "body": "Gelap."}
        if trusted:
            typed |= {"identity_mode": "rahasia", "name": "Siti Khayalan", "contact": "0812 0000 0000"}
        done = self.submit(read_report(typed, self.directory, TODAY), bytes.fromhex(token_hex(16)), suspicious=flood)
        assert done.receipt is not None
        return done.receipt, done.tracking_id

    def put(self, case_id: str, holder: str, stage: Stage) -> None:
        """Lay a case on a desk, asking no guard."""
        case = self.store.read_case(case_id)
        opened = OpenedCase(case, self.cases.case_key(case.head))
        closed = TODAY if stage in CLOSED else None
        head = changed(case.head, holder=holder, stage=stage, version=case.head.version + 1, closed_on=closed)
        sealed = opened.seal(head.version, EventKind.STAGE, Words({"reason": REASON}))
        event = Event(head.version, EventKind.STAGE, Actor.SYSTEM, TODAY, stage, sealed)
        self.store.append(Append(head, (event,), ()), case.head.version)

    def run_courier(self) -> None:
        while self.deliver.run_once("courier"):
            pass

    def told(self, case_id: str) -> set[str]:
        """The agencies whose officers got a letter about this case."""
        at = {officer.email: officer.agency for officer in self.officers}
        return {at[letter.to] for letter in self.mailbox.letters if case_id in letter.text}

    def guilty(self, head: CaseHead) -> set[str]:
        return accused(self.directory, head.about_agency)

    def sees(self, viewer: Viewer, head: CaseHead) -> bool:
        """The rule in plain words: never the accused or a custodian; who holds it, and who coordinates."""
        if viewer.agency in self.guilty(head) or viewer.role in (Role.CUSTODIAN, Role.CLERK, Role.OVERSEER):
            return False
        return viewer.agency == head.holder or (viewer.role is Role.COORDINATOR and viewer.agency == head.instance)

    def viewers(self) -> Iterator[Viewer]:
        for officer in self.officers:
            yield Viewer(officer.ident, officer.agency, officer.role)


@dataclass(frozen=True)
class Spec:
    """A case to make: whose district, about whom, and on which desk it lies ("" where the product put it)."""

    instance: str
    about: str
    holder: str
    stage: Stage
    flood: bool
    trusted: bool


@st.composite
def lands(draw: st.DrawFn) -> tuple[Directory, list[Spec]]:
    directory = draw(directories())
    codes = sorted(directory.agencies)
    # Several reports to one instance about one agency, most of all about who sorts there.
    home = draw(st.sampled_from(directory.instances()))
    favourite = draw(st.sampled_from([home.coordinator, home.coordinator, *codes]))
    specs = []
    for _ in range(draw(st.integers(1, 6))):
        instance = draw(st.sampled_from([home.code, home.code, *[i.code for i in directory.instances()]]))
        desks = [u.code for u in directory.units(instance)] + [instance, *directory.lineage(instance)[1:]]
        specs.append(
            Spec(
                instance,
                draw(st.sampled_from([favourite, favourite, "", *codes])),
                draw(st.sampled_from(["", "", instance, *desks])),
                draw(st.sampled_from(Stage)),
                draw(st.integers(0, 3)) == 0,
                draw(st.booleans()),
            )
        )
    return directory, specs


def acts(land: Land, viewer: Viewer, case_id: str) -> list[Callable[[], Any]]:
    """Everything an officer can ask or do about one case, filled in rightly."""
    handle, other = land.handle, next(iter(land.directory.agencies))
    return [
        lambda: land.cases.read(viewer, case_id),
        lambda: land.cases.file(viewer, case_id, 1),
        lambda: handle.reply(viewer, case_id, "Halo", "k" * 16),
        lambda: handle.attach(viewer, case_id, b"x", "k" * 16),
        lambda: handle.set_stage(viewer, case_id, Stage.DIPROSES, REASON),
        lambda: handle.set_stage(viewer, case_id, Stage.DIVERIFIKASI, REASON),
        lambda: handle.handover(viewer, case_id, other, REASON),
        lambda: handle.extend(viewer, case_id, "2026-12-30", REASON),
        lambda: SecondUnit(land.act)(viewer, case_id, other, REASON),
        lambda: SecondUnit(land.act)(viewer, case_id, "", REASON),
        lambda: JoinCases(land.act, handle).join(viewer, case_id, "4F7K-2M9Q-XR3D", REASON),
        lambda: JoinCases(land.act, handle).part(viewer, case_id, REASON),
        lambda: JoinCases(land.act, handle).reply(viewer, case_id, "Halo", "j" * 16),
        lambda: JoinCases(land.act, handle).close(viewer, case_id, "dijelaskan", REASON, "j" * 16),
        lambda: handle.close(viewer, case_id, "dijelaskan", REASON),
        lambda: Unmask(land.act).ask(viewer, case_id, "1", "records", REASON),
        lambda: Unmask(land.act).decide(viewer, case_id, "2", "agreed", REASON),
        lambda: waiting(land.cases, viewer, case_id),
        lambda: handle.discard(viewer, case_id),
        lambda: land.lifting.ask(viewer, case_id, REASON),
        lambda: land.lifting.decide(viewer, case_id, "granted", REASON),
        lambda: land.transfer(viewer, case_id, "pusat", REASON),
        lambda: land.custody.look(viewer, case_id),
        lambda: land.custody.ask(viewer, case_id, REASON),
        lambda: land.custody.refuse(viewer, case_id, REASON),
        lambda: land.custody.open(viewer, case_id, REASON),
        lambda: land.custody.endorse(viewer, case_id, REASON),
    ]


def paged(read: Callable[[str], views.Inbox]) -> list[str]:
    """The case numbers on all pages. Every page but the last is full, and only a first page may be empty: anything
    else would tell that something is hidden."""
    found: list[str] = []
    after = ""
    while True:
        page = read(after)
        found += [row.head.case_id for row in page.rows]
        assert len(page.rows) == PAGE or not page.next
        assert page.rows or not after, "a next page was offered on which nothing is left for him to see"
        if not page.next:
            return found
        after = page.next


@pytest.mark.long
@settings(max_examples=deep(60, 10))
@given(lands())
def test_every_officer_is_shown_what_is_his_and_nothing_of_what_he_is_accused_of(
    keys: KeyDirectory, drawn: tuple[Directory, list[Spec]]
) -> None:
    directory, specs = drawn
    with TemporaryDirectory(dir=in_memory()) as folder, patch.object(case_lists, "PAGE", PAGE):
        land = Land(Path(folder), keys, directory)
        cases = []
        for spec in specs:
            district = next(d for d in directory.districts if directory.instance_of_district(d).code == spec.instance)
            cases.append(land.report(district, spec.about, trusted=spec.trusted, flood=spec.flood)[1])
        land.run_courier()
        for case_id, spec in zip(cases, specs, strict=True):
            if spec.holder:
                land.put(case_id, spec.holder, spec.stage)
        heads = [land.store.read_head(case_id) for case_id in cases]
        for viewer in land.viewers():
            mine = [head for head in heads if land.sees(viewer, head)]
            calm = {head.case_id for head in mine if not head.quarantined}
            held = [head for head in mine if head.quarantined and (head.open or head.awaited)]
            flood = {head.case_id for head in held if head.holder == viewer.agency}
            listed = paged(lambda after, v=viewer: land.lists.inbox(v, after))
            assert (len(listed), set(listed)) == (len(calm), calm)
            apart = paged(lambda after, v=viewer: land.lists.listed(v, Scope.QUARANTINE, after))
            assert (len(apart), set(apart)) == (len(flood), flood)
            assert land.lists.inbox(viewer).quarantine is bool(flood)
        for head in heads:
            assert not land.told(head.case_id) & land.guilty(head)
            for viewer in land.viewers():
                if viewer.agency in land.guilty(head):
                    _nothing_works(land, viewer, head.case_id)
        _custodians_too(land, heads)


def _nothing_works(land: Land, viewer: Viewer, case_id: str) -> None:
    for confined in ("", case_id):
        session = replace(viewer, case_id=confined)
        for act in acts(land, session, case_id):
            with pytest.raises(NotFoundProblem):
                act()
    alone = land.lists.inbox(replace(viewer, case_id=case_id))
    assert (alone.rows, alone.next, alone.quarantine) == ((), "", False)


def _custodians_too(land: Land, heads: list[CaseHead]) -> None:
    """Every custodian who may asks for every identity; each sees those requests that are his to know."""
    keepers = [v for v in land.viewers() if v.role is Role.CUSTODIAN]

    def knows(viewer: Viewer, head: CaseHead) -> bool:
        return viewer.agency in below(land.directory, head.instance) - land.guilty(head)

    asked = set()
    for head in (head for head in heads if head.reporter.mode == "rahasia"):
        if able := [viewer for viewer in keepers if knows(viewer, head)]:
            land.custody.ask(able[0], head.case_id, REASON)
            asked.add(head.case_id)
    land.run_courier()
    for viewer in keepers:
        waiting = {row.case_id for row in land.custody.pending(viewer)}
        assert waiting == {head.case_id for head in heads if knows(viewer, head)} & asked
    for head in heads:
        assert not land.told(head.case_id) & land.guilty(head)


@pytest.mark.long
@settings(max_examples=deep(40, 20))
@given(directories(), st.data())
def test_wherever_a_case_goes_it_lies_on_a_desk_that_is_not_accused_and_can_act(
    keys: KeyDirectory, directory: Directory, data: st.DataObject
) -> None:
    """A random walk: whatever officers and reporter do, in any order that the product lets them. What leads to an appeal
    is likelier than its share."""
    district = data.draw(st.sampled_from(sorted(directory.districts)), label="district")
    home = directory.instance_of_district(district)
    likely = [home.coordinator, home.inspectorate, home.inspectorate]
    about = data.draw(st.sampled_from([*likely, "", *sorted(directory.agencies)]), label="about")
    guilty = accused(directory, about)
    with TemporaryDirectory(dir=in_memory()) as folder:
        land = Land(Path(folder), keys, directory)
        receipt, case_id = land.report(district, about)
        for _ in range(data.draw(st.integers(0, 16), label="steps")):
            head = land.store.read_head(case_id)
            assert head.holder in set(directory.agencies) - guilty
            _second_is_not_accused(land, head, guilty)
            holder = Viewer("o", head.holder, STAFF[directory.agencies[head.holder].kind])
            view = land.cases.read(holder, case_id)
            assert case_id in [row.head.case_id for row in land.lists.inbox(holder).rows]
            assert not {agency.code for agency in view.targets} & guilty
            assert view.proposed not in guilty
            assert view.rights.moves or not head.open, f"nobody can act: {head.stage} at {head.holder}"
            steps = _officers_steps(land, holder, view) + _reporters_steps(land, receipt)
            data.draw(st.sampled_from(steps), label="step")[1]()
        land.run_courier()
        assert not land.told(case_id) & guilty


def _second_is_not_accused(land: Land, head: CaseHead, guilty: set[str]) -> None:
    """Nor is it the holder; it reads the case and has it in its listing, whoever else is asked in its name."""
    for unit in (head.desk_work.second,) if head.desk_work.second else ():
        assert unit in set(land.directory.agencies) - guilty - {head.holder}
        helper = Viewer("s", unit, Role.OFFICER)
        assert land.cases.read(helper, head.case_id).rights.duty is Duty.ASSIST
        assert head.case_id in [row.head.case_id for row in land.lists.listed(helper, Scope.SECOND).rows]
        assert land.lists.inbox(helper).second


Steps = list[tuple[str, Callable[[], Any]]]


def _officers_steps(land: Land, holder: Viewer, view: views.OfficerView) -> Steps:
    handle, case_id = land.handle, view.head.case_id
    steps: Steps = [(s, lambda s=s: handle.set_stage(holder, case_id, s, REASON)) for s in view.stages]
    for target in view.targets:
        steps.append((target.code, lambda t=target: handle.handover(holder, case_id, t.code, REASON)))
    if Move.LIFT in view.rights.moves:
        steps.append(("lift", lambda: land.lifting.ask(holder, case_id, REASON)))
    for target in transfer_targets(view.head, land.directory) if Move.TRANSFER in view.rights.moves else ():
        steps.append((f"to {target.code}", lambda t=target: land.transfer(holder, case_id, t.code, REASON)))
    for unit in view.seconds[:2]:
        if Move.SECOND in view.rights.moves:
            steps.append((f"second {unit.code}", lambda u=unit: SecondUnit(land.act)(holder, case_id, u.code, REASON)))
        elif pairs := [t for t in view.targets if t.kind is AgencyKind.UNIT and t != unit]:
            typed = (pairs[0].code, REASON, unit.code)
            steps.append((f"two {typed}", lambda t=typed: handle.handover(holder, case_id, *t)))
    if view.head.desk_work.second and Move.SECOND in view.rights.moves:
        steps.append(("alone", lambda: SecondUnit(land.act)(holder, case_id, "", REASON)))
    if Move.REPLY in view.rights.moves:
        steps.append(("reply", lambda: handle.reply(holder, case_id, "Halo", token_hex(8))))
    if Move.CLOSE in view.rights.moves:
        steps += [("close", lambda: handle.close(holder, case_id, "dijelaskan", REASON))] * 6
    return steps


def _reporters_steps(land: Land, receipt: Receipt) -> Steps:
    converse = land.converse
    all_steps: dict[Move, Callable[[], Any]] = {
        Move.REPLY: lambda: converse.write(receipt, "Halo", token_hex(8)),
        Move.CONFIRM: lambda: converse.verdict(receipt, "selesai"),
        Move.REOPEN: lambda: converse.verdict(receipt, "belum", reason=REASON),
        Move.APPEAL: lambda: converse.appeal(receipt, REASON),
        Move.OBJECT: lambda: converse.object(receipt, REASON),
    }
    moves, often = converse.read(receipt).moves, {Move.REOPEN: 6, Move.APPEAL: 6}
    steps: Steps = [
        (move, step) for move, step in all_steps.items() for _ in range(often.get(move, 1)) if move in moves
    ]
    return steps or [("rest", lambda: None)]
