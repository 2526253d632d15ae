"""One origin on one machine: WhiteNoise serves the frozen portal, and the doors stand behind it by their paths."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any
from wsgiref.headers import Headers

from werkzeug.middleware.dispatcher import DispatcherMiddleware
from whitenoise import WhiteNoise

from functions.casework.formats.web_address import host_of
from functions.config.settings import Settings
from functions.edge.request_filter import Buckets
from functions.edge.request_guard import admitted, cleaned, guarded
from functions.local.door import whole_path
from functions.local.forward import forwarded, kept_bodies, shared
from functions.local.processes import DOORS, PROCESSES
from functions.web.errors import problem_json
from functions.web.file_answer import POLICY as FILE_POLICY
from functions.web.headers import CSP, HSTS, SECURITY
from functions.web.host_check import only_ours

POLICY_HEADER = "Content-Security-Policy"
ATOM = "application/atom+xml"
# How many requests one door may have in hand. All doors together, with those that wait for their turn (``forward``),
# leave a third of the portal's threads to reports: five doors with eight each hold 40 of 64.
AT_ONCE = 4
UNLIMITED = frozenset({"intake"})
OWN_HOST = "@"  # begins the folder of a portal at a host of its own
PORTALS = "portal.json"  # lies in a portal of several instances (site/freeze_nation.py)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def application(settings: Settings, *, dev: bool, away: Mapping[str, Path] | None = None) -> "WSGIApplication":
    """Join portal and doors under one origin.

    ``away`` are the doors that are processes of their own, each with its socket. The others are made here.
    """
    away = away or {}
    doors: dict[str, WSGIApplication] = {}
    for name in DOORS:
        if name == "gateway" and settings.sms_way == "off":
            continue
        line = forwarded(away[name], https=settings.secure) if name in away else None
        for prefix, module in PROCESSES[name].paths.items():
            door = whole_path(line or import_module(module).create_app(settings))
            doors[prefix] = door if name in UNLIMITED else shared(door, AT_ONCE, https=settings.secure)
    if dev:
        from functions.local.dev import create_app as create_dev_app  # noqa: PLC0415 - never imported by `serve`

        doors["/dev"] = whole_path(create_dev_app(settings))
    mounts = {**doors, "/healthz": doors["/api/reports"], "/keluar": doors["/api/reports"]}
    frozen = Portal(settings, mounts)
    app = _secured(guarded(kept_bodies(frozen, https=settings.secure)), tuple(mounts), secure=settings.secure)
    clean = cleaned(app, Buckets(behind_proxy=settings.behind_proxy), mounts)
    if settings.origin_secret:
        return admitted(clean, settings.origin_secret)
    return only_ours(clean, settings.url, frozen.has_host)


@dataclass
class Portal:
    """The frozen portal with the doors behind it.

    WhiteNoise remembers lengths and dates, so the portal is read again after it was frozen again, as a rotation does.
    """

    settings: Settings
    mounts: "dict[str, WSGIApplication]"
    _seen: tuple[int, int] = (0, 0)
    _app: "WSGIApplication | None" = field(default=None, repr=False)
    _hosts: "dict[str, WSGIApplication]" = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self._read()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer from the present portal."""
        host = host_of(f"http://{environ.get('HTTP_HOST', '')}")
        main = self._read()
        return self._hosts.get(host, main)(environ, start_response)

    def has_host(self, host: str) -> bool:
        """Tell whether an instance's portal stands at this host of its own."""
        self._read()
        return host in self._hosts

    def _read(self) -> "WSGIApplication":
        try:
            status = self.settings.portal_dir.stat()
            seen = (status.st_ino, status.st_mtime_ns)
            if self._app is None or seen != self._seen:
                self._app, self._seen = self._load(), seen
        except FileNotFoundError:  # it is being replaced
            if self._app is None:
                raise
        return self._app

    def _load(self) -> "WSGIApplication":
        folder = self.settings.portal_dir
        doors = DispatcherMiddleware(_not_found((folder / "404.html").read_bytes()), self.mounts)
        # A nation's portals are 45,000 files: each is looked for when it is asked for, instead of all at the start.
        several = (folder / PORTALS).exists()
        portal = _files(folder, doors, look_each_time=several)
        # At its own host a portal stands at the root; what all portals share lies behind it.
        own = {each.name.removeprefix(OWN_HOST): each for each in folder.glob(f"{OWN_HOST}*")}
        own.pop(host_of(self.settings.url), None)  # nobody takes the address of the whole portal
        self._hosts = {host: _files(each, portal, look_each_time=True) for host, each in own.items()}
        return portal


def _files(folder: Path, behind: "WSGIApplication", *, look_each_time: bool) -> "WSGIApplication":
    files: WSGIApplication = WhiteNoise(
        behind,
        root=folder,
        autorefresh=look_each_time,
        index_file=True,
        max_age=0,
        allow_all_origins=False,
        immutable_file_test=lambda path, url: url.startswith("/assets/"),
        add_headers_function=_revalidate,
        mimetypes={".txt": "text/plain", ".atom": ATOM, ".xlsx": XLSX},
    )
    return files


def _revalidate(headers: Headers, path: str, url: str) -> None:
    if not url.startswith("/assets/"):
        headers["Cache-Control"] = "no-cache"


def _secured(app: "WSGIApplication", doors: tuple[str, ...], *, secure: bool) -> "WSGIApplication":
    """Add our headers to every answer without its own: the portal's files, and WhiteNoise's redirects and refusals.

    On the paths of ``doors`` the policy is ours whatever the door says, so that one that is taken over cannot serve a
    script of its own: scripts come from the portal's ``/assets/`` alone. Only the policy of files, which runs nothing,
    is left as it is."""
    ours = {**SECURITY, "Cache-Control": "no-store"} | ({"Strict-Transport-Security": HSTS} if secure else {})

    def call(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        at_door = environ["PATH_INFO"].startswith(doors)  # now: the dispatcher splits it

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            known = Headers(list(headers))
            if at_door and known.get(POLICY_HEADER) != FILE_POLICY:
                known[POLICY_HEADER] = door_policy(environ.get("HTTP_HOST", ""))
            for name, value in ours.items():
                known.setdefault(name, value)
            return start_response(status, known.items(), exc_info)

        return app(environ, start)

    return call


def door_policy(host: str) -> str:
    """Return the policy of a door's answers to requests of this host (RFC 9110 §7.2), which was checked before."""
    ours = f"script-src {host}/assets/; worker-src {host}/sw.js"
    return CSP.replace("script-src 'self'", ours) if host else CSP


def _not_found(page: bytes) -> "WSGIApplication":
    problem = problem_json("not_found", 404).get_data()
    answers = {False: (page, "text/html; charset=utf-8"), True: (problem, "application/problem+json")}

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        body, kind = answers["json" in environ.get("HTTP_ACCEPT", "")]
        start_response("404 Not Found", [("Content-Type", kind), ("Content-Length", str(len(body)))])
        return [body]

    return answer
