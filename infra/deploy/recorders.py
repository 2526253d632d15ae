"""What else in the account would write down when somebody came: looked for, each in one sentence that says what to do.

A deployment turns all of it off or never on. Somebody with the account's rights may turn it on, or an organisation may
for all its accounts. What cannot be turned off stands in docs/threat-model.md: metrics by the minute, and KMS's uses.

Tests: ``tests/cloud/test_recorders.py``.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from infra.deploy.aws_errors import code_of
from infra.deploy.closure import FUNCTIONS
from infra.deploy.functions import Functions, is_quiet
from infra.deploy.place import GLOBAL_REGION, Place
from infra.deploy.stacks import Stacks

LOG_DAYS = 7
RUNNING = frozenset({"ACTIVE", "ENABLING", "ENABLED"})
DESTINATIONS = frozenset({"counts", "to-the-courier"})  # of mail.yaml
BUCKETS = ("portal", "blobs", "keys", "build", "backup")
Found = Iterator[str]


def recorders(place: Place) -> Iterator[tuple[bool, str]]:
    """Yield a sentence for whatever records visitors (True), and for what could not be looked at (False)."""
    for what, look in LOOKS.items():
        try:
            yield from ((True, f"{what}: {sentence}") for sentence in look(place))
        except (ClientError, BotoCoreError) as error:
            yield False, f"{what}: AWS did not say ({code_of(error)}); look in its console"


def trails(place: Place) -> Found:
    """Trails and lakes of CloudTrail with data events: who read or wrote which item, file or function, and when."""
    for region in dict.fromkeys((place.region, GLOBAL_REGION)):
        client = place.client("cloudtrail", region)
        for trail in client.describe_trails(includeShadowTrails=True)["trailList"]:
            said = client.get_event_selectors(TrailName=trail["TrailARN"])
            if _with_data(said):
                yield f"{trail['TrailARN']} keeps data events; take DynamoDB, S3 and Lambda out of its selectors"


def _with_data(said: Mapping[str, Any]) -> bool:
    fields = [f for s in said.get("AdvancedEventSelectors", []) for f in s["FieldSelectors"]]
    advanced = any(f["Field"] == "eventCategory" and "Data" in f.get("Equals", ()) for f in fields)
    return advanced or any(s.get("DataResources") for s in said.get("EventSelectors", []))


def distribution(place: Place) -> Found:
    """Logs of CloudFront: every visitor's address and path."""
    name = Stacks(place).outputs("edge").get("DistributionId", "")
    if not name:
        return
    client = place.client("cloudfront")
    config = client.get_distribution_config(Id=name)["DistributionConfig"]
    if config.get("Logging", {}).get("Enabled"):
        yield f"{name} writes an access log; turn standard logging off"
    behaviours = [config["DefaultCacheBehavior"], *config.get("CacheBehaviors", {}).get("Items", [])]
    if any(behaviour.get("RealtimeLogConfigArn") for behaviour in behaviours):
        yield f"{name} writes a real-time log; take it off each behaviour"
    sources = place.client("logs", GLOBAL_REGION).describe_delivery_sources()["deliverySources"]
    if any(name in arn for source in sources for arn in source.get("resourceArns", ())):
        yield f"{name} delivers an access log (v2); delete its delivery source in CloudWatch"


def firewall(place: Place) -> Found:
    """Logs of the firewall: every visitor's address."""
    arn = Stacks(place).outputs("global").get("WebAclArn", "")
    if not arn:
        return
    client = place.client("wafv2", GLOBAL_REGION)
    with suppress(client.exceptions.WAFNonexistentItemException):
        client.get_logging_configuration(ResourceArn=arn)
        yield f"{arn} writes a log; delete its logging configuration"
    name, ident = arn.split("/")[-2:]
    acl = client.get_web_acl(Name=name, Scope="CLOUDFRONT", Id=ident)["WebACL"]
    if any(each["VisibilityConfig"]["SampledRequestsEnabled"] for each in (acl, *acl["Rules"])):
        yield f"{arn} keeps samples of requests, with addresses, for three hours; `make deploy`"


