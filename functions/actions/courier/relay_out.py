"""Send reports to linked offices, sealed as they came, and fetch what these publish of their barometer.

A report has arrived when the office tells the random token that lies inside the seal: a proxy that answers 200 to
everything loses nothing. The office's intake weighs it like any other: the work it asks for is done here.

Tests: ``tests/doors/test_relay.py``.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from secrets import token_hex
from typing import Any

from functions.actions.courier.circuit import Circuit
from functions.casework.barometer.edition import EditionError
from functions.casework.barometer.linked_counts import read_linked
from functions.casework.barometer.months import month_of
from functions.config import logs
from functions.crypto.seal.public_keys import PublicKeys
from functions.delivery.bounded_call import CallError, call
from functions.delivery.interface import DeliveryError
from functions.storage.interface import OutboxEntry, StorageError, Store
from functions.storage.interface.outbox import REPORTER_PREFIX
from functions.storage.registers.relayed import Way, move_relayed, write_counts

HOUR, DAY = 3600, 86_400
ANSWER_MAX, EDITION_MAX = 20_000, 2_000_000  # bytes
MARK_BYTES = 32
ALGORITHM = "PBKDF2/SHA-256"
WORK_SECONDS, WORK_MOST = 20, 20_000  # for one report; rounds of PBKDF2 that a number may ask
REFUSALS = frozenset({409, 422})  # what our intake says of a report that it cannot take
RESTING = "office_resting"
ACCEPT = {"Accept": "application/json"}


@dataclass(frozen=True, slots=True)
class RelayOut:
    """``public_keys`` is called each time; ``now`` gives epoch seconds. ``circuit`` knows the offices that rest after
    failures, ``asked`` the day on which each was last asked for its counts. Both are in memory."""

    store: Store
    public_keys: Callable[[], PublicKeys]
    now: Callable[[], int]
    circuit: Circuit
    asked: dict[str, int] = field(default_factory=dict)

    def send(self, entry: OutboxEntry) -> None:
        """Send a report, and note that it arrived or was refused. Raises DeliveryError, StorageError."""
        office = self.public_keys().linked.get(entry.instance)
        if office is None:
            raise DeliveryError("office_removed")
        name = entry.entry_id.removeprefix(REPORTER_PREFIX)
        try:
            self.circuit.call(f"office:{entry.instance}", partial(_post, office.document.url, entry), RESTING)
        except DeliveryError as error:
            if error.lasting:
                move_relayed(self.store, name, Way.REFUSED, self.now())
                logs.report("office", error, code=error.code)
            raise
        move_relayed(self.store, name, Way.ARRIVED, self.now())

    def poll(self, stopping: Callable[[], bool] = lambda: False) -> int:
        """Ask every office once a day for its edition. Return how many told one. What one of them answers holds up no
        other."""
        told = 0
        for code, office in self.public_keys().linked.items():
            today = self.now() // DAY
            if stopping() or self.asked.get(code) == today:
                continue
            self.asked[code] = today
            try:
                self._fetch(code, office.document.url)
                told += 1
            except (CallError, EditionError, ValueError, RecursionError) as error:
                logs.report("office", error, code="office_counts")
            except StorageError as error:
                del self.asked[code]
                logs.report("office", error, code="store")
        return told

    def _fetch(self, code: str, url: str) -> None:
        raw = json.loads(call(f"{url}/barometer/edisi.json", headers=ACCEPT, most=EDITION_MAX))
        if raw:
            if read_linked(raw, code).month >= month_of(datetime.fromtimestamp(self.now(), UTC).date()):
                raise EditionError("the edition of a month that has not ended")
            write_counts(self.store, code, raw)


def _post(url: str, entry: OutboxEntry) -> None:
    mark, wanted = entry.sealed[:MARK_BYTES], entry.sealed[MARK_BYTES:]
    fields = {"sealed": "waiting", **(_worked(url, wanted.hex()) if wanted else {})}
    body, kind = _multipart(fields, entry.words)
    answer = _ask(f"{url}/api/reports", body, kind)
    if sha256(str(answer.get("opened", "")).encode()).digest() != mark:
        raise DeliveryError("office_strange")


def _worked(url: str, commitment: str) -> dict[str, str]:
    """Return the proof of work that the office's intake asks for this report; none if it asks none that we know."""
    import altcha  # noqa: PLC0415 - only where a report is passed on

    try:
        asked = _ask(f"{url}/api/reports/challenge", json.dumps({"for": commitment}).encode(), "application/json")
        challenge = altcha.Challenge.from_dict({name: asked[name] for name in ("parameters", "signature")})
        known = challenge.parameters
        if (known.algorithm, known.cost <= WORK_MOST) != (ALGORITHM, True):
            return {}
        solution = altcha.solve_challenge(challenge, timeout=WORK_SECONDS)
    except DeliveryError as error:
        if not error.lasting:
            raise
        return {}
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
        return {}
    return {"altcha": altcha.Payload(challenge, solution).to_base64()} if solution else {}


def _ask(url: str, body: bytes, kind: str) -> dict[str, Any]:
    """POST and return the JSON object of the answer. Raises DeliveryError; a refusal of a report lasts."""
    try:
        found = json.loads(call(url, body, {**ACCEPT, "Content-Type": kind}, most=ANSWER_MAX))
    except CallError as error:
        refused = error.status in REFUSALS
        code = "office_refused" if refused else "office_trouble" if error.status else "office_unreachable"
        raise DeliveryError(code, lasting=refused, slow=error.slow) from None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise DeliveryError("office_strange")
    return found


def _multipart(fields: dict[str, str], envelope: bytes) -> tuple[bytes, str]:
    """Return a form with a file (RFC 7578), and its media type."""
    edge = token_hex(16)
    parts = [
        f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n' for name, text in fields.items()
    ]
    head = f'--{edge}\r\nContent-Disposition: form-data; name="envelope"; filename="e"\r\n\r\n'
    body = "".join(parts).encode() + head.encode() + envelope + f"\r\n--{edge}--\r\n".encode()
    return body, f"multipart/form-data; boundary={edge}"
