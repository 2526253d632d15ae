"""What an SMS probably is where no list holds its words: a second opinion that never loses a report."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.casework.formats import sms_texts as say
from functions.casework.formats.sms_command import Command, read_sms
from functions.casework.receipt import Receipt
from functions.casework.understanding import nature
from functions.casework.understanding.danger import is_in_danger
from functions.casework.understanding.nature import nature_of
from functions.casework.understanding.opinion import likely as likely_module
from functions.casework.understanding.opinion.likely import MODEL, REPORT, Likely, Standing, likely, read_model
from functions.casework.understanding.sorts import Sort
from functions.crypto.slips.phone_numbers import PhoneSecret
from tests.casework import sms_training
from tests.casework.routing_others import FURTHER, OTHERS
from tests.doors.test_sms import cases
from tests.world import NUMBER, PHONE, World


def taken(text: str) -> str:
    found = nature_of(text)
    return f"{found.sort}{' settled' if found.settled else ''}"


@pytest.mark.parametrize(
    ("text", "sort"),
    [
        ("dah beapa laporan etam tu pak", "question"),
        ("laporan kulo pun dugi pundi nggih", "question"),
        ("mandor suka buka buka hp saya jangan sms ke sini", "silence"),
        ("sms dari bapak bahaya buat saya", "silence"),
        ("saya urungkan saja laporan itu", "given up"),
        ("semoga tuhan membalas kebaikan bapak", "closing"),
        ("yang baca sms ini manusia apa mesin", "help"),
        ("tadi pagi sampahnya sudah diangkut semua", "report settled"),
        ("Pulsa Anda bertambah Rp10.000, cek *888#", "ours"),
    ],
)
def test_what_no_list_holds_is_understood(text: str, sort: str) -> None:
    assert taken(text) == sort


@pytest.mark.parametrize(
    "text",
    [
        "suami saya dipukul satpam kantor",
        "jangan sampai petugas itu tahu saya yang lapor",
        "sudah dibayar tapi ktp tidak jadi",
        "kapan jalan ini diaspal, sudah 5 tahun hancur",
        "bantuan tidak jadi cair",
        "makasih, oh ya lampunya dua yang mati",
    ],
)
def test_a_report_or_an_answer_stays_one(text: str) -> None:
    assert taken(text) == "report"


def test_no_message_of_the_routing_is_taken_for_talk() -> None:
    rows = (*OTHERS, *FURTHER)
    swallowed = [row["text"] for row in rows if nature_of(row["text"], Standing.NONE).sort is not Sort.REPORT]
    assert len(swallowed) < len(rows) / 100, swallowed


def opinion(monkeypatch: pytest.MonkeyPatch, what: str, share: float) -> None:
    """Let every text be this, so surely; the rest is a report."""
    shares = {**dict.fromkeys(read_model().weights, 0.0), what: share, REPORT: 1 - share}
    opinion = Likely(max(shares, key=shares.__getitem__), share, shares)
    monkeypatch.setattr(likely_module, "likely", lambda *_: opinion)


@pytest.mark.parametrize("standing", [Standing.NONE, Standing.OPEN])
@pytest.mark.parametrize("what", nature.TALK)
def test_doubt_is_a_report(monkeypatch: pytest.MonkeyPatch, what: str, standing: Standing) -> None:
    enough = nature.TALK_NONE if standing is Standing.NONE else nature.TALK_CASE
    text = "pohon tua di sini hubungi" if what == "speak" else "pohon tua di sini"  # who wants an answer speaks of it
    opinion(monkeypatch, what, enough - 0.01)
    assert nature_of(text, standing).sort is Sort.REPORT
    opinion(monkeypatch, what, enough)
    assert nature_of(text, standing).sort is not Sort.REPORT
    assert not nature_of(text, standing).speak  # no opinion ends silence


def test_danger_and_an_order_to_be_silent_take_the_least_and_its_words_are_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert sorted(nature.SURE, key=nature.SURE.__getitem__)[:2] == ["silence", "help"]
    opinion(monkeypatch, "silence", nature.SURE["silence"])
    assert read_sms("pohon tua di sini").words == "pohon tua di sini"
    for text, enough in (("anak di pohon tua sini", nature.SURE["help"]), ("pohon tua di sini", nature.HELP_SURE)):
        opinion(monkeypatch, "help", enough)
        assert nature_of(text).danger
        assert nature_of(text).sort is Sort.REPORT


def test_a_command_goes_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    opinion(monkeypatch, "closing", 1)
    assert read_sms("lapor pohon tua di sini").command is Command.LAPOR
    assert read_sms("belum pohon tua").command is Command.BELUM


def test_in_danger_nothing_is_taken_for_talk(monkeypatch: pytest.MonkeyPatch) -> None:
    opinion(monkeypatch, "automatic", 1)
    assert nature_of("kapal kami bocor di muara, enam orang").sort is Sort.REPORT
    assert nature_of("pohon tua di sini").sort is Sort.OURS


@given(st.text(max_size=300))
def test_any_text_gets_an_opinion(text: str) -> None:
    found = likely(text)
    assert found.what in read_model().weights
    assert 0 < found.sure <= 1
    assert nature_of(text).sort in Sort


def test_the_model_is_small_and_of_these_messages() -> None:
    model = read_model()
    assert MODEL.stat().st_size < 450_000
    assert {len(weights) for weights in model.weights.values()} == {len(model.place)}
    rows = sms_training.everything()
    assert {row.what for row in rows} == set(model.weights) == set(json.loads(MODEL.read_text())["bias"])
    some = rows[::7]
    wrong = [row.text for row in some if likely(row.text, row.standing, row.told).what != row.what]
    assert len(wrong) < len(some) / 20


def test_a_voice_is_learnt_with_what_stands_with_it() -> None:
    text = "sudah"
    told = {standing: likely(text, standing).shares for standing in Standing}
    assert len({tuple(shares.values()) for shares in told.values()}) == len(Standing)


# At the door

ASKS = "laporan kulo pun dugi pundi nggih"
ORDER = "mas anter galon 2 ke blok f yaa"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def said_in(world: World) -> list[str]:
    """What the latest case holds of its reporter's words."""
    keys = PhoneSecret(PHONE).keys(NUMBER)
    slip = world.store.read_slip(keys.name, world.seconds)
    assert slip
    receipt = Receipt(keys.open(slip.version, slip.sealed)["receipts"][-1])
    return [message["body"] for message in world.read(str(receipt))["messages"]]


