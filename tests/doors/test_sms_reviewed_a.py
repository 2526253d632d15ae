"""What a reviewer's SMS found: evidence that reached the accused, cases confirmed by words that mean the opposite,
words dropped without telling, and a crash between an act and its slip."""

from pathlib import Path

import pytest

from functions.casework.case import CaseHead
from functions.casework.formats import sms_texts as say
from functions.casework.receipt import parse_receipt
from functions.casework.understanding.thanks import accepts
from functions.crypto.seal.sealing import receipt_keys
from tests.casework.sms_dialogues import Conversation
from tests.doors.test_sms import bodies, code
from tests.doors.test_sms_closed_and_silent import BRIBE, closed_both, closed_lamp, short
from tests.doors.test_sms_held import DANGER, heard
from tests.world import NUMBER, World

OF_KALIORANG = "LAPOR lampu di Kaliorang mati sudah seminggu depan masjid"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def head_of(world: World, receipt: str) -> CaseHead:
    return world.store.read_head(receipt_keys(parse_receipt(receipt)).case_id)


def both_open(world: World) -> tuple[str, str]:
    """Return a case that accuses the public works, and one of a lamp that these hold."""
    accusing, lamp = code(heard(world, BRIBE)), code(heard(world, OF_KALIORANG))
    world.hand_over(head_of(world, accusing).case_id, world.directory.agencies["kutim"].inspectorate)
    world.hand_over(head_of(world, lamp).case_id, "kutim-dpupr")
    world.run_courier()
    return accusing, lamp


def lamp_closed(world: World) -> tuple[str, str]:
    """Return the same two, the lamp's closed by those whom the other accuses."""
    accusing, lamp = both_open(world)
    case_id, ended = head_of(world, lamp).case_id, {"outcome": "dijelaskan", "reason": "Sudah."}
    assert world.desk_of("kutim-dpupr").post(f"/desk/cases/{case_id}/close", ended).status_code == 200
    world.run_courier()
    return accusing, lamp


def words_of_all(world: World) -> str:
    """Return all words of the number's cases, and those that wait."""
    return "\n".join(body for each in Conversation(world, NUMBER)._receipts() for body in bodies(world, str(each)))


# Evidence reaches nobody whom another case accuses (1, 2, 8)


@pytest.mark.parametrize(
    "text",
    [
        "belum pak, dia masih minta setoran, saya punya rekamannya",
        "BELUM pak Rudi masih minta, saya kerja di CV Maju",
        "belum ada perubahan, mereka malah cari siapa yang melapor",
        "sudah beres pak terima kasih, uangnya diminta pak Rudi di kantor",
    ],
)
def test_evidence_beside_a_closed_case_of_the_accused_goes_to_the_open_one(world: World, text: str) -> None:
    accusing, lamp = lamp_closed(world)
    before = bodies(world, lamp)
    answer = heard(world, text)
    assert bodies(world, lamp) == before
    assert not head_of(world, lamp).closing.confirmed
    assert not head_of(world, lamp).open
    assert text in bodies(world, accusing)[-1]
    assert short(accusing) in answer
    assert short(lamp) in answer or "Kini" in answer


@pytest.mark.parametrize(
    "text",
    [
        "lampunya sudah nyala, saya juga lihat pak kadis terima uang di kantornya",
        "belum pak, orang yang minta uang itu ikut pasang lampu, saya simpan rekaman",
    ],
)
def test_what_repeats_a_closed_case_of_the_accused_is_no_word_for_it(world: World, text: str) -> None:
    _, lamp = closed_both(world)
    before = bodies(world, lamp)
    answer = heard(world, text)
    assert bodies(world, lamp) == before
    assert not head_of(world, lamp).closing.confirmed
    assert not head_of(world, lamp).open
    assert "Laporan" in answer


def test_the_code_is_the_way_through(world: World) -> None:
    _, lamp = lamp_closed(world)
    assert "dibuka lagi" in heard(world, f"BELUM {short(lamp)} masih mati")
    assert bodies(world, lamp)[-1].endswith("Alasan: masih mati")


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        (True, "saya kerja di CV Maju yang disuruh setor, ini rekamannya saya simpan"),
        (True, "pak Rudi minta lagi 5 juta kemarin di kantor"),
        (False, "saya saksi, uangnya diserahkan di Kaliorang depan masjid, ada rekaman"),
        (False, "saya punya rekaman pak Rudi minta uang lampu"),
        (False, "batal lapor pak saya takut sama pak Rudi lampu"),
        (False, "lampunya sudah beres pak terima kasih, uangnya diminta pak Rudi"),
    ],
)
def test_no_guess_brings_words_to_whom_another_case_accuses(world: World, text: str, *, asked: bool) -> None:
    accusing, lamp = both_open(world)
    if asked:
        case_id = head_of(world, lamp).case_id
        question = {"body": "Di mana tiangnya, pak?", "message_key": "1" * 32}
        answered = world.desk_of("kutim-dpupr").post(f"/desk/cases/{case_id}/messages", question)
        assert answered.status_code in (200, 201)
        world.run_courier()
    before = bodies(world, lamp)
    answer = heard(world, text)
    assert bodies(world, lamp) == before
    assert text in bodies(world, accusing)[-1]
    assert say.added_which(short(accusing), [short(lamp)]) in answer


