"""From which share on the second opinion counts: exactly from its level on, for each of them (``nature``)."""

from math import nextafter
from typing import Final

import pytest

from functions.casework.understanding import nature
from functions.casework.understanding.nature import nature_of
from functions.casework.understanding.opinion import likely as likely_module
from functions.casework.understanding.opinion.likely import Likely, Standing, read_model
from functions.casework.understanding.sorts import Nature, Sort

NONE, OPEN, ANSWERED = Standing.NONE, Standing.OPEN, Standing.ANSWERED
CLOSED: Final = Standing.CLOSED
WORDS, REACHING, SHUT = "pohon tua di sini", "sms pohon tua di sini", "salah sambung. jangan sms ke nomor ini lagi"


def sorted_as(monkeypatch: pytest.MonkeyPatch, text: str, standing: Standing, shares: dict[str, float]) -> Nature:
    """Return what a text is if the second opinion has these shares."""
    found = Likely("", 0, {**dict.fromkeys(read_model().weights, 0.0), **shares})
    monkeypatch.setattr(likely_module, "likely", lambda *_: found)
    return nature_of(text, standing)


@pytest.mark.parametrize(
    ("text", "standing", "what", "level", "beside", "at", "below"),
    [
        (SHUT, NONE, "chat", nature.SURELY, {}, Sort.TALK, Sort.SILENCE),
        (WORDS, NONE, "chat", nature.TALK_NONE, {}, Sort.TALK, Sort.REPORT),
        (WORDS, OPEN, "chat", nature.TALK_CASE, {}, Sort.TALK, Sort.REPORT),
        ("guru ktp di sini", NONE, "chat", nature.CHAT_SURE, {}, Sort.TALK, Sort.REPORT),
        (
            "pohon belum juga ditebang di sini 12",
            OPEN,
            "closing",
            nature.SURELY,
            {},
            Sort.REPORT,
            Sort.REPORT,
        ),  # a number tells something
        ("pohon belum juga ditebang di sini", OPEN, "closing", nature.SURELY, {}, Sort.CLOSING, Sort.REPORT),
        ("pohon tua di sini", OPEN, "closing", nature.TALK_CASE, {"chat": 0.1}, Sort.CLOSING, Sort.REPORT),
        (REACHING, OPEN, "silence", nature.SURE["silence"], {}, Sort.SILENCE, Sort.REPORT),
        (f"{REACHING}?", OPEN, "silence", nature.ASKED_SILENCE, {}, Sort.SILENCE, Sort.REPORT),
        (WORDS, OPEN, "silence", nature.ALONE_SURE, {}, Sort.SILENCE, Sort.REPORT),
        (WORDS, OPEN, "withdrawal", nature.SURE["withdrawal"], {}, Sort.GIVEN_UP, Sort.REPORT),
        (WORDS, ANSWERED, "withdrawal", nature.UNSAID, {}, Sort.GIVEN_UP, Sort.REPORT),
        (WORDS, OPEN, "automatic", nature.TALK_CASE, {"chat": 0.1}, Sort.OURS, Sort.TALK),
        ("gratis pohon tua", OPEN, "about", nature.ABOUT_LEAST, {"chat": 0.9}, Sort.HELP, Sort.TALK),
        (WORDS, OPEN, "question", nature.ASKED_RATHER, {"chat": 0.7}, Sort.QUESTION, Sort.TALK),
        (WORDS, NONE, "question", nature.ASKED_RATHER, {"chat": 0.7}, Sort.TALK, Sort.TALK),
    ],
)
def test_what_a_text_is(
    monkeypatch: pytest.MonkeyPatch,
    text: str,
    standing: Standing,
    what: str,
    level: float,
    beside: dict[str, float],
    at: Sort,
    below: Sort,
) -> None:
    assert sorted_as(monkeypatch, text, standing, {what: level, **beside}).sort is at
    assert sorted_as(monkeypatch, text, standing, {what: nextafter(level, 0), **beside}).sort is below


@pytest.mark.parametrize(
    ("text", "standing", "what", "level", "fact"),
    [
        (WORDS, OPEN, "question", nature.HALF_ASKED, "asks"),
        (WORDS, OPEN, "question", nature.ASKED_ALONE, "asks"),
        (WORDS, OPEN, "add", nature.SAME, "same"),
        (WORDS, OPEN, "report", nature.SURE["new"], "new"),
        (WORDS, CLOSED, "report", nature.SURE["new, all closed"], "new"),
        (WORDS, OPEN, "settled", nature.SURE["settled"], "settled"),
        (WORDS, OPEN, "undone", nature.SURE["undone"], "undone"),
        (WORDS, OPEN, "help", nature.HELP_SURE, "danger"),
        ("anak di pohon tua sini", OPEN, "help", nature.SURE["help"], "danger"),
    ],
)
def test_what_is_told_of_it(
    monkeypatch: pytest.MonkeyPatch, text: str, standing: Standing, what: str, level: float, fact: str
) -> None:
    assert getattr(sorted_as(monkeypatch, text, standing, {what: level}), fact)
    assert not getattr(sorted_as(monkeypatch, text, standing, {what: nextafter(level, 0)}), fact)


