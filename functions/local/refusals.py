"""What the HTTP server of the portal's process refuses by itself, in our words: a request that it cannot read, or whose
end another server could read elsewhere (RFC 9112 §6.3, request smuggling).

Tests: ``tests/local/test_refusals.py``.
"""

from html import escape
from typing import TYPE_CHECKING, Any, Final

from waitress.parser import ParsingError
from waitress.task import ErrorTask

from functions.web.errors import problem_json
from functions.web.headers import SECURITY
from functions.web.language import gettext, translations
from functions.web.layout import asset
from functions.web.wording import SENTENCES, sentence, title

if TYPE_CHECKING:
    from waitress.parser import HTTPRequestParser

TOO_LARGE: Final = 413
HEADERS: Final = {**SECURITY, "Cache-Control": "no-store", "X-Robots-Tag": "noindex"}


def check_framing(request: "HTTPRequestParser") -> None:
    """Raise ParsingError where a request names two ends: a length and chunks, or chunks in HTTP/1.0."""
    headers: dict[str, Any] = request.headers
    if (request.chunked and "CONTENT_LENGTH" in headers) or "TRANSFER_ENCODING" in headers:
        raise ParsingError("two ends")


class Refusal(ErrorTask):  # type: ignore[misc]  # waitress has no types
    """Answers for a request that waitress refused, then closes: nothing that follows on the line is read."""

    def execute(self) -> None:
        """Send the refusal."""
        error = self.request.error
        as_json = "json" in self.request.headers.get("ACCEPT", "")
        body, kind = refusal(error.code, as_json=as_json)
        self.status = f"{error.code} {error.reason}"
        self.response_headers.extend([*HEADERS.items(), ("Content-Type", kind)])
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


def refusal(status: int, *, as_json: bool) -> tuple[bytes, str]:
    """Return body and media type of a refusal, in both languages where it is a page."""
    code = "too_large" if status == TOO_LARGE else "bad_request"
    if as_json:
        return problem_json(code, status).get_data(), "application/problem+json"
    said, english = escape(sentence(code)), escape(translations("en").gettext(SENTENCES[code]))
    page = (
        '<!doctype html><html lang="id"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f'<meta name="color-scheme" content="light dark"><link rel="stylesheet" href="{asset("lapor.css")}">'
        f'<title>{escape(title(code))}</title></head><body><main class="wrap"><h1>{escape(title(code))}</h1>'
        f'<p class="lead">{said}</p><p class="hint" lang="en">{english}</p><p><a class="btn quiet wide" href="/">'
        f"{gettext('Ke halaman depan')}</a></p></main></body></html>"
    )
    return page.encode(), "text/html; charset=utf-8"
