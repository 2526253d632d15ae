"""Everybody whom the product knows, each as a WSGI app: their requests bear what they have, and leave no trace.

A request passes the same filter and guard as on one machine. After a change the store and the files are put back, so
that every request meets the same world.
"""

import json
import os
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from werkzeug.wrappers import Response

from functions.edge.request_filter import Buckets
from functions.edge.request_guard import cleaned, guarded
from functions.gateway.signature import HEADER, sign
from tests.open311.ours import new_key, publish
from tests.security_matrix import Caller, Town
from tests.world import SMS

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SIGNED: Final = "signed"  # in place of the signature, which follows from the body
ACCEPT: Final = ("application/json", "*/*", "text/html")
DOORS: Final = {
    "/api/reports": "intake",
    "/api/thread": "thread",
    "/api/clean": "cleaner",
    "/api/sms": "gateway",
    "/desk": "desk",
    "/custody": "custody",
    "/open311": "open311",
    "/healthz": "intake",
}


class Kept:
    """What the store and the files hold, to be put back."""

    def __init__(self, town: "Village") -> None:
        self.town, self.copy = town, town.folder / "kept.sqlite"
        self._copied(town.folder / "lapor.sqlite", self.copy)
        shutil.copytree(town.blobs.root, town.folder / "kept", copy_function=shutil.copy2)

    def put_back(self) -> None:
        """Undo all that was done since."""
        self._copied(self.copy, self.town.folder / "lapor.sqlite")
        kept = self.town.folder / "kept"
        for root, folders, files in os.walk(kept):
            there = self.town.blobs.root / Path(root).relative_to(kept)
            if {each.name for each in there.iterdir()} != {*folders, *files} if there.exists() else True:
                shutil.rmtree(self.town.blobs.root)
                shutil.copytree(self.town.folder / "kept", self.town.blobs.root)
                return

    @staticmethod
    def _copied(source: Path, target: Path) -> None:
        with closing(sqlite3.connect(source)) as ours, closing(sqlite3.connect(target)) as other:
            ours.backup(other)


class Person:
    """Somebody in a role (``tests.security_matrix.ROLES``), with a cookie at their door and the aggregator's secret."""

    def __init__(self, town: "Village", role: str, kept: "Kept | None" = None) -> None:
        self.town, self.role, self.kept = town, role, kept
        self.caller = Caller(town, role)
        held = self.caller.client._cookies.values() if self.caller.door else ()
        self.cookies = "; ".join(f"{cookie.decoded_key}={cookie.value}" for cookie in held)
        self.asked: Counter[tuple[str, str]] = Counter()
        self.document: dict[str, Any] = {}
        self.doors: dict[str, WSGIApplication] = {path: guarded(town.doors()[name]) for path, name in DOORS.items()}
        self._through = cleaned(self._pass, Buckets(), DOORS)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Ask as this person; the description itself is answered from ``document``."""
        if environ["PATH_INFO"] == "/openapi.json":
            return Response(json.dumps(self.document), mimetype="application/json")(environ, start_response)
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        more = {"wsgi.input": BytesIO(body), "HTTP_ACCEPT": self._accept(environ)}
        if self.cookies:
            more["HTTP_COOKIE"] = self.cookies
        key = f"HTTP_{HEADER.upper().replace('-', '_')}"
        if self.role == "SMS gateway" and environ.get(key) == SIGNED:
            more[key] = sign(SMS, body, self.town.seconds)
        return self._through({**environ, **more}, start_response)

    def _accept(self, environ: "WSGIEnvironment") -> str:
        """In turns what programs ask for, whoever does not say, and browsers, whose forms are no JSON."""
        call = (environ["REQUEST_METHOD"], environ["PATH_INFO"])
        self.asked[call] += 1
        kinds = ACCEPT[:2] if "json" in environ.get("CONTENT_TYPE", "") else ACCEPT
        return kinds[(self.asked[call] - 1) % len(kinds)]

    def _pass(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        door = next((app for prefix, app in self.doors.items() if f"{path}/".startswith(f"{prefix}/")), None)
        response = Response.from_app(door, environ) if door else Response(status=404, mimetype="text/html")
        if self.kept and environ["REQUEST_METHOD"] not in ("GET", "HEAD") and response.status_code < 400:
            self.kept.put_back()
        return response(environ, start_response)


class Village(Town):
    """The demonstration with an app, public reports, two scenes and a reply template."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        publish(self.store)
        key = new_key(self.store)
        self.lived = (self.scene(), self.scene(), key)
        template = {"title": "Jadwal", "text": "Kami periksa minggu ini.", "version": "0"}
        made = Caller(self, "coordinator, before").call("POST /desk/templates/", "", template)
        assert made.status_code == 201, made.text
        self.template = made.get_json()["id"]
