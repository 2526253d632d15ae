"""Floods are marked, never refused; people pass beside them. And what counts as a proof, and what does not."""

import base64
import json
import threading
import time
from collections.abc import Callable
from itertools import count

import altcha
import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.intake import challenge, gate
from functions.intake.gate import Gate, Verdict, limits
from functions.intake.proof import FORM_FIELD, NO_PROOF, WORK_FIELD, WORK_SECONDS, Proof, ProofKind, Proofs, commitment
from functions.web.door import make_door

SECRET = b"rahasia yang hanya untuk uji ini"
OFFICE, BOT, HOME = "0ff1ce00", "b0700000", "40ae0000"
WORK, FORM, NONE = ProofKind.WORK, ProofKind.FORM, ProofKind.NONE
PASSES, WAITS, HELD = Verdict.PASSES, Verdict.WAITS, Verdict.HELD
MINE, SAME = b"the lookup hash of one report", (b"the same", b"same text", b"text again")
numbers = count()


class Clock:
    def __init__(self, now: float = 0.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


def proof(kind: ProofKind) -> Proof:
    """A good proof, used for the first time."""
    return Proof(kind, next(numbers).to_bytes(8)) if kind is not NONE else NO_PROOF


def passes(door: Gate, bucket: str, kind: ProofKind, times: int) -> int:
    """How many of so many fresh reports of one text pass unmarked."""
    return [door.weigh(bucket, proof(kind), b"", SAME) for _ in range(times)].count(PASSES)


def solved(proofs: Proofs, submission: bytes = MINE) -> str:
    """What a browser sends, solved by the library's own solver."""
    given_out = altcha.Challenge.from_dict(proofs.challenge(commitment(submission)))
    solution = altcha.solve_challenge(given_out)
    assert solution is not None
    return altcha.Payload(given_out, solution).to_base64()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def door(clock: Clock) -> Gate:
    return Gate(60, clock)


@pytest.fixture
def proofs() -> Proofs:
    return Proofs(SECRET, difficulty=60)


# The policy


def test_thirty_people_behind_one_address_of_a_village_office_pass_with_and_without_javascript(door: Gate) -> None:
    assert passes(door, OFFICE, WORK, 30) == 30
    assert passes(door, OFFICE, FORM, 30) == 30


def test_a_bot_is_marked_after_its_first_few_while_people_pass_at_the_same_moment(door: Gate) -> None:
    marked = [door.weigh(BOT, NO_PROOF) for _ in range(1000)]
    assert marked == [PASSES] * 10 + [HELD] * 990
    assert door.weigh(HOME, proof(WORK)) is PASSES
    assert door.weigh(HOME, proof(FORM)) is PASSES
    assert door.weigh(HOME, NO_PROOF) is PASSES  # what was marked did not use up what is for all
    assert door.weigh(BOT, NO_PROOF) is HELD


def test_people_behind_the_bots_own_address_pass_with_a_proof(door: Gate) -> None:
    passes(door, BOT, NONE, 1000)
    assert passes(door, BOT, WORK, 30) == 30


def test_many_bots_fill_what_is_for_all_and_only_those_without_proof_are_marked_then(door: Gate) -> None:
    assert sum(passes(door, f"{n:08x}", NONE, 50) for n in range(100)) == 60
    assert door.weigh(HOME, NO_PROOF) is HELD
    assert door.weigh(HOME, proof(FORM)) is PASSES
    assert door.weigh(HOME, proof(WORK)) is PASSES


def test_proofs_are_counted_too(door: Gate) -> None:
    assert passes(door, BOT, WORK, 100) == 60
    assert passes(door, BOT, FORM, 100) == 30
    assert sum(passes(door, f"{n:08x}", WORK, 100) for n in range(20)) == 600 - 60
    assert sum(passes(door, f"{n:08x}", FORM, 100) for n in range(20)) == 300 - 30


def test_an_unknown_address_knows_only_the_count_of_all(door: Gate) -> None:
    assert passes(door, "", NONE, 100) == 60
    assert passes(door, "", WORK, 700) == 600


def test_a_few_reports_from_a_program_are_legal(door: Gate) -> None:
    assert passes(door, HOME, NONE, 5) == 5


def test_a_new_hour_begins_with_nothing_counted_and_another_key(door: Gate, clock: Clock) -> None:
    once = proof(WORK)
    assert door.weigh(BOT, once, b"a") is PASSES
    key = door._key
    passes(door, BOT, NONE, 100)
    clock.now = 3599.0
    assert door.weigh(BOT, NO_PROOF) is HELD
    assert door._key == key
    clock.now = 3600.0
    assert door.weigh(BOT, NO_PROOF) is PASSES
    assert door._key != key
    assert (len(door._used), len(door._passed), door._all) == (0, 0, {(True, NONE): 1})


@pytest.mark.parametrize(("setting", "bucket", "everybody"), [(1, 1, 1), (5, 1, 5), (60, 10, 60), (6000, 1000, 6000)])
def test_the_numbers_follow_the_setting(setting: int, bucket: int, everybody: int) -> None:
    found = limits(setting)
    assert (found[NONE].bucket, found[NONE].all) == (bucket, everybody)
    assert found[NONE].bucket <= found[FORM].bucket <= found[WORK].bucket == setting
    assert found[NONE].all < found[FORM].all < found[WORK].all


# Repeats


@pytest.mark.parametrize("kind", [WORK, FORM])
def test_a_proof_used_again_is_none(door: Gate, kind: ProofKind) -> None:
    once = proof(kind)
    assert [door.weigh(BOT, once) for _ in range(20)] == [PASSES] * 11 + [HELD] * 9
    assert door.weigh(HOME, once) is PASSES  # one without proof, from elsewhere
    assert door._all == {(True, kind): 1, (True, NONE): 11}


def test_the_same_report_again_is_counted_once_with_or_without_proof(door: Gate) -> None:
    assert {door.weigh(HOME, NO_PROOF, b"satu") for _ in range(50)} == {PASSES}
    once = proof(FORM)
    assert {door.weigh(HOME, once, b"dua") for _ in range(50)} == {PASSES}
    assert door._all == {(True, NONE): 1, (True, FORM): 1}
    assert door.weigh(HOME, once, b"tiga") is PASSES
    assert door._all == {(True, NONE): 2, (True, FORM): 1}


def test_a_report_that_was_marked_is_weighed_anew(door: Gate) -> None:
    passes(door, BOT, NONE, 10)
    assert door.weigh(BOT, NO_PROOF, b"satu") is HELD
    assert door.weigh(BOT, proof(WORK), b"satu") is PASSES


# What is kept in memory


def test_memory_is_bounded_and_the_oldest_give_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "MEMORY", 100)
    door = Gate(10_000, Clock())
    for n in range(1000):
        door.weigh(f"{n:08x}", proof(WORK), n.to_bytes(4))
    assert (len(door._by_bucket), len(door._used), len(door._passed)) == (100, 100, 100)
    assert (f"{999:08x}", WORK) in door._by_bucket
    assert (f"{0:08x}", WORK) not in door._by_bucket


