"""A nation of one government, and Kutai Timur as an office with a machine of its own that is linked to it."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask
from werkzeug.serving import make_server

from functions.actions.courier.relay_out import RelayOut
from functions.actions.reporter.relay import Elsewhere, RelayToOffice
from functions.casework.case import CaseHead
from functions.casework.directory.agencies import Directory, Officer, Role, Topic
from functions.casework.directory.linked_office import (
    SEALED_TO,
    LinkDocument,
    LinkedOffice,
    describe,
    with_offices,
)
from functions.casework.directory.portal import portal_of
from functions.casework.directory.registers import plain_directory
from functions.config.settings import DEMO, load_directory
from functions.crypto.seal.public_keys import Purpose
from functions.crypto.transport.waiting_reports import WaitingKey
from functions.intake import app as intake
from functions.intake.gate import Gate
from functions.storage.interface import Notice, OutboxEntry, Scope
from functions.thread import app as thread
from tests.engines.serving import SOON
from tests.governments import governments
from tests.world import FLOOD, PROOFS, URL, World

CODE = "kutim"
WAITING_SECRET = b"w" * 32
SIGNING = b"s" * 32
SIGNER = Ed25519PrivateKey.from_private_bytes(SIGNING).public_key().public_bytes_raw()


OURS = Topic("parkir-kota", "Parkir kota", "City parking")  # which the office does not have


@cache
def nation_directory() -> Directory:
    """Samarinda alone: each government more is another portal to freeze."""
    whole = governments()[0]
    ours = {"pusat", *portal_of(whole, "samarinda").agencies}
    agencies = {code: each for code, each in whole.agencies.items() if code in ours}
    topics = {code: each if each.unit in ours else replace(each, unit="") for code, each in whole.topics.items()}
    districts = {code: each for code, each in whole.districts.items() if code.startswith("64.72.")}
    villages = {code: each for code, each in whole.villages.items() if code.startswith("64.72.")}
    return Directory(agencies, {**topics, OURS.code: OURS}, districts, (), villages)


def nation_files(folder: Path) -> dict[str, str]:
    """Directory and officers of the nation as files, and the settings that name them."""
    plain = plain_directory(nation_directory(), ())
    tables = [f"{name} = []" for name, rows in plain.items() if not rows]
    for name, rows in plain.items():
        tables += [
            f"[[{name}]]\n" + "\n".join(f"{key} = {json.dumps(value)}" for key, value in row.items()) for row in rows
        ]
    staff = [
        f'[[officers]]\nident = "{code}-{n}"\nemail = "{n}@{code}.example.id"\nagency = "{unit}"\nrole = "{role}"'
        for code in ("samarinda",)
        for n, (unit, role) in enumerate(
            (
                (code, "coordinator"),
                (f"{code}-inspektorat", "inspector"),
                (f"{code}-inspektorat", "custodian"),
                (f"{code}-diskominfo", "custodian"),
            )
        )
    ]
    directory, officers = folder / "nation.toml", folder / "officers.toml"
    directory.write_text("\n".join(tables))
    officers.write_text("\n".join(staff))
    return {"DIRECTORY_FILE": str(directory), "OFFICERS_FILE": str(officers)}


OFFICERS = (
    Officer("samarinda-1", "koordinator@samarinda.example.id", "samarinda", Role.COORDINATOR),
    Officer("samarinda-2", "pemeriksa@samarinda.example.id", "samarinda-inspektorat", Role.INSPECTOR),
)


def document_of(office: World, url: str, serial: int = 1) -> LinkDocument:
    """What an office says of itself."""
    public = office.keys.public()
    keys = {name: public.keys[public.current_id(Purpose(name), CODE)] for name in SEALED_TO}
    made = describe(office.directory, CODE, url, serial, office.today, 365, keys)
    return replace(made, waiting=WaitingKey(WAITING_SECRET).public)


@contextmanager
def served(app: Flask, port: int = 0) -> Iterator[str]:
    """A door that answers on this machine."""
    server = make_server("127.0.0.1", port, app, threaded=True)
    running = threading.Thread(target=server.serve_forever, args=(SOON,))
    running.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        running.join()


class Pair:
    """A nation and an office. Nothing is served: ``link`` says where the office would answer."""

    def __init__(self, folder: Path) -> None:
        for name in ("nation", "office"):
            (folder / name).mkdir()
        self.office = World(folder / "office", directory=load_directory(DEMO / "kutai-timur.toml"))
        self.nation = World(folder / "nation", directory=nation_directory(), officers=OFFICERS)
        self.office_door = intake.make_app(
            self.office.submit, PROOFS, Gate(FLOOD), url=URL, waiting_secret=WAITING_SECRET
        )

    def link(self, url: str, serial: int = 1) -> None:
        """Take the office's present document, and build the nation's doors with it."""
        nation = self.nation
        document = document_of(self.office, url, serial)
        nation.keys.put_linked(CODE, LinkedOffice(SIGNER, document))
        directory = with_offices(nation.directory, nation.keys.public().linked.values())
        self.relay = RelayToOffice(nation.store, directory, nation.keys.public, lambda: nation.seconds)
        self.submit = replace(nation.submit, directory=directory, relay=self.relay)
        nation.intake = intake.make_app(self.submit, PROOFS, Gate(FLOOD), url=URL).test_client()
        where = Elsewhere(nation.store, nation.keys.public, lambda: nation.seconds)
        nation.thread = thread.make_app(replace(nation.converse, where=where), https=False).test_client()
        self.out = RelayOut(nation.store, nation.keys.public, lambda: nation.seconds, nation.deliver.circuit)
        nation.deliver = replace(nation.deliver, relay=self.out)

    def hours(self, count: int) -> None:
        """Time passes at the nation, and its courier works each hour."""
        for _ in range(count):
            self.nation.later(hours=1)
            self.nation.run_courier()

    def waiting(self) -> list[OutboxEntry]:
        """What waits for the office."""
        return [each for each in self.nation.store.waiting() if each.notice is Notice.RELAYED]

    def cases(self) -> list[CaseHead]:
        """What the office has."""
        return [*self.office.store.page(Scope.INSTANCE, CODE).heads]
