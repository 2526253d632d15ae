"""CloudFormation: each template of ``infra/stacks`` is one stack, fed from one pool of values.

The pool holds the environment's parameters, what earlier stacks put out, and what the deployer knows; a template is
passed what it declares. A stack that was cut short is taken up again: waited for, mended, or removed and made anew
where it never stood.

A shared template is one stack for all environments of an account, called after what stands in it: another release makes
another stack, and the last environment of a release takes its own away.
"""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml
from botocore.exceptions import ClientError

from infra.deploy.aws_errors import explained
from infra.deploy.place import ROOT, Place
from infra.deploy.say import DeployError

STACKS = ROOT / "infra" / "stacks"
BEFORE = ("data", "keys", "mail", "roles", "keyholders", "logs")
VAULT = "vault"  # only where the parameters ask for it
AFTER = ("urls", "global", "policies", "edge", "schedule", "alarms")
MOST_INLINE = 51_200  # bytes of a template that CloudFormation takes in a call
CAPABILITIES = ["CAPABILITY_NAMED_IAM"]
POLL_SECONDS = {True: 0.2, False: 5.0}  # by whether it is emulated
PATIENCE_SECONDS = 3600
STANDS = frozenset({"CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "IMPORT_COMPLETE"})
TURNED_BACK = "UPDATE_ROLLBACK_COMPLETE"  # it stands, as it was before a change that failed
NEVER_STOOD = frozenset({"ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED", "REVIEW_IN_PROGRESS"})
OF_BACKUPS = "backup"
SHARED, SHORT = "shared", 8  # the tag of a shared stack; signs of the hash in its name
NO_CHANGE = "No updates are to be performed"


class Tags(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # as fast as this machine's PyYAML has it
    """Reads a template's parameters and outputs; what CloudFormation's own tags stand for does not matter here."""


Tags.add_multi_constructor("!", lambda loader, suffix, node: f"!{suffix}")


@dataclass(frozen=True, slots=True)
class Template:
    """A template as it stands in its file."""

    name: str
    body: str
    declared: Mapping[str, Any] = field(default_factory=dict)
    region: str = ""  # AWS's name for it, ``backup`` for where backups are kept, "" for the environment's own
    shared: bool = False

    def pick(self, pool: Mapping[str, str]) -> list[dict[str, str]]:
        """Its parameters from the pool. Raises DeployError where one is missing."""
        missing = [name for name, said in self.declared.items() if name not in pool and "Default" not in said]
        if missing:
            raise DeployError(f"stack {self.name}: nobody has said {', '.join(missing)}; see infra/parameters/")
        picked = {name: pool[name] for name in self.declared if name in pool}
        return [{"ParameterKey": name, "ParameterValue": value} for name, value in picked.items()]


def template_of(name: str, folder: Path = STACKS) -> Template | None:
    """The template of that name, or None where there is none."""
    file = folder / f"{name}.yaml"
    if not file.exists():
        return None
    body = file.read_text()
    read = _read(body)
    said = (read.get("Metadata") or {}).get("Lapor") or {}
    return Template(name, body, read.get("Parameters") or {}, said.get("Region", ""), bool(said.get("Shared")))


def before(place: Place) -> tuple[str, ...]:
    """The stacks that functions stand on, in order."""
    return (*BEFORE[:1], *([VAULT] if place.vaulted else []), *BEFORE[1:])


@cache
def _read(body: str) -> dict[str, Any]:
    """A template's content; a deployment looks at each some twenty times."""
    read: dict[str, Any] = yaml.load(body, Tags)  # noqa: S506 - a SafeLoader that passes over CloudFormation's tags
    return read


@dataclass(frozen=True)
class Stacks:
    """The stacks of one environment. ``wait`` sleeps some seconds."""

    place: Place
    wait: Callable[[float], None] = time.sleep

    def name(self, template: str) -> str:
        """What a stack is called."""
        found = template_of(template)
        if found and found.shared:
            return f"lapor-{template}-{sha256(found.body.encode()).hexdigest()[:SHORT]}"
        return f"{self.place.prefix}-{template}"

    def outputs(self, template: str) -> dict[str, str]:
        """What a stack puts out; nothing where it does not stand."""
        stack = self._describe(template)
        return {o["OutputKey"]: o["OutputValue"] for o in (stack or {}).get("Outputs", [])}

    def status(self, template: str) -> str:
        """CloudFormation's word for how it stands, "" where there is none."""
        stack = self._describe(template)
        return str(stack["StackStatus"]) if stack else ""

    def body(self, template: str) -> str:
        """The template that a stack was last made of."""
        answer = self.client(template).get_template(StackName=self.name(template), TemplateStage="Original")
        return str(answer["TemplateBody"])

    def apply(self, template: Template, pool: Mapping[str, str]) -> str:
        """Make or update a stack and wait until it stands; returns ``made``, ``changed`` or ``unchanged``.
        Raises DeployError with CloudFormation's first reason."""
        status = self._settled(template.name)
        if status in NEVER_STOOD:
            self.delete(template.name)
            status = ""
        if status and status not in STANDS:
            raise DeployError(f"stack {self.name(template.name)} is {status}: look into it in the AWS console")
        call = self.client(template.name).update_stack if status else self.client(template.name).create_stack
        try:
            call(
                StackName=self.name(template.name),
                Parameters=template.pick({**self._before(template.name), **pool}),
                Capabilities=CAPABILITIES,
                Tags=[{"Key": "lapor:environment", "Value": SHARED if template.shared else self.place.env}],
                **self._body(template),
            )
        except ClientError as error:
            if NO_CHANGE in str(error):
                return "unchanged"
            raise DeployError(f"stack {self.name(template.name)}: {explained(error)}") from error
        ended = self._settled(template.name)
        if ended not in STANDS or "ROLLBACK" in ended:
            raise DeployError(f"stack {self.name(template.name)} ended as {ended}: {self._reason(template.name)}")
        return "changed" if status else "made"

    def delete(self, name: str) -> None:
        """Remove a stack and wait until it is gone. Raises DeployError."""
        if not self._settled(name):
            return
        self.client(name).delete_stack(StackName=self.name(name))
        ended = self._settled(name)
        if ended:
            raise DeployError(f"stack {self.name(name)} did not go ({ended}): {self._reason(name)}")

    def clear_shared(self, template: str) -> list[str]:
        """Remove each stack of a shared template, of this release or others, that no distribution uses any more;
        returns their names. Raises DeployError."""
        client, gone = self.client(template), []
        pages = client.get_paginator("describe_stacks").paginate()
        ours = [s for page in pages for s in page["Stacks"] if s["StackName"].startswith(f"lapor-{template}-")]
        told = [{"Key": "lapor:environment", "Value": SHARED}]
        standing = [s for s in ours if s.get("Tags") == told and s["StackStatus"] in STANDS]
        used = json.dumps(self._distributions(), default=str) if standing else ""
        for stack in standing:
            if not any(o["OutputValue"] in used for o in stack.get("Outputs", [])):
                client.delete_stack(StackName=stack["StackName"])
                gone.append(stack["StackName"])
        return gone

    def _distributions(self) -> list[Any]:
        client = self.place.client("cloudfront")
        pages = client.get_paginator("list_distributions").paginate()
        return [each for page in pages for each in page["DistributionList"].get("Items", [])]

    def _body(self, template: Template) -> dict[str, str]:
        if len(template.body.encode()) <= MOST_INLINE:
            return {"TemplateBody": template.body}
        bucket, key = self.place.bucket("build"), f"templates/{template.name}.yaml"
        self.place.client("s3").put_object(Bucket=bucket, Key=key, Body=template.body.encode())
        return {"TemplateURL": f"https://{bucket}.s3.{self.place.region}.amazonaws.com/{key}"}

    def client(self, name: str) -> Any:
        """CloudFormation in the region of a stack."""
        template = template_of(name)
        region = template.region if template else ""
        return self.place.client("cloudformation", self.place.backup_region if region == OF_BACKUPS else region)

    def _describe(self, name: str) -> dict[str, Any] | None:
        try:
            described = self.client(name).describe_stacks(StackName=self.name(name))["Stacks"]
        except ClientError as error:
            if "does not exist" in str(error):
                return None
            raise DeployError(explained(error)) from error
        standing = [stack for stack in described if stack["StackStatus"] != "DELETE_COMPLETE"]
        return standing[0] if standing else None

    def _before(self, name: str) -> dict[str, str]:
        """The values that a stack was last given; nobody can read those that are secret again."""
        stack = self._describe(name) or {}
        given = {p["ParameterKey"]: p.get("ParameterValue", "") for p in stack.get("Parameters", [])}
        return {key: value for key, value in given.items() if set(value) != {"*"}}

    def _settled(self, name: str) -> str:
        """The status once nothing is in progress, "" where there is no stack. Raises DeployError."""
        until = time.monotonic() + PATIENCE_SECONDS
        while (status := self.status(name)).endswith("_IN_PROGRESS") and status != "REVIEW_IN_PROGRESS":
            if time.monotonic() > until:
                raise DeployError(f"stack {self.name(name)} is still {status}; run this again later")
            self.wait(POLL_SECONDS[self.place.emulated])
        return status

    def _reason(self, name: str) -> str:
        try:
            events = self.client(name).describe_stack_events(StackName=self.name(name))["StackEvents"]
        except ClientError:
            return "no reason given"
        failed = [e for e in events if "FAILED" in e["ResourceStatus"] and e.get("ResourceStatusReason")]
        # The newest come first; what failed first is the cause, what follows was only cancelled.
        return (
            f"{failed[-1]['LogicalResourceId']}: {failed[-1]['ResourceStatusReason']}" if failed else "no reason given"
        )
