"""Rotating a key: a new pair becomes current, open cases are wrapped to it, the old private key is destroyed.

What was closed for good under the old key goes dark for the desk, in the store and in every backup; its
reporter still opens it with the receipt.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from functions.casework.case import CaseHead
from functions.storage.interface import CaseNotFoundError, Scope, Store, VersionConflictError
from functions.vault.keyring import KeyDirectory, Purpose

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
        if purpose is Purpose.DESK:
            self._rewrap(instance)
        self.wait()
        if purpose is Purpose.DESK:
            self._until_none_left(instance)
        for old in self.keys.private_ids(purpose, instance):
            if old != new:
                self.keys.destroy(purpose, instance, old)
        return new

    def _until_none_left(self, instance: str) -> None:
        for _ in range(PASSES_MAX):
            if self._rewrap(instance) == 0:
                return
        raise RotationError(f"cases of {instance} keep coming under an old key")

    def _rewrap(self, instance: str) -> int:
        private, public = self.keys.private(Purpose.DESK), self.keys.public()
        current = public.current_id(Purpose.DESK, instance)
        count = 0
        for head in self._wanted(instance):
            if head.key_id == current or head.key_id not in private.keys:
                continue
            case_key = private.open(instance, head.case_id, head.wrap_desk)
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
        after = ""
        while True:
            page = self.store.page(Scope.INSTANCE, instance, after, PAGE)
            yield from (head for head in page.heads if head.open or (not head.confirmed and head.due >= self.today()))
            after = page.next
            if not after:
                return
