"""The frozen portal as a Flask app: everything a visitor downloads, nothing that depends on a request.

``flask --app site/portal.py run`` shows it; ``freeze.py`` turns it into files. ``site/`` is never a package, for
the standard library has a module of that name.
"""

import base64
import hashlib
import json
import re
import sys
import tomllib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

from flask import Flask, Response, current_app, render_template
from werkzeug.routing import Rule

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
for folder in (str(HERE), str(ROOT)):
    if folder not in sys.path:  # run as a script or by `flask --app`, neither of which knows the project's root
        sys.path.insert(0, folder)

import worker  # noqa: E402 - needs the path above
from barometer import add_pages  # noqa: E402 - likewise
from barometer_shelf import TOP as BAROMETER  # noqa: E402 - likewise
from barometer_shelf import shelf_of  # noqa: E402 - likewise
from openapi import document  # noqa: E402 - likewise
from public_pages import add_public_pages  # noqa: E402 - likewise
from thread_words import thread_words  # noqa: E402 - likewise

from functions.casework.barometer.edition import Edition, read_edition  # noqa: E402 - likewise
from functions.casework.consent.roster import roster_json  # noqa: E402 - likewise
from functions.casework.directory.agencies import Directory  # noqa: E402 - likewise
from functions.casework.directory.check import directory_from_mapping  # noqa: E402 - likewise
from functions.casework.formats.attachments import FILE_MB  # noqa: E402 - likewise
from functions.casework.publication import PublicReport  # noqa: E402 - likewise
from functions.crypto.errors import KeyringError  # noqa: E402 - likewise
from functions.crypto.ops.key_directory import KeyDirectory  # noqa: E402 - likewise
from functions.crypto.seal.public_keys import Purpose  # noqa: E402 - likewise
from functions.pii import rules  # noqa: E402 - likewise
from functions.pii.measured import measured  # noqa: E402 - likewise
from functions.storage.registers.publications import decode_public, in_order  # noqa: E402 - likewise
from functions.web import language, layout  # noqa: E402 - likewise
from functions.web.agency_choices import agency_choices  # noqa: E402 - likewise
from functions.web.door import MatchedOnly  # noqa: E402 - likewise

DEMONSTRATION = ROOT / "infra" / "demo" / "kutai-timur.toml"
ASSETS = HERE / "assets"
HASH_DIGITS = 10
SECURITY_CONTACT = "keamanan@example.id"  # invented; the setting of the same name replaces it
TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
}
NOT_HELD = (".css", ".png", ".svg")  # no page holds these to a hash
OPTIONAL = (Purpose.IDENTITY, Purpose.COURIER)  # what a reporter may add: who he is, and where to send notices
PAGES = {
    "/": "beranda.html",
    "/lapor/": "form.html",
    "/lapor/bagian/": "bagian.html",
    "/lapor/loket/": "bagian_loket.html",
    "/lapor/antrean/": "antrean.html",
    "/lacak/": "lookup.html",
    "/barometer/": "barometer.html",
    "/privasi/": "privasi.html",
    "/bantuan/": "bantuan.html",
    "/masuk/": "enter.html",
    "/masuk/kustodian/": "kustodian.html",
}
ROBOTS = "User-agent: *\nDisallow: /api/\nDisallow: /desk/\nDisallow: /custody/\n"
SECURITY_DAYS = 365


def read_directory(path: Path) -> Directory:
    """The directory in a TOML or a JSON file. Raises DirectoryError, OSError, or ValueError for what is neither."""
    read = json.loads if path.suffix == ".json" else tomllib.loads
    return directory_from_mapping(read(path.read_text()))


def read_publications(path: Path | None) -> tuple[PublicReport, ...]:
    """The public reports in a JSON file, in the order of the pages; none where there is no file. Raises OSError, or
    ValueError for what holds none."""
    if path is None:
        return ()
    try:
        return in_order(decode_public(json.loads(path.read_text())))
    except (KeyError, TypeError) as error:
        raise ValueError(f"{path} holds no public reports: {error!r}") from error


def read_editions(folder: Path | None) -> tuple[Edition, ...]:
    """The barometer's editions in a folder, one JSON file each; none without a folder. Raises EditionError, OSError, or
    ValueError for what is no JSON."""
    files = sorted(folder.glob("*.json")) if folder else []
    return tuple(read_edition(json.loads(path.read_text())) for path in files)


def asset_files() -> dict[str, Path]:
    """Every asset by its name, and where it is kept."""
    return {path.name: path for path in sorted(ASSETS.iterdir())}


