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
from infra.deploy.place import Place, place_of
from infra.deploy.recorders import LOOKS, recorders
from infra.deploy.stacks import Stacks
from tests.engines import ministack

REGION = "ap-southeast-3"
ELSEWHERE = ("copies of the table", "letters")  # moto knows neither; tried in the other emulator


class Account:
    """An account with an environment as a deployment leaves it."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.firewall = ""
        self.distribution = self._distribution()
        self._logs()
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

    def _logs(self) -> None:
        for function in FUNCTIONS:
            name = self.place.function(function)
            self.of("logs").create_log_group(logGroupName=f"/aws/lambda/{name}")
            self.of("logs").put_retention_policy(logGroupName=f"/aws/lambda/{name}", retentionInDays=7)

    def _distribution(self) -> str:
        config = {
            "CallerReference": "x",
            "Comment": "",
            "Enabled": True,
            "Origins": {
                "Quantity": 1,
                "Items": [
                    {"Id": "o", "DomainName": "a.s3.amazonaws.com", "S3OriginConfig": {"OriginAccessIdentity": ""}}
                ],
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


@pytest.fixture(scope="module")
def account() -> Iterator[Account]:
    """It is planted in again and again; each case looks at what is new."""
    with pytest.MonkeyPatch.context() as monkeypatch, mock_aws():
        monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            monkeypatch.setenv(name, "x")
        account = Account(Place("uji", REGION, {}))
        acl = account.of("wafv2", "us-east-1").create_web_acl(
            Name="lapor-uji",
            Scope="CLOUDFRONT",
            DefaultAction={"Allow": {}},
            VisibilityConfig={"SampledRequestsEnabled": False, "CloudWatchMetricsEnabled": True, "MetricName": "m"},
        )["Summary"]
        account.firewall = acl["ARN"]
        zone = account.of("route53").create_hosted_zone(Name="lapor.example", CallerReference="x")["HostedZone"]["Id"]
        account.place.parameters["hosted_zone"] = zone.rpartition("/")[2]  # type: ignore[index]
        outputs = {"edge": {"DistributionId": account.distribution}, "global": {"WebAclArn": acl["ARN"]}}
        monkeypatch.setattr(Stacks, "outputs", lambda self, name: outputs.get(name, {}))
        for name in ELSEWHERE:
            monkeypatch.delitem(LOOKS, name)
        yield account


def certain(account: Account) -> list[str]:
    return [sentence for sure, sentence in recorders(account.place) if sure]


def test_as_it_was_deployed_nothing_is_red(account: Account) -> None:
    assert certain(account) == []


def trail(account: Account, region: str, selectors: dict[str, Any]) -> None:
    client = account.of("cloudtrail", region)
    account.of("s3", "us-east-1").create_bucket(Bucket=f"trail-{region}")
    name = "-".join(selectors)
    client.create_trail(Name=name, S3BucketName=f"trail-{region}", IsMultiRegionTrail=False)
    client.put_event_selectors(TrailName=name, **selectors)


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
    account.of("wafv2", "us-east-1").put_logging_configuration(
        LoggingConfiguration={"ResourceArn": account.firewall, "LogDestinationConfigs": [log]}
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


def samples(account: Account) -> None:
    client = account.of("wafv2", "us-east-1")
    name, ident = account.firewall.split("/")[-2:]
    token = client.get_web_acl(Name=name, Scope="CLOUDFRONT", Id=ident)["LockToken"]
    client.update_web_acl(
        Name=name,
        Scope="CLOUDFRONT",
        Id=ident,
        LockToken=token,
        DefaultAction={"Allow": {}},
        Rules=[],
        VisibilityConfig={"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "m"},
    )


def query_log(account: Account) -> None:
    group = "/aws/route53/lapor"
    account.of("logs", "us-east-1").create_log_group(logGroupName=group)
    arn = f"arn:aws:logs:us-east-1:123456789012:log-group:{group}:*"
    zone = account.place.says("hosted_zone")
    account.of("route53").create_query_logging_config(HostedZoneId=zone, CloudWatchLogsLogGroupArn=arn)


@pytest.mark.parametrize(
    ("plant", "says"),
    [
        (old(REGION), "CloudTrail: arn:.*keeps data events"),
        (old("us-east-1"), "CloudTrail: arn:.*keeps data events"),
        (advanced, "CloudTrail: arn:.*keeps data events"),
        (access_log, "CloudFront: .* writes an access log"),
        (firewall_log, "firewall: .* writes a log"),
        (samples, "firewall: .* keeps samples of requests"),
        (query_log, "zone: .* logs queries"),
        (kept(30), "logs: .*thread-uji is kept 30, not 7 days"),
        (kept(0), "logs: .*thread-uji is kept for ever"),
        (continuous, "table: point-in-time recovery"),
        (stream, "table: its stream"),
        (bucket_log, "buckets: lapor-uji-blobs-.* writes an access log"),
    ],
)
def test_each_is_red_with_what_to_do(account: Account, plant: Callable[[Account], None], says: str) -> None:
    before = certain(account)
    plant(account)
    (said,) = set(certain(account)) - set(before)
    assert re.search(says, said), said


def test_what_aws_does_not_answer_is_no_all_clear(account: Account) -> None:
    account.of("dynamodb").delete_table(TableName=account.place.prefix)
    assert [sentence for sure, sentence in recorders(account.place) if not sure]
    looked = {"CloudTrail", "CloudFront", "firewall", "functions", "logs", "table", "zone", "buckets"}
    assert set(LOOKS) == looked


@pytest.fixture(scope="module")
def emulated() -> Iterator[Place]:
    """An environment with one function, as Zappa leaves it."""
    with ministack.serve() as url, pytest.MonkeyPatch.context() as monkeypatch:
        names = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION", "AWS_REGION")
        for name in names:
            monkeypatch.setenv(name, "0" * 12)
        monkeypatch.setenv("AWS_ENDPOINT_URL", url)
        place = place_of("emulated")
        place.client("lambda").create_function(
            FunctionName=place.function("intake"),
            Role="arn:aws:iam::000000000000:role/r",
            Runtime="python3.13",
            Handler="a.b",
            Code={"ZipFile": _package()},
        )
        yield place


def test_a_deployment_tells_lambda_to_write_down_no_request(emulated: Place) -> None:
    known = Functions(emulated, {}, "")
    assert not is_quiet(known.configured("intake"))
    known._tell(emulated.function("intake"), {"A": "b"})
    there = known.configured("intake")
    assert is_quiet(there)
    assert there["LoggingConfig"].items() >= {"LogFormat": "JSON", "SystemLogLevel": "WARN"}.items()
    assert there["Environment"]["Variables"] == {"A": "b"}
    assert list(LOOKS["functions"](emulated)) == []


@pytest.mark.parametrize(
    "config",
    [
        {"LoggingConfig": {"LogFormat": "Text"}},
        {"LoggingConfig": {**LOGGING, "SystemLogLevel": "INFO"}},
        {"TracingConfig": {"Mode": "Active"}},
    ],
)
def test_a_function_that_somebody_made_to_tell_is_red_until_the_next_deployment(
    emulated: Place, config: dict[str, Any]
) -> None:
    known = Functions(emulated, {}, "")
    known._tell(emulated.function("intake"), {})
    known.client.update_function_configuration(FunctionName=emulated.function("intake"), **config)
    (said,) = LOOKS["functions"](emulated)
    assert "intake has START, END and REPORT lines or X-Ray; `make deploy`" in said
    known._tell(emulated.function("intake"), {})
    assert list(LOOKS["functions"](emulated)) == []


def test_what_copies_the_table_or_is_told_of_letters_is_red(emulated: Place) -> None:
    dynamodb, ses, sns = (emulated.client(name) for name in ("dynamodb", "sesv2", "sns"))
    dynamodb.create_table(
        TableName=emulated.prefix,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "PK", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "PK", "KeyType": "HASH"}],
    )
    ses.create_configuration_set(ConfigurationSetName=emulated.prefix)
    topic = sns.create_topic(Name=f"{emulated.prefix}-bounces")["TopicArn"]
    watching = (module.table_streams, module.letters)
    assert [[*look(emulated)] for look in watching] == [[], []]
    stream = "arn:aws:kinesis:ap-southeast-3:000000000000:stream/x"
    dynamodb.enable_kinesis_streaming_destination(TableName=emulated.prefix, StreamArn=stream)
    dynamodb.update_contributor_insights(TableName=emulated.prefix, ContributorInsightsAction="ENABLE")
    for name in ("counts", "elsewhere"):  # the first is ours
        ses.create_configuration_set_event_destination(
            ConfigurationSetName=emulated.prefix,
            EventDestinationName=name,
            EventDestination={"Enabled": True, "MatchingEventTypes": ["SEND"], "SnsDestination": {"TopicArn": topic}},
        )
    role = "arn:aws:iam::000000000000:role/r"
    sns.set_topic_attributes(TopicArn=topic, AttributeName="LambdaSuccessFeedbackRoleArn", AttributeValue=role)
    said = "\n".join(sentence for look in watching for sentence in look(emulated))
    for part in (
        "Kinesis gets every write",
        "contributor insights",
        "tells elsewhere of letters",
        "logs its deliveries",
    ):
        assert part in said
    assert "tells counts" not in said
