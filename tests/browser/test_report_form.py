"""The report form on a phone: two screens long, its owner on top, photos after the words, sorted on the check page."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route, expect

from functions.actions.common.file_limits import FILES_PER_TURN
from functions.casework.case import Mode
from functions.casework.formats.attachments import FILE_MB, MB
from tests.browser.people import Person
from tests.browser.photos import taken
from tests.browser.scene import COORDINATOR, Scene
from tests.browser.test_thread_files import tries_again
from tests.browser.writing import Writer
from tests.server import Running

FONTS = ("", "DejaVu Sans")  # the second is the widest that phones fall back to
TWO_SCREENS_PX = 1280
OWNER = "Pemerintah Kabupaten Kutai Timur"
SCHOOL = "Guru SDN 003 meminta murid membayar seragam, padahal sekolah gratis."
FILES = "**/api/thread/files*"
HEADER = """() => {
  const lines = (each) => each.getBoundingClientRect().height / parseFloat(getComputedStyle(each).lineHeight);
  const [top, owner, mark, leave] = [".top", ".owner", ".mark", ".leave"].map((one) => document.querySelector(one));
  const whole = innerWidth < 320 ? [mark, leave] : [owner, mark, leave]; // of a longer name the end may be cut
  const inside = whole.every((each) => each.scrollWidth <= each.clientWidth);
  return { lines: lines(owner), height: top.offsetHeight, inside, owner: owner.textContent,
    sideways: document.documentElement.scrollWidth - innerWidth };
}"""
SET_FONT = "(font) => { document.documentElement.style.fontFamily = font && `'${font}'` }"


@pytest.fixture
def writer(browser: Browser, product: Running) -> Iterator[Writer]:
    person = Writer(browser, product.url)
    yield person
    person.leave()


@pytest.mark.parametrize("font", FONTS)
def test_the_form_is_two_phone_screens_and_the_owner_stands_above_the_name_in_one_line(
    writer: Writer, font: str
) -> None:
    for path in ("/lapor/", "/", "/lacak/", "/en/lapor/"):
        writer.go(path)
        writer.page.evaluate(SET_FONT, font)
        for width in (360, 320, 240):
            writer.page.set_viewport_size({"width": width, "height": 640})
            seen = writer.page.evaluate(HEADER)
            assert seen["owner"] == OWNER
            assert (seen["lines"] < 1.5, seen["height"], seen["inside"]) == (True, 89, True), (path, width, seen)
            assert seen["sideways"] <= 0, (path, width)
        if "lapor" in path:
            writer.page.set_viewport_size({"width": 360, "height": 640})
            expect(writer.page.get_by_label(re.compile("^(Foto|Photo)"))).to_be_visible()
            assert writer.page.evaluate("document.documentElement.scrollHeight") <= TWO_SCREENS_PX, path


def test_the_topic_follows_the_words_and_the_village_goes_under_the_seal(writer: Writer, scene: Scene) -> None:
    writer.writes(SCHOOL, place="di kantin")
    writer.checks()
    topic = writer.page.get_by_label("Tentang apa?")
    expect(topic).to_have_value("sekolah")
    writer.press("Ubah Yang terjadi")
    writer.write("Apa yang terjadi?", "Jalan poros berlubang dalam, aspal habis.")
    writer.checks()
    expect(topic).to_have_value("jalan")  # a proposal follows the words
    topic.select_option("lainnya")
    writer.page.get_by_role("button", name="Sebut desanya (opsional)").click()
    village = writer.page.get_by_label("Di desa mana?")
    village.select_option(label="Desa Benua Baru Ilir")
    writer.press("Ubah Tempat")
    writer.write("Di mana tepatnya?", "dekat dermaga")
    writer.checks()
    expect(topic).to_have_value("lainnya")  # what the writer chose stays
    expect(village).to_have_value("Desa Benua Baru Ilir")
    writer.press("Kirim laporan", 201)
    everything = b"\n".join(writer.sent)
    assert b"Benua" not in everything, "the village left the phone in clear"
    (asked,) = [line for line in writer.requested if "desa" in line]
    assert asked == f"{writer.url}/desa.json"  # one file for all districts: it says nothing
    head = scene.store.read_head(writer.case_id())
    assert (head.topic, head.district) == ("lainnya", "64.08.05")
    seen = scene.desk(COORDINATOR, head.case_id).get(f"/desk/cases/{head.case_id}")
    assert "Desa Benua Baru Ilir, dekat dermaga" in str(seen)


def test_words_without_a_topic_are_asked_for_one_and_nothing_is_sent(writer: Writer) -> None:
    writer.writes(SCHOOL)
    writer.checks()
    topic = writer.page.get_by_label("Tentang apa?")
    expect(topic).to_have_value("sekolah")
    topic.select_option("")
    writer.press("Kirim laporan", 422)
    writer.reads("Pilih topik yang paling dekat")
    assert topic.get_attribute("aria-invalid") == "true"
    assert not [address for address in writer.posted if address.startswith("/api/reports?")]
    topic.select_option("sekolah")
    writer.press("Kirim laporan", 201)


@pytest.mark.long
def test_photos_chosen_in_the_form_leave_after_the_words_and_again_where_the_line_broke(
    writer: Writer, scene: Scene, tmp_path: Path
) -> None:
    writer.writes(SCHOOL)
    chosen, hint = writer.page.locator("#berkas"), writer.page.locator("#foto-hint")
    expect(chosen).to_have_attribute("accept", "image/*")
    expect(chosen).to_have_attribute("multiple", "")
    expect(hint).to_contain_text(re.compile(rf"^Foto .* sampai {FILES_PER_TURN}\."))
    writer.page.get_by_label("Foto").set_input_files([taken(tmp_path, "canary"), taken(tmp_path, "canary")])
    writer.checks()
    writer.reads("2 foto berangkat setelah kode muncul.")
    assert not [address for address in writer.posted if "files" in address]
    held: list[Route] = []  # once it broke, it is tried again in three seconds, and is soon over
    writer.context.route(FILES, lambda route: held.append(route), times=1)  # noqa: PLW0108 - a lambda: Playwright marks what it is given
    writer.press("Kirim laporan", 201)
    expect(writer.page.get_by_role("progressbar")).to_be_visible()
    assert writer.until(lambda: held)
    held.pop().abort("connectionreset")
    tries_again(writer.page, writer.page.get_by_text("2 berkas Anda tersimpan."))
    expect(writer.page.get_by_label(f"Pilih foto atau dokumen, sampai {FILES_PER_TURN} berkas")).to_have_attribute(
        "multiple", ""
    )
    expect(writer.page.locator("#file-hint")).not_to_contain_text("Satu per satu")
    expect(writer.page.get_by_role("progressbar")).to_have_count(0)
    writer.forgive("net::ERR_CONNECTION_RESET")
    sent = [address.partition("?")[0] for address in writer.posted]
    assert sent == ["/api/reports/challenge", "/api/reports", *["/api/thread/sealed", "/api/thread/files"] * 3]
    assert writer.code().replace("-", "").encode() not in b"".join(writer.sent).replace(b"-", b"")
    assert not re.search(rb"canary[^\r\n]*\.jpe?g", b"\n".join(writer.sent)), "a file's name left the phone"
    thread = scene.post.post("/api/thread", {"receipt": writer.code()})
    assert [file["type"] for each in thread["messages"] for file in each["files"]] == ["image/jpeg"] * 2
    before = len(writer.posted)
    large = {"name": "surat.txt", "mimeType": "text/plain", "buffer": b"Surat. " * (FILE_MB * MB // 7 + 1)}
    writer.page.locator("#file").set_input_files(large)
    writer.page.get_by_role("button", name="Kirim berkas ini").click()
    writer.page.get_by_text(f"Berkas ini lebih dari {FILE_MB} MB.").wait_for()
    assert len(writer.posted) == before, "what would be refused was sent, on a phone's dear line"


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
def test_news_without_a_name_and_no_name_to_fill_in_while_anonymous(
    browser: Browser, product: Running, scene: Scene, javascript: bool
) -> None:
    person = Person(browser, product.url, javascript=javascript)
    person.go("/lapor/")
    person.write("Apa yang terjadi?", SCHOOL)
    person.choose("Di kecamatan mana?", "Sangkulirang")
    name = person.page.locator("#name")
    person.unfold("Titipkan nama saya")
    expect(name).to_be_hidden()
    person.page.get_by_label("Petugas yang menangani").check()
    expect(name).to_be_visible()
    person.page.get_by_label("Tidak seorang pun").check()
    person.unfold("Kabari saya kalau dijawab")
    person.reads("Emailnya hanya berbunyi “Ada kabar”", "Risikonya:")
    person.write("Email Anda", "0812 3456 7890")
    person.press("Periksa sebelum dikirim", 422)
    person.reads("Nomor telepon tidak dapat dikabari.")
    person.write("Email Anda", "siti@contoh.example")
    person.press("Periksa sebelum dikirim")
    person.press("Kirim laporan", 201)
    person.reads("Bila ada kabar")
    head = scene.store.read_head(person.case_id())
    assert (head.reporter.mode, head.reporter.contact != b"") == (Mode.ANONIM, True)
    assert scene.store.read_identity(head.case_id) is None
    person.leave()
