"""Where an SMS is about: districts and villages, governments elsewhere, corrections, and whose words go to which case."""

from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType

import pytest

from functions.actions.clock.publish_reports import PublishReports
from functions.actions.reporter.texting.which_case import OWN_MATTER
from functions.casework.directory.agencies import Agency, AgencyKind, Directory, District, Level, Village
from functions.casework.directory.check import check
from functions.casework.directory.registers import as_tables, decode_directory, encode_directory, pack, unpack
from functions.casework.directory.tables import DirectoryFaultsError, merged, read_csv, write_csv
from functions.casework.formats import sms_texts as say
from functions.casework.formats.sms_codes import short_code
from functions.casework.problems import InvalidInputProblem
from functions.casework.receipt import parse_receipt
from functions.casework.routing.correction import corrected
from functions.casework.understanding.nature import nature_of
from functions.casework.understanding.places import PlacesNamed, places_in
from functions.casework.understanding.sorts import Sort
from functions.config.settings import DEMO, load_directory
from functions.crypto.seal.public_keys import Purpose
from functions.storage.registers.publications import read_public
from tests.casework.trees import a_head
from tests.doors.test_sms import bodies, cases, code
from tests.world import NUMBER, World

KUTIM = load_directory(DEMO / "kutai-timur.toml")


def where(text: str, directory: Directory = KUTIM) -> str:
    """The district's name, or all that are possible, or the government elsewhere."""
    found = places_in(text, directory, "kutim")
    names = [directory.districts[each].name for each in (found.district, *found.possible) if each]
    return " | ".join(names) or found.elsewhere


@pytest.mark.parametrize("village", KUTIM.villages.values(), ids=lambda village: village.code)
def test_every_village_gives_its_district(village: Village) -> None:
    """The 141 of Kutai Timur, as they are, without blanks, and in capitals."""
    district = KUTIM.districts[village.district].name
    for written in (f"di desa {village.name}", f"DESA {village.name.upper().replace(' ', '')}"):
        assert where(f"jalan rusak {written}, sudah lama") == district


@pytest.mark.parametrize("district", KUTIM.districts.values(), ids=lambda district: district.code)
def test_every_district_is_found_with_one_slip_in_it(district: District) -> None:
    """Each letter but the first left out or changed, where the name is long enough to stay itself."""
    name = district.name.lower()
    missed = []
    for at in range(1, len(name)):
        if name[at] != " " and len(name.replace(" ", "")) > 6:
            for typed in (name[:at] + name[at + 1 :], name[:at] + ("x" if name[at] != "x" else "y") + name[at + 1 :]):
                missed += [typed] if where(f"di kec {typed}") not in (district.name, "") else []
                missed += [typed] if where(f"di kec {typed}") == "" and len(typed) > 9 else []
    assert missed == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("pengaduan saya sangat penting", ""),
        ("orang sekarat di rumah sakit", ""),
        ("karangan bunga di kantor bupati", ""),
        ("kec. karangan", "Karangan"),
        ("karangan", "Karangan"),  # all that is said: an answer
        ("sandaran kursi patah semua di puskesmas", ""),
        ("di sangatta", "Sangatta Utara | Sangatta Selatan"),
        ("antara bengalon dan kaubun", "Bengalon | Kaubun"),
        ("bukan bengalon tapi kaubun", "Kaubun"),
        ("jalan poros sangatta bontang di desa suka rahmat", "Teluk Pandan"),
        ("jalan bengalon ke samarinda", "Bengalon"),
        ("jembatan di tenggarong", "Kab. Kutai Kartanegara"),
        ("bus jurusan samarinda", ""),
        ("kabupaten kutai timur", ""),
        ("medan jalan berat", ""),
        ("di kota medan", "Kota Medan"),
        ("ꦱꦔꦠ꧀ꦠ", ""),
        ("x" * 1000, ""),
    ],
)
def test_names_that_are_words_roads_and_elsewhere(text: str, found: str) -> None:
    assert where(text) == found


