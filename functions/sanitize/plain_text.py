"""Plain text: decoded, freed of every character that shows nothing, and written as UTF-8.

Invisible characters can identify: zero-width and tag characters carry hidden marks, and so do variation selectors,
spaces of odd widths and blanks at the ends of lines. What the text *says* stays.
"""

import codecs
import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from functions.casework.formats.attachments import TEXT
from functions.sanitize.file_types import MAX_FILE_BYTES, CleanFile, FileRefusedError, Refusal

# Unicode's controls (except tab and newline), format characters, blank fillers, variation selectors, private use,
# surrogates, noncharacters. Format characters that show (Arabic number signs) are not among them. A test compares these
# ranges with Python's tables, character by character.
_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u070f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u2800\u3164\ud800-\uf8ff\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0xE0000, 0x10000))
    + "\U000e0000-\U0010ffff]"
)
_SPACES: Final = re.compile("[\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_NEWLINES: Final = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_TRAILING: Final = re.compile(r"[ \t]+$", re.MULTILINE)
# No script stacks more marks on a letter. Normalising a long row of them takes quadratic time.
_MARKS: Final = 8

# A text that starts like this is a format with its own place for names, or a program for a browser.
_CARRIERS: Final = re.compile(r"\s*(?:<[!?/a-z]|\{\\rtf|%PDF|%!|BEGIN:V|(?:\S+:)?DN:|From \S+@\S+ )", re.IGNORECASE)
# Headers that mail servers and programs write; nobody types them.
_MAIL: Final = re.compile(
    r"^(?:Received|Return-Path|Delivered-To|Message-ID|MIME-Version|DKIM-Signature|Authentication-Results"
    r"|Content-Transfer-Encoding|X-[A-Za-z-]+):",
    re.IGNORECASE | re.MULTILINE,
)
_MAIL_HEAD: Final = 8192
_FIELD: Final = re.compile(r"\s*[A-Za-z][A-Za-z-]*:")
_CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
_MAX_CONTROLS: Final = 0.01
_MAX_BEYOND_ASCII: Final = 0.15


def load(raw: bytes) -> None:
    """Text needs nothing beyond what the sandbox loads for every file."""


def media_type_of(raw: bytes) -> str | None:
    """Return the media type of text that ``is_text`` takes, None for everything else."""
    return TEXT if is_text(raw) else None


def clean(raw: bytes, media_type: str, *, keep_size: bool, most: int) -> CleanFile:
    """As ``clean_text_file``, with the media type."""
    return CleanFile(clean_text_file(raw), media_type)


def words_of(content: bytes) -> Iterator[str]:
    """Yield the text."""
    yield content.decode()


def is_text(raw: bytes) -> bool:
    """Tell whether these bytes are text that somebody wrote to be read as it stands.

    Other formats are not: HTML, SVG and other markup, RTF, mail with its transport headers, vCards and calendars, and
    whatever holds a NUL. They keep names and dates where a reader does not look.
    """
    text = _decoded(raw)
    if text is None or not _shown_lines(text[:_MAIL_HEAD]):
        return False
    return not _carries_more(text)


def clean_text_file(raw: bytes) -> bytes:
    """Return the same words in UTF-8 and NFC, lines ended by a newline. Raises FileRefusedError."""
    text = _decoded(raw)
    if text is None or _carries_more(text):
        raise FileRefusedError(Refusal.UNKNOWN_TYPE)
    lines = _shown_lines(text)
    if not lines:
        raise FileRefusedError(Refusal.EMPTY)
    made = (lines + "\n").encode()
    if len(made) > MAX_FILE_BYTES:
        raise FileRefusedError(Refusal.TOO_LARGE)
    return made


def shown(text: str) -> str:
    """Return the visible characters of a text in NFC; every kind of space becomes a space, every line's end a
    newline."""
    if text.isascii() and text.isprintable():
        return text
    text = _UNSEEN.sub("", _SPACES.sub(" ", _NEWLINES.sub("\n", text)))
    if text.isascii():
        return text
    # Again, since NFC may compose one of the removed characters from others.
    return _UNSEEN.sub("", unicodedata.normalize("NFC", _without_piles(text)))


def _shown_lines(text: str) -> str:
    return _TRAILING.sub("", shown(text)).strip("\n")


def _without_piles(text: str) -> str:
    marks = "".join(re.escape(char) for char in set(text) if unicodedata.category(char).startswith("M"))
    return re.sub(f"([{marks}]{{{_MARKS}}})[{marks}]+", r"\1", text) if marks else text


def _decoded(raw: bytes) -> str | None:
    """Decode by byte order mark, as UTF-8, or as Windows-1252 if that reads as words; else None."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if raw.startswith(mark):
            return _strictly(raw[len(mark) :], encoding)
    text = _strictly(raw, "utf-8")
    if text is not None:
        return text
    text = _strictly(raw, "cp1252")
    if text is None or _CONTROLS.search(text):
        return None
    beyond = sum(raw.count(byte) for byte in range(0x80, 0x100))
    return text if beyond <= len(raw) * _MAX_BEYOND_ASCII else None


def _strictly(raw: bytes, encoding: str) -> str | None:
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        return None
    if "\0" in text or len(_CONTROLS.findall(text)) > len(text) * _MAX_CONTROLS:
        return None
    return text


def _carries_more(text: str) -> bool:
    head = shown(text[:_MAIL_HEAD])
    if _CARRIERS.match(head):
        return True
    # A mail's head is fields from the first line to the first empty one.
    return bool(_FIELD.match(head)) and bool(_MAIL.search(head.lstrip().partition("\n\n")[0]))
