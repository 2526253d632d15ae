"""The barometer as people meet it: pages, pictures, data. From editions that were made of invented cases by the product's
own rules."""

import csv
import io
import json
import re
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import brotli
import pytest
from defusedxml.ElementTree import fromstring
from PIL import Image
from playwright.sync_api import Browser

from functions.casework.barometer.edition import (
    FEW,
    HIDDEN,
    NEARLY,
    Edition,
    EditionError,
    Month,
    Place,
    Quarter,
    Sensitive,
    plain_edition,
    read_edition,
)
from functions.casework.barometer.months import add_months
from functions.casework.directory.agencies import Directory
from tests.browser.axe import STRUCTURE, Axe, on_each
from tests.pages import check_page
from tests.site.edition import FIRST, edition_of
from tests.site.frictionless import faults, validate
from tests.site.served import served, visit
from tests.site.test_pages import _check, _check_addresses, _indonesian

MOST_BYTES, MAP_BYTES = 14_000, 500
AXE = Axe()
NEWEST, BEFORE = "2026-10", "2026-09"
ADDRESS = "https://lapor.example.id"
PAGES = ("", "dinas/kutim-dpupr/", "topik/jalan/", "kecamatan/64.08.04/")


@pytest.fixture(scope="module")
def editions(directory: Directory) -> tuple[Edition, ...]:
    first = edition_of(directory, BEFORE)
    return first, edition_of(directory, NEWEST, first)


