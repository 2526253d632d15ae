"""How many files a case may bring, how large they may be together, and how many are cleaned for it at a time.

Each process counts for itself, in memory alone.

Files that a reporter's browser sealed are distrusted when they are read (``read_file``): the phone made them anew, and
nobody here has seen that it did. A foreign browser seals anything. So each is made anew once more, in the sandbox,
before somebody gets it. What cannot be, or is no file of the kind that its act names, is shown to nobody; the case
stays as usable as before.

Tests: ``tests/actions/test_file_limits.py``, ``tests/doors/test_sealed_files.py``.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from hashlib import sha256
from time import monotonic

from functions.actions.common.decrypted_case import OpenedCase, is_unread
from functions.casework.case import Case, Event, EventKind
from functions.casework.formats.attachments import FILE_MB
from functions.casework.problems import BusyProblem, Problem, TooManyProblem
from functions.casework.stages import Actor
from functions.crypto.padding import file_bucket
from functions.sanitize.clean import FileRefusedError, Refusal, clean
from functions.sanitize.line import Line
from functions.storage.interface import Blobs

FILES_PER_TURN = 5
MIB = 1024 * 1024
QUARANTINE_BYTES = 5 * MIB
UNANSWERED_BYTES = 12 * MIB
REFUSED_SECONDS = 3600
REMEMBERED = 10_000


class CleaningTurns:
    """Lets one file of a case be cleaned at a time, and remembers for an hour how many were refused.

    ``clock`` gives seconds.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._busy: set[str] = set()
        self._refused: deque[tuple[float, str]] = deque(maxlen=REMEMBERED)

    @contextmanager
    def turn(self, case_id: str) -> Iterator[None]:
        """Hold the case's turn. Raises FileRefusedError, busy at once if another holds it; what is refused within
        counts."""
        with self._lock:
            if case_id in self._busy:
                raise FileRefusedError(Refusal.BUSY)
            self._busy.add(case_id)
        try:
            yield
        except FileRefusedError as error:
            if error.code is not Refusal.BUSY:
                self.note(case_id)
            raise
        finally:
            self._busy.discard(case_id)

    def note(self, case_id: str) -> None:
        """Count a file that was refused, or that lies there and belongs to no act."""
        self._refused.append((self._clock(), case_id))

    def refused(self, case_id: str) -> int:
        """Return how many files of the case were refused within an hour."""
        with self._lock:
            while self._refused and self._clock() - self._refused[0][0] > REFUSED_SECONDS:
                self._refused.popleft()
            return sum(refused == case_id for _, refused in self._refused)


TURNS = CleaningTurns()
# What officers open: a second file waits in line, and who opens more is told to come again. So two of the desk's four
# threads stay with all who write, whatever somebody sealed. Next is another officer than was served last.
DESK_LINE = Line(2)


def desk_turn(officer: str) -> Callable[[str], AbstractContextManager[None]]:
    """Return how an officer gets the desk's turn. It raises FileRefusedError, busy."""
    return lambda _: DESK_LINE.turn(officer)


def check_count(opened: OpenedCase, by: Actor) -> None:
    """Limit one side's files since the other side last wrote; files that were refused count. Raises TooManyProblem."""
    _check_count(opened.case, by)


def check_sealed(case: Case, size: int) -> None:
    """As ``check_count`` and ``check_bytes``, for a file of ``size`` bytes that its reporter's browser sealed. Nothing
    is opened: how large earlier files are their acts say in clear."""
    _check_count(case, Actor.REPORTER)
    _check_bytes(case, size, [clear_size(event) or FILE_MB * MIB for event in _files(case, Actor.REPORTER)])


def clear_size(event: Event) -> int:
    """Return the padded bytes of a file as its act says them in clear, 0 if an older release took it."""
    said = event.clear.split()[-1:]
    return int(said[0]) if said and said[0].isdecimal() else 0


def _check_count(case: Case, by: Actor) -> None:
    count = 0
    for event in reversed(case.events):
        if event.by is not by and event.by is not Actor.SYSTEM:
            break
        count += event.kind is EventKind.FILE
    if count + TURNS.refused(case.head.case_id) >= FILES_PER_TURN:
        raise TooManyProblem(what="files", limit=str(FILES_PER_TURN))


def check_bytes(opened: OpenedCase, by: Actor, size: int) -> None:
    """Limit the bytes of a reporter's files until an officer answers, and further in quarantine. Raises
    TooManyProblem."""
    if by is Actor.REPORTER:
        broken = str(FILE_MB * MIB)
        sizes = [clear_size(e) or int(opened.readable(e).get("size", broken)) for e in _files(opened.case, by)]
        _check_bytes(opened.case, size, sizes)


def _files(case: Case, by: Actor) -> list[Event]:
    return [event for event in case.events if event.kind is EventKind.FILE and event.by is by]


def _check_bytes(case: Case, size: int, sizes: list[int]) -> None:
    head = case.head
    if head.history.from_officers and not head.quarantined:
        return
    most = QUARANTINE_BYTES if head.quarantined else UNANSWERED_BYTES
    if sum(sizes) + size > most:
        raise TooManyProblem(what="file_bytes", limit=f"{most // MIB} MB")


def padded_size(words: Mapping[str, str]) -> str:
    """Return what the act of a reporter's file says of its size in clear: as browsers do, so that both count alike."""
    return str(file_bucket(int(words["size"])))


class UnsafeFileProblem(Problem):
    """A browser sealed something else than the clean file that its act names."""

    code = "file_unsafe"
    status = 422


def read_file(
    opened: OpenedCase, n: int, blobs: Blobs, turn: Callable[[str], AbstractContextManager[None]]
) -> tuple[bytes, str]:
    """Return a file's bytes and media type, made anew if its reporter's browser sealed it. ``turn`` is asked with the
    case's id for a turn to do so: of a reporter's files one of a case at a time, since a receipt's holder may ask as
    often as they like (``TURNS.turn``); of officers' one of all (``desk_turn``).

    Raises NotFoundProblem, UnsafeFileProblem, and BusyProblem if too many files are being cleaned.
    """
    content, media_type = opened.file(n, blobs)
    event = next(event for event in opened.case.events if event.n == n and event.kind is EventKind.FILE)
    if not is_unread(event):
        return content, media_type
    if sha256(content).hexdigest() != opened.words(event).get("source"):  # put in place of what was signed
        raise UnsafeFileProblem
    try:
        with turn(opened.head.case_id):
            made = clean(content, keep_size=True)
    except FileRefusedError as error:
        raise (BusyProblem if error.code is Refusal.BUSY else UnsafeFileProblem) from None
    if made.media_type != media_type:
        raise UnsafeFileProblem
    return made.content, made.media_type
