"""`doctor`: each check finds its fault, and is silent without; it changes nothing and says nothing it must not."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from moto import mock_aws

from functions.actions.reporter.submit import Submit
from functions.casework.case import CaseHead
from functions.casework.deadlines.escalation import Patience, forgotten
from functions.casework.deadlines.workdays import DayOff, add_workdays
from functions.casework.directory.agencies import Directory, Officer
from functions.casework.directory.registers import encode_directory, encode_staff
from functions.casework.report import read_report
from functions.casework.stages import Stage
from functions.cli import doctor_checks, doctor_store
from functions.cli.findings import Mark
from functions.cli.main import cli
from functions.config.settings import Settings, load_directory, load_officers, load_settings
from functions.crypto.ops.key_directory import KeyDirectory
from functions.crypto.seal.public_keys import Purpose
from functions.storage.choose_store import open_store
from functions.storage.interface import Append, Notice, OutboxEntry, Register
from functions.storage.registers.staff import Roll
from tests.case_heads import changed
from tests.storage.examples import make_event, make_head

HOUR = 494_000
WORDS = "Rahasia sekali: jembatan di depan rumah saya"
REPORTER = "pelapor.rahasia@example.id"
OFFICE = {"MAIL": "smtp", "MAIL_FROM": "lapor@dinas.example.id", "SMTP_USER": "lapor", "SMTP_PASSWORD": "kata-sandi-1"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that `init` has made ready."""
    folder = tmp_path_factory.mktemp("doctor") / "data"
    assert CliRunner().invoke(cli, ["init"], env={"DATA_DIR": str(folder)}).exit_code == 0
    return folder


@pytest.fixture
def settings(made: Path, tmp_path: Path) -> Settings:
    """A copy of it for each test."""
    shutil.copytree(made, tmp_path / "data")
    return load_settings({"DATA_DIR": str(tmp_path / "data"), **OFFICE})


def examined(settings: Settings, **environ: str) -> Result:
    result = CliRunner().invoke(cli, ["doctor"], env={"DATA_DIR": str(settings.data_dir), **OFFICE, **environ})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    for line in result.stdout.splitlines():
        assert line[:3] in ("OK ", "?? ", "!! "), line
        assert line.endswith("."), line
    for secret in (WORDS.split(":", maxsplit=1)[0], REPORTER, OFFICE["SMTP_PASSWORD"], "4F7K"):
        assert secret not in result.output
    return result


def the_wrong(settings: Settings, **environ: str) -> list[str]:
    """What is found wrong, by the whole command."""
    result = examined(settings, **environ)
    lines = [line.removeprefix("!! ") for line in result.stdout.splitlines() if line.startswith("!!")]
    assert result.exit_code == (1 if lines else 0)
    assert (f"{len(lines)} of" in result.stderr) == bool(lines)
    return lines


def only(lines: list[str], *said: str) -> None:
    """One fault was found, and it says this."""
    assert len(lines) == 1, lines
    for text in said:
        assert text in lines[0]


def put_case(settings: Settings, **changes: object) -> CaseHead:
    """A case that lies with the roads unit, its head changed."""
    store, directory = open_store(settings), load_directory(settings.directory_file)
    submit = Submit(store, KeyDirectory(settings.keys_dir).public, directory, settings.today)
    fields = {"kind": "pengaduan", "topic": "jalan", "district": "64.08.04", "body": WORDS}
    report = read_report(fields, directory, settings.today())
    head = store.read_head(submit(report, bytes(16)).tracking_id)
    later = changed(head, version=2, **{"holder": "kutim-dpupr", "stage": Stage.DIPROSES} | changes)
    store.append(Append(later, (make_event(2),)), 1)
    return later


def listing(folder: Path) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in folder.rglob("*") if ".sqlite" not in path.name}


def test_a_sound_installation_has_no_fault_and_is_left_as_it_was(settings: Settings) -> None:
    before = listing(settings.data_dir)
    assert the_wrong(settings) == []
    assert listing(settings.data_dir) == before
    subjects = {line[3:].partition(":")[0] for line in examined(settings).stdout.splitlines()}
    assert subjects == {
        *("settings", "mail", "forms", "day", "holidays", "data folder", "disk", "files", "store", "directory"),
        *("keys", "portal", "outbox", "clocks", "seals", "officers", "staff", "users"),
        "second factor",
    }


