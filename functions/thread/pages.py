"""Output of the thread: the case, as JSON or as a page, and the form for the receipt."""

from datetime import date
from pathlib import Path
from secrets import token_hex
from typing import Any

from flask import render_template, request

from functions.actions.common.decrypted_case import Message
from functions.actions.reporter.converse import Converse, ReporterView
from functions.casework.case import EventKind, Lift
from functions.casework.directory.agencies import Agency, AgencyKind
from functions.casework.formats.message_pages import page_of
from functions.casework.problems import InvalidInputProblem, Problem
from functions.casework.receipt import Receipt
from functions.casework.stages import Actor, Stage
from functions.thread.identity import FORMS, ReporterIdentity, asked, identity_json, step_rows
from functions.thread.lift import lift_wanted
from functions.thread.publication import YOURS as YOUR_PUBLICATION
from functions.thread.publication import public_json, public_parts
from functions.thread.standing import STEPS, standing
from functions.thread.unmask import unmask_json, unmask_rows
from functions.web.kept_input import key_for, told, unsent, words
from functions.web.language import gettext
from functions.web.narration import narrate, topic_name
from functions.web.wording import N_, sentence, spoken

TEMPLATES = Path(__file__).parent / "templates"
FIRST_DAYS = 7
MOST_PICTURES = 5  # on one page: each weighs up to 2.2 KB there; the others keep their button
DONE = {
    "": "",
    "message": N_("Pesan Anda tersimpan."),
    "file": N_("Berkas Anda tersimpan. Data tersembunyi di dalamnya sudah dihapus."),
    "verdict": N_("Jawaban Anda tersimpan. Terima kasih."),
    "appeal": N_("Banding Anda tersimpan dan diteruskan."),
    "withdraw": N_("Laporan Anda sudah ditarik dan dihapus."),
    "left": N_("Identitas Anda dititipkan. Tidak seorang pun dapat membukanya sendirian."),
    "taken_back": N_("Identitas Anda ditarik. Nama dan kontak sudah dihapus."),
    "lift_objected": N_("Keberatan Anda tersimpan. Laporan ini tetap tertutup bagi yang dilaporkan."),
    "wished": N_("Keinginan Anda tersimpan. Petugas menulis ringkasan; Anda membacanya dulu di sini."),
    "change": N_("Tersimpan. Petugas menulis teks yang lain; belum ada yang terbit tanpa persetujuan Anda."),
    "agreed": N_("Persetujuan Anda tersimpan. Anda dapat menariknya kapan saja di halaman ini."),
    "stopped": N_("Tersimpan. Tidak ada lagi yang terbit dari laporan ini; yang sudah terbit segera diambil."),
    "kept_masked": N_("Penolakan Anda tersimpan. Yang disamarkan tetap tertutup bagi instansi itu."),
    "answered": N_("Jawaban Anda tersimpan. Di bawah ini keadaannya sekarang."),
}
# The reporter's own acts, addressed to them; all else uses the narration's sentences.
YOURS = {
    EventKind.CONFIRM: N_("Anda menyatakan selesai."),
    EventKind.REOPEN: N_("Anda menyatakan belum selesai."),
    EventKind.APPEAL: N_("Anda mengajukan banding."),
    EventKind.WITHDRAW: N_("Anda menarik laporan."),
    EventKind.LIFT: N_("Anda berkeberatan. Laporan ini tetap tidak diperlihatkan kepada yang dilaporkan."),
}
MOVE_FORMS = {"object": "refuse"}
YOUR_IDENTITY = {
    "left": N_("Anda menitipkan identitas."),
    "withdrawn": N_("Anda menarik identitas. Nama dan kontak sudah dihapus."),
}


def thread_json(
    view: ReporterView, identity: ReporterIdentity, converse: Converse, *, before: int = 0, after: int = 0
) -> dict[str, object]:
    """Return the thread as JSON (DESIGN §8), with one page of its messages. ``older`` is the next page's ``before``."""
    page = page_of(view.messages, before, after)
    return {
        "tracking_id": view.head.case_id,
        "stage": view.head.stage.value,
        "due": view.head.clock.due.isoformat(),
        "subject": view.subject,
        "sealed": view.head.wraps.sealed.value,
        "hidden_from": {"code": view.named.code, "name": view.named.name} if view.named.code else None,
        "kept_from": [{"code": agency.code, "name": agency.name} for agency in kept_away(view, converse)],
        "as_sealed": view.as_sealed,
        "messages": [message_json(message, converse) for message in page.messages],
        "older": page.older or None,
        "actions": [move.value for move in view.moves],
        "identity": identity_json(identity, converse.directory),
        "publication": public_json(view, converse),
        "unmaskings": unmask_json(view, converse),
    }


def kept_away(view: ReporterView, converse: Converse) -> list[Agency]:
    """Return the agencies whom later words accuse, and to whom nobody has handed the case since."""
    return [converse.directory.agency(code) for code in view.head.desk_work.kept_from]


def message_json(message: Message, converse: Converse) -> dict[str, object]:
    """Return one message as JSON: number, author, day, text, files."""
    return {
        "n": message.n,
        "from": message.by.value,
        "on": message.on.isoformat(),
        "body": "" if message.broken else _narrated(message, message.body, converse),
        "files": [{"n": file.n, "type": file.type, "size": file.size} for file in message.files],
    }


