"""Where one environment stands: its names, its region and account, and what ``infra/parameters/<env>.toml`` says of it
(or another folder, which LAPOR_PARAMETERS names: ops may keep theirs outside of the source).

Every name begins with ``lapor-<env>``; the functions are called as Zappa calls them.
"""

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from functions.casework.formats.web_address import host_of, is_this_machine
from infra.deploy.aws_errors import explained
from infra.deploy.say import DeployError
from infra.deploy.stages import is_emulated

ROOT = Path(__file__).resolve().parents[2]
PARAMETERS = Path(os.environ.get("LAPOR_PARAMETERS") or ROOT / "infra" / "parameters")
REGION = "ap-southeast-3"  # Jakarta
GLOBAL_REGION = "us-east-1"  # where CloudFront's certificates and firewalls live
CLEANERS_AT_ONCE = 10  # where the file does not say
FUNCTION_SECONDS = 910
PROJECT = "lapor-anonim"
ENV = re.compile(r"[a-z][a-z0-9]{1,11}")
MAKING = Lock()  # a session makes one client at a time
EMULATOR = {
    "AWS_ENDPOINT_URL": "http://127.0.0.1:4566",
    "AWS_ACCESS_KEY_ID": "000000000000",
    "AWS_SECRET_ACCESS_KEY": "emulated",
}


@dataclass(frozen=True)
class Place:
    """One environment of one account. Made by ``place_of``."""

    env: str
    region: str
    parameters: Mapping[str, Any] = field(default_factory=dict)

    @property
    def prefix(self) -> str:
        """What every name of this environment begins with."""
        return f"lapor-{self.env}"

    @property
    def emulated(self) -> bool:
        """Whether this is the emulator on this machine."""
        return is_emulated(self.env)

    @property
    def gateway(self) -> str:
        """Where the emulator is reached."""
        return os.environ["AWS_ENDPOINT_URL"].rstrip("/")

    @cached_property
    def account(self) -> str:
        """The account's number. Raises DeployError where the credentials do not hold."""
        try:
            return str(self.client("sts").get_caller_identity()["Account"])
        except (ClientError, BotoCoreError) as error:
            raise DeployError(f"no AWS account answers; check AWS_PROFILE or keys. {explained(error)}") from error

    @property
    def backup_region(self) -> str:
        """The region that backups are kept in."""
        return self.says("backup_region", self.region)

    @property
    def vaulted(self) -> bool:
        """Whether backups go into the bucket of the stack ``vault``: in another region, or locked."""
        return self.backup_region != self.region or bool(self.parameters.get("backup_lock_days"))

    @property
    def warm_intake(self) -> int:
        """How many intakes stand ready, and are paid for, whether anybody comes or not."""
        return int(self.parameters.get("warm_intake", 0))

    @property
    def cleaners_at_once(self) -> int:
        """How many cleaners may run at once; 0 for as many as the account lets."""
        return int(self.parameters.get("cleaners_at_once", CLEANERS_AT_ONCE))

    def bucket(self, what: str) -> str:
        """The name of a bucket: ``portal``, ``blobs``, ``keys``, ``build`` or ``backup``."""
        if what == "backup" and self.vaulted:
            return f"{self.prefix}-vault-{self.backup_region}-{self.account}"
        return f"{self.prefix}-{what}-{self.account}"

    @cached_property
    def backups(self) -> Any:
        """A client of S3 in the region that backups are kept in."""
        return self.client("s3", self.backup_region)

    def function(self, name: str) -> str:
        """The name of a function in Lambda."""
        return f"{PROJECT}-{name}-{self.env}"

    def says(self, name: str, default: str = "") -> str:
        """A text among the parameters."""
        return str(self.parameters.get(name, default) or default)

    def pool(self) -> dict[str, str]:
        """The parameters as templates call them: ``ops_email`` is ``OpsEmail``, true is ``true``."""
        told = {name: value for name, value in self.parameters.items() if isinstance(value, str | bool | int)}
        named = {"".join(part.title() for part in name.split("_")): value for name, value in told.items()}
        said = {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in named.items()}
        return {**said, "Environment": self.env, "Emulated": str(self.emulated).lower()}

    def client(self, service: str, region: str = "", *, patient: bool = False) -> Any:
        """A client of an AWS service; boto3 makes their classes at run time, so there is no type to name. A patient one
        waits as long as a function may take, and does not ask twice for what may be under way."""
        asked = service, region or self.region, patient
        with MAKING:
            if asked not in self._clients:
                self._clients[asked] = self._new_client(*asked)
            return self._clients[asked]

    @cached_property
    def _clients(self) -> dict[tuple[str, str, bool], Any]:
        """Every client once: a deployment asks for hundreds, and to make one takes longer than twenty calls."""
        return {}

    @cached_property
    def _session(self) -> boto3.session.Session:
        return boto3.session.Session(region_name=self.region)

    def _new_client(self, service: str, region: str, patient: bool) -> Any:  # noqa: FBT001 - private, and in one call
        options: dict[str, Any] = {"retries": {"mode": "standard", "total_max_attempts": 1 if patient else 5}}
        seconds = FUNCTION_SECONDS if patient else 60
        config = Config(connect_timeout=5, read_timeout=seconds, s3={"addressing_style": "path"}, **options)
        return self._session.client(service, region_name=region, config=config)


def place_of(env: str) -> Place:
    """The environment of that name, with its parameters read. Where it is the emulated one, this process is turned to
    the emulator, and away from any real account. Raises DeployError."""
    if not ENV.fullmatch(env):
        raise DeployError(f"ENV={env!r} is no name: a small letter, then up to eleven small letters or digits")
    file = PARAMETERS / f"{env}.toml"
    if not file.exists():
        known = ", ".join(sorted(path.stem for path in PARAMETERS.glob("*.toml")))
        raise DeployError(f"{file} is missing: copy another ({known}) and fill it in")
    try:
        parameters = tomllib.loads(file.read_text("utf-8-sig"))  # editors of Windows put a mark before it
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DeployError(f"{file}: not valid TOML in UTF-8: {error}") from error
    _turn(env)
    region = str(parameters.get("region") or REGION)
    os.environ["AWS_DEFAULT_REGION"] = os.environ["AWS_REGION"] = region
    return Place(env, region, parameters)


def _turn(env: str) -> None:
    endpoint = os.environ.get("AWS_ENDPOINT_URL", "")
    if not is_emulated(env):
        if endpoint:
            raise DeployError("AWS_ENDPOINT_URL is set: that is for ENV=emulated; unset it to reach AWS")
        return
    for name, value in EMULATOR.items():
        os.environ.setdefault(name, value)
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN"):
        os.environ.pop(name, None)
    if not is_this_machine(host_of(os.environ["AWS_ENDPOINT_URL"])):
        raise DeployError(f"ENV={env}, but AWS_ENDPOINT_URL is not on this machine; `make emulator` starts one here")
