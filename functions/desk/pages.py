"""What the desk shows: inbox, quarantine and case."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from pathlib import Path
from secrets import token_hex
from typing import Any

from flask import render_template

from functions.actions.common.sign_in import Session
from functions.actions.officer.handle_case import EXTEND_MAX_DAYS, Handle
from functions.actions.officer.views import Inbox, OfficerView, Row
from functions.casework.access import assisting, surveyed
from functions.casework.case import CaseHead, Outcome
from functions.casework.directory.agencies import AgencyKind, Role
from functions.casework.problems import InvalidInputProblem, Problem
from functions.casework.routing import outside_targets
from functions.casework.stages import Duty, Move, Stage
from functions.desk.badges import badges
from functions.desk.lifted import lift_parts
from functions.desk.proposed import proposal_rows
from functions.desk.publication import public_parts
from functions.desk.talk import message_rows
from functions.desk.transferred import transfer_parts
from functions.web.kept_input import key_for, told, unsent
from functions.web.language import current, gettext, ngettext
from functions.web.layout import long_date, url
from functions.web.narration import outcome_name, stage_name
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
    "lift": N_("Permintaan terkirim kepada pengawas. Pelapor membacanya, dan dapat berkeberatan."),
    "decision": N_("Keputusan Anda tersimpan. Pelapor dan pemegang laporan membacanya."),
    "transfer": N_("Laporan dialihkan. Instansi tujuan menerima surel."),
    "reply_joined": N_("Jawaban terkirim, juga ke laporan yang digabung."),
    "close_joined": N_("Laporan ditutup, juga yang digabung."),
    "join": N_("Laporan digabung. Jawaban di laporan induk dapat dikirim ke sini juga."),
    "part": N_("Laporan dilepas dari induknya. Pelapor membaca bahwa jawaban lain tidak dikirim ke sini lagi."),
    "second": N_("Tersimpan. Pelapor membaca siapa yang ikut menangani."),
    "leave": N_("Instansi Anda tidak ikut menangani laporan itu lagi."),
    "publish": N_("Teks dikirim kepada pelapor. Ia terbit hanya bila pelapor menyetujuinya."),
    "publish_declined": N_("Tersimpan. Pelapor membaca alasan Anda, dan tidak ada yang terbit."),
    "quarantine": N_("Laporan yang dicentang sudah diarsipkan. Pelapornya membaca alasan Anda."),
}

# The inbox in order: what he is to decide on, what waits for this officer, what is late and went up to him, what waits
# for the reporter, for other agencies, and what is closed.
GROUPS = ("asked", "mine", "late", "held", "others", "closed")
# The form that puts a case at a stage, by what it is for.
STAGE_FORMS = {
    Stage.DIVERIFIKASI: "verify",
    Stage.DITAHAN: "ask",
    Stage.DIARSIPKAN: "archive",
    Stage.DIPROSES: "start",
}


def inbox(page: Inbox, session: Session, handle: Handle, *, done: str = "") -> str:
    """The inbox's page: what waits for this officer first, then what waits for others, then what is closed."""
    rows = [inbox_row(row, session, handle) for row in page.rows]
    groups = [{"name": name, "rows": [row for row in rows if row["group"] == name]} for name in GROUPS]
    return render_template(
        "inbox.html",
        session=session,
        agency=handle.directory.agencies[session.viewer.agency],
        groups=[group for group in groups if group["rows"]],
        waiting=sum(row["group"] in ("asked", "mine", "late") for row in rows),
        coordinates=session.viewer.role is Role.COORDINATOR,
        next=page.next,
        quarantine=page.quarantine,
        escalated=page.escalated,
        figures=bool(surveyed(session.viewer, handle.directory)),
        asked=page.asked,
        second=page.second,
        done=gettext(DONE[done]) if done in DONE else "",
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
        rows=[inbox_row(row, session, handle) for row in page.rows],
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
    missed: Collection[Mapping[str, object]] = (),
) -> str:
    """The case's page. ``typed`` is what is given back where ``problem`` arose; ``missed`` are joined cases that did
    not take what was sent here, each with the reason."""
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
        second=directory.agency(assisting(head, directory)).name,
        assists=view.rights.duty is Duty.ASSIST,
        sorts=view.rights.duty is Duty.SORT,
        oversees=view.rights.duty is Duty.OVERSEE,
        messages=message_rows(view, handle),
        moves=moves,
        forms=forms,
        targets=view.targets,
        seconds=view.seconds,
        others=[{"case_id": one.case_id, "stage": stage_name(one.stage)} for one in view.joined],
        along=sum(one.open for one in view.joined),
        missed=missed,
        proposed=view.proposed,
        proposals=proposal_rows(view.proposals, directory),
        outsides=list(outside_targets().values()) if "archive" in forms else [],
        elsewhere=next((p.outside.code for p in view.proposals[:1] if p.outside), ""),
        outcomes=[{"code": outcome.value, "name": outcome_name(outcome)} for outcome in Outcome],
        outcome=outcome_name(head.closing.outcome) if head.closing.outcome else "",
        first_day=max(head.clock.due, today) + timedelta(days=1),
        last_day=today + timedelta(days=EXTEND_MAX_DAYS),
        message_key=key_for(problem, given),
        close_key=key_for(problem, given if given.get("form") == "close" else {}),
        file_key=token_hex(16),
        today=today,
        done=gettext(DONE[done]) if done in DONE else "",
        errors=told(problem, given.get("form", "")),
        values=given,
        unsent=unsent(given, forms),
        **lift_parts(view, directory, today),
        **transfer_parts(view, directory),
        **public_parts(view, problem),
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
        day = long_date(head.closing.on or head.clock.due)
        return {"text": gettext("Ditutup {day}").format(day=day), "how": "over"}
    days = (head.clock.due - today).days
    if days < 0:
        return {
            "text": ngettext("Terlambat {days} hari", "Terlambat {days} hari", -days).format(days=-days),
            "how": "late",
        }
    if days == 0:
        return {"text": gettext("Hari ini"), "how": "soon"}
    if days == 1:
        return {"text": gettext("Besok"), "how": "soon"}
    return {"text": long_date(head.clock.due), "how": "fine"}


