"""The audit trail: no change to any event, nor to their order or number, leaves it whole."""

from dataclasses import fields, replace
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.casework import audit
from functions.casework.case import CaseHead, Event, Kind, Lift, Mode, Outcome, Publication, Sealed
from functions.casework.case_fields import PLACES, flat
from functions.casework.sealed_identity import IdentityStep
from functions.casework.stages import Stage
from tests.case_heads import case_head, changed
from tests.storage.examples import events, heads, make_event, make_head, new_id, steps

CASE = "4F7K-2M9Q-XR3D"
BOUND = [field.name for field in fields(Event)]
FACTS = [name for name in PLACES if name not in audit.NO_FACTS]


def trail(given_events: list[Event], case_id: str = CASE) -> tuple[CaseHead, list[Event]]:
    """Events linked one after another."""
    head, linked = make_head(case_id=case_id), []
    for event in given_events:
        head, new = audit.chained(head, event)
        linked.append(new)
    return head, linked


def by_hand(*parts: str | bytes) -> bytes:
    """SHA-256 over parts, each behind its length, as somebody else's program would make it."""
    digest = sha256()
    for part in parts:
        raw = part if isinstance(part, bytes) else part.encode()
        digest.update(len(raw).to_bytes(4, "big") + raw)
    return digest.digest()


TRAILS = st.integers(1, 6).flatmap(lambda n: st.tuples(*(events(i) for i in range(1, n + 1)))).map(list)


@given(TRAILS)
def test_what_was_linked_holds_and_the_head_has_the_last_link(made: list[Event]) -> None:
    head, linked = trail(made)
    assert audit.verify(CASE, linked) is None
    assert head.chain == linked[-1].chain
    assert all(len(event.chain) == 32 for event in linked)


@pytest.mark.long
@given(TRAILS, st.data())
def test_any_other_value_of_any_field_breaks_it_there(made: list[Event], data: st.DataObject) -> None:
    _, linked = trail(made)
    at = data.draw(st.integers(0, len(linked) - 1))
    name = data.draw(st.sampled_from(BOUND))
    other = data.draw(events(at + 2) if name == "n" else events(at + 1).filter(lambda e: differs(e, linked[at], name)))
    linked[at] = replace(linked[at], **{name: getattr(other, name)})
    assert audit.verify(CASE, linked) == (at + 1 if name != "chain" or linked[at].chain else first_broken(linked, at))


def differs(one: Event, other: Event, name: str) -> bool:
    return bool(getattr(one, name) != getattr(other, name))


def first_broken(linked: list[Event], at: int) -> int | None:
    """A first event whose link was taken away passes for one older than the trail; the next does not follow it then,
    and where there is none, the head's link does not agree (see the actions' tests)."""
    if at:
        return at + 1
    return 2 if len(linked) > 1 else None


@pytest.mark.long
@given(TRAILS.filter(lambda made: len(made) > 1), st.data())
def test_any_other_order_or_number_of_events_breaks_it(made: list[Event], data: st.DataObject) -> None:
    _, linked = trail(made)
    order = data.draw(st.permutations(range(len(linked))).filter(lambda p: list(p) != sorted(p)))
    assert audit.verify(CASE, [linked[i] for i in order]) is not None
    gone = data.draw(st.integers(0, len(linked) - 2))
    without = linked[:gone] + linked[gone + 1 :]
    assert audit.verify(CASE, without) == gone + 1
    renumbered = [replace(event, n=n) for n, event in enumerate(without, 1)]
    assert audit.verify(CASE, renumbered) == gone + 1


@pytest.mark.long
@given(TRAILS)
def test_a_trail_does_not_hold_for_another_case(made: list[Event]) -> None:
    _, linked = trail(made)
    assert audit.verify(new_id(), linked) == 1


@given(events(1), events(1))
def test_two_events_have_one_link_only_where_they_are_the_same(one: Event, other: Event) -> None:
    one, other = replace(one, chain=b""), replace(other, chain=b"")
    assert (audit.link(b"", CASE, one) == audit.link(b"", CASE, other)) == (one == other)


