"""The directory as a door and the courier see it: the store's or the file's, newer when there is a newer one."""

import json
import zlib
from dataclasses import replace
from datetime import date

import pytest

from functions.casework.access import NONE, Viewer, rights
from functions.casework.directory.agencies import Agency, AgencyKind, Directory, Officer, Role
from functions.casework.directory.registers import (
    DIRECTORY_REGISTER,
    OFFICERS_REGISTER,
    STAFF_REGISTER,
    decode_directory,
    encode_directory,
    encode_officers,
    encode_staff,
)
from functions.casework.stages import Duty, Stage
from functions.config.settings import DEMO, SettingsError, load_directory, load_officers, load_settings
from functions.edge.request_guard import patient
from functions.storage.interface import Append, Notice, OutboxEntry, Register, StorageError, StoreUnavailableError
from functions.storage.registers.directory import live_directory, read_directory
from functions.storage.registers.officers import live_staff, read_officers
from tests.case_heads import changed
from tests.memory import MemoryStore
from tests.storage.examples import make_event
from tests.world import World

DEMONSTRATION = load_directory(DEMO / "kutai-timur.toml")
OFFICERS = load_officers(DEMO / "officers.toml", DEMONSTRATION)
DAY = date(2026, 8, 18)


@pytest.fixture
def settings(tmp_path):
    return load_settings({"DATA_DIR": str(tmp_path)})


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def smaller(code="kutim-dlh"):
    return Directory(
        {key: agency for key, agency in DEMONSTRATION.agencies.items() if key != code},
        DEMONSTRATION.topics,
        DEMONSTRATION.districts,
    )


def put(store, directory, version=1, holidays=(DAY,), officers=OFFICERS):
    store.write_registers(
        [
            Register(DIRECTORY_REGISTER, version, encode_directory(directory, holidays)),
            Register(OFFICERS_REGISTER, version, encode_officers(officers)),
            Register(STAFF_REGISTER, version, encode_staff(officers)),
        ]
    )


def test_before_the_first_import_the_files_count(settings):
    store = MemoryStore()
    standing = read_directory(store, settings)
    assert (standing.version, standing.directory) == (0, DEMONSTRATION)
    assert read_officers(store, settings, standing.directory) == OFFICERS


def test_after_it_the_store_counts_and_the_files_need_not_be_there(tmp_path):
    gone = load_settings({"DATA_DIR": str(tmp_path), "DIRECTORY_FILE": "/nirgends.toml", "OFFICERS_FILE": "/x.toml"})
    store = MemoryStore()
    with pytest.raises(SettingsError):
        live_directory(store, gone)
    put(store, smaller())
    standing = read_directory(store, gone)
    assert (standing.version, standing.directory, standing.holidays) == (1, smaller(), {DAY})
    assert read_officers(store, gone, standing.directory) == OFFICERS


def test_a_door_takes_up_a_newer_version_within_the_minute(settings):
    store, clock = MemoryStore(), Clock()
    live = live_directory(store, settings, clock)
    assert live.agencies == DEMONSTRATION.agencies
    put(store, smaller())
    clock.now = 59
    assert "kutim-dlh" in live.agencies
    clock.now = 60
    assert "kutim-dlh" not in live.agencies
    assert "kutim-dlh" not in {unit.code for unit in live.units("kutim")}
    assert live.instances() == smaller().instances()
    assert (live.topics, live.districts) == (DEMONSTRATION.topics, DEMONSTRATION.districts)
    assert live.instance_of_district("64.08.04").code == "kutim"
    assert DAY in live.holidays
    assert (list(live.holidays), len(live.holidays)) == ([DAY], 1)


def test_it_looks_at_the_version_once_a_minute_and_reads_only_what_is_new(settings):
    store, clock = MemoryStore(), Clock()
    put(store, DEMONSTRATION)
    live, asked = live_directory(store, settings, clock), []
    real_version, real_read = store.register_version, store.read_register
    store.register_version = lambda name: asked.append("version") or real_version(name)
    store.read_register = lambda name: asked.append("read") or real_read(name)
    for minute in range(1, 4):
        clock.now = 60.0 * minute
        for _ in range(20):
            assert live.agencies
    assert asked == ["version"] * 3


