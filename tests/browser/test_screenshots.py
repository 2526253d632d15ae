"""``make screenshots`` goes to every page as people do; here without the pictures, so that it goes on working."""

from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser

from infra import screenshots
from tests.browser.scene import Scene
from tests.server import running


@pytest.mark.long
def test_every_page_is_reached(browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    monkeypatch.setattr(screenshots, "shoot", lambda _, name: seen.append(name))
    photo = tmp_path / "photo.jpg"
    Image.linear_gradient("L").resize((120, 90)).save(photo)
    with running(tmp_path / "data") as product:
        screenshots.walk(browser, product.url, Scene(product), photo)
    assert len(set(seen)) == len(seen) > 90
