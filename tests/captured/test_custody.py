"""A custody door that is taken over opens no name that is split; two custodians after the reporter's yes open each."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from pathlib import Path
from secrets import token_bytes

import pytest
from cryptography.exceptions import InvalidTag
from pyshamir import combine, split

from functions.actions.ops.rotate import Rotate, rewrap_here
from functions.casework.consent.roster import RosterError
from functions.casework.problems import NotFoundProblem
from functions.casework.sealed_identity import READING_DAYS, Identity, TrustProblem
from functions.cli.doctor_store import rosters
from functions.crypto.errors import SealError
from functions.crypto.open import opening
from functions.crypto.seal.public_keys import Purpose, key_id_of
from functions.crypto.seal.sealing import KEY_BYTES
from functions.crypto.seal.shares import (
    digest_of,
    parted,
    passes_context,
    shares_context,
    talk_context,
    times,
)
from functions.crypto.seal.shares import split as ours
from functions.storage.registers.custodians import read_custodians
from tests.depth import deep
from tests.split_world import AGENCIES, Browser, SplitWorld, combined, term
from tests.trust import CONTACT, NAME, REASON

NAMES = 12
PERSON = {"name": NAME, "contact": CONTACT}
MEMBERS = range(4)


@pytest.fixture
def world(tmp_path: Path) -> SplitWorld:
    return SplitWorld(tmp_path)


def everything_opened(world: SplitWorld, identity: Identity, keys: tuple[Browser, ...] = ()) -> Iterator[bytes]:
    """All that the door's private keys open of an identity, and with it what these custodians' keys open."""
    private, instance, case_id = world.keys.private(Purpose.IDENTITY), identity.instance, identity.case_id
    envelopes = (identity.wrap_custody, world.store.read_shares(case_id), identity.passes)
    contexts = (case_id, talk_context(case_id), shares_context(case_id), passes_context(case_id))
    plains = []
    for envelope in envelopes:
        for context in contexts:
            with suppress(SealError):
                plains.append(private.open(instance, context, envelope))
    yield from plains
    with suppress(ValueError):
        for slot in (slot for plain in plains if len(plain) > KEY_BYTES for slot in parted(plain)[1]):
            for browser in keys:
                with suppress(AssertionError, InvalidTag):
                    yield browser.open("share", instance, f"{case_id}:{slot.x}", slot.envelope)
    for one in world.custody.slots.passes(identity) if keys else ():
        for browser in keys:
            with suppress(AssertionError, InvalidTag):
                yield browser.open("passed", instance, f"{case_id}:{one.step}:{one.to}", one.envelope)


def rewrapping(world: SplitWorld) -> Callable[[str], int]:
    return rewrap_here(world.store, world.keys, lambda: world.today, lambda _: None)[Purpose.IDENTITY]


def read_with(identity: Identity, found: list[bytes]) -> bool:
    """Whether any 32 bytes of what was found, or any two shares among it, open the name."""
    windows = {plain[at : at + KEY_BYTES] for plain in found for at in range(max(len(plain) - KEY_BYTES + 1, 0))}
    shares = [plain for plain in found if len(plain) == KEY_BYTES + 1]
    windows |= {combined(a, b) for a in shares for b in shares if a[-1] != b[-1]}
    for key in windows:
        with suppress(SealError):
            return bool(opening.open_item(key, identity.case_id, 0, "identity", identity.sealed))
    return False


def names_read(world: SplitWorld, cases: list[str], keys: tuple[Browser, ...] = ()) -> int:
    """How many names they read. Of the first every 32 bytes are tried, of the others what has the length of a key."""
    count = 0
    for n, case_id in enumerate(cases):
        identity = world.identity(case_id)
        found = list(everything_opened(world, identity, keys))
        count += read_with(identity, found if n == 0 else [plain for plain in found if len(plain) <= KEY_BYTES + 1])
    return count


def test_a_custody_door_that_is_taken_over_reads_0_of_12_names_and_12_on_the_older_path(world: SplitWorld) -> None:
    older = [world.entrusted()[1] for _ in range(NAMES)]
    assert names_read(world, older) == NAMES  # the control
    world.split()
    cases = [world.entrusted()[1] for _ in range(NAMES)]
    assert names_read(world, cases) == 0
    assert names_read(world, cases, (world.browsers[0],)) == 0  # and one custodian's key beside it
    assert names_read(world, cases, tuple(world.browsers[:2])) == NAMES  # two are enough: the shares are whole


def test_a_dump_with_all_four_custodians_keys_but_not_the_doors_reads_0(world: SplitWorld) -> None:
    world.split()
    identity = world.identity(world.entrusted()[1])
    dump = [identity.wrap_receipt, identity.wrap_custody, identity.wrap_talk, world.store.read_shares(identity.case_id)]
    for browser in world.browsers:
        for envelope in dump:
            for x in range(1, 5):
                for purpose in ("share", "passed", "identity"):
                    with pytest.raises((InvalidTag, ValueError, AssertionError)):
                        browser.open(purpose, "kutim", f"{identity.case_id}:{x}", envelope)
    assert not read_with(identity, dump)


def test_each_pair_of_four_reads_after_the_yes_and_nobody_alone(world: SplitWorld) -> None:
    world.split()
    for first, second in deep(list(permutations(MEMBERS, 2)), [(0, 1), (3, 2), (2, 0)]):
        receipt, case_id = world.entrusted()
        world.passed(first, case_id)
        assert world.shares.hand_out(world.viewer(first), case_id).sealed == b""  # their own slot, no name
        for which in MEMBERS:
            if which != first:
                with pytest.raises(TrustProblem, match="identity_closed"):
                    world.shares.hand_out(world.viewer(which), case_id)
            with pytest.raises(TrustProblem):  # no yes yet
                world.custody.open(world.viewer(which), case_id, "Saya sependapat.")
        world.answer(receipt)
        world.custody.open(world.viewer(second), case_id, "Saya sependapat.")
        with pytest.raises(IndexError):  # nothing was passed on to the asker yet
            world.read_by(first, case_id)
        assert world.read_by(second, case_id) == PERSON
        assert world.read_by(first, case_id) == PERSON
        kinds = [step.kind.value for step in world.identity(case_id).steps]
        assert kinds == ["left", "asked", "agreed", "opened", "read", "read"]
        others = [which for which in MEMBERS if which not in (first, second)]
        for which in others:
            with pytest.raises(TrustProblem, match="identity_closed"):
                world.shares.hand_out(world.viewer(which), case_id)
    world.today += timedelta(days=15)
    with pytest.raises(TrustProblem, match="identity_closed"):
        world.shares.hand_out(world.viewer(0), case_id)


def test_no_third_custodians_key_reads_an_opened_name_and_after_the_days_nobodys(world: SplitWorld) -> None:
    world.split()
    cases = [world.opened_by(0, 1)[1] for _ in range(2)]
    seen, turned = cases

    def read_by_key(case_id: str) -> list[int]:
        return [names_read(world, [case_id], (browser,)) for browser in world.browsers]

    assert read_by_key(seen) == [0, 1, 0, 0]  # its asker never came back
    assert world.read_by(1, turned) == PERSON
    assert read_by_key(turned) == [1, 1, 0, 0]
    world.today += timedelta(days=READING_DAYS + 1)
    world.custody.look(world.viewer(2), seen)
    assert world.identity(seen).passes == b""
    Rotate(world.keys, {Purpose.IDENTITY: rewrapping(world)}, lambda: None)(Purpose.IDENTITY, "kutim")
    for case_id in cases:
        assert (world.identity(case_id).passes, read_by_key(case_id)) == (b"", [0] * 4)


def test_the_server_shows_no_name_and_the_reporter_reads_everything(world: SplitWorld) -> None:
    world.split()
    receipt, case_id = world.opened_by(0, 1)
    view = world.custody.look(world.viewer(1), case_id)
    assert (view.name, view.contact, view.split, view.part) == (None, None, True, "read")
    world.read_by(1, case_id)
    identity = world.read(receipt)["identity"]
    told = [(step["kind"], step["reason"]) for step in identity["steps"]]
    assert ("asked", REASON) in told
    assert ("opened", "Saya sependapat.") in told
    assert all(step["whole"] for step in identity["steps"])


@pytest.mark.parametrize("end", ["no", "refused", "withdrawn", "later"])
def test_what_ends_a_request_takes_the_passes_with_it(world: SplitWorld, end: str) -> None:
    world.split()
    receipt, case_id = world.entrusted()
    world.passed(0, case_id)
    assert world.identity(case_id).passes
    if end == "refused":
        world.custody.refuse(world.viewer(1), case_id, "Tidak perlu.")
    elif end == "withdrawn":
        assert world.thread.post("/api/thread/identity/withdraw", json={"receipt": receipt}).status_code == 200
        assert world.store.read_shares(case_id) == b""
    else:
        world.answer(receipt, "yes")
        world.answer(receipt, end)
    assert bool(world.identity(case_id).passes) == (end == "later")
    for which in MEMBERS[1:]:
        with pytest.raises(TrustProblem):
            world.shares.hand_out(world.viewer(which), case_id)


def test_the_accused_agencys_custodian_gets_no_slot_and_no_pass(world: SplitWorld) -> None:
    world.split()
    _, case_id = world.entrusted(about_agency=AGENCIES[3])
    with pytest.raises(NotFoundProblem):
        world.custody.ask(world.viewer(3), case_id, REASON)
    world.passed(0, case_id)
    handed = world.shares.hand_out(world.viewer(0), case_id)
    assert {member.agency for member in handed.turn.recipients} == {AGENCIES[1], AGENCIES[2]}
    with pytest.raises(NotFoundProblem):
        world.shares.hand_out(world.viewer(3), case_id)


def test_nothing_opens_before_the_share_was_passed_on_and_a_strange_pass_is_refused(world: SplitWorld) -> None:
    world.split()
    receipt, case_id = world.entrusted()
    other = world.entrusted()[1]
    world.custody.ask(world.viewer(0), case_id, REASON)
    world.answer(receipt)
    with pytest.raises(TrustProblem, match="identity_unpassed"):
        world.custody.open(world.viewer(1), case_id, "Setuju.")
    handed = world.shares.hand_out(world.viewer(0), case_id)
    passes = world.browsers[0].pass_on(handed)
    own = handed.turn.member.x
    for wrong in ([], [(own, passes[0][1])], [passes[0]] * 2, [(passes[0][0], b"x")], [(9, passes[0][1])]):
        with pytest.raises(TrustProblem, match="identity_bad_pass"):
            world.shares.take_passes(world.viewer(0), case_id, wrong)
    with pytest.raises(TrustProblem, match="identity_closed"):  # not the asker
        world.shares.take_passes(world.viewer(1), case_id, passes)
    world.shares.take_passes(world.viewer(0), case_id, passes)
    world.shares.take_passes(world.viewer(0), case_id, passes)  # an answer that was lost: sent again, one set
    assert len(world.custody.slots.passes(world.identity(case_id))) == 3
    world.custody.open(world.viewer(1), case_id, "Setuju.")
    assert world.read_by(1, case_id) == PERSON
    # A pass of another case is another HPKE context: it opens nowhere else.
    world.passed(0, other)
    slipped = world.custody.slots.passes(world.identity(other))[0]
    to = next(each for each in world.browsers if key_id_of(each.public)[:16] == slipped.envelope[1:9].hex())
    with pytest.raises(InvalidTag):
        to.open("passed", "kutim", f"{case_id}:{slipped.step}:{slipped.to}", slipped.envelope)
    # Nor does one of an earlier request: the step is bound.
    with pytest.raises(InvalidTag):
        to.open("passed", "kutim", f"{other}:{slipped.step + 2}:{slipped.to}", slipped.envelope)
    assert to.open("passed", "kutim", f"{other}:{slipped.step}:{slipped.to}", slipped.envelope)


def test_a_captured_door_cannot_make_itself_the_older_path(world: SplitWorld) -> None:
    """Whoever may write to the store clears what says that the name is split: then nothing opens."""
    world.split()
    identity = world.identity(world.entrusted()[1])
    bent = replace(identity, wrap_talk=b"", version=identity.version + 1)
    world.store.write_identity(bent)
    assert names_read(world, [identity.case_id]) == 0
    with pytest.raises(NotFoundProblem):
        world.custody.look(world.viewer(0), identity.case_id)


def test_names_that_are_there_move_to_the_roster_and_the_old_key_goes(world: SplitWorld) -> None:
    receipt, case_id = world.entrusted()
    world.custody.ask(world.viewer(0), case_id, REASON)
    world.answer(receipt, reason="Baik.")
    world.split()
    assert not world.identity(case_id).split
    told = [str(each) for each in rosters(world.store, world.keys, world.directory, world.officers)]
    assert "1 names are not split" in told[1]
    assert "`keys rotate --purpose identity --instance kutim` splits them" in told[1]
    rewrap = rewrapping(world)
    old = world.keys.public().current_id(Purpose.IDENTITY, "kutim")
    Rotate(world.keys, {Purpose.IDENTITY: rewrap}, lambda: None)(Purpose.IDENTITY, "kutim")
    assert old not in world.keys.private_ids(Purpose.IDENTITY, "kutim")
    moved = world.identity(case_id)
    assert moved.split
    assert len(list(rosters(world.store, world.keys, world.directory, world.officers))) == 1
    assert names_read(world, [case_id]) == 0
    steps = world.read(receipt)["identity"]["steps"]
    assert [(step["kind"], step["reason"], step["whole"]) for step in steps[1:]] == [
        ("asked", REASON, True),
        ("agreed", "Baik.", True),
    ]
    handed = world.shares.hand_out(world.viewer(0), case_id)
    world.shares.take_passes(world.viewer(0), case_id, world.browsers[0].pass_on(handed))
    Rotate(world.keys, {Purpose.IDENTITY: rewrap}, lambda: None)(Purpose.IDENTITY, "kutim")  # with passes waiting
    assert rewrap("kutim") == 0
    world.custody.open(world.viewer(3), case_id, "Saya sependapat.")
    assert world.read_by(3, case_id) == PERSON


@pytest.mark.parametrize("point", [bytes(32), b"\x01" + bytes(31)], ids=["zero", "one"])
def test_a_key_that_nothing_can_be_sealed_to_comes_into_no_roster(world: SplitWorld, point: bytes) -> None:
    """It loads, and each sealing to it fails: one custodian would stop all names."""
    good = world.browsers[3]
    for which, browser in enumerate(world.browsers):
        public = browser.public[:-32] + point if browser is good else browser.public
        world.own_keys.put_key(world.viewer(which), public, browser.vouch)
    with pytest.raises(RosterError, match="is none; they make a new one"):
        world.rosters.init()
    world.own_keys.put_key(world.viewer(3), good.public, good.vouch)
    world.rosters.init()
    assert world.entrusted()


def test_a_later_roster_wants_two_vouches_of_the_one_before_and_no_place_twice(world: SplitWorld) -> None:
    first = world.split()
    _, before = world.entrusted()
    newcomer = Browser(b"n" * 32)
    world.own_keys.put_key(world.viewer(3), newcomer.public, newcomer.vouch)
    proposed = world.rosters.propose()
    assert sorted(m.x for m in proposed.members if m.agency == AGENCIES[3]) == [5]
    assert 5 not in [m.x for m in first.members]
    with pytest.raises(RosterError, match="0 of 2"):
        world.rosters.publish()
    world.own_keys.vouch(world.viewer(0), proposed.id, world.browsers[0].sign(proposed))
    with pytest.raises(TrustProblem, match="roster_signature"):  # somebody else's key
        world.own_keys.vouch(world.viewer(1), proposed.id, world.browsers[0].sign(proposed))
    with pytest.raises(TrustProblem, match="roster_other"):
        world.own_keys.vouch(world.viewer(1), first.id, world.browsers[1].sign(proposed))
    with pytest.raises(RosterError, match="1 of 2"):
        world.rosters.publish()
    world.own_keys.vouch(world.viewer(1), proposed.id, world.browsers[1].sign(proposed))
    assert world.rosters.publish().id == proposed.id
    # Old names have no slot for the newcomer, nor for who left; new ones do.
    with pytest.raises(TrustProblem, match="identity_no_slot"):
        world.custody.ask(world.viewer(3), before, REASON)
    world.browsers[3] = newcomer
    receipt, after = world.opened_by(3, 0)
    assert world.read_by(0, after) == PERSON
    assert world.read_by(3, after) == PERSON
    assert receipt
    # A custodian who left is in no roster; three remain able.
    world.rosters = replace(world.rosters, seats={seat for seat in world.rosters.seats if seat[0] != AGENCIES[3]})
    less = world.rosters.propose()
    for which in (1, 2):
        world.own_keys.vouch(world.viewer(which), less.id, world.browsers[which].sign(less))
    world.rosters.publish()
    with pytest.raises(TrustProblem, match="identity_no_slot"):
        world.custody.ask(world.viewer(3), world.entrusted()[1], REASON)
    world.passed(0, before)


def test_a_second_officer_of_an_agency_touches_no_key_and_a_successor_makes_theirs(world: SplitWorld) -> None:
    world.split()
    first, other = world.viewer(3), Browser(b"o" * 32)
    second = replace(first, officer="kustodian-lain")
    world.own_keys.put_lock(first, b"passkey", b"l" * 61)
    before = read_custodians(world.store, "kutim").keepers
    for n in range(7):
        with pytest.raises(TrustProblem, match="keeper_other"):
            world.own_keys.put_lock(second, bytes([n + 1]), b"s" * 61)
    with pytest.raises(TrustProblem, match="keeper_other"):
        world.own_keys.put_key(second, other.public, other.vouch)
    assert read_custodians(world.store, "kutim").keepers == before
    # Ops put them in the first one's place: the proposal frees the seat.
    seats = {seat for seat in world.rosters.seats if seat[0] != AGENCIES[3]} | {(AGENCIES[3], second.officer)}
    world.rosters = replace(world.rosters, seats=seats)
    assert len(world.rosters.propose().members) == 3
    world.own_keys.put_key(second, other.public, other.vouch)
    with pytest.raises(TrustProblem, match="keeper_other"):
        world.own_keys.put_key(first, world.browsers[3].public, world.browsers[3].vouch)
    member = world.rosters.propose().of(AGENCIES[3])
    assert member is not None
    assert (member.public, member.x) == (other.public, 5)


def test_fewer_than_four_custodians_with_keys_stay_on_the_older_path(world: SplitWorld) -> None:
    for which in MEMBERS[:3]:
        world.own_keys.put_key(world.viewer(which), world.browsers[which].public, world.browsers[which].vouch)
    with pytest.raises(RosterError, match="3 custodians have a key"):
        world.rosters.init()
    world.own_keys.put_key(world.viewer(3), b"\xff" * 1216, b"v" * 32)  # no key at all, from a foreign browser
    with pytest.raises(RosterError, match="the key of kutim-disdik is none"):
        world.rosters.init()
    _, case_id = world.opened()
    view = world.custody.look(world.viewer(0), case_id)
    assert (view.name, view.split) == (NAME, False)


def test_the_shares_are_those_of_the_note_and_of_a_library_on_a_thousand_splits() -> None:
    vector = ours(bytes(range(32)), (1, 2, 3, 4), bytes(range(255, 223, -1)))
    assert vector[1] == b"\xff" * 32 + b"\x01"
    assert [vector[x][:4].hex() for x in (2, 3, 4)] == ["e5e6e3e0", "1a181e1c", "d1d4dbde"]
    for _ in range(deep(1_000, 20)):
        secret = token_bytes(32)
        parts = ours(secret, (1, 2, 5, 9))
        assert combine([bytearray(parts[2]), bytearray(parts[9])]) == secret
        assert combined(parts[1], parts[5]) == secret
        theirs = [bytes(part) for part in split(secret, 4, 2)]
        assert combined(theirs[0], theirs[3]) == secret


def test_a_newcomers_share_is_made_of_two_masked_terms_and_nobody_learns_the_key() -> None:
    secret, mask = token_bytes(32), token_bytes(32)
    slope = token_bytes(32)
    parts = ours(secret, (1, 2, 5), slope)
    masked = bytes(a ^ b for a, b in zip(term(parts[1], 2, 5), mask, strict=True))
    other = bytes(a ^ b for a, b in zip(term(parts[2], 1, 5), mask, strict=True))
    made = bytes(a ^ b for a, b in zip(masked, other, strict=True)) + b"\x05"
    assert made == parts[5]
    assert digest_of(made) == digest_of(parts[5])
    assert times(0x53, 0xCA) == 1  # FIPS 197's own example
