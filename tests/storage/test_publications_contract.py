"""What becomes public, what stays so, and what goes: the clock's run over every engine, from heads alone."""

import json
import zlib
from dataclasses import replace
from datetime import date, timedelta

import pytest

from functions.actions.clock.publish_reports import FORGET, PublishReports
from functions.casework.case import EventKind, Outcome, Publication
from functions.casework.case_changes import tombstone
from functions.casework.publication import FEW, Agreed, Draft
from functions.casework.receipt import ALPHABET
from functions.casework.stages import Actor, Stage
from functions.config.settings import DEMO, load_directory
from functions.storage.interface import Append
from functions.storage.registers.publications import (
    agreed_register,
    crowd_register,
    in_a_crowd,
    put_agreed,
    read_agreed,
    read_public,
    read_ties,
    ties_register,
    touch_agreed,
    year_register,
    years_register,
)
from tests.case_heads import changed
from tests.storage.conftest import ENGINES
from tests.storage.examples import make_event, make_head

DIRECTORY = load_directory(DEMO / "kutai-timur.toml")
WEDNESDAY = date(2026, 11, 25)
MONDAY = date(2026, 11, 30)


class Town:
    """A store, the clock's step, and a day that can be turned."""

    def __init__(self, store):
        self.store, self.today = store, WEDNESDAY
        self.run = PublishReports(store, DIRECTORY, lambda: self.today)

    def case(self, **changes):
        values = {"instance": "kutim", "holder": "kutim-dpupr", "stage": Stage.DITANGGAPI, "received_on": WEDNESDAY}
        head = make_head(**values | changes)
        self.store.create_case(head, [make_event()], [])
        return head

    def change(self, head, **changes):
        after = changed(head, version=head.version + 1, **changes)
        self.store.append(Append(after, (make_event(after.version),)), head.version)
        return after

    def agrees(self, head, summary="Lampu jalan mati.", district=None):
        """As officer and thread do it: the officer's event, the text, then the head."""
        n = head.version + 1
        written = changed(head, version=n)
        self.store.append(Append(written, (make_event(n, kind=EventKind.PUBLISH, by=Actor.OFFICER),)), head.version)
        draft = Draft(n, summary, "Sudah diganti.", "kutim-dpupr", date(2026, 11, 1))
        place = head.district if district is None else district
        put_agreed(self.store, "kutim", Agreed(head.case_id, draft, self.today, place))
        return self.change(written, publication=Publication.AGREED, agreed=n)

    def public(self):
        return read_public(self.store, "kutim")

    def bodies(self, *names):
        found = (self.store.read_register(name) for name in names)
        return "".join(json.dumps(json.loads(zlib.decompress(r.body))) for r in found if r)


@pytest.fixture
def town(store):
    return Town(store)


def test_nothing_is_public_of_an_instance_that_has_nothing(town):
    assert town.public() == ()
    assert town.run() == 0
    assert town.public() == ()


def test_what_was_agreed_to_comes_with_the_next_week_and_not_before(town):
    head = town.agrees(town.case())
    for day in range(5):
        town.today = WEDNESDAY + timedelta(days=day)
        assert (town.run(), town.public()) == (0, ())
    town.today = MONDAY
    assert town.run() == 1
    (report,) = town.public()
    assert (report.summary, report.agency, report.month) == ("Lampu jalan mati.", "kutim-dpupr", date(2026, 11, 1))
    assert (town.run(), read_agreed(town.store, "kutim")[1]) == (0, {})
    assert town.store.read_head(head.case_id) == head


def test_a_number_tells_nothing_and_ties_stand_apart(town):
    heads = [town.agrees(town.case()) for _ in range(5)]
    town.today = MONDAY
    assert town.run() == 5
    numbers = [report.public_id for report in town.public()]
    assert numbers == sorted(set(numbers))  # one month: by a random number, not as they came
    assert all(len(n) == 9 and n[0] == "P" and set(n[1:]) <= set(ALPHABET) for n in numbers)
    public = town.bodies(years_register("kutim"), year_register("kutim", 2026), crowd_register("kutim"))
    for head in heads:
        assert head.case_id not in public
        assert head.case_id in town.bodies(ties_register("kutim"))
    assert not {"2026-11-25", "2026-11-30"} & set(json.dumps(public).split('\\"'))


def test_what_is_stopped_goes_at_the_next_run_of_the_same_day(town):
    stays, goes = (town.agrees(town.case()) for _ in range(2))
    town.today = MONDAY
    assert town.run() == 2
    town.change(goes, publication=Publication.NONE, agreed=0)
    touch_agreed(town.store, "kutim", goes.case_id)
    assert town.run() == 1
    assert [tie.case_id for tie in read_ties(town.store, "kutim").by_id.values()] == [stays.case_id]
    assert len(town.public()) == 1


def test_one_whose_stop_was_cut_short_goes_with_the_next_run(town):
    head = town.agrees(town.case())
    town.today = MONDAY
    town.run()
    town.change(head, publication=Publication.NONE, agreed=0)
    assert (town.run(), town.public()) == (1, ())


@pytest.mark.parametrize("engine", ENGINES, indirect=True)
@pytest.mark.parametrize(
    "changes",
    [{"quarantined": True}, {"oversight": True}, {"stage": Stage.DIARSIPKAN}, {"about_agency": "kutim-dpupr"}],
)
def test_what_may_no_longer_be_public_goes_without_anybodys_asking(town, changes):
    head = town.agrees(town.case())
    town.today = MONDAY
    town.run()
    town.change(head, **changes)
    town.today += timedelta(days=1)
    assert (town.run(), town.public()) == (1, ())


