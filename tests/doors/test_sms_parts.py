"""A long SMS whose parts come late, cut short or cut through a character: nothing is lost or doubled, and no accused
reads it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from functions.crypto.slips.phone_numbers import PhoneSecret
from functions.storage.interface import Slip, StoreUnavailableError
from tests.doors.test_sms import bodies, cases, code
from tests.doors.test_sms_closed_and_silent import short
from tests.doors.test_sms_cut_short import shut
from tests.doors.test_sms_held import gone
from tests.doors.test_sms_second_look import both
from tests.world import NUMBER, PHONE, World

OTHER = "+6281299999999"
FIRST = "LAPOR lampu jalan di Bengalon mati sudah seminggu " + "depan pasar " * 8
REST = "dan anak anak takut lewat sini kalau malam"
EVIDENCE = "org itu msh narik di pos, namanya Herman, sy ada vidionya"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def part(world: World, text: str, n: int, number: str = NUMBER) -> int:
    """Deliver one of two parts; return the door's status."""
    answer = world.sms(text, number, gateway_id=f"{number}-{n}", reference="9", part=str(n), parts="2")
    return int(answer.status_code)


@pytest.mark.parametrize(
    "greeting",
    [
        "Assalamualaikum wr wb selamat pagi bapak ibu yang saya hormati semoga sehat selalu",
        "makasih banyak ya pak atas bantuannya selama ini semoga sehat selalu",
        "CEK",
    ],
)
def test_a_late_part_brings_no_evidence_to_whom_another_case_accuses(world: World, greeting: str) -> None:
    accusing, signal = both(world, closed=False)
    before = bodies(world, signal)
    part(world, greeting, 1)
    world.later(hours=1)
    world.sms("halo", OTHER)
    part(world, EVIDENCE, 2)
    assert bodies(world, signal) == before
    assert any(EVIDENCE in body for body in bodies(world, accusing))


def taken_as_it_was(world: World, text: str) -> None:
    """Let the first of two parts come, and the other not for an hour."""
    part(world, text, 1)
    world.later(hours=1)
    world.sms("halo", OTHER)


def test_a_late_part_goes_to_the_case_that_the_others_reopened(world: World) -> None:
    old, new = code(world.said(FIRST)), code(world.said("LAPOR pipa air di Kaubun bocor sejak senin dekat balai desa"))
    shut(world, old)
    taken_as_it_was(world, f"BELUM {short(old)} lampunya masih mati pak dan")
    part(world, "kabelnya putus menjuntai dekat tiang tujuh", 2)
    assert bodies(world, old)[-1] == "[...] kabelnya putus menjuntai dekat tiang tujuh"
    assert len(bodies(world, new)) == 1


def test_a_late_part_of_what_went_to_no_case_is_read_by_itself(world: World) -> None:
    receipt = code(world.said(FIRST))
    taken_as_it_was(world, "CEK")
    part(world, "terima kasih pak", 2)
    assert len(bodies(world, receipt)) == 1


def unmarked(world: World) -> Callable[[Slip, int], None]:
    """What writes slips, but for the mark of an SMS that was taken."""
    real = world.store.write_slip

    def write(slip: Slip, now: int) -> None:
        if (slip.version, slip.sealed) == (2, b""):
            raise StoreUnavailableError("gone")
        real(slip, now)

    return write


