"""The barometer of a whole nation: pages that compare only what can be compared, light whatever the number of
instances, and one open-data package that a new edition changes only where it must."""

import csv
import io
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import brotli
import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser

from functions.casework.barometer import national_edition
from functions.casework.barometer.audit import AuditFailedError
from functions.casework.barometer.edition import Edition
from functions.casework.barometer.edition_files import write_edition_file
from functions.casework.barometer.national import MINIMUM, Size, Total
from functions.casework.directory.agencies import Directory
from tests.browser.axe import STRUCTURE, Axe
from tests.depth import deep
from tests.pages import check_page
from tests.site import national
from tests.site.frictionless import faults, validate
from tests.site.served import served
from tests.site.test_pages import _check, _indonesian

MOST, HEADS = 14_000, 1_000  # bytes of a first visit as they cross the wire, and of these the answers' heads
MANY = deep(700, 90)
GONE, RENAMED, OLD = "kab-088", "kab-087", "Pemerintah Kabupaten Dahulu"
AXE = Axe()
pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def country() -> tuple[Directory, tuple[Edition, ...]]:
    """A nation in which one instance was retired three editions ago, and one was renamed."""
    directory = national.directory_of(MANY)
    made = list(national.editions(directory, units=1))
    made[-3:] = [replace(e, places=tuple(p for p in e.places if p.instance != GONE)) for e in made[-3:]]
    made[:5] = [
        replace(e, places=tuple(replace(p, name=OLD) if p.code == RENAMED else p for p in e.places)) for e in made[:5]
    ]
    left = {code: each for code, each in directory.agencies.items() if code != GONE}
    return replace(directory, agencies=left), tuple(made)


@pytest.fixture(scope="module")
def pages(portal: ModuleType, freezer: ModuleType, country: tuple[Directory, tuple[Edition, ...]]) -> dict[str, str]:
    """Every page and file of the barometer at the nation's front."""
    return rendered(freezer, *country)


def rendered(
    freezer: ModuleType, directory: Directory, editions: tuple[Edition, ...], only: str = "/barometer/"
) -> dict[str, str]:
    app = freezer.create_nation(directory, "Pengelola nasional", editions)
    client: FlaskClient = app.test_client()
    paths = [rule.rule for rule in app.url_map.iter_rules() if re.search(only, rule.rule)]
    return {path: client.get(path).get_data(as_text=True) for path in paths}


def html_of(pages: Mapping[str, str]) -> dict[str, str]:
    return {path: text for path, text in pages.items() if path.endswith("/")}


