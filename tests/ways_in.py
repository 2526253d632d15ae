"""Each way by which a report comes in, by the real door: sends one and returns its receipt and its case's number."""

import csv
import json
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from secrets import token_hex

from functions.actions.reporter.envelope import Envelope, envelope_fields
from functions.casework.case import Sealed
from functions.casework.directory.agencies import Role
from functions.casework.receipt import parse_receipt
from functions.casework.report import read_report
from functions.cli.letters.rows import COLUMNS, Letters
from functions.cli.migrate.lapor import HEADINGS as LAPOR
from functions.cli.migrate.lapor import TAKEN, LaporTable
from functions.crypto.seal.sealing import receipt_for, receipt_keys
from tests.doors import test_loket as loket
from tests.doors import test_sms as sms
from tests.doors import test_waiting as waiting
from tests.doors.test_open311 import Apps
from tests.envelopes import sealed_fields
from tests.markup import page
from tests.world import JSON, Desk, World

HTML = {"Accept": "text/html"}

Sent = tuple[str, str]
Way = Callable[[World, dict[str, str]], Sent]


def _sent(receipt: str) -> Sent:
    return receipt, receipt_keys(parse_receipt(receipt)).case_id


def by_form(world: World, facts: dict[str, str]) -> Sent:
    """Without scripts: the check page is sent as it stands."""
    return _as_it_stands(world, world.fields(**facts, submission_key=""))


def _as_it_stands(world: World, fields: dict[str, str]) -> Sent:
    asked = page(world.intake.post("/api/reports", data=fields, headers=HTML))
    hidden = (each for each in asked.iter("input") if each.get("type") == "hidden")
    typed: dict[str, str | list[str]] = {str(each.get("name")): each.get("value") or "" for each in hidden}
    for box in asked.iter("input"):  # ticks that stand there already, as of the question whom it is about
        if box.get("type") == "checkbox" and box.get("checked") is not None:
            typed[str(box.get("name"))] = [*typed.get(str(box.get("name")), []), box.get("value") or ""]
    for choice in asked.iter("select"):  # the topic is chosen here
        chosen = [option.get("value") or "" for option in choice.iter("option") if option.get("selected") is not None]
        typed |= {str(choice.get("name")): value for value in chosen}
    answer = world.intake.post("/api/reports", data=typed, headers=HTML)
    assert answer.status_code == 201, answer.text
    return _sent(str(receipt_for(bytes.fromhex(str(typed["submission_key"])))))


def by_json(world: World, facts: dict[str, str]) -> Sent:
    return _sent(world.report(**facts)["receipt"])


def by_browser(world: World, facts: dict[str, str]) -> Sent:
    body, receipt = sealed_fields(world.submit, world.fields(**facts))
    assert world.intake.post("/api/reports", json=body, headers=JSON).status_code == 201
    return _sent(receipt)


def by_waiting(world: World, facts: dict[str, str]) -> Sent:
    body, receipt = sealed_fields(world.submit, world.fields(**facts))
    inside = json.dumps(body | {"opened": token_hex(32)}).encode()
    assert waiting.send(world, waiting.sealed_for(waiting.published(world), inside)).status_code == 201
    return _sent(receipt)


def by_sms(world: World, facts: dict[str, str]) -> Sent:
    """It has no fields: the words alone count."""
    world.count += 1
    return _sent(sms.code(world.said(f"LAPOR {facts['body']}", sender=f"+62812{world.count:08}")))


def by_counter(world: World, facts: dict[str, str]) -> Sent:
    clerk = _clerk(world).client.get("/desk/loket", headers=HTML)
    return _as_it_stands(world, loket.fields(world, loket.given(clerk), **facts))


@cache
def _clerk(world: World) -> Desk:
    return world.desk_of("kutim-diskominfo", Role.CLERK)


@cache
def _apps(world: World) -> Apps:
    return Apps(world)


def by_letter(world: World, facts: dict[str, str]) -> Sent:
    file = world.folder / f"{token_hex(4)}.csv"
    typed = world.fields(**facts)
    with file.open("w", newline="") as rows:
        csv.writer(rows).writerows([list(COLUMNS), [typed.get(field, "") for field, _ in COLUMNS.values()]])
    letters = Letters(file, world.directory, world.today)
    ((number, row),) = letters
    done = world.submit(letters.report(number, row), bytes.fromhex(typed["submission_key"]))
    return str(done.receipt), done.tracking_id


def by_export(world: World, facts: dict[str, str]) -> Sent:
    """A row of an export of SP4N-LAPOR!, taken in as by ``migrate lapor``."""
    file, typed = world.folder / f"{token_hex(4)}.csv", world.fields(**facts)
    cells = {"Tracking ID": str(int(token_hex(4), 16))[:9].zfill(4), "Status Laporan": "Terverifikasi"}
    cells |= {LAPOR[field]: typed.get(field, "") for field in TAKEN} | {"Isi Laporan Awal": typed["body"]}
    with file.open("w", newline="") as rows:
        csv.writer(rows).writerows([cells.keys(), cells.values()])
    table = LaporTable(Letters(file, world.directory, world.today, LAPOR))
    ((number, row),) = table
    sp4n = table.origin(number, row).sp4n
    done = world.submit(table.report(number, row), bytes.fromhex(typed["submission_key"]), sp4n=sp4n)
    return str(done.receipt), done.tracking_id


def by_app(world: World, facts: dict[str, str]) -> Sent:
    named = {"body": "description", "place": "address_string", "topic": "service_code"}
    changes = {named.get(name, f"attribute[{name}]"): text for name, text in facts.items()}
    return _sent(_apps(world).sent(**changes)[1])


class Caught:
    """What a nation would pass on of a report in clear."""

    def __init__(self) -> None:
        self.inside: dict[str, str] = {}

    def reaches(self, _: str) -> bool:
        return True

    def __call__(self, _: str, envelope: Envelope, path: Sealed, *, suspicious: bool) -> bool:
        assert not suspicious
        meant = " ".join(envelope.meant)
        self.inside = envelope_fields(envelope) | {"opened": token_hex(32), "path": path.value, "meant": meant}
        return True


def by_nation(world: World, facts: dict[str, str]) -> Sent:
    """Without scripts in the nation's portal; this world is the linked office."""
    typed, caught = world.fields(**facts), Caught()
    nation = replace(world.submit, relay=caught)
    done = nation(read_report(typed, world.directory, world.today), bytes.fromhex(typed["submission_key"]))
    sealed = waiting.sealed_for(waiting.published(world), json.dumps(caught.inside).encode())
    assert waiting.send(world, sealed).status_code == 201
    return str(done.receipt), done.tracking_id


IN_CLEAR: tuple[Way, ...] = (by_form, by_json, by_sms, by_counter, by_letter, by_export, by_app, by_nation)
WAYS_IN: tuple[Way, ...] = (*IN_CLEAR[:2], by_browser, by_waiting, *IN_CLEAR[2:])
