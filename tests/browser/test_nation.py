"""Several governments on one machine: the front page leads to one's own portal, and who writes in the wrong one is led on
without writing again. With and without script; answered there, read with the one receipt, counted once."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser, Page

from functions.casework.case import CaseHead, Sealed
from functions.cli.main import cli
from functions.config.settings import DEMO, load_settings
from functions.local.setup import prepare_store
from functions.storage.choose_store import open_store
from functions.storage.interface import Scope
from functions.storage.registers.directory import read_directory
from tests.browser.people import Person
from tests.browser.scene import Scene
from tests.browser.test_thread_script import opened, press
from tests.browser.writing import Writer
from tests.counted_once import Barometer, barometer, once
from tests.server import Client, Running, free_port, running, wait_for
from tests.whole.test_story import sign_in

ANSWER = "Lubangnya kami tutup hari Kamis; sampai itu ada rambu."
ROAD = "Jalan poros di depan SMP berlubang besar sejak hujan Senin, dua motor jatuh."
SAMARINDA, KUTIM = "Pemerintah Kota Samarinda", "Pemerintah Kabupaten Kutai Timur"


def ask(folder: Path, port: int, *arguments: str) -> str:
    result = CliRunner().invoke(cli, ("instances", *arguments), env={"DATA_DIR": str(folder), "PORT": str(port)})
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture(scope="module")
def nation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The demonstration with Samarinda beside it, added by one command."""
    folder, port = tmp_path_factory.mktemp("nation") / "data", free_port()
    prepare_store(load_settings({"DATA_DIR": str(folder)}))
    sheet = folder / "loket.html"
    described = str(DEMO / "instances" / "samarinda")
    said = ask(folder, port, "add", "--yes", "--no-portal", "--sheet", str(sheet), described)
    assert "5 keys made" in said
    assert "does not answer" in said, "nothing runs yet that could mail a link"
    assert f"127.0.0.1:{port}/samarinda/" in sheet.read_text()
    with running(folder, port=port, POW_DIFFICULTY="1000") as product:
        assert "11 officers get one by mail" in ask(folder, port, "invite", "samarinda")
        yield product


def heads(product: Running, instance: str) -> list[CaseHead]:
    store = open_store(load_settings({"DATA_DIR": str(product.folder)}))
    return [store.read_head(head.case_id) for head in store.page(Scope.INSTANCE, instance, limit=50).heads]


def counted(product: Running) -> dict[str, Barometer]:
    """The barometer at this month's end."""
    settings = load_settings({"DATA_DIR": str(product.folder)})
    store = open_store(settings)
    return {"nation": barometer(store, read_directory(store, settings).directory, settings.today())}


