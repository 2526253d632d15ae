"""Registers in DynamoDB.

An item holds 400 KB at most, so a body is stored in several parts, under names that are new for each writing. The
parts are written first. Then the pointers of all registers change in one transaction, from which the new state counts.
Last, parts that no pointer names are removed. A writing that is cut short leaves the old state readable, and parts that
the next writing removes.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from secrets import token_hex
from typing import Any

from functions.storage.dynamodb.calls import ConditionFailedError, DynamoPart, Item, absent, pack, value_of
from functions.storage.dynamodb.outbox import entry_item
from functions.storage.interface import (
    OutboxEntry,
    Register,
    StorageError,
    StoreUnavailableError,
    VersionConflictError,
)

PART_BYTES = 300_000
TORN_READS = 4
POINTER = "POINTER"


class DynamoRegisters(DynamoPart):
    """``interface.Registers`` on a DynamoDB table."""

    def read_register(self, name: str) -> Register | None:
        """Read the pointer, then the parts in one query for each megabyte. If a writing comes between the two, both are
        read again."""
        for _ in range(TORN_READS):
            pointer = self._pointer(name)
            if pointer is None:
                return None
            parts = list(self._register_parts(name, pointer["parts_at"]["S"]))
            if len(parts) == int(pointer["parts"]["N"]):
                body = b"".join(bytes(part["body"]["B"]) for part in parts)
                return Register(name, int(pointer["version"]["N"]), body)
        raise StoreUnavailableError("the register is being written to")

    def register_version(self, name: str) -> int:
        """Return the register's version, 0 if there is none."""
        pointer = self._pointer(name)
        return int(pointer["version"]["N"]) if pointer else 0

    def write_registers(self, registers: Sequence[Register], outbox: Sequence[OutboxEntry] = ()) -> None:
        """Write the parts, then all pointers and notices in one transaction, then remove the old parts. Raises
        VersionConflictError."""
        if not registers and not outbox:
            return  # DynamoDB takes no empty transaction
        written = {register.name: f"{_version(register.version)}#{token_hex(8)}" for register in registers}
        try:
            pointers = [self._put_parts(register, written[register.name]) for register in registers]
            notices = [{"Item": entry_item(entry)} for entry in outbox]
            self.calls.transact([{"Put": put} for put in (*pointers, *notices)])
        except ConditionFailedError as error:
            for name, at in written.items():
                with suppress(StorageError):  # the next writing removes them
                    self._remove_parts(name, at, f"{at}~")
            raise VersionConflictError(registers[error.index].name) from None
        for register in registers:
            # A part of a later version belongs to somebody who is writing just now.
            with suppress(StorageError):
                self._remove_parts(register.name, "V#", _version(register.version + 1), keep=written[register.name])

    def _put_parts(self, register: Register, at: str) -> dict[str, Any]:
        """Write the parts of a body, and return the Put of the pointer to them."""
        bodies = [register.body[start : start + PART_BYTES] for start in range(0, len(register.body), PART_BYTES)]
        for number, body in enumerate(bodies):
            self.calls.on_table("put_item", Item=_key(register.name, f"{at}#{number:04d}") | pack({"body": body}))
        pointer = pack({"version": register.version, "parts_at": at, "parts": len(bodies)})
        item = _key(register.name, POINTER) | pointer
        if register.version == 1:
            return absent(item)
        return {
            "Item": item,
            "ConditionExpression": "#version = :before",
            "ExpressionAttributeNames": {"#version": "version"},
            "ExpressionAttributeValues": {":before": value_of(register.version - 1)},
        }

    def _pointer(self, name: str) -> Item | None:
        answer = self.calls.on_table("get_item", Key=_key(name, POINTER), ConsistentRead=True)
        pointer: Item | None = answer.get("Item")
        return pointer

    def _register_parts(self, name: str, at: str) -> Iterator[Item]:
        yield from self._register_items(name, f"{at}#", f"{at}#~", ConsistentRead=True)

    def _remove_parts(self, name: str, low: str, high: str, keep: str = POINTER) -> None:
        found = self._register_items(name, low, high, ProjectionExpression="PK, SK")
        self.calls.delete([item for item in found if not item["SK"]["S"].startswith(keep)])

    def _register_items(self, name: str, low: str, high: str, **options: Any) -> Iterator[Item]:
        """Yield the items between two sort keys, in order."""
        further: dict[str, Any] = {}
        while True:
            answer = self.calls.on_table(
                "query",
                KeyConditionExpression="PK = :register AND SK BETWEEN :low AND :high",
                ExpressionAttributeValues=pack({":register": f"REGISTER#{name}", ":low": low, ":high": high}),
                **options,
                **further,
            )
            yield from answer["Items"]
            if "LastEvaluatedKey" not in answer:
                return
            further = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}


def _key(name: str, sort: str) -> Item:
    return pack({"PK": f"REGISTER#{name}", "SK": sort})


def _version(version: int) -> str:
    return f"V#{version:08d}"