def test_a_folder_that_is_not_there_is_not_made(settings: Settings, tmp_path: Path) -> None:
    only(the_wrong(settings, DATA_DIR=str(tmp_path / "none")), "none is not there", "functions.cli init")
    assert not (tmp_path / "none").exists()


def test_all_faulty_settings_are_told_and_no_secret(settings: Settings) -> None:
    lines = the_wrong(settings, PORT="null", STORE="lemari", FORM_SECRET="pendek-sekali")
    assert [line.split(":")[1].strip() for line in sorted(lines)] == ["FORM_SECRET", "PORT", "STORE"]
    assert "pendek-sekali" not in "".join(lines)


def test_mail_that_cannot_leave(settings: Settings) -> None:
    def marks(**changes: object) -> list[Mark]:
        return [finding.mark for finding in doctor_checks.mail(replace(settings, **changes))]

    assert marks() == [Mark.FINE]
    assert marks(mail="dev") == [Mark.LOOK]
    assert marks(mail="dev", public_url="https://lapor.example.id") == [Mark.WRONG]
    assert marks(mail_from="Lapor <lapor@localhost>") == [Mark.WRONG]
    assert marks(smtp_password="") == [Mark.WRONG]
    assert marks(smtp_user="", mail_from="lapor@localhost") == [Mark.WRONG, Mark.WRONG]
    assert marks(smtp_user="", smtp_password="") == [Mark.FINE]


def test_several_processes_want_one_secret(settings: Settings) -> None:
    assert not doctor_checks.form_secret(settings).is_wrong
    many = replace(settings, store="dynamodb")
    assert "FORM_SECRET" in doctor_checks.form_secret(many).text
    assert doctor_checks.form_secret(many).is_wrong
    assert not doctor_checks.form_secret(replace(many, form_secret="x" * 16)).is_wrong


def test_a_clock_that_was_never_set() -> None:
    assert doctor_checks.the_day(date(1970, 1, 1), "Asia/Makassar").is_wrong
    assert not doctor_checks.the_day(date(2026, 1, 1), "Asia/Makassar").is_wrong


@pytest.mark.parametrize(
    ("today", "marks", "said"),
    [
        (date(2025, 6, 15), [Mark.FINE, Mark.FINE], "25 days off of 2026"),
        (date(2025, 12, 1), [Mark.FINE, Mark.LOOK], "2026 is near"),
        (date(2098, 6, 15), [Mark.LOOK, Mark.LOOK], "no cuti bersama of 2099"),
        (date(2100, 6, 15), [Mark.LOOK, Mark.LOOK], "no cuti bersama of 2101"),
    ],
)
def test_days_off_that_are_not_decreed_yet(today: date, marks: list[Mark], said: str) -> None:
    found = doctor_checks.holidays(today)
    assert [finding.mark for finding in found] == marks
    assert said in found[1].text


def test_a_year_that_is_partly_estimated(monkeypatch: pytest.MonkeyPatch) -> None:
    days = (
        DayOff(date(2027, 3, 10), "Hari Raya Idul Fitri (perkiraan)", joint=False, estimated=True),
        DayOff(date(2027, 3, 12), "Cuti Bersama Hari Raya Idul Fitri", joint=True, estimated=False),
    )
    monkeypatch.setattr(doctor_checks, "named_holidays", lambda year: days if year == 2027 else days[1:])
    assert [finding.mark for finding in doctor_checks.holidays(date(2026, 6, 15))] == [Mark.FINE, Mark.LOOK]
    found = doctor_checks.holidays(date(2027, 6, 15))[0]
    assert found.mark is Mark.LOOK
    assert "(2027-03-10 Hari Raya Idul Fitri); compare `holidays list 2027`" in found.text


