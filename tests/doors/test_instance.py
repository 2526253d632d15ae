"""A coordinator edits his own instance at the desk: shown first, written whole, nothing outside it, nothing lost."""

import csv
import io
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import pytest

from functions.casework.directory.agencies import Agency, AgencyKind, Directory, Member, Role
from functions.casework.directory.registers import DIRECTORY_REGISTER, decode_directory, encode_directory
from functions.casework.directory.trail import decode_trail
from functions.crypto.sign.links import Link
from functions.crypto.sign.mint import sign_link
from functions.storage.interface import Register
from functions.storage.registers.directory_trail import read_trail
from functions.storage.registers.staff import read_staff
from tests.markup import field, page, text
from tests.tending import hire
from tests.world import Desk, World

HTML = {"Accept": "text/html"}
KOMINFO = "Dinas Komunikasi, Informatika, Statistik dan Persandian"
HOME = "/desk/instance/"
CHANGES, OFFICERS = f"{HOME}changes", f"{HOME}officers"
ADD = {"act": "add", "code": "kutim-baru", "name": "Dinas Baru", "level": "opd", "parent": "kutim"}
CODE = re.compile(r'name="version" value="(\d+)"')


@pytest.fixture
def desk(world: World) -> Desk:
    return world.desk_of("kutim")


def standing(world: World) -> Directory:
    register = world.store.read_register(DIRECTORY_REGISTER)
    assert register
    return decode_directory(register.body)[0]


def days(world: World) -> frozenset[date]:
    register = world.store.read_register(DIRECTORY_REGISTER)
    assert register
    return decode_directory(register.body)[1]


def done(desk: Desk, path: str = CHANGES, **typed: str) -> Any:
    """Shown, then confirmed, as JSON."""
    shown = desk.post(path, typed)
    if shown.status_code != 200:
        return shown
    return desk.post(path, typed | {"confirm": "yes", "version": shown.get_json()["version"]})


def form(desk: Desk, path: str = CHANGES, **typed: str) -> Any:
    return desk.client.post(path, data=typed | {"csrf_token": desk.csrf}, headers=HTML)


def sit(world: World, ident: str, agency: str, role: Role, case_id: str = "") -> Desk:
    """Somebody's desk by a link of the courier's key."""
    hire(world.store, ident, agency, role)
    link = Link("x" * 8 + ident, ident, agency, role, "kutim", case_id, world.seconds - 60, world.seconds + 86400)
    return world.desk(sign_link(link, next(iter(world.deliver.officers.link_keys.keys.values()))))


def codes(answer: Any, status: int = 422) -> list[str]:
    assert answer.status_code == status, answer.text
    return [error["field"] for error in answer.get_json()["errors"]]


def messages(answer: Any) -> str:
    return " ".join(error["message"] for error in answer.get_json()["errors"])


def test_a_change_is_shown_confirmed_and_stands_with_its_trail(world: World, desk: Desk) -> None:
    root = page(form(desk, **ADD))
    assert "Unit baru: Dinas Baru (kutim-baru), di bawah Pemerintah Kabupaten Kutai Timur." in text(root)
    assert "tambahkan petugasnya" in text(root)
    assert world.store.read_register(DIRECTORY_REGISTER) is None
    kept = {i.get("name"): i.get("value") for i in root.iter("input") if i.get("type") == "hidden"}
    assert {name: kept[name] for name in ADD} == ADD
    assert (kept["version"], kept["confirm"]) == ("0", "yes")
    answer = form(desk, **{str(name): str(value) for name, value in kept.items()})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{HOME}?done=tend")
    assert standing(world).agencies["kutim-baru"].name == "Dinas Baru"
    home = page(desk.client.get(f"{HOME}?done=tend", headers=HTML))
    assert "Perubahan tersimpan" in text(home)
    assert "kutim-1" in text(home)
    version, trail = read_trail(world.store, "kutim")
    assert (version, trail.broken(), len(trail.entries)) == (1, None, 1)
    (entry,) = trail.entries
    assert (entry.on, entry.by, entry.version) == (world.today, "kutim-1", 1)


