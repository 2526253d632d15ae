"""The roster at a terminal: what an administrator does at the ceremony, and what is refused with a reason."""

from dataclasses import replace
from pathlib import Path

import pytest

from functions.casework.consent.roster import Candidate
from functions.casework.directory.agencies import Officer, Role
from functions.casework.directory.registers import OFFICERS_REGISTER, encode_officers
from functions.config.settings import Settings, load_settings
from functions.crypto.ops.choose import open_key_maker
from functions.crypto.seal.public_keys import Purpose
from functions.storage.choose_store import open_store
from functions.storage.interface import Register
from functions.storage.registers.custodians import Keeper, read_custodians, write_custodians
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
        known = known.with_keeper(Keeper(Candidate(agency, one.public, one.vouch), "kustodian"))
    write_custodians(store, "kutim", known)


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
    assert "no custodian any more" in refused(run(settings, "custodians", "check", *FOR))
