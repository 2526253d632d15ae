"""How long what a directory's file says may be, and that nothing is told of it that only follows from another fault."""

import pytest

from functions.casework.directory.check import check
from functions.casework.directory.tables import DirectoryFaultsError
from functions.casework.formats.event_words import LIMITS
from tests.casework.test_directory_import import AGENCIES, FILES, OFFICERS, faults, tables, with_line

HEAD = AGENCIES.partition("\n")[0]
LONG_ADDRESS = "@" + ".".join(["dinas-perhubungan-dan-perumahan-rakyat-kabupaten-contoh"] * 4) + ".id"


def agencies(name: str = "Dinas", once_below: str = "", spoken: str = "") -> dict[str, str]:
    """The files, with one unit of this name, these units above it before, and these spoken names."""
    rows = [row + ",," for row in AGENCIES.splitlines()]
    rows[0] = f"{HEAD},once_below,spoken"
    rows[5] = f'a2,"{name}",unit,,a,,,,,{once_below},"{spoken}"'
    return {**FILES, "agencies": "\n".join(rows)}


def told(files: dict[str, str]) -> list[str]:
    """What is wrong with these files; nothing if they are taken."""
    try:
        check(tables(files))
    except DirectoryFaultsError as error:
        return [str(fault) for fault in error.faults]
    return []


ONE_LINE = "agencies.csv:6: agency a2: {} must be one line of at most {}"


@pytest.mark.parametrize(
    ("files", "says"),
    [
        (agencies(name="D" * 200), ""),
        (agencies(name="D" * 201), ONE_LINE.format("name", 200)),
        (agencies(name="Dinas\tPerhubungan"), ONE_LINE.format("name", 200)),
        (agencies(spoken="Dishub, " * 125), ""),
        (agencies(spoken="d" * 1000), ""),
        (agencies(spoken="d" * 1001), ONE_LINE.format("spoken", 1000)),
        (agencies(spoken="Dishub,\tPak Kadis"), ONE_LINE.format("spoken", 1000)),
        (agencies(once_below="a0"), ""),
        (agencies(once_below="a0 removed-since"), ""),
        (agencies(once_below="-"), ""),
        (agencies(once_below="A0"), "agencies.csv:6: agency a2: once_below 'A0' is no list of codes"),
        (agencies(once_below="a0;a1"), "agencies.csv:6: agency a2: once_below 'a0;a1' is no list of codes"),
        (agencies(once_below="- a0"), "agencies.csv:6: agency a2: once_below '- a0' is no list of codes"),
    ],
)
def test_what_a_unit_may_be_called_and_stood_below(files: dict[str, str], says: str) -> None:
    found = told(files)
    assert len(found) == bool(says)
    assert not says or found[0].startswith(says)


@pytest.mark.parametrize(("signs", "taken"), [(254, True), (255, False)])
def test_an_address_is_as_long_as_mail_allows(signs: int, taken: bool) -> None:
    """RFC 5321, section 4.5.3.1.3: 256 with the angle brackets."""
    address = "petugas".ljust(signs - len(LONG_ADDRESS), "s") + LONG_ADDRESS
    assert len(address) == signs
    found = told(with_line("officers", 8, f"a-5,{address},a2,officer"))
    assert [fault.partition(": ")[0] for fault in found] == ([] if taken else ["officers.csv:8"])


LONGEST = {"about_agency": 64, "about_name": 200}


@pytest.mark.parametrize("code", ["c", "c" * 64, "c" * 65])
def test_a_code_has_64_signs_at_most(code: str) -> None:
    found = told(with_line("agencies", 0, f"{code},Dinas Lain,unit,,a,,,,"))
    assert bool(found) == (len(code) > 64)
    assert not found or "cannot be a code; write 1 to 64 small letters" in found[0]


def test_whom_a_report_accuses_is_sealed_by_the_longest_code_and_name_that_an_agency_may_have() -> None:
    assert {name: LIMITS[name] for name in LONGEST} == LONGEST


@pytest.mark.parametrize("table", ["agencies", "topics", "districts"])
def test_an_empty_table_is_told_without_a_line(table: str) -> None:
    rows = FILES[table].splitlines()[:1]
    found = [fault for fault in faults({**FILES, table: rows[0] + "\n"}) if "empty" in fault]
    assert found == [f"the directory: {table}: empty; at least one is needed"]


@pytest.mark.parametrize(
    ("files", "count"),
    [
        # a table whose every row is wrong is not empty
        ({**FILES, "topics": "code;name;name_en\njalan;Jalan;\npungli;;Levies\n"}, 2),
        ({**FILES, "districts": "code,name\n64.8.1,Satu\n"}, 1),
        # the first of two rows with one code counts
        (with_line("agencies", 0, "a0,Kominfo,unit,,b,,,,"), 1),
        (with_line("officers", 0, "a-1,koordinator@a.example.id,a,overseer"), 1),
        # whoever cannot be read is no officer too few
        ({**FILES, "officers": OFFICERS.replace("pemeriksa@a.", "pemeriksa.a.")}, 1),
    ],
)
def test_only_what_is_wrong_is_told(files: dict[str, str], count: int) -> None:
    assert len(faults(files)) == count


@pytest.mark.parametrize("villages", [0, 3, 999, 1000, 2001])
def test_the_progress_of_a_check_is_the_number_of_its_rows(villages: int) -> None:
    there = "".join(f"64.08.01.{2000 + n},Desa {n}\n" for n in range(villages))
    read = tables({**FILES, "villages": f"code,name\n{there}"})
    done: list[int] = []
    check(read, done.append)
    assert sum(done) == sum(map(len, read.values()))
    assert max(done) <= 1000


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("a0,Kominfo Lama,2026-01-31,a,", ""),
        ("gone,Dinas Lama,2026-01-31,a,a0", ""),
        (",Kominfo Lama,2026-01-31,a,", "former name of : code is missing"),
        ("a0,,2026-01-31,a,", "former name of a0: name is missing"),
        ("a0,Kominfo Lama,,a,", "former name of a0: until is missing"),
        ("a0,Kominfo Lama,kemarin,a,", "former name of a0: is no day; write it like 2026-08-18"),
        (f"a0,{'K' * 201},2026-01-31,a,", "former name of a0: name must be one line of at most 200"),
        ("A0,Kominfo Lama,2026-01-31,a,", "former name of A0: 'A0' cannot be a code"),
    ],
)
def test_what_a_former_name_may_say(row: str, says: str) -> None:
    found = told({**FILES, "former_names": f"code,name,until,instance,once_below\n{row}\n"})
    assert len(found) == bool(says)
    assert not says or found[0].startswith(f"former_names.csv:2: {says}")
