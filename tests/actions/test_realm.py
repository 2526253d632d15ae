"""A session belongs to the door that wrote it, whatever role it claims: in the cloud the desk may write into its own
realm alone, so a desk that was taken over cannot make itself a custodian."""

from hashlib import sha256
from secrets import token_hex

import pytest

from functions.casework.problems import SignedOutProblem
from functions.storage.interface import LinkUse
from tests.trust import TrustWorld


@pytest.fixture
def world(tmp_path):
    return TrustWorld(tmp_path)


def forged(world, link_id, secret):
    who = world.custodians[0]
    hashed, until = sha256(secret.encode()).digest(), world.seconds + 600
    opened = world.seconds // 3600 + 1
    return LinkUse(link_id, who.ident, who.agency, who.role, "kutim", "", hashed, until, world.seconds, opened)


def test_what_the_desk_may_write_opens_no_session_at_the_custodians_door(world):
    secret = token_hex(32)
    world.store.use_link(forged(world, "palsu", secret))
    with pytest.raises(SignedOutProblem):
        world.custodian_signin.session(f"palsu.{secret}")


def test_the_custodians_own_realm_does(world):
    """So it is the realm that refused above, and nothing else about that record."""
    secret = token_hex(32)
    world.store.use_link(forged(world, "custody:asli", secret))
    session = world.custodian_signin.session(f"custody:asli.{secret}")
    assert session.viewer.officer == world.custodians[0].ident
    assert session.cookie == f"custody:asli.{secret}"


def test_the_desk_does_not_even_look_for_a_custodians_session(world):
    secret = token_hex(32)
    world.store.use_link(forged(world, "custody:asli", secret))
    asked = []
    world.store.read_link_use = asked.append
    with pytest.raises(SignedOutProblem):
        world.signin.session(f"custody:asli.{secret}")
    assert asked == []


def test_a_custodians_link_is_voided_by_its_own_id(world):
    from functions.casework.problems import LinkProblem
    from functions.storage.interface import Revocation

    secret = token_hex(32)
    world.store.use_link(forged(world, "custody:asli", secret))
    world.store.revoke(Revocation("link:asli", world.seconds + 1))
    with pytest.raises(LinkProblem):
        world.custodian_signin.session(f"custody:asli.{secret}")
