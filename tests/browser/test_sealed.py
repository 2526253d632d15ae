"""Reports sealed in the browser: what leaves it, what comes back, and what does not get lost on the way."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Route, expect

from functions.casework.formats.clean_text import clean_text
from functions.crypto.seal import sealing
from functions.pii import rules
from tests.browser.people import DESKTOP, Person, link, mail
from tests.browser.photos import taken
from tests.browser.scene import COORDINATOR, Scene
from tests.browser.test_thread_files import tries_again
from tests.browser.writing import BODY, Writer, shapes
from tests.server import ROOT, Running, wait_for

REPORTS = re.compile(r"/api/reports(\?.*)?$")
PICTURE = "**/qr.*.js*"
SECRETS = {
    "place": "Belakang pasarmelati",
    "subject": "Jembatankanari putus",
    "about_officials": "Kepala seksi bernamamawar",
    "happened_on": "2026-11-20",
    "name": "Sitibunga Contoh",
    "contact": "sitibunga@contoh.example",
}


@pytest.fixture
def writer(browser: Browser, product: Running) -> Iterator[Writer]:
    person = Writer(browser, product.url)
    yield person
    person.leave()


def in_confidence(writer: Writer) -> None:
    """Name and contact, for two custodians."""
    writer.unfolds()
    writer.page.locator("[name=identity_mode][value=rahasia]").check()


def test_nothing_that_was_written_and_no_code_leaves_the_browser(
    writer: Writer, browser: Browser, scene: Scene, product: Running
) -> None:
    writer.writes()
    in_confidence(writer)
    for name, text in SECRETS.items():
        writer.page.locator(f"[name={name}]").fill(text)
    writer.checks()
    assert {name: writer.said(name) for name in ("name", "contact", "place")} == {
        name: SECRETS[name] for name in ("name", "contact", "place")
    }
    assert writer.said("happened_on") == "Jumat, 20 November 2026"
    writer.press("Kirim laporan", 201)
    receipt, case_id = writer.code(), writer.case_id()
    assert writer.posted == ["/api/reports/challenge", "/api/reports?lang=id"]
    everything = b"\n".join(writer.sent)
    assert case_id.encode() in everything  # this look does find
    symbols = receipt.replace("-", "")
    keys = [key for key in writer.chance(16) if str(sealing.receipt_for(key)) == receipt]
    assert len(keys) == 1
    assert b'filename="-"' in everything  # the envelopes' bytes among it
    secrets = [BODY[6:20], *SECRETS.values(), *" ".join(SECRETS.values()).split(" "), receipt, symbols, symbols.lower()]
    for secret in [*(text.encode() for text in secrets if len(text) > 5), keys[0], keys[0].hex().encode()]:
        assert [shape for shape in shapes(secret) if shape in everything] == [], secret
    # It says who may read it, and they can.
    officer = Person(browser, product.url, screen=DESKTOP)
    scene.batch_comes(case_id)
    officer.sign_in_to(link(mail(scene.post, COORDINATOR, case_id)), case_id)
    officer.unfold("Lainnya tentang laporan ini")
    officer.reads(BODY, SECRETS["place"], SECRETS["about_officials"], "disegel di ponsel pelapor")
    assert SECRETS["name"] not in officer.words()
    officer.leave()
    writer.open_report(receipt)
    writer.reads(BODY, SECRETS["place"])


def test_the_form_promises_a_seal_only_once_one_was_made(writer: Writer) -> None:
    promise = writer.page.locator("#segel strong")
    writer.go("/lapor/")
    assert promise.inner_text() == "Disegel begitu tiba di server kami"
    before = [address.removeprefix(writer.url) for address in writer.requested]
    assert [re.sub(r"\.[0-9a-f]{10}\.", ".", path) for path in before] == [
        "/lapor/",
        "/assets/lapor.css",
        "/assets/tulis.js",
    ]
    writer.write("Apa yang terjadi?", BODY)
    promise.get_by_text("Disegel di ponsel Anda sebelum dikirim").wait_for()
    assert writer.posted == []
    assert writer.page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]


def test_odd_text_arrives_as_the_server_would_keep_it(writer: Writer, scene: Scene) -> None:
    raw = "  Cafe\u0301\r\nbaris\u0007 dua\r\ttab \U0001f6a7 \u062c\u0633\u0631\u00a0\u0085 \u202eidub\u202c \u200b\u2028x\U000e0041"
    writer.writes()
    writer.page.locator("#body").evaluate("(box, text) => { box.value = text + '\\ud800' }", raw)
    writer.checks()
    writer.press("Kirim laporan", 201)
    thread = scene.post.post("/api/thread", {"receipt": writer.code()})
    assert thread["messages"][0]["body"] == clean_text(raw + "\ud800")


def test_what_is_found_and_masked_is_what_the_server_finds_and_masks(
    browser: Browser, product: Running, writer: Writer
) -> None:
    text = "\U0001f6a7 Nama saya Budi Contoh, NIK 6408041501900001, hp 0812-3456-7890. Mohon dirahasiakan. Saya tinggal di Gang Melati 4."
    plain = Writer(browser, product.url, javascript=False)
    seen = []
    for person in (writer, plain):
        person.writes(text, place="dekat rumah saya, WA 0813 1111 2222")
        person.checks()
        person.reads("Anda minta dirahasiakan. Laporan ini anonim: kami tidak tahu siapa Anda.", "Lihat dan samarkan")
        found = person.page.locator("#samarkan .choice, #samarkan .note").all_inner_texts()
        boxes = person.page.locator("#samarkan input").all()
        assert len(boxes) >= 4
        for box in boxes:
            box.check()
        person.press("Samarkan yang dicentang")
        person.reads("Sudah disamarkan, belum terkirim.")
        masked = person.page.locator(".answers .said").all_inner_texts()
        assert rules.categories()["nik"]["masked"]["id"] in " ".join(masked)
        seen.append((found, masked))
    assert seen[0] == seen[1]
    assert writer.posted == []
    plain.leave()


def test_a_receipt_is_out_before_the_answers_are_shown(browser: Browser, product: Running, writer: Writer) -> None:
    code = "0C202-A1G7Q-104GA-M2RCM-1M70C"
    plain = Writer(browser, product.url, javascript=False)
    for person in (writer, plain):
        person.writes(f"Jalan rusak. Kode saya {code.replace('-', ' / ').lower()}.", place=code)
        person.checks()
        person.reads("Bila di sini tertulis kode laporan, itu pun kami samarkan", "[kode laporan disamarkan]")
        assert not [text for text in person.page.locator(".answers .said").all_inner_texts() if "A1G7Q" in text.upper()]
    assert writer.posted == []
    plain.leave()


def test_a_tick_left_set_masks_before_anything_is_sent(writer: Writer) -> None:
    writer.writes("Lampu mati, hp 0812-3456-7890.")
    writer.checks()
    writer.page.get_by_label("0812-3456-7890").check()
    writer.press("Kirim laporan")
    writer.reads("Sudah disamarkan, belum terkirim.")
    assert writer.posted == []
    writer.press("Kirim laporan", 201)


def test_back_leads_from_the_check_to_the_form_with_everything_in_it(writer: Writer) -> None:
    writer.writes(place="Pasar")
    writer.checks()
    assert writer.page.title() == "Periksa sebelum dikirim — Lapor Anonim"
    writer.page.go_back()
    writer.page.get_by_role("heading", name="Ceritakan masalahnya").wait_for()
    assert writer.focus() == "Ceritakan masalahnya"
    assert writer.page.title() == "Ceritakan masalahnya — Lapor Anonim"
    assert writer.page.locator("#body").input_value() == BODY
    writer.write("Di mana tepatnya?", "Di belakang pasar")
    writer.page.go_forward()
    writer.page.get_by_role("heading", name="Periksa sebelum dikirim").wait_for()
    assert writer.said("place") == "Di belakang pasar"
    writer.press("Ubah Siapa yang boleh tahu nama Anda")
    assert writer.page.evaluate("document.activeElement.name") == "identity_mode"
    assert writer.page.locator("details:has([name=identity_mode])").get_attribute("open") is not None


def test_jumps_within_the_page_are_no_steps_of_its_history(writer: Writer) -> None:
    writer.go("/lapor/")
    writer.checks(422)
    writer.page.get_by_role("link", name="Tuliskan apa yang terjadi.").click()
    writer.focuses("body")
    writer.page.locator("#district").select_option("64.08.04")
    writer.write("Apa yang terjadi?", "Lampu mati, hp 0812-3456-7890.")
    writer.checks()
    writer.page.get_by_role("link", name="Lihat dan samarkan").click()
    writer.focuses("samarkan")
    writer.page.go_back()
    writer.page.get_by_role("heading", name="Ceritakan masalahnya").wait_for()
    assert writer.page.url == f"{writer.url}/lapor/"


@pytest.mark.long
def test_a_text_changed_after_an_answer_was_lost_is_a_report_of_its_own(writer: Writer, scene: Scene) -> None:
    before = scene.cases()

    def lose(route: Route) -> None:
        route.fetch()
        route.abort("aborted")

    writer.writes()
    writer.checks()
    writer.context.route(REPORTS, lose, times=1)
    writer.press("Kirim laporan", 503)
    writer.forgive("net::ERR_ABORTED")
    writer.press("Ubah Yang terjadi")
    writer.write("Apa yang terjadi?", f"{BODY} Lebih parah.")
    writer.checks()
    writer.press("Kirim laporan", 409)
    writer.reads("Kiriman dengan kunci yang sama sudah kami terima dengan isi lain. Yang pertama aman tersimpan.")
    assert "Belum ada yang terkirim." not in writer.page.locator(".errors").inner_text()
    writer.forgive(": 409")
    assert scene.cases() == before + 1
    writer.press("Tampilkan kode laporan yang pertama")
    first = scene.post.post("/api/thread", {"receipt": writer.code()})
    assert first["messages"][0]["body"] == BODY
    assert scene.cases() == before + 1


@pytest.mark.long
def test_a_key_that_changes_between_form_and_sending_is_not_noticed(
    writer: Writer, scene: Scene, product: Running
) -> None:
    before = scene.cases()
    writer.writes()
    writer.checks()
    rotate = [sys.executable, "-m", "functions.cli", "keys", "rotate", "--purpose", "desk", "--instance", "kutim"]
    environ = {**os.environ, "DATA_DIR": str(product.folder)}
    subprocess.run([*rotate, "--grace", "0"], cwd=ROOT, env=environ, check=True, capture_output=True, timeout=60)
    writer.press("Kirim laporan", 201)
    assert writer.posted == ["/api/reports/challenge", *["/api/reports?lang=id"] * 2]
    assert scene.cases() == before + 1
    case_id = writer.case_id()
    case = scene.desk(COORDINATOR, case_id).get(f"/desk/cases/{case_id}")
    assert (case["sealed"], case["messages"][0]["body"]) == ("browser", BODY)
    writer.forgive(": 409")


@pytest.mark.long
def test_the_receipt_asks_before_it_is_left_until_it_is_kept(writer: Writer) -> None:
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    writer.writes()
    writer.checks()
    writer.press("Kirim laporan", 201)
    receipt = writer.code()
    writer.page.on("dialog", stay)
    writer.page.evaluate("setTimeout(() => location.reload())")
    assert writer.until(lambda: asked)
    assert (asked, writer.code()) == (["beforeunload"], receipt)
    writer.keeps_code()
    writer.follow("Selesai")
    assert writer.page.url == f"{writer.url}/"
    assert asked == ["beforeunload"]
    writer.page.go_back()
    writer.page.wait_for_timeout(500)
    assert receipt not in writer.page.content()


@pytest.mark.long
def test_the_quick_exit_is_never_held_up(writer: Writer) -> None:
    asked: list[str] = []
    writer.writes()
    writer.checks()
    writer.press("Kirim laporan", 201)
    writer.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    writer.context.route(
        "**/keluar", lambda route: route.fulfill(body="<title>Cuaca</title>", content_type="text/html")
    )
    writer.page.get_by_role("link", name="Keluar cepat").click()
    writer.page.wait_for_url("**/keluar")
    assert asked == []


def test_without_its_picture_and_without_a_proof_the_report_arrives_all_the_same(writer: Writer) -> None:
    for piece in (PICTURE, "**/challenge"):
        writer.context.route(piece, lambda route: route.abort())
    writer.writes()
    writer.checks()
    writer.press("Kirim laporan", 201)
    assert len(writer.code()) == 29
    writer.page.get_by_role("button", name="Kode QR").click()
    again = writer.page.get_by_role("button", name="Belum termuat. Coba lagi")
    again.wait_for()
    expect(writer.page.locator(".qr")).to_be_hidden()
    writer.context.unroute(PICTURE)
    again.click()
    writer.page.locator(".qr svg").wait_for()
    writer.forgive("net::ERR_FAILED", "Failed to load")


def test_the_picture_of_the_code_comes_where_it_is_asked_for_and_stays_on_the_phone(writer: Writer) -> None:
    writer.writes()
    writer.checks()
    writer.press("Kirim laporan", 201)
    writer.page.wait_for_load_state("networkidle")
    assert [address for address in writer.requested if "/assets/qr." in address] == []
    writer.page.get_by_role("button", name="Kode QR").click()
    writer.page.locator(".qr svg").wait_for()
    assert writer.page.evaluate("document.activeElement.className") == "qr"
    assert writer.page.get_by_role("button", name="Kode QR").count() == 0
    writer.look()
    colours = writer.page.locator(".qr path").evaluate_all("paths => paths.map(p => getComputedStyle(p).fill)")
    assert colours == ["rgb(255, 255, 255)", "rgb(0, 0, 0)"]


def test_paper_has_the_picture_without_being_asked(writer: Writer) -> None:
    writer.writes()
    writer.checks()
    writer.press("Kirim laporan", 201)
    # A function that stands for the whole expression would be called at once.
    writer.page.evaluate("void (window.print = () => { window.printed = document.querySelectorAll('.qr svg').length })")
    writer.page.get_by_role("button", name="Cetak").click()
    assert wait_for(lambda: writer.page.evaluate("window.printed")) == 1


@pytest.mark.long
def test_keys_of_custodians_and_courier_are_asked_for_with_the_report_of_who_names_himself(
    writer: Writer, scene: Scene
) -> None:
    def asked() -> list[str]:
        return [path for path in (address.removeprefix(writer.url) for address in writer.requested) if "keys" in path]

    writer.writes()
    in_confidence(writer)
    writer.page.locator("[name=name]").fill("Bunga Melati")
    writer.checks()
    assert asked() == ["/keys-desk.json"]  # who thinks of it, and then leaves his name out, tells nobody
    writer.context.route("**/keys.json", lambda route: route.abort(), times=1)
    writer.press("Kirim laporan", 503)
    writer.forgive("net::ERR_FAILED")
    assert writer.posted == []
    before = scene.cases()
    writer.press("Kirim laporan", 201)
    assert (asked(), scene.cases()) == (["/keys-desk.json", "/keys.json", "/keys.json"], before + 1)
    writer.writes()
    writer.checks()
    writer.press("Kirim laporan", 201)
    assert asked()[3:] == ["/keys-desk.json"]


def test_a_photo_that_does_not_arrive_takes_nothing_along(writer: Writer, scene: Scene, tmp_path: Path) -> None:
    writer.writes()
    writer.checks()
    writer.press("Kirim laporan", 201)
    receipt = writer.code()
    button = writer.page.get_by_role("button", name="Kirim berkas ini")
    button.click()
    writer.page.get_by_role("status").get_by_text("Pilih satu berkas lebih dulu.").wait_for()
    writer.page.locator("#file").set_input_files(taken(tmp_path, "canary"))
    writer.context.route("**/api/thread/files", lambda route: (route.fetch(), route.abort("aborted")), times=1)
    button.click()
    writer.page.get_by_role("status").get_by_text("Berkas belum sampai. Laporan Anda aman.").wait_for()
    writer.forgive("net::ERR_ABORTED")
    tries_again(writer.page, writer.page.get_by_role("status").get_by_text("Berkas Anda tersimpan."))
    assert writer.code() == receipt
    files = [file for m in scene.post.post("/api/thread", {"receipt": receipt})["messages"] for file in m["files"]]
    assert [file["type"] for file in files] == ["image/jpeg"]


def test_whom_the_words_accuse_is_asked_for_and_bound_before_it_is_sealed(writer: Writer, scene: Scene) -> None:
    """The words stay on the phone: it looks itself, and only whom the report accuses leaves it."""
    writer.writes("Pegawai Kominfo minta uang 500 ribu kalau mau wifi desa dipasang.")
    writer.checks()
    asked = writer.page.locator("[data-part=whom]")
    asked.wait_for()
    assert "Dinas Komunikasi, Informatika" in asked.inner_text()
    assert asked.locator("input").count() == 1
    expect(asked.locator("input")).to_be_checked()
    writer.press("Kirim laporan", 201)
    head = scene.store.read_head(writer.case_id())
    assert (head.about_agency, head.holder) == ("kutim-diskominfo", "kutim-inspektorat")
    everything = b"\n".join(writer.sent)
    assert not any(shape in everything for shape in shapes(b"minta uang 500 ribu"))


def test_of_several_who_stay_ticked_whoever_would_read_it_first_is_bound(writer: Writer, scene: Scene) -> None:
    writer.writes("Orang Dishub dan pegawai Kominfo minta uang 500 ribu kalau mau wifi terminal dipasang.")
    writer.checks()
    asked = writer.page.locator("[data-part=whom] input")
    asked.first.wait_for()
    assert asked.count() == 2
    writer.press("Kirim laporan", 201)
    head = scene.store.read_head(writer.case_id())
    assert (head.about_agency, head.holder) == ("kutim-diskominfo", "kutim-inspektorat")


def test_who_stays_ticked_beside_whom_the_form_names_is_not_told_of_it(writer: Writer, scene: Scene) -> None:
    """The seal binds the one whom the form names; the coordinator, accused and ticked, got the report."""
    writer.writes("Pegawai Dishub dan pegawai Kominfo minta uang 500 ribu kalau mau wifi terminal dipasang.")
    writer.page.locator("[name=about_agency]").select_option("kutim-dishub")
    writer.checks()
    asked = writer.page.locator("[data-part=whom] input")
    asked.first.wait_for()
    writer.press("Kirim laporan", 201)
    head = scene.store.read_head(writer.case_id())
    assert (head.about_agency, head.desk_work.kept_from) == ("kutim-dishub", ("kutim-diskominfo",))
    assert head.holder == "kutim-inspektorat"


@pytest.mark.parametrize("body", ["Lampu mati depan kantor Kominfo.", "Pegawai Kominfo minta uang 500 ribu."])
def test_who_says_that_it_is_not_about_them_binds_nobody(writer: Writer, scene: Scene, body: str) -> None:
    writer.writes(body)
    writer.checks()
    if "minta" in body:
        writer.page.locator("[data-part=whom] input").uncheck()
    writer.press("Kirim laporan", 201)
    assert scene.store.read_head(writer.case_id()).about_agency == ""
