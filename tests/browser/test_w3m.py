"""The reporter's story in a text browser, as over a very slow line or for ears: no scripts, no styles, no mouse."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.photos import taken
from tests.browser.scene import Scene
from tests.browser.terminal import TextBrowser
from tests.server import Running

BODY = "Sumur desa berbau solar sejak Jumat.\nAirnya tidak bisa diminum.\n"


@pytest.fixture
def browser(product: Running, tmp_path: Path) -> Iterator[TextBrowser]:
    home = tmp_path / "home"
    home.mkdir()
    browser = TextBrowser(home, f"{product.url}/")
    yield browser
    browser.close()


def test_a_report_is_written_sent_read_and_answered(browser: TextBrowser, product: Running, tmp_path: Path) -> None:
    scene = Scene(product)
    receipt = sends(browser)
    case_id = scene.post.post("/api/thread", {"receipt": receipt})["tracking_id"]
    adds_a_photo(browser, taken(tmp_path, "canary"))
    officer = scene.unit_has(case_id)
    scene.reply(officer, case_id, "Tim kami mengambil contoh air hari Senin.")
    opens(browser, product.url, receipt)
    browser.finds("Tim kami mengambil contoh air hari Senin.")
    browser.writes("Balas petugas", "Baik. Sumurnya di belakang masjid.")
    browser.presses("Kirim")
    browser.sees("Pesan Anda tersimpan.")
    browser.finds("Sumurnya di belakang masjid.")
    scene.close(officer, case_id, "Sumur sudah dikuras.")
    opens(browser, product.url, receipt)
    browser.finds("Sumur sudah dikuras.")
    browser.ticks("Baik sekali")
    browser.presses("Nyatakan selesai")
    browser.sees("Jawaban Anda tersimpan.")
    browser.finds("Anda menyatakan selesai.")
    browser.sees("Anda menyatakan selesai. Nilai 5 dari 5.")
    thread = scene.post.post("/api/thread", {"receipt": receipt})
    assert [m["body"] for m in thread["messages"] if m["from"] == "pelapor"] == [
        BODY.strip(),
        "",
        "Baik. Sumurnya di belakang masjid.",
        "Pelapor menyatakan selesai, nilai 5 dari 5.",
    ]
    assert [file["type"] for m in thread["messages"] for file in m["files"]] == ["image/jpeg"]
    assert receipt not in json.dumps(scene.post.mails())


def sends(browser: TextBrowser) -> str:
    """From the home page to the receipt."""
    browser.arrives("Laporkan. Tanpa nama")
    browser.presses("Tulis laporan")
    browser.arrives("Ceritakan masalahnya")
    browser.ticks("Beri usul")
    browser.chooses("Di kecamatan mana", "Sangkulirang")
    browser.writes("Apa yang terjadi", BODY)
    browser.fills("Di mana tepatnya", "Sumur desa dekat dermaga")
    browser.presses("Periksa sebelum dikirim")
    browser.arrives("Periksa sebelum dikirim")
    browser.sees("Saya mau Beri usul")
    browser.finds("Airnya tidak bisa diminum.")
    browser.finds("Sumur desa dekat dermaga")
    browser.presses("Kirim laporan")
    browser.arrives("Laporan Anda sudah aman")
    return browser.code()


def adds_a_photo(browser: TextBrowser, photo: Path) -> None:
    """On the receipt's page. Where a file is chosen w3m sends it at once."""
    browser.enters("Pilih satu berkas", str(photo), "Filename:")
    browser.arrives("Laporan Anda")
    browser.sees("Berkas Anda tersimpan.")


def opens(browser: TextBrowser, url: str, receipt: str) -> None:
    """Come back by the portal with the code, typed as one writes it down."""
    browser.goes(f"{url}/")
    browser.arrives("Laporkan. Tanpa nama")
    browser.presses("Lihat jawaban laporan saya")
    browser.arrives("Buka laporan Anda")
    browser.fills("Kode laporan", receipt.lower().replace("-", " "))
    browser.presses("Buka laporan")
    browser.arrives("Laporan Anda")
