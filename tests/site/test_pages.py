import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from xml.etree.ElementTree import Element

import pytest

from functions.casework.directory.agencies import Agency, AgencyKind, Directory, FormerName
from tests.pages import check_page
from tests.site.samples import DOOR_PAGES

PATHS = (
    "",
    "lapor/",
    "lapor/antrean/",
    "lacak/",
    "barometer/",
    "laporan/",
    "privasi/",
    "bantuan/",
    "masuk/",
    "masuk/kustodian/",
)
FROZEN = [f"{lang}{path}index.html" for lang in ("", "en/") for path in PATHS] + ["404.html"]
DOORS = {
    "/api/reports",
    "/api/thread",
    "/api/thread/files",
    "/api/thread/kode",
    "/desk/session",
    "/desk/links",
    "/desk/links/again",
    "/custody/session",
    "/keluar",
}
ELSEWHERE = {
    "https://www.torproject.org/download/",
    "https://www.lapor.go.id/",
    "https://creativecommons.org/licenses/by/4.0/deed.id",
}
SCREEN = re.compile(r"\b(yang|dan|Anda|kami|tidak|laporan|dengan|untuk)\b")


def _text(element: Element | None) -> str:
    assert element is not None
    return " ".join("".join(element.itertext()).split())


def _check(html: str, lang: str) -> Element:
    root = check_page(html)
    assert root.get("lang") == lang
    heading = _text(next(root.iter("h1")))
    title = _text(root.find("head/title"))
    wrong = {"id": "Kesalahan: ", "en": "Error: "}[lang]
    assert title.removeprefix(wrong) == f"{heading} — Lapor Anonim"
    skip = root.find("body")
    assert skip is not None
    assert skip[0].get("href") == "#utama"
    (main,) = root.iter("main")
    assert main.get("id") == "utama"
    return root


def _addresses(root: Element) -> list[str]:
    kinds = ("href", "src", "action", "formaction")
    return [element.attrib[kind] for element in root.iter() for kind in kinds if kind in element.attrib]


def _check_addresses(root: Element, frozen: Path) -> None:
    ids = {element.get("id") for element in root.iter()}
    for address in _addresses(root):
        path, _, fragment = address.partition("#")
        if address.startswith(("data:", "tel:")) or address in ELSEWHERE or path in DOORS:
            continue
        if not path:
            assert fragment in ids, address
            continue
        file = frozen / path.removeprefix("/")
        file = file / "index.html" if path.endswith("/") else file
        assert path.startswith("/"), address
        assert file.is_file(), address
        if fragment:
            assert f'id="{fragment}"' in file.read_text(), address


@pytest.mark.parametrize("name", FROZEN)
def test_a_frozen_page_is_sound_and_leads_somewhere(frozen: Path, name: str) -> None:
    root = _check((frozen / name).read_text(), "en" if name.startswith("en/") else "id")
    _check_addresses(root, frozen)


@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize("name", DOOR_PAGES)
def test_a_doors_page_is_sound_and_leads_somewhere(
    frozen: Path, render: Callable[[str, str], str], name: str, lang: str
) -> None:
    root = _check(render(name, lang), lang)
    _check_addresses(root, frozen)


@pytest.mark.parametrize("path", PATHS)
def test_both_languages_lead_to_each_other(frozen: Path, path: str) -> None:
    for here, there, lang in (("", "/en/", "en"), ("en/", "/", "id")):
        html = (frozen / f"{here}{path}index.html").read_text()
        assert f'href="{there}{path}" lang="{lang}" hreflang="{lang}"' in html


def _indonesian(html: str, *, foreign: str = "") -> list[str]:
    """Indonesian words on a page, leaving aside what is data (agencies' names, what a reporter wrote)."""
    root = check_page(html)
    for parent in list(root.iter()):
        for child in list(parent):
            if (
                child.get("lang") == "id"
                or child.tag in ("option", "textarea", "dd")
                or child.get("class") in foreign.split()
            ):
                child.clear()
    return SCREEN.findall(_text(root.find("body")))


@pytest.mark.parametrize("path", PATHS)
def test_an_english_page_holds_no_indonesian(frozen: Path, path: str) -> None:
    assert not _indonesian((frozen / f"en/{path}index.html").read_text())
    assert _indonesian((frozen / f"{path}index.html").read_text())  # the words looked for are common ones


