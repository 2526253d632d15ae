"""`make status` sees whatever in the account would write down when somebody came: each is turned on, and is red."""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from moto import mock_aws

from infra.deploy import recorders as module
from infra.deploy.closure import FUNCTIONS
from infra.deploy.functions import LOGGING, Functions, is_quiet
from infra.deploy.place import Place
from infra.deploy.recorders import LOOKS, recorders
from infra.deploy.stacks import Stacks

REGION = "ap-southeast-3"
FIREWALL = "arn:aws:wafv2:us-east-1:123456789012:global/webacl/lapor-uji/1"


class Account:
    """An account with an environment as a deployment leaves it."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.distribution = self._distribution()
        self._functions()
        names = [{"AttributeName": "PK", "AttributeType": "S"}]
        self.of("dynamodb").create_table(
            TableName=place.prefix,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=names,
            KeySchema=[{"AttributeName": "PK", "KeyType": "HASH"}],
        )
        for what in (*module.BUCKETS, "elsewhere"):
            self.of("s3").create_bucket(
                Bucket=place.bucket(what), CreateBucketConfiguration={"LocationConstraint": REGION}
            )

    def of(self, service: str, region: str = "") -> Any:
        return self.place.client(service, region)

    def _functions(self) -> None:
        role = self.of("iam").create_role(RoleName="r", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
        for function in FUNCTIONS:
            name = self.place.function(function)
            self.of("lambda").create_function(
                FunctionName=name,
                Role=role,
                Runtime="python3.13",
                Handler="a.b",
                Code={"ZipFile": _package()},
                LoggingConfig=LOGGING,
            )
            self.of("logs").create_log_group(logGroupName=f"/aws/lambda/{name}")
            self.of("logs").put_retention_policy(logGroupName=f"/aws/lambda/{name}", retentionInDays=7)

    def _distribution(self) -> str:
        config = {
            "CallerReference": "x",
            "Comment": "",
            "Enabled": True,
            "Origins": {
                "Quantity": 1,
                "Items": [{"Id": "o", "DomainName": "a.s3.amazonaws.com", "S3OriginConfig": {"OriginAccessIdentity": ""}}],
            },
            "DefaultCacheBehavior": {"TargetOriginId": "o", "ViewerProtocolPolicy": "https-only"},
        }
        made = self.of("cloudfront").create_distribution(DistributionConfig=config)
        return str(made["Distribution"]["Id"])


def _package() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("a.py", "")
    return packed.getvalue()


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "x")
    with mock_aws():
        account = Account(Place("uji", REGION))
        outputs = {"edge": {"DistributionId": account.distribution}, "global": {"WebAclArn": FIREWALL}}
        monkeypatch.setattr(Stacks, "outputs", lambda self, name: outputs.get(name, {}))
        yield account


def certain(account: Account) -> list[str]:
    return [sentence for sure, sentence in recorders(account.place) if sure]


def test_as_it_was_deployed_nothing_is_red(account: Account) -> None:
    assert certain(account) == []


def trail(account: Account, region: str, selectors: dict[str, Any]) -> None:
    client = account.of("cloudtrail", region)
    account.of("s3", "us-east-1").create_bucket(Bucket=f"trail-{region}")
    client.create_trail(Name="t", S3BucketName=f"trail-{region}", IsMultiRegionTrail=False)
    client.put_event_selectors(TrailName="t", **selectors)


def old(region: str) -> Callable[[Account], None]:
    data = [{"Type": "AWS::DynamoDB::Table", "Values": ["arn:aws:dynamodb"]}]
    selectors = {"EventSelectors": [{"ReadWriteType": "All", "DataResources": data}]}
    return lambda account: trail(account, region, selectors)


def advanced(account: Account) -> None:
    fields = [
        {"Field": "eventCategory", "Equals": ["Data"]},
        {"Field": "resources.type", "Equals": ["AWS::Lambda::Function"]},
    ]
    trail(account, REGION, {"AdvancedEventSelectors": [{"Name": "x", "FieldSelectors": fields}]})


def access_log(account: Account) -> None:
    client = account.of("cloudfront")
    found = client.get_distribution_config(Id=account.distribution)
    config = found["DistributionConfig"] | {
        "Logging": {"Enabled": True, "IncludeCookies": False, "Bucket": "b.s3.amazonaws.com", "Prefix": ""}
    }
    client.update_distribution(Id=account.distribution, IfMatch=found["ETag"], DistributionConfig=config)


def firewall_log(account: Account) -> None:
    log = "arn:aws:logs:us-east-1:123456789012:log-group:aws-waf-logs-x"
    acl = account.of("wafv2", "us-east-1").create_web_acl(
        Name="lapor-uji",
        Scope="CLOUDFRONT",
        DefaultAction={"Allow": {}},
        VisibilityConfig={"SampledRequestsEnabled": False, "CloudWatchMetricsEnabled": True, "MetricName": "m"},
    )["Summary"]
    account.of("wafv2", "us-east-1").put_logging_configuration(
        LoggingConfiguration={"ResourceArn": acl["ARN"], "LogDestinationConfigs": [log]}
    )
    Stacks.outputs = lambda self, name: {"WebAclArn": acl["ARN"]}  # type: ignore[method-assign]  # undone with the fixture


def changed(**config: Any) -> Callable[[Account], None]:
    return lambda account: account.of("lambda").update_function_configuration(
        FunctionName=account.place.function("intake"), **config
    )


def kept(days: int) -> Callable[[Account], None]:
    def keep(account: Account) -> None:
        name = f"/aws/lambda/{account.place.function('thread')}"
        if days:
            account.of("logs").put_retention_policy(logGroupName=name, retentionInDays=days)
        else:
            account.of("logs").delete_retention_policy(logGroupName=name)

    return keep


def continuous(account: Account) -> None:
    account.of("dynamodb").update_continuous_backups(
        TableName=account.place.prefix, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
    )


def stream(account: Account) -> None:
    account.of("dynamodb").update_table(
        TableName=account.place.prefix,
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"},
    )


def bucket_log(account: Account) -> None:
    target = {"TargetBucket": account.place.bucket("elsewhere"), "TargetPrefix": ""}
    account.of("s3").put_bucket_acl(Bucket=account.place.bucket("elsewhere"), ACL="log-delivery-write")
    account.of("s3").put_bucket_logging(
        Bucket=account.place.bucket("blobs"), BucketLoggingStatus={"LoggingEnabled": target}
    )


@pytest.mark.parametrize(
    ("plant", "says"),
    [
        (old(REGION), "CloudTrail: arn:.*keeps data events"),
        (old("us-east-1"), "CloudTrail: arn:.*keeps data events"),
        (advanced, "CloudTrail: arn:.*keeps data events"),
        (access_log, "CloudFront: .* writes an access log"),
        (firewall_log, "firewall: .* writes a log"),
        (changed(LoggingConfig={"LogFormat": "Text"}), "functions: intake has START"),
        (changed(LoggingConfig={**LOGGING, "SystemLogLevel": "INFO"}), "functions: intake has START"),
        (changed(TracingConfig={"Mode": "Active"}), "functions: intake has START, END and REPORT lines or X-Ray"),
        (kept(30), "logs: .*thread-uji is kept 30, not 7 days"),
        (kept(0), "logs: .*thread-uji is kept for ever"),
        (continuous, "table: point-in-time recovery"),
        (stream, "table: its stream"),
        (bucket_log, "buckets: lapor-uji-blobs-.* writes an access log"),
    ],
)
def test_each_is_red_with_what_to_do(account: Account, monkeypatch: pytest.MonkeyPatch, plant, says: str) -> None:
    monkeypatch.setattr(Stacks, "outputs", Stacks.outputs)  # what a case puts there is taken away again
    plant(account)
    (said,) = certain(account)
    assert re.search(says, said), said


def test_what_aws_does_not_answer_is_no_all_clear(account: Account) -> None:
    account.of("dynamodb").delete_table(TableName=account.place.prefix)
    assert [sentence for sure, sentence in recorders(account.place) if not sure]
    assert set(LOOKS) == {"CloudTrail", "CloudFront", "firewall", "functions", "logs", "table", "buckets"}


def test_a_deployment_tells_lambda_to_write_down_no_request(account: Account) -> None:
    functions = Functions(account.place, {}, "")
    changed(LoggingConfig={"LogFormat": "Text"})(account)
    assert not is_quiet(functions.configured("intake"))
    functions._tell(account.place.function("intake"), {"A": "b"})
    there = functions.configured("intake")
    assert is_quiet(there)
    assert there["LoggingConfig"]["SystemLogLevel"] == "WARN"
    assert there["Environment"]["Variables"] == {"A": "b"}
