"""What the DynamoDB engine makes of answers that no emulator gives on demand."""

from dataclasses import replace

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from functions.storage.dynamodb import calls
from functions.storage.dynamodb.items import LONG
from functions.storage.dynamodb.outbox import entry_item
from functions.storage.dynamodb.store import DynamoStore
from functions.storage.dynamodb.table import INDEXES
from functions.storage.interface import (
    Scope,
    StorageError,
    StoreUnavailableError,
)
from tests.storage.examples import (
    UNIT,
    buried,
    following,
    make_entry,
    make_event,
    make_head,
    make_identity,
    make_use,
    new_id,
)


class Scripted:
    """A client that answers with what it was given, one after the other, errors raised."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.calls = []

    def __getattr__(self, operation):
        def call(**arguments):
            self.calls.append((operation, arguments))
            answer = self.answers.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return answer

        return call


def refused(code, status=400, **further):
    response = {"Error": {"Code": code, "Message": "m"}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(response | further, "Call")


def cancelled(*codes):
    return refused("TransactionCanceledException", CancellationReasons=[{"Code": code} for code in codes])


@pytest.fixture
def scripted(monkeypatch):
    monkeypatch.setattr(calls.time, "sleep", lambda _: None)

    def make(*answers):
        client = Scripted(*answers)
        return DynamoStore("lapor", lambda: client), client

    return make


def test_the_client_is_made_once_and_late():
    made = []

    def factory():
        made.append(Scripted({"Items": []}, {"Items": []}))
        return made[-1]

    store = DynamoStore("lapor", factory)
    assert made == []
    store.page(Scope.HOLDER, UNIT)
    store.page(Scope.HOLDER, UNIT)
    assert len(made) == 1


def test_a_conflict_between_transactions_is_tried_again(scripted):
    conflicts = [cancelled("None", "TransactionConflict"), refused("TransactionConflictException")]
    store, client = scripted(*conflicts, {})
    store.create_case(make_head(), [make_event()], [])
    assert len(client.calls) == 3


def test_conflicts_without_end_are_unavailable(scripted):
    store, client = scripted(*[cancelled("TransactionConflict")] * calls.TRIES)
    with pytest.raises(StoreUnavailableError):
        store.create_case(make_head(), [make_event()], [])
    assert len(client.calls) == calls.TRIES


@pytest.mark.parametrize(
    "error",
    [
        refused("ThrottlingException"),
        refused("ProvisionedThroughputExceededException"),
        refused("ResourceNotFoundException"),
        refused("Whatever", status=503),
        cancelled("ThrottlingError", "None"),
        EndpointConnectionError(endpoint_url="http://127.0.0.1:9"),
    ],
    ids=str,
)
def test_an_engine_out_of_reach_is_unavailable(scripted, error):
    store, _ = scripted(error)
    with pytest.raises(StoreUnavailableError):
        store.append(following(make_head()), 1)


@pytest.mark.parametrize(
    "error", [refused("ValidationException"), refused("AccessDeniedException"), cancelled("ValidationError")], ids=str
)
def test_what_no_repetition_mends_is_an_error(scripted, error):
    store, client = scripted(error)
    with pytest.raises(StorageError) as caught:
        store.append(following(make_head()), 1)
    assert type(caught.value) is StorageError
    assert len(client.calls) == 1


def wire(case_id, events, version):
    head = make_head(case_id=case_id, version=version)
    store, client = DynamoStore("lapor", lambda: client), Scripted({})
    store.create_case(replace(head, version=events), [make_event(n) for n in range(1, events + 1)], [])
    items = [put["Put"]["Item"] for put in client.calls[0][1]["TransactItems"]]
    items[0]["version"] = {"N": str(version)}
    return {"Items": [*items[1:], items[0]]}


def test_a_query_that_saw_half_a_transaction_is_put_right(scripted):
    case_id = new_id()
    store, client = scripted(wire(case_id, events=1, version=2), wire(case_id, events=2, version=2))
    assert len(store.read_case(case_id).events) == 2  # the head was ahead: read again
    assert len(client.calls) == 2
    store, client = scripted(wire(case_id, events=3, version=2))
    assert [event.n for event in store.read_case(case_id).events] == [1, 2]  # an event was ahead: not yet there
    store, client = scripted(*[wire(case_id, events=1, version=2)] * 4)
    with pytest.raises(StoreUnavailableError):
        store.read_case(case_id)


def test_a_full_answer_goes_on_with_the_next_page(scripted):
    one = wire(new_id(), 1, 1)["Items"][-1]
    store, _ = scripted({"Items": [one], "LastEvaluatedKey": {"PK": one["PK"]}})
    page = store.page(Scope.HOLDER, UNIT, limit=20)
    assert len(page.heads) == 1
    assert page.next


def test_the_rest_of_a_batch_is_asked_for_and_never_taken_for_unrevoked(scripted):
    row = {"subject": {"S": "link:a"}, "before": {"N": "5"}}
    rest = {"lapor": {"Keys": [{"PK": {"S": "REVOKED#link:b"}}]}}
    store, client = scripted({"Responses": {"lapor": [row]}, "UnprocessedKeys": rest}, {"Responses": {}})
    assert store.revoked(["link:a", "link:b"]) == {"link:a": 5}
    assert client.calls[1][1]["RequestItems"] == rest
    store, client = scripted(*[{"Responses": {}, "UnprocessedKeys": rest}] * 5)
    with pytest.raises(StoreUnavailableError):
        store.revoked(["link:a", "link:b"])


def test_a_refusal_that_does_not_show_what_stands_is_tried_again_later(scripted):
    store, _ = scripted(cancelled("ConditionalCheckFailed", "None"))
    with pytest.raises(StoreUnavailableError):
        store.create_case(make_head(), [make_event()], [])


def test_the_rest_of_a_shredding_is_asked_for_until_nothing_is_left(scripted):
    head = make_head(version=3)

    def rest(*numbers):
        keys = [{"PK": {"S": f"CASE#{head.case_id}"}, "SK": {"S": f"E#{n:06d}"}} for n in numbers]
        return {"UnprocessedItems": {"lapor": [{"DeleteRequest": {"Key": key}} for key in keys]}}

    store, client = scripted({}, rest(2, 3), rest(3), {"UnprocessedItems": {}})
    store.shred(buried(head), 3)
    assert [operation for operation, _ in client.calls[1:]] == ["batch_write_item"] * 3
    asked = [arguments["RequestItems"]["lapor"] for _, arguments in client.calls[1:4]]
    assert [len(requests) for requests in asked] == [4, 2, 1]  # the tombstone counts itself: one that never was
    store, client = scripted({}, *[rest(2)] * calls.TRIES)
    with pytest.raises(StoreUnavailableError):
        store.shred(buried(head), 3)
    assert len(client.calls) == 1 + calls.TRIES


def test_a_claim_tells_the_count_that_stands_not_the_one_the_index_had(scripted):
    stale = entry_item(make_entry(count=1))
    store, _ = scripted({"Items": [stale]}, {"Attributes": stale | {"count": {"N": "5"}}})
    assert [entry.count for entry in store.claim("w", 494_000)] == [5]


def test_items_hold_no_more_than_the_records_and_the_keys():
    items = wire(new_id(), 1, 1)["Items"]
    store, client = DynamoStore("lapor", lambda: client), Scripted({}, {}, {})
    store.enqueue(make_entry())
    store.use_link(make_use())
    items += [call[1]["Item"] for call in client.calls]
    store.write_identity(make_identity())
    items.append(client.calls[-1][1]["TransactItems"][0]["Put"]["Item"])
    from functions.casework.case import CaseHead, Event
    from functions.casework.sealed_identity import Identity
    from functions.storage.interface import LinkUse, OutboxEntry
    from functions.storage.records import names

    for kind, item in zip((Event, CaseHead, OutboxEntry, LinkUse, Identity), items, strict=True):
        keys = {"PK", "SK", "at_holder", "at_instance", "place", "work", "queue", "turn", "gone_after"}
        assert {LONG.get(name, name) for name in set(item) - keys} <= set(names(kind))


def test_prepare_waits_while_the_table_is_being_made(scripted):
    ready = {"Table": {"TableStatus": "ACTIVE", "AttributeDefinitions": []}}
    indexes = [{"IndexName": name, "IndexStatus": "ACTIVE"} for name in INDEXES]
    ready["Table"]["GlobalSecondaryIndexes"] = indexes
    making = {"Table": {"TableStatus": "CREATING", "AttributeDefinitions": []}}
    enabled = {"TimeToLiveDescription": {"TimeToLiveStatus": "ENABLED"}}
    # Somebody else was faster: that is as well.
    filled = {"Item": {"PK": {"S": "FILLED#work"}}}
    store, client = scripted(
        refused("ResourceNotFoundException"), refused("ResourceInUseException"), making, ready, ready, enabled, filled
    )
    store.prepare()
    assert [operation for operation, _ in client.calls][:4] == [
        "describe_table",
        "create_table",
        "describe_table",
        "describe_table",
    ]
    store, _ = scripted(refused("ResourceNotFoundException"), refused("AccessDeniedException"))
    with pytest.raises(StorageError, match="AccessDenied"):
        store.prepare()
    store, _ = scripted(refused("ThrottlingException"))
    with pytest.raises(StoreUnavailableError):
        store.prepare()