@given(st.text("abc", min_size=1, max_size=8), st.integers(0, 8), st.integers(0, 8))
def test_no_field_slides_into_the_next(text: str, here: int, there: int) -> None:
    """``agency`` and ``officer`` stand side by side, as do the case's id and the number: wherever the text is cut."""
    cuts = {(text[:at], text[at:]) for at in (here, there)}
    links = {audit.link(b"", CASE, make_event_as(agency=a, officer=o)) for a, o in cuts}
    assert len(links) == len(cuts)
    assert audit.link(b"", "A1", make_event_as(n=2)) != audit.link(b"", "A", make_event_as(n=12))


def make_event_as(**changes: object) -> Event:
    return make_event(sealed=b"sealed", once=b"", **changes)  # type: ignore[no-any-return]


def test_the_first_link_follows_nothing_and_is_what_the_docs_say() -> None:
    """Calculated here a second time, by hand, so that a trail of today can be checked by somebody else's program."""
    event = make_event_as(officer="dpupr-1")
    clear = ["report", "pelapor", "2026-03-02", "diterima", "", "dpupr-1"]
    link = by_hand("lapor-audit-1:event", bytes(32), CASE, "1", *clear, b"", sha256(b"sealed").digest())
    assert audit.link(b"", CASE, event) == audit.link(bytes(32), CASE, event) == link


def test_the_words_are_bound_by_their_sealed_bytes() -> None:
    one, other = (audit.link(b"", CASE, make_event(sealed=sealed, once=b"")) for sealed in (b"a", b"b"))
    assert one != other


def test_events_older_than_the_trail_may_come_first_and_nowhere_else() -> None:
    old = [make_event(1), make_event(2)]
    _, new = audit.chained(make_head(case_id=CASE, version=2), make_event(3))
    _, after = audit.chained(make_head(case_id=CASE, chain=new.chain), make_event(4))
    assert audit.verify(CASE, old) is None
    assert audit.verify(CASE, [*old, new, after]) is None
    assert audit.verify(CASE, [*old, new, replace(after, chain=b"")]) == 4
    assert audit.verify(CASE, [*old, replace(new, chain=b""), after]) == 4


@given(heads(3), heads(3), st.sampled_from(FACTS))
def test_facts_change_with_every_field(one: CaseHead, other: CaseHead, name: str) -> None:
    after = changed(one, **{name: flat(other)[name]})
    assert (audit.facts(after) == audit.facts(one)) == (after == one)


@given(heads(3))
def test_a_rotation_of_keys_leaves_the_facts(head: CaseHead) -> None:
    assert audit.facts(changed(head, key_id="desk-2", wrap_desk=b"another")) == audit.facts(head)


def test_a_field_that_a_later_release_adds_changes_no_facts(monkeypatch: pytest.MonkeyPatch) -> None:
    """``sp4n`` stands for it: at its default, it is as if it were not there."""
    head = make_head()
    before = audit.facts(head)
    less = {name: value for name, value in flat(head).items() if name != "sp4n"}
    monkeypatch.setattr(audit, "flat", lambda _: less)
    assert audit.facts(head) == before


def test_the_facts_of_anchors_made_before_are_those_of_today() -> None:
    """Calculated by the program while a head was one flat record: an anchor that is kept elsewhere goes on holding."""
    least: dict[str, Any] = {
        "case_id": CASE,
        "instance": "kutim",
        "holder": "kutim-dpupr",
        "kind": Kind.PENGADUAN,
        "topic": "jalan",
        "district": "64.08.04",
        "about_agency": "kutim-dishub",
        "stage": Stage.SELESAI,
        "sealed": Sealed.BROWSER,
        "received_on": date(2026, 3, 2),
        "due": date(2026, 3, 20),
        "key_id": "desk-1",
        "lookup": b"l" * 32,
        "fingerprint": b"f" * 32,
        "wrap_receipt": b"r" * 60,
        "wrap_desk": b"d" * 60,
        "subject": b"s" * 128,
    }
    full: dict[str, Any] = least | {
        "version": 9,
        "handed_on": date(2026, 3, 3),
        "closed_on": date(2026, 3, 6),
        "outcome": Outcome.SEBAGIAN,
        "confirmed": True,
        "rating": 4,
        "extended": True,
        "reopened": 1,
        "appealed": 2,
        "from_reporter": 3,
        "from_officers": 4,
        "identity": Mode.RAHASIA,
        "contact": b"c" * 40,
        "quarantined": True,
        "shredded": False,
        "terms": (3, 5, 14, 10, 60),
        "held_on": date(2026, 3, 4),
        "paused": 5,
        "reminded": True,
        "escalated": 2,
        "escalated_to": "pusat",
        "oversight": True,
        "recused": ("dpupr-1", "dpupr-2"),
        "sp4n": "9197446",
        "second": "kutim-dlh",
        "assigned": "dpupr-3",
        "priority": True,
        "canned": 6,
        "lapsed": True,
        "lift": Lift.REFUSED,
        "lift_by": "kutim",
        "lift_on": date(2026, 3, 5),
        "origin": "bontang",
        "texted": True,
        "publication": Publication.AGREED,
        "agreed": 7,
        "answered_on": date(2026, 3, 7),
        "transferred": 8,
        "closed_due": date(2026, 3, 8),
        "earlier_ends": (739680,),
        "chain": b"h" * 32,
        "unmasked": (),  # no fact of that time
        "kept_from": (),  # nor this
        "act": b"",  # nor this
    }
    assert full.keys() | {"visible_from"} == PLACES.keys()  # what came later changes no hash while at its default
    assert audit.facts(case_head(**full)).hex() == "329763989cb2f5471199b5a7d11a7062"
    assert audit.facts(case_head(**least)).hex() == "7d273831621be413f6c351fdb28efad2"


