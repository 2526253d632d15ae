"""Proofs on orders: a function in AWS obeys only who knows its secret, a schedule of ours or ops.

Whoever may call a function by IAM could otherwise order it about. The proof of an order never changes, since
EventBridge can only repeat a constant; an order that is repeated finds nothing left to do.
"""

import hmac
from hashlib import sha256


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
