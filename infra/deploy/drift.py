"""What somebody changed by hand since the last deployment, a line each: in the stacks, which CloudFormation compares
itself, and in what stands beside them: functions, KMS keys and the backups' bucket that outlived a stack.

It names settings and never their values, which may be secrets.

Tests: ``tests/cloud/test_drift.py``.
"""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from infra.deploy.aws_errors import code_of
from infra.deploy.closure import FUNCTIONS
from infra.deploy.environs import public_url
from infra.deploy.functions import GOOD, WARM, Functions, is_quiet
from infra.deploy.leftovers import keys_left_behind
from infra.deploy.place import Place
from infra.deploy.smoke import too_open
from infra.deploy.stacks import AFTER, POLL_SECONDS, Stacks, before
from infra.deploy.stages import ENVIRONMENT
from infra.deploy.status import FINE, LOOK, WRONG

LOOKING = "DETECTION_IN_PROGRESS"
KEPT_DAYS = {"": (33, 1), "nights/": (25, 0)}  # of the backups' bucket, by prefix: data.yaml
OPENED_BY = {"desk": "desk", "identity": "custody", "courier": "courier", "links": "courier", "mandates": "desk"}
Said = Iterator[tuple[str, str]]


@dataclass(frozen=True)
class Drift:
    """Compares one environment with what was deployed. Changes nothing. ``wait`` sleeps some seconds."""

    place: Place
    wait: Callable[[float], None] = time.sleep

    def __call__(self) -> Said:
        """A mark and a sentence for each thing that was changed; one that all is as deployed where none was."""
        found = [*self._all()]
        yield from found
        if not found:
            yield FINE, f"{self.place.prefix}: stacks, functions, keys and backups are as they were deployed"

    def _all(self) -> Said:
        looks = [lambda name=name: self._stack(name) for name in (*before(self.place), *AFTER)]
        for what, look in (*((None, each) for each in looks), *self._beside().items()):
            try:
                yield from look()
            except (ClientError, BotoCoreError) as error:
                yield LOOK, f"{what or 'stack'}: AWS did not say ({code_of(error)})"

    def _beside(self) -> dict[str, Callable[[], Said]]:
        return {"functions": self._functions, "keys": self._keys, "backups": self._backups}

    @cached_property
    def _stacks(self) -> Stacks:
        return Stacks(self.place)

    def _stack(self, name: str) -> Said:
        client, stack = self._stacks.client(name), self._stacks.name(name)
        if not self._stacks.status(name):
            yield WRONG, f"stack {stack}: is not there"
            return
        asked = client.detect_stack_drift(StackName=stack)["StackDriftDetectionId"]
        while (told := client.describe_stack_drift_detection_status(StackDriftDetectionId=asked))[
            "DetectionStatus"
        ] == LOOKING:
            self.wait(POLL_SECONDS[self.place.emulated])
        if told["DetectionStatus"] != "DETECTION_COMPLETE":
            yield LOOK, f"stack {stack}: CloudFormation compared not all of it: {told.get('DetectionStatusReason', '')}"
        for each in _drifted(client, stack):
            differing = ", ".join(sorted(d["PropertyPath"] for d in each.get("PropertyDifferences", [])))
            how = "is gone" if each["StackResourceDriftStatus"] == "DELETED" else f"differs in {differing}"
            yield WRONG, f"stack {stack}: {each['LogicalResourceId']} ({each['ResourceType']}) {how}"

    def _functions(self) -> Said:
        pool = {name: value for stack in ("roles", "keyholders") for name, value in self._stacks.outputs(stack).items()}
        roles = {function: pool.get(f"{function.title()}Role", "") for function in FUNCTIONS}
        known = Functions(self.place, roles, public_url(self.place, self._stacks.outputs("edge")))
        for function in FUNCTIONS:
            there = known.configured(function)
            if not there:
                yield WRONG, f"function {function}: is not there"
                continue
            wanted = known.stages[f"{function}_{self.place.env}"]
            if changed := [*_settings(there, wanted), *self._code(known, there)]:
                yield WRONG, f"function {function}: {', '.join(changed)}"
            if fault := too_open(known.permissions(function), function):
                yield WRONG, f"function {function}: {fault}"
        if self.place.warm_intake and (fault := too_open(known.permissions("intake", WARM), "intake")):
            yield WRONG, f"function intake, as it stands ready: {fault}"

    @staticmethod
    def _code(known: Functions, there: dict[str, Any]) -> Iterator[str]:
        good = known.client.get_function_configuration(FunctionName=there["FunctionName"], Qualifier=GOOD)
        if good["CodeSha256"] != there["CodeSha256"]:
            yield "its code is not what passed the smoke test"

    def _keys(self) -> Said:
        client, there = self.place.client("kms"), keys_left_behind(self.place)
        for purpose, role in OPENED_BY.items():
            arn = there.get(f"{purpose.title()}KeyArn")
            if not arn:
                yield WRONG, f"key {purpose}: is gone, or is to be deleted"
                continue
            if client.get_key_rotation_status(KeyId=arn)["KeyRotationEnabled"]:
                yield WRONG, f"key {purpose}: KMS rotates it, which costs and encrypts nothing anew; `make deploy`"
            policy = json.loads(client.get_key_policy(KeyId=arn, PolicyName="default")["Policy"])
            if not _closed(policy["Statement"], f"{self.place.prefix}-{role}"):
                yield (
                    WRONG,
                    f"key {purpose}: its policy lets others decrypt than the role {self.place.prefix}-{role}",
                )

    def _ends_of(self, bucket: str) -> list[dict[str, Any]]:
        try:
            found: list[dict[str, Any]] = self.place.backups.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
        except ClientError as error:
            if self.place.emulated or code_of(error) != "NoSuchLifecycleConfiguration":
                raise  # the emulator passes over what data.yaml says of it
            return []  # somebody took it away: backups would never end
        return found

    def _backups(self) -> Said:
        client, bucket = self.place.backups, self.place.bucket("backup")
        said = self._ends_of(bucket)
        for prefix, (days, older) in KEPT_DAYS.items():
            if not any(_ends(rule, prefix, days, older) for rule in said if rule["Status"] == "Enabled"):
                yield WRONG, f"{bucket}: what lies below '{prefix}' does not end after {days} days"
        if not all(client.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"].values()):
            yield WRONG, f"{bucket}: could be made public"
        if client.get_bucket_versioning(Bucket=bucket).get("Status") != "Enabled":
            yield WRONG, f"{bucket}: keeps no versions, so whoever writes over a backup destroys it"
        if days := int(self.place.parameters.get("backup_lock_days") or 0):
            lock = client.get_object_lock_configuration(Bucket=bucket)["ObjectLockConfiguration"]
            if lock["Rule"]["DefaultRetention"] != {"Mode": "COMPLIANCE", "Days": days}:
                yield WRONG, f"{bucket}: is not locked for {days} days"


def _drifted(client: Any, stack: str) -> Iterator[dict[str, Any]]:
    more: dict[str, str] = {}
    while True:
        page = client.describe_stack_resource_drifts(
            StackName=stack, StackResourceDriftStatusFilters=["MODIFIED", "DELETED"], **more
        )
        yield from page["StackResourceDrifts"]
        if not page.get("NextToken"):
            return
        more = {"NextToken": page["NextToken"]}


def _settings(there: dict[str, Any], wanted: dict[str, Any]) -> Iterator[str]:
    """How a function differs from what Zappa was told, by name."""
    facts = {
        "role": (there["Role"], wanted["role_arn"]),
        "timeout": (there["Timeout"], wanted["timeout_seconds"]),
        "memory": (there["MemorySize"], wanted["memory_size"]),
        "layers": (there.get("Layers", []), []),
        "network": (there.get("VpcConfig", {}).get("VpcId", ""), ""),
    }
    yield from (f"another {name}" for name, (found, told) in facts.items() if found != told)
    variables, told = there.get("Environment", {}).get("Variables", {}), wanted[ENVIRONMENT]
    if other := sorted(name for name in variables.keys() | told.keys() if variables.get(name) != told.get(name)):
        yield f"its environment differs in {', '.join(other)}"
    if not is_quiet(there):
        yield "it logs requests or traces them"


def _closed(statements: list[dict[str, Any]], role: str) -> bool:
    """Whether a key's policy still denies decrypting to everybody but one role."""
    denied = [
        each for each in statements if each["Effect"] == "Deny" and each["Action"] in ("kms:Decrypt", ["kms:Decrypt"])
    ]
    named = [each["Condition"]["ArnNotEquals"]["aws:PrincipalArn"] for each in denied if "Condition" in each]
    return len(named) == 1 and (named[0].endswith(f":role/{role}") or f":assumed-role/{role}/" in named[0])


def _ends(rule: dict[str, Any], prefix: str, days: int, older: int) -> bool:
    lies = rule.get("Prefix") or rule.get("Filter", {}).get("Prefix", "")
    gone = rule.get("NoncurrentVersionExpiration", {}).get("NoncurrentDays", 0)
    return bool(lies == prefix and rule.get("Expiration", {}).get("Days") == days and gone == older)
