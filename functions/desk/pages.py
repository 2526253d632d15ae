"""What the desk shows: inbox, quarantine and case."""

from collections.abc import Collection
from datetime import date, timedelta
from pathlib import Path
from secrets import token_hex
from typing import Any

from flask import render_template

from functions.actions.handle import EXTEND_MAX_DAYS, Handle
from functions.actions.look import Inbox, OfficerView, Row
from functions.actions.opened import Message
from functions.actions.signin import Session
from functions.casework.agencies import Role
from functions.casework.case import CaseHead, EventKind, Outcome
from functions.casework.figures import surveyed
from functions.casework.problems import InvalidInputProblem, Problem
from functions.casework.routing import outside_targets
from functions.casework.stages import Actor, Duty, Move, Stage
from functions.desk.badges import badges
from functions.desk.proposed import proposal_rows
from functions.web.given_back import key_for, told, unsent
from functions.web.language import current, gettext, ngettext
from functions.web.layout import long_date, url
from functions.web.narration import narrate, outcome_name, stage_name
from functions.web.wording import N_, sentence, spoken, title

TEMPLATES = Path(__file__).parent / "templates"
DONE = {
    "reply": N_("Jawaban terkirim. Pelapor membacanya saat membuka laporannya."),
    "attach": N_("Berkas terkirim."),
    "stage": N_("Tahap diubah."),
    "handover": N_("Laporan diteruskan. Instansi tujuan menerima surel."),
    "extend": N_("Batas waktu diperpanjang."),
    "close": N_("Laporan ditutup. Pelapor dapat menyatakan “belum selesai”."),
    "unmask": N_("Pesan ditampilkan apa adanya. Pelapor membaca alasan Anda."),
    "discard": N_("Laporan yang rusak sudah dihapus."),
    "note": N_("Catatan tersimpan. Pelapor tidak melihatnya."),
    "oversight": N_("Laporan ditandai berkadar pengawasan dan diteruskan ke Inspektorat."),
    "recuse": N_("Anda tidak melihat laporan itu lagi. Laporan diteruskan ke tingkat di atas."),
    "sp4n": N_("Nomor SP4N-LAPOR! tersimpan."),
    "assign": N_("Tersimpan. Yang Anda tangani ada di “Daftar saya”."),
    "priority": N_("Urutannya diubah. Pelapor membaca alasan Anda."),
    "fill": N_("Teks baku sudah dimasukkan. Sesuaikan dulu, lalu kirim; belum ada yang terkirim."),
    "quarantine": N_("Laporan yang dicentang sudah diarsipkan. Pelapornya membaca alasan Anda."),
}

# The inbox in order: what waits for this officer, what is late and went up to him, what waits for the reporter, for
# other agencies, and what is closed.
GROUPS = ("mine", "late", "held", "others", "closed")
# The form that puts a case at a stage, by what it is for.
STAGE_FORMS = {
    Stage.DIVERIFIKASI: "verify",
    Stage.DITAHAN: "ask",
    Stage.DIARSIPKAN: "archive",
    Stage.DIPROSES: "start",
}


def inbox(page: Inbox, session: Session, handle: Handle, *, done: str = "") -> str:
    """The inbox's page: what waits for this officer first, then what waits for others, then what is closed."""
    rows = [_inbox_row(row, session, handle) for row in page.rows]
    groups = [{"name": name, "rows": [row for row in rows if row["group"] == name]} for name in GROUPS]
    return render_template(
        "inbox.html",
        session=session,
        agency=handle.directory.agencies[session.viewer.agency],
        groups=[group for group in groups if group["rows"]],
        waiting=sum(row["group"] in ("mine", "late") for row in rows),
        coordinates=session.viewer.role is Role.COORDINATOR,
        next=page.next,
        quarantine=page.quarantine,
        escalated=page.escalated,
        figures=bool(surveyed(session.viewer, handle.directory)),
        done=gettext(DONE[done]) if done in DONE else "",
    )