@pytest.mark.parametrize("name", DOOR_PAGES[:4])
def test_a_doors_english_page_holds_no_indonesian_of_ours(render: Callable[[str, str], str], name: str) -> None:
    assert not _indonesian(render(name, "en"), foreign="why errors")


def test_the_errors_stand_on_top_and_beside_their_fields(render: Callable[[str, str], str]) -> None:
    html = render("form-wrong", "id")
    assert "<title>Kesalahan: " in html
    assert html.index('href="#body"') < html.index('id="body-error"') < html.index('<textarea id="body"')
    for field in ("kind", "district", "body"):
        assert html.count(f'id="{field}"') == 1
    assert 'aria-describedby="body-error body-hint" aria-invalid="true"' in html
    assert 'aria-describedby="place-hint">' in html


def test_what_was_written_comes_back_to_the_letter(render: Callable[[str, str], str]) -> None:
    html = render("form-wrong", "id")
    area = re.search(r"(?s)<textarea[^>]*>\n(.*?)</textarea>", html)
    assert area is not None
    assert area[1].startswith("Jalan poros rusak parah.\n\nSudah tiga")
    assert area[1].endswith("&lt;script&gt;alert(1)&lt;/script&gt; &amp; “kutip”" + "x" * 300)
    assert 'value="Jalan poros km 21"' in html
    assert 'type="date" class="short" value="2026-11-20"' in html
    assert html.count(" selected>") == 1
    assert 'name="topic" value="jalan"' in html
    assert "<script>alert" not in html


def test_the_check_page_carries_everything_on_and_back(render: Callable[[str, str], str]) -> None:
    root = check_page(render("check", "id"))
    hidden = {e.get("name"): e.get("value") for e in root.iter("input") if e.get("type") == "hidden"}
    assert hidden["submission_key"] == "ab" * 16
    assert hidden["identity_mode"] == "anonim"
    assert hidden["lang"] == "id"
    assert (hidden["body"] or "").startswith("Jalan poros rusak parah.\n\nSudah")
    buttons = list(root.iter("button"))
    assert {(b.get("name"), b.get("value")) for b in buttons[:-1]} == {("edit", "1")}
    assert len(buttons) == 9  # one for each answer that was given; what was not filled in is not listed
    assert buttons[-1].get("name") is None  # the last one sends
    assert buttons[2].get("formaction") == "/api/reports#body"
    topic, village = root.iter("select")
    assert [option.get("value") for option in topic if option.get("selected") is not None] == ["jalan"]
    assert [option.text for option in village][:2] == ["Tidak saya sebut", "Kelurahan Teluk Lingga"]


def test_the_receipt_shows_the_code_once_in_groups_and_leaves_no_way_to_lose_it(
    render: Callable[[str, str], str],
) -> None:
    root = check_page(render("receipt", "id"))
    (code,) = [e for e in root.iter("p") if e.get("id") == "kode"]
    assert "".join(code.itertext()).strip() == "000G0-40R47-0M30J-E209D-185GT"
    links = [e.get("href") for e in root.iter("a")]
    assert links == ["#utama", "/keluar"]
    (kept,) = [form for form in root.iter("form") if form.get("action") == "/api/thread/kode"]
    assert [_text(button) for button in kept.iter("button")] == ["Kode sudah saya simpan"]
    assert "Jumat, 27 November 2026" in _text(root)
    paths = [e for e in root.iter() if str(e.tag).endswith("path")]
    assert any(e.get("stroke") == "#000" for e in paths)
    assert any(e.get("fill") == "#fff" for e in paths)


def test_every_promise_can_be_named(frozen: Path) -> None:
    for name in ("privasi/index.html", "en/privasi/index.html"):
        promises = re.findall(r'<li id="(janji-[a-z-]+)">', (frozen / name).read_text())
        assert len(promises) == len(set(promises)) == 42


def test_nothing_is_promised_that_is_not_there(frozen: Path) -> None:
    for path in frozen.rglob("*.html"):
        assert not re.search(r"1708|WhatsApp|dikunci di ponsel|locked on your phone", path.read_text()), path


