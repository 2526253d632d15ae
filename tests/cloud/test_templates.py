"""What the templates say, read without making anything: linted, and held against the code they are made for."""

import subprocess

import pytest

from functions.storage.dynamodb.table import TTL_ATTRIBUTE, table_spec
from infra.deploy.backup import METRIC
from infra.deploy.environs import BY_CLOCK
from tests.cloud import checkov
from tests.cloud.policies import ROLES as FUNCTIONS
from tests.cloud.stacks import ROOT, STACKS, made, names, of_type, source, template

ALIASES_OF_YAML = ("&", "*")


def test_cfn_lint_has_nothing_to_say():
    done = subprocess.run(
        [ROOT / ".venv/bin/cfn-lint", *sorted(STACKS.glob("*.yaml"))], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_checkov_has_nothing_to_say_and_every_exception_its_reason():
    failed, skipped = checkov.run(STACKS)
    assert failed == []
    assert skipped
    assert all(len(reason.split()) >= 4 for _, _, reason in skipped), skipped


def test_the_table_is_the_one_that_the_code_makes():
    table = of_type(made("data"), "AWS::DynamoDB::Table")["Table"]
    spec = table_spec()
    by_name = lambda rows, key: sorted(rows, key=lambda row: row[key])  # noqa: E731
    assert table["BillingMode"] == spec["BillingMode"]
    assert table["KeySchema"] == spec["KeySchema"]
    for rows, key in (("AttributeDefinitions", "AttributeName"), ("GlobalSecondaryIndexes", "IndexName")):
        assert by_name(table[rows], key) == by_name(spec[rows], key)
    assert table["TimeToLiveSpecification"] == {"AttributeName": TTL_ATTRIBUTE, "Enabled": True}
    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": False}  # (ssss)
    assert table["SSESpecification"] == {"SSEEnabled": True}


@pytest.mark.parametrize(("said", "guarded"), [("true", "true"), ("false", "false")])
def test_the_table_is_protected_unless_somebody_says_otherwise(said, guarded):
    assert template("data")["Parameters"]["DeletionProtection"]["Default"] == "true"
    assert made("data", DeletionProtection=said)["Table"]["Properties"]["DeletionProtectionEnabled"] == guarded


def test_every_bucket_is_private_encrypted_and_logs_no_access():
    buckets = of_type(made("data"), "AWS::S3::Bucket")
    assert set(buckets) == {"Portal", "Blobs", "Keys", "Build", "Backup"}
    for bucket in buckets.values():
        assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
        assert len(bucket["PublicAccessBlockConfiguration"]) == 4
        assert bucket["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
        assert "BucketEncryption" in bucket
        assert not {"LoggingConfiguration", "NotificationConfiguration", "ReplicationConfiguration"} & bucket.keys()


def test_every_bucket_is_reached_by_tls_alone():
    denied = {}
    for name in ("data", "edge"):
        for policy in of_type(made(name), "AWS::S3::BucketPolicy").values():
            for each in policy["PolicyDocument"]["Statement"]:
                if each["Effect"] == "Deny" and each["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}:
                    denied[policy["Bucket"]] = (each["Principal"], each["Action"])
    assert denied.keys() == {"Blobs", "Keys", "Build", "Backup", "invented-PortalBucket"}
    assert set(denied.values()) == {("*", "s3:*")}


def days(rule):
    """The most that something is kept by a rule: S3 counts to the midnight after, for either step."""
    gone = rule.get("ExpirationInDays", 0) + rule.get("NoncurrentVersionExpiration", {}).get("NoncurrentDays", 0)
    return gone + 1 if gone else 0


def test_nothing_old_is_kept_for_longer_than_the_privacy_page_promises():
    buckets = of_type(made("data"), "AWS::S3::Bucket")
    kept = {name: max(map(days, bucket["LifecycleConfiguration"]["Rules"])) for name, bucket in buckets.items()}
    assert kept == {"Portal": 0, "Blobs": 35, "Keys": 35, "Build": 8, "Backup": 35}
    versioned = {name for name, bucket in buckets.items() if "VersioningConfiguration" in bucket}
    assert versioned == {name for name, most in kept.items() if most == 35}


def test_what_cannot_be_made_again_outlives_a_mistake():
    found = made("data") | made("keys")
    kinds = ("AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::KMS::Key")
    replaced = {name: each["UpdateReplacePolicy"] for name, each in found.items() if each["Type"] in kinds}
    assert {name for name, policy in replaced.items() if policy != "Retain"} == {"Build"}
    left = {name for name, each in found.items() if each.get("DeletionPolicy") == "Retain"}
    assert left == {"Backup", "BackupPolicy", "Desk", "Identity", "Courier", "Links", "Mandates"}


def test_logs_end_after_seven_days_and_are_named_as_zappa_names_functions():
    groups = of_type(made("logs"), "AWS::Logs::LogGroup").values()
    assert {group["LogGroupName"] for group in groups} == {f"/aws/lambda/lapor-anonim-{f}-uji" for f in FUNCTIONS}
    assert {group["RetentionInDays"] for group in groups} == {7}


def test_no_access_log_and_no_sample_of_a_request_anywhere():
    assert "Logging" not in made("edge")["Distribution"]["Properties"]["DistributionConfig"]
    acl = made("global", Firewall="true")["WebAcl"]["Properties"]
    shown = [acl["VisibilityConfig"], *(rule["VisibilityConfig"] for rule in acl["Rules"])]
    assert {each["SampledRequestsEnabled"] for each in shown} == {False}
    kinds = {each["Type"] for name in names() for each in template(name)["Resources"].values()}
    assert not {kind for kind in kinds if "LoggingConfiguration" in kind or "RealtimeLog" in kind or "Trail" in kind}


def test_bounces_go_to_the_courier_and_no_list_of_addresses_is_kept():
    found = made("mail")
    assert found["Letters"]["Properties"]["SuppressionOptions"] == {"SuppressedReasons": []}
    assert found["Identity"]["Properties"]["FeedbackAttributes"] == {"EmailForwardingEnabled": False}
    topic = found["Bounces"]["Properties"]
    assert not [key for key in topic if "Logging" in key or key == "Subscription"]
    (statement,) = found["BouncesPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    assert (statement["Principal"], statement["Action"]) == ({"Service": "ses.amazonaws.com"}, "sns:Publish")
    (subscribed,) = of_type(made("schedule"), "AWS::SNS::Subscription").values()
    assert subscribed["Protocol"] == "lambda"
    assert subscribed["Endpoint"].endswith(":function:lapor-anonim-courier-uji")


def test_the_clock_gives_orders_that_the_functions_know():
    from json import loads

    from functions.aws_lambda.orders import ORDERS

    rules = of_type(made("schedule"), "AWS::Events::Rule")
    told = {rule["Targets"][0]["Id"]: loads(rule["Targets"][0]["Input"]) for rule in rules.values()}
    proofs = {function: f"invented-{function.title()}Proof" for function in BY_CLOCK}
    assert told == {name: {"lapor": order, "proof": proofs[name]} for name, order in BY_CLOCK.items()}
    declared = template("schedule")["Parameters"]
    assert all(declared[f"{function.title()}Proof"]["NoEcho"] is True for function in BY_CLOCK)
    assert all(function in ORDERS[order["lapor"]] for function, order in told.items())


def test_every_alarm_reaches_ops_and_watches_something_of_ours():
    alarms = of_type(made("alarms"), "AWS::CloudWatch::Alarm")
    assert {tuple(each["AlarmActions"]) for each in alarms.values()} == {("Ops",)}
    for function in FUNCTIONS:
        dimension = [{"Name": "FunctionName", "Value": f"lapor-anonim-{function}-uji"}]
        assert {"Errors"} <= {each["MetricName"] for each in alarms.values() if each["Dimensions"] == dimension}
    throttled = {each["Dimensions"][0]["Value"] for each in alarms.values() if each["MetricName"] == "Throttles"}
    assert throttled == {f"lapor-anonim-{function}-uji" for function in ("intake", "thread", "cleaner", "desk")}
    silent = {name for name, each in alarms.items() if each["TreatMissingData"] == "breaching"}
    assert silent == {"CourierSilent", "ClockSilent", "BackupMissed"}
    missed = alarms["BackupMissed"]
    assert (missed["Namespace"], missed["MetricName"]) == ("lapor-uji", METRIC)
    assert missed["Period"] * missed["EvaluationPeriods"] == 30 * 3600
    filters = of_type(made("logs"), "AWS::Logs::MetricFilter").values()
    watched = {(each["Namespace"], each["MetricName"]) for each in alarms.values()}
    counted = {(m["MetricNamespace"], m["MetricName"]) for each in filters for m in each["MetricTransformations"]}
    assert counted <= watched


@pytest.mark.parametrize("name", names())
def test_no_template_uses_what_cloudformation_does_not_read(name):
    """YAML's anchors and aliases: CloudFormation refuses them, and no linter says so."""
    import yaml

    tokens = yaml.scan(source(name))
    assert not [token for token in tokens if isinstance(token, yaml.AnchorToken | yaml.AliasToken)]


def test_the_emulator_gets_the_same_but_for_what_it_does_not_know():
    """What differs, by template and resource; how a key's policy does, test_roles_loosened.py tells."""
    told = {}
    for name in names():
        real, emulated = (made(name, Emulated=said) for said in ("false", "true"))
        differs = {each for each in real.keys() | emulated.keys() if real.get(each) != emulated.get(each)}
        told |= {name: differs} if differs else {}
    assert told == {
        "data": {"BlobsPolicy", "KeysPolicy", "BuildPolicy", "BackupPolicy"},  # buckets that insist on TLS
        "edge": {"PortalPolicy", "Distribution"},  # the same, and the group of origins
        "global": {"Budget"},
        "keyholders": {"Courier"},  # by which identity it sends
        "keys": {"Desk", "Identity", "Courier", "Links", "Mandates"},
    }


def test_for_the_emulator_the_courier_loses_nothing_but_its_sender():
    real, emulated = (
        {
            each["Sid"]: each
            for each in made("keyholders", Emulated=said)["Courier"]["Properties"]["Policies"][0]["PolicyDocument"][
                "Statement"
            ]
        }
        for said in ("false", "true")
    )
    assert {sid for sid in real if real[sid] != emulated[sid]} == {"Sends"}
    assert all(resource.startswith("arn:aws:ses:") for resource in real["Sends"]["Resource"])
