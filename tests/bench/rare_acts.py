"""What happens seldom, or to many at once: a bulk hand-over, the morning's digest, a tick of the clock, an edition of
the barometer, a frozen portal. Beside the day of ``acts``, each in a world or store of its own."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random
from secrets import token_hex
from tempfile import TemporaryDirectory
from typing import Any

from functions.actions.clock.barometer_counts import OneInstance
from functions.actions.clock.remind import Remind
from functions.casework.barometer.audit import publishable
from functions.casework.barometer.audit_tables import Ended, tables_of
from functions.casework.barometer.counts import Calendar
from functions.casework.barometer.months import month_end
from functions.casework.barometer.places import places_of
from functions.casework.deadlines.digests import Digests
from functions.config.settings import DEMO, load_directory
from functions.crypto.open.private.reloading import Reloading
from functions.crypto.seal.public_keys import Purpose
from functions.storage.interface import Store
from functions.storage.registers.barometer_counts import read_standing
from functions.storage.sqlite.store import SqliteStore
from tests.actions.test_tallies import DIRECTORY, KUTIM, TODAY, invented, put
from tests.bench.acts import Act, fine
from tests.bench.floor import LISTED
from tests.world import Desk, World

SITE = Path(__file__).parents[2] / "site"
LAMP = {"topic": "lampu-jalan", "body": "Lampu jalan di depan sekolah mati sejak dua minggu."}  # whose unit is plain
LATE = timedelta(days=7)  # a case that came in today has a step or two to take by then
CASES, MONTH, SEED = 400, "2026-07", 19
MORNING, HOUR = 9, 3600


def rare_acts(folder: Path, new_store: Callable[[str], Store | None] = lambda _: None) -> Iterator[Act]:
    """Yield the acts. ``new_store`` as in ``acts``."""
    for name in ("bulk", "morning", "clock"):
        (folder / name).mkdir(parents=True)
    world = World(folder / "bulk", new_store("bulk"))
    world.seat(Reloading(world.keys, Purpose.DESK))
    coordinator = world.desk_of("kutim")
    yield Act("bulk hand-over of twenty: list and act", lambda cases: bulk(coordinator, cases), "bulk",
              prepare=lambda: [world.report(**LAMP)["tracking_id"] for _ in range(LISTED)])  # fmt: skip
    mornings = digesting(World(folder / "morning", new_store("morning")))
    yield Act("digest: a morning's letters about twenty cases", lambda _: told(mornings),
              prepare=lambda: until_morning(mornings))  # fmt: skip
    ticking = World(folder / "clock", new_store("clock"))
    yield Act("clock, for each step of a case that is late", lambda _: tick(ticking), "step",
              prepare=lambda: others_late(ticking))  # fmt: skip
    store = new_store("edition") or SqliteStore(folder / "edition.sqlite")
    store.prepare()
    ended = counted(store)
    yield Act("edition, for each case that ended in its year", lambda _: edition(store) and ended, "")


def bulk(coordinator: Desk, cases: list[str]) -> None:
    """What an officer does who ticks twenty cases: the list of what would go where, then the act as proposed."""
    shown = fine(coordinator.post("/desk/bulk", {"case": " ".join(cases)})).get_json()["cases"]
    assert len(shown) == LISTED, shown
    form = {"key": token_hex(16), "case": " ".join(cases)}
    for row in shown:
        own = {"agency": row["agency"], "reason": row["reason"], "seen": str(row["seen"])}
        form |= {f"{name}-{row['tracking_id']}": value for name, value in own.items()}
    done = fine(coordinator.post("/desk/bulk/handover", form)).get_json()
    assert len(done["done"]) == LISTED, done


def digesting(world: World) -> World:
    """Let what is not urgent wait for the morning."""
    mail = replace(world.deliver.officers, digests=Digests())
    world.deliver = replace(world.deliver, officers=mail)
    return world


def until_morning(world: World) -> None:
    """Twenty cases come in and are put by; then it is the next morning of a working day."""
    for _ in range(LISTED):
        world.report()
    world.run_courier()
    digests = world.deliver.officers.digests
    while True:
        world.later(hours=1)
        hour = world.seconds // HOUR
        world.today = digests.local(hour).date()
        if digests.local(hour).hour == MORNING and digests.works(hour):
            return


def told(world: World) -> None:
    """Send the digests. Raises AssertionError if none left."""
    before = len(world.mailbox.letters)
    world.deliver.run_once("courier")
    assert len(world.mailbox.letters) > before


def others_late(world: World) -> None:
    """Twenty cases come in, and nobody waits for those of the turn before any more."""
    heads = getattr(world, "late", [])
    for own in heads:
        fine(world.post("/api/thread/withdraw", {"receipt": own["receipt"], "reason": "", "yes": "yes"}))
    world.late = [world.report() for _ in range(LISTED)]  # type: ignore[attr-defined]


def tick(world: World) -> int:
    """One pass of the clock when they are late. Returns how many steps it took."""
    taken = Remind(world.store, world.directory, lambda: world.today + LATE)()
    assert taken >= LISTED, taken
    return taken


def counted(store: Store) -> int:
    """Put cases of some months into a store. Returns how many ended in the edition's year."""
    random = Random(SEED)  # noqa: S311 - of invented cases
    heads = [invented(random) for _ in range(CASES)]
    put(store, heads)
    return sum(head.closing.on is not None and head.closing.on <= month_end(MONTH) for head in heads)


def edition(store: Store, today: date = TODAY) -> int:
    """Count, audit and write down a government's edition as the clock does, and publish it nowhere. Returns how many
    places it has."""
    instance = DIRECTORY.agencies[KUTIM]
    OneInstance(store, KUTIM, Calendar(), today).again(MONTH)
    standing = read_standing(store, KUTIM, MONTH)
    assert standing
    ended = Ended(standing.cohorts, standing.month, standing.received)
    tables = publishable(tables_of(instance, MONTH, ended, DIRECTORY, []), [])
    return len(places_of(instance, [tables], ended, DIRECTORY, None))


@contextmanager
def frozen() -> Iterator[Act]:
    """Lend the act that freezes the demonstration's portal; its floor packs the same files and makes none."""
    sys.path.insert(0, str(SITE))  # as ``tests/site`` has it: site/ is no package
    from freeze import freeze
    from frozen_files import Builder
    from portal import create_app

    directory = load_directory(DEMO / "kutai-timur.toml")
    with TemporaryDirectory() as folder:
        kept: dict[str, Any] = {}

        def made(_: Any) -> int:
            kept["app"] = create_app(directory)
            with TemporaryDirectory() as out:
                kept["pages"] = sum(path.suffix == ".html" for path in freeze(kept["app"], Path(out)))
            return int(kept["pages"])

        def pack() -> int:
            if "files" not in kept:  # with the first turn, which warms
                kept["files"] = freeze(kept["app"], Path(folder))
            builder = Builder(kept["app"], Path(folder))
            for path in kept["files"]:
                builder.compress(path)
            return int(kept["pages"])

        yield Act("freeze of the portal, for each page", made, pack)
    sys.path.remove(str(SITE))
