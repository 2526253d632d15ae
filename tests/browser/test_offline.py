"""Writing without a network: the form opens, the report waits on the phone, sealed, and arrives once."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.photos import left_in, taken
from tests.browser.scene import COORDINATOR, Scene
from tests.browser.waiting import HELD, Waiter
from tests.browser.weak import Fate, Weak, weak_link
from tests.browser.writing import BODY, shapes
from tests.server import ROOT, Running, wait_for

QUEUE = "/lapor/antrean/"
SECRETS = {
    "place": "Belakang pasarmelati",
    "subject": "Jembatankanari putus",
    "about_officials": "Kepala seksi bernamamawar",
    "name": "Sitibunga Contoh",
    "contact": "sitibunga@contoh.example",
}


@pytest.fixture(scope="module")
def link(product: Running) -> Iterator[Weak]:
    with weak_link(int(product.url.rpartition(":")[2])) as made:
        yield made


@pytest.fixture
def writer(browser: Browser, link: Weak) -> Iterator[Waiter]:
    yield from waiting(browser, link)


@pytest.fixture
def owner(whole_browser: Browser, link: Weak) -> Iterator[Waiter]:
    """With the browser that people have: a window of it costs six times the processor's time of one without."""
    yield from waiting(whole_browser, link)


def waiting(browser: Browser, link: Weak) -> Iterator[Waiter]:
    link.down, link.fate = False, lambda: Fate.PASSES
    person = Waiter(browser, link.url)
    yield person
    person.close()


def bodies(scene: Scene, receipt: str) -> list[str]:
    return [message["body"] for message in scene.post.post("/api/thread", {"receipt": receipt})["messages"]]


def test_after_one_visit_the_form_opens_without_a_network_and_its_report_arrives_with_one(
    writer: Waiter, link: Weak, scene: Scene
) -> None:
    writer.visits()
    before = scene.cases()
    writer.context.set_offline(True)
    writer.page.close()
    writer.page = writer.context.new_page()
    writer.fails_to_send()
    receipt = writer.holds()
    assert writer.queue() == 0  # not before the code is written down
    writer.stores()
    writer.hears("Belum terkirim: belum ada sambungan, atau layanan sedang terganggu. Dicoba lagi sendiri.")
    assert (writer.queue(), scene.cases()) == (1, before)
    writer.context.set_offline(False)
    assert writer.arrived() == receipt
    assert (writer.queue(), scene.cases()) == (0, before + 1)
    assert bodies(scene, receipt) == [BODY]
    assert scene.desk(COORDINATOR, writer.case_id()).get(f"/desk/cases/{writer.case_id()}")["sealed"] == "browser"


@pytest.mark.long
def test_whom_the_words_accuse_is_bound_without_a_network_as_well(writer: Waiter, link: Weak, scene: Scene) -> None:
    """What looks for them is asked for when the report is checked, and must be here already (law 5)."""
    writer.visits()
    link.down = True
    writer.go("/lapor/")
    writer.fails_to_send("Pegawai Kominfo minta uang 500 ribu kalau mau wifi desa dipasang.")
    writer.holds()
    writer.stores()
    link.down = False
    writer.hurries()
    writer.arrived()
    head = scene.store.read_head(writer.case_id())
    assert (head.about_agency, head.holder) == ("kutim-diskominfo", "kutim-inspektorat")


