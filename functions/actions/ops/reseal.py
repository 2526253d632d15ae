"""Find what is sealed to an older key of the courier, have it sealed anew, and put it back: contacts of cases, what
waits in the outbox or was given up, and the secrets of other systems. Nothing is opened here.

Tests: ``tests/actions/test_rotate_courier.py``.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import NamedTuple

from functions.actions.courier.open311_exchange import key_context
from functions.actions.courier.seal_anew import Envelopes
from functions.actions.reporter.seal_identity import contact_context
from functions.casework.case import CaseHead
from functions.casework.directory.agencies import Directory
from functions.casework.linked_systems import linked_agencies
from functions.crypto.seal.outbox_words import words_context
from functions.crypto.seal.public_keys import HINT_BYTES, PublicKeys, Purpose, hint_of
from functions.storage.interface import CaseNotFoundError, Notice, OutboxEntry, Scope, Store, VersionConflictError
from functions.storage.interface.cases import UNSETTLED
from functions.storage.registers.apps import read_apps
from functions.storage.registers.linked_systems import app_peer, read_peer, reseal_peer

PAGE = 100
AT_ONCE = 20  # envelopes in one call: one may hold a whole report, and Lambda takes 6 MB
ALL = 2**31 - 1
TO_CONTACT = frozenset({Notice.ANSWERED, Notice.ANSWERED_SMS})


class Sealed(NamedTuple):
    """An envelope with the instance and the context it is sealed for. ``put`` replaces it in the store, and returns
    False if another stands there by now."""

    instance: str
    context: str
    envelope: bytes
    put: Callable[[bytes], bool]


@dataclass(frozen=True, slots=True)
class ResealForCourier:
    """``reseal`` is ``seal_anew`` where an instance's private keys are. ``directory`` names the systems whose
    secrets are sealed anew. ``elsewhere`` are the other instances whose cases to look through: a transferred case keeps
    its contact sealed to the instance it came from."""

    store: Store
    public: Callable[[], PublicKeys]
    reseal: Callable[[str, Envelopes], Sequence[bytes]]
    directory: Directory | None = None
    elsewhere: Collection[str] = ()
    tell: Callable[[int], None] = lambda _: None

    def __call__(self, instance: str) -> int:
        """Make one pass for an instance. Return how many envelopes were replaced; 0 means that none is left that opens.
        The outbox comes after the cases: it has what an append put there before its case was sealed anew. Raises
        StorageError, KeyringError."""
        public, count = self.public(), 0
        for found in (self._contacts(instance), self._entries(instance), self._secrets(instance)):
            old = (each for each in found if _is_old(each, public))
            while batch := list(islice(old, AT_ONCE)):
                count += self._replaced(batch)
                self.tell(count)
        return count

    def _replaced(self, batch: Sequence[Sealed]) -> int:
        count = 0
        for instance in {each.instance for each in batch}:
            ours = [each for each in batch if each.instance == instance]
            anew = self.reseal(instance, [(each.context, each.envelope) for each in ours])
            changed = [(each, new) for each, new in zip(ours, anew, strict=True) if new != each.envelope]
            count += sum(each.put(new) for each, new in changed)
        return count

    def _contacts(self, instance: str) -> Iterator[Sealed]:
        for head in self._heads((instance, *self.elsewhere)):
            if contact := head.reporter.contact:
                yield Sealed(head.entrusted_to, contact_context(head.case_id), contact, partial(self._in_case, head))

    def _heads(self, instances: Iterable[str]) -> Iterator[CaseHead]:
        for instance in instances:
            for scope in (Scope.INSTANCE, Scope.INSTANCE_QUARANTINE):
                after, more = "", True
                while more:
                    page = self.store.page(scope, instance, after, PAGE, UNSETTLED)  # closing erases it
                    yield from page.heads
                    after, more = page.next, bool(page.next)

    def _in_case(self, head: CaseHead, anew: bytes) -> bool:
        try:
            self.store.reseal_contact(head.case_id, head.reporter.contact, anew)
        except (VersionConflictError, CaseNotFoundError):
            return False  # erased or left anew meanwhile, or gone
        return True

    def _entries(self, instance: str) -> Iterator[Sealed]:
        for entry in (*self.store.waiting(ALL), *self._dead()):
            if entry.instance != instance or entry.notice is Notice.RELAYED:
                continue
            context = contact_context(entry.case_id) if entry.notice in TO_CONTACT else entry.entry_id
            put = partial(self.store.reseal_entry, entry.entry_id)
            if entry.sealed:
                yield Sealed(instance, context, entry.sealed, partial(put, "sealed", entry.sealed))
            if entry.words:
                yield Sealed(instance, words_context(entry.entry_id), entry.words, partial(put, "words", entry.words))

    def _dead(self) -> Iterator[OutboxEntry]:
        letters, after = self.store.dead_letters()
        yield from letters
        while after:
            letters, after = self.store.dead_letters(after)
            yield from letters

    def _secrets(self, instance: str) -> Iterator[Sealed]:
        if self.directory is None:
            return
        of = self.directory.instance_of
        linked = [each.code for each in linked_agencies(self.directory)]
        names = [code for code in linked if (home := of(code)) and home.code == instance]
        for name in (*names, *(app_peer(ident, instance) for ident in read_apps(self.store).apps)):
            if peer := read_peer(self.store, name):
                put = partial(self._of_peer, name, peer.sealed_key)
                yield Sealed(instance, key_context(name), peer.sealed_key, put)

    def _of_peer(self, name: str, before: bytes, anew: bytes) -> bool:
        reseal_peer(self.store, name, before, anew)
        peer = read_peer(self.store, name)
        return peer is not None and peer.sealed_key == anew


def _is_old(sealed: Sealed, public: PublicKeys) -> bool:
    current = public.current.get((Purpose.COURIER, sealed.instance))
    return bool(current) and sealed.envelope[1 : 1 + HINT_BYTES] != hint_of(str(current))
