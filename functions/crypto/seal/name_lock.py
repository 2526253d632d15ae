"""Lock a name's key: split it over the roster of its instance, or seal it to the custody door where there is none."""

from typing import NamedTuple

from functions.crypto.seal import sealing
from functions.crypto.seal.public_keys import PublicKeys, Purpose
from functions.crypto.seal.shares import talk_context


class NameLock(NamedTuple):
    """The fields of ``sealed_identity.Identity`` that lock its name; ``talk`` is the key of the reasons, never stored.
    On the older path ``wrap_talk`` and ``shares`` are b"", and ``talk`` is the name's key itself."""

    talk: bytes
    key_id: str
    wrap_custody: bytes
    wrap_talk: bytes = b""
    shares: bytes = b""


def lock_name(instance: str, case_id: str, name_key: bytes, public: PublicKeys) -> NameLock:
    """Lock a name's key. Raises KeyringError if the instance has no custody door."""
    if instance not in public.rosters:
        return NameLock(name_key, *public.seal(Purpose.IDENTITY, instance, case_id, name_key))
    talk = sealing.new_case_key()
    key_id, wrap_custody = public.seal(Purpose.IDENTITY, instance, talk_context(case_id), talk)
    return NameLock(
        talk,
        key_id,
        wrap_custody,
        sealing.wrap_talk(case_id, name_key, talk),
        public.seal_shares(instance, case_id, name_key),
    )
