"""What one act of the real product costs in DynamoDB is what infra/economy/measured.py says, on which costs and
limits are calculated."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest
from moto import mock_aws

from functions.casework.case import Case
from functions.casework.receipt import parse_receipt
from functions.storage.dynamodb.items import event_item, head_item
from functions.storage.dynamodb.store import DynamoStore
from functions.storage.dynamodb.table import BY_INSTANCE, BY_TURN
from infra.economy.measured import ACTS, CASE_BYTES, HEAD_BYTES, Act
from tests.bench.meter import Meter, size
from tests.case_heads import changed
from tests.depth import deep
from tests.whole.test_canary import photo
from tests.world import World

LISTED = 20
MANY = deep((50, 200), (25, 60))  # more than a page of lines, and a few times that
TWO_UNITS = 2048
# Each writing of an open case is listed among its holder's work too: two units, four where its place there changes.
MOST = {"report": 17, "report in trust": 33, "photo": 14, "message": 17, "verdict": 19}
# Closing removes the draft of each officer at the holder: here two.
MOST |= {"handover": 23, "reply": 20, "close": 20, "late case taken up": 21}
LONG_IDENT, LONG_CODE = "siti.nurhaliza.binti.ahmad", "kab-hulu-sungai-utara-dpupr"  # 26 and 27 characters


class Bench:
    """One case lived through, every act of it metered."""

    def __init__(self, folder: Path) -> None:
        self.meter = Meter()
        self.store = DynamoStore("lapor", self.meter.client)
        self.world = World(folder, self.store)
        self.acts: dict[str, Act] = {}
        self.sizes: dict[str, int] = {}
        self.case: Case
        self._live()

    def act(self, name: str, do: Callable[[], Any]) -> Any:
        with self.meter.measure() as units:
            done = do()
        by = self.meter.by_index
        self.acts[name] = Act(
            ACTS[name].door if name in ACTS else "",
            int(units.write),
            units.read,
            units.calls,
            turns=int(by[BY_TURN]),
            listed=int(by[BY_INSTANCE]),
        )
        return done

    def _live(self) -> None:
        world, key = self.world, lambda: token_hex(8)
        report = self.act("report", world.report)
        receipt, path = report["receipt"], f"/desk/cases/{report['tracking_id']}"
        self.sizes["head"] = size(self._items(report["tracking_id"])[-1])
        trust = {"identity_mode": "rahasia", "name": "Bunga", "contact": "bunga@contoh.id"}
        self.act("report in trust", lambda: world.report(**trust))
        self.act("look", lambda: world.read(receipt))
        self.act("photo", lambda: world.converse.attach(parse_receipt(receipt), photo(), key()))
        world.run_courier()
        coordinator = world.desk_of("kutim")
        self.act("inbox", lambda: self._fine(coordinator.get("/desk/")))
        self.act("desk", lambda: self._fine(coordinator.client.get("/desk/", headers={"Accept": "text/html"})))
        self.act("case", lambda: self._fine(coordinator.get(path)))
        handover = {"agency": "kutim-dpupr", "reason": "Kewenangan dinas."}
        self.act("handover", lambda: self._fine(coordinator.post(f"{path}/handover", handover)))
        self.act("notice", lambda: world.deliver.run_once("courier"))
        self.act("nothing to deliver", lambda: world.deliver.run_once("courier"))
        world.later(hours=1)
        unit = world.officer("kutim-dpupr")
        self.act("ask for a link", lambda: world.ask_link(unit.email))
        world.run_courier()
        token = world.mailbox.tokens(unit.email)[-1]
        desk = self.act("sign in", lambda: world.desk(token))
        reply = {"body": "Kami periksa besok.", "message_key": key()}
        self.act("reply", lambda: self._fine(desk.post(f"{path}/messages", reply), 201))
        message = {"receipt": receipt, "body": "Terima kasih.", "message_key": key()}
        self.act("message", lambda: self._fine(world.post("/api/thread/messages", message), 201))
        close = {"outcome": "dijelaskan", "reason": "Sudah diganti."}
        self.act("close", lambda: self._fine(desk.post(f"{path}/close", close)))
        self.act("late look", lambda: world.read(receipt))
        verdict = {"receipt": receipt, "verdict": "selesai", "rating": 5}
        self.act("verdict", lambda: self._fine(world.post("/api/thread/verdict", verdict)))
        items = self._items(report["tracking_id"])
        self.sizes["case"] = sum(map(size, items)) + 2 * size(items[-1])
        self.case = self.store.read_case(report["tracking_id"])
        self._clock()
        self._many()

    def _clock(self) -> None:
        world = self.world
        world.run_courier()
        for _ in range(LISTED):
            world.report()
        self.act("twenty heads", lambda: self.store.page("instance", "kutim", "", LISTED))  # type: ignore[arg-type]
        world.later(days=7)
        with self.meter.measure() as units:
            steps = world.remind()
        assert steps >= LISTED
        by = self.meter.by_index
        each = [round(n / steps) for n in (units.write, units.calls, by[BY_TURN], by[BY_INSTANCE])]
        self.acts["late case taken up"] = Act("clock", each[0], 0, each[1], turns=each[2], listed=each[3])

    def _many(self) -> None:
        """What the desk costs where many wait: copies of a case do not open, since the seal binds its number."""
        world, made = self.world, 0
        desk = world.desk_of("kutim")
        pattern = self.store.read_head(world.report()["tracking_id"])
        event = self.store.read_case(pattern.case_id).events
        self.desks: dict[int, tuple[float, int]] = {}
        for many in MANY:
            while made < many:
                self.store.create_case(changed(pattern, case_id=f"{made:04d}-AAAA-AAAA"), event, [])
                made += 1
            with self.meter.measure() as units:
                self._fine(desk.client.get("/desk/", headers={"Accept": "text/html"}))
            self.desks[many] = (units.read, units.calls)

    def _items(self, case_id: str) -> list[dict[str, Any]]:
        return self.store._items(case_id)

    def _fine(self, answer: Any, status: int = 200) -> Any:
        assert answer.status_code == status, answer.data
        return answer


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with mock_aws():
        yield Bench(tmp_path_factory.mktemp("bench") / "data")


@pytest.mark.long
@pytest.mark.parametrize("name", ACTS)
def test_every_act_costs_what_is_written(bench: Bench, name: str) -> None:
    """Within a fifth, or one: costs need no more, and a call more in one act is no reason to write pages anew."""
    for field in ("write", "read", "calls", "turns", "listed"):
        measured, written = getattr(bench.acts[name], field), getattr(ACTS[name], field)
        assert measured == pytest.approx(written, rel=0.2, abs=1), f"{field}; run: python -m tests.bench.measure"


@pytest.mark.long
def test_heads_and_cases_are_as_large_as_is_written(bench: Bench) -> None:
    assert bench.sizes == {"head": pytest.approx(HEAD_BYTES, rel=0.1), "case": pytest.approx(CASE_BYTES, rel=0.1)}


@pytest.mark.long
@pytest.mark.parametrize("name", MOST)
def test_no_act_is_charged_more_than_was_reached(bench: Bench, name: str) -> None:
    assert bench.acts[name].write <= MOST[name]


@pytest.mark.long
def test_every_item_of_an_ordinary_case_is_charged_as_two_kilobytes(bench: Bench) -> None:
    """At its end, when its head is longest; and so with codes and idents as long as real ones may be."""
    head, events = bench.case.head, bench.case.events
    assert len(events) == 7
    assert size(head_item(head)) <= TWO_UNITS - 32
    long = changed(head, instance=LONG_CODE[:21], holder=LONG_CODE, canned=1, extended=True)
    assert size(head_item(long)) <= TWO_UNITS + 40  # with such codes the key of the reporter's acts costs a third one
    for item in (event_item(head.case_id, replace(e, officer=e.officer and LONG_IDENT)) for e in events):
        assert TWO_UNITS // 2 < size(item) <= TWO_UNITS


@pytest.mark.long
def test_the_inbox_is_one_query_of_cases_whatever_is_in_it(bench: Bench) -> None:
    assert bench.acts["twenty heads"].calls == 1


@pytest.mark.long
def test_the_desk_is_charged_the_same_however_many_wait(bench: Bench) -> None:
    """A page of lines, each with its words for who sorts, and each view counted to one more than a page."""
    (some, calls), (many, further) = bench.desks.values()
    assert further == calls <= 45
    assert many == pytest.approx(some, rel=0.05)
    assert many <= 90


def test_the_meter_charges_as_amazon_says(tmp_path: Path) -> None:
    """The examples of the Developer Guide."""
    with mock_aws():
        meter = Meter()
        store = DynamoStore("lapor", meter.client)
        store.prepare()
        client = meter.client()
        key = {"PK": {"S": "a"}, "SK": {"S": "b"}}  # 6 bytes

        def units(**call: Any) -> tuple[float, float, float]:
            ((name, arguments),) = call.items()
            with meter.measure() as charged:
                getattr(client, name)(**({} if name == "transact_write_items" else {"TableName": "lapor"}), **arguments)
            return charged.table, charged.indexes, charged.read

        def item(length: int, **more: str) -> dict[str, Any]:
            return key | {"x": {"B": bytes(length - 7)}} | {name: {"S": value} for name, value in more.items()}

        assert units(put_item={"Item": item(1024)}) == (1, 0, 0)
        assert units(put_item={"Item": item(1025)}) == (2, 0, 0)
        write = {"Put": {"TableName": "lapor", "Item": item(1025)}}
        assert units(transact_write_items={"TransactItems": [write]}) == (4, 0, 0)
        assert units(put_item={"Item": item(1000, at_holder="h", place="1")}) == (2, 1, 0)  # the larger of two
        assert units(put_item={"Item": item(1000, at_holder="h", place="1")})[1] == 0  # nothing changed
        assert units(put_item={"Item": item(1001, at_holder="h", place="1")})[1] == 1  # in its place
        assert units(put_item={"Item": item(1001, at_holder="h", place="2")})[1] == 2  # to another place
        assert units(get_item={"Key": key, "ConsistentRead": True}) == (0, 0, 1)
        assert units(delete_item={"Key": key}) == (1, 1, 0)
        assert units(get_item={"Key": key, "ConsistentRead": True}) == (0, 0, 1)  # of nothing as of one
