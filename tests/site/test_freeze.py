import base64
import gzip
import hashlib
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType

import brotli
import pytest
from flask import Flask, redirect
from flask_frozen import FrozenFlaskWarning

from functions.casework.directory.agencies import Directory
from functions.config.settings import load_settings
from functions.crypto.errors import KeyringError
from functions.web import language, layout
from tests.site.conftest import ROOT

EXPECTED = {
    "404.html",
    "robots.txt",
    "desa.json",
    "keys.json",
    "keys-desk.json",
    "openapi.json",
    "sw.js",
    "manifest.webmanifest",
    ".well-known/security.txt",
    *(f"{lang}lacak/{name}.json" for lang in ("", "en/") for name in ("kata", "izin", "nama", "berkas")),
    *(
        f"barometer/{name}"
        for name in (
            *(
                "data.json",
                "data.csv",
                "bulan.csv",
                "triwulan.csv",
                "data.xlsx",
                "datapackage.json",
                "edisi.atom",
                "edisi.json",
            ),
        )
    ),
    *(
        f"{lang}{page}index.html"
        for lang in ("", "en/")
        for page in (
            "",
            "lapor/",
            "lacak/",
            "barometer/",
            "laporan/",
            "privasi/",
            "bantuan/",
            "masuk/",
            "masuk/kustodian/",
            "lapor/bagian/",
            "lapor/antrean/",
            "lapor/loket/",
        )
    ),
    *(f"jv{path}" + ("" if path.endswith(".json") else "index.html") for path in language.PAGES),
}


def test_the_portal_is_these_files_and_no_others(frozen: Path) -> None:
    plain = {str(p.relative_to(frozen)) for p in frozen.rglob("*") if p.is_file() and p.suffix not in (".gz", ".br")}
    assert plain == EXPECTED | {f"assets/{name}" for name in layout.assets().values()}


def test_what_is_compressed_is_the_same_text(frozen: Path) -> None:
    pages = list(frozen.rglob("*.html")) + list(frozen.glob("assets/*.css"))
    assert len(pages) > 10
    for path in pages:
        assert gzip.decompress(path.with_name(path.name + ".gz").read_bytes()) == path.read_bytes()
        assert brotli.decompress(path.with_name(path.name + ".br").read_bytes()) == path.read_bytes()


SHARED = """
import os, sys
from pathlib import Path
sys.path.insert(0, "site")
import freeze, portal
app, before = portal.create_app(public_file=Path(sys.argv[2])), os.times()
freeze.freeze(app, Path(sys.argv[1]), 2)
after = os.times()
print(after.user - before.user, after.children_user - before.children_user)
"""


