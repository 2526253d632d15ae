"""Words that a second opinion takes for thanks, talk or a question are kept, and places are taken, whatever was read."""

from pathlib import Path

import pytest

from functions.actions.reporter.sms_words import REFUSES
from functions.casework.formats import sms_texts as say
from functions.casework.formats.sms_command import Command, read_sms
from functions.casework.receipt import parse_receipt
from functions.casework.understanding.opinion.likely import Standing
from functions.casework.understanding.spelling import words_of
from functions.casework.understanding.thanks import is_courtesy
from functions.crypto.seal.sealing import receipt_keys
from tests.doors.test_sms import bodies, cases, code
from tests.doors.test_sms_held import heard, muted
from tests.doors.test_sms_places import where
from tests.world import World

LEVY = "Di desa Margo Mulyo tiap urus surat tanah diminta 500rb ga ada kwitansi. Sudah banyak yg kena"
FIRE = "TOLONG ADA RUMAH TERBAKAR API SDH BESAR DEKAT BENSIN ECERAN"
LAMPS = "lampu jalan di gang kami mati semua, gelap sekali kalau malam"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def added(world: World, receipt: str) -> str:
    head = next(each for each in cases(world) if each.case_id == receipt_keys(parse_receipt(receipt)).case_id)
    return say.with_state(say.ADDED, head, receipt[:5])


# Beside an open case


def test_evidence_that_seems_thanks_is_kept_and_told_so(world: World) -> None:
    receipt = code(heard(world, LEVY))
    more = "adik sy jg td pagi bayar, yg terima kaur pemerintahan"
    assert heard(world, more) == added(world, receipt)
    assert bodies(world, receipt)[-1] == more


def test_what_is_kept_and_may_be_thanks_is_answered_as_thanks(world: World) -> None:
    receipt = code(heard(world, LEVY))
    more = "siap pak, tadi pak kades panggil kami semua ke balai"
    assert heard(world, more).startswith("Baik, terima kasih. Laporan")
    assert bodies(world, receipt)[-1] == more


@pytest.mark.parametrize(
    "text", ["siap pak, makasih banyak", "ok", "terima kasih bu", "👍", "halo pak", "pagi pak makasih"]
)
def test_a_bare_courtesy_is_no_word_for_the_officer(world: World, text: str) -> None:
    receipt = code(heard(world, LEVY))
    assert heard(world, text)
    assert len(bodies(world, receipt)) == 1


def test_a_sure_question_for_the_state_is_none_either(world: World) -> None:
    receipt = code(heard(world, LEVY))
    assert heard(world, "gmn pak bantuan sy ada kabarnya").startswith(f"Laporan {receipt[:5]}: diterima.")
    assert len(bodies(world, receipt)) == 1


def test_what_is_kept_of_a_number_that_wants_no_sms_is_answered_with_nothing(world: World) -> None:
    receipt = code(heard(world, LEVY))
    heard(world, "BERHENTI")
    assert muted(world)
    assert heard(world, "makasih pak tadi rt sdh kesini") == ""
    assert bodies(world, receipt)[-1] == "makasih pak tadi rt sdh kesini"


def test_courtesy_is_what_lists_hold() -> None:
    assert is_courtesy(words_of("siap pak terima kasih banyak"))
    assert not is_courtesy(words_of("kaliorang pak cepat"))
    assert not is_courtesy(words_of("iya sudah diterima"))
    assert not is_courtesy(words_of("iya warga"))


# A place


@pytest.mark.parametrize(
    ("fire", "standing", "place"),
    [
        (FIRE, Standing.ASKED, "siap pak kaliorang makasih banyak ya"),
        (FIRE, Standing.ASKED, "pak kapan laporan kaliorang diproses"),
        (f"{FIRE} DI BUKIT HARAPAN", Standing.OPEN, "kaliorang pak cepat"),
    ],
)
def test_a_place_is_taken_whatever_was_read_and_112_is_told_again(
    world: World, fire: str, standing: Standing, place: str
) -> None:
    receipt = code(heard(world, fire))
    assert read_sms(place, (), (), standing).command is not Command.TEXT
    assert heard(world, place) == say.CALL + say.PLACED.format(place="Kaliorang", short=receipt[:5])
    (head,) = cases(world)
    assert world.directory.districts[head.district].name == "Kaliorang"
    assert bodies(world, receipt)[-1] == place


@pytest.mark.parametrize("text", ["halo?", "makasih pak", "kira kira kapan ada orang datang", "maaf td emosi"])
def test_in_danger_no_deadline_is_named(world: World, text: str) -> None:
    heard(world, FIRE)
    assert "Batas waktu" not in heard(world, text)


def test_the_next_day_danger_is_over(world: World) -> None:
    heard(world, FIRE)
    world.later(days=1)
    assert "Batas waktu" in heard(world, "makasih pak")


def test_a_place_is_asked_once_more(world: World) -> None:
    receipt = code(heard(world, LAMPS))
    assert heard(world, "yang di depan masjid malah roboh") == say.ADDED_WHERE.format(short=receipt[:5])
    assert heard(world, "tiang nomor tiga dan empat roboh") == added(world, receipt)


@pytest.mark.parametrize(
    "text", ["ga tau kecamatan apa pak", "g mau sebut, nanti ketahuan", "ga berani bilang", "rahasia aja ya"]
)
def test_whoever_does_not_know_or_is_afraid_is_not_asked_again(world: World, text: str) -> None:
    heard(world, LAMPS)
    assert REFUSES.search(text)
    assert say.WHERE not in heard(world, text)


def test_a_mine_is_no_district_elsewhere() -> None:
    assert where("air sungai keruh sdh sebulan gara2 tambang emas, kami mandi minum dari situ") == ""
    assert where("air sungai keruh, dari tambang di long lees") == "Busang"
    assert where("limbah di tambang batubara") == ""
    assert where("ada tabrakan kemarin") == where("berkas saya ditolak terus") == where("tabung gas langka") == ""
    assert where("dekat tenggarong") == "Kab. Kutai Kartanegara"


# Without a case


def test_a_matter_that_seems_a_question_is_in_the_report_that_follows(world: World) -> None:
    matter, place = (
        "usulan perbaikan jembatan desa kami sdh sampai mana ya pak",
        "Sangatta Selatan, jln poros",
    )
    assert heard(world, matter) == say.NONE_HELD
    assert not cases(world)
    receipt = code(heard(world, f"{place} kampung kajang"))
    assert bodies(world, receipt) == [f"{matter}\n{place} kampung kajang"]


@pytest.mark.parametrize(
    "text",
    [
        "air pdam kdd jalan sdh 4 hari, handak mandi ja ngalih. kayapa ini pa",
        "kenapa air pdam di pengadan sudah seminggu tidak keluar ya?",
    ],
)
def test_a_matter_that_is_told_as_a_question_is_a_report(world: World, text: str) -> None:
    assert bodies(world, code(heard(world, text))) == [text]


def test_small_talk_is_in_no_report_that_follows(world: World) -> None:
    heard(world, "mas anter galon 2 ke blok f yaa")
    receipt = code(heard(world, "jalan poros di bengalon rusak berat"))
    assert bodies(world, receipt) == ["jalan poros di bengalon rusak berat"]


def test_a_greeting_that_may_be_more_says_lapor(world: World) -> None:
    assert read_sms("pak tolong kami", (), (), Standing.NONE).nature.likely
    assert heard(world, "pak tolong kami").endswith(say.HELD)


def test_answer_me_behind_other_words_is_no_command() -> None:
    assert read_sms("haha ngapain balas").command is not Command.BALAS
    assert read_sms("balas").command is Command.BALAS
