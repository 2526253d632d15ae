"""What a later SMS changes: whom the case is kept from, whether anything is sent, whether it is done."""

import pytest

from functions.casework.formats import sms_texts as say
from functions.casework.receipt import parse_receipt
from functions.casework.understanding.nature import nature_of
from functions.casework.understanding.sorts import Sort
from tests.doors.test_sms import bodies, cases, code
from tests.world import World


def test_a_later_accusation_of_the_desk_takes_the_case_from_it(world: World) -> None:
    """Law 5: the coordinating unit sorts, so nobody there hears of the SMS that accuses it."""
    receipt = code(world.said("LAPOR jaringan internet kantor desa di bengalon mati"))
    (head,) = cases(world)
    assert (head.holder, head.about_agency) == ("kutim", "")
    world.run_courier()
    before = len(world.mailbox.letters)
    answer = world.said("ternyata petugas diskominfo minta uang 500rb baru dipasang")
    (head,) = cases(world)
    assert (head.holder, head.about_agency) == ("kutim-inspektorat", "kutim-diskominfo")
    assert "tidak kami perlihatkan" in answer
    told = [letter.to for letter in world.mailbox.letters[before:]]
    assert told, "the inspectorate hears of it"
    assert not [to for to in told if "diskominfo" in to]
    assert world.converse.read(parse_receipt(receipt)).as_sealed, "the wrap binds whom it is kept from"
    assert world.desk_of("kutim").get(f"/desk/cases/{head.case_id}").status_code == 404
    assert world.desk_of("kutim-inspektorat").get(f"/desk/cases/{head.case_id}").status_code == 200
    world.said("petugas satpol pp juga minta uang")
    (head,) = cases(world)
    assert head.about_agency == "kutim-diskominfo", "what is bound stays"


def test_a_notice_that_has_not_left_does_not_reach_whom_a_later_sms_accuses(world: World) -> None:
    world.sms("LAPOR jaringan internet kantor desa di bengalon mati")
    world.sms("ternyata petugas diskominfo minta uang 500rb baru dipasang")
    world.later(days=3)
    world.run_courier()
    told = {letter.to for letter in world.mailbox.letters}
    assert world.officer("kutim").email not in told
    assert world.officer("kutim-inspektorat").email in told


@pytest.mark.parametrize(
    "text",
    [
        "jgn sms saya lagi hp dipegang suami",
        "mohon tidak usah dibalas lagi ya pak cukup diperbaiki saja",
        "suami saya bawa parang tolong jangan balas sms ini",
        "hp ini sering dicek bos saya",
        "nda usah telpon2 ke nomor ini",
        "nomor ini jangan dihubungi",
        "maaf, demi keamanan saya mohon nomor ini tidak dihubungi lagi. Terima kasih.",
        "diam dulu jangan kirim apa2 ke no ini",
    ],
)
def test_a_wish_for_silence_is_obeyed_with_nothing(world: World, text: str) -> None:
    world.said("LAPOR mandor memeras kami di bengalon")
    sent = len(world.phone.texts)
    for each in (text, "masih diperas", "terima kasih"):
        world.sms(each)
    world.run_courier()
    assert len(world.phone.texts) == sent
    assert "diterima" in world.said("CEK")


@pytest.mark.parametrize(
    "text",
    [
        "jangan hubungi kades soal ini",
        "petugas tidak mau balas sms saya",
        "stop sms penipuan di pasar",
        "kades bilang jangan sms lagi",
        "jangan balas dendam",
        "jangan telepon, sms saja",
        "nomor pdam tidak pernah bisa dihubungi",
        "kami dilarang kirim sms ke bupati",
    ],
)
def test_others_words_about_messages_are_no_wish_for_silence(text: str) -> None:
    assert nature_of(text).sort is not Sort.SILENCE


