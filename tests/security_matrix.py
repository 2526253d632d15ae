"""Who may call what: every route of every door, called by every role, as docs/security-matrix.md shows it.

The routes are read from the doors' own maps. Each cell is the status of a real call, rightly filled in. After a call
that changed something the next one meets everything as it stood before (``Saved``): to make three cases with their
photos anew each time took nine tenths of the time. Write the file anew with ``python -m tests.security_matrix``.
"""

import json
import re
import shutil
import sqlite3
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import cache, cached_property
from io import BytesIO
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory
from typing import Any, Final
from unittest.mock import patch

from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from functions.actions.common import append
from functions.casework.directory.agencies import Officer, Role
from functions.crypto.sign.links import Link
from functions.crypto.sign.mint import sign_link
from functions.gateway.signature import HEADER, sign
from functions.open311.app import make_app as make_open311
from tests.cleaning import PATH, posted
from tests.open311.ours import new_key, place_of
from tests.room import in_memory
from tests.trust import REASON, TrustWorld
from tests.whole.test_conflict_paths import CASE_ROUTES, rules
from tests.world import NUMBER, SMS

FILE: Final = Path(__file__).resolve().parents[1] / "docs" / "security-matrix.md"
JSON: Final = {"Accept": "application/json"}
HOLDER, OTHER, ACCUSED = "kutim-dlh", "kutim-dishub", "kutim-dpupr"
# Who asks: the column's heading, the office and the role of those who have a seat.
SEATS: Final[Mapping[str, tuple[str, Role | None]]] = {
    "unit that holds": (HOLDER, None),
    "other unit": (OTHER, None),
    "accused unit": (ACCUSED, None),
    "coordinator, before": ("kutim", Role.COORDINATOR),
    "coordinator, after": ("kutim", Role.COORDINATOR),
    "inspector": ("kutim-inspektorat", Role.INSPECTOR),
    "overseer": ("kutim", Role.OVERSEER),
    "centre": ("pusat", Role.CENTRE),
    "custodian": ("kutim-inspektorat", Role.CUSTODIAN),
    "clerk": ("kutim-diskominfo", Role.CLERK),
}
WORDS: Final = "Lampu jalan mati sejak dua minggu. Hubungi saya di 0812-5550-1990."
PHOTO: Final = "2"  # its number among the events
CLEAN_ONCE: Final = cache(append.clean)  # the same photo each time
ROLES: Final = ("nobody", "reporter, own", "reporter, other's", "app", "SMS gateway", *SEATS)
THREAD_BODIES: Final[Mapping[str, Mapping[str, str]]] = {
    "POST /api/thread/messages": {"body": "Masih gelap.", "message_key": "ab" * 16},
    "POST /api/thread/verdict": {"verdict": "belum", "reason": REASON},
    "POST /api/thread/appeal": {"reason": REASON},
    "POST /api/thread/withdraw": {"reason": REASON, "sure": "yes"},
    "POST /api/thread/object": {"reason": REASON},
    "POST /api/thread/files": {"file_key": "ab" * 16},
    "POST /api/thread/identity": {"name": "Siti Khayalan", "contact": "siti@surat.example.id"},
    "POST /api/thread/identity/object": {"reason": REASON},
    "POST /api/thread/publication/change": {"reason": REASON},
}
DESK_BODIES: Final[Mapping[str, Mapping[str, str]]] = {
    "POST /desk/templates/": {"title": "Jadwal", "text": "Kami periksa minggu ini."},
    "POST /desk/links": {"email": "tidak-ada@example.id"},
    "POST /desk/links/again": {"token": "tidak.ada"},
    "POST /desk/settings": {"pace": "digest", "hour": "9"},
    "POST /custody/links": {"email": "tidak-ada@example.id"},
    "POST /custody/key": {"public": b64encode(bytes(1216)).decode(), "vouch": b64encode(bytes(32)).decode()},
    "POST /custody/key/locks": {"credential": "AAAA", "locked": b64encode(bytes(61)).decode()},
    "POST /custody/key/vouch": {"roster": "00" * 8, "signature": b64encode(bytes(64)).decode()},
}


@dataclass
class Scene:
    """Two cases of one accused unit: at the coordinator's, and handed to a unit that has asked nothing yet."""

    waiting: tuple[str, str]
    handed: tuple[str, str]
    stranger: tuple[str, str]


