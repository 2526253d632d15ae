"""The emulator is as strict as AWS where it was too kind by itself: errors are kept, payloads end at six megabytes, headers
of the connection stay behind, and a new account's SES sends to nobody."""

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
    heard = " ".join(sorted(event["headers"]))
    said = {"Content-Type": "text/plain", "X-Heard": heard, "Date": "kemarin", "Server": "kami", "X-Ours": "ya"}
    return {"statusCode": 200, "headers": said, "body": "x" * many}
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


@pytest.fixture(scope="module")
def address(cloud: Cloud) -> str:
    """The host of a function of its own."""
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
    return str(made).removeprefix("https://").rstrip("/")


def test_a_functions_address_takes_and_gives_six_megabytes(cloud: Cloud, address: str) -> None:
    assert ask(cloud, address, "/", b"\xff" * (9 * MB // 2)) == 200  # 6 MB as base64
    assert ask(cloud, address, "/", b"\xff" * (9 * MB // 2 + 3)) == 413
    assert ask(cloud, address, "/", b"x" * 5 * MB, "application/json") == 200
    assert ask(cloud, address, f"/?signs={5 * MB}") == 200
    assert ask(cloud, address, f"/?signs={6 * MB + 1}") == 502


def test_what_is_about_the_connection_does_not_pass_a_functions_address(cloud: Cloud, address: str) -> None:
    sent = {"Host": address, "X-Real-IP": "192.0.2.7", "TE": "trailers", "Proxy-Authorization": "x", "X-Lapor": "ya"}
    with OPENER.open(urllib.request.Request(cloud.endpoint, headers=sent), timeout=60) as answer:
        heard, said = set(answer.headers["X-Heard"].split()), answer.headers
    assert "x-lapor" in heard
    assert not heard & {"x-real-ip", "te", "proxy-authorization", "connection"}
    assert (said["x-amzn-remapped-date"], said["x-amzn-remapped-server"], said["X-Ours"]) == ("kemarin", "kami", "ya")
    assert said["Date"] != "kemarin"


def test_a_new_accounts_ses_sends_by_no_sender_and_to_no_stranger_before_each_is_confirmed() -> None:
    with ministack.serve(SES_NEW="true") as endpoint:
        ses = Cloud(endpoint).client("sesv2")
        for identity in ("lapor.example", "petugas@dinas.example"):
            ses.create_email_identity(EmailIdentity=identity)
        assert ses.get_email_identity(EmailIdentity="lapor.example")["VerifiedForSendingStatus"] is False

        def sends(to: str) -> bool:
            content = {"Raw": {"Data": b"Subject: uji\r\n\r\nuji\r\n"}}
            try:
                ses.send_email(
                    FromEmailAddress="kami@lapor.example", Destination={"ToAddresses": [to]}, Content=content
                )
            except ses.exceptions.MessageRejected:
                return False
            return True

        assert sends("petugas@dinas.example") is False
        for identity in ("lapor.example", "petugas@dinas.example"):
            ses.put_email_identity_dkim_attributes(EmailIdentity=identity, SigningEnabled=True)
        assert [sends(to) for to in ("petugas@dinas.example", "lain@dinas.example")] == [True, False]
        out = {"MailType": "TRANSACTIONAL", "WebsiteURL": "https://lapor.example", "ProductionAccessEnabled": True}
        ses.put_account_details(**out)
        assert sends("lain@dinas.example") is True