def test_danger_is_what_goes_on_now() -> None:
    for text in (
        "suami saya lagi bawa parang",
        "sy sembunyi di kamar",
        "cepat pak!!",
        "kemarin dibacok, skrg masih disini",
    ):
        assert nature_of(text).danger, text
    for text in (
        "bulan lalu ada kebakaran di pelawan",
        "parang saya hilang",
        "jalan cepat rusak",
        "tahun 2024 terbakar",
    ):
        assert not nature_of(text).danger, text


def test_that_it_is_done_reaches_the_officer_before_and_after_they_close(world: World) -> None:
    first = code(world.said("LAPOR lampu jalan mati di bengalon"))
    second = code(world.said("LAPOR sampah pasar menumpuk di kaubun"))
    assert world.said("sudah dikerjakan, mantap").startswith("Laporan yang mana?")
    answer = world.said(first[:5])
    assert answer == say.DONE_NOTED.format(short=first[:5])
    assert bodies(world, first)[-1] == "SELESAI sudah dikerjakan, mantap"
    assert world.said(f"tutup saja laporan {second}, sdh bersih") == say.DONE_NOTED.format(short=second[:5])
    assert world.said(f"batalin aja laporan {second}") == say.WITHDRAW_NOTED.format(short=second[:5])
    assert len(bodies(world, second)) == 3
    assert all(head.open for head in cases(world))


def test_an_advert_opens_no_case_unless_it_says_that_it_is_a_report(world: World) -> None:
    advert = "Dana cepat cair 10 juta tanpa jaminan WA 0831 0000 4455"
    assert world.said(advert) == say.ADVERT
    sent = len(world.phone.texts)
    world.sms(advert)
    world.run_courier()
    assert len(world.phone.texts) == sent
    assert not cases(world)
    assert code(world.said(f"LAPOR {advert}"))
    (head,) = cases(world)
    assert head.quarantined


@pytest.mark.parametrize(
    "later",
    [
        ("di kaubun juga petugasnya minta uang 200 ribu tiap warga",),
        ("di kongbeng orang itu datang minta uang rokok tiap kamis pakai mobil dinas",),
        ("sekarang orang itu datang ke rumah saya mengancam", "BARU"),
        ("LAPOR di kaubun juga petugasnya minta uang 200 ribu tiap warga",),
    ],
)
def test_a_second_report_does_not_come_to_whom_the_first_of_its_number_accuses(world: World, later: list[str]) -> None:
    """Law 5: "petugasnya" are those of the report before, whose own desk sorts what names nobody."""
    world.said("LAPOR petugas diskominfo minta uang 500rb untuk pasang internet desa di bengalon")
    (first,) = cases(world)
    before = len(world.mailbox.letters)
    answer = [world.said(text) for text in later][-1]
    (second,) = [head for head in cases(world) if head.case_id != first.case_id]
    assert (second.holder, second.desk_work.kept_from) == ("kutim-inspektorat", ("kutim-diskominfo",))
    assert "Tentang Kominfo? Mereka tidak kami perlihatkan laporan ini." in answer
    assert world.officer("kutim").email not in [letter.to for letter in world.mailbox.letters[before:]]
    assert world.desk_of("kutim").get(f"/desk/cases/{second.case_id}").status_code == 404
    handed = {"agency": "kutim", "reason": "Bukan tentang mereka."}
    inspectorate = world.desk_of("kutim-inspektorat")
    assert inspectorate.post(f"/desk/cases/{second.case_id}/handover", handed).status_code == 422, "a person says yes"
    assert inspectorate.post(f"/desk/cases/{second.case_id}/handover", handed | {"yes": "yes"}).status_code == 200


def test_a_second_report_of_its_own_is_sorted_as_ever(world: World) -> None:
    world.said("LAPOR petugas diskominfo minta uang 500rb untuk pasang internet desa di bengalon")
    (first,) = cases(world)
    world.said("LAPOR sampah pasar menumpuk di kaubun bau sekali")
    (second,) = [head for head in cases(world) if head.case_id != first.case_id]
    assert (second.holder, second.desk_work.kept_from) == ("kutim", ())


