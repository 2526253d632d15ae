"""What a second look at the reviewed SMS found, played with other offices, places and spellings."""

from pathlib import Path

import pytest

from functions.casework.formats import sms_texts as say
from functions.casework.understanding.danger import is_in_danger
from functions.casework.understanding.thanks import accepts, tells_beside_withdrawal
from tests.casework.sms_dialogues import Conversation
from tests.doors.test_sms import bodies, code
from tests.doors.test_sms_closed_and_silent import short
from tests.doors.test_sms_held import DANGER, heard, muted
from tests.doors.test_sms_reviewed_a import head_of
from tests.world import NUMBER, World

ACCUSING = "orang dishub pungut 20 ribu tiap truk di terminal Muara Wahau"
SIGNAL = "LAPOR lampu merah di Telen padam sudah tiga hari"
LAMP = "LAPOR lampu jalan di Kombeng mati sudah seminggu depan kantor pos"
SILENCE = "jgn sms lg pak hp sering dibuka suami"
ENDED = {"outcome": "dijelaskan", "reason": "Sudah."}


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def both(world: World, *, closed: bool) -> tuple[str, str]:
    """Return a case that accuses Dishub, and one that Dishub works on."""
    accusing, signal = code(heard(world, ACCUSING)), code(heard(world, SIGNAL))
    assert head_of(world, accusing).accused == "kutim-dishub"
    for receipt, desk in ((accusing, "kutim-inspektorat"), (signal, "kutim-dishub")):
        case_id = head_of(world, receipt).case_id
        handler = world.hand_over(case_id, desk) if head_of(world, receipt).holder != desk else world.desk_of(desk)
        assert not closed or handler.post(f"/desk/cases/{case_id}/close", ENDED).status_code == 200
    world.run_courier()
    return accusing, signal


def closed_lamp(world: World) -> str:
    receipt = code(heard(world, LAMP))
    case_id = head_of(world, receipt).case_id
    assert world.hand_over(case_id, "kutim-dpupr").post(f"/desk/cases/{case_id}/close", ENDED).status_code == 200
    world.run_courier()
    return receipt


def every_word(world: World) -> str:
    return "\n".join(body for each in Conversation(world, NUMBER)._receipts() for body in bodies(world, str(each)))


# A code that comes after the words is no way through the wall: our own answer names it


def test_a_code_alone_brings_no_evidence_to_whom_another_case_accuses(world: World) -> None:
    accusing, signal = both(world, closed=False)
    before = bodies(world, signal)
    text = "org itu msh narik di pos, sy ada vidionya"
    assert say.added_which(short(accusing), [short(signal)]) in heard(world, text)
    assert heard(world, short(signal)) == say.WALLED.format(short=short(signal))
    assert bodies(world, signal) == before
    assert text in bodies(world, accusing)
    heard(world, f"BALAS {short(signal)} tiangnya miring")
    assert bodies(world, signal)[-1] == "tiangnya miring"


def test_what_is_told_beside_that_it_is_done_goes_to_the_open_case_that_may_read_it(world: World) -> None:
    accusing, signal = both(world, closed=False)
    before = bodies(world, signal)
    text = "sdh nyala pak mksh, duitnya masuk kantong pak Herman di pos"
    heard(world, text)
    assert text in bodies(world, accusing)
    assert bodies(world, signal) == before


@pytest.mark.parametrize("then", ["BELUM {}", "{}", "SELESAI {}"])
def test_words_that_wait_go_to_no_closed_case_of_the_accused(world: World, then: str) -> None:
    _, signal = both(world, closed=True)
    before = bodies(world, signal)
    text = "blm pak, org itu msh narik di pos, sy ada vidionya"
    heard(world, text)
    answer = heard(world, then.format(short(signal)))
    assert not any("vidionya" in body for body in bodies(world, signal)[len(before) :])
    assert short(signal) in answer
    heard(world, "LAPOR")
    assert "vidionya" in every_word(world)


def test_the_example_for_words_that_wait_is_no_case_of_the_accused(world: World) -> None:
    accusing, _ = both(world, closed=True)
    assert f"BELUM {short(accusing)}" in heard(world, "belum berubah pak malah mereka nyari siapa yg ngadu")


def test_whoever_is_asked_which_case_is_done_is_told_that_the_rest_waits(world: World) -> None:
    both(world, closed=True)
    text = "makasih sdh ditangani, kwitansinya msh sy simpan"
    assert say.HELD in heard(world, text)
    heard(world, "LAPOR")
    assert text in every_word(world)


# Silence


@pytest.mark.parametrize(
    "text",
    [
        "nomor ini mau saya kasih adik, boleh sms lagi",
        "hp dipakai ibu, boleh sms lagi",
        "minta dikabari lagi suami saya",
        "boleh sms lagi hp kades",
    ],
)
def test_a_phone_that_is_anothers_ends_no_silence(world: World, text: str) -> None:
    heard(world, LAMP)
    heard(world, SILENCE)
    assert not heard(world, text)
    assert muted(world)


