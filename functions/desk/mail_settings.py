"""``GET`` and ``POST /desk/settings`` (``pace``, ``hour``): when an officer's mail leaves."""

from collections.abc import Callable, Mapping

from flask import Response, g, make_response, render_template, request

from functions.actions.officer.mail.mail_choice import MailChoice
from functions.casework.deadlines.digests import Choice
from functions.casework.directory.agencies import Directory
from functions.casework.problems import InvalidInputProblem
from functions.web.forms import fields, wants_json
from functions.web.session import back
from functions.web.wording import spoken

HERE = "/desk/settings"


def mail_views(mail: MailChoice, directory: Directory) -> Mapping[str, Callable[..., Response]]:
    """Return the page, and what keeps a choice and leads back to it."""

    def page(values: Mapping[str, str], problem: InvalidInputProblem | None = None) -> str:
        return render_template(
            "settings.html",
            session=g.session,
            agency=directory.agencies[g.session.viewer.agency],
            hours=[{"code": str(hour), "name": f"{hour:02d}.00"} for hour in mail.hours],
            values=values,
            done=bool(request.args.get("done")),
            errors=spoken(problem.errors) if problem else [],
        )

    def settings() -> Response:
        chosen = mail.read(g.session.viewer)
        if wants_json():
            return make_response(_json(chosen, mail))
        return make_response(page({"pace": chosen.pace.value, "hour": str(chosen.hour)}))

    def choose() -> Response:
        typed = fields()
        try:
            chosen = mail.choose(g.session.viewer, typed.get("pace", ""), typed.get("hour", ""))
        except InvalidInputProblem as problem:
            if wants_json():
                raise
            return make_response(page(typed, problem), problem.status)
        return make_response(_json(chosen, mail)) if wants_json() else back(HERE, done="yes")

    return {"settings": settings, "choose_mail": choose}


def _json(chosen: Choice, mail: MailChoice) -> dict[str, object]:
    return {"pace": chosen.pace.value, "hour": str(chosen.hour), "hours": [str(hour) for hour in mail.hours]}
