"""The frozen pages of public reports: complete, light, linked, and with nothing on them but what is public."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import ModuleType
from xml.etree.ElementTree import Element

import pytest

from functions.casework.case import Kind, Outcome
from functions.casework.directory.agencies import Directory
from functions.casework.publication import PublicAnswer, PublicReport
from functions.casework.stages import Stage
from functions.storage.registers.publications import encode_public, in_order
from tests.markup import HOSTILE, text
from tests.pages import check_page
from tests.site.conftest import ROOT
from tests.site.served import served, visit

BUDGET = 14_000
WORDS = [
    "jembatan",
    "kayu",
    "lapuk",
    "air",
    "sumur",
    "keruh",
    "lampu",
    "padam",
    "antre",
    "loket",
    "sekolah",
    "pasar",
    "selokan",
    "tersumbat",
    "warga",
    "menunggu",
]
Freeze = Callable[..., Path]


def made(n: int, **changes: object) -> PublicReport:
    """The n-th invented report, each of other words, as long as they may be."""
    said = " ".join(WORDS[(n * 7 + k * k + k // 3) % len(WORDS)] for k in range(120))[:600]
    month = date(2025 + n % 2, 1 + n % 12, 1)
    answer = PublicAnswer(month, "kutim-dpupr", f"Jawaban {n}. {said}"[:600])
    values = {
        "public_id": f"P{n:08}",
        "instance": "kutim",
        "agency": "kutim-dpupr",
        "kind": list(Kind)[n % 3],
        "topic": ["jalan", "sampah", "lampu"][n % 3],
        "district": ["64.08.04", "64.08.05", ""][n % 3],
        "month": month,
        "summary": f"Ringkasan {n}. {said}"[:600],
        "stage": Stage.SELESAI if n % 2 else Stage.DIPROSES,
        "outcome": Outcome.DIPERBAIKI if n % 2 else None,
        "answers": (answer,),
        "updated": month,
        "closed": month if n % 2 else None,
    }
    return PublicReport(**values | changes)


REPORTS = in_order(made(n) for n in range(47))


@pytest.fixture(scope="module")
def freeze(
    portal: ModuleType, freezer: ModuleType, directory: Directory, tmp_path_factory: pytest.TempPathFactory
) -> Freeze:
    def frozen(reports: tuple[PublicReport, ...] = REPORTS, out: Path | None = None, **options: object) -> Path:
        folder = out or tmp_path_factory.mktemp("frozen")
        freezer.freeze(portal.create_app(options.get("directory", directory), reports=reports), folder)
        return folder

    return frozen


@pytest.fixture(scope="module")
def shelf(freeze: Freeze) -> Path:
    return freeze()


def pages(folder: Path, lang: str = "") -> dict[str, Element]:
    """All pages of public reports by their path."""
    top = folder / lang / "laporan"
    return {
        f"/{path.parent.relative_to(folder).as_posix()}/": check_page(path.read_text())
        for path in top.rglob("index.html")
    }


def links(root: Element) -> list[str]:
    (main,) = root.iter("main")
    return [a.attrib["href"] for a in main.iter("a") if "/laporan/" in a.attrib["href"]]


def reports_on(root: Element) -> list[str]:
    return [found[1] for link in links(root) if (found := re.search(r"/laporan/(P\d{8})/$", link))]


def test_every_report_is_on_its_lists_once_and_has_a_page(shelf: Path) -> None:
    there = pages(shelf)
    whole = [n for number in ("", "hal/2/", "hal/3/") for n in reports_on(there[f"/laporan/{number}"])]
    assert whole == [report.public_id for report in REPORTS]
    assert "/laporan/hal/4/" not in there
    for by, code_of in (("topik", "topic"), ("kecamatan", "district")):
        for code in {getattr(report, code_of) for report in REPORTS} - {""}:
            found = reports_on(there[f"/laporan/{by}/{code}/"])
            assert found == [r.public_id for r in REPORTS if getattr(r, code_of) == code][: len(found)]
            assert found
    months = {f"{report.month:%Y-%m}" for report in REPORTS}
    assert {path.split("/")[3] for path in there if path.startswith("/laporan/bulan/")} == months
    assert {path for path in there if re.fullmatch(r"/laporan/P\d+/", path)} == {
        f"/laporan/{report.public_id}/" for report in REPORTS
    }
    assert not [path for path in there if "instansi" in path]  # there is one


@pytest.mark.parametrize("lang", ["", "en"])
def test_every_link_leads_to_a_page_and_every_page_is_led_to(shelf: Path, lang: str) -> None:
    there = pages(shelf, lang)
    led = {link for root in there.values() for link in links(root)}
    assert led <= set(there)
    start = f"/{lang}/laporan/".replace("//", "/")
    assert set(there) - led <= {start}
    assert not [link for root in there.values() for link in links(root) if not link.startswith(start)]
    other = "/laporan/" if lang else "/en/laporan/"
    for path, root in there.items():
        crossing = [a.attrib["href"] for a in root.iter("a") if a.get("hreflang")]
        assert crossing == [path.replace(start, other, 1)]


def test_a_page_says_all_that_is_public_and_nothing_else(shelf: Path) -> None:
    for report in REPORTS:
        said = text(pages_main(shelf, report))
        for part in (report.summary, report.answers[0].text, report.public_id):
            assert " ".join(part.split()) in said
        days = re.findall(r"\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2} (?:Januari|Februari|Maret|April|Mei|Juni|Juli)", said)
        assert days == []
        assert said.count("tidak disebut") == (1 if report.district else 2)


def pages_main(shelf: Path, report: PublicReport) -> Element:
    root = check_page((shelf / "laporan" / report.public_id / "index.html").read_text())
    (main,) = root.iter("main")
    return main


def test_each_title_is_its_own(shelf: Path) -> None:
    for lang in ("", "en"):
        titles = [text(next(root.iter("title"))) for root in pages(shelf, lang).values()]
        headings = [text(next(root.iter("h1"))) for root in pages(shelf, lang).values()]
        assert len(set(titles)) == len(titles)
        assert titles == [f"{heading} — Lapor Anonim" for heading in headings]


def test_no_page_weighs_more_than_fourteen_kilobytes(shelf: Path) -> None:
    heavy = sorted(pages(shelf), key=lambda path: -(shelf / path[1:] / "index.html.br").stat().st_size)[:3]
    with served(shelf) as origin:
        for path in [*heavy, "/laporan/"]:
            answers = visit(origin, path, (shelf / path[1:] / "index.html").read_text())
            total = sum(len(head) + len(body) for head, body in answers.values())
            assert total <= BUDGET, (path, total)


def test_no_page_has_a_script_or_a_style_of_its_own(shelf: Path) -> None:
    for root in pages(shelf).values():
        assert not [e for e in root.iter() if e.tag in ("script", "style") or "style" in e.attrib]


def test_officers_words_are_told_as_indonesian_on_english_pages(shelf: Path) -> None:
    for path, root in pages(shelf, "en").items():
        for element in root.iter():
            if re.match(r"(Ringkasan|Jawaban) \d", element.text or ""):
                inner = [e for e in root.iter() if e.get("lang") == "id" and element in list(e.iter())]
                assert inner, (path, element.text)


def test_nothing_published_says_so(frozen: Path) -> None:
    root = check_page((frozen / "laporan" / "index.html").read_text())
    assert "Belum ada laporan yang terbit." in text(root)
    assert list((frozen / "laporan").iterdir()) == [
        path for path in (frozen / "laporan").iterdir() if path.name.startswith("index.html")
    ]


def test_hostile_words_stay_words(freeze: Freeze) -> None:
    answer = PublicAnswer(date(2026, 1, 1), "kutim-dpupr", HOSTILE)
    folder = freeze((made(1, summary=HOSTILE, answers=(answer,)),))
    for root in pages(folder).values():
        assert "alert(1)" in text(root)
        assert not list(root.iter("script"))


def test_what_is_public_no_more_is_gone_with_its_page(freeze: Freeze) -> None:
    folder = freeze(REPORTS[:3])
    gone = REPORTS[0]
    assert (folder / "laporan" / gone.public_id / "index.html").exists()
    freeze(REPORTS[1:3], folder)
    assert not (folder / "laporan" / gone.public_id).exists()
    assert not [p for p in folder.rglob("*.html") if gone.summary in p.read_text()]


def test_codes_that_the_directory_forgot_are_shown_as_they_are(freeze: Freeze) -> None:
    folder = freeze((made(1, topic="dahulu", district="64.08.99", agency="dahulu-dinas"),))
    assert "dahulu" in text(pages(folder)["/laporan/topik/dahulu/"])
    assert "/laporan/kecamatan/64.08.99/" in pages(folder)


def test_several_governments_have_a_list_each(freeze: Freeze, directory: Directory) -> None:
    other = replace(directory.agencies["kutim"], code="lain", name="Kabupaten Lain", region="64.09")
    both = Directory({**directory.agencies, "lain": other}, directory.topics, directory.districts)
    folder = freeze((made(1), made(2, instance="lain")), directory=both)
    there = pages(folder)
    assert reports_on(there["/laporan/instansi/lain/"]) == ["P00000002"]
    assert "Kabupaten Lain" in text(there["/laporan/"])


@pytest.mark.every_day(2)
@pytest.mark.parametrize("body", ["{}", "[{}]", "x", '[{"public_id": "P1"}]', "null"])
def test_a_file_without_reports_is_told_in_a_sentence(tmp_path: Path, body: str) -> None:
    (tmp_path / "public.json").write_text(body)
    command = [sys.executable, str(ROOT / "site" / "freeze.py"), "--out", str(tmp_path / "out")]
    done = subprocess.run(
        [*command, "--publications", str(tmp_path / "public.json")], capture_output=True, text=True, check=False
    )
    if body == "{}":  # nothing in it: nothing is public
        assert done.returncode == 0, done.stderr
        return
    assert done.returncode == 1
    assert done.stderr.startswith("freeze: ")
    assert "Traceback" not in done.stderr


def test_the_command_line_takes_what_the_store_holds(tmp_path: Path) -> None:
    (tmp_path / "public.json").write_text(json.dumps(encode_public(REPORTS[:2])))
    command = [sys.executable, str(ROOT / "site" / "freeze.py"), "--out", str(tmp_path / "out")]
    subprocess.run([*command, "--publications", str(tmp_path / "public.json")], check=True, capture_output=True)
    assert len(pages(tmp_path / "out")) >= 3
