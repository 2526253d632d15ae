"""The session of an officer or a custodian, the same at each door behind a signed link: the link in, the second factor,
the cookie, the form's own token, the way out, and what was written given back where the session is over.

Registers ``POST /<door>/session``, ``/<door>/session/end`` and the routes of ``web.factors``, and guards all others.
``g.session`` is the session, and is open. A route for half-open sessions has ``g.half`` alone, which has no viewer.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol, TypeVar

from flask import Flask, Response, g, make_response, render_template, request

from functions.casework.access import Viewer
from functions.casework.directory.agencies import Role
from functions.casework.problems import (
    CsrfProblem,
    FactorProblem,
    FieldError,
    InvalidInputProblem,
    LinkProblem,
    NotFoundProblem,
    Problem,
    SignedOutProblem,
)
from functions.web import errors
from functions.web.factors.acts import Acts
from functions.web.factors.pages import asked_json
from functions.web.factors.routes import HALF_OPEN, FactorDoor, factor_routes
from functions.web.forms import fields, wants_json
from functions.web.kept_input import written
from functions.web.language import gettext
from functions.web.layout import url
from functions.web.session import Cookie, back, check_csrf
from functions.web.wording import N_, sentence, title


class Session(Protocol):
    """A session as this module needs it."""

    @property
    def viewer(self) -> Viewer:
        """Whose it is."""

    @property
    def cookie(self) -> str:
        """For the officer's browser alone."""

    @property
    def csrf(self) -> str:
        """For every form."""

    @property
    def grace(self) -> date | None:
        """The last day on which the link alone opens it, if that ends."""


class Half(Protocol):
    """A session as the second factor's routes need it, open or not."""

    @property
    def cookie(self) -> str:
        """For the officer's browser alone."""

    @property
    def csrf(self) -> str:
        """For every form."""

    @property
    def opened(self) -> bool:
        """Whether it is open."""


SENT_AGAIN = frozenset({"link_used", "link_expired"})  # the link tells whose it was
Held_co = TypeVar("Held_co", bound=Session, covariant=True)
HalfHeld = TypeVar("HalfHeld", bound=Half)


class SignIn(Protocol[Held_co, HalfHeld]):
    """What turns links into sessions: ``actions.common.sign_in.SignIn``, which stands above this layer."""

    def exchange(self, token: str, cookies: Sequence[str] = ()) -> HalfHeld:
        """Turn a link into a session, open or half open. Raises LinkProblem."""

    def session(self, cookie: str) -> Held_co:
        """Return the open session of a cookie. Raises SignedOutProblem, LinkProblem, FactorProblem."""

    def half_open(self, cookie: str) -> HalfHeld:
        """Return the session of a cookie, open or half open. Raises SignedOutProblem, LinkProblem."""

    def opened(self, half: HalfHeld) -> Held_co:
        """Return a session that was just read or opened. Raises FactorProblem if it is half open."""

    def sign_out(self, session: HalfHeld) -> None:
        """End the session."""


def _any_route(viewer: Viewer, endpoint: str) -> None:
    """Refuse nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerDoor:
    """What differs from door to door.

    ``name`` begins its addresses and names its cookie; ``new_link`` is the page that asks for a link; ``open_routes``
    are the endpoints that need no session. ``starts`` says where a role's session starts, if not at the case or the
    list of cases. ``check`` may refuse an endpoint to a viewer. ``kept_empty``: its own page answers a lost session
    also if nothing was written.
    """

    name: str
    new_link: str
    open_routes: frozenset[str]
    starts: Mapping[Role, str] = field(default_factory=dict)
    check: Callable[[Viewer, str], None] = _any_route
    kept_empty: bool = False

    def start(self, viewer: Viewer) -> str:
        """Return the page that a session starts with."""
        case_id = viewer.case_id
        return self.starts.get(viewer.role) or (f"/{self.name}/cases/{case_id}" if case_id else f"/{self.name}/")


def officer_session(
    app: Flask,
    signin: SignIn[Session, HalfHeld],
    door: OfficerDoor,
    troubles: Mapping[type[Exception], str],
    *,
    https: bool,
    factors: Callable[[], Acts] | None = None,
) -> None:
    """Put a door behind signed links and a second factor, whose actions ``factors`` gives; without it a half-open
    session stays one. ``troubles`` as in ``errors.register``."""
    cookie = Cookie(door.name, https=https)
    _give_back(app, door, troubles)
    _guard(app, signin, door, cookie)
    _session_routes(app, signin, door, cookie, factors)

    def half() -> HalfHeld:
        found: HalfHeld = g.half if "half" in g else signin.half_open(cookie.read())
        return found

    def signed_in(half: HalfHeld) -> Response:
        return _signed_in(signin.opened(half), door)

    if factors:
        factor_routes(app, FactorDoor(door.name, factors, half, signed_in))


def _guard(app: Flask, signin: SignIn[Session, HalfHeld], door: OfficerDoor, cookie: Cookie) -> None:
    @app.before_request
    def guard() -> None:
        """Every route but the open ones needs a session, and an open one but for those of the second factor; every POST
        its form's own token."""
        if request.endpoint is None or request.endpoint in door.open_routes:
            return
        if request.endpoint in HALF_OPEN:
            g.half = signin.half_open(cookie.read())
            check_csrf(g.half.csrf)
            return
        g.session = signin.session(cookie.read())
        door.check(g.session.viewer, request.endpoint)
        check_csrf(g.session.csrf)


