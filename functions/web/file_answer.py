"""Answer with a file: its true media type, a neutral name, and a policy that runs nothing."""

from flask import Response

from functions.casework.formats.attachments import ENDINGS

# Browsers lay out a single picture with styles of their own. Without them a phone shows only its upper left corner.
# Nothing of the file itself is style or script.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"


def file_answer(content: bytes, media_type: str, n: int) -> Response:
    """Return a file that the cleaning made: pictures are shown, documents are saved. Text is UTF-8."""
    shown = "inline" if media_type.startswith("image/") else "attachment"
    response = Response(content, mimetype=media_type)
    response.headers["Content-Disposition"] = f'{shown}; filename="berkas-{n}.{ENDINGS[media_type]}"'
    response.headers["Content-Security-Policy"] = POLICY
    return response
