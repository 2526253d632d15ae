"""The custodian's browser and the server make the same bytes of shares, passes, seeds, papers and fingerprints."""

import json
import shutil
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import brotli
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from functions.casework.consent.roster import RosterError, fingerprint_of, read_roster, roster_json
from functions.crypto.seal.public_keys import key_id_of
from functions.crypto.seal.shares import split
from functions.crypto.sign.vouches import check_vouched
from functions.custody.shares import _handed_json, _read_passes
from tests.depth import deep
from tests.seal.conftest import directory, portal  # noqa: F401 - fixtures of the portal
from tests.seal.opening import SECRET as NAMED
from tests.seal.workshop import BUILT, rebuild, run, workshop
from tests.split_world import Browser, SplitWorld, raw, text
from tests.trust import CONTACT, NAME, REASON
from tests.world import JSON

Ask = Callable[..., Any]
SEED = bytes(range(32))
MOST_BYTES = 17_000  # loaded on custodians' pages alone
HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """The sources in Node, beside their packages."""
    folder = tmp_path_factory.mktemp("twins")
    with workshop() as shop:
        shutil.copytree(shop, folder, dirs_exist_ok=True, symlinks=True, ignore=shutil.ignore_patterns("node_modules"))
        (folder / "node_modules").symlink_to(shop / "node_modules")
    shutil.copyfile(HERE / "twins.mjs", folder / "twins.mjs")

    def asked(name: str, **arguments: Any) -> Any:
        question = folder / "question.json"
        question.write_text(json.dumps({"ask": name, **arguments}))
        return json.loads(run("node", "twins.mjs", str(question), folder=folder))

    return asked


@pytest.fixture
def world(tmp_path: Path) -> SplitWorld:
    world = SplitWorld(tmp_path)
    world.split()
    return world


def handed(world: SplitWorld, which: int, case_id: str) -> dict[str, Any]:
    return json.loads(json.dumps(_handed_json(world.shares.hand_out(world.viewer(which), case_id))))


def test_the_committed_bundle_is_what_the_sources_make(tmp_path: Path) -> None:
    built = rebuild(tmp_path / "kustodian.js", "kustodian")
    assert built.read_bytes() == BUILT.with_name("kustodian.js").read_bytes(), (
        "npm ci && npm run build, in site/browser"
    )
    assert len(brotli.compress(built.read_bytes(), quality=11)) <= MOST_BYTES
    assert "toJSON" not in built.read_text()  # it holds what a passkey gave


def test_shares_are_the_same_bytes_and_the_librarys_on_a_thousand_splits(node: Ask) -> None:
    slope = bytes(range(255, 223, -1))
    ours = split(SEED, (1, 2, 3, 4), slope)
    assert node("shares", secret=text(SEED), slope=text(slope)) == [ours[x].hex() for x in (1, 2, 3, 4)]
    rounds = deep(1_000, 50)
    assert node("library", rounds=rounds) == rounds


def test_a_seed_gives_the_same_keys_fingerprint_and_signature_and_comes_back_from_paper(node: Ask) -> None:
    found, ours = node("seed", seed=text(SEED)), Browser(SEED)
    assert found["key_id"].startswith("c9a3565ffde4f72b")  # the vector of the design
    assert (raw(found["public"]), raw(found["vouch"])) == (ours.public, ours.vouch)
    assert found["key_id"] == key_id_of(ours.public)
    assert found["fingerprint"] == fingerprint_of(ours.public, ours.vouch)
    assert [len(group) for group in found["paper"].split("-")] == [5] * 13
    assert raw(found["back"]) == SEED
    assert (found["wrong"], found["short"], found["swapped"]) == ([1], [], [1, 2])
    Ed25519PublicKey.from_public_bytes(ours.vouch).verify(raw(found["signature"]), SEED)


def test_a_lock_opens_with_what_the_passkey_gave_and_with_nothing_else(node: Ask) -> None:
    found = node("lock", seed=text(SEED), output=text(b"p" * 32))
    assert (found["bytes"], raw(found["back"]), found["other"]) == (61, SEED, "OperationError")


