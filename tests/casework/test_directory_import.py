"""The directory's files: read with their lines, checked together, every fault named where it stands."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.casework.directory.agencies import Agency, AgencyKind, Directory, Level, Officer, Role, Village
from functions.casework.directory.check import check
from functions.casework.directory.diff import What, diff, uprooted, voided
from functions.casework.directory.registers import as_tables, decode_officers, encode_officers
from functions.casework.directory.tables import DirectoryFaultsError, from_plain, merged, read_csv, read_toml, write_csv
from functions.cli.directory.yaml_files import read_yaml
from tests import nation

DEMO = Path(__file__).parents[2] / "infra" / "demo"
AGENCIES = """code,name,kind,level,parent,region,coordinator,inspectorate,channel
top,Pusat,centre,,,,,,
a,Kabupaten A,instance,kabupaten,top,64.08,a0,a1,
a0,Kominfo,unit,opd,a,,,,
a1,Inspektorat,unit,,a,,,,desk
a2,"Dinas PU, Perumahan",unit,,a,,,,open311:https://pu.example.id/v2
b,Provinsi B,instance,provinsi,top,64,b0,b1,
b0,Kominfo B,unit,,b,,,,
b1,Inspektorat B,unit,,b,,,,
m,Kementerian M,instance,kementerian,top,,m0,m1,
m0,Biro Humas,unit,,m,,,,
m1,Inspektorat Jenderal,unit,,m,,,,
"""
TOPICS = """code;name;name_en;public_work;unit;sensitive
jalan;Jalan;Roads;ya;a2;
pungli;Pungli;Levies;;;yes
"""
DISTRICTS = "code,name\n64.08.01,Satu\n64.09.01,Di provinsi\n"
HOLIDAYS = "day\n2026-08-18\n"
OFFICERS = """ident,email,agency,role
top-1,admin@pusat.example.id,top,centre
top-2,ombudsman@pusat.example.id,top,overseer
a-1,koordinator@a.example.id,a,coordinator
a-2,pemeriksa@a.example.id,a1,inspector
a-3,Kustodian1@a.example.id ,a0,custodian
a-4,kustodian2@a.example.id,a1,custodian
a-5,petugas@a.example.id,a2,officer
a-6,sekda@a.example.id,a,overseer
b-1,koordinator@b.example.id,b,coordinator
b-2,pemeriksa@b.example.id,b1,officer
b-3,kustodian1@b.example.id,b0,custodian
b-4,kustodian2@b.example.id,b1,custodian
m-1,koordinator@m.example.id,m,coordinator
m-2,pemeriksa@m.example.id,m1,inspector
m-3,kustodian1@m.example.id,m0,custodian
m-4,kustodian2@m.example.id,m1,custodian
"""
FILES = {"agencies": AGENCIES, "topics": TOPICS, "districts": DISTRICTS, "holidays": HOLIDAYS, "officers": OFFICERS}


def tables(files: Mapping[str, str] = FILES):
    return merged({}, [read_csv(f"{name}.csv", text) for name, text in files.items()])


def faults(files: Mapping[str, str]) -> list[str]:
    with pytest.raises(DirectoryFaultsError) as caught:
        check(tables(files))
    return [str(fault) for fault in caught.value.faults]


def with_line(table: str, number: int, line: str) -> dict[str, str]:
    """The files with one line of one of them changed; 0 adds it at the end."""
    lines = FILES[table].splitlines()
    if number:
        lines[number - 1] = line
    else:
        lines.append(line)
    return {**FILES, table: "\n".join(lines) + "\n"}


def test_good_files_become_a_directory():
    checked = check(tables())
    directory = checked.directory
    assert directory.agencies["a"].level is Level.KABUPATEN
    assert directory.agencies["a2"] == Agency(
        "a2", "Dinas PU, Perumahan", AgencyKind.UNIT, "a", channel="open311:https://pu.example.id/v2"
    )
    assert [instance.code for instance in directory.instances()] == ["a", "b", "m"]
    assert directory.topics["jalan"].public_work
    assert not directory.topics["jalan"].sensitive
    assert directory.topics["pungli"].sensitive
    assert directory.instance_of_district("64.08.01").code == "a"
    assert directory.instance_of_district("64.09.01").code == "b"  # no regency of it is there: its province
    assert checked.holidays == {date(2026, 8, 18)}
    assert checked.officers[4] == Officer("a-3", "kustodian1@a.example.id", "a0", Role.CUSTODIAN)


@pytest.mark.parametrize(
    ("table", "number", "line", "at", "says"),
    [
        ("agencies", 6, "a2,Dinas,unit,,nirgends,,,,", 6, "parent nirgends is unknown"),
        ("agencies", 6, "a2,Dinas,unit,,,,,,", 6, "parent is missing"),
        ("agencies", 10, "m,Kota M,instance,kota,a,64.74,m0,m1,", 10, "its parent a is of kind instance"),
        ("agencies", 6, "a2,Dinas,unit,,a2,,,,", 6, "form a circle: a2 → a2"),
        ("agencies", 6, "a2,Dinas,raja,,a,,,,", 6, "kind 'raja' is unknown"),
        ("agencies", 6, "a2,Dinas,unit,kerajaan,a,,,,", 6, "level 'kerajaan' is unknown"),
        ("agencies", 6, "a2,Dinas,unit,kota,a,,,,", 6, "level kota is for the kind instance"),
        ("agencies", 6, "a2,,unit,,a,,,,", 6, "name is missing"),
        ("agencies", 6, 'a2,"Dinas\nBaru",unit,,a,,,,', 6, "one line"),
        ("agencies", 6, "A 2,Dinas,unit,,a,,,,", 6, "cannot be a code"),
        ("agencies", 6, "../a2,Dinas,unit,,a,,,,", 6, "cannot be a code"),
        ("agencies", 6, "karantina:a0,Dinas,unit,,a,,,,", 6, "cannot be a code"),
        ("agencies", 6, "a2,Dinas,unit,,a,,,,fax", 6, "channel 'fax' is unknown"),
        ("agencies", 6, "a2,Dinas,unit,,a,,,,open311:http://x", 6, "channel"),
        ("agencies", 6, "a2,Dinas,unit,kecamatan,a,64.8,,,", 6, "write 64.08.04"),
        ("agencies", 6, "a2,Dinas,unit,desa,a,64.08.04,,,", 6, "write 64.08.04.2001"),
        ("agencies", 0, "a2,Dinas,unit,,a,,,,", 13, "first at agencies.csv:6"),
        ("agencies", 3, "a,Kabupaten A,instance,kabupaten,top,64.8,a0,a1,", 3, "write 64.08"),
        ("agencies", 3, "a,Kabupaten A,instance,,top,6408,a0,a1,", 3, "region '6408'"),
        ("agencies", 3, "a,Kabupaten A,instance,,top,,a0,a1,", 3, "region (Kemendagri code) is missing"),
        ("agencies", 3, "a,Kabupaten A,instance,,top,64.08,b0,a1,", 3, "coordinator must be one of its own units"),
        ("agencies", 3, "a,Kabupaten A,instance,,top,64.08,a0,,", 3, "inspectorate must be one of its own units"),
        ("agencies", 3, "a,Kabupaten A,instance,,,64.08,a1,a1,", 3, "who reads a report about its coordinator"),
        ("agencies", 10, "m,Kementerian M,instance,kementerian,top,12,m0,m1,", 10, "write nothing"),
        ("agencies", 10, "m,Kota M,instance,kota,top,64.08,m0,m1,", 10, "region 64.08 is that of a already"),
        ("topics", 2, "jalan;Jalan;Roads;ya;nirgends;", 2, "unit nirgends is unknown"),
        ("topics", 2, "jalan;Jalan;Roads;mungkin;a2;", 2, "public_work 'mungkin' is neither yes nor no"),
        ("topics", 2, "jalan;Jalan;;ya;a2;", 2, "name_en is missing"),
        ("districts", 2, "65.08.01,Satu", 2, "no instance for district 65.08.01"),
        ("districts", 2, "64.8.1,Satu", 2, "write it like 64.08.04"),
        ("holidays", 2, "18-08-2026", 2, "write it like 2026-08-18"),
        ("officers", 8, "a-5,petugas@a.example.id,nirgends,officer", 8, "agency nirgends is not in the directory"),
        ("officers", 8, "a-5,petugas@a.example.id,a,officer", 8, "the role officer belongs to a unit"),
        ("officers", 8, "a-5,petugas@a.example.id,a2,overseer", 8, "overseer belongs to a centre or a instance"),
        ("officers", 8, "a-5,petugas@a.example.id,a2,raja", 8, "role 'raja' is unknown"),
        ("officers", 8, "a-5,petugas,a2,officer", 8, "e-mail 'petugas' is no address"),
        ("officers", 8, "a-4,petugas@a.example.id,a2,officer", 8, "is an officer of a1 already (officers.csv:7)"),
        ("officers", 8, "a-4,petugas@a.example.id,a1,officer", 8, "first at officers.csv:7"),
        ("officers", 8, "a-5,koordinator@b.example.id,a2,officer", 10, "is the address of a-5 of a2 already"),
        ("officers", 8, ",petugas@a.example.id,a2,officer", 8, "ident is missing"),
        ("officers", 4, "a-1,koordinator@a.example.id,a2,officer", 3, "has no officer with the role coordinator"),
        ("officers", 5, "a-2,pemeriksa@a.example.id,a2,officer", 3, "its inspectorate a1 has no officer"),
        ("officers", 7, "a-4,kustodian2@a.example.id,a0,custodian", 3, "no two custodians of different agencies"),
    ],
)
def test_one_wrong_line_is_one_fault_with_its_place(table, number, line, at, says):
    found = [fault for fault in faults(with_line(table, number, line)) if f":{at}: " in fault]
    assert len(found) == 1
    assert says in found[0]
    assert ": " in found[0].partition(f":{at}: ")[2]


def test_what_follows_from_a_fault_is_not_told_with_it():
    # The unit cannot be read; nobody says that its officer's agency, a topic's unit or a parent is unknown.
    assert len(faults(with_line("agencies", 6, "a2,Dinas,raja,,a,,,,"))) == 1
    assert len(faults(with_line("officers", 7, "a-4,kustodian2@a.example.id,a1,kustodian"))) == 1


def test_all_faults_come_at_once_in_the_order_of_the_lines():
    wrong = {
        **FILES,
        "agencies": AGENCIES.replace("a2,", "A2,").replace("b1,Inspektorat B,unit,,b", "b1,Inspektorat B,unit,,c"),
        "officers": OFFICERS.replace("officer\n", "kepala\n"),
        "districts": DISTRICTS.replace("64.08.01", "64.8.01"),
    }
    places = [fault.partition(": ")[0] for fault in faults(wrong)]
    assert places == [
        "agencies.csv:6",
        "agencies.csv:7",
        "agencies.csv:9",
        "districts.csv:2",
        "officers.csv:8",
        "officers.csv:11",
        "topics.csv:2",
    ]


def test_a_circle_is_told_once_with_the_way_round():
    ring = AGENCIES + "c1,Satu,unit,,c3,,,,\nc2,Dua,unit,,c1,,,,\nc3,Tiga,unit,,c2,,,,\nc4,Ekor,unit,,c1,,,,\n"
    (fault,) = faults({**FILES, "agencies": ring})
    assert fault.startswith("agencies.csv:13: ")
    assert "c1 → c3 → c2 → c1" in fault


@given(st.lists(st.integers(0, 9), min_size=10, max_size=10))
def test_circles_are_found_whatever_the_parents(parents):
    rows = "".join(f"u{n},U,unit,,u{parent},,,,\n" for n, parent in enumerate(parents))
    told = "\n".join(faults({**FILES, "agencies": AGENCIES + rows}))
    circles = set()
    for start in range(10):
        walked = [start]
        while parents[walked[-1]] not in walked:
            walked.append(parents[walked[-1]])
        circle = walked[walked.index(parents[walked[-1]]) :]
        circles.add(frozenset(circle))
    assert told.count("form a circle") == len(circles)


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("agencies.csv", "code,name\nx,X\n", "agencies.csv:1: column kind is missing"),
        ("agencies.csv", "code,name,kind,warna\n", "agencies.csv:1: column 'warna' is unknown"),
        ("agencies.csv", "code,code,name,kind\n", "agencies.csv:1: column code stands twice"),
        ("agencies.csv", "", "agencies.csv:1: empty"),
        ("agencies.csv", "code,name,kind\n\nx,Dinas PU, Perumahan,unit\n", "agencies.csv:3: 4 cells"),
        ("agencies.csv", "code,name,kind\nx,X\n", "agencies.csv:2: 2 cells"),
        ("agencies.csv", 'code,name,kind\nx,"X' + "x" * 200_000, "agencies.csv:2: not CSV"),
        ("daftar.csv", "code,name\n", "daftar.csv: which table is this?"),
    ],
)
def test_what_is_no_table_is_told_with_its_line(name, text, says):
    with pytest.raises(DirectoryFaultsError) as caught:
        read_csv(name, text)
    assert str(caught.value).startswith(says)


def test_lines_are_those_of_the_file_whatever_spreadsheets_do_to_it():
    text = '\ufeffCode;Name ;kind\r\n;;\r\n\r\nx;"two\r\nlines";unit\r\ny;Y;unit\r\n'
    rows = read_csv("/daftar/kutim-agencies.csv", text)["agencies"]
    assert [(row.line, row.get("code")) for row in rows] == [(4, "x"), (6, "y")]


def test_toml_as_today_stays_possible_and_knows_its_lines():
    text = (DEMO / "kutai-timur.toml").read_text()
    found = merged({}, [read_toml("kutai-timur.toml", text), read_toml("o", (DEMO / "officers.toml").read_text())])
    checked = check(found)
    assert len(checked.directory.districts) == 18
    lines = text.splitlines()
    for table in ("agencies", "topics", "districts"):
        assert [lines[row.line - 1] for row in found[table]] == [f"[[{table}]]"] * len(found[table])
    with pytest.raises(DirectoryFaultsError, match=r"x\.toml:2: .*region: 64\.08 is no text; put it in quotation"):
        read_toml("x.toml", '\n[[agencies]]\ncode = "a"\nregion = 64.08\n')
    with pytest.raises(DirectoryFaultsError, match=r"x\.toml: not valid TOML"):
        read_toml("x.toml", f"code = {'[' * 9_999}")
    with pytest.raises(DirectoryFaultsError, match=r"x\.toml: not valid TOML"):
        read_toml("x.toml", "= 1")
    with pytest.raises(DirectoryFaultsError, match="warna: there is no such table"):
        read_toml("x.toml", "warna = 1\n")
    with pytest.raises(DirectoryFaultsError, match=r"x\.toml:2: day off lusa: is no day"):
        check(merged(tables(), [read_toml("x.toml", '\nholidays_own = ["lusa"]\n')]))


def as_yaml() -> str:
    """The same tables as YAML, codes without quotation marks."""
    rows = tables()
    out = ["holidays_own:", "  - 2026-08-18"]
    for table in ("agencies", "topics", "districts", "officers"):
        out.append(f"{table}:")
        for row in rows[table]:
            entries = [f"{name}: {json.dumps(value) if ',' in value else value}" for name, value in row.values.items()]
            out += ["  - " + entries[0], *("    " + entry for entry in entries[1:])]
    return "\n".join(out) + "\n"


def test_yaml_says_the_same_and_keeps_codes_as_they_are_written():
    text = as_yaml()
    assert "region: 64.08\n" in text
    found = read_yaml("daftar.yaml", text)
    assert check(found) == check(tables())
    lines = text.splitlines()
    for table in ("agencies", "districts"):
        assert [row.get("code") in lines[row.line - 1] for row in found[table]] == [True] * len(found[table])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: [", r"d\.yaml:\d: not valid YAML"),
        ("agencies:\n\t- x\n", r"d\.yaml:2: not valid YAML"),
        ("- a\n- b\n", r"d\.yaml:1: not a set of tables"),
        ("", r"d\.yaml:1: not a set of tables"),
        ("warna: []\n", r"d\.yaml:1: warna: there is no such table"),
        ("agencies: lusa\n", r"d\.yaml:1: agencies: is not a list"),
        ("agencies:\n  - code: a\n  - [b]\n", r"d\.yaml:3: is not a set"),
        ("agencies:\n  - code: [a, b]\n", r"d\.yaml:2: holds a list"),
        ("agencies:\n  - code: a\n    code: b\n", r"d\.yaml:2: code stands twice"),
        ("agencies:\n  - ? [a]\n    : b\n", r"d\.yaml:2: holds a list"),
        ("? [a]\n: b\n", r"d\.yaml:1: a list or a set: there is no such table"),
        ("a: \x00", "not valid YAML"),
    ],
)
def test_what_is_no_yaml_of_ours_is_told_with_its_line(text, says):
    with pytest.raises(DirectoryFaultsError, match=says):
        read_yaml("d.yaml", text)


def test_yaml_makes_no_objects_and_no_bomb():
    tag = "agencies:\n  - code: !!python/object/apply:os.system [echo]\n"
    with pytest.raises(DirectoryFaultsError, match="holds a list"):
        read_yaml("d.yaml", tag)
    levels = "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]\n" for n in range(1, 30))
    bomb = "l0: &l0 [lol]\n" + levels + "agencies: *l29\n"
    with pytest.raises(DirectoryFaultsError) as caught:
        read_yaml("d.yaml", bomb)
    assert len(caught.value.faults) < 100


def test_a_table_of_a_file_replaces_and_the_others_stay():
    base = tables()
    new = merged(base, [read_csv("topics.csv", "code,name,name_en\nair,Air,Water\n")])
    assert list(check(new).directory.topics) == ["air"]
    assert check(new).officers == check(base).officers
    two = merged(base, [read_csv("a-topics.csv", "code,name,name_en\nair,Air,Water\n"), {"topics": base["topics"]}])
    assert list(check(two).directory.topics) == ["air", "jalan", "pungli"]


def test_what_stands_is_written_and_read_as_the_same():
    checked = check(tables())
    rows = as_tables(checked.directory, checked.holidays, checked.officers, "in the store")
    assert check(rows) == checked
    written = {table: write_csv(table, [row.values for row in found]) for table, found in rows.items()}
    assert check(tables(written)) == checked
    assert decode_officers(encode_officers(checked.officers)) == checked.officers


def test_the_difference_is_told_field_by_field():
    old = check(tables())
    assert diff(old, old) == ()
    text = (
        AGENCIES.replace("Kominfo B", "Diskominfo B").replace("a2,", "a3,").replace("m0,Biro Humas,unit,,m,,,,\n", "")
    )
    text += "m0,Biro Humas,unit,,m,,,,\n"
    files = {**FILES, "agencies": text, "topics": TOPICS.replace(";a2;", ";;").replace(";;;yes", ";ya;;ya")}
    files["officers"] = OFFICERS.replace(",a2,officer", ",a3,officer").replace("pemeriksa@b", "pengawas@b")
    files["holidays"] = "day\n2026-08-19\n"
    new = check(tables(files))
    assert {str(change) for change in diff(old, new)} == {
        "agencies: added a3",
        "agencies: removed a2",
        "agencies: changed b0; name: Kominfo B → Diskominfo B",
        "agencies: another order",
        "topics: changed jalan; unit: a2 → –",
        "topics: changed pungli; public_work: no → yes",
        "holidays: added 2026-08-19",
        "holidays: removed 2026-08-18",
        "officers: changed a-5; agency: a2 → a3",
        "officers: changed b-2; email: pemeriksa@b.example.id → pengawas@b.example.id",
    }
    assert voided(old, new) == ("officer:a-5", "officer:b-2", "agency:a2")
    assert [agency.code for agency in uprooted(old.directory, new.directory)] == ["a2"]
    assert {change.what for change in diff(new, old)} == set(What)


def test_a_unit_that_goes_to_another_government_is_uprooted_one_that_goes_deeper_is_not():
    old = check(tables()).directory

    def moved(parent: str) -> Directory:
        return replace(old, agencies={**old.agencies, "a2": replace(old.agencies["a2"], parent=parent)})

    assert uprooted(old, moved("a0")) == ()
    assert [agency.code for agency in uprooted(old, moved("b"))] == ["a2"]
    promoted = replace(old.agencies["a2"], kind=AgencyKind.INSTANCE)
    assert [a.code for a in uprooted(old, replace(old, agencies={**old.agencies, "a2": promoted}))] == ["a2"]


class Counting(dict):
    """Counts how often it is looked into."""

    looks = 0

    def __getitem__(self, key):
        self.looks += 1
        return super().__getitem__(key)

    def values(self):
        self.looks += len(self)
        return super().values()


def looks(instances: int) -> int:
    """How often the agencies of a nation of so many instances are looked into by what a page asks."""
    head, *rows = nation.agencies(instances)
    found = check(from_plain({"agencies": [dict(zip(head, row, strict=True)) for row in rows]}, "x") | PLAIN)
    agencies = Counting(found.directory.agencies)
    directory = Directory(agencies, {}, {})
    last = list(nation.instances(instances))[-1][0]
    directory.units(last)  # makes the index
    agencies.looks = 0
    assert len(directory.units(last)) == nation.UNITS
    assert len(directory.units("prov-12")) == nation.UNITS
    assert directory.lineage(f"{last}-3") == (f"{last}-3", last, "pusat")
    assert directory.instance_of(f"{last}-3").code == last
    assert directory.instance_of_district("12.01.01")
    assert len(directory.instances()) == instances
    return agencies.looks


PLAIN = from_plain(
    {
        "topics": [{"code": "jalan", "name": "Jalan", "name_en": "Roads"}],
        "districts": [{"code": "11.01.01", "name": "Satu"}],
    },
    "x",
)


def test_a_nation_costs_a_page_no_more_than_a_province():
    assert looks(700) == looks(70) > 0


def test_a_nations_villages_are_gone_through_once():
    codes = [f"11.01.{district:02}.{number}" for number in (2002, 2001) for district in (1, 2)]
    villages = Counting({code: Village(code, "Suka Maju") for code in codes})
    directory = Directory({}, {}, {}, villages=villages)
    assert [village.code for village in directory.villages_of("11.01.02")] == ["11.01.02.2002", "11.01.02.2001"]
    villages.looks = 0
    assert [village.code for village in directory.villages_of("11.01.01")] == ["11.01.01.2002", "11.01.01.2001"]
    assert directory.villages_of("11.01.03") == ()
    assert villages.looks == 0
