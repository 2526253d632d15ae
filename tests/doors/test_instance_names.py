"""Names decide who is accused: what a coordinator, perhaps the accused's friend, can do with them, and who is told."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from functions.actions.courier.directory_mail import BY_OPS
from functions.casework.access import Viewer, is_accused, rights
from functions.casework.case import CaseHead
from functions.casework.directory.agencies import Directory, Role
from functions.casework.directory.diff import Change, What
from functions.casework.directory.registers import DIRECTORY_REGISTER, decode_directory, encode_directory, pack, unpack
from functions.casework.directory.trail import IMPORTS, Trail, encode_trail
from functions.storage.interface import Notice, Register
from functions.storage.registers.directory_trail import change_notice, read_trail, trail_register
from functions.web import dates
from tests.markup import page, text
from tests.tending import CHANGES, HTML, TendWorld, done, empty
from tests.world import Desk

HISTORY = "/desk/instance/history/"
INSPECTOR, OVERSEER = "pemeriksa1@inspektorat.example.id", "pengawas1@sekda.example.id"
DISHUB, DLH = "Dinas Perhubungan", "Dinas Lingkungan Hidup"


@pytest.fixture
def world(tmp_path: Path) -> TendWorld:
    made = TendWorld(tmp_path)
    made.submit = replace(made.submit, directory=made.directory)  # the form shows what stands
    return made


@pytest.fixture
def desk(world: TendWorld) -> Desk:
    return world.desk_of("kutim")


def rename(desk: Desk, code: str, name: str) -> Any:
    return done(desk, act="change", code=code, name=name, level="", parent="kutim")


def add(desk: Desk, code: str, name: str) -> Any:
    return done(desk, act="add", code=code, name=name, level="opd", parent="kutim")


def refused(answer: Any, field: str = "name") -> str:
    """The sentence of a refusal, which stands at one field."""
    assert answer.status_code == 422, answer.text
    (error,) = answer.get_json()["errors"]
    assert error["field"] == field
    return str(error["message"])


def letters(world: TendWorld, since: int = 0) -> dict[str, str]:
    """Who was told of a change of the directory, and in which words."""
    world.run_courier()
    told = [letter for letter in world.mailbox.letters[since:] if "Daftar instansi berubah" in letter.subject]
    assert len({letter.message_id for letter in told}) == len(told)
    return {letter.to: " ".join(letter.text.split()) for letter in told}


def reads(world: TendWorld, agency: str, head: CaseHead) -> bool:
    return rights(Viewer("siapa-1", agency, Role.OFFICER), head, world.directory).words


def offered(world: TendWorld) -> dict[str, str]:
    """The codes that the form gives back under each name, as a reporter sees it whose form had a fault."""
    answer = world.intake.post("/api/reports", data={"kind": "pengaduan"}, headers=HTML)
    select = re.search(r'<select id="about_agency".*?</select>', answer.text, re.DOTALL)
    assert select
    return dict(reversed(pair) for pair in re.findall(r'<option value="([^"]+)">([^<]+)<', select[0]))


def test_a_swap_of_two_names_opens_no_report_to_those_it_accuses(world: TendWorld, desk: Desk) -> None:
    """The attack: the reporter picks Dishub by its name, and Dishub's officers read the report."""
    world.today = datetime.now(UTC).date()  # the form's own day: for a year it says what a unit was called
    rename(desk, "kutim-dishub", "Dinas Urusan Jalan")
    answers = rename(desk, "kutim-dlh", DISHUB), rename(desk, "kutim-dishub", DLH)
    (picked,) = (code for name, code in offered(world).items() if DISHUB in name)
    case_id = world.report(about_agency=picked)["tracking_id"]
    head = replace(world.store.read_head(case_id), holder="kutim-dishub")
    assert not reads(world, "kutim-dishub", head), f"picked {picked} under the name {DISHUB}"
    assert "kutim-dishub" in refused(answers[0])
    assert "kutim-dlh" in refused(answers[1])