def test_nothing_readable_rests_on_the_phone(writer: Waiter, link: Weak, product: Running) -> None:
    writer.visits()
    link.down = True
    writer.go("/lapor/")
    writer.unfolds()
    writer.page.locator("[name=identity_mode][value=rahasia]").check()
    for name, text in SECRETS.items():
        writer.page.locator(f"[name={name}]").fill(text)
    writer.choose("Di kecamatan mana?", "Sangkulirang")
    writer.page.locator("[name=about_agency]").select_option("kutim-dpupr")
    writer.write("Apa yang terjadi?", BODY)
    writer.checks()
    writer.press("Kirim laporan", 503)
    receipt = writer.holds()
    keys = writer.chance(16)
    writer.stores()
    kept = writer.dump()
    queue = "\n".join(text for place, texts in kept.items() if place.startswith("antrean/kiriman") for text in texts)
    assert "envelope=" in queue
    assert "kept=" in queue  # this look does see the entries
    assert any("/lapor/" in place for place in kept)  # and the caches
    everywhere = "\n".join(text for texts in kept.values() for text in texts).encode("latin-1", "ignore")
    symbols = receipt.replace("-", "")
    words = [BODY[6:20], BODY, *SECRETS.values(), receipt, symbols, symbols.lower()]
    for secret in [*(text.encode() for text in words), *keys, *(key.hex().encode() for key in keys)]:
        assert [shape for shape in shapes(secret) if shape in everywhere] == [], secret
    # Not in the queue either: what every form shows, but nobody is to learn that this one chose it.
    for chosen in ("jalan", "64.08.04", "kutim-dpupr", "rahasia", "pengaduan", "case_id", "kutim"):
        assert chosen.encode() not in queue.encode("latin-1", "ignore"), chosen
    link.down = False
    writer.hurries()
    assert writer.arrived() == receipt
    case = writer.case_id()
    assert case not in queue
    left = "\n".join(text for texts in writer.dump().values() for text in texts)
    for secret in (case, receipt, BODY):
        assert secret not in left
    assert writer.queue() == 0


def test_the_worker_keeps_pages_and_assets_and_no_answer_of_a_door(writer: Waiter, link: Weak, scene: Scene) -> None:
    writer.visits()
    receipt, _ = scene.report()
    writer.open_report(receipt)
    writer.reads("Jembatan kayu menuju sekolah putus")
    writer.go("/masuk/")
    writer.go("/privasi/")
    kept = [place.removeprefix(link.url) for place in writer.dump() if place.startswith(link.url)]
    pages = ["/", "/lapor/", "/lapor/bagian/", QUEUE]
    wanted = {*pages, "/keys.json", "/keys-desk.json"}
    assert {path for path in kept if not path.startswith("/assets/")} == wanted
    assert len(kept) - len(wanted) == 8
    writer.go("/en/lapor/")  # the other language, once it is read
    writer.page.locator("#body").focus()
    english = {"/en/lapor/", "/en/lapor/bagian/"}
    assert wait_for(lambda: {f"{link.url}{page}" for page in english} <= writer.dump().keys())
    assert f"{link.url}/en{QUEUE}" not in writer.dump()
    wanted |= english
    link.down = True
    assert writer.page.evaluate("fetch('/lacak/').then(() => 'kept', () => 'not kept')") == "not kept"
    for page in wanted - {"/keys.json", "/keys-desk.json"}:
        writer.go(page)


def test_an_answer_that_was_lost_after_the_server_had_it_doubles_nothing(
    writer: Waiter, link: Weak, scene: Scene
) -> None:
    writer.visits()
    before = scene.cases()
    link.fate = lambda: Fate.ANSWER_LOST
    writer.fails_to_send()
    assert scene.cases() == before + 1
    receipt = writer.holds()
    writer.stores()
    writer.hears("Belum terkirim:")
    assert (writer.queue(), scene.cases()) == (1, before + 1)
    link.fate = lambda: Fate.PASSES
    writer.hurries()
    assert writer.arrived() == receipt
    assert (bodies(scene, receipt), scene.cases(), writer.queue()) == ([BODY], before + 1, 0)


