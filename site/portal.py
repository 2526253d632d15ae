"""The frozen portal as a Flask app: everything a visitor downloads, nothing that depends on a request.

``flask --app site/portal.py run`` shows it; ``freeze.py`` turns it into files. ``site/`` is never a package, for
the standard library has a module of that name.
"""

import base64
import hashlib
import json
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

from flask import Flask, Response, current_app, render_template

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
for folder in (str(HERE), str(ROOT)):
    if folder not in sys.path:  # run as a script or by `flask --app`, neither of which knows the project's root
        sys.path.insert(0, folder)

import worker  # noqa: E402 - needs the path above
from barometer import add_pages  # noqa: E402 - likewise
from barometer_shelf import TOP as BAROMETER  # noqa: E402 - likewise
from barometer_shelf import shelf_of  # noqa: E402 - likewise
from consent_words import consent_words  # noqa: E402 - likewise
from file_words import file_words  # noqa: E402 - likewise
from frozen_app import ALONE, Standing, add_files, base_app  # noqa: E402 - likewise
from inputs import published_keys, published_rosters, read_directory  # noqa: E402 - likewise
from name_words import name_words  # noqa: E402 - likewise
from openapi import document  # noqa: E402 - likewise
from public_pages import add_public_pages  # noqa: E402 - likewise
from thread_words import Offices, thread_words  # noqa: E402 - likewise

from functions.casework.barometer.edition import Edition  # noqa: E402 - likewise
from functions.casework.directory.agencies import Directory  # noqa: E402 - likewise
from functions.casework.directory.portal_file import Look  # noqa: E402 - likewise
from functions.casework.formats.attachments import FILE_MB  # noqa: E402 - likewise
from functions.casework.publication import PublicReport  # noqa: E402 - likewise
from functions.crypto.seal.public_keys import Purpose  # noqa: E402 - likewise
from functions.pii import rules  # noqa: E402 - likewise
from functions.pii.measured import measured  # noqa: E402 - likewise
from functions.web import language, layout  # noqa: E402 - likewise
from functions.web.agency_choices import agency_choices  # noqa: E402 - likewise

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
# Reports are about a district, which is a regency's: a province's portal leads there. One that was retired says so.
WITHOUT_PLACES = {"/lapor/": "wilayah.html"}
ROBOTS = "User-agent: *\nDisallow: /api/\nDisallow: /desk/\nDisallow: /custody/\n"
SECURITY_DAYS = 365


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


def security_txt(today: date, contact: str) -> str:
    """RFC 9116, renewed at each freezing. ``contact`` is an e-mail address."""
    expires = today + timedelta(days=SECURITY_DAYS)
    return f"Contact: mailto:{contact}\nExpires: {expires}T00:00:00Z\nPreferred-Languages: id, en\n"


def create_app(
    directory: Directory | None = None,
    public_file: Path | None = None,
    operator: str = "",
    editions: Iterable[Edition] = (),
    reports: Sequence[PublicReport] = (),
    contact: str = SECURITY_CONTACT,
    address: str = "",
    file_mb: int = FILE_MB,
    standing: Standing = ALONE,
    looks: Mapping[str, Look] | None = None,
    offices: Offices | None = None,
) -> Flask:
    """The portal for a directory (the demonstration's, if none is given), a file of public keys, the barometer's
    editions and the public ``reports``. ``operator`` is named in the footer; where none is given, the one
    instance is. ``contact`` is the address for reports of flaws, in ``security.txt``. ``address`` is the portal's
    own (``https://…``), for what others show of it; without it there is nothing to embed. ``file_mb`` is the most MB
    of a file. ``standing`` tells one of several portals from the only one; ``directory`` is its own part then, and
    ``looks`` are those of all, ``offices`` the linked ones of all."""
    directory = directory or read_directory(DEMONSTRATION)
    said = ", ".join(filter(None, (standing.look.operator or operator or directory.owner, standing.look.contact)))
    app = base_app(standing, said, address, file_mb, looks)
    name = standing.look.name or directory.owner
    app.config["OWNER"] = lambda: name
    app.config["PORTALS"] = {standing.code: name}.get
    split = {roster["instance"] for roster in published_rosters(public_file)}
    app.config["NAMES_SPLIT"] = split >= {instance.code for instance in directory.instances()}
    shelf = shelf_of(editions)
    add_pages(app, shelf)
    taken = {BAROMETER} if shelf.editions else set()
    taken |= {path for path in PAGES if standing.code and path.startswith(layout.COMMON)}
    views = {}
    for lang in app.config["LANGUAGES"]:
        for path, template in (PAGES | WITHOUT_PLACES if standing.code and not directory.districts else PAGES).items():
            if path not in taken and language.has_page(path, lang):
                views[layout.place(path, lang)] = view = _page(template, lang, directory, standing)
                app.add_url_rule(layout.place(path, lang), f"{lang} {path}", view)
        told = partial(words_file, directory, lang, offices)
        app.add_url_rule(layout.place("/lacak/kata.json", lang), f"{lang} kata", told)
        add_asked_words(app, lang)
    add_public_pages(app, directory, reports)
    if not standing.code:
        app.add_url_rule("/404.html", "404", _page("404.html", language.DEFAULT, directory))
        add_common_files(app, contact)
    else:
        add_files(app, {"/lapor.css": ("text/css", _own_sheet(standing.look))})
    keys = _add_keys(app, directory, public_file)
    _add_worker(app, views, keys, app.config["LANGUAGES"])
    return app