def test_of_the_one_legal_rename_those_who_watch_and_the_unit_are_told(world: TendWorld, desk: Desk) -> None:
    since = len(world.mailbox.letters)
    assert rename(desk, "kutim-dishub", "Dinas Urusan Jalan").status_code == 200
    waiting = [entry for entry in world.store.waiting() if entry.notice is Notice.DIRECTORY_CHANGED]
    assert [(entry.agency, entry.count, entry.sealed, entry.words) for entry in waiting] == [("kutim", 1, b"", b"")]
    told = letters(world, since)
    assert set(told) == {INSPECTOR, OVERSEER, "petugas1@dishub.example.id"}
    for said in told.values():
        assert "diubah oleh kutim-1 pada Rabu, 25 November 2026:" in said
        assert "Instansi kutim-dishub diubah: nama “Dinas Perhubungan” → “Dinas Urusan Jalan”" in said
        assert not re.search(r"[\w.]+@[\w.]+", said)
    assert letters(world, len(world.mailbox.letters)) == {}


def test_a_refused_change_is_in_no_trail_and_no_mail(world: TendWorld, desk: Desk) -> None:
    since = len(world.mailbox.letters)
    refused(rename(desk, "kutim-dlh", DISHUB))
    assert read_trail(world.store, "kutim")[0] == 0
    assert letters(world, since) == {}


def test_who_loses_the_race_sends_no_mail(world: TendWorld, desk: Desk) -> None:
    typed = {"act": "change", "code": "kutim-dishub", "name": "Dinas Urusan Jalan", "level": "", "parent": "kutim"}
    assert rename(desk, "kutim-dlh", "Dinas Hutan").status_code == 200
    assert desk.post(CHANGES, typed | {"confirm": "yes", "version": "1"}).status_code == 409
    assert [entry.count for entry in world.store.waiting() if entry.notice is Notice.DIRECTORY_CHANGED] == [1]


def test_a_circle_of_names_is_refused_at_its_second_step_even_days_later(world: TendWorld, desk: Desk) -> None:
    assert rename(desk, "kutim-dishub", "Dinas Sementara").status_code == 200
    world.later(days=400)
    desk = world.desk_of("kutim")
    assert "kutim-dishub" in refused(rename(desk, "kutim-dlh", DISHUB))
    assert "kutim-dishub" in refused(rename(desk, "kutim-dlh", "Dinas Sementara"))
    assert rename(desk, "kutim-dishub", DISHUB).status_code == 200  # its own, back
    assert "kutim-dishub" in refused(rename(desk, "kutim-dlh", "dinas sementara"))


@pytest.mark.parametrize(
    "name",
    [
        "dinas  perhubungan",
        "Dinas Perhubungan.",
        "DINAS-PERHUBUNGAN",
        "Dinas Perhubungán",
        "Dlnas Perhubungan",
        "D1nas Perhubungan",
    ],
)
def test_what_a_reader_takes_for_anothers_name_is_anothers_name(desk: Desk, name: str) -> None:
    assert "kutim-dishub" in refused(rename(desk, "kutim-dlh", name))
    assert "kutim-dishub" in refused(add(desk, "kutim-baru", name))


@pytest.mark.parametrize(
    "sign", ["\u200b", "\u202e", "\u2066", "\u00ad", "\ufeff", "\u034f", "\u3164", "\u2800", "\U000e0041"]
)
def test_signs_that_nobody_sees_are_refused_and_what_was_typed_stays(desk: Desk, sign: str) -> None:
    assert "tidak terlihat" in refused(rename(desk, "kutim-dlh", f"Dinas {sign}Hutan"))
    assert "tidak terlihat" in refused(rename(desk, "kutim-dlh", f"Dinas Perhubung{sign}an"))


