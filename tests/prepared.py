"""Stores for tests, empty or filled, as copies: to make one takes longer than what most tests do with it."""

import os
import shutil
import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path

from functions.storage.dynamodb.store import DynamoStore
from functions.storage.dynamodb.table import table_spec
from functions.storage.dynamodb.work_fill import MARK
from functions.storage.sqlite.store import SqliteStore
from tests.room import fast_folder


@cache
def _empty_file() -> bytes:
    """What ``SqliteStore.prepare`` makes, made once in this process."""
    folder = fast_folder()
    try:
        SqliteStore(folder / "lapor.sqlite").prepare()
        return (folder / "lapor.sqlite").read_bytes()  # all of it: a write ends with an empty log
    finally:
        shutil.rmtree(folder)


def put_empty_file(path: Path) -> None:
    """Put the file of an empty SQLite store there, unless there is one."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(_empty_file())


def copy_file(source: Path, target: Path) -> None:
    """Let one SQLite file hold what another holds, through SQLite: a store may have either open."""
    with closing(sqlite3.connect(source)) as given, closing(sqlite3.connect(target)) as taken:
        given.backup(taken)


def make_empty_table(store: DynamoStore) -> None:
    """Make the table in two calls. An emulator's is usable at once, expires nothing, and has no cases to fill in."""
    store.calls.on_table("create_table", **table_spec())
    store.calls.on_table("put_item", Item=MARK)
