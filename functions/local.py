"""All doors, the frozen portal and the courier on one machine: ``make run`` and ``make serve``.

The doors run in this process behind waitress, the courier in one of its own, which alone loads the
courier's and the links' private keys. ``python -m functions.local`` runs the demonstration, with mails
landing in ``/dev/outbox``; ``python -m functions.local serve`` the small office, with mail going out.
"""

import errno
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from wsgiref.headers import Headers

from waitress.server import create_server
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from whitenoise import WhiteNoise

from functions.desk import main as desk
from functions.intake import main as intake
from functions.settings import ROOT, Settings, SettingsError, load_directory, load_officers, load_settings
from functions.storage.choose import open_store
from functions.storage.choose_blobs import open_blobs
from functions.storage.interface import StorageError
from functions.thread import main as thread
from functions.vault.keyring import KeyDirectory, KeyringError, Purpose
from functions.web.headers import HSTS, SECURITY

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

MEMORY_BYTES = 16 * 1024 * 1024
COURIER_END_SECONDS = 15
COURIER_REST_SECONDS = 2


class StartError(Exception):
    """The machine cannot start; the message says what to do."""


def say(text: str) -> None:
    """A line of progress."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def prepare(settings: Settings) -> None:
    """Everything that must stand before the first report: tables, keys, portal. Safe to repeat.

    Raises StartError, SettingsError, KeyringError, StorageError.
    """
    directory = load_directory(settings.directory_file)
    load_officers(settings.officers_file, directory)
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        say("store     " + settings.store)
        open_store(settings).prepare()
        open_blobs(settings).prepare()
        made = _make_keys(
            KeyDirectory(settings.keys_dir, settings.key_passphrase), [i.code for i in directory.instances()]
        )
        say(f"keys      {made} made" if made else "keys      there")
        freeze(settings)
    except OSError as error:
        raise StartError(f"{error.filename or settings.data_dir}: {error.strerror}; check DATA_DIR.") from error


def _make_keys(keys: KeyDirectory, instances: list[str]) -> int:
    """Make the keys that were never there; returns how many. A key that was there and is gone is not made
    anew, since what was sealed to it would be closed for good without anybody's knowing. Raises StartError,
    KeyringError."""
    there = [path for path in keys.root.glob("*/*/*") if not path.suffix]
    if not keys.public_file.exists() and len(there) > 1:  # one alone is a first start that was cut short
        raise StartError(f"{keys.public_file} is gone while private keys are there: restore it from a backup.")
    missing = keys.missing(Purpose, instances)
    known = keys.public().current if keys.public_file.exists() else {}
    for purpose, instance in missing:
        if (purpose, instance) in known:
            raise StartError(
                f"The current {purpose} key of {instance} is gone: restore {keys.root} from a backup or, if it is "
                f"lost for good, run `python -m functions.cli keys rotate --purpose {purpose} --instance {instance}`."
            )
    for path in there:  # all are looked at, only the desk's opened: the others are for the courier's process alone
        if path.stat().st_mode & 0o077:
            raise StartError(f"{path} can be read by others: run `chmod 600 {path}`.")
    keys.private(Purpose.DESK)
    for purpose, instance in missing:
        keys.generate(purpose, instance)
    return len(missing)


def freeze(settings: Settings) -> None:
    """Freeze the portal with the public keys of today, beside the old one, which gives way when the new one is
    whole. Raises StartError."""
    say("portal    freezing")
    fresh, old = (settings.portal_dir.with_name(f"portal.{name}") for name in ("new", "old"))
    shutil.rmtree(fresh, ignore_errors=True)
    command = [sys.executable, str(ROOT / "site" / "freeze.py"), "--out", str(fresh)]
    command += ["--directory", str(settings.directory_file)]
    command += ["--public-keys", str(KeyDirectory(settings.keys_dir).public_file)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - our own program
    if done.returncode:
        raise StartError(f"The portal did not freeze: {done.stderr.strip()}")
    shutil.rmtree(old, ignore_errors=True)
    if settings.portal_dir.exists():
        settings.portal_dir.replace(old)
    fresh.replace(settings.portal_dir)
    shutil.rmtree(old, ignore_errors=True)


def application(settings: Settings, *, dev: bool) -> "WSGIApplication":
    """Portal and doors under one origin."""
    doors: dict[str, WSGIApplication] = {
        "/api/reports": intake.create_app(settings),
        "/api/thread": thread.create_app(settings),
        "/desk": desk.create_app(settings),
    }
    if dev:
        from functions.dev import create_app as create_dev_app  # noqa: PLC0415 - never imported by `serve`

        doors["/dev"] = create_dev_app(settings)
    mounts = {prefix: _whole_path(door) for prefix, door in doors.items()}
    mounts["/healthz"] = _whole_path(doors["/api/reports"])
    return _secured(Portal(settings, mounts), secure=settings.secure)


@dataclass
class Portal:
    """The frozen portal with the doors behind it, read anew when it was frozen anew: a rotation does that while
    this runs, and WhiteNoise remembers lengths and dates."""

    settings: Settings
    mounts: "dict[str, WSGIApplication]"
    _seen: tuple[int, int] = (0, 0)
    _app: "WSGIApplication | None" = field(default=None, repr=False)

    def __post_init__(self) -> None:
        self._read()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer from the portal as it is now."""
        return self._read()(environ, start_response)

    def _read(self) -> "WSGIApplication":
        try:
            status = self.settings.portal_dir.stat()
            seen = (status.st_ino, status.st_mtime_ns)
            if self._app is None or seen != self._seen:
                self._app, self._seen = self._load(), seen
        except FileNotFoundError:  # just giving way to a fresh one
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
            mimetypes={".txt": "text/plain"},
        )
        return portal


