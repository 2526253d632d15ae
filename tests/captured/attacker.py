"""What somebody can open who took a door over: every value they met is tried on every wrap and every item.

They have the journal of the door (``taken.py``), an image of its memory, and the store. They look for receipts in
everything, as bytes and as typed, for 32 bytes in hex and base64, and follow what one find opens to the next, until
nothing new opens.
"""

import base64
import json
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from functions.casework.case import Case
from functions.casework.receipt import Receipt, ReceiptError, parse_receipt
from functions.crypto.errors import SealError
from functions.crypto.open import opening
from functions.crypto.seal import sealing

TYPED = re.compile(rb"(?:[0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{5}[-+ ]?){4}[0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{5}")
SYMBOLS = re.compile(rb"(?<![0-9A-Z])[0-9A-HJKMNP-TV-Z]{20}(?![0-9A-Z])")
HEX = re.compile(rb"(?<![0-9a-fA-F])[0-9a-fA-F]{64}(?![0-9a-fA-F])")
BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{43}=?")
KEYS = frozenset({"aes", "hkdf", "hpke", "ed25519", "x25519", "mlkem"})


@dataclass(frozen=True)
class Noted:
    """One thing that was taken down: what it is (``request``, ``answer``, or the primitive that got a key), and its
    bytes."""

    what: str
    raw: bytes


def read_journal(path: Path) -> list[Noted]:
    """Everything that a door's journal holds."""
    lines = path.read_text().splitlines() if path.exists() else []
    return [Noted(line["what"], bytes.fromhex(line["hex"])) for line in map(json.loads, lines)]


@dataclass
class Attacker:
    """What they know: receipts, and values of 32 bytes. ``learn`` takes in more."""

    receipts: set[str] = field(default_factory=set)
    keys: set[bytes] = field(default_factory=set)

    def learn(self, noted: Iterable[Noted], memory: bytes = b"") -> "Attacker":
        for each in noted:
            self._look_through(each.raw)
            if each.what in KEYS:
                self.keys.add(each.raw)
        self._look_through(memory)
        return self

    def opened(self, cases: Iterable[Case]) -> set[str]:
        """The ids of the cases whose report they can read."""
        return {case.head.case_id for case in cases if any(self._reads(case, key) for key in self._case_keys(case))}

    def _case_keys(self, case: Case) -> Iterator[bytes]:
        yield from self.keys
        wraps = [case.head.wraps.receipt]
        for symbols in self.receipts:
            keys = sealing.receipt_keys(Receipt(symbols))
            with suppress(SealError):
                yield opening.unwrap_with_receipt(keys, case.head.wraps.receipt)
        for key in self.keys:
            for wrap in wraps:
                keys = sealing.ReceiptKeys(case.head.case_id, b"", key, b"")
                with suppress(SealError, ValueError):
                    yield opening.unwrap_with_receipt(keys, wrap)

    @staticmethod
    def _reads(case: Case, key: bytes) -> bool:
        event = case.events[0] if case.events else None
        try:
            return event is not None and bool(
                opening.open_item(key, case.head.case_id, event.n, event.kind, event.sealed)
            )
        except (SealError, ValueError):
            return False

    def _look_through(self, raw: bytes) -> None:
        for pattern in (TYPED, SYMBOLS):
            for found in pattern.finditer(raw):
                self._receipt(found[0].decode())
        for found in HEX.finditer(raw):
            self.keys.add(bytes.fromhex(found[0].decode()))
        for found in BASE64.finditer(raw):
            with suppress(ValueError):
                plain = base64.urlsafe_b64decode(found[0].replace(b"+", b"-").replace(b"/", b"_")[:43] + b"=")
                self.keys.add(plain)

    def _receipt(self, text: str) -> None:
        plain = text.replace("+", "").replace("-", "").replace(" ", "").upper()
        with suppress(ReceiptError):
            self.receipts.add((parse_receipt(plain) if len(plain) > 20 else Receipt(plain)).symbols)


def memory_of(pid: int) -> bytes:
    """An image of what a process has written in its memory. Only of a child of this process."""
    image: list[bytes] = []
    with Path(f"/proc/{pid}/maps").open() as maps, Path(f"/proc/{pid}/mem").open("rb", 0) as memory:
        for line in maps:
            span, rights, *_ = line.split()
            if not rights.startswith("rw") or "[v" in line:
                continue
            first, last = (int(place, 16) for place in span.split("-"))
            with suppress(OSError, OverflowError):
                memory.seek(first)
                image.append(memory.read(last - first))
    return b"\0".join(image)
