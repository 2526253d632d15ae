"""The pages and JSON of the second factor."""

from collections.abc import Mapping
from typing import Protocol

from flask import Response, make_response, render_template

from functions.casework.factors.keyring import NAME_MAX, Keyring
from functions.casework.problems import InvalidInputProblem
from functions.web.factors.acts import Acts, Asked, Half
from functions.web.language import gettext
from functions.web.qr import qr
from functions.web.wording import N_, spoken

DONE = {
    "new": N_("Kunci terpasang. Sejak sekarang link di email saja tidak membuka meja Anda."),
    "rename": N_("Nama kunci tersimpan."),
    "remove": N_("Kunci dihapus. Ia tidak membuka apa pun lagi."),
}


class Door(Protocol):
    """``routes.FactorDoor``."""

    @property
    def name(self) -> str:
        """The first part of its addresses."""

    @property
    def here(self) -> str:
        """Where a half-open session is led."""

    def acts(self) -> Acts:
        """Return its actions."""

    def half(self) -> Half:
        """Return the session of the request."""


def asked_json(asked: Asked) -> dict[str, object]:
    """Return what is asked: ``need`` is "" for an open session."""
    return {
        "need": asked.need.value,
        "passkey": asked.passkey,
        "totp": asked.totp,
        "enrol": asked.enrol,
        "help": asked.help,
        "helper": asked.helper or None,
    }


def secret_json(door: Door, asked: Asked, secret: str) -> dict[str, str]:
    """Return a new TOTP secret, which rests nowhere before its first code."""
    return {"secret": secret, "address": door.acts().enrol.address(secret, asked.officer)}


def keyring_json(keyring: Keyring) -> dict[str, object]:
    """Return an officer's factors, without anything that opens or identifies a device."""
    return {
        "factors": [
            {
                "ident": factor.ident,
                "kind": factor.kind.value,
                "name": factor.name,
                "added": factor.added.isoformat(),
                "used": factor.used.isoformat() if factor.used else None,
                "synced": factor.synced,
            }
            for factor in keyring.factors
        ]
    }


def half_open(door: Door, asked: Asked, problem: InvalidInputProblem | None = None) -> Response:
    """Return the page of a half-open session."""
    page = render_template("factor.html", **_common(door, asked, problem))
    return make_response(page, problem.status if problem else 200)


def enrol(
    door: Door,
    asked: Asked,
    secret: str,
    problem: InvalidInputProblem | None = None,
    typed: Mapping[str, str] | None = None,
) -> Response:
    """Return the page that adds a factor, with ``secret`` in text, as a link and as a picture."""
    address = door.acts().enrol.address(secret, asked.officer)
    page = render_template(
        "factor_new.html",
        **_common(door, asked, problem),
        secret=secret,
        groups=[secret[at : at + 4] for at in range(0, len(secret), 4)],
        otpauth=address,
        picture=qr(address, error="l"),
        values=typed or {},
        name_max=NAME_MAX,
    )
    return make_response(page, problem.status if problem else 200)


def own(
    door: Door,
    session: object,
    asked: Asked,
    keyring: Keyring,
    *,
    done: str = "",
    problem: InvalidInputProblem | None = None,
) -> Response:
    """Return an officer's own list."""
    page = render_template(
        "factors.html",
        **_common(door, asked, problem),
        session=session,
        keyring=keyring,
        said=gettext(DONE[done]) if done in DONE else "",
        name_max=NAME_MAX,
    )
    return make_response(page, problem.status if problem else 200)


def _common(door: Door, asked: Asked, problem: InvalidInputProblem | None) -> dict[str, object]:
    return {
        "door": door.name,
        "here_posts": door.here,
        "half": door.half(),
        "asked": asked,
        "host": door.acts().second.site.host,
        "errors": spoken(problem.errors) if problem else [],
    }
