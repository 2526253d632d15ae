"""What outlives an environment on purpose: its backups, the five KMS keys without which a backup opens for no officer,
and the identity in SES, which another environment may send by. A new deployment takes them up again."""

import json
from collections.abc import Iterator, Mapping

from botocore.exceptions import ClientError

from infra.deploy.aws_errors import code_of
from infra.deploy.place import Place

PURPOSES = ("desk", "identity", "courier", "links", "mandates")
STOPS = "kms:DisableKeyRotation"
NOT_THERE = frozenset({"404", "NoSuchBucket"})
USABLE = frozenset({"Enabled", "Disabled"})


def backup_stands(place: Place) -> bool:
    """Whether an earlier deployment left a bucket of backups. Raises ClientError where AWS says neither yes nor no."""
    try:
        place.backups.head_bucket(Bucket=place.bucket("backup"))
    except ClientError as error:
        if code_of(error) not in NOT_THERE:
            raise
        return False
    return True


def identity_stands(place: Place, mail: Mapping[str, str]) -> bool:
    """Whether SES knows the sender already, by another environment. ``mail`` is what our stack of that name puts out,
    {} without one; the stack of an older release owned the identity, and did not say so."""
    identity = place.says("mail_identity")
    if mail.get("OwnIdentity", identity if mail else "") == identity:
        return False
    client = place.client("sesv2")
    try:
        client.get_email_identity(EmailIdentity=identity)
    except client.exceptions.NotFoundException:
        return False
    return True


def keys_left_behind(place: Place) -> dict[str, str]:
    """The ARNs of this environment's KMS keys that stand without a stack, as ``keys.yaml`` calls them. Of several for
    one purpose the oldest: it is the one that was in use, the others come from deployments that were cut short."""
    client = place.client("kms")
    found: dict[str, tuple[float, str]] = {}
    for page in client.get_paginator("list_keys").paginate():
        for key in page["Keys"]:
            purpose = _purpose(place, client, key["KeyId"])
            about = client.describe_key(KeyId=key["KeyId"])["KeyMetadata"] if purpose else {}
            if about.get("KeyState") in USABLE:
                made = (about["CreationDate"].timestamp(), about["Arn"])
                found[purpose] = min(made, found.get(purpose, made))
    return {f"{purpose.title()}KeyArn": arn for purpose, (_, arn) in found.items()}


def stop_rotation(place: Place) -> Iterator[str]:
    """Turn KMS's own rotation off where a release up to 0.1.0 turned it on; yields the parameter of each such key.

    CloudFormation asks for it before it has changed the key's policy, which named no such right then.
    """
    client = place.client("kms")
    for parameter, arn in keys_left_behind(place).items():
        if not client.get_key_rotation_status(KeyId=arn)["KeyRotationEnabled"]:
            continue
        policy = json.loads(client.get_key_policy(KeyId=arn, PolicyName="default")["Policy"])
        for each in policy["Statement"]:
            if each.get("Sid") == "Administer" and STOPS not in each["Action"]:
                each["Action"].append(STOPS)
                client.put_key_policy(KeyId=arn, PolicyName="default", Policy=json.dumps(policy))
        client.disable_key_rotation(KeyId=arn)
        yield parameter


def _purpose(place: Place, client: object, key_id: str) -> str:
    try:
        tags = client.list_resource_tags(KeyId=key_id)["Tags"]  # type: ignore[attr-defined]
    except ClientError:
        return ""  # a key of somebody else's, or of AWS itself
    told = {tag["TagKey"]: tag["TagValue"] for tag in tags}
    purpose = told.get("lapor:purpose", "")
    return purpose if told.get("lapor:environment") == place.env and purpose in PURPOSES else ""
