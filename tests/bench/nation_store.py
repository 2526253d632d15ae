"""A nation's cases, written straight into a SQLite file: 700 governments, one of which has a tenth of all.

Reports came in evenly over ``SPAN`` days. A case is open for twenty, waits for its reporter for fourteen, and is over
then; one in 600 is past its retention. One open case in fifty is late. Only heads are written, no events: what is
measured reads no others. Ids follow from their number, so the same call writes the same cases.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, timedelta
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any

from functions.casework.case import CaseHead, Kind, Outcome, Sealed
from functions.casework.directory.agencies import Directory
from functions.casework.directory.check import check
from functions.casework.directory.registers import DIRECTORY_REGISTER, encode_directory
from functions.casework.directory.tables import merged, read_csv
from functions.casework.receipt import TRACKING_BYTES, tracking_id_from_bytes
from functions.casework.stages import Stage
from functions.storage.interface import Register
from functions.storage.records import to_row
from functions.storage.sort_keys import place, work_place
from functions.storage.sqlite.cases import INSERT_HEAD
from functions.storage.sqlite.store import SqliteStore
from tests import nation
from tests.case_heads import case_head

SPAN, OPEN_DAYS, ASKED_DAYS = 571, 20, 14  # two million cases at 3,500 a day; as docs/scale.md assumes
OLD_DAYS, OLD_EACH, LATE_EACH, BIG_EACH = 760, 600, 50, 10
MARK = 24  # of a place, as ``sort_keys`` makes it
Wrap = Callable[[CaseHead], tuple[str, bytes]]


def directory_of(folder: Path, instances: int) -> Directory:
    """Return the invented nation with so many governments, and few officers."""
    folder.mkdir(exist_ok=True)
    paths = nation.write(folder, instances, 5 * instances)
    return check(merged({}, [read_csv(path.name, path.read_text()) for path in paths.values()])).directory


def codes(directory: Directory) -> list[str]:
    """Return the governments that have cases, regencies and cities, the big one first."""
    return [each.code for each in directory.instances() if "." in each.region]


def new_store(path: Path, directory: Directory, cases: int, today: date, wrap: Wrap | None = None) -> SqliteStore:
    """Make a file with these cases. ``wrap`` returns key id and wrap of a case that an officer may still read; without,
    wraps open nothing."""
    path.parent.mkdir(exist_ok=True)
    store = SqliteStore(path)
    store.prepare()
    store.write_registers([Register(DIRECTORY_REGISTER, 1, encode_directory(directory, ()))])
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA synchronous = OFF")
        made = dict(db.execute("SELECT name, sql FROM sqlite_master WHERE tbl_name = 'cases' AND type = 'index'"))
        made = {name: sql for name, sql in made.items() if sql}
        for name in made:  # built at the end, each in its own order
            db.execute(f"DROP INDEX {name}")
        db.execute("BEGIN IMMEDIATE")
        db.executemany(INSERT_HEAD, rows(directory, cases, today, wrap))
        for sql in made.values():
            db.execute(sql)
        db.execute("COMMIT")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return store


def rows(directory: Directory, cases: int, today: date, wrap: Wrap | None = None) -> Iterator[dict[str, Any]]:
    """Yield the rows of the heads, in the order of their ids."""
    where = codes(directory)
    regions = {each.code: each.region for each in directory.instances()}
    templates = {age: _template(age, today) for age in (*range(SPAN), OLD_DAYS)}
    late = _template(OPEN_DAYS - 1, today, late=True)
    step = 256**TRACKING_BYTES // (cases + 1)
    for n in range(cases):
        case_id = tracking_id_from_bytes((step * (n + 1)).to_bytes(TRACKING_BYTES))
        instance = where[0] if n % BIG_EACH == 0 else where[1 + n * 7 % (len(where) - 1)]
        age = OLD_DAYS if n % OLD_EACH == 1 else n * 7919 % SPAN
        row = late if age < OPEN_DAYS and n % LATE_EACH == 2 else templates[age]
        mark, holder = sha256(case_id.encode()).hexdigest()[:MARK], f"{instance}-{1 + n % nation.UNITS}"
        own = {"case_id": case_id, "instance": instance, "holder": holder, "place": row["place"][:-MARK] + mark}
        own |= {"district": f"{regions[instance]}.{1 + n % nation.DISTRICTS:02}"}
        own |= {"work": row["work"][:-MARK] + mark} if row["work"] else {}
        if wrap and age < OPEN_DAYS + ASKED_DAYS:
            own["key_id"], own["wrap_desk"] = wrap(_head(row, own))
        yield row | own


def _template(age: int, today: date, *, late: bool = False) -> dict[str, Any]:
    received, random = today - timedelta(days=age), _bytes(age)
    facts: dict[str, Any] = {
        "case_id": "0000-0000-0000",
        "instance": "",
        "holder": "",
        "district": "",
        "about_agency": "",
        "kind": Kind.PENGADUAN,
        "topic": ("jalan", "pungli", "lainnya")[age % 3],
        "sealed": Sealed.BROWSER,
        "received_on": received,
        "due": today + timedelta(days=OPEN_DAYS + 10 - age),
        "stage": Stage.DIPROSES,
        "key_id": "desk-1",
        "lookup": next(random)[:32],
        "fingerprint": next(random)[:32],
        "version": 3,
        "wrap_receipt": next(random)[:60],
        "wrap_desk": next(random)[:1200],
        "subject": next(random)[:256],
        "chain": next(random)[:32],
        "from_reporter": 1,
        "from_officers": 1,
        "act": next(random)[:32],
        "handed_on": received + timedelta(days=1),
    }
    if late:
        facts |= {"due": today - timedelta(days=1), "stage": Stage.DIDISPOSISIKAN}
    if age >= OPEN_DAYS:
        closed = received + timedelta(days=OPEN_DAYS)
        over = age >= OPEN_DAYS + ASKED_DAYS
        facts |= {"stage": Stage.SELESAI, "closed_on": closed, "closed_due": closed, "answered_on": closed}
        facts |= {"due": closed + timedelta(days=ASKED_DAYS), "outcome": Outcome.DIJELASKAN, "lapsed": over}
        facts |= {"confirmed": over and age % 2 == 0, "lapsed": over and age % 2 == 1}
    head = case_head(**facts)
    return to_row(head) | {"place": place(head), "work": work_place(head)}


def _head(row: dict[str, Any], own: dict[str, Any]) -> CaseHead:
    from functions.storage.records import from_row

    return from_row(CaseHead, row | own)


def _bytes(seed: int) -> Iterator[bytes]:
    for n in count():
        yield b"".join(sha256(f"{seed} {n} {part}".encode()).digest() for part in range(40))