@pytest.fixture(scope="module")
def barometer(
    portal: ModuleType,
    freezer: ModuleType,
    directory: Directory,
    editions: tuple[Edition, ...],
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    out = tmp_path_factory.mktemp("barometer")
    freezer.freeze(portal.create_app(directory, editions=editions, address=ADDRESS), out)
    return out


@pytest.fixture(scope="module")
def origin(barometer: Path) -> Iterator[str]:
    with served(barometer) as url:
        yield url


def read(barometer: Path, path: str) -> str:
    return (barometer / path.removeprefix("/") / "index.html").read_text()


@pytest.mark.long
def test_every_page_of_every_edition_is_sound_and_leads_somewhere(barometer: Path) -> None:
    pages = [page for lang in ("", "en/") for page in (barometer / lang / "barometer").rglob("index.html")]
    assert len(pages) > 200
    for page in [*pages[::7], barometer / "barometer/index.html", barometer / "barometer/cara/index.html"]:
        english = page.is_relative_to(barometer / "en")
        _check_addresses(_check(page.read_text(), "en" if english else "id"), barometer)


def test_a_number_that_people_understand_comes_first(barometer: Path) -> None:
    page = read(barometer, "/barometer/")
    root = check_page(page)
    (big,) = [p for p in root.iter("p") if p.get("class") == "big"]
    assert re.fullmatch(
        r"Separuh laporan dijawab petugas dalam \d+ hari kerja\.", " ".join("".join(big.itertext()).split())
    )
    assert "Edisi Oktober 2026." in page


def test_each_edition_stays_at_its_own_address_and_the_newest_is_first(barometer: Path) -> None:
    for path in PAGES:
        newest, stable = read(barometer, f"/barometer/{path}"), read(barometer, f"/barometer/{NEWEST}/{path}")
        assert "Oktober 2026" in newest
        assert f'href="/barometer/{NEWEST}/{path}"' in newest
        assert "September 2026" in read(barometer, f"/barometer/{BEFORE}/{path}")
        assert "Alamat tetap" not in stable
    assert f'href="/barometer/{BEFORE}/"' in read(barometer, "/barometer/")


def test_a_picture_has_a_name_a_text_and_its_numbers_in_a_table(barometer: Path) -> None:
    root = check_page(read(barometer, "/barometer/dinas/kutim-dpupr/"))
    pictures = [svg for svg in root.iter() if svg.tag.endswith("svg") and svg.get("role") == "img"]
    assert len(pictures) == 4
    ids = {each.get("id"): "".join(each.itertext()).strip() for each in root.iter() if each.get("id")}
    for picture in pictures:
        names = (picture.get("aria-labelledby") or "").split()
        assert len(names) == 2
        assert all(ids[name] for name in names)
    assert len([d for d in root.iter("details") if d.get("class") == "numbers"]) == 4


@pytest.mark.parametrize("path", ["/barometer/", "/en/barometer/", *(f"/barometer/{NEWEST}/{path}" for path in PAGES)])
def test_a_first_visit_is_light(origin: str, barometer: Path, path: str) -> None:
    html = read(barometer, path)
    ranked = 'class="places rank"' in html
    assert html.count("<script") == ranked  # it sorts the ranking
    loads = {name: each for name, each in visit(origin, path, html).items() if not name.endswith(".atom")}
    assert len(loads) == 3 + ranked
    assert sum(len(head) + len(body) for head, body in loads.values()) <= MOST_BYTES


@pytest.mark.long
def test_pages_are_accessible_and_fit(browser: Browser, origin: str) -> None:
    page = browser.new_page(reduced_motion="reduce")
    complaints: list[str] = []
    page.on("console", lambda line: None if "Permissions-Policy" in line.text else complaints.append(line.text))
    for path in (*(f"/barometer/{path}" for path in PAGES), "/en/barometer/", "/barometer/cara/"):
        assert page.goto(origin + path).status == 200
        for width, scheme in on_each(page, [(360, "light"), (360, "dark"), (1280, "light"), (320, "dark")]):
            for found in [AXE.contrast(page)] + ([AXE.run(page, STRUCTURE)] if scheme == "light" else []):
                assert found.violations_count == 0, f"{path} {width} {scheme}: {found.generate_report()}"
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    assert complaints == []
    page.close()


@pytest.mark.parametrize("lang", ["", "/en"])
def test_agencies_are_ranked_and_those_with_too_little_stand_apart(
    barometer: Path, editions: tuple[Edition, ...], lang: str
) -> None:
    root = check_page(read(barometer, f"{lang}/barometer/"))
    (table,) = [each for each in root.iter("table") if each.get("class") == "places rank"]
    rows = [row for row in table.iter("tr") if row.find("td") is not None]
    days = [int(cells[0].get("data-n") or "") for row in rows if (cells := row.findall("td"))]
    assert days == sorted(days)
    agencies = [place for place in editions[1].places if place.level == "agency"]
    told = {place.code for place in agencies if place.values["answer_known"]}
    (few,) = [
        each for each in root.iter("details") if "dinas dengan" in _words(each) or "agencies with" in _words(each)
    ]
    assert {_code(row) for row in rows} == told
    assert {_code(item) for item in few.iter("li")} == {place.code for place in agencies} - told
    assert 1 < len(told) < len(agencies)
    assert not [cell for item in few.iter("li") for cell in item.iter() if re.search(r"\d", cell.text or "")]


def _words(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def _code(element: Any) -> str:
    (link,) = list(element.iter("a"))
    return str(link.get("href")).rstrip("/").rpartition("/")[2]


def test_the_ranking_sorts_compares_two_and_fits_a_phone(browser: Browser, origin: str) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 640})
    page.goto(origin + "/barometer/")
    table, rows = page.locator("table.rank"), page.locator("table.rank tbody tr")
    assert table.evaluate(
        "t => [t.parentElement.clientWidth >= t.scrollWidth, t.getBoundingClientRect().right <= 360]"
    ) == [
        True,
        True,
    ]
    before = rows.count()
    page.get_by_role("button", name="Laporan").click()
    sums = [int(n) for n in rows.evaluate_all("all => all.map(row => row.cells[3].dataset.n)")]
    assert sums == sorted(sums, reverse=True)
    assert page.locator("table.rank th[aria-sort]").count() == 1
    names = page.get_by_label("Bandingkan dinas").locator("option").all_inner_texts()[1:3]
    page.get_by_label("Bandingkan dinas").select_option(names[0])
    assert page.locator("table.rank tbody tr:visible th").all_inner_texts() == names[:1]
    page.get_by_label("dengan dinas").select_option(names[1])
    assert sorted(page.locator("table.rank tbody tr:visible th").all_inner_texts()) == sorted(names)
    page.get_by_label("Bandingkan dinas").select_option("")
    page.get_by_label("dengan dinas").select_option("")
    assert page.locator("table.rank tbody tr:visible").count() == before
    page.close()


