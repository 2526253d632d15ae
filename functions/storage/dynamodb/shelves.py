"""Pages from the shelves of the table's indexes (``items`` says what a shelf is). Each function is one query."""

from typing import Any

from functions.storage.dynamodb.calls import DynamoCalls, Item, pack
from functions.storage.dynamodb.table import INDEXES


def shelf_page(calls: DynamoCalls, index: str, shelf: str, span: tuple[str, str], limit: int) -> tuple[list[Item], str]:
    """Return the first ``limit`` items of a shelf within a span of places, and the place to go on after, "" if there
    are no more."""
    if span[0] > span[1]:  # which DynamoDB refuses
        return [], ""
    answer = _query_between(calls, index, shelf, span, limit + 1, forward=True)
    items = answer["Items"]
    # Fewer than asked for and yet more to come: the answer was full (1 MB).
    more = len(items) > limit or (len(items) < limit and "LastEvaluatedKey" in answer)
    return items[:limit], items[:limit][-1][INDEXES[index][1]]["S"] if more else ""


def shelf_between(
    calls: DynamoCalls, index: str, shelf: str, span: tuple[str, str], limit: int
) -> tuple[list[Item], bool]:
    """Return the first ``limit`` items of a shelf within a span of places. The flag is True if the answer was full (1
    MB) before it had them all."""
    answer = _query_between(calls, index, shelf, span, limit, forward=True)
    items = list(answer["Items"])
    return items, len(items) < limit and "LastEvaluatedKey" in answer


def shelf_backwards(calls: DynamoCalls, index: str, shelf: str, span: tuple[str, str], limit: int) -> list[Item]:
    """Return the last ``limit`` items of a shelf within a span of places, the last one first."""
    return list(_query_between(calls, index, shelf, span, limit, forward=False)["Items"])


def _query_between(
    calls: DynamoCalls, index: str, shelf: str, span: tuple[str, str], limit: int, *, forward: bool
) -> dict[str, Any]:
    return calls.on_table(
        "query",
        IndexName=index,
        KeyConditionExpression="#shelf = :shelf AND #place BETWEEN :low AND :high",
        ExpressionAttributeNames=dict(zip(("#shelf", "#place"), INDEXES[index], strict=True)),
        ExpressionAttributeValues=pack({":shelf": shelf, ":low": span[0], ":high": span[1]}),
        ScanIndexForward=forward,
        Limit=limit,
    )
