"""The clock orders itself once for each instance: nothing of others is read, nothing is done twice, and a run that was
cut off goes on where it stopped."""

import importlib
import json
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from functions.aws_lambda import handler
from functions.casework.directory.agencies import Directory
from functions.clock import main, orders
from functions.clock.main import make_housekeeping
from functions.config.settings import Settings, load_settings
from functions.storage.sqlite.store import SqliteStore
from tests.bench.nation_store import codes, directory_of, new_store

TODAY, NEXT = date(2026, 3, 10), date(2026, 3, 11)
INSTANCES, CASES = 42, 400  # 38 provinces and four regencies
SECRET = "u" * 32
DAILY = ("audit", "figures", "clock")
LISTINGS = {"page": 1, "closed_before": 0, "lapsing": 0, "page_ended": 0, "page_identities": 0}  # where the code stands


class Recording:
    """A store that notes each call: its name, and of which instance it lists or reads."""

    def __init__(self, store: SqliteStore) -> None:
        self.store, self.calls = store, list[tuple[str, str]]()

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(*given: Any, **more: Any) -> Any:
            self.calls.append((name, str(given[LISTINGS.get(name, 0)]) if given else ""))
            return getattr(self.store, name)(*given, **more)

        return call


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Directory:
    return directory_of(tmp_path_factory.mktemp("tables"), INSTANCES)


@pytest.fixture
def settings(tmp_path: Path, directory: Directory, monkeypatch: pytest.MonkeyPatch) -> Settings:
    new_store(tmp_path / "lapor.sqlite", directory, CASES, TODAY)
    return at(TODAY, office(tmp_path), monkeypatch)


def office(folder: Path) -> Settings:
    return load_settings({"DATA_DIR": str(folder), "ORDER_SECRET": SECRET})


