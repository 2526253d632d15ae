"""Pages from the shelves of the table's indexes (``items`` says what a shelf is). Each function is one query."""

from typing import Any

from functions.storage.dynamodb.calls import DynamoCalls, Item, pack
from functions.storage.dynamodb.table import INDEXES

# All places sort after it: an index key may not be compared with the empty text.
BEFORE_ALL_PLACES = "0"


def shelf_page(calls: DynamoCalls, index: str, shelf: str, last: str, limit: int) -> tuple[list[Item], str]:
    """Return up to ``limit`` items of a shelf after the place ``last``, and the place to go on after, "" if there are
    no more."""
    answer = calls.on_table(
        "query",
        IndexName=index,
        KeyConditionExpression="#shelf = :shelf AND #place > :last",
        ExpressionAttributeNames={"#shelf": INDEXES[index][0], "#place": "place"},
        ExpressionAttributeValues=pack({":shelf": shelf, ":last": last or BEFORE_ALL_PLACES}),
        Limit=limit + 1,
    )
    items = answer["Items"]
    # Fewer than asked for and yet more to come: the answer was full (1 MB).
    more = len(items) > limit or (len(items) < limit and "LastEvaluatedKey" in answer)
    return items[:limit], items[:limit][-1]["place"]["S"] if more else ""


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
        ExpressionAttributeNames={"#shelf": INDEXES[index][0], "#place": "place"},
        ExpressionAttributeValues=pack({":shelf": shelf, ":low": span[0], ":high": span[1]}),
        ScanIndexForward=forward,
        Limit=limit,
    )