def test_emergencies_come_first(frozen: Path) -> None:
    for name in ("index.html", "lapor/index.html", "bantuan/index.html", "en/lapor/index.html"):
        html = (frozen / name).read_text()
        main = html[html.index("<main") :]
        assert 'href="tel:112"' in main.partition("<form")[0].partition('href="/lapor/"')[0]


def test_the_form_asks_for_nothing_that_identifies(frozen: Path) -> None:
    root = check_page((frozen / "lapor/index.html").read_text())
    names = {e.get("name") for e in root.iter() if e.tag in ("input", "select", "textarea")}
    assert names == {
        "identity_mode",
        "lang",
        "kind",
        "topic",
        "village",
        "district",
        "body",
        "place",
        "happened_on",
        "subject",
        "about_agency",
        "about_officials",
        "name",
        "contact",
        "z",  # holds nothing: macros.html
    }
    (form,) = root.iter("form")
    # Whoever wants to be named has to look for it: folded away, and nobody is until he chooses.
    told, named = (
        next(e for e in root.iter("details") if any(box.get("name") == name for box in e.iter("input")))
        for name in ("contact", "name")
    )
    assert told is not named, "being told of news and leaving a name are two things"
    assert "open" not in {**told.attrib, **named.attrib}
    assert [e.get("value") for e in named.iter("input") if "checked" in e.attrib] == ["anonim"]
    boxes = [e for fold in (told, named) for e in fold.iter("input") if e.get("name") in ("name", "contact")]
    assert not [e.get("value") for e in boxes if e.get("value")]
    assert form.get("enctype") == "application/x-www-form-urlencoded"
    assert "novalidate" in form.attrib


def test_the_form_says_since_when_an_agency_bears_its_name(portal: ModuleType, directory: Directory) -> None:
    today = datetime.now(UTC).date()
    former = (
        FormerName("kutim-dlh", "Badan Hutan", (today - timedelta(days=365)).isoformat(), "kutim"),
        FormerName("kutim-dishub", "Dinas Jalan", (today - timedelta(days=366)).isoformat(), "kutim"),
        FormerName("kutim-lama", "Dinas Sosial", today.isoformat(), "kutim"),
        FormerName("kutim-lain", "Dinas Sosial", today.isoformat(), "lain"),
    )
    client = portal.create_app(replace(directory, former=former)).test_client()
    for path, since, before, taken in (
        ("/lapor/", "bernama ini sejak", "; sebelumnya Badan Hutan", "; sebelumnya nama instansi lain"),
        ("/en/lapor/", "has this name since", "; before: Badan Hutan", "; before, another agency had it"),
    ):
        root = _check(client.get(path).text, "en" if "/en/" in path else "id")
        (select,) = (each for each in root.iter("select") if each.get("id") == "about_agency")
        names = {option.get("value"): _text(option) for option in select.iter("option")}
        assert re.fullmatch(rf"Dinas Lingkungan Hidup \({since} \d+ \w+ \d{{4}}{before}\)", names["kutim-dlh"])
        assert re.fullmatch(rf"Dinas Sosial \({since} \d+ \w+ \d{{4}}{taken}\)", names["kutim-dinsos"])
        assert names["kutim-dishub"] == "Dinas Perhubungan"
        assert sum(since in name for name in names.values()) == 2


def test_offices_of_one_name_say_whose_they_are(portal: ModuleType, directory: Directory) -> None:
    other = (
        Agency("bontang", "Kota Bontang", AgencyKind.INSTANCE, "pusat", "64.74", "bontang-1", "bontang-2"),
        Agency("bontang-1", "Dinas Perhubungan", AgencyKind.UNIT, "bontang"),
        Agency("bontang-2", "Inspektorat", AgencyKind.UNIT, "bontang"),
    )
    both = replace(directory, agencies={**directory.agencies, **{agency.code: agency for agency in other}})
    root = _check(portal.create_app(both, operator="Diskominfo").test_client().get("/lapor/").text, "id")
    (select,) = (each for each in root.iter("select") if each.get("id") == "about_agency")
    names = {option.get("value"): _text(option) for option in select.iter("option")}
    assert names["bontang-1"] == "Dinas Perhubungan, Kota Bontang"
    assert names["kutim-dishub"] == "Dinas Perhubungan, Pemerintah Kabupaten Kutai Timur"
    assert names["kutim-dlh"] == "Dinas Lingkungan Hidup"