@pytest.mark.parametrize("name", ["Dinas Реrhubungan", "Ｄinas Hutan", "Dinas Hutаn", "Dınas Hutan", "Dinas Hutan ⒈"])
def test_letters_of_other_scripts_are_refused(desk: Desk, name: str) -> None:
    assert "huruf Latin" in refused(rename(desk, "kutim-dlh", name))


def test_a_removed_units_name_stays_its_codes(world: TendWorld, desk: Desk) -> None:
    name = world.directory.agencies["kutim-disperindag"].name
    empty(desk, world, "kutim-disperindag")
    assert done(desk, act="remove", code="kutim-disperindag").status_code == 200
    assert "kutim-disperindag" in refused(add(desk, "kutim-baru", name))
    assert "kutim-disperindag" in refused(rename(desk, "kutim-dlh", name))
    assert "dipakai" in refused(add(desk, "kutim-disperindag", "Dinas Lain"), "code")
    assert add(desk, "kutim-disperindag", name).status_code == 200  # a mistake undone


def test_a_code_that_was_removed_and_comes_back_is_hidden_from_what_it_was(world: TendWorld, desk: Desk) -> None:
    """Without it, removing and adding a unit again would forget under whom it had stood."""
    name = world.directory.agencies["kutim-disperindag"].name
    moved = {"act": "change", "code": "kutim-disperindag", "name": name, "level": ""}
    assert done(desk, **moved, parent="kutim-dlh").status_code == 200
    case_id = world.report(about_agency="kutim-dlh")["tracking_id"]
    empty(desk, world, "kutim-disperindag")
    assert done(desk, act="remove", code="kutim-disperindag").status_code == 200
    assert add(desk, "kutim-disperindag", name).status_code == 200
    assert is_accused("kutim-disperindag", "kutim-dlh", world.directory)
    assert not reads(world, "kutim-disperindag", replace(world.store.read_head(case_id), holder="kutim-disperindag"))


def test_names_of_those_who_read_about_the_coordinator_are_changed_by_ops_alone(world: TendWorld, desk: Desk) -> None:
    for code in ("kutim-inspektorat", "kutim-diskominfo"):
        assert "pengelola sistem" in refused(rename(desk, code, "Kantor Lain"))
        found = world.directory.agencies[code]
        assert done(desk, act="change", code=code, name=found.name, level="opd", parent="kutim").status_code == 200
    assert refused(rename(desk, "kutim", "Kantor Lain"), "code")


def test_a_name_that_a_trail_of_an_older_release_tells_of_is_reserved(world: TendWorld, desk: Desk) -> None:
    """Such a store knows no former names: its register is the one that the code of before wrote."""
    assert rename(desk, "kutim-dishub", "Dinas Urusan Jalan").status_code == 200
    register = world.store.read_register(DIRECTORY_REGISTER)
    assert register
    plain = unpack(register.body)
    assert plain.pop("former_names")
    world.store.write_registers([Register(DIRECTORY_REGISTER, register.version + 1, pack(plain))])
    assert decode_directory(pack(plain))[0].former == ()
    assert "kutim-dishub" in refused(rename(desk, "kutim-dlh", DISHUB))
    assert rename(desk, "kutim-dlh", "Dinas Hutan").status_code == 200
    assert {name.name for name in world.directory.former} == {DISHUB, DLH}


def test_so_is_one_that_ops_imported_although_an_older_release_wrote_the_register_since(
    world: TendWorld, desk: Desk
) -> None:
    renamed = {"name": (DISHUB, "Dinas Urusan Jalan")}
    change = Change("agencies", "kutim-dishub", What.CHANGED, renamed)
    trail = Trail(IMPORTS).with_entry(world.today, IMPORTS, 1, [change], "kutim")
    agencies = {code: world.directory.agencies[code] for code in world.directory.agencies}
    agencies["kutim-dishub"] = replace(agencies["kutim-dishub"], name="Dinas Urusan Jalan")
    forgetful = Directory(agencies, world.directory.topics, world.directory.districts)
    bodies = {
        DIRECTORY_REGISTER: (2, encode_directory(forgetful, ())),
        trail_register(IMPORTS): (1, encode_trail(trail)),
    }
    world.store.write_registers([Register(name, version, body) for name, (version, body) in bodies.items()])
    assert "kutim-dishub" in refused(rename(desk, "kutim-dlh", DISHUB))


