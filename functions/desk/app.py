"""The desk door: officers come in by a signed link; each feature registers its own routes (DESIGN §8)."""

from collections.abc import Callable
from pathlib import Path
from secrets import token_bytes
from urllib.parse import urlencode

from flask import Flask, Response, make_response, render_template, request

from functions.actions.common.sign_in import SignIn
from functions.actions.common.trouble_codes import TROUBLES
from functions.actions.officer.handle_case import HandleCase
from functions.actions.officer.mail.request_link import RequestLink
from functions.actions.officer.mandates import Mandates
from functions.casework.access import Viewer
from functions.casework.deadlines.digests import STANDARD, Choice
from functions.casework.directory.agencies import Role
from functions.casework.problems import FieldError, InvalidInputProblem, NotFoundProblem
from functions.crypto.sign.counter_passes import Passes
from functions.desk.case_page.case import case_routes
from functions.desk.case_page.case_acts import case_act_routes
from functions.desk.counter import COUNTER, counter_routes
from functions.desk.lazy_routes import lazy_routes
from functions.desk.today.inbox import inbox_routes
from functions.web.door import make_door
from functions.web.factors.acts import Acts
from functions.web.forms import UPLOAD_MAX_BYTES, fields, wants_json
from functions.web.language import DEFAULT, LANGUAGES, current, gettext
from functions.web.officer_session import OfficerDoor, officer_session
from functions.web.wording import N_, spoken

TEMPLATES = Path(__file__).parent / "templates"
GONE = ("done", "lang")  # what a page says once is not said again
OWN = frozenset({"end", "factors", "change_factor"})  # everybody's


def _check_counter(viewer: Viewer, endpoint: str) -> None:
    """Clerks get the counter, their own keys and the way out, and nothing else; others get no counter. A clerk's
    browser is sent from the desk to the counter. Raises NotFoundProblem."""
    sent_on = endpoint == "inbox" and not wants_json()
    if (viewer.role is Role.CLERK) != (endpoint == "counter") and endpoint not in OWN and not sent_on:
        raise NotFoundProblem


DOOR = OfficerDoor(
    name="desk",
    new_link="/masuk/",
    open_routes=frozenset({"session", "links", "again", "healthz"}),
    starts={Role.CLERK: COUNTER},
    check=_check_counter,
)


def make_app(
    handle: HandleCase,
    signin: SignIn,
    mandates: Mandates,
    *,
    https: bool,
    operator: str = "",
    objection_days: int = 3,
    passes: Passes | None = None,
    timezone: str = "Asia/Makassar",
    digest: Choice = STANDARD,
    factors: Callable[[], Acts] | None = None,
) -> Flask:
    """Return the desk door. ``objection_days``: see ``actions.officer.lift_guard``. ``passes`` are those the intake
    knows; without them, passes hold in this process alone. ``timezone`` is that of the hours that pages name;
    ``digest`` holds for officers who chose nothing about their mail. ``factors`` gives what is done with second
    factors."""
    app = make_door(
        __name__,
        TROUBLES,
        https=https,
        max_bytes=UPLOAD_MAX_BYTES,
        templates=TEMPLATES,
        operator=operator,
        file_mb=handle.file_mb,
    )
    officer_session(app, signin, DOOR, TROUBLES, https=https, factors=factors)

    request_link = RequestLink(mandates, handle.act.directory)

    @app.post("/desk/links")
    def links() -> Response:
        try:
            request_link(fields().get("email", ""), fields().get("door", ""))
        except InvalidInputProblem as error:
            if wants_json():
                raise
            page = render_template("ask_link.html", values=fields(), errors=spoken(error.errors))
            return make_response(page, error.status)
        return make_response(({}, 202) if wants_json() else (_link_asked(), 202))

    @app.post("/desk/links/again")
    def again() -> Response:
        token = fields().get("token", "")
        if "." not in token:  # a mark of every signed token; whether it is ours, the answer does not tell
            raise InvalidInputProblem(FieldError("token", "link_forged"))
        if link := signin.owner(token):
            request_link.again(link)
        return make_response(({}, 202) if wants_json() else (_link_asked(), 202))

    cases = handle.act.cases
    counter_routes(app, cases.directory, passes or Passes(token_bytes(32)))
    _desk_links(app)
    inbox_routes(app, cases)
    case_routes(app, cases)
    case_act_routes(app, handle)
    lazy_routes(app, handle, signin, mandates, objection_days, timezone, digest)
    return app


def desk_link(path: str, **query: str) -> str:
    """Return a path with its parameters, without the empty ones, and with the language if it is not Indonesian."""
    wanted = {name: value for name, value in query.items() if value}
    if current() != DEFAULT:
        wanted["lang"] = current()
    return f"{path}?{urlencode(wanted)}" if wanted else path


def other_language() -> str:
    """Return the address of this page in the other language; "" for the answer to a form."""
    if request.method != "GET":
        return ""
    other = next(lang for lang in LANGUAGES if lang != current())
    wanted = {name: value for name, value in request.args.items() if name not in GONE} | {"lang": other}
    return f"{request.path}?{urlencode(wanted)}"


def _desk_links(app: Flask) -> None:
    """Give them to the templates."""
    app.jinja_env.globals.update(desk_link=desk_link, other_language=other_language)


def _link_asked() -> str:
    """The same answer whether or not the address is an officer's."""
    says = [
        gettext(N_("Bila alamat itu terdaftar sebagai petugas, email berisi link masuk sedang dikirim.")),
        gettext(N_("Dalam satu jam hanya satu link dikirim ke alamat yang sama.")),
        gettext(N_("Belum datang setelah beberapa menit? Periksa folder spam, atau hubungi koordinator Anda.")),
    ]
    return render_template("message.html", title=gettext(N_("Periksa email Anda")), paragraphs=says, actions=[])