def test_silence_that_hardly_seems_one_is_obeyed(monkeypatch: pytest.MonkeyPatch) -> None:
    shares = {"chat": 1.0, "silence": nature.NO_SILENCE}
    assert sorted_as(monkeypatch, SHUT, NONE, shares).sort is Sort.TALK
    shares["silence"] = nextafter(nature.NO_SILENCE, 1)
    assert sorted_as(monkeypatch, SHUT, NONE, shares).sort is Sort.SILENCE


@pytest.mark.parametrize(
    ("words", "silence", "rest"), [(7, 0.85, ""), (8, 0.85, "w"), (7, 0.84, "w"), (1, 0.85, ""), (8, 1.0, "w")]
)
def test_a_short_order_to_be_silent_says_nothing_else(
    monkeypatch: pytest.MonkeyPatch, words: int, silence: float, rest: str
) -> None:
    text = " ".join(["sms", *["pohon"] * (words - 1)])
    found = sorted_as(monkeypatch, text, OPEN, {"silence": silence})
    assert (found.sort, found.rest) == (Sort.SILENCE, rest and text)


def test_somebody_who_was_answered_gives_up_by_a_word_that_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    shares = {"withdrawal": nature.SURE["withdrawal"]}
    assert sorted_as(monkeypatch, "saya ikhlaskan saja pohon tua", ANSWERED, shares).sort is Sort.GIVEN_UP
    assert sorted_as(monkeypatch, WORDS, ANSWERED, shares).sort is Sort.REPORT


def test_a_forced_withdrawal_is_none_and_what_is_done_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "saya disuruh cabut laporan"
    assert sorted_as(monkeypatch, text, OPEN, {"withdrawal": 1.0}).sort is not Sort.GIVEN_UP
    assert sorted_as(monkeypatch, text, OPEN, {"settled": 1.0}).settled
    assert not sorted_as(monkeypatch, WORDS, OPEN, {"settled": 0.1}).settled


@pytest.mark.parametrize(("goods", "silent"), [("beras", False), ("semen", True)])
def test_goods_that_offices_give_are_no_sms(monkeypatch: pytest.MonkeyPatch, goods: str, silent: bool) -> None:
    found = sorted_as(monkeypatch, f"jangan kirim {goods} lagi", OPEN, {"silence": 1.0})
    assert (found.sort is Sort.SILENCE) is silent


def test_only_thanks_say_that_it_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "sudah diperbaiki pak pohonnya"
    assert sorted_as(monkeypatch, text, OPEN, {"closing": 1.0}).settled
    assert not sorted_as(monkeypatch, text, OPEN, {"chat": 1.0}).settled
    assert not sorted_as(monkeypatch, text, NONE, {"closing": 1.0}).settled


@pytest.mark.parametrize(
    ("text", "sort"),
    [
        ("pak tolong kami", Sort.GREETING),
        ("pak tolong kami pak", Sort.CLOSING),
        ("makasih pak tua", Sort.CLOSING),
    ],
)
def test_a_short_closing_without_thanks_greets(monkeypatch: pytest.MonkeyPatch, text: str, sort: Sort) -> None:
    assert sorted_as(monkeypatch, text, NONE, {"closing": 1.0}).sort is sort


@pytest.mark.parametrize(
    ("text", "standing", "sort"),
    [
        ("soal pohon tua", NONE, Sort.REPORT),
        ("soal pohon tua itu", NONE, Sort.TALK),
        ("pohon soal tua", NONE, Sort.TALK),
        ("soal pohon tua?", NONE, Sort.TALK),
        ("soal pohon tua", OPEN, Sort.TALK),
        ("lanjutan: pohon tua ini", NONE, Sort.REPORT),
        ("pohon tua ini", NONE, Sort.TALK),
    ],
)
def test_what_names_its_subject_or_goes_on_is_no_talk(
    monkeypatch: pytest.MonkeyPatch, text: str, standing: Standing, sort: Sort
) -> None:
    assert sorted_as(monkeypatch, text, standing, {"chat": 1.0}).sort is sort


@pytest.mark.parametrize(
    ("text", "empty"), [("asdfghjkl k", True), ("asdfghjkl ok", False), ("k", False), ("qwrtpsdf", True)]
)
def test_a_child_at_the_keys_says_nothing(text: str, empty: bool) -> None:
    assert (nature_of(text).sort is Sort.EMPTY) is empty
