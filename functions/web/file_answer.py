"""Handing out a file: by its true type, under a neutral name, and never run by the browser."""

from flask import Response

# What the cleaning lets out; the names of office types are their registered ones (IANA).
EXTENSIONS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.oasis.opendocument.text": "odt",
    "text/plain": "txt",
}
# A browser lays out a picture that stands alone with styles of its own, which the policy must not stop: without
# them a phone shows its upper left corner only. Nothing of the file is style or script.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"


def file_answer(content: bytes, media_type: str, n: int) -> Response:
    """A file as an answer: pictures are shown, documents are saved. Text is UTF-8, as the cleaning made it."""
    shown = "inline" if media_type.startswith("image/") else "attachment"
    response = Response(content, mimetype=media_type)
    response.headers["Content-Disposition"] = f'{shown}; filename="berkas-{n}.{EXTENSIONS[media_type]}"'
    response.headers["Content-Security-Policy"] = POLICY
    return response
