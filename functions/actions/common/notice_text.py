"""What an officer did, as the courier says it to who is told in words: by SMS, or by the app that sent the report."""

import json
from collections.abc import Mapping
from datetime import date

from functions.casework.case import EventKind
from functions.casework.formats import sms_texts

CLOSED = "closed"


def read_said(plain: bytes) -> dict[str, str]:
    """What ``Texts.news`` sealed; {} where it is none."""
    try:
        return {str(name): str(value) for name, value in json.loads(plain).items()}
    except (ValueError, AttributeError):
        return {}


def as_sms(said: Mapping[str, str], url: str) -> str:
    """For a phone; "" where it is not for a reporter."""
    kind, reason = said.get("kind", ""), said.get("reason", "")
    if kind == EventKind.MESSAGE:
        return sms_texts.quoted(said["body"], url)
    if kind == EventKind.CLOSE:
        return sms_texts.closed(reason, url)
    if kind == EventKind.EXTEND:
        return sms_texts.later(date.fromisoformat(said["due"]), reason, url)
    return sms_texts.quoted(reason, url) if reason else ""


def as_update(said: Mapping[str, str]) -> tuple[str, str, str]:
    """For an app: text, status, and our finer code of it."""
    kind, reason = said.get("kind", ""), said.get("reason", "")
    if kind == EventKind.CLOSE:
        return reason, CLOSED, said.get("outcome", "")
    if kind == EventKind.EXTEND:
        return f"Batas waktu baru {said['due']}: {reason}", "open", ""
    return said.get("body", "") or reason, "open", ""