def _session_routes(
    app: Flask,
    signin: SignIn[Session, HalfHeld],
    door: OfficerDoor,
    cookie: Cookie,
    factors: Callable[[], Acts] | None,
) -> None:
    @app.post(f"/{door.name}/session")
    def session() -> Response:
        token = fields().get("token", "")
        if not token.strip():
            raise InvalidInputProblem(FieldError("token", "required"))
        try:
            found = signin.exchange(token, cookie.sessions())
        except LinkProblem as error:
            if wants_json() or error.code not in SENT_AGAIN:
                raise
            page = {"title": title(error.code), "says": sentence(error.code), "token": token}
            return make_response(render_template("again.html", **page), error.status)
        response = _signed_in(signin.opened(found), door) if found.opened else _to_factor(found, door, factors)
        cookie.add(response, found.cookie)
        return response

    @app.post(f"/{door.name}/session/end")
    def end() -> Response:
        signin.sign_out(g.half)
        response = make_response({} if wants_json() else _signed_out(door))
        cookie.clear(response)
        return response


def _to_factor(found: Half, door: OfficerDoor, factors: Callable[[], Acts] | None) -> Response:
    """Answer a link that leads to a half-open session: what is wanted now, or the way to that page."""
    if not wants_json():
        return back(f"/{door.name}/factor")
    if factors is None:
        raise FactorProblem
    asked = factors().second.asked(found)
    return make_response({"csrf": found.csrf, "officer": asked.officer, "factor": asked_json(asked)})


def _give_back(app: Flask, door: OfficerDoor, troubles: Mapping[type[Exception], str]) -> None:
    """Signed out, the case gone elsewhere, or the store out of reach: nothing of it can be shown, but what was written
    comes back."""

    def kept(whole: Response, code: str) -> Response:
        if wants_json():
            return whole
        text = written()
        if not text and not door.kept_empty and code != FactorProblem.code:
            return whole
        page = {"title": title(code), "says": sentence(code), "written": text, "entrance": url(door.new_link)}
        page |= _on_to_factor(door) if code == FactorProblem.code else {}
        return make_response(render_template("kept.html", **page), whole.status_code)

    def problem(error: Problem) -> Response:
        if isinstance(error, FactorProblem) and request.method == "GET" and not wants_json():
            return back(f"/{door.name}/factor")
        return kept(errors.answer(error), error.code)

    def trouble(error: Exception) -> Response:
        code = next(code for kind, code in troubles.items() if isinstance(error, kind))
        return kept(errors.trouble(error, code), code)

    def gone(error: NotFoundProblem) -> Response:
        return kept(errors.answer(error), error.code) if written() else errors.answer(error)

    for known in (FactorProblem, SignedOutProblem, LinkProblem, CsrfProblem):
        app.register_error_handler(known, problem)
    app.register_error_handler(NotFoundProblem, gone)
    for kind in troubles:
        app.register_error_handler(kind, trouble)


def _on_to_factor(door: OfficerDoor) -> dict[str, str]:
    return {"entrance": f"/{door.name}/factor", "button": gettext(N_("Buka dengan kunci kedua"))}


def _signed_in(session: Session, door: OfficerDoor) -> Response:
    viewer = session.viewer
    if not wants_json():
        return back(door.start(viewer))
    body = {"csrf": session.csrf, "officer": viewer.officer, "agency": viewer.agency}
    body |= {"case": viewer.case_id} if viewer.case_id else {}
    return make_response(body | ({"grace": session.grace.isoformat()} if session.grace else {}))


def _signed_out(door: OfficerDoor) -> str:
    actions = [{"href": url(door.new_link), "text": gettext(N_("Minta link baru"))}]
    says = [gettext(N_("Link yang tadi Anda pakai tidak berlaku lagi."))]
    return render_template("message.html", title=gettext(N_("Anda sudah keluar")), paragraphs=says, actions=actions)
