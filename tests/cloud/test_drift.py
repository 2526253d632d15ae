"""What somebody changed by hand is named, and no value of it; who stops a deployment reads what stands; AWS's error codes
stand in what cannot be told. AWS answers from here: a real CloudFormation compares by itself."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from moto import mock_aws

from infra.deploy import drift, status, steps
from infra.deploy.aws_errors import code_of
from infra.deploy.drift import Drift
from infra.deploy.functions import LOGGING, Functions
from infra.deploy.leftovers import PURPOSES, backup_stands, stop_rotation
from infra.deploy.place import Place
from infra.deploy.recorders import trails
from infra.deploy.say import DeployError
from infra.deploy.stacks import Stacks
from infra.deploy.status import FINE, LOOK, WRONG
from tests.cloud.stacks import made, of_type

PLACE = Place("uji", "ap-southeast-3", {"mail_identity": "lapor.example"})


class CloudFormation:
    """One whose comparison takes three looks, with one stack changed by hand."""

    def __init__(self, stack: str, *drifts: dict[str, Any]) -> None:
        self.stack, self.drifts, self.looks = stack, drifts, 0

    def detect_stack_drift(self, **asked: str) -> dict[str, str]:
        return {"StackDriftDetectionId": asked["StackName"]}

    def describe_stack_drift_detection_status(self, **_: str) -> dict[str, str]:
        self.looks += 1
        return {"DetectionStatus": "DETECTION_COMPLETE" if self.looks % 3 == 0 else "DETECTION_IN_PROGRESS"}

    def describe_stack_resource_drifts(self, **asked: Any) -> dict[str, Any]:
        here = self.drifts if asked["StackName"] == self.stack else ()
        if "NextToken" in asked:
            return {"StackResourceDrifts": here[1:]}
        return {"StackResourceDrifts": here[:1], **({"NextToken": "lagi"} if here[1:] else {})}


def differing(resource: str, *paths: str) -> dict[str, Any]:
    found = [{"PropertyPath": path, "ExpectedValue": "rahasia", "ActualValue": "lain"} for path in paths]
    kind = {"LogicalResourceId": resource, "ResourceType": "AWS::S3::Bucket", "PropertyDifferences": found}
    return {**kind, "StackResourceDriftStatus": "MODIFIED" if paths else "DELETED"}


def test_a_stack_that_was_changed_by_hand_is_named_and_no_value_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    client = CloudFormation("lapor-uji-data", differing("Blobs", "/BucketEncryption", "/Tags"), differing("Portal"))
    monkeypatch.setattr(Stacks, "client", lambda *_: client)
    monkeypatch.setattr(Stacks, "status", lambda *_: "UPDATE_COMPLETE")
    monkeypatch.setattr(Drift, "_beside", lambda _: {})
    found = list(Drift(PLACE, waits.append)())
    assert found == [
        (WRONG, "stack lapor-uji-data: Blobs (AWS::S3::Bucket) differs in /BucketEncryption, /Tags"),
        (WRONG, "stack lapor-uji-data: Portal (AWS::S3::Bucket) is gone"),
    ]
    assert waits
    monkeypatch.setattr(Stacks, "client", lambda *_: CloudFormation("keiner"))
    assert [mark for mark, _ in Drift(PLACE, waits.append)()] == [FINE]


SOUND = {
    "FunctionName": "lapor-anonim-desk-uji",
    "Role": "peran",
    "Timeout": 30,
    "MemorySize": 1024,
    "CodeSha256": "sidik",
    "LoggingConfig": LOGGING,
    "Environment": {"Variables": {"FORM_SECRET": "rahasia"}},
}
WANTED = {
    "role_arn": "peran",
    "timeout_seconds": 30,
    "memory_size": 1024,
    "aws_environment_variables": {"FORM_SECRET": "rahasia"},
}
BY_HAND = {
    "another role": {"Role": "lain"},
    "another memory": {"MemorySize": 128},
    "another layers": {"Layers": [{"Arn": "arn:…"}]},
    "another network": {"VpcConfig": {"VpcId": "vpc-1"}},
    "its environment differs in FORM_SECRET": {"Environment": {"Variables": {"FORM_SECRET": "kenari"}}},
    "it logs requests or traces them": {"TracingConfig": {"Mode": "Active"}},
    "its code is not what passed the smoke test": {"CodeSha256": "lain"},
}


@pytest.mark.parametrize("said", BY_HAND)
def test_a_function_that_was_changed_by_hand_is_told(said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    there = {**SOUND, **BY_HAND[said]}
    known = type("Known", (), {"get_function_configuration": staticmethod(lambda **_: SOUND)})
    monkeypatch.setattr(drift, "FUNCTIONS", ("desk",))
    monkeypatch.setattr(Stacks, "outputs", lambda *_: {"DeskRole": "peran"})
    monkeypatch.setattr(drift, "too_open", lambda *_: "")
    monkeypatch.setattr(Functions, "stages", {"desk_uji": WANTED})
    monkeypatch.setattr(Functions, "client", known)
    monkeypatch.setattr(Functions, "permissions", lambda *_: [])
    monkeypatch.setattr(Functions, "configured", lambda *_: there)
    (line,) = Drift(PLACE)._functions()
    assert line == (WRONG, f"function desk: {said}")
    assert "kenari" not in line[1]
    monkeypatch.setattr(Functions, "configured", lambda *_: SOUND)
    assert list(Drift(PLACE)._functions()) == []


def keys_of_before(place: Place) -> dict[str, str]:
    """The five keys as a release up to 0.1.0 made them: KMS rotates them, and no policy lets anybody stop that."""
    client, made_keys = place.client("kms"), of_type(made("keys"), "AWS::KMS::Key")
    found = {}
    for purpose in PURPOSES:
        policy = json.loads(json.dumps(made_keys[purpose.title()]["KeyPolicy"]).replace("000000000000", place.account))
        policy["Statement"][0]["Action"].remove("kms:DisableKeyRotation")
        tags = [{"TagKey": "lapor:environment", "TagValue": "uji"}, {"TagKey": "lapor:purpose", "TagValue": purpose}]
        found[purpose] = client.create_key(Policy=json.dumps(policy), Tags=tags)["KeyMetadata"]["KeyId"]
        client.enable_key_rotation(KeyId=found[purpose])
    return found


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "uji")
    return Place("uji", "ap-southeast-3", {})


def test_a_deployment_stops_the_rotation_that_encrypts_nothing_anew(account: Place) -> None:
    assert {each["EnableKeyRotation"] for each in of_type(made("keys"), "AWS::KMS::Key").values()} == {False}
    with mock_aws():
        keys, client = keys_of_before(account), account.client("kms")
        told = [sentence for _, sentence in Drift(account)._keys()]
        assert [sentence.partition(",")[0] for sentence in told] == [f"key {p}: KMS rotates it" for p in PURPOSES]
        assert len(list(stop_rotation(account))) == len(keys)
        assert not any(client.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"] for key in keys.values())
        for key in keys.values():
            policy = json.loads(client.get_key_policy(KeyId=key, PolicyName="default")["Policy"])
            assert "kms:DisableKeyRotation" in policy["Statement"][0]["Action"]
        assert list(stop_rotation(account)) == list(Drift(account)._keys()) == []


def test_a_key_that_others_may_open_or_that_is_gone_is_told(account: Place) -> None:
    with mock_aws():
        keys, client = keys_of_before(account), account.client("kms")
        list(stop_rotation(account))
        policy = json.loads(client.get_key_policy(KeyId=keys["desk"], PolicyName="default")["Policy"])
        policy["Statement"] = [each for each in policy["Statement"] if each["Sid"] != "NobodyElseDecrypts"]
        client.put_key_policy(KeyId=keys["desk"], PolicyName="default", Policy=json.dumps(policy))
        client.schedule_key_deletion(KeyId=keys["links"], PendingWindowInDays=7)
        assert [sentence for _, sentence in Drift(account)._keys()] == [
            "key desk: its policy lets others decrypt than the role lapor-uji-desk",
            "key links: is gone, or is to be deleted",
        ]


def test_a_bucket_of_backups_that_keeps_less_or_more_is_told(account: Place) -> None:
    with mock_aws():
        client, bucket = account.backups, account.bucket("backup")
        made_bucket = of_type(made("data"), "AWS::S3::Bucket")["Backup"]
        client.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": account.region})
        client.put_public_access_block(
            Bucket=bucket, PublicAccessBlockConfiguration=made_bucket["PublicAccessBlockConfiguration"]
        )
        client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration=made_bucket["VersioningConfiguration"])
        rules = [as_s3_has_it(rule) for rule in made_bucket["LifecycleConfiguration"]["Rules"]]
        put = lambda given: client.put_bucket_lifecycle_configuration(  # noqa: E731
            Bucket=bucket, LifecycleConfiguration={"Rules": given}
        )
        put(rules)
        assert list(Drift(account)._backups()) == []
        client.delete_bucket_lifecycle(Bucket=bucket)
        assert [(mark, sentence.partition(": ")[2]) for mark, sentence in Drift(account)._backups()] == [
            (WRONG, "what lies below '' does not end after 33 days"),
            (WRONG, "what lies below 'nights/' does not end after 25 days"),
        ]
        put(rules[:-1])
        client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})
        assert [sentence.partition(": ")[2] for _, sentence in Drift(account)._backups()] == [
            "what lies below 'nights/' does not end after 25 days",
            "keeps no versions, so whoever writes over a backup destroys it",
        ]


def as_s3_has_it(rule: dict[str, Any]) -> dict[str, Any]:
    known = {"ID": rule["Id"], "Status": rule["Status"], "Filter": {"Prefix": rule.get("Prefix", "")}}
    known |= {"Expiration": {"Days": rule["ExpirationInDays"]}} if "ExpirationInDays" in rule else {}
    return known | {name: rule[name] for name in rule if name.endswith(("Upload", "VersionExpiration"))}


REFUSED = ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "DescribeAlarms")
CUT = EndpointConnectionError(endpoint_url="https://…")


class Deaf:
    def __getattr__(self, _: str) -> Callable[..., Any]:
        def refused(*_: Any, **__: Any) -> Any:
            raise REFUSED

        return refused


def test_what_status_cannot_tell_it_names_by_awss_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Place, "client", lambda *_, **__: Deaf())
    place = Place("uji", "ap-southeast-3", {"mail_identity": "lapor.example"})
    place.__dict__["account"] = "000000000000"
    assert list(status._alarms(place)) == [(LOOK, "alarms: CloudWatch did not say (AccessDenied)")]
    assert list(status.letters_note(place)) == ["SES did not say whether letters may leave (AccessDenied)"]
    monkeypatch.setattr("infra.deploy.recorders.LOOKS", {"CloudTrail": trails})
    assert list(status.recorders(place)) == [(False, "CloudTrail: AWS did not say (AccessDenied); look in its console")]
    with pytest.raises(ClientError, match="AccessDenied"):
        backup_stands(place)  # a refusal is no "there is none": a deployment would make another
    assert (code_of(REFUSED), code_of(CUT)) == ("AccessDenied", "EndpointConnectionError")


@pytest.mark.parametrize("number", [1, 8])
def test_who_stops_a_deployment_reads_what_stands_and_what_to_do(
    number: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stopped(_: Any) -> None:
        raise KeyboardInterrupt

    plan = [(title, (lambda _: None)) for title, _ in steps.STEPS]
    plan[number - 1] = (plan[number - 1][0], stopped)
    monkeypatch.setattr(steps, "STEPS", tuple(plan))
    moving = {"edge": "UPDATE_IN_PROGRESS"} if number == 8 else {}
    monkeypatch.setattr(Stacks, "status", lambda _, name: moving.get(name, "UPDATE_COMPLETE"))
    with pytest.raises(DeployError) as told:
        steps.Deployment(PLACE).run()
    said = str(told.value)
    assert said.startswith(f"stopped in step {number}/{len(plan)}, {plan[number - 1][0]}: ")
    assert ("steps 1 to 7 stand" in said, "nothing was changed" in said) == (number == 8, number == 1)
    assert ("CloudFormation goes on by itself with lapor-uji-edge." in said) == (number == 8)
    assert "run the same command again" in said
    assert capsys.readouterr().out.count("== ") == number
