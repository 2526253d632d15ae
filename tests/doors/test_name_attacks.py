"""What who may write to the store, or shows a phone another record than there is, still does not get: a name."""

from dataclasses import replace
from pathlib import Path

import pytest

from functions.actions.common.decrypted_identity import OpenedIdentity
from functions.casework.problems import TooManyProblem
from functions.casework.receipt import parse_receipt
from functions.casework.sealed_identity import LEFT_MAX, Identity, IdentityStep, StepKind, TrustProblem
from functions.crypto.sign.name_answers import bare_of, forged_name
from tests.doors.test_sealed_name import FOUND, MADE, asked, born_before, faults, kinds, named_fault
from tests.named_phone import named_phone
from tests.trust import NAME, REASON, TrustWorld


@pytest.fixture
def world(tmp_path: Path) -> TrustWorld:
    return TrustWorld(tmp_path)


def put(world: TrustWorld, identity: Identity, *steps: IdentityStep) -> None:
    """Write as the store's holder would: an identity with more steps, by no door's rules."""
    after = replace(identity, version=identity.version + 1, steps=(*identity.steps, *steps))
    world.store.write_identity(after)


def invented(world: TrustWorld, case_id: str) -> IdentityStep:
    """A request of the first custodian, by who has no key."""
    viewer, n = world.viewer(0), len(world.identity(case_id).steps) + 1
    return IdentityStep(n, StepKind.ASKED, viewer.officer, viewer.agency, world.today)


def test_a_request_without_a_seal_opens_nothing_and_is_found(world: TrustWorld) -> None:
    receipt, case_id = world.entrusted()
    put(world, world.identity(case_id), invented(world, case_id))
    assert [step["whole"] for step in world.read(receipt)["identity"]["steps"]] == [True, False]
    assert "asks for its name without a reason" in faults(world)[0]
    with pytest.raises(TrustProblem, match="identity_broken"):
        world.answer(receipt, "yes")
    phone = named_phone(world, receipt)
    assert phone.look() == FOUND
    phone.answer("yes")  # a foreign browser's: ours shows no form
    assert world.custody.look(world.viewer(1), case_id).steps[1].whole is False
    with pytest.raises(TrustProblem, match="identity_broken"):
        world.custody.open(world.viewer(1), case_id, "Setuju.")


def test_what_a_taking_back_erased_is_no_fault(world: TrustWorld) -> None:
    phone, receipt, case_id = asked(world)
    assert phone.answer("no", "Jangan.")[0] == MADE
    assert phone.take_back()[0] == MADE
    assert phone.leave(world.keys.public(), NAME)[0] == MADE
    assert kinds(world, case_id) == ["left", "asked", "objected", "withdrawn", "left"]
    assert all(step["whole"] for step in world.read(receipt)["identity"]["steps"])
    assert faults(world) == ()


def test_a_yes_to_an_invented_request_is_none_to_another_of_its_number(world: TrustWorld) -> None:
    """The thread shows a request by A that is none, keeps the yes, and posts it once B really asks."""
    receipt, case_id = world.entrusted()
    phone, shown = named_phone(world, receipt), invented(world, case_id)
    assert (phone.look(), phone.name()) == (FOUND, FOUND)
    phone.record["steps"].append([2, "asked", shown.by, shown.agency, world.today.isoformat(), "", ""])
    held = phone.answered("yes")
    world.custody.ask(world.viewer(1), case_id, REASON)
    assert phone.post_answer(held)[1]["code"] == "identity_other"
    named = f"2 {world.viewer(1).officer} {world.viewer(1).agency} {world.today.isoformat()}"
    assert phone.post_answer(held | {"request": named})[0] == 404  # it is not what was signed
    opened = OpenedIdentity(world.identity(case_id), phone.name_key, phone.talk)
    seed, words = phone.keys.act_seed, opened.identity.steps
    swapped = replace(opened.identity, steps=(words[0], replace(words[1], by=shown.by, agency=shown.agency)))
    yes = replace(opened, identity=swapped).after(StepKind.AGREED, world.today, None, "", request=2, seed=seed)
    put(world, opened.identity, yes.steps[-1])  # and by the store itself
    with pytest.raises(TrustProblem, match="identity_broken"):
        world.custody.open(world.viewer(0), case_id, "Setuju.")
    assert "is not signed by its reporter" in faults(world)[0]


@pytest.mark.parametrize(("named", "shown"), [("threat", ""), ("", "threat")])
def test_a_yes_says_to_which_danger(world: TrustWorld, named: str, shown: str) -> None:
    """A custody door has the key of the reasons, and could show the phone another danger than it keeps."""
    receipt, case_id = world.entrusted()
    world.custody.ask(world.viewer(0), case_id, REASON, danger=named)
    phone = named_phone(world, receipt)
    assert phone.look() == FOUND
    assert phone.answer("yes", danger=shown)[0] == MADE
    with pytest.raises(TrustProblem, match="identity_broken"):
        world.custody.open(world.viewer(1), case_id, "Setuju.")