@pytest.mark.long
def test_the_command_line_freezes_from_any_folder_and_processes_share_the_work(
    frozen: Path, public_keys: Path, tmp_path: Path
) -> None:
    command = [sys.executable, str(ROOT / "site" / "freeze.py"), "--out", "out", "--public-keys", str(public_keys)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "files in" in done.stdout
    again = [sys.executable, "-c", SHARED, str(tmp_path / "out"), str(public_keys)]  # a second time over the first
    (tmp_path / "out" / "lama.html.br").write_bytes(b"old")
    done = subprocess.run(again, cwd=ROOT, capture_output=True, text=True, check=True)
    own, children = map(float, done.stdout.split())
    assert children > 3 * own, "one process writes the pages, and the other cores wait"
    assert _files(tmp_path / "out") == _files(frozen), "by two processes and by one"


def _files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_flask_finds_the_portal_without_a_public_key() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "site/portal.py", "routes"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "/en/privasi/" in done.stdout


def test_a_folder_of_something_else_is_left_alone(
    portal: ModuleType, freezer: ModuleType, directory: Directory, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    precious = tmp_path / "precious.txt"
    precious.write_text("mine")
    assert freezer.main(["--out", str(tmp_path)]) == 1
    assert "not empty" in capsys.readouterr().err
    assert precious.read_text() == "mine"


def test_an_old_page_disappears(portal: ModuleType, freezer: ModuleType, directory: Directory, tmp_path: Path) -> None:
    freezer.freeze(portal.create_app(directory), tmp_path)
    stale = tmp_path / "lama.html"
    stale.write_text("old")
    freezer.freeze(portal.create_app(directory), tmp_path)
    assert not stale.exists()


def _with_route(portal: ModuleType, directory: Directory, rule: str, view: object) -> Flask:
    app: Flask = portal.create_app(directory)
    app.add_url_rule(rule, rule, view)  # type: ignore[arg-type] # a view as Flask takes it
    return app


def test_a_page_nobody_reaches_is_an_error(
    portal: ModuleType, freezer: ModuleType, directory: Directory, tmp_path: Path
) -> None:
    app = _with_route(portal, directory, "/kabar/<name>/", lambda name: name)
    with pytest.raises(freezer.FreezeError, match="no address leads to /kabar/<name>/"):
        freezer.freeze(app, tmp_path / "out")


def test_a_wrong_type_is_an_error(
    portal: ModuleType, freezer: ModuleType, directory: Directory, tmp_path: Path
) -> None:
    app = _with_route(portal, directory, "/data.csv", lambda: "a,b")
    with pytest.raises(FrozenFlaskWarning, match="does not match"):
        freezer.freeze(app, tmp_path / "out")


def test_a_redirect_is_an_error(portal: ModuleType, freezer: ModuleType, directory: Directory, tmp_path: Path) -> None:
    app = _with_route(portal, directory, "/pindah/", lambda: redirect("/"))
    with pytest.raises(ValueError, match="302"):
        freezer.freeze(app, tmp_path / "out")


def test_a_changed_asset_must_be_recorded_first(
    portal: ModuleType,
    freezer: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    names = tmp_path / "assets.json"
    names.write_text("{}")
    monkeypatch.setattr(freezer, "NAMES", names)
    assert freezer.main(["--out", str(tmp_path / "out")]) == 1
    assert "--write-assets" in capsys.readouterr().err
    assert freezer.main(["--write-assets"]) == 0
    assert json.loads(names.read_text()) == portal.hashed_assets()


def test_only_the_desks_current_keys_are_published(frozen: Path, public_keys: Path) -> None:
    known = json.loads(public_keys.read_text())
    (current,) = [c for c in known["current"] if c["purpose"] == "desk"]
    (key,) = json.loads((frozen / "keys.json").read_text())["keys"]
    assert set(key) == {"purpose", "instance", "key_id", "fingerprint", "public"}
    assert (key["purpose"], key["instance"], key["key_id"]) == ("desk", "kutim", current["key_id"])
    assert key["public"] == known["keys"][key["key_id"]]
    assert key["fingerprint"].replace(" ", "") == hashlib.sha256(base64.b64decode(key["public"])).hexdigest()
    assert {len(group) for group in key["fingerprint"].split(" ")} == {4}


def test_what_the_form_asks_for_is_the_desks_part_of_the_whole_list(frozen: Path) -> None:
    whole, part = (json.loads((frozen / name).read_text()) for name in ("keys.json", "keys-desk.json"))
    assert whole["optional_keys"]
    assert (part["optional_keys"], part["instances"]) == ([], whole["instances"])
    assert part["keys"] == [
        {name: text for name, text in key.items() if name != "fingerprint"} for key in whole["keys"]
    ]


def test_no_keys_yet_is_said_so_and_damaged_ones_stop_the_freezing(
    portal: ModuleType, freezer: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert portal.published_keys(None) == []
    with pytest.raises(KeyringError, match="is not called"):
        portal.published_keys(tmp_path / "other.json")
    (tmp_path / "public.json").write_text("{")
    assert freezer.main(["--out", str(tmp_path / "out"), "--public-keys", str(tmp_path / "public.json")]) == 1
    assert "damaged" in capsys.readouterr().err


def test_security_txt_is_good_for_a_year(frozen: Path) -> None:
    lines = dict(line.split(": ", 1) for line in (frozen / ".well-known/security.txt").read_text().splitlines())
    assert lines["Contact"] == f"mailto:{load_settings({}).security_contact}"
    left = datetime.fromisoformat(lines["Expires"]) - datetime.now(UTC)
    assert timedelta(days=300) < left <= timedelta(days=366)


def test_the_barometers_months_are_compressed_quickly_and_all_else_well(
    portal: ModuleType, freezer: ModuleType, directory: Directory, tmp_path: Path
) -> None:
    text = (ROOT / "docs" / "threat-model.md").read_bytes()[:40_000]
    pages = [
        tmp_path / name for name in ("barometer/2026-07/dinas/x.html", "barometer/2026-07/index.html", "lapor/x.html")
    ]
    for page in pages:
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_bytes(text)
    builder = freezer.Builder(portal.create_app(directory), tmp_path)
    for page in pages:
        builder.compress(page)
    made = [page.with_name(page.name + ".br").read_bytes() for page in pages]
    best = brotli.compress(text)
    assert made == [brotli.compress(text, quality=5), best, best]
    assert all(gzip.decompress(page.with_name(page.name + ".gz").read_bytes()) == text for page in pages)
