"""A handler's wish that the custodians consider opening an identity: a slip that only the custody door opens.

It opens nothing and asks nothing of the reporter: a custodian has to ask, and the reporter to agree. The desk seals it
and cannot open it; custodians read why, and no word of the case.

Tests: ``tests/doors/test_custodian_wish.py``.
"""

import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from functions.casework.case import CaseHead
from functions.casework.understanding.words import Words
from functions.crypto.errors import SealError
from functions.crypto.padding import PaddingError, message_bucket, pad, unpad
from functions.crypto.seal.public_keys import HINT_BYTES, PublicKeys, Purpose, hint_of
from functions.crypto.seal.sealing import checked_words
from functions.storage.interface import Slip, Slips, VersionConflictError
from functions.storage.retry import retry_on_conflict

KEPT = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Wish:
    """Whose officers ask, on which day, and why."""

    agency: str
    on: date
    reason: str


def leave_wish(store: Slips, keys: PublicKeys, head: CaseHead, wish: Wish) -> None:
    """Put a wish in place of an earlier one, sealed to the custody door of the instance that keeps the identity."""
    words = checked_words(Words({"agency": wish.agency, "on": wish.on.isoformat(), "reason": wish.reason}))
    plain = words.encoded()
    padded = pad(plain, message_bucket(len(plain)))
    name, now = _name(head.case_id), _midnight(wish.on)
    sealed = keys.seal(Purpose.IDENTITY, head.entrusted_to, name, padded)[1]

    def attempt() -> None:
        standing = store.read_slip(name, now)
        version = standing.version + 1 if standing else 1
        store.write_slip(Slip(name, version, sealed, _midnight(wish.on + KEPT)), now)

    retry_on_conflict(attempt, VersionConflictError)


def drop_wish(store: Slips, case_id: str) -> None:
    """Remove the wish for a case. Raises StorageError."""
    store.drop_slip(_name(case_id))


def read_wish(
    store: Slips, opened: Callable[[str, str, bytes], bytes], instance: str, case_id: str, today: date
) -> Wish | None:
    """Return the wish for a case, None if there is none that opens here. ``opened`` is the custody door's
    ``PrivateKeys.open``."""
    slip = store.read_slip(_name(case_id), _midnight(today))
    if slip is None:
        return None
    try:
        words = json.loads(unpad(opened(instance, slip.name, slip.sealed)))
    except (SealError, PaddingError):
        return None
    return Wish(words["agency"], date.fromisoformat(words["on"]), words["reason"])


def rewrap_wishes(
    store: Slips,
    opened: Callable[[str, str, bytes], bytes],
    keys: PublicKeys,
    instance: str,
    case_ids: Iterable[str],
    today: date,
) -> int:
    """Seal the wishes for these cases to the custody door's current key again, half of a rotation. Returns how many
    were under an older one, but for those that do not open. All are read at once: few names have a wish, and every
    pass looks at all names. Raises KeyringError, StorageError."""
    hint, now, count = hint_of(keys.current_id(Purpose.IDENTITY, instance)), _midnight(today), 0
    for slip in store.read_slips([_name(case_id) for case_id in case_ids], now).values():
        if slip.sealed[1 : 1 + HINT_BYTES] == hint:
            continue
        try:
            padded = opened(instance, slip.name, slip.sealed)
        except SealError:
            continue
        sealed = keys.seal(Purpose.IDENTITY, instance, slip.name, padded)[1]
        with suppress(VersionConflictError):  # another wish came: the next pass looks again
            store.write_slip(slip._replace(version=slip.version + 1, sealed=sealed), now)
        count += 1
    return count


def _name(case_id: str) -> str:
    return f"wish:{case_id}"


def _midnight(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
