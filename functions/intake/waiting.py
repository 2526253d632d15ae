"""Reports that waited on a phone: the key to seal them to, and how an arriving one is opened."""

import base64
import json
import re

from flask import Flask, Response, jsonify

from functions.casework.problems import FieldError, InvalidInputProblem, KeysChangedProblem
from functions.crypto.errors import SealError
from functions.crypto.transport.waiting_reports import StrangeKeyError, WaitingKey

WAITING = "waiting"
TOKEN = re.compile(r"[0-9a-f]{64}", re.ASCII)


def register(app: Flask, key: WaitingKey) -> None:
    """Add ``GET /api/reports/waiting-key``: ``{key_id, public}``, public like the keys in ``/keys.json``."""

    @app.get("/api/reports/waiting-key")
    def waiting_key() -> Response:
        return jsonify(key_id=key.key_id, public=base64.b64encode(key.public).decode())


def read_waiting(envelope: bytes, key: WaitingKey) -> dict[str, str]:
    """Return the fields of the report inside, as if it had come at once, and ``opened``. That is the random token whose
    hash the phone knows; the phone takes it as the acknowledgement.

    Raises KeysChangedProblem if it was sealed to a key we no longer have, InvalidInputProblem for anything else.
    """
    try:
        inside = json.loads(key.open(envelope))
    except StrangeKeyError:
        raise KeysChangedProblem from None
    except (SealError, ValueError, RecursionError):
        raise _bad() from None
    if not isinstance(inside, dict) or not all(isinstance(value, str) for value in inside.values()):
        raise _bad()
    if not TOKEN.fullmatch(inside.get("opened", "")):
        raise _bad()
    return inside


def _bad() -> InvalidInputProblem:
    return InvalidInputProblem(FieldError("envelope", "bad_envelope"))
