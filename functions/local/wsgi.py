"""One origin on one machine: WhiteNoise serves the frozen portal, and the doors stand behind it by their paths."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from wsgiref.headers import Headers

from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.middleware.http_proxy import ProxyMiddleware
from whitenoise import WhiteNoise

from functions.config.settings import Settings
from functions.desk import main as desk
from functions.edge.request_filter import Buckets
from functions.edge.request_guard import admitted, cleaned, guarded
from functions.gateway import main as gateway
from functions.intake import main as intake
from functions.open311 import main as open311
from functions.thread import main as thread
from functions.web.door import offline_door
from functions.web.headers import HSTS, SECURITY
from functions.web.host_check import only_ours

PROXY_SECONDS = 30
ATOM = "application/atom+xml"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def application(settings: Settings, *, dev: bool, custody_port: int = 0) -> "WSGIApplication":
    """Join portal and doors under one origin. The custody door is a separate process, behind ``custody_port``."""
    doors: dict[str, WSGIApplication] = {
        "/api/reports": intake.create_app(settings),
        "/api/thread": thread.create_app(settings),
        "/desk": desk.create_app(settings),
        "/open311": open311.create_app(settings),
    }
    if settings.sms_way != "off":
        doors["/api/sms"] = gateway.create_app(settings)
    if dev:
        from functions.local.dev import create_app as create_dev_app  # noqa: PLC0415 - never imported by `serve`

        doors["/dev"] = create_dev_app(settings)
    mounts = {prefix: _whole_path(door) for prefix, door in doors.items()}
    mounts["/healthz"] = mounts["/keluar"] = _whole_path(doors["/api/reports"])
    mounts["/custody"] = _whole_path(_custody(settings, custody_port))
    app = _secured(guarded(Portal(settings, mounts)), secure=settings.secure)
    clean = cleaned(app, Buckets(behind_proxy=settings.behind_proxy), mounts)
    return admitted(clean, settings.origin_secret) if settings.origin_secret else only_ours(clean, settings.url)


def _custody(settings: Settings, port: int) -> "WSGIApplication":
    """Pass on to the custody door's process. While it restarts, a page says so."""
    resting = offline_door(__name__, https=settings.secure, code="busy", retry_seconds=5)
    there = {"/custody/": {"target": f"http://127.0.0.1:{port}/", "host": None}}
    proxy: WSGIApplication = ProxyMiddleware(resting, there, timeout=PROXY_SECONDS)

    def call(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        reached = True

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            nonlocal reached
            reached = not status.startswith("502")
            return start_response(status, headers, exc_info) if reached else lambda _: None

        answer = proxy(environ, start)
        return answer if reached else resting(environ, start_response)

    return call


@dataclass
class Portal:
    """The frozen portal with the doors behind it.

    WhiteNoise remembers lengths and dates, so the portal is read again after it was frozen again, as a rotation does.
    """

    settings: Settings
    mounts: "dict[str, WSGIApplication]"
    _seen: tuple[int, int] = (0, 0)
    _app: "WSGIApplication | None" = field(default=None, repr=False)

    def __post_init__(self) -> None:
        self._read()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer from the present portal."""
        return self._read()(environ, start_response)

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
        portal: WSGIApplication = WhiteNoise(
            DispatcherMiddleware(_not_found((self.settings.portal_dir / "404.html").read_bytes()), self.mounts),
            root=self.settings.portal_dir,
            index_file=True,
            max_age=0,
            allow_all_origins=False,
            immutable_file_test=lambda path, url: url.startswith("/assets/"),
            add_headers_function=_revalidate,
            mimetypes={".txt": "text/plain", ".atom": ATOM, ".xlsx": XLSX},
        )
        return portal


def _revalidate(headers: Headers, path: str, url: str) -> None:
    if not url.startswith("/assets/"):
        headers["Cache-Control"] = "no-cache"


def _secured(app: "WSGIApplication", *, secure: bool) -> "WSGIApplication":
    """Add our headers to every answer without its own: the portal's files, and WhiteNoise's redirects and refusals."""
    ours = {**SECURITY, "Cache-Control": "no-store"} | ({"Strict-Transport-Security": HSTS} if secure else {})

    def call(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            known = Headers(list(headers))
            for name, value in ours.items():
                known.setdefault(name, value)
            return start_response(status, known.items(), exc_info)

        return app(environ, start)

    return call


def _whole_path(door: "WSGIApplication") -> "WSGIApplication":
    """Undo the dispatcher's split: doors route by whole paths, so that each also runs alone."""

    def call(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        path = environ["SCRIPT_NAME"] + environ["PATH_INFO"]
        return door({**environ, "SCRIPT_NAME": "", "PATH_INFO": path}, start_response)

    return call


def _not_found(page: bytes) -> "WSGIApplication":
    headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(page)))]

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        start_response("404 Not Found", headers)
        return [page]

    return answer
