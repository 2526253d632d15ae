"""Routes that are rarely asked for: their modules are loaded at the first request, so no cold start waits for them.

Flask calls it lazily loading views.
"""
# ruff: noqa: PLC0415 - to load late is what this file is for

from collections.abc import Callable, Mapping
from functools import cache

from flask import Flask, Response, request

from functions.actions.common.sign_in import SignIn
from functions.actions.factors.help_factor import HelpFactor
from functions.actions.officer.case_act import CaseAct
from functions.actions.officer.handle_case import HandleCase
from functions.actions.officer.mandates import Mandates
from functions.actions.officer.read_case import ReadCase
from functions.casework.deadlines.digests import Choice
from functions.desk.acts import Act
from functions.desk.case_page.case import act_rule, act_view

View = Callable[..., Response]
INSTANCE = {
    "instance": ("GET", "/desk/instance/"),
    "unit": ("GET", "/desk/instance/units/<code>"),
    "history": ("GET", "/desk/instance/history/"),
    "trail": ("GET", "/desk/instance/trail.csv"),
    "trail_book": ("GET", "/desk/instance/trail.xlsx"),
    "changes": ("POST", "/desk/instance/changes"),
    "officers": ("POST", "/desk/instance/officers"),
}
TEMPLATES = {
    "list_templates": ("GET", "/desk/templates/"),
    "add": ("POST", "/desk/templates/"),
    "template": ("GET", "/desk/templates/<ident>"),
    "change": ("POST", "/desk/templates/<ident>"),
    "remove": ("POST", "/desk/templates/<ident>/remove"),
}
UNMASK = {
    "unmask": ("POST", "/desk/cases/<tracking_id>/unmask"),
    "unmask_requests": ("GET", "/desk/cases/<tracking_id>/unmask"),
    "unmask_decision": ("POST", "/desk/cases/<tracking_id>/unmask/decision"),
}
BULK = {
    "bulk": ("POST", "/desk/bulk"),
    "bulk_handover": ("POST", "/desk/bulk/handover"),
    "bulk_recall": ("POST", "/desk/bulk/recall"),
    "recall": ("POST", "/desk/cases/<tracking_id>/recall"),
}
QUARANTINE = {"quarantine": ("GET", "/desk/quarantine/"), "archive": ("POST", "/desk/quarantine/archive")}
SP4N = {
    "sp4n": ("POST", "/desk/cases/<tracking_id>/sp4n"),
    "sp4n_file": ("POST", "/desk/cases/<tracking_id>/sp4n/file"),
}
FIGURES = {"figures": ("GET", "/desk/figures/")}
TEAM = {"team": ("GET", "/desk/factors/team"), "help_team": ("POST", "/desk/factors/team")}
MAIL = {"settings": ("GET", "/desk/settings"), "choose_mail": ("POST", "/desk/settings")}


def lazy_routes(
    app: Flask,
    handle: HandleCase,
    signin: SignIn,
    mandates: Mandates,
    objection_days: int,
    timezone: str,
    digest: Choice,
) -> None:
    """Register the routes of ``instance``, ``today.quarantine``, ``case_page.sp4n``, ``figures``, ``reply_templates``,
    ``mail_settings``, ``consent.unmask`` and ``handover.bulk``, and the acts of ``rarer_acts``."""
    act = handle.act

    def helping() -> HelpFactor:
        from functions.actions.factors.help_factor import HelpFactor

        return HelpFactor(act.store, act.directory, mandates.public_keys, signin.now, signin.policy)

    def instance() -> Mapping[str, View]:
        from functions.actions.officer.instance.directory_admin import DirectoryAdmin
        from functions.actions.officer.instance.directory_history import DirectoryHistory
        from functions.actions.officer.instance.request_enrolment import RequestEnrolment
        from functions.desk.instance.admin import history_views, instance_views

        admin = DirectoryAdmin(act, signin.now)
        history = DirectoryHistory(act.store, act.directory)
        return {**instance_views(admin, RequestEnrolment(admin, mandates, helping())), **history_views(history)}

    def figures() -> Mapping[str, View]:
        from functions.actions.officer.figures import ReadFigures
        from functions.desk.figures import figure_views

        return figure_views(ReadFigures(act.store, act.directory))

    def templates() -> Mapping[str, View]:
        from functions.actions.officer.template_admin import TemplateAdmin
        from functions.desk.reply_templates import template_views

        return template_views(TemplateAdmin(act.store, act.directory))

    def mail() -> Mapping[str, View]:
        from functions.actions.officer.mail.mail_choice import MailChoice
        from functions.desk.mail_settings import mail_views

        return mail_views(MailChoice(act.store, digest), act.directory)

    def team() -> Mapping[str, View]:
        from functions.desk.instance.factor_team import team_views

        return team_views(helping(), lambda: signin.today)

    def quarantine() -> Mapping[str, View]:
        from functions.desk.today.quarantine import quarantine_views

        return quarantine_views(handle)

    unmask_routes(app, act)
    sp4n_routes(app, act)
    bulk_routes(app, handle, timezone)
    rarer_acts(app, handle, objection_days)
    _later(app, INSTANCE, instance)
    _later(app, QUARANTINE, quarantine)
    _later(app, FIGURES, figures)
    _later(app, MAIL, mail)
    _later(app, TEAM, team)
    _later(app, TEMPLATES, templates)