def test_a_question_is_answered_with_the_state_and_kept_as_well_in_doubt(world: World) -> None:
    world.said("LAPOR jalan rusak di bengalon")
    said = world.said(ASKS)
    assert said.startswith("Laporan ")
    assert "Batas waktu" in said


def test_without_a_case_a_question_opens_none_until_its_writer_says_so(world: World) -> None:
    assert "belum ada laporan" in world.said(ASKS)
    assert not cases(world)
    assert "Kode rahasia" in world.said("LAPOR")
    assert len(cases(world)) == 1
    assert said_in(world) == [ASKS]


@pytest.mark.parametrize("yes", ["lapor", "LAPOR!", "ya", "iya pak"])
def test_what_was_taken_for_talk_waits_for_one_word(world: World, yes: str) -> None:
    assert world.said(ORDER) == say.TALK
    assert not cases(world)
    assert "Kode rahasia" in world.said(yes)
    assert len(cases(world)) == 1
    assert said_in(world) == [ORDER]
    world.said("lapor")
    assert len(cases(world)) == 1, "it is a report once"


def test_what_became_a_report_waits_no_more(world: World) -> None:
    assert world.said("pesan galon 2") in (say.TALK, say.NONE_HELD)
    world.said("lapor")
    assert world.said("lapor") == say.ASK


def test_beside_a_case_it_waits_for_balas_or_baru(world: World) -> None:
    world.said("LAPOR jalan rusak di bengalon")
    assert "tidak ditambahkan" in world.said(ORDER)
    assert len(cases(world)) == 1
    assert ORDER not in said_in(world)
    assert "Sudah ditambahkan" in world.said("BALAS")
    assert ORDER in said_in(world)
    assert "Batas waktu" in world.said("BALAS"), "it is added once"
    assert said_in(world).count(ORDER) == 1


def test_a_thousand_letters_without_a_blank_wait_whole(world: World) -> None:
    assert world.said("x" * 1000) == say.TALK
    assert not cases(world)
    world.said("lapor")
    assert said_in(world) == ["x" * 1000]


def test_an_advert_beside_a_case_is_not_its_words(world: World) -> None:
    world.said("LAPOR jalan rusak di bengalon")
    assert world.said("PROMO!! beli 2 gratis 1 madu kelulut murni cod se kutim") == say.ADVERT
    assert len(cases(world)) == 1
    assert len(said_in(world)) == 1