def functions(place: Place) -> Found:
    """What Lambda writes of each request, and X-Ray."""
    known = Functions(place, {}, "")
    for function in FUNCTIONS:
        there = known.configured(function)
        if there and not is_quiet(there):
            yield f"{function} has START, END and REPORT lines or X-Ray; `make deploy` turns them off"
        if there.get("Layers"):
            yield f"{function} has a layer, which may send anything anywhere; remove it"


def log_groups(place: Place) -> Found:
    """Logs that live longer than seven days, or are copied elsewhere."""
    client = place.client("logs")
    for function in FUNCTIONS:
        name = f"/aws/lambda/{place.function(function)}"
        for group in client.describe_log_groups(logGroupNamePrefix=name)["logGroups"]:
            if group["logGroupName"] == name and not 0 < group.get("retentionInDays", 0) <= LOG_DAYS:
                yield f"{name} is kept {group.get('retentionInDays', 'for ever')}, not {LOG_DAYS} days; `make deploy`"
            if client.describe_subscription_filters(logGroupName=group["logGroupName"])["subscriptionFilters"]:
                yield f"{group['logGroupName']} is copied elsewhere; delete its subscription filter"


def table(place: Place) -> Found:
    """Copies of the table that know the second of each write."""
    client = place.client("dynamodb")
    said = client.describe_continuous_backups(TableName=place.prefix)["ContinuousBackupsDescription"]
    if said.get("PointInTimeRecoveryDescription", {}).get("PointInTimeRecoveryStatus") == "ENABLED":
        yield "point-in-time recovery keeps the second of every write for weeks; `make deploy` turns it off"
    if client.describe_table(TableName=place.prefix)["Table"].get("StreamSpecification", {}).get("StreamEnabled"):
        yield "its stream passes on every write; turn it off"


def table_streams(place: Place) -> Found:
    """What else copies the table, or counts its keys: a stream of Kinesis, and insights into who asks for what."""
    client = place.client("dynamodb")
    said = client.describe_kinesis_streaming_destination(TableName=place.prefix)["KinesisDataStreamDestinations"]
    if any(each["DestinationStatus"] in RUNNING for each in said):
        yield "a stream of Kinesis gets every write with its time; disable the streaming destination"
    if client.describe_contributor_insights(TableName=place.prefix)["ContributorInsightsStatus"] in RUNNING:
        yield "contributor insights count which case is asked for by the minute; turn them off"


def letters(place: Place) -> Found:
    """What else is told of each letter, with its address and second."""
    sets = place.client("sesv2").get_configuration_set_event_destinations(ConfigurationSetName=place.prefix)
    for each in sets.get("EventDestinations", ()):
        if each["Enabled"] and each["Name"] not in DESTINATIONS:
            yield f"{place.prefix} tells {each['Name']} of letters; delete that event destination"
    topic = f"arn:aws:sns:{place.region}:{place.account}:{place.prefix}-bounces"
    told = place.client("sns").get_topic_attributes(TopicArn=topic)["Attributes"]
    if any(name.endswith("FeedbackRoleArn") and role for name, role in told.items()):
        yield f"{place.prefix}-bounces logs its deliveries; clear its delivery status logging"


def zone(place: Place) -> Found:
    """Logs of who asked for our name."""
    zone = place.says("hosted_zone")
    known = place.client("route53").list_query_logging_configs()["QueryLoggingConfigs"] if zone else []
    if any(each["HostedZoneId"] == zone for each in known):
        yield f"{zone} logs queries; delete its query logging configuration"


def buckets(place: Place) -> Found:
    """Access logs of S3."""
    for what in BUCKETS:
        if "LoggingEnabled" in place.client("s3").get_bucket_logging(Bucket=place.bucket(what)):
            yield f"{place.bucket(what)} writes an access log; turn it off"


LOOKS: dict[str, Callable[[Place], Iterable[str]]] = {
    "CloudTrail": trails,
    "CloudFront": distribution,
    "firewall": firewall,
    "functions": functions,
    "logs": log_groups,
    "table": table,
    "copies of the table": table_streams,
    "letters": letters,
    "zone": zone,
    "buckets": buckets,
}