def escalated(page: Inbox, session: Session, handle: Handle) -> str:
    """Late cases that went up to this agency."""
    return render_template(
        "escalated.html",
        session=session,
        agency=handle.directory.agencies[session.viewer.agency],
        rows=[_inbox_row(row, session, handle) for row in page.rows],
        next=page.next,
    )


def mine(page: Inbox, session: Session, handle: Handle) -> str:
    """The cases that this officer took."""
    return render_template(
        "mine.html",
        session=session,
        agency=handle.directory.agencies[session.viewer.agency],
        rows=[_inbox_row(row, session, handle) for row in page.rows],
        next=page.next,
    )


def quarantine(
    page: Inbox,
    session: Session,
    handle: Handle,
    *,
    problem: Problem | None = None,
    typed: dict[str, str] | None = None,
) -> str:
    """What came in a flood. ``typed`` is what is given back where ``problem`` arose."""
    return render_template(
        "quarantine.html",
        session=session,
        agency=handle.directory.agencies[session.viewer.agency],
        rows=[_inbox_row(row, session, handle) for row in page.rows],
        next=page.next,
        errors=told(problem, "archive"),
        values=typed or {},
    )


def case(
    view: OfficerView,
    session: Session,
    handle: Handle,
    *,
    done: str = "",
    problem: Problem | None = None,
    typed: dict[str, str] | None = None,
) -> str:
    """The case's page. ``typed`` is what is given back where ``problem`` arose."""
    directory, head, given, today = handle.directory, view.head, typed or {}, handle.today()
    moves = [move.value for move in view.rights.moves]
    forms = _forms(view)
    return render_template(
        "case.html",
        session=session,
        agency=directory.agencies[session.viewer.agency],
        view=view,
        head=head,
        subject=view.subject,
        topic=topic_name(head.topic, handle),
        district=directory.districts[head.district].name if head.district in directory.districts else "",
        holder=directory.agency(head.holder),
        badges=badges(head, session.viewer),
        accused=directory.agencies.get(head.accused),
        public_work=head.topic in directory.topics and directory.topics[head.topic].public_work,
        stage=stage_name(head.stage),
        due=due_words(head, today),
        mine=head.holder == session.viewer.agency,
        sorts=view.rights.duty is Duty.SORT,
        oversees=view.rights.duty is Duty.OVERSEE,
        messages=_messages(view, handle),
        moves=moves,
        forms=forms,
        targets=view.targets,
        proposed=view.proposed,
        proposals=proposal_rows(view.proposals, directory),
        outsides=list(outside_targets().values()) if "archive" in forms else [],
        elsewhere=next((p.outside.code for p in view.proposals[:1] if p.outside), ""),
        outcomes=[{"code": outcome.value, "name": outcome_name(outcome)} for outcome in Outcome],
        outcome=outcome_name(head.outcome) if head.outcome else "",
        first_day=max(head.due, today) + timedelta(days=1),
        last_day=today + timedelta(days=EXTEND_MAX_DAYS),
        message_key=key_for(problem, given),
        file_key=token_hex(16),
        today=today,
        done=gettext(DONE[done]) if done in DONE else "",
        errors=told(problem, given.get("form", "")),
        values=given,
        unsent=unsent(given, forms),
    )


def signed_out() -> str:
    """Said after leaving."""
    actions = [{"href": url("/masuk/"), "text": gettext(N_("Minta tautan baru"))}]
    says = [gettext(N_("Tautan yang tadi Anda pakai tidak berlaku lagi."))]
    return render_template("message.html", title=gettext(N_("Anda sudah keluar")), paragraphs=says, actions=actions)


def link_asked() -> str:
    """The same answer whether or not the address is an officer's."""
    says = [
        gettext(N_("Bila alamat itu terdaftar sebagai petugas, surel berisi tautan masuk sedang dikirim.")),
        gettext(N_("Dalam satu jam hanya satu tautan dikirim ke alamat yang sama.")),
        gettext(N_("Belum datang setelah beberapa menit? Periksa folder spam, atau hubungi koordinator Anda.")),
    ]
    return render_template("message.html", title=gettext(N_("Periksa surel Anda")), paragraphs=says, actions=[])