@pytest.mark.long
def test_written_in_the_wrong_portal_without_script_answered_in_the_right_one(
    browser: Browser, nation: Running
) -> None:
    before = {code: len(heads(nation, code)) for code in ("samarinda", "kutim")}
    told_before = counted(nation)
    someone = Person(browser, nation.url, javascript=False)
    someone.go("/")
    someone.follow("Kalimantan Timur")
    someone.follow(SAMARINDA)
    someone.reads("Kota Samarinda", "Banjir, jalan, parkir liar", "Bukan di wilayah Kota Samarinda?")
    someone.follow("Tulis laporan")
    someone.write("Apa yang terjadi?", ROAD)
    someone.choose("Tentang dinas atau pegawainya?", "Dinas Pendidikan")
    someone.choose("Di kecamatan mana?", "Di daerah lain…")
    someone.press("Periksa sebelum dikirim")
    someone.write("Di kabupaten, kota, kecamatan, atau desa mana?", "Entah")
    someone.press("Periksa sebelum dikirim", 422)
    someone.reads("Tempat ini tidak ditemukan.")
    someone.write("Di kabupaten, kota, kecamatan, atau desa mana?", "sangatta utara")
    someone.press("Periksa sebelum dikirim")
    assert someone.page.locator("#body").input_value() == ROAD
    assert someone.page.locator("header .owner").inner_text() == KUTIM, "the right portal goes on with it"
    assert someone.chosen("Tentang dinas atau pegawainya?") == "Dinas Pendidikan", (
        "who is accused stays accused (law 5)"
    )
    someone.page.get_by_label("Tentang dinas atau pegawainya?").select_option(label="Tidak")
    someone.page.get_by_label("Di kecamatan mana?").select_option(value="64.08.04")
    someone.press("Periksa sebelum dikirim")
    someone.page.locator("#topic").select_option(value="jalan")
    someone.press("Kirim laporan", 201)
    assert f"{nation.url.partition('://')[2]}/kutim/lacak/" in someone.words()
    receipt, case_id = someone.code(), someone.case_id()
    assert {code: len(heads(nation, code)) - known for code, known in before.items()} == {"samarinda": 0, "kutim": 1}
    scene = Scene(nation)
    scene.reply(scene.unit_has(case_id), case_id, ANSWER)
    someone.go("/lacak/")  # at the root: a receipt opens its report, wherever that was written
    someone.write("Kode laporan", receipt)
    someone.press("Buka laporan")
    someone.reads(ROAD, ANSWER)
    someone.leave()
    once("kutim", told_before, lambda: counted(nation))


@pytest.mark.parametrize("base", ["", "/samarinda"])
def test_a_closed_report_is_taken_up_again_on_the_phone_where_portals_share_a_host(
    page: Page, nation: Running, base: str
) -> None:
    scene = Scene(nation)
    receipt, case_id, officer = scene.handed_over()
    scene.close(officer, case_id)
    opened(page, scene, receipt, f"{base}/lacak/")
    page.locator("summary", has_text="Belum selesai").click()
    page.locator("#reopen-teks").fill("Lubangnya masih ada.")
    assert press(page, "Kembalikan ke dinas") == "Jawaban Anda tersimpan. Terima kasih."
    assert "Lubangnya masih ada." in officer.get(f"/desk/cases/{case_id}")["messages"][-1]["body"]


@pytest.mark.long
def test_officers_of_the_new_one_get_their_first_links(nation: Running) -> None:
    post = Client(nation.url)
    assert wait_for(lambda: post.mails(to="koordinator@samarinda.example.id"))
    mine = sign_in(post, post.token(to="koordinator@samarinda.example.id"))
    assert mine.get("/desk/")["cases"] == [], "what was written in Samarinda's portal about another is not Samarinda's"


@pytest.mark.long
def test_sealed_on_the_phone_to_the_keys_of_the_right_one(browser: Browser, nation: Running) -> None:
    writer = Writer(browser, nation.url)
    writer.go("/samarinda/lapor/")
    writer.write("Apa yang terjadi?", ROAD)
    writer.choose("Di kecamatan mana?", "Di daerah lain…")
    writer.page.locator("#daerah option", has_text=KUTIM).wait_for(state="attached")
    writer.choose("Di kabupaten atau kota mana?", KUTIM)
    writer.page.locator("#district optgroup").wait_for(state="attached")
    assert [url for url in writer.requested if url.endswith(("/wilayah.json", "/kutim/lapor/"))], "as if it were opened"
    writer.page.get_by_label("Di kecamatan mana?").select_option(value="64.08.04")
    writer.press("Periksa sebelum dikirim")
    writer.press("Kirim laporan", 201)
    case_id = writer.case_id()
    (head,) = [head for head in heads(nation, "kutim") if head.case_id == case_id]
    assert head.wraps.sealed is Sealed.BROWSER
    assert not any(ROAD[:20].encode() in sent for sent in writer.sent), "not a word left the phone in clear"
    assert writer.page.locator("[data-part=address]").first.text_content() == f"{nation.url[7:]}/samarinda/lacak/"
    writer.leave()
