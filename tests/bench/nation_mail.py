"""A morning's digests among a nation's officers, on a courier whose letters end here.

A day's new reports are told to the units that hold them, all 50,000 officers read one digest at nine, and the courier
goes through both: it puts each notice back for the morning, then writes the letters. What it takes is the product's
own: the claim, the look at where each case lies, link, signature and both texts of each letter.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from functions.actions.courier.circuit import Circuit
from functions.actions.courier.deliver import HOUR, Deliver
from functions.actions.courier.officers_mail import OfficersMail
from functions.casework.deadlines.digests import Digests
from functions.casework.directory.agencies import Directory, Officer, Role
from functions.crypto.ops.key_directory import KeyDirectory
from functions.crypto.seal.public_keys import Purpose
from functions.delivery.interface import Letter
from functions.storage.interface import Notice, OutboxEntry, Scope
from functions.storage.sqlite.outbox import insert_entries
from functions.storage.sqlite.store import SqliteStore
from tests import nation

EACH = 5  # new reports of a government in a day: 3,500 in the nation
COURIER = "courier"


@dataclass
class Letters:
    """A mailer that counts letters and their bytes, and keeps none."""

    letters: int = 0
    bytes: int = 0
    to: set[str] = field(default_factory=set)

    def send(self, letter: Letter) -> None:
        """Count one."""
        self.letters += 1
        self.bytes += len(letter.text) + len(letter.html)
        self.to.add(letter.to)


class Morning:
    """A courier between two hours: the afternoon at which notices come, and nine of the next working day."""

    def __init__(self, store: SqliteStore, keys: KeyDirectory, directory: Directory, day: date) -> None:
        self.store, self.directory = store, directory
        self.epoch = int(datetime.combine(day, time(6), UTC).timestamp())
        self.letters = Letters()
        public, private = keys.public(), keys.private(Purpose.LINKS)
        lines = iter(nation.officers(len(directory.instances())))
        next(lines)
        officers = tuple(Officer(ident, mail, agency, Role(role)) for ident, mail, agency, role in lines)
        mail = OfficersMail(
            store=store,
            directory=directory,
            officers=officers,
            courier_keys=private,  # opens nothing here: no notice of these is sealed
            link_keys=private,
            public_keys=lambda: public,
            url="https://lapor.example.id",
            say_day=lambda moment: moment.date().isoformat(),
            now=lambda: self.epoch,
            digests=Digests(),
        )
        self.courier = Deliver(
            store, self.letters, mail, {}, private, lambda: self.epoch, lambda _: None, Circuit(lambda: self.epoch)
        )

    def arrive(self, instances: Sequence[str]) -> int:
        """Let a day's news wait, and return how many there are."""
        entries = [
            OutboxEntry(f"baru-{head.case_id}", Notice.NEW_CASE, head.instance, head.holder, head.case_id)
            for code in instances
            for head in self.store.page(Scope.INSTANCE, code, "", EACH).heads
        ]
        with self.store.engine.write() as db:
            insert_entries(db, entries)
        return len(entries)

    def put_by(self) -> int:
        """Put what waits back for the morning; what is urgent leaves at once, uncounted. Returns how many entries were
        claimed."""
        claimed = self._run()
        self.letters.letters, self.letters.bytes, self.letters.to = 0, 0, set()
        return claimed

    def tell(self) -> Letters:
        """Send the digests of the next morning at nine. Raises AssertionError if somebody gets two letters or none."""
        self.epoch += int(timedelta(hours=19).total_seconds())  # 14:00 in Makassar, then nine
        self._run()
        assert self.letters.letters == len(self.letters.to) > 0, (self.letters.letters, len(self.letters.to))
        assert self.store.waiting() == ()
        return self.letters

    def _run(self) -> int:
        claimed = 0
        while entries := self.store.claim(COURIER, self.epoch // HOUR):
            claimed += len(entries)
            self.courier.deliver(entries, COURIER, lambda: False)
        return claimed
