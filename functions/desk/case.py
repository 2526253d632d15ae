"""One case: its page, its JSON, its files, and how an act on it is answered."""

from collections.abc import Callable, Collection, Mapping
from datetime import timedelta
from secrets import token_hex

from flask import Flask, Response, g, make_response, render_template, request

from functions.actions.common.sign_in import Session
from functions.actions.officer.handle_case import EXTEND_MAX_DAYS
from functions.actions.officer.read_case import ReadCase
from functions.actions.officer.views import OfficerView
from functions.casework.access import assisting
from functions.casework.case import EventKind, Outcome
from functions.casework.consent.unmask_request import Ground
from functions.casework.directory.accused_name import is_renamed
from functions.casework.directory.agencies import Directory, Role
from functions.casework.formats.message_pages import read_number
from functions.casework.problems import LinkProblem, NotFoundProblem, Problem, SignedOutProblem
from functions.casework.routing.propose import outside_targets
from functions.casework.stages import FACTS, Duty, Move
from functions.desk.acts import Act, said
from functions.desk.conversation import message_json, message_rows
from functions.desk.inbox import badges, due_words, taken_by
from functions.desk.lift import lift_json, lift_parts
from functions.desk.publication import public_json, public_parts
from functions.desk.routing import (
    correct_parts,
    proposal_rows,
    proposals_json,
    suspect_rows,
    suspects_json,
    transfer_parts,
    transfers_json,
)
from functions.desk.today.next_case import leave_case
from functions.web.file_answer import file_answer
from functions.web.forms import case_number, fields, wants_json
from functions.web.kept_input import key_for, told, unsent
from functions.web.narration import district_name, outcome_name, stage_name, topic_name
from functions.web.session import back
from functions.web.unmask_words import ground_name


def case_routes(app: Flask, cases: ReadCase) -> None:
    """Register ``GET /desk/cases/<tracking_id>`` and ``…/files/<n>``."""

    @app.get("/desk/cases/<tracking_id>")
    def case(tracking_id: str) -> Response:
        try:
            view = cases.read(g.session.viewer, case_number(tracking_id), read_number(request.args, "after"))
        except NotFoundProblem:
            if g.session.viewer.role is not Role.INSPECTOR:
                raise
            from functions.desk.consent.unmask import may_decide_on  # noqa: PLC0415 - see ``lazy_routes``

            if not may_decide_on(cases, g.session.viewer, case_number(tracking_id)):
                raise
            return back(f"/desk/cases/{case_number(tracking_id)}/unmask")
        if wants_json():
            return make_response(case_json(view, cases.directory, g.session.viewer.agency))
        return make_response(case_page(view, g.session, cases, done=request.args.get("done", "")))

    @app.get("/desk/cases/<tracking_id>/files/<int:n>")
    def file(tracking_id: str, n: int) -> Response:
        content, media_type = cases.file(g.session.viewer, case_number(tracking_id), n)
        return file_answer(content, media_type, n)


def act_routes(app: Flask, cases: ReadCase, acts: Mapping[str, Act]) -> None:
    """Register ``POST /desk/cases/<tracking_id>/`` and the name of each act."""
    for name, act in acts.items():
        app.add_url_rule(act_rule(name), name, act_view(cases, act), methods=["POST"])


def act_rule(name: str) -> str:
    """Return the path of an act."""
    return f"/desk/cases/<tracking_id>/{name}"


def act_view(cases: ReadCase, act: Act) -> Callable[[str], Response]:
    """Return the view of an act: JSON, or back to the case (303); with a problem, the case with what was typed."""

    def view(tracking_id: str) -> Response:
        case_id, typed, session = case_number(tracking_id), fields(), g.session
        if wants_json():
            return make_response(act.do(session.viewer, case_id, typed), act.status)
        answer = leave_case(cases, session.viewer, case_id)
        try:
            joined = act.do(session.viewer, case_id, typed).get("joined")
        except (SignedOutProblem, LinkProblem, NotFoundProblem):
            raise
        except Problem as error:
            found = cases.read(session.viewer, case_id)
            return make_response(case_page(found, session, cases, problem=error, typed=typed), error.status)
        done = act.says(typed)
        if isinstance(joined, list):
            if missed := [one for one in joined if not one["taken"]]:
                found = cases.read(session.viewer, case_id)
                return make_response(case_page(found, session, cases, done=done, missed=missed))
            done = f"{done}_joined" if joined else done
        return answer(done)

    return view


