"""A reporter's browser as Python: what it derives, opens, seals and signs. Its bytes are those of ``site/browser``."""

import json
import zlib
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from io import BytesIO
from secrets import token_hex
from typing import Any

from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from functions.casework.case import UNREAD, Event, EventKind
from functions.casework.receipt import parse_receipt
from functions.casework.stages import Actor, Stage
from functions.casework.understanding.words import Words
from functions.crypto.open import opening
from functions.crypto.seal import sealing
from functions.crypto.sign import reporter_acts
from tests.world import JSON, World

WITHOUT_WORDS = (EventKind.WITHDRAW,)


@dataclass
class Phone:
    """Keeps a receipt. ``call(path, body, headers)`` posts JSON, or bytes with their headers, and gives status and
    bytes."""

    receipt: str
    call: Any
    head: dict[str, Any] = field(default_factory=dict)
    key: bytes = b""

    def __post_init__(self) -> None:
        self.keys = sealing.receipt_keys(parse_receipt(self.receipt))

    def look(self, since: int = 0, **changes: Any) -> int:
        """Fetch the sealed case; returns the status. ``head`` and ``items`` are what came."""
        asked = {"case_id": self.keys.case_id, "look": self.keys.look.hex(), "since": since, "deflate": 1}
        status, raw = self.call("/api/thread/sealed", asked | changes)
        if status == 200:
            size = int.from_bytes(raw[:4])
            self.head, at, self.items = json.loads(zlib.decompress(raw[4 : 4 + size])), 4 + size, []
            for length in self.head["lengths"]:
                self.items.append(raw[at : at + length])
                at += length
            if self.head["wrap_receipt"]:
                self.key = opening.unwrap_with_receipt(self.keys, b64decode(self.head["wrap_receipt"]))
        return status

    def words(self) -> list[dict[str, str]]:
        """The words of what came, in order."""
        found = []
        for (n, kind, *_), item in zip(self.head["events"], self.items[1:], strict=True):
            found.append(json.loads(opening.open_item(self.key, self.keys.case_id, n, kind, item)) if item else {})
        return found

    def act(self, kind: str, words: dict[str, str] | None = None, clear: str | None = None, **changes: Any) -> Any:
        """Seal, sign and post an act; returns status and answer. ``changes`` replace what is posted, after signing."""
        body = self.made(kind, words, clear) | changes
        status, raw = self.call("/api/thread/acts", body)
        return status, json.loads(raw)

    def sealed_file(self, raw: bytes, media_type: str = "image/jpeg", **words: str) -> tuple[dict[str, Any], bytes]:
        """A file as the page's script sends it: the fields of its act, and the sealed bytes."""
        key, n = token_hex(8), self.head["version"] + 1
        once = sealing.once_hash(self.keys.case_id, key)
        name = sealing.sealed_blob_name(self.keys.case_id, once)
        blob = sealing.seal_blob(self.key, self.keys.case_id, name, raw)
        said = {"blob": name, "type": media_type, "size": str(len(raw)), "source": sha256(raw).hexdigest()} | words
        item = sealing.seal_item(self.key, self.keys.case_id, n, "file", Words(said), sealing.SIGNED_FLOOR)
        clear = f"{UNREAD} {len(blob) - sealing.ITEM_OVERHEAD}"
        return self.made("file", clear=clear, once=once.hex(), item=item), blob

    def attach(self, raw: bytes, media_type: str = "image/jpeg", **words: str) -> Any:
        """Seal, sign and post a file; returns status and answer."""
        return self.post_file(*self.sealed_file(raw, media_type, **words))

    def post_file(self, fields: dict[str, Any], blob: bytes) -> Any:
        """Post a file that is sealed already; returns status and answer."""
        boundary, body = encode_multipart(fields | {"file": FileStorage(BytesIO(blob), "-")})
        kind = {"Content-Type": f'multipart/form-data; boundary="{boundary}"'}
        status, raw = self.call("/api/thread/files", body, kind)
        return status, json.loads(raw)

    def fetch(self, n: int) -> tuple[int, bytes]:
        """A file of the case, opened; returns the status and its bytes."""
        nth = [event[0] for event in self.head["events"]].index(n)
        name = self.words()[nth]["blob"]
        asked = {"case_id": self.keys.case_id, "look": self.keys.look.hex(), "blob": name}
        status, raw = self.call(f"/api/thread/files/{n}", asked)
        return status, opening.open_blob(self.key, self.keys.case_id, name, raw) if status == 200 else raw

    def made(
        self,
        kind: str,
        words: dict[str, str] | None = None,
        clear: str | None = None,
        once: str = "",
        item: bytes = b"",
    ) -> dict[str, Any]:
        """An act as it is posted. ``once`` is the hash of an earlier act's key, in hex; ``item`` stands for words that
        are sealed already."""
        n, bare = self.head["version"] + 1, kind in WITHOUT_WORDS
        item = (
            item
            if bare or item
            else sealing.seal_item(self.key, self.keys.case_id, n, kind, Words(words or {}), sealing.SIGNED_FLOOR)
        )
        said = clear if clear is not None else "" if kind in (*WITHOUT_WORDS, EventKind.CONFIRM) else UNREAD
        fresh = b"" if bare else sealing.once_hash(self.keys.case_id, token_hex(8))
        mark = bytes.fromhex(once) or fresh
        today = date.min
        event = Event(n, EventKind(kind), Actor.REPORTER, today, Stage.DITERIMA, item, mark, clear=said)
        signature = reporter_acts.signed(self.keys.act_seed, self.keys.case_id, event)
        body = {"case_id": self.keys.case_id, "n": n, "act": kind, "clear": said, "once": mark.hex()}
        return body | {"sig": signature.hex(), "item": b64encode(item).decode()}


def phone_of(world: World, receipt: str) -> Phone:
    """A phone that speaks to a world's thread."""

    def call(path: str, body: Any, headers: dict[str, str] | None = None) -> tuple[int, bytes]:
        sent = {"data": body} if isinstance(body, bytes) else {"json": body}
        answer = world.thread.post(path, headers=JSON | (headers or {}), **sent)
        return answer.status_code, answer.data

    return Phone(receipt, call)
