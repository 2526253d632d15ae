"""Sealing the reporter's identity to the custodians and the receipt, and the contact to the courier.

This half opens nothing, so the intake may have it. The reporter's other half is ``identity.py``.

Tests: ``tests/actions/test_trust.py``.
"""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from functions.casework.channel import Contact
from functions.casework.sealed_identity import Identity, IdentityStep, StepKind
from functions.casework.understanding.words import Words
from functions.crypto.padding import PaddingError, pad
from functions.crypto.seal import sealing
from functions.crypto.seal.name_lock import lock_name
from functions.crypto.seal.public_keys import PublicKeys, Purpose


class SealedContact(NamedTuple):
    """A contact as it rests in a case. ``envelope`` is sealed to the courier, b"" if no channel reaches the reporter;
    ``texted`` stands in clear and says only whether the channel quotes, not which one it is."""

    envelope: bytes = b""
    texted: bool = False


NO_CONTACT = SealedContact()


@dataclass(frozen=True, slots=True, repr=False)
class SealedIdentity:
    """An identity that arrived sealed: the fields of ``sealed_identity.Identity`` that its sealer knows. ``roster`` is
    the id of the roster that its key is split over, "" on the older path."""

    key_id: str
    wrap_receipt: bytes
    wrap_custody: bytes
    sealed: bytes
    wrap_talk: bytes = b""
    shares: bytes = b""
    roster: str = ""

    def left_in(self, case_id: str, instance: str, on: date, act: bytes) -> Identity:
        """Return the identity of version 1 that a case gets, with the step LEFT. ``act`` is the public key of the
        reporter's acts, which that step brings; b"" for a case without one."""
        return Identity(
            case_id=case_id,
            instance=instance,
            key_id=self.key_id,
            wrap_receipt=self.wrap_receipt,
            wrap_custody=self.wrap_custody,
            sealed=self.sealed,
            steps=(IdentityStep(1, StepKind.LEFT, "", "", on, sig=act),),
            wrap_talk=self.wrap_talk,
            shares=self.shares,
        )


def seal_identity(
    keys: sealing.ReceiptKeys, instance: str, name: str, contact: str, public_keys: PublicKeys
) -> SealedIdentity:
    """Seal name and contact under a fresh key, which is wrapped to the receipt, and split over the custodians of the
    instance's roster. Without a roster it is sealed to the custody door. Raises KeyringError if the instance has no
    such door."""
    name_key, person = sealing.new_case_key(), Words({"name": name, "contact": contact})
    locked = lock_name(instance, keys.case_id, name_key, public_keys)
    roster = public_keys.rosters.get(instance)
    return SealedIdentity(
        key_id=locked.key_id,
        wrap_receipt=sealing.wrap_identity_for_receipt(keys, name_key),
        wrap_custody=locked.wrap_custody,
        sealed=sealing.seal_item(name_key, keys.case_id, 0, "identity", person, sealing.IDENTITY_FLOOR),
        wrap_talk=locked.wrap_talk,
        shares=locked.shares,
        roster=roster.id if roster else "",
    )


def seal_contact(public_keys: PublicKeys, instance: str, case_id: str, contact: Contact | None) -> SealedContact:
    """Seal the reporter's contact to the courier. None is not stored, nor an address longer than any that exists (RFC
    5321 §4.5.3.1). Raises KeyringError."""
    if contact is None:
        return NO_CONTACT
    try:
        padded = pad(contact.encode().encode(), sealing.CONTACT_BUCKET)
    except PaddingError:
        return NO_CONTACT
    envelope = public_keys.seal(Purpose.COURIER, instance, contact_context(case_id), padded)[1]
    return SealedContact(envelope, contact.channel.quotes)


def contact_context(case_id: str) -> str:
    """Return the HPKE context of a case's contact: no other envelope of the case opens in its place."""
    return f"{case_id}:contact"
