"""The emulator is as strict as AWS where it was too kind by itself: errors are kept, payloads end at six megabytes."""

import io
import json
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest

from tests.cloud.cloud import Cloud
from tests.cloud.edge import OPENER
from tests.engines import ministack

MB = 1024 * 1024
BUCKET = "sebuah-portal"
ANSWERS = """
def answer(event, context):
    many = int(event.get("queryStringParameters", {}).get("signs", 0))
    return {"statusCode": 200, "headers": {"Content-Type": "text/plain"}, "body": "x" * many}
"""


@pytest.fixture(scope="module")
def cloud() -> Iterator[Cloud]:
    with ministack.serve() as endpoint:
        yield Cloud(endpoint)


def ask(cloud: Cloud, host: str, path: str, body: bytes | None = None, kind: str = "image/jpeg") -> int:
    """The status of the answer."""
    headers = {"Host": host, "Content-Type": kind, "X-Forwarded-Proto": "https"}
    try:
        with OPENER.open(urllib.request.Request(f"{cloud.endpoint}{path}", body, headers), timeout=60) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def distribution(cloud: Cloud, name: str, errors: list[dict[str, Any]]) -> str:
    """The host of a distribution of the bucket."""
    origin = {
        "Id": "o",
        "DomainName": f"{BUCKET}.s3.ap-southeast-3.amazonaws.com",
        "S3OriginConfig": {"OriginAccessIdentity": ""},
    }
    config = {
        "CallerReference": name,
        "Comment": name,
        "Enabled": True,
        "Origins": {"Quantity": 1, "Items": [origin]},
        "CustomErrorResponses": {"Quantity": len(errors), "Items": errors},
        "DefaultCacheBehavior": {
            "TargetOriginId": "o",
            "ViewerProtocolPolicy": "https-only",
            "CachePolicyId": "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",  # AWS's own: nothing is cached
        },
    }
    made = cloud.client("cloudfront").create_distribution(DistributionConfig=config)
    return str(made["Distribution"]["DomainName"])


def test_an_error_is_kept_unless_the_distribution_says_otherwise(cloud: Cloud) -> None:
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "ap-southeast-3"})
    keeps = distribution(cloud, "keeps", [])
    asks = distribution(cloud, "asks", [{"ErrorCode": status, "ErrorCachingMinTTL": 0} for status in (403, 404)])
    assert {ask(cloud, host, "/kabar.txt") for host in (keeps, asks)} <= {403, 404}
    everybody = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{BUCKET}/*"}
    s3.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps({"Version": "2012-10-17", "Statement": [everybody]}))
    s3.put_object(Bucket=BUCKET, Key="kabar.txt", Body=b"ada")
    assert ask(cloud, keeps, "/kabar.txt") in (403, 404)
    assert ask(cloud, asks, "/kabar.txt") == 200


def test_a_functions_address_takes_and_gives_six_megabytes(cloud: Cloud) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        package.writestr("door.py", ANSWERS)
    client = cloud.client("lambda")
    client.create_function(
        FunctionName="pintu",
        Role="arn:aws:iam::000000000000:role/r",
        Runtime="python3.13",
        Handler="door.answer",
        Code={"ZipFile": packed.getvalue()},
    )
    made = client.create_function_url_config(FunctionName="pintu", AuthType="NONE")["FunctionUrl"]
    host = made.removeprefix("https://").rstrip("/")
    assert ask(cloud, host, "/", b"\xff" * (9 * MB // 2)) == 200  # 6 MB as base64
    assert ask(cloud, host, "/", b"\xff" * (9 * MB // 2 + 3)) == 413
    assert ask(cloud, host, "/", b"x" * 5 * MB, "application/json") == 200
    assert ask(cloud, host, f"/?signs={5 * MB}") == 200
    assert ask(cloud, host, f"/?signs={6 * MB + 1}") == 502
