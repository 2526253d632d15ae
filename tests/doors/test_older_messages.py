"""A long conversation comes in pages: nothing is lost between them, and no view grows with the case."""

import re
from datetime import date

import pytest

from functions.actions.common.decrypted_case import Message
from functions.casework.case import EventKind
from functions.casework.stages import Actor, Stage
from functions.thread import older_messages
from functions.thread.older_messages import PAGE_CHARACTERS, PAGE_MESSAGES, page_of
from tests.doors.test_thread import HTML, write
from tests.pages import check_page
from tests.world import World


def said(count: int, length: int = 1) -> list[Message]:
    return [
        Message(n, EventKind.MESSAGE, Actor.REPORTER, date(2026, 11, 27), Stage.DIPROSES, "x" * length)
        for n in range(1, count + 1)
    ]


@pytest.mark.parametrize(
    ("count", "length"), [(0, 1), (1, 1), (50, 1), (51, 1), (200, 20_000), (3, 200_000), (120, 999)]
)
def test_pages_hold_every_message_once_and_little_at_a_time(count: int, length: int) -> None:
    messages, seen, before = said(count, length), [], 0
    while True:
        page = page_of(messages, before)
        assert page.newest is (not before)
        assert len(page.messages) <= PAGE_MESSAGES
        assert len(page.messages) < 2 or sum(len(m.body) for m in page.messages) <= PAGE_CHARACTERS
        seen = [*page.messages, *seen]
        before = page.older
        if not before:
            break
    assert seen == messages


def test_what_came_after_a_message_is_asked_for_alone() -> None:
    assert [m.n for m in page_of(said(9), after=7).messages] == [8, 9]
    assert [m.n for m in page_of(said(9), before=8, after=6).messages] == [7]


def test_the_thread_is_paged_with_and_without_script(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    receipt = world.report()["receipt"]
    for n in range(200):
        assert write(world, receipt, f"Pesan{n} " + "x" * 4000).status_code == 201
    first = world.post("/api/thread", {"receipt": receipt})
    assert len(first.data) < 2 * PAGE_CHARACTERS
    found, older = [], 0
    while older is not None:
        answer = world.post("/api/thread", {"receipt": receipt, "before": older}).get_json()
        found = [message["n"] for message in answer["messages"]] + found
        older = answer["older"]
    assert found == list(range(1, 202))
    assert world.post("/api/thread", {"receipt": receipt, "before": "x"}).status_code == 422
    bodies, typed = "", {"receipt": receipt}
    for _ in range(20):
        page = world.thread.post("/api/thread", data=typed, headers=HTML)
        check_page(page.text)
        assert len(page.data) < 2 * PAGE_CHARACTERS
        bodies += page.text
        more = re.search(r'name="before" value="(\d+)"', page.text)
        if not more:
            break
        typed["before"] = more[1]
    assert all(f"Pesan{n} " in bodies for n in range(200))
    assert "Yang lebih lama" in bodies
    assert "Yang terbaru" in page.text
    monkeypatch.setattr(older_messages, "PAGE_MESSAGES", 500)
    monkeypatch.setattr(older_messages, "PAGE_CHARACTERS", 10**9)
    whole = world.post("/api/thread", {"receipt": receipt})
    assert len(whole.data) > 6 * len(first.data)
