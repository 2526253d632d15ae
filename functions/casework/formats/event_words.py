"""What the sealed words of an event must hold, by its kind and by who wrote it.

A case's reporter has its key, so a foreign browser can seal anything: no JSON, a photo without a size, a text "cleared
by an officer". Whatever reads an event may rely on these shapes; what has another one is shown as broken.
"""

import json
import re
from collections.abc import Callable, Container, Mapping
from datetime import date
from typing import Any, Final

from functions.casework.case import EventKind, Outcome
from functions.casework.case_ties import Change, Tie
from functions.casework.consent.unmask_request import Ground, UnmaskStep
from functions.casework.directory.accused_name import CODE_MAX
from functions.casework.directory.accused_name import NAME_MAX as AGENCY_MAX
from functions.casework.formats.attachments import ENDINGS
from functions.casework.formats.clean_text import clean_text
from functions.casework.guard_lift import LiftStep
from functions.casework.publication import PublishStep
from functions.casework.report import BODY_MAX, NAME_MAX, OFFICIALS_MAX, PLACE_MAX, SUBJECT_MAX, read_day
from functions.casework.stages import Actor

Check = Callable[[str], bool]
LIMITS: Final[Mapping[str, int]] = {
    "body": BODY_MAX,
    "subject": SUBJECT_MAX,
    "place": PLACE_MAX,
    "happened_on": 10,
    "about_officials": OFFICIALS_MAX,
    "name": NAME_MAX,
    "about_agency": CODE_MAX,
    "about_name": AGENCY_MAX,
}

_NUMBER = re.compile("[0-9]{1,9}")
_BLOB, _BASE64 = re.compile("[0-9a-f]{32}"), re.compile("[A-Za-z0-9+/]{0,8192}={0,2}")
_KINDS = re.compile("([a-z_]+:[0-9]{1,9}(,[a-z_]+:[0-9]{1,9})*)?")


def _like(pattern: re.Pattern[str]) -> Check:
    return lambda text: pattern.fullmatch(text) is not None


def _one_of(known: Container[str]) -> Check:
    return lambda text: text in known


def _a_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


def _any(_: str) -> bool:
    return True


# Words that must stand there.
_NEEDED: Final[Mapping[EventKind, Mapping[str, Check]]] = {
    EventKind.FILE: {"blob": _like(_BLOB), "type": _one_of(ENDINGS), "size": _like(_NUMBER)},
    EventKind.HANDOVER: {"agency": _any},
    EventKind.RECUSE: {"agency": _any},
    EventKind.RECALL: {"agency": _any, "from": _any},
    EventKind.EXTEND: {"due": _a_day},
    EventKind.CLOSE: {"outcome": _one_of([*Outcome])},
    EventKind.SP4N: {"number": _any},
    EventKind.UNMASK: {"agency": _any, "target": _like(_NUMBER)},
    EventKind.SECOND: {"agency": _any, "change": _one_of(["asked", "ended"])},
    EventKind.JOIN: {"tie": _one_of([*Tie]), "number": _any, "change": _one_of([*Change])},
    EventKind.ASSIGN: {"change": _one_of(["taken", "given", "passed", "left"])},
    EventKind.PRIORITY: {"change": _one_of(["yes", "no"])},
    EventKind.IDENTITY: {"change": _one_of(["left", "withdrawn", "wished"])},
    EventKind.LIFT: {"step": _one_of([*LiftStep])},
    EventKind.PUBLISH: {"step": _one_of([*PublishStep])},
}
# Words that may be missing.
_SHAPED: Final[Mapping[str, Check]] = {
    "small": _like(_BASE64),
    "rating": _like(re.compile("[1-5]?")),
    "until": _a_day,
    "month": _a_day,
    "request": _like(_NUMBER),
    "kinds": _like(_KINDS),
    "ground": _one_of(["", *Ground]),
}
# What a step needs beside its name.
_STEPS: Final[Mapping[tuple[EventKind, str], Mapping[str, Check]]] = {
    (EventKind.LIFT, LiftStep.ASKED): dict.fromkeys(("agency", "about", "by", "until"), _any),
    (EventKind.UNMASK, UnmaskStep.ASKED): {"asker": _any, "ground": _one_of([*Ground]), "kinds": _any},
    (EventKind.PUBLISH, PublishStep.DRAFTED): dict.fromkeys(("summary", "answer", "agency", "month"), _any),
    (EventKind.PUBLISH, PublishStep.AGREED): dict.fromkeys(("draft", "district"), _any),
}
# What reporters say: no other word of theirs counts, and no step that is an officer's.
_REPORTERS: Final[Mapping[EventKind, Container[str]]] = {
    EventKind.MESSAGE: ("body", "text_void", "accuses"),
    EventKind.FILE: ("blob", "type", "size", "source", "small"),
    EventKind.CONFIRM: ("reason", "rating"),
    EventKind.REOPEN: ("reason",),
    EventKind.APPEAL: ("reason",),
    EventKind.IDENTITY: ("change",),
    EventKind.LIFT: ("step", "about", "reason"),
    EventKind.UNMASK: ("step", "reason", "agency", "target", "request"),
    EventKind.PUBLISH: ("step", "reason", "draft", "district"),
}
_THEIR_STEPS: Final[Mapping[EventKind, Container[str]]] = {
    EventKind.IDENTITY: ("left", "withdrawn"),
    EventKind.LIFT: (LiftStep.OBJECTED,),
    EventKind.UNMASK: (UnmaskStep.OBJECTED,),
    EventKind.PUBLISH: (PublishStep.WISHED, PublishStep.CHANGE, PublishStep.AGREED, PublishStep.STOPPED),
}


