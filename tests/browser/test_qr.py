"""The receipt's picture as the browser draws it: the same modules as another encoder makes, of what npm's lock names."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import brotli
import pytest
import segno
from playwright.sync_api import Browser, Page
from qrcode import QRCode, constants
from qrcode.exceptions import DataOverflowError
from qrcode.util import MODE_8BIT_BYTE, MODE_ALPHA_NUM, QRData

from functions.web.qr import qr
from tests.browser.test_kerja import PAGE
from tests.seal.workshop import ROOT, run, workshop
from tests.site.served import UNHELD, served

SCRIPT = ROOT / "site" / "assets" / "qr.js"
MARGIN = 4
MOST_BYTES = 4_500
LEVELS = (constants.ERROR_CORRECT_M, constants.ERROR_CORRECT_Q, constants.ERROR_CORRECT_H)
RECEIPT = "K7QM2-XRD9H-0F4TW-B6CZE-8M3NA"
DRAW = """async text => {
  document.body.append((await import('/qr.js')).draw(text));
  const [light, dark] = document.querySelectorAll('svg:last-of-type path');
  return [document.querySelector('svg:last-of-type').getAttribute('viewBox'), light.getAttribute('d'),
    dark.getAttribute('d'), light.getAttribute('fill'), dark.getAttribute('fill')];
}"""


def modules(text: str, level: int, mask: int, version: int) -> set[tuple[int, int]] | None:
    """The dark modules as another encoder makes them, None where the text has no room."""
    code = QRCode(version=version, error_correction=level, mask_pattern=mask, border=0)
    code.add_data(QRData(text.encode(), mode=MODE_8BIT_BYTE))
    try:
        code.make(fit=False)
    except DataOverflowError:
        return None
    return {(x, y) for y, row in enumerate(code.modules) for x, bit in enumerate(row) if bit}


@pytest.fixture
def page(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    shutil.copy(SCRIPT, tmp_path / "qr.js")
    (tmp_path / "index.html").write_text(PAGE)
    with served(tmp_path, said=UNHELD) as url:
        page = browser.new_page()
        page.goto(url)
        yield page
        page.close()


@pytest.mark.parametrize(
    "text",
    [
        f"https://lapor.contoh.example/lacak/#{RECEIPT}",
        f"http://127.0.0.1:8000/en/lacak/#{RECEIPT}",
        f"https://{'sangat-panjang.' * 6}contoh.example/lacak/#{RECEIPT}",
    ],
)
def test_it_draws_the_modules_that_another_encoder_makes(page: Page, text: str) -> None:
    box, light, dark, *colours = page.evaluate(DRAW, text)
    side = int(box.split()[-1])
    assert (box, light, colours) == (f"0 0 {side} {side}", f"M0 0h{side}v{side}H0z", ["#fff", "#000"])
    squares = re.findall(r"M(\d+) (\d+)h1v1h-1z", dark)
    assert "".join(f"M{x} {y}h1v1h-1z" for x, y in squares) == dark
    drawn = {(int(x) - MARGIN, int(y) - MARGIN) for x, y in squares}
    version = (side - 2 * MARGIN - 17) // 4
    assert drawn in [modules(text, level, mask, version) for level in LEVELS for mask in range(8)]
    assert modules(text, constants.ERROR_CORRECT_M, 0, version - 1) is None  # no larger than it must be


@pytest.mark.long
def test_what_is_committed_is_what_the_sources_make(tmp_path: Path) -> None:
    def rebuild() -> bytes:
        with workshop() as folder:
            run("node", "build.mjs", str(tmp_path / "qr.js"), "qr", folder=folder)
        return (tmp_path / "qr.js").read_bytes()

    assert rebuild() == SCRIPT.read_bytes(), "run: npm ci && npm run build, in site/browser"


def test_its_notice_names_whose_work_it_holds() -> None:
    notice = SCRIPT.read_text().partition("*/")[0]
    with workshop() as folder:
        licence = (folder / "node_modules" / "lean-qr" / "LICENSE").read_text()
    for part in (licence[licence.index("Copyright") :].partition("\n")[0], licence[licence.index("Permission") :]):
        assert " ".join(part.split()) in " ".join(notice.split())


def test_it_is_small_and_loads_nothing() -> None:
    text = SCRIPT.read_text()
    assert text.isascii()
    assert len(brotli.compress(text.encode(), quality=11)) <= MOST_BYTES
    assert not re.search(r'\bimport ?[({*"\']|fetch\(|innerHTML|eval\(|Storage|cookie', text)


def test_the_servers_code_in_two_parts_is_what_another_library_makes_of_them() -> None:
    address, receipt = "https://lapor.example.go.id/lacak/#", "HQ0NY-7MADK-K929F-YJH9T-Q7S4X"
    ours = segno.make([address, receipt], error="m", micro=False)  # as functions/intake/pages.py
    theirs = QRCode(version=ours.version, error_correction=constants.ERROR_CORRECT_M, border=0, mask_pattern=ours.mask)
    theirs.add_data(QRData(address.encode(), mode=MODE_8BIT_BYTE))
    theirs.add_data(QRData(receipt.encode(), mode=MODE_ALPHA_NUM))
    theirs.make(fit=False)
    assert [[bool(module) for module in row] for row in ours.matrix] == theirs.get_matrix()
    made = re.search(r"viewBox=\"0 0 (\d+)", qr(address, receipt))
    assert made
    assert int(made[1]) == ours.symbol_size(border=4)[0]
    assert ours.version < segno.make(address + receipt, error="m", micro=False).version
