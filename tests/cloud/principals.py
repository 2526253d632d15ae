"""Whoever calls AWS, in the emulator: a role that was assumed, or ops.

The emulator judges actions, resources, partitions and the policies of keys and functions. What it does not look at (an
encryption's context, who sends) our own evaluator judges, on the same policies, before a call leaves; and all the rest.
"""

import json
from dataclasses import dataclass, field
from typing import Any

from botocore.config import Config
from botocore.exceptions import ClientError

from tests.cloud.calls import Ask, asks
from tests.cloud.policies import ROLES, Statement, admits, allowing, function_policy, key_policy, statements_of
from tests.cloud.stacks import ACCOUNT, ENV, REGION
from tests.engines import aws

PURPOSES = ("desk", "identity", "courier", "links", "mandates")
REFUSED = frozenset({"AccessDenied", "AccessDeniedException", "403"})
ROOT = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
EVERYTHING: Statement = {"Sid": "Everything", "Effect": "Allow", "Action": "*", "Resource": "*"}


@dataclass
class Principal:
    """``name`` is a role's or ``ops``; ``statements`` are its policies, ``keys`` the ARNs of the KMS keys by purpose.
    ``used`` notes by which statement each call was allowed; ``strict`` refuses what AWS would refuse."""

    name: str
    url: str
    credentials: dict[str, str]
    statements: list[Statement]
    keys: dict[str, str]
    strict: bool = True
    used: set[tuple[str, str]] = field(default_factory=set)
    clients: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def arn(self) -> str:
        kind = "user/ops" if self.name == "ops" else f"role/lapor-{ENV}-{self.name}"
        return f"arn:aws:iam::{ACCOUNT}:{kind}"

    def client(self, service: str) -> Any:
        """A boto3 client that asks the evaluator before it asks the emulator; always the same one."""
        if service in self.clients:
            return self.clients[service]
        options: dict[str, Any] = {"retries": {"total_max_attempts": 1}, "s3": {"addressing_style": "path"}}
        made = aws.client(
            service, endpoint_url=self.url, region_name=REGION, config=Config(**options), **self.credentials
        )
        made.meta.events.register(f"provide-client-params.{service}", self._judge)
        self.clients[service] = made
        return made

    def allowed(self, ask: Ask) -> bool:
        """What the policies say, all conditions looked at."""
        resource = self._resolved(ask)
        if ask.action.startswith("lambda:") and admits(_own_policy(resource), ask.action, resource, ask.context):
            return True  # in the owner's account one of the two policies is enough
        statement = allowing(self.statements, ask.action, resource, ask.context)
        if statement is None:
            return False
        if ask.action.startswith("kms:"):
            purpose = next(purpose for purpose, arn in self.keys.items() if arn == resource)
            context = {**ask.context, "aws:PrincipalArn": self.arn}
            if allowing(key_policy(purpose), ask.action, resource, context) is None:
                return False
        self.used.add((statement["Sid"], ask.action))
        return True

    def _resolved(self, ask: Ask) -> str:
        alias = f"alias/lapor-{ENV}-"
        return self.keys[ask.resource.removeprefix(alias)] if ask.resource.startswith(alias) else ask.resource

    def _judge(self, params: dict[str, Any], model: Any, **_: Any) -> None:
        service = model.service_model.service_name
        if not self.strict:
            return
        for ask in asks(service, model.name, params):
            if not self.allowed(ask):
                said = {"Error": {"Code": "AccessDeniedException", "Message": f"{self.name}: {ask}"}}
                raise ClientError(said, model.name)


def _own_policy(function: str) -> list[Statement]:
    return function_policy(function.removesuffix(f"-{ENV}").rpartition("-")[2])


def refused(error: ClientError) -> bool:
    """Whether it is for lack of rights that a call failed."""
    return error.response["Error"]["Code"] in REFUSED


def principals(url: str, pool: dict[str, str]) -> dict[str, Principal]:
    """A principal for each role of the stacks that ``pool`` describes, and ``ops``, who may all that IAM can give."""
    iam, sts = (aws.client(name, endpoint_url=url, region_name=REGION, **ROOT) for name in ("iam", "sts"))
    given = {name: pool[name] for name in ("TableArn", "BlobsBucket", "KeysBucket")}
    keys = {purpose: pool[f"{purpose.title()}Key"] for purpose in PURPOSES}
    given |= {f"{purpose.title()}Key": arn for purpose, arn in keys.items()}
    made = {}
    for role in ROLES:
        # The template lets Lambda alone take a role; here the test has to.
        let_in = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [let_in]})
        iam.update_assume_role_policy(RoleName=f"lapor-{ENV}-{role}", PolicyDocument=document)
        taken = sts.assume_role(RoleArn=pool[f"{role.title()}Role"], RoleSessionName="uji")["Credentials"]
        made[role] = Principal(role, url, _credentials(taken), statements_of(role, given), keys)
    iam.create_user(UserName="ops")
    document = json.dumps({"Version": "2012-10-17", "Statement": [EVERYTHING]})
    iam.put_user_policy(UserName="ops", PolicyName="everything", PolicyDocument=document)
    key = iam.create_access_key(UserName="ops")["AccessKey"]
    made["ops"] = Principal("ops", url, _credentials(key), [EVERYTHING], keys)
    return made


def _credentials(given: dict[str, str]) -> dict[str, str]:
    named = {"aws_access_key_id": "AccessKeyId", "aws_secret_access_key": "SecretAccessKey"}
    named |= {"aws_session_token": "SessionToken"} if "SessionToken" in given else {}
    return {ours: given[theirs] for ours, theirs in named.items()}