def read_texts(plain: bytes) -> dict[str, str]:
    """Read a JSON object of texts and numbers, numbers as texts. Raises ValueError for anything else."""
    raw = _read_object(plain)
    if not all(isinstance(value, str | int) for value in raw.values()):
        raise ValueError("no object of texts")
    return {name: str(value) for name, value in raw.items()}


def read_words(plain: bytes) -> dict[str, str]:
    """Return the words of a report, checked against the form's limits. Raises ValueError if they are no such words."""
    raw = _read_object(plain)
    if not all(isinstance(raw.get(name, ""), str) for name in LIMITS):
        raise ValueError("a report's words are texts")
    given = {name: clean_text(raw.get(name, ""))[:limit] for name, limit in LIMITS.items()}
    if not given["body"]:
        raise ValueError("no report is empty")
    given["happened_on"] = day.isoformat() if (day := read_day(given["happened_on"])) else ""
    return {name: text for name, text in given.items() if name in raw}


def check_words(kind: EventKind, by: Actor, words: Mapping[str, str]) -> dict[str, str]:
    """Return the words of an event, what was said no longer than a form takes. Raises ValueError if they have not the
    shape of this kind, or are not this writer's to say."""
    if by is Actor.REPORTER:
        words = _reporters(kind, words)
    step = words.get("step", "")
    wanted = {**_STEPS.get((kind, step), {}), **_NEEDED.get(kind, {})}
    missing = [name for name, good in wanted.items() if name not in words or not good(words[name])]
    bad = [name for name, good in _SHAPED.items() if name in words and not good(words[name])]
    if kind is EventKind.UNMASK and step not in ("", *UnmaskStep):
        bad.append("step")
    if missing or bad:
        raise ValueError(f"not the words of {kind}: {sorted({*missing, *bad})}")
    return {name: text[:BODY_MAX] if name in ("body", "reason") else text for name, text in words.items()}


def _read_object(plain: bytes) -> dict[str, Any]:
    try:
        raw: Any = json.loads(plain)
    except RecursionError as error:
        raise ValueError("nested too deep") from error
    if not isinstance(raw, dict):
        raise ValueError("no object")  # noqa: TRY004 - of what somebody sealed, all faults are one
    return raw


def _reporters(kind: EventKind, words: Mapping[str, str]) -> dict[str, str]:
    """Return what of these a reporter may say. Raises ValueError for a kind or a step that is not theirs."""
    said = words.get("change" if kind is EventKind.IDENTITY else "step", "")
    if kind not in _REPORTERS or said not in _THEIR_STEPS.get(kind, [said]):
        raise ValueError(f"no reporter says {kind} {said!r}")
    return {name: text for name, text in words.items() if name in _REPORTERS[kind]}
