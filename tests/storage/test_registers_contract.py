"""What every engine does with registers, the same on all; and what DynamoDB does to make them whole."""

from secrets import token_bytes, token_hex

import pytest

from functions.storage.dynamodb.calls import DynamoCalls
from functions.storage.dynamodb.registers import PART_BYTES
from functions.storage.interface import Notice, OutboxEntry, Register, StoreUnavailableError, VersionConflictError
from tests.storage.conftest import DYNAMO, ENGINES, PARALLEL
from tests.storage.examples import at_once

everywhere = pytest.mark.parametrize("engine", DYNAMO, indirect=True)
LARGE = 5 * PART_BYTES + 1  # more than one answer of a query holds


def test_a_register_comes_back_as_it_was_put(store):
    assert store.read_register("directory") is None
    assert store.register_version("directory") == 0
    for version, size in enumerate([3, LARGE, PART_BYTES, 0, 10], 1):
        register = Register("directory", version, token_bytes(size))
        store.write_registers([register])
        assert store.read_register("directory") == register
        assert store.register_version("directory") == version
    assert store.read_register("officers") is None


def test_to_write_nothing_is_nothing(store):
    store.write_registers([])
    assert store.register_version("directory") == 0


def test_only_the_next_version_may_follow(store):
    first = Register("directory", 1, b"one")
    for wrong in (2, 7):
        with pytest.raises(VersionConflictError):
            store.write_registers([Register("directory", wrong, b"early")])
    store.write_registers([first])
    for wrong in (1, 3):
        with pytest.raises(VersionConflictError):
            store.write_registers([Register("directory", wrong, b"rival")])
    assert store.read_register("directory") == first


@pytest.mark.parametrize("engine", ENGINES, indirect=True)
@pytest.mark.parametrize("stale", [0, 1])
def test_several_are_put_all_or_none(store, stale):
    store.write_registers([Register("directory", 1, b"d1"), Register("officers", 1, b"o1")])
    second = [Register("directory", 2, b"d2"), Register("officers", 2, b"o2")]
    store.write_registers(second)
    third = [Register("directory", 3, b"d3"), Register("officers", 3, b"o3")]
    third[stale] = Register(third[stale].name, 2, b"stale")
    with pytest.raises(VersionConflictError, match=third[stale].name):
        store.write_registers(third)
    assert [store.read_register(name) for name in ("directory", "officers")] == second


@pytest.mark.parametrize("engine", PARALLEL, indirect=True)
def test_of_several_writers_at_once_one_wins_whole(store):
    store.write_registers([Register("directory", 1, b"first")])
    rivals = [Register("directory", 2, bytes([i]) * LARGE) for i in range(4)]
    answers = at_once(4, lambda i: store.write_registers([rivals[i]]))
    winners = [rivals[i] for i, answer in enumerate(answers) if answer is None]
    assert len(winners) == 1
    assert {type(answer) for answer in answers if answer} == {VersionConflictError}
    assert store.read_register("directory") == winners[0]
    store.write_registers([Register("directory", 3, b"last")])
    assert store.read_register("directory").body == b"last"


def parts(store, watched, name="directory"):
    """The sort keys of all items of a register."""
    pages = (
        watched.client()
        .get_paginator("query")
        .paginate(
            TableName=store.calls.table_name,
            KeyConditionExpression="PK = :pk",
            ExpressionAttributeValues={":pk": {"S": f"REGISTER#{name}"}},
            ProjectionExpression="SK",
        )
    )
    return [item["SK"]["S"] for page in pages for item in page["Items"]]


@everywhere
def test_reading_costs_a_pointer_and_one_query_and_looking_costs_the_pointer(store, watched):
    store.write_registers([Register("directory", 1, token_bytes(2 * PART_BYTES))])
    watched.calls.clear()
    store.register_version("directory")
    assert watched.calls == ["GetItem"]
    watched.calls.clear()
    store.read_register("directory")
    assert watched.calls == ["GetItem", "Query"]


@everywhere
def test_writing_costs_a_call_for_each_part_and_one_transaction(store, watched):
    registers = [Register("directory", 1, token_bytes(2 * PART_BYTES)), Register("officers", 1, b"o")]
    watched.calls.clear()
    store.write_registers(registers)
    assert watched.calls[:4] == ["PutItem", "PutItem", "PutItem", "TransactWriteItems"]
    assert set(watched.calls[4:]) <= {"Query", "BatchWriteItem"}
    watched.calls.clear()
    store.write_registers([Register("directory", 2, b"d"), Register("officers", 2, b"o")])
    assert watched.calls == [*["PutItem"] * 2, "TransactWriteItems", *["Query", "BatchWriteItem"] * 2]


