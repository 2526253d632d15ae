"""Plays conversations and prints what is answered and what stands then, for a judge who knows no code.

``python -m tests.casework.sms_dialogues FILE [FILE ...]``, in the root of the repository. A file holds conversations:

    == 1 a fisherman
    # wanted: what a sensible reader expects
    # district: Sangkulirang
    > an SMS, or "> [k 1/2] ..." one part of a long one
    [officer answers] Since when?
    [closed] The lamp is repaired.
    [later]

Behind the brackets words may stand; without any there are usual ones. Other lines that begin with "#" or "<" are
printed as they are, or left out. Each conversation has a number of its own, and all have one world.
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from functions.actions.reporter.sms import Limits
from functions.casework.case import CaseHead
from functions.casework.receipt import Receipt
from functions.crypto.seal.sealing import receipt_keys
from functions.crypto.slips.phone_numbers import PhoneSecret
from tests.world import PHONE, World

ACT: Final = re.compile(r"\[(officer answers|closed|later)\b[:,]?\s*([^\]]*)\]\s*:?\s*(.*)", re.IGNORECASE)
PART: Final = re.compile(r"\[(\w+) (\d)/(\d)\] ?")
USUAL: Final = {
    "officer answers": "Terima kasih. Laporan sedang kami periksa di lapangan. Sejak kapan hal ini terjadi?",
    "closed": "Sudah kami kerjakan dan selesai.",
}
UNIT: Final = "kutim-dpupr"
LATER_DAYS: Final = 2


class Conversation:
    """One conversation: a number, and what was sent to it."""

    def __init__(self, world: World, number: str) -> None:
        """Begin with nothing said."""
        self.world, self.number, self.read_to = world, number, len(world.phone.texts)
        self.handed_over: set[str] = set()
        self.refused = False

    def line(self, line: str) -> Iterator[str]:
        """Yield what a line of a file brings."""
        if line.startswith(">"):
            yield from self._sms(line[1:].strip(" ") if not PART.match(line[2:]) else line[2:])
        elif found := ACT.match(line):
            act, words = found[1].lower(), (found[2] or found[3]).strip()
            yield f"[{act}] {words or USUAL.get(act, '')}".rstrip()
            try:
                self._act(act, words or USUAL.get(act, ""))
            except AssertionError:  # whoever is accused coordinates here: nobody of these desks may act
                self.refused = True
            if self.refused:
                yield "(the desk could not do this)"
            yield from self._came("SENT")
            yield f"STATE: {self._state()}"
        elif line.startswith("#"):
            yield line

    def _sms(self, text: str) -> Iterator[str]:
        more: dict[str, str] = {}
        if found := PART.match(text):
            more = {"reference": found[1], "part": found[2], "parts": found[3]}
            text = text[found.end() :]
        yield f"SMS: {text}"
        if self.world.sms(text, self.number, **more).status_code != 202:
            yield "REFUSED"
        self.world.run_courier()
        came = list(self._came("ANSWER"))
        yield from came or ["ANSWER: (none)"]
        yield f"STATE: {self._state()}"

    def _came(self, name: str) -> Iterator[str]:
        texts, self.read_to = self.world.phone.texts[self.read_to :], len(self.world.phone.texts)
        yield from (f"{name}: {text.text}" for text in texts if text.to == self.number)

    def _act(self, act: str, words: str) -> None:
        self.refused = False
        if act == "later":
            self.world.later(days=LATER_DAYS)
            self.world.sms("halo", "+6281299999999")  # any SMS makes this process look at what waits
        elif heads := self._heads():
            head = next((each for each in reversed(heads) if each.open), heads[-1])
            known = head.case_id in self.handed_over
            desk = self.world.desk_of(UNIT) if known else self.world.hand_over(head.case_id, UNIT)
            self.handed_over.add(head.case_id)
            key = f"{self.world.count:032x}"
            body = (
                {"body": words, "message_key": key} if act != "closed" else {"outcome": "dijelaskan", "reason": words}
            )
            path = "close" if act == "closed" else "messages"
            answer = desk.post(f"/desk/cases/{head.case_id}/{path}", body)
            self.refused = answer.status_code not in (200, 201)
        self.world.count += 1
        self.world.run_courier()

    def _receipts(self) -> list[Receipt]:
        keys = PhoneSecret(PHONE).keys(self.number)
        slip = self.world.store.read_slip(keys.name, self.world.seconds)
        return [Receipt(each) for each in keys.open(slip.version, slip.sealed)["receipts"]] if slip else []

    def _heads(self) -> list[CaseHead]:
        return [self.world.store.read_head(receipt_keys(each).case_id) for each in self._receipts()]

    def _state(self) -> str:
        receipts, heads = self._receipts(), self._heads()
        if not heads:
            return "cases=0"
        messages = self.world.read(str(receipts[-1]))["messages"]
        added = sum(each["from"] == "pelapor" for each in messages) - 1
        district = self.world.directory.districts[heads[-1].district].name
        said = f"cases={len(heads)} words_added_to_latest={added} district={district}"
        return f"{said} stage={heads[-1].stage} quarantined={heads[-1].quarantined}"


def play(files: list[Path]) -> Iterator[str]:
    """Yield the lines that a judge reads."""
    with TemporaryDirectory() as folder:
        world = World(Path(folder))
        world.texting = replace(world.texting, limits=Limits(hourly=1_000_000))
        conversation, count = Conversation(world, "+628140000000"), 0
        for line in (line for file in files for line in file.read_text(encoding="utf-8").splitlines()):
            if line.startswith("=="):
                count += 1
                conversation = Conversation(world, f"+62814{count:07}")
                yield f"\n{line}"
            else:
                yield from conversation.line(line)


if __name__ == "__main__":
    for printed in play([Path(each) for each in sys.argv[1:]]):
        sys.stdout.write(f"{printed}\n")
