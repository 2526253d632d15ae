"""What each channel makes of the same news, and how often it is tried at once."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from functions.actions.courier.reporter_news import REPORTER
from functions.casework.answer import Answer
from functions.casework.channel import Channel, Contact
from functions.casework.formats.sms_texts import NEWS
from functions.casework.linked_systems import app_contact
from functions.delivery.interface import DeliveryError, Letter, News, Notifier, Text, Update
from functions.delivery.notify_app import AppNotifier
from functions.delivery.notify_mail import MailNotifier
from functions.delivery.notify_sms import SmsNotifier
from functions.delivery.open311 import update_id
from functions.storage.interface import Notice, OutboxEntry
from tests.world import NUMBER, URL, World

WORDS = "Tiang nomor 7 sudah diganti."
TOLD = News(Contact(Channel.SMS, NUMBER), "kutim", "e" * 32, "m" * 32, Answer("message", body=WORDS))
CLOSED = Answer("close", reason="Menyala lagi.", outcome="diperbaiki")


class Tray(list[Any]):
    """Takes whatever is sent."""

    send = list.append


def by_sms(news: News, *muted: str) -> list[Text]:
    tray = Tray()
    SmsNotifier(tray, URL, lambda number: number in muted).notify(news)
    return list(tray)


def by_app(answer: Answer | None) -> list[Update]:
    tray = Tray()
    AppNotifier(tray.send).notify(replace(TOLD, contact=app_contact("kota", "0a1b:2c"), answer=answer))
    return list(tray)


@pytest.mark.parametrize("answer", [TOLD.answer, CLOSED, None])
def test_a_mail_says_the_same_whatever_was_said(answer: Answer | None) -> None:
    tray = Tray()
    MailNotifier(tray, URL).notify(replace(TOLD, contact=Contact(Channel.MAIL, "siti@x.example.id"), answer=answer))
    (letter,) = tray
    assert isinstance(letter, Letter)
    assert (letter.to, letter.message_id) == ("siti@x.example.id", "m" * 32)
    for secret in (WORDS, "Menyala", "kutim"):
        assert secret not in letter.text + letter.html


def test_an_sms_holds_the_words_the_ready_text_or_that_there_is_news() -> None:
    assert by_sms(TOLD) == [Text(NUMBER, WORDS, "m" * 32)]
    assert by_sms(replace(TOLD, answer=None, text="Kode Anda: X")) == [Text(NUMBER, "Kode Anda: X", "m" * 32)]
    assert by_sms(replace(TOLD, answer=None)) == [Text(NUMBER, NEWS, "m" * 32)]
    assert by_sms(replace(TOLD, answer=Answer("stage"))) == []


def test_a_muted_number_gets_replies_alone() -> None:
    assert by_sms(TOLD, NUMBER) == []
    assert by_sms(replace(TOLD, answer=None, text="Anda tidak dikirimi SMS lagi.", reply=True), NUMBER) != []


def test_no_sms_goes_to_what_is_no_number() -> None:
    assert by_sms(replace(TOLD, contact=Contact(Channel.SMS, "../kode"))) == []


def test_an_app_gets_an_update_on_its_own_token() -> None:
    update = Update("kota", "kutim", "0a1b:2c", update_id("e" * 32), WORDS, "open")
    assert by_app(TOLD.answer) == [update]
    assert by_app(CLOSED) == [replace(update, text="Menyala lagi.", status="closed", code="diperbaiki")]
    assert by_app(None) == []


@pytest.mark.parametrize(("channel", "tries"), [(Channel.MAIL, 3), (Channel.SMS, 3), (Channel.APP, 1)])
def test_a_failure_is_tried_again_at_once_where_no_system_rests_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, channel: Channel, tries: int
) -> None:
    world = World(tmp_path)
    tried: list[News] = []

    def fail(_: Notifier, news: News) -> None:
        tried.append(news)
        raise DeliveryError("away")

    monkeypatch.setattr(type(world.deliver.notifiers[channel]), "notify", fail)
    news = replace(TOLD, contact=Contact(channel, "x"))
    monkeypatch.setattr("functions.actions.courier.deliver.read_news", lambda *_: news)
    world.store.enqueue(OutboxEntry("e" * 32, Notice.ANSWERED, "kutim"))
    assert world.run_courier() == 1
    assert tried == [news] * tries
    (entry,) = world.store.waiting()
    assert (entry.error, REPORTER in entry.delivered) == ("away", False)
