"""The page "Kunci Anda" of a custodian, and the calls of its script: keys, locked seeds, the vouch."""

from base64 import b64encode

from flask import Flask, Response, g, make_response, render_template

from functions.actions.custodian.own_key import OwnKey, OwnKeys
from functions.casework.consent.roster import Roster, roster_json
from functions.casework.directory.agencies import Directory
from functions.custody.shares import decoded
from functions.web.forms import fields, wants_json


def key_routes(app: Flask, keys: OwnKeys) -> None:
    """Register the page and its calls."""

    @app.get("/custody/key")
    def own_key() -> Response:
        found = keys.read(g.session.viewer)
        if wants_json():
            return make_response(_key_json(found))
        return make_response(_page(found, keys.directory))

    @app.post("/custody/key")
    def put_key() -> Response:
        typed = fields()
        public, vouch = (decoded(name, typed.get(name, "")) for name in ("public", "vouch"))
        keys.put_key(g.session.viewer, public, vouch)
        return make_response({})

    @app.post("/custody/key/locks")
    def put_lock() -> Response:
        typed = fields()
        credential, locked = (decoded(name, typed.get(name, "")) for name in ("credential", "locked"))
        keys.put_lock(g.session.viewer, credential, locked)
        return make_response({})

    @app.post("/custody/key/vouch")
    def vouch() -> Response:
        typed = fields()
        signature = decoded("signature", typed.get("signature", ""))
        keys.vouch(g.session.viewer, typed.get("roster", ""), signature)
        return make_response({})


def _key_json(found: OwnKey) -> dict[str, object]:
    own = found.own
    return {
        "instance": found.instance,
        "agency": found.agency,
        "roster": roster_json(found.roster) if found.roster else None,
        "proposed": roster_json(found.proposed) if found.proposed else None,
        "vouched": found.vouched,
        "own": {
            "public": _text(own.candidate.public),
            "vouch": _text(own.candidate.vouch),
            "locks": [{"credential": _text(one.credential), "locked": _text(one.locked)} for one in own.locks],
        }
        if own
        else None,
    }


def _page(found: OwnKey, directory: Directory) -> str:
    own = found.own
    member = found.roster.of(found.agency) if found.roster else None
    stands = own is not None and member is not None and member.public == own.candidate.public
    return render_template(
        "own_key.html",
        session=g.session,
        agency=directory.agencies[found.agency],
        found=found,
        stands=stands,
        rows=_rows(found.roster, directory),
        waiting=_rows(found.proposed, directory),
    )


def _rows(roster: Roster | None, directory: Directory) -> list[dict[str, object]]:
    members = roster.members if roster else ()
    names = directory.agencies
    return [
        {"x": m.x, "name": names[m.agency].name if m.agency in names else m.agency, "print": m.fingerprint}
        for m in members
    ]


def _text(raw: bytes) -> str:
    return b64encode(raw).decode()