def test_a_unit_is_renamed_moved_and_removed(world: World, desk: Desk) -> None:
    assert done(desk, **ADD).get_json() == {"version": 1}
    moved = {"act": "change", "code": "kutim-baru", "name": "Dinas Lain", "level": "", "parent": "kutim-dlh"}
    shown = desk.post(CHANGES, moved).get_json()
    assert shown["changes"] == [
        "agencies: changed kutim-baru; name: Dinas Baru → Dinas Lain; parent: kutim → kutim-dlh; level: opd → –"
    ]
    assert done(desk, **moved).status_code == 200
    assert standing(world).agencies["kutim-baru"] == Agency("kutim-baru", "Dinas Lain", AgencyKind.UNIT, "kutim-dlh")
    gone = desk.post(CHANGES, {"act": "remove", "code": "kutim-baru"}).get_json()
    assert "tidak dikenali lagi sebagai terlapor" in gone["notes"][0]
    assert done(desk, act="remove", code="kutim-baru").get_json() == {"version": 3}
    assert "kutim-baru" not in standing(world).agencies
    assert "agency:kutim-baru" in world.store.revoked(["agency:kutim-baru"])
    assert [entry.version for entry in read_trail(world.store, "kutim")[1].entries] == [1, 2, 3]


def test_topics_and_days_off(world: World, desk: Desk) -> None:
    assert done(desk, act="topic", topic="jalan", unit="kutim-dishub").status_code == 200
    assert standing(world).topics["jalan"].unit == "kutim-dishub"
    assert done(desk, act="topic", topic="jalan", unit="").status_code == 200
    assert standing(world).topics["jalan"].unit == ""
    assert done(desk, act="day_off", day="18-08-2027").status_code == 200
    assert days(world) == {date(2027, 8, 18)}
    assert "tercatat" in messages(done(desk, act="day_off", day="2027-08-18"))
    assert done(desk, act="day_on", day="2027-08-18").status_code == 200
    assert days(world) == frozenset()


@pytest.mark.parametrize(
    ("typed", "fields", "says"),
    [
        ({"act": "apa"}, ["act"], "daftar"),
        ({**ADD, "code": "", "name": "", "parent": "", "level": "kota"}, ["code", "name", "level", "parent"], "Isi"),
        ({**ADD, "code": "Kutim Baru"}, ["code"], "huruf kecil"),
        ({**ADD, "code": "kutim-dlh"}, ["code"], "sudah dipakai"),
        ({**ADD, "code": "pusat"}, ["code"], "sudah dipakai"),
        ({**ADD, "name": "x" * 201}, ["name"], "200 huruf"),
        ({**ADD, "name": "a\nb"}, ["name"], "satu baris"),
        ({**ADD, "parent": "pusat"}, ["parent"], "daftar"),
        ({"act": "change", "code": "kutim-dlh", "name": "DLH", "parent": "kutim-dlh"}, ["parent"], "dirinya sendiri"),
        ({"act": "change", "code": "kutim-dlh", "name": "DLH", "parent": "pusat"}, ["parent"], "daftar"),
        ({"act": "change", "code": "kutim", "name": "Saya", "parent": "pusat"}, ["code"], "daftar"),
        ({"act": "change", "code": "pusat", "name": "Saya", "parent": "kutim"}, ["code"], "daftar"),
        (
            {"act": "change", "code": "kutim-inspektorat", "name": "Inspektorat Daerah", "parent": "kutim-dlh"},
            ["parent"],
            "pengelola",
        ),
        (
            {"act": "change", "code": "kutim-diskominfo", "name": KOMINFO, "parent": "kutim-dlh"},
            ["parent"],
            "pengelola",
        ),
        ({"act": "remove", "code": "kutim-diskominfo"}, ["code"], "pengelola"),
        ({"act": "remove", "code": "kutim-dlh"}, ["code"], "petugas"),
        ({"act": "remove", "code": "kutim-bkpsdm"}, ["code"], "petugas"),
        ({"act": "remove", "code": "pusat"}, ["code"], "daftar"),
        ({"act": "topic", "topic": "tidak-ada", "unit": ""}, ["topic"], "daftar"),
        ({"act": "topic", "topic": "jalan", "unit": "pusat"}, ["unit"], "daftar"),
        ({"act": "topic", "topic": "jalan", "unit": "kutim-dpupr"}, [""], "Tidak ada yang berubah"),
        ({"act": "day_off", "day": "besok"}, ["day"], "25-11-2026"),
        ({"act": "day_on", "day": "2027-08-18"}, ["day"], "bukan hari libur sendiri"),
    ],
)
def test_what_does_not_fit_is_told_at_its_field_and_changes_nothing(
    world: World, desk: Desk, typed: dict[str, str], fields: list[str], says: str
) -> None:
    for confirm in ({}, {"confirm": "yes", "version": "0"}):
        answer = desk.post(CHANGES, typed | confirm)
        assert codes(answer) == fields
        assert says in messages(answer)
    root = page(form(desk, **typed), 422)
    assert "Yang Anda tulis masih ada" in text(root)
    assert world.store.read_register(DIRECTORY_REGISTER) is None
    assert read_trail(world.store, "kutim")[0] == 0