@pytest.mark.parametrize(
    "text",
    [
        "sudah diperbaiki setelah saya bayar 500 ribu ke petugasnya",
        "sudah dibayar petugas PU nya pak 300 ribu baru dipasang",
    ],
)
def test_paid_mending_confirms_nothing_and_is_kept_from_whoever_mended(world: World, text: str) -> None:
    lamp = code(heard(world, OF_KALIORANG))
    case_id, ended = head_of(world, lamp).case_id, {"outcome": "dijelaskan", "reason": "Sudah."}
    assert world.hand_over(case_id, "kutim-dpupr").post(f"/desk/cases/{case_id}/close", ended).status_code == 200
    world.run_courier()
    heard(world, text)
    assert not head_of(world, lamp).closing.confirmed
    heard(world, f"SELESAI {short(lamp)} {text}")
    assert bodies(world, lamp)[-1].endswith(text)
    assert head_of(world, lamp).holder != "kutim-dpupr"


# A confirmation is final (7)


@pytest.mark.parametrize(
    "text",
    [
        "sudah dicuri lampunya pak",
        "sekarang saya dicari orang kades",
        "sudah ada korban pak",
        "sudah masuk air ke rumah",
        "sekarang dibakar lagi sampahnya",
        "sudah diusir saya dari kantor",
        "sudah dihapus nama saya dari daftar bantuan",
        "sudah dicabut lagi tiangnya",
        "sekarang ada ular di got itu",
        "akhirnya keluar air coklat",
        "sudah jadi sarang nyamuk",
        "sudah selesai apanya",
        "dulu tidak bau lagi waktu baru lapor",
        "lampu sudah nyala, kabelnya menjuntai ke tanah",
        "Makasih udah diurus ya kemarin itu. Sekarang di pelabuhan kenyamukan toiletnya dikunci, kami kencing di laut",
    ],
)
def test_words_of_harm_or_of_something_else_confirm_nothing(world: World, text: str) -> None:
    receipt = closed_lamp(world)
    answer = heard(world, text)
    assert not head_of(world, receipt).closing.confirmed
    kept = text in words_of_all(world)
    assert kept or "LAPOR" in answer
    if not kept:
        heard(world, "LAPOR")
        assert text in words_of_all(world)


def test_a_stolen_lamp_is_not_noted_as_done(world: World) -> None:
    code(heard(world, OF_KALIORANG))
    assert "menurut Anda sudah selesai" not in heard(world, "sudah dicuri lampunya pak")


@pytest.mark.parametrize(
    "text",
    [
        "lampunya sudah menyala lagi sejak tadi malam, warga depan pasar senang semua pak",
        "lampu jalan depan pasar sudah nyala",
        "alhamdulillah sudah diperbaiki, terima kasih banyak",
    ],
)
def test_what_is_well_and_nothing_else_confirms(world: World, text: str) -> None:
    receipt = closed_lamp(world)
    heard(world, text)
    assert head_of(world, receipt).closing.confirmed


@pytest.mark.parametrize(
    "text", ["lampu sudah nyala kabelnya menjuntai ke tanah", "sudah diganti nama saya oleh orang lain"]
)
def test_what_is_said_beside_that_it_is_well_accepts_nothing(text: str) -> None:
    assert not accepts(text)
    assert accepts("sudah bersih pak")


# An emergency, and words beside thanks (6, 9)


@pytest.mark.parametrize(
    "text",
    [
        "orang2 PT bawa massa bakar pondok kami, anak2 didalam",
        "speedboat kami mati mesin ombak masuk, 11 org, tolong di muara Sangkulirang",
    ],
)
def test_an_emergency_beside_a_closed_case_is_a_case(world: World, text: str) -> None:
    closed_lamp(world)
    answer = heard(world, text)
    assert DANGER.search(answer)
    assert bodies(world, code(answer)) == [text]


@pytest.mark.parametrize(
    "text",
    [
        "nanti saya cek dulu ya, tadi pagi ada anak jatuh di lubang",
        "nanti saya lihat dulu, kadesnya minta uang 5 juta ke kami",
        "makasih ya pak, anak saya jatuh lagi tadi",
        "oke mksh yg kmrn beres. skrg lain lg ni, irigasi kaubun jebol sawah kami kerendam",
    ],
)
def test_what_is_told_beside_thanks_is_kept_or_waits_and_is_told_so(world: World, text: str) -> None:
    closed_lamp(world)
    answer = heard(world, text)
    if text not in words_of_all(world):
        assert say.HELD in answer
        heard(world, "LAPOR")
    assert text in words_of_all(world)


def test_what_is_told_beside_thanks_waits_also_beside_two_closed_cases(world: World) -> None:
    closed_both(world)
    text = "terima kasih lampunya, anak pak Rahmat jatuh di got depan"
    assert say.HELD in heard(world, text)
    heard(world, "LAPOR")
    assert text in words_of_all(world)


def test_what_is_told_beside_a_withdrawal_is_added(world: World) -> None:
    both_open(world)
    text = "batalkan laporan, tetangga saya diancam oknum pak Budi kalau lapor lagi"
    assert say.WITHDRAW in heard(world, text)
    assert text in words_of_all(world)