def at(day: date, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setattr(Settings, "today", lambda _: day)
    return settings


def recorded(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Recording:
    record = Recording(SqliteStore(settings.data_dir / "lapor.sqlite"))
    monkeypatch.setattr(main, "open_store", lambda _: record)
    return record


class Lambda:
    """The function's own way to call itself: keeps what it is given."""

    def __init__(self) -> None:
        self.events: list[dict[str, str]] = []

    def invoke(self, FunctionName: str, InvocationType: str, Payload: bytes) -> None:  # noqa: N803 - boto3's names
        assert (FunctionName, InvocationType) == ("lapor-anonim-clock-uji", "Event")
        self.events.append(json.loads(Payload))


@pytest.fixture
def itself(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Lambda:
    fake = Lambda()
    monkeypatch.setenv("LAPOR_DOOR", "clock")
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "lapor-anonim-clock-uji")
    monkeypatch.setattr(orders, "_lambda", SimpleNamespace(client=fake))
    monkeypatch.setattr(orders, "PACE_SECONDS", 0)
    monkeypatch.setattr(handler, "_settings", lambda: settings)
    orders._made.cache_clear()
    return fake


def obey(event: dict[str, Any], seconds: int = 900) -> dict[str, Any]:
    return handler.lambda_handler(event, SimpleNamespace(get_remaining_time_in_millis=lambda: seconds * 1000))


def hourly() -> dict[str, Any]:
    cloud = importlib.import_module("tests.lambda.cloud")  # `lambda` is a word of the language
    return cloud.proved({"lapor": "keep_house"}, SECRET)  # type: ignore[no-any-return]


def versions(settings: Settings, directory: Directory) -> Counter[str]:
    """How often each register of an instance was written."""
    store = SqliteStore(settings.data_dir / "lapor.sqlite")
    names = [f"{kind}:{each.code}" for kind in DAILY for each in directory.instances()]
    return Counter({name: store.register_version(name) for name in names})


def test_each_instance_gets_one_order_which_does_its_day_and_no_other(
    settings: Settings, directory: Directory, itself: Lambda
) -> None:
    everywhere = [each.code for each in directory.instances()]
    assert obey(hourly())["ordered"] == len(everywhere)
    assert [event["instance"] for event in itself.events] == everywhere
    (big, other), store = codes(directory)[:2], SqliteStore(settings.data_dir / "lapor.sqlite")
    first, second = (next(event for event in itself.events if event["instance"] == code) for code in (big, other))
    done = obey(first)
    assert (done["anchor"], done["count"], done["tally"]) == (1, 1, 1)
    assert store.register_version(f"audit:{big}") == 1
    assert store.register_version(f"audit:{other}") == 0, "that of another order"
    assert obey(first) == dict.fromkeys(("taken_up", "remind", "retain", "publish"), 0), "AWS may bring an event twice"
    assert obey(second)["anchor"] == 1
    with pytest.raises(handler.UnknownEventError):
        obey({**first, "instance": other})


def test_orders_come_to_the_same_as_one_run_for_all(
    settings: Settings, directory: Directory, itself: Lambda, tmp_path: Path
) -> None:
    obey(hourly())
    for event in itself.events:
        obey(event)
    whole = office(tmp_path / "whole")
    new_store(whole.data_dir / "lapor.sqlite", directory, CASES, TODAY)
    make_housekeeping(whole)()
    apart, together = (SqliteStore(each.data_dir / "lapor.sqlite") for each in (settings, whole))
    for kind in ("audit", "figures", "barometer:counted"):
        for code in codes(directory):
            one, other = (store.read_register(f"{kind}:{code}") for store in (apart, together))
            assert one == other, (kind, code)


def test_time_that_is_short_begins_nothing_and_the_next_hour_goes_on(
    settings: Settings, directory: Directory, itself: Lambda
) -> None:
    assert obey(hourly(), seconds=30)["ordered"] == 0
    assert itself.events == []
    assert obey(hourly())["ordered"] == len(directory.instances())


@pytest.mark.parametrize("step", ["anchor", "tally"])
def test_a_run_that_is_killed_goes_on_where_it_stopped_and_does_nothing_twice(
    settings: Settings, directory: Directory, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """Killed at each kind of step, in the middle of the instances; the next run is that of a new process."""
    house, seen = make_housekeeping(settings), list[str]()
    steps: dict[str, Any] = dict(house.hourly) | dict(house.daily)

    def kill(instance: str) -> int:
        seen.append(instance)
        if len(seen) == INSTANCES - 1:
            raise KeyboardInterrupt
        return int(steps[step](instance))

    for part in (house.hourly, house.daily):
        if step in part:
            monkeypatch.setitem(part, step, kill)  # type: ignore[arg-type]
    with pytest.raises(KeyboardInterrupt):
        house()
    record = recorded(settings, monkeypatch)
    make_housekeeping(settings)()
    anchored = {name for call, name in record.calls if call == "read_register" and name.startswith("audit:")}
    assert len(anchored) == (2 if step != "tally" else 1), "only of those that were not anchored before"
    assert set(versions(settings, directory).values()) == {1, 3}, "an anchor, figures, three marks of a day"
    record.calls.clear()
    make_housekeeping(settings)()
    assert not [name for call, name in record.calls if call == "write_registers" or name.startswith("audit:")]


def one_order(settings: Settings, code: str, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What one order asks of the store."""
    record = recorded(settings, monkeypatch)
    house = make_housekeeping(settings)
    record.calls.clear()
    house.one(code)
    return record.calls


def test_an_order_asks_for_its_own_instance_alone_whatever_others_have(
    settings: Settings, directory: Directory, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It asks the same of a file in which no other instance has any case."""
    code, alone = codes(directory)[1], office(tmp_path / "alone")
    store = new_store(alone.data_dir / "lapor.sqlite", directory, CASES, TODAY)
    with store.engine.write() as db:
        db.execute("DELETE FROM cases WHERE instance <> ?", (code,))
    calls = one_order(settings, code, monkeypatch)
    assert calls == one_order(alone, code, monkeypatch)
    assert {name for call, name in calls if call in LISTINGS} == {code}
    registers = {name for call, name in calls if call in ("read_register", "register_version")}
    assert {code} == {name.split(":")[1] for name in registers}, registers


def test_an_orders_work_grows_with_its_own_cases_by_pages(
    settings: Settings, directory: Directory, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Anchor and figures read a hundred heads at once: of eight times as many cases a few more pages, no more calls."""
    big, larger = codes(directory)[0], office(tmp_path / "larger")
    new_store(larger.data_dir / "lapor.sqlite", directory, 8 * CASES, TODAY)
    few, many = (Counter(call for call, _ in one_order(each, big, monkeypatch)) for each in (settings, larger))
    pages = 8 * CASES // 10 // 100  # of the biggest instance, which has a tenth
    assert many["page"] <= few["page"] + 3 * pages
    assert many["read_case"] == few["read_case"] == 0
    written = ("append", "shred")  # of each case that is late, or past its retention
    assert many.total() - sum(many[each] for each in written) <= few.total() + 6 * pages
