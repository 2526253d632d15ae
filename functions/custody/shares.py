"""The custody door's routes for shares of a name: what a custodian's browser gets and passes on. JSON alone."""

import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64Error

from flask import Flask, Response, g, make_response

from functions.actions.custodian.shares import Handed, Shares
from functions.casework.consent.roster import Member
from functions.casework.problems import FieldError, InvalidInputProblem
from functions.web.forms import case_number, fields

PASS = re.compile(r"([1-9]\d{0,2}):([A-Za-z0-9+/]+=*)", re.ASCII)
MOST_PASSES = 8


def share_routes(app: Flask, shares: Shares) -> None:
    """Register the two routes."""

    @app.post("/custody/cases/<tracking_id>/shares")
    def hand_out(tracking_id: str) -> Response:
        return make_response(_handed_json(shares.hand_out(g.session.viewer, case_number(tracking_id))))

    @app.post("/custody/cases/<tracking_id>/passes")
    def take(tracking_id: str) -> Response:
        passes = _read_passes(fields().get("passes", ""))
        shares.take_passes(g.session.viewer, case_number(tracking_id), passes)
        return make_response({"passed": len(passes)})


def decoded(name: str, text: str) -> bytes:
    """Return the bytes of a base64 field. Raises InvalidInputProblem."""
    try:
        return b64decode(text, validate=True)
    except (NotBase64Error, ValueError):
        raise InvalidInputProblem(FieldError(name, "bad_envelope")) from None


def _read_passes(text: str) -> list[tuple[int, bytes]]:
    """Read ``x:base64`` of each pass, separated by spaces. Raises InvalidInputProblem."""
    found = [PASS.fullmatch(part) for part in text.split(" ")]
    if len(found) > MOST_PASSES or not all(found):
        raise InvalidInputProblem(FieldError("passes", "bad_envelope"))
    return [(int(one.group(1)), decoded("passes", one.group(2))) for one in found if one]


def _handed_json(handed: Handed) -> dict[str, object]:
    identity, turn = handed.identity, handed.turn
    return {
        "case_id": identity.case_id,
        "instance": identity.instance,
        "step": turn.step,
        "x": turn.member.x,
        "slot": _text(handed.slot.envelope),
        "digests": {str(x): digest.hex() for x, digest in handed.digests.items()},
        "passes": [{"from": each.giver, "envelope": _text(each.envelope)} for each in handed.passes],
        "recipients": [_member_json(member) for member in turn.recipients],
        "reading": turn.reading,
        "sealed": _text(handed.sealed),
        "wrap_talk": _text(identity.wrap_talk if turn.reading else b""),
        "talk": handed.talk.hex(),
    }


def _member_json(member: Member) -> dict[str, object]:
    return {"agency": member.agency, "x": member.x, "key_id": member.key_id, "public": _text(member.public)}


def _text(raw: bytes) -> str:
    return b64encode(raw).decode()