@pytest.mark.parametrize(
    "text",
    [
        "LAPOR guru pukul murid di Busang, balasan jangan masuk ke nomor ini",
        "tolong no sy dihapus dr daftar",
        "saya gamau nerima sms lagi",
        "sms jangan dikirim ke sini",
        "LAPOR guru pukul murid di Busang. no reply",
        "udahan sms nya pak",
    ],
)
@pytest.mark.parametrize("before", [None, LAMP])
def test_an_order_of_silence_is_obeyed(world: World, text: str, before: str | None) -> None:
    if before:
        heard(world, before)
    assert not heard(world, text)
    assert muted(world)
    assert "guru" not in text or "guru pukul murid di Busang" in every_word(world)


# A confirmation is final


@pytest.mark.parametrize(
    "text",
    [
        "sudah baik sekali kalau ditangani cepat",
        "sdh kering sumur kami",
        "sudah kering air minum kami",
        "sudah bersih dijarah",
        "sudah surut harapan kami",
        "sudah diganti kadesnya",
        "sudah ditimbun mayatnya",
        "sudah ditimbun anaknya",
        "sudah dibangun rumah kami",
        "akhirnya menyala juga setelah saya kasih uang rokok",
    ],
)
def test_words_of_something_else_confirm_nothing(world: World, text: str) -> None:
    receipt = closed_lamp(world)
    answer = heard(world, text)
    assert not head_of(world, receipt).closing.confirmed
    assert text in every_word(world) or say.HELD in answer


@pytest.mark.parametrize(
    "text",
    [
        "sudah diperbaiki tadi pagi oleh petugas, trims",
        "lampu jalan sudah terang benderang, warga senang",
        "sudah selesai diperbaiki pak, hasilnya memuaskan",
    ],
)
def test_praise_of_what_was_mended_accepts_it(text: str) -> None:
    assert accepts(text, frozenset({"lampu", "jalan"}))


def test_dry_is_well_only_where_it_was_flooded() -> None:
    assert accepts("sudah kering pak", frozenset({"banjir", "rumah"}))
    assert not accepts("sudah kering pak", frozenset({"air", "pdam"}))


# Emergencies, whatever stands with their writer


@pytest.mark.parametrize(
    "text",
    [
        "gubuk kami dibakar preman pt, nenek di dalam",
        "anak saya kejebur parit belum ketemu",
        "bapak kena ular, blm ada bidan",
        "ibu pendarahan habis melahirkan",
        "kami dikepung massa di kantor desa",
        "korban laka 3, 1 sudah dibawa, 2 masih tergencet",
        "tiang listrik roboh kabel nyala di jalan anak2 main",
        "kk sy ketusuk pisau",
        "warga diserang buaya",
        "sdh padam tp ada yg masih di dlm",
    ],
)
@pytest.mark.parametrize("standing", ["none", "open", "closed"])
def test_an_emergency_is_told_112(world: World, text: str, standing: str) -> None:
    if standing != "none":
        (closed_lamp if standing == "closed" else lambda there: heard(there, LAMP))(world)
    assert DANGER.search(heard(world, text))
    assert text in every_word(world)


@pytest.mark.parametrize("text", ["kabel lampu tidak nyala", "warga ibu hamil melahirkan di rumah karena jauh"])
def test_what_is_no_emergency_is_told_none(text: str) -> None:
    assert not is_in_danger(text)


# A withdrawal that says why


@pytest.mark.parametrize("closed", [False, True])
def test_why_somebody_gives_up_is_not_lost(world: World, *, closed: bool) -> None:
    if closed:
        closed_lamp(world)
    else:
        heard(world, LAMP)
    text = "cabut laporan krn diancam pegawai PU"
    answer = heard(world, text)
    if closed:
        assert answer == f"{say.WITHDRAW} {say.HELD}"
        heard(world, "LAPOR")
    assert text in every_word(world)


@pytest.mark.parametrize("text", ["cabut laporan", "saya cabut laporan saya pak", "tidak jadi lapor pak", "batal aja"])
def test_a_withdrawal_alone_tells_nothing_beside(text: str) -> None:
    assert not tells_beside_withdrawal(text)


# One's own text


@pytest.mark.parametrize("before", [LAMP, None])
def test_what_only_sounds_like_asking_for_ones_own_text_is_not_lost(world: World, before: str | None) -> None:
    if before:
        heard(world, before)
    text = "mau tulis apa lagi pak kalau kades tetap mukul warga"
    answer = heard(world, text)
    if text not in every_word(world):
        assert "Balas: " in answer
        heard(world, "BALAS" if before else "LAPOR")
    assert text in every_word(world)