def test_a_folder_or_disk_that_takes_nothing(tmp_path: Path) -> None:
    assert not doctor_checks.data_folder(tmp_path).is_wrong
    assert doctor_checks.data_folder(Path("/proc")).is_wrong  # where not even root writes
    assert list(tmp_path.iterdir()) == []
    assert doctor_checks.disk(tmp_path, 199_999_999).is_wrong
    assert not doctor_checks.disk(tmp_path, 200_000_000).is_wrong
    assert doctor_checks.disk(tmp_path, 799_999_999, 400_000_000).mark is Mark.LOOK
    assert doctor_checks.disk(tmp_path, 800_000_000, 400_000_000).mark is Mark.FINE
    reserve = 1_000 * doctor_checks.MEGABYTE
    assert "only words are taken" in doctor_checks.disk(tmp_path, reserve - 1, 0, reserve).text
    assert doctor_checks.disk(tmp_path, reserve - 1, 0, reserve).is_wrong
    assert doctor_checks.disk(tmp_path, reserve, 0, reserve).mark is Mark.FINE


@pytest.mark.parametrize("which", ["keys/waiting", "keys/links/kutim/*", "lapor.sqlite"])
def test_files_that_others_can_read(settings: Settings, which: str) -> None:
    (path,) = settings.data_dir.glob(which)
    path.chmod(0o640)
    only(the_wrong(settings), str(path), f"chmod -R go= {settings.data_dir}")


@pytest.mark.parametrize("purpose", Purpose)
def test_a_private_key_that_is_gone_or_another(settings: Settings, purpose: Purpose) -> None:
    known = KeyDirectory(settings.keys_dir)
    path = settings.keys_dir / purpose / "kutim" / known.public().current_id(purpose, "kutim")
    kept = path.read_bytes()
    path.write_bytes(kept[:-1] + bytes([kept[-1] ^ 1]))
    only(the_wrong(settings), "does not match its name", str(path))
    path.write_bytes(b"x")
    only(the_wrong(settings), "is not a private key")
    path.unlink()
    only(the_wrong(settings), f"the current private keys of 1 are gone ({purpose} of kutim)")


@pytest.mark.long
def test_key_files_under_another_passphrase(settings: Settings) -> None:
    only(the_wrong(settings, KEY_PASSPHRASE="lupa-lagi")[:1], "does not open with KEY_PASSPHRASE")
    assert "lupa-lagi" not in examined(settings, KEY_PASSPHRASE="lupa-lagi").output


def test_keys_that_were_never_made(settings: Settings) -> None:
    file = settings.keys_dir / "public.json"
    raw = json.loads(file.read_text())
    raw["current"] = [entry for entry in raw["current"] if entry["purpose"] != "links"]
    file.write_text(json.dumps(raw))
    only(the_wrong(settings), "1 were never made (links of kutim)", "functions.cli init")


def test_a_public_half_that_is_gone(settings: Settings) -> None:
    file, known = settings.keys_dir / "public.json", KeyDirectory(settings.keys_dir)
    raw = json.loads(file.read_text())
    del raw["keys"][known.public().current_id(Purpose.LINKS, "kutim")]
    file.write_text(json.dumps(raw))
    only(the_wrong(settings), "public half of links of kutim")


def test_no_public_keys_at_all(settings: Settings) -> None:
    (settings.keys_dir / "public.json").unlink()
    lines = the_wrong(settings)
    assert [line.partition(":")[0] for line in lines] == ["keys", "portal"]
    assert "public.json is gone while private keys are there: restore it from a backup" in lines[0]


def test_a_store_that_is_not_there_older_or_newer(settings: Settings) -> None:
    file = settings.data_dir / "lapor.sqlite"
    for version, said in ((0, "schema 0 of"), (1, "schema 1 of"), (99, "newer release")):
        with closing(sqlite3.connect(file)) as db:
            db.execute(f"PRAGMA user_version = {version}")
        only(the_wrong(settings), said)
    for path in settings.data_dir.glob("lapor.sqlite*"):
        path.unlink()
    only(the_wrong(settings), "lapor.sqlite is not there", "restore a backup, since keys are there")
    assert not file.exists()


def test_a_file_that_is_no_store(settings: Settings) -> None:
    for path in settings.data_dir.glob("lapor.sqlite*"):
        path.unlink()
    (settings.data_dir / "lapor.sqlite").write_bytes(b"bukan basis data" * 100)
    (settings.data_dir / "lapor.sqlite").chmod(0o600)
    only(the_wrong(settings), "store: out of reach (SQLite")


