"""What runs by itself in the simulated office, and what ops do."""

import shutil

from functions.actions.clock.audit import Audit
from functions.casework.problems import Problem
from functions.delivery.interface import DeliveryError
from functions.storage.sqlite.backup import snapshot
from tests.simulation.office import ROTATED, Office
from tests.simulation.reporters import send, speak

BURNS = 0.3  # how often what may be restored is
FOLDERS = ("blobs", "keys")
REST_HOURS = (1, 2, 4, 8, 16, 24, 24, 48)  # the pauses between tries of a letter, and then some days


def courier(office: Office) -> None:
    """The courier takes what is due, with the keys of the last rotation."""
    office.courier_reads_keys()
    office.world.deliver.run_once("courier")


def mail_stops(office: Office) -> None:
    """The mail server goes down, or comes back."""
    box = office.world.mailbox
    box.trouble = None if box.trouble else DeliveryError("mail_down")


def clock(office: Office) -> None:
    """The clock looks at what is late."""
    office.patiently(office.world.remind)


def time_passes(office: Office) -> None:
    """Hours, or days."""
    if office.random.random() < 0.5:
        office.world.later(hours=office.random.randint(1, 12))
    else:
        office.world.later(days=office.random.randint(1, 9))


def rotation(office: Office) -> None:
    """Ops change a key, in the middle of everything."""
    purpose = office.random.choice(ROTATED)
    with office.faults.rarer():
        office.patiently(lambda: office.rotate(purpose, "kutim"))


def deletes_old(office: Office) -> None:
    """What was closed long ago is deleted."""
    office.patiently(office.retain)


def anchors(office: Office) -> None:
    """The trail is anchored."""
    audit = Audit(office.world.store, office.world.directory)
    office.patiently(lambda: audit.anchor("kutim", office.world.today))


def saves(office: Office) -> None:
    """Ops keep a copy of everything; it is restored at most once. One that is not whole is none."""
    office.count += 1
    kept = office.folder / f"salinan{office.count}"
    kept.mkdir()
    (kept / "lapor.sqlite").touch()
    copying, file = office.copying, office.looks.file
    copying.run(lambda: snapshot(file, kept / "lapor.sqlite"))
    for name in FOLDERS:
        copying.run(lambda name=name: shutil.copytree(office.folder / name, kept / name))
    ledger = office.ledger.copy()

    def restore() -> None:
        office.goes_on_with(kept / "lapor.sqlite")
        for name in FOLDERS:
            shutil.rmtree(office.folder / name)
            shutil.copytree(kept / name, office.folder / name)
        office.keys.forget()
        office.ledger, office.backup = ledger, None
        office.new_courier()

    office.backup = restore


def restores(office: Office) -> None:
    """The machine burnt: the newest copy goes on. What came after it is lost, and nobody says otherwise."""
    if office.backup and office.random.random() < BURNS:
        office.backup()


def settles_down(office: Office) -> None:
    """Nothing fails any more, and whatever still waits is sent, whatever was cut short is finished."""
    office.world.mailbox.trouble = None
    with office.faults.none():
        office.new_courier()
        for intent in list(office.ledger.unanswered):
            if intent[0] == "report":
                key = bytes.fromhex(intent[1])
                send(office, key, office.ledger.keys[key].fields)
            else:
                try:
                    speak(office, *intent)
                except Problem:
                    continue
        for known in office.ledger.cases.values():
            if known.withdrawn:
                office.world.converse.withdraw(known.receipt)
        office.courier_reads_keys()
        for hours in REST_HOURS:
            office.world.later(hours=hours)
            office.world.run_courier()
        office.retain()
        for purpose in ROTATED:
            office.rotate(purpose, "kutim")
