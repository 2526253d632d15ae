"""Notifying a reporter by mail: that there is news, and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from functions.delivery.interface import QUICK_TRIES, Mailer, News
from functions.delivery.letters import write_reporters_letter


@dataclass(frozen=True, slots=True)
class MailNotifier:
    """``url`` is where the portal is reached."""

    tries: ClassVar[Sequence[float]] = QUICK_TRIES

    mailer: Mailer
    url: str

    def notify(self, news: News) -> None:
        """Send the letter. Raises DeliveryError."""
        self.mailer.send(write_reporters_letter(to=news.contact.address, url=self.url, message_id=news.message_id))
