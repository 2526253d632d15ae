"""The functions in Lambda, put there by Zappa: deployed, updated, and turned back to what last passed the smoke test.

That is kept by Lambda itself, as the alias ``good`` of each function, so a deployment that was cut short knows it too.
"""

import base64
import json
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from botocore.exceptions import ClientError

from infra.deploy.account import cleaners_bound
from infra.deploy.aws_errors import explained
from infra.deploy.build import Package, architecture_of
from infra.deploy.closure import FUNCTIONS
from infra.deploy.environs import BEARERS, BY_HTTP, of_function, portal_hosts, proof_for
from infra.deploy.place import Place
from infra.deploy.say import DeployError
from infra.deploy.stages import ENVIRONMENT, laid_over, stages_of

GOOD, WARM = "good", "warm"
KEPT_VERSIONS = 3
AT_A_TIME = 2
SECRETS = frozenset({*BEARERS, "COUNTER_SECRET", "ORDER_SECRET"})
OF_ZAPPA = ("FunctionURLAllowPublicAccess", "FunctionURLAllowPublicAccessInvoke")  # permissions of releases up to 0.1.0
LAST_LINES = 15
ZAPPA = Path(__file__).with_name("zappa_program.py")
WAIT = {"Delay": 1, "MaxAttempts": 300}
# Without it Lambda writes START, END and REPORT of every request, with its millisecond: when somebody reported. Our own
# lines have no time, so Lambda takes each for INFO; what is below WARNING functions/config/logs.py holds back itself.
LOGGING = {"LogFormat": "JSON", "ApplicationLogLevel": "INFO", "SystemLogLevel": "WARN"}


