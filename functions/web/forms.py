"""Read requests, JSON or a form, into plain text fields: with limits, and nothing on disk."""

import re
from io import BytesIO
from typing import IO, Any

from flask import Request, request
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from functions.casework.problems import FieldError, InvalidInputProblem, NotFoundProblem
from functions.casework.receipt import parse_tracking_id

FORM_MAX_BYTES = 1024 * 1024
UPLOAD_MAX_BYTES = 6 * 1024 * 1024
_HALVES = re.compile("[\ud800-\udfff]")  # of surrogate pairs: no text, and no UTF-8


class QuietRequest(Request):
    """A request whose uploads stay in memory; werkzeug would write them, unsealed, to a temporary file."""

    max_form_memory_size = FORM_MAX_BYTES
    max_form_parts = 50

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        return BytesIO()


def wants_json() -> bool:
    """Tell whether to answer in JSON: it was asked for, or sent."""
    accept = request.headers.get("Accept", "")
    return "application/json" in accept or "problem+json" in accept or ("text/html" not in accept and request.is_json)


def fields(*, halves: bool = False) -> dict[str, str]:
    """Return the request's fields as text. JSON numbers become text; nested values are refused. ``halves``: so is half
    of a character, unless texts may come in parts.

    Raises InvalidInputProblem, BadRequest (not JSON), UnsupportedMediaType.
    """
    if request.is_json:
        try:
            raw = request.get_json()
        except RecursionError:  # brackets within brackets, deeper than Python reads
            raise BadRequest from None
        if not isinstance(raw, dict) or any(_HALVES.search(name) for name in raw):  # names stand in answers
            raise BadRequest
        return {name: _text(name, value, halves=halves) for name, value in raw.items() if value is not None}
    if request.mimetype in ("application/x-www-form-urlencoded", "multipart/form-data", ""):
        return {name: value for name, value in request.form.items()}  # noqa: C416 - the first of each name
    raise UnsupportedMediaType


def upload(name: str = "file") -> bytes:
    """Return the bytes of an uploaded file, or b"". Its name and declared type are never read.

    Raises InvalidInputProblem for several: all but one would be lost without a word.
    """
    found = [raw for each in request.files.getlist(name) if (raw := each.stream.read())]
    if len(found) > 1:
        raise InvalidInputProblem(FieldError(name, "one_file"))
    return found[0] if found else b""


def submission_key(typed: str) -> bytes:
    """Return a submission key of 32 hex digits. Raises InvalidInputProblem."""
    if not re.fullmatch(r"[0-9a-fA-F]{32}", typed):
        raise InvalidInputProblem(FieldError("submission_key", "bad_submission_key"))
    return bytes.fromhex(typed)


def case_number(typed: str) -> str:
    """Return the tracking id of an address. Raises NotFoundProblem if it is none."""
    try:
        return parse_tracking_id(typed)
    except ValueError as error:
        raise NotFoundProblem from error


def _text(name: str, value: Any, *, halves: bool) -> str:
    if isinstance(value, str):
        if not halves and _HALVES.search(value):
            raise InvalidInputProblem(FieldError(name, "not_text"))
        return value
    whole = isinstance(value, float) and value.is_integer()  # 5.0 is an integer in JSON Schema (draft 2020-12, 6.1.1)
    if whole or (isinstance(value, int) and not isinstance(value, bool)):
        return str(int(value))
    raise InvalidInputProblem(FieldError(name, "not_text"))
