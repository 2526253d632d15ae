import base64
import hashlib
import itertools
import json
import re
from pathlib import Path
from types import ModuleType

import pytest

from functions.web import layout
from tests.pages import check_page
from tests.seal.workshop import rebuild
from tests.site.conftest import ROOT, SITE

SINKS = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|\bFunction\(|cookie|Storage")
KEEPS = re.compile(r"indexedDB|caches\b")  # what a browser keeps on a phone
OF_THE_FORM = ("formulir.js", "tulis.js", "foto.js", "tentang.js")  # built from FORM
OF_THE_THREAD = ("lacak.js", "lagi.js", "berkas.js", "izin.js", "nama.js", "titip.js")  # built from THREAD
BUILT = {
    "segel.js",
    "qr.js",
    "kustodian.js",
    "tanda.js",
    *OF_THE_FORM,
    *OF_THE_THREAD,
}  # tests/seal, browser/test_qr.py, captured; others below
FORM, THREAD = SITE / "browser" / "form", SITE / "browser" / "thread"
LINES = re.compile(r"^.{0,130}$")


def test_the_doors_know_the_names_and_hashes_the_portal_publishes(portal: ModuleType, frozen: Path) -> None:
    again = "run: python site/freeze.py --write-assets"
    assert portal.hashed_assets() == layout.assets(), again
    for name, published in layout.assets().items():
        content = (frozen / "assets" / published).read_bytes()
        assert content == portal.published_bytes(portal.asset_files()[name])
        if name.endswith((".js", ".json")):
            digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
            assert layout.integrity(name) == f"sha256-{digest}", again
    assert layout.asset("lapor.css").startswith("/assets/lapor.")
    for unknown in (layout.asset, layout.integrity):
        with pytest.raises(KeyError):
            unknown("tidak-ada.css")


def test_everything_published_stands_in_one_place(portal: ModuleType) -> None:
    assert {path.name for path in (SITE / "assets").iterdir()} == set(layout.assets()) == set(portal.asset_files())


@pytest.mark.parametrize("name", [*OF_THE_FORM, *OF_THE_THREAD])
def test_the_forms_scripts_are_what_their_sources_make(tmp_path: Path, name: str) -> None:
    rebuilt = rebuild(tmp_path / name, name.removesuffix(".js"))
    assert rebuilt.read_bytes() == (SITE / "assets" / name).read_bytes(), (
        "run: npm ci && npm run build, in site/browser"
    )


def test_the_forms_script_carries_the_rules_and_says_where_to_read_it() -> None:
    text = (SITE / "assets" / "formulir.js").read_text()
    notice = text.partition("*/")[0]
    for path in ("site/browser/form/", "site/assets/antre.js", "functions/pii/words.js"):
        assert path in notice
        assert (ROOT / path).exists()
    assert text.isascii()
    assert not re.search(r'\bimport ?[({*"\']|import\.meta', text)  # loads nothing: tulis.js does
    rules = json.loads((ROOT / "functions" / "pii" / "words.json").read_text())
    assert text.count(",pattern:") == len(rules["rules"])
    assert rules["categories"]["nik"]["advice"]["id"] not in text  # comes with the pieces, in one language


def test_the_pieces_say_of_each_finding_what_the_rules_say(frozen: Path) -> None:
    rules = json.loads((ROOT / "functions" / "pii" / "words.json").read_text())
    for lang, folder in (("id", ""), ("en", "en/")):
        for pieces in ("bagian", "loket"):
            root = check_page((frozen / f"{folder}lapor/{pieces}/index.html").read_text())
            told = {
                line.get("data-category"): {name: line.get(f"data-{name}") for name in ("label", "advice", "masked")}
                for line in root.iter("p")
                if line.get("data-category")
            }
            assert told == {
                category: {name: said[name][lang] for name in ("label", "advice", "masked")}
                for category, said in rules["categories"].items()
                if category != "secrecy"
            }


def test_the_form_and_its_pieces_name_each_script_with_its_hash(frozen: Path) -> None:
    named = {"": ("segel.js", "formulir.js"), "bagian/": ("qr.js", "foto.js", "tentang.js", "tanda.js")}
    for top, (below, names) in itertools.product(("lapor/", "en/lapor/"), named.items()):
        html = (frozen / top / below / "index.html").read_text()
        for name in names:
            assert f'data-{name.replace(".", "-")}="{layout.asset(name)} {layout.integrity(name)}"' in html
    held = [
        (script.get("src"), script.get("defer"))
        for script in check_page((frozen / "lapor" / "index.html").read_text()).iter("script")
    ]
    assert held == [(layout.asset("tulis.js"), None)], "the one script holds the quick exit, so nothing defers it"
    assert (SITE / "assets" / "tulis.js").read_text().count('location.replace("/keluar")') == 1


def test_style_sheets_go_out_without_comments_and_say_the_same(portal: ModuleType, frozen: Path) -> None:
    for name in (name for name in layout.assets() if name.endswith(".css")):
        text = (frozen / "assets" / layout.assets()[name]).read_text()
        assert "/*" not in text
        assert "\n" not in text
        spoken = re.sub(r"/\*.*?\*/|\s", "", portal.asset_files()[name].read_text(), flags=re.DOTALL)
        assert re.sub(r"\s", "", text) == spoken


def test_our_own_scripts_are_readable_and_touch_nothing_dangerous() -> None:
    apart = [*(ROOT / "functions" / "pii").glob("*.js"), SITE / "sw.js"]
    scripts = {path.name: path for path in [*FORM.glob("*.js"), *(SITE / "assets").glob("*.js"), *apart]}
    assert scripts.keys() >= BUILT | {
        "periksa.js",
        "kirim.js",
        "kerja.js",
        "isi.js",
        "kode.js",
        "words.js",
        "receipts.js",
        "tagger.js",
    }
    scripts |= {f"{name} (its source)": FORM / name for name in OF_THE_FORM}
    assert not [path.name for path in THREAD.glob("*.js") if SINKS.search(path.read_text())]
    for name, path in scripts.items():
        text = path.read_text()
        kept = "localStorage" if name == "kustodian.js" else ""  # the roster it last saw: public keys alone
        assert not SINKS.search(text.replace(kept, "")), name
        keeps = {"antre.js", "formulir.js", "sw.js"}  # the queue, and the public pages
        assert bool(KEEPS.search(text)) == (name in keeps), name
        if name not in BUILT:
            assert all(LINES.match(line) for line in text.splitlines()), name
            assert text.count("\n") < 300, name


def test_only_what_loads_and_what_sends_asks_for_anything() -> None:
    for path in [*(SITE / "assets").glob("*.js"), *FORM.glob("*.js")]:
        asks = re.findall(r"\bfetch\(|XMLHttpRequest|WebSocket|sendBeacon|EventSource|\bimport\(", path.read_text())
        loads = {"tulis.js", "segel.js", "antrean.js", *OF_THE_THREAD, "daerah.js"}
        sends = {"kirim.js", "antre.js", "foto.js", "konsep.js"}  # the last: an officer's draft, to their own desk
        sends |= {
            "kustodian.js",
            "kunci.js",
        }  # a custodian's shares, sealed; an officer's passkey: each to their own door
        asking = path.name in loads | sends or path == SITE / "assets" / "formulir.js"  # which holds two of them
        assert bool(asks) == asking, path
        if path.name == "segel.js":  # Node's crypto, where there is no Web Crypto; refused before: tests/seal
            assert set(asks) == {"import("}


def test_style_sheets_load_nothing() -> None:
    for sheet in (SITE / "assets").glob("*.css"):
        assert not re.search(r"url\(|@import|@font-face", sheet.read_text()), sheet


def test_assets_json_is_plain() -> None:
    names = json.loads((ROOT / "functions" / "web" / "assets.json").read_text())
    assert all(re.fullmatch(r"[\w.-]+\.[0-9a-f]{10}\.(css|js|json|png|svg)", name) for name in names.values())
