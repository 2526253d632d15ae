"""The frozen portal follows the directory by itself on one machine, and two who freeze at once wait for each other."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from functions.casework.barometer.edition import Edition, Place
from functions.casework.barometer.places import nothing_told
from functions.casework.case import Kind, Outcome
from functions.casework.directory.registers import DIRECTORY_REGISTER, encode_directory
from functions.casework.publication import PublicAnswer, PublicReport
from functions.casework.stages import Stage
from functions.config.settings import load_settings
from functions.local import clock
from functions.local.setup import StartError, freeze, prepare
from functions.storage.choose_store import open_store
from functions.storage.interface import Register
from functions.storage.registers.directory import read_directory
from functions.storage.registers.editions import write_edition
from functions.storage.registers.publications import changed_public
from functions.storage.registers.staff import read_staff, tell_staff
from tests.server import wait_for

NAME = "Dinas Lampu dan Jembatan"


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """A freezing that outlived its start goes on writing where it began."""
    over = threading.Event()

    def write() -> None:
        while not over.wait(0.01):
            folder.mkdir(exist_ok=True)
            (folder / "index.html").touch()

    orphan = threading.Thread(target=write)
    orphan.start()
    try:
        yield
    finally:
        over.set()
        orphan.join()


def shows(page: Path, words: str) -> bool:
    """Wait for the words: while one portal takes the other's place, there is no page for a moment."""

    def there() -> bool:
        with suppress(FileNotFoundError):
            return words in page.read_text()
        return False

    return bool(wait_for(there, 90))


