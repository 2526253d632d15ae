"""The workflow's three roles may do what their jobs do and nothing beside it; the workflow trusts no step of others and no
key that lives; the dashboard counts whole days of what is counted anyway."""

import ast
import json
import re
from typing import Any

import pytest
import yaml
from botocore import xform_name
from botocore.session import get_session

from tests.cloud import parliament
from tests.cloud.policies import OPERATORS, ROLES, Statement, allowing, among, listed
from tests.cloud.stacks import ACCOUNT, ENV, REGION, ROOT, made, of_type

ISSUER = "token.actions.githubusercontent.com"
GIVEN = {"Repository": "dinas/lapor", "Issuer": ISSUER}
JOBS = {"Plan": "uji-tinjau", "Deploy": "uji", "Night": "uji-malam"}
TABLE = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/lapor"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/kunci"
TAGGED = {"aws:ResourceTag/lapor:environment": ENV}
# Whoever may write a bucket's policy may give the objects to anybody: a deployment makes the buckets.
INHERENT = "RESOURCE_POLICY_PRIVILEGE_ESCALATION"


def role(name: str) -> dict[str, Any]:
    return dict(of_type(made("pipeline", **GIVEN), "AWS::IAM::Role")[name])


def statements(name: str) -> list[Statement]:
    return [each for policy in role(name)["Policies"] for each in policy["PolicyDocument"]["Statement"]]


def may(name: str, action: str, resource: str, context: dict[str, str] | None = None) -> bool:
    return allowing(statements(name), action, resource, context or {}) is not None


def test_parliament_knows_every_right_and_finds_only_what_a_deployment_cannot_do_without() -> None:
    found = parliament.run({name: statements(name) for name in JOBS})
    assert {(name, kind) for name, kind, _ in found} == {("Deploy", INHERENT)}
    assert all("PutBucketPolicy" in about or "PutLifecycleConfiguration" in about for _, _, about in found)


@pytest.mark.parametrize("name", JOBS)
def test_only_the_job_of_one_protected_environment_of_one_repository_takes_a_role(name: str) -> None:
    document = role(name)["AssumeRolePolicyDocument"]
    trust = json.loads(document) if isinstance(document, str) else document
    (statement,) = trust["Statement"]
    assert statement["Principal"] == {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/{ISSUER}"}
    assert statement["Action"] == "sts:AssumeRoleWithWebIdentity"
    ((operator, wanted),) = statement["Condition"].items()
    holds = lambda sub: all(  # noqa: E731
        OPERATORS[operator]([{f"{ISSUER}:aud": "sts.amazonaws.com", f"{ISSUER}:sub": sub}[key]], listed(value))
        for key, value in wanted.items()
    )
    assert len(wanted) == 2
    assert holds(f"repo:dinas/lapor:environment:{JOBS[name]}")
    for other in (
        "repo:lain/lapor:environment:uji",
        "repo:dinas/lapor:ref:refs/heads/main",
        "repo:dinas/lapor:pull_request",
    ):
        assert not holds(other)
    assert not any(holds(f"repo:dinas/lapor:environment:{job}") for each, job in JOBS.items() if each != name)


@pytest.mark.parametrize("name", JOBS)
def test_no_job_opens_what_kms_encrypted_becomes_a_function_or_makes_a_key_that_lives(name: str) -> None:
    for context in ({}, TAGGED):
        assert not may(name, "kms:Decrypt", KEY, context)
    for function in ROLES:
        assert not may(name, "sts:AssumeRole", f"arn:aws:iam::{ACCOUNT}:role/lapor-{ENV}-{function}")
    for action in ("iam:CreateUser", "iam:CreateAccessKey", "iam:CreatePolicyVersion", "iam:AttachRolePolicy"):
        assert not may(name, action, f"arn:aws:iam::{ACCOUNT}:user/siapa")
    for action in ("iam:PutRolePolicy", "iam:UpdateAssumeRolePolicy", "iam:DeleteRole"):
        assert not may(name, action, f"arn:aws:iam::{ACCOUNT}:role/pipeline-{ENV}-deploy")
    assert not may(
        name,
        "iam:PassRole",
        f"arn:aws:iam::{ACCOUNT}:role/lapor-{ENV}-desk",
        {"iam:PassedToService": "ec2.amazonaws.com"},
    )
    for action in ("Scan", "DeleteTable", "PutItem"):
        assert not may(name, f"dynamodb:{action}", f"{TABLE}-produksi")
    for bucket in ("backup", "blobs", "portal"):
        assert not may(name, "s3:DeleteObject", f"arn:aws:s3:::lapor-produksi-{bucket}-{ACCOUNT}/x")
    assert not may(name, "s3:DeleteObjectVersion", f"arn:aws:s3:::lapor-{ENV}-backup-{ACCOUNT}/nights/x")


def test_who_makes_a_plan_writes_nothing_and_reads_no_word_and_no_secret() -> None:
    actions = [action for each in statements("Plan") for action in listed(each["Action"])]
    assert not [each for each in actions if not re.match(r"\w+:(Get|List|Describe)", each)]
    for action in ("dynamodb:Scan", "dynamodb:GetItem", "s3:GetObject", "ssm:GetParameter", "lambda:GetFunction"):
        assert not among([action], actions), action


def test_the_nightly_job_writes_backups_and_reads_none() -> None:
    for what, allowed in (("backup", False), ("keys", True), ("blobs", True)):
        assert may("Night", "s3:GetObject", f"arn:aws:s3:::lapor-{ENV}-{what}-{ACCOUNT}/x") is allowed
    assert may("Night", "s3:PutObject", f"arn:aws:s3:::lapor-{ENV}-backup-{ACCOUNT}/nights/x")
    assert may("Night", "dynamodb:Scan", f"{TABLE}-{ENV}")
    assert not may("Night", "dynamodb:PutItem", f"{TABLE}-{ENV}")
    assert not may(
        "Night", "lambda:InvokeFunction", f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:lapor-anonim-desk-{ENV}"
    )


NAMES = {"cloudformation": "cloudformation", "sesv2": "ses", "s3": "s3"}
RIGHTS = {  # where a call's right is called otherwise
    "s3:HeadBucket": "s3:ListBucket", "s3:HeadObject": "s3:GetObject", "s3:CopyObject": "s3:PutObject",
    "s3:ListObjectsV2": "s3:ListBucket", "s3:ListObjectVersions": "s3:ListBucketVersions", "s3:UploadFile": "s3:PutObject",
    "s3:DeleteObjects": "s3:DeleteObject", "s3:GetBucketLifecycleConfiguration": "s3:GetLifecycleConfiguration",
    "s3:GetPublicAccessBlock": "s3:GetBucketPublicAccessBlock", "lambda:Invoke": "lambda:InvokeFunction",
    "s3:GetObjectLockConfiguration": "s3:GetBucketObjectLockConfiguration",
}  # fmt: skip
UNASKED = {"sts:GetCallerIdentity", "ssm:GetParameters"}
AT_HAND = {  # by people alone
    "kms:ScheduleKeyDeletion",
}


def calls_of_the_deployer() -> set[str]:
    """Every call of AWS that the deployer's source spells, as a right. A name that several services know counts for each
    whose client its file makes."""
    session, found = get_session(), set()
    for path in sorted((ROOT / "infra/deploy").glob("*.py")):
        text = path.read_text()
        services = set(re.findall(r"""client\(\s*["']([a-z0-9-]+)["']""", text)) | (
            {"s3"} if ".backups" in text else set()
        )
        services |= {"lambda"} if "functions.client" in text or "known.client" in text else set()
        services |= {"cloudformation"} if "Stacks" in text and "stacks.client" in text else set()
        spelled = {node.attr for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Attribute)}
        spelled |= set(re.findall(r"""get_paginator\(["'](\w+)["']\)""", text))
        for service in services:
            model = session.get_service_model(service)
            names = {xform_name(each): each for each in model.operation_names}
            found |= {f"{NAMES.get(service, service)}:{names[each]}" for each in spelled & names.keys()}
    return {RIGHTS.get(each, each) for each in found} - UNASKED


