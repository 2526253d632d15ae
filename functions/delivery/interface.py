"""How messages leave: a ``Way`` sends one kind of message, a ``Notifier`` tells a reporter by one channel."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol, TypeVar

from functions.casework.answer import Answer
from functions.casework.channel import Contact

Sent_contra = TypeVar("Sent_contra", contravariant=True)
QUICK_TRIES = (0.0, 1.0, 5.0)  # seconds before each try: a server that is busy for a moment costs no hour
ONE_TRY = (0.0,)


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail, text and HTML. ``message_id`` is the same for every try, so that the receiver knows a repeat."""

    to: str
    subject: str
    text: str
    html: str
    message_id: str


@dataclass(frozen=True, slots=True, repr=False)
class Text:
    """An SMS: a number (``+62…``) and a text of at most three parts, which the way splits. ``message_id`` is the same
    for every try."""

    to: str
    text: str
    message_id: str


@dataclass(frozen=True, slots=True, repr=False)
class Update:
    """An Open311 service request update for the app ``to`` of an instance, on the request it knows by ``token``.
    ``code`` is our outcome, "" while the request is open."""

    to: str
    instance: str
    token: str
    update_id: str
    text: str
    status: str
    code: str = ""


class DeliveryError(Exception):
    """The message did not leave. ``code`` is ours and goes into the outbox; ``lasting``: another try is no use;
    ``slow``: the try took all the time of a call; ``by_hand``: somebody has to mend something first, so a try within
    seconds is no use. The server's words stay out, since they may quote the address."""

    def __init__(self, code: str, *, lasting: bool = False, slow: bool = False, by_hand: bool = False) -> None:
        self.code = code
        self.lasting = lasting
        self.slow = slow
        self.by_hand = by_hand
        super().__init__(code)

    @property
    def soon(self) -> bool:
        """Whether a try within seconds may do."""
        return not (self.lasting or self.slow or self.by_hand)


class Way(Protocol[Sent_contra]):
    """A way to send something. Raises DeliveryError."""

    def send(self, sent: Sent_contra, /) -> None:
        """Hand it over; returning means that it was accepted."""


Mailer = Way[Letter]
Texter = Way[Text]


@dataclass(frozen=True, slots=True, repr=False)
class News:
    """What a reporter is told. ``answer`` is an officer's, for a channel that quotes; ``text`` is ready to be sent.
    Without either, all there is to say is that there is news. ``reply``: it replies to a message of theirs.
    ``entry_id`` names the outbox entry, ``message_id`` is the same for every try, ``instance`` is the one the case
    came in at."""

    contact: Contact
    instance: str
    entry_id: str
    message_id: str
    answer: Answer | None = None
    text: str = ""
    reply: bool = False


class Notifier(Protocol):
    """Tells reporters by one channel. ``tries`` are the seconds to wait before each try at once."""

    tries: ClassVar[Sequence[float]]

    def notify(self, news: News) -> None:
        """Send what this channel may say; returning means that it was accepted, or that there is nothing to say.
        Raises DeliveryError, StorageError."""
