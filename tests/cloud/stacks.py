"""The templates as tests read them: as they are, worked out for given parameters, and made in the emulator."""

import time
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.engines import aws

ROOT = Path(__file__).resolve().parents[2]
STACKS = ROOT / "infra" / "stacks"
BEFORE = ("data", "keys", "mail", "roles", "keyholders", "logs")  # the functions, in this order
REGION, ACCOUNT = "ap-southeast-3", "000000000000"
PSEUDO = {"AWS::AccountId": ACCOUNT, "AWS::Region": REGION, "AWS::Partition": "aws"}
ENV = "uji"
MAIL = {"MailFrom": "tanpa-balasan@lapor.example", "MailIdentity": "lapor.example"}
NOTHING = object()


class _Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short forms, ``!Ref x`` as ``{"Ref": "x"}``."""


def _short(loader: Any, suffix: str, node: Any) -> dict[str, Any]:
    read = {yaml.ScalarNode: loader.construct_scalar, yaml.SequenceNode: loader.construct_sequence}
    kwargs = {} if isinstance(node, yaml.ScalarNode) else {"deep": True}
    value = read.get(type(node), loader.construct_mapping)(node, **kwargs)
    name = suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}"
    return {name: value.split(".", 1) if suffix == "GetAtt" else value}


_Loader.add_multi_constructor("!", _short)


def names() -> list[str]:
    return sorted(path.stem for path in STACKS.glob("*.yaml"))


@cache
def source(name: str) -> str:
    return (STACKS / f"{name}.yaml").read_text()


@cache
def _read(name: str) -> Any:
    return yaml.load(source(name), Loader=_Loader)  # noqa: S506 - a SafeLoader, and our own file


def template(name: str) -> dict[str, Any]:
    """A template, fresh each time, so that a test may loosen its own."""
    read: dict[str, Any] = deepcopy(_read(name))
    return read


def parameters(name: str, **given: str) -> dict[str, str]:
    """Every parameter of a template: as given, by its default, or invented."""
    declared = template(name).get("Parameters", {})
    known = {"Environment": ENV, "Emulated": "false"} | arns() | MAIL | given
    return {key: known.get(key, str(about.get("Default", f"invented-{key}"))) for key, about in declared.items()}


def made(name: str, **given: str) -> dict[str, dict[str, Any]]:
    """The resources of one of our templates, worked out."""
    return resources(template(name), parameters(name, **given))


def of_type(found: dict[str, dict[str, Any]], kind: str) -> dict[str, Any]:
    """The properties of all resources of a type, by their names in the template."""
    return {name: each["Properties"] for name, each in found.items() if each["Type"] == kind}


def arns() -> dict[str, str]:
    """What the roles' templates are told of the others, for reading them without making anything."""
    keys = ("Desk", "Identity", "Courier", "Links", "Mandates")
    return {
        "TableArn": f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/lapor-{ENV}",
        "BlobsBucket": f"lapor-{ENV}-blobs-{ACCOUNT}",
        "KeysBucket": f"lapor-{ENV}-keys-{ACCOUNT}",
        **{f"{key}Key": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{key.lower()}" for key in keys},
    }


def resources(read: dict[str, Any], given: dict[str, str]) -> dict[str, dict[str, Any]]:
    """The resources of a template that stand with these parameters, with every reference worked out."""
    lists = [name for name, about in read.get("Parameters", {}).items() if about["Type"] == "CommaDelimitedList"]
    known: dict[str, Any] = PSEUDO | given | {name: given[name].split(",") for name in lists if name in given}
    holds = {name: bool(_worked(test, known, {})) for name, test in read.get("Conditions", {}).items()}
    for name, test in read.get("Conditions", {}).items():  # again: one may name another
        holds[name] = bool(_worked(test, known, holds))
    standing = {name: each for name, each in read["Resources"].items() if holds.get(each.get("Condition", ""), True)}
    return {name: _worked(each, known, holds) for name, each in standing.items()}


def _worked(node: Any, known: dict[str, Any], holds: dict[str, bool]) -> Any:
    if isinstance(node, list):
        return [value for each in node if (value := _worked(each, known, holds)) is not NOTHING]
    if not isinstance(node, dict):
        return node
    if len(node) == 1 and (done := _function(*next(iter(node.items())), known, holds)) is not None:
        return done
    worked = {key: _worked(value, known, holds) for key, value in node.items() if key != "Condition" or value}
    return {key: value for key, value in worked.items() if value is not NOTHING}


def _function(name: str, of: Any, known: dict[str, Any], holds: dict[str, bool]) -> Any:
    """What an intrinsic function gives, None where the name is none."""
    if name == "Condition" and not isinstance(of, str):  # a policy's, and no function
        return None
    work = {
        "Ref": lambda: NOTHING if of == "AWS::NoValue" else known.get(of, of),
        "Condition": lambda: holds.get(of, False),
        "Fn::GetAtt": lambda: ".".join(of),
        "Fn::Sub": lambda: _filled(str(of), known),
        "Fn::If": lambda: _worked(of[1] if holds[of[0]] else of[2], known, holds),
        "Fn::Equals": lambda: _worked(of[0], known, holds) == _worked(of[1], known, holds),
        "Fn::Not": lambda: not _worked(of[0], known, holds),
        "Fn::And": lambda: all(_worked(each, known, holds) for each in of),
    }.get(name)
    return work() if work else None


def _filled(text: str, known: dict[str, Any]) -> str:
    for key, value in known.items():
        text = text.replace(f"${{{key}}}", str(value))
    return text


def make(client: Any, name: str, given: dict[str, str]) -> dict[str, str]:
    """Create a stack and wait for it; returns what it puts out. Fails with what CloudFormation says."""
    stack = f"lapor-{ENV}-{name}"
    told = [{"ParameterKey": key, "ParameterValue": value} for key, value in given.items()]
    client.create_stack(
        StackName=stack, TemplateBody=source(name), Parameters=told, Capabilities=["CAPABILITY_NAMED_IAM"]
    )
    while True:
        found = client.describe_stacks(StackName=stack)["Stacks"][0]
        if not found["StackStatus"].endswith("IN_PROGRESS"):
            break
        time.sleep(0.1)
    said = [
        (event["LogicalResourceId"], event.get("ResourceStatusReason"))
        for event in client.describe_stack_events(StackName=stack)["StackEvents"]
        if event["ResourceStatus"].endswith("FAILED")
    ]
    assert found["StackStatus"] == "CREATE_COMPLETE", said
    return {each["OutputKey"]: each["OutputValue"] for each in found.get("Outputs", [])}


def make_all(url: str, **given: str) -> dict[str, str]:
    """The stacks before the functions, in the emulator; returns all they put out."""
    client = aws.client(
        "cloudformation", endpoint_url=url, region_name=REGION, aws_access_key_id="test", aws_secret_access_key="test"
    )
    pool = {"Environment": ENV, "Emulated": "true", "DeletionProtection": "false"} | MAIL | given
    for name in BEFORE:
        declared = template(name).get("Parameters", {})
        pool |= make(client, name, {key: pool[key] for key in declared if key in pool})
    return pool