def inbox_row(row: Row, session: Session, handle: Handle) -> dict[str, Any]:
    """A line of the inbox, or of a list beside it, as its template shows it."""
    directory, head = handle.directory, row.head
    return {
        "case_id": head.case_id,
        "group": "asked" if row.asked else "late" if row.escalated else _group(head, session.viewer.agency),
        "instance": directory.agency(head.instance).name if _centre(session, handle) else "",
        "subject": row.subject,
        "topic": topic_name(head.topic, handle),
        "district": directory.districts[head.district].name if head.district in directory.districts else "",
        "holder": directory.agency(head.holder).name if head.holder != session.viewer.agency else "",
        "stage": stage_name(head.stage),
        "answered": head.closing.confirmed,
        "due": due_words(head, handle.today()),
        "badges": badges(head, session.viewer),
    }


def _centre(session: Session, handle: Handle) -> bool:
    return handle.directory.agencies[session.viewer.agency].kind is AgencyKind.CENTRE


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
    if view.rights.duty is Duty.OVERSEE:
        moves = ["decision" if move == Move.LIFT else move for move in moves]
    if view.rights.duty is Duty.ASSIST and Move.SECOND in moves:
        moves.append("leave")
    if Move.PUBLISH in moves:
        moves.append("publish-decline")
    if Move.JOIN in moves and view.into:
        moves.append("part")
    elif Move.JOIN in moves and view.joined:
        moves.remove(Move.JOIN)
    return moves + [STAGE_FORMS[stage] for stage in view.stages]


def topic_name(code: str, handle: Handle) -> str:
    """A topic's name in the language of the request; "" for one that the directory does not have."""
    topic = handle.directory.topics.get(code)
    return "" if topic is None else topic.name_en if current() == "en" else topic.name
