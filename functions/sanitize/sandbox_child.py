"""The child's side of cleaning: read one file from standard input, write it clean to standard output, end.

Before reading the file, the child limits what it may use up. Before a decoder sees the file, the child gives up
opening files and sockets. ``sandbox`` starts it.
"""

import codecs
import math
import resource
import signal
import sys
from typing import Final

from functions.sanitize.cleaners import clean_here, cleaner_of
from functions.sanitize.file_types import MAX_FILE_BYTES, CleanFile, FileRefusedError, Refusal
from functions.sanitize.sandbox import KEEP_SIZE, WALL_SECONDS, framed

CPU_SECONDS: Final = 10
# Together with mapped files (code, some 25 MB) the process stays below 256 MB. The address space is not limited, since
# threads and allocators reserve much of it and use little.
DATA_BYTES: Final = 224 * 1024 * 1024

_LIMITS: Final = (
    (resource.RLIMIT_CPU, CPU_SECONDS),
    (resource.RLIMIT_DATA, DATA_BYTES),
    (resource.RLIMIT_FSIZE, 0),
    (resource.RLIMIT_CORE, 0),
)
SPENT: Final = 3
_STANDARD_STREAMS: Final = 3
_CODECS: Final = ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "cp437", "latin-1", "ascii")


def main(size: str, most: int = MAX_FILE_BYTES) -> None:
    """Clean the file; ``size`` is one of ``sandbox``'s two words, ``most`` as for ``clean.clean``. Ends with
    ``SPENT`` if memory runs out."""
    confine()
    raw = sys.stdin.buffer.read()
    load_for(raw)
    close_doors()
    try:
        sys.stdout.buffer.write(framed(answer(raw, keep_size=size == KEEP_SIZE, most=most)))
        sys.stdout.buffer.flush()
    except MemoryError:
        sys.exit(SPENT)


def answer(raw: bytes, *, keep_size: bool, most: int = MAX_FILE_BYTES) -> CleanFile | Refusal:
    """Return the clean file, or why it is refused."""
    try:
        return clean_here(raw, keep_size=keep_size, most=most)
    except FileRefusedError as refused:
        return refused.code


def confine() -> None:
    """Limit time, processor time, memory, file size and core dumps for good. A limit that is lower already stays."""
    signal.alarm(math.ceil(WALL_SECONDS))  # also when nobody is left to end it
    for what, limit in _LIMITS:
        highest = resource.getrlimit(what)[1]
        most = limit if highest == resource.RLIM_INFINITY else min(limit, highest)
        resource.setrlimit(what, (most, most))


def load_for(raw: bytes) -> None:
    """Load every module that cleaning this file may ask for, by its first bytes alone."""
    for name in _CODECS:
        codecs.lookup(name)
    cleaner_of(raw).load(raw)


def close_doors() -> None:
    """Forbid every new descriptor, so every new file and socket, for good."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (_STANDARD_STREAMS, _STANDARD_STREAMS))
