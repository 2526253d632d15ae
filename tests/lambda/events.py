"""Requests as a function URL, an HTTP API (both payload format 2.0) and a REST API (1.0) send them, with a canary
wherever a person could be seen."""

import base64
import json
from typing import Any

CANARY = "kenari"
ADDRESS = "203.0.113.77"


def request(method: str, path: str, body: bytes = b"", **headers: str) -> dict[str, Any]:
    """A request to a function URL as a browser's would come: everything that AWS adds, and more."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return {
        "version": "2.0",
        "routeKey": f"{CANARY}-route",
        "rawPath": path,
        "rawQueryString": "",
        "cookies": [],
        "headers": {
            "user-agent": f"{CANARY}-agent",
            "x-forwarded-for": ADDRESS,
            "x-forwarded-proto": "https",
            "x-forwarded-port": "443",
            "x-amzn-trace-id": f"Root={CANARY}-trace",
            "referer": f"https://{CANARY}.example.id/",
            "accept-language": f"{CANARY}-lang",
            "sec-ch-ua-model": f"{CANARY}-model",
            "authorization": f"Bearer {CANARY}",
            "cloudfront-viewer-address": f"{ADDRESS}:4711",
            "cloudfront-viewer-city": f"{CANARY}-kota",
            "forwarded": f"for={ADDRESS}",
            "x-lapor-bucket": f"{CANARY}-bucket",
            "traceparent": f"00-{CANARY}-01",
            "host": "lapor.example.id",
            "accept": "application/json",
            **named,
        },
        "queryStringParameters": {"cari": f"{CANARY}-query"},
        "pathParameters": {"p": f"{CANARY}-path"},
        "stageVariables": {"LAPOR_KENARI": f"{CANARY}-stage"},
        "requestContext": {
            "accountId": f"{CANARY}-account",
            "apiId": f"{CANARY}-api",
            "authentication": {"clientCert": {"subjectDN": f"{CANARY}-cert"}},
            "authorizer": {"iam": {"userArn": f"{CANARY}-arn"}},
            "domainName": f"{CANARY}.example.id",
            "requestId": f"{CANARY}-request",
            "stage": f"{CANARY}-stage",
            "time": f"25/Nov/2026:09:41:07 {CANARY}",
            "timeEpoch": 1_795_599_667_123,
            "http": {
                "method": method,
                "path": path,
                "protocol": f"HTTP/1.1 {CANARY}",
                "sourceIp": ADDRESS,
                "userAgent": f"{CANARY}-agent",
            },
        },
        "somethingNew": {"from": f"{CANARY}-new"},
        "isBase64Encoded": bool(body),
        **({"body": base64.b64encode(body).decode()} if body else {}),
    }


def post(path: str, body: dict[str, Any], **headers: str) -> dict[str, Any]:
    return request("POST", path, json.dumps(body).encode(), content_type="application/json", **headers)


def http_api(method: str, path: str, body: bytes = b"", stage: str = "produksi", **headers: str) -> dict[str, Any]:
    """As ``request``, by way of an HTTP API, which puts its stage before the path."""
    event = request(method, f"/{stage}{path}", body, **headers)
    event["routeKey"] = "ANY /{proxy+}"
    event["requestContext"] |= {"stage": stage, "routeKey": "ANY /{proxy+}"}
    return event


def rest(
    method: str, path: str, body: bytes = b"", query: str = "", cookie: str = "", **headers: str
) -> dict[str, Any]:
    """As ``request``, by way of a REST API: another shape, headers in capitals, queries taken apart."""
    event = request(method, path, body, **headers)
    named = {name.title(): value for name, value in event["headers"].items()}
    named["Cookie"] = f"{CANARY}={CANARY}-cookie; {cookie}"
    parameters = dict(pair.split("=") for pair in query.split("&") if pair) | {"cari": f"{CANARY}-query"}
    return {
        "resource": "/{proxy+}",
        "path": path,
        "httpMethod": method,
        "headers": named,
        "multiValueHeaders": {name: [value] for name, value in named.items()},
        "queryStringParameters": parameters,
        "multiValueQueryStringParameters": {name: [value] for name, value in parameters.items()},
        "pathParameters": {"proxy": f"{CANARY}-path"},
        "stageVariables": {"LAPOR_KENARI": f"{CANARY}-stage"},
        "requestContext": {
            "accountId": f"{CANARY}-account",
            "apiId": f"{CANARY}-api",
            "authorizer": {"principalId": f"{CANARY}-principal"},
            "domainName": f"{CANARY}.example.id",
            "extendedRequestId": f"{CANARY}-extended",
            "httpMethod": method,
            "identity": {
                "cognitoIdentityId": f"{CANARY}-identity",
                "caller": f"{CANARY}-caller",
                "sourceIp": ADDRESS,
                "user": f"{CANARY}-user",
                "userAgent": f"{CANARY}-agent",
                "userArn": f"{CANARY}-arn",
            },
            "path": f"/{CANARY}-stage{path}",
            "protocol": "HTTP/1.1",
            "requestId": f"{CANARY}-request",
            "requestTime": f"25/Nov/2026:09:41:07 {CANARY}",
            "requestTimeEpoch": 1_795_599_667_123,
            "stage": f"{CANARY}-stage",
        },
        "isBase64Encoded": event["isBase64Encoded"],
        "body": event.get("body"),
    }
