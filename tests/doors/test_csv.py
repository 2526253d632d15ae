"""Tables for spreadsheets hold no formula, wherever a cell may begin: at commas, or at semicolons as in Indonesia."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.web.csv_answer import plain_cell
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


@given(st.text(st.sampled_from("=+-@;\n\r\t\"' ax1,"), max_size=20))
def test_no_text_at_all_does(text):
    cells = io.StringIO(newline="")
    csv.writer(cells, quoting=csv.QUOTE_ALL).writerow(["4F7K", plain_cell(text), "akhir"])
    assert formulas(cells.getvalue()) == []


@pytest.mark.parametrize("text", ["Rp 5.000,-", "a = b", "x;y", "KM 5-6", "nama@contoh.id"])
def test_what_starts_no_cell_stays(text):
    assert plain_cell(text) == text
    assert plain_cell(-5) == -5
