"""A long conversation comes in pages: nothing is lost between them, and no view grows with the case."""

import re
from datetime import date
from typing import Any

import pytest

from functions.actions.common import append
from functions.actions.common.decrypted_case import Message
from functions.actions.officer import read_case
from functions.casework.case import EventKind
from functions.casework.formats import message_pages
from functions.casework.formats.message_pages import PAGE_CHARACTERS, PAGE_MESSAGES, page_of
from functions.casework.report import BODY_MAX
from functions.casework.stages import Actor, Stage
from functions.pii import words
from tests.depth import deep
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
    """200 messages of 4,000 characters in ``make test-deep``; every day a quarter of them, as much shorter, on pages of
    as much less."""
    part, count, length = deep(1, 4), deep(200, 50), deep(4_000, 1_000)
    monkeypatch.setattr(message_pages, "PAGE_MESSAGES", message_pages.PAGE_MESSAGES // part)
    most = PAGE_CHARACTERS // part**2
    monkeypatch.setattr(message_pages, "PAGE_CHARACTERS", most)
    receipt = world.report()["receipt"]
    for n in range(count):
        assert write(world, receipt, f"Pesan{n} " + "x" * length).status_code == 201
    first = world.post("/api/thread", {"receipt": receipt})
    assert len(first.data) < 2 * most
    found, older = [], 0
    while older is not None:
        answer = world.post("/api/thread", {"receipt": receipt, "before": older}).get_json()
        found = [message["n"] for message in answer["messages"]] + found
        older = answer["older"]
    assert found == list(range(1, count + 2))
    assert world.post("/api/thread", {"receipt": receipt, "before": "x"}).status_code == 422
    bodies, typed = "", {"receipt": receipt}
    for _ in range(20):
        page = world.thread.post("/api/thread", data=typed, headers=HTML)
        check_page(page.text)
        assert len(page.data) < 2 * most + 40_000  # the layout
        bodies += page.text
        more = re.search(r'name="before" value="(\d+)"', page.text)
        if not more:
            break
        typed["before"] = more[1]
    assert all(f"Pesan{n} " in bodies for n in range(count))
    assert "Yang lebih lama" in bodies
    assert "Yang terbaru" in page.text
    monkeypatch.setattr(message_pages, "PAGE_MESSAGES", 500)
    monkeypatch.setattr(message_pages, "PAGE_CHARACTERS", 10**9)
    whole = world.post("/api/thread", {"receipt": receipt})
    assert len(whole.data) > 6 * len(first.data)


@pytest.mark.long
def test_the_desk_is_paged_and_searches_no_word_of_other_pages(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The longest conversation: as much as a reporter may write, and as an older release let them. Each view searches
    the words of one page and of the report for what identifies their writer. In ``make test-deep`` 60 messages of
    20,000 characters, every day a third of them, on pages and with words of a tenth."""
    part, count = deep(1, 10), deep(60, 20)
    most, words_of_one = BODY_MAX // part, "kata " * (3_990 // part)
    monkeypatch.setattr(read_case, "PAGE_CHARACTERS", read_case.PAGE_CHARACTERS // part)
    made = world.report()
    desk, at = world.hand_over(made["tracking_id"]), f"/desk/cases/{made['tracking_id']}"
    monkeypatch.setattr(append, "TALK_CHARACTERS", 10**9)
    searched: list[int] = []
    mask_all = words.mask_all

    def mask(text: str, *more: Any, **named: Any) -> str:
        searched.append(len(text))
        return mask_all(text, *more, **named)

    monkeypatch.setattr(words, "mask_all", mask)
    for n in range(count):
        assert write(world, made["receipt"], f"Pesan{n} {words_of_one}").status_code == 201
    found, after = {}, 0
    while True:
        searched.clear()
        answer = desk.get(f"{at}?after={after}" if after else at)
        body = answer.get_json()
        assert sum(searched) < 3 * most
        assert len(answer.data) < 3 * most + deep(0, 6_000)  # what is there beside words
        assert body["messages"][0]["n"] == 1
        found |= {message["n"]: message["body"] for message in body["messages"]}
        after = body["older"]
        if not after:
            break
    assert all(any(text.startswith(f"Pesan{n} ") for text in found.values()) for n in range(count))
    assert desk.get(f"{at}?after=x").status_code == 422
    # The page leads to older messages and back, and acts on what is not on the first page.
    page = desk.client.get(at, headers=HTML).text
    check_page(page)
    assert len(page) < 4 * most + deep(0, 40_000)
    older = re.search(r'href="([^"]*after=\d+[^"]*)">Yang lebih lama', page)
    assert older
    assert "Yang terbaru" not in page
    second = desk.client.get(older[1].replace("&amp;", "&"), headers=HTML).text
    check_page(second)
    assert "Yang terbaru" in second
    assert write(world, made["receipt"], "Nomor saya 0812 3456 7890.").status_code == 201
    masked = max(found) + 1
    for n in range(3):
        assert write(world, made["receipt"], f"Lagi{n} {words_of_one}").status_code == 201
    assert masked not in [message["n"] for message in desk.get(at).get_json()["messages"]]
    asked = desk.post(f"{at}/unmask", {"n": str(masked), "ground": "records", "reason": "Perlu menelepon."})
    assert asked.status_code in (200, 201), asked.data
