"""A custodian's own key at the custody door: what their browser made, its locked copies, and their signature under a
roster. What is not theirs or not whole is refused, told, and changes nothing."""

from base64 import b64encode
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from functions.casework.consent.roster import Roster, fingerprint_of, next_roster
from functions.casework.directory.agencies import Role
from functions.casework.sealed_identity import TrustProblem
from functions.storage.registers.custodians import Custodians, Lock, read_custodians, write_custodians
from tests.markup import page, text
from tests.split_world import AGENCIES, Browser, SplitWorld
from tests.trust import REASON
from tests.world import JSON, Desk

HTML = {"Accept": "text/html"}
SEED = b"l" * 61  # version, nonce, seed and tag, as a browser locks it
LONGEST = 1023  # of a credential's id, by WebAuthn
NOT_YOURS = "Langkah ini bukan untuk peran Anda."
KEY, LOCKS, VOUCH = "/custody/key", "/custody/key/locks", "/custody/key/vouch"


@pytest.fixture
def world(tmp_path: Path) -> SplitWorld:
    return SplitWorld(tmp_path)


def b64(raw: bytes) -> str:
    return b64encode(raw).decode()


def kept(world: SplitWorld) -> Custodians:
    return read_custodians(world.store, "kutim")


def locks(world: SplitWorld, agency: str = AGENCIES[0]) -> list[tuple[bytes, bytes]]:
    return [(lock.credential, lock.locked) for lock in kept(world).keepers[agency].locks]


def puts_key(desk: Desk, browser: Browser, **changes: bytes) -> Any:
    made = {"public": browser.public, "vouch": browser.vouch} | changes
    return desk.post(KEY, {name: b64(raw) for name, raw in made.items()})


def locks_by(desk: Desk, credential: bytes, locked: bytes = SEED) -> Any:
    return desk.post(LOCKS, {"credential": b64(credential), "locked": b64(locked)})


def shown(desk: Desk) -> str:
    return text(page(desk.client.get(KEY, headers=HTML)))


def refused(answer: Any, status: int, code: str, says: str) -> None:
    said = answer.get_json()
    assert (answer.status_code, said["code"]) == (status, code)
    assert says in said["detail"] + "".join(error["message"] for error in said.get("errors", []))


def test_a_custodian_sees_the_key_they_made_and_how_many_security_keys_open_it(world: SplitWorld) -> None:
    desk, browser = world.custodian(0), world.browsers[0]
    assert desk.get(KEY).get_json()["own"] is None
    assert "Anda belum punya kunci." in shown(desk)
    refused(locks_by(desk, b"usb"), 409, "identity_no_slot", "Kunci Anda tidak memegang bagian")
    sizes = ({"public": browser.public[:-1]}, {"public": browser.public + b"x"}, {"vouch": b"v" * 31}, {"vouch": b""})
    for wrong in sizes:
        refused(puts_key(desk, browser, **wrong), 422, "invalid", "Belum ada yang tersimpan")
    assert kept(world) == Custodians()
    assert puts_key(desk, browser).status_code == 200
    assert fingerprint_of(browser.public, browser.vouch).replace("-", " ") in shown(desk)
    assert "0 kunci keamanan membukanya." in shown(desk)
    assert locks_by(desk, b"usb").status_code == 200
    assert "1 kunci keamanan membukanya. Tambahkan yang kedua: satu dapat hilang." in shown(desk)
    assert locks_by(desk, b"cadangan").status_code == 200
    assert "Tambahkan yang kedua" not in shown(desk)
    own = desk.get(KEY).get_json()["own"]
    assert own == {
        "public": b64(browser.public),
        "vouch": b64(browser.vouch),
        "locks": [{"credential": b64(name), "locked": b64(SEED)} for name in (b"usb", b"cadangan")],
    }
    assert world.custodian(1).get(KEY).get_json()["own"] is None


