"""The reporter's story in lynx: another text browser with other habits than w3m's, up to an appeal. No cookie is taken,
no referer is sent."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.lynx import Lynx
from tests.browser.photos import taken
from tests.browser.scene import Scene
from tests.server import Running

BODY = ("Sumur desa berbau solar sejak Jumat.", "Airnya tidak bisa diminum.")


@pytest.fixture
def browser(product: Running, tmp_path: Path) -> Iterator[Lynx]:
    home = tmp_path / "home"
    home.mkdir()
    browser = Lynx(home, f"{product.url}/")
    yield browser
    browser.close()


@pytest.mark.long
def test_a_report_goes_up_to_an_appeal(browser: Lynx, product: Running, tmp_path: Path) -> None:
    scene = Scene(product)
    receipt = sends(browser)
    case_id = scene.post.post("/api/thread", {"receipt": receipt})["tracking_id"]
    browser.fills("Pilih satu berkas", str(taken(tmp_path, "canary")))
    browser.presses("Kirim berkas ini")
    browser.sees("Berkas Anda tersimpan.")
    officer = scene.unit_has(case_id)
    scene.reply(officer, case_id, "Tim kami mengambil contoh air hari Senin.")
    opens(browser, product.url, receipt)
    browser.finds("Tim kami mengambil contoh air hari Senin.")
    browser.fills("Balas petugas", "Baik. Sumurnya di belakang masjid.")
    browser.presses("Kirim")
    browser.sees("Pesan Anda tersimpan.")
    scene.close(officer, case_id)
    opens(browser, product.url, receipt)
    browser.fills("Apa yang belum selesai?", "Airnya masih berbau.")
    browser.presses("Kembalikan ke dinas")
    browser.sees("Jawaban Anda tersimpan.")
    scene.close(officer, case_id)
    opens(browser, product.url, receipt)
    browser.fills("Mengapa Anda tidak setuju?", "Tidak ada yang datang.")
    browser.presses("Ajukan banding")
    browser.sees("Banding Anda tersimpan")
    thread = scene.post.post("/api/thread", {"receipt": receipt})
    assert thread["stage"] == "banding"
    said = [message["body"] for message in thread["messages"] if message["from"] == "pelapor"]
    assert [said[0], said[2]] == ["\n".join(BODY), "Baik. Sumurnya di belakang masjid."]
    assert [file["type"] for m in thread["messages"] for file in m["files"]] == ["image/jpeg"]
    assert receipt not in json.dumps(scene.post.mails())


def sends(browser: Lynx) -> str:
    """From the home page to the receipt."""
    browser.arrives("Laporkan. Tanpa nama")
    browser.presses("Tulis laporan")
    browser.arrives("Ceritakan masalahnya")
    browser.ticks("Beri usul")
    browser.fills("Jangan tulis nama, nomor, atau alamat Anda.", *BODY)
    browser.chooses("Di kecamatan mana?", "Sangkulirang")
    browser.presses("Periksa sebelum dikirim")
    browser.arrives("Periksa sebelum dikirim")
    browser.finds("Airnya tidak bisa diminum.")
    browser.presses("Kirim laporan")
    browser.arrives("Laporan Anda sudah aman")
    browser.finds("Kode laporan Anda")
    return browser.code()


def opens(browser: Lynx, url: str, receipt: str) -> None:
    """Come back by the portal with the code, typed as one writes it down."""
    browser.goes(f"{url}/")
    browser.arrives("Laporkan. Tanpa nama")
    browser.presses("Lihat jawaban laporan saya")
    browser.arrives("Buka laporan Anda")
    browser.fills("Kode laporan", receipt.lower().replace("-", " "))
    browser.presses("Buka laporan")
    browser.arrives("Laporan Anda —")