def case_page(
    view: OfficerView,
    session: Session,
    cases: ReadCase,
    *,
    done: str = "",
    problem: Problem | None = None,
    typed: dict[str, str] | None = None,
    missed: Collection[Mapping[str, object]] = (),
) -> str:
    """Return the case's page. ``typed`` is given back with ``problem``; ``missed`` are joined cases that did not take
    what was sent here, each with the reason."""
    directory, head, given, today = cases.directory, view.head, typed or {}, cases.today()
    moves = [move.value for move in view.rights.moves]
    forms = _forms(view)
    return render_template(
        "case.html",
        session=session,
        agency=directory.agencies[session.viewer.agency],
        view=view,
        head=head,
        subject=view.subject,
        topic=topic_name(head.topic, directory),
        district=district_name(head.district, directory),
        holder=directory.agency(head.holder),
        badges=badges(head, session.viewer),
        accused=directory.agencies.get(head.accused),
        renamed=named_otherwise(view, directory),
        public_work=head.topic in directory.topics and directory.topics[head.topic].public_work,
        stage=stage_name(head.stage),
        due=due_words(head, today, cases.holidays),
        mine=head.holder == session.viewer.agency,
        second=directory.agency(assisting(head, directory)).name,
        assists=view.rights.duty is Duty.ASSIST,
        sorts=view.rights.duty is Duty.SORT,
        oversees=view.rights.duty is Duty.OVERSEE,
        messages=message_rows(view, directory),
        older=view.older,
        newest=view.newest,
        unmaskings=any(message.kind is EventKind.UNMASK for message in view.messages),
        grounds={ground.value: ground_name(ground) for ground in Ground},
        moves=moves,
        forms=forms,
        targets=view.targets,
        seconds=view.seconds,
        others=[{"case_id": one.case_id, "stage": stage_name(one.stage)} for one in view.joined],
        along=sum(one.open for one in view.joined),
        missed=missed,
        proposed=view.proposed,
        proposals=proposal_rows(view.proposals, directory),
        suspects=suspect_rows(view.suspects, directory),
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
        done=said(done),
        errors=told(problem, given.get("form", "")),
        values=given,
        unsent=unsent(given, [*forms, *(f"unmask-{message.n}" for message in view.shown if message.masked)]),
        **lift_parts(view, directory, today),
        **transfer_parts(view, directory),
        **correct_parts(view, directory),
        **public_parts(view, problem),
    )


def case_json(view: OfficerView, directory: Directory, agency: str) -> dict[str, object]:
    """Return the case as JSON (DESIGN §8). ``agency`` is the officer's."""
    head = view.head
    return {
        "tracking_id": head.case_id,
        "stage": head.stage.value,
        "due": head.clock.due.isoformat(),
        "kind": head.kind.value,
        "topic": head.topic,
        "district": head.district,
        "sealed": head.wraps.sealed.value,
        "identity_mode": head.reporter.mode.value,
        "quarantined": head.quarantined,
        "oversight": head.oversight,
        "named": named_otherwise(view, directory),
        "sp4n": head.desk_work.sp4n or None,
        "priority": head.desk_work.priority,
        "assigned": taken_by(head, agency) or None,
        "canned": head.history.canned,
        "templates": [{"id": t.ident, "title": t.title, "text": t.text} for t in view.templates],
        "shredded": head.shredded,
        "lift": lift_json(view),
        "publication": public_json(view),
        **({"subject": view.subject} if view.subject is not None else {}),
        "routing": {
            "holder": head.holder,
            "proposed": view.proposed or None,
            "suspected": suspects_json(view.suspects),
            "targets": [{"code": agency.code, "name": agency.name} for agency in view.targets],
            "second": head.desk_work.second or None,
            "seconds": [{"code": agency.code, "name": agency.name} for agency in view.seconds],
            **proposals_json(view.proposals),
            "instance": head.instance,
            "transfers": transfers_json(view, directory),
        },
        "clocks": {
            "received_on": head.received_on.isoformat(),
            "handed_on": head.clock.handed_on.isoformat() if head.clock.handed_on else None,
            "closed_on": head.closing.on.isoformat() if head.closing.on else None,
            "due": head.clock.due.isoformat(),
            "overdue": view.overdue,
            "extended": head.clock.extended,
            "held_on": head.clock.held_on.isoformat() if head.clock.held_on else None,
            "paused": head.clock.paused,
            "escalated": head.escalation.steps,
            "escalated_to": head.escalation.agency or None,
        },
        "joined": {
            "into": view.into.case_id if view.into else None,
            "cases": [{"tracking_id": other.case_id, "stage": other.stage.value} for other in view.joined],
        },
        "stages": [stage.value for stage in view.stages],
        "outcome": head.closing.outcome.value if head.closing.outcome else None,
        "rating": head.closing.rating,
        "confirmed": head.closing.confirmed,
        "lapsed": head.closing.lapsed,
        "counts": {"from_reporter": head.history.from_reporter, "from_officers": head.history.from_officers},
        "messages": [message_json(message, directory) for message in view.shown],
        "older": view.older or None,
        "actions": [move.value for move in view.rights.moves],
    }


def named_otherwise(view: OfficerView, directory: Directory) -> dict[str, str] | None:
    """Return ``then``, the name that the reporter read of the accused agency, and ``now``, what the case's agency is
    called today; None where both agree, or nothing is known. Of other officers than those who sort, inspect or oversee
    nobody is told."""
    code, named = view.head.about_agency, view.named
    inspects = directory.agency(view.head.instance).inspectorate == view.head.holder
    if not named.code or not (inspects or view.rights.duty in (Duty.SORT, Duty.OVERSEE)):
        return None
    if named.code == code and not is_renamed(named, directory):
        return None
    now = directory.agencies.get(code)
    return {"then": named.name or directory.agency(named.code).name, "now": now.name if now else ""}


def _forms(view: OfficerView) -> list[str]:
    """Return the forms this officer gets, by name: the moves, with one form for each stage they may set."""
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
    return moves + [form.name for stage in view.stages if (form := FACTS[stage].form)]
