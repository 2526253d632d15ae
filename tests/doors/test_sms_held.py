"""Words are never held where nobody is told of it, and what is held reaches no case but the one it was meant for."""

import re
from types import SimpleNamespace

import pytest

from functions.actions.reporter.sms import HELPS
from functions.casework.formats import sms_texts as say
from functions.casework.formats.sms_codes import short_code
from functions.casework.receipt import parse_receipt
from functions.casework.understanding.nature import nature_of
from functions.casework.understanding.opinion import likely
from functions.casework.understanding.sorts import Sort
from functions.storage.interface import StoreUnavailableError
from tests.doors.test_sms import bodies, cases, code
from tests.doors.test_sms_weapon import ABROAD, limited
from tests.world import NUMBER, World

TALK = "besok arisan di rumah bu yanti jam 4"
CHAT = "sayang kamu dimana"
ADVERT = "dijual pupuk subsidi 200rb per sak stok banyak hub 081255556666"
DANGER = re.compile(r"\b112\b")  # which stands in a code of a report now and then


def heard(world: World, text: str, number: str = NUMBER, **more: str) -> str:
    """Send an SMS and return what it is answered, "" for nothing."""
    world.run_courier()
    before = len(world.phone.texts)
    assert world.sms(text, number, **more).status_code == 202
    world.run_courier()
    came = [text.text for text in world.phone.texts[before:]]
    assert len(came) <= 1, came
    return came[0] if came else ""


def gone(*_: object, **__: object) -> None:
    raise StoreUnavailableError("gone")


def muted(world: World, number: str = NUMBER) -> bool:
    """Whether a number gets nothing that it does not ask for."""
    return heard(world, "halo", number) == ""


def close(world: World, receipt: str) -> None:
    case_id = world.read(receipt)["tracking_id"]
    desk = world.hand_over(case_id)
    assert desk.post(f"/desk/cases/{case_id}/close", {"outcome": "dijelaskan", "reason": "Sudah."}).status_code == 200
    world.run_courier()


@pytest.mark.parametrize(
    "text",
    [
        "suami saya pukul saya di rumah desa Sepaso, jangan balas sms ini hp dipegang suami",
        "takut sama kades, dia korupsi dana desa Sepaso 200 juta, jangan sms saya",
        "istri saya dipukul pak RT di Sepaso tadi malam, jangan balas sms ini",
        "jangan sms saya lagi suami saya pukul saya",
        "bos gudang pupuk timbun pupuk subsidi di Kaliorang, jangan sms saya",
    ],
)
def test_what_is_said_beside_an_order_to_be_silent_is_a_case_without_an_answer(world: World, text: str) -> None:
    assert heard(world, text) == ""
    assert len(cases(world)) == 1
    assert muted(world)


@pytest.mark.parametrize(
    "text",
    [
        "jangan sms saya, hp dipegang suami",
        "jangan balas, takut suami marah",
        "jangan sms lagi, nanti suami saya tahu",
        "hp dipegang suami",
    ],
)
def test_a_reason_for_silence_is_no_case(world: World, text: str) -> None:
    assert heard(world, text) == ""
    assert not cases(world)
    assert muted(world)


def test_words_of_one_case_are_no_reason_to_reopen_another(world: World) -> None:
    """Law 5: the holder of the closed case is accused in the other."""
    closed = code(heard(world, "LAPOR lampu jalan di Sangatta Selatan mati sejak dua minggu"))
    close(world, closed)
    accusing = code(heard(world, "LAPOR Pegawai dinas PUPR minta uang 500rb di bengalon"))
    heard(world, f"BALAS {accusing[:5]} uangnya diminta pak Rudi di kantor, saya Yanti")
    assert heard(world, "BELUM") == say.REASON.format(short=closed[:5])
    assert not [body for body in bodies(world, closed) if "Rudi" in body]
    assert "dibuka lagi" in heard(world, "BELUM lampunya masih mati")


def test_talk_beside_a_closed_case_is_no_reason_to_reopen_it(world: World) -> None:
    closed = code(heard(world, "LAPOR lampu jalan di Sangatta Selatan mati sejak dua minggu"))
    close(world, closed)
    heard(world, TALK)
    assert heard(world, "BELUM") == say.REASON.format(short=closed[:5])
    assert not [body for body in bodies(world, closed) if "yanti" in body]


def test_talk_takes_the_place_of_no_reason(world: World) -> None:
    closed = code(heard(world, "LAPOR lampu jalan di Sangatta Selatan mati sejak dua minggu"))
    close(world, closed)
    heard(world, "yang di tikungan itu")
    heard(world, TALK)
    assert "dibuka lagi" in heard(world, "BELUM")
    assert bodies(world, closed)[-1].endswith("Alasan: yang di tikungan itu")