def test_a_map_of_districts_says_what_their_table_says(
    portal: ModuleType, directory: Directory, editions: tuple[Edition, ...], barometer: Path
) -> None:
    """Only where most districts have a number; the others are there without one. It weighs half a kilobyte."""
    assert 'class="chart tiles' not in read(barometer, "/barometer/")
    values = iter([3, 2, None, 1, 4, 9, 2, 5, 3, 7, 12, 2, 0, 2, "few", "few", "few", "few"])

    def told(place: Place) -> Place:
        if place.level != "district":
            return place
        median = next(values)
        return replace(
            place,
            values={
                **place.values,
                "answer_known": median != "few",
                "answer_median": None if median == "few" else median,
            },
        )

    edition = replace(editions[-1], places=tuple(told(place) for place in editions[-1].places))
    client = portal.create_app(directory, editions=[edition], address=ADDRESS).test_client()
    html = client.get("/barometer/").get_data(as_text=True)
    check_page(html)
    picture = html[html.index('<svg class="chart tiles') : html.index("</svg>", html.index('class="chart tiles'))]
    tiles = {
        " ".join(re.findall(r'<text y="(?:15|28)"[^>]*>([^<]*)<', tile)): re.findall(r'class="n">([^<]*)<', tile)[0]
        for tile in picture.split("<g ")[1:]
    }
    assert set(tiles) == {district.name for district in directory.districts.values()}
    rows = re.findall(r'kecamatan/[\d.]+/">([^<]+)</a></th><td>[^<]*</td><td>([^<]*)</td>', html)
    assert {name: said for name, said in tiles.items() if said != "–"} == {n: said for n, said in rows if said != "–"}
    assert sorted(tiles.values()).count("–") == 4
    assert (tiles["Sandaran"], tiles["Muara Bengkal"]) == ("12", "belum")
    assert "Paling lama: Sandaran, 12 hari kerja." in html
    assert "4 kecamatan: terlalu sedikit laporan untuk disebut." in html
    assert 'aria-labelledby="peta-t peta-d"' in picture
    without = html.replace(picture, "").encode()
    assert len(brotli.compress(html.encode())) - len(brotli.compress(without)) <= MAP_BYTES


def test_a_picture_to_share_says_one_number_and_of_which_reports(
    barometer: Path, editions: tuple[Edition, ...]
) -> None:
    import barometer_picture as pictures

    with Image.open(barometer / f"barometer/{NEWEST}/gambar.png") as image:
        assert (image.format, image.size, image.info) == ("PNG", (1200, 630), {})
        assert len(image.convert("RGB").getcolors(1 << 20) or []) > 8  # words, not a blank sheet
    assert (barometer / f"barometer/{NEWEST}/gambar.png").stat().st_size < 40_000
    for lang in ("", "en/"):
        for path in ("", f"{NEWEST}/"):
            root = check_page(read(barometer, f"/{lang}barometer/{path}"))
            metas = {each.get("property"): each.get("content") for each in root.iter("meta")}
            assert metas["og:image"] == f"{ADDRESS}/barometer/{NEWEST}/gambar.png"
            (snippet,) = [_words(each) for each in root.iter("pre")]
            assert snippet.startswith(f"<blockquote>{metas['og:description']}")
            assert f'href="{ADDRESS}/{lang}barometer/{NEWEST}/"' in snippet
    assert "og:" not in read(barometer, "/barometer/dinas/kutim-dpupr/")
    place = editions[1].places[0]
    days, count = place.values["answer_median"], sum(int(each.received or 0) for each in place.months)
    assert pictures.quote(editions[1], place) == (
        f"Separuh laporan ke {place.name} dijawab petugas dalam {days} hari kerja, dari sekitar {count} laporan. "
        "Barometer layanan, Oktober 2026."
    )