def test_it_keeps_what_it_has_while_the_store_is_out_of_reach(settings):
    store, clock = MemoryStore(), Clock()
    put(store, DEMONSTRATION)
    live = live_directory(store, settings, clock)
    put(store, smaller(), version=2)
    store.broken, clock.now = True, 60
    assert "kutim-dlh" in live.agencies
    store.broken, clock.now = False, 120
    assert "kutim-dlh" not in live.agencies


@pytest.mark.parametrize("body", [b"", b"\0" * 40, encode_officers(OFFICERS)], ids=["empty", "zeros", "another"])
def test_a_register_of_a_newer_release_is_told_at_start_and_later_passed_over(settings, body):
    store, clock = MemoryStore(), Clock()
    put(store, DEMONSTRATION)
    live = live_directory(store, settings, clock)
    store.write_registers([Register(DIRECTORY_REGISTER, 2, body)])
    clock.now = 60
    assert live.agencies == DEMONSTRATION.agencies
    with pytest.raises(StorageError, match="register of agencies"):
        live_directory(store, settings)


def test_without_a_store_no_door_starts_on_another_directory(settings):
    with pytest.raises(StoreUnavailableError):
        live_directory(MemoryStore(broken=True), settings)


def test_a_function_waits_for_the_store_and_then_serves():
    tried = []

    def make():
        tried.append(1)
        if len(tried) < 3:
            raise StoreUnavailableError("away")
        return lambda environ, start_response: [b"served"]

    def ask(app):
        said = []
        environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/", "wsgi.url_scheme": "https", "SERVER_NAME": "x"}
        environ |= {"SERVER_PORT": "443", "wsgi.input": None, "wsgi.errors": None}
        body = b"".join(app(environ, lambda status, headers, exc=None: said.append(status)))
        return said, body

    app = patient(make, https=True)
    assert len(tried) == 1
    assert ask(app)[0][0].startswith("503")
    assert [ask(app)[1], ask(app)[1]] == [b"served"] * 2
    assert len(tried) == 3


def test_the_courier_knows_of_a_removed_officer_at_once(settings):
    store = MemoryStore()
    put(store, DEMONSTRATION)
    staff = live_staff(store, settings)
    assert staff()[:2] == (DEMONSTRATION, OFFICERS)
    put(store, smaller(), version=2, officers=OFFICERS[1:])
    assert staff()[:2] == (smaller(), OFFICERS[1:])


def test_an_agency_removed_since_bears_its_code_for_a_name():
    assert DEMONSTRATION.agency("kutim").name == "Pemerintah Kabupaten Kutai Timur"
    assert DEMONSTRATION.agency("kutim-lama") == Agency("kutim-lama", "kutim-lama", AgencyKind.UNIT)


def test_fields_of_a_later_release_are_passed_over():
    plain = json.loads(zlib.decompress(encode_directory(DEMONSTRATION, [DAY])))
    for agency in plain["agencies"]:
        agency["colour"] = "red"
    later = zlib.compress(json.dumps(plain | {"seals": []}).encode())
    assert decode_directory(later) == (DEMONSTRATION, {DAY})


def test_an_overseer_gets_no_words_and_no_mail(tmp_path):
    """Until a case is escalated to him: he stands at the instance and is not its sorting desk."""
    world = World(tmp_path)
    sekda = Officer("sekda-1", "sekda@kutim.example.id", "kutim", Role.OVERSEER)
    world.deliver = replace(world.deliver, officers=replace(world.deliver.officers, officers=(sekda,)))
    case_id = world.report()["tracking_id"]
    head = world.store.read_head(case_id)
    assert head.holder == "kutim"
    assert rights(Viewer("sekda-1", "kutim", Role.OVERSEER), head, world.directory) == NONE
    world.run_courier()
    assert world.mailbox.letters == []
    late = changed(head, holder="kutim-dishub", stage=Stage.DIDISPOSISIKAN, escalated=1, escalated_to="kutim")
    granted = rights(Viewer("sekda-1", "kutim", Role.OVERSEER), late, world.directory)
    assert (granted.words, granted.duty) == (True, Duty.OVERSEE)
    world.store.append(Append(replace(late, version=2), (make_event(2),)), 1)
    world.store.enqueue(OutboxEntry("naik-1", Notice.ESCALATED, "kutim", "kutim", case_id))
    world.run_courier()
    assert [letter.to for letter in world.mailbox.letters] == [sekda.email]