@pytest.mark.long
def test_a_text_changed_after_an_attempt_waits_as_a_report_of_its_own(writer: Waiter, link: Weak, scene: Scene) -> None:
    writer.visits()
    before = scene.cases()
    link.fate = lambda: Fate.ANSWER_LOST
    writer.fails_to_send()
    writer.press("Ubah Yang terjadi")
    writer.write("Apa yang terjadi?", f"{BODY} Lebih parah.")
    writer.checks()
    writer.press("Kirim laporan", 503)
    receipt = writer.holds()
    writer.stores()
    link.fate = lambda: Fate.PASSES
    writer.hurries()
    assert writer.arrived() == receipt
    assert (bodies(scene, receipt), scene.cases()) == ([f"{BODY} Lebih parah."], before + 2)


@pytest.mark.long
def test_only_an_acknowledgement_that_matches_takes_it_off_the_phone(writer: Waiter, link: Weak, scene: Scene) -> None:
    writer.visits()
    link.down = True
    writer.fails_to_send()
    receipt = writer.holds()
    writer.stores()
    link.down = False
    for fate in (Fate.STRANGER, Fate.TROUBLE, Fate.REQUEST_LOST, Fate.ANSWER_LOST):
        link.fate, tried = (lambda fate=fate: fate), link.fates[fate]
        assert wait_for(lambda fate=fate, tried=tried: writer.hurries() or link.fates[fate] > tried), fate
        writer.page.get_by_role("status").get_by_text("Belum terkirim:").wait_for()
        assert writer.queue() == 1, fate
        writer.reads(HELD)
    link.fate = lambda: Fate.PASSES
    writer.hurries()
    assert writer.arrived() == receipt
    assert bodies(scene, receipt) == [BODY]


def test_opening_any_page_sends_what_waits(writer: Waiter, link: Weak, scene: Scene) -> None:
    writer.visits()
    link.down = True
    writer.fails_to_send()
    receipt = writer.holds()
    writer.stores()
    writer.page.close()
    writer.page = writer.context.new_page()
    link.down = False
    writer.go("/bantuan/")
    assert wait_for(lambda: writer.queue() == 0)
    assert bodies(scene, receipt) == [BODY]


@pytest.mark.long
def test_background_sync_sends_it_with_no_page_of_ours_open(owner: Waiter, link: Weak, scene: Scene) -> None:
    owner.visits()
    link.down = True
    owner.fails_to_send()
    receipt = owner.holds()
    owner.stores()
    tags = "navigator.serviceWorker.ready.then((found) => found.sync.getTags())"
    assert wait_for(lambda: owner.page.evaluate(tags)) == ["antrean"]
    found: list[str] = []
    session = owner.context.new_cdp_session(owner.page)
    session.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: found.extend(each["registrationId"] for each in told["registrations"]),
    )
    session.send("ServiceWorker.enable")
    assert owner.until(lambda: found)
    owner.page.goto("about:blank")
    link.down = False
    session.send(
        "ServiceWorker.dispatchSyncEvent",
        {"origin": link.url, "registrationId": found[-1], "tag": "antrean", "lastChance": False},
    )
    assert wait_for(lambda: scene.post.call("POST", "/api/thread", {"receipt": receipt})[0] == 200)
    assert bodies(scene, receipt) == [BODY]


@pytest.mark.long
def test_two_that_wait_are_listed_sent_at_a_press_and_gone(writer: Waiter, link: Weak, scene: Scene) -> None:
    writer.visits()
    receipts = []
    link.down = True
    for number in range(2):
        writer.fails_to_send(f"{BODY} Nomor {number}.")
        receipts.append(writer.holds())
        writer.stores()
    writer.go(QUEUE)
    writer.page.get_by_text("Tersimpan di ponsel ini, belum terkirim: 2.").wait_for()
    writer.page.get_by_role("button", name="Kirim sekarang").click()
    writer.page.get_by_text("Belum terkirim: belum ada sambungan").wait_for()
    assert writer.queue() == 2
    link.down = False
    writer.page.get_by_role("button", name="Kirim sekarang").click()
    writer.page.get_by_text("Terkirim: 2.", exact=True).wait_for()
    writer.reads("Tidak ada laporan yang menunggu di ponsel ini.")
    assert [bodies(scene, receipt) for receipt in receipts] == [[f"{BODY} Nomor {number}."] for number in range(2)]