def test_what_is_quoted_is_no_markup_of_its_own(
    portal: ModuleType, directory: Directory, editions: tuple[Edition, ...]
) -> None:
    odd = replace(editions[1].places[0], name="PU & <b>Jalan</b>")
    edition = Edition(NEWEST, 1, FIRST, date(2026, 11, 8), (odd,))
    app = portal.create_app(directory, editions=[edition], address=ADDRESS)
    root = check_page(app.test_client().get("/barometer/").get_data(as_text=True))
    (snippet,) = [_words(each) for each in root.iter("pre")]
    assert "PU &amp; &lt;b&gt;Jalan&lt;/b&gt;" in snippet
    bare = portal.create_app(directory, editions=[edition]).test_client().get("/barometer/").get_data(as_text=True)
    assert "og:" not in bare  # without an address of its own there is nothing to point to
    assert "blockquote" not in bare


def test_on_paper_the_tables_stand_open(browser: Browser, origin: str) -> None:
    page = browser.new_page()
    page.goto(origin + "/barometer/")
    page.emulate_media(media="print")
    assert page.locator("details.numbers td").first.is_visible()
    assert not page.locator("details.numbers summary").first.is_visible()
    page.close()


def test_an_english_page_holds_no_indonesian_but_names(barometer: Path) -> None:
    for path in ("/en/barometer/", "/en/barometer/cara/", f"/en/barometer/{NEWEST}/topik/jalan/"):
        assert not _indonesian(read(barometer, path))


# -- data --


