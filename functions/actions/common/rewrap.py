"""Re-wrap to the current key what is wrapped to an older one: half of a rotation, done by the holder of the key.

On one machine that is ops' process, in AWS the function of the desk or the custody door. The process that makes and
destroys keys opens nothing (``rotate``).

Tests: ``tests/actions/test_rewrap.py``, ``tests/actions/test_rotate.py``.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date

from functions.casework.case import CaseHead
from functions.casework.sealed_identity import Identity
from functions.crypto.errors import KeyringError, SealError
from functions.crypto.open.private.keys import PrivateKeys
from functions.crypto.seal.bound_facts import as_hashed, wrapped_again
from functions.crypto.seal.public_keys import PublicKeys, Purpose
from functions.storage.interface import CaseNotFoundError, Cases, Identities, Scope, VersionConflictError

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

    store: Identities
    private: Callable[[], PrivateKeys]
    public: Callable[[], PublicKeys]
    tell: Callable[[int], None] = lambda _: None
    stopping: Callable[[], bool] = lambda: False

    def __call__(self, instance: str) -> int:
        """Make one pass over every identity that was not withdrawn: custodians may have to open it as long as the case
        exists. Returns and raises as RewrapCases does. An identity that somebody just wrote to counts, so another pass
        follows."""
        public = self.public()
        private, current = self.private(), public.current_id(Purpose.IDENTITY, instance)
        count, after, more = 0, "", True
        while more:
            identities, after = self.store.page_identities(instance, after, PAGE)
            more = bool(after)
            for identity in identities:
                if self.stopping():
                    return _so_far(count)
                if identity.wrap_custody and identity.key_id != current:
                    count += self._one(identity, private, public)
            self.tell(count)
        return count

    def _one(self, identity: Identity, private: PrivateKeys, public: PublicKeys) -> int:
        try:
            key = private.open(identity.instance, identity.case_id, identity.wrap_custody)
        except SealError:
            return 0
        key_id, wrap = public.seal(Purpose.IDENTITY, identity.instance, identity.case_id, key)
        anew = replace(identity, key_id=key_id, wrap_custody=wrap, version=identity.version + 1)
        with suppress(VersionConflictError):
            self.store.write_identity(anew)
        return 1


def _so_far(count: int) -> int:
    if not count:
        raise OutOfTimeError
    return count
