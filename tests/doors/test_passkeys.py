"""Passkeys at the doors, with a device in Python: what opens, and everything that must not. Real devices:
``tests/browser/test_kunci.py``."""

import pytest

from functions.actions.factors.enrol_factor import NAMES
from functions.actions.factors.second_factor import CHALLENGE_SECONDS
from functions.casework.directory.agencies import Role
from functions.casework.factors.keyring import MOST
from tests.factors import Passkey, StrictWorld, b64, unb64


@pytest.fixture
def world(tmp_path):
    return StrictWorld(tmp_path)


def refused(answer):
    """The code's sentence where a passkey opened nothing."""
    assert answer.status_code == 422, answer.data
    (error,) = answer.get_json()["errors"]
    assert error["field"] == "passkey"
    return error["message"]


def test_a_passkey_opens_each_link_and_its_count_goes_up(world):
    key, first = Passkey(), world.come()
    assert first.enrol(key, "ponsel saya").status_code == 200
    for _ in range(2):
        visit = world.come()
        assert (visit.opens, visit.answer["factor"]["passkey"]) == (False, True)
        assert visit.sign(key).get_json()["agency"] == "kutim"
        assert visit.opens
    silent = Passkey()  # synced keys count nothing
    silent.data = lambda more=b"", flags=0: Passkey.data(silent, more, flags | 0x18)[:33] + bytes(4) + more
    assert visit.enrol(silent).status_code == 200
    assert [f["synced"] for f in visit.get("factors").get_json()["factors"]] == [False, True]
    for _ in range(2):
        assert world.come().sign(silent).status_code == 200


def test_what_a_passkey_is_asked_for(world):
    key, visit = Passkey(), world.come()
    visit.enrol(key)
    asked = visit.post("factor/challenge", {}).get_json()
    assert asked["host"] == "localhost"
    assert asked["credentials"] == [b64(key.ident)]
    assert (len(unb64(asked["challenge"])), len(unb64(asked["user"]))) == (32, 16)
    assert (
        asked["user"] != world.come("kutim-inspektorat", Role.INSPECTOR).post("factor/challenge", {}).get_json()["user"]
    )


def test_a_challenge_is_answered_once_in_five_minutes_and_by_its_own_session(world):
    key = Passkey()
    world.come().enrol(key)
    visit, other = world.come(), world.come()
    answer = key.signed(visit.challenge())
    assert "sekali lagi" in refused(other.post("factor", answer))  # none was asked there
    other.challenge()
    assert "sekali lagi" in refused(other.post("factor", answer))
    assert visit.post("factor", answer).status_code == 200
    assert "sekali lagi" in refused(visit.post("factor", answer))
    visit = world.come()
    replaced = key.signed(visit.challenge())
    visit.challenge()
    assert "sekali lagi" in refused(visit.post("factor", replaced))
    late = key.signed(visit.challenge())
    world.seconds += CHALLENGE_SECONDS + 1
    assert "sekali lagi" in refused(visit.post("factor", late))
    assert not visit.opens


def test_nothing_but_the_officers_own_key_at_this_address_opens(world):
    key = Passkey()
    world.come().enrol(key)
    theirs = Passkey()
    world.come("kutim-inspektorat", Role.INSPECTOR).enrol(theirs)
    visit = world.come()
    assert "tidak terpasang" in refused(visit.sign(theirs))
    stolen = Passkey(ident=key.ident)  # the id is no secret, the key is
    assert "diperiksa" in refused(visit.sign(stolen))
    for wrong in (
        Passkey(ident=key.ident, key=key.key, count=9, origin="https://lapor-anonim.example.net"),
        Passkey(ident=key.ident, key=key.key, count=9, host="example.net"),
        Passkey(ident=key.ident, key=key.key, count=9, flags=0x01),  # nobody proved who they are
        Passkey(ident=key.ident, key=key.key, count=9, flags=0x04),
    ):
        assert "diperiksa" in refused(visit.sign(wrong))
    made = key.made(visit.challenge())
    mixed = key.signed("")
    assert "diperiksa" in refused(visit.post("factor", mixed | {"client_data": made["client_data"]}))
    for name in mixed:
        answer = key.signed(visit.challenge())
        raw = bytearray(unb64(answer[name]))
        raw[len(raw) // 2] ^= 1
        assert refused(visit.post("factor", answer | {name: b64(bytes(raw))}))
        assert refused(visit.post("factor", key.signed(visit.challenge()) | {name: "é"}))
    assert not visit.opens


def test_a_count_that_does_not_go_up_opens_nothing(world):
    key = Passkey(count=5)
    world.come().enrol(key)
    copy = Passkey(ident=key.ident, key=key.key, count=5)  # made when the count was 5, as its owner's is 6 now
    visit = world.come()
    assert "disalin" in refused(visit.sign(copy))
    assert not visit.opens
    assert visit.sign(key).status_code == 200


def test_a_new_key_must_be_of_this_address_new_and_verified(world):
    visit, key = world.come(), Passkey()
    for wrong in (Passkey(origin="http://localhost:9"), Passkey(host="x"), Passkey(flags=0x01), Passkey(ident=b"")):
        assert "diperiksa" in refused(visit.enrol(wrong))
    bare = Passkey().made(visit.challenge()) | {"public": b64(b"no key")}
    assert "diperiksa" in refused(visit.post("factor/new", bare))
    assert not visit.opens
    assert visit.enrol(key).status_code == 200
    assert "sudah terpasang" in refused(visit.enrol(key))
    for _ in range(MOST - 1):
        assert visit.enrol(Passkey()).status_code == 200
    assert str(MOST) in refused(visit.enrol(Passkey()))
    assert {each["name"] for each in visit.get("factors").get_json()["factors"]} == {NAMES["passkey"]}


def test_a_custodian_opens_their_own_door_and_no_other(world):
    key, agency = Passkey(), world.custodians[0].agency
    assert world.come(agency, Role.CUSTODIAN).enrol(key).status_code == 200
    visit = world.come(agency, Role.CUSTODIAN)
    assert visit.sign(key).status_code == 200
    assert visit.opens
    world.come().enrol(Passkey())
    assert "tidak terpasang" in refused(world.come().sign(key))
