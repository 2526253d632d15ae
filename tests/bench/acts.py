"""The acts of a day, each ready to be done again and again in one process: what ``speed`` times."""

import re
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from secrets import token_hex
from typing import Any, NamedTuple

from functions.casework.receipt import parse_receipt
from functions.crypto.open.private.reloading import Reloading
from functions.crypto.seal.public_keys import Purpose
from functions.storage.interface import Store
from tests.bench.floor import LISTED
from tests.envelopes import sealed_fields
from tests.whole.test_canary import photo
from tests.world import JSON, World

HTML = {"Accept": "text/html"}
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


class Act(NamedTuple):
    """``prepare`` makes what one turn needs and is not timed; ``do`` takes it, and may return how many things it did,
    by which all is divided. ``floor`` is what it is compared with, by its name or itself; "" for none."""

    name: str
    do: Callable[[Any], Any]
    floor: str | Callable[[], Any] = "write"
    prepare: Callable[[], Any] = lambda: None


def acts(folder: Path, new_store: Callable[[str], Store | None] = lambda _: None) -> Iterator[Act]:
    """Live a day in a world of its own and yield its acts. What one leaves behind the next ones use. ``new_store``
    makes a store by a name; a file in ``folder`` where it makes none."""
    world = World(folder, new_store("day"))
    world.seat(Reloading(world.keys, Purpose.DESK))  # as a running desk has them: read once
    yield Act("report, JSON", lambda fields: fine(world.intake.post("/api/reports", json=fields, headers=JSON), 201),
              prepare=world.fields)  # fmt: skip
    yield Act("report, form: check page and receipt", lambda fields: by_form(world, fields), prepare=world.fields)
    yield Act("report, sealed in the browser", lambda body: fine(world.intake.post("/api/reports", json=body), 201),
              prepare=lambda: sealed_fields(world.submit, world.fields())[0])  # fmt: skip
    own = world.report()
    receipt = {"receipt": own["receipt"]}
    yield Act("thread, JSON", lambda _: fine(world.thread.post("/api/thread", json=receipt, headers=JSON)), "read")
    yield Act("thread, page", lambda _: fine(world.thread.post("/api/thread", data=receipt, headers=HTML)), "read")
    yield Act("message of a reporter", lambda fresh: fine(world.post("/api/thread/messages", fresh), 201),
              prepare=lambda: {"receipt": world.report()["receipt"], "body": "Masih gelap.", "message_key": token_hex(8)})  # fmt: skip
    raw = photo()
    yield Act("photo, cleaned in a process of its own",
              lambda case: world.converse.attach(parse_receipt(case["receipt"]), raw, token_hex(8)),
              prepare=world.report)  # fmt: skip
    coordinator = world.desk_of("kutim")
    for _ in range(LISTED):
        world.report()
    yield Act("desk, page of twenty", lambda _: fine(coordinator.client.get("/desk/", headers=HTML)), "desk")
    yield Act("inbox, JSON of twenty", lambda _: fine(coordinator.get("/desk/")), "desk")
    path = f"/desk/cases/{own['tracking_id']}"
    yield Act("case, page", lambda _: fine(coordinator.client.get(path, headers=HTML)), "read")
    unit = {"agency": "kutim-dpupr", "reason": "Kewenangan dinas."}
    yield Act("hand-over", lambda case: fine(coordinator.post(f"/desk/cases/{case['tracking_id']}/handover", unit)),
              prepare=world.report)  # fmt: skip
    coordinator.post(f"{path}/handover", unit)
    desk = world.desk_of("kutim-dpupr")
    yield Act("reply of a unit", lambda case: fine(desk.post(f"/desk/cases/{case}/messages", reply()), 201),
              prepare=lambda: handed(world, coordinator))  # fmt: skip
    yield Act("notice: a letter with a link", lambda _: world.deliver.run_once("courier"),
              prepare=lambda: one_waits(world))  # fmt: skip


def fine(answer: Any, status: int = 200) -> Any:
    """Refuse to time what did not work."""
    assert answer.status_code == status, (answer.status_code, answer.text[:300])
    return answer


def by_form(world: World, fields: dict[str, str]) -> None:
    """The form, then the check page as a browser sends it on."""
    typed = {name: value for name, value in fields.items() if name != "submission_key"}
    page = fine(world.intake.post("/api/reports", data=typed, headers=HTML)).text
    onward = {name: unescape(value) for name, value in HIDDEN.findall(page)}
    fine(world.intake.post("/api/reports", data=typed | onward, headers=HTML), 201)


def reply() -> dict[str, str]:
    """An answer with a key of its own."""
    return {"body": "Kami periksa besok pagi.", "message_key": token_hex(8)}


def handed(world: World, coordinator: Any) -> str:
    """A fresh case at the unit."""
    case: str = world.report()["tracking_id"]
    fine(coordinator.post(f"/desk/cases/{case}/handover", {"agency": "kutim-dpupr", "reason": "Kewenangan dinas."}))
    return case


def one_waits(world: World) -> None:
    """A notice, and nothing else, waits to leave."""
    world.run_courier()
    world.report()