def published_bytes(path: Path) -> bytes:
    """An asset as it is published: style sheets without their comments and line breaks, all others as they are."""
    if path.suffix != ".css":
        return path.read_bytes()
    return re.sub(r"/\*.*?\*/|\n *|(?<=}) ", "", path.read_text(), flags=re.DOTALL).encode()


def hashed_assets() -> dict[str, str]:
    """The published name of every asset: ``lapor.css`` → ``lapor.<first digits of its SHA-256>.css``."""
    names = {}
    for path in asset_files().values():
        digest = hashlib.sha256(published_bytes(path)).hexdigest()[:HASH_DIGITS]
        names[path.name] = f"{path.stem}.{digest}{path.suffix}"
    return names


def integrity() -> dict[str, str]:
    """What a browser is to hold scripts and their data to: ``segel.js`` → ``sha256-…``."""
    return {
        name: f"sha256-{base64.b64encode(hashlib.sha256(published_bytes(path)).digest()).decode()}"
        for name, path in asset_files().items()
        if path.suffix not in NOT_HELD
    }


def published_keys(public_file: Path | None, purposes: Collection[Purpose] = (Purpose.DESK,)) -> list[dict[str, str]]:
    """The current public keys of these purposes for ``/keys.json``; none where there is no file yet.

    Only a KeyDirectory's own ``public.json`` is read. Raises KeyringError where it is missing or damaged.
    """
    if public_file is None:
        return []
    directory = KeyDirectory(public_file.parent)
    if directory.public_file.name != public_file.name:
        raise KeyringError(f"{public_file} is not called {directory.public_file.name}")
    known = directory.public()
    return [
        {
            "purpose": purpose.value,
            "instance": instance,
            "key_id": key_id,
            "fingerprint": _grouped(hashlib.sha256(known.keys[key_id]).hexdigest()),
            "public": base64.b64encode(known.keys[key_id]).decode(),
        }
        for (purpose, instance), key_id in known.current.items()
        if purpose in purposes
    ]


def published_rosters(public_file: Path | None) -> list[dict[str, object]]:
    """The rosters of custodians for ``/keys.json``. Raises KeyringError as ``published_keys``."""
    rosters = KeyDirectory(public_file.parent).public().rosters if public_file else {}
    return [roster_json(roster) for roster in rosters.values()]


def security_txt(today: date, contact: str) -> str:
    """RFC 9116, renewed at each freezing. ``contact`` is an e-mail address."""
    expires = today + timedelta(days=SECURITY_DAYS)
    return f"Contact: mailto:{contact}\nExpires: {expires}T00:00:00Z\nPreferred-Languages: id, en\n"


