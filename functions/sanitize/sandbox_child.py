"""The child's side of cleaning: one file from standard input, its clean form to standard output, then the end.

Before a byte of the file is read, the kernel is told what this process may use up; before a decoder sees it, that
no file and no socket may be opened any more. ``child`` starts this.
"""

import codecs
import resource
import sys
from importlib import import_module
from io import BytesIO
from typing import Final

from functions.sanitize.clean import FileRefusedError, clean_here
from functions.sanitize.file_types import JPEG, PDF, PNG, WEBP, CleanFile, Refusal, first_look, is_package
from functions.sanitize.sandbox import KEEP_SIZE, framed

CPU_SECONDS: Final = 10
# With what is mapped from files (code, some 25 MB) it stays below 256 MB. Not the address space, of which threads
# and allocators take much and use little.
DATA_BYTES: Final = 224 * 1024 * 1024

_LIMITS: Final = (
    (resource.RLIMIT_CPU, CPU_SECONDS),
    (resource.RLIMIT_DATA, DATA_BYTES),
    (resource.RLIMIT_FSIZE, 0),
    (resource.RLIMIT_CORE, 0),
)
_OFFICE: Final = ("clean", "media", "odf", "sheet", "word")
_PHOTOS_IN_OFFICE: Final = (JPEG, PNG, WEBP)
SPENT: Final = 3
_STANDARD_STREAMS: Final = 3
_CODECS: Final = ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "cp437", "latin-1", "ascii")


def main(size: str) -> None:
    """Clean what comes in; ``size`` is one of ``child``'s two words. Ends without a word where a limit is met."""
    confine()
    raw = sys.stdin.buffer.read()
    load_for(raw)
    close_doors()
    try:
        sys.stdout.buffer.write(framed(answer(raw, keep_size=size == KEEP_SIZE)))
        sys.stdout.buffer.flush()
    except MemoryError:
        sys.exit(SPENT)


def answer(raw: bytes, *, keep_size: bool) -> CleanFile | Refusal:
    """The clean file or why there is none."""
    try:
        return clean_here(raw, keep_size=keep_size)
    except FileRefusedError as refused:
        return refused.code


def confine() -> None:
    """Limit processor time, memory, files' size and core dumps for good, or leave a limit that is lower."""
    for what, limit in _LIMITS:
        highest = resource.getrlimit(what)[1]
        most = limit if highest == resource.RLIM_INFINITY else min(limit, highest)
        resource.setrlimit(what, (most, most))


def load_for(raw: bytes) -> None:
    """Load every module that cleaning this file may ask for, going by its first bytes alone."""
    for name in _CODECS:
        codecs.lookup(name)
    media_type = first_look(raw)
    if media_type is None and not is_package(raw):
        import_module("functions.sanitize.plain_text")
        return
    from functions.sanitize.photos import prepare  # noqa: PLC0415 Pillow, for photos and for those in documents

    if media_type is None:
        for name in _OFFICE:
            import_module(f"functions.sanitize.office.{name}")
    for kind in _PHOTOS_IN_OFFICE if media_type is None else (media_type,):
        prepare(kind)
    if media_type == PDF:
        import_module("functions.sanitize.pdf.clean")
        from pikepdf import Encryption, Pdf  # noqa: PLC0415 as above

        # qpdf opens its source of random numbers with the first locked document, and keeps it open.
        Pdf.new().save(BytesIO(), encryption=Encryption(owner="", user=""))


def close_doors() -> None:
    """No new descriptor: no file, no socket, for good."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (_STANDARD_STREAMS, _STANDARD_STREAMS))