def test_where_the_directory_stands_is_told(settings: Settings, tmp_path: Path) -> None:
    assert "kutai-timur.toml, with 1 instances; nothing was imported" in examined(settings).stdout
    env = {"DATA_DIR": str(settings.data_dir)}
    folder = tmp_path / "files"
    for arguments in (["export", str(folder)], ["import", "--yes", str(folder / "districts.csv")]):
        assert CliRunner().invoke(cli, ["agencies", *arguments], env=env).exit_code == 0
    assert "version 1 of the store's register, with 1 instances" in examined(settings).stdout
    assert the_wrong(settings) == []


def test_a_directory_file_that_is_broken(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "broken.toml").write_text("[[agencies")
    only(the_wrong(settings, DIRECTORY_FILE=str(tmp_path / "broken.toml")), "not valid TOML")


Staff = Callable[[list[Officer]], list[Officer]]


def without(*idents: str) -> Staff:
    return lambda staff: [officer for officer in staff if officer.ident not in idents]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (without("kutim-1"), "instance kutim: has no officer with the role coordinator"),
        (without("kustodian-2"), "no two custodians of different agencies"),
        (without("dpupr-1", "dpupr-2"), "1 units have nobody who answers (kutim-dpupr)"),
        (
            lambda staff: [replace(o, email=staff[0].email) if o.ident == "dishub-1" else o for o in staff],
            "officer dishub-1: one address is the address of pusat-1",
        ),
    ],
)
def test_officers_that_are_missing_or_do_not_fit(settings: Settings, change: Staff, said: str) -> None:
    directory = load_directory(settings.directory_file)
    staff = list(load_officers(settings.officers_file, directory))
    assert not any(finding.is_wrong for finding in doctor_store.staff(directory, staff))
    found = doctor_store.staff(directory, change(staff))
    only([finding.text for finding in found], said)
    assert found[0].is_wrong
    assert "@" not in found[0].text


def test_an_inspectorate_without_inspector_counts_as_both(settings: Settings) -> None:
    directory = load_directory(settings.directory_file)
    staff = load_officers(settings.officers_file, directory)
    found = doctor_store.staff(directory, without("inspektorat-1")(list(staff)))
    assert ["its inspectorate kutim-inspektorat has no officer" in found[0].text, "1 units" in found[1].text] == [
        True
    ] * 2


def test_the_officers_file_is_looked_at(settings: Settings, tmp_path: Path) -> None:
    text = settings.officers_file.read_text()
    start = text.index('[[officers]]\nident = "kutim-1"')
    end = text.index("[[officers]]", start + 1)
    (tmp_path / "officers.toml").write_text(text[:start] + text[end:])
    only(the_wrong(settings, OFFICERS_FILE=str(tmp_path / "officers.toml")), "role coordinator")


def change_published(settings: Settings, change: Callable[[dict], None]) -> None:
    file = settings.portal_dir / "keys.json"
    raw = json.loads(file.read_text())
    change(raw)
    file.write_text(json.dumps(raw))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda raw: raw["keys"][0].update(key_id="0" * 16), "not the current ones"),
        (lambda raw: raw["optional_keys"][0].update(public="AAAA"), "not the current ones"),
        (lambda raw: raw["optional_keys"].pop(), "not the current ones"),
        (lambda raw: raw["instances"].append({"code": "bontang", "region": "64.74"}), "not the directory's"),
        (lambda raw: raw.pop("instances"), "cannot be read"),
    ],
)
def test_a_portal_of_other_keys_or_instances(settings: Settings, change: Callable[[dict], None], said: str) -> None:
    change_published(settings, change)
    only(the_wrong(settings), "portal:", said, "functions.cli init")


def test_a_portal_of_other_assets_or_none(settings: Settings) -> None:
    name = json.loads(doctor_checks.ASSETS.read_text())["lapor.css"]
    path = settings.portal_dir / "assets" / name
    path.write_bytes(path.read_bytes() + b"/* */")
    only(the_wrong(settings), f"1 assets are not this release's ({name})")
    path.unlink()
    only(the_wrong(settings), f"1 assets are not this release's ({name})")
    (settings.portal_dir / "keys.json").write_text("{")
    assert [line.partition(":")[0] for line in the_wrong(settings)] == ["portal"] * 2
    shutil.rmtree(settings.portal_dir)
    only(the_wrong(settings), "holds none")