def test_the_form_says_that_something_waits(writer: Waiter, link: Weak) -> None:
    writer.visits()
    link.down = True
    writer.fails_to_send()
    writer.holds()
    writer.stores()
    writer.go("/lapor/")
    writer.page.locator("#body").focus()
    writer.follow("Ada laporan di ponsel ini yang belum terkirim. Lihat.")
    writer.page.get_by_text("Tersimpan di ponsel ini, belum terkirim: 1.").wait_for()


@pytest.mark.long
def test_traces_are_wiped_off_at_a_press(writer: Waiter, link: Weak, scene: Scene) -> None:
    writer.visits()
    link.down = True
    writer.fails_to_send()
    writer.holds()
    writer.stores()
    before = scene.cases()
    writer.go(QUEUE)
    writer.page.get_by_role("button", name="Hapus semuanya dari ponsel ini").click()
    writer.page.get_by_text("Sudah dihapus.").wait_for()
    left = "Promise.all([caches.keys(), indexedDB.databases(), navigator.serviceWorker.getRegistrations()])"
    assert [len(each) for each in writer.page.evaluate(left)] == [0, 0, 0]
    # What another page still had under way comes to its end without bringing anything back.
    late = "Promise.all([antre.all(), antre.flush(), antre.remove('x'), antre.wipe()])"
    assert writer.page.evaluate(late) == [[], {"sent": 0, "left": 0, "stuck": 0, "answers": {}}, 0, None]
    assert [len(each) for each in writer.page.evaluate(left)] == [0, 0, 0]
    link.down = False
    writer.go("/")
    writer.go(QUEUE)
    writer.page.get_by_text("Tidak ada laporan yang menunggu di ponsel ini.").wait_for()
    assert scene.cases() == before


@pytest.mark.long
def test_the_quick_exit_takes_it_along_with_a_network_and_without_one(writer: Waiter, link: Weak) -> None:
    left = "Promise.all([caches.keys(), indexedDB.databases(), navigator.serviceWorker.getRegistrations()])"
    for offline in (True, False):
        writer.visits()
        link.down = True
        writer.fails_to_send()
        writer.holds()
        writer.stores()
        writer.context.set_offline(offline)
        link.down = False
        leaving = writer.page.get_by_role("link", name="Keluar cepat")
        if offline:
            leaving.click(no_wait_after=True)
            writer.page.get_by_role("heading", name=HELD).wait_for(state="detached")
        else:
            with writer.context.expect_event("request", lambda request: "bmkg" in request.url):
                leaving.click(no_wait_after=True)
        writer.context.set_offline(False)
        writer.page = writer.context.new_page()
        writer.page.goto(f"{link.url}/robots.txt")
        assert [len(each) for each in writer.page.evaluate(left)] == [0, 0, 0], offline
    writer.requested = [address for address in writer.requested if "bmkg" not in address]


FULL = "void (IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError'); })"


@pytest.mark.long
def test_where_the_phone_is_full_it_says_so_and_nothing_is_lost(writer: Waiter, link: Weak, scene: Scene) -> None:
    writer.visits()
    link.down = True
    writer.fails_to_send()
    receipt = writer.holds()
    writer.page.evaluate(FULL)
    writer.page.get_by_role("button", name="Kode sudah saya tulis. Simpan laporan").click()
    writer.hears("Penyimpanan ponsel penuh atau tertutup, jadi laporan belum tersimpan.")
    assert writer.page.locator("#tulisan").input_value() == BODY
    assert (writer.code(), writer.queue()) == (receipt, 0)
    now = writer.page.get_by_role("button", name="Kirim sekarang")
    now.click()
    writer.hears("Kiriman belum sampai, atau jawabannya hilang di jalan.")
    link.down = False
    now.click()
    assert writer.arrived() == receipt
    assert bodies(scene, receipt) == [BODY]


