"""Processes that kill themselves at their n-th write: ``python -m tests.whole.killed FOLDER POINT submit|attach``.

Every SQL statement and every call that makes a file durable counts as one point; the last lies between the
work and the answer. Point 0 never comes: the process lives and prints what it did. Without arguments, each line of
standard input names these three and is done by a child of its own, forked once all is imported; the answer is the
child's exit status as ``waitpid`` gives it.
"""

import os
import signal
import sqlite3
import sys
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

from functions.actions.reporter.converse import Converse
from functions.actions.reporter.submit import Submit
from functions.casework.report import read_report
from functions.config.settings import DEMO, load_directory
from functions.crypto.ops.key_directory import KeyDirectory
from functions.crypto.seal.sealing import receipt_for
from functions.storage.blobs.folder import DirBlobs
from functions.storage.sqlite.store import SqliteStore

KEY = bytes.fromhex("ab" * 16)
FILE_KEY = "f" * 16
WORDS = "Lampu jalan mati di depan sekolah."


class Killer:
    """Counts points and kills at one of them."""

    def __init__(self, point: int) -> None:
        self.point = point
        self.seen = 0

    def step(self, *_: object) -> None:
        self.seen += 1
        if self.seen == self.point:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(self) -> None:
        """Make every write of this process a point."""
        connect = sqlite3.connect

        def watched(*args: Any, **kwargs: Any) -> sqlite3.Connection:
            connection = connect(*args, **kwargs)
            connection.set_trace_callback(self.step)
            return connection

        sqlite3.connect = watched  # type: ignore[assignment]
        for name in ("fsync", "replace", "rename", "mkdir", "utime"):
            setattr(os, name, self._counted(getattr(os, name)))

    def _counted(self, honest: Any) -> Any:
        def call(*args: Any, **kwargs: Any) -> Any:
            self.step()
            return honest(*args, **kwargs)

        return call


def photo() -> bytes:
    out = BytesIO()
    Image.linear_gradient("L").save(out, "PNG")
    return out.getvalue()


def main(folder: Path, point: int, work: str) -> None:
    directory, today = load_directory(DEMO / "kutai-timur.toml"), date(2026, 11, 25)
    keys, store = KeyDirectory(folder / "keys"), SqliteStore(folder / "lapor.sqlite")
    killer = Killer(point)
    killer.watch()
    if work == "submit":
        fields = {"kind": "pengaduan", "topic": next(iter(directory.topics)), "district": "64.08.04", "body": WORDS}
        report = read_report(fields, directory, today)
        done: object = Submit(store, keys.public, directory, lambda: today)(report, KEY).receipt
    else:
        blobs = DirBlobs(folder / "blobs")
        converse = Converse(store, blobs, keys.public, directory, lambda: today)
        done = converse.attach(receipt_for(KEY), photo(), FILE_KEY)
    killer.step()
    sys.stdout.write(f"{done} {killer.seen}\n")


def one_by_one() -> None:
    """Do what each line asks for, in a child that dies of it or not; say how it ended."""
    for line in sys.stdin:
        folder, point, work = line.rstrip("\n").split("\t")
        child = os.fork()
        if not child:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # ours is for how they end
            main(Path(folder), int(point), work)
            sys.exit()
        print(os.waitpid(child, 0)[1], flush=True)  # noqa: T201 - the answer


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
    else:
        one_by_one()
