"""The letters that tell of a change to an officer's second factors. None has a link: a mailbox is what it guards
against.

Tests: ``tests/actions/test_factor_mail.py``.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from functions.actions.courier.outbox_entry import open_sealed
from functions.casework.directory.agencies import Directory, Officer
from functions.casework.factors.events import Event, watch_over, who_is_told
from functions.crypto.open.private.keys import PrivateKeys
from functions.delivery.factor_letters import write_factor_letter
from functions.delivery.interface import Letter
from functions.storage.interface import OutboxEntry

BY_OPS = "pengelola sistem"
UNKNOWN = "seseorang yang tidak ada dalam daftar petugas"


@dataclass(frozen=True, slots=True)
class FactorLetter:
    """One letter: to whom, whose factors changed, how (an ``Event``, or ``unknown``), and which helper did it."""

    officer: Officer
    agency: str
    whose: str
    event: str
    by: str

    def letter(self, message_id: str) -> Letter:
        """Return the letter, in words for the officer or for who is told beside them."""
        return write_factor_letter(
            to=self.officer.email,
            event=self.event,
            own=self.officer.ident == self.whose,
            officer=self.whose,
            by=self.by or BY_OPS,
            agency=self.agency,
            message_id=message_id,
        )


def read_change(
    entry: OutboxEntry, keys: PrivateKeys, officers: Iterable[Officer], directory: Directory
) -> Iterator[FactorLetter]:
    """Yield the letters of a FACTOR_CHANGED; none for what does not open.

    Nothing that the sealed entry says is written into a letter but idents that a register knows: a desk that is taken
    over could have these letters say what it likes."""
    officers = tuple(officers)
    try:
        whose, event, by = json.loads(open_sealed(entry, entry.entry_id, keys))
        happened, whose, by = Event(event), str(whose), str(by)
    except (ValueError, TypeError):
        return
    known = {officer.ident for officer in officers}
    helper = by if not by or by in known else UNKNOWN
    told = who_is_told(happened, whose, officers, directory)
    if whose not in known:
        told = watch_over(entry.instance, officers, directory)
    for officer in told:
        said = happened.value if whose in known else "unknown"
        yield FactorLetter(officer, directory.agencies[officer.agency].name, whose, said, helper)
