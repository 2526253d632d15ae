"""Reply templates: a coordinator keeps those of the instance, and officers begin an answer with one."""

from collections.abc import Callable, Mapping

from flask import Response, g, make_response, render_template, request

from functions.actions.common.sign_in import Session
from functions.actions.officer.read_case import ReadCase
from functions.actions.officer.reply_templates import TemplateList
from functions.actions.officer.template_admin import TemplateAdmin
from functions.casework.directory.agencies import Directory
from functions.casework.problems import ChangedListProblem, FieldError, InvalidInputProblem, Problem
from functions.casework.reply_templates import BLANKS, TEMPLATES_MAX, TEXT_MAX, TITLE_MAX, Template
from functions.desk.acts import Typed
from functions.desk.case_page.page import case_page
from functions.web.forms import fields, wants_json
from functions.web.kept_input import told
from functions.web.language import gettext
from functions.web.narration import topic_name
from functions.web.session import back
from functions.web.wording import N_

LIST = "/desk/templates/"
DONE = {
    "add": N_("Contoh jawaban ditambahkan."),
    "change": N_("Contoh jawaban diubah."),
    "remove": N_("Contoh jawaban dihapus."),
}


def template_views(templates: TemplateAdmin) -> Mapping[str, Callable[..., Response]]:
    """``GET`` and ``POST /desk/templates/`` (``title``, ``topic``, ``text``, ``version``), the same below it with a
    template's ident, and ``POST …/remove`` (``version``)."""

    def list_templates() -> Response:
        standing = templates.all(g.session.viewer)
        if wants_json():
            return make_response(_list_json(standing))
        return make_response(_page(templates.directory, standing))

    def template(ident: str) -> Response:
        standing, one = templates.one(g.session.viewer, ident)
        if wants_json():
            return make_response(_template_json(one) | {"version": standing.version})
        return make_response(_page(templates.directory, standing, one))

    def add() -> Response:
        typed = fields()
        return _save(templates, lambda version: templates.add(g.session.viewer, typed, version), "add", typed)

    def change(ident: str) -> Response:
        typed, viewer = fields(), g.session.viewer
        return _save(templates, lambda version: templates.change(viewer, ident, typed, version), "change", typed, ident)

    def remove(ident: str) -> Response:
        viewer = g.session.viewer
        return _save(templates, lambda version: templates.remove(viewer, ident, version), "remove", fields(), ident)

    return {"list_templates": list_templates, "template": template, "add": add, "change": change, "remove": remove}


def filled_in(cases: ReadCase, session: Session, case_id: str, typed: Typed) -> Response:
    """Return the case's page with a template put below what was typed so far; nothing is sent."""
    view = cases.read(session.viewer, case_id)
    chosen = typed.get("template", "")
    found = next((template.text for template in view.templates if template.ident == chosen), None)
    if found is None:
        problem = InvalidInputProblem(FieldError("template", "template_gone" if chosen else "pick_template"))
        return make_response(case_page(view, session, cases, problem=problem, typed=typed), problem.status)
    before = typed.get("body", "").rstrip()
    given = typed | {"body": f"{before}\n\n{found}" if before else found}
    return make_response(case_page(view, session, cases, done="fill", typed=given))


def _save(templates: TemplateAdmin, act: Callable[[str], str], done: str, typed: Typed, ident: str = "") -> Response:
    """Do it, and go back to the list; with a problem, show what was typed beside the list as it stands now."""
    try:
        made = act(typed.get("version", ""))
    except Problem as problem:
        if wants_json():
            raise
        standing = templates.all(g.session.viewer)
        one = next((template for template in standing.templates if template.ident == ident), None)
        gone = ChangedListProblem() if ident and one is None else problem  # removed meanwhile: offered anew
        return make_response(_page(templates.directory, standing, one, problem=gone, typed=typed), gone.status)
    if not wants_json():
        return back(LIST, done=done)
    return make_response({"id": made}, 201 if done == "add" else 200)


def _page(
    directory: Directory,
    standing: TemplateList,
    one: Template | None = None,
    *,
    problem: Problem | None = None,
    typed: Typed | None = None,
) -> str:
    session, topics, done = g.session, directory.topics, request.args.get("done", "")
    standing_words = {"title": one.title, "topic": one.topic, "text": one.text} if one else {}
    return render_template(
        "template.html" if one else "templates.html",
        session=session,
        agency=directory.agencies[session.viewer.agency],
        version=standing.version,
        one=one,
        rows=[
            {"ident": t.ident, "title": t.title, "topic": topic_name(t.topic, directory)} for t in standing.templates
        ],
        topics=[{"code": code, "name": topic_name(code, directory)} for code in topics],
        blanks=" ".join(f"{{{name}}}" for name in BLANKS),
        most={"title": TITLE_MAX, "text": TEXT_MAX, "templates": TEMPLATES_MAX},
        done=gettext(DONE[done]) if done in DONE else "",
        errors=told(problem, ""),
        values=typed if typed and "text" in typed else standing_words,
    )


def _list_json(standing: TemplateList) -> dict[str, object]:
    return {"version": standing.version, "templates": [_template_json(t) for t in standing.templates]}


def _template_json(template: Template) -> dict[str, object]:
    return {"id": template.ident, "title": template.title, "topic": template.topic, "text": template.text}
