"""The parent's side of cleaning: one child process per file, so that a broken decoder cannot harm the door.

Only bytes go in and out, by pipes: no name, no environment, no file. If the child dies or takes too long, the file
is refused. ``sandbox_child`` is the child's side.
"""

import atexit
import os
import re
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Final

from functions.casework.formats.attachments import JPEG
from functions.sanitize.file_types import (
    LEAVING,
    MAX_FILE_BYTES,
    MAX_SMALL_BYTES,
    CleanFile,
    FileRefusedError,
    Refusal,
    type_by_start,
)

WALL_SECONDS: Final = 20.0  # by the clock; ``sandbox_child`` limits processor time and memory
# Children at a time: a function of 1,024 MB has room for 2 x 256 MB beside the door itself.
SEATS: Final = 2
WAIT_SECONDS: Final = 25.0
WAITING: Final = 3  # more callers than these would take the threads that serve others

KEEP_SIZE: Final = "keep"
MADE_SMALLER: Final = "smaller"
REFUSED: Final = "refused"

# The child takes over our search path and nothing else. Packages lie beside the code on a server and in a virtual
# environment elsewhere; neither environment variables nor site files shall decide that.
_PROGRAM: Final = (
    "import sys; size, most = sys.argv[1:3]; sys.path[:] = sys.argv[3:]; "
    "from functions.sanitize.sandbox_child import main; main(size, int(most))"
)
_INTERPRETER: Final = ("-I", "-S", "-B", "-c", _PROGRAM)
# Hosts that move the interpreter's own libraries say here where they are.
_ENVIRONMENT: Final = ("LD_LIBRARY_PATH",)
_HEADER: Final = 200
_SIZES: Final = re.compile(r"([0-9]{1,8}) ([0-9]{1,8})", re.ASCII)
_CODES: Final = {code.value: code for code in Refusal}

# Python's exit status after an uncaught exception. Cleaning catches all, so this one came from loading.
_UNEXPECTED: Final = 1

_seats = threading.BoundedSemaphore(SEATS)
_callers = threading.BoundedSemaphore(SEATS + WAITING)
_children: "set[subprocess.Popen[bytes]]" = set()


class BrokenCleanerError(Exception):
    """No file can be cleaned at all: the child did not find its modules."""


def clean_apart(raw: bytes, *, keep_size: bool, most: int = MAX_FILE_BYTES) -> CleanFile:
    """Return what ``cleaners.clean_here`` makes of the file, in a child process.

    Raises FileRefusedError (too_complex also if the child died or ran out of time, busy if none could be started) and
    BrokenCleanerError.
    """
    if not _callers.acquire(blocking=False):
        raise FileRefusedError(Refusal.BUSY)
    try:
        said = _said(raw, KEEP_SIZE if keep_size else MADE_SMALLER, most)
    finally:
        _callers.release()
    made = _understood(said, most)
    if isinstance(made, Refusal):
        raise FileRefusedError(made)
    return made


def _said(raw: bytes, size: str, most: int) -> bytes:
    if not _seats.acquire(timeout=WAIT_SECONDS):
        return _refused(Refusal.BUSY)
    try:
        return _ask(raw, size, most)
    except OSError:  # no process, no memory
        return _refused(Refusal.BUSY)
    finally:
        _seats.release()


def framed(made: CleanFile | Refusal) -> bytes:
    """Return the child's answer: a line with media type and numbers of bytes (file, preview), then both; or the
    refusal."""
    if isinstance(made, Refusal):
        return _refused(made)
    return f"{made.media_type} {len(made.content)} {len(made.small)}\n".encode() + made.content + made.small


def _refused(code: Refusal) -> bytes:
    return f"{REFUSED} {code}\n".encode()


def _understood(said: bytes, most: int = MAX_FILE_BYTES) -> CleanFile | Refusal:
    """Parse the child's answer without trusting it: a hostile file may have taken the child over."""
    header, _, both = said.partition(b"\n")
    kind, _, rest = header[:_HEADER].decode("ascii", "replace").partition(" ")
    if kind == REFUSED and rest in _CODES:
        return _CODES[rest]
    sizes = _SIZES.fullmatch(rest)
    if kind not in LEAVING or not sizes:
        return Refusal.TOO_COMPLEX
    length, small_length = map(int, sizes.groups())
    content, small = both[:length], both[length:]
    fits = 0 < len(content) == length <= most and len(small) == small_length <= MAX_SMALL_BYTES
    if not fits or (small and type_by_start(small) != JPEG):
        return Refusal.TOO_COMPLEX
    return CleanFile(content, kind, small)


def _ask(raw: bytes, size: str, most: int) -> bytes:
    """Return the child's answer, or nothing if it did not end properly. Raises OSError if no child can be started,
    and BrokenCleanerError."""
    with _child(size, most) as child:
        ears, mouth = child.stdin, child.stdout
        assert ears is not None and mouth is not None  # noqa: S101, PT018 - for mypy: both are pipes
        clock = threading.Timer(WALL_SECONDS, child.kill)
        clock.daemon = True  # the interpreter would wait for it when it ends
        clock.start()
        _children.add(child)
        try:
            for tell in (lambda: ears.write(raw), ears.close):
                with suppress(OSError):  # it died while it was listening
                    tell()
            said = mouth.read(_HEADER + most + MAX_SMALL_BYTES)
            mouth.close()  # a child that writes more breaks on it
            status = child.wait()
        finally:
            clock.cancel()
            _children.discard(child)
    if status == _UNEXPECTED:
        raise BrokenCleanerError
    return said if status == 0 else b""


def _child(size: str, most: int) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(  # noqa: S603 - our own program, and nothing of the file in its arguments
        [sys.executable, *_INTERPRETER, size, str(most), *(str(Path(place).absolute()) for place in sys.path)],
        cwd="/",
        env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # a decoder's complaint may quote the file
        start_new_session=True,  # Ctrl-C is for the door
    )


@atexit.register
def _end_children() -> None:
    """End what still cleans: nobody would read it, and a child that hangs would outlive us."""
    for child in tuple(_children):
        child.kill()