def test_a_browser_passes_on_what_python_sealed_and_reads_what_python_passed_on(world: SplitWorld, node: Ask) -> None:
    receipt, case_id = world.entrusted()
    world.custody.ask(world.viewer(0), case_id, REASON)
    passes = node("passed", seed=text(world.browsers[0].seed), handed=handed(world, 0, case_id))
    world.shares.take_passes(world.viewer(0), case_id, _read_passes(passes))
    world.answer(receipt)
    world.custody.open(world.viewer(1), case_id, "Saya sependapat.")
    assert world.read_by(1, case_id) == {"name": NAME, "contact": CONTACT}  # Python reads what the browser passed on
    assert node("read", seed=text(world.browsers[0].seed), handed=handed(world, 0, case_id)) == {
        "name": NAME,
        "contact": CONTACT,
    }


def test_one_vouch_that_is_written_twice_is_one(world: SplitWorld, node: Ask) -> None:
    """As 1 and as "1", twice as 1, as a list, under another person's place: another roster, which is shouted at."""
    standing, newcomer = world.keys.public().rosters["kutim"], Browser(b"n" * 32)
    world.own_keys.put_key(world.viewer(3), newcomer.public, newcomer.vouch)
    proposed = world.rosters.propose()
    one, two = (
        {"x": member.x, "signature": text(browser.sign(proposed))}
        for browser in world.browsers[:2]
        for member in standing.members
        if member.vouch == browser.vouch
    )
    doubled = [
        [one, one | {"x": str(one["x"])}],
        [one, one],
        [one, one | {"x": [one["x"]]}],
        [one, two | {"signature": one["signature"]}],
    ]
    plain = roster_json(proposed)
    after = [plain | {"vouched": vouched} for vouched in (*doubled, [one, two])]
    before = roster_json(standing)
    assert node("roster", before=before, after=after) == ["swapped"] * 4 + ["vouched"]
    for vouched in (*doubled[:2], doubled[3]):
        with pytest.raises(RosterError, match="1 of 2"):
            check_vouched(read_roster(plain | {"vouched": vouched}), standing)


def test_what_is_damaged_or_of_another_case_is_told_in_a_sentence_of_its_own(world: SplitWorld, node: Ask) -> None:
    _, case_id = world.opened_by(0, 1)
    other = world.opened_by(0, 1)[1]
    good, strange = handed(world, 1, case_id), handed(world, 1, other)
    flipped = bytearray(raw(good["passes"][0]["envelope"]))
    flipped[-1] ^= 1
    share = world.browsers[1].own_share(world.shares.hand_out(world.viewer(1), case_id))
    assert sha256(share).hexdigest() == good["digests"][str(good["x"])]
    cases = [
        good,
        good | {"slot": strange["slot"]},
        good | {"passes": [good["passes"][0] | {"envelope": text(bytes(flipped))}]},
        good | {"passes": strange["passes"]},
        good | {"passes": []},
        good | {"digests": dict.fromkeys(good["digests"], "00" * 32)},
        good | {"sealed": strange["sealed"]},
        good | {"slot": handed(world, 0, case_id)["slot"]},
        good | {"talk": "00" * 32},  # the door read the steps with another key than the name's own
        good | {"wrap_talk": strange["wrap_talk"]},
        good | {"wrap_talk": ""},
    ]
    told = node("refusals", seed=text(world.browsers[1].seed), others=cases)
    damaged = ["nothing", "damaged", "damaged", "damaged", "not-passed", "damaged", "damaged", "other-key"]
    assert told == damaged + ["other-talk"] * 3


def test_a_phone_splits_a_name_that_two_custodians_read_and_the_door_does_not(
    world: SplitWorld,
    node: Ask,
    portal: Any,  # noqa: F811 - the fixture
) -> None:
    client = portal.create_app(public_file=world.keys.public_file).test_client()
    keys = client.get("/keys.json").get_json()
    assert [len(roster["members"]) for roster in keys["rosters"]] == [4]
    sealed = node("seal", report=NAMED | {"topic": "jalan", "about_agency": ""}, keys=keys)
    answer = world.intake.post("/api/reports", json=sealed["body"] | {"form_token": ""}, headers=JSON)
    assert answer.status_code == 201, answer.text
    case_id = sealed["trackingId"]
    assert world.identity(case_id).split
    world.passed(2, case_id)
    world.answer(sealed["receipt"])
    world.custody.open(world.viewer(3), case_id, "Saya sependapat.")
    person = world.read_by(3, case_id)
    assert person == {"name": NAMED["name"], "contact": NAMED["contact"]}
    # A phone with an earlier roster seals again, a page from before the roster is taken as it was.
    stale = sealed["body"] | {"identity_roster": "00" * 8, "form_token": ""}
    again = world.intake.post("/api/reports", json=stale, headers=JSON)
    assert (again.status_code, again.get_json()["code"]) == (409, "keys_changed")