def test_an_overseers_agreement_stays_where_a_yes_is_taken_back(world: TrustWorld) -> None:
    receipt, case_id = world.entrusted()
    world.custody.ask(world.viewer(0), case_id, REASON, danger="threat")
    phone = named_phone(world, receipt)
    assert phone.look() == FOUND
    assert phone.answer("yes")[0] == MADE
    world.custody.endorse(world.overseer(), case_id, "Ancaman itu nyata.")
    assert phone.answer("later")[0] == MADE
    world.days_over()
    world.custody.open(world.viewer(1), case_id, "Setuju.")
    assert faults(world) == ()
    bare = world.identity(case_id)
    steps = tuple(replace(step, by="") if step.kind is StepKind.ENDORSED else step for step in bare.steps)
    world.store.write_identity(replace(bare, version=bare.version + 1, steps=steps))
    assert "without its reporter's signed yes" in faults(world)[0]  # nobody's agreement is none


@pytest.mark.parametrize("between", [StepKind.REFUSED, StepKind.WITHDRAWN])
def test_a_yes_to_a_request_that_is_over_opens_nothing_later(world: TrustWorld, between: StepKind) -> None:
    phone, _, case_id = asked(world)
    assert phone.answer("yes")[0] == MADE
    put(world, world.identity(case_id), IdentityStep(4, between, "", "", world.today, b"x"))
    put(world, world.identity(case_id), IdentityStep(5, StepKind.OPENED, "ani", "kutim-bkpsdm", world.today, b"x"))
    assert "without its reporter's signed yes" in faults(world)[0]


@pytest.mark.parametrize("way", ["script", "receipt"])
def test_a_name_is_left_twenty_times_and_taken_back_as_often(world: TrustWorld, way: str) -> None:
    sent = world.report()
    receipt, case_id = sent["receipt"], sent["tracking_id"]
    phone, public = named_phone(world, receipt), world.keys.public()
    for _ in range(LEFT_MAX):
        assert phone.leave(public, NAME)[0] == MADE
        assert phone.take_back()[0] == MADE
    before = world.store.read_head(case_id).version
    if way == "script":
        assert phone.leave(public, NAME)[1]["code"] == "too_many"
    else:
        with pytest.raises(TooManyProblem):
            world.trust.leave(parse_receipt(receipt), NAME, "")
    assert world.store.read_head(case_id).version == before == 1 + 2 * LEFT_MAX
    assert kinds(world, case_id) == ["left", "withdrawn"] * LEFT_MAX


def test_an_act_about_a_name_is_no_longer_than_it_says(world: TrustWorld) -> None:
    phone = named_phone(world, world.entrusted()[0])
    phone.look()
    long = "".join(chr(0x4E00 + nth) for nth in range(1_000))  # two buckets more, of what no page sends
    assert phone.act("identity", {"change": "withdrawn", "more": long}, "withdrawn")[0] == 422
    assert phone.take_back()[0] == MADE


@pytest.mark.parametrize("left", ["report", "script", "receipt"])
def test_a_name_that_is_made_to_look_old_on_its_first_day_is_found(world: TrustWorld, left: str) -> None:
    """The key is taken away before any anchor saw it; who has the key of the reasons adds a yes that nobody signed."""
    receipt, case_id = name_left(world, left)
    world.custody.ask(world.viewer(0), case_id, REASON)
    assert faults(world) == ()
    phone, identity = named_phone(world, receipt), world.identity(case_id)
    assert (phone.look(), phone.name()) == (FOUND, FOUND)
    bare = replace(identity, steps=(replace(identity.steps[0], sig=b""), *identity.steps[1:]))
    said = OpenedIdentity(bare, b"", phone.talk).after(StepKind.AGREED, world.today, None, "", request=2)
    world.store.write_identity(replace(said, version=identity.version + 1))
    (fault,) = faults(world)
    assert "step 1 of its identity lacks its reporter's key" in fault


def name_left(world: TrustWorld, left: str) -> tuple[str, str]:
    """A name that came with its report, or was left later by either way; receipt and case."""
    if left == "report":
        return world.entrusted()
    sent = world.report()
    receipt, case_id = sent["receipt"], sent["tracking_id"]
    if left == "script":
        assert named_phone(world, receipt).leave(world.keys.public(), NAME)[0] == MADE
    else:
        world.trust.leave(parse_receipt(receipt), NAME, "")
    return receipt, case_id


def test_a_case_of_before_may_have_a_name_without_a_key_and_none_that_was_left_since(world: TrustWorld) -> None:
    receipt, case_id = world.entrusted()
    identity = world.identity(case_id)
    plain = replace(identity.steps[0], sig=b"")
    world.store.write_identity(replace(identity, version=2, steps=(plain,)))
    born_before(world, case_id)
    assert named_fault(world, case_id) == ""
    phone = named_phone(world, receipt)
    phone.look()
    assert phone.take_back()[0] == MADE
    assert phone.leave(world.keys.public(), NAME)[0] == MADE
    case, again = world.store.read_case(case_id), world.identity(case_id)
    assert [len(step.sig) for step in again.steps] == [0, 0, 32]
    assert forged_name(case, again) == ""
    bare = replace(again, steps=(*again.steps[:-1], replace(again.steps[-1], sig=b"")))
    assert "step 3 of its identity lacks its reporter's key" in forged_name(case, bare)
    assert (bare_of(case, bare.steps), forged_name(case, bare, went_back=True)) == (
        3,
        "",
    )  # the release before wrote it
