"""An office as an older release left it, opened by today's code on its engine: doors, courier and clock of a test's."""

import json
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from secrets import token_hex
from typing import Any

from flask.testing import FlaskClient

from functions.casework.directory.agencies import Role
from functions.config.settings import DEMO, load_directory, load_settings
from functions.crypto.ops.key_directory import KeyDirectory
from functions.crypto.transport.waiting_reports import read_waiting_secret
from functions.intake import app as intake
from functions.intake.gate import Gate
from functions.local.setup import make_keys
from functions.storage.dynamodb.store import DynamoStore
from functions.storage.interface import Store
from tests.engines import aws
from tests.trust import TrustWorld
from tests.upgrades.snapshots import Snapshot, decode_item
from tests.world import FLOOD, PROOFS, URL, Desk

AWS = {"region_name": "ap-southeast-3", "aws_access_key_id": "invented", "aws_secret_access_key": "invented"}


class Office(TrustWorld):
    """What a start of today's release finds, on the day on which the snapshot was made. ``cases`` are those of its
    manifest, by name."""

    def __init__(self, snapshot: Snapshot, folder: Path, cases: dict[str, Any], store: Store | None = None) -> None:
        self.settings = load_settings({"DATA_DIR": str(folder)})
        make_keys(self.settings, load_directory(DEMO / "kutai-timur.toml"))
        super().__init__(folder, store=store, keys=KeyDirectory(folder / "keys"))
        self.cases_then = cases
        self.seconds = snapshot.manifest["made"]
        self.today = datetime.fromtimestamp(self.seconds, UTC).date()

    @cached_property
    def intake(self) -> FlaskClient:
        """The intake, with the secret to which phones sealed what waited."""
        secret = read_waiting_secret(self.settings)
        return intake.make_app(self.submit, PROOFS, Gate(FLOOD), url=URL, waiting_secret=secret).test_client()

    def desk_of(self, agency: str, role: Role | None = None) -> Desk:
        """As a World's, by the inbox link: letters of before the upgrade, which open one case, may leave with it."""
        self.run_courier()
        self.later(hours=1)
        address = self.officer(agency, role).email
        self.ask_link(address)
        self.run_courier()
        desks = (self.desk(token) for token in reversed(self.mailbox.tokens(address)))
        return next(desk for desk in desks if not desk.session.get("case"))

    def receipt(self, name: str) -> str:
        """Return the receipt of a case by its name in the snapshot."""
        return str(self.cases_then[name]["answer"]["receipt"])

    def tracking_id(self, name: str) -> str:
        """Return its number."""
        return str(self.cases_then[name]["answer"]["tracking_id"])


def on_sqlite(snapshot: Snapshot) -> Office:
    """Open what the release left on one machine."""
    return Office(snapshot, snapshot.folder / "data", snapshot.manifest["sqlite"]["cases"])


def on_dynamodb(snapshot: Snapshot, url: str) -> Office:
    """Make the release's table with its indexes and items on a served engine, and open it: ``prepare`` brings both up
    to today's."""
    folder, name = snapshot.folder / "office", f"lapor-{token_hex(6)}"
    folder.mkdir()
    (snapshot.folder / "items-keys").rename(folder / "keys")
    client = aws.client("dynamodb", endpoint_url=url, **AWS)
    client.create_table(TableName=name, **json.loads((snapshot.folder / "table.json").read_text()))
    for item in json.loads((snapshot.folder / "items.json").read_text()):
        client.put_item(TableName=name, Item=decode_item(item))
    store = DynamoStore(name, lambda: client)
    return Office(snapshot, folder, snapshot.manifest["dynamodb"]["cases"], store)
