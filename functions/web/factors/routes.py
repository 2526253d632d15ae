"""``/<door>/factor`` (the half-open session's page and what opens it), ``/<door>/factor/new`` (add a factor) and
``/<door>/factors`` (an officer's own).

All but the last read nothing but what the officer has: they work with a session that is half open.
"""

from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, Response, g, make_response, request

from functions.casework.factors.keyring import Kind
from functions.casework.factors.standing import Need
from functions.casework.problems import InvalidInputProblem, NotAllowedProblem, NotFoundProblem, SignedOutProblem
from functions.web.factors import pages
from functions.web.factors.acts import Acts, Half
from functions.web.forms import fields, wants_json
from functions.web.session import back

HALF_OPEN = frozenset(
    {"factor", "give_factor", "factor_challenge", "factor_by_help", "new_factor", "add_factor", "end"}
)


@dataclass(frozen=True, slots=True)
class FactorDoor:
    """A door, as these routes know it: its ``name``, what gives its actions, ``half`` the session of the request, and
    ``signed_in`` answers it, once it is open."""

    name: str
    acts: Callable[[], Acts]
    half: Callable[[], Half]
    signed_in: Callable[[Half], Response]

    @property
    def here(self) -> str:
        """Where a half-open session is led."""
        return f"/{self.name}/factor"


def factor_routes(app: Flask, door: FactorDoor) -> None:
    """Register all. The guard of ``officer_session`` lets half-open sessions into ``HALF_OPEN`` alone."""
    _opening(app, door)
    _helped(app, door)
    _enrolling(app, door)
    _own(app, door)


def _opening(app: Flask, door: FactorDoor) -> None:

    @app.get(door.here)
    def factor() -> Response:
        asked = door.acts().second.asked(door.half())
        if asked.need is Need.NOTHING and not door.half().opened:
            raise SignedOutProblem  # ops ask for less than when the link was used: it opens once more
        if wants_json():
            return make_response(pages.asked_json(asked))
        if asked.need is Need.NOTHING:
            return door.signed_in(door.half())
        return back(f"{door.here}/new") if asked.need is Need.ENROL else pages.half_open(door, asked)

    @app.post(door.here)
    def give_factor() -> Response:
        typed, half, second = fields(), door.half(), door.acts().second
        try:
            if typed.get("signature"):
                opened = second.by_passkey(half, typed)
            else:
                opened = second.by_totp(half, typed.get("code", ""))
        except InvalidInputProblem as problem:
            if wants_json():
                raise
            return pages.half_open(door, second.asked(half), problem)
        return door.signed_in(opened)


def _helped(app: Flask, door: FactorDoor) -> None:
    @app.post(f"{door.here}/help")
    def factor_by_help() -> Response:
        second = door.acts().second
        try:
            helped = second.by_help(door.half(), fields().get("help", ""))
        except InvalidInputProblem as problem:
            if wants_json():
                raise
            return pages.half_open(door, second.asked(door.half()), problem)
        return make_response(pages.asked_json(second.asked(helped))) if wants_json() else back(f"{door.here}/new")

    @app.post(f"{door.here}/challenge")
    def factor_challenge() -> Response:
        fields()  # none is read, and a body that is no request of ours is refused as everywhere
        second, half = door.acts().second, door.half()
        asked, keyring = second.asked(half), second.keyring(half)
        return make_response(
            {
                "challenge": urlsafe_b64encode(second.challenge(half)).decode().rstrip("="),
                "host": second.site.host,
                "credentials": [factor.ident for factor in keyring.of_kind(Kind.PASSKEY)],
                "user": urlsafe_b64encode(asked.handle).decode().rstrip("="),
                "name": asked.officer,
            }
        )


def _enrolling(app: Flask, door: FactorDoor) -> None:
    @app.get(f"{door.here}/new")
    def new_factor() -> Response:
        asked = door.acts().second.asked(door.half())
        if not asked.enrol:
            if wants_json() or asked.need is Need.NOTHING:
                raise NotAllowedProblem
            return back(door.here)
        secret = door.acts().enrol.new_secret()
        return (
            make_response(pages.secret_json(door, asked, secret)) if wants_json() else pages.enrol(door, asked, secret)
        )

    @app.post(f"{door.here}/new")
    def add_factor() -> Response:
        typed, (second, enrol) = fields(), door.acts()
        try:
            add = enrol.add_passkey if typed.get("public") else enrol.add_totp
            half = add(door.half(), typed)
        except InvalidInputProblem as problem:
            if wants_json():
                raise
            again = typed.get("secret") or enrol.new_secret()
            return pages.enrol(door, second.asked(door.half()), again, problem, typed)
        return door.signed_in(half) if wants_json() else back(f"/{door.name}/factors", done="new")


def _own(app: Flask, door: FactorDoor) -> None:
    @app.get(f"/{door.name}/factors")
    def factors() -> Response:
        second = door.acts().second
        asked, keyring = second.asked(door.half()), second.keyring(door.half())
        if wants_json():
            return make_response(pages.keyring_json(keyring))
        return pages.own(door, g.session, asked, keyring, done=request.args.get("done", ""))

    @app.post(f"/{door.name}/factors")
    def change_factor() -> Response:
        typed, (second, enrol) = fields(), door.acts()
        half, ident, act = door.half(), typed.get("ident", ""), typed.get("act", "")
        try:
            if act == "rename":
                enrol.rename(half, ident, typed.get("name", ""))
            elif act == "remove":
                enrol.remove(half, ident)
            else:
                raise NotFoundProblem
        except InvalidInputProblem as problem:
            if wants_json():
                raise
            return pages.own(door, g.session, second.asked(half), second.keyring(half), problem=problem)
        if wants_json():
            return make_response(pages.keyring_json(second.keyring(half)))
        return back(f"/{door.name}/factors", done=act)
