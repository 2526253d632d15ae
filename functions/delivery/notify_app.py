"""Notifying a reporter by the app that sent the report, as an Open311 service request update."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from functions.casework.answer import Answer
from functions.casework.case import EventKind
from functions.casework.linked_systems import read_app_address
from functions.casework.stages import Stage
from functions.delivery.interface import ONE_TRY, News, Update
from functions.delivery.open311 import update_id


@dataclass(frozen=True, slots=True)
class AppNotifier:
    """``push`` sends an update to the app's server, and knows which servers rest after failures: one try is enough."""

    tries: ClassVar[Sequence[float]] = ONE_TRY

    push: Callable[[Update], None]

    def notify(self, news: News) -> None:
        """Send an officer's words; without any there is nothing to say. Raises DeliveryError, StorageError."""
        text, status, code = app_text(news.answer) if news.answer else ("", "", "")
        if text:
            ident, token = read_app_address(news.contact.address)
            self.push(Update(ident, news.instance, token, update_id(news.entry_id), text, status, code))


def app_text(answer: Answer) -> tuple[str, str, str]:
    """Return an answer as an update's text, status (open or closed) and outcome."""
    if answer.kind == EventKind.CLOSE:
        return answer.reason, "closed", answer.outcome
    if answer.kind == EventKind.EXTEND:
        return f"Batas waktu baru {answer.due}: {answer.reason}", "open", ""
    if answer.stage == Stage.DIARSIPKAN:
        return answer.reason + (f" Hubungi: {answer.turn_to}." if answer.turn_to else ""), "closed", ""
    return answer.body or answer.reason, "open", ""
