"""The channels that reach a reporter, and the contact they left.

Only this module knows how a contact is written. It rests sealed to the courier as one text: an e-mail address plain,
any other address behind its channel's prefix. What people type into a form is an e-mail address or no contact at all.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from functions.casework.report import is_address


class Channel(StrEnum):
    """How a reporter is notified. Without a contact there is no channel: they find the answer in the thread."""

    MAIL = "mail"
    SMS = "sms"
    APP = "app"

    @property
    def quotes(self) -> bool:
        """Whether this channel carries officers' words, sealed to the courier. A mail only says that there is news."""
        return self is not Channel.MAIL


PREFIXES: Mapping[Channel, str] = {Channel.SMS: "tel:", Channel.APP: "app:"}  # tel: as in RFC 3966


@dataclass(frozen=True, slots=True, repr=False)
class Contact:
    """Where a reporter is notified. ``address`` is an e-mail address, a number (``+62…``), or an app with its token
    (``linked_systems.app_contact``)."""

    channel: Channel
    address: str

    def encode(self) -> str:
        """Return the contact as the one text that is sealed."""
        return PREFIXES.get(self.channel, "") + self.address

    @classmethod
    def parse(cls, text: str) -> "Contact | None":
        """Read what ``encode`` wrote; None for anything else."""
        for channel, prefix in PREFIXES.items():
            if text.startswith(prefix):
                return cls(channel, text.removeprefix(prefix))
        return cls.typed(text)

    @classmethod
    def typed(cls, text: str) -> "Contact | None":
        """Read what a reporter typed, or their browser sealed. None for anything that is no e-mail address, such as a
        phone number: the other channels only reach people who report by them."""
        return cls(Channel.MAIL, text) if is_address(text) else None
