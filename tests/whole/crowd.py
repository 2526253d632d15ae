"""Eight writers and a courier, each a process of its own on one office, until all are killed at once:
``python -m tests.whole.crowd FOLDER``.

Each line of standard input is a number of answers: when so many have come, and a moment later, all get ``kill -9``, and a
line says how they ended. Before a writer sends something it notes its key, and afterwards what was acknowledged. What it
finds noted and unacknowledged from the time before, it sends again first, as a browser does.
"""

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from random import Random, random
from secrets import token_hex
from tempfile import TemporaryDirectory
from typing import Any

from functions.crypto.ops.key_directory import KeyDirectory
from functions.delivery.mail import FolderMailer
from tests.world import JSON, World

WRITERS = 8
MOMENT = 0.02  # seconds at most: several writes
REPORT, MESSAGE = "report", "message"
Act = dict[str, str]


def office_in(folder: Path) -> World:
    """The office of a folder, with keys of its own at first; its letters go into ``surat``."""
    standing = KeyDirectory(folder / "keys") if (folder / "keys").exists() else None
    world = World(folder, keys=standing)
    world.deliver = replace(world.deliver, mailer=FolderMailer(folder / "surat"))
    return world


class Notes:
    """What one writer sent, and what was acknowledged, each a line of a file that outlives them."""

    def __init__(self, folder: Path, writer: int) -> None:
        self.sent, self.answered = folder / f"sent-{writer}", folder / f"answered-{writer}"

    def put(self, path: Path, what: Act) -> None:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.write(handle, json.dumps(what).encode() + b"\n")
        os.close(handle)

    def read(self, path: Path) -> list[Act]:
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def unanswered(self) -> list[Act]:
        answered = {answer["key"] for answer in self.read(self.answered)}
        return [act for act in self.read(self.sent) if act["key"] not in answered]


def send(world: World, notes: Notes, act: Act) -> None:
    """Send what was noted, and note the answer."""
    if act["kind"] == REPORT:
        fields = world.fields(body=act["body"], submission_key=act["key"])
        answer = world.intake.post("/api/reports", json=fields, headers=JSON)
    else:
        said = {"receipt": act["receipt"], "body": act["body"], "message_key": act["key"]}
        answer = world.post("/api/thread/messages", said)
    given = answer.get_json()
    told = {name: str(given[name]) for name in ("receipt", "tracking_id") if name in given}
    notes.put(notes.answered, act | told | {"status": str(answer.status_code)})


def acts(notes: Notes, random: Random) -> Iterator[Act]:
    """Yield what had no answer, then new reports, and messages to those that were acknowledged."""
    yield from notes.unanswered()
    mine = [answer["receipt"] for answer in notes.read(notes.answered) if answer["kind"] == REPORT]
    while True:
        key, kind = token_hex(16), MESSAGE if mine and random.random() < 0.3 else REPORT
        about = {"receipt": random.choice(mine)} if kind == MESSAGE else {}
        # Of a whole key, some digits look like a receipt now and then, and are taken out of the words.
        act = {"kind": kind, "key": key, "body": f"Lampu jalan mati, kata {key[:8]}."} | about
        notes.put(notes.sent, act)
        yield act


def write(world: World, writer: int, told: int) -> None:
    notes = Notes(world.folder, writer)
    for act in acts(notes, Random()):  # noqa: S311 - which of two is tried, nothing secret
        send(world, notes, act)
        os.write(told, b".")


def deliver(world: World) -> None:
    world.store.release("courier")  # as a courier does when it starts
    while True:
        if not world.deliver.run_once("courier"):
            time.sleep(0.005)


def forked(work: Callable[..., Any], *arguments: Any) -> int:
    """Let a process of its own do it, in a group that the first one leads."""
    child = os.fork()
    if not child:
        try:
            work(*arguments)
        finally:
            os._exit(1)  # none of them ends by itself
    return child


def warmed(world: World) -> World:
    """Let another office with the same directory do all once, so that what is read once is read before processes part."""
    with TemporaryDirectory() as other:
        there = World(Path(other), directory=world.directory, officers=world.officers)
        there.read(there.report()["receipt"])
        there.run_courier()
    world.intake, world.thread  # noqa: B018 - made now
    return world


def main(folder: Path) -> None:
    world = warmed(office_in(folder))
    while world.store.engine._idle:  # type: ignore[attr-defined]
        world.store.engine._idle.pop().close()  # type: ignore[attr-defined] # so that whoever was killed left the file alone
    for line in sys.stdin:
        heard, told = os.pipe()
        crew = [forked(deliver, world), *(forked(write, world, writer, told) for writer in range(WRITERS))]
        for _ in range(int(line)):
            os.read(heard, 1)
        time.sleep(random() * MOMENT)  # noqa: S311 - a time
        for child in crew:
            os.kill(child, signal.SIGKILL)
        ended = {os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in crew}
        os.close(heard)
        os.close(told)
        print(sorted(ended), flush=True)  # noqa: T201 - the answer


if __name__ == "__main__":
    main(Path(sys.argv[1]))
