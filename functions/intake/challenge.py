"""``GET /api/reports/challenge``: a proof of work to do before sending. Browsers that cannot do it send without one."""

from flask import Flask, Response, jsonify

from functions.intake.proof import Proofs


def register(app: Flask, proofs: Proofs) -> None:
    """Add the route. The answer is ALTCHA's challenge (version 2); like every door's answer it is never cached."""

    @app.get("/api/reports/challenge")
    def challenge() -> Response:
        return jsonify(proofs.challenge())