class Town(TrustWorld):
    """The demonstration, with all its doors and one officer of each kind."""

    @cached_property
    def open311(self) -> Flask:
        return make_open311(place_of(self))

    def doors(self) -> dict[str, Flask]:
        """Every door's app by its folder's name."""
        own = {"intake": self.intake, "thread": self.thread, "cleaner": self.cleaner, "gateway": self.gateway}
        apps: dict[str, Flask] = {name: client.application for name, client in own.items()}
        return apps | {"desk": self.desk_app, "custody": self.custody_app, "open311": self.open311}

    def token(self, officer: Officer) -> str:
        """A link of the courier's key, used by nobody yet."""
        place = (officer.agency, officer.role, "kutim", "")
        link = Link(token_hex(16), officer.ident, *place, self.seconds - 60, self.seconds + 86400)
        return sign_link(link, next(iter(self.deliver.officers.link_keys.keys.values())))

    def scene(self) -> Scene:
        """Two new cases, and one of somebody else."""
        cases = [self.entrusted(about_agency=ACCUSED, body=WORDS) for _ in range(3)]
        with patch.object(append, "clean", CLEAN_ONCE):
            for receipt, _ in cases:
                photo = {"receipt": receipt, "file": (picture(), "x.png"), "file_key": token_hex(8)}
                assert self.thread.post("/api/thread/files", data=photo, headers=JSON).status_code == 201
        coordinator = Caller(self, "coordinator, after")
        answer = coordinator.call(
            "POST /desk/cases/<tracking_id>/handover", cases[1][1], {"agency": HOLDER, "reason": REASON}
        )
        assert answer.status_code == 200, answer.text
        return Scene(*cases)


class Saved:
    """All that a town keeps, as it stood at one moment: its tables and its files."""

    def __init__(self, town: Town) -> None:
        self.store, self.blobs, self.files = town.folder / "lapor.sqlite", town.blobs.root, town.folder / "blobs.saved"
        self.tables = sqlite3.connect(":memory:")
        self.save()

    def save(self) -> None:
        """Take what stands there now for what ``put_back`` brings."""
        with closing(sqlite3.connect(self.store)) as live:
            live.backup(self.tables)
        shutil.rmtree(self.files, ignore_errors=True)
        shutil.copytree(self.blobs, self.files)

    def close(self) -> None:
        """Give the memory back."""
        self.tables.close()

    def put_back(self) -> None:
        """Undo all that was done since."""
        with closing(sqlite3.connect(self.store)) as live:
            self.tables.backup(live)
        shutil.rmtree(self.blobs)
        shutil.copytree(self.files, self.blobs)


class Caller:
    """Somebody with all that their role has: a receipt, a seat at desk or custody, an app's key, or nothing."""

    def __init__(self, town: Town, role: str) -> None:
        self.town, self.role = town, role
        self.door, self.csrf, self.officer = "", "", None
        if role in SEATS:
            agency, kind = SEATS[role]
            self.officer = town.officer(agency, kind)
            self.door = "custody" if kind is Role.CUSTODIAN else "desk"
            self.client = town.doors()[self.door].test_client()
            session = self.client.post(f"/{self.door}/session", json={"token": town.token(self.officer)}, headers=JSON)
            self.csrf = session.get_json()["csrf"]

    def call(self, route: str, case_id: str, typed: Mapping[str, str]) -> Any:
        """Call a route as this role does."""
        method, rule = route.split(" ", 1)
        door = next(name for name, app in self.town.doors().items() if route in rules(app))
        path = filled(rule, case_id)
        seated = door == self.door
        client: FlaskClient = self.client if seated else self.town.doors()[door].test_client()
        if method == "GET":
            return client.get(path, headers=JSON)
        headers = JSON | ({"X-CSRF-Token": self.csrf} if seated else {})
        if route == f"POST {PATH}":
            body, kind = posted(picture().read())
            return client.post(path, data=body, content_type=kind, headers=headers)
        if route.endswith("/files"):
            form = {**typed, "file": (picture(), "x.png")}
            return client.post(path, data=form | ({"csrf_token": self.csrf} if seated else {}), headers=headers)
        if self.role == "SMS gateway" and door == "gateway":
            raw = json.dumps({"gateway_id": token_hex(4), "from": NUMBER, "text": "KUTIM lampu mati"}).encode()
            signed = {HEADER: sign(SMS, raw, self.town.seconds), "Content-Type": "application/json"}
            return client.post(path, data=raw, headers=signed)
        if door == "open311":
            return client.post(path, data=typed, headers=headers)
        return client.post(path, json=typed, headers=headers)


def picture() -> BytesIO:
    """A small photo."""
    out = BytesIO()
    Image.new("RGB", (32, 32), "green").save(out, "PNG")
    out.seek(0)
    return out


