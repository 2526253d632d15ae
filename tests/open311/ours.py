"""Our own door of apps for tests: in a World, and in the product as it runs, with public reports and an app."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from functions.actions.reporter.open311 import ReceiveFromApp
from functions.casework.apps import admit
from functions.casework.case import Kind, Outcome
from functions.casework.directory.registers import pack
from functions.casework.publication import PublicAnswer, PublicReport, week_of
from functions.casework.stages import Stage
from functions.open311.app import Place, make_app
from functions.open311.flood import Flood
from functions.open311.public import Recent
from functions.storage.interface import Register, Store, VersionConflictError
from functions.storage.registers.apps import read_apps, write_apps
from functions.storage.registers.publications import (
    Ties,
    encode_public,
    public_versions,
    read_agreed,
    read_public,
    ties_as,
    year_register,
    years_register,
)
from tests.served import served
from tests.world import World

ANSWER = PublicAnswer(date(2026, 11, 1), "kutim-dishub", "Lampu sudah diganti & menyala <lagi>.")
CLOSED = PublicReport(
    *("P7K3M9QXR", "kutim", "kutim-dishub", Kind.PENGADUAN, "lampu-jalan", "64.08.04"),
    date(2026, 10, 1),
    "Lampu jalan di depan sekolah mati.",
    *(Stage.SELESAI, Outcome.DIPERBAIKI),
    (PublicAnswer(date(2026, 10, 1), "kutim-dishub", "Kami periksa."), ANSWER),
    date(2026, 11, 1),
    date(2026, 11, 1),
)
OPEN = CLOSED._replace(
    public_id="P2AAAAAAA", topic="jalan", agency="kutim-dpupr", district="", month=date(2026, 11, 1),
    summary="Jalan berlubang.", stage=Stage.DIPROSES, outcome=None, answers=(), closed=None,
)  # fmt: skip
OLD = CLOSED._replace(public_id="P3BBBBBBB", month=date(2026, 3, 1), answers=(), closed=date(2026, 4, 1))
REPORTS = (OPEN, CLOSED, OLD)


def recent(today: date) -> tuple[PublicReport, ...]:
    """The same reports as of this month and the one before, for a door that shows the last 90 days by the true clock."""
    this = today.replace(day=1)
    last = (this - timedelta(days=1)).replace(day=1)
    answers = tuple(answer._replace(month=last) for answer in CLOSED.answers)
    return (
        OPEN._replace(month=this, updated=this),
        CLOSED._replace(month=last, answers=answers, updated=this, closed=this),
        OLD,
    )


def publish(store: Store, reports: tuple[PublicReport, ...] = REPORTS, instance: str = "kutim") -> None:
    """Write public reports as they rest, by the years they came in."""
    years = sorted({report.month.year for report in reports})
    names = {years_register(instance): {"years": years}}
    for year in years:
        among = tuple(report for report in reports if report.month.year == year)
        names[year_register(instance, year)] = {"reports": encode_public(among)}
    store.write_registers(
        [Register(name, store.register_version(name) + 1, pack(body)) for name, body in names.items()]
    )


def leave_alone(store: Store, today: date, instance: str = "kutim") -> None:
    """Let the clock of a running product find nothing to do with public reports today: those that tests publish belong
    to no case, and it would take them away."""
    ties = Ties({}, week_of(today), today.isoformat(), read_agreed(store, instance)[0], 0)
    with suppress(VersionConflictError):  # it has been through already
        store.write_registers([ties_as(instance, ties)])


def new_key(store: Store, ident: str = "warga") -> str:
    """Admit an app; returns its key."""
    known = read_apps(store)
    apps, key = admit(known.apps, ident, "Warga Peduli")
    write_apps(store, known.version, apps.values())
    return key


def place_of(world: World, *, per_hour: int = 100_000) -> Place:
    """The door's place in a World, which looks at apps and public reports at every call."""
    return Place(
        directory=world.directory,
        from_apps=ReceiveFromApp(world.submit, lambda: world.seconds),
        apps=lambda: read_apps(world.store).apps,
        reports=Recent(partial(read_public, world.store), lambda code: public_versions(world.store, [code])[0]),
        flood=Flood(per_hour),
        today=lambda: world.today,
        zone=ZoneInfo("Asia/Makassar"),
        url="http://127.0.0.1:8000",
        operator="Diskominfo (uji)",
        test=True,
    )


@contextmanager
def serving(world: World) -> Iterator[str]:
    """The door over real HTTP; its address."""
    with served(make_app(place_of(world))) as url:
        yield f"{url}/open311/v2"
