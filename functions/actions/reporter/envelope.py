"""A submission as it arrives sealed, and whether the case that is there already is the one that is submitted again.

Tests: ``tests/doors/test_sealed.py``.
"""

from dataclasses import dataclass

from functions.actions.reporter.seal_identity import NO_CONTACT, SealedContact, SealedIdentity
from functions.casework.case import Kind, Mode, Wraps
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
