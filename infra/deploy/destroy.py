"""Taking an environment away, all but its backups and the KMS keys that open them."""

from collections.abc import Iterator
from dataclasses import dataclass

from botocore.exceptions import ClientError

from infra.deploy.functions import Functions
from infra.deploy.leftovers import backup_stands, keys_left_behind
from infra.deploy.place import Place
from infra.deploy.portal import emptied
from infra.deploy.say import say
from infra.deploy.secret import KEPT, NAMES, SMS_TOKEN, Secrets
from infra.deploy.stacks import AFTER, Stacks, before

POLICIES = "policies"  # shared with the account's other environments
BUCKETS = ("portal", "blobs", "keys", "build")


@dataclass(frozen=True)
class Destroy:
    """Takes one environment away. Cut short, it is simply begun again."""

    place: Place

    def losses(self) -> Iterator[str]:
        """What will be lost, a sentence each."""
        yield f"every report, file and register of {self.place.prefix} that no backup holds; receipts open nothing then"
        try:
            count = self.place.client("dynamodb").describe_table(TableName=self.place.prefix)["Table"]["ItemCount"]
            yield f"the table {self.place.prefix}, with some {count:,} items (AWS counts them every six hours)"
        except ClientError:
            yield f"(there is no table {self.place.prefix})"
        for what in BUCKETS:
            yield f"the bucket {self.place.bucket(what)}"
        yield "the functions, the address that CloudFront gave, the schedule, alarms and logs, and secrets"

    def kept(self) -> Iterator[str]:
        """What stays, a sentence each."""
        if backup_stands(self.place):
            yield f"s3://{self.place.bucket('backup')} (each backup ends by itself after 35 days)"
        yield f"{self.place.says('mail_identity')} in SES, by which other environments may send"
        yield "the five KMS keys, without which a backup opens for no officer; each costs about 1 USD a month"
        kept = ", ".join(map(Secrets(self.place).path, KEPT))
        yield f"{kept}, by which a backup knows the numbers of SMS and is known as this environment's"

    def __call__(self) -> None:
        """Do it. Raises DeployError."""
        stacks = Stacks(self.place)
        for name in reversed(AFTER):
            if name != POLICIES:
                self._stack(stacks, name)
        for gone in stacks.clear_shared(POLICIES):
            say(f"   {gone}")
        say("   functions")
        Functions(self.place, {}, "").remove()
        for what in BUCKETS:
            say(f"   {self.place.bucket(what)}: {emptied(self.place, what)} objects")
        for secret in {*NAMES, SMS_TOKEN} - {*KEPT}:
            Secrets(self.place).remove(secret)
        self._unprotect()
        for name in reversed(before(self.place)):
            self._stack(stacks, name)
        for line in self.kept():
            say(f"   kept: {line}")

    def remaining_keys(self) -> dict[str, str]:
        """The KMS keys that stay."""
        return keys_left_behind(self.place)

    def _stack(self, stacks: Stacks, name: str) -> None:
        say(f"   {stacks.name(name)}")
        stacks.delete(name)

    def _unprotect(self) -> None:
        try:
            self.place.client("dynamodb").update_table(TableName=self.place.prefix, DeletionProtectionEnabled=False)
        except ClientError as error:
            if error.response["Error"]["Code"] not in ("ResourceNotFoundException", "ValidationException"):
                raise