@pytest.mark.long
def test_a_browser_that_keeps_nothing_says_so_on_the_check_page(writer: Waiter, link: Weak, scene: Scene) -> None:
    writer.visits()
    link.down = True
    writer.fails_to_send()
    writer.page.evaluate("void (IDBFactory.prototype.open = () => { throw new DOMException('no', 'SecurityError'); })")
    writer.page.get_by_role("button", name="Simpan tersegel di ponsel ini, kirim nanti").click()
    writer.page.get_by_text("Browser ini tidak dapat menyimpannya.").wait_for()
    link.down = False
    writer.press("Kirim laporan", 201)
    assert bodies(scene, writer.code()) == [BODY]


@pytest.mark.long
def test_back_from_the_code_leads_to_the_words(writer: Waiter, link: Weak) -> None:
    writer.visits()
    link.down = True
    writer.fails_to_send()
    first = writer.holds()
    writer.page.get_by_role("button", name="Kembali ke tulisan saya").click()
    writer.page.get_by_role("heading", name="Ceritakan masalahnya").wait_for()
    assert writer.page.locator("#body").input_value() == BODY
    writer.checks()
    writer.press("Kirim laporan", 503)
    assert writer.holds() == first
    writer.stores()
    assert writer.queue() == 1


def rotate(folder: Path) -> None:
    command = [sys.executable, "-m", "functions.cli", "keys", "rotate", "--purpose", "desk", "--instance", "kutim"]
    environ = {**os.environ, "DATA_DIR": str(folder)}
    subprocess.run([*command, "--grace", "0"], cwd=ROOT, env=environ, check=True, capture_output=True, timeout=60)


@pytest.mark.long
def test_keys_that_changed_while_it_waited(writer: Waiter, link: Weak, product: Running, scene: Scene) -> None:
    """The old desk key is destroyed. With the page still open it is sealed anew by itself; later, with its code."""
    before = scene.cases()
    writer.visits()
    link.down = True
    writer.fails_to_send("Yang pertama.")
    first = writer.holds()
    writer.stores()
    rotate(product.folder)
    link.down = False
    writer.hurries()
    assert writer.arrived() == first
    assert (bodies(scene, first), writer.queue()) == (["Yang pertama."], 0)

    link.down = True
    writer.fails_to_send("Yang kedua.")
    second = writer.holds()
    writer.stores()
    rotate(product.folder)
    writer.page.close()
    writer.page = writer.context.new_page()
    link.down = False
    writer.go(QUEUE)
    code = writer.page.get_by_label("Kode laporan")
    code.wait_for()
    writer.hears("Kunci kami berganti sejak laporan ini disimpan.")
    code.fill(first)
    writer.page.get_by_role("button", name="Buka dengan kode ini").click()
    writer.hears("Kode ini tidak membukanya.")
    assert (writer.queue(), scene.cases()) == (1, before + 1)
    code.fill(second.lower().replace("-", " "))
    writer.page.get_by_role("button", name="Buka dengan kode ini").click()
    writer.page.get_by_text("Terkirim: 1.", exact=True).wait_for()
    assert (bodies(scene, second), writer.queue(), scene.cases()) == (["Yang kedua."], 0, before + 2)
    now = json.loads((product.folder / "portal" / "keys.json").read_text())["keys"][0]["key_id"]
    # A worker that is installing has opened its cache and not yet filled it.
    newest = "caches.keys().then((names) => caches.open(names.pop())).then((cache) => cache.match('/keys.json'))"
    newest += ".then((kept) => kept && kept.json()).then((kept) => kept && kept.keys[0].key_id)"
    assert wait_for(lambda: writer.page.evaluate(newest) == now), "the worker's copy is of another day"
    case = scene.post.post("/api/thread", {"receipt": second})["tracking_id"]
    assert scene.desk(COORDINATOR, case).get(f"/desk/cases/{case}")["messages"][0]["body"] == "Yang kedua."