def _page(template: str, lang: str, directory: Directory, standing: Standing = ALONE) -> Callable[[], str]:
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
            agencies=agency_choices(directory, above=standing.above),
            villages=directory.villages,
            province=standing,
            names_split=current_app.config["NAMES_SPLIT"],
        )

    return view


def words_file(directory: Directory, lang: str, offices: Offices | None) -> Response:
    """The words of ``/lacak/`` with script."""
    return Response(thread_words(directory, lang, offices), mimetype="application/json")


def add_asked_words(app: Flask, lang: str) -> None:
    """Add the words of ``/lacak/`` that are loaded by what is used seldom: questions, names, files."""
    app.add_url_rule(layout.place("/lacak/izin.json", lang), f"{lang} izin", partial(_consent_words, lang))
    app.add_url_rule(layout.place("/lacak/berkas.json", lang), f"{lang} berkas", partial(_file_words, lang))
    app.add_url_rule(layout.place("/lacak/nama.json", lang), f"{lang} nama", partial(_name_words, lang))


def _file_words(lang: str) -> Response:
    """The words of what sends and shows files with script, in the thread and after a report."""
    return Response(file_words(lang, current_app.config["FILE_MB"]), mimetype="application/json")


def _consent_words(lang: str) -> Response:
    return Response(consent_words(lang), mimetype="application/json")


def _name_words(lang: str) -> Response:
    return Response(name_words(lang), mimetype="application/json")


def add_common_files(app: Flask, contact: str) -> None:
    """Add what stands at the root of a host once, also for several portals."""
    published = {hashed: name for name, hashed in hashed_assets().items()}
    today = datetime.now(UTC).date()
    files = {
        "/openapi.json": ("application/json", json.dumps(document(), ensure_ascii=False, indent=1)),
        "/robots.txt": ("text/plain", ROBOTS),
        "/.well-known/security.txt": ("text/plain", security_txt(today, contact)),
    }
    add_files(app, files)

    @app.get("/assets/<name>")
    def asset(name: str) -> Response:
        path = asset_files()[published[name]]
        return Response(published_bytes(path), mimetype=TYPES[path.suffix])


def _own_sheet(look: Look) -> str:
    return look.style(published_bytes(ASSETS / "lapor.css").decode())


def _add_keys(app: Flask, directory: Directory, public_file: Path | None) -> str:
    """Add the keys and the villages; returns what is in ``/keys.json``."""
    instances = [{"code": instance.code, "region": instance.region} for instance in directory.instances()]
    ours = [each["code"] for each in instances]
    keys = {
        "keys": published_keys(public_file, instances=ours),
        "optional_keys": published_keys(public_file, OPTIONAL, ours),
        "rosters": published_rosters(public_file, ours),
        "instances": instances,
    }
    desk = {
        "keys": [{name: text for name, text in key.items() if name != "fingerprint"} for key in keys["keys"]],
        "optional_keys": [],
        "instances": instances,
    }
    files = {
        "/keys-desk.json": ("application/json", json.dumps(desk, separators=(",", ":"))),
        "/keys.json": ("application/json", json.dumps(keys, indent=1)),
        "/desa.json": ("application/json", json.dumps(_villages(directory), separators=(",", ":"))),
    }
    add_files(app, files)
    return files["/keys.json"][1]


def _villages(directory: Directory) -> dict[str, list[str]]:
    """The names of the villages by district. All in one file, so that no request says which district it is about."""
    named: dict[str, list[str]] = {}
    for village in directory.villages.values():
        named.setdefault(village.district, []).append(village.title)
    return named


def _add_worker(app: Flask, views: Mapping[str, Callable[[], str]], keys: str, languages: Iterable[str]) -> None:
    """What makes the portal work without a network, and a phone's home screen know it."""
    kept = [layout.place(path, lang) for lang in languages for path in worker.PAGES]
    names = hashed_assets()

    @app.get("/sw.js")
    def service_worker() -> Response:
        hashes, base = integrity(), layout.base()
        files = {f"/assets/{names[name]}": hashes.get(name, "") for name in worker.FILES}
        contents = [*(views[path]() for path in kept), keys]
        if layout.portal_code():
            contents.append(_own_sheet(app.jinja_env.globals["look"]))
            files = {f"{base}/lapor.css": "", **{name: held for name, held in files.items() if "/lapor." not in name}}
        pages = [base + path for path in (*kept, *worker.KEYS)]
        return Response(worker.worker(files, pages, contents, base), mimetype="text/javascript")

    icons = [(f"/assets/{names['ikon.svg']}", "any", "image/svg+xml")]
    icons += [(f"/assets/{names[f'ikon-{size}.png']}", f"{size}x{size}", "image/png") for size in worker.ICON_SIZES]

    @app.get("/manifest.webmanifest")
    def manifest() -> Response:
        about = worker.manifest(icons, layout.base(), app.config["OWNER"]() if layout.portal_code() else "")
        return Response(about, mimetype="application/manifest+json")
