"""The name in trust for a reporter's browser that keeps the receipt: sealed record out, signed answers in.

No sentence comes from here, as in ``sealed``. A name is left and taken back by ``POST /api/thread/acts``.
"""

import re
from base64 import b64encode
from datetime import date

from flask import Flask, Response, jsonify, make_response

from functions.actions.reporter.converse import Converse
from functions.actions.reporter.names.sealed_name import NameAnswer, SealedName, SealedNames
from functions.actions.reporter.sealed_thread import SealedThread
from functions.casework import sealed_identity
from functions.casework.consent.identity_request import Answer
from functions.casework.problems import FieldError, InvalidInputProblem
from functions.crypto.sign.name_answers import DIGEST_BYTES
from functions.crypto.sign.reporter_acts import SIGNATURE_BYTES
from functions.thread.sealed import read_base64, read_case_id, read_hex, read_look, read_n
from functions.web.forms import fields

ASKED = re.compile(r"\d{1,6} [\w.-]{1,64} [\w.-]{1,64} \d{4}-\d\d-\d\d", re.ASCII)  # number, who, agency, day


def sealed_name_routes(app: Flask, converse: Converse, danger_days: int) -> None:
    """Add ``POST /api/thread/name`` and ``POST /api/thread/name/answers``."""
    cases = SealedThread(converse.store, converse.even, converse.where)
    names = SealedNames(converse, danger_days)

    @app.post("/api/thread/name")
    def name() -> Response:
        typed = fields()
        case = cases.find(read_case_id(typed), read_look(typed))
        return jsonify(_shown(names.of(case.head), converse.today()))

    @app.post("/api/thread/name/answers")
    def answered() -> Response:
        return make_response({"state": names.answer(_read(fields())).value}, 201)


def _shown(name: SealedName, today: date) -> dict[str, object]:
    """Return the record by codes, its envelopes and signatures in base64."""
    identity = name.identity
    told: dict[str, object] = {
        "mode": name.head.reporter.mode.value,
        "instance": name.head.entrusted_to,
        "today": today.isoformat(),
        "actions": list(name.actions),
    }
    if identity is None:
        return told | {"state": "none", "steps": []}
    return told | {
        "state": sealed_identity.trust_state(identity).value,
        "split": identity.split,
        "ends": name.ends.isoformat() if name.ends else "",
        "wrap_receipt": _text(identity.wrap_receipt),
        "wrap_talk": _text(identity.wrap_talk),
        "sealed": _text(identity.sealed),
        "steps": [
            [each.n, each.kind.value, each.by, each.agency, each.on.isoformat(), _text(each.sealed), _text(each.sig)]
            for each in identity.steps
        ],
    }


def _read(typed: dict[str, str]) -> NameAnswer:
    """Read a signed answer. Raises InvalidInputProblem, NotFoundProblem."""
    said = typed.get("consent", "")
    if said not in list(Answer):
        raise InvalidInputProblem(FieldError("consent", "unknown" if said else "required"))
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", on := typed.get("on", ""), re.ASCII):
        raise InvalidInputProblem(FieldError("on", "bad_envelope"))
    if not ASKED.fullmatch(asked := typed.get("request", "")):
        raise InvalidInputProblem(FieldError("request", "unknown" if asked else "required"))
    try:
        day = date.fromisoformat(on)
    except ValueError:
        raise InvalidInputProblem(FieldError("on", "bad_envelope")) from None
    return NameAnswer(
        case_id=read_case_id(typed),
        n=read_n(typed, "n"),
        said=Answer(said),
        request=asked,
        on=day,
        digest=read_hex(typed, "digest", DIGEST_BYTES),
        signature=read_hex(typed, "sig", SIGNATURE_BYTES),
        item=read_base64(typed, "item"),
    )


def _text(raw: bytes) -> str:
    return b64encode(raw).decode()
