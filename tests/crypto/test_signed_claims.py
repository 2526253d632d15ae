"""What a record claims that its reporter said: nothing is believed that they did not sign, and all that they did."""

from dataclasses import replace
from datetime import date

import pytest

from functions.casework.case import BY_APP, Case, Event, EventKind, Kind, Sealed
from functions.casework.sealed_identity import Identity, IdentityStep, StepKind
from functions.casework.stages import Actor, Stage
from functions.crypto.key_pairs import public_of
from functions.crypto.sign.name_answers import asked_said, forged_name, said_digest, signed_answer
from functions.crypto.sign.reporter_acts import REPLY, forged, signed
from tests.case_heads import case_head, changed

SEED = bytes(range(32))
PUBLIC = public_of(SEED)
CASE_ID = "4F7K-2M9Q-XR3D"
DAY = date(2026, 3, 2)
PLACE = {"instance": "kutim", "holder": "kutim-dpupr", "topic": "jalan", "district": "64.08.04", "about_agency": ""}
SEALED = {"sealed": Sealed.BROWSER, "key_id": "desk-1", "act": PUBLIC}
WRAPS = dict.fromkeys(("lookup", "fingerprint", "wrap_receipt", "wrap_desk", "subject"), bytes(32))
DAYS = {"received_on": DAY, "due": date(2026, 3, 5)}
HEAD = case_head(case_id=CASE_ID, kind=Kind.PENGADUAN, stage=Stage.SELESAI, **PLACE, **SEALED, **WRAPS, **DAYS)
REPORT = Event(1, EventKind.REPORT, Actor.REPORTER, DAY, Stage.DITERIMA, bytes(300), sig=PUBLIC)
OLD_REPORT = replace(REPORT, sig=b"")  # of a case of before: it brings no key
VERDICT = "claims a verdict"


def act(n: int, kind: EventKind, clear: str = "", *, brings: bool = False) -> Event:
    """An act that the reporter signed."""
    event = unsigned(n, kind, clear)
    return replace(event, sig=(PUBLIC if brings else b"") + signed(SEED, CASE_ID, event))


def unsigned(n: int, kind: EventKind, clear: str = "") -> Event:
    return Event(n, kind, Actor.REPORTER, DAY, Stage.DITERIMA, bytes(300), clear=clear)


@pytest.mark.parametrize(
    ("rating", "events", "fault"),
    [
        (5, [REPORT, act(2, EventKind.CONFIRM, "5")], ""),
        (None, [REPORT, act(2, EventKind.CONFIRM)], ""),
        (5, [REPORT, act(2, EventKind.CONFIRM, "4")], VERDICT),
        (5, [REPORT, act(2, EventKind.CONFIRM)], VERDICT),
        (None, [REPORT, act(2, EventKind.CONFIRM, "1")], VERDICT),
        (5, [REPORT, act(2, EventKind.MESSAGE)], VERDICT),
        (5, [REPORT, act(2, EventKind.CONFIRM, "1"), act(3, EventKind.CONFIRM, "5")], ""),
        (5, [OLD_REPORT, unsigned(2, EventKind.CONFIRM), act(3, EventKind.MESSAGE, brings=True)], ""),
        (5, [OLD_REPORT, unsigned(2, EventKind.MESSAGE), act(3, EventKind.MESSAGE, brings=True)], VERDICT),
        (5, [OLD_REPORT, act(2, EventKind.CONFIRM, "5", brings=True)], ""),
        (5, [OLD_REPORT, act(2, EventKind.CONFIRM, "4", brings=True)], VERDICT),
    ],
    ids=[
        "as signed",
        "no rating",
        "another rating",
        "a rating that was not given",
        "a rating taken away",
        "no verdict",
        "the later one counts",
        "given before there was a key",
        "none before there was a key",
        "brings the key",
        "brings the key with another rating",
    ],
)
def test_a_verdict_counts_as_its_reporter_signed_it(rating: int | None, events: list[Event], fault: str) -> None:
    head = changed(HEAD, confirmed=True, rating=rating)
    said = forged(Case(head, tuple(events)))
    assert fault in said
    assert bool(said) is bool(fault)