def rarer_acts(app: Flask, handle: HandleCase, objection_days: int) -> None:
    """Register the acts of ``consent`` and ``handover``, which say what each takes."""
    act = handle.act

    def lift() -> Mapping[str, Act]:
        from functions.actions.officer.lift_guard import LiftGuard
        from functions.desk.consent.lift import lift_acts

        return lift_acts(LiftGuard(act, objection_days))

    def publication() -> Mapping[str, Act]:
        from functions.actions.officer.publication_draft import PublicationDraft
        from functions.desk.consent.publication import publication_acts

        return publication_acts(PublicationDraft(act))

    def routing() -> Mapping[str, Act]:
        from functions.actions.officer.correct_case import CorrectCase
        from functions.actions.officer.second_unit import SecondUnit
        from functions.actions.officer.transfer import Transfer
        from functions.desk.handover.routing import correct_acts, second_unit_acts, transfer_acts

        return second_unit_acts(SecondUnit(act)) | transfer_acts(Transfer(act)) | correct_acts(CorrectCase(act))

    def custodian() -> Mapping[str, Act]:
        from functions.actions.officer.consent.ask_custodian import AskCustodian
        from functions.desk.consent.custodian import custodian_acts

        return custodian_acts(AskCustodian(act))

    def join() -> Mapping[str, Act]:
        from functions.desk.handover.joined_cases import join_acts

        return join_acts(handle)

    for names, acts in (
        (("lift", "lift/decision"), lift),
        (("publication", "publication/decline"), publication),
        (("second", "transfer", "correct"), routing),
        (("custodian",), custodian),
        (("join",), join),
    ):
        _later(app, {name: ("POST", act_rule(name)) for name in names}, _views(act.cases, acts))


def unmask_routes(app: Flask, act: CaseAct) -> None:
    """Register the act and the views of ``consent.unmask``."""

    def views() -> Mapping[str, View]:
        from functions.actions.officer.unmask import Unmask
        from functions.desk.consent.unmask import unmask_acts, unmask_views

        unmask = Unmask(act)
        return {**unmask_views(unmask), **_views(act.cases, lambda: unmask_acts(unmask))()}

    _later(app, UNMASK, views)


def sp4n_routes(app: Flask, act: CaseAct) -> None:
    """Register the act and the view of ``case_page.sp4n``."""

    def views() -> Mapping[str, View]:
        from functions.actions.officer.case_notes import CaseNotes
        from functions.desk.case_page.sp4n import sp4n_acts, sp4n_views

        notes = CaseNotes(act)
        return {**sp4n_views(notes), **_views(act.cases, lambda: sp4n_acts(notes))()}

    _later(app, SP4N, views)


def bulk_routes(app: Flask, handle: HandleCase, timezone: str) -> None:
    """Register the views and the act of ``handover.bulk``, and give templates its ``handed_now``."""

    def views() -> Mapping[str, View]:
        from functions.desk.handover.bulk import bulk_views, recall_acts

        return {**bulk_views(handle, timezone), **_views(handle.act.cases, lambda: recall_acts(handle))()}

    def handed_now() -> Mapping[str, object]:
        if "~" not in request.args.get("done", ""):  # ``next_case.OF``
            return {}
        from functions.desk.handover.bulk import handed_now

        return handed_now(handle, timezone)

    app.jinja_env.globals["handed_now"] = handed_now
    _later(app, BULK, views)


def _views(cases: ReadCase, acts: Callable[[], Mapping[str, Act]]) -> Callable[[], Mapping[str, View]]:
    return lambda: {name: act_view(cases, one) for name, one in acts().items()}


def _later(app: Flask, rules: Mapping[str, tuple[str, str]], views: Callable[[], Mapping[str, View]]) -> None:
    made = cache(views)

    def view(**parts: str) -> Response:
        return made()[str(request.endpoint)](**parts)

    for name, (method, rule) in rules.items():
        app.add_url_rule(rule, name, view, methods=[method])