@pytest.mark.long
def test_a_queue_of_an_older_portal_whose_topic_is_gone_gives_the_words_back(
    writer: Waiter, link: Weak, scene: Scene
) -> None:
    """The form in the phone's cache is older than the directory: its topic is no longer there."""
    writer.visits()
    link.down = True
    writer.go("/lapor/")
    writer.choose("Di kecamatan mana?", "Sangkulirang")
    writer.write("Apa yang terjadi?", BODY)
    writer.checks()
    writer.page.evaluate("document.querySelector('#topic').append(new Option('Topik lama', 'topik-lama'))")
    writer.choose("Tentang apa?", "Topik lama")
    writer.press("Kirim laporan", 503)
    receipt = writer.holds()
    writer.stores()
    link.down = False
    writer.page.get_by_role("button", name="Kirim sekarang").click()
    writer.page.get_by_role("status").get_by_text("Ada yang perlu diperbaiki.").wait_for()
    assert writer.queue() == 1
    writer.page.goto(f"{link.url}{QUEUE}")
    writer.page.get_by_label("Kode laporan").fill(receipt)
    writer.page.get_by_role("button", name="Buka dengan kode ini").click()
    words = writer.page.get_by_label("Tulisan Anda yang belum terkirim")
    words.wait_for()
    assert words.input_value() == BODY
    writer.page.get_by_role("button", name="Sudah saya salin. Hapus dari ponsel ini").click()
    writer.page.get_by_text("Tidak ada laporan yang menunggu di ponsel ini.").wait_for()
    assert writer.queue() == 0


def test_photos_follow_one_by_one_small_and_without_what_is_hidden(
    writer: Waiter, link: Weak, scene: Scene, tmp_path: Path
) -> None:
    sent: list[bytes] = []
    writer.context.on(
        "request", lambda r: sent.append(r.post_data_buffer or b"") if r.url.endswith("/api/thread/files") else None
    )
    writer.writes()
    writer.checks()
    writer.press("Kirim laporan", 201)
    receipt = writer.code()
    writer.page.locator("#file").set_input_files([taken(tmp_path, "canarysatu"), taken(tmp_path, "canarydua", "green")])
    lost = [True]

    def lose_once(route: object) -> None:
        route.abort("failed") if lost and lost.pop() else route.continue_()  # type: ignore[attr-defined]

    writer.context.route("**/api/thread/files", lose_once)
    writer.page.get_by_role("button", name="Kirim berkas ini").click()
    writer.page.get_by_role("status").get_by_text("Dicoba lagi sendiri").wait_for()
    writer.page.get_by_role("status").get_by_text("2 berkas Anda tersimpan.").wait_for()
    assert b"canary" not in b"".join(sent)
    files = [file for m in scene.post.post("/api/thread", {"receipt": receipt})["messages"] for file in m["files"]]
    assert [file["type"] for file in files] == ["image/jpeg"] * 2
    assert left_in((tmp_path / "canarysatu.jpg").read_bytes())  # the look does find
    assert writer.code() == receipt


def test_it_can_be_put_on_the_home_screen(writer: Waiter, link: Weak) -> None:
    writer.visits()
    writer.page.locator("#body").focus()
    writer.page.locator("link[rel=manifest]").wait_for(state="attached")
    about = json.loads(writer.context.request.get(f"{link.url}/manifest.webmanifest").text())
    assert (about["start_url"], about["scope"], about["display"]) == ("/lapor/", "/", "standalone")
    assert {(icon["sizes"], icon["purpose"]) for icon in about["icons"]} >= {
        ("192x192", "any"),
        ("512x512", "maskable"),
    }
    session = writer.context.new_cdp_session(writer.page)
    told = session.send("Page.getAppManifest")
    assert told["url"] == f"{link.url}/manifest.webmanifest"
    assert told["errors"] == []
    errors = session.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert [error["errorId"] for error in errors if error["errorId"] != "in-incognito"] == []
