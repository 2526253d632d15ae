"""The quality index as people meet it, in a year in which agencies can be compared."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from types import ModuleType
from xml.etree.ElementTree import Element

import pytest
from playwright.sync_api import Browser

from functions.casework.barometer.disclosure import Menu, table
from functions.casework.barometer.edition import Edition
from functions.casework.barometer.quality import APART, GROUP_MIN, WEIGHTS
from functions.casework.directory.agencies import Directory
from tests.browser.axe import STRUCTURE, Axe, on_each
from tests.pages import check_page
from tests.site.edition import year_of
from tests.site.peers import LARGE, MIDDLE, MONTHS, cases, offices, peers
from tests.site.served import served, visit

pytestmark = pytest.mark.long

MOST_BYTES = 14_300
AXE = Axe()
NOT_CUT = "[...document.querySelectorAll('.index')].every(t => t.scrollWidth <= t.parentElement.clientWidth)"
FORMULA = "0,35 × tepat waktu + 0,25 × selesai dalam 30 hari kerja + 0,20 × tidak dibuka lagi + 0,20 × pelapor puas"
WORDS = {True: "di atas", False: "di bawah", None: "sekitar"}
COMPARED, ALONE = "/barometer/", "/barometer/dinas/kutim-dpupr/"


@pytest.fixture(scope="module")
def edition(directory: Directory) -> Edition:
    return peers(directory)


@pytest.fixture(scope="module")
def frozen_peers(
    portal: ModuleType,
    freezer: ModuleType,
    directory: Directory,
    edition: Edition,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    out = tmp_path_factory.mktemp("peers")
    freezer.freeze(portal.create_app(directory, editions=[edition]), out)
    return out


@pytest.fixture(scope="module")
def origin(frozen_peers: Path) -> Iterator[str]:
    with served(frozen_peers) as url:
        yield url


def section(html: str) -> Element | None:
    """The index's part of a page."""
    found = [each for each in check_page(html).iter("section") if "Indeks mutu" in "".join(each.find("h2").itertext())]  # type: ignore[union-attr]
    assert len(found) <= 1
    return found[0] if found else None


def groups(html: str) -> dict[str, list[tuple[str, str, str]]]:
    """By title of a group the rows of its table: name, index, standing."""
    part, found, title = section(html), dict[str, list[tuple[str, str, str]]](), ""
    for each in part.iter() if part is not None else ():
        if each.tag == "h3":
            title = "".join(each.itertext())
        elif each.tag == "tr" and each.find("td") is not None:
            found.setdefault(title, []).append(tuple("".join(cell.itertext()) for cell in each))  # type: ignore[arg-type]
    return found


def page(frozen_peers: Path, path: str) -> str:
    return (frozen_peers / path.strip("/") / "index.html").read_text()


def test_agencies_stand_beside_those_of_their_size_alone_by_name(
    frozen_peers: Path, directory: Directory, edition: Edition
) -> None:
    found = groups(page(frozen_peers, COMPARED))
    assert list(found) == ["Dinas dengan laporan sedang", "Dinas dengan banyak laporan"]
    names = [unescape(directory.agencies[code].name) for code in offices(directory)]
    large, middle = set(names[: len(LARGE)]), set(names[len(LARGE) : len(LARGE) + len(MIDDLE)])
    rows = {title: [row[0] for row in rows] for title, rows in found.items()}
    assert set(rows["Dinas dengan banyak laporan"]) == large
    assert set(rows["Dinas dengan laporan sedang"]) < middle
    assert len(rows["Dinas dengan laporan sedang"]) == GROUP_MIN  # one is folded away
    assert all(each == sorted(each) for each in rows.values())
    indexed = {place.name for place in edition.places if place.values["index"] is not None}
    assert indexed == {*rows["Dinas dengan banyak laporan"], *rows["Dinas dengan laporan sedang"]}


