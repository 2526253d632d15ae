"""The secrets of an environment: made once, kept in SSM's Parameter Store as SecureStrings, and from there put into the
environments of the functions that need them. They are on no command line, in no log, no file that stays, no package.

``SMS_TOKEN`` is an aggregator's and given by ops. By ``PHONE`` a number finds its cases, by ``MUTE`` it is known who
wants no SMS, by ``BACKUP`` that a backup is ours: made anew they find or know nothing of a backup, so they outlive
their environment, as the KMS keys do.
"""

import hmac
import secrets
from dataclasses import dataclass
from hashlib import sha256

from botocore.exceptions import ClientError

from infra.deploy.place import Place
from infra.deploy.say import DeployError

FORM, ORIGIN, ORDER = "form-secret", "origin-secret", "order-secret"
PHONE, MUTE, SMS = "phone-secret", "mute-secret", "sms-secret"
BACKUP = "backup-secret"
SMS_TOKEN = "sms-token"  # noqa: S105 - its name
NAMES = (FORM, ORIGIN, ORDER, PHONE, MUTE, SMS, BACKUP)
KEPT = (PHONE, MUTE, BACKUP)
BYTES = 32


def cleaner_origin(secret: str) -> str:
    """Derive what the edge shows the cleaner alone, of each value of a turn. The cleaner handles hostile files: whoever
    takes it over cannot come past the edge to another door with it."""
    values = (hmac.new(each.encode(), b"lapor/1/origin/cleaner", sha256).hexdigest() for each in secret.split(","))
    return ",".join(values)


@dataclass(frozen=True)
class Secrets:
    """The secrets of one environment."""

    place: Place

    def path(self, name: str) -> str:
        """Where a secret is kept."""
        return f"/{self.place.prefix}/{name}"

    def read(self, name: str) -> str:
        """A secret, "" where it was never made. Raises DeployError."""
        try:
            found = self.place.client("ssm").get_parameter(Name=self.path(name), WithDecryption=True)
        except ClientError as error:
            if error.response["Error"]["Code"] == "ParameterNotFound":
                return ""
            raise DeployError(f"SSM: {error.response['Error']['Code']} for {self.path(name)}") from error
        return str(found["Parameter"]["Value"])

    def stands(self, name: str) -> bool:
        """Whether a secret was made, without reading it: who makes a plan may see none."""
        wanted = [{"Key": "Name", "Values": [self.path(name)]}]
        return bool(self.place.client("ssm").describe_parameters(ParameterFilters=wanted)["Parameters"])

    def ensure(self, name: str) -> bool:
        """Make a secret where there is none; whether it was made. Two at once make one."""
        if self.read(name):
            return False
        try:
            self._put(name, secrets.token_urlsafe(BYTES), over=False)
        except ClientError as error:
            if error.response["Error"]["Code"] != "ParameterAlreadyExists":
                raise DeployError(f"SSM: {error.response['Error']['Code']} for {self.path(name)}") from error
            return False
        return True

    def give(self, name: str, value: str) -> None:
        """Keep a secret that comes from elsewhere, in the place of the one before. Raises DeployError."""
        try:
            self._put(name, value, over=True)
        except ClientError as error:
            raise DeployError(f"SSM: {error.response['Error']['Code']} for {self.path(name)}") from error

    def begin_turn(self, name: str) -> None:
        """Put a new secret before the old one, comma between: who checks takes both, who bears it takes the first.
        A turn that was cut short is gone on with."""
        if "," not in (old := self.read(name)):
            self._put(name, f"{secrets.token_urlsafe(BYTES)},{old}", over=True)

    def end_turn(self, name: str) -> None:
        """Forget the old secret of a turn."""
        self._put(name, self.read(name).partition(",")[0], over=True)

    def remove(self, name: str) -> None:
        """Forget a secret."""
        try:
            self.place.client("ssm").delete_parameter(Name=self.path(name))
        except ClientError as error:
            if error.response["Error"]["Code"] != "ParameterNotFound":
                raise DeployError(f"SSM: {error.response['Error']['Code']} for {self.path(name)}") from error

    def _put(self, name: str, value: str, *, over: bool) -> None:
        self.place.client("ssm").put_parameter(
            Name=self.path(name), Value=value, Type="SecureString", Overwrite=over, Description="Lapor Anonim"
        )