def words(text: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


@pytest.mark.long
def test_every_page_is_sound_light_and_without_script(portal: ModuleType, pages: dict[str, str]) -> None:
    sheets = sum(
        len(brotli.compress(portal.published_bytes(portal.ASSETS / name))) for name in ("lapor.css", "barometer.css")
    )
    html = html_of(pages)
    assert len(html) > 2 * MANY
    for number, (path, text) in enumerate(sorted(html.items())):
        assert "<script" not in text, path
        assert len(brotli.compress(text.encode(), quality=5)) + sheets + HEADS <= MOST, path
        if number % 20 == 0 or "instansi" not in path:
            _check(text, "en" if path.startswith("/en/") else "id")


def test_every_link_leads_to_a_page_a_file_or_a_portal(country: tuple[Directory, Any], pages: dict[str, str]) -> None:
    codes = {each.code for each in country[0].instances()}
    for path, text in html_of(pages).items():
        for link in re.findall(r'href="(/[^"#]*)"', text):
            top = link.removeprefix("/en").strip("/").partition("/")[0]
            monthly = re.fullmatch(r"/barometer/\d{4}-\d\d/data\.csv", link)
            assert link in pages or top != "barometer" or monthly, (path, link)
            assert top in codes or top != GONE, (path, link)
    assert f'href="/{RENAMED}/barometer/"' in pages[f"/barometer/instansi/{RENAMED}/"]


def test_an_english_page_holds_no_indonesian_but_names(pages: dict[str, str]) -> None:
    for path, text in html_of(pages).items():
        if path.startswith("/en/barometer/") and "instansi" not in path:
            assert not _indonesian(text), path
    assert not _indonesian(pages[f"/en/barometer/instansi/{RENAMED}/"].replace(OLD, ""))


def test_who_has_too_few_published_reports_gets_no_rank_and_the_page_says_why(
    freezer: ModuleType, country: tuple[Directory, tuple[Edition, ...]], pages: dict[str, str]
) -> None:
    import barometer_peers

    found = barometer_peers.Country(country[1][::-1], country[0])
    apart = [row for row in found.rows.values() if not row.size]
    compared = [row for row in found.rows.values() if row.size]
    assert len(apart) > 5
    assert len(compared) > 20
    assert all(row.base is None or row.base.count < MINIMUM for row in apart)
    assert all(row.base and row.base.count >= MINIMUM for row in compared)
    lists = {path: text for path, text in pages.items() if path.startswith("/barometer/jenis/")}
    for row in apart:
        assert not any(f"/instansi/{row.member.code}/" in text for text in lists.values())
        own = words(pages[f"/barometer/instansi/{row.member.code}/"])
        assert "kurang dari 50 laporan setahun" in own
        assert "Urutan ke-" not in own
    for row in compared:
        assert sum(f"/instansi/{row.member.code}/" in text for text in lists.values()) == 1
    assert "Kabupaten: " in words(pages["/barometer/"].partition("Yang tidak dibandingkan")[2])


def test_peers_are_of_one_kind_and_size_and_the_equally_fast_share_a_rank(
    country: tuple[Directory, tuple[Edition, ...]], pages: dict[str, str]
) -> None:
    import barometer_peers

    found = barometer_peers.Country(country[1][::-1], country[0])
    assert len(found.groups) > 5
    for (kind, size), rows in found.groups.items():
        assert {row.member.kind for row in rows} == {kind}
        for row in rows:
            assert row.base
            assert (row.base.count >= 1_000) == (size is Size.LARGE)
        days = [row.days if row.days is not None else 1 << 30 for row in rows]
        assert days == sorted(days)
        ranks = [found.ranks[row.member.code] for row in rows]
        assert ranks == [1 + sum(other < own for other in days) for own in days]
        text = pages[f"/barometer/jenis/{kind.value}-{size.value}/"]
        assert re.findall(r">(\d+)\. ", text) == [str(rank) for rank in ranks[:100]]


def test_every_sum_stands_beside_how_many_instances_it_is_of(pages: dict[str, str]) -> None:
    for path in ("/barometer/", "/barometer/provinsi/11/"):
        facts = re.findall(r"<dd>([^<]+)<small>([^<]+)</small>", pages[path])
        assert len(facts) == 3
        for said, base in facts:
            assert re.fullmatch(r"[\d.]+(–[\d.]+)?|sedikitnya [\d.]+", said.strip()), said
            assert re.match(r"dari [\d.]+ instansi", base), base
    assert re.search(r"Dari \d+ instansi yang dapat dibandingkan", words(pages["/barometer/"]))


def test_who_was_renamed_or_retired_keeps_the_past_and_the_page_says_so(pages: dict[str, str]) -> None:
    assert "Sampai edisi Maret 2026 bernama Pemerintah Kabupaten Dahulu" in words(
        pages[f"/barometer/instansi/{RENAMED}/"]
    )
    own = words(pages[f"/barometer/instansi/{GONE}/"])
    assert "Tidak lagi menerima laporan lewat sini" in own
    assert "November 2025" in own
    assert f"/{GONE}/barometer/" not in pages[f"/barometer/instansi/{GONE}/"].replace(f"/instansi/{GONE}/", "")
    assert "sampai Juli 2026" in words(pages["/barometer/"])
    rows = {row["kode"]: row for row in csv.DictReader(io.StringIO(pages["/barometer/instansi.csv"]))}
    assert (rows[GONE]["masih_ikut"], rows[GONE]["edisi_terakhir"]) == ("false", "2026-07")
    assert rows[RENAMED]["nama_dahulu"] == f"{OLD} (2026-03)"
    series = list(csv.DictReader(io.StringIO(pages["/barometer/data.csv"])))
    assert {row["bulan"] for row in series if row["kode"] == GONE} == {f"2025-{n}" for n in (11, 12)} | {
        f"2026-0{n}" for n in range(1, 8)
    }


def test_an_earlier_edition_reads_the_same_after_a_later_one(
    freezer: ModuleType, country: tuple[Directory, tuple[Edition, ...]], pages: dict[str, str]
) -> None:
    """Every page below an edition's first: of provinces and of peers too. What was the newest leads to those that stay."""
    directory, editions = country
    before = rendered(freezer, directory, editions[:-1], r"/barometer/(2026-0[89].*/)?$")
    lasting = {path: text for path, text in before.items() if "/2026-0" in path}
    for kind in ("/en/barometer/2026-09/", "/barometer/2026-08/provinsi/11/", "/barometer/2026-09/jenis/"):
        assert [path for path in lasting if path.startswith(kind)], kind
    for path, text in lasting.items():
        assert text == pages[path], path
        assert not re.findall(r'href="(?:/en)?/barometer/(?:provinsi|jenis)/', text), path
    assert before["/barometer/"] != pages["/barometer/"]
    for path in ("provinsi/11/", "jenis/kabupaten-besar/"):
        assert f'<a href="/barometer/2026-10/{path}">' in pages[f"/barometer/{path}"], (
            "the newest names its lasting one"
        )
        newest = words(pages[f"/barometer/{path}"]).partition("Alamat tetap")[0]
        assert newest in words(pages[f"/barometer/2026-10/{path}"]), "which says the same"


def test_in_the_first_month_nobody_is_ranked_and_nothing_is_compared_with_before(
    freezer: ModuleType, country: tuple[Directory, tuple[Edition, ...]]
) -> None:
    """One month gives few instances 50 reports; the smallest nation none at all."""
    directory, editions = country
    first = html_of(rendered(freezer, directory, editions[:1], "^/barometer/$"))
    text = words(first["/barometer/"])
    assert "Belum ada edisi sebelumnya untuk dibandingkan." in text
    assert "Makin cepat" not in text
    small = replace(
        editions[0], places=tuple(p for p in editions[0].places if p.values["received"] in ("<8", 0, 10))[:40]
    )
    empty = html_of(rendered(freezer, directory, (small,)))
    text = words(empty["/barometer/"])
    assert "Belum ada instansi dengan cukup laporan untuk dibandingkan." in text
    assert "sedikitnya 50 laporan dalam 12 bulan" in text
    assert not [path for path in empty if "/jenis/" in path]
    for page in empty.values():
        check_page(page)
    none = rendered(freezer, directory, ())
    assert set(none) == {f"/barometer/{name}" for name in FILES} | {"/barometer/", "/en/barometer/"}
    assert "Edisi pertama belum terbit." in none["/barometer/"]


FILES = (
    *("datapackage.json", "skema.json", "skema-triwulan.json", "instansi.csv", "nasional.csv", "data.csv", "data.json"),
    "edisi.atom",
)


def test_a_sum_that_the_audit_does_not_allow_stops_the_page(
    portal: ModuleType,
    freezer: ModuleType,
    country: tuple[Directory, tuple[Edition, ...]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The planted break: the sum of what was counted, which is narrower than what the printed numbers allow."""
    monkeypatch.setattr(national_edition, "total", lambda numbers: Total(10, 12, len(numbers), 0, 0))
    with pytest.raises(AuditFailedError):
        freezer.create_nation(country[0], "Pusat", country[1])


@pytest.fixture(scope="module")
def package(
    freezer: ModuleType,
    country: tuple[Directory, tuple[Edition, ...]],
    pages: dict[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    import freeze_months

    folder, out = tmp_path_factory.mktemp("editions"), tmp_path_factory.mktemp("package")
    for edition in country[1]:
        write_edition_file(edition, folder, apart=True)
    made = freeze_months.freeze_months(fronts(folder), folder, out, {}, None, "program")
    (out / "portal.json").write_text(json.dumps(made))
    for name in FILES:
        (out / "barometer" / name).write_text(pages[f"/barometer/{name}"], newline="")
    return out


def fronts(folder: Path) -> tuple[Edition, ...]:
    import inputs

    found: tuple[Edition, ...] = inputs.read_editions(folder)
    assert {place.level for edition in found for place in edition.places} == {"instance"}
    return found


@pytest.mark.long
def test_one_package_holds_all_instances_and_frictionless_validates_it(
    package: Path, country: tuple[Directory, tuple[Edition, ...]], tmp_path: Path
) -> None:
    report = validate(package / "barometer" / "datapackage.json")
    assert faults(report) == []
    rows = {task["name"]: task["stats"]["rows"] for task in report["tasks"]}
    assert rows["instansi"] == MANY
    assert rows["rinci-2026-10"] == len(country[1][-1].places)
    assert rows["triwulan-2026-09"] == MANY - 1
    told = json.loads((package / "barometer" / "datapackage.json").read_text())
    assert len(told["resources"]) == 3 + 12 + 1
    broken = (package / "barometer" / "instansi.csv").read_text(newline="").replace("kab-050,", "kab-xxx,", 1)
    for path in (package / "barometer").rglob("*"):
        if path.suffix in (".csv", ".json"):
            there = tmp_path / path.relative_to(package / "barometer")
            there.parent.mkdir(exist_ok=True)
            there.write_bytes(path.read_bytes())
    (tmp_path / "instansi.csv").write_text(broken, newline="")
    assert faults(validate(tmp_path / "datapackage.json")), "a code that nobody has"


def test_a_correction_changes_its_own_month_alone_and_the_bytes_are_the_same(
    freezer: ModuleType, package: Path, country: tuple[Directory, tuple[Edition, ...]], tmp_path: Path
) -> None:
    import freeze_months

    folder = tmp_path / "editions"
    folder.mkdir()
    for edition in country[1]:
        again = edition
        if edition.month == "2026-05":
            places = [replace(p, name="Dinas Baru") if p.code == "kab-050-0" else p for p in edition.places]
            again = replace(edition, number=2, places=tuple(places))
        write_edition_file(again, folder, apart=True)
    before, out, whole = json.loads((package / "portal.json").read_text()), tmp_path / "out", tmp_path / "whole"
    made = freeze_months.freeze_months(fronts(folder), folder, out, before, package, "program")
    freeze_months.freeze_months(fronts(folder), folder, whole, {}, None, "program")
    assert [name for name in made if made[name] != before[name]] == ["barometer/2026-05"]
    files = [path.relative_to(out) for path in out.rglob("*") if path.is_file()]
    assert len(files) > 30
    for file in files:
        assert (out / file).read_bytes() == (whole / file).read_bytes(), file
        assert (out / file).samefile(package / file) == ("2026-05" not in str(file)), file
    assert "Dinas Baru" in (out / "barometer/2026-05/data.csv").read_text()
    assert set(freeze_months.freeze_months(fronts(folder), folder, tmp_path / "new", made, out, "release")) == set(made)


@pytest.mark.parametrize(("width", "scheme"), deep([(360, "light"), (360, "dark"), (1280, "dark")], [(360, "dark")]))
def test_pages_are_accessible_and_fit(
    browser: Browser, portal: ModuleType, pages: dict[str, str], tmp_path: Path, width: int, scheme: Any
) -> None:
    paths = (
        "/barometer/",
        "/barometer/provinsi/11/",
        "/barometer/jenis/kabupaten-besar/",
        f"/barometer/instansi/{RENAMED}/",
    )
    for path in paths:
        there = tmp_path / path.strip("/") / "index.html"
        there.parent.mkdir(parents=True, exist_ok=True)
        there.write_text(pages[path])
    (tmp_path / "assets").mkdir()
    for name, hashed in portal.hashed_assets().items():
        (tmp_path / "assets" / hashed).write_bytes(portal.published_bytes(portal.ASSETS / name))
    page = browser.new_page(viewport={"width": width, "height": 640}, color_scheme=scheme, reduced_motion="reduce")
    with served(tmp_path) as origin:
        for path in paths:
            page.goto(origin + path)
            for found in (AXE.contrast(page), AXE.run(page, STRUCTURE)):
                assert found.violations_count == 0, f"{path}: {found.generate_report()}"
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    page.close()
