"""The session of an officer or a custodian, the same at each door behind a signed link: the link in, the cookie, the
form's own token, the way out, and what was written given back where the session is over.

Registers ``POST /<door>/session`` and ``/<door>/session/end``, and guards all other routes. ``g.session`` is the
session.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from flask import Flask, Response, g, make_response, render_template, request

from functions.casework.access import Viewer
from functions.casework.directory.agencies import Role
from functions.casework.problems import (
    CsrfProblem,
    FieldError,
    InvalidInputProblem,
    LinkProblem,
    Problem,
    SignedOutProblem,
)
from functions.web import errors
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


Held = TypeVar("Held", bound=Session)


class SignIn(Protocol[Held]):
    """What turns links into sessions: ``actions.common.sign_in.SignIn``, which stands above this layer."""

    def exchange(self, token: str, cookie: str = "") -> Held:
        """Turn a link into a session. Raises LinkProblem."""

    def session(self, cookie: str) -> Held:
        """Return the session of a cookie. Raises SignedOutProblem, LinkProblem."""

    def sign_out(self, session: Held) -> None:
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
    app: Flask, signin: SignIn[Held], door: OfficerDoor, troubles: Mapping[type[Exception], str], *, https: bool
) -> None:
    """Put a door behind signed links. ``troubles`` as in ``errors.register``."""
    cookie = Cookie(door.name, https=https)
    _give_back(app, door, troubles)

    @app.before_request
    def guard() -> None:
        """Every route but the open ones needs a session, every POST its form's own token."""
        if request.endpoint is None or request.endpoint in door.open_routes:
            return
        g.session = signin.session(cookie.read())
        door.check(g.session.viewer, request.endpoint)
        check_csrf(g.session.csrf)

    @app.post(f"/{door.name}/session")
    def session() -> Response:
        token = fields().get("token", "")
        if not token.strip():
            raise InvalidInputProblem(FieldError("token", "required"))
        found = signin.exchange(token, cookie.read())
        response = _signed_in(found, door)
        cookie.write(response, found.cookie)
        return response

    @app.post(f"/{door.name}/session/end")
    def end() -> Response:
        signin.sign_out(g.session)
        response = make_response({} if wants_json() else _signed_out(door))
        cookie.clear(response)
        return response


def _give_back(app: Flask, door: OfficerDoor, troubles: Mapping[type[Exception], str]) -> None:
    """Signed out, or the store out of reach: nothing of the case can be shown, but what was written comes back."""

    def kept(whole: Response, code: str) -> Response:
        if wants_json():
            return whole
        text = written()
        if not text and not door.kept_empty:
            return whole
        page = {"title": title(code), "says": sentence(code), "written": text, "entrance": door.new_link}
        return make_response(render_template("kept.html", **page), whole.status_code)

    def problem(error: Problem) -> Response:
        return kept(errors.answer(error), error.code)

    def trouble(error: Exception) -> Response:
        code = next(code for kind, code in troubles.items() if isinstance(error, kind))
        return kept(errors.trouble(error, code), code)

    for known in (SignedOutProblem, LinkProblem, CsrfProblem):
        app.register_error_handler(known, problem)
    for kind in troubles:
        app.register_error_handler(kind, trouble)


def _signed_in(session: Session, door: OfficerDoor) -> Response:
    viewer = session.viewer
    if not wants_json():
        return back(door.start(viewer))
    body = {"csrf": session.csrf, "officer": viewer.officer, "agency": viewer.agency}
    return make_response(body | ({"case": viewer.case_id} if viewer.case_id else {}))


def _signed_out(door: OfficerDoor) -> str:
    actions = [{"href": url(door.new_link), "text": gettext(N_("Minta link baru"))}]
    says = [gettext(N_("Link yang tadi Anda pakai tidak berlaku lagi."))]
    return render_template("message.html", title=gettext(N_("Anda sudah keluar")), paragraphs=says, actions=actions)
