"""One case: its routes, its files, its JSON (DESIGN §8), and how an act on it is answered."""

from collections.abc import Callable, Mapping

from flask import Flask, Response, g, make_response, request

from functions.actions.common.sign_in import Session
from functions.actions.officer.read_case import ReadCase
from functions.actions.officer.views import OfficerView
from functions.casework.directory.agencies import Directory, Role
from functions.casework.formats.message_pages import read_number
from functions.casework.problems import LinkProblem, NotFoundProblem, Problem, SignedOutProblem
from functions.desk.acts import Act, Typed
from functions.desk.case_page.facts import named_otherwise
from functions.desk.case_page.page import case_page
from functions.desk.consent.lift import lift_json
from functions.desk.consent.publication import public_json
from functions.desk.conversation import message_json
from functions.desk.handover.routing import proposals_json, suspects_json, transfers_json
from functions.desk.today.next_case import leave_case
from functions.desk.today.rows import taken_by
from functions.web.file_answer import file_answer
from functions.web.forms import case_number, fields, wants_json
from functions.web.session import back


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


def act_view(cases: ReadCase, act: Act, read: Callable[[], Typed] = fields) -> Callable[[str], Response]:
    """Return the view of an act: JSON, or back to the case (303); with a problem, the case with what was typed.

    A form's ``step`` may be ``check``, to be shown once more what an act with a ``check`` would do, or ``edit``, to
    change it again. ``read`` gives what was typed."""

    def view(tracking_id: str) -> Response:
        case_id, typed, session = case_number(tracking_id), read(), g.session
        if wants_json():
            return make_response(act.do(session.viewer, case_id, typed), act.status)
        if typed.get("step") == "edit":
            return make_response(case_page(cases.read(session.viewer, case_id), session, cases, typed=typed))
        answer = leave_case(cases, session.viewer, case_id)
        try:
            if act.check and typed.get("step") == "check":
                act.check(session.viewer, case_id, typed)
                found = cases.read(session.viewer, case_id)
                return make_response(case_page(found, session, cases, typed=typed, asking=typed))
            made = act.do(session.viewer, case_id, typed)
        except (SignedOutProblem, LinkProblem, NotFoundProblem):
            raise
        except Problem as error:
            found = cases.read(session.viewer, case_id)
            return make_response(case_page(found, session, cases, problem=error, typed=typed), error.status)
        return _answered(act, made, session, cases, typed, case_id, answer)

    return view


def _answered(
    act: Act,
    made: Mapping[str, object],
    session: Session,
    cases: ReadCase,
    typed: dict[str, str],
    case_id: str,
    answer: Callable[[str], Response],
) -> Response:
    """Return to the case, or where the officer left it to the inbox. Stay on the page that was sent if not all of it
    left: ``made`` has the ``problem`` of a file whose words are sent, or ``joined`` cases that took nothing."""
    done, joined, problem = act.says(session.viewer, typed, made), made.get("joined"), made.get("problem")
    if isinstance(problem, Problem):
        found, rest = cases.read(session.viewer, case_id), {"form": typed.get("form", "")}
        return make_response(case_page(found, session, cases, done=done, problem=problem, typed=rest), problem.status)
    if isinstance(joined, list):
        if missed := [one for one in joined if not one["taken"]]:
            found = cases.read(session.viewer, case_id)
            return make_response(case_page(found, session, cases, done=done, missed=missed))
        done = f"{done}_joined" if joined else done
    return answer(done)


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
