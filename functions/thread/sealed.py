"""The thread for a reporter's browser that keeps the receipt: sealed bytes out, sealed and signed acts in.

The answer of ``POST /api/thread/sealed`` is one binary body: four bytes with the length of a JSON head, the head, and
the envelopes as they lie, the subject first and then each shown event's. The head has codes alone and no sentence: what
the page says comes with the frozen page, so a door that is taken over cannot write on it. Whoever asks for it gets it
deflated: no text that somebody chose stands in it, so its size tells no more than before.
"""

import json
import re
import zlib
from base64 import b64decode, b64encode
from binascii import Error as NotBase64Error

from flask import Flask, Response, make_response

from functions.actions.reporter.converse import Converse
from functions.actions.reporter.names.sealed_fields import read_left_contact, read_left_identity
from functions.actions.reporter.names.sealed_name import NAMED, LeftName
from functions.actions.reporter.sealed_acts import MOVES, STATED, SealedAct, SealedActs
from functions.actions.reporter.sealed_thread import SealedThread, shown
from functions.casework.access import reporter_moves
from functions.casework.case import Case, CaseHead, EventKind
from functions.casework.case_fields import AccessFacts
from functions.casework.directory.agencies import AgencyKind
from functions.casework.linked_systems import system_of
from functions.casework.problems import FieldError, InvalidInputProblem, NotFoundProblem
from functions.casework.publication import next_batch, reporters_steps
from functions.casework.receipt import parse_tracking_id
from functions.crypto.seal.bound_facts import COUNT
from functions.crypto.seal.sealing import KEY_BYTES
from functions.crypto.sign.reporter_acts import SIGNATURE_BYTES
from functions.storage.registers.publications import in_a_crowd
from functions.web.forms import fields

ONCE_BYTES = 16
TEXT_FIELDS = ("summary", "answer", "agency", "month", "opening")  # of the text for the public that an agreement shows
LENGTH_BYTES = 4
ITEM_MAX = 200_000  # characters of base64; the largest item has fewer
BINARY = "application/octet-stream"


def sealed_routes(app: Flask, converse: Converse) -> None:
    """Add ``POST /api/thread/sealed`` and ``POST /api/thread/acts``."""
    cases, acts = SealedThread(converse.store, converse.even, converse.where), SealedActs(converse)

    @app.post("/api/thread/sealed")
    def sealed() -> Response:
        typed = fields()
        case = cases.find(read_case_id(typed), read_look(typed))
        packed = _packed(case, read_n(typed, "since", 0), converse, deflated=typed.get("deflate") == "1")
        return Response(packed, mimetype=BINARY)

    @app.post("/api/thread/acts")
    def act() -> Response:
        return act_made(*acts(read_act(fields())))


def act_made(n: int, head: CaseHead) -> Response:
    """Return the answer to an act that was taken."""
    return make_response({"n": n, "stage": head.stage.value, "due": head.clock.due.isoformat()}, 201)


def _packed(case: Case, since: int, converse: Converse, *, deflated: bool) -> bytes:
    events = shown(case, since)
    envelopes = [case.head.wraps.subject, *(event.sealed for event in events)]
    head = facts(case.head, converse) | {
        "lengths": [len(envelope) for envelope in envelopes],
        "events": [[e.n, e.kind.value, e.by.value, e.on.isoformat(), e.stage.value, e.agency] for e in events],
    }
    raw = json.dumps(head, separators=(",", ":")).encode()
    raw = zlib.compress(raw, 9) if deflated else raw
    return b"".join((len(raw).to_bytes(LENGTH_BYTES), raw, *envelopes))