def entry(**changes: object) -> OutboxEntry:
    made = OutboxEntry("f" * 32, Notice.HANDED_OVER, "kutim", "kutim-dpupr", "4F7K-2M9Q-XR3D", REPORTER.encode())
    return replace(made, **changes)


@pytest.mark.parametrize(
    ("changes", "late"),
    [
        ({}, False),
        ({"not_before": HOUR + 6}, False),  # waits for its batch
        ({"not_before": HOUR - 24}, False),
        ({"not_before": HOUR - 25}, True),
        ({"leased_by": "a", "leased_until": HOUR - 24}, False),
        ({"leased_by": "a", "leased_until": HOUR - 25}, True),
        # Failed five times: 1 + 2 + 4 + 8 hours after the first try, the next comes 16 hours later.
        ({"attempts": 5, "not_before": HOUR + 16}, False),
        ({"attempts": 5, "not_before": HOUR + 7}, False),
        ({"attempts": 5, "not_before": HOUR + 6}, True),
    ],
)
def test_a_letter_that_waits_longer_than_a_day(changes: dict[str, int], late: bool) -> None:
    assert doctor_store.waits_long(entry(**changes), HOUR) is late


def test_letters_given_up_late_and_never_tried_are_counted(settings: Settings) -> None:
    store, hour = open_store(settings), int(time.time()) // 3600
    store.enqueue(entry(entry_id="c", not_before=hour + 5))
    assert "OK outbox: nothing waits longer than it should." in examined(settings).stdout
    store.enqueue(entry(entry_id="a"))
    shown = examined(settings)
    assert "?? outbox: 1 letters were not tried yet" in shown.stdout
    assert shown.exit_code == 0
    store.enqueue(entry(entry_id="b", not_before=hour - 30))
    only(the_wrong(settings), "1 letters wait longer than a day")
    for claimed in store.claim("uji", hour):
        store.put_back(replace(claimed, dead=True, error="recipient_refused"), "uji")
    only(the_wrong(settings), "2 letters were given up", "outbox dead")


def test_more_dead_letters_than_are_counted_are_more() -> None:
    assert "100 or more" in doctor_store.dead_letters(100, more=True).text


def test_a_clock_that_does_not_run_is_found_by_what_it_left(settings: Settings) -> None:
    today = settings.today()
    head = put_case(settings, due=today)
    assert the_wrong(settings) == []
    store = open_store(settings)
    due = today - timedelta(days=40)
    store.append(Append(changed(head, due=due, version=3), (make_event(3),)), 2)
    only(the_wrong(settings), "clocks: 1 open cases are later than 10 working days")
    assert head.case_id not in examined(settings).output
    assert the_wrong(settings, ESCALATE_DAYS="1,5,60") == []
    up = changed(head, due=due, escalated=3, escalated_to="pusat", version=4)
    store.append(Append(up, (make_event(4),)), 3)
    assert the_wrong(settings) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"stage": Stage.DITAHAN},
        {"stage": Stage.SELESAI},
        {"quarantined": True},
        {"shredded": True},
        {"escalated": 3},
        {"due": date(2026, 6, 20)},
    ],
)
def test_a_case_that_no_clock_would_take_up_is_not_forgotten(settings: Settings, changes: dict[str, object]) -> None:
    directory: Directory = load_directory(settings.directory_file)
    late = make_head(
        instance="kutim", holder="kutim-dpupr", stage=Stage.DIPROSES, due=date(2026, 6, 1), about_agency=""
    )
    today = add_workdays(date(2026, 6, 1), 10)
    assert not forgotten(late, today, directory, Patience())  # on this day the clock takes the last step
    today = add_workdays(today, 1)
    assert forgotten(late, today, directory, Patience())
    assert not forgotten(changed(late, **changes), today, directory, Patience())
    for day in (timedelta(days=1), timedelta(days=2)):
        assert forgotten(late, today + day, directory, Patience())


def test_a_store_that_fails_half_way_is_a_finding(settings: Settings) -> None:
    with closing(sqlite3.connect(settings.data_dir / "lapor.sqlite")) as db:
        db.execute("DROP TABLE outbox")
    only(the_wrong(settings), "no such table: outbox", "could not be looked at")


