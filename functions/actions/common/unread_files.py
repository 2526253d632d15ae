"""Files that a reporter's browser sealed: the phone made them anew, and nobody here has seen that it did.

A foreign browser seals anything. So each is made anew once more, in the sandbox, before somebody gets it. What cannot
be, or is no file of the kind that its act names, is shown to nobody; the case stays as usable as before.

Tests: ``tests/doors/test_sealed_files.py``.
"""

from hashlib import sha256

from functions.actions.common.decrypted_case import OpenedCase
from functions.casework.case import UNREAD, EventKind
from functions.casework.problems import BusyProblem, Problem
from functions.casework.stages import Actor
from functions.sanitize.clean import FileRefusedError, Refusal, clean
from functions.storage.interface import Blobs


class UnsafeFileProblem(Problem):
    """A browser sealed something else than the clean file that its act names."""

    code = "file_unsafe"
    status = 422


def read_file(opened: OpenedCase, n: int, blobs: Blobs) -> tuple[bytes, str]:
    """Return a file's bytes and media type, made anew if its reporter's browser sealed it. Raises NotFoundProblem,
    UnsafeFileProblem, and BusyProblem if too many files are being cleaned."""
    content, media_type = opened.file(n, blobs)
    event = next(event for event in opened.case.events if event.n == n and event.kind is EventKind.FILE)
    if event.by is not Actor.REPORTER or not event.clear.startswith(UNREAD):
        return content, media_type
    if sha256(content).hexdigest() != opened.words(event).get("source"):  # put in place of what was signed
        raise UnsafeFileProblem
    try:
        made = clean(content, keep_size=True)
    except FileRefusedError as error:
        raise (BusyProblem if error.code is Refusal.BUSY else UnsafeFileProblem) from None
    if made.media_type != media_type:
        raise UnsafeFileProblem
    return made.content, made.media_type
