import json
import re
from pathlib import Path
from types import ModuleType

import pytest

from functions.web import layout
from tests.site.conftest import ROOT, SITE

SINKS = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function|setTimeout|fetch\(|cookie|Storage"
)


def test_the_doors_know_the_names_the_portal_publishes(portal: ModuleType, frozen: Path) -> None:
    assert portal.hashed_assets() == layout.assets(), "run: python site/freeze.py --write-assets"
    for name, published in layout.assets().items():
        assert (frozen / "assets" / published).read_bytes() == (SITE / "assets" / name).read_bytes()
    assert layout.asset("lapor.css").startswith("/assets/lapor.")
    with pytest.raises(KeyError):
        layout.asset("tidak-ada.css")


def test_scripts_are_tiny_and_touch_nothing_dangerous() -> None:
    scripts = list((SITE / "assets").glob("*.js"))
    assert {script.name for script in scripts} == {"isi.js", "kode.js"}
    for script in scripts:
        assert len(script.read_bytes()) < 1000
        assert not SINKS.search(script.read_text())


def test_style_sheets_load_nothing() -> None:
    for sheet in (SITE / "assets").glob("*.css"):
        assert not re.search(r"url\(|@import|@font-face", sheet.read_text()), sheet


def test_assets_json_is_plain() -> None:
    names = json.loads((ROOT / "functions" / "web" / "assets.json").read_text())
    assert all(re.fullmatch(r"[\w.-]+\.[0-9a-f]{10}\.(css|js)", name) for name in names.values())
