"""What another site's page can do with the quick exit's address: nothing to what waits on the phone."""

from collections.abc import Iterator
from contextlib import suppress

import pytest
from playwright.sync_api import Browser, Error

from tests.browser.test_offline import link, waiting  # noqa: F401 - fixtures
from tests.browser.waiting import Waiter
from tests.browser.weak import Weak

ELSEWHERE = "https://lain.example/"


@pytest.fixture
def writer(browser: Browser, link: Weak) -> Iterator[Waiter]:  # noqa: F811 - a fixture
    yield from waiting(browser, link)


def test_another_sites_page_takes_no_waiting_report_along(writer: Waiter, link: Weak) -> None:  # noqa: F811 - a fixture
    """A Wi-Fi's sign-in page may lead there, and whoever owns the Wi-Fi lets nothing through."""
    writer.visits()
    link.down = True
    writer.fails_to_send()
    writer.holds()
    writer.stores()
    writer.page.goto("about:blank")
    stranger = writer.context.new_page()
    stranger.route("https://**", lambda route: route.fulfill(body="<title>Wi-Fi</title>", content_type="text/html"))
    stranger.goto(ELSEWHERE)
    with suppress(Error):
        stranger.evaluate("url => { location = url }", f"{link.url}/keluar")
        stranger.wait_for_timeout(1000)
    stranger.close()
    link.down = False
    writer.page = writer.context.new_page()
    writer.page.goto(f"{link.url}/robots.txt")
    assert [each["name"] for each in writer.page.evaluate("indexedDB.databases()")] == ["antrean"]
    writer.requested.remove(ELSEWHERE)
