"""An office on a disk that turns read-only and back: ``python -m tests.whole.read_only FOLDER``, where FOLDER is a mount of
its own (``test_read_only.disk``). Prints as JSON how each was answered before, meanwhile and afterwards."""

import json
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from secrets import token_hex
from typing import Any

from functions.cli.doctor_checks import data_folder
from functions.storage.interface import StorageError
from tests.whole.test_canary import photo
from tests.world import JSON, WORDS, World

HTML = {"Accept": "text/html"}


def remount(folder: Path, how: str) -> None:
    """Let the kernel take writes to this disk, or none. Connections that were kept open would hinder it."""
    subprocess.run(["mount", "-o", f"remount,{how}", folder], check=True)


def asked(world: World, receipt: str, fields: dict[str, str], number: str) -> dict[str, Any]:
    """Ask for everything once; return the statuses, and the page that a writer by form gets."""
    note = {"receipt": receipt, "body": f"Masih gelap {number}.", "message_key": number * 16}
    file = {"receipt": receipt, "file_key": number * 15 + "f", "file": (BytesIO(photo()), "a.jpg")}
    typed = {name: value for name, value in fields.items() if name != "submission_key"}
    page = world.intake.post("/api/reports", data=typed | {"submission_key": token_hex(16)}, headers=HTML)
    answers = {
        "report": world.intake.post("/api/reports", json=fields, headers=JSON),
        "form": page,
        "message": world.post("/api/thread/messages", note),
        "file": world.thread.post("/api/thread/files", data=file, headers=JSON),
        "thread": world.post("/api/thread", {"receipt": receipt}),
    }
    try:
        courier = str(world.run_courier())
    except StorageError as error:
        courier = type(error).__name__
    told = {name: answer.status_code for name, answer in answers.items()}
    return told | {"kept": WORDS in page.text, "courier": courier, "doctor": str(data_folder(world.folder))}


def main(folder: Path) -> None:
    world = World(folder)
    engine: Any = world.store.engine  # type: ignore[attr-defined]
    receipt, fields = world.report()["receipt"], world.fields()
    found = {"before": len(world.read(receipt)["messages"])}
    for how, number in (("ro", "a"), ("rw", "b")):
        while engine._idle:
            engine._idle.pop().close()
        remount(folder, how)
        found[how] = asked(world, receipt, fields, number)
    found["after"] = len(world.read(receipt)["messages"])
    found["letters"] = [letter.message_id for letter in world.mailbox.letters]
    print(json.dumps(found))  # noqa: T201 - the answer


if __name__ == "__main__":
    main(Path(sys.argv[1]))