def test_whoever_calculates_from_what_is_published_finds_the_same(directory: Directory, edition: Edition) -> None:
    """By the formula on the page, from printed shares and printed counts."""
    tables = [table(each, Menu.CLOSED_AGENCY) for each in year_of(cases(directory), directory, MONTHS)]

    def closed(code: str) -> int:
        numbers = [each.get((code, "semua"), 0) for each in tables]
        return sum(max(8, n - 2) if isinstance(n, int) and n else int(not isinstance(n, int)) for n in numbers)

    for group in ("besar", "sedang"):
        members = [place for place in edition.places if place.values["group"] == group]
        shares = {}
        for place in members:
            v = {name: place.values[name] for name in ("on_time", "open_30", "reopened", "satisfied")}
            assert all(isinstance(share, float) for share in v.values())
            parts = (v["on_time"], 1 - v["open_30"], 1 - v["reopened"], v["satisfied"])  # type: ignore[operator]
            shares[place.code] = [100 * part for part in parts]  # type: ignore[operator]
        means = [sum(parts) / len(shares) for parts in zip(*shares.values(), strict=True)]
        middle = sum(weight * mean for weight, mean in zip((0.35, 0.25, 0.20, 0.20), means, strict=True))
        for place in members:
            n, index = closed(place.code), 0.0
            for weight, mean, share in zip((0.35, 0.25, 0.20, 0.20), means, shares[place.code], strict=True):
                index += weight * (share * n + mean * 20) / (n + 20)
            assert place.values["index"] == pytest.approx(index, abs=0.15)
            stands = WORDS[None if abs(index - middle) < APART else index > middle]
            assert place.values["standing"] == f"{stands} rata-rata" or abs(abs(index - middle) - APART) < 0.2


def test_an_agency_sees_its_own_group_and_a_topic_none(frozen_peers: Path) -> None:
    assert list(groups(page(frozen_peers, ALONE))) == ["Dinas dengan banyak laporan"]
    for path in ("/barometer/topik/jalan/", "/barometer/dinas/kutim-diskan/"):
        assert section(page(frozen_peers, path)) is None


def test_alike_agencies_have_the_same_index_and_the_same_words(frozen_peers: Path, directory: Directory) -> None:
    names = [directory.agencies[code].name for code in offices(directory)][:2]
    found = {row[0]: row[1:] for row in groups(page(frozen_peers, COMPARED))["Dinas dengan banyak laporan"]}
    assert found[names[0]] == found[names[1]]
    assert re.fullmatch(r"\d\d,\d", found[names[0]][0])
    assert {row[1] for row in found.values()} == set(WORDS.values())


@pytest.mark.parametrize("path", [COMPARED, ALONE])
def test_the_formula_stands_on_the_page(frozen_peers: Path, path: str) -> None:
    part = section(page(frozen_peers, path))
    assert part is not None
    assert FORMULA in " ".join("".join(part.itertext()).split())
    assert [f"{weight / 100:.2f}".replace(".", ",") for weight in WEIGHTS.values()] == re.findall(r"0,\d\d", FORMULA)


def test_a_group_below_the_minimum_is_not_compared(portal: ModuleType, directory: Directory) -> None:
    """Of five agencies with some reports the audit folds one away; the four that are left are not compared, though
    everything that an index needs is published of them."""
    found = peers(directory, len(MIDDLE) - 1)
    html = portal.create_app(directory, editions=[found]).test_client().get(COMPARED).get_data(as_text=True)
    assert list(groups(html)) == ["Dinas dengan banyak laporan"]
    codes = list(offices(directory))[len(LARGE) : len(LARGE) + len(MIDDLE) - 1]
    places = [place for code in codes if (place := found.place("agency", code))]
    whole = [place for place in places if all(isinstance(place.values[name], float) for name in ("on_time", "open_30"))]
    assert len(whole) == GROUP_MIN - 1
    assert {place.values[name] for place in places for name in ("index", "group", "standing")} == {None}


@pytest.mark.parametrize("path", [COMPARED, ALONE, "/en/barometer/"])
def test_a_first_visit_is_light(origin: str, frozen_peers: Path, path: str) -> None:
    loads = {name: each for name, each in visit(origin, path, page(frozen_peers, path)).items() if ".atom" not in name}
    assert sum(len(head) + len(body) for head, body in loads.values()) <= MOST_BYTES


def test_its_pages_are_accessible_and_fit(browser: Browser, origin: str) -> None:
    page = browser.new_page(reduced_motion="reduce")
    for path in (COMPARED, ALONE):
        page.goto(origin + path)
        for width, scheme in on_each(page, [(360, "light"), (360, "dark"), (1280, "light")]):
            for found in [AXE.contrast(page)] + ([AXE.run(page, STRUCTURE)] if scheme == "light" else []):
                assert found.violations_count == 0, f"{path} {width} {scheme}: {found.generate_report()}"
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
            if width < 1280:
                assert page.evaluate(NOT_CUT), path
    page.close()


def test_on_paper_the_index_stands_whole(browser: Browser, origin: str) -> None:
    page = browser.new_page()
    page.goto(origin + COMPARED)
    page.emulate_media(media="print")
    rows = page.locator("table.index tbody tr")
    assert rows.count() == len(LARGE) + GROUP_MIN
    assert all(row.is_visible() for row in rows.all())
    page.close()
