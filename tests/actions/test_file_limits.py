"""What a case may bring in files: one at a time, refused ones counted, few bytes until somebody answers."""

from datetime import date
from pathlib import Path
from threading import Event, Thread

import pytest

from functions.actions.common import append, file_limits
from functions.actions.common.decrypted_case import OpenedCase
from functions.actions.common.file_limits import CleaningTurns
from functions.casework.report import BODY_MAX
from functions.sanitize.clean import FileRefusedError, Refusal
from functions.storage.blobs.folder import DirBlobs
from functions.storage.blobs.room import BoundedBlobs
from functions.storage.interface import NoRoomError, StoreUnavailableError
from tests.depth import deep
from tests.doors.test_thread import photo, upload, write
from tests.world import World

CASE, NAME = "4F7K-2M9Q-XR3D", "a" * 32


@pytest.fixture(autouse=True)
def turns(monkeypatch: pytest.MonkeyPatch) -> CleaningTurns:
    fresh = CleaningTurns()
    monkeypatch.setattr(file_limits, "TURNS", fresh)
    monkeypatch.setattr("functions.actions.common.append.TURNS", fresh)
    return fresh


def test_a_case_has_one_file_cleaned_at_a_time(turns: CleaningTurns) -> None:
    held, end = Event(), Event()

    def clean() -> None:
        with turns.turn(CASE):
            held.set()
            end.wait(20)

    thread = Thread(target=clean)
    thread.start()
    assert held.wait(20)
    with pytest.raises(FileRefusedError, match="busy"), turns.turn(CASE):
        pytest.fail("two at a time")
    with turns.turn("another"):
        end.set()
    thread.join(20)
    with turns.turn(CASE):
        assert turns.refused(CASE) == 0


def test_refusals_count_for_an_hour() -> None:
    now = [0.0]
    turns = CleaningTurns(lambda: now[0])
    with pytest.raises(FileRefusedError), turns.turn(CASE):
        raise FileRefusedError(Refusal.DAMAGED)
    with pytest.raises(FileRefusedError), turns.turn(CASE):
        raise FileRefusedError(Refusal.BUSY)  # not the file's fault
    assert (turns.refused(CASE), turns.refused("another")) == (1, 0)
    now[0] = file_limits.REFUSED_SECONDS + 1.0
    assert turns.refused(CASE) == 0


def test_what_is_refused_counts_as_a_file(world: World) -> None:
    receipt = world.report()["receipt"]
    codes = [upload(world, receipt, b"\xff\xd8\xff no photo").status_code for _ in range(file_limits.FILES_PER_TURN)]
    assert codes == [422] * file_limits.FILES_PER_TURN
    assert upload(world, receipt, photo()).status_code == 409
    assert write(world, receipt).status_code == 201


def test_until_somebody_answers_files_are_few_bytes(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = world.report()
    assert upload(world, sent["receipt"], photo("red")).status_code == 201
    messages = world.post("/api/thread", {"receipt": sent["receipt"]}).get_json()["messages"]
    monkeypatch.setattr(file_limits, "UNANSWERED_BYTES", messages[-1]["files"][0]["size"] + 10)
    assert upload(world, sent["receipt"], photo("green")).status_code == 409
    assert write(world, sent["receipt"]).status_code == 201
    desk = world.hand_over(sent["tracking_id"])
    assert (
        desk.post(f"/desk/cases/{sent['tracking_id']}/messages", {"body": "Ya.", "message_key": "b" * 16}).status_code
        == 201
    )
    assert upload(world, sent["receipt"], photo("blue")).status_code == 201


def test_words_of_one_case_have_a_total(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each message is read together with all before it: the whole total takes minutes."""
    each, total = deep((BODY_MAX, append.TALK_CHARACTERS), (1_000, 6_000))
    monkeypatch.setattr(append, "TALK_CHARACTERS", total)
    receipt = world.report()["receipt"]
    codes = [write(world, receipt, "x" * each).status_code for _ in range(total // each + 1)]
    assert codes == [201] * (len(codes) - 1) + [409]


@pytest.mark.parametrize(("a_day", "reserve", "free"), [(10, 0, 100), (1000, 95, 100)])
def test_files_are_bounded_by_day_and_by_free_space(tmp_path: Path, a_day: int, reserve: int, free: int) -> None:
    left = [free]
    blobs = BoundedBlobs(DirBlobs(tmp_path / "blobs"), a_day, reserve, lambda: left[0])
    blobs.prepare()
    blobs.put(CASE, NAME, b"12345", date(2026, 11, 27))
    left[0] -= 5
    with pytest.raises(NoRoomError):
        blobs.put(CASE, "b" * 32, b"123456", date(2026, 11, 27))
    assert [path.name for path in (tmp_path / "blobs" / CASE).iterdir()] == [NAME]
    left[0] = free
    blobs.put(CASE, "b" * 32, b"12345", date(2026, 11, 28))
    assert blobs.get(CASE, "b" * 32) == b"12345"


def test_what_a_disk_did_not_take_is_not_counted(tmp_path: Path) -> None:
    """Else uploads to a disk that fails use up the day, and files are refused once it is mended."""
    blobs = BoundedBlobs(DirBlobs(tmp_path / "blobs"), 10, 0, lambda: 100)
    (tmp_path / "blobs").write_text("no folder")
    for _ in range(3):
        with pytest.raises(StoreUnavailableError):
            blobs.put(CASE, NAME, b"1234567890", date(2026, 11, 27))
    (tmp_path / "blobs").unlink()
    blobs.put(CASE, NAME, b"1234567890", date(2026, 11, 27))
    with pytest.raises(NoRoomError):
        blobs.put(CASE, "b" * 32, b"1", date(2026, 11, 27))


def test_a_full_disk_refuses_files_and_takes_words(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = world.report()

    def full(*_: object) -> None:
        raise NoRoomError("full")

    monkeypatch.setattr(type(world.blobs), "put", full)
    answer = upload(world, sent["receipt"], photo())
    assert answer.status_code == 422
    assert "Tulisan Anda tetap diterima" in answer.get_json()["errors"][0]["message"]
    assert write(world, sent["receipt"]).status_code == 201
    assert world.report()["receipt"]


def test_a_message_costs_no_more_after_many_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else one receipt burns a door: each message would open and read all before it."""
    world, opened = World(tmp_path), [0]
    receipt, message = world.report()["receipt"], OpenedCase._message

    def counted(case: OpenedCase, event: object) -> object:
        opened[0] += 1
        return message(case, event)  # type: ignore[arg-type]

    monkeypatch.setattr(OpenedCase, "_message", counted)
    costs = []
    for n in range(12):
        opened[0] = 0
        assert write(world, receipt, f"Masih gelap, malam ke-{n}.").status_code == 201
        costs.append(opened[0])
    assert costs[-1] == costs[5], costs
