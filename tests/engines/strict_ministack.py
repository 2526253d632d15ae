"""The emulator of AWS, made stricter where ours depends on it.

- Rights look at DynamoDB's own condition keys: ``dynamodb:LeadingKeys`` and ``dynamodb:ReturnValues``, for each part of a
  transaction its own. By itself it lets pass whatever they forbid.
- S3 tells CloudFront that a key is not there (404) only if it may list the bucket. By itself it answers 403 to all.
- CloudFront keeps an error for ten seconds, or as long as the distribution says of its status. By itself it keeps nothing.
- CloudFront answers to a distribution's own name and its aliases, and refuses every other (403). By itself it knows no
  alias, and takes a stranger's name for S3's.
- A function's address takes and gives six megabytes, files as base64. By itself it passes on whatever comes.
- A request's headers about its connection do not come to a function, and what it says of its own is renamed. By itself
  it passes both on.
- With ``SES_NEW=true`` SES is that of a new account: in its sandbox, and no identity is confirmed before
  ``PutEmailIdentityDkimAttributes`` says so, which stands for the records being set or the mailed link being followed.
  By itself every identity is confirmed when it is made.

Its own interpreter runs this file, so nothing of ours is imported. Tables have the partition key ``PK``.
"""

import json
import os
import re
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import unquote

from ministack import app
from ministack.app import main
from ministack.core import iam_actions, iam_evaluator
from ministack.services import cloudfront, lambda_svc, s3, ses, ses_v2

FIRST_KEY = re.compile(r"\s*#?\w+ = (:\w+)")
Request = dict[str, Any]
its_context: Callable[[bytes], Request] = iam_actions.dynamodb_service_context
its_checks: Callable[..., list[tuple[str, str]]] = iam_actions.dynamodb_transaction_checks
its_enforcing: Callable[..., Any] = iam_evaluator.enforce
its_fetching: Callable[..., tuple[int, Any, bytes]] = s3.serve_cloudfront_origin_fetch
NO_KEY = b"<Error><Code>NoSuchKey</Code></Error>"
Answer = tuple[int, Any, bytes]
its_viewing: Callable[..., Awaitable[Answer]] = cloudfront.handle_viewer_request
its_label: Callable[[str], str | None] = app._parse_cloudfront_dataplane_host
its_serving: Callable[..., Awaitable[Any]] = app._handle_cloudfront_dataplane_request
its_calling: Callable[..., Awaitable[Answer]] = lambda_svc.handle_function_url_request
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HTTPStatusCodes.html
KEPT_ERRORS = frozenset({400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504})
KEPT_SECONDS = 10
OF_AWS = re.compile(r"(\.amazonaws\.com|\.on\.aws|localhost|127\.0\.0\.1)(:\d+)?$")
MOST_BYTES = 6 * 1024 * 1024  # of a payload, https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
AS_TEXT = re.compile(r"text/|application/(json|xml|javascript|x-www-form-urlencoded)|.*\+(json|xml)")
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html
UNHEARD = frozenset(
    [
        "connection",
        "expect",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "x-real-ip",
    ]
)
# What a function's address writes by itself; the same of a function's own comes under another name (API Gateway's list,
# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html, seen at addresses too).
RENAMED = frozenset(["connection", "content-length", "date", "server", "www-authenticate"])
SES_NEW = os.environ.get("SES_NEW") == "true"
IDENTITY_DKIM = re.compile(r"/v2/email/identities/([^/]+)/dkim")
its_mailing: Callable[..., Awaitable[Answer]] = ses_v2.handle_request
confirmed: set[str] = set()
kept_errors: dict[tuple[str, str], tuple[float, Answer]] = {}


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


def fetch(bucket: str, key: str, *rest: Any, **named: Any) -> tuple[int, Any, bytes]:
    """In the place of ``serve_cloudfront_origin_fetch``."""
    answer = its_fetching(bucket, key, *rest, **named)
    if answer[0] != 403 or key in s3._buckets[bucket]["objects"]:
        return answer
    policy = s3.bucket_policy_for_arn(f"arn:aws:s3:::{bucket}")
    asked = iam_evaluator.EvalContext(
        principal_arn="*",
        principal_type="Service",
        principal_account="",
        action="s3:ListBucket",
        resource_arn=f"arn:aws:s3:::{bucket}",
        region=s3.get_region(),
        service_context={"aws:sourcearn": named.get("source_arn", "")},
    )
    listed = iam_evaluator.evaluate_resource_policy(policy and policy[0], asked, service="cloudfront.amazonaws.com")
    return (404, {"Content-Type": "application/xml"}, NO_KEY) if listed.decision == "Allow" else answer


