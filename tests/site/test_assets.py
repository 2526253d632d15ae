import base64
import hashlib
import json
import re
from pathlib import Path
from types import ModuleType

import pytest

from functions.web import layout
from tests.site.conftest import ROOT, SITE

SINKS = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|\bFunction\(|cookie|Storage")
KEEPS = re.compile(r"indexedDB|caches\b")  # what a browser keeps on a phone
BUILT = {"segel.js", "qr.js"}  # of npm's packages: tests/seal, tests/browser/test_qr.py
LINES = re.compile(r"^.{0,130}$")


def test_the_doors_know_the_names_and_hashes_the_portal_publishes(portal: ModuleType, frozen: Path) -> None:
    again = "run: python site/freeze.py --write-assets"
    assert portal.hashed_assets() == layout.assets(), again
    for name, published in layout.assets().items():
        content = (frozen / "assets" / published).read_bytes()
        assert content == portal.asset_files()[name].read_bytes()
        if name.endswith((".js", ".json")):
            digest = base64.b64encode(hashlib.sha384(content).digest()).decode()
            assert layout.integrity(name) == f"sha384-{digest}", again
    assert layout.asset("lapor.css").startswith("/assets/lapor.")
    for unknown in (layout.asset, layout.integrity):
        with pytest.raises(KeyError):
            unknown("tidak-ada.css")


def test_everything_published_stands_in_one_of_two_places(portal: ModuleType) -> None:
    shared = {"words.js", "words.json"}
    assert {path.name for path in (SITE / "assets").iterdir()} == set(layout.assets()) - shared
    assert {name for name, path in portal.asset_files().items() if path.parent.name == "vault"} == shared


def test_the_form_names_each_piece_with_its_hash(frozen: Path) -> None:
    for page in ("lapor/index.html", "en/lapor/index.html"):
        html = (frozen / page).read_text()
        pieces = ("segel.js", "periksa.js", "kirim.js", "words.js", "words.json", "kerja.js", "qr.js")
        for name in (*pieces, "antre.js", "tunda.js", "foto.js"):
            assert f'data-{name.replace(".", "-")}="{layout.asset(name)} {layout.integrity(name)}"' in html
        assert html.count("<script") == 1


def test_our_own_scripts_are_readable_and_touch_nothing_dangerous() -> None:
    apart = [ROOT / "functions" / "vault" / "words.js", SITE / "sw.js"]
    scripts = {path.name: path for path in [*(SITE / "assets").glob("*.js"), *apart]}
    assert scripts.keys() >= BUILT | {"tulis.js", "periksa.js", "kirim.js", "kerja.js", "isi.js", "kode.js", "words.js"}
    for name, path in scripts.items():
        text = path.read_text()
        assert not SINKS.search(text), name
        assert bool(KEEPS.search(text)) == (name in {"antre.js", "sw.js"}), name  # the queue, and the public pages
        if name not in BUILT:
            assert all(LINES.match(line) for line in text.splitlines()), name
            assert text.count("\n") < 300, name


def test_only_what_loads_and_what_sends_asks_for_anything() -> None:
    for path in (SITE / "assets").glob("*.js"):
        asks = re.findall(r"\bfetch\(|XMLHttpRequest|WebSocket|sendBeacon|EventSource|\bimport\(", path.read_text())
        loads, sends = {"tulis.js", "segel.js", "antrean.js"}, {"kirim.js", "antre.js", "foto.js"}
        assert bool(asks) == (path.name in loads | sends), path.name
        if path.name == "segel.js":  # Node's crypto, where there is no Web Crypto; refused before: tests/seal
            assert set(asks) == {"import("}


def test_style_sheets_load_nothing() -> None:
    for sheet in (SITE / "assets").glob("*.css"):
        assert not re.search(r"url\(|@import|@font-face", sheet.read_text()), sheet


def test_assets_json_is_plain() -> None:
    names = json.loads((ROOT / "functions" / "web" / "assets.json").read_text())
    assert all(re.fullmatch(r"[\w.-]+\.[0-9a-f]{10}\.(css|js|json|png|svg)", name) for name in names.values())