@pytest.mark.parametrize(
    ("credential", "locked"),
    [
        pytest.param(b"", SEED, id="no credential"),
        pytest.param(b"c" * (LONGEST + 1), SEED, id="credential too long"),
        pytest.param(b"usb", SEED[:-1], id="copy too short"),
        pytest.param(b"usb", SEED + b"l", id="copy too long"),
        pytest.param(b"usb", b"", id="no copy"),
        pytest.param(b"", b"", id="neither"),
    ],
)
def test_a_locked_copy_of_wrong_size_is_refused(world: SplitWorld, credential: bytes, locked: bytes) -> None:
    desk = world.custodian(0)
    puts_key(desk, world.browsers[0])
    before = kept(world)
    refused(locks_by(desk, credential, locked), 422, "invalid", "Segel kiriman ini rusak.")
    for text_of_none in ("usb!", "dXNi ", "A"):
        answer = desk.post(LOCKS, {"credential": text_of_none, "locked": b64(SEED)})
        refused(answer, 422, "invalid", "Segel kiriman ini rusak.")
    assert kept(world) == before
    for right in (b"c", b"c" * LONGEST):
        assert locks_by(desk, right).status_code == 200
    assert locks(world) == [(b"c", SEED), (b"c" * LONGEST, SEED)]


def test_six_security_keys_open_a_seed_and_a_seventh_takes_the_place_of_the_oldest(world: SplitWorld) -> None:
    desk = world.custodian(0)
    puts_key(desk, world.browsers[0])
    for n in range(6):
        assert locks_by(desk, bytes([n])).status_code == 200
    again = b"m" * 61
    assert locks_by(desk, bytes([0]), again).status_code == 200  # the same key once more: its new copy, the others stay
    assert locks(world) == [(bytes([n]), SEED) for n in range(1, 6)] + [(bytes([0]), again)]
    assert locks_by(desk, bytes([6])).status_code == 200
    assert [credential for credential, _ in locks(world)] == [bytes([n]) for n in (2, 3, 4, 5, 0, 6)]


def test_a_new_key_comes_without_the_locked_copies_of_the_one_before(world: SplitWorld) -> None:
    """They would open a seed that counts no longer; the same key sent once more keeps its own."""
    desk = world.custodian(0)
    puts_key(desk, world.browsers[0])
    locks_by(desk, b"usb")
    assert puts_key(desk, world.browsers[0]).status_code == 200
    assert locks(world) == [(b"usb", SEED)]
    new = Browser(b"n" * 32)
    assert puts_key(desk, world.browsers[0], vouch=new.vouch).status_code == 200  # one of the two is another already
    assert locks(world) == []
    locks_by(desk, b"usb")
    assert puts_key(desk, new).status_code == 200
    assert locks(world) == []


def test_nobody_else_of_an_agency_changes_its_custodians_key(world: SplitWorld) -> None:
    mine, other = world.viewer(0), Browser(b"o" * 32)
    world.own_keys.put_key(mine, world.browsers[0].public, world.browsers[0].vouch)
    world.own_keys.put_lock(mine, b"usb", SEED)
    before, colleague = kept(world), replace(mine, officer="kustodian-lain")
    with pytest.raises(TrustProblem, match="keeper_other"):
        world.own_keys.put_key(colleague, other.public, other.vouch)
    with pytest.raises(TrustProblem, match="keeper_other"):
        world.own_keys.put_lock(colleague, b"usb", b"o" * 61)
    assert kept(world) == before
    world.own_keys.put_lock(mine, b"cadangan", SEED)
    assert kept(world).keepers[AGENCIES[0]].locks == (Lock(b"usb", SEED), Lock(b"cadangan", SEED))


def test_an_overseer_has_no_key_and_signs_no_roster(world: SplitWorld) -> None:
    roster, browser = world.split(), world.browsers[0]
    before = kept(world)
    email = world.officer("kutim", Role.OVERSEER).email
    world.ask_link(email, "custody")
    world.run_courier()
    letter = next(mail.text for mail in world.mailbox.letters[::-1] if mail.to == email)
    token = letter.partition("/masuk/kustodian/#")[2].split()[0]
    client = world.custody_app.test_client()
    session = client.post("/custody/session", json={"token": token}, headers=JSON).get_json()
    overseer = Desk(client, session["csrf"], session)
    signed = {"roster": roster.id, "signature": b64(browser.sign(roster))}
    for answer in (overseer.get(KEY), puts_key(overseer, browser), locks_by(overseer, b"usb")):
        refused(answer, 409, "identity_role", NOT_YOURS)
    refused(overseer.post(VOUCH, signed), 409, "identity_role", NOT_YOURS)
    assert kept(world) == before


def proposed(world: SplitWorld) -> tuple[Roster, Roster, Browser]:
    """The roster that stands, the next one in which the last custodian has a new key, and the browser that made it."""
    standing, newcomer = world.split(), Browser(b"n" * 32)
    world.own_keys.put_key(world.viewer(3), newcomer.public, newcomer.vouch)
    return standing, world.rosters.propose(), newcomer