def ask_link(typed: dict[str, str], problem: InvalidInputProblem) -> str:
    """The address's form again, with what was typed."""
    return render_template("ask_link.html", values=typed, errors=spoken(problem.errors))


def kept(code: str, written: str) -> str:
    """What an officer wrote, given back where nothing else can be shown: signed out, or the store out of reach."""
    return render_template("kept.html", title=title(code), says=sentence(code), written=written)


def due_words(head: CaseHead, today: date) -> dict[str, str]:
    """A case's deadline as people say it, and how urgent it is (``late``, ``soon``, ``fine``, ``over``)."""
    if not head.open:
        day = long_date(head.closed_on or head.due)
        return {"text": gettext("Ditutup {day}").format(day=day), "how": "over"}
    days = (head.due - today).days
    if days < 0:
        return {
            "text": ngettext("Terlambat {days} hari", "Terlambat {days} hari", -days).format(days=-days),
            "how": "late",
        }
    if days == 0:
        return {"text": gettext("Hari ini"), "how": "soon"}
    if days == 1:
        return {"text": gettext("Besok"), "how": "soon"}
    return {"text": long_date(head.due), "how": "fine"}


def _inbox_row(row: Row, session: Session, handle: Handle) -> dict[str, Any]:
    directory, head = handle.directory, row.head
    return {
        "case_id": head.case_id,
        "group": "late" if row.escalated else _group(head, session.viewer.agency),
        "subject": row.subject,
        "topic": topic_name(head.topic, handle),
        "district": directory.districts[head.district].name if head.district in directory.districts else "",
        "holder": directory.agency(head.holder).name if head.holder != session.viewer.agency else "",
        "stage": stage_name(head.stage),
        "answered": head.confirmed,
        "due": due_words(head, handle.today()),
        "badges": badges(head, session.viewer),
    }


def _group(head: CaseHead, agency: str) -> str:
    if not head.open:
        return "closed"
    if head.holder != agency:
        return "others"
    return "held" if head.stage is Stage.DITAHAN else "mine"


def _forms(view: OfficerView) -> list[str]:
    """The forms this officer gets, by name: the moves, with one form for each stage he may set."""
    moves = [move.value for move in view.rights.moves if move is not Move.STAGE]
    if not view.targets and Move.HANDOVER.value in moves:
        moves.remove(Move.HANDOVER.value)
    return moves + [STAGE_FORMS[stage] for stage in view.stages]


def topic_name(code: str, handle: Handle) -> str:
    """A topic's name in the language of the request; "" for one that the directory does not have."""
    topic = handle.directory.topics.get(code)
    return "" if topic is None else topic.name_en if current() == "en" else topic.name


def _messages(view: OfficerView, handle: Handle) -> list[dict[str, Any]]:
    """The messages as shown; files stand below the words they follow on the same day."""
    rows: list[dict[str, Any]] = []
    for message in view.messages:
        row = _message(message, handle, view.rights.moves)
        last = rows[-1] if rows else {}
        if row["files"] and (last.get("voice"), last.get("on")) == (row["voice"], row["on"]):
            last["files"] += message.files
        else:
            rows.append(row)
    return rows


def _message(message: Message, handle: Handle, moves: Collection[Move]) -> dict[str, Any]:
    """A message as the page shows it. ``headline`` is what happened, ``body`` what was said about it; what an
    officer asks when he holds a case is a question, not an event."""
    asked = message.kind is EventKind.STAGE and message.stage is Stage.DITAHAN
    voices = {Actor.REPORTER: "theirs", Actor.SYSTEM: "mine" if asked else "system"}
    happened = message.facts.get("happened_on", "") if message.kind is EventKind.REPORT else ""
    said = asked or not message.readable
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
        "headline": "" if said else narrate(message.kind, message.stage, "", message.facts, handle.directory),
        "body": message.body,
        "report": message.facts if message.kind is EventKind.REPORT else {},
        "happened_on": date.fromisoformat(happened) if happened else None,
        "files": message.files,
    }