def test_a_state_has_no_order_and_every_part_counts() -> None:
    one, two = ("A", 1, b"chain", b"facts", 0, b"", b""), ("B", 2, b"other", b"facts", 2, b"steps", b"")
    assert audit.state([one, two]) == audit.state([two, one])
    others = [
        ("AB", 1, b"chain", b"facts", 0, b"", b""),
        ("A", 11, b"chain", b"facts", 0, b"", b""),
        ("A", 1, b"chainf", b"acts", 0, b"", b""),
        ("A", 1, b"chain", b"facts", 1, b"", b""),
        ("A", 1, b"chain", b"facts", 0, b"s", b""),
        ("A", 1, b"chain", b"facts", 0, b"", b"key"),
    ]
    assert len({audit.state([case]) for case in (one, two, *others)} | {audit.state([])}) == 9
    assert (
        audit.state([one, two]).hex() == "b20d4a3ccbf8ef26e2e79021a03e7a00e86fb4c0582eb192ffd6e6d4ce7ef76a"
    )  # as older anchors have it


@given(st.integers(1, 4).flatmap(lambda n: st.tuples(*(steps(i) for i in range(1, n + 1)))), st.data())
def test_what_custodians_did_is_bound_but_not_their_sealed_reasons(
    made: tuple[IdentityStep, ...], data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(made) - 1))
    other = data.draw(steps(at + 1))
    after = (*made[:at], other, *made[at + 1 :])
    emptied = tuple(replace(step, sealed=b"") for step in made)
    assert audit.custody(CASE, emptied) == audit.custody(CASE, made)
    same = replace(other, sealed=b"") == emptied[at]
    assert (audit.custody(CASE, after) == audit.custody(CASE, made)) == same
    assert audit.custody(CASE, made[:-1]) != audit.custody(CASE, made)


def test_an_anchor_binds_day_state_and_the_one_before() -> None:
    day, state = date(2026, 3, 2), audit.state([])
    made = {
        audit.anchor(b"", day, state),
        audit.anchor(b"x" * 32, day, state),
        audit.anchor(b"", day + timedelta(1), state),
        audit.anchor(b"", day, audit.state([("A", 1, b"", b"", 0, b"", b"")])),
    }
    assert len(made) == 4


@pytest.mark.parametrize(("previous", "bound"), [(b"", bytes(32)), (b"x" * 32, b"x" * 32)], ids=["first", "next"])
def test_a_chain_begins_with_zeros_and_goes_on_from_the_one_before(previous: bytes, bound: bytes) -> None:
    day, state = date(2026, 3, 2), audit.state([])
    assert audit.anchor(previous, day, state) == by_hand("lapor-audit-1:anchor", bound, "2026-03-02", state)
    changes = ["agency kutim-dlh", "renamed"]
    link = audit.directory_link(previous, "kutim", changes)
    assert link == by_hand("lapor-audit-1:directory", bound, "kutim", *changes)


def test_no_two_stages_have_one_link() -> None:
    links = {audit.link(b"", CASE, make_event_as(stage=stage)) for stage in Stage}
    assert len(links) == len(Stage)