@everywhere
def test_nothing_is_left_of_what_was_replaced_or_refused(store, watched):
    store.write_registers([Register("directory", 1, token_bytes(LARGE))])
    store.write_registers([Register("directory", 2, b"small")])
    assert len(parts(store, watched)) == 2
    with pytest.raises(VersionConflictError):
        store.write_registers([Register("directory", 2, token_bytes(LARGE))])
    assert len(parts(store, watched)) == 2
    assert store.read_register("directory").body == b"small"


@everywhere
@pytest.mark.parametrize("last", [1, 3, 6])
def test_cut_short_before_the_pointer_the_old_state_is_read_and_the_next_writing_tidies(
    store, watched, monkeypatch, last
):
    store.write_registers([Register("directory", 1, b"old")])
    left, on_table = [last], DynamoCalls.on_table

    def failing(self, operation, **arguments):
        if operation == "put_item":
            if not left[0]:
                raise StoreUnavailableError("cut short")
            left[0] -= 1
        return on_table(self, operation, **arguments)

    def cut(*_):
        raise StoreUnavailableError("cut short")

    with monkeypatch.context() as patched:
        patched.setattr(DynamoCalls, "on_table", failing)
        patched.setattr(DynamoCalls, "transact", cut)
        with pytest.raises(StoreUnavailableError):
            store.write_registers([Register("directory", 2, token_bytes(LARGE))])
    assert len(parts(store, watched)) == 2 + last
    assert store.read_register("directory") == Register("directory", 1, b"old")
    store.write_registers([Register("directory", 2, b"new")])
    assert store.read_register("directory").body == b"new"
    assert len(parts(store, watched)) == 2


@everywhere
def test_cut_short_after_the_pointer_the_new_state_is_read_and_the_next_writing_tidies(store, watched, monkeypatch):
    store.write_registers([Register("directory", 1, token_bytes(LARGE))])

    def cut(*_):
        raise StoreUnavailableError("cut short")

    with monkeypatch.context() as patched:
        patched.setattr(DynamoCalls, "delete", cut)
        store.write_registers([Register("directory", 2, b"new")])
    assert len(parts(store, watched)) == 2 + 6
    assert store.read_register("directory").body == b"new"
    store.write_registers([Register("directory", 3, b"newer")])
    assert len(parts(store, watched)) == 2


@everywhere
def test_tidying_spares_what_somebody_is_writing_for_a_later_version(store, watched):
    store.write_registers([Register("directory", 1, b"one")])
    early = {"PK": {"S": "REGISTER#directory"}, "SK": {"S": "V#00000003#ab#0000"}, "body": {"B": b"early"}}
    watched.client().put_item(TableName=store.calls.table_name, Item=early)
    store.write_registers([Register("directory", 2, b"two")])
    assert early["SK"]["S"] in parts(store, watched)


@everywhere
def test_a_reader_overtaken_by_a_writer_reads_again(store, monkeypatch):
    store.write_registers([Register("directory", 1, b"one")])
    found, overtaken = type(store)._register_parts, []

    def late(self, name, at):
        if not overtaken:
            overtaken.append(at)
            store.write_registers([Register("directory", 2, b"two")])
        return found(self, name, at)

    monkeypatch.setattr(type(store), "_register_parts", late)
    assert store.read_register("directory") == Register("directory", 2, b"two")


@everywhere
def test_a_register_whose_parts_are_lost_is_not_read_as_a_smaller_one(store, watched):
    store.write_registers([Register("directory", 1, token_bytes(LARGE))])
    lost = {"PK": {"S": "REGISTER#directory"}, "SK": {"S": parts(store, watched)[-1]}}
    watched.client().delete_item(TableName=store.calls.table_name, Key=lost)
    with pytest.raises(StoreUnavailableError):
        store.read_register("directory")


@pytest.mark.parametrize("engine", ENGINES, indirect=True)
def test_a_notice_is_put_with_the_registers_that_it_tells_of_or_not_at_all(store):
    first, second = (OutboxEntry(token_hex(16), Notice.DIRECTORY_CHANGED, "kutim", "kutim", count=n) for n in (1, 2))
    store.write_registers([Register("directory", 1, b"d1"), Register("changes:kutim", 1, b"c1")], [first])
    assert store.waiting() == (first,)
    with pytest.raises(VersionConflictError, match="changes:kutim"):
        store.write_registers([Register("directory", 2, b"d2"), Register("changes:kutim", 1, b"late")], [second])
    assert store.waiting() == (first,)
    assert store.read_register("directory") == Register("directory", 1, b"d1")
    store.write_registers([Register("directory", 2, b"d2"), Register("changes:kutim", 2, b"c2")], [second])
    assert sorted(entry.count for entry in store.waiting()) == [1, 2]
