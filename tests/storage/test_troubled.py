"""Real engines of AWS in trouble (``tests.engines.troubled``): throttled, in conflict, slow, cut off, and forbidden.

A whole office stands on them. Whatever it acknowledges is there, once; what it refuses can be sent again; and when the
trouble is over, all goes on in the same process.
"""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest
from botocore.config import Config

from functions.actions.reporter.converse import Converse
from functions.crypto.open.private.reloading import Reloading
from functions.crypto.seal.public_keys import Purpose
from functions.storage.blobs.s3 import S3Blobs
from functions.storage.dynamodb.store import DynamoStore
from functions.storage.interface import CaseNotFoundError, Scope, StoreUnavailableError
from tests.crypto.buckets import Cloud
from tests.engines import aws
from tests.engines.troubled import Engine, delays, each, halves, loses, refuses, stalls, troubled
from tests.prepared import make_empty_table
from tests.storage.conftest import AWS
from tests.whole.test_canary import photo
from tests.world import JSON, WORDS, World

HTML = {"Accept": "text/html"}
SECONDS, IMPATIENT = 20, 0.3
CONFLICT = refuses(
    "TransactionCanceledException", CancellationReasons=[{"Code": "None"}, {"Code": "TransactionConflict"}]
)
THROTTLED = refuses("ThrottlingException")
DENIED = refuses("AccessDeniedException")
CALLS = ("TransactWriteItems", "GetItem", "Query", "PutItem", "UpdateItem", "DeleteItem", "BatchGetItem")


@pytest.fixture
def engine(ministack_url: str) -> Iterator[Engine]:
    with troubled(ministack_url) as standing:
        yield standing


@pytest.fixture
def office(engine: Engine, ministack_url: str, tmp_path: Path) -> World:
    """An office whose store and files are in the cloud."""
    name = f"lapor-{token_hex(6)}"
    for url in (ministack_url, engine.url):
        store = DynamoStore(name, lambda url=url: client("dynamodb", url))  # type: ignore[misc]
        if url != engine.url:
            make_empty_table(store)
    world = World(tmp_path, store)
    keep_files_in(world, S3Blobs(name, lambda: client("s3", engine.url)))
    world.blobs.prepare()
    return world


def client(service: str, url: str, seconds: float = SECONDS) -> Any:
    """A client that tries once."""
    once = Config(read_timeout=seconds, retries={"mode": "standard", "total_max_attempts": 1})
    return aws.client(service, endpoint_url=url, config=once, **AWS)


def keep_files_in(world: World, blobs: S3Blobs) -> None:
    world.blobs = blobs  # type: ignore[assignment]
    world.converse = Converse(world.store, blobs, world.keys.public, world.directory, lambda: world.today)
    world.__dict__.pop("thread", None)  # made again, with these


def send(world: World, fields: dict[str, str]) -> Any:
    return world.intake.post("/api/reports", json=fields, headers=JSON)


def attach(world: World, receipt: str, key: str) -> Any:
    file = {"receipt": receipt, "file_key": key, "file": (BytesIO(photo()), "a.jpg")}
    return world.thread.post("/api/thread/files", data=file, headers=JSON)


def numbers(world: World) -> list[str]:
    return [head.case_id for head in world.store.page(Scope.INSTANCE, "kutim").heads]


@pytest.mark.parametrize(
    ("trouble", "first"), [(CONFLICT, 201), (THROTTLED, 503), (loses, 503)], ids=["conflict", "throttled", "lost"]
)
def test_whoever_sends_again_after_a_store_in_trouble_has_one_case(
    office: World, engine: Engine, trouble: Any, first: int
) -> None:
    """A conflict is tried again at once; a refusal, or an answer that was lost on the way, is the writer's to repeat."""
    for _ in range(3):
        fields = office.fields()
        engine.troubles["TransactWriteItems"] = each(3, trouble)  # with the first call
        answer = send(office, fields)
        assert answer.status_code == first
        again = send(office, fields)
        assert again.status_code == (201 if trouble is THROTTLED else 200)
        read = office.read(again.get_json()["receipt"])
        assert [message["body"] for message in read["messages"]] == [WORDS]
        assert first == 503 or again.get_json()["receipt"] == answer.get_json()["receipt"]
    engine.troubles.clear()
    assert len(numbers(office)) == 3
    assert office.run_courier() == 3


