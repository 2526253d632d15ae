"""The courier as it runs: a process of its own, its own keys, a real mail server; ended, killed and disturbed."""

import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from functions.actions.ops.rotate import Rotate
from functions.config.settings import load_settings
from functions.courier import main as module
from functions.crypto.seal.public_keys import Purpose
from functions.crypto.sign.links import read_link
from functions.desk.main import create_app as create_desk
from functions.intake.main import create_app as create_intake
from functions.storage.interface import StoreUnavailableError
from functions.storage.sqlite import engine
from functions.thread.main import create_app as create_thread
from tests.delivery.letterbox import Letterbox, letterbox
from tests.server import ROOT, wait_for
from tests.world import JSON, WORDS, World

HOUR = 3600


@pytest.fixture
def world(tmp_path: Path) -> World:
    """On the day it is: the courier is a process of its own, for which what was asked days ago is over."""
    made = World(tmp_path / "data")
    made.seconds = int(time.time())
    return made


@pytest.fixture
def box() -> Iterator[Letterbox]:
    with letterbox() as box:
        yield box


def start(world: World, box: Letterbox | None, *arguments: str, **environ: str) -> subprocess.Popen[str]:
    mail = {"MAIL": "smtp", "SMTP_PORT": str(box.port), "SMTP_SECURITY": "none", "DIGEST": "off"} if box else {}
    return subprocess.Popen(
        [sys.executable, "-m", "functions.courier.main", *arguments],
        cwd=ROOT,
        env={**os.environ, "DATA_DIR": str(world.folder), "MAIL_FROM": "lapor@kutim.example.id", **mail, **environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def ended(process: subprocess.Popen[str]) -> tuple[int, list[str]]:
    """Its status and what it printed."""
    try:
        said, _ = process.communicate(timeout=30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise
    return process.returncode, said.splitlines()


@contextmanager
def working(world: World, box: Letterbox | None, *arguments: str, **environ: str) -> Iterator[subprocess.Popen[str]]:
    """A courier at work, which then ends cleanly and had nothing to say."""
    process = start(world, box, *arguments, **environ)
    try:
        yield process
        process.terminate()
        assert ended(process) == (0, [])
    finally:
        process.kill()
        process.communicate()


def threads(process: subprocess.Popen[str]) -> int:
    return len(list(Path(f"/proc/{process.pid}/task").iterdir()))


def left(world: World) -> int:
    """How many entries still wait, in whosoever's hand."""
    with closing(sqlite3.connect(world.folder / "lapor.sqlite")) as connection:
        (count,) = connection.execute("SELECT count(*) FROM outbox").fetchone()
    return int(count)


def token(text: str) -> str:
    match = re.search(r"/masuk/#(\S+)", text)
    assert match
    return match[1]


class Gate:
    """Keeps a mail server in the middle of a letter until it is opened."""

    def __init__(self, box: Letterbox) -> None:
        self.reached, self.open = threading.Event(), threading.Event()
        box.meanwhile = self

    def __call__(self) -> None:
        self.reached.set()
        self.open.wait(90)


def test_a_report_in_the_store_is_mailed_to_who_may_read_it_and_then_forgotten(world: World, box: Letterbox) -> None:
    sent = world.report()
    with working(world, box):
        assert wait_for(lambda: box.arrived and left(world) == 0)
        second = world.report()  # while it runs
        assert wait_for(lambda: len(box.arrived) == 2)
    assert [mail["To"] for mail in box.arrived] == [world.officer("kutim").email] * 2
    assert sent["tracking_id"] in box.arrived[0]["Subject"]
    assert second["tracking_id"] in box.arrived[1]["Subject"]
    assert left(world) == 0


def test_two_couriers_of_different_names_share_a_queue_and_send_each_letter_once(world: World, box: Letterbox) -> None:
    for _ in range(15):
        world.report()
    with working(world, box), working(world, box, "--worker", "kedua"):
        assert wait_for(lambda: left(world) == 0, 90)
    subjects = [mail["Subject"] for mail in box.arrived]
    assert (len(subjects), len(set(subjects))) == (15, 15)


def test_without_a_mail_server_letters_land_in_the_folder(world: World) -> None:
    world.report()
    with working(world, None):
        assert wait_for((world.folder / "outbox" / "1.json").exists)


def test_told_to_end_it_finishes_what_is_in_hand(world: World, box: Letterbox) -> None:
    gate = Gate(box)
    for _ in range(3):
        world.report()
    process = start(world, box)
    assert gate.reached.wait(60)
    before = threads(process)
    process.terminate()
    assert wait_for(lambda: threads(process) < before)  # the one that waits for signals has heard this one
    assert process.poll() is None
    gate.open.set()
    assert ended(process) == (0, [])
    assert left(world) == 2  # the letter in hand left; the others are taken up by the next one, at once
    with working(world, box):
        assert wait_for(lambda: left(world) == 0)
    assert len(box.arrived) == len({mail["Message-ID"] for mail in box.arrived}) == 3


def test_killed_with_a_letter_in_hand_its_successor_takes_it_up_at_once(world: World, box: Letterbox) -> None:
    gate = Gate(box)
    world.report()
    process = start(world, box)
    assert gate.reached.wait(60)
    process.kill()
    assert ended(process)[0] == -signal.SIGKILL
    assert left(world) == 1
    gate.open.set()
    with working(world, box):
        assert wait_for(lambda: left(world) == 0)
    # The server had the first one whole as well: the same Message-ID tells a mail program that it is the same.
    assert len({mail["Message-ID"] for mail in box.arrived}) == 1


def test_wrong_settings_are_told_one_a_line_and_nothing_starts(world: World) -> None:
    status, lines = ended(start(world, None, MAIL="brieftaube", SMTP_PORT="0", TIMEZONE="Asia/Nirgends"))
    assert status == 1
    assert len(lines) == 3
    for name in ("MAIL", "SMTP_PORT", "TIMEZONE"):
        assert [line for line in lines if line.startswith(f"courier: {name}: ")], lines


def test_an_officers_file_that_is_not_there_is_told(world: World) -> None:
    status, lines = ended(start(world, None, OFFICERS_FILE="/nirgends/officers.toml"))
    assert (status, len(lines)) == (1, 1)
    assert "/nirgends/officers.toml" in lines[0]


@pytest.mark.parametrize("lost", ["public.json", "courier", "links"])
def test_without_its_keys_it_does_not_start(world: World, lost: str) -> None:
    """It would drop requests for links, one by one and without a word."""
    world.ask_link(world.officer("kutim").email)
    path = world.folder / "keys" / lost
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    status, lines = ended(start(world, None))
    assert (status, len(lines)) == (1, 1)
    assert lines[0].startswith("courier: no private key for ")
    assert left(world) == 1


def test_keys_it_cannot_unlock_are_told(world: World) -> None:
    status, lines = ended(start(world, None, KEY_PASSPHRASE="salah"))
    assert (status, len(lines)) == (1, 1)
    assert "KEY_PASSPHRASE" in lines[0]
    assert "salah" not in lines[0]


def test_it_needs_no_key_of_the_desk(world: World, box: Letterbox) -> None:
    shutil.rmtree(world.folder / "keys" / "desk")
    world.report()
    world.ask_link(world.officer("kutim").email)
    with working(world, box):
        assert wait_for(lambda: len(box.arrived) == 2)


def test_the_doors_need_no_key_of_the_courier(world: World) -> None:
    first = world.report()
    world.run_courier()
    link = world.mailbox.tokens()[0]
    for purpose in ("courier", "links"):
        shutil.rmtree(world.folder / "keys" / purpose)
    settings = load_settings({"DATA_DIR": str(world.folder)})
    intake, thread, desk = (create(settings).test_client() for create in (create_intake, create_thread, create_desk))
    sent = intake.post("/api/reports", json=world.fields(), headers=JSON)
    assert sent.status_code == 201
    read = thread.post("/api/thread", json={"receipt": sent.get_json()["receipt"]}, headers=JSON)
    assert read.get_json()["messages"][0]["body"] == WORDS
    session = desk.post("/desk/session", json={"token": link}, headers=JSON)
    assert session.status_code == 200
    case = desk.get(f"/desk/cases/{first['tracking_id']}", headers=JSON)
    assert case.get_json()["messages"][0]["body"] == WORDS
    assert desk.post("/desk/links", json={"email": world.officer("kutim").email}, headers=JSON).status_code == 202


@pytest.mark.parametrize("purpose", [Purpose.COURIER, Purpose.LINKS])
def test_it_follows_a_rotation_of_its_keys_while_it_runs(world: World, box: Letterbox, purpose: Purpose) -> None:
    world.report()
    with working(world, box):
        assert wait_for(lambda: box.arrived)
        key_id = Rotate(world.keys, {}, lambda: None)(purpose, "kutim")
        world.ask_link(world.officer("kutim").email)
        assert wait_for(lambda: len(box.arrived) == 2)
    body = box.arrived[1].get_body(("plain",))
    assert body
    public = world.keys.public()
    current = public.current_id(Purpose.LINKS, "kutim")
    assert (current == key_id) == (purpose is Purpose.LINKS)
    link = read_link(token(body.get_content()), [public.keys[current]], int(time.time()))
    assert (link.agency, link.case_id) == ("kutim", "")


def test_it_ends_when_the_process_that_started_it_is_gone(world: World) -> None:
    assert ended(start(world, None, "--child-of", str(os.getpid() + 1))) == (0, [])
    with working(world, None, "--child-of", str(os.getpid())) as process:
        world.report()
        assert wait_for((world.folder / "outbox" / "1.json").exists)
        assert process.poll() is None


@contextmanager
def running(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The courier's loop in a thread, on the world's own mailbox, impatient."""
    monkeypatch.setattr(module, "TROUBLE_SECONDS", 0.05)
    monkeypatch.setattr(module, "IDLE_SECONDS", 0.02)
    stop = threading.Event()
    thread = threading.Thread(target=module.run, args=(world.store, lambda: world.deliver, stop, lambda: False))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(20)
    assert not thread.is_alive()


def test_a_locked_store_is_waited_for(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    world.report()
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.05)
    world.store = type(world.store)(world.folder / "lapor.sqlite")  # type: ignore[call-arg]  # the SQLite one, with fresh connections
    with closing(sqlite3.connect(world.folder / "lapor.sqlite", isolation_level=None)) as lock:
        lock.execute("BEGIN IMMEDIATE")
        with running(world, monkeypatch):
            assert wait_for(lambda: caplog.messages)
            assert world.mailbox.letters == []
            lock.execute("ROLLBACK")
            assert wait_for(lambda: world.mailbox.letters)
    assert set(caplog.messages) == {"trouble: StoreUnavailableError"}


def test_what_was_in_hand_when_the_store_failed_is_taken_up_without_waiting_for_its_lease(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(3):
        world.report()
    honest, calls = world.store.settle, []

    def fails_once(entry_id: str, worker: str) -> bool:
        calls.append(entry_id)
        if len(calls) == 1:
            raise StoreUnavailableError("gone for a moment")
        return honest(entry_id, worker)

    monkeypatch.setattr(world.store, "settle", fails_once)
    with running(world, monkeypatch):
        assert wait_for(lambda: left(world) == 0)
    assert len({letter.message_id for letter in world.mailbox.letters}) == 3
    assert len(world.mailbox.letters) == 3  # none came twice, none waited an hour
    assert caplog.messages == ["trouble: StoreUnavailableError"]


def test_it_waits_for_the_store_that_holds_the_officers(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TROUBLE_SECONDS", 0)
    settings, tried, stop = load_settings({"DATA_DIR": str(world.folder)}), [], threading.Event()

    def make():
        tried.append(1)
        if len(tried) < 3:
            raise StoreUnavailableError("away")
        return module.make_deliver(settings, world.store, lambda _: None)

    deliver = module.wait_for_store(make, stop, lambda: False)
    assert len(tried) == 3
    assert deliver is not None
    assert deliver().officers.officers == world.officers
    stop.set()
    assert module.wait_for_store(make, stop, lambda: False) is None
    assert module.wait_for_store(make, threading.Event(), lambda: True) is None
    assert len(tried) == 3


def test_an_officers_link_leaves_before_the_letters_of_a_flood(world: World) -> None:
    """What reporters cause comes after what officers do, however much it is."""
    for _ in range(60):
        world.report()
    receipt = world.report()["receipt"]
    said = {"receipt": receipt, "body": "Masih gelap.", "message_key": "a" * 16}
    assert world.post("/api/thread/messages", said).status_code == 201
    address = world.officer("kutim").email
    world.ask_link(address)
    world.deliver.run_once("courier")
    assert world.mailbox.letters[0].to == address
    assert "/masuk/#" in world.mailbox.letters[0].text
    assert "Laporan" not in world.mailbox.letters[0].subject
    world.run_courier()
    assert len(world.mailbox.letters) > 60


def test_what_left_is_not_sent_again_where_the_store_could_not_settle_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a flood the store may be busy for longer than a courier waits. Also with a new ``Deliver``, as each round has."""
    world.report()
    settle, tries = world.store.settle, []

    def busy_once(entry_id: str, worker: str) -> bool:
        tries.append(entry_id)
        if len(tries) == 1:
            raise StoreUnavailableError("SQLite: database is locked")
        return settle(entry_id, worker)

    monkeypatch.setattr(world.store, "settle", busy_once)
    with pytest.raises(StoreUnavailableError):
        world.deliver.run_once("courier")
    world.store.release("courier")
    world.deliver = replace(world.deliver)
    assert world.run_courier() == 1
    assert len(world.mailbox.letters) == 1
    assert len(tries) == 2
    assert world.deliver.sent == {}


def test_on_a_full_disk_nothing_is_sent_that_could_not_be_settled(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else whoever ends the courier there gets each letter in hand twice: once more after the next start."""
    settings, free = load_settings({"DATA_DIR": str(world.folder)}), [module.SETTLE_BYTES]
    monkeypatch.setattr(module, "free_bytes", lambda _: free[0])
    world.deliver = replace(world.deliver, check_room=lambda: module.check_room(settings))
    for _ in range(2):
        world.report()
    entries = list(world.deliver.claim("courier"))
    send = world.mailbox.send

    def fills(letter: object) -> None:
        send(letter)  # type: ignore[arg-type]
        free[0] -= 1

    monkeypatch.setattr(world.mailbox, "send", fills)
    with pytest.raises(StoreUnavailableError):
        world.deliver.deliver(entries, "courier", lambda: False)
    assert len(world.mailbox.letters) == 1
    with pytest.raises(StoreUnavailableError):
        world.deliver.claim("courier")
    module.check_room(replace(settings, store="dynamodb"))
    free[0] += 10
    world.deliver.deliver(entries[1:], "courier", lambda: False)
    assert len(world.mailbox.letters) == 2
    assert left(world) == 0
