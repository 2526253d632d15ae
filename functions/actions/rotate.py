"""Rotating a key: a new pair becomes current, open cases are wrapped to it, the old private key is destroyed.

What was closed for good under the old key goes dark for the desk, in the store and in every backup; its
reporter still opens it with the receipt. Contacts for notices are not sealed anew when the courier's key rotates:
who left one is no longer told, and finds the answer when he looks.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from functions.casework.case import CaseHead
from functions.casework.disclosure import Identity
from functions.storage.interface import CaseNotFoundError, Scope, Store, VersionConflictError
from functions.vault.keyring import KeyDirectory, PrivateKeys, PublicKeys, Purpose
from functions.vault.sealing import SealError

PAGE = 100
PASSES_MAX = 20


class RotationError(Exception):
    """Cases are still under the old key after many passes; it was not destroyed. Run the rotation again."""


@dataclass(frozen=True, slots=True)
class Rotate:
    """Rotate keys. ``wait`` lets requests that read the old public key finish; ``tell`` is told how many
    cases were wrapped again."""

    store: Store
    keys: KeyDirectory
    today: Callable[[], date]
    wait: Callable[[], None]
    tell: Callable[[int], None]

    def __call__(self, purpose: Purpose, instance: str) -> str:
        """Rotate one key; returns the new key id. Killed half-way, it may simply be run again: nothing is
        destroyed before every open case is under a newer key. Raises RotationError, KeyringError."""
        new = self.keys.generate(purpose, instance)
        rewrap = {Purpose.DESK: self._rewrap, Purpose.IDENTITY: self._rewrap_identities}.get(purpose)
        if rewrap:
            rewrap(instance)
        self.wait()
        if rewrap:
            _until_none_left(rewrap, instance)
        for old in self.keys.private_ids(purpose, instance):
            if old != new:
                self.keys.destroy(purpose, instance, old)
        return new

    def _rewrap(self, instance: str) -> int:
        private, public = self.keys.private(Purpose.DESK), self.keys.public()
        current = public.current_id(Purpose.DESK, instance)
        count = 0
        for head in self._wanted(instance):
            if head.key_id == current or head.key_id not in private.keys:
                continue
            try:
                case_key = private.open(instance, head.case_id, head.wrap_desk)
            except SealError:
                continue  # wrapped wrongly by a browser that is not ours: it never opens
            key_id, wrap = public.seal(Purpose.DESK, instance, head.case_id, case_key)
            try:
                self.store.rewrap(head.case_id, head.key_id, key_id, wrap)
            except (VersionConflictError, CaseNotFoundError):
                continue  # reopened under the new key, or gone: the next pass sees
            count += 1
            self.tell(count)
        return count

    def _wanted(self, instance: str) -> Iterator[CaseHead]:
        """Every case that an officer may still have to read: open ones, and those whose reporter may still
        say "not done"."""
        for scope in (Scope.INSTANCE, Scope.INSTANCE_QUARANTINE):
            after, more = "", True
            while more:
                page = self.store.page(scope, instance, after, PAGE)
                yield from (h for h in page.heads if h.open or (not h.confirmed and h.due >= self.today()))
                after, more = page.next, bool(page.next)

    def _rewrap_identities(self, instance: str) -> int:
        """Every identity that was not withdrawn: custodians may have to open it for as long as the case is kept."""
        private, public = self.keys.private(Purpose.IDENTITY), self.keys.public()
        count, after, more = 0, "", True
        while more:
            identities, after = self.store.page_identities(instance, after, PAGE)
            more = bool(after)
            for identity in identities:
                count += self._rewrap_identity(identity, private, public)
                self.tell(count)
        return count

    def _rewrap_identity(self, identity: Identity, private: PrivateKeys, public: PublicKeys) -> int:
        current = public.current_id(Purpose.IDENTITY, identity.instance)
        if not identity.wrap_custody or identity.key_id == current or identity.key_id not in private.keys:
            return 0
        try:
            key = private.open(identity.instance, identity.case_id, identity.wrap_custody)
            key_id, wrap = public.seal(Purpose.IDENTITY, identity.instance, identity.case_id, key)
            self.store.write_identity(replace(identity, key_id=key_id, wrap_custody=wrap, version=identity.version + 1))
        except (SealError, VersionConflictError):
            return 0  # never opened, or was written to just now: the next pass sees
        return 1


def _until_none_left(rewrap: Callable[[str], int], instance: str) -> None:
    for _ in range(PASSES_MAX):
        if rewrap(instance) == 0:
            return
    raise RotationError(f"cases of {instance} keep coming under an old key")