def test_what_was_typed_stays_in_the_form_where_it_was(desk: Desk) -> None:
    root = page(form(desk, **ADD | {"code": "kutim-dlh"}), 422)
    assert field(root, "add-code").get("value") == "kutim-dlh"
    assert field(root, "add-name").get("value") == "Dinas Baru"
    assert field(root, "add-code").get("aria-invalid") == "true"
    assert [o.get("value") for o in field(root, "add-level").iter("option") if o.get("selected") is not None] == ["opd"]
    unit = page(form(desk, act="change", code="kutim-dlh", name="Baru", level="desa", parent="kutim-dlh"), 422)
    assert field(unit, "change-name").get("value") == "Baru"
    assert "dirinya sendiri" in text(unit)


def test_a_second_coordinator_at_once_is_told_what_changed_and_loses_nothing(world: World, desk: Desk) -> None:
    other = sit(world, "kutim-2", "kutim", Role.COORDINATOR)
    page(form(desk, **ADD))
    assert done(other, act="topic", topic="jalan", unit="").status_code == 200
    late = desk.post(CHANGES, ADD | {"confirm": "yes", "version": "0"})
    assert (late.status_code, late.get_json()["code"]) == (409, "directory_moved")
    root = page(form(desk, **ADD, confirm="yes", version="0"), 409)
    assert "Topik Jalan dan jembatan: biasanya ditangani tidak ada unit tetap (sebelumnya Dinas Pekerjaan Umum" in text(
        root
    )
    assert "Unit baru: Dinas Baru" in text(root)
    kept = {str(i.get("name")): str(i.get("value")) for i in root.iter("input") if i.get("type") == "hidden"}
    assert form(desk, **kept).status_code == 303
    assert standing(world).agencies["kutim-baru"]
    assert standing(world).topics["jalan"].unit == ""


def test_an_import_meanwhile_is_told_of_as_well(world: World, desk: Desk) -> None:
    world.store.write_registers([Register(DIRECTORY_REGISTER, 1, encode_directory(world.directory, ()))])
    root = page(form(desk, **ADD, confirm="yes", version="0"), 409)
    assert "Pengelola sistem mengimpor daftar baru." in text(root)


