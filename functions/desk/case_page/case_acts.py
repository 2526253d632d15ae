"""What officers do with a case every day: answering, deciding, noting, and arranging the work among colleagues."""

from collections.abc import Callable, Mapping

from flask import Flask, Response, g, request

from functions.actions.officer.case_notes import CaseNotes
from functions.actions.officer.handle_case import HandleCase
from functions.actions.officer.personal.drafts import Drafts
from functions.actions.officer.personal.reminders import Reminders
from functions.actions.officer.worklist import Worklist
from functions.casework.access import Viewer
from functions.casework.problems import FieldError, InvalidInputProblem, Problem
from functions.desk.acts import Act, Typed, asked, standing
from functions.desk.case_page.case import act_routes, act_rule, act_view
from functions.web.forms import case_number, fields, upload


def case_act_routes(app: Flask, handle: HandleCase) -> None:
    """Register the acts of this module. The form of ``messages`` may instead fill in a reply template
    (``fill``), keep a draft (``draft``), or close the case with its words (``then``: the outcome)."""
    cases, notes = handle.act.cases, CaseNotes(handle.act)
    answers, kept = answer_acts(handle), draft_act(Drafts(cases))
    reply = act_view(cases, Act(_reply(handle), "reply", 201, varies=_sent))
    draft = act_view(cases, kept, lambda: _renamed(fields(), form="reply", seen="draft_seen"))
    close = act_view(cases, answers["close"], lambda: _renamed(fields(), "close", reason="body", outcome="then"))

    def messages(tracking_id: str) -> Response:
        if request.form.get("fill"):
            from functions.desk.reply_templates import filled_in  # noqa: PLC0415 - see ``lazy_routes``

            return filled_in(cases, g.session, case_number(tracking_id), fields())
        if request.form.get("draft"):
            return draft(tracking_id)
        return close(tracking_id) if request.form.get("then") else reply(tracking_id)

    app.add_url_rule(act_rule("messages"), "messages", messages, methods=["POST"])
    worklist = worklist_acts(Worklist(handle.act))
    own = {"draft": kept, "remind": remind_act(Reminders(cases))}
    act_routes(app, cases, answers | note_acts(notes) | worklist | own)


def answer_acts(handle: HandleCase) -> dict[str, Act]:
    """``files`` (``file``, ``file_key``, ``keep_size``), ``stage`` (``stage``, ``reason``, ``outside``), ``handover``
    (``agency``, ``reason``, ``second``), ``extend`` (``due``, ``reason``), ``discard``,
    ``close`` (``outcome``, ``reason``, ``message_key``, ``again``, ``joined``). Pages ask once more before they close
    or archive a case; closing may bring its photo along (``file``)."""

    def attach(viewer: Viewer, case_id: str, typed: Typed) -> dict[str, object]:
        raw = upload()
        if not raw:
            raise InvalidInputProblem(FieldError("file", "required"))
        return {"n": _attach(handle, viewer, case_id, raw, typed)}

    def stage(viewer: Viewer, case_id: str, typed: Typed) -> dict[str, object]:
        return standing(handle.set_stage(viewer, case_id, *asked(typed, "stage", "reason", "outside")))

    def check_stage(viewer: Viewer, case_id: str, typed: Typed) -> None:
        handle.set_stage(viewer, case_id, *asked(typed, "stage", "reason", "outside"), only_check=True)

    def handover(viewer: Viewer, case_id: str, typed: Typed) -> dict[str, object]:
        return standing(handle.handover(viewer, case_id, *asked(typed, "agency", "reason", "second", "yes")))

    def extend(viewer: Viewer, case_id: str, typed: Typed) -> dict[str, object]:
        return standing(handle.extend(viewer, case_id, *asked(typed, "due", "reason")))

    return {
        "files": Act(attach, "attach", 201),
        "stage": Act(stage, "stage", varies=lambda _, typed, __: f"stage_{typed.get('stage')}", check=check_stage),
        "handover": Act(handover, "handover"),
        "extend": Act(extend, "extend"),
        "discard": Act(lambda viewer, case_id, _: standing(handle.discard(viewer, case_id)), "discard"),
        "close": Act(_close(handle), "close", check=_check_close(handle)),
    }


def draft_act(drafts: Drafts) -> Act:
    """``draft`` (``body``, "" to remove it; ``seen``): answers with ``version`` and ``replaced``."""

    def keep(viewer: Viewer, case_id: str, typed: Typed) -> dict[str, object]:
        return drafts.save(viewer, case_id, *asked(typed, "body", "seen"))._asdict()

    return Act(keep, "draft", varies=lambda _, __, made: "draft_other" if made["replaced"] else "draft")


def note_acts(notes: CaseNotes) -> dict[str, Act]:
    """``notes`` (``body``, ``message_key``), ``oversight`` (``reason``, ``yes``) and ``recuse`` (``reason``)."""

    def note(viewer: Viewer, case_id: str, typed: Typed) -> dict[str, object]:
        return {"n": notes.note(viewer, case_id, *asked(typed, "body", "message_key"))}

    def oversight(viewer: Viewer, case_id: str, typed: Typed) -> dict[str, object]:
        return standing(notes.oversee(viewer, case_id, *asked(typed, "reason", "yes")))

    def recuse(viewer: Viewer, case_id: str, typed: Typed) -> dict[str, object]:
        return standing(notes.recuse(viewer, case_id, typed.get("reason", "")))

    return {
        "notes": Act(note, "note", 201),
        "oversight": Act(oversight, "oversight"),
        "recuse": Act(recuse, "recuse"),
    }


