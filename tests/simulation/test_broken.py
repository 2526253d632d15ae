"""Each law of the simulation is seen broken: the product is spoilt in one place, and a seed finds it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from secrets import token_bytes
from typing import Any

import pytest

from functions.actions.common import append
from functions.actions.courier.deliver import Deliver
from functions.actions.ops import rotate
from functions.actions.ops.reseal import ResealForCourier
from functions.actions.reporter.submit import Submit
from functions.casework import access
from functions.casework.case import EventKind
from functions.casework.deadlines import clocks
from functions.crypto.open import opening
from functions.crypto.ops.key_directory import KeyDirectory
from functions.crypto.seal import sealing
from functions.storage.blobs.folder import DirBlobs
from functions.storage.sqlite.cases import SqliteCases
from functions.storage.sqlite.outbox import SqliteOutbox
from functions.storage.sqlite.retention import SqliteRetention
from tests.simulation.office import office_of
from tests.simulation.play import play

SEEDS = range(60)
Patch = pytest.MonkeyPatch


def changed(patch: Patch, place: Any, name: str, by: Callable[[Any], Any]) -> None:
    """Put ``by`` of what is there in its place."""
    patch.setattr(place, name, by(getattr(place, name)))


def loses_words(patch: Patch) -> None:
    def losing(real: Any) -> Any:
        return lambda self, change, version: change.events[0].kind is EventKind.MESSAGE or real(self, change, version)

    changed(patch, SqliteCases, "append", losing)


def takes_each_try_for_a_new_report(patch: Patch) -> None:
    changed(patch, Submit, "__call__", lambda real: lambda self, report, _: real(self, report, token_bytes(16)))


def wraps_all_alike(patch: Patch) -> None:
    changed(patch, sealing, "receipt_keys", lambda real: lambda receipt: replace(real(receipt), wrap_key=bytes(32)))
    for place in (sealing, opening):  # the case's number is bound into the wrap beside the key
        patch.setattr(place, "item_aad", lambda *_: b"")


def shows_the_accused(patch: Patch) -> None:
    patch.setattr(access, "is_accused", lambda *_: False)


def settles_what_failed(patch: Patch) -> None:
    patch.setattr(Deliver, "_put_back", lambda self, entry, _1, _2, worker: self.store.settle(entry.entry_id, worker))


def puts_off_for_good(patch: Patch) -> None:
    def later(real: Any) -> Any:
        return lambda self, entry, worker: real(self, replace(entry, not_before=entry.not_before + 9_999), worker)

    changed(patch, SqliteOutbox, "put_back", later)


def keeps_files(patch: Patch) -> None:
    patch.setattr(DirBlobs, "delete_case", lambda *_: None)


def deletes_too_early(patch: Patch) -> None:
    def early(real: Any) -> Any:
        return lambda self, code, day, limit=20: real(self, code, day + timedelta(days=100), limit)

    changed(patch, SqliteRetention, "closed_before", early)


def destroys_keys_in_use(patch: Patch) -> None:
    patch.setattr(rotate.Rotate, "__call__", destroying)


def destroying(self: rotate.Rotate, purpose: Any, instance: str) -> str:
    """A rotation that wraps nothing again."""
    new = self.keys.generate(purpose, instance)
    for old in self.keys.private_ids(purpose, instance):
        if old != new:
            self.keys.destroy(purpose, instance, old)
    return new


def leaves_contacts_to_the_old_key(patch: Patch) -> None:
    patch.setattr(ResealForCourier, "_contacts", lambda *_: iter(()))


def tells_the_trail_of_no_rotation(patch: Patch) -> None:
    patch.setattr(SqliteCases, "resealed", lambda *_: frozenset())


def lets_clocks_stand(patch: Patch) -> None:
    patch.setattr(clocks, "go_on", lambda head, *_: head)


def writes_no_trail(patch: Patch) -> None:
    changed(patch, append, "chained", lambda real: lambda head, event: (head, real(head, event)[1]))


def forgets_what_is_half_destroyed(patch: Patch) -> None:
    def whole(self: KeyDirectory, purpose: Any, instance: str) -> list[str]:
        return [path.name for path in (self.root / purpose / instance).iterdir() if not path.suffix]

    patch.setattr(KeyDirectory, "private_ids", whole)


BREAKS: dict[Callable[[Patch], None], str] = {
    loses_words: "is there 0 times",
    takes_each_try_for_a_new_report: "cases of no key",
    wraps_all_alike: "opens with the receipt of",
    shows_the_accused: "accuses",
    settles_what_failed: "was settled without a letter",
    puts_off_for_good: "never left",
    keeps_files: "keeps words or files",
    deletes_too_early: "was deleted, and nobody asked for it",
    destroys_keys_in_use: "opens for nobody",
    forgets_what_is_half_destroyed: "keys that were to be destroyed",
    leaves_contacts_to_the_old_key: "its contact opens for no courier",
    tells_the_trail_of_no_rotation: "trail: ",
    lets_clocks_stand: "its clock says otherwise",
    writes_no_trail: "trail: ",
}


@pytest.mark.long
@pytest.mark.parametrize("spoil", BREAKS, ids=lambda spoil: spoil.__name__)
def test_a_seed_finds_what_was_spoilt(spoil: Callable[[Patch], None], monkeypatch: Patch) -> None:
    spoil(monkeypatch)
    for seed in SEEDS:
        with office_of(seed) as office:
            if any(BREAKS[spoil] in each for each in play(office)):
                return
    pytest.fail("no seed found it")
