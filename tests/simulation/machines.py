"""What runs by itself in the simulated office, and what ops do."""

import shutil
from copy import deepcopy

from functions.actions.clock.audit import Audit
from functions.casework.problems import Problem
from functions.crypto.seal.public_keys import Purpose
from functions.delivery.interface import DeliveryError
from functions.storage.sqlite.backup import snapshot
from functions.storage.sqlite.store import SqliteStore
from tests.simulation.office import Office
from tests.simulation.reporters import send, speak


def courier(office: Office) -> None:
    """The courier takes what is due."""
    office.world.deliver.run_once("courier")


def mail_stops(office: Office) -> None:
    """The mail server goes down, or comes back."""
    box = office.world.mailbox
    box.trouble = None if box.trouble else DeliveryError("mail_down")


def clock(office: Office) -> None:
    """The clock looks at what is late."""
    office.world.remind()


def time_passes(office: Office) -> None:
    """Hours, or days."""
    if office.random.random() < 0.5:
        office.world.later(hours=office.random.randint(1, 12))
    else:
        office.world.later(days=office.random.randint(1, 9))


def rotation(office: Office) -> None:
    """Ops change a key, in the middle of everything."""
    office.rotate(office.random.choice((Purpose.DESK, Purpose.IDENTITY)), "kutim")


def deletes_old(office: Office) -> None:
    """What was closed long ago is deleted."""
    office.retain()


def anchors(office: Office) -> None:
    """The trail is anchored."""
    Audit(office.world.store, office.world.directory).anchor("kutim", office.world.today)


def saves(office: Office) -> None:
    """Ops keep a copy of everything; it is restored at most once."""
    office.count += 1
    kept = office.folder / f"salinan{office.count}"
    kept.mkdir()
    (kept / "lapor.sqlite").touch()
    snapshot(office.store.inner.engine.path, kept / "lapor.sqlite")  # type: ignore[attr-defined]
    for name in ("blobs", "keys"):
        shutil.copytree(office.folder / name, kept / name)
    ledger = deepcopy(office.ledger)

    def restore() -> None:
        office.store.inner = SqliteStore(kept / "lapor.sqlite")
        for name in ("blobs", "keys"):
            shutil.rmtree(office.folder / name)
            shutil.copytree(kept / name, office.folder / name)
        office.ledger, office.backup = ledger, None
        office.new_courier()

    office.backup = restore


def restores(office: Office) -> None:
    """The machine burnt: the newest copy goes on. What came after it is lost, and nobody says otherwise."""
    if office.backup:
        office.backup()


def settles_down(office: Office) -> None:
    """Nothing fails any more, and whatever still waits is sent, whatever was cut short is finished."""
    office.world.mailbox.trouble = None
    with office.faults.none():
        office.new_courier()
        for intent in list(office.ledger.unanswered):
            if intent[0] == "report":
                send(office, bytes.fromhex(intent[1]), office.ledger.keys[bytes.fromhex(intent[1])])
            else:
                try:
                    speak(office, *intent)
                except Problem:
                    continue
        for known in office.ledger.cases.values():
            if known.withdrawn:
                office.world.converse.withdraw(known.receipt)
        for _ in range(40):
            office.world.later(hours=3)
            office.world.run_courier()

        office.retain()