def test_the_deploying_role_has_a_right_for_every_call_that_the_deployer_spells() -> None:
    rights = [action for each in statements("Deploy") if each["Effect"] == "Allow" for action in listed(each["Action"])]
    wanted = calls_of_the_deployer()
    assert len(wanted) > 50
    assert sorted(each for each in wanted if not among([each], rights)) == []


WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_runs_nobodys_action_holds_no_key_and_puts_no_input_into_a_shell(path: Any) -> None:
    read = yaml.safe_load(path.read_text())
    assert read["permissions"] == {}
    for job in read["jobs"].values():
        assert job["permissions"] == {"contents": "read", "id-token": "write"}
        assert job["environment"].startswith("${{ vars.LAPOR_ENV }}")
        for step in job["steps"]:
            assert "uses" not in step
            assert "${{" not in step["run"]
    text = path.read_text()
    assert "secrets." not in text
    assert "AWS_ACCESS_KEY" not in text
    targets = set(re.findall(r"make -C source ([a-z-]+)", text))
    known = set(re.findall(r"^([a-z][a-z-]*): ##", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert targets
    assert targets <= known


def test_what_is_deployed_is_a_signed_tag_and_the_plan_that_was_approved() -> None:
    read = yaml.safe_load((ROOT / ".github/workflows/deploy.yml").read_text())
    assert read[True] == {"push": {"tags": ["v*"]}}  # YAML takes `on` for true
    jobs = read["jobs"]
    for job in jobs.values():
        first = job["steps"][0]["run"]
        assert first.index("verify-tag") < first.index("make -C source verify-release")
        assert "SIGNERS" in read["env"]
    assert jobs["deploy"]["needs"] == "plan"
    assert jobs["deploy"]["environment"] == "${{ vars.LAPOR_ENV }}"
    assert jobs["deploy"]["steps"][-1]["run"].endswith('PLAN="$PLAN"')
    assert jobs["deploy"]["steps"][-1]["env"]["PLAN"] == "${{ needs.plan.outputs.digest }}"


def test_the_dashboard_counts_whole_days_of_what_the_alarms_watch_and_nothing_finer() -> None:
    found = made("alarms")
    body = json.loads(found["Dashboard"]["Properties"]["DashboardBody"])
    watched = {
        (
            each["Namespace"],
            each["MetricName"],
            *(part for d in each.get("Dimensions", []) for part in (d["Name"], d["Value"])),
        )
        for each in of_type(found, "AWS::CloudWatch::Alarm").values()
    }
    shown = set()
    for widget in body["widgets"]:
        assert widget["type"] == "metric"  # no query into logs, no list of what came
        assert widget["properties"]["period"] == 86_400
        assert widget["properties"]["stat"] == "Sum"
        shown |= {tuple(metric) for metric in widget["properties"]["metrics"]}
    assert shown <= watched
    assert ("lapor-uji", "Backups") in shown
    assert not [metric for metric in shown if metric[1] == "Invocations" and "intake" in metric[-1]]
