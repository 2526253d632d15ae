"""What officers do with a case every day: answering, deciding, noting, and arranging the work among colleagues."""

from collections.abc import Callable

from flask import Flask, Response, g, request

from functions.actions.officer.case_notes import CaseNotes
from functions.actions.officer.handle_case import HandleCase
from functions.actions.officer.worklist import Worklist
from functions.casework.access import Viewer
from functions.casework.problems import FieldError, InvalidInputProblem
from functions.desk.acts import Act, Typed, asked, standing
from functions.desk.case import act_routes, act_rule, act_view
from functions.desk.sp4n import sp4n_acts, sp4n_routes
from functions.web.forms import case_number, fields, upload


def case_act_routes(app: Flask, handle: HandleCase) -> None:
    """Register the acts of this module, of which ``messages`` may also fill in a reply template, and SP4N-LAPOR!."""
    cases, notes = handle.act.cases, CaseNotes(handle.act)
    reply = act_view(cases, Act(_reply(handle), "reply", 201))

    def messages(tracking_id: str) -> Response:
        if request.form.get("fill"):
            from functions.desk.reply_templates import filled_in  # noqa: PLC0415 - see ``lazy_routes``

            return filled_in(cases, g.session, case_number(tracking_id), fields())
        return reply(tracking_id)

    app.add_url_rule(act_rule("messages"), "messages", messages, methods=["POST"])
    act_routes(
        app, cases, answer_acts(handle) | note_acts(notes) | worklist_acts(Worklist(handle.act)) | sp4n_acts(notes)
    )
    sp4n_routes(app, notes)


def answer_acts(handle: HandleCase) -> dict[str, Act]:
    """``files`` (``file``, ``file_key``, ``keep_size``), ``stage`` (``stage``, ``reason``, ``outside``), ``handover``
    (``agency``, ``reason``, ``second``), ``extend`` (``due``, ``reason``), ``discard``,
    ``close`` (``outcome``, ``reason``, ``message_key``, ``again``, ``joined``)."""

    def attach(viewer: Viewer, case_id: str, typed: Typed) -> dict[str, object]:
        raw = upload()
        if not raw:
            raise InvalidInputProblem(FieldError("file", "required"))
        key, keep = typed.get("file_key", ""), typed.get("keep_size", "") == "yes"
        return {"n": handle.attach(viewer, case_id, raw, key, keep_size=keep)}

    def stage(viewer: Viewer, case_id: str, typed: Typed) -> dict[str, object]:
        return standing(handle.set_stage(viewer, case_id, *asked(typed, "stage", "reason", "outside")))

    def handover(viewer: Viewer, case_id: str, typed: Typed) -> dict[str, object]:
        return standing(handle.handover(viewer, case_id, *asked(typed, "agency", "reason", "second", "yes")))

    def extend(viewer: Viewer, case_id: str, typed: Typed) -> dict[str, object]:
        return standing(handle.extend(viewer, case_id, *asked(typed, "due", "reason")))

    def close(viewer: Viewer, case_id: str, typed: Typed) -> dict[str, object]:
        wanted, again = asked(typed, "outcome", "reason", "message_key"), typed.get("again", "") == "yes"
        if typed.get("joined", "") == "yes":
            from functions.desk.joined_cases import close_all  # noqa: PLC0415 - see ``lazy_routes``

            head, each = close_all(handle, viewer, case_id, wanted, again=again)
            return standing(head) | {"joined": each}
        return standing(handle.close(viewer, case_id, *wanted, again=again))

    return {
        "files": Act(attach, "attach", 201),
        "stage": Act(stage, "stage"),
        "handover": Act(handover, "handover"),
        "extend": Act(extend, "extend"),
        "discard": Act(lambda viewer, case_id, _: standing(handle.discard(viewer, case_id)), "discard"),
        "close": Act(close, "close"),
    }


def note_acts(notes: CaseNotes) -> dict[str, Act]:
    """``notes`` (``body``, ``message_key``), ``oversight`` and ``recuse`` (``reason``)."""

    def note(viewer: Viewer, case_id: str, typed: Typed) -> dict[str, object]:
        return {"n": notes.note(viewer, case_id, *asked(typed, "body", "message_key"))}

    def oversight(viewer: Viewer, case_id: str, typed: Typed) -> dict[str, object]:
        return standing(notes.oversee(viewer, case_id, typed.get("reason", "")))

    def recuse(viewer: Viewer, case_id: str, typed: Typed) -> dict[str, object]:
        return standing(notes.recuse(viewer, case_id, typed.get("reason", "")))

    return {
        "notes": Act(note, "note", 201),
        "oversight": Act(oversight, "oversight"),
        "recuse": Act(recuse, "recuse"),
    }


def worklist_acts(worklist: Worklist) -> dict[str, Act]:
    """``assign`` (``officer``: the officer's own ident, or empty) and ``priority`` (``on``: yes or no; ``reason``)."""

    def assign(viewer: Viewer, case_id: str, typed: Typed) -> dict[str, object]:
        return standing(worklist.assign(viewer, case_id, typed.get("officer", "")))

    def priority(viewer: Viewer, case_id: str, typed: Typed) -> dict[str, object]:
        return standing(worklist.prioritize(viewer, case_id, *asked(typed, "on", "reason")))

    return {"assign": Act(assign, "assign"), "priority": Act(priority, "priority")}


def _reply(handle: HandleCase) -> Callable[[Viewer, str, Typed], dict[str, object]]:
    """``messages`` (``body``, ``message_key``, ``seen``, ``again``, ``joined``)."""

    def reply(viewer: Viewer, case_id: str, typed: Typed) -> dict[str, object]:
        wanted, again = asked(typed, "body", "message_key", "seen"), typed.get("again", "") == "yes"
        if typed.get("joined", "") == "yes":
            from functions.desk.joined_cases import reply_to_all  # noqa: PLC0415 - see ``lazy_routes``

            return reply_to_all(handle, viewer, case_id, wanted, again=again)
        return {"n": handle.reply(viewer, case_id, *wanted, again=again)}

    return reply
