"""Orders: what a function does without an HTTP request. A schedule sends them, or ops when keys are rotated.

An order is an event ``{"lapor": name, "proof": hex}``; ``rewrap``, ``seal_anew`` and ``keep_instance`` also have the
code of an instance, and ``seal_anew`` the envelopes that ops bring. The clock gives itself one ``keep_instance`` for
each. SNS sends the courier the bounces of letters. Each order is only for the functions that ``ORDERS`` names.

A function obeys only who knows its secret, a schedule of ours or ops: whoever may call it by IAM could otherwise order
it about. The proof of an order never changes, since EventBridge can only repeat a constant; an order that is repeated
finds nothing left to do.
"""

import hmac
import re
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any, NamedTuple

ORDERS = {
    "deliver": frozenset({"courier"}),
    "keep_house": frozenset({"clock"}),
    "keep_instance": frozenset({"clock"}),
    "rewrap": frozenset({"desk", "custody"}),
    "seal_anew": frozenset({"courier"}),
    "bounced": frozenset({"courier"}),
}
WITH_INSTANCE = frozenset({"keep_instance", "rewrap", "seal_anew"})
WITH_ENVELOPES = frozenset({"seal_anew"})
INSTANCE = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,62}[a-z0-9])?", re.ASCII)


class Order(NamedTuple):
    """An order as a function gets it.

    ``left`` returns the seconds that the function has left. ``instance``, ``messages`` (from SNS) and ``envelopes``
    belong to some orders only. The repr shows nothing of a message.
    """

    name: str
    left: Callable[[], float]
    instance: str = ""
    messages: tuple[str, ...] = ()
    envelopes: str = ""

    def __repr__(self) -> str:
        return f"Order({self.name!r})"


def is_order(event: object) -> bool:
    """Tell whether an event claims to be an order; it may still be one that this function does not take."""
    return isinstance(event, Mapping) and "requestContext" not in event and ("lapor" in event or "Records" in event)


def read_order(event: Mapping[str, Any], function: str, left: Callable[[], float]) -> Order | None:
    """Return the order in an event, or None if this function takes none such. Raises nothing, whatever the event
    holds."""
    if set(event) == {"Records"}:
        messages = _messages(event["Records"])
        return Order("bounced", left, messages=messages) if messages and function in ORDERS["bounced"] else None
    name, instance, envelopes = event.get("lapor"), event.get("instance", ""), event.get("envelopes", "")
    if not isinstance(name, str) or name == "bounced" or function not in ORDERS.get(name, ()):
        return None
    further = [*(["instance"] if name in WITH_INSTANCE else []), *(["envelopes"] if name in WITH_ENVELOPES else [])]
    if set(event) - {"proof"} != {"lapor", *further} or not isinstance(envelopes, str):
        return None
    if name in WITH_INSTANCE and not (isinstance(instance, str) and INSTANCE.fullmatch(instance)):
        return None
    return Order(name, left, instance, envelopes=envelopes)


def order_secret(secret: str, function: str) -> str:
    """Derive what one function checks its orders by: it cannot order another about with it."""
    return hmac.new(secret.encode(), f"lapor/1/orders/{function}".encode(), sha256).hexdigest()


def prove(secret: str, name: str, instance: str = "") -> str:
    """Return the proof of an order, in hex. ``secret`` is the function's own; ``instance`` belongs to some orders."""
    return hmac.new(secret.encode(), f"lapor/1/order\0{name}\0{instance}".encode(), sha256).hexdigest()


def is_proved(secret: str, proof: object, name: str, instance: str = "") -> bool:
    """Tell whether a proof is that of this order. Without a secret none is."""
    if not secret or not isinstance(proof, str):
        return False
    return hmac.compare_digest(proof.encode(), prove(secret, name, instance).encode())


def comes_from_us(event: Mapping[str, Any], order: Order, secret: str) -> bool:
    """Tell whether a schedule of ours, ops or SNS gave this order. ``secret`` is this function's ``ORDER_SECRET``.

    Bounces bear no proof: only our topic has SNS' leave to call the courier (infra/stacks/schedule.yaml).
    """
    return order.name == "bounced" or is_proved(secret, event.get("proof"), order.name, order.instance)


def _messages(records: Any) -> tuple[str, ...]:
    """Return the messages that SNS brings; () unless the event is wholly from SNS."""
    try:
        found = tuple(r["Sns"]["Message"] for r in records if r["EventSource"] == "aws:sns")
        return found if len(found) == len(records) and all(isinstance(text, str) for text in found) else ()
    except (KeyError, TypeError):
        return ()
