"""What DynamoDB must do beyond the contract: few calls, no boto3 before its time, errors as ours."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from secrets import token_hex

import pytest

from functions.casework.sealed_identity import StepKind
from functions.storage.blobs.s3 import s3_client
from functions.storage.dynamodb.store import DynamoStore, dynamodb_client
from functions.storage.dynamodb.table import INDEXES, table_spec
from functions.storage.interface import (
    CaseExistsError,
    CaseNotFoundError,
    Scope,
    VersionConflictError,
)
from tests.storage.conftest import DYNAMO
from tests.storage.examples import (
    DAY,
    FAR,
    INSTANCE,
    UNIT,
    buried,
    following,
    make_entry,
    make_event,
    make_head,
    make_identity,
    make_use,
    put_case,
    stepped,
)

ROOT = Path(__file__).resolve().parents[2]
HOUR = 494_000
everywhere = pytest.mark.parametrize("engine", DYNAMO, indirect=True)
moto_only = pytest.mark.parametrize("engine", ["moto"], indirect=True)


@everywhere
def test_each_operation_is_one_call(store, watched):
    def calls(work):
        watched.calls.clear()
        work()
        return watched.calls.copy()

    head = make_head()
    entries = [make_entry() for _ in range(2)]
    assert calls(lambda: store.create_case(head, [make_event()], entries)) == ["TransactWriteItems"]
    with pytest.raises(CaseExistsError):
        calls(lambda: store.create_case(head, [make_event()], []))
    assert watched.calls == ["TransactWriteItems"]  # the head that stands came with the refusal
    assert calls(lambda: store.append(following(head, outbox=[make_entry()]), 1)) == ["TransactWriteItems"]
    with pytest.raises(VersionConflictError):
        calls(lambda: store.append(following(head), 1))
    assert watched.calls == ["TransactWriteItems"]
    with pytest.raises(CaseNotFoundError):
        calls(lambda: store.append(following(make_head()), 1))
    assert watched.calls == ["TransactWriteItems"]
    assert calls(lambda: store.read_case(head.case_id)) == ["Query"]
    assert calls(lambda: store.page(Scope.HOLDER, UNIT)) == ["Query"]
    assert calls(lambda: store.rewrap(head.case_id, "desk-1", "desk-2", b"w")) == ["UpdateItem"]
    assert calls(lambda: store.enqueue(make_entry())) == ["PutItem"]
    assert calls(lambda: store.claim("w", HOUR, limit=2))[0] == "Query"
    assert watched.calls[1:] == ["UpdateItem"] * 2
    use = make_use()
    assert calls(lambda: store.use_link(use)) == ["PutItem"]
    assert calls(lambda: store.use_link(replace(use, secret_hash=b"another"))) == ["PutItem"]
    assert calls(lambda: store.read_link_use(use.link_id)) == ["GetItem"]
    assert calls(lambda: store.revoked(["link:a", "officer:b", "agency:c"])) == ["BatchGetItem"]


@everywhere
def test_an_identity_and_a_digest_cost_no_call_more(store, watched):
    def calls(work):
        watched.calls.clear()
        work()
        return watched.calls.copy()

    head = make_head(quarantined=True)
    identity = make_identity(case_id=head.case_id)
    asked = stepped(identity, StepKind.ASKED)
    objected = stepped(asked, StepKind.OBJECTED)
    change = following(head, outbox=[make_entry()])._replace(identity=objected)
    assert calls(lambda: store.create_case(head, [make_event()], [], identity)) == ["TransactWriteItems"]
    assert calls(lambda: store.tally(make_entry(count=1))) == ["UpdateItem"]
    assert calls(lambda: store.page(Scope.QUARANTINE, UNIT)) == ["Query"]
    assert calls(lambda: store.read_head(head.case_id)) == ["GetItem"]
    assert calls(lambda: store.read_identity(head.case_id)) == ["GetItem"]
    assert calls(lambda: store.write_identity(asked, [make_entry()])) == ["TransactWriteItems"]
    assert calls(lambda: store.page_identities(INSTANCE)) == ["Query"]
    assert calls(lambda: store.append(change, 1)) == ["TransactWriteItems"]
    assert calls(lambda: store.closed_before(INSTANCE, DAY)) == ["Query"] * 4


@everywhere
@pytest.mark.parametrize(("events", "batches"), [(1, 1), (24, 1), (60, 3)])
def test_shredding_reads_nothing_and_takes_a_call_for_25_events(store, watched, events, batches):
    head = make_head(version=events)
    store.create_case(head, [make_event(n) for n in range(1, events + 1)], [])
    watched.calls.clear()
    store.shred(buried(head), events, [make_entry()])
    store.finish(buried(head))
    assert watched.calls == ["TransactWriteItems", *["BatchWriteItem"] * batches, "UpdateItem"]


@moto_only
def test_an_identity_lies_in_a_partition_and_on_a_shelf_of_its_own(store, watched):
    # The custody door's role is confined to them by the keys' beginnings.
    identity = make_identity()
    store.write_identity(identity)
    key = {"PK": {"S": f"ID#{identity.case_id}"}, "SK": {"S": "IDENTITY"}}
    item = watched.client().get_item(TableName=store.calls.table_name, Key=key)["Item"]
    assert item["at_holder"]["S"] == f"custody#{INSTANCE}"
    assert "at_instance" not in item
    watched.bodies.clear()
    store.page_identities(INSTANCE)
    assert f'"custody#{INSTANCE}"' in watched.bodies[0]


@moto_only
def test_a_notice_of_an_older_release_reads_with_what_was_meant(store, watched):
    entry = make_entry()
    store.enqueue(entry)
    client, table = watched.client(), {"TableName": store.calls.table_name}
    key = {"PK": {"S": f"OUT#{entry.entry_id}"}, "SK": {"S": "ENTRY"}}
    names = {"ExpressionAttributeNames": {"#count": "count"}}
    client.update_item(**table, Key=key, UpdateExpression="REMOVE #count", **names)
    assert [claimed.count for claimed in store.claim("w", HOUR)] == [0]


@everywhere
def test_an_idle_courier_costs_one_query(store, watched):
    assert store.claim("w", HOUR) == ()
    assert watched.calls == ["Query"]


@everywhere
def test_a_case_beyond_one_answer_is_read_whole(store, watched):
    head = put_case(store)
    for _ in range(4):
        change = following(head)
        change = change._replace(events=(make_event(change.head.version, sealed=bytes(300_000)),))
        store.append(change, head.version)
        head = change.head
    watched.calls.clear()
    assert len(store.read_case(head.case_id).events) == 5
    assert watched.calls in (["Query"], ["Query", "Query"])  # not every emulator stops at 1 MB


@everywhere
def test_prepare_makes_all_indexes_and_the_ttl(watched):
    store = DynamoStore(f"lapor-{token_hex(6)}", watched.client)
    store.prepare()
    assert store.unprepared() == ""
    client = watched.client()
    table = client.describe_table(TableName=store.calls.table_name)["Table"]
    assert table["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
    assert {index["IndexName"] for index in table["GlobalSecondaryIndexes"]} == set(INDEXES)
    ttl = client.describe_time_to_live(TableName=store.calls.table_name)["TimeToLiveDescription"]
    assert (ttl["TimeToLiveStatus"], ttl["AttributeName"]) == ("ENABLED", "gone_after")


@moto_only
def test_prepare_adds_an_index_to_an_older_table(watched):
    client = watched.client()
    spec = table_spec()
    spec["GlobalSecondaryIndexes"] = spec["GlobalSecondaryIndexes"][:1]
    used = {"PK", "SK", *INDEXES["by_holder"]}
    spec["AttributeDefinitions"] = [d for d in spec["AttributeDefinitions"] if d["AttributeName"] in used]
    client.create_table(TableName="older", **spec)
    store = DynamoStore("older", watched.client)
    assert (
        store.unprepared()
        == "older lacks index by_instance, index by_escalated, index by_second, index by_assigned, index by_asked, index by_work, index by_turn, time to live"
    )
    assert DynamoStore("none", watched.client).unprepared() == "there is no table none"
    store.prepare()
    assert store.unprepared() == ""
    head = put_case(store)
    assert store.page(Scope.INSTANCE, head.instance).heads == (head,)
    store.enqueue(make_entry())
    assert len(store.claim("w", HOUR)) == 1


@moto_only
def test_a_used_link_goes_on_a_day_after_its_link_has_expired(store, watched):
    use = make_use(expires=FAR + 12_345)
    store.use_link(use)
    key = {"PK": {"S": f"LINK#{use.link_id}"}, "SK": {"S": "USE"}}
    gone = int(watched.client().get_item(TableName=store.calls.table_name, Key=key)["Item"]["gone_after"]["N"])
    assert gone % 86400 == 0
    assert 40 * 86400 < gone - use.expires <= 41 * 86400


def test_importing_loads_no_boto3():
    modules = "functions.storage.dynamodb.store, functions.storage.blobs.s3, functions.storage.sqlite.store, functions.storage.blobs.folder"
    code = f"import sys, {modules}; print([m for m in sys.modules if m.partition('.')[0] in ('boto3', 'botocore')])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("make", [dynamodb_client, s3_client])
def test_clients_go_where_the_environment_says_and_do_not_wait_for_ever(make, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "ap-southeast-3")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "invented")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "invented")
    client = make()
    assert (client.meta.endpoint_url, client.meta.region_name) == ("http://127.0.0.1:9", "ap-southeast-3")
    assert client.meta.config.connect_timeout <= 2
    assert client.meta.config.read_timeout <= 20