def test_balas_without_words_says_of_no_case_that_something_was_added(world: World) -> None:
    world.said("LAPOR lampu jalan mati di bengalon sudah dua minggu")
    world.said("LAPOR sampah pasar menumpuk di kaubun bau sekali")
    answer = world.said("BALAS")
    assert all(head.version == 1 for head in cases(world))
    assert "Sudah ditambahkan" not in answer
    assert "Menambah: BALAS " in answer


@pytest.mark.parametrize(
    "text", ["sudah nyala pak lampunya, tapi tiangnya miring ke jalan", "batal saja pak saya takut"]
)
def test_what_is_told_beside_an_end_waits_for_no_answer_that_nobody_is_sent(world: World, text: str) -> None:
    world.said("LAPOR mandor memeras kami di bengalon")
    world.said("LAPOR sampah pasar menumpuk di kaubun bau sekali")
    world.said("STOP")
    world.sms(text)
    assert sorted(head.version for head in cases(world)) == [1, 2]


def test_words_that_take_a_case_from_its_holder_do_not_bring_it_to_whom_another_case_accuses(world: World) -> None:
    """Law 5: what leaves the accused goes to the desk that sorts, whom the number's other case accuses."""
    first = code(world.said("LAPOR petugas diskominfo minta uang 500rb untuk pasang internet desa di bengalon"))
    second = code(world.said("LAPOR lampu jalan mati di bengalon sudah dua minggu"))
    case_id = world.read(second)["tracking_id"]
    world.hand_over(case_id, "kutim-dishub")
    words = "lampunya sudah nyala, tapi orang dishub masih pungli di jembatan timbang"
    answer = world.said(words)
    assert world.store.read_head(case_id).holder == "kutim-dishub"
    assert words not in bodies(world, second)
    assert words in bodies(world, first)
    assert answer.startswith(f"Sudah ditambahkan ke laporan {first[:5]}")
    assert world.said(second[:5]) == say.WALLED.format(short=second[:5])
    world.said(f"BALAS {second[:5]} {words}")
    assert words in bodies(world, second), "their writer says so beside the words"


def test_that_one_matter_is_done_confirms_no_closed_report_of_another(world: World) -> None:
    """A confirmation is final: whoever says that the lamp is lit says nothing of the rubbish."""
    lamp = code(world.said("LAPOR lampu jalan mati di bengalon sudah dua minggu"))
    rubbish = code(world.said("LAPOR sampah pasar menumpuk di kaubun bau sekali"))
    case_id = world.read(rubbish)["tracking_id"]
    unit = world.hand_over(case_id, "kutim-dlh")
    closed = unit.post(f"/desk/cases/{case_id}/close", {"outcome": "dijelaskan", "reason": "Sudah diangkut."})
    assert closed.status_code == 200, closed.data
    answer = world.said("yang lampu sudah beres")
    assert not world.store.read_head(case_id).closing.confirmed
    assert answer == say.DONE_NOTED.format(short=lamp[:5])
    assert "Terima kasih" in world.said("yang sampah sudah beres")
    assert world.store.read_head(case_id).closing.confirmed


@pytest.mark.parametrize("text", ["yang lampu belum beres pak", "BELUM lampunya masih mati pak"])
def test_that_one_matter_is_not_done_reopens_no_closed_report_of_another(world: World, text: str) -> None:
    lamp = code(world.said("LAPOR lampu jalan mati di bengalon sudah dua minggu"))
    rubbish = code(world.said("LAPOR sampah pasar menumpuk di kaubun bau sekali"))
    case_id = world.read(rubbish)["tracking_id"]
    unit = world.hand_over(case_id, "kutim-dlh")
    unit.post(f"/desk/cases/{case_id}/close", {"outcome": "dijelaskan", "reason": "Sudah diangkut."})
    assert f"aporan {lamp[:5]}" in world.said(text)
    assert not world.store.read_head(case_id).open
    assert bodies(world, lamp)[-1] == text
    assert "dibuka lagi" in world.said("BELUM sampahnya masih menumpuk pak")