def test_what_is_not_counted_takes_no_memory(door: Gate) -> None:
    for n in range(5000):
        door.weigh(f"{n:08x}", NO_PROOF, n.to_bytes(4))
    assert (len(door._by_bucket), len(door._used), len(door._passed)) == (60, 0, 60)


def test_no_proof_and_no_submission_key_stands_in_memory(door: Gate) -> None:
    mark, key = b"mark-mark-mark-1", b"submission-key-1"
    door.weigh(HOME, Proof(WORK, mark), key)
    seen = repr(vars(door))
    for secret in (mark, key):
        assert repr(secret)[2:-1] not in seen
        assert secret.hex() not in seen
    assert mark.hex() not in repr(Proof(WORK, mark))
    other = Gate(60, Clock())
    other.weigh(HOME, Proof(WORK, mark), key)
    assert not set(door._used) & set(other._used)  # each under a key of its own
    assert not set(door._used) & set(door._passed)


def test_threads_count_right(door: Gate) -> None:
    found: list[Verdict] = []
    start = threading.Barrier(8)

    def send() -> None:
        start.wait(timeout=10)
        found.extend(door.weigh("", NO_PROOF) for _ in range(500))

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(found), found.count(PASSES)) == (4000, 60)


# What is a proof


def test_a_solved_challenge_is_a_proof_to_every_instance_with_the_secret(proofs: Proofs) -> None:
    answer = solved(proofs)
    found = proofs.read({WORK_FIELD: answer}, MINE)
    assert found.kind is WORK
    assert len(found.mark) == 16
    assert Proofs(SECRET, difficulty=10**6).read({WORK_FIELD: answer}, MINE) == found  # made before the setting changed
    assert Proofs(SECRET[::-1], difficulty=60).read({WORK_FIELD: answer}, MINE) is NO_PROOF
    assert proofs.read({WORK_FIELD: solved(proofs)}, MINE).mark != found.mark


