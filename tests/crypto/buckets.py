"""A key bucket and its KMS keys in moto, and clients that note what is asked of them."""

from dataclasses import dataclass, field
from typing import Any

from functions.crypto.open.private.key_bucket import KeyBucket
from functions.crypto.ops.key_issuer import KeyIssuer
from functions.crypto.seal.public_bucket import PublicBucket
from functions.crypto.seal.public_keys import Purpose
from tests.engines import aws

AWS = {"region_name": "ap-southeast-3", "aws_access_key_id": "invented", "aws_secret_access_key": "invented"}
BUCKET, PREFIX = "lapor-uji-keys", "alias/lapor-uji-"


@dataclass
class Cloud:
    """Makes clients and stores that write down the calls made, by AWS's names. ``seconds`` is the clock."""

    url: str | None = None
    calls: list[str] = field(default_factory=list)
    seconds: float = 1_000_000.0

    def prepare(self) -> None:
        s3, kms = self.client("s3"), self.client("kms")
        s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": AWS["region_name"]})
        s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
        for purpose in Purpose:
            key = kms.create_key()["KeyMetadata"]["KeyId"]
            kms.create_alias(AliasName=PREFIX + purpose, TargetKeyId=key)

    def client(self, service: str) -> Any:
        made = aws.client(service, endpoint_url=self.url, **AWS)
        made.meta.events.register(f"before-call.{service}", lambda model, **_: self.calls.append(model.name))
        return made

    def press(self) -> KeyIssuer:
        return KeyIssuer(BUCKET, PREFIX, lambda: self.client("s3"), lambda: self.client("kms"), lambda: self.seconds)

    def reader(self) -> KeyBucket:
        return KeyBucket(BUCKET, PREFIX, lambda: self.client("s3"), lambda: self.client("kms"), lambda: self.seconds)

    def public(self) -> PublicBucket:
        return PublicBucket(BUCKET, lambda: self.client("s3"), lambda: self.seconds)

    def versions(self, prefix: str = "") -> list[str]:
        answer = self.client("s3").list_object_versions(Bucket=BUCKET, Prefix=prefix)
        return [each["Key"] for each in answer.get("Versions", []) + answer.get("DeleteMarkers", [])]
