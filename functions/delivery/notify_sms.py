"""Notifying a reporter by SMS, with an officer's words as far as three parts hold them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from functions.casework.answer import Answer
from functions.casework.case import EventKind
from functions.casework.formats import sms_closing, sms_texts
from functions.casework.formats.sms_number import read_number
from functions.casework.stages import Stage
from functions.delivery.interface import QUICK_TRIES, News, Text, Texter


@dataclass(frozen=True, slots=True)
class SmsNotifier:
    """``muted`` tells whether a number wants no news; replies reach it all the same. To numbers beyond ``countries``
    (as ``+62``) nothing is sent: whoever invents them would let the office pay. ``url`` is where the portal is
    reached."""

    tries: ClassVar[Sequence[float]] = QUICK_TRIES

    texter: Texter
    url: str
    muted: Callable[[str], bool]
    countries: tuple[str, ...] = ("+62",)

    def notify(self, news: News) -> None:
        """Send the text. Raises DeliveryError, StorageError."""
        number = news.contact.address
        if not read_number(number) or not number.startswith(self.countries):
            return
        if not news.reply and self.muted(number):
            return
        text = sms_text(news.answer, self.url) if news.answer else news.text or sms_texts.NEWS
        if text:
            self.texter.send(Text(number, text, news.message_id))


def sms_text(answer: Answer, url: str) -> str:
    """Return an answer as an SMS, "" if it holds no word for a reporter."""
    if answer.kind == EventKind.MESSAGE:
        return sms_closing.quoted(answer.body, url)
    if answer.kind == EventKind.CLOSE:
        return sms_closing.closed(answer.reason, url, answer.undone)
    if answer.stage == Stage.DIARSIPKAN:
        return sms_closing.archived(answer.reason, answer.turn_to, url)
    if answer.kind == EventKind.EXTEND:
        return sms_texts.later(date.fromisoformat(answer.due), answer.reason, url)
    return sms_closing.quoted(answer.reason, url) if answer.reason else ""