def filled(rule: str, case_id: str) -> str:
    """A rule's path with a case's number, the first file, a unit and a format in it."""
    path = rule.replace("<tracking_id>", case_id).replace("<any(xml, json):fmt>", "json")
    known = {"<code>": HOLDER, "<int:n>": PHOTO}
    return re.sub(r"<[^>]*>", lambda found: known.get(found[0], "1"), path)


def body(town: Town, route: str, caller: Caller, place: tuple[str, str], key: str) -> dict[str, str]:
    """What a role sends to a route: the right words, with what it has of its own."""
    receipt, case_id = place
    typed = dict(CASE_ROUTES.get(route, [{}])[0]) | DESK_BODIES.get(route, {}) | THREAD_BODIES.get(route, {})
    typed = {n.replace("<tracking_id>", case_id): text.replace("<tracking_id>", case_id) for n, text in typed.items()}
    if route.endswith("/handover"):
        typed["agency"] = HOLDER if caller.role.startswith("coordinator") else "kutim"
    if route == "POST /api/reports":
        return town.fields()
    if route.endswith("/session") and caller.officer:
        typed["token"] = town.token(caller.officer)
    if "/api/thread" in route and (caller.role.startswith("reporter") or caller.officer):
        typed["receipt"] = receipt if caller.role.startswith("reporter") else case_id
    if "open311" in route and caller.role == "app":
        typed |= {"api_key": key, "service_code": "lampu-jalan", "description": "Lampu mati di depan sekolah."}
        typed |= {"address_string": "Jalan Pendidikan 7", "attribute[district]": "64.08.04"}
    return typed


def cells(town: Town) -> Iterator[tuple[str, str, list[int]]]:
    """Each door and route with the statuses that the roles get, in the order of ``ROLES``."""
    key, scene = new_key(town.store), town.scene()
    callers = {role: Caller(town, role) for role in ROLES}
    with patch.object(append, "clean", CLEAN_ONCE), closing(Saved(town)) as before:
        for door, app in sorted(town.doors().items()):
            for route in sorted(rules(app), key=lambda r: (r.split(" ", 1)[1], r)):
                row: list[int] = []
                for role in ROLES:
                    place = {"coordinator, before": scene.waiting, "reporter, other's": scene.handed}.get(
                        role, scene.handed
                    )
                    if role == "reporter, other's":  # the receipt of another case, and this one's number
                        place = (scene.stranger[0], scene.handed[1])
                    answer = callers[role].call(route, place[1], body(town, route, callers[role], place, key))
                    row.append(answer.status_code)
                    check_secrets(answer, role, scene)
                    if "/session" in route:
                        callers[role] = Caller(town, role)
                        before.save()
                    elif not route.startswith("GET") and answer.status_code < 400:
                        before.put_back()
                yield door, route, row


def check_secrets(answer: Any, role: str, scene: Scene) -> None:
    """See that no answer to a role names a receipt that is not its own, and none to a stranger the case's number."""
    if role == "reporter, other's":
        assert scene.handed[1].encode() not in answer.data, "another's receipt led to this case"
    for receipt, _ in (scene.waiting, scene.handed, scene.stranger):
        assert receipt.encode() not in answer.data or role.startswith("reporter"), f"{role} was told a receipt"


HEAD = """# Who may call what?

Written by `python -m tests.security_matrix`; `tests/whole/test_security_matrix.py` calls every route anew and compares.
What the columns and numbers mean: [security-review.md](security-review.md#how-to-read-the-matrix).

{count} routes of {doors} doors, {roles} roles, {cells} calls.
"""


def written(rows: list[tuple[str, str, list[int]]]) -> str:
    """The matrix as Markdown, a table for each door."""
    doors = sorted({door for door, _, _ in rows})
    text = HEAD.format(count=len(rows), doors=len(doors), roles=len(ROLES), cells=len(rows) * len(ROLES))
    for door in doors:
        text += f"\n## {door}\n\n| route | {' | '.join(ROLES)} |\n|---|{'---|' * len(ROLES)}\n"
        for route, row in ((route, row) for its, route, row in rows if its == door):
            text += f"| `{route}` | {' | '.join(map(str, row))} |\n"
    return text


def matrix() -> list[tuple[str, str, list[int]]]:
    """Call everything in a demonstration of its own."""
    with TemporaryDirectory(dir=in_memory()) as folder:
        return list(cells(Town(Path(folder))))


if __name__ == "__main__":
    FILE.write_text(written(matrix()))
