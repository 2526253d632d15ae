"""Give the cases of an older table their place among their holder's work (``Scope.WORK``).

An index lists only items that have its keys, and an older release wrote none of this one's.
"""

from typing import Any

from functions.storage.dynamodb.calls import ConditionFailedError, DynamoCalls, Item, pack
from functions.storage.dynamodb.items import HEAD, read_head_item, work_keys

MARK = pack({"PK": "FILLED#work", "SK": "FILLED"})  # an item that stands there once all of them have it


def fill_work(calls: DynamoCalls) -> int:
    """Fill in what is missing, once in a table's life. Return how many cases were changed. One that is cut short begins
    again. For ops: no door's role may scan."""
    if calls.on_table("get_item", Key=MARK, ConsistentRead=True).get("Item"):
        return 0
    filled = 0
    further: dict[str, Any] = {}
    while True:
        answer = calls.on_table(
            "scan",
            FilterExpression="SK = :head AND attribute_not_exists(#work)",
            ExpressionAttributeNames={"#work": "work"},
            ExpressionAttributeValues=pack({":head": HEAD}),
            ConsistentRead=True,
            **further,
        )
        filled += sum(_fill(calls, item) for item in answer["Items"])
        if "LastEvaluatedKey" not in answer:
            break
        further = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}
    calls.on_table("put_item", Item=MARK)
    return filled


def _fill(calls: DynamoCalls, item: Item) -> bool:
    """Write the place of one case, unless somebody wrote the case since: then it has one."""
    keys = work_keys(read_head_item(item))
    if not keys:
        return False
    try:
        calls.on_table(
            "update_item",
            Key={name: item[name] for name in ("PK", "SK")},
            UpdateExpression="SET #work = :work",
            ConditionExpression="#version = :version AND attribute_not_exists(#work)",
            ExpressionAttributeNames={"#work": "work", "#version": "version"},
            ExpressionAttributeValues=pack({":work": keys["work"]}) | {":version": item["version"]},
        )
    except ConditionFailedError:
        return False
    return True
