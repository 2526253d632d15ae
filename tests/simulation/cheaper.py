"""What the simulated office leaves out, so that many seeds can be played: to wait for a disk, and to do the same twice.

Nothing of it can fail a law. Processes that die with a file half written are in ``tests/whole/test_kill.py``.
"""

import sqlite3
from collections.abc import Callable
from concurrent.futures import Executor, Future
from contextlib import closing
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import pytest

from functions.actions.ops import rotate
from functions.casework.understanding import said, words
from functions.casework.understanding.accused import look_for_accused
from functions.casework.understanding.receipts import receipts_in
from functions.crypto.seal import sealing
from functions.storage.sqlite import engine
from tests.prepared import put_empty_file
from tests.room import fast_folder

PRAGMAS = ("PRAGMA synchronous = OFF", "PRAGMA foreign_keys = ON", "PRAGMA temp_store = MEMORY")


def make_cheaper(patch: pytest.MonkeyPatch) -> None:
    """Undo a transaction from memory, without a log; read the same text and the same receipt once."""
    patch.setattr(engine, "PRAGMAS", PRAGMAS)
    patch.setattr(engine, "_write_ahead", lambda db: db.execute("PRAGMA journal_mode = MEMORY").fetchone())
    patch.setattr(engine.SqliteEngine, "wipe_log", lambda _: None)
    patch.setattr(rotate, "ThreadPoolExecutor", InTurn)
    patch.setattr(said, "look_for_accused", _accused)
    patch.setattr(words, "receipts_in", _receipts)
    patch.setattr(sealing, "receipt_keys", cache(sealing.receipt_keys))


class InTurn(Executor):
    """Does one after the other, in this thread."""

    def __init__(self, _: int) -> None:
        """For any number at a time."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future = Future[Any]()
        try:
            future.set_result(fn(*args, **kwargs))
        except BaseException as error:  # noqa: BLE001 - raised by whoever asks, as from a thread
            future.set_exception(error)
        return future


@cache
def empty_file() -> bytes:
    """An empty store, without a log beside it."""
    path = fast_folder() / "lapor.sqlite"
    put_empty_file(path)
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA journal_mode = DELETE").fetchone()
    return Path(path).read_bytes()


class _OfPlace:
    """A directory as an argument that tells no two calls apart: there is one."""

    def __init__(self, directory: Any) -> None:
        self.directory = directory

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _OfPlace)

    def __hash__(self) -> int:
        return 0


@lru_cache(2048)
def _looked(text: str, place: _OfPlace, instance: str, topic: str) -> Any:
    return look_for_accused(text, place.directory, instance, topic)


def _accused(text: str, directory: Any, instance: str, topic: str = "") -> Any:
    return _looked(text, _OfPlace(directory), instance, topic)


_receipts = lru_cache(4096)(receipts_in)
