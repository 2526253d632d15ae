"""An answer reads each text once: for whom it accuses, and for what identifies its writer. A reading is what costs."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import pytest

from functions.casework.routing import later_accused
from functions.casework.understanding import said
from functions.casework.understanding.accused import look_for_accused
from functions.pii import words
from tests.doors.test_accused_words import DISHUB, hidden, page
from tests.world import JSON, World

HTML = {"Accept": "text/html"}
NAMED = "Nama saya Budi Santoso, hp 0812-3456-7890. Lampu jalan mati."
BEFORE = "Laporan tentang Dinas Perhubungan: petugasnya minta uang."


class Readings:
    """The texts that were read since ``forget``: for whom they accuse, and for what identifies."""

    def __init__(self) -> None:
        self.accused: list[str] = []
        self.identifying: list[str] = []

    def forget(self) -> None:
        self.accused.clear()
        self.identifying.clear()

    def noted(self, read: Callable[..., Any], texts: str) -> Callable[..., Any]:
        @wraps(read)
        def reading(text: str, *more: Any, **named: Any) -> Any:
            getattr(self, texts).append(text)
            return read(text, *more, **named)

        return reading


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> Readings:
    found = Readings()
    monkeypatch.setattr(said, "look_for_accused", found.noted(look_for_accused, "accused"))
    monkeypatch.setattr(words, "_found", found.noted(words._found, "identifying"))
    return found


def once(texts: list[str]) -> bool:
    return len(texts) == len(set(texts)) > 0


def test_the_check_page_and_what_is_sent_from_it_read_the_words_once_each(world: World, readings: Readings) -> None:
    typed = world.fields(body=DISHUB, topic="")
    del typed["submission_key"]
    checked = page(world, **typed)
    assert len(readings.accused) == 1
    assert once(readings.identifying)
    again = typed | {name: hidden(checked, name) for name in ("submission_key", "form_token", "asked")}
    again["topic"] = next(iter(world.directory.topics))
    for further in ({"villages": "1"}, {"meant": "kutim-dishub"}):
        readings.forget()
        page(world, **again, **further)
        assert len(readings.accused) == 1, further
    assert readings.identifying == []


def test_masking_reads_the_field_with_a_tick_alone(world: World, readings: Readings) -> None:
    typed = world.fields(body=NAMED)
    del typed["submission_key"]
    checked = page(world, **typed)
    readings.forget()
    page(world, **typed, submission_key=hidden(checked, "submission_key"), mask=hidden(checked, "mask"))
    assert readings.identifying.count(typed["place"]) == 1
    assert readings.identifying.count(NAMED) == 1


def test_an_officers_answers_read_the_words_once(world: World, readings: Readings) -> None:
    coordinator = world.desk_of("kutim")
    case = world.report(topic="lampu-jalan")["tracking_id"]
    unit = {"agency": "kutim-dishub", "second": "kutim-dpupr", "reason": "Kewenangan dinas."}
    acts: dict[str, Callable[[], Any]] = {
        "list": lambda: coordinator.client.get("/desk/", headers=HTML),
        "case": lambda: coordinator.client.get(f"/desk/cases/{case}", headers=HTML),
        "bulk": lambda: coordinator.post("/desk/bulk", {"case": case}),
        "hand-over to two": lambda: coordinator.post(f"/desk/cases/{case}/handover", unit),
    }
    for name, act in acts.items():
        readings.forget()
        answer = act()
        assert answer.status_code == 200, (name, answer.text)
        assert len(readings.accused) == 1, name
        assert once(readings.identifying) is (act is not acts["hand-over to two"]), name  # which shows nobody any words


@pytest.mark.parametrize(
    ("before", "later", "read"), [("Lampu mati.", "Masih gelap.", 2), (BEFORE, "Terima kasih.", 3)]
)
def test_what_stood_before_is_read_alone_where_it_may_accuse_somebody(
    world: World, readings: Readings, before: str, later: str, read: int
) -> None:
    assert later_accused.newly_accused(later, before, world.directory, "kutim") == ()
    assert len(readings.accused) == read


def test_a_reporters_message_is_read_alone_and_after_what_they_said(world: World, readings: Readings) -> None:
    receipt = world.report()["receipt"]
    readings.forget()
    sent = {"receipt": receipt, "body": "Masih gelap.", "message_key": "1234567890abcdef"}
    assert world.thread.post("/api/thread/messages", json=sent, headers=JSON).status_code == 201
    assert once(readings.accused)
    assert len(readings.accused) == 2