@pytest.mark.long
def test_dynamodb_is_looked_at_as_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    invented = {"AWS_ACCESS_KEY_ID": "invented", "AWS_SECRET_ACCESS_KEY": "invented"}
    for name, value in {**invented, "AWS_DEFAULT_REGION": "ap-southeast-3"}.items():
        monkeypatch.setenv(name, value)
    environ = {"STORE": "dynamodb", "FORM_SECRET": "x" * 16}
    settings = load_settings({"DATA_DIR": str(tmp_path / "data"), **OFFICE, **environ})
    with mock_aws():
        env = {"DATA_DIR": str(settings.data_dir), **environ}
        assert CliRunner().invoke(cli, ["init"], env=env).exit_code == 0
        assert the_wrong(settings, **environ) == []
        only(the_wrong(settings, STORE="dynamodb"), "forms: FORM_SECRET is not set")
        put_case(settings, due=settings.today() - timedelta(days=40))
        only(the_wrong(settings, **environ), "clocks: 1 open cases")
        only(the_wrong(settings, **environ, TABLE="lain"), "store: there is no table lain; run")


def test_each_key_is_opened_once_and_the_public_file_read_once_for_all(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    known, directory = KeyDirectory(settings.keys_dir), load_directory(settings.directory_file)
    calls: list[tuple[str, ...]] = []
    read, opened = KeyDirectory.public, KeyDirectory.check
    monkeypatch.setattr(KeyDirectory, "public", lambda self: calls.append(("public",)) or read(self))
    monkeypatch.setattr(KeyDirectory, "check", lambda self, *key: calls.append(key) or opened(self, *key))
    assert not doctor_checks.keys(known, directory)[0].is_wrong
    assert calls.count(("public",)) == 2  # for what is there, and for what is missing: a nation has thousands
    assert sorted(key[0] for key in calls if key[0] != "public") == sorted(Purpose)


def test_a_desk_that_does_not_know_who_works_where_is_worth_a_look(settings: Settings) -> None:
    store = open_store(settings)
    register = store.read_register("staff")
    assert register
    store.write_registers([Register("staff", register.version + 1, encode_staff(()))])
    assert [line for line in examined(settings).stdout.splitlines() if line.startswith("?? staff: the register is not")]
    assert doctor_store.roll(Roll(0, ()), ()).mark is Mark.LOOK
    assert "older release" in doctor_store.roll(Roll(0, ()), ()).text


def test_a_name_that_two_agencies_share_in_an_older_store_is_wrong(settings: Settings) -> None:
    known = load_directory(settings.directory_file)
    twice = {**known.agencies, "kutim-dlh": replace(known.agencies["kutim-dlh"], name="DINAS PERHUBUNGAN")}
    body = encode_directory(replace(known, agencies=twice), ())
    open_store(settings).write_registers([Register("directory", 1, body)])
    said = examined(settings)
    first, second = (line for line in said.stdout.splitlines() if "reporters choose whom" in line)
    assert first.startswith("!! directory: agency kutim-dishub: its name is, was, or looks like that of kutim-dlh")
    assert second.startswith("!! directory: agency kutim-dlh: ")
    assert said.exit_code == 1
    assert doctor_store.names(known) == []


def test_a_case_whose_facts_were_changed_in_the_store_is_told(settings: Settings) -> None:
    store = open_store(settings)
    head = put_case(settings)
    assert "OK seals: every open case has the facts it was sealed with." in examined(settings).stdout
    store.append(Append(changed(head, about_agency="kutim-dlh", version=3), (make_event(3),)), 2)
    (fault,) = the_wrong(settings)
    assert "seals: 1 open cases were changed in the store by hand" in fault
    assert head.case_id not in fault


def test_a_folder_that_is_anothers_is_told_in_a_sentence(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor_checks.os, "access", lambda *_: False)
    only(the_wrong(settings), "may not look into", "run doctor as the user who serves")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes another user")
def test_another_user_gets_a_sentence_and_no_traceback(settings: Settings) -> None:
    settings.data_dir.parent.chmod(0o700)
    found = subprocess.run(
        [sys.executable, "-c", "import os; from functions.cli.main import cli; os.seteuid(65534); cli(['doctor'])"],
        # A user who may write nothing has nowhere to leave counted lines either.
        env={**os.environ, "DATA_DIR": str(settings.data_dir), "COVERAGE_PROCESS_START": ""},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "may not look into" in found.stdout, found.stderr
    assert "Traceback" not in found.stderr
