"""``POST /api/clean``: a document in, the same document without what identifies its writer out.

A reporter's browser makes photos anew itself. It cannot do so for documents: it brings them here, seals what comes back
and signs it (``site/browser/clean.js``). This door is told neither receipt nor case nor look-up value, keeps nothing
and logs nothing of a file. It is a process, and in AWS a function, of its own. So whoever takes over the thread sees
sealed bytes alone, and whoever takes over this door sees documents and not whose they are.

Nobody has to believe that a browser came here: the desk makes each sealed file anew (``common/file_limits``).

Tests: ``tests/doors/test_clean.py``, ``tests/browser/test_documents.py``.
"""

import re
from hashlib import sha256

from flask import Flask, Response, request

from functions.casework.formats.attachments import MB
from functions.casework.problems import BusyProblem, FieldError, InvalidInputProblem, Problem
from functions.cleaner.work import NONCE_BYTES, PLACES, Spent
from functions.edge.request_filter import bucket_of
from functions.sanitize.clean import FileRefusedError, Refusal, clean
from functions.sanitize.line import Line
from functions.web.door import make_door
from functions.web.file_answer import file_answer
from functions.web.forms import UPLOAD_MAX_BYTES, fields, upload

NONCE = re.compile(rf"[0-9a-f]{{{2 * NONCE_BYTES}}}", re.ASCII)
COUNT = re.compile(r"\d{1,6}", re.ASCII)


class RefusedFileProblem(Problem):
    """A file that is not taken. The code is the reason's own, so that a page says it in its own words."""

    status = 422

    def __init__(self, code: Refusal, **facts: str) -> None:
        self.code = f"file_{code}"
        super().__init__(**facts)


class NotWorkedProblem(Problem):
    """A file that comes without the effort made for it: another's, one that was cut on its way, or one whose work is
    spent or old. A browser then makes new work by itself, so that no honest file is given up for it."""

    code = "no_work"
    status = 403


def make_app(*, https: bool, file_mb: int, operator: str = "", line: Line | None = None) -> Flask:
    """Make the cleaner's door, for files of at most ``file_mb`` MB."""
    app = make_door(__name__, {}, https=https, max_bytes=UPLOAD_MAX_BYTES, operator=operator, file_mb=file_mb)
    turns, spent = line or Line(PLACES), Spent()

    @app.post("/api/clean")
    def clean_file() -> Response:
        typed, raw = fields(), upload()
        if not raw:
            raise InvalidInputProblem(FieldError("file", "required"))
        work, hour = _work(typed, raw, spent)
        try:
            with turns.turn(bucket_of(request.environ)):
                # Not before: whoever was told to come again three times has spent nothing.
                if not spent.spend(work, hour):
                    raise NotWorkedProblem
                made = clean(raw, keep_size=typed.get("keep_size") == "yes", most=file_mb * MB)
        except FileRefusedError as error:
            if error.code is Refusal.BUSY:
                raise BusyProblem from None
            raise RefusedFileProblem(error.code, mb=str(file_mb)) from None
        return file_answer(made.content, made.media_type, 1)

    return app


def _work(typed: dict[str, str], raw: bytes, spent: Spent) -> tuple[bytes, int]:
    """Return the work that came with a file, and its hour. Raises NotWorkedProblem."""
    nonce, count = typed.get("nonce", ""), typed.get("count", "")
    digest = sha256(raw).digest()
    if not NONCE.fullmatch(nonce) or not COUNT.fullmatch(count):
        raise NotWorkedProblem
    number = bytes.fromhex(nonce)
    hour = spent.hour_of(digest, number, int(count))
    if hour is None:
        raise NotWorkedProblem
    return digest + number, hour
