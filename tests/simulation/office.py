"""The simulated office: a world whose store, files and mail fail by the seed, and the ledger beside it."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random

from functions.actions.common.erase import Retain
from functions.actions.custodian.custody import Custody
from functions.actions.ops.rotate import Rotate, rewrap_here
from functions.actions.reporter.converse import Converse
from functions.actions.reporter.identity import Trust
from functions.casework.access import Viewer
from functions.casework.directory.agencies import Directory, Officer, Role
from functions.config.settings import DEMO, load_directory, load_officers
from functions.crypto.seal.public_keys import Purpose
from functions.delivery.interface import DeliveryError
from functions.storage.interface import StoreUnavailableError
from functions.storage.sqlite.store import SqliteStore
from tests.simulation.faults import Faults, Faulty
from tests.simulation.ledger import Known, Ledger, case_of
from tests.world import World

KEEP_DAYS = 20


@cache
def place() -> tuple[Directory, tuple[Officer, ...]]:
    """The demonstration's directory and officers, read once."""
    directory = load_directory(DEMO / "kutai-timur.toml")
    return directory, load_officers(DEMO / "officers.toml", directory)


class Office:
    """A world whose store, files and mail fail by the seed, and whoever acts in it asks here."""

    def __init__(self, folder: Path, random: Random) -> None:
        self.random, self.folder, self.count = random, folder, 0
        self.faults = Faults(random)
        self.ledger, self.did = Ledger(), Counter[str]()
        self.looks = Random(random.random())  # of its own: what is looked at changes nothing  # noqa: S311
        self.letters_seen, self.unsent = 0, list[str]()
        directory, officers = place()
        with self.faults.none():
            self.store = self._faulty("store", SqliteStore(folder / "lapor.sqlite"))
            world = self.world = World(folder, self.store, directory, officers)
            world.blobs = self._faulty("blobs", world.blobs)  # type: ignore[assignment]
            world.converse = Converse(world.store, world.blobs, world.keys.public, directory, lambda: world.today)
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
        self.backup: Callable[[], None] | None = None

    def _faulty(self, name: str, inner: object) -> Faulty:
        return Faulty(name, inner, self.faults, lambda: StoreUnavailableError("the simulation"))

    def own(self) -> tuple[str, Known] | None:
        mine = sorted(case_id for case_id, known in self.ledger.cases.items() if not known.withdrawn)
        if not mine:
            return None
        chosen = self.random.choice(mine)
        return chosen, self.ledger.cases[chosen]

    def at(self, *roles: Role) -> tuple[Viewer, str] | None:
        """An officer of one of these roles, and a case; most often one that lies with them."""
        if not self.ledger.cases:
            return None
        case_id = self.random.choice(sorted(self.ledger.cases))
        with self.faults.none():
            holder = self.world.store.read_head(case_id).holder
        staff = [o for o in self.world.officers if o.role in roles]
        there = [o for o in staff if o.agency == holder and self.random.random() < 0.9] or staff
        officer = self.random.choice(there)
        return Viewer(officer.ident, officer.agency, officer.role), case_id

    def new_courier(self) -> None:
        """A courier that starts knows nothing of the one before, and gives back what it had in hand."""
        self.world.deliver.sent.clear()
        with self.faults.none():
            self.world.store.release("courier")

    def about(self, case_id: str) -> str | None:
        """Whom a case accuses whose sender has no answer yet; None if nobody sent it."""
        for key, fields in self.ledger.keys.items():
            if case_of(key) == case_id:
                return fields["about_agency"]
        return None

    def files_of(self, case_id: str) -> list[Path]:
        """The sealed files of a case."""
        return [path for path in (self.folder / "blobs" / case_id).glob("*") if path.is_file()]
