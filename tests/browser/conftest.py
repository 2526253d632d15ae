"""One running product for all of these tests; each makes reports of its own in it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.people import PATIENCE_MS, PHONE
from tests.browser.scene import Scene
from tests.server import Running, running


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    # An easy proof of work, which is done anew at each attempt: test_kerja.py does that of the product.
    with running(tmp_path_factory.mktemp("data"), POW_DIFFICULTY="1000") as product:
        yield product


@pytest.fixture
def scene(product: Running) -> Scene:
    """What officers and reporters do there by other ways."""
    return Scene(product)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a phone."""
    context = browser.new_context(viewport={"width": PHONE[0], "height": PHONE[1]}, locale="id-ID")
    context.set_default_timeout(PATIENCE_MS)
    yield context.new_page()
    context.close()
