"""What AWS must have granted before anything is made. Changes nothing."""

from collections.abc import Iterator

from botocore.exceptions import BotoCoreError, ClientError

from infra.deploy.aws_errors import explained
from infra.deploy.place import GLOBAL_REGION, Place
from infra.deploy.say import DeployError

ENOUGH_AT_ONCE = 100  # functions: eight of ours, and a desk full of officers beside a flood
TURNED_ON = frozenset({"ENABLED", "ENABLED_BY_DEFAULT"})


def check_region(place: Place) -> None:
    """Raises DeployError where the account has not turned the region on: a day later no stack tells why."""
    client = place.client("account", GLOBAL_REGION)
    try:
        status = str(client.get_region_opt_status(RegionName=place.region)["RegionOptStatus"])
    except (ClientError, BotoCoreError) as error:
        raise DeployError(f"region {place.region}: {explained(error)}") from error
    if status not in TURNED_ON:
        raise DeployError(
            f"region {place.region} is {status} for this account: turn it on in the console, under your account's "
            "name → Account → AWS Regions, and wait until it says Enabled"
        )


def quota_note(place: Place) -> Iterator[str]:
    """A sentence where too few functions may run at once."""
    try:
        limit = int(place.client("lambda").get_account_settings()["AccountLimit"]["ConcurrentExecutions"])
    except (ClientError, BotoCoreError) as error:
        yield f"quota of functions at once: {explained(error)}"
        return
    if limit < ENOUGH_AT_ONCE:
        yield (
            f"only {limit} functions may run at once, {ENOUGH_AT_ONCE} are the least for an office: "
            "docs/operations.md, step 5, says how to ask for more"
        )