def facts(head: CaseHead, converse: Converse) -> dict[str, object]:
    """Return the clear facts that the reporter's page needs, by codes.

    ``bound`` are the facts that the desk's wrap binds, and ``mark`` the wrap's first bytes, by which a holder of the
    case key tells whether they were changed. ``server``: an agency's own system has the case, so what is written has to
    be masked for it by the server."""
    today, holder = converse.today(), converse.directory.agencies.get(head.holder)
    bound = AccessFacts.of(head)
    return {
        "case_id": head.case_id,
        "version": head.version,
        "wrap_receipt": b64encode(head.wraps.receipt).decode(),
        "mark": head.wraps.desk[: COUNT.stop].hex(),
        "bound": [*bound[:4], *("1" if flag else "" for flag in (bound.oversight, bound.lifted)), *bound.kept_from],
        "kept_from": list(bound.kept_from),
        "stage": head.stage.value,
        "due": head.clock.due.isoformat(),
        "today": today.isoformat(),
        "received_on": head.received_on.isoformat(),
        "holder": head.holder,
        "sorting": holder is not None and holder.kind is not AgencyKind.UNIT,
        "open": head.open,
        "overdue": head.overdue(today),
        "escalated_to": head.escalation.agency,
        "topic": head.topic,
        "district": head.district,
        "confirmed": head.closing.confirmed,
        "lapsed": head.closing.lapsed,
        "appealed": head.history.appealed,
        "withdrawn": head.withdrawn,
        "shredded": head.shredded,
        "lift": head.lift.state.value,
        "mode": head.reporter.mode.value,
        "contact": bool(head.reporter.contact),
        "publication": head.publication.state.value,
        "moves": [move.value for move in reporter_moves(head)],
        "publish": list(publish := reporters_steps(head, converse.directory)),
        "few": "agree" in publish and not in_a_crowd(converse.store, head),
        "batch": next_batch(today).isoformat(),
        "server": bool(system_of(head.holder, converse.directory)),
    }


def read_act(typed: dict[str, str]) -> SealedAct:
    """Read a signed act. Raises InvalidInputProblem, NotFoundProblem."""
    kind = typed.get("act", "")
    if kind not in list(EventKind) or EventKind(kind) not in (*MOVES, *STATED):
        raise InvalidInputProblem(FieldError("act", "unknown" if kind else "required"))
    clear = typed.get("clear", "")
    if not re.fullmatch(r"[a-z0-9._ -]{0,600}", clear, re.ASCII):
        raise InvalidInputProblem(FieldError("clear", "unknown"))
    return SealedAct(
        case_id=read_case_id(typed),
        n=read_n(typed, "n"),
        kind=EventKind(kind),
        clear=clear,
        once=read_hex(typed, "once", ONCE_BYTES) if typed.get("once") else b"",
        signature=read_hex(typed, "sig", SIGNATURE_BYTES),
        item=read_base64(typed, "item"),
        named=typed.get("named") == "1",
        key_id=typed.get("key_id", "")[:64],
        wrap=read_base64(typed, "wrap"),
        text={name: typed[name] for name in TEXT_FIELDS if name in typed},
        left=_left(typed) if EventKind(kind) in NAMED and clear.startswith("left") else None,
    )


def _left(typed: dict[str, str]) -> LeftName:
    return LeftName(read_left_identity(typed), read_left_contact(typed))


def read_look(typed: dict[str, str]) -> bytes:
    """Read the look-up value that a receipt yields. Raises InvalidInputProblem."""
    return read_hex(typed, "look", KEY_BYTES)


def read_case_id(typed: dict[str, str]) -> str:
    """Read a case id. Raises NotFoundProblem for what is none."""
    try:
        return parse_tracking_id(typed.get("case_id", ""))
    except ValueError:
        raise NotFoundProblem from None


def read_n(typed: dict[str, str], name: str, default: int | None = None) -> int:
    """Read a number. Raises InvalidInputProblem."""
    text = typed.get(name, "")
    if not text and default is not None:
        return default
    if not re.fullmatch(r"\d{1,6}", text, re.ASCII):
        raise _bad(name)
    return int(text)


def read_hex(typed: dict[str, str], name: str, size: int) -> bytes:
    """Read bytes of a size, in hex. Raises InvalidInputProblem."""
    text = typed.get(name, "")
    if not re.fullmatch(rf"[0-9a-f]{{{2 * size}}}", text, re.ASCII):
        raise _bad(name)
    return bytes.fromhex(text)


def read_base64(typed: dict[str, str], name: str) -> bytes:
    """Read bytes in base64, b"" for none and for more than an item has. Raises InvalidInputProblem."""
    text = typed.get(name, "")
    try:
        return b64decode(text, validate=True) if len(text) <= ITEM_MAX else b""
    except (NotBase64Error, ValueError):
        raise _bad(name) from None


def _bad(name: str) -> InvalidInputProblem:
    return InvalidInputProblem(FieldError(name, "bad_envelope"))