def test_an_older_store_with_one_name_twice_is_read_and_kept_up(world: TendWorld, desk: Desk) -> None:
    agencies = {code: world.directory.agencies[code] for code in world.directory.agencies}
    agencies["kutim-dlh"] = replace(agencies["kutim-dlh"], name=DISHUB)
    twice = Directory(agencies, world.directory.topics, world.directory.districts)
    world.store.write_registers([Register(DIRECTORY_REGISTER, 2, encode_directory(twice, ()))])
    assert done(desk, act="topic", topic="jalan", unit="").status_code == 200
    assert rename(desk, "kutim-dlh", DLH).status_code == 200


def test_the_form_says_since_when_a_unit_bears_its_name_and_for_a_year(world: TendWorld, desk: Desk) -> None:
    world.today = datetime.now(UTC).date()
    assert offered(world)[DISHUB] == "kutim-dishub"
    assert rename(desk, "kutim-dishub", "Dinas Urusan Jalan").status_code == 200
    day = dates.plain_date(world.today, "id")
    said = f"Dinas Urusan Jalan (bernama ini sejak {day}; sebelumnya Dinas Perhubungan)"
    assert offered(world)[said] == "kutim-dishub"
    english = world.intake.post("/api/reports", data={"kind": "pengaduan", "lang": "en"}, headers=HTML).text
    day = dates.plain_date(world.today, "en")
    assert f"Dinas Urusan Jalan (has this name since {day}; before: Dinas Perhubungan)" in english


def watch(world: TendWorld, agency: str, role: Role) -> Desk:
    return world.sit("lihat-1", agency, role)


@pytest.mark.parametrize(
    ("agency", "role"),
    [
        ("kutim-inspektorat", Role.INSPECTOR),
        ("kutim", Role.OVERSEER),
        ("kutim", Role.COORDINATOR),
        ("pusat", Role.OVERSEER),
    ],
)
def test_those_who_watch_read_every_change_newest_first(world: TendWorld, desk: Desk, agency: str, role: Role) -> None:
    watching = watch(world, agency, role)
    root = page(watching.client.get(HISTORY, headers=HTML))
    assert "Belum ada yang diubah di sini." in text(root)
    assert rename(desk, "kutim-dishub", "Dinas Urusan Jalan").status_code == 200
    assert done(desk, act="topic", topic="jalan", unit="kutim-dlh").status_code == 200
    said = text(page(watching.client.get(HISTORY, headers=HTML)))
    renamed, moved = "Dinas Perhubungan (kutim-dishub): nama menjadi Dinas Urusan Jalan.", "Topik Jalan dan jembatan:"
    assert said.index(moved) < said.index(renamed)
    assert "sebelumnya Dinas Pekerjaan Umum dan Penataan Ruang" in said
    assert "kutim-1" in said
    assert "Halaman" not in said
    assert "<form" not in watching.client.get(HISTORY, headers=HTML).text.partition("<main")[2] or agency == "pusat"
    body = watching.get(HISTORY).get_json()
    assert [entry["n"] for entry in body["trail"]] == [2, 1]
    assert (body["instance"], body["page"], body["pages"]) == ("kutim", 1, 1)
    assert f'href="{HISTORY}' in watching.client.get("/desk/", headers=HTML).text
    page(watching.client.get(f"{HISTORY}?lang=en", headers=HTML))


