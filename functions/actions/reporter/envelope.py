"""A submission as it arrives sealed, and whether the case that is there already is the one that is submitted again.

Tests: ``tests/doors/test_sealed.py``.
"""

from base64 import b64encode, urlsafe_b64encode
from dataclasses import dataclass
from typing import Protocol

from functions.actions.reporter.seal_identity import NO_CONTACT, SealedContact, SealedIdentity
from functions.casework.case import Kind, Mode, Sealed, Wraps
from functions.casework.problems import ChangedTextProblem, ClashProblem


@dataclass(frozen=True, slots=True, repr=False)
class Envelope:
    """A sealed report: the facts that rest in clear, and the sealed rest (``crypto.seal.sealing``). ``officials``: its
    words name officials. That is not kept, it only lets the report wait for its batch. ``meant``: agencies that its
    words accuse; not kept either, it only decides which desk gets the report first. ``act`` is the public key of the
    reporter's acts, b"" from a page of an older release, whose ``lookup`` has the older form. ``before`` are the
    fingerprints that older releases made of the same report. ``by_app``: an app sent it, and may add to it."""

    kind: Kind
    topic: str
    district: str
    about_agency: str
    mode: Mode
    case_id: str
    lookup: bytes
    fingerprint: bytes
    key_id: str
    wrap_receipt: bytes
    wrap_desk: bytes
    subject: bytes
    words: bytes
    identity: SealedIdentity | None = None
    contact: SealedContact = NO_CONTACT
    officials: bool = False
    meant: tuple[str, ...] = ()
    before: tuple[bytes, ...] = ()
    act: bytes = b""
    by_app: bool = False


def envelope_fields(envelope: Envelope) -> dict[str, str]:
    """Return a report as a browser posts it, for another intake: what ``intake.envelope`` reads."""
    left, act = envelope.identity, urlsafe_b64encode(envelope.act).decode().rstrip("=")
    clear = {"kind": envelope.kind, "topic": envelope.topic, "district": envelope.district, "act": act}
    clear |= {"about_agency": envelope.about_agency, "identity_mode": envelope.mode, "case_id": envelope.case_id}
    clear |= {"lookup": envelope.lookup.hex(), "fingerprint": envelope.fingerprint.hex(), "key_id": envelope.key_id}
    clear |= {"names_officials": "1" if envelope.officials else ""}
    sealed = {
        "wrap_receipt": envelope.wrap_receipt,
        "wrap_desk": envelope.wrap_desk,
        "subject": envelope.subject,
        "words": envelope.words,
        "contact": envelope.contact.envelope,
    }
    if left:
        clear |= {"identity_key_id": left.key_id, "identity_roster": left.roster}
        sealed |= {"identity_wrap_receipt": left.wrap_receipt, "identity_wrap_custody": left.wrap_custody}
        sealed |= {"identity_sealed": left.sealed}
        sealed |= {"identity_wrap_talk": left.wrap_talk, "identity_shares": left.shares} if left.roster else {}
    texts = {name: str(text) for name, text in clear.items() if text}
    return texts | {name: b64encode(raw).decode() for name, raw in sealed.items() if raw}


def check_same(stored: Wraps, sent: Wraps, before: tuple[bytes, ...]) -> None:
    """Raise ClashProblem for another submission's case, ChangedTextProblem for the same key with another text.

    ``before`` are the fingerprints that older releases made of what is sent. Two forms of the look-up value, as a page
    and a door of different releases make them, cannot be compared: then the case id alone tells whose it is, which
    follows from the submission key.
    """
    if bool(stored.act) == bool(sent.act) and stored.lookup != sent.lookup:
        raise ClashProblem
    if stored.fingerprint not in (sent.fingerprint, *before):
        raise ChangedTextProblem


class Relay(Protocol):
    """Passes reports on to linked offices (``relay.py``)."""

    def reaches(self, instance: str) -> bool:
        """Tell whether reports of this instance leave for an office of its own."""

    def check_here(self, envelope: Envelope) -> None:
        """Raise ChangedTextProblem if this submission was passed on, with another place."""

    def __call__(self, instance: str, envelope: Envelope, path: Sealed, *, suspicious: bool) -> bool:
        """Pass a report on, sealed once more as a whole. False for a repeat."""
