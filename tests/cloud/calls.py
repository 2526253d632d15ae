"""A call of boto3 as IAM sees it: actions, resources, and the keys that conditions look at."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.cloud.stacks import ACCOUNT, ENV, REGION

TABLE = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/"
FIRST_KEY = re.compile(r"\s*#?\w+ = (:\w+)")


@dataclass(frozen=True)
class Ask:
    """One thing that is asked for."""

    action: str
    resource: str
    context: Mapping[str, str | list[str]] = field(default_factory=dict)


def asks(service: str, operation: str, params: Mapping[str, Any]) -> list[Ask]:
    """What a call asks for. Fails on a call that is not known here rather than let it pass."""
    return list(READERS[service](operation, params))


def _table(params: Mapping[str, Any]) -> str:
    index = params.get("IndexName")
    return TABLE + params["TableName"] + (f"/index/{index}" if index else "")


def _ask(action: str, resource: str, keys: list[str], params: Mapping[str, Any]) -> Ask:
    context: dict[str, str | list[str]] = {"dynamodb:LeadingKeys": keys}
    if "ReturnValues" in params:
        context["dynamodb:ReturnValues"] = params["ReturnValues"]
    if "ProjectionExpression" in params:  # the key's own attributes are named in every request
        names = params.get("ExpressionAttributeNames", {})
        chosen = [names.get(each.strip(), each.strip()) for each in params["ProjectionExpression"].split(",")]
        context["dynamodb:Attributes"] = ["PK", "SK", *chosen]
    return Ask(f"dynamodb:{action}", resource, context)


def _dynamodb(operation: str, params: Mapping[str, Any]) -> Iterator[Ask]:
    if operation in ("GetItem", "UpdateItem", "DeleteItem", "PutItem"):
        item = params["Item" if operation == "PutItem" else "Key"]
        yield _ask(operation, _table(params), [item["PK"]["S"]], params)
    elif operation == "Query":
        found = FIRST_KEY.match(params["KeyConditionExpression"])
        assert found, params["KeyConditionExpression"]
        yield _ask(operation, _table(params), [params["ExpressionAttributeValues"][found[1]]["S"]], params)
    elif operation == "BatchGetItem":
        for name, request in params["RequestItems"].items():
            yield _ask(operation, TABLE + name, [key["PK"]["S"] for key in request["Keys"]], {})
    elif operation == "BatchWriteItem":
        for name, requests in params["RequestItems"].items():
            items = [r["PutRequest"]["Item"] if "PutRequest" in r else r["DeleteRequest"]["Key"] for r in requests]
            yield _ask(operation, TABLE + name, [item["PK"]["S"] for item in items], {})
    elif operation == "TransactWriteItems":  # no action of its own: each part is its single action
        for part in params["TransactItems"]:
            ((kind, write),) = part.items()
            yield from _dynamodb(f"{kind}Item", write)
    else:
        assert operation in ("Scan", "DescribeTable", "DeleteTable"), operation
        yield Ask(f"dynamodb:{operation}", _table(params))


def _s3(operation: str, params: Mapping[str, Any]) -> Iterator[Ask]:
    bucket = f"arn:aws:s3:::{params['Bucket']}"
    if operation in ("ListObjectVersions", "ListObjectsV2"):
        prefix = {"s3:prefix": params["Prefix"]} if "Prefix" in params else {}
        yield Ask("s3:ListBucketVersions" if operation == "ListObjectVersions" else "s3:ListBucket", bucket, prefix)
    elif operation == "DeleteObjects":
        for each in params["Delete"]["Objects"]:  # that one needs both for a version, AWS says
            yield Ask("s3:DeleteObject", f"{bucket}/{each['Key']}")
            if "VersionId" in each:
                yield Ask("s3:DeleteObjectVersion", f"{bucket}/{each['Key']}")
    elif operation == "DeleteObject" and "VersionId" in params:
        yield Ask("s3:DeleteObjectVersion", f"{bucket}/{params['Key']}")
    else:
        yield Ask(f"s3:{'GetObject' if operation == 'HeadObject' else operation}", f"{bucket}/{params['Key']}")


def _kms(operation: str, params: Mapping[str, Any]) -> Iterator[Ask]:
    """The key by its alias: ``resolve`` makes its ARN of it."""
    context = {f"kms:EncryptionContext:{name}": value for name, value in params.get("EncryptionContext", {}).items()}
    yield Ask(f"kms:{operation}", params["KeyId"], context)


def _sesv2(operation: str, params: Mapping[str, Any]) -> Iterator[Ask]:
    domain = params["FromEmailAddress"].rpartition("@")[2]
    about = {"ses:FromAddress": params["FromEmailAddress"]}
    for resource in (f"identity/{domain}", f"configuration-set/lapor-{ENV}"):  # the identity's own, by default
        yield Ask("ses:SendRawEmail", f"arn:aws:ses:{REGION}:{ACCOUNT}:{resource}", about)


READERS: dict[str, Callable[[str, Mapping[str, Any]], Iterator[Ask]]] = {
    "dynamodb": _dynamodb,
    "s3": _s3,
    "kms": _kms,
    "sesv2": _sesv2,
}