def package(barometer: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((barometer / "barometer/datapackage.json").read_text())
    return found


def test_the_codebook_validates_its_tables_by_frictionless(barometer: Path, tmp_path: Path) -> None:
    """By the standard's own tool: the columns in their order, each value of its type and within its limits, or missing,
    each key once. That it would see what is wrong, a value that was tampered with shows."""
    report = validate(barometer / "barometer/datapackage.json")
    assert faults(report) == []
    assert report["valid"] is True
    rows = {task["name"]: task["stats"]["rows"] for task in report["tasks"]}
    assert set(rows) == {"data", "bulan", "triwulan"}
    assert min(rows["data"], rows["bulan"]) > 50
    assert rows["triwulan"] == 3
    assert all(field["description"] for each in package(barometer)["resources"] for field in each["schema"]["fields"])
    for name in ("datapackage.json", "data.csv", "bulan.csv", "triwulan.csv"):
        shutil.copy(barometer / "barometer" / name, tmp_path)
    table = (tmp_path / "triwulan.csv").read_text()
    (tmp_path / "triwulan.csv").write_text(re.sub(r",[^,]+$", ",banyak", table.strip()))
    assert len(faults(validate(tmp_path / "datapackage.json"))) == 1


def test_an_empty_package_is_one_too(frozen: Path) -> None:
    assert faults(validate(frozen / "barometer/datapackage.json")) == []


def test_json_says_what_csv_says(barometer: Path, editions: tuple[Edition, ...]) -> None:
    found = json.loads((barometer / "barometer/data.json").read_text())
    rows = list(csv.DictReader(io.StringIO((barometer / "barometer/data.csv").read_text())))
    assert (found["month"], found["number"]) == (NEWEST, 1)
    assert found["licence"] == "https://creativecommons.org/licenses/by/4.0/"
    assert len(found["places"]) == len(rows) == len(editions[1].places)
    veils = {HIDDEN: "kurang_dari_8", FEW: "sedikit", NEARLY: "hampir_semua"}
    seen = set()
    for place, row in zip(found["places"], rows, strict=True):
        for name in ("diterima", "median_selesai", "tepat_waktu", "dibuka_lagi"):
            if veil := veils.get(row[name]):
                assert name in place[veil]
                assert place[name] is None
            else:
                assert row[name] == ("" if place[name] is None else str(place[name]))
            seen.add(veil or row[name] == "")
    assert seen == {*veils.values(), True, False}  # hidden ones, missing ones and numbers


def test_the_workbook_holds_numbers_as_numbers(barometer: Path) -> None:
    with zipfile.ZipFile(barometer / "barometer/data.xlsx") as book:
        sheet = fromstring(book.read("xl/worksheets/sheet1.xml"))
        names = re.findall(r'<sheet name="(\w+)"', book.read("xl/workbook.xml").decode())
    assert names == ["data", "bulan", "triwulan", "arti"]
    cells = [cell for cell in sheet.iter() if cell.tag.endswith("}c")]
    rows = list(csv.reader(io.StringIO((barometer / "barometer/data.csv").read_text())))
    numbers = sum(bool(re.fullmatch(r"[0-9.]+", text)) for row in rows[1:] for text in row[5:])
    assert sum(cell.get("t") != "s" for cell in cells) == numbers > 100


def test_the_feed_names_each_edition_once_and_newest_first(barometer: Path) -> None:
    atom = "{http://www.w3.org/2005/Atom}"
    root = fromstring((barometer / "barometer/edisi.atom").read_text())
    links = [entry.find(f"{atom}link").get("href") for entry in root.iter(f"{atom}entry")]  # type: ignore[union-attr]
    assert links == [f"/barometer/{NEWEST}/", f"/barometer/{BEFORE}/"]
    assert all((barometer / link.removeprefix("/") / "index.html").is_file() for link in links if link)


def test_without_an_edition_the_page_says_so_and_the_data_is_empty(frozen: Path) -> None:
    assert "Edisi pertama belum terbit." in read(frozen, "/barometer/")
    assert json.loads((frozen / "barometer/data.json").read_text())["places"] == []
    assert len((frozen / "barometer/data.csv").read_text().splitlines()) == 1


@pytest.mark.long
def test_a_new_edition_changes_no_page_of_an_old_one(
    portal: ModuleType,
    freezer: ModuleType,
    directory: Directory,
    editions: tuple[Edition, ...],
    barometer: Path,
    tmp_path: Path,
) -> None:
    """So what is uploaded of it is what is new (``infra/deploy/portal.py`` compares bytes)."""
    freezer.freeze(portal.create_app(directory, editions=editions[:1], address=ADDRESS), tmp_path)
    old = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    changed = {str(name) for name, body in old.items() if (barometer / name).read_bytes() != body}
    kept = [name for name in map(str, old) if f"barometer/{BEFORE}/" in name]
    assert len(kept) > 100
    first = {f"{lang}barometer/{BEFORE}/index.html" for lang in ("", "en/")}  # it leads to other editions
    assert {name for name in kept if name in changed and not name.endswith((".gz", ".br"))} == first
    assert not {name for name in changed if "barometer/" not in name and "openapi" not in name}


def test_several_instances_stand_below_a_page_of_all(
    portal: ModuleType, directory: Directory, editions: tuple[Edition, ...]
) -> None:
    import barometer_shelf

    other = Place("instance", "bontang", "Kota Bontang", instance="bontang", values=editions[1].places[0].values)
    unit = Place("agency", "bontang-pu", "Dinas PU", instance="bontang", values=editions[1].places[1].values)
    both = Edition(NEWEST, 1, FIRST, date(2026, 11, 8), (*editions[1].places, other, unit))
    pages = barometer_shelf.shelf_of([both]).pages()
    assert "/barometer/instansi/bontang/dinas/bontang-pu/" in pages
    assert "/barometer/instansi/kutim/topik/jalan/" in pages
    app = portal.create_app(directory, editions=[both])
    html = app.test_client().get("/barometer/").get_data(as_text=True)
    check_page(html)
    assert 'href="/barometer/instansi/bontang/"' in html
    inner = app.test_client().get("/barometer/instansi/bontang/dinas/bontang-pu/").get_data(as_text=True)
    assert 'href="/barometer/instansi/bontang/"' in inner


def test_a_corrected_month_shows_its_latest_number_and_says_so(
    portal: ModuleType, directory: Directory, editions: tuple[Edition, ...]
) -> None:
    again = Edition(NEWEST, 2, FIRST, date(2026, 12, 1), editions[1].places)
    app = portal.create_app(directory, editions=[again, *editions])
    assert "Ini edisi ke-2" in app.test_client().get(f"/barometer/{NEWEST}/").get_data(as_text=True)
    assert "Ini edisi ke-" not in app.test_client().get(f"/barometer/{BEFORE}/").get_data(as_text=True)


def test_places_with_nothing_to_tell_say_so(
    portal: ModuleType, directory: Directory, editions: tuple[Edition, ...]
) -> None:
    from functions.casework.barometer.places import nothing_told

    empty = Place(
        "instance", "kutim", "Kutai Timur", instance="kutim", values=nothing_told(), months=(Month(NEWEST, HIDDEN),)
    )
    slow = {**nothing_told(), "answer_known": True, "finish_known": True}
    late = Place("agency", "x", "Dinas X", instance="kutim", values=slow)
    app = portal.create_app(directory, editions=[Edition(NEWEST, 1, FIRST, date(2026, 11, 8), (empty, late))])
    html = app.test_client().get("/barometer/").get_data(as_text=True)
    check_page(html)
    assert "masih terlalu sedikit" in html
    assert 'aria-labelledby="arus-t' not in html  # a picture of stars alone
    assert "<td>&lt;8</td>" in html
    html = app.test_client().get("/barometer/dinas/x/").get_data(as_text=True)
    assert "Lebih dari separuh laporan belum dijawab petugas." in html
    assert "Lebih dari separuh laporan belum selesai." in html


def instance_page(portal: ModuleType, directory: Directory, place: Place, lang: str = "") -> str:
    """The page of an instance of its own, as words."""
    app = portal.create_app(directory, editions=[Edition(NEWEST, 1, FIRST, date(2026, 11, 8), (place,))])
    root = check_page(app.test_client().get(f"{lang}/barometer/").get_data(as_text=True))
    return " ".join(" ".join(root.itertext()).split())


def test_measures_that_rest_say_through_which_month_they_are_counted(
    portal: ModuleType, directory: Directory, editions: tuple[Edition, ...]
) -> None:
    fresh = editions[1].places[0]
    resting = "Median dan bagian di halaman ini dihitung sampai Agustus 2026."
    assert resting not in instance_page(portal, directory, fresh)
    page = instance_page(portal, directory, replace(fresh, measured="2026-08"))
    assert resting in page
    assert "yang masuk September 2025 sampai Agustus 2026." in page
    assert "Edisi Oktober 2026." in page


def test_sensitive_topics_have_their_place_by_the_quarter(
    portal: ModuleType, directory: Directory, editions: tuple[Edition, ...], barometer: Path
) -> None:
    fresh = editions[1].places[0]
    assert fresh.quarter
    page = instance_page(portal, directory, fresh)
    assert "Topik peka, per triwulan" in page
    for each in fresh.quarter.topics:
        assert f"{each.name} {each.received}" in page
    long = Quarter("2025-11", "2026-01", (Sensitive("pungli", "Pungutan liar", "", 10),))
    assert "November 2025–Januari 2026" in instance_page(portal, directory, replace(fresh, quarter=long))
    withheld = replace(fresh, quarter=Quarter("2026-07", "2026-09"))
    assert "Juli–September 2026: tidak diterbitkan" in instance_page(portal, directory, withheld)
    assert "Tabel pertama terbit setelah" in instance_page(portal, directory, replace(fresh, quarter=None))
    for nothing in (replace(fresh, quarter=Quarter("", "")), replace(fresh, quarter=None, measured="")):
        assert "Topik peka" not in instance_page(portal, directory, nothing)
    assert "Topik peka" not in read(barometer, "/barometer/dinas/kutim-dpupr/")


def test_sensitive_topics_are_in_the_data_as_on_the_page(barometer: Path, editions: tuple[Edition, ...]) -> None:
    found, folder = editions[1].places[0].quarter, barometer / "barometer"
    assert found
    told = {each.code: each.received for each in found.topics}
    rows = list(csv.DictReader(io.StringIO((folder / "triwulan.csv").read_text())))
    assert {row["kode"]: row["diterima"] for row in rows} == {code: str(number) for code, number in told.items()}
    assert {(row["dari"], row["sampai"], row["kode_instansi"]) for row in rows} == {(found.first, found.last, "kutim")}
    (plain,) = [
        each for each in json.loads((folder / "data.json").read_text())["places"] if "topik_peka_triwulan" in each
    ]
    shown = {each["kode"]: each["diterima"] for each in plain["topik_peka_triwulan"]["topik"]}
    assert shown == {code: None if number == HIDDEN else number for code, number in told.items()}
    assert HIDDEN in told.values()


def test_a_share_at_its_ends_is_told_in_words(
    portal: ModuleType, directory: Directory, editions: tuple[Edition, ...]
) -> None:
    fresh = editions[1].places[0]
    values = {**fresh.values, "on_time": NEARLY, "reopened": FEW, "rated": FEW}
    page = instance_page(portal, directory, replace(fresh, values=values))
    assert "Tepat waktu hampir semua dari yang jatuh tempo di antaranya" in page
    assert "Dibuka lagi oleh pelapor sedikit dari yang ditutup di antaranya" in page
    assert "sedikit pelapor memberi nilai" in page


def test_a_curve_ends_where_nothing_more_is_told(
    portal: ModuleType, directory: Directory, editions: tuple[Edition, ...]
) -> None:
    fresh = editions[1].places[0]
    short = replace(fresh, curve=((1, 0.8), (5, 0.4), (20, 0.15)))
    assert "Garis berhenti pada hari kerja ke-20" in instance_page(portal, directory, short)
    year = tuple(Month(add_months(NEWEST, back), 100) for back in range(-11, 1))
    whole = replace(fresh, curve=((1, 0.8), (90, 0.4)), months=year)
    assert "Garis berhenti" not in instance_page(portal, directory, whole)


def test_an_edition_of_the_former_format_is_read(editions: tuple[Edition, ...]) -> None:
    plain = plain_edition(editions[0])
    for place in plain["places"]:
        del place["measured"], place["quarter"]
    found = read_edition(json.loads(json.dumps(plain | {"format": 1})))
    assert {(place.measured, place.quarter) for place in found.places} == {("", None)}


def test_what_is_no_edition_stops_the_freezing(
    freezer: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "editions"
    folder.mkdir()
    for text in ('{"format": 4}', '{"format": 1, "months": 3}', "["):
        (folder / "2026-10.json").write_text(text)
        assert freezer.main(["--out", str(tmp_path / "out"), "--editions", str(folder)]) == 1
    assert "a later release wrote it" in capsys.readouterr().err


def test_an_edition_comes_back_as_it_was(editions: tuple[Edition, ...]) -> None:
    for edition in editions:
        assert read_edition(json.loads(json.dumps(plain_edition(edition)))) == edition
    with pytest.raises(EditionError):
        read_edition({"format": 1})


def test_an_axis_ends_on_a_round_number(portal: ModuleType) -> None:
    import charts

    for largest in (0, 1, 4, 5, 8, 9, 12, 13, 99, 100, 270, 999, 1_000, 12_345):
        top = charts.ceiling(largest)
        assert largest <= top <= max(2 * largest, 4)
        assert (top / 4).is_integer()