@pytest.mark.parametrize(
    ("events", "fault"),
    [
        ([REPORT], "event {n} is not signed"),
        ([replace(REPORT, clear=BY_APP)], ""),
        ([OLD_REPORT, act(2, EventKind.MESSAGE, brings=True)], ""),
        ([OLD_REPORT, unsigned(2, EventKind.MESSAGE), act(3, EventKind.MESSAGE, brings=True)], ""),
    ],
    ids=["not to a report by script", "to a report by an app", "to a case older than its key", "later in such a case"],
)
def test_what_an_app_adds_is_signed_by_nobody_where_one_sent_the_report_or_may_have(
    events: list[Event], fault: str
) -> None:
    n = len(events) + 1
    added = replace(unsigned(n, EventKind.MESSAGE), sealed=REPLY + bytes(300))
    assert forged(Case(HEAD, (*events, added))).startswith(fault.format(n=n))
    assert bool(forged(Case(HEAD, (*events, added)))) is bool(fault)


LEFT = IdentityStep(1, StepKind.LEFT, "", "", DAY, sig=PUBLIC)


def asked(n: int) -> IdentityStep:
    return IdentityStep(n, StepKind.ASKED, "kustodian-1", "kutim-inspektorat", DAY, b"sealed")


def opened(n: int) -> IdentityStep:
    return IdentityStep(n, StepKind.OPENED, "kustodian-2", "kutim-bkpsdm", DAY, b"sealed")


def yes(n: int, before: tuple[IdentityStep, ...]) -> IdentityStep:
    """A yes that the reporter signed to the request before it, or to none."""
    step = IdentityStep(n, StepKind.AGREED, "", "", DAY, b"sealed")
    request = before[-1] if before and before[-1].kind is StepKind.ASKED else step
    digest = said_digest("00" * 16, "", "")
    return replace(step, sig=signed_answer(SEED, CASE_ID, before, step, asked_said(request), digest))


def name_of(*steps: IdentityStep, sealed: bytes = b"name") -> Identity:
    return Identity(CASE_ID, "kutim", "key", b"wrap", b"wrap", sealed, len(steps), steps)


BY_OFFICER = IdentityStep(3, StepKind.AGREED, "kustodian-1", "kutim-inspektorat", DAY, b"sealed")
ENDORSED_BY_NOBODY = IdentityStep(4, StepKind.ENDORSED, "", "", DAY, b"sealed")


@pytest.mark.parametrize(
    ("steps", "holds"),
    [
        ((LEFT, asked(2), yes(3, (LEFT, asked(2))), opened(4)), True),
        ((LEFT, asked(2), yes(3, (LEFT, asked(2))), ENDORSED_BY_NOBODY, opened(5)), True),
        ((LEFT, asked(2), opened(3)), False),
        ((LEFT, asked(2), BY_OFFICER, opened(4)), False),
        ((LEFT, yes(2, (LEFT,)), opened(3)), False),
        ((yes(1, ()), opened(2), asked(3)), False),
    ],
    ids=[
        "a signed yes",
        "and nobody's agreement beside it",
        "no yes",
        "an officer's yes",
        "a yes to no request",
        "a request after it was opened",
    ],
)
def test_a_name_is_opened_by_its_reporters_signed_yes_to_a_request(
    steps: tuple[IdentityStep, ...], holds: bool
) -> None:
    fault = forged_name(Case(HEAD, (REPORT,)), name_of(*steps))
    assert fault == "" if holds else "opened its identity without its reporter's signed yes." in fault


@pytest.mark.parametrize(
    ("said", "holds"),
    [("withdrawn", True), ("", True), ("left 00 00", False), (None, False)],
    ids=["said so", "an older release said nothing in clear", "left it again", "nothing"],
)
def test_a_name_is_taken_back_by_an_act_that_says_so(said: str | None, holds: bool) -> None:
    withdrawn = IdentityStep(2, StepKind.WITHDRAWN, "", "", DAY)
    acts = () if said is None else (unsigned(2, EventKind.IDENTITY, said),)
    fault = forged_name(Case(HEAD, (REPORT, *acts)), name_of(LEFT, withdrawn, sealed=b""))
    assert fault == ("" if holds else "its identity was taken back without its reporter's signature.")
