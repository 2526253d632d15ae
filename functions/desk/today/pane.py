"""The case beside the list, on a wide screen: ``GET /desk/?open=<tracking id>``. What is done to it is done on its own
page."""

from typing import Any

from flask import request

from functions.actions.common.sign_in import Session
from functions.actions.officer.read_case import ReadCase
from functions.casework.problems import FactsChangedProblem, NotFoundProblem
from functions.desk.conversation import heading_of, message_rows
from functions.desk.today.rows import badges, due_words
from functions.web.forms import case_number
from functions.web.layout import long_date
from functions.web.narration import case_stage, district_name, topic_name


def pane(cases: ReadCase, session: Session) -> dict[str, Any] | None:
    """Return the case that the request opens, as the template shows it; None if it opens none. One that is unknown or
    not for this officer has no ``head``."""
    wanted = request.args.get("open", "")
    if not wanted:
        return None
    try:
        view = cases.read(session.viewer, case_number(wanted))
    except (NotFoundProblem, FactsChangedProblem):
        return {"head": None}
    head, directory = view.head, cases.directory
    about = directory.agencies.get(head.accused)
    return {
        "head": head,
        "subject": heading_of(view),
        "words": view.rights.words,
        "topic": topic_name(head.topic, directory),
        "district": district_name(head.district, directory),
        "holder": directory.agency(head.holder).name,
        "stage": case_stage(head),
        "due": due_words(head, cases.today(), cases.holidays) | {"day": long_date(head.clock.due)},
        "badges": badges(head, session.viewer),
        "about": about.name if about and view.rights.words else "",
        "messages": message_rows(view, directory) if view.rights.words else (),
        "acts": bool(view.rights.moves),
    }
