"""Every page a door answers with, in its states: accessible by axe in light and in dark, with all that folds open, usable
in forced colours, and no wider than the narrowest phone. The frozen pages are looked at in ``tests/site``."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.base import AxeResults
from playwright.sync_api import Browser

from functions.casework.directory.agencies import Role
from tests.browser.axe import CONTRAST, Axe, Fact, facts
from tests.browser.people import DESKTOP, Person, link, mail
from tests.browser.photos import taken
from tests.browser.scene import COLLEAGUE, COORDINATOR, WORDS, Scene
from tests.browser.waiting import Waiter
from tests.browser.weak import weak_link
from tests.depth import DEEP, deep
from tests.server import Running

NARROW = {"width": 320, "height": 640}
LONG = "Jembatan" + "putus" * 60 + "\n\n" + "Sudah tiga motor jatuh. " * 40
AXE = Axe()
ALL = {"rules": {"target-size": {"enabled": True}, CONTRAST: {"enabled": False}}}  # colours apart, in light and dark
# Every day a page is looked at with all that folds open: it holds all that it holds folded.
STATES = deep(("folded", "unfolded"), ("unfolded",))
# What differs each time a page is made; a page that differs in nothing else was looked over before.
MADE_ANEW = re.compile(
    r'name="[a-z_]*(?:token|key|csrf|loket|pass)[a-z_]*" value="[^"]*"|nonce-\S+'
    r"|\b[0-9A-Z]{4}(?:-[0-9A-Z]{4}){2}\b|\b[0-9A-Z]{5}(?:-[0-9A-Z]{5}){4}\b"  # a case's number, its reporter's code
)
KNOWN: set[str] = set()
# What of how pages are built axe has looked at. Every day a page that holds nothing else is only asked whether it fits
# the narrowest phone, which depends on its words; ``make test-deep`` asks all of every page.
SEEN: set[Fact] = set()
FOLDED = "details:not([open])"
UNFOLD = "for (const d of document.querySelectorAll('details')) { d.removeAttribute('name'); d.open = true }"
WIDTH = "document.documentElement.scrollWidth"


class Seen(Person):
    """Somebody whose every page is looked over."""

    def look(self) -> str:
        said = super().look()
        page = self.page
        width = page.viewport_size
        assert width
        if (content := MADE_ANEW.sub("", self.html)) in KNOWN:
            page.evaluate(UNFOLD)  # as after a look: what comes next may press what was folded
            return said
        KNOWN.add(content)
        built = facts(self.root)
        if DEEP or not built <= SEEN:
            self._look_over()
            SEEN.update(built)
        else:
            page.evaluate(UNFOLD)
        page.set_viewport_size(NARROW)
        assert page.evaluate(WIDTH) <= NARROW["width"], said
        page.set_viewport_size(width)
        return said

    def _look_over(self) -> None:
        page = self.page
        for how in STATES if page.locator(FOLDED).count() else ("whole",):
            if how == "unfolded":
                page.evaluate(UNFOLD)
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                self.clean(AXE.contrast(page), f"{scheme}, {how}")
            assert AXE.lost_in_forced_colours(page) == [], page.title()
            self.clean(AXE.run(page, ALL), how)
        page.emulate_media(color_scheme="light")

    def clean(self, results: AxeResults, how: str) -> None:
        """No violations here."""
        assert results.violations_count == 0, f"{self.page.title()}, {how}: {results.generate_report()}"


@pytest.fixture
def reporter(browser: Browser, product: Running) -> Iterator[Seen]:
    person = Seen(browser, product.url)
    yield person
    person.leave()


@pytest.fixture
def officers(browser: Browser, product: Running) -> Iterator[Callable[[], Seen]]:
    there: list[Seen] = []

    def another() -> Seen:
        there.append(Seen(browser, product.url, screen=DESKTOP))
        return there[-1]

    yield another
    for person in there:
        person.leave()


def test_from_the_form_to_the_receipt(reporter: Seen, tmp_path: Path) -> None:
    reporter.go("/lapor/")
    reporter.write("Apa yang terjadi?", LONG)
    reporter.press("Periksa sebelum dikirim", 422)
    reporter.choose("Di kecamatan mana?", "Sangkulirang")
    reporter.unfolds()
    reporter.write("Di mana tepatnya?", "Rumah saya RT 06 gang Mawar, hp 0812-3456-7890, saya guru di SDN 005")
    reporter.press("Periksa sebelum dikirim")
    reporter.page.get_by_label("0812-3456-7890").check()
    reporter.press("Samarkan yang dicentang")
    reporter.press("Kirim laporan", 201)
    reporter.send_file(taken(tmp_path, "canary"))


@pytest.mark.long
def test_the_thread_and_what_it_answers_to_mistakes(reporter: Seen, scene: Scene) -> None:
    receipt, case_id, officer = scene.handed_over(body=LONG, subject="Jembatan", place="km 21", about_officials="x")
    reporter.go("/lacak/")
    reporter.write("Kode laporan", receipt[:-1] + ("A" if receipt[-1] != "A" else "B"))
    reporter.press("Buka laporan", 400)
    reporter.write("Kode laporan", receipt)
    reporter.press("Buka laporan")
    reporter.press("Kirim", 422)
    scene.reply(officer, case_id, LONG)
    officer.post(f"/desk/cases/{case_id}/stage", {"stage": "ditahan", "reason": "Di mana tepatnya?"})
    reporter.open_report(receipt)
    scene.close(officer, case_id)
    reporter.open_report(receipt)
    reporter.press("Kembalikan ke dinas", 422)
    scene.verdict(receipt, verdict="belum", reason="Belum.")
    scene.close(officer, case_id)
    reporter.open_report(receipt)
    reporter.press("Ajukan banding", 422)
    reporter.press("Nyatakan selesai")


@pytest.mark.long
def test_a_withdrawn_report(reporter: Seen, scene: Scene) -> None:
    receipt, _ = scene.report()
    reporter.open_report(receipt)
    reporter.press("Tarik dan hapus", 422)
    reporter.page.get_by_label("Ya, hapus laporan ini untuk selamanya.").check()
    reporter.press("Tarik dan hapus")
    reporter.reads("Laporan ini sudah ditarik")


@pytest.mark.long
def test_a_late_case(reporter: Seen, officers: Callable[[], Seen], scene: Scene) -> None:
    receipt, case_id, _ = scene.handed_over(body=LONG)
    scene.late(case_id)
    coordinator, inspector = officers(), officers()
    coordinator.sign_in(scene.link("kutim-1", "kutim", case_id=case_id, role=Role.COORDINATOR))
    coordinator.reads("Terlambat, dan naik kepada Anda.")
    coordinator.press("Teruskan laporan", 422)
    inspector.sign_in(scene.link("inspektorat-1", "kutim-inspektorat", role=Role.INSPECTOR))
    inspector.reads("Meja Inspektorat hari ini", "Terlambat, naik kepada Anda")
    inspector.go("/desk/escalated/")
    inspector.reads(case_id)
    reporter.open_report(receipt)
    reporter.reads("diteruskan ke Inspektorat Daerah")


@pytest.mark.long
def test_a_request_to_show_it_to_those_it_is_about(reporter: Seen, officers: Callable[[], Seen], scene: Scene) -> None:
    receipt, case_id = scene.report(about_agency="kutim-dinkes")
    holder, judge = officers(), officers()
    holder.sign_in(scene.link("kutim-1", "kutim", case_id=case_id, role=Role.COORDINATOR))
    holder.follow("Lainnya")
    holder.page.evaluate(UNFOLD)
    holder.press("Minta izin pengawas", 422)
    holder.write("Mengapa mereka perlu membacanya?", "Hanya mereka memegang datanya.")
    holder.press("Minta izin pengawas")
    judge.sign_in(scene.link("kutim-2", "kutim", role=Role.OVERSEER))
    judge.reads("Menunggu keputusan Anda")
    judge.go("/desk/asked/")
    judge.go(f"/desk/cases/{case_id}")
    judge.press("Simpan keputusan", 422)
    reporter.open_report(receipt)
    reporter.reads("Belum ada yang diperlihatkan.")
    reporter.write("Mengapa Anda berkeberatan?", "Kepala seksinya kerabat saya.")
    reporter.press("Saya berkeberatan")
    holder.go(f"/desk/cases/{case_id}")
    holder.follow("Lainnya")
    holder.page.evaluate(UNFOLD)
    holder.press("Alihkan laporan", 422)
    centre = officers()
    holder.write("Mengapa di sana?", "Jalan nasional.")
    holder.press("Alihkan laporan")
    centre.sign_in(scene.link("pusat-1", "pusat", role=Role.CENTRE))
    centre.reads("Pemerintah Kabupaten Kutai Timur")


@pytest.mark.long
def test_an_identity_in_trust_and_its_custodians(reporter: Seen, officers: Callable[[], Seen], scene: Scene) -> None:
    receipt, case_id = scene.report()
    reporter.open_report(receipt)
    reporter.press("Titipkan", 422)
    reporter.write("Nama", "Siti Contoh")
    reporter.press("Titipkan")
    custodian = officers()
    custodian.sign_in(scene.custodian(case_id))
    custodian.go(f"/custody/cases/{case_id}")
    custodian.press("Kirim permintaan", 422)
    custodian.write("Mengapa harus dibuka?", "Dinas perlu memeriksa satu nama dalam berkasnya sendiri.")
    custodian.press("Kirim permintaan")
    custodian.go("/custody/")
    custodian.go(f"/custody/cases/{case_id}?lang=en")
    reporter.open_report(receipt)
    reporter.reads("Ada yang meminta nama Anda dibuka", "Inspektorat Daerah")
    reporter.write("Ada yang ingin Anda sampaikan?", "Belum perlu.")
    reporter.press("Kirim jawaban", 422)
    reporter.page.locator("#permintaan input[value='no']").check()
    reporter.press("Kirim jawaban")
    custodian.go(f"/custody/cases/{case_id}")
    custodian.press("Keluar")


@pytest.mark.long
def test_what_is_masked_and_what_came_in_a_flood(officers: Callable[[], Seen], scene: Scene) -> None:
    _, case_id = scene.report(body="Lampu jalan mati. Nama saya Budi Contoh, hp 0812-3456-7890.")
    coordinator = officers()
    coordinator.sign_in_to(link(mail(scene.post, COORDINATOR, case_id)), case_id)
    assert "0812-3456-7890" not in coordinator.words()
    coordinator.follow("Ada yang disamarkan di sini. Perlu melihatnya?")
    coordinator.press("Catat alasan dan minta", 422)
    coordinator.tick("Memeriksa bukti yang disebut dalam laporan")
    coordinator.write("Mengapa Anda memerlukannya?", "Nomor itu milik kantor desa.")
    coordinator.press("Catat alasan dan minta")
    assert "0812-3456-7890" not in coordinator.words()
    coordinator.go(f"/desk/cases/{case_id}/unmask")
    coordinator.reads("Nomor itu milik kantor desa.", "1 nomor telepon")
    coordinator.go("/desk/quarantine/")


@pytest.mark.long
def test_the_coordinators_desk(officers: Callable[[], Seen], scene: Scene) -> None:
    _, case_id = scene.report(body=LONG, about_agency="kutim-dinsos", happened_on="2026-11-20")
    coordinator = officers()
    coordinator.sign_in_to(link(mail(scene.post, COORDINATOR, case_id)), case_id)
    coordinator.write("Alasannya", "")
    coordinator.press("Teruskan laporan", 422)
    coordinator.write("Alasannya", "Kewenangan dinas ini.")
    coordinator.press("Teruskan laporan")
    coordinator.go(f"/desk/cases/{case_id}")
    coordinator.go("/desk/?lang=en")
    coordinator.go("/desk/")
    coordinator.press("Keluar")
    coordinator.page.goto(f"{coordinator.url}/desk/")
    coordinator.reads("Anda belum masuk")


@pytest.mark.long
def test_a_coordinator_edits_his_instance(officers: Callable[[], Seen], scene: Scene) -> None:
    coordinator = officers()
    coordinator.sign_in(scene.link("kutim-1", "kutim", role=Role.COORDINATOR))
    coordinator.follow("Unit, topik, hari libur, dan petugas")
    coordinator.page.evaluate(UNFOLD)
    coordinator.page.locator("#add-name").fill("Dinas " + "panjang" * 40)
    coordinator.page.locator("form:has(#add-name) button").click()
    coordinator.reads("Ada yang perlu diperbaiki")
    coordinator.look()
    coordinator.page.evaluate(UNFOLD)
    coordinator.page.locator("#topic-topic").select_option(value="ketertiban")
    coordinator.page.locator("#topic-unit").select_option(value="kutim-dishub")
    coordinator.page.locator("form:has(#topic-topic) button").click()
    coordinator.reads("Yang akan berubah")
    coordinator.look()
    coordinator.press("Ya, ubah")
    coordinator.reads("Perubahan tersimpan")
    coordinator.follow("Dinas Lingkungan Hidup")
    coordinator.page.evaluate(UNFOLD)
    coordinator.page.locator("details button").click()
    coordinator.reads("Masih ada petugas di unit ini")
    coordinator.look()


@pytest.mark.long
def test_templates_and_an_officers_own_list(officers: Callable[[], Seen], scene: Scene) -> None:
    _, case_id, _ = scene.handed_over(subject=LONG[:100])
    coordinator, officer = officers(), officers()
    coordinator.sign_in(scene.link("kutim-1", "kutim", role=Role.COORDINATOR))
    coordinator.go("/desk/templates/")
    coordinator.press("Tambahkan", 422)
    coordinator.go("/desk/templates/mulai")
    officer.sign_in(scene.link("dpupr-1", "kutim-dpupr"))
    officer.go(f"/desk/cases/{case_id}?do=more")
    officer.page.evaluate(UNFOLD)
    officer.press("Simpan pengingat", 422)
    officer.press("Saya tangani")
    officer.go("/desk/mine/")
    officer.reads("Anda tangani")
    officer.go("/desk/settings")
    officer.press("Simpan")
    officer.reads("Tersimpan.")


@pytest.mark.long
def test_the_units_desk(officers: Callable[[], Seen], scene: Scene, tmp_path: Path) -> None:
    receipt, case_id, _ = scene.handed_over(body=LONG)
    officer = officers()
    officer.sign_in_to(link(mail(scene.post, COLLEAGUE, case_id)), case_id)
    officer.press("Kirim jawaban", 422)
    officer.page.evaluate(UNFOLD)
    officer.page.get_by_label("Contoh jawaban").select_option("jadwal")
    officer.press("Masukkan ke jawaban")
    officer.press("Kirim jawaban", 422)
    officer.write("Jawaban Anda", WORDS)
    officer.press("Kirim jawaban")
    officer.send_file(taken(tmp_path, "canary"))
    officer.follow("Tanya")
    officer.follow("Tutup")
    officer.press("Periksa, lalu tutup", 422)
    officer.tick("Sudah dijelaskan")
    officer.write("Penjelasan untuk pelapor", LONG)
    officer.press("Periksa, lalu tutup")
    officer.press("Ya, tutup laporan")
    scene.verdict(receipt, verdict="selesai", rating=2, reason="Lama sekali.")
    officer.go(f"/desk/cases/{case_id}")
    officer.go("/desk/")


@pytest.mark.long
def test_two_units_and_reports_about_the_same(officers: Callable[[], Seen], scene: Scene) -> None:
    one, other = (scene.handed_over(body=LONG, topic=topic)[1] for topic in ("jalan", "lainnya"))
    unit, helper = officers(), officers()
    unit.sign_in(scene.link("dpupr-1", "kutim-dpupr"))
    unit.go(f"/desk/cases/{one}?do=second")
    unit.press("Minta ikut menangani", 422)
    unit.choose("Instansi kedua", "Dinas Lingkungan Hidup")
    unit.write("Mengapa perlu dua instansi?", LONG)
    unit.press("Minta ikut menangani")
    unit.go(f"/desk/cases/{one}?do=join")
    unit.press("Gabungkan ke laporan pertama", 422)
    unit.write("Nomor laporan pertama", other)
    unit.write("Mengapa sama?", LONG)
    unit.press("Gabungkan ke laporan pertama")
    unit.go(f"/desk/cases/{other}?do=close")
    unit.tick("Sudah diperbaiki")
    unit.write("Penjelasan untuk pelapor", WORDS)
    unit.page.locator("form[action$='/close'] input[name=joined]").check()
    unit.press("Periksa, lalu tutup")
    unit.press("Ya, tutup laporan")
    unit.reads("Belum masuk ke semua laporan yang digabung", "foto hasilnya")
    helper.sign_in(scene.link("dlh-1", "kutim-dlh"))
    helper.reads("Ikut Anda tangani")
    helper.go("/desk/second/")
    helper.go(f"/desk/cases/{one}?lang=en")
    helper.go(f"/desk/cases/{one}?do=leave&lang=en")
    helper.press("Take part no longer", 422)


@pytest.mark.long
def test_an_inbox_in_which_nothing_waits_and_forms_given_back(officers: Callable[[], Seen], scene: Scene) -> None:
    officer = officers()
    officer.sign_in(scene.link("dispar-1", "kutim-dispar"))
    officer.reads("tidak ada yang menunggu")
    _, case_id, _ = scene.handed_over()
    officer.sign_in_to(link(mail(scene.post, COLLEAGUE, case_id)), case_id)
    officer.write("Jawaban Anda", WORDS)
    officer.context.clear_cookies()
    officer.press("Kirim jawaban", 401)


@pytest.mark.long
def test_the_way_in_and_what_is_not_there(officers: Callable[[], Seen], scene: Scene) -> None:
    stranger = officers()
    stranger.sign_in(scene.link("dlh-1", "kutim-dlh", hours=-1), 403)
    stranger.reads("Link sudah lewat waktu", "Kirim link baru ke email saya")
    stranger.go("/masuk/")
    stranger.press("Kirim link baru", 422)
    stranger.write("Alamat email dinas Anda", "nobody@example.id")
    stranger.press("Kirim link baru", 202)
    stranger.page.goto(f"{stranger.url}/api/thread/nothing")
    stranger.reads("Tidak ditemukan")
    stranger.go("/masuk/")
    stranger.write("Tempel link dari email Anda", "bukan-tautan")
    stranger.press("Masuk", 403)


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ("h1 { color: #eee }", "light, [a-z]+: (?s:.*)color-contrast"),
        ("@media (prefers-color-scheme: dark) { h1 { color: #333 } }", "dark, [a-z]+: (?s:.*)color-contrast"),
        ("h1 { width: 500px }", "Buka laporan Anda"),
    ],
)
def test_the_look_does_find_faults(reporter: Seen, fault: str, says: str) -> None:
    reporter.go("/lacak/")
    put = "fault => { document.styleSheets[0].insertRule(fault); document.documentElement.className = fault }"
    reporter.page.evaluate(put, fault)
    with pytest.raises(AssertionError, match=says):
        reporter.look()


class SeenWaiting(Seen, Waiter):
    """A writer without a network, whose every page is looked over."""


@pytest.mark.long
def test_what_is_said_where_there_is_no_network(browser: Browser, product: Running) -> None:
    with weak_link(int(product.url.rpartition(":")[2])) as line:
        writer = SeenWaiting(browser, line.url)
        writer.visits()
        line.down = True
        writer.fails_to_send(LONG)
        writer.holds()
        writer.page.get_by_role("button", name="Kode QR").click()
        writer.page.locator(".qr svg").wait_for()
        writer.look()
        writer.page.locator("[data-part=full]").evaluate("part => { part.hidden = false }")
        writer.look()
        writer.stores()
        writer.hears("Belum terkirim:")
        writer.page.goto(f"{line.url}/lapor/antrean/")
        writer.hears("belum terkirim: 1.")
        for reason in ("keys_changed", "invalid"):
            writer.page.evaluate(
                "reason => antre.all().then(([entry]) => antre.put({ ...entry, stuck: reason }))", reason
            )
            writer.page.reload()
            code = writer.page.get_by_label("Kode laporan")
            code.fill("K7QM2")
            writer.page.get_by_role("button", name="Buka dengan kode ini").click()
            writer.hears("Kode ini tidak membukanya.")
        writer.page.get_by_role("button", name="Hapus semuanya dari ponsel ini").click()
        writer.hears("Sudah dihapus.")
        writer.close()
