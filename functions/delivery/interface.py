"""What the courier asks of a way to deliver."""

from dataclasses import dataclass
from typing import Protocol, TypeVar

Sent_contra = TypeVar("Sent_contra", contravariant=True)


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail, text and HTML. ``message_id`` is the same for every try, so that a doubled one is known."""

    to: str
    subject: str
    text: str
    html: str
    message_id: str


@dataclass(frozen=True, slots=True, repr=False)
class Text:
    """An SMS: a number (``+62…``) and at most three parts of text, which the way it goes splits. ``message_id`` is the
    same for every try."""

    to: str
    text: str
    message_id: str


class DeliveryError(Exception):
    """The letter did not leave. ``code`` is ours and goes into the outbox; ``lasting`` means that trying again
    is no use. What the server said stays out: it may quote the address."""

    def __init__(self, code: str, *, lasting: bool = False) -> None:
        self.code = code
        self.lasting = lasting
        super().__init__(code)


class Way(Protocol[Sent_contra]):
    """A way to send something. Raises DeliveryError."""

    def send(self, sent: Sent_contra, /) -> None:
        """Hand it over; returning means that it was accepted."""


Mailer = Way[Letter]
Texter = Way[Text]