def thread(
    receipt: Receipt,
    view: ReporterView,
    identity: ReporterIdentity,
    converse: Converse,
    *,
    before: int = 0,
    done: str = "",
    problem: Problem | None = None,
    typed: dict[str, str] | None = None,
) -> str:
    """Return the thread's page, with the messages ``before`` a number. ``typed`` is given back beside the
    ``problem``."""
    given, head, today = typed or {}, view.head, converse.today()
    moves, holder = [move.value for move in view.moves], converse.directory.agencies.get(head.holder)
    upper = converse.directory.agencies.get(head.escalation.agency)
    public, unmaskings = public_parts(view, converse), unmask_rows(view, converse)
    page = page_of(view.messages, before)
    steps = step_rows(identity, converse.directory) if page.newest else []
    rows = sorted(_rows(page.messages, converse) + steps, key=lambda row: row["on"])
    sorting = holder is not None and holder.kind is not AgencyKind.UNIT
    return render_template(
        "thread.html",
        receipt=str(receipt),
        head=head,
        subject=view.subject,
        topic=topic_name(head.topic, converse.directory),
        named=view.named.name,
        kept_from=[agency.name for agency in kept_away(view, converse)],
        lifted=head.lift.state is Lift.LIFTED,
        as_sealed=view.as_sealed,
        agency=holder.name if holder else "",
        sorting=sorting,
        standing=standing(head, view.messages, view.moves, sorting=sorting),
        steps=STEPS,
        messages=rows,
        pictures=_pictures(rows),
        older=page.older,
        newest=page.newest,
        answered=any(_voice(message) == "theirs" for message in view.messages),
        fresh=(today - head.received_on).days <= FIRST_DAYS,
        today=today,
        overdue=head.overdue(today),
        upper=upper.name if upper else "",
        moves=moves,
        message_key=key_for(problem, given),
        file_key=token_hex(16),
        done=gettext(DONE[done]),
        done_with=done,
        errors=told(problem, given.get("form", "")),
        values=given,
        unsent=unsent(
            given,
            [MOVE_FORMS.get(move, move) for move in moves]
            + [FORMS[a] for a in identity.actions]
            + public["forms"]
            + [row["form"] for row in unmaskings],
        ),
        public=public,
        unmaskings=unmaskings,
        identity=identity,
        asked=asked(identity, converse.directory),
        wanted=lift_wanted(view, converse.directory),
    )


def track(typed: dict[str, str], problem: Problem) -> str:
    """Return the receipt's form again, with the typed text and what looks wrong in it."""
    if isinstance(problem, InvalidInputProblem):
        errors = spoken(problem.errors)
    else:
        errors = [{"field": "receipt", "message": sentence("receipt_unknown")}]
    return render_template("track.html", values=typed, errors=errors)


def kept(receipt: Receipt, typed: dict[str, str], action: str = "") -> str:
    """Return the typed text while the store does not answer. ``action`` is where it is sent again, if not where it was.

    The form has the same address and the same keys, so that sending it again duplicates nothing.
    """
    return render_template(
        "kept.html",
        receipt=str(receipt),
        action=action or request.path,
        values=typed,
        written=words(typed),
        errors=True,
    )


def _rows(messages: tuple[Message, ...], converse: Converse) -> list[dict[str, Any]]:
    """Return the messages as rows; files stand below the words they follow on the same day."""
    rows: list[dict[str, Any]] = []
    for message in messages:
        row = _row(message, converse)
        last = rows[-1] if rows else {}
        if message.kind is EventKind.FILE and (last.get("voice"), last.get("on")) == (row["voice"], row["on"]):
            last["files"] += message.files
        else:
            rows.append(row)
    return rows


def _pictures(rows: list[dict[str, Any]]) -> frozenset[int]:
    """Return the numbers of the newest photos that have a preview, as many as a page may weigh."""
    photos = [file.n for row in rows for file in row.get("files", ()) if file.small]
    return frozenset(photos[-MOST_PICTURES:])


def _row(message: Message, converse: Converse) -> dict[str, Any]:
    """Return a message as a row. ``headline`` is what happened, ``body`` what was said about it.

    When an officer puts a case on hold, their question is the body and not an event.
    """
    asked = _asks(message)
    happened = message.facts.get("happened_on", "") if message.kind is EventKind.REPORT else ""
    return {
        "n": message.n,
        "kind": message.kind.value,
        "voice": _voice(message),
        "asked": asked,
        "on": message.on,
        "broken": message.broken,
        "headline": "" if asked else _headline(message, converse),
        "body": message.body,
        "rating": message.facts.get("rating", ""),
        "report": message.facts if message.kind is EventKind.REPORT else {},
        "happened_on": date.fromisoformat(happened) if happened else None,
        "files": message.files,
    }


def _asks(message: Message) -> bool:
    return message.kind is EventKind.STAGE and message.stage is Stage.DITAHAN


def _voice(message: Message) -> str:
    voices = {Actor.REPORTER: "mine", Actor.SYSTEM: "theirs" if _asks(message) else "system"}
    return voices.get(message.by, "theirs")


def _headline(message: Message, converse: Converse) -> str:
    if message.broken:
        return ""
    if message.kind is EventKind.IDENTITY:
        change = message.facts["change"]
        return gettext(YOUR_IDENTITY[change])
    if message.kind is EventKind.PUBLISH and message.by is Actor.REPORTER:
        step = message.facts["step"]
        return gettext(YOUR_PUBLICATION[step])
    if message.kind in YOURS and message.by is Actor.REPORTER:
        return gettext(YOURS[message.kind])
    return _narrated(message, "", converse)


def _narrated(message: Message, body: str, converse: Converse) -> str:
    return narrate(message.kind, message.stage, body, message.facts, converse.directory)
