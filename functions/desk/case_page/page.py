"""The page of a case, and its tabs: what officers do most stands in a tab of its own, the rest under "Lainnya"."""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from secrets import token_hex
from typing import NamedTuple

from flask import render_template, request

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
from functions.casework.problems import Problem
from functions.casework.routing.propose import outside_targets
from functions.casework.stages import FACTS, Duty, Move
from functions.desk.acts import said
from functions.desk.case_page.facts import deadline_of, named_otherwise, turn_of
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
from functions.desk.today.rows import badges
from functions.web.kept_input import key_for, told, unsent
from functions.web.language import gettext
from functions.web.narration import case_stage, district_name, outcome_name, topic_name
from functions.web.unmask_words import ground_name
from functions.web.wording import N_

ANSWER, MORE = "answer", "more"
PEOPLE = frozenset({"note", "publish", "publish-decline", "lift", "custodian", "oversight", "recuse", "sp4n"})
UNMASK = "unmask-"


class Tab(NamedTuple):
    """A tab: the value of ``?do=`` that shows it, its title, and the forms in it."""

    name: str
    title: str
    forms: tuple[str, ...]


class Groups(NamedTuple):
    """Which groups of forms "Lainnya" has: about this case, about people and publicity."""

    case: bool
    people: bool


def tabs_of(forms: Sequence[str], duty: Duty | None) -> tuple[Tab, ...]:
    """Return the tabs for these forms, the usual next step first. A sorting desk hands over first; for a unit, handing
    back is rare."""
    passes = (Duty.SORT, Duty.OVERSEE)
    first = {
        "decision": (N_("Putuskan"), ("decision",)),
        "handover": (N_("Teruskan") if duty is Duty.SORT else N_("Pindahkan"), ("handover",) if duty in passes else ()),
        ANSWER: (N_("Jawab"), ("reply", "attach")),
        "ask": (N_("Tanya"), ("ask",)),
        "close": (N_("Tutup"), ("close",)),
    }
    found = [
        Tab(name, gettext(title), there)
        for name, (title, names) in first.items()
        if (there := tuple(form for form in names if form in forms)) and there != ("attach",)
    ]
    taken = {form for tab in found for form in tab.forms} | {"attach"}
    rest = tuple(form for form in forms if form not in taken)
    return (*found, *((Tab(MORE, gettext(N_("Lainnya")), rest),) if rest else ()))


def chosen(tabs: Sequence[Tab], wanted: str) -> Tab:
    """Return the tab of this name, or the one with the form of this name; else the first, and an empty tab for none."""
    found = (tab for tab in tabs if wanted == tab.name or wanted in tab.forms)
    return next(found, tabs[0] if tabs else Tab("", "", ()))


def groups_of(forms: Collection[str]) -> Groups:
    """Return which groups these forms of "Lainnya" fill."""
    people = {form for form in forms if form in PEOPLE or form.startswith(UNMASK)}
    return Groups(case=bool(set(forms) - people), people=bool(people))


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
