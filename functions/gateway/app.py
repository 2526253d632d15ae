"""The gateway's only route: a signed delivery in, 202 out (DESIGN §8).

JSON or a form, with one of three sets of field names: ours, a generic aggregator's, or those of RapidPro's External
API. Its receive call has ``from`` or ``sender``, ``text``, ``date`` or ``time``. Every signed delivery is accepted.
Faults in its text are answered by SMS, never to the gateway, which would only try again.
"""

import time
from collections.abc import Callable, Mapping

from flask import Flask, Response, make_response, request

from functions.actions.common.trouble_codes import TROUBLES
from functions.actions.reporter.sms import ReceiveSms
from functions.actions.reporter.texting.delivery import Delivery
from functions.casework.formats.sms_sender import PARTS_MOST
from functions.casework.problems import FieldError, InvalidInputProblem, NotSignedProblem
from functions.casework.report import BODY_MAX
from functions.gateway.signature import HEADER, is_signed
from functions.web.door import make_door
from functions.web.forms import fields

NAMES = {
    "sender": ("from", "sender", "msisdn", "number"),
    "text": ("text", "message", "content", "body"),
    "gateway_id": ("gateway_id", "id", "message_id", "msgid"),
    "sent_at": ("received_at", "date", "time", "timestamp"),
    "reference": ("reference", "ref", "concat_ref"),
    "part": ("part", "concat_part"),
    "parts": ("parts", "total", "concat_total"),
}
SHORT_MAX = 200
MAX_BYTES = 256 * 1024


def make_app(
    texting: ReceiveSms, secret: bytes, *, https: bool, operator: str = "", now: Callable[[], int] | None = None
) -> Flask:
    """Make the gateway door. ``secret`` verifies deliveries; ``now`` gives epoch seconds."""
    app = make_door(__name__, TROUBLES, https=https, max_bytes=MAX_BYTES, operator=operator)
    clock = now or (lambda: int(time.time()))

    @app.post("/api/sms/inbound")
    def inbound() -> Response:
        body = request.get_data(cache=True)
        if not is_signed(secret, body, request.headers.get(HEADER, ""), clock()):
            raise NotSignedProblem
        texting(read_delivery(fields(halves=True)))
        return make_response({"status": "accepted"}, 202)

    return app


def read_delivery(typed: Mapping[str, str]) -> Delivery:
    """Read a delivery by any of the field names above.

    Raises InvalidInputProblem if there is no sender, or more text than any SMS has: the gateway is then set up wrongly.
    """
    found = {name: next((typed[n] for n in names if typed.get(n)), "") for name, names in NAMES.items()}
    part, parts = (int(n) if n.isdecimal() and len(n) < len("1000") else 1 for n in (found["part"], found["parts"]))
    if not found["sender"].strip():
        raise InvalidInputProblem(FieldError("from", "required"))
    if len(found["text"]) > BODY_MAX:
        facts = {"limit": f"{BODY_MAX:,}", "length": f"{len(found['text']):,}"}
        raise InvalidInputProblem(FieldError("text", "too_long", facts))
    if not 1 <= part <= parts <= PARTS_MOST:
        part = parts = 1  # numbers without meaning: the text counts as complete
    return Delivery(
        sender=found["sender"][:SHORT_MAX],
        text=found["text"],
        gateway_id=found["gateway_id"][:SHORT_MAX],
        sent_at=found["sent_at"][:SHORT_MAX],
        reference=found["reference"][:SHORT_MAX],
        part=part,
        parts=parts,
    )
