"""No time that is kept tells the minute of a visit, a sign-in or an act: days, whole hours and the ends of days alone.

A story with all that people do is run at 26 minutes and 40 seconds past the hour. Then every value of every table is
looked at, whatever its name: a new field that keeps a finer time fails here until somebody gives the reason for it.
"""

import json
import re
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest

from functions.actions.clock.audit import Audit
from functions.actions.clock.count_figures import CountFigures
from functions.storage.dynamodb.items import head_item
from functions.storage.interface import Revocation
from functions.storage.interface.links import gone_after
from tests.trust import TrustWorld

HOUR, DAY = 3600, 86400
# What may be finer than an hour, and why.
FINER = {
    "revocations.before": "the second in which ops or a coordinator voided links: no visit, no reporter's act; links "
    "made before it are void, those made after it are not",
}
EPOCHS = range(1_500_000_000, 2_200_000_000)
NUMBER = re.compile(r"(?<![\w+/=-])(1[5-9]\d{8}|2[01]\d{8})(\d{3})?(?![\w+/=-])")
OF_DAY = re.compile(r"\d\d:\d\d|\d{4}-?\d\d-?\d\dT\d\d")  # whole dates: sealed bytes in base64 hold "5T12" by chance


@pytest.fixture
def story(tmp_path: Path) -> TrustWorld:
    """Reports, an officer's and a custodian's visits, answers, SMS, a name opened, an officer voided."""
    world = TrustWorld(tmp_path)
    assert world.seconds % HOUR == 26 * 60 + 40
    sent = world.report(about_agency="kutim-dpupr", topic="pungli")
    unit = world.hand_over(world.report()["tracking_id"], "kutim-dpupr")
    case_id = unit.get("/desk/").get_json()["cases"][0]["tracking_id"]
    said = {"body": "Kami periksa.", "message_key": "m" * 16}
    assert unit.post(f"/desk/cases/{case_id}/messages", said).status_code == 201
    wrote = {"receipt": sent["receipt"], "body": "Ada lagi.", "message_key": "n" * 16}
    assert world.post("/api/thread/messages", wrote).status_code == 201
    world.said("KUTIM Lampu jalan mati di depan sekolah, sudah dua minggu")
    world.sms("KUTIM Jalan rusak parah")
    world.opened()
    world.custodian(0)
    world.store.revoke(Revocation("officer:budi", world.seconds + 1))
    CountFigures(world.store, world.directory, lambda: world.today)()
    Audit(world.store, world.directory).anchor_all(world.today)
    world.ask_link("siapa@example.id")
    return world


def kept(path: Path) -> Iterator[tuple[str, Any]]:
    """Every value in the file, by table and column."""
    with closing(sqlite3.connect(path)) as db:
        db.row_factory = sqlite3.Row
        for (table,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall():
            for row in db.execute(f"SELECT * FROM {table}"):  # noqa: S608 - our own tables
                yield from ((f"{table}.{column}", row[column]) for column in row.keys())  # noqa: SIM118 - a sqlite3.Row


def read(value: Any) -> str:
    """A value as text; "" for sealed bytes."""
    if not isinstance(value, bytes):
        return str(value)
    with suppress(zlib.error):
        value = zlib.decompress(value)
    with suppress(UnicodeDecodeError):
        return str(value.decode())
    return ""


def fine(moment: int) -> bool:
    """Whether an epoch second is neither a whole hour nor the last second of a day."""
    return moment in EPOCHS and moment % HOUR != 0 and (moment + 1) % DAY != 0


def too_fine(values: Iterator[tuple[str, Any]]) -> dict[str, str]:
    found = {}
    for name, value in values:
        text = read(value)
        seconds = [int(number) for number, _ in NUMBER.findall(text)]
        if any(map(fine, seconds)) or OF_DAY.search(text):
            found[name] = text[:200]
    return found


def test_every_stored_time_is_a_day_an_hour_or_allowed(story: TrustWorld) -> None:
    values = list(kept(story.folder / "lapor.sqlite"))
    tables = {name.partition(".")[0] for name, _ in values}
    assert tables >= {"cases", "events", "outbox", "identities", "link_uses", "revocations", "registers", "slips"}
    assert too_fine(iter(values)).keys() - FINER.keys() == set()


def test_what_is_allowed_is_there(story: TrustWorld) -> None:
    """An allowance that nothing needs any more goes."""
    assert FINER.keys() <= too_fine(kept(story.folder / "lapor.sqlite")).keys()


def test_a_session_tells_the_hour_of_its_beginning_and_no_more(story: TrustWorld) -> None:
    uses = [value for name, value in kept(story.folder / "lapor.sqlite") if name == "link_uses.expires"]
    assert len(uses) >= 3
    assert {use % HOUR for use in uses} == {0}


def test_the_same_in_dynamodb(story: TrustWorld) -> None:
    """Its items hold the same records, and one time more: when a used link is forgotten."""
    uses = [
        story.store.read_link_use(value)
        for name, value in kept(story.folder / "lapor.sqlite")
        if name == "link_uses.link_id"
    ]
    assert {gone_after(use) % DAY for use in uses if use} == {0}
    heads = [
        story.store.read_head(value) for name, value in kept(story.folder / "lapor.sqlite") if name == "cases.case_id"
    ]
    plain = [
        (name, json.dumps(value, default=str))
        for head in heads
        for name, value in head_item(head).items()
        if "B" not in value
    ]
    assert too_fine(iter(plain)) == {}


@pytest.mark.parametrize(
    "value", [1_795_570_000, '{"at": 1795570000}', "2026-11-25T09:14", zlib.compress(b"[1795570000123]"), b"09:14"]
)
def test_the_search_finds_a_minute(value: Any) -> None:
    assert too_fine(iter([("some.thing", value)]))


@pytest.mark.parametrize(
    "value", [1_795_568_400, "2026-11-25", 498_769, 1_795_564_799 // DAY * DAY - 1, "a17955700001"]
)
def test_and_leaves_days_and_hours(value: Any) -> None:
    assert not too_fine(iter([("some.thing", value)]))