def _revalidate(headers: Headers, path: str, url: str) -> None:
    if not url.startswith("/assets/"):
        headers["Cache-Control"] = "no-cache"


def _secured(app: "WSGIApplication", *, secure: bool) -> "WSGIApplication":
    """Put the headers on every answer that has none of its own: the portal's files, and the redirects and
    refusals that WhiteNoise makes by itself."""
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
    """Doors route by whole paths, so that each runs alone as well; the dispatcher's split is undone."""

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


def run(settings: Settings, *, dev: bool) -> int:
    """Prepare, start the courier, serve until SIGTERM or Ctrl-C. Returns the exit status."""
    prepare(settings)
    try:
        server = create_server(
            application(settings, dev=dev),
            host="127.0.0.1",
            port=settings.port,
            threads=8,
            ident=None,
            max_request_body_size=MEMORY_BYTES,
            inbuf_overflow=MEMORY_BYTES,  # beyond this waitress would spool bodies, unsealed, to a file
            outbuf_overflow=MEMORY_BYTES,
            channel_timeout=60,
        )
    except OSError as error:
        what = "is taken" if error.errno == errno.EADDRINUSE else f"cannot be opened ({error.strerror})"
        raise StartError(f"Port {settings.port} {what}; choose another, e.g. PORT=8001.") from error
    stop = threading.Event()

    def end(*_: object) -> None:
        stop.set()
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, end)
    courier = threading.Thread(target=_keep_courier, args=(settings, stop), daemon=True)
    courier.start()
    say(f"ready {settings.url}")
    try:
        server.run()  # returns on SIGTERM and Ctrl-C alike
    finally:
        stop.set()
        server.close()
        courier.join()
    return 0


def _keep_courier(settings: Settings, stop: threading.Event) -> None:
    """Run the courier as a process of its own, and start it again when it ends by itself. It ends with us,
    even when we are killed."""
    environ = {**os.environ, "DATA_DIR": str(settings.data_dir), "PORT": str(settings.port)}
    command = [sys.executable, "-m", "functions.courier.main", "--child-of", str(os.getpid())]
    while not stop.is_set():
        child = subprocess.Popen(command, cwd=ROOT, env=environ)  # noqa: S603 - our own program
        while child.poll() is None and not stop.wait(0.2):
            pass
        child.terminate()
        try:
            child.wait(timeout=COURIER_END_SECONDS)
        except subprocess.TimeoutExpired:  # a mail server keeps it waiting; what it has in hand is taken up again
            child.kill()
            child.wait()
        stop.wait(COURIER_REST_SECONDS)


def main(arguments: list[str]) -> int:
    """Start, or say in one line each what is wrong."""
    dev = "serve" not in arguments
    try:
        settings = load_settings()
        if dev or settings.mail != "dev":
            return run(settings, dev=dev)
        sys.stderr.write("setting   MAIL: 'serve' sends mail; set MAIL=smtp and SMTP_HOST, or MAIL=ses.\n")
    except SettingsError as error:
        sys.stderr.write("".join(f"setting   {fault}\n" for fault in error.faults))
    except (StartError, KeyringError, StorageError) as error:
        sys.stderr.write(f"cannot start: {error}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
