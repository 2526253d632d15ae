"""What AWS must have granted before anything is made. Changes nothing."""

from collections.abc import Iterator

from botocore.exceptions import BotoCoreError, ClientError

from infra.deploy.aws_errors import explained
from infra.deploy.place import GLOBAL_REGION, Place
from infra.deploy.say import DeployError

ENOUGH_AT_ONCE = 100  # functions: nine of ours, and a desk full of officers beside a flood
LEFT_FREE = 100  # AWS refuses to set apart what would leave fewer for all other functions
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


def _limit(place: Place) -> int:
    """How many functions may run at once. Raises ClientError, BotoCoreError."""
    return int(place.client("lambda").get_account_settings()["AccountLimit"]["ConcurrentExecutions"])


def cleaners_bound(place: Place) -> int:
    """How many cleaners may run at once, so that documents never take the intake's share; 0 for no bound, where the
    account's quota is too small to set any apart. Raises ClientError, BotoCoreError."""
    return place.cleaners_at_once if _limit(place) - place.cleaners_at_once >= LEFT_FREE else 0


def quota_note(place: Place) -> Iterator[str]:
    """A sentence where too few functions may run at once, and where the cleaners have no bound for that reason."""
    try:
        limit, bound = _limit(place), cleaners_bound(place)
    except (ClientError, BotoCoreError) as error:
        yield f"quota of functions at once: {explained(error)}"
        return
    if limit < ENOUGH_AT_ONCE:
        yield (
            f"only {limit} functions may run at once, {ENOUGH_AT_ONCE} are the least for an office: "
            "docs/operations.md, step 5, says how to ask for more"
        )
    if not bound and place.cleaners_at_once:
        yield (
            f"cleaners have no bound of their own: {limit} functions at once leave no {LEFT_FREE} beside "
            f"{place.cleaners_at_once}; a flood of documents can hold up reports"
        )