@pytest.mark.long
def test_a_change_at_the_desk_is_on_the_form_soon_after(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load_settings({"DATA_DIR": str(tmp_path / "data")})
    shown = prepare(settings)
    assert shown == (0, 0, (0,))
    store = open_store(settings)
    assert len(read_staff(store).members) == 41
    with writing(settings.portal_dir.with_name("portal.new")):
        assert prepare(settings) == (0, 0, (0,))
    assert read_staff(store).version == 1
    known = read_directory(store, settings).directory
    renamed = {**known.agencies, "kutim-dlh": replace(known.agencies["kutim-dlh"], name=NAME)}
    form = settings.portal_dir / "lapor" / "index.html"
    assert NAME not in form.read_text()
    monkeypatch.setattr(clock, "PORTAL_SECONDS", 0.05)
    stop = threading.Event()
    keeper = threading.Thread(target=clock.keep_portal, args=(settings, shown, stop))
    keeper.start()
    try:
        store.write_registers([Register(DIRECTORY_REGISTER, 1, encode_directory(replace(known, agencies=renamed), ()))])
        assert shows(form, NAME)
    finally:
        stop.set()
        keeper.join()
    assert not list(settings.data_dir.glob("portal.*"))


def test_flaws_are_reported_to_the_address_that_is_set(tmp_path: Path) -> None:
    settings = load_settings({"DATA_DIR": str(tmp_path / "data"), "SECURITY_CONTACT": "csirt@contoh.go.id"})
    prepare(settings)
    assert "Contact: mailto:csirt@contoh.go.id\n" in (settings.portal_dir / ".well-known/security.txt").read_text()


@pytest.mark.long
def test_what_became_public_is_on_the_portal_soon_after(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load_settings({"DATA_DIR": str(tmp_path / "data")})
    shown, store = prepare(settings), open_store(settings)
    there = settings.portal_dir / "laporan" / "index.html"
    before = there.stat().st_mtime_ns
    monkeypatch.setattr(clock, "PORTAL_SECONDS", 0.05)
    stop, month = threading.Event(), date(2026, 11, 1)
    answer = (PublicAnswer(month, "kutim-dpupr", "Sudah diganti."),)
    facts = ("kutim", "kutim-dpupr", Kind.PENGADUAN, "jalan", "64.08.04", month, "Lampu taman padam.")
    report = PublicReport("P12345678", *facts, Stage.SELESAI, Outcome.DIPERBAIKI, answer, month, month)
    keeper = threading.Thread(target=clock.keep_portal, args=(settings, shown, stop))
    keeper.start()
    try:
        assert not wait_for(lambda: there.stat().st_mtime_ns != before, 0.5)  # nothing new: nothing is frozen
        store.write_registers(changed_public(store, "kutim", [], [report]))
        assert shows(there, "Lampu taman padam.")
        store.write_registers(changed_public(store, "kutim", [report], []))
        assert shows(there, "Belum ada laporan yang terbit.")
    finally:
        stop.set()
        keeper.join()
    assert not list(settings.data_dir.glob("portal.*"))


@pytest.mark.long
def test_two_who_freeze_at_once_wait_for_each_other(tmp_path: Path) -> None:
    settings = load_settings({"DATA_DIR": str(tmp_path / "data")})
    prepare(settings)
    with ThreadPoolExecutor(2) as both:
        assert list(both.map(freeze, [settings, settings])) == [(0, 0, (0,))] * 2
    assert (settings.portal_dir / "laporan" / "index.html").exists()
    assert not list(settings.data_dir.glob("portal.*"))


@pytest.mark.long
def test_a_new_edition_of_the_barometer_appears_while_it_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load_settings({"DATA_DIR": str(tmp_path / "data")})
    shown, store = prepare(settings), open_store(settings)
    page = settings.portal_dir / "barometer" / "index.html"
    assert "Edisi pertama belum terbit." in page.read_text()
    monkeypatch.setattr(clock, "PORTAL_SECONDS", 0.05)
    stop = threading.Event()
    keeper = threading.Thread(target=clock.keep_portal, args=(settings, shown, stop))
    keeper.start()
    try:
        place = Place("instance", "kutim", "Kutai Timur", instance="kutim", values=nothing_told())
        assert write_edition(store, Edition("2026-10", 1, "2025-11", date(2026, 11, 8), (place,)))
        assert shows(page, "Edisi Oktober 2026.")
    finally:
        stop.set()
        keeper.join()
    assert (settings.portal_dir / "barometer" / "2026-10" / "data.csv").exists()
    assert not list(settings.data_dir.glob("portal.*"))


def test_the_desk_is_told_who_works_where_once(tmp_path: Path) -> None:
    from tests.world import World

    world = World(tmp_path)
    assert read_staff(world.store).version == 1
    tell_staff(world.store, world.officers)
    assert read_staff(world.store).version == 1
    tell_staff(world.store, world.officers[1:])
    roll = read_staff(world.store)
    assert (roll.version, roll.same_as(world.officers[1:]), roll.same_as(world.officers)) == (2, True, False)
    assert [member.ident for member in roll.at("kutim-dpupr")] == ["dpupr-1", "dpupr-2"]


def test_what_a_link_beside_the_portal_leads_to_is_never_written(tmp_path: Path) -> None:
    """Root freezes too, and the clock's user, who may have been taken over, writes beside the portal."""
    settings = load_settings({"DATA_DIR": str(tmp_path / "data")})
    prepare(settings)
    key, place = settings.keys_dir / "waiting", settings.portal_dir.parent
    secret = key.read_bytes()
    for name in ("portal.public.json", "portal.json", "portal.looks.json"):
        (place / name).symlink_to(key)
    (place / "portal.with.killed" / "editions").mkdir(parents=True)
    freeze(settings)
    assert key.read_bytes() == secret
    assert not [*place.glob("portal.with.*"), *place.glob("portal.new.*")]


def test_no_empty_store_takes_the_place_of_one_that_is_gone(tmp_path: Path) -> None:
    """Every receipt would open nothing, and nobody would know why."""
    settings = load_settings({"DATA_DIR": str(tmp_path / "data")})
    prepare(settings)
    moved = {path: path.with_name(f"moved.{path.name}") for path in settings.data_dir.glob("lapor.sqlite*")}
    for path, away in moved.items():
        path.rename(away)
    with pytest.raises(StartError, match="gone while keys are there: restore a backup"):
        prepare(settings)
    assert not settings.store_file.exists()
    for path, away in moved.items():
        away.rename(path)
    prepare(settings)