def test_the_trail_is_read_exported_and_every_link_holds(world: World, desk: Desk) -> None:
    done(desk, **ADD | {"name": "=1+1"})
    done(desk, act="day_off", day="2027-08-18")
    answer = desk.client.get(f"{HOME}trail.csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="perubahan-kutim.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [(row["n"], row["by"], row["version"]) for row in rows] == [("1", "kutim-1", "1"), ("2", "kutim-1", "2")]
    assert rows[0]["change"].startswith("agencies: added kutim-baru")
    _, trail = read_trail(world.store, "kutim")
    assert rows[1]["chain"] == trail.entries[1].chain.hex()
    for n, forged in enumerate(
        (
            replace(trail.entries[0], by="orang-lain"),
            replace(trail.entries[0], on=date(2026, 1, 1)),
            replace(trail.entries[0], version=7),
            replace(trail.entries[0], changes=()),
        )
    ):
        assert replace(trail, entries=(forged, trail.entries[1])).broken() == 1, n
    assert replace(trail, entries=trail.entries[1:]).broken() == 1
    register = world.store.read_register("changes:kutim")
    assert register
    with pytest.raises(ValueError, match="cannot be read"):
        decode_trail("kutim", register.body[:-3])


@pytest.mark.parametrize(
    ("ident", "agency", "role"),
    [
        ("dpupr-1", "kutim-dpupr", Role.OFFICER),
        ("inspektorat-1", "kutim-inspektorat", Role.INSPECTOR),
        ("pusat-1", "pusat", Role.CENTRE),
        ("sekda-1", "kutim", Role.OVERSEER),
    ],
)
def test_nobody_else_comes_in(world: World, ident: str, agency: str, role: Role) -> None:
    desk = sit(world, ident, agency, role)
    for path in (HOME, f"{HOME}units/kutim-dlh", f"{HOME}trail.csv"):
        assert desk.get(path).status_code == 404
    for path, typed in ((CHANGES, ADD), (OFFICERS, {"act": "remove_officer", "ident": "dpupr-1"})):
        for confirm in ({}, {"confirm": "yes", "version": "0"}):
            assert desk.post(path, typed | confirm).status_code == 404
    assert world.store.read_register(DIRECTORY_REGISTER) is None
    assert "Unit, topik" not in page_of(desk)


def page_of(desk: Desk) -> str:
    return str(desk.client.get("/desk/", headers=HTML).text)


def test_a_link_to_one_case_opens_no_instance(world: World) -> None:
    case_id = world.report()["tracking_id"]
    desk = sit(world, "kutim-1", "kutim", Role.COORDINATOR, case_id)
    assert desk.get(HOME).status_code == 404


def two_instances(world: World) -> None:
    """A second government in the same directory, with a topic of its own."""
    more = (
        Agency("bontang", "Kota Bontang", AgencyKind.INSTANCE, "pusat", "64.74", "bontang-1", "bontang-2"),
        Agency("bontang-1", "Diskominfo", AgencyKind.UNIT, "bontang"),
        Agency("bontang-2", "Inspektorat", AgencyKind.UNIT, "bontang"),
        Agency("bontang-3", "Dinas PU", AgencyKind.UNIT, "bontang"),
    )
    agencies = {**world.directory.agencies, **{agency.code: agency for agency in more}}
    topics = {**world.directory.topics, "jalan": replace(world.directory.topics["jalan"], unit="bontang-3")}
    whole = Directory(agencies, topics, world.directory.districts)
    world.store.write_registers([Register(DIRECTORY_REGISTER, 1, encode_directory(whole, ()))])
    roll = read_staff(world.store)
    staff = (
        *roll.members,
        Member("btg-1", "bontang", Role.COORDINATOR),
        Member("btg-2", "bontang-2", Role.INSPECTOR),
        Member("btg-3", "bontang-1", Role.CUSTODIAN),
        Member("btg-4", "bontang-2", Role.CUSTODIAN),
    )
    from functions.casework.directory.registers import STAFF_REGISTER, encode_staff

    world.store.write_registers([Register(STAFF_REGISTER, roll.version + 1, encode_staff(staff))])


@pytest.mark.parametrize(
    "typed",
    [
        {"act": "change", "code": "bontang-3", "name": "Milik saya", "level": "", "parent": "kutim"},
        {"act": "change", "code": "bontang-3", "name": "Milik saya", "level": "", "parent": "bontang"},
        {"act": "change", "code": "kutim-dlh", "name": "DLH", "level": "", "parent": "bontang"},
        {"act": "change", "code": "kutim-dlh", "name": "DLH", "level": "", "parent": "bontang-3"},
        {"act": "change", "code": "bontang", "name": "Milik saya", "level": "", "parent": "kutim"},
        {"act": "add", "code": "kutim-x", "name": "X", "level": "", "parent": "bontang-3"},
        {"act": "add", "code": "bontang-3", "name": "X", "level": "", "parent": "kutim"},
        {"act": "remove", "code": "bontang-3"},
        {"act": "topic", "topic": "jalan", "unit": "kutim-dpupr"},
        {"act": "topic", "topic": "air", "unit": "bontang-3"},
        {"act": "day_off", "day": "2027-08-18"},
        {"act": "day_on", "day": "2027-08-18"},
    ],
)
def test_what_stands_outside_his_instance_cannot_be_touched(world: World, desk: Desk, typed: dict[str, str]) -> None:
    two_instances(world)
    before = world.store.read_register(DIRECTORY_REGISTER)
    for forged in ({}, {"confirm": "yes", "version": "1", "instance": "bontang", "coordinator": "kutim-dlh"}):
        assert desk.post(CHANGES, typed | forged).status_code == 422
    assert world.store.read_register(DIRECTORY_REGISTER) == before


def test_fields_that_no_form_has_change_nothing(world: World, desk: Desk) -> None:
    """Kind, region, coordinator, channel and the like are passed over, also where somebody sends them."""
    forged = {
        "kind": "instance",
        "region": "64.99",
        "coordinator": "x",
        "inspectorate": "x",
        "channel": "open311:https://x.id",
    }
    assert done(desk, **ADD, **forged, once_below="-").status_code == 200
    assert standing(world).agencies["kutim-baru"] == Agency(
        "kutim-baru", "Dinas Baru", AgencyKind.UNIT, "kutim", level=standing(world).agencies["kutim-baru"].level
    )
    assert standing(world).agencies["kutim"] == world.directory.agencies["kutim"]


def test_another_governments_things_are_not_on_the_page(world: World, desk: Desk) -> None:
    two_instances(world)
    shown = desk.get(HOME).get_json()
    assert not [unit for unit in shown["units"] if unit["code"].startswith("bontang")]
    assert "jalan" not in [topic["code"] for topic in shown["topics"]]
    assert not [officer for officer in shown["officers"] if officer["ident"].startswith("btg")]
    assert shown["days_off"] is None
    assert desk.get(f"{HOME}units/bontang-3").status_code == 404
    root = page(desk.client.get(HOME, headers=HTML))
    assert "berlaku untuk beberapa pemerintah daerah" in text(root)
    assert "bontang" not in text(root)


def test_no_address_is_on_any_page(world: World, desk: Desk) -> None:
    for path in (HOME, f"{HOME}units/kutim-dlh", f"{HOME}trail.csv"):
        for headers in (HTML, {"Accept": "application/json"}):
            said = desk.client.get(path, headers=headers).text
            assert not re.findall(r"[\w.-]+@[\w.-]+", said), path


def test_the_pages_are_valid_in_english_too(desk: Desk) -> None:
    done(desk, **ADD)
    for path in (HOME, f"{HOME}units/kutim-dlh", f"{HOME}units/kutim-inspektorat"):
        root: Element = page(desk.client.get(f"{path}?lang=en", headers=HTML))
        assert root.get("lang") == "en"
    page(form(desk, act="remove", code="kutim-baru", lang="en"))


def test_a_store_without_the_staff_register_says_so_and_lets_no_unit_go(tmp_path: Path, world: World) -> None:
    world.store.write_registers([Register(DIRECTORY_REGISTER, 1, encode_directory(world.directory, ()))])
    with pytest.MonkeyPatch.context() as patched:
        read = world.store.read_register
        patched.setattr(type(world.store), "read_register", lambda _, name: None if name == "staff" else read(name))
        desk = world.desk_of("kutim")
        assert desk.get(HOME).get_json()["officers"] == []
        assert "init" in messages(desk.post(CHANGES, {"act": "remove", "code": "kutim-dlh"}))


def test_the_list_of_units_has_no_empty_column(desk: Desk) -> None:
    table = next(page(desk.client.get(HOME, headers=HTML)).iter("table"))
    columns = [text(th) for th in table.iter("th") if th.get("scope") == "col"]
    rows = [[text(td) for td in row.iter("td")] for row in table.iter("tr") if list(row.iter("td"))]
    for at in range(len(columns) - 1):
        assert any(row[at] not in ("", "–") for row in rows), columns[at + 1]
