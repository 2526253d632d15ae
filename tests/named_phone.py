"""What a reporter's browser does with the name in trust, as Python: it opens the record, signs a yes or no, and leaves
a name or takes it back. Its bytes are those of ``site/browser/thread/nama.js`` and ``titip.js``."""

import json
from base64 import b64decode, b64encode
from datetime import date
from secrets import token_hex
from typing import Any

from functions.actions.reporter.identity import STEPS
from functions.actions.reporter.seal_identity import NO_CONTACT, seal_contact, seal_identity
from functions.casework.channel import Contact
from functions.casework.consent.identity_request import Answer
from functions.casework.sealed_identity import IdentityStep
from functions.casework.understanding.words import Words
from functions.crypto.open import opening
from functions.crypto.seal import sealing
from functions.crypto.seal.public_keys import PublicKeys
from functions.crypto.sign import name_answers
from tests.phone import Phone, phone_of
from tests.world import World

Words_ = dict[str, str]


class NamedPhone(Phone):
    """A phone with the name's part of the page. ``record`` and ``talk`` are what ``name`` fetched and opened."""

    record: dict[str, Any]
    talk: bytes = b""
    name_key: bytes = b""

    def name(self, **changes: Any) -> int:
        """Fetch the record and open its keys; returns the status."""
        status, raw = self.call("/api/thread/name", self._asked() | changes)
        if status == 200:
            self.record = json.loads(raw)
            if self.record.get("wrap_receipt"):
                key = opening.unwrap_identity_with_receipt(self.keys, b64decode(self.record["wrap_receipt"]))
                wrap = b64decode(self.record["wrap_talk"])
                self.name_key = key
                self.talk = opening.unwrap_talk(self.keys.case_id, key, wrap) if self.record["split"] else key
        return int(status)

    def person(self) -> Words_:
        """Name and contact, as the phone opens them."""
        sealed = b64decode(self.record["sealed"])
        found: Words_ = json.loads(opening.open_item(self.name_key, self.keys.case_id, 0, "identity", sealed))
        return found

    def said(self) -> list[Words_]:
        """The words of each step that has some."""
        return [
            json.loads(opening.open_item(self.talk, self.keys.case_id, n, "identity-step", b64decode(sealed)))
            for n, *_, sealed, _ in self.record["steps"]
            if sealed
        ]

    def waits(self) -> int:
        """The number of the last request."""
        return max(n for n, kind, *_ in self.record["steps"] if kind == "asked")

    def asked(self, request: int) -> str:
        """What the phone says of a request that it was shown, or of one that nobody showed it."""
        step = next((each for each in self.record["steps"] if each[:2] == [request, "asked"]), None)
        n, _, by, agency, on, *_ = step or [request, "", "kustodian-1", "kutim-inspektorat", self.record["today"]]
        return f"{n} {by} {agency} {on}"

    def danger(self, request: int) -> str:
        """The danger that a request names, as the phone opens it."""
        for n, *_, sealed, _ in self.record["steps"]:
            if n == request and sealed:
                item = opening.open_item(self.talk, self.keys.case_id, n, "identity-step", b64decode(sealed))
                return str(json.loads(item).get("danger", ""))
        return ""

    def answered(self, said: str, reason: str = "", **changes: Any) -> dict[str, Any]:
        """An answer as it is posted. ``seed`` and ``on`` stand for the phone's own, before it signs."""
        steps = self.record["steps"]
        seed, n = changes.pop("seed", self.keys.act_seed), changes.pop("n", len(steps) + 1)
        on = date.fromisoformat(changes.pop("on", self.record["today"]))
        request, kind, salt = changes.pop("request", self.waits()), STEPS[Answer(said)], token_hex(16)
        asked, danger = self.asked(request), changes.pop("danger", self.danger(request))
        step = IdentityStep(n, kind, "", "", on)
        bound = {"kind": kind.value, "by": "", "agency": "", "on": on.isoformat()}
        words = bound | {"reason": reason, "danger": "", "request": str(request), "salt": salt}
        key = changes.pop("talk", self.talk)
        item = sealing.seal_item(key, self.keys.case_id, n, "identity-step", Words(words | changes.pop("words", {})))
        digest = name_answers.said_digest(salt, danger, reason)
        bare = (IdentityStep(1, kind, "", "", on, sig=bytes(32)),)  # a key was brought: hash and signature alone
        sig = name_answers.signed_answer(seed, self.keys.case_id, bare, step, asked, digest)
        body = {"case_id": self.keys.case_id, "n": n, "consent": said, "request": asked, "on": on.isoformat()}
        body |= {"digest": sig[:32].hex(), "sig": sig[32:].hex(), "item": b64encode(item).decode()}
        return body | changes

    def answer(self, said: str, reason: str = "", **changes: Any) -> tuple[int, dict[str, Any]]:
        """Fetch the record, and answer; returns status and answer."""
        assert self.name() == 200
        return self.post_answer(self.answered(said, reason, **changes))

    def post_answer(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        status, raw = self.call("/api/thread/name/answers", body)
        return status, json.loads(raw)

    def take_back(self) -> Any:
        """Take the name back; returns status and answer."""
        self.look()
        return self.act("identity", {"change": "withdrawn"}, "withdrawn")

    def leave(self, public: PublicKeys, name: str, contact: str = "", /, **changes: Any) -> Any:
        """Leave a name; returns status and answer. ``changes`` replace what is posted, after signing."""
        self.look()
        instance = self.head["bound"][0]
        made = seal_identity(self.keys, instance, name, contact, public)
        sealed = seal_contact(public, instance, self.keys.case_id, Contact.typed(contact)) if contact else NO_CONTACT
        more = {"identity_key_id": made.key_id, "identity_roster": made.roster}
        parts = {
            "identity_wrap_receipt": made.wrap_receipt,
            "identity_wrap_custody": made.wrap_custody,
            "identity_sealed": made.sealed,
            "identity_wrap_talk": made.wrap_talk,
            "identity_shares": made.shares,
            "contact": sealed.envelope,
        }
        more |= {field: b64encode(raw).decode() for field, raw in parts.items() if raw}
        clear = name_answers.left_said(made.wrap_receipt, made.sealed, sealed.envelope)
        return self.act("identity", {"change": "left"}, clear, **(more | changes))

    def _asked(self) -> dict[str, Any]:
        return {"case_id": self.keys.case_id, "look": self.keys.look.hex()}


def named_phone(world: World, receipt: str) -> NamedPhone:
    """A phone that speaks to a world's thread."""
    return NamedPhone(receipt, phone_of(world, receipt).call)
