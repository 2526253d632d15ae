"""The roster at a terminal: what an administrator does at the ceremony, and what is refused with a reason."""

from dataclasses import replace
from pathlib import Path

import pytest

from functions.actions.ops.rosters import Rosters
from functions.casework.consent.roster import Candidate, RosterError
from functions.casework.directory.agencies import Officer, Role
from functions.casework.directory.registers import OFFICERS_REGISTER, encode_officers
from functions.cli.doctor_store import rosters
from functions.cli.findings import Finding
from functions.config.settings import Settings, load_settings
from functions.crypto.ops.choose import open_key_maker
from functions.crypto.seal.public_keys import Purpose
from functions.storage.choose_store import open_store
from functions.storage.interface import Register
from functions.storage.registers.custodians import Keeper, read_custodians, write_custodians
from functions.storage.registers.directory import read_directory
from functions.storage.registers.officers import read_officers
from tests.cli.test_main import refused, run
from tests.split_world import AGENCIES, Browser

FOR = ("--instance", "kutim")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = load_settings({"DATA_DIR": str(tmp_path)})
    store, keys = open_store(made), open_key_maker(made)
    store.prepare()
    for purpose in Purpose:
        keys.generate(purpose, "kutim")
    officers = [
        Officer(f"k-{n}", f"k{n}@surat.example.id", agency, Role.CUSTODIAN) for n, agency in enumerate(AGENCIES)
    ]
    store.write_registers([Register(OFFICERS_REGISTER, 1, encode_officers(officers))])
    return made


def keys_made(settings: Settings, **browsers: Browser) -> None:
    """Keys of custodians by agency, as their browsers leave them at the door."""
    store = open_store(settings)
    known = read_custodians(store, "kutim")
    for agency, one in browsers.items():
        known = known.with_keeper(Keeper(Candidate(agency, one.public, one.vouch), f"k-{AGENCIES.index(agency)}"))
    write_custodians(store, "kutim", known)


def found_by_doctor(settings: Settings) -> list[Finding]:
    store, standing = open_store(settings), read_directory(open_store(settings), settings)
    officers = read_officers(store, settings, standing.directory)
    return list(rosters(store, open_key_maker(settings), standing.directory, officers))


def test_a_roster_is_made_shown_checked_and_followed_by_one_that_two_signed(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    frozen: list[Settings] = []
    monkeypatch.setattr("functions.cli.custodians.freeze", frozen.append)
    browsers = {agency: Browser(bytes([n]) * 32) for n, agency in enumerate(AGENCIES, 1)}
    assert "older path" in refused(run(settings, "custodians", "check", *FOR))
    assert "no such instance" in refused(run(settings, "custodians", "check", "--instance", "lain"))
    keys_made(settings, **dict(list(browsers.items())[:3]))
    assert "3 custodians have a key; a roster has 4 to 8" in refused(run(settings, "custodians", "init", *FOR))
    assert "nothing to publish" in refused(run(settings, "custodians", "publish", *FOR))
    keys_made(settings, **browsers)
    made = run(settings, "custodians", "init", *FOR)
    assert (made.exit_code, len(frozen)) == (0, 1)
    assert "4 custodians, any two" in run(settings, "custodians", "check", *FOR).stdout
    assert "a roster stands" in refused(run(settings, "custodians", "init", *FOR))
    assert "nothing changes" in refused(run(settings, "custodians", "propose", *FOR))
    shown = run(settings, "custodians", "show", *FOR).stdout
    standing = open_key_maker(settings).public().rosters["kutim"]
    for member in standing.members:
        assert f"{member.agency:28} {member.fingerprint}" in shown
    keys_made(settings, **{AGENCIES[0]: Browser(b"n" * 32)})
    assert run(settings, "custodians", "propose", *FOR).exit_code == 0
    assert "0 of 2 custodians vouched" in refused(run(settings, "custodians", "publish", *FOR))
    store = open_store(settings)
    known = read_custodians(store, "kutim")
    assert known.proposed is not None
    signed = [(standing.of(a), browsers[a].sign(known.proposed)) for a in AGENCIES[1:3]]
    vouched = tuple((member.x, signature) for member, signature in signed if member)
    # A place of another person given anew, and a roster after another one, are refused whoever signs.
    wrong = replace(known.proposed, members=(replace(known.proposed.members[0], x=4), *known.proposed.members[1:3]))
    for bent, why in ((replace(wrong, vouched=vouched), "place of another"), (replace(wrong, previous=""), "continue")):
        write_custodians(store, "kutim", replace(read_custodians(store, "kutim"), proposed=bent))
        assert why in refused(run(settings, "custodians", "publish", *FOR))
    good = replace(known.proposed, vouched=vouched)
    write_custodians(store, "kutim", replace(read_custodians(store, "kutim"), proposed=good))
    assert run(settings, "custodians", "publish", *FOR).exit_code == 0
    assert len(frozen) == 2
    # Keys are made and destroyed beside a roster, and it stays.
    open_key_maker(settings).generate(Purpose.DESK, "kutim")
    assert open_key_maker(settings).public().rosters["kutim"] == good
    # Who left is found.
    officers = [Officer("k-1", "k1@surat.example.id", AGENCIES[1], Role.CUSTODIAN)]
    store.write_registers([Register(OFFICERS_REGISTER, 2, encode_officers(officers))])
    assert f"{AGENCIES[0]} (no custodian there any more)" in refused(run(settings, "custodians", "check", *FOR))


def test_a_seat_that_somebody_else_took_is_told_and_no_person_gets_two(settings: Settings) -> None:
    keys_made(settings, **{agency: Browser(bytes([n]) * 32) for n, agency in enumerate(AGENCIES, 1)})
    assert run(settings, "custodians", "init", *FOR).exit_code == 0
    store, keys = open_store(settings), open_key_maker(settings)
    assert not any(each.is_wrong for each in found_by_doctor(settings))
    officers = [
        Officer(f"k-{n}" if n != 3 else "k-9", f"k{n}@surat.example.id", agency, Role.CUSTODIAN)
        for n, agency in enumerate(AGENCIES)
    ]
    store.write_registers([Register(OFFICERS_REGISTER, 2, encode_officers(officers))])
    told = refused(run(settings, "custodians", "check", *FOR))
    assert f"{AGENCIES[3]} (another custodian there than k-3)" in told
    assert [told.removeprefix("Error: ")[:40] in each.text for each in found_by_doctor(settings) if each.is_wrong] == [
        True
    ]
    assert run(settings, "custodians", "propose", *FOR).exit_code == 0
    proposed = read_custodians(store, "kutim").proposed
    assert proposed is not None
    assert {member.agency for member in proposed.members} == set(AGENCIES[:3])
    # One person whose ident has two seats would read every name alone.
    known = read_custodians(store, "kutim")
    write_custodians(store, "kutim", known.with_keeper(Keeper(Candidate(AGENCIES[3], b"p", b"v"), "k-0")))
    double = Rosters(store, keys, "kutim", {(agency, f"k-{n % 3}") for n, agency in enumerate(AGENCIES)})
    with pytest.raises(RosterError, match="k-0 would hold two shares"):
        double.propose()