def test_a_village_name_in_three_districts_is_asked_about_and_another_name_decides() -> None:
    names = {f"64.08.{n:02}.2001": Village(f"64.08.{n:02}.2001", "Bukit Contoh") for n in (1, 2, 5)}
    directory = replace(KUTIM, villages=names)
    three = "Muara Ancalong | Muara Wahau | Sangkulirang"
    assert where("lampu mati di desa bukit contoh", directory) == three
    assert where("desa bukit contoh, kec. muara wahau", directory) == "Muara Wahau"
    assert places_in("desa bukit contoh muara wahau", directory, "kutim").village == "64.08.02.2001"


def test_a_long_text_costs_no_more_than_its_length(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted in comparisons: slips are looked for within the first words only."""
    from functions.casework.understanding import places

    compared = []
    monkeypatch.setattr(places, "is_alike", lambda *names: bool(compared.append(names)))
    places_in("bxngxlxn " * 400, KUTIM, "kutim")
    first = len(compared)
    places_in("bxngxlxn " * 4000, KUTIM, "kutim")
    assert 0 < len(compared) - first <= first + 10


def test_villages_are_imported_exported_and_stored() -> None:
    checked = check(_tables())
    text = write_csv("villages", [row.values for row in _tables()["villages"]])
    assert check(merged(_tables(), [read_csv("kutim-villages.csv", text)])).directory == checked.directory
    stored = encode_directory(checked.directory, frozenset())
    assert decode_directory(stored)[0].villages == KUTIM.villages
    older = {name: rows for name, rows in unpack(stored).items() if name != "villages"}
    assert decode_directory(pack(older))[0].villages == {}  # a store of the code of before
    for wrong, said in (("64.08.4.1,Satu", "write it like"), ("64.08.99.2001,Satu", "district 64.08.99 is unknown")):
        with pytest.raises(DirectoryFaultsError, match=said):
            check(merged(_tables(), [read_csv("villages.csv", f"code,name\n{wrong}\n")]))
    fewer = read_csv("districts.csv", "code,name\n64.08.09,Bengalon\n")
    assert {village.district for village in check(merged(_tables(), [fewer])).directory.villages.values()} == {
        "64.08.09"
    }


def _tables() -> dict:
    tables = as_tables(KUTIM, frozenset(), (), "here")
    del tables["officers"]
    return tables


def test_a_district_of_another_instance_is_refused() -> None:
    head = a_head(instance="kutim", district="64.08.04")
    assert corrected(head, KUTIM, district="64.08.09")[0].district == "64.08.09"
    for wrong in ("64.08.99", "11.01.01"):
        with pytest.raises(InvalidInputProblem):
            corrected(head, KUTIM, district=wrong)


def test_the_answer_to_which_district_is_the_cases_and_an_event(world: World) -> None:
    receipt = code(world.said("lampu jalan mati"))
    case_id = world.read(receipt)["tracking_id"]
    assert world.store.read_head(case_id).district == "64.08.04"
    assert "kecamatan Bengalon" in world.said("desa sepaso timur pak, dekat masjid")
    head = world.store.read_head(case_id)
    assert (head.district, head.version) == ("64.08.09", 2)
    assert bodies(world, receipt)[-1] == "desa sepaso timur pak, dekat masjid"
    desk = world.desk_of("kutim")
    assert desk.get(f"/desk/cases/{case_id}").get_json()["district"] == "64.08.09"  # it still opens there
    few = "begitu juga di kaubun"
    assert len(few.split()) < OWN_MATTER
    assert "Sudah ditambahkan" in world.said(few)  # no correction: it stays
    assert world.store.read_head(case_id).district == "64.08.09"


def test_a_district_that_voids_a_text_for_the_public_says_so(world: World) -> None:
    receipt = code(world.said("lampu jalan mati di bengalon"))
    case_id, who = world.read(receipt)["tracking_id"], {"receipt": receipt}
    unit = world.hand_over(case_id)
    path = f"/desk/cases/{case_id}"
    unit.post(f"{path}/messages", {"body": "Besok.", "message_key": "k" * 16})
    assert world.post("/api/thread/publication", who).status_code == 200
    text = {"summary": "Lampu jalan padam.", "answer": "Sudah diganti.", "keep": "yes"}
    draft = str(unit.post(f"{path}/publication", text).get_json()["n"])
    assert world.post("/api/thread/publication/agree", who | {"draft": draft}).status_code == 200
    world.today = world.today + timedelta(days=7)
    publish = PublishReports(world.store, world.directory, lambda: world.today)
    assert (publish(), publish()) == (1, 0)
    assert "Teks untuk umum batal" in world.said("bukan bengalon, kecamatan kaubun")
    assert publish() == 1  # the next run takes it from the pages, on the same day
    assert read_public(world.store, "kutim") == ()
    head = world.store.read_head(case_id)
    assert (head.district, head.publication.agreed) == ("64.08.15", 0)
    told = "Teks untuk umum tidak berlaku lagi"
    assert told in world.read(receipt)["messages"][-1]["body"]
    shown = world.thread.post("/api/thread", data=who, headers={"Accept": "text/html"}).text
    assert told in shown
    assert told in unit.client.get(path, headers={"Accept": "text/html"}).text
    assert "Teks untuk umum batal" not in world.said("bukan kaubun, kecamatan bengalon")


def test_a_report_elsewhere_goes_to_its_government_if_that_is_in_the_directory(world: World) -> None:
    assert "Kab. Kutai Kartanegara" in world.said("jembatan di tenggarong rusak")
    assert [head.instance for head in cases(world)] == ["kutim"]
    berau = Agency("berau", "Pemerintah Kabupaten Berau", AgencyKind.INSTANCE, "pusat", "64.03", level=Level.KABUPATEN)
    agencies = {**world.directory.agencies, "berau": berau}
    agencies["berau-kominfo"] = Agency("berau-kominfo", "Kominfo Berau", AgencyKind.UNIT, "berau")
    agencies["berau"] = replace(berau, coordinator="berau-kominfo", inspectorate="berau-kominfo")
    districts = {**world.directory.districts, "64.03.01": District("64.03.01", "Talisayan")}
    directory = replace(world.directory, agencies=agencies, districts=districts, villages=MappingProxyType({}))
    for purpose in Purpose:
        world.keys.generate(purpose, "berau")
    acts = world.texting.acts
    world.texting = replace(
        world.texting, acts=replace(acts, submit=replace(acts.submit, directory=directory)), budgets={}
    )
    world.__dict__.pop("gateway")
    answer = world.said("pelabuhan di talisayan berau pungli", "+6281200000055")
    assert answer.startswith("Diteruskan ke Kab. Berau")
    case_id = world.read(code(answer))["tracking_id"]
    assert world.store.read_head(case_id).instance == "berau"
    assert world.store.read_head(case_id).district == "64.03.01"


def test_words_for_one_of_two_cases_never_reach_whom_the_other_accuses(world: World) -> None:
    """In doubt they go to the case that accuses; the other one's holder is the accused."""
    accusing = world.report(about_agency="kutim-dpupr", body="mereka minta uang")
    world.said(f"BALAS {accusing['receipt']} lewat SMS")
    plain = code(world.said("LAPOR jalan rusak di bengalon"))
    world.hand_over(world.read(plain)["tracking_id"], "kutim-dpupr")
    slip_has_both(world, accusing["receipt"])
    answer = world.said("saya punya buktinya")
    assert answer.startswith("Sudah ditambahkan ke laporan " + short_code(parse_receipt(accusing["receipt"])))
    assert short_code(parse_receipt(plain)) in answer
    assert "saya punya buktinya" not in bodies(world, plain)
    assert "dibaca dinas yang Anda laporkan" in world.said(short_code(parse_receipt(plain)))  # our answer named it
    assert "saya punya buktinya" not in bodies(world, plain)
    assert "Sudah ditambahkan" in world.said(f"BALAS {short_code(parse_receipt(plain))} saya punya buktinya")
    assert bodies(world, plain)[-1] == "saya punya buktinya"


def slip_has_both(world: World, receipt: str) -> None:
    """Let the number's pocket know a case of the web, as if it had been reported by SMS."""
    from functions.crypto.slips.phone_numbers import PhoneSecret
    from tests.world import PHONE

    keys = PhoneSecret(PHONE).keys(NUMBER)
    slip = world.store.read_slip(keys.name, world.seconds)
    assert slip
    plain = keys.open(slip.version, slip.sealed)
    plain["receipts"].insert(0, parse_receipt(receipt).symbols)
    sealed = keys.seal(slip.version + 1, plain)
    world.store.write_slip(slip._replace(version=slip.version + 1, sealed=sealed), world.seconds)


def test_who_wants_no_sms_gets_only_what_they_ask_for(world: World) -> None:
    world.said("LAPOR mandor memeras kami di bengalon")
    sent = len(world.phone.texts)
    for text in (
        "tolong jangan sms lagi nanti ketahuan",
        "masih diperas",
        "terima kasih",
        "stop",
        "halo",
        "berhenti kirim sms",
    ):
        world.sms(text)
    world.run_courier()
    assert len(world.phone.texts) == sent
    (head,) = cases(world)
    assert head.history.from_reporter == 3  # the report, why, and "masih diperas": no word is lost
    assert "diterima" in world.said("gimana laporan saya")
    assert code(world.said("lapor jalan rusak di kaubun"))


def test_an_order_to_be_silent_beside_a_report_is_obeyed_and_the_report_taken(world: World) -> None:
    world.sms("Jalan rusak di bengalon dekat pasar. Jangan balas lewat sms ya pak, takut ketahuan")
    world.run_courier()
    assert not world.phone.texts
    (head,) = cases(world)
    assert KUTIM.districts[head.district].name == "Bengalon"
    assert nature_of("jangan telepon saya, sms saja").sort is not Sort.SILENCE
    assert nature_of("stop. jalan ini hancur").sort is Sort.REPORT


@pytest.mark.parametrize("template", say.TEMPLATES)
def test_none_of_our_texts_that_comes_back_is_a_report(template: str) -> None:
    values = dict.fromkeys(("command", "place", "places", "where", "url", "states", "office"), "contoh")
    values |= {"short": "K7QMX", "code": "K7QMX-2XRDA-00000-11111-22222", "codes": "K7QMX, 2XRDA", "day": "02/12"}
    values |= {"stage": "sedang dikerjakan", "until": "Batas waktu 02/12. "}
    for text in (template.format(**values), f"Fwd: {template.format(**values)}"):
        assert nature_of(text).sort is Sort.OURS
        assert nature_of(f"{text} tetapi lampu itu masih mati").rest == "tetapi lampu itu masih mati"


@pytest.mark.parametrize(
    "text",
    [
        "petugas puskesmas saat ini tidak di tempat terus",
        "kata petugas akan menghubungi kembali tapi tidak pernah",
        "Saya lapor penipuan: pelanggan yth, pulsa anda hangus, hubungi 0812",
        "terima kasih tapi lampunya masih mati",
        "halo pak, jalan rusak",
        "stop pungli di pasar",
        "jangan kirim limbah ke sungai kami",
        "sudah selesai belum jalannya, masih hancur begini",
        "nanti saya hubungi kembali",
        "saya mau kirim sms laporan jalan rusak",
    ],
)
def test_a_complaint_that_begins_like_something_else_stays_one(text: str) -> None:
    assert nature_of(text).sort is Sort.REPORT


def test_two_texts_never_answer_one_sms(world: World) -> None:
    """A half message that waited is taken with the next SMS: both answers come as one."""
    world.sms("LAPOR jalan rusak di bengalon dan", reference="7", part="1", parts="2")
    world.texting.waiting.clear()
    world.later(days=1)
    world.sms("LAPOR lampu mati di kaubun")
    world.run_courier()
    (text,) = world.phone.texts
    assert text.text.count("Kode rahasia") == 2
    assert len(cases(world)) == 2


def test_a_pocket_of_the_code_of_before_has_no_question_open() -> None:
    from functions.casework.formats.sms_sender import Asked, Sender, read_sender

    plain = Sender(receipts=["A"]).plain()
    older = {name: plain[name] for name in ("receipts", "long", "kept", "day", "came", "sent", "told")}
    assert read_sender(older) == Sender(receipts=["A"])
    assert read_sender({**plain, "asked": "place"}).asked is Asked.PLACE


def test_nothing_is_a_place_in_nothing() -> None:
    assert places_in("", KUTIM, "kutim") == PlacesNamed()
    assert places_in("di bengalon", KUTIM, "other") == PlacesNamed()
