"""The simulated office: a world whose store, files, keys and mail fail by the seed, and the ledger beside it."""

import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, TypeVar

import pytest

from functions.actions.common import append
from functions.actions.common.erase import Retain
from functions.actions.custodian.custody import Custody
from functions.actions.ops.rotate import Rotate, rewrap_here
from functions.actions.reporter.identity import Trust
from functions.casework.access import Viewer
from functions.casework.directory.agencies import Directory, Officer, Role
from functions.config.settings import DEMO, load_directory, load_officers
from functions.crypto.errors import KeyringError, KeysUnavailableError
from functions.crypto.seal.public_keys import Purpose
from functions.delivery.interface import DeliveryError
from functions.sanitize.file_types import CleanFile
from functions.storage.interface import StorageError, StoreUnavailableError
from functions.storage.sqlite.store import SqliteStore
from tests.casework.conflict import accused
from tests.room import fast_folder
from tests.simulation.cheaper import empty_file, make_cheaper
from tests.simulation.faults import Died, Faults, Faulty, FaultyEngine, disk, seeded_chance
from tests.simulation.keys import OpenedKeys, copy_keys
from tests.simulation.ledger import Known, Ledger
from tests.simulation.looks import Looks
from tests.world import World

KEEP_DAYS = 20
TRIES = 5
ROTATED = (Purpose.DESK, Purpose.IDENTITY, Purpose.COURIER)
FAILED = (StorageError, KeyringError, OSError)
Result = TypeVar("Result")


@cache
def place() -> tuple[Directory, tuple[Officer, ...]]:
    """The demonstration's directory and officers, read once."""
    directory = load_directory(DEMO / "kutai-timur.toml")
    return directory, load_officers(DEMO / "officers.toml", directory)


class Copying:
    """Does one part of a backup."""

    def run(self, part: Callable[[], object]) -> None:
        part()


class Office:
    """A world whose store, files, keys and mail fail by the seed, and whoever acts in it asks here."""

    def __init__(self, folder: Path, random: Random) -> None:
        self.random, self.folder, self.count = random, folder, 0
        self.faults = Faults(random, lambda hours: self.world.later(hours=hours))
        self.ledger, self.did = Ledger(), Counter[str]()
        self.looks = Looks(folder / "lapor.sqlite", Random(random.random()))  # noqa: S311
        self.letters_seen, self.unsent = 0, list[str]()
        self._ids, self._counted = set[str](), 0
        directory, officers = place()
        self.accused = cache(lambda about: accused(directory, about))
        copy_keys(directory, folder / "keys")
        (folder / "lapor.sqlite").write_bytes(empty_file())
        with self.faults.none():
            keys = self.keys = OpenedKeys(folder / "keys")
            faulty: Any = Faulty("keys", keys, self.faults, lambda: KeysUnavailableError("the simulation"))
            self.store = self._faulty("store", self._opened(folder / "lapor.sqlite"))
            world = self.world = World(folder, self.store, directory, officers, keys=faulty)
            world.blobs = self._faulty("blobs", world.blobs)  # type: ignore[assignment]
            world.converse = replace(world.converse, blobs=world.blobs)
            world.seat(lambda: world.keys.private(Purpose.DESK))
            self.mail = Faulty("mail", world.mailbox, self.faults, lambda: DeliveryError("mail_down"))
            world.deliver = replace(world.deliver, mailer=self.mail)
        self.trust = Trust(world.store, world.keys.public, lambda: world.today, directory)
        self.custody = Custody(
            world.store, lambda: world.keys.private(Purpose.IDENTITY), directory, lambda: world.today
        )
        passes = rewrap_here(world.store, world.keys, lambda: world.today, lambda _: None)
        self.rotate = Rotate(world.keys, passes, lambda: None)
        self.retain = Retain(world.store, world.blobs, directory, lambda: world.today, KEEP_DAYS)
        self.copying = Faulty("backup", Copying(), self.faults, lambda: StorageError("the simulation"))
        self.backup: Callable[[], None] | None = None

    def _faulty(self, name: str, inner: object) -> Faulty:
        return Faulty(name, inner, self.faults, lambda: StoreUnavailableError("the simulation"))

    def _opened(self, file: Path) -> SqliteStore:
        store = SqliteStore(file)
        store.engine = FaultyEngine(store.engine, self.faults)
        return store

    def goes_on_with(self, file: Path) -> None:
        """The store is this file from now on."""
        self.store.inner = self._opened(file)
        self.looks.at(file)

    def patiently(self, do: Callable[[], Result]) -> Result:
        """Do it, again at once where it failed: some try more often than others."""
        for _ in range(self.random.randrange(TRIES)):
            try:
                return do()
            except (*FAILED, Died):
                continue
        return do()

    def living(self) -> list[str]:
        """The cases that nobody took back."""
        return sorted(case_id for case_id, known in self.ledger.cases.items() if not known.withdrawn)

    def own(self) -> tuple[str, Known] | None:
        mine = self.living()
        if not mine:
            return None
        chosen = self.random.choice(mine)
        return chosen, self.ledger.cases[chosen]

    def at(self, *roles: Role) -> tuple[Viewer, str] | None:
        """An officer of one of these roles, and a case; most often one that lies with them."""
        if not (mine := self.living()):
            return None
        case_id = self.random.choice(mine)
        with self.faults.none():
            holder = self.world.store.read_head(case_id).holder
        staff = [o for o in self.world.officers if o.role in roles]
        there = [o for o in staff if o.agency == holder and self.random.random() < 0.9] or staff
        officer = self.random.choice(there)
        return Viewer(officer.ident, officer.agency, officer.role), case_id

    def courier_reads_keys(self) -> None:
        """The courier's keys as they lie there: it reads them again after a rotation."""
        keys, deliver = self.world.keys.private(Purpose.COURIER), self.world.deliver
        officers = replace(deliver.officers, courier_keys=keys)
        self.world.deliver = replace(deliver, courier_keys=keys, officers=officers)

    def new_courier(self) -> None:
        """A courier that starts knows nothing of the one before, and gives back what it had in hand."""
        self.world.deliver.sent.clear()
        with self.faults.none():
            self.world.store.release("courier")

    def about(self, case_id: str) -> str | None:
        """Whom a case accuses whose sender has no answer yet; None if nobody sent it."""
        sent = (each for each in self.ledger.keys.values() if each.case_id == case_id)
        return next((each.fields["about_agency"] for each in sent), None)

    def letters_sent(self) -> set[str]:
        """The ids of all letters that left."""
        letters = self.world.mailbox.letters
        self._ids.update(letter.message_id for letter in letters[self._counted :])
        self._counted = len(letters)
        return self._ids

    def files_of(self, case_id: str) -> list[Path]:
        """The sealed files of a case."""
        return [path for path in (self.folder / "blobs" / case_id).glob("*") if path.is_file()]


@contextmanager
def office_of(seed: int) -> Iterator[Office]:
    """The office of a seed, in a folder of its own. Files are taken as they are: what cleans them is no part of it."""
    folder = fast_folder()
    with pytest.MonkeyPatch.context() as patch, seeded_chance(seed):
        make_cheaper(patch)
        patch.setattr(append, "clean", lambda raw, **_: CleanFile(raw, "text/plain"))
        office = Office(folder, Random(seed))  # noqa: S311 - a replay
        patch.setattr(os, "fsync", disk(office.faults))
        yield office
    office.looks.close()
    shutil.rmtree(folder)