def test_a_deleted_case_goes_from_the_pages_and_from_the_ties(town):
    head = town.agrees(town.case())
    town.today = MONDAY
    town.run()
    town.store.shred(tombstone(head), head.version)
    town.today += timedelta(days=1)
    assert (town.run(), town.public()) == (1, ())
    everything = (years_register("kutim"), year_register("kutim", 2026), ties_register("kutim"))
    left = town.bodies(*everything, agreed_register("kutim"))
    assert head.case_id not in left
    assert "Lampu jalan mati." not in left


def test_stages_are_refreshed_once_a_week_and_say_the_month(town):
    head = town.agrees(town.case())
    town.today = MONDAY
    town.run()
    town.change(head, stage=Stage.SELESAI, outcome=Outcome.DIPERBAIKI, closed_on=MONDAY)
    town.today = MONDAY + timedelta(days=6)
    assert (town.run(), town.public()[0].stage) == (0, Stage.DITANGGAPI)
    town.today = MONDAY + timedelta(days=7)
    assert town.run() == 1
    (report,) = town.public()
    assert (report.stage, report.outcome, report.closed) == (Stage.SELESAI, Outcome.DIPERBAIKI, date(2026, 11, 1))
    assert report.updated == date(2026, 12, 1)


def test_another_text_takes_the_place_of_the_first_under_the_same_number(town):
    head = town.agrees(town.case())
    town.today = MONDAY
    town.run()
    (first,) = town.public()
    head = town.agrees(head, summary="Lampu jalan mati lagi.", district="")
    assert (town.run(), town.public()) == (0, (first,))
    town.today = MONDAY + timedelta(days=7)
    assert town.run() == 1
    (second,) = town.public()
    assert (second.public_id, second.summary, second.district) == (first.public_id, "Lampu jalan mati lagi.", "")


def test_a_text_without_its_reporters_act_never_counts_and_is_forgotten(town):
    head = town.case(publication=Publication.DRAFTED)
    draft = Draft(5, "Lampu jalan mati.", "Diganti.", "kutim-dpupr", date(2026, 11, 1))
    put_agreed(town.store, "kutim", Agreed(head.case_id, draft, WEDNESDAY, ""))
    town.run()
    assert list(read_agreed(town.store, "kutim")[1]) == [head.case_id]  # his act may come yet
    town.today = WEDNESDAY + FORGET + timedelta(days=1)
    town.run()
    assert read_agreed(town.store, "kutim")[1] == {}
    town.today = MONDAY
    assert (town.run(), town.public()) == (0, ())


def test_an_act_for_another_text_than_the_one_that_waits_publishes_neither(town):
    head = town.agrees(town.case())
    town.change(head, agreed=7)
    town.today = MONDAY
    assert (town.run(), town.public()) == (0, ())


def test_a_run_with_nothing_to_do_reads_two_registers_and_the_head_of_each_public_case(town, monkeypatch):
    town.agrees(town.case())
    town.today = MONDAY
    town.run()
    asked = []
    for name in ("read_register", "read_head", "page", "register_version", "write_registers"):
        real = getattr(town.store, name)
        monkeypatch.setattr(
            town.store, name, lambda *a, _real=real, _name=name, **k: (asked.append((_name, a)), _real(*a, **k))[1]
        )
    assert town.run() == 0
    instances = len(DIRECTORY.instances())
    assert sorted(name for name, _ in asked) == ["read_head", *["read_register"] * 2 * instances]


def test_who_writes_in_the_same_moment_loses_nothing(town, monkeypatch):
    town.agrees(town.case())
    town.today = MONDAY
    late, real, once = town.case(), town.store.write_registers, []

    def meanwhile(registers):
        if not once:
            once.append(True)
            town.agrees(late)
        real(registers)

    monkeypatch.setattr(town.store, "write_registers", meanwhile)
    assert (town.run(), town.public()) == (0, ())
    assert town.run() == 1
    assert list(read_agreed(town.store, "kutim")[1]) == [late.case_id]


def test_reports_of_many_years_stand_in_their_years(town):
    for year in (2024, 2025, 2026):
        town.agrees(town.case(received_on=date(year, 5, 17)))
    town.today = MONDAY
    assert town.run() == 3
    assert [report.month.year for report in town.public()] == [2026, 2025, 2024]
    version = town.store.register_version(year_register("kutim", 2024))
    head = town.agrees(town.case())
    town.today += timedelta(days=7)
    assert town.run() == 1
    assert town.store.register_version(year_register("kutim", 2024)) == version
    assert head.case_id


@pytest.mark.parametrize("engine", ENGINES, indirect=True)
@pytest.mark.parametrize(("count", "many"), [(FEW - 1, False), (FEW, True)])
def test_a_crowd_is_eight_of_one_topic_district_and_month(town, count, many):
    heads = [town.case() for _ in range(count)]
    town.case(district="64.08.05")
    town.case(topic="sampah")
    town.case(received_on=date(2026, 10, 25))
    town.case(quarantined=True)
    assert not in_a_crowd(town.store, heads[0])  # nothing was counted yet
    town.run()
    assert in_a_crowd(town.store, heads[0]) is many
    assert not in_a_crowd(town.store, replace(heads[0], district="64.08.05"))
    assert "2026-10" not in town.bodies(crowd_register("kutim"))


def test_a_register_of_another_name_is_never_asked_for_by_who_reads_the_public(town, monkeypatch):
    town.agrees(town.case())
    town.today = MONDAY
    town.run()
    asked, real = [], town.store.read_register
    monkeypatch.setattr(town.store, "read_register", lambda name: (asked.append(name), real(name))[1])
    assert len(town.public()) == 1
    assert asked == ["public:kutim", "public:kutim:2026"]
