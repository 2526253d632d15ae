"""The emulator of AWS with rights that look at DynamoDB's own condition keys as well: ``dynamodb:LeadingKeys`` and
``dynamodb:ReturnValues``, for each part of a transaction its own. By itself it lets pass whatever they forbid.

Its own interpreter runs this file, so nothing of ours is imported. Tables have the partition key ``PK``.
"""

import json
import re
import sys
from collections.abc import Callable
from typing import Any

from ministack.app import main
from ministack.core import iam_actions, iam_evaluator

FIRST_KEY = re.compile(r"\s*#?\w+ = (:\w+)")
Request = dict[str, Any]
its_context: Callable[[bytes], Request] = iam_actions.dynamodb_service_context
its_checks: Callable[..., list[tuple[str, str]]] = iam_actions.dynamodb_transaction_checks
its_enforcing: Callable[..., Any] = iam_evaluator.enforce


class Part(str):
    """The action of one part of a transaction, with the condition keys of that part."""

    __slots__ = ("keys",)
    keys: Request


def keys_of(request: Request) -> Request:
    """The condition keys of one call. A call that names no partition has none."""
    found = [each["PK"]["S"] for each in (request.get("Key"), request.get("Item")) if each]
    if match := FIRST_KEY.match(request.get("KeyConditionExpression", "")):
        found.append(request["ExpressionAttributeValues"][match[1]]["S"])
    for asked in request.get("RequestItems", {}).values():
        if isinstance(asked, dict):
            found += [key["PK"]["S"] for key in asked["Keys"]]
        else:
            found += [
                (w["PutRequest"]["Item"] if "PutRequest" in w else w["DeleteRequest"]["Key"])["PK"]["S"] for w in asked
            ]
    keys: Request = {"dynamodb:LeadingKeys": found} if found else {}
    return keys | ({"dynamodb:ReturnValues": request["ReturnValues"]} if "ReturnValues" in request else {})


def context(body: bytes) -> Request:
    """In the place of ``dynamodb_service_context``."""
    return its_context(body) | keys_of(json.loads(body or b"{}"))


def checks(action: str, body: bytes, region: str, account: str) -> list[tuple[str, str]]:
    """In the place of ``dynamodb_transaction_checks``: one check for each part, in their order."""
    made = its_checks(action, body, region, account)
    parts = [request for part in json.loads(body or b"{}").get("TransactItems", []) for request in part.values()]
    told = []
    for (single, arn), request in zip(made, parts, strict=bool(made)):
        part = Part(single)
        part.keys = keys_of(request)
        told.append((part, arn))
    return told


def enforce(access_key: str, action: str, *rest: Any, **named: Any) -> Any:
    """In the place of ``enforce``."""
    if isinstance(action, Part):
        named["service_context"] = {**(named.get("service_context") or {}), **action.keys}
    return its_enforcing(access_key, action, *rest, **named)


iam_actions.dynamodb_service_context = context
iam_actions.dynamodb_transaction_checks = checks
iam_evaluator.enforce = enforce

if __name__ == "__main__":
    sys.exit(main())
