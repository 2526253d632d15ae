"""A browser whose canvas gives back other pixels than were drawn (Tor Browser): with its report's photo it sends nothing
until somebody chooses, and says so."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.photos import taken
from tests.browser.test_thread_files import BLANK, NOISY, bodies
from tests.browser.writing import Writer
from tests.server import Running

DOORS_OF_FILES = (b"/api/thread/files", b"/api/clean")


@pytest.mark.long
@pytest.mark.parametrize("lie", [BLANK, NOISY], ids=["blank", "noisy"])
def test_a_photo_that_the_phone_cannot_make_anew_stays_on_it_and_the_report_does_not(
    browser: Browser, product: Running, tmp_path: Path, lie: str
) -> None:
    writer = Writer(browser, product.url)
    writer.context.add_init_script(lie)
    writer.writes()
    writer.checks()
    writer.press("Kirim laporan", 201)
    sent = bodies(writer.page)
    writer.page.locator("#file").set_input_files(taken(tmp_path, "kenarihijau"))
    writer.page.get_by_role("button", name="Kirim berkas ini").click()
    told = writer.page.get_by_role("status").filter(has_text="ponsel ini tidak dapat membuatnya ulang")
    told.wait_for()
    assert told.get_by_role("button").count() == 1  # the choice
    everything = b"".join(sent)
    assert not [door for door in DOORS_OF_FILES if door in everything]
    assert b"kenarihijau" not in everything
    assert writer.code().encode() not in everything
    writer.leave()