def test_words_for_a_closed_case_go_to_no_other(world: World) -> None:
    closed = code(heard(world, "LAPOR lampu jalan di Sangatta Selatan mati sejak dua minggu"))
    close(world, closed)
    other = code(heard(world, "LAPOR sampah pasar menumpuk di kaubun sejak kemarin"))
    heard(world, f"BALAS {closed[:5]} uangnya diminta pak Rudi di kantor")
    heard(world, f"BALAS {other[:5]}")
    assert not [body for body in bodies(world, other) if "Rudi" in body]
    assert "dibuka lagi" in heard(world, f"BELUM {closed[:5]}")
    assert "Rudi" in bodies(world, closed)[-1]


def test_a_code_moves_only_the_words_that_were_asked_about(world: World) -> None:
    """Words that were added to a named case in between stay there alone."""
    codes = [code(heard(world, f"LAPOR {words}")) for words in ("lampu mati di bengalon", "sampah busuk di kaubun")]
    assert "Maksud Anda laporan lain?" in heard(world, "sudah berhari hari begini terus pak")
    heard(world, f"BALAS {codes[1][:5]} baunya sampai ke rumah saya Yanti")
    heard(world, codes[0][:5])
    assert not [body for body in bodies(world, codes[0]) if "Yanti" in body]


def test_an_advert_that_is_meant_as_a_report_becomes_one_beside_an_open_case(world: World) -> None:
    code(heard(world, "LAPOR lampu jalan mati di bengalon"))
    assert heard(world, ADVERT) == say.ADVERT
    assert code(heard(world, f"LAPOR {ADVERT}"))
    assert len(cases(world)) == 2
    heard(world, ADVERT)
    assert "diterima" in heard(world, f"LAPOR {ADVERT}")
    assert len(cases(world)) == 2, "the advert again does not hide where the words went"


@pytest.mark.parametrize(
    "text",
    [
        "tolong kirim polisi sekarang, suami pukul saya lagi di Sepaso",
        "sudah kirim surat lagi ke camat",
        "tolong kirim guru lagi ke sd kami",
        "mohon kirim bantuan lagi",
        "sudah dibalas kembali tapi lampu mati",
        "suami bilang boleh balas sms pacarnya",
        "belum boleh balas sms ini pak",
        "apa boleh kirim foto lampu yang rusak ke sini",
    ],
)
def test_what_only_sounds_like_a_wish_for_answers_breaks_no_silence(world: World, text: str) -> None:
    assert not nature_of(text).speak
    heard(world, "LAPOR mandor memeras kami di bengalon")
    heard(world, "BERHENTI")
    heard(world, text)
    assert muted(world)


@pytest.mark.parametrize(
    "text",
    [
        "boleh balas sms saya lagi",
        "tolong hubungi saya lagi",
        "skrg sudah aman, boleh sms lagi",
        "tolong kirimi kami kabar lagi",
        "bisa kirimi saya kabar lagi",
    ],
)
def test_a_wish_for_answers_ends_the_silence(world: World, text: str) -> None:
    heard(world, "LAPOR mandor memeras kami di bengalon")
    heard(world, "BERHENTI")
    heard(world, text)
    assert not muted(world)


@pytest.mark.parametrize("text", ["jangan kirim beras busuk lagi", "kades minta saya kirim uang lagi"])
def test_goods_that_are_sent_are_no_order_to_be_silent(world: World, text: str) -> None:
    receipt = code(heard(world, "LAPOR bansos desa dipotong di bengalon"))
    assert heard(world, text)
    assert len(cases(world)) == 2 or bodies(world, receipt)[-1] == text
    assert not muted(world)


@pytest.mark.parametrize("text", ["jangan kirim kayak gitu lagi", "jangan kirim lagi ya", "jangan kirim sms lagi"])
def test_messages_that_are_sent_are(world: World, text: str) -> None:
    heard(world, "LAPOR bansos desa dipotong di bengalon")
    assert heard(world, text) == ""
    assert muted(world)


def twice(world: World, text: str, number: str = NUMBER) -> None:
    """Deliver a text twice: nothing leaves, and there is one case."""
    sent, before = len(world.phone.texts), len(cases(world))
    for _ in range(2):
        assert world.sms(text, number, gateway_id="held").status_code == 202
    world.run_courier()
    assert len(world.phone.texts) == sent
    assert len(cases(world)) == before + 1


@pytest.mark.parametrize("text", [CHAT, ADVERT])
def test_a_foreign_number_is_told_nothing_so_its_words_are_a_case(world: World, text: str) -> None:
    twice(world, text, ABROAD[0])
    assert cases(world)[0].quarantined


@pytest.mark.parametrize("text", [CHAT, ADVERT])
def test_a_muted_number_is_told_nothing_so_its_words_are_a_case(world: World, text: str) -> None:
    heard(world, "BERHENTI")
    twice(world, text)
    assert muted(world)


