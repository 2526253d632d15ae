"""A case as its reporter's browser reads it: sealed, so that the receipt stays on the phone.

Who presents the value whose hash rests with the case gets its clear facts, the case key wrapped to the receipt, and the
items as they lie. Nothing is opened here and no key comes this way.

Files by script: the reporter's browser makes a photo anew, seals it under the case key, and signs the act. The door
sees sealed bytes and their size. The same limits hold as for a file that it cleans itself. Whoever reads the file
distrusts it (``common/file_limits.read_file``).

Tests: ``tests/doors/test_sealed_thread.py``, ``tests/doors/test_sealed_files.py``, ``tests/captured/test_thread.py``.
"""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from hmac import compare_digest

from functions.actions.common.erase import with_its_case
from functions.actions.common.even_lookup import EvenLookup, nowhere
from functions.actions.common.file_limits import TURNS, check_sealed
from functions.actions.reporter.converse import Converse
from functions.actions.reporter.sealed_acts import SealedAct, SealedActs
from functions.casework.case import UNREAD, Case, CaseHead, Event, EventKind
from functions.casework.formats.attachments import MB
from functions.casework.problems import BusyProblem, FieldError, InvalidInputProblem, NotFoundProblem, Problem
from functions.crypto.padding import FILE_FLOOR, LENGTH_BYTES, file_bucket
from functions.crypto.seal.sealing import ITEM_OVERHEAD, SIGNED_FLOOR, VERSION, look_at_rest, sealed_blob_name
from functions.sanitize.clean import FileRefusedError
from functions.storage.interface import CaseNotFoundError, NoRoomError, Store

# Notes among officers; and ties, whose words name the other report.
UNSHOWN = frozenset({EventKind.NOTE, EventKind.JOIN})
ITEM_BYTES = SIGNED_FLOOR + ITEM_OVERHEAD  # one size for all, so that none tells a photo from a document


@dataclass(frozen=True, slots=True)
class SealedThread:
    """The cases of a store, each behind the value that its receipt yields."""

    store: Store
    even: EvenLookup[Case]
    where: Callable[[bytes], Problem] = nowhere

    def find(self, case_id: str, look: bytes) -> Case:
        """Return a case. For an unknown one the work is the same, as in ``ReceiptLookup.find``. A case of before has no
        such value yet, and is as unknown. Raises NotFoundProblem; ElsewhereProblem if a linked office has it."""
        read = self.store.read_case
        case, there = self.even.find(read, case_id)
        ours = case is not None and compare_digest(case.head.wraps.lookup, look_at_rest(look))
        if case is None or not (there and ours and case.head.wraps.act):
            raise self.where(look_at_rest(look))
        self.even.refuse(read)
        return case


def shown(case: Case, since: int = 0) -> tuple[Event, ...]:
    """Return the events after number ``since`` that a reporter may read."""
    return tuple(event for event in case.events if event.n > since and event.kind not in UNSHOWN)


@dataclass(frozen=True, slots=True)
class SealedFiles:
    """Takes and gives files that stay sealed."""

    converse: Converse

    def attach(self, act: SealedAct, blob: bytes) -> tuple[int, CaseHead]:
        """Add a file, durable before this returns; return its event's number and the head. Raises as
        ``SealedActs``, and InvalidInputProblem ``file_no_room``. One file of a case at a time; one whose act came too
        late lies there until the case goes, so it counts as refused: else whoever races their own acts fills the
        disk."""
        self._check_form(act, blob)
        name, stored = sealed_blob_name(act.case_id, act.once), list[str]()
        with with_its_case(self.converse.store, self.converse.blobs, stored), ExitStack() as turn:

            def keep(case: Case) -> None:
                if not stored:
                    turn.enter_context(TURNS.turn(act.case_id))
                check_sealed(case, len(blob) - ITEM_OVERHEAD)
                try:
                    self.converse.blobs.put(act.case_id, name, blob, self.converse.today())
                except NoRoomError as error:
                    raise InvalidInputProblem(FieldError("file", "file_no_room")) from error
                stored.append(act.case_id)

            try:
                return SealedActs(self.converse)(act, keep)
            except FileRefusedError:
                raise BusyProblem from None
            except Problem:
                if stored:
                    TURNS.note(act.case_id)
                raise

    def read(self, case_id: str, look: bytes, name: str) -> bytes:
        """Return a sealed file by its blob's name, which only who opened its event knows. Raises NotFoundProblem."""
        case = SealedThread(self.converse.store, self.converse.even).find(case_id, look)
        if case.head.shredded:
            raise NotFoundProblem
        try:
            return self.converse.blobs.get(case_id, name)
        except (CaseNotFoundError, ValueError) as error:
            raise NotFoundProblem from error

    def _check_form(self, act: SealedAct, blob: bytes) -> None:
        """Raise InvalidInputProblem for what no browser of ours sends, and for a file that is too large."""
        padded = len(blob) - ITEM_OVERHEAD
        if padded > self.converse.file_mb * MB:
            raise InvalidInputProblem(FieldError("file", "file_too_large", {"mb": str(self.converse.file_mb)}))
        whole = padded >= FILE_FLOOR and padded == file_bucket(padded - LENGTH_BYTES) and blob[:1] == VERSION
        if act.kind is not EventKind.FILE or not act.once or len(act.item) != ITEM_BYTES or not whole:
            raise InvalidInputProblem(FieldError("file", "bad_envelope"))
        if act.clear != f"{UNREAD} {padded}":
            raise InvalidInputProblem(FieldError("clear", "unknown"))