def signs(desk: Desk, roster: str, signature: bytes) -> Any:
    return desk.post(VOUCH, {"roster": roster, "signature": b64(signature)})


def test_a_roster_takes_two_signatures_each_by_its_own_custodian(world: SplitWorld) -> None:
    standing, waits, newcomer = proposed(world)
    first, second = world.custodian(0), world.custodian(1)
    assert "Kunci ini ada dalam daftar yang berlaku." in shown(first)
    assert "Kunci ini belum ada dalam daftar yang berlaku" in shown(world.custodian(3))
    member = waits.of(AGENCIES[3])
    assert member
    for desk in (first, second):
        assert member.fingerprint.replace("-", " ") in shown(desk)
        found = desk.get(KEY).get_json()
        assert (found["roster"]["id"], found["proposed"]["id"], found["vouched"]) == (standing.id, waits.id, False)
    assert signs(first, waits.id, world.browsers[0].sign(waits)).status_code == 200
    assert "Anda sudah menandatangani daftar ini." in shown(first)
    assert "Anda sudah menandatangani daftar ini." not in shown(second)
    assert [desk.get(KEY).get_json()["vouched"] for desk in (first, second)] == [True, False]
    assert signs(second, waits.id, world.browsers[1].sign(waits)).status_code == 200
    assert world.rosters.publish().id == waits.id
    world.browsers[3] = newcomer
    assert "Daftar berikutnya menunggu" not in shown(first)
    # What stands now waits no more: nobody signs it again.
    refused(signs(first, waits.id, world.browsers[0].sign(waits)), 409, "roster_other", "sudah berganti")


def test_a_signature_that_is_not_theirs_under_this_roster_is_refused(world: SplitWorld) -> None:
    standing, waits, newcomer = proposed(world)
    first, last = world.custodian(0), world.custodian(3)
    right = world.browsers[0].sign(waits)
    wrong = {
        "another custodian's": world.browsers[1].sign(waits),
        "of the roster that stands": world.browsers[0].sign(standing),
        "cut short": right[:-1],
        "altered": bytes([right[0] ^ 1]) + right[1:],
        "none": b"",
    }
    for what, signature in wrong.items():
        answer = signs(first, waits.id, signature)
        assert (what, answer.status_code, answer.get_json()["code"]) == (what, 409, "roster_signature")
        assert "Tanda tangan ini bukan dari kunci Anda di daftar yang berlaku." in answer.get_json()["detail"]
    refused(signs(last, waits.id, newcomer.sign(waits)), 409, "roster_signature", "bukan dari kunci Anda")  # not yet
    for other in (standing.id, "0" * 16, ""):
        refused(signs(first, other, right), 409, "roster_other", "Muat ulang halaman, lalu periksa lagi.")
    assert kept(world).proposed == waits
    assert waits.vouched == ()


def test_a_roster_that_does_not_follow_the_one_that_stands_is_not_shown_and_not_signed(world: SplitWorld) -> None:
    """Whoever writes to the store puts one of their own there, to be signed by custodians who look at the page alone."""
    _, waits, _ = proposed(world)
    known, desk = kept(world), world.custodian(0)
    foreign = next_roster("kutim", None, [keeper.candidate for keeper in known.keepers.values()])
    for other in (foreign, replace(waits, previous="0" * 16)):
        known = kept(world)
        write_custodians(world.store, "kutim", replace(known, proposed=other))
        assert desk.get(KEY).get_json()["proposed"] is None
        assert "Daftar berikutnya menunggu" not in shown(desk)
        refused(signs(desk, other.id, world.browsers[0].sign(other)), 409, "roster_other", "sudah berganti")
        assert kept(world).proposed == other


def test_without_a_roster_there_is_none_to_sign(world: SplitWorld) -> None:
    for which, browser in enumerate(world.browsers):
        world.own_keys.put_key(world.viewer(which), browser.public, browser.vouch)
    waits, desk = world.rosters.propose(), world.custodian(0)
    found = desk.get(KEY).get_json()
    assert (found["roster"], found["proposed"], found["vouched"]) == (None, None, False)
    assert "belum ada daftar empat kustodian" in shown(desk)
    refused(signs(desk, waits.id, world.browsers[0].sign(waits)), 409, "roster_other", "sudah berganti")
    assert kept(world).proposed == waits
    assert desk.post(f"/custody/cases/{world.entrusted()[1]}/ask", {"reason": REASON}).status_code == 200