def seconds_kept(distribution: Request, status: int) -> float:
    """For how long a distribution keeps an answer of this status."""
    if status not in KEPT_ERRORS:
        return 0
    told = cloudfront._find(cloudfront._dist_config_el(distribution), "CustomErrorResponses")
    for each in [] if told is None else told.iter():
        if cloudfront._local_tag_name(each) == "CustomErrorResponse" and cloudfront._text(each, "ErrorCode") == str(
            status
        ):
            return float(cloudfront._text(each, "ErrorCachingMinTTL", str(KEPT_SECONDS)))
    return KEPT_SECONDS


async def view(distribution: Request, method: str, path: str, *rest: Any, **named: Any) -> Answer:
    """In the place of ``handle_viewer_request``."""
    if method not in ("GET", "HEAD"):
        return await its_viewing(distribution, method, path, *rest, **named)
    until, kept = kept_errors.get(place := (distribution["Id"], path), (0.0, (0, {}, b"")))
    if time.monotonic() < until:
        return kept
    answer = await its_viewing(distribution, method, path, *rest, **named)
    if seconds := seconds_kept(distribution, answer[0]):
        kept_errors[place] = time.monotonic() + seconds, answer
    return answer


def named(host: str) -> str | None:
    """In the place of ``_parse_cloudfront_dataplane_host``: the label of a distribution, also by one of its aliases."""
    name = host.partition(":")[0].lower()
    for each in cloudfront._distributions.values():
        if name in cloudfront._get_distribution_aliases(each):
            return str(each["DomainName"].partition(".")[0])
    return its_label(host)


async def serve(host: str, path: str, *rest: Any, **more: Any) -> Any:
    """In the place of ``_handle_cloudfront_dataplane_request``. What comes by HTTPS comes from a visitor."""
    answer = await its_serving(host, path, *rest, **more)
    by_https = rest[3].get("x-forwarded-proto") == "https"
    if answer or not by_https or app._parse_lambda_url(host, path) or OF_AWS.search(host):
        return answer
    return 403, {"Content-Type": "text/html", "Server": "CloudFront"}, b"The request could not be satisfied."


def payload(headers: Any, body: bytes) -> int:
    """The bytes that a body takes in an event or an answer of a function: what is no text is written as base64."""
    kind = next((value for name, value in dict(headers).items() if name.lower() == "content-type"), "")
    return len(body) if AS_TEXT.match(str(kind)) else (len(body) + 2) // 3 * 4


async def call(url: str, method: str, path: str, headers: Any, body: bytes, *rest: Any, **named: Any) -> Answer:
    """In the place of ``handle_function_url_request``."""
    if payload(headers, body) > MOST_BYTES:
        return 413, {"Content-Type": "application/json"}, b'{"Message":null}'
    heard = {name: value for name, value in headers.items() if name.lower() not in UNHEARD}
    status, said, content = await its_calling(url, method, path, heard, body, *rest, **named)
    answer = status, {renamed(name): value for name, value in dict(said).items()}, content
    if payload(answer[1], answer[2]) > MOST_BYTES:
        return 502, {"Content-Type": "application/json"}, b'{"Message":"Internal Server Error"}'
    return answer


def renamed(name: str) -> str:
    """A header of an answer as whoever asked gets it."""
    return f"x-amzn-remapped-{name.lower()}" if name.lower() in RENAMED else name


async def mail(method: str, path: str, headers: Any, body: bytes, query: Any) -> Answer:
    """In the place of SES's ``handle_request``."""
    if (asked := IDENTITY_DKIM.fullmatch(unquote(path))) and method == "PUT":
        confirmed.add(asked[1])
        return 200, {"Content-Type": "application/json"}, b"{}"
    ses._account_details.setdefault("account", {"ProductionAccessEnabled": False})
    for name, each in ses_v2._identities.items():
        each["VerifiedForSendingStatus"] = name in confirmed
    for name, each in ses._identities.items():
        each["VerificationStatus"] = "Success" if name in confirmed else "Pending"
    return await its_mailing(method, path, headers, body, query)


if SES_NEW:
    ses_v2.handle_request = mail
cloudfront.handle_viewer_request = view
app._parse_cloudfront_dataplane_host = named
app._handle_cloudfront_dataplane_request = serve
lambda_svc.handle_function_url_request = call
s3.serve_cloudfront_origin_fetch = fetch
iam_actions.dynamodb_service_context = context
iam_actions.dynamodb_transaction_checks = checks
iam_evaluator.enforce = enforce

if __name__ == "__main__":
    sys.exit(main())
