"""All doors, the frozen portal and the courier on one machine: ``make run`` and ``make serve``.

The doors run in this process behind waitress, the courier in one of its own, which alone loads the
courier's and the links' private keys. ``python -m functions.local`` runs the demonstration, with mails
landing in ``/dev/outbox``; ``python -m functions.local serve`` the small office, with mail going out.
"""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING
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
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    say("store     " + settings.store)
    open_store(settings).prepare()
    open_blobs(settings).prepare()
    keys = KeyDirectory(settings.keys_dir, settings.key_passphrase)
    missing = keys.missing(Purpose, [instance.code for instance in directory.instances()])
    for purpose, instance in missing:
        if keys.private_ids(purpose, instance):
            raise StartError(
                f"The current {purpose} key of {instance} is gone while older ones are there: restore "
                f"{settings.keys_dir} from a backup, or run `keys rotate` if it is lost for good."
            )
        keys.generate(purpose, instance)
    say(f"keys      {len(missing)} made" if missing else "keys      there")
    freeze(settings)


def freeze(settings: Settings) -> None:
    """Freeze the portal with the public keys of today. Raises StartError."""
    say("portal    freezing")
    command = [sys.executable, str(ROOT / "site" / "freeze.py"), "--out", str(settings.portal_dir)]
    command += ["--directory", str(settings.directory_file)]
    command += ["--public-keys", str(KeyDirectory(settings.keys_dir).public_file)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - our own program
    if done.returncode:
        raise StartError(f"The portal did not freeze: {done.stderr.strip()}")


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
    missing = _not_found(settings)
    mounts = {prefix: _whole_path(door) for prefix, door in doors.items()}
    mounts["/healthz"] = _whole_path(doors["/api/reports"])
    portal: WSGIApplication = WhiteNoise(
        DispatcherMiddleware(missing, mounts),
        root=settings.portal_dir,
        index_file=True,
        max_age=0,
        allow_all_origins=False,
        immutable_file_test=lambda path, url: url.startswith("/assets/"),
        add_headers_function=_headers(secure=settings.secure),
        mimetypes={".txt": "text/plain"},
    )
    return portal


def _headers(*, secure: bool) -> Callable[..., None]:
    def add(headers: Headers, path: str, url: str) -> None:
        for name, value in SECURITY.items():
            headers[name] = value
        if secure:
            headers["Strict-Transport-Security"] = HSTS
        if not url.startswith("/assets/"):
            headers["Cache-Control"] = "no-cache"

    return add


def _whole_path(door: "WSGIApplication") -> "WSGIApplication":
    """Doors route by whole paths, so that each runs alone as well; the dispatcher's split is undone."""

    def call(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        path = environ["SCRIPT_NAME"] + environ["PATH_INFO"]
        return door({**environ, "SCRIPT_NAME": "", "PATH_INFO": path}, start_response)

    return call


def _not_found(settings: Settings) -> "WSGIApplication":
    page = (settings.portal_dir / "404.html").read_bytes()
    headers = {**SECURITY, "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store"}

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        start_response("404 Not Found", [*headers.items(), ("Content-Length", str(len(page)))])
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
        raise StartError(f"Port {settings.port} is taken ({error.strerror}); choose another: PORT=8001.") from error
    stop = threading.Event()

    def end(*_: object) -> None:
        stop.set()
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, end)
    courier = threading.Thread(target=_keep_courier, args=(settings, stop), daemon=True)
    courier.start()
    say(f"ready {settings.url}")
    try:
        server.run()
    except KeyboardInterrupt:
        pass
    finally:
        stop.set()
        server.close()
        courier.join(timeout=10)
    return 0


def _keep_courier(settings: Settings, stop: threading.Event) -> None:
    """Run the courier as a process of its own, and start it again when it ends by itself."""
    environ = {**os.environ, "DATA_DIR": str(settings.data_dir), "PORT": str(settings.port)}
    while not stop.is_set():
        child = subprocess.Popen([sys.executable, "-m", "functions.courier.main"], cwd=ROOT, env=environ)
        while child.poll() is None and not stop.wait(0.2):
            pass
        if child.poll() is None:
            child.terminate()
            child.wait(timeout=10)
        stop.wait(2)


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
