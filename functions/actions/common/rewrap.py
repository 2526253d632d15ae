"""Re-wrap to the current key what is wrapped to an older one: half of a rotation, done by the holder of the key.

On one machine that is ops' process, in AWS the function of the desk or the custody door. The process that makes and
destroys keys opens nothing (``rotate``).

Tests: ``tests/actions/test_rewrap.py``, ``tests/actions/test_rotate.py``.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date

from functions.actions.common.custodian_wish import rewrap_wishes
from functions.casework.case import CaseHead
from functions.casework.sealed_identity import Identity, IdentityStep, usable_passes
from functions.casework.understanding.words import Words
from functions.crypto.errors import KeyringError, SealError
from functions.crypto.open import opening
from functions.crypto.open.private.keys import PrivateKeys
from functions.crypto.seal import sealing
from functions.crypto.seal.bound_facts import as_hashed, wrapped_again
from functions.crypto.seal.name_lock import lock_name
from functions.crypto.seal.public_keys import PublicKeys, Purpose
from functions.crypto.seal.shares import passes_context, shares_context, talk_context
from functions.storage.interface import CaseNotFoundError, Cases, Scope, Store, VersionConflictError

PAGE = 100
ALTERED = (
    "do not open: facts of theirs were changed outside the desk. The old key stays. `audit verify` says which cases; "
    "put their facts right, and run this again."
)


class OutOfTimeError(Exception):
    """Time ran out before the end. Finished work stays: the same call continues from there."""


@dataclass(frozen=True, slots=True)
class RewrapCases:
    """Re-wraps cases. ``tell`` gets the number wrapped so far; ``stopping`` ends a pass early."""

    store: Cases
    private: Callable[[], PrivateKeys]
    public: Callable[[], PublicKeys]
    today: Callable[[], date]
    tell: Callable[[int], None] = lambda _: None
    stopping: Callable[[], bool] = lambda: False

    def __call__(self, instance: str) -> int:
        """Make one pass over an instance's cases and return how many were re-wrapped; 0 means that none is left.

        Raises OutOfTimeError if it was stopped before it found any; StorageError; KeyringError, also if only cases are
        left whose facts were changed outside the desk. Destroying the old key would lose them.
        """
        public = self.public()  # read first: the private keys read after it then include its current one
        private, current = self.private(), public.current_id(Purpose.DESK, instance)
        count, altered = 0, 0
        for head in self._wanted(instance):
            if self.stopping():
                return _so_far(count)
            if head.wraps.key_id == current:
                continue
            try:
                case_key = private.open_case(head)
            except SealError:
                # Its key is gone, or a foreign browser wrapped it wrongly: it never opens. Or it waits to be mended.
                altered += not as_hashed(head)
                continue
            key_id, wrap = wrapped_again(head, case_key, public)
            try:
                self.store.rewrap(head.case_id, head.wraps.key_id, key_id, wrap)
            except (VersionConflictError, CaseNotFoundError):
                continue  # reopened under the new key, or gone
            count += 1
            self.tell(count)
        if altered and not count:
            raise KeyringError(f"{altered} cases of {instance} {ALTERED}")
        return count

    def _wanted(self, instance: str) -> Iterator[CaseHead]:
        """Yield every case that an officer may still have to read: open ones, and those whose reporter may still say
        "not done"."""
        for scope in (Scope.INSTANCE, Scope.INSTANCE_QUARANTINE):
            after, more = "", True
            while more:
                page = self.store.page(scope, instance, after, PAGE)
                yield from (
                    h for h in page.heads if h.open or (not h.closing.confirmed and h.clock.due >= self.today())
                )
                after, more = page.next, bool(page.next)


@dataclass(frozen=True, slots=True)
class RewrapIdentities:
    """Re-wraps identities, as ``RewrapCases`` does cases."""

    store: Store
    private: Callable[[], PrivateKeys]
    public: Callable[[], PublicKeys]
    today: Callable[[], date]
    tell: Callable[[int], None] = lambda _: None
    stopping: Callable[[], bool] = lambda: False

    def __call__(self, instance: str) -> int:
        """Make one pass over every identity that was not withdrawn: custodians may have to open it as long as the case
        exists. Returns and raises as RewrapCases does. An identity that somebody just wrote to counts, so another pass
        follows.

        Where the instance has a roster by now, names of the older path are split over it: the last time that the
        custody door has their keys (``_locked``).
        """
        public = self.public()
        private, current = self.private(), public.current_id(Purpose.IDENTITY, instance)
        count, after, more = 0, "", True
        while more:
            identities, after = self.store.page_identities(instance, after, PAGE)
            more = bool(after)
            named = [identity.case_id for identity in identities if identity.wrap_custody]
            count += rewrap_wishes(self.store, private.open, public, instance, named, self.today())
            for identity in identities:
                if self.stopping():
                    return _so_far(count)
                old = identity.key_id != current or (instance in public.rosters and not identity.split)
                if identity.wrap_custody and old:
                    count += self._one(identity, private, public)
            self.tell(count)
        return count

    def _one(self, identity: Identity, private: PrivateKeys, public: PublicKeys) -> int:
        try:
            anew = self._moved(identity, private, public) if identity.split else _locked(identity, private, public)
        except SealError:
            return 0
        with suppress(VersionConflictError):
            self.store.write_identity(replace(anew, version=identity.version + 1))
        return 1

    def _moved(self, identity: Identity, private: PrivateKeys, public: PublicKeys) -> Identity:
        """Return a split name under the door's current key: nothing in it opens the name."""
        instance, case_id = identity.instance, identity.case_id

        def moved(context: str, envelope: bytes) -> tuple[str, bytes]:
            return public.seal(Purpose.IDENTITY, instance, context, private.open(instance, context, envelope))

        key_id, wrap = moved(talk_context(case_id), identity.wrap_custody)
        shares = moved(shares_context(case_id), self.store.read_shares(case_id))[1]
        usable = usable_passes(identity, self.today())  # those of an opening long ago stay behind
        passes = moved(passes_context(case_id), usable)[1] if usable else b""
        return replace(identity, key_id=key_id, wrap_custody=wrap, shares=shares, passes=passes)


def _locked(identity: Identity, private: PrivateKeys, public: PublicKeys) -> Identity:
    """Return a name of the older path under the current key, split where there is a roster. Its custodians' and
    reporter's reasons move to the talk key. Raises SealError."""
    key = private.open(identity.instance, identity.case_id, identity.wrap_custody)
    locked = lock_name(identity.instance, identity.case_id, key, public)
    steps = identity.steps
    if locked.wrap_talk:
        steps = tuple(replace(step, sealed=_anew(identity.case_id, step, key, locked.talk)) for step in steps)
    return replace(
        identity,
        key_id=locked.key_id,
        wrap_custody=locked.wrap_custody,
        wrap_talk=locked.wrap_talk,
        shares=locked.shares,
        steps=steps,
    )


def _anew(case_id: str, step: IdentityStep, key: bytes, talk: bytes) -> bytes:
    """Return a step's words under the talk key. What does not open stays as it is: it counts for nothing either way."""
    if not step.sealed:
        return b""
    try:
        words = json.loads(opening.open_item(key, case_id, step.n, "identity-step", step.sealed))
    except (SealError, ValueError):
        return step.sealed
    return sealing.seal_item(talk, case_id, step.n, "identity-step", Words(words))


def _so_far(count: int) -> int:
    if not count:
        raise OutOfTimeError
    return count