def test_the_number_to_find_is_bounded_and_its_cost_is_the_setting() -> None:
    proofs = Proofs(SECRET, difficulty=10_000)
    parameters = [proofs.challenge(commitment(MINE))["parameters"] for _ in range(20)]
    assert {p["cost"] for p in parameters} == {2000}
    for one in parameters[:5]:
        solution = altcha.solve_challenge(altcha.Challenge(altcha.ChallengeParameters.from_dict(one)))
        assert solution is not None
        assert solution.counter < 5
    assert Proofs(SECRET, difficulty=1).challenge(commitment(MINE))["parameters"]["cost"] == 1


def changed(answer: str, change: Callable[[dict], object]) -> str:
    payload = json.loads(base64.b64decode(answer))
    change(payload)
    return base64.b64encode(json.dumps(payload).encode()).decode()


@pytest.mark.parametrize(
    "change",
    [
        lambda p: p["challenge"]["parameters"].update(cost=1),
        lambda p: p["challenge"]["parameters"].update(expiresAt=2**40),
        lambda p: p["challenge"]["parameters"].pop("expiresAt"),
        lambda p: p["challenge"]["parameters"].update(nonce="00" * 16),
        lambda p: p["challenge"]["parameters"].update(keySignature=None),
        lambda p: p["challenge"].pop("signature"),
        lambda p: p["challenge"].update(signature=["x"]),
        lambda p: p["solution"].update(derivedKey="00" * 32),
        lambda p: p["solution"].update(derivedKey=7),
        lambda p: p.update(solution=[]),
        lambda p: p.update(challenge="x"),
        lambda p: p["challenge"].update(parameters=[["algorithm", 1]]),
    ],
)
def test_an_altered_answer_is_no_proof(proofs: Proofs, change: Callable[[dict], object]) -> None:
    answer = solved(proofs)
    assert proofs.read({WORK_FIELD: changed(answer, lambda _: None)}, MINE).kind is WORK
    assert proofs.read({WORK_FIELD: changed(answer, change)}, MINE) is NO_PROOF


@given(
    st.one_of(
        st.text(max_size=60),
        st.recursive(
            st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(
                    st.sampled_from(["challenge", "solution", "parameters", "signature", "counter", "derivedKey"])
                    | st.sampled_from(["algorithm", "nonce", "salt", "cost", "expiresAt", "data", "__proto__"]),
                    inner,
                    max_size=8,
                )
            ),
            max_leaves=20,
        ).map(lambda body: base64.b64encode(json.dumps(body).encode()).decode()),
    )
)
def test_rubbish_is_no_proof_and_no_error(text: str) -> None:
    assert Proofs(SECRET, difficulty=60).read({WORK_FIELD: text, FORM_FIELD: text}, MINE) is NO_PROOF


def test_a_megabyte_and_a_deep_nest_are_no_proof_and_no_error(proofs: Proofs) -> None:
    for text in ("A" * 1_000_000, base64.b64encode(b"[" * 1500).decode()):
        assert proofs.read({WORK_FIELD: text, FORM_FIELD: text}, MINE) is NO_PROOF


