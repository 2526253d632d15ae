"""Second factors at a terminal, on a real folder: who has one, a code for a custodian, the end of all."""

import re
from datetime import date
from pathlib import Path

import pytest

from functions.actions.factors.help_factor import SYMBOLS
from functions.casework.directory.agencies import Role
from functions.casework.factors.keyring import Factor, Keyring, Kind
from functions.casework.factors.standing import Need
from functions.cli import doctor_store
from functions.config.settings import Settings, load_directory, load_officers, load_settings
from functions.crypto.ops.key_directory import KeyDirectory
from functions.crypto.seal.public_keys import Purpose
from functions.storage.choose_store import open_store
from functions.storage.registers.factors import change_keyring, read_keyring
from tests.cli.test_main import refused, run

DAY = date(2026, 11, 25)
KEY = Keyring((Factor("aWQ", Kind.PASSKEY, "kunci", DAY, DAY),), DAY)
INSPECTORATE = "kutim-inspektorat"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = load_settings({"DATA_DIR": str(tmp_path), "SECOND_FACTOR": "required"})
    open_store(made).prepare()
    keys = KeyDirectory(made.keys_dir)
    for purpose in (Purpose.DESK, Purpose.IDENTITY, Purpose.COURIER):
        keys.generate(purpose, "kutim")
    return made


def test_ops_list_help_and_revoke(settings: Settings) -> None:
    store = open_store(settings)
    change_keyring(store, "custody", INSPECTORATE, "kustodian-1", lambda _: KEY)
    change_keyring(store, "", "kutim-dpupr", "dpupr-1", lambda _: Keyring(since=DAY))
    overseer = next(
        o.ident
        for o in load_officers(settings.officers_file, load_directory(settings.directory_file))
        if o.role == "overseer"
    )
    listed = {
        tuple(line.split(None, 3)[::2]): line.split(None, 3)[3]
        for line in run(settings, "factors", "list").stdout.splitlines()
    }
    assert listed["kustodian-1", "custody"] == "1 (passkey)"
    assert listed["dpupr-1", "desk"] == "none since 2026-11-25"
    assert {"desk", "custody"} == {door for ident, door in listed if ident == overseer}
    done = run(settings, "factors", "code", "kustodian-1")
    assert re.search(r"at custody, shown this once: [0-9A-Z]{4}-[0-9A-Z]{4}\n", done.stdout)
    assert read_keyring(store, "custody", INSPECTORATE, "kustodian-1").code
    assert read_keyring(store, "custody", INSPECTORATE, "kustodian-1").factors == KEY.factors
    assert run(settings, "factors", "revoke", "kustodian-1").exit_code == 0
    assert read_keyring(store, "custody", INSPECTORATE, "kustodian-1") == Keyring(since=DAY, shut=True)
    assert store.revoked(["officer:kustodian-1"])
    assert "revoked, wants a code" in run(settings, "factors", "list").stdout
    assert [entry.notice for entry in store.waiting()] == ["factor_changed"] * 2
    assert "no such officer" in refused(run(settings, "factors", "code", "nobody"))
    assert "does not sign in at desk" in refused(run(settings, "factors", "revoke", "kustodian-1", "--at", "desk"))
    assert SYMBOLS == 8


def test_doctor_says_who_has_none_and_whether_one_is_asked_for(settings: Settings) -> None:
    store, directory = open_store(settings), load_directory(settings.directory_file)
    officers = load_officers(settings.officers_file, directory)

    def said(policy_of: Settings, today: date) -> str:
        return "\n".join(map(str, doctor_store.second_factors(store, officers, policy_of.factors, today)))

    assert f"{len(officers)} have none" in said(settings, DAY)
    change_keyring(store, "", "kutim-dpupr", "dpupr-1", lambda _: Keyring(since=DAY))
    late = said(settings, date(2026, 12, 25))
    assert "the grace of 1 is over, and they have none: dpupr-1 since 2026-11-25" in late
    for way in ("grace", "off"):
        assert f"SECOND_FACTOR is {way}" in said(load_settings({"SECOND_FACTOR": way}), DAY)
    for officer in officers:
        realm = "custody" if officer.role == "custodian" else ""
        change_keyring(store, realm, officer.agency, officer.ident, lambda _: KEY)
    assert said(settings, DAY).endswith("second factor: everybody has one, and none is let in without.")


@pytest.mark.parametrize(
    ("environ", "strictness", "days"),
    [
        ({}, "grace", 30),
        ({"MAIL": "smtp"}, "required", 30),
        ({"MAIL": "ses"}, "required", 30),
        ({"KEYS": "s3://lapor-keys", "STORE": "dynamodb"}, "required", 30),  # a function in the cloud
        ({"MAIL": "smtp", "SECOND_FACTOR": "grace", "SECOND_FACTOR_DAYS": "60"}, "grace", 60),
        ({"SECOND_FACTOR": "off"}, "off", 30),
    ],
)
def test_it_is_asked_at_once_wherever_mail_is_really_sent(environ: dict[str, str], strictness: str, days: int) -> None:
    policy = load_settings(environ).factors
    assert (policy.strictness, policy.days) == (strictness, days)


@pytest.mark.parametrize(("keyring", "need"), [(KEY, Need.FACTOR), (Keyring(since=DAY, shut=True), Need.HELP)])
def test_who_goes_to_another_agency_keeps_their_second_factors(
    settings: Settings, tmp_path: Path, keyring: Keyring, need: Need
) -> None:
    """Else a mailbox alone would open the new desk for thirty days, and whoever has it add the first factor there."""
    store, folder = open_store(settings), tmp_path / "tables"
    change_keyring(store, "", "kutim-dpupr", "dpupr-2", lambda _: keyring)
    assert run(settings, "agencies", "export", str(folder)).exit_code == 0
    officers = folder / "officers.csv"
    officers.write_text(re.sub(r"(?m)^(dpupr-2,.*)kutim-dpupr", r"\1kutim-dishub", officers.read_text()))
    done = run(settings, "agencies", "import", "--yes", "--no-portal", str(officers))
    assert done.exit_code == 0, done.output
    assert "kutim-dpupr → kutim-dishub" in done.output
    now = read_keyring(store, "", "kutim-dishub", "dpupr-2")
    assert settings.factors.need(Role.OFFICER, now, DAY) is need
    assert now == keyring
    assert read_keyring(store, "", "kutim-dpupr", "dpupr-2") == Keyring()
