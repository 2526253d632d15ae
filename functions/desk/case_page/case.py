"""One case: its page, its JSON, its files, and how an act on it is answered."""

from collections.abc import Callable, Collection, Mapping
from datetime import timedelta
from secrets import token_hex

from flask import Flask, Response, g, make_response, render_template, request

from functions.actions.common.sign_in import Session
from functions.actions.officer.handle_case import EXTEND_MAX_DAYS
from functions.actions.officer.personal.drafts import Draft, Drafts
from functions.actions.officer.personal.reminders import Reminders
from functions.actions.officer.read_case import ReadCase
from functions.actions.officer.views import OfficerView
from functions.actions.officer.worklist import colleagues
from functions.casework.access import assisting
from functions.casework.case import EventKind, Outcome
from functions.casework.consent.unmask_request import Ground
from functions.casework.directory.agencies import Role
from functions.casework.formats.message_pages import read_number
from functions.casework.problems import LinkProblem, NotFoundProblem, Problem, SignedOutProblem
from functions.casework.routing.propose import outside_targets
from functions.casework.stages import FACTS, Duty, Move
from functions.desk.acts import Act, Typed, said
from functions.desk.case_page.as_json import case_json, named_otherwise
from functions.desk.case_page.facts import deadline_of, turn_of
from functions.desk.case_page.tabs import ANSWER, MORE, chosen, groups_of, tabs_of
from functions.desk.consent.lift import lift_parts
from functions.desk.consent.publication import public_parts
from functions.desk.conversation import heading_of, message_rows
from functions.desk.handover.routing import (
    because,
    correct_parts,
    proposal_rows,
    suspect_rows,
    transfer_parts,
)
from functions.desk.today.inbox import badges
from functions.desk.today.next_case import leave_case
from functions.web.file_answer import file_answer
from functions.web.forms import case_number, fields, wants_json
from functions.web.kept_input import key_for, told, unsent
from functions.web.narration import case_stage, district_name, outcome_name, topic_name
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


def case_page(
    view: OfficerView,
    session: Session,
    cases: ReadCase,
    *,
    done: str = "",
    problem: Problem | None = None,
    typed: dict[str, str] | None = None,
    asking: dict[str, str] | None = None,
    missed: Collection[Mapping[str, object]] = (),
) -> str:
    """Return the case's page. ``typed`` is given back with ``problem``; ``asking`` is what is shown once more before it
    is done; ``missed`` are joined cases that did not take what was sent here, each with the reason."""
    given, forms = typed or {}, _forms(view)
    wanted = given.get("form", "") or request.args.get("do", "")
    tabs = tabs_of(forms, view.rights.duty)
    tab = chosen(tabs, wanted)
    answers = tab.name == ANSWER and asking is None
    return render_template(
        "case.html",
        **_facts(view, session, cases),
        **_choices(view, cases, forms),
        session=session,
        agency=cases.directory.agencies[session.viewer.agency],
        view=view,
        forms=forms,
        tabs=tabs,
        tab=tab,
        draft=Drafts(cases).read(session.viewer, view.head) if answers else Draft(),
        groups=groups_of(chosen(tabs, MORE).forms),
        doing=wanted,
        **(_rarer(view, session, cases) if tab.name == MORE else {}),
        asking=asking,
        missed=missed,
        message_key=key_for(problem, given),
        close_key=key_for(problem, given if given.get("form") == "close" else {}),
        file_key=token_hex(16),
        done=said(done),
        errors=told(problem, given.get("form", "")),
        values=given,
        unsent=unsent(given, forms),
        **public_parts(view, problem),
    )


def _facts(view: OfficerView, session: Session, cases: ReadCase) -> dict[str, object]:
    """Return what the page shows of the case, whoever may do what with it."""
    directory, head, today = cases.directory, view.head, cases.today()
    rows, lift = message_rows(view, directory), lift_parts(view, directory, today)
    answered = view.newest and bool(rows) and rows[-1]["voice"] == "mine"
    turn = turn_of(view, directory, today, deciding=bool(lift["deciding"]), answered=answered)
    return lift | {
        "head": head,
        "subject": heading_of(view),
        "topic": topic_name(head.topic, directory),
        "district": district_name(head.district, directory),
        "holder": directory.agency(head.holder),
        "badges": badges(head, session.viewer),
        "accused": directory.agencies.get(head.accused),
        "renamed": named_otherwise(view, directory),
        "stage": case_stage(head),
        "deadline": deadline_of(head, today, cases.holidays),
        "turn": turn.who,
        "lead": turn.lead,
        "mine": head.holder == session.viewer.agency,
        "second": directory.agency(assisting(head, directory)).name,
        "assists": view.rights.duty is Duty.ASSIST,
        "sorts": view.rights.duty is Duty.SORT,
        "oversees": view.rights.duty is Duty.OVERSEE,
        "messages": rows,
        "older": view.older,
        "newest": view.newest,
        "unmaskings": any(message.kind is EventKind.UNMASK for message in view.messages),
        "others": [{"case_id": one.case_id, "stage": case_stage(one)} for one in view.joined],
        "along": sum(one.open for one in view.joined),
        "moves": [move.value for move in view.rights.moves],
    }


def _rarer(view: OfficerView, session: Session, cases: ReadCase) -> dict[str, object]:
    """Return what only "Lainnya" shows, which takes a query each."""
    viewer, moves = session.viewer, view.rights.moves
    return {
        "colleagues": colleagues(cases.store, viewer, view.head) if Move.ASSIGN in moves else (),
        "reminder": Reminders(cases).of(viewer, view.head.case_id) if Move.NOTE in moves else None,
        "first_reminder": cases.today() + timedelta(days=1),
    }


def _choices(view: OfficerView, cases: ReadCase, forms: Collection[str]) -> dict[str, object]:
    """Return what the forms offer."""
    directory, head, today = cases.directory, view.head, cases.today()
    return {
        "public_work": head.topic in directory.topics and directory.topics[head.topic].public_work,
        "grounds": {ground.value: ground_name(ground) for ground in Ground},
        "targets": view.targets,
        "seconds": view.seconds,
        "proposed": view.proposed,
        "proposals": proposal_rows(view.proposals, directory),
        "because": because(view.proposals),
        "suspects": suspect_rows(view.suspects, directory),
        "outsides": list(outside_targets().values()) if "archive" in forms else [],
        "elsewhere": next((p.outside.code for p in view.proposals[:1] if p.outside), ""),
        "outcomes": [{"code": outcome.value, "name": outcome_name(outcome)} for outcome in Outcome],
        "first_day": max(head.clock.due, today) + timedelta(days=1),
        "last_day": today + timedelta(days=EXTEND_MAX_DAYS),
        **transfer_parts(view, directory),
        **correct_parts(view, directory),
    }


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
    if Move.NOTE in moves:
        moves.append("remind")
    if Move.ASSIGN in moves:
        moves.append("give")
    if Move.UNMASK in moves:
        moves.remove(Move.UNMASK.value)
        moves += [f"unmask-{message.n}" for message in view.shown if message.masked]
    if Move.JOIN in moves and view.into:
        moves.append("part")
    elif Move.JOIN in moves and view.joined:
        moves.remove(Move.JOIN)
    return moves + [form.name for stage in view.stages if (form := FACTS[stage].form)]
