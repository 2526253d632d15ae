"""The desk's routes that are asked for seldom.

What they need is loaded when somebody first asks for one of them, and no cold start waits for it (Flask's own name for
it is lazily loading views).
"""
# ruff: noqa: PLC0415 - to load late is what this file is for

from collections.abc import Callable, Mapping
from functools import cache

from flask import Flask, Response, request

from functions.actions.common.sign_in import SignIn
from functions.actions.officer.case_notes import Mark

View = Callable[..., Response]
Act = Callable[[str, dict[str, str]], dict[str, object]]
Answer = Callable[[str, Act, int, str], Response]
INSTANCE = {
    "instance": ("GET", "/desk/instance/"),
    "unit": ("GET", "/desk/instance/units/<code>"),
    "trail": ("GET", "/desk/instance/trail.csv"),
    "changes": ("POST", "/desk/instance/changes"),
    "officers": ("POST", "/desk/instance/officers"),
}
TEMPLATES = {
    "shelf": ("GET", "/desk/templates/"),
    "add": ("POST", "/desk/templates/"),
    "template": ("GET", "/desk/templates/<ident>"),
    "change": ("POST", "/desk/templates/<ident>"),
    "remove": ("POST", "/desk/templates/<ident>/remove"),
}
LIFTS = {
    "lift": ("POST", "/desk/cases/<tracking_id>/lift"),
    "decision": ("POST", "/desk/cases/<tracking_id>/lift/decision"),
}
PUBLICATION = {
    "publish": ("POST", "/desk/cases/<tracking_id>/publication"),
    "decline_publication": ("POST", "/desk/cases/<tracking_id>/publication/decline"),
}
TOGETHER = {
    "second": ("POST", "/desk/cases/<tracking_id>/second"),
    "join": ("POST", "/desk/cases/<tracking_id>/join"),
}


def rare_routes(app: Flask, handle: Mark, signin: SignIn, answer: Answer, objection_days: int) -> None:
    """The routes of ``desk.instance``, ``figures``, ``shelf``, ``lifts``, ``publication``, ``together`` and
    ``transfers``, which say what each takes."""

    def instance() -> Mapping[str, View]:
        from functions.actions.officer.directory_admin import Tend
        from functions.actions.officer.request_enrolment import Enlist
        from functions.desk.instance import instance_views

        tend = Tend(handle, signin.now)
        return instance_views(tend, Enlist(tend, signin.public_keys))

    def figures() -> Mapping[str, View]:
        from functions.actions.officer.figures import Survey
        from functions.desk.figures import figure_views

        return figure_views(Survey(handle.store, handle.directory))

    def templates() -> Mapping[str, View]:
        from functions.desk.shelf import template_views

        return template_views(handle)

    def lifts() -> Mapping[str, View]:
        from functions.actions.officer.lift_guard import Lifting
        from functions.desk.lifts import lift_views

        return lift_views(Lifting(handle, objection_days), answer)

    def publication() -> Mapping[str, View]:
        from functions.actions.officer.publication_draft import Clearing
        from functions.desk.cleared import publication_views

        return publication_views(Clearing(handle), answer)

    def together() -> Mapping[str, View]:
        from functions.desk.together import together_views

        return together_views(handle, answer)

    def transfers() -> Mapping[str, View]:
        from functions.actions.officer.transfer import Transfer
        from functions.desk.transfers import transfer_views

        return transfer_views(Transfer(handle, signin.public_keys), answer)

    _later(app, INSTANCE, instance)
    _later(app, {"figures": ("GET", "/desk/figures/")}, figures)
    _later(app, TEMPLATES, templates)
    _later(app, LIFTS, lifts)
    _later(app, PUBLICATION, publication)
    _later(app, TOGETHER, together)
    _later(app, {"move": ("POST", "/desk/cases/<tracking_id>/transfer")}, transfers)


def _later(app: Flask, rules: Mapping[str, tuple[str, str]], views: Callable[[], Mapping[str, View]]) -> None:
    made = cache(views)

    def view(**parts: str) -> Response:
        return made()[str(request.endpoint)](**parts)

    for name, (method, rule) in rules.items():
        app.add_url_rule(rule, name, view, methods=[method])