@pytest.mark.parametrize("text", [CHAT, ADVERT])
def test_beyond_the_days_answers_words_are_a_case(world: World, text: str) -> None:
    limited(world, answers=1)
    heard(world, "halo")
    twice(world, text)


def test_the_answer_that_only_tells_the_limit_holds_nothing(world: World) -> None:
    limited(world, answers=4)
    heard(world, "halo")
    heard(world, "halo pak")
    assert heard(world, CHAT) == say.LIMIT
    assert len(cases(world)) == 1


def test_beyond_the_helps_of_a_day_words_are_a_case(world: World) -> None:
    for n in range(HELPS):
        heard(world, ("halo", "halo pak", "halo bu")[n])
    assert code(heard(world, CHAT))
    assert len(cases(world)) == 1


def test_what_is_hardly_automatic_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    doubt = SimpleNamespace(
        shares={**dict.fromkeys(likely.read_model().weights, 0.0), "automatic": 0.3, "chat": 0.2, "advert": 0.15}
    )
    monkeypatch.setattr(likely, "likely", lambda *_: doubt)
    assert nature_of("kata yang entah apa artinya").sort is Sort.TALK


@pytest.mark.parametrize(
    "text", ["Balas: LAPOR", "ok lapor", "lapor sms tadi", "iya itu laporan saya", "balas", "LAPOR"]
)
def test_a_yes_in_other_words_makes_a_report_of_what_waits(world: World, text: str) -> None:
    heard(world, CHAT)
    assert bodies(world, code(heard(world, text))) == [CHAT]


@pytest.mark.parametrize("text", ["BALAS", "Balas: LAPOR", "balas dong pak"])
def test_a_bare_balas_without_a_case_is_asked_what_happened(world: World, text: str) -> None:
    assert heard(world, text) == say.ASK
    assert not cases(world)


def test_balas_said_as_our_answer_says_it_adds_what_waits(world: World) -> None:
    receipt = code(heard(world, "LAPOR lampu jalan mati di bengalon"))
    heard(world, TALK)
    heard(world, "Balas: BALAS")
    assert bodies(world, receipt)[1:] == [TALK]


def test_a_place_alone_completes_what_waits(world: World) -> None:
    heard(world, CHAT)
    receipt = code(heard(world, "di desa sepaso"))
    assert bodies(world, receipt) == [f"{CHAT}\ndi desa sepaso"]


def test_what_waits_since_today_stays_beside_what_comes(world: World) -> None:
    heard(world, CHAT)
    heard(world, TALK)
    heard(world, TALK)
    assert bodies(world, code(heard(world, "LAPOR"))) == [f"{CHAT}\n{TALK}"]


@pytest.mark.parametrize("text", ["LAPOR", "ok lapor", "di desa sepaso"])
def test_a_report_of_what_waited_is_told_its_code_though_its_answer_failed_once(
    world: World, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    """What waited no longer waits when the gateway tries again."""
    heard(world, CHAT)
    with monkeypatch.context() as failing:
        failing.setattr(type(world.store), "enqueue", gone)
        assert world.sms(text, gateway_id="again").status_code == 503
    (head,) = cases(world)
    receipt = code(heard(world, text, gateway_id="again"))
    assert [each.case_id for each in cases(world)] == [head.case_id]
    assert bodies(world, receipt)[0].startswith(CHAT)


def test_a_report_ends_what_waited_before_it(world: World) -> None:
    heard(world, TALK)
    code(heard(world, "lampu jalan mati di bengalon sudah seminggu"))
    assert heard(world, "LAPOR") == say.ASK
    assert len(cases(world)) == 1


def test_what_waited_longer_than_two_days_is_not_used(world: World) -> None:
    receipt = code(heard(world, "LAPOR lampu jalan mati di bengalon"))
    heard(world, TALK)
    world.later(days=3)
    heard(world, "BALAS")
    assert len(bodies(world, receipt)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "terima kasih ya pak tapi jalannya begitu doang",
        "makasih, nyala di laporan doang, di jalan tetap gelap",
        "makasih sudah beres di laporan doang",
        "makasih pak sudah selesai, tapi di rt sebelah tetap gelap",
    ],
)
def test_thanks_with_a_but_reopen_a_closed_case_with_one_word(world: World, text: str) -> None:
    receipt = code(heard(world, "LAPOR lampu jalan di Sangatta Selatan mati sejak dua minggu"))
    close(world, receipt)
    answer = heard(world, text)
    if "dibuka lagi" not in answer:
        assert f"BELUM {short_code(parse_receipt(receipt))}" in answer
        assert "dibuka lagi" in heard(world, "BELUM")
    assert bodies(world, receipt)[-1].endswith(text)
