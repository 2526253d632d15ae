"""The directory's files as rows that know their place: which table a file is, and what is told of what is none."""

from datetime import date

import pytest

from functions.casework.directory.tables import (
    DirectoryFaultsError,
    Fault,
    Row,
    from_plain,
    merged,
    read_csv,
    read_toml,
    write_csv,
)


def told(file: str, text: str) -> list[str]:
    """What is wrong with a file; nothing if it is read."""
    try:
        (read_toml if file.endswith("toml") else read_csv)(file, text)
    except DirectoryFaultsError as error:
        return [str(fault) for fault in error.faults]
    return []


DAYS = "day\n2026-08-18\n"


@pytest.mark.parametrize(
    ("file", "table"),
    [
        ("holidays.csv", "holidays"),
        ("HOLIDAYS.CSV", "holidays"),
        ("/berkas/kutim-holidays.csv", "holidays"),
        ("kutim_holidays.csv", "holidays"),
        ("holidays.2027.csv", ""),
        ("kutimholidays.csv", ""),
        ("holidays-kutim.csv", ""),
        ("hari.csv", ""),
    ],
)
def test_a_files_name_says_which_table_it_is(file: str, table: str) -> None:
    if table:
        assert list(read_csv(file, DAYS)) == [table]
    else:
        assert told(file, DAYS)[0].startswith(f"{file}: which table is this? name it agencies, ")


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("code,name\n1,Satu\n", [("1", "Satu")]),
        ("code;name\n1;Satu\n", [("1", "Satu")]),
        ("code;name;also\n1;Satu, Dua;Kesatu, Pertama\n", [("1", "Satu, Dua")]),
        ("\ufeff Code , NAME \n1,Satu\n", [("1", "Satu")]),
        ("code,name\n 1 , Satu \n", [("1", "Satu")]),
        ('code,name\n1,"Satu, Dua"\n', [("1", "Satu, Dua")]),
        ("\n,\ncode,name\n\n1,Satu\n , \n2,Dua\n", [("1", "Satu"), ("2", "Dua")]),
        ("code,name\n", []),
    ],
)
def test_a_spreadsheets_rows_are_read_however_it_writes_them(text: str, rows: list[tuple[str, str]]) -> None:
    found = read_csv("districts.csv", text)["districts"]
    assert [(row.get("code"), row.get("name")) for row in found] == rows


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("", ["districts.csv:1: empty; the first line names the columns: code,name,also"]),
        ("\n\n,\n", ["districts.csv:1: empty; the first line names the columns: code,name,also"]),
        ("code\n1\n", ["districts.csv:1: column name is missing"]),
        ("\ncode,name,warna\n", ["districts.csv:2: column 'warna' is unknown; known are code, name, also"]),
        ("code,name,name\n", ["districts.csv:1: column name stands twice"]),
        (
            "code,name\n1\n2,Dua,Kedua\n3,Tiga\n",
            [
                f"districts.csv:{line}: {count} cells where the first line names 2 columns; "
                "put a cell with a comma in it in quotation marks"
                for line, count in ((2, 1), (3, 3))
            ],
        ),
        ('code,name\n1,"Satu\nDua"\n2\n', ["districts.csv:4: 1 cells where the first line names 2 columns; "]),
    ],
)
def test_every_line_that_cannot_be_read_is_told(text: str, faults: list[str]) -> None:
    found = told("districts.csv", text)
    assert len(found) == len(faults)
    assert all(fault.startswith(begin) for fault, begin in zip(found, faults, strict=True))


def test_what_is_written_is_read_as_the_same() -> None:
    rows = [{"code": "1", "name": 'Satu "Dua", Tiga; Empat', "also": ""}, {"code": "2", "name": "Lima\nEnam"}]
    read = read_csv("districts.csv", write_csv("districts", rows))["districts"]
    assert [dict(row.values) for row in read] == [{"also": "", **row} for row in rows]


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("[[agencies]]\ncode = 'a'\n", []),
        ("\n[[ agencies ]]\ncode = 5\n", ["d.toml:2: code: 5 is no text; put it in quotation marks"]),
        ("[[agencies]]\ncode = 'a'\n[[agencies]]\ncode = 1.5\n", ["d.toml:3: code: 1.5 is no text; "]),
        ("agencies = [{code = 'a'}, {code = 5}]\n", ["d.toml: agencies, entry 2: code: 5 is no text; "]),
        ("agencies = ['a']\n", ["d.toml: agencies, entry 1: is not a set of names and values"]),
        ("agencies = 'a'\n", ["d.toml: agencies: is not a list"]),
        ("\nholidays_own = 'lusa'\n", ["d.toml:2: holidays_own: is not a list"]),
        ("\nholidays_own = [2026-08-18, 5]\n", ["d.toml:2: day: 5 is no text; put it in quotation marks"]),
        ("warna = 1\n[[agency]]\ncode = 'a'\n", ["d.toml: warna: there is no ", "d.toml: agency: there is no such"]),
    ],
)
def test_what_is_no_table_in_toml_is_told_with_its_line_where_one_is_known(text: str, faults: list[str]) -> None:
    found = told("d.toml", text)
    wanted = sorted(faults)
    assert len(found) >= len(wanted)
    assert all(any(fault.startswith(begin) for fault in found) for begin in wanted)
    assert bool(found) == bool(faults)


def test_values_are_texts_and_days_of_an_installation_have_a_table() -> None:
    raw = {
        "topics": [{"code": "jalan", "public_work": True, "sensitive": False}],
        "holidays_own": [date(2026, 8, 18), "2026-08-19"],
        "districts": [],
    }
    assert from_plain(raw, "x") == {
        "topics": [Row({"code": "jalan", "public_work": "yes", "sensitive": "no"}, "x", 0)],
        "holidays": [Row({"day": "2026-08-18"}, "x", 0), Row({"day": "2026-08-19"}, "x", 0)],
        "districts": [],
    }


def test_a_fault_names_its_line_where_one_is_known() -> None:
    assert [str(Fault("x.csv", line, "empty")) for line in (0, 1, 2)] == [
        "x.csv: empty",
        "x.csv:1: empty",
        "x.csv:2: empty",
    ]


def test_a_row_that_comes_from_no_file_has_no_line() -> None:
    assert Row({"code": "a"}, "the store").line == 0


def places(table: str, *codes: str) -> dict[str, list[Row]]:
    return {table: [Row({"code": code}, "x") for code in codes]}


def test_where_files_bring_districts_alone_their_villages_stay() -> None:
    base = places("districts", "1.1", "1.2") | places("villages", "1.1.1", "1.2.1")
    assert merged(base, [places("districts", "1.2", "1.3")]) == places("districts", "1.2", "1.3") | places(
        "villages", "1.2.1"
    )
    both = places("districts", "1.1") | places("villages", "1.1.9")
    assert merged(base, [both]) == both
    assert merged(base, [places("topics", "jalan")]) == base | places("topics", "jalan")
    assert merged(places("districts", "1.1"), [places("districts", "1.2")]) == places("districts", "1.2")
    assert merged(base, [places("villages", "1.1.2"), places("villages", "1.2.2")]) == {
        **base,
        **places("villages", "1.1.2", "1.2.2"),
    }