def test_while_all_is_throttled_every_door_says_so_and_gives_the_words_back(office: World, engine: Engine) -> None:
    receipt, fields = office.report()["receipt"], office.fields()
    desk = office.desk_of("kutim")
    engine.troubles = dict.fromkeys(CALLS, THROTTLED)
    page = office.intake.post("/api/reports", data=fields, headers=HTML)
    assert (page.status_code, WORDS in page.text) == (503, True)
    note = {"receipt": receipt, "body": "Masih gelap.", "message_key": token_hex(8)}
    assert office.post("/api/thread/messages", note).status_code == 503
    assert attach(office, receipt, token_hex(8)).status_code == 503
    assert desk.get("/desk/").status_code == 503
    with pytest.raises(StoreUnavailableError):
        office.run_courier()
    engine.troubles.clear()
    assert send(office, fields).status_code == 201
    assert office.post("/api/thread/messages", note).status_code == 201
    assert [message["body"] for message in office.read(receipt)["messages"]] == [WORDS, "Masih gelap."]


@pytest.mark.every_day(1)
@pytest.mark.parametrize("trouble", [stalls, loses], ids=["slow", "lost"])
def test_a_file_is_acknowledged_once_s3_has_said_that_it_has_it(office: World, engine: Engine, trouble: Any) -> None:
    receipt, key, patient = office.report()["receipt"], token_hex(8), office.blobs
    hurried = S3Blobs(patient.bucket, lambda: client("s3", engine.url, IMPATIENT))  # type: ignore[attr-defined]
    engine.troubles["PutObject"] = trouble
    keep_files_in(office, hurried)
    assert attach(office, receipt, key).status_code == 503
    assert len(office.read(receipt)["messages"]) == 1
    engine.troubles["PutObject"] = delays(0.3)  # slow, and within what a client waits
    keep_files_in(office, patient)  # type: ignore[arg-type]
    assert attach(office, receipt, key).status_code == 201
    assert attach(office, receipt, key).status_code == 201
    (file,) = office.read(receipt)["messages"][1]["files"]
    assert len(office.read(receipt)["messages"]) == 2
    path = f"/api/thread/files/{file['n']}"
    for spoils, blobs in ((stalls, hurried), (halves, patient), (loses, patient)):
        keep_files_in(office, blobs)  # type: ignore[arg-type]
        engine.troubles["GetObject"] = spoils
        assert office.post(path, {"receipt": receipt}).status_code == 503
    engine.troubles.clear()
    assert office.post(path, {"receipt": receipt}).data.startswith(b"\xff\xd8")


@pytest.mark.long
def test_while_kms_denies_reports_come_in_and_the_desk_says_that_it_is_offline(office: World, engine: Engine) -> None:
    """Intake needs no private key. The desk asks KMS again at the next request: no restart is needed."""
    cloud = Cloud(engine.url)
    cloud.prepare()
    cloud.press().generate_all((purpose, each.code) for each in office.directory.instances() for purpose in Purpose)
    reader = cloud.reader()
    office.submit = type(office.submit)(office.store, reader.public, office.directory, lambda: office.today)
    office.seat(Reloading(reader, Purpose.DESK))
    engine.troubles["Decrypt"] = DENIED
    case_id = office.report()["tracking_id"]
    desk, path = office.desk_of("kutim"), f"/desk/cases/{case_id}"
    assert desk.get(path).status_code == 503
    reply = {"agency": "kutim-dpupr", "reason": "Kewenangan dinas."}
    assert desk.post(f"{path}/handover", reply).status_code == 503
    assert office.store.read_head(case_id).version == 1
    engine.troubles.clear()
    assert desk.get(path).get_json()["messages"][0]["body"] == WORDS
    assert desk.post(f"{path}/handover", reply).status_code == 200


def test_what_s3_does_not_have_is_told_from_what_it_does_not_say(office: World, engine: Engine) -> None:
    case_id, name = office.report()["tracking_id"], "0f" * 16
    with pytest.raises(CaseNotFoundError):
        office.blobs.get(case_id, name)
    engine.troubles["GetObject"] = loses
    with pytest.raises(StoreUnavailableError):
        office.blobs.get(case_id, name)