def test_a_challenge_expires_but_not_for_a_slow_phone() -> None:
    clock = Clock(time.time())
    proofs = Proofs(SECRET, difficulty=60, now=clock)
    answer = solved(proofs)
    clock.now += WORK_SECONDS - 1
    assert WORK_SECONDS >= 20 * 60
    assert proofs.read({WORK_FIELD: answer}, MINE).kind is WORK
    clock.now += 2
    assert proofs.read({WORK_FIELD: answer}, MINE) is NO_PROOF
    long_ago = Proofs(SECRET, difficulty=60, now=lambda: time.time() - 2 * WORK_SECONDS)
    assert Proofs(SECRET, difficulty=60).read({WORK_FIELD: solved(long_ago)}, MINE) is NO_PROOF


def test_a_form_counts_after_seconds_and_for_a_day() -> None:
    for start in range(1_795_570_000, 1_795_570_007):
        clock = Clock(start)
        proofs = Proofs(SECRET, difficulty=60, now=clock)
        token = proofs.form_token(commitment(MINE))

        def at(
            age: float, clock: Clock = clock, proofs: Proofs = proofs, token: str = token, start: int = start
        ) -> Proof:
            clock.now = start + age
            return proofs.read({FORM_FIELD: token}, MINE)

        assert at(0) is NO_PROOF
        assert at(2.9) is NO_PROOF
        assert at(6).kind is FORM
        assert at(24 * 3600).kind is FORM
        assert at(24 * 3600 + 7) is NO_PROOF
        assert at(-3600).kind is FORM  # the clock was set back: nobody who viewed a form waits for that


def test_a_forms_token_tells_no_finer_time_than_three_seconds_and_nothing_else() -> None:
    tokens = [
        Proofs(SECRET, difficulty=60, now=lambda s=s: 1_795_569_999 + s).form_token(commitment(bytes([s])))
        for s in (1, 2, 3)
    ]
    read = [json.loads(base64.urlsafe_b64decode(token.partition(".")[0] + "==")) for token in tokens]
    assert len({usable for usable, _ in read}) == 1
    assert len({chance for _, chance in read}) == 3
    assert all(len(one) == 2 for one in read)


def test_a_forged_form_is_no_proof_and_the_better_of_two_proofs_counts() -> None:
    clock = Clock(time.time())
    proofs = Proofs(SECRET, difficulty=60, now=clock)
    token, answer = proofs.form_token(commitment(MINE)), solved(proofs)
    clock.now += 10
    # Not the last letter: of that, two bits mean nothing.
    assert proofs.read({FORM_FIELD: token[:-2] + ("A" if token[-2] != "A" else "B") + token[-1]}, MINE) is NO_PROOF
    assert Proofs(SECRET[::-1], difficulty=60, now=clock).read({FORM_FIELD: token}, MINE) is NO_PROOF
    assert proofs.read({FORM_FIELD: token, WORK_FIELD: answer}, MINE).kind is WORK
    assert proofs.read({FORM_FIELD: token, WORK_FIELD: answer[:-8]}, MINE).kind is FORM
    assert proofs.read({}, MINE) is NO_PROOF


def test_a_secret_must_be_one() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        Proofs(b"pendek", difficulty=60)


def test_the_challenge_is_a_route_that_is_never_stored_and_leads_through_the_gate(door: Gate, proofs: Proofs) -> None:
    app = make_door(__name__, {}, https=True)
    challenge.register(app, proofs, door)
    client, asked = app.test_client(), {"for": commitment(MINE)}
    first, second = (client.post("/api/reports/challenge", json=asked) for _ in range(2))
    assert (first.status_code, first.mimetype, first.headers["Cache-Control"]) == (200, "application/json", "no-store")
    assert "Set-Cookie" not in first.headers
    assert first.get_json()["parameters"]["nonce"] != second.get_json()["parameters"]["nonce"]
    assert client.get("/api/reports/challenge").status_code == 405
    for wrong in ({}, {"for": ""}, {"for": "a" * 63}, {"for": "A" * 64}, {"for": "é" * 64}):
        assert client.post("/api/reports/challenge", json=wrong).status_code == 422
    given_out = altcha.Challenge.from_dict(first.get_json())
    solution = altcha.solve_challenge(given_out)
    assert solution is not None
    found = proofs.read({WORK_FIELD: altcha.Payload(given_out, solution).to_base64()}, MINE)
    assert door.weigh(HOME, found) is PASSES
    assert door._all[True, WORK] == 1