@dataclass(frozen=True)
class Functions:
    """The functions of one environment. ``roles`` are their roles' ARNs by function, ``url`` where people come."""

    place: Place
    roles: Mapping[str, str]
    url: str

    @cached_property
    def client(self) -> Any:
        """Lambda."""
        return self.place.client("lambda")

    @cached_property
    def stages(self) -> dict[str, dict[str, Any]]:
        """Zappa's settings of each function, secrets and all: for memory, and for a file of mode 0600."""
        made = {}
        for function, stage in zip(FUNCTIONS, stages_of(self.place.env, functions=FUNCTIONS).values(), strict=True):
            told = of_function(self.place, function, self.url)
            made[f"{function}_{self.place.env}"] = laid_over(
                stage,
                told,
                role_arn=self.roles[function],
                aws_region=self.place.region,
                architecture=architecture_of(self.place.env),
                s3_bucket=self.place.bucket("build"),
                tags={"lapor:environment": self.place.env},
            )
        return made

    def put(self, packages: Sequence[Package], tell: Callable[[str], None]) -> None:
        """Bring every function to its package and its settings; tells of each how it went: ``made``, ``changed``,
        ``told anew`` (its environment alone) or ``unchanged``. Raises DeployError."""

        def one(package: Package) -> None:
            tell(f"{self.place.function(package.function)} {self._put(package, file)}")

        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "stages.json"
            file.touch(mode=0o600)
            file.write_text(json.dumps(self.stages))
            with ThreadPoolExecutor(AT_A_TIME) as pool:
                list(pool.map(one, packages))
        self.bound_cleaners()

    def bound_cleaners(self) -> None:
        """Bound how many cleaners run at once. Last, since each of Zappa's updates takes a bound away."""
        name = self.place.function("cleaner")
        if most := cleaners_bound(self.place):
            self.client.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=most)
        else:
            self.client.delete_function_concurrency(FunctionName=name)

    def hosts(self) -> dict[str, str]:
        """The host name of each function's URL, by function."""
        found = {}
        for function in BY_HTTP:
            url = self.client.get_function_url_config(FunctionName=self.place.function(function))["FunctionUrl"]
            found[function] = str(urlsplit(url).hostname)
        return found

    def permissions(self, function: str, alias: str = "") -> list[dict[str, Any]]:
        """The statements of a function's own policy, or its alias's: who may call it without a right of IAM."""
        name = self.place.function(function) + (f":{alias}" if alias else "")
        try:
            policy = self.client.get_policy(FunctionName=name)["Policy"]
        except self.client.exceptions.ResourceNotFoundException:
            return []
        return list(json.loads(policy)["Statement"])

    def drop_urls_of_zappa(self) -> None:
        """Take away the URLs that releases up to 0.1.0 had Zappa make, so that the stack can make its own."""
        for function in BY_HTTP:
            name = self.place.function(function)
            with suppress(self.client.exceptions.ResourceNotFoundException):
                self.client.delete_function_url_config(FunctionName=name)

    def drop_permissions_of_zappa(self) -> None:
        """Take away what lets everybody call a function, by whatever way."""
        for function in FUNCTIONS:
            for statement in self.permissions(function):
                if statement["Sid"] in OF_ZAPPA:
                    self.client.remove_permission(
                        FunctionName=self.place.function(function), StatementId=statement["Sid"]
                    )

    def configured(self, function: str) -> dict[str, Any]:
        """How a function stands in Lambda; nothing where there is none."""
        try:
            return dict(self.client.get_function_configuration(FunctionName=self.place.function(function)))
        except ClientError as error:
            if error.response["Error"]["Code"] == "ResourceNotFoundException":
                return {}
            raise DeployError(explained(error)) from error

    def call(self, function: str, order: Mapping[str, str]) -> Any:
        """Give a function an order, with its proof, and wait for its answer. Raises DeployError where it fails."""
        proof = proof_for(self.place, function, order["lapor"], order.get("instance", ""))
        obeyed, answer = self.invoke(function, {**order, "proof": proof})
        if not obeyed:
            raise DeployError(f"{function} failed at the order {order['lapor']!r}: look into its log")
        return answer

    def invoke(self, function: str, event: Mapping[str, str]) -> tuple[bool, Any]:
        """Call a function with an event; returns whether it took it, and its answer."""
        answer = self.place.client("lambda", patient=True).invoke(
            FunctionName=self.place.function(function), Payload=json.dumps(event).encode()
        )
        return not answer.get("FunctionError"), json.loads(answer["Payload"].read() or b"null")

    @staticmethod
    def holds(there: Mapping[str, Any], package: Package) -> bool:
        """Whether a function, as ``configured`` describes it, has this package."""
        return bool(there["CodeSha256"] == base64.b64encode(bytes.fromhex(package.digest)).decode())

    def published(self, function: str) -> str:
        """The version of a function as it stands, made where there is none of it yet."""
        return str(self.client.publish_version(FunctionName=self.place.function(function))["Version"])

    def remember(self) -> None:
        """What stands now is good: the next deployment may be turned back to it. Older versions are let go."""
        for function in FUNCTIONS:
            name = self.place.function(function)
            version = self.published(function)
            try:
                self.client.update_alias(FunctionName=name, Name=GOOD, FunctionVersion=version)
            except self.client.exceptions.ResourceNotFoundException:
                self.client.create_alias(FunctionName=name, Name=GOOD, FunctionVersion=version)
            pages = self.client.get_paginator("list_versions_by_function").paginate(FunctionName=name)
            known = sorted(int(v["Version"]) for page in pages for v in page["Versions"] if v["Version"].isdecimal())
            for old in known[:-KEPT_VERSIONS]:
                self.client.delete_function(FunctionName=name, Qualifier=str(old))

    def turn_back(self) -> list[str]:
        """Bring every function back to what was last good; returns which there were. Raises DeployError."""
        turned = []
        for function in FUNCTIONS:
            name = self.place.function(function)
            try:
                good = self.client.get_function(FunctionName=name, Qualifier=GOOD)
            except self.client.exceptions.ResourceNotFoundException:
                continue
            was = good["Configuration"]
            if self.configured(function)["CodeSha256"] != was["CodeSha256"]:
                self.client.update_function_code(FunctionName=name, **self._package_of(function, good))
                self._settled(name)
            if self.configured(function)["CodeSha256"] != was["CodeSha256"]:
                raise DeployError(f"{name} did not go back to the version before: deploy an older source")
            told = was.get("Environment", {}).get("Variables", {})
            # The edge is not turned back, so the hosts that it serves are those of now.
            self._tell(name, told | (portal_hosts(self.place) if function == "intake" else {}))
            turned.append(function)
        return turned

    def _package_of(self, function: str, good: Mapping[str, Any]) -> dict[str, Any]:
        """A version's package: where it was uploaded, for as long as that is kept; otherwise out of Lambda's hands."""
        digest = base64.b64decode(good["Configuration"]["CodeSha256"]).hex()
        bucket, key = self.place.bucket("build"), self._key(function, digest)
        try:
            self.place.client("s3").head_object(Bucket=bucket, Key=key)
        except ClientError:
            with urllib.request.urlopen(good["Code"]["Location"], timeout=60) as answer:  # noqa: S310 - Lambda's own
                return {"ZipFile": answer.read()}
        return {"S3Bucket": bucket, "S3Key": key}

    def _key(self, function: str, digest: str) -> str:
        return f"functions/{function}_{self.place.env}-{digest}.zip"

    def _settled(self, name: str) -> None:
        self.client.get_waiter("function_updated_v2").wait(FunctionName=name, WaiterConfig=WAIT)

    def remove(self) -> None:
        """Take every function away."""
        for function in FUNCTIONS:
            name = self.place.function(function)
            with suppress(self.client.exceptions.ResourceNotFoundException):
                self.client.delete_function(FunctionName=name)

    def _put(self, package: Package, file: Path) -> str:
        stage = f"{package.function}_{self.place.env}"
        there = self.configured(package.function)
        if there and self._is_as(there, package, stage):
            same = there.get("Environment", {}).get("Variables", {}) == self.stages[stage][ENVIRONMENT]
            if same and is_quiet(there):
                return "unchanged"
            self._tell(there["FunctionName"], self.stages[stage][ENVIRONMENT])
            return "told anew"
        bucket, key = self.place.bucket("build"), self._key(package.function, package.digest)
        self.place.client("s3").upload_file(str(package.path), bucket, key)
        self._zappa("update" if there else "deploy", stage, file, f"s3://{bucket}/{key}")
        self._settled(self.place.function(package.function))
        self._tell(self.place.function(package.function), self.stages[stage][ENVIRONMENT])
        return "changed" if there else "made"

    def _tell(self, name: str, variables: Mapping[str, str]) -> None:
        """Tell a function its environment, and what Lambda may write of its requests: Zappa knows no such setting."""
        self.client.update_function_configuration(
            FunctionName=name,
            Environment={"Variables": dict(variables)},
            LoggingConfig=LOGGING,
            TracingConfig={"Mode": "PassThrough"},
        )
        self._settled(name)
        if not is_quiet(self.client.get_function_configuration(FunctionName=name)):
            raise DeployError(f"{name}: Lambda did not take {LOGGING}: it would write down when each request came")

    def _is_as(self, there: Mapping[str, Any], package: Package, stage: str) -> bool:
        wanted = self.stages[stage]
        facts = (there["Role"], there["Timeout"], there["MemorySize"])
        if facts != (wanted["role_arn"], wanted["timeout_seconds"], wanted["memory_size"]):
            return False
        return self.holds(there, package)

    def _zappa(self, command: str, stage: str, file: Path, package: str) -> None:
        program = [sys.executable, str(ZAPPA)]
        wanted = [*program, command, stage, "--json", "--settings_file", str(file), "--zip", package]
        # In a folder with nothing of ours: Zappa looks for web sockets in all that is below the one it stands in.
        done = subprocess.run(wanted, cwd=file.parent, capture_output=True, text=True, check=False)  # noqa: S603 - ours
        if done.returncode:
            said = (done.stdout + done.stderr).splitlines()[-LAST_LINES:]
            raise DeployError(f"zappa {command} {stage} failed:\n" + self._without_secrets("\n".join(said)))

    def _without_secrets(self, text: str) -> str:
        for stage in self.stages.values():
            for name in SECRETS & set(stage[ENVIRONMENT]):
                text = text.replace(stage[ENVIRONMENT][name], "…")
        return text


def is_quiet(there: Mapping[str, Any]) -> bool:
    """Tell whether Lambda writes down no request of a function, as ``configured`` describes it, and traces none."""
    logging, tracing = there.get("LoggingConfig", {}), there.get("TracingConfig", {})
    return bool(LOGGING.items() <= logging.items() and tracing.get("Mode", "PassThrough") == "PassThrough")
