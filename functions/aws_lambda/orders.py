"""Orders: what a function does without being asked by HTTP. A schedule gives them, or ops when keys are rotated.

An order is an event ``{"lapor": name}``, for ``rewrap`` with the code of an instance, and nothing more. Bounces of
letters come to the courier as SNS sends them. Each is for the functions of ``ORDERS`` and for no other.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

ORDERS = {
    "deliver": frozenset({"courier"}),
    "keep_house": frozenset({"clock"}),
    "rewrap": frozenset({"desk", "custody"}),
    "bounced": frozenset({"courier"}),
}
WITH_INSTANCE = frozenset({"rewrap"})
INSTANCE = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,62}[a-z0-9])?", re.ASCII)


class Order(NamedTuple):
    """An order as a function gets it. ``left`` tells how many seconds it has left; ``instance`` and ``messages`` (what
    SNS brings) are of those orders that have them. Nothing of a message is in its repr."""

    name: str
    left: Callable[[], float]
    instance: str = ""
    messages: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"Order({self.name!r})"


def is_order(event: object) -> bool:
    """Whether an event claims to be one; it may still be none that this function takes."""
    return isinstance(event, Mapping) and "requestContext" not in event and ("lapor" in event or "Records" in event)


def read_order(event: Mapping[str, Any], function: str, left: Callable[[], float]) -> Order | None:
    """The order in an event, None where it is none for this function. Raises nothing, whatever an event holds."""
    if set(event) == {"Records"}:
        messages = _messages(event["Records"])
        return Order("bounced", left, messages=messages) if messages and function in ORDERS["bounced"] else None
    name, instance = event.get("lapor"), event.get("instance", "")
    if not isinstance(name, str) or name == "bounced" or function not in ORDERS.get(name, ()):
        return None
    if set(event) != {"lapor", *(["instance"] if name in WITH_INSTANCE else [])}:
        return None
    if name in WITH_INSTANCE and not (isinstance(instance, str) and INSTANCE.fullmatch(instance)):
        return None
    return Order(name, left, instance)


def _messages(records: Any) -> tuple[str, ...]:
    """What SNS brings; () for what is not wholly from SNS."""
    try:
        found = tuple(r["Sns"]["Message"] for r in records if r["EventSource"] == "aws:sns")
        return found if len(found) == len(records) and all(isinstance(text, str) for text in found) else ()
    except (KeyError, TypeError):
        return ()
