"""The clock's orders: ``keep_house``, every hour, and ``keep_instance``, which it gives itself for each instance.

So an instance costs no other time or memory, and what goes wrong with one stops there. The next hour makes up for a run
that ran out of time. Where there are few instances, one run does all.
"""

import json
import os
import time
from collections.abc import Callable
from functools import lru_cache, partial

from functions.aws_lambda.orders import Order, prove
from functions.clock.main import Housekeeping, Run, make_housekeeping
from functions.config.aws import LazyClient, make_client
from functions.config.settings import Settings

FEW = 8  # instances that one run does by itself
PACE_SECONDS = 0.05  # between two orders: at a second or two each, some thirty run at once, and doors keep their share
STOP_SECONDS = 60  # before the function's time is over, nothing is begun
CALL_SECONDS = 10

_made = lru_cache(maxsize=1)(make_housekeeping)
_lambda = LazyClient(partial(make_client, "lambda", CALL_SECONDS))


def obey(order: Order, settings: Settings) -> dict[str, int]:
    """Run the tasks of one instance or of all, or order each instance's. Returns the count of each task, and how many
    were ordered. Raises StorageError, SettingsError, OSError."""
    house = _made(settings)
    if order.name == "keep_instance":
        return house.one(order.instance)

    def short() -> bool:
        return order.left() < STOP_SECONDS

    if len(house.instances()) <= FEW:
        return house(short)
    return fan_out(house, partial(give, settings), short)


def fan_out(house: Housekeeping, give_order: Callable[[str], None], short: Callable[[], bool]) -> dict[str, int]:
    """Order the tasks of each instance, then run those for all. Returns and raises as ``obey``.

    What is for all comes at once: it finds what the instances did by the hour before.
    """
    run = Run({"ordered": 0})
    for instance in house.instances():
        if short():
            break
        with run.watching("order"):
            give_order(instance)
            run.done["ordered"] += 1
            time.sleep(PACE_SECONDS)
    house.rest(run)
    return run.result()


def give(settings: Settings, instance: str) -> None:
    """Order this function to keep one instance, and do not wait for it. Raises OSError."""
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - loaded with the client

    proof = prove(settings.order_secret, "keep_instance", instance)
    event = {"lapor": "keep_instance", "instance": instance, "proof": proof}
    try:
        _lambda.client.invoke(
            FunctionName=os.environ["AWS_LAMBDA_FUNCTION_NAME"],
            InvocationType="Event",
            Payload=json.dumps(event).encode(),
        )
    except (ClientError, BotoCoreError) as error:
        raise OSError(f"Lambda: {type(error).__name__}") from error