def worklist_acts(worklist: Worklist) -> dict[str, Act]:
    """``assign`` (``officer``: the officer's own ident, a colleague's, or empty) and ``priority`` (``on``: yes or no;
    ``reason``)."""

    def assign(viewer: Viewer, case_id: str, typed: Typed) -> dict[str, object]:
        return standing(worklist.assign(viewer, case_id, typed.get("officer", "")))

    def priority(viewer: Viewer, case_id: str, typed: Typed) -> dict[str, object]:
        return standing(worklist.prioritize(viewer, case_id, *asked(typed, "on", "reason")))

    def whose(viewer: Viewer, typed: Typed, _made: Mapping[str, object]) -> str:
        officer = typed.get("officer", "")
        return "assign" if officer == viewer.officer else "assign_other" if officer else "assign_left"

    def first(_viewer: Viewer, typed: Typed, _made: Mapping[str, object]) -> str:
        return "priority_no" if typed.get("on") == "no" else "priority"

    return {"assign": Act(assign, "assign", varies=whose), "priority": Act(priority, "priority", varies=first)}


def remind_act(reminders: Reminders) -> Act:
    """``remind`` (``day``, ``line``; ``off``: yes removes it): answers with ``day``."""

    def remind(viewer: Viewer, case_id: str, typed: Typed) -> dict[str, object]:
        if typed.get("off", "") == "yes":
            reminders.forget(viewer, case_id)
            return {"day": None}
        return {"day": reminders.note(viewer, case_id, *asked(typed, "day", "line")).isoformat()}

    return Act(remind, "remind", varies=lambda _, __, made: "remind" if made["day"] else "remind_left")


def _reply(handle: HandleCase) -> Callable[[Viewer, str, Typed], dict[str, object]]:
    """``messages`` (``body``, ``message_key``, ``seen``, ``again``, ``joined``; ``file``, ``file_key``, ``keep_size``).
    A file may come alone. One that cannot be taken does not stop the words: the answer has its ``problem``."""

    def reply(viewer: Viewer, case_id: str, typed: Typed) -> dict[str, object]:
        raw = b"" if request.is_json else upload()
        made = {} if raw and not typed.get("body", "").strip() else _written(handle, viewer, case_id, typed)
        if made and not request.is_json:
            Drafts(handle.act.cases).drop(viewer, handle.act.cases.store.read_head(case_id))
        try:
            return made | ({"file": _attach(handle, viewer, case_id, raw, typed)} if raw else {})
        except Problem as problem:
            if not made:
                raise
            return made | {"problem": problem}

    return reply


def _written(handle: HandleCase, viewer: Viewer, case_id: str, typed: Typed) -> dict[str, object]:
    wanted, again = asked(typed, "body", "message_key", "seen"), typed.get("again", "") == "yes"
    if typed.get("joined", "") == "yes":
        from functions.desk.handover.joined_cases import reply_to_all  # noqa: PLC0415 - see ``lazy_routes``

        return reply_to_all(handle, viewer, case_id, wanted, again=again)
    return {"n": handle.reply(viewer, case_id, *wanted, again=again)}


def _sent(_viewer: Viewer, _typed: Typed, made: Mapping[str, object]) -> str:
    return "reply" if "n" in made else "attach"


def _attach(handle: HandleCase, viewer: Viewer, case_id: str, raw: bytes, typed: Typed) -> int:
    keep = typed.get("keep_size", "") == "yes"
    return handle.attach(viewer, case_id, raw, typed.get("file_key", ""), keep_size=keep)


def _close(handle: HandleCase) -> Callable[[Viewer, str, Typed], dict[str, object]]:
    def close(viewer: Viewer, case_id: str, typed: Typed) -> dict[str, object]:
        wanted, again = asked(typed, "outcome", "reason", "message_key"), typed.get("again", "") == "yes"
        if typed.get("joined", "") == "yes":
            from functions.desk.handover.joined_cases import close_all  # noqa: PLC0415 - see ``lazy_routes``

            head, each = close_all(handle, viewer, case_id, wanted, again=again)
        else:
            head, each = handle.close(viewer, case_id, *wanted, again=again), []
        Drafts(handle.act.cases).drop(viewer, head, all_of_them=True)
        return standing(head) | ({"joined": each} if typed.get("joined", "") == "yes" else {})

    return close


def _check_close(handle: HandleCase) -> Callable[[Viewer, str, Typed], None]:
    """Tell whether a case may be closed so. Its photo is sent first, if nothing else is missing: a browser would have
    lost it by the next page."""

    def check(viewer: Viewer, case_id: str, typed: Typed) -> None:
        raw, again = upload(), typed.get("again", "") == "yes"
        wanted = asked(typed, "outcome", "reason", "message_key")
        try:
            handle.close(viewer, case_id, *wanted, again=again, only_check=True)
        except InvalidInputProblem as problem:
            if not raw or [error.code for error in problem.errors] != ["photo_wanted"]:
                raise
        if raw:
            _attach(handle, viewer, case_id, raw, typed)
            handle.close(viewer, case_id, *wanted, again=again, only_check=True)

    return check


def _renamed(typed: Typed, form: str, **names: str) -> Typed:
    """Return what a form sent as another's fields. ``names`` are these fields and where they stand."""
    step = {"step": "check"} if form == "close" else {}
    return typed | {name: typed.get(there, "") for name, there in names.items()} | {"form": form} | step
