"""The flows of ``docs/architecture.md`` are walked by a real report, a real reply and a real hour, in their order."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from functions.aws_lambda.orders import Order
from functions.clock import orders
from functions.clock.main import make_housekeeping
from functions.config.settings import Settings
from functions.edge.request_filter import Buckets
from functions.edge.request_guard import cleaned
from tests.walls.planting import ROOT
from tests.world import World

sys.path.insert(0, str(ROOT / "infra"))

import flows

HOUSE = f"{ROOT / 'functions'}/"
WORKDAY = date(2026, 12, 4)


@contextmanager
def walked() -> Iterator[list[tuple[str, str]]]:
    """Every function of ours that is called meanwhile: its file and name, in the order of the calls."""
    calls: list[tuple[str, str]] = []

    def note(frame: FrameType, event: str, _: object) -> None:
        code = frame.f_code
        if event == "call" and code.co_filename.startswith(HOUSE):
            calls.append((code.co_filename.removeprefix(HOUSE), code.co_qualname.removesuffix(".<locals>.call")))

    sys.setprofile(note)
    try:
        yield calls
    finally:
        sys.setprofile(None)


def within(name: str, hop: flows.Hop) -> bool:
    """Whether this is the hop's function, or one that it made."""
    return f"{name}.".startswith(f"{hop.function}.")


def missed(title: str, calls: list[tuple[str, str]]) -> list[str]:
    """The hops that were not passed, each after the one before it."""
    at, gone = 0, []
    for hop in flows.FLOWS[title]:
        found = next(
            (n for n, (file, name) in enumerate(calls[at:], at) if file == hop.file and within(name, hop)), None
        )
        if found is None:
            gone.append(f"{hop.file} {hop.function}")
        else:
            at = found
    return gone


def test_a_report_comes_in_by_these_hops(tmp_path: Path) -> None:
    world = World(tmp_path)
    door: Any = world.intake.application
    door.wsgi_app = cleaned(door.wsgi_app, Buckets(), ("/api",))
    with walked() as calls:
        world.report()
    assert missed("A report comes in", calls) == []


def test_an_officers_reply_goes_out_by_these_hops(tmp_path: Path) -> None:
    world = World(tmp_path)
    told = world.report(contact="siti@surat.example.id")
    unit = world.hand_over(told["tracking_id"])
    world.run_courier()
    with walked() as calls:
        body = {"body": "Lampu sudah diganti.", "message_key": "0" * 32}
        answer = unit.post(f"/desk/cases/{told['tracking_id']}/messages", body)
        assert answer.status_code == 201, answer.text
        world.run_courier()
    assert world.mailbox.letters[-1].to == "siti@surat.example.id"
    assert missed("An officer's reply goes out", calls) == []


def test_the_clock_ticks_by_these_hops(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(tmp_path)
    world.report()
    settings = Settings(data_dir=tmp_path)
    monkeypatch.setattr(Settings, "today", lambda _: WORKDAY)
    monkeypatch.setattr(orders, "_made", make_housekeeping)
    with walked() as calls:
        assert orders.obey(Order("keep_house", lambda: 900.0), settings)["remind"] == 1
    assert missed("The clock ticks", calls) == []


def test_a_flow_that_is_not_walked_is_seen() -> None:
    calls = [("intake/app.py", "make_app.<locals>._json")]
    assert "edge/request_guard.py cleaned" in missed("A report comes in", calls)
