"""``POST /api/reports/challenge`` with ``for``: a proof of work to do before sending.

``for`` is the report's commitment (``proof.commitment``), so that the proof is good for this report alone. The answer
is ALTCHA's challenge (version 2), with a ``form_token`` for a browser that does not finish the work. Browsers that can
do neither send without.
"""

import re

from flask import Flask, Response, jsonify, request

from functions.casework.problems import FieldError, InvalidInputProblem
from functions.edge.request_filter import bucket_of
from functions.intake.gate import Gate
from functions.intake.proof import FORM_FIELD, Proofs
from functions.web.forms import fields

COMMITMENT = re.compile(r"[0-9a-f]{64}", re.ASCII)


def register(app: Flask, proofs: Proofs, gate: Gate) -> None:
    """Add the route. Like every door's answer, its answer is never cached."""

    @app.post("/api/reports/challenge")
    def challenge() -> Response:
        made_for, bucket = fields().get("for", ""), bucket_of(request.environ)
        if not COMMITMENT.fullmatch(made_for):
            raise InvalidInputProblem(FieldError("for", "bad_envelope"))
        token = proofs.form_token(made_for, gate.view_seconds(bucket))
        return jsonify(proofs.challenge(made_for, gate.toll(bucket)) | {FORM_FIELD: token})
