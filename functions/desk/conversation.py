"""The conversation of a case, for its page and its JSON.

Officers who may not read the words see that something happened.
"""

from collections.abc import Collection
from datetime import date
from typing import Any

from functions.actions.common.decrypted_case import Message
from functions.actions.officer.lists.case_line import FIRST, first_line
from functions.actions.officer.views import OfficerView
from functions.casework.case import EventKind
from functions.casework.directory.agencies import Directory
from functions.casework.stages import Actor, Move, Stage
from functions.web.language import gettext
from functions.web.narration import narrate, stage_name
from functions.web.wording import N_

THEIRS = {
    EventKind.MESSAGE: N_("Pelapor menulis"),
    EventKind.FILE: N_("Pelapor menambah berkas"),
}
HAPPENED = {
    EventKind.REPORT: N_("Laporan masuk"),
    EventKind.MESSAGE: N_("Petugas menjawab"),
    EventKind.FILE: N_("Petugas menambah berkas"),
    EventKind.HANDOVER: N_("Diteruskan"),
    EventKind.RECALL: N_("Penerusan dibatalkan"),
    EventKind.EXTEND: N_("Batas waktu diperpanjang"),
    EventKind.CLOSE: N_("Ditutup petugas"),
    EventKind.CONFIRM: N_("Pelapor menyatakan selesai"),
    EventKind.REOPEN: N_("Pelapor menyatakan belum selesai"),
    EventKind.APPEAL: N_("Pelapor mengajukan banding"),
    EventKind.WITHDRAW: N_("Pelapor menarik laporan"),
    EventKind.UNMASK: N_("Bagian yang disamarkan dibuka"),
    EventKind.NOTE: N_("Catatan antarpetugas"),
    EventKind.RECUSE: N_("Petugas menyatakan benturan kepentingan"),
    EventKind.SP4N: N_("Dicatat di SP4N-LAPOR!"),
    EventKind.ASSIGN: N_("Petugas mengambil atau melepas laporan"),
    EventKind.PRIORITY: N_("Tanda mendesak diberikan atau dihapus"),
    EventKind.LIFT: N_("Izin memperlihatkan laporan kepada yang dilaporkan: diminta atau dijawab"),
    EventKind.SECOND: N_("Instansi kedua berubah"),
    EventKind.PUBLISH: N_("Penerbitan untuk umum: langkah baru"),
    EventKind.CORRECT: N_("Kecamatan atau topik dibetulkan"),
    EventKind.IDENTITY: N_("Langkah tentang identitas yang dititipkan"),
}


def heading_of(view: OfficerView) -> str:
    """Return what a case is called where it is opened, as in the lists: its subject, or its first line, masked. "" if
    neither can be read."""
    first = next((each.body for each in view.messages if each.n == FIRST), "") if view.rights.words else ""
    return view.subject or first_line(first)


def message_rows(view: OfficerView, directory: Directory) -> list[dict[str, Any]]:
    """Return the messages as shown; files stand below the words they follow on the same day."""
    rows: list[dict[str, Any]] = []
    for message in view.shown:
        row = _message(message, directory, view.rights.moves)
        last = rows[-1] if rows else {}
        if row["files"] and (last.get("voice"), last.get("on")) == (row["voice"], row["on"]):
            last["files"] += message.files
        else:
            rows.append(row)
    return rows


def message_json(message: Message, directory: Directory) -> dict[str, object]:
    """Return a message as JSON; without its words if the officer may not read them."""
    body: dict[str, object] = {"n": message.n, "from": message.by.value, "on": message.on.isoformat()}
    if not message.readable:
        return body
    facts = message.facts if message.kind is EventKind.REPORT else {}
    return body | {
        "body": "" if message.broken else _narrated(message, message.body, directory),
        "files": [{"n": file.n, "type": file.type, "size": file.size} for file in message.files],
        **({"masked": True} if message.masked else {}),
        **({"broken": True} if message.broken else {}),
        **{name: facts[name] for name in ("place", "happened_on", "about_officials", "name") if facts.get(name)},
    }


def _message(message: Message, directory: Directory, moves: Collection[Move]) -> dict[str, Any]:
    """Return a message as the page shows it. ``headline`` is what happened, ``body`` what was said about it. What an
    officer asks when holding a case is a question, not an event."""
    asked = message.kind is EventKind.STAGE and message.stage is Stage.DITAHAN
    voices = {Actor.REPORTER: "theirs", Actor.SYSTEM: "mine" if asked else "system"}
    day = message.facts.get("happened_on", "") if message.kind is EventKind.REPORT else ""
    said = asked or message.broken or not message.readable
    headline = "" if said else _narrated(message, "", directory)
    return {
        "n": message.n,
        "kind": message.kind.value,
        "stage": stage_name(message.stage),
        "voice": voices.get(message.by, "mine"),
        "asked": asked,
        "on": message.on,
        "readable": message.readable,
        "broken": message.broken,
        "masked": message.masked and Move.UNMASK in moves,
        "headline": headline,
        "happened": _happened(message, headline, stage_name(message.stage)),
        "body": message.body,
        "report": message.facts if message.kind is EventKind.REPORT else {},
        "happened_on": date.fromisoformat(day) if day else None,
        "files": message.files,
    }


def _narrated(message: Message, body: str, directory: Directory) -> str:
    return narrate(message.kind, message.stage, body, message.facts, directory)


def _happened(message: Message, headline: str, stage: str) -> str:
    """A few words for an event: its own, or the headline of what the clock did, or the stage it led to."""
    theirs = THEIRS.get(message.kind) if message.by is Actor.REPORTER else None
    said = theirs or HAPPENED.get(message.kind)
    return gettext(said) if said else headline or stage