def test_what_waits_rests_sealed(world: World) -> None:
    world.said(ORDER)
    stored = (world.folder / "lapor.sqlite").read_bytes()
    stored += b"".join(path.read_bytes() for path in world.folder.glob("lapor.sqlite-*"))
    assert b"galon" not in stored


def test_a_muted_number_hears_nothing_of_a_second_opinion(world: World) -> None:
    world.said("LAPOR jalan rusak di bengalon")
    world.sms("tolong jangan balas sms ini")
    world.run_courier()
    sent = len(world.phone.texts)
    texts = [ORDER, "sekarang anak saya dikunci di kamar mandi rumah kami di sangkulirang", "besok kami mau mogok"]
    for text in (*texts, "iya bu terima kasih ya"):
        world.sms(text)
        world.run_courier()
    assert len(world.phone.texts) == sent
    assert said_in(world)[-3:] == texts, "nobody could tell them to write BALAS"


def test_who_wanted_silence_is_answered_again_when_they_ask_for_it(world: World) -> None:
    world.said("LAPOR timbangan posyandu rusak di bengalon")
    world.sms("berhenti kirim pesan ya")
    assert world.said("maaf mau tanya laporan saya gimana? boleh balas sekarang").startswith("Laporan ")
    assert world.said("terima kasih").startswith("Baik, terima kasih")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("foto kirim ke mana?", "lacak"),
        ("kena pulsa berapa sekali kirim", "tarif SMS biasa"),
        ("yang baca sms ini manusia apa mesin", "otomatis"),
        ("apakah pak camat bisa tau nama saya", "Nama tak perlu"),
    ],
)
def test_a_question_about_us_is_answered_and_opens_no_case(world: World, text: str, told: str) -> None:
    assert told in world.said(text)
    assert not cases(world)


@pytest.mark.parametrize("text", ["jembatan makin miring, kapan diperbaiki?", "sudah dicek belum, tambah parah ini"])
def test_news_beside_a_question_is_kept_and_both_are_answered(world: World, text: str) -> None:
    world.said("LAPOR jembatan di rantau pulung miring")
    assert "Batas waktu" in world.said(text)
    assert said_in(world)[-1] == text


def test_a_plea_for_secrecy_is_answered_beside_its_words(world: World) -> None:
    world.said("LAPOR bendahara desa beno harapan pakai uang posyandu")
    assert world.said("tapi jgn sampe dia tau sy yg lapor ya pak").endswith(say.UNTOLD)


def test_an_unknown_code_beside_a_case_is_told_how_that_one_stands(world: World) -> None:
    short = world.said("LAPOR rambu di kolek jatuh").split("rahasia ")[1][:5]
    said = world.said("status KTM-OOO1lI")
    assert said.startswith("Kode itu tidak kami kenal")
    assert f"{short}, diterima" in said


def test_all_of_several_cases_are_told(world: World) -> None:
    first, second = (
        world.said(f"LAPOR {text}").split("rahasia ")[1][:5] for text in ("aspal di kaliorang", "akta di bengalon")
    )
    said = world.said("bagaimana kabar dua laporan saya?")
    assert first in said
    assert second in said


def test_here_is_where_the_last_case_is(world: World) -> None:
    world.said("tower di manubar cuma pajangan, sinyal kosong")
    assert "kecamatan" not in world.said("LAPOR guru smp di sini tinggal 3 orang")
    assert {head.district for head in cases(world)} == {"64.08.11"}


def test_whoever_wants_to_die_is_told_who_listens(world: World) -> None:
    assert is_in_danger("capek hidup, mau saya akhiri aja malam ini"), "whatever the model says"
    said = world.said("capek hidup, mau saya akhiri aja malam ini")
    assert said.startswith(say.COMFORT)
    assert len(cases(world)) == 1, "and an officer reads it"


@pytest.mark.parametrize(
    ("text", "danger"),
    [
        ("bocah jatuh di sumur belakang mushola, belum naik!! cepat", True),
        ("sopir truk masuk jurang di km 30", True),
        ("nenek tercebur ke sungai dekat titian", True),
        ("anak hampir jatuh ke laut, titian lapuk", False),
        ("motor jatuh ke sungai", False),
        ("air laut masuk sumur warga", False),
        ("orang jatuh ke galian bulan lalu", False),
    ],
)
def test_who_fell_in_is_told_112(text: str, danger: bool) -> None:
    assert is_in_danger(text) is danger