def test_pages_of_changes(world: TendWorld) -> None:
    trail = Trail("kutim")
    for n in range(45):
        named = {"name": (f"Dinas {n}", f"Dinas {n + 1}")}
        trail = trail.with_entry(
            date(2026, 1, 1), "kutim-1", n + 1, [Change("agencies", "kutim-dlh", What.CHANGED, named)]
        )
    world.store.write_registers([Register(trail_register("kutim"), 1, encode_trail(trail))])
    watching = watch(world, "kutim-inspektorat", Role.INSPECTOR)
    seen = [
        entry["n"] for number in (1, 2, 3) for entry in watching.get(f"{HISTORY}?page={number}").get_json()["trail"]
    ]
    assert seen == list(range(45, 0, -1))
    middle = watching.client.get(f"{HISTORY}?page=2", headers=HTML).text
    assert f'href="{HISTORY}?instance=kutim"' in middle
    assert f'href="{HISTORY}?instance=kutim&amp;page=3"' in middle
    for wrong in ("page=0", "page=4", "page=x", "page=-1", "instance=lain"):
        assert watching.get(f"{HISTORY}?{wrong}").status_code == 404


@pytest.mark.parametrize(
    ("agency", "role"),
    [("kutim-dpupr", Role.OFFICER), ("kutim-diskominfo", Role.CLERK), ("kutim-dishub", Role.INSPECTOR)],
)
def test_nobody_else_reads_the_history(world: TendWorld, agency: str, role: Role) -> None:
    assert watch(world, agency, role).get(HISTORY).status_code == 404


def test_an_import_is_told_to_those_concerned_and_stands_in_the_history(world: TendWorld, desk: Desk) -> None:
    """As ``agencies import`` writes it: one entry of the trail for each instance, one notice for all."""
    since = len(world.mailbox.letters)
    trail = Trail(IMPORTS)
    named = {"name": (DISHUB, "Dinas Urusan Jalan")}
    trail = trail.with_entry(
        world.today, IMPORTS, 2, [Change("agencies", "kutim-dishub", What.CHANGED, named)], "kutim"
    )
    trail = trail.with_entry(world.today, IMPORTS, 2, [Change("holidays", "2027-08-18", What.ADDED)])
    trail = trail.with_entry(world.today, IMPORTS, 2, [Change("agencies", "lain-1", What.CHANGED, named)], "lain")
    assert trail.broken() is None
    forged = replace(trail.entries[0], instance="lain")
    assert replace(trail, entries=(forged, *trail.entries[1:])).broken() == 1
    register = Register(trail_register(IMPORTS), 1, encode_trail(trail))
    world.store.write_registers([register], [change_notice(trail, 1, "kutim")])
    assert read_trail(world.store, IMPORTS) == (1, trail)
    told = letters(world, since)
    assert set(told) == {INSPECTOR, OVERSEER, "petugas1@dishub.example.id"}
    assert f"diubah oleh {BY_OPS} pada" in told[INSPECTOR]
    assert "Hari libur 2027-08-18 ditambahkan" in told[INSPECTOR]
    assert "Hari libur" not in told["petugas1@dishub.example.id"]
    assert "lain-1" not in told[INSPECTOR]
    said = text(page(watch(world, "kutim-inspektorat", Role.INSPECTOR).client.get(HISTORY, headers=HTML)))
    assert "pengelola sistem (impor)" in said
    assert "lain-1" not in said


def test_where_an_instance_has_no_overseer_the_level_above_watches(world: TendWorld, desk: Desk) -> None:
    staff = tuple(o for o in world.staff() if (o.agency, o.role) != ("kutim", Role.OVERSEER))
    since = len(world.mailbox.letters)
    assert rename(desk, "kutim-dishub", "Dinas Urusan Jalan").status_code == 200
    mail = replace(world.deliver.officers, directory=world.directory, officers=staff)
    replace(world.deliver, officers=mail).run_once("courier")
    assert {letter.to for letter in world.mailbox.letters[since:]} == {
        INSPECTOR,
        "pengawas1@pusat.example.id",
        "petugas1@dishub.example.id",
    }