def test_a_part_that_is_sent_again_after_the_others_were_taken_is_not_doubled(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(world.store, "write_slip", unmarked(world))
        assert part(world, FIRST, 1) == 503
    world.later(hours=1)
    world.sms("halo", OTHER)
    world.run_courier()
    receipt = code(next(text.text for text in world.phone.texts if text.to == NUMBER))
    assert part(world, FIRST, 1) == 202
    world.later(hours=1)
    world.sms("halo", OTHER)
    assert len(bodies(world, receipt)) == 1
    part(world, REST, 2)
    assert bodies(world, receipt)[1:] == [f"[...] {REST}"]


def test_a_last_part_that_was_cut_short_and_comes_too_late_makes_no_second_report(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert part(world, FIRST, 1) == 202
    real, name = world.store.write_slip, PhoneSecret(PHONE).keys(NUMBER).name

    def write(slip: Slip, now: int) -> None:
        if slip.name == name:
            raise StoreUnavailableError("gone")
        real(slip, now)

    with monkeypatch.context() as patched:
        patched.setattr(world.store, "write_slip", write)
        assert part(world, REST, 2) == 503
    world.later(hours=1)
    world.sms("halo", OTHER)
    assert part(world, REST, 2) == 202
    world.run_courier()
    (head,) = cases(world)
    (answer,) = [text.text for text in world.phone.texts if text.to == NUMBER]
    assert head.case_id == world.read(code(answer))["tracking_id"]
    assert bodies(world, code(answer)) == [(FIRST + REST).removeprefix("LAPOR ")]


@pytest.mark.parametrize("cut", ["answer", "mark"])
def test_the_last_part_that_was_cut_short_is_finished_and_not_doubled(
    world: World, monkeypatch: pytest.MonkeyPatch, cut: str
) -> None:
    assert part(world, FIRST, 1) == 202
    with monkeypatch.context() as patched:
        patched.setattr(world.store, *(("enqueue", gone) if cut == "answer" else ("write_slip", unmarked(world))))
        assert part(world, REST, 2) == 503
    assert part(world, REST, 2) == 202
    world.run_courier()
    world.later(hours=1)
    world.sms("halo", OTHER)  # any SMS of anybody makes this process look for parts that wait
    world.run_courier()
    ours = [text.text for text in world.phone.texts if text.to == NUMBER]
    assert len(ours) == 1
    assert bodies(world, code(ours[0])) == [(FIRST + REST).removeprefix("LAPOR ")]


@pytest.mark.parametrize("last", [False, True])
def test_a_part_that_is_sent_again_after_another_sms_is_finished_and_not_doubled(
    world: World, monkeypatch: pytest.MonkeyPatch, last: bool
) -> None:
    def cut_short(text: str, n: int, name: str, instead: Callable[..., None]) -> None:
        with monkeypatch.context() as patched:
            patched.setattr(world.store, name, instead)
            assert part(world, text, n) == 503

    if last:
        assert part(world, FIRST, 1) == 202
        cut_short(REST, 2, "enqueue", gone)
    else:
        cut_short(FIRST, 1, "write_slip", unmarked(world))
        assert part(world, REST, 2) == 202
    assert world.sms("CEK").status_code == 202
    assert part(world, *((REST, 2) if last else (FIRST, 1))) == 202
    world.later(hours=1)
    world.sms("halo", OTHER)
    world.run_courier()
    ours = [text.text for text in world.phone.texts if text.to == NUMBER]
    assert len(cases(world)) == 1
    (told,) = [text for text in ours if "Kode rahasia" in text]
    assert bodies(world, code(told)) == [(FIRST + REST).removeprefix("LAPOR ")]


def test_a_part_that_comes_twice_at_once_is_one(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    real, overtaken = world.store.write_slip, list[int]()

    def slowly(slip: Slip, now: int) -> None:
        if slip.version == 2 and slip.sealed and not overtaken:  # the number's, with both parts
            overtaken.append(0)
            overtaken[0] = part(world, REST, 2)
        real(slip, now)

    assert part(world, FIRST, 1) == 202
    monkeypatch.setattr(world.store, "write_slip", slowly)
    assert part(world, REST, 2) == 202
    world.later(hours=1)
    world.sms("halo", OTHER)
    world.run_courier()
    ours = [text.text for text in world.phone.texts if text.to == NUMBER]
    assert overtaken == [202]
    assert len(cases(world)) == len(ours) == 1
    assert bodies(world, code(ours[0])) == [(FIRST + REST).removeprefix("LAPOR ")]


@pytest.mark.parametrize("came", [False, True])
def test_the_next_long_sms_by_the_same_reference_is_one_of_its_own(
    world: World, monkeypatch: pytest.MonkeyPatch, came: bool
) -> None:
    """A phone that was switched off counts its references again from the start."""
    again = ("LAPOR guru di SD Kaubun bolos terus " + "sejak bulan lalu " * 6, "dan murid pulang tanpa pelajaran")
    assert part(world, FIRST, 1) == 202
    world.later(hours=1)
    world.sms("halo", OTHER)
    if came:
        assert part(world, REST, 2) == 202
    assert part(world, again[0], 1) == 202
    with monkeypatch.context() as patched:
        patched.setattr(world.store, "enqueue", gone)
        assert part(world, again[1], 2) == 503
    assert part(world, again[1], 2) == 202
    world.run_courier()
    codes = [code(text.text) for text in world.phone.texts if text.to == NUMBER and "Kode rahasia" in text.text]
    said = [body for each in codes for body in bodies(world, each)]
    assert len(codes) == len(cases(world)) == 2
    assert "".join(again).removeprefix("LAPOR ") in said
    assert (f"[...] {REST}" in said) is came


def test_a_store_that_fails_once_loses_nobodys_half_message(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(3):
        assert part(world, FIRST, 1, f"+628127777000{n}") == 202
    world.later(hours=1)
    with monkeypatch.context() as patched:
        patched.setattr(world.store, "create_case", gone)
        world.sms("halo", OTHER)
    world.later(hours=1)
    world.sms("halo lagi", OTHER)
    assert len(cases(world)) == 3


def test_a_character_that_was_cut_between_two_parts_is_taken(world: World) -> None:
    """67 UTF-16 units go into a part, and an emoji has two; JSON can tell half of one."""
    assert part(world, "LAPOR jalan di Bengalon bolong \ud83d", 1) == 202
    assert part(world, "\ude21 tolong pak sudah lama", 2) == 202
    world.run_courier()
    assert bodies(world, code(world.phone.texts[-1].text)) == [
        "jalan di Bengalon bolong \U0001f621 tolong pak sudah lama"
    ]
    assert world.sms("LAPOR pipa air di Kaubun bocor \ud83d", OTHER).status_code == 202
    assert len(cases(world)) == 2
