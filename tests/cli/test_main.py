"""Ops at a terminal, on a real folder: what each command does, and what it says when it cannot."""

import json
import time
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from functions.actions.reporter.submit import Submit
from functions.casework.report import read_report
from functions.cli.main import cli
from functions.config.settings import Settings, load_directory, load_settings
from functions.crypto.ops.key_directory import KeyDirectory
from functions.crypto.seal.public_keys import Purpose
from functions.storage.choose_store import open_store
from functions.storage.interface import Notice, OutboxEntry, Store
from functions.storage.registers.directory import read_directory


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A folder that `init` has made ready."""
    made = load_settings({"DATA_DIR": str(tmp_path_factory.mktemp("ops") / "data")})
    assert run(made, "init").exit_code == 0
    return made


@pytest.fixture(scope="module")
def store(settings: Settings) -> Store:
    return open_store(settings)


def run(settings: Settings, *arguments: str, **environ: str) -> Result:
    result = CliRunner().invoke(cli, arguments, env={"DATA_DIR": str(settings.data_dir), **environ})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def refused(result: Result, status: int = 1) -> str:
    """What a failed command says: one line on standard error, and no traceback."""
    assert result.exit_code == status
    lines = result.stderr.strip().splitlines()
    if status == 1:
        assert len(lines) == 1, lines
    assert "Traceback" not in result.output
    return lines[-1]


def frozen_keys(settings: Settings) -> list[str]:
    return [key["key_id"] for key in json.loads((settings.portal_dir / "keys.json").read_text())["keys"]]


def test_init_makes_what_is_missing_and_leaves_what_is_there(settings: Settings) -> None:
    before = KeyDirectory(settings.keys_dir).public()
    again = run(settings, "init")
    assert again.exit_code == 0
    assert "keys      there" in again.stdout
    assert KeyDirectory(settings.keys_dir).public() == before
    assert (settings.portal_dir / "index.html").exists()
    assert frozen_keys(settings) == [before.current_id(Purpose.DESK, "kutim")]
    assert not [path for path in settings.data_dir.iterdir() if path.name.startswith("portal.")]


def test_wrong_settings_are_one_line_each_and_no_traceback(settings: Settings) -> None:
    result = run(settings, "init", PORT="null", STORE="lemari")
    assert result.exit_code == 1
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 2
    assert "PORT" in lines[0] + lines[1]
    assert "STORE" in lines[0] + lines[1]


@pytest.mark.parametrize(
    "command",
    [
        ("init",),
        ("keys", "list"),
        ("keys", "rotate", "--purpose", "desk", "--instance", "kutim"),
        ("outbox", "dead"),
        ("outbox", "revive", "x"),
        ("links", "revoke", "--link", "x"),
    ],
)
def test_every_command_names_the_wrong_setting(settings: Settings, command: tuple[str, ...]) -> None:
    assert "TIMEZONE" in refused(run(settings, *command, TIMEZONE="Asia/Nirgends"))


def test_a_folder_that_cannot_be_made_is_told(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "DATA_DIR" in refused(run(settings, "init", DATA_DIR=str(tmp_path / "file" / "data")))


def test_keys_list_shows_each_purpose_with_its_current_key(settings: Settings) -> None:
    shown = run(settings, "keys", "list")
    assert shown.exit_code == 0
    public = KeyDirectory(settings.keys_dir).public()
    for purpose in Purpose:
        line = f"{public.current_id(purpose, 'kutim')}  {purpose:8} kutim"
        assert line in shown.stdout.splitlines()


def test_keys_list_where_there_are_none_says_what_to_do(settings: Settings, tmp_path: Path) -> None:
    assert "functions.cli init" in refused(run(settings, "keys", "list", DATA_DIR=str(tmp_path)))


def test_rotating_moves_an_open_case_and_shows_the_new_key_in_the_portal(settings: Settings, store: Store) -> None:
    keys, directory = KeyDirectory(settings.keys_dir), load_directory(settings.directory_file)
    old = keys.public().current_id(Purpose.DESK, "kutim")
    submit = Submit(store, keys.public, directory, settings.today)
    fields = {"kind": "pengaduan", "topic": next(iter(directory.topics)), "district": "64.08.04", "body": "Gelap."}
    case_id = submit(read_report(fields, directory, settings.today()), bytes(16)).tracking_id
    result = run(settings, "keys", "rotate", "--purpose", "desk", "--instance", "kutim", "--grace", "0")
    assert result.exit_code == 0, result.output
    new = keys.public().current_id(Purpose.DESK, "kutim")
    assert new != old
    assert "1 cases wrapped again" in result.stdout
    assert f"current desk key of kutim: {new}" in result.stdout
    head = store.read_case(case_id).head
    assert head.wraps.key_id == new
    assert keys.private(Purpose.DESK).open_case(head)
    assert keys.private_ids(Purpose.DESK, "kutim") == [new]
    assert frozen_keys(settings) == [new]


@pytest.mark.long
def test_rotating_waits_for_requests_under_way(settings: Settings) -> None:
    began = time.monotonic()
    result = run(settings, "keys", "rotate", "--purpose", "links", "--instance", "kutim", "--grace", "1")
    assert result.exit_code == 0
    assert time.monotonic() - began >= 1


@pytest.mark.parametrize("instance", ["kutim-dpupr", "bontang", ""])
def test_only_an_instances_key_can_be_rotated(settings: Settings, instance: str) -> None:
    before = KeyDirectory(settings.keys_dir).public()
    result = run(settings, "keys", "rotate", "--purpose", "desk", "--instance", instance, "--grace", "0")
    assert "not an instance" in refused(result)
    assert KeyDirectory(settings.keys_dir).public() == before


def test_only_a_known_purpose_can_be_rotated(settings: Settings) -> None:
    refused(run(settings, "keys", "rotate", "--purpose", "semua", "--instance", "kutim"), status=2)


def test_dead_letters_are_listed_and_revived_one_by_one(tmp_path: Path) -> None:
    settings = load_settings({"DATA_DIR": str(tmp_path)})
    store = open_store(settings)
    store.prepare()
    assert run(settings, "outbox", "dead").stdout == "no dead letters\n"
    for n in range(25):  # more than a page
        entry = OutboxEntry(f"{n:032x}", Notice.HANDED_OVER, "kutim", "kutim-dpupr", "4F7K-2M9Q-XR3D")
        store.enqueue(entry)
    hour = int(time.time()) // 3600
    while entries := store.claim("uji", hour):
        for entry in entries:
            store.put_back(replace(entry, dead=True, attempts=6, error="recipient_refused"), "uji")
    lines = run(settings, "outbox", "dead").stdout.splitlines()
    assert len(lines) == 25
    assert lines[0].split()[1:] == ["handed_over", "kutim-dpupr", "recipient_refused", "(6", "tries)"]
    assert "4F7K" not in "".join(lines)
    wanted = f"{7:032x}"
    assert run(settings, "outbox", "revive", wanted).stdout == f"{wanted} is back in the queue\n"
    left = run(settings, "outbox", "dead").stdout.splitlines()
    assert len(left) == 24
    assert not [line for line in left if line.startswith(wanted)]
    assert [entry.entry_id for entry in store.claim("uji", hour)] == [wanted]


def test_all_dead_letters_are_revived_but_those_that_name_an_address_to_mend(tmp_path: Path) -> None:
    settings = load_settings({"DATA_DIR": str(tmp_path)})
    store = open_store(settings)
    store.prepare()
    for n in range(45):  # more than two pages
        dead = OutboxEntry(f"{n:032x}", Notice.HANDED_OVER, "kutim", dead=True, attempts=6, error="ses_not_verified")
        store.enqueue(dead)
    bounced = OutboxEntry("c" * 32, Notice.LINK_WANTED, "kutim", "kutim", delivered=("kutim-1",), dead=True)
    store.enqueue(replace(bounced, error="bounced"))
    for wrong in (("outbox", "revive"), ("outbox", "revive", f"{7:032x}", "--all")):
        assert "--all" in refused(run(settings, *wrong), status=2)
    assert run(settings, "outbox", "revive", "--all").stdout == "45 letters are back in the queue\n"
    assert [entry.entry_id for entry in store.dead_letters()[0]] == [bounced.entry_id]
    assert len(store.waiting()) == 45
    assert run(settings, "outbox", "revive", "--all").stdout == "0 letters are back in the queue\n"


def test_keys_in_a_bucket_are_not_rotated_from_here(settings: Settings) -> None:
    """Nobody at a terminal can decrypt the old key, so nothing could be wrapped anew."""
    rotate = ("keys", "rotate", "--purpose", "desk", "--instance", "kutim")
    done = run(settings, *rotate, KEYS="s3://lapor-uji-keys", KMS_PREFIX="alias/lapor-uji-")
    assert "make rotate-keys" in refused(done)


def test_a_bounce_names_the_officer_and_no_address(settings: Settings) -> None:
    store = open_store(settings)
    finding = OutboxEntry("c" * 32, Notice.LINK_WANTED, "kutim", "kutim", delivered=("kutim-1",), dead=True)
    store.enqueue(replace(finding, error="bounced"))
    listed = run(settings, "outbox", "dead").stdout
    assert "the address of kutim-1 does not exist any more" in listed
    assert "@" not in listed
    assert run(settings, "outbox", "revive", finding.entry_id).exit_code == 0
    store.claim("uji", 10**7)
    store.settle(finding.entry_id, "uji")


def test_a_letter_that_is_not_dead_cannot_be_revived(settings: Settings) -> None:
    assert "no such dead letter" in refused(run(settings, "outbox", "revive", "f" * 32))


@pytest.mark.parametrize(("kind", "which"), [("officer", "dpupr-1"), ("agency", "kutim-dpupr"), ("link", "abc")])
def test_revoking_voids_the_links_issued_until_now(settings: Settings, store: Store, kind: str, which: str) -> None:
    before = time.time()
    result = run(settings, "links", "revoke", f"--{kind}", which)
    assert (result.exit_code, result.stdout) == (0, f"links of {kind} {which} issued until now are void\n")
    subject = f"{kind}:{which}"
    assert before < store.revoked([subject])[subject] <= time.time() + 1


@pytest.mark.parametrize(
    ("kind", "which", "said"),
    [("officer", "nobody-1", "no such officer"), ("agency", "kutim-khayalan", "no such agency")],
)
def test_revoking_for_a_name_nobody_has_is_told(
    settings: Settings, store: Store, kind: str, which: str, said: str
) -> None:
    assert said in refused(run(settings, "links", "revoke", f"--{kind}", which))
    assert store.revoked([f"{kind}:{which}"]) == {}


def test_when_the_links_key_is_known_nobody_stays_in(settings: Settings, store: Store) -> None:
    before = time.time()
    result = run(settings, "links", "revoke", "--everybody")
    assert (result.exit_code, result.stdout) == (0, "links of everybody issued until now are void\n")
    agencies = [f"agency:{code}" for code in read_directory(store, settings).directory.agencies]
    assert {"agency:pusat", "agency:kutim", "agency:kutim-dpupr"} <= set(agencies)
    assert {*agencies} == {*store.revoked(agencies)}
    assert all(before < since <= time.time() + 1 for since in store.revoked(agencies).values())


@pytest.mark.parametrize("said", [("dpupr-1",), ("--officer",), ("--everybody", "dpupr-1"), ()])
def test_revoking_wants_to_know_what(settings: Settings, said: tuple[str, ...]) -> None:
    assert "--officer" in refused(run(settings, "links", "revoke", *said), status=2)


def test_a_store_that_is_out_of_reach_is_told(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "lapor.sqlite").mkdir()
    assert "SQLite" in refused(run(settings, "outbox", "dead", DATA_DIR=str(tmp_path)))


def test_help_names_every_command(settings: Settings) -> None:
    shown = run(settings, "--help").stdout
    for name in ("init", "keys", "outbox", "links", "agencies", "officers"):
        assert name in shown


READS_THE_STORE = (
    *("agencies export new", "apps add warga --name Warga", "apps list", "apps revoke warga", "audit anchor"),
    *("audit verify kutim", "barometer list", "clocks", "deadlines list", "holidays list", "officers list"),
    *("officers remove kutim-1", "keys rotate --purpose desk --instance kutim", "links revoke --agency kutim"),
    *("outbox dead", "outbox revive 0123", "retention", "systems list"),
)


@pytest.mark.parametrize("line", READS_THE_STORE)
def test_before_init_a_command_says_what_is_missing_and_what_to_run(line: str, tmp_path: Path) -> None:
    result = CliRunner().invoke(cli, line.split(), env={"DATA_DIR": str(tmp_path / "data")})
    assert result.exit_code == 1, result.output
    said = f"Error: {tmp_path}/data/lapor.sqlite has no tables yet; run `python -m functions.cli init`"
    assert result.output.splitlines()[-1] == said


def taken(settings: Settings) -> list[bool]:
    """Whether the intake takes what phones seal to the keys that the portal shows."""
    public = KeyDirectory(settings.keys_dir).public()
    return [public.takes(Purpose.DESK, "kutim", key_id) for key_id in frozen_keys(settings)]


def test_reports_are_taken_while_a_rotation_waits(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[list[bool]] = []
    monkeypatch.setattr("functions.cli.main.time.sleep", lambda _: seen.append(taken(settings)))
    rotate = ("keys", "rotate", "--purpose", "desk", "--instance", "kutim", "--grace", "1")
    assert run(settings, *rotate).exit_code == 0
    assert seen == [[True]]
    assert taken(settings) == [True]


def test_reports_are_taken_after_a_rotation_that_was_stopped(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(_: float) -> None:
        raise KeyboardInterrupt

    rotate = ("keys", "rotate", "--purpose", "desk", "--instance", "kutim", "--grace")
    with monkeypatch.context() as patched:
        patched.setattr("functions.cli.main.time.sleep", stopped)
        assert run(settings, *rotate, "1").exit_code == 1
    assert taken(settings) == [True]
    assert run(settings, *rotate, "0").exit_code == 0
