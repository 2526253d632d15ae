"""Tables for spreadsheets hold no formula, wherever a cell may begin: at commas, or at semicolons as in Indonesia."""

import csv
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from functions.web.file_answer import CELL_MAX, XLSX, plain_cell, xlsx_answer
from tests.world import World

STARTS = ("=", "+", "-", "@", "|", "%", "＝")
READERS = [(",", csv.QUOTE_MINIMAL), *((sep, how) for sep in ";\t" for how in (csv.QUOTE_MINIMAL, csv.QUOTE_NONE))]
EVIL = ["x;=1+1;y", "x\n=cmd|' /C calc'!A0", 'a;"=1+1"', "=1", " =1", "a\t@SUM(1)", "x;\r\n+1", "x; \u00a0=1", ";;=1", "'=1;=1"]  # fmt: skip


def formulas(text: str) -> list[str]:
    """Cells that a spreadsheet would calculate, however it parts cells. At commas it heeds quotes."""
    found = []
    for separator, quoting in READERS:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, quoting=quoting):
            found += [cell for cell in row if cell.strip(' "\u00a0\n\r').startswith(STARTS)]
    return found


@pytest.mark.parametrize("evil", EVIL)
def test_a_reports_words_start_no_cell_of_their_own(world: World, evil: str) -> None:
    report = world.report(body=f"Lampu mati. {evil}", subject=evil)
    desk = world.desk_of("kutim")
    answer = desk.post(f"/desk/cases/{report['tracking_id']}/sp4n/file", {})
    assert answer.status_code == 200
    assert formulas(answer.text.removeprefix("\ufeff")) == []


@pytest.mark.parametrize("evil", EVIL)
def test_in_a_workbook_the_words_stay_words_as_they_are(world: World, evil: str) -> None:
    report = world.report(body=f"Lampu mati. {evil}", subject=evil)
    desk = world.desk_of("kutim")
    case = desk.get(f"/desk/cases/{report['tracking_id']}").get_json()
    answer = desk.post(f"/desk/cases/{report['tracking_id']}/sp4n/file", {"format": "xlsx"})
    assert (answer.status_code, answer.content_type) == (200, XLSX)
    assert answer.headers["Content-Disposition"].endswith('.xlsx"')
    heads, row = load_workbook(io.BytesIO(answer.data)).active.iter_rows()
    assert {cell.data_type for cell in (*heads, *row)} == {"s"}
    cells = dict(zip((cell.value for cell in heads), (cell.value for cell in row), strict=True))
    assert (cells["judul"], cells["isi"]) == (case["subject"], case["messages"][0]["body"])


def test_a_workbook_tells_not_when_it_was_made_and_keeps_numbers(world: World) -> None:
    with world.desk_app.test_request_context():
        one, other = (xlsx_answer("a.xlsx", ["n", "isi"], [[1, "=1+1"], [2, "x" * 40_000]]).data for _ in range(2))
    assert one == other
    book = load_workbook(io.BytesIO(one))
    assert book.properties.created.date() == date(2026, 1, 1)
    assert [[cell.data_type for cell in row] for row in book.active.iter_rows()] == [["s", "s"], ["n", "s"], ["n", "s"]]
    assert [len(str(row[1].value)) for row in book.active.iter_rows(min_row=2)] == [4, CELL_MAX]


def test_the_trail_of_the_directory_comes_as_a_workbook_to_who_reads_it(world: World) -> None:
    answer = world.desk_of("kutim").get("/desk/instance/trail.xlsx")
    assert (answer.status_code, answer.content_type) == (200, XLSX)
    names = [cell.value for cell in next(load_workbook(io.BytesIO(answer.data)).active.iter_rows())]
    assert names == ["n", "on", "by", "version", "change", "chain"]
    assert world.desk_of("kutim-dishub").get("/desk/instance/trail.xlsx").status_code == 404


@given(st.text(st.sampled_from("=+-@;\n\r\t\"' ax1,"), max_size=20))
def test_no_text_at_all_does(text):
    cells = io.StringIO(newline="")
    csv.writer(cells, quoting=csv.QUOTE_ALL).writerow(["4F7K", plain_cell(text), "akhir"])
    assert formulas(cells.getvalue()) == []


@pytest.mark.parametrize("text", ["Rp 5.000,-", "a = b", "x;y", "KM 5-6", "nama@contoh.id"])
def test_what_starts_no_cell_stays(text):
    assert plain_cell(text) == text
    assert plain_cell(-5) == -5
