"""``GET`` and ``POST /desk/factors/team`` (``ident``, ``act``: ``code`` or ``revoke``): who of those that a coordinator
or the inspectorate helps has a second factor, and help for who lost theirs."""

from collections.abc import Callable, Mapping
from datetime import date

from flask import Response, g, make_response, render_template, request

from functions.actions.factors.help_factor import Helped, HelpFactor
from functions.casework.access import Viewer
from functions.casework.factors.standing import helps_somebody
from functions.casework.problems import FieldError, InvalidInputProblem, NotFoundProblem
from functions.web.forms import fields, wants_json
from functions.web.session import back

HERE = "/desk/factors/team"


def team_views(helping: HelpFactor, today: Callable[[], date]) -> Mapping[str, Callable[..., Response]]:
    """Return the page, and what gives a code or ends somebody's factors."""

    def page(code: str = "", ident: str = "") -> str:
        team = sorted(helping.team(g.session.viewer), key=lambda one: bool(one.keyring.factors))  # who has none first
        agencies = helping.directory.agencies
        return render_template(
            "factor_team.html",
            session=g.session,
            agency=agencies[g.session.viewer.agency],
            rows=[_row(one, helping, today()) | {"agency": agencies[one.member.agency].name} for one in team],
            code=code,
            ident=ident,
            done=request.args.get("done") == "revoke",
        )

    def team() -> Response:
        if wants_json():
            return make_response(_json(helping, g.session.viewer, today()))
        return make_response(page())

    def help_team() -> Response:
        typed = fields()
        ident, act, viewer = typed.get("ident", ""), typed.get("act", ""), g.session.viewer
        if not helps_somebody(viewer, helping.directory):
            raise NotFoundProblem
        if act == "code":
            code = helping.give_code(viewer, ident)
            return make_response({"code": code}) if wants_json() else make_response(page(code, ident))
        if act != "revoke":
            raise InvalidInputProblem(FieldError("act", "unknown"))
        helping.revoke(viewer, ident)
        return make_response(_json(helping, viewer, today())) if wants_json() else back(HERE, done="revoke")

    return {"team": team, "help_team": help_team}


def _json(helping: HelpFactor, viewer: Viewer, today: date) -> dict[str, object]:
    rows = [_row(one, helping, today) for one in helping.team(viewer)]
    return {"officers": [row | {name: _day(row[name]) for name in ("since", "until")} for row in rows]}


def _day(found: object) -> str | None:
    return found.isoformat() if isinstance(found, date) else None


def _row(one: Helped, helping: HelpFactor, today: date) -> dict[str, object]:
    """Return an officer's line: how many factors, and where they have none, since when the grace runs and until
    when."""
    member, keyring = one
    last = None if keyring.factors or not keyring.since else helping.policy.last_day(member.role, keyring, today)
    return {
        "ident": member.ident,
        "unit": member.agency,
        "factors": len(keyring.factors),
        "shut": keyring.shut,
        "since": keyring.since if not keyring.factors else None,
        "until": last,
        "over": bool(last and last < today),
    }
