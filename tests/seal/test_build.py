"""The committed module is what its sources and the lock file make, small, and without anything a page of ours forbids."""

import json
import re
from pathlib import Path

import brotli
import pytest

from tests.seal import workshop
from tests.seal.workshop import BUILT, SOURCES, rebuild

MOST_BYTES = 16 * 1024
SINKS = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.|\beval\(|\bFunction\(|setTimeout|fetch\(|Storage"
)
RUN_ALONG = re.compile(r"import ?\(([^)]*)\)|\brequire\(|import\.meta")


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return rebuild(tmp_path_factory.mktemp("rebuilt") / "segel.js")


def test_what_is_committed_is_what_the_sources_make(rebuilt: Path) -> None:
    assert rebuilt.read_bytes() == BUILT.read_bytes(), "run: npm ci && npm run build, in site/browser"


def test_it_is_no_larger_than_promised() -> None:
    size = len(brotli.compress(BUILT.read_bytes(), quality=11))
    assert size <= MOST_BYTES, size


def test_it_is_ascii_so_that_no_server_can_misread_it() -> None:
    assert BUILT.read_bytes().isascii()


def test_it_exports_three_calls_and_loads_nothing(in_node) -> None:
    assert in_node("exports") == ["reopen", "seal", "wait"]
    text = BUILT.read_text()
    assert not re.search(r'\bimport ?[{*"\']', text)
    # the libraries' way to Web Crypto in an old Node: where there is none, seal() has thrown before
    assert {found.group(1) for found in RUN_ALONG.finditer(text)} == {'"crypto"'}
    assert not SINKS.search(text)


def test_its_notice_names_whose_work_it_holds() -> None:
    notice = BUILT.read_text().partition("*/")[0]
    with workshop.workshop() as folder:
        shipped = [
            path
            for path in (folder / "node_modules").rglob("LICENSE*")
            if not {"esbuild", "lean-qr", "shamir-secret-sharing", "@noble"} & set(path.parts)
        ]
        assert len(shipped) == 5
        for path in shipped:
            licence = path.read_text()
            (year, holder) = re.findall(r"Copyright \(c\) (\d+) (.+)", licence)[0]
            assert 2023 <= int(year) <= 2024
            assert f"2023-2024 {holder}" in notice
            permission = licence[licence.index("Permission is hereby") :].split()
            assert " ".join(permission) in " ".join(notice.split())


def test_what_it_is_made_of_is_pinned_and_names_no_host() -> None:
    manifest = json.loads((SOURCES / "package.json").read_text())
    lock = json.loads((SOURCES / "package-lock.json").read_text())
    wanted = manifest["dependencies"] | manifest["devDependencies"]
    assert set(wanted) == {
        "@hpke/core",
        "@hpke/hybridkem-x-wing",
        "@noble/ed25519",
        "esbuild",
        "lean-qr",
        "shamir-secret-sharing",
    }
    for name, version in wanted.items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version)
        assert lock["packages"][f"node_modules/{name}"]["version"] == version
    for name, package in lock["packages"].items():
        assert "resolved" not in package
        assert not name or package["integrity"].startswith("sha512-")
    assert "://" not in (SOURCES / "package-lock.json").read_text()
