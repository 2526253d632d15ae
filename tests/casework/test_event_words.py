"""The words of an event: what has their shape is read, what has not is refused and breaks no page."""

import json

import pytest

from functions.casework.case import EventKind, Outcome
from functions.casework.consent.unmask_request import Ground, UnmaskStep
from functions.casework.formats.event_words import check_words, read_words
from functions.casework.guard_lift import LiftStep
from functions.casework.publication import PublishStep
from functions.casework.report import BODY_MAX
from functions.casework.stages import Actor

SEEN = {"agency": "kutim-dpupr", "target": "1"}
ASKED = {**SEEN, "step": UnmaskStep.ASKED, "asker": "dpupr-1", "ground": Ground.ON_SITE, "kinds": "phone:1,name:2"}
LIFT = {"step": LiftStep.ASKED, "agency": "kutim-dpupr", "about": "jalan", "by": "kutim", "until": "2026-12-04"}


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (EventKind.EXTEND, {"due": "2026-12-04"}),
        (EventKind.CLOSE, {"outcome": Outcome.DIPERBAIKI}),
        (EventKind.NOTE, {}),
        (EventKind.UNMASK, SEEN),  # older than the steps
        (EventKind.UNMASK, ASKED),
        (EventKind.LIFT, LIFT),
    ],
)
def test_words_of_an_officer_are_read_as_they_are(kind: EventKind, words: dict[str, str]) -> None:
    assert check_words(kind, Actor.OFFICER, words) == words


@pytest.mark.parametrize(
    ("kind", "words", "wrong"),
    [
        (EventKind.EXTEND, {}, "due"),
        (EventKind.EXTEND, {"due": "besok"}, "due"),
        (EventKind.CLOSE, {"outcome": "hilang"}, "outcome"),
        (EventKind.CONFIRM, {"rating": "6"}, "rating"),
        (EventKind.UNMASK, SEEN | {"step": "seen"}, "step"),
        (EventKind.UNMASK, {name: text for name, text in ASKED.items() if name != "asker"}, "asker"),
        (EventKind.LIFT, LIFT | {"until": "nanti"}, "until"),
    ],
)
def test_words_without_the_shape_of_their_kind_are_refused_by_name(
    kind: EventKind, words: dict[str, str], wrong: str
) -> None:
    with pytest.raises(ValueError, match=rf"not the words of {kind}: \['{wrong}'\]"):
        check_words(kind, Actor.OFFICER, words)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (EventKind.HANDOVER, {"agency": "kutim-dpupr"}),
        (EventKind.UNMASK, ASKED),
        (EventKind.PUBLISH, {"step": PublishStep.DRAFTED, "summary": "s", "answer": "a", "agency": "x", "month": "m"}),
        (EventKind.LIFT, {"step": LiftStep.GRANTED}),
        (EventKind.IDENTITY, {"change": "wished"}),
    ],
)
def test_a_browser_cannot_seal_what_is_an_officers_to_say(kind: EventKind, words: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="no reporter says"):
        check_words(kind, Actor.REPORTER, words)


def test_of_what_reporters_say_other_words_are_dropped_and_no_text_is_longer_than_a_form() -> None:
    said = {"body": "x" * (BODY_MAX + 1), "cleared": "dpupr-1"}
    assert check_words(EventKind.MESSAGE, Actor.REPORTER, said) == {"body": "x" * BODY_MAX}
    objected = {**SEEN, "step": UnmaskStep.OBJECTED, "reason": "Jangan."}
    assert check_words(EventKind.UNMASK, Actor.REPORTER, objected) == objected


@pytest.mark.parametrize("typed", ["2026-11-27", "2026-11-27T08:30", "27/11/2026"])
def test_the_day_of_a_report_is_read_though_a_browser_says_the_hour(typed: str) -> None:
    assert read_words(json.dumps({"body": "Jalan rusak", "happened_on": typed}).encode())["happened_on"] == "2026-11-27"