class Place(MatchedOnly):
    """A rule of the portal. An address is only made of one with arguments; two thousand others stand in it as they
    are."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:  # noqa: FBT001, FBT002 - Werkzeug's own
        # Werkzeug has no other hook than this private one: see MatchedOnly.
        return Rule._compile_builder(self, append_unknown) if self.arguments else super()._compile_builder()  # noqa: SLF001 - as said


class Portal(Flask):
    """The Flask app of the frozen pages."""

    url_rule_class = Place


def create_app(
    directory: Directory | None = None,
    public_file: Path | None = None,
    operator: str = "",
    editions: Iterable[Edition] = (),
    reports: Sequence[PublicReport] = (),
    contact: str = SECURITY_CONTACT,
    address: str = "",
    file_mb: int = FILE_MB,
) -> Flask:
    """The portal for a directory (the demonstration's, if none is given), a file of public keys, the barometer's
    editions and the public ``reports``. ``operator`` is named in the footer; where none is given, the one
    instance is. ``contact`` is the address for reports of flaws, in ``security.txt``. ``address`` is the portal's
    own (``https://…``), for what others show of it; without it there is nothing to embed. ``file_mb`` is the most MB
    of a file."""
    directory = directory or read_directory(DEMONSTRATION)
    app = Portal("portal", root_path=str(HERE), template_folder="pages", static_folder=None)
    app.config["OPERATOR"] = operator or directory.owner
    app.config["FILE_MB"] = file_mb
    app.config["OWNER"] = lambda: directory.owner
    split = {roster["instance"] for roster in published_rosters(public_file)}
    app.config["NAMES_SPLIT"] = split >= {instance.code for instance in directory.instances()}
    layout.prepare(app)
    app.jinja_env.globals["portal"] = address.rstrip("/")
    shelf = shelf_of(editions)
    add_pages(app, shelf)
    pages = {path: template for path, template in PAGES.items() if path != BAROMETER or not shelf.editions}
    views = {}
    for lang in language.LANGUAGES:
        for path, template in pages.items():
            views[layout.url(path, lang)] = view = _page(template, lang, directory)
            app.add_url_rule(layout.url(path, lang), f"{lang} {path}", view)
    add_public_pages(app, directory, reports)
    app.add_url_rule("/404.html", "404", _page("404.html", language.DEFAULT, directory))
    for lang in language.LANGUAGES:
        told = partial(_thread_words, directory, lang)
        app.add_url_rule(layout.url("/lacak/kata.json", lang), f"{lang} kata", told)
    keys = _add_files(app, directory, public_file, contact)
    _add_worker(app, views, keys)
    return app


def _page(template: str, lang: str, directory: Directory) -> Callable[[], str]:
    def view() -> str:
        language.use(lang)
        return render_template(
            template,
            values={},
            errors=[],
            topics=directory.topics.values(),
            districts=directory.districts.values(),
            categories=rules.categories(),
            measured=measured(),
            agencies=agency_choices(directory),
            villages=directory.villages,
            names_split=current_app.config["NAMES_SPLIT"],
        )

    return view


def _thread_words(directory: Directory, lang: str) -> Response:
    return Response(thread_words(directory, lang), mimetype="application/json")


def _fixed(text: str, mimetype: str) -> Callable[[], Response]:
    return lambda: Response(text, mimetype=mimetype)


def _add_files(app: Flask, directory: Directory, public_file: Path | None, contact: str) -> str:
    """The files; returns what is in ``/keys.json``."""
    published = {hashed: name for name, hashed in hashed_assets().items()}
    today = datetime.now(UTC).date()
    keys = {
        "keys": published_keys(public_file),
        "optional_keys": published_keys(public_file, OPTIONAL),
        "rosters": published_rosters(public_file),
        "instances": [{"code": instance.code, "region": instance.region} for instance in directory.instances()],
    }
    desk = {
        "keys": [{name: text for name, text in key.items() if name != "fingerprint"} for key in keys["keys"]],
        "optional_keys": [],
        "instances": keys["instances"],
    }
    files = {
        "/keys-desk.json": ("application/json", json.dumps(desk, separators=(",", ":"))),
        "/keys.json": ("application/json", json.dumps(keys, indent=1)),
        "/desa.json": ("application/json", json.dumps(_villages(directory), separators=(",", ":"))),
        "/openapi.json": ("application/json", json.dumps(document(), ensure_ascii=False, indent=1)),
        "/robots.txt": ("text/plain", ROBOTS),
        "/.well-known/security.txt": ("text/plain", security_txt(today, contact)),
    }
    for path, (mimetype, text) in files.items():
        app.add_url_rule(path, path.replace(".", "_"), _fixed(text, mimetype))

    @app.get("/assets/<name>")
    def asset(name: str) -> Response:
        path = asset_files()[published[name]]
        return Response(published_bytes(path), mimetype=TYPES[path.suffix])

    return files["/keys.json"][1]


def _villages(directory: Directory) -> dict[str, list[str]]:
    """The names of the villages by district. All in one file, so that no request says which district it is about."""
    named: dict[str, list[str]] = {}
    for village in directory.villages.values():
        named.setdefault(village.district, []).append(village.title)
    return named


def _add_worker(app: Flask, views: Mapping[str, Callable[[], str]], keys: str) -> None:
    """What makes the portal work without a network, and a phone's home screen know it."""
    kept = [layout.url(path, lang) for lang in language.LANGUAGES for path in worker.PAGES]
    names = hashed_assets()

    @app.get("/sw.js")
    def service_worker() -> Response:
        hashes = integrity()
        files = {f"/assets/{names[name]}": hashes.get(name, "") for name in worker.FILES}
        contents = [*(views[path]() for path in kept), keys]
        return Response(worker.worker(files, [*kept, *worker.KEYS], contents), mimetype="text/javascript")

    icons = [(f"/assets/{names['ikon.svg']}", "any", "image/svg+xml")]
    icons += [(f"/assets/{names[f'ikon-{size}.png']}", f"{size}x{size}", "image/png") for size in worker.ICON_SIZES]
    about = worker.manifest(icons)
    app.add_url_rule("/manifest.webmanifest", "manifest", _fixed(about, "application/manifest+json"))


def _grouped(digits: str) -> str:
    return " ".join(digits[i : i + 4] for i in range(0, len(digits), 4))
