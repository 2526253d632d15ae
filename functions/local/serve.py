"""All doors, the frozen portal and the courier on one machine: ``make run`` and ``make serve``.

The doors run in this process behind waitress. The courier and the custody door each have their own process. Only the
courier's loads the private keys of courier and links, only the custody door's those of identities. ``python -m
functions.local`` runs the demonstration, with mails landing in ``/dev/outbox``. ``python -m functions.local serve``
runs the small office, with mail going out.
"""

import errno
import sys
import threading
from contextlib import suppress

from waitress.server import create_server

from functions.clock.main import TROUBLE, make_housekeeping
from functions.config import logs
from functions.config.settings import Settings, SettingsError, load_settings
from functions.config.signals import when_asked_to_end
from functions.crypto.errors import KeyringError
from functions.local.setup import Shown, StartError, freeze, prepare, say, to_show
from functions.local.supervisor import free_port, keep
from functions.local.wsgi import application
from functions.storage.choose_store import open_store
from functions.storage.interface import StorageError
from functions.storage.registers.directory import live_directory

MEMORY_BYTES = 16 * 1024 * 1024
HOUSEKEEPING_SECONDS = 3600
PORTAL_SECONDS = 10.0


def run(settings: Settings, *, dev: bool) -> int:
    """Prepare, start the courier, serve until SIGTERM or Ctrl-C. Return the exit status."""
    shown = prepare(settings)
    custody_port = free_port()
    sockets: dict[int, object] = {}
    try:
        server = create_server(
            application(settings, dev=dev, custody_port=custody_port),
            sockets,
            host="127.0.0.1",
            port=settings.port,
            threads=8,
            ident=None,
            max_request_body_size=MEMORY_BYTES,
            inbuf_overflow=MEMORY_BYTES,  # beyond this waitress would spool bodies, unsealed, to a file
            outbuf_overflow=MEMORY_BYTES,
            channel_timeout=60,
            clear_untrusted_proxy_headers=not settings.behind_proxy,  # our own layer reads them there, then drops them
        )
    except OSError as error:
        what = "is taken" if error.errno == errno.EADDRINUSE else f"cannot be opened ({error.strerror})"
        raise StartError(f"Port {settings.port} {what}; choose another, e.g. PORT=8001.") from error
    stop = threading.Event()

    def end() -> None:
        stop.set()
        server.trigger.pull_trigger(sockets.clear)  # the loop runs as long as it has a socket

    when_asked_to_end(end)
    children = [
        keep(settings, stop, "functions.courier.main"),
        keep(settings, stop, "functions.custody.serve", ["--port", str(custody_port)]),
    ]
    threading.Thread(target=_keep_house, args=(settings, stop), daemon=True).start()
    threading.Thread(target=_keep_portal, args=(settings, shown, stop), daemon=True).start()
    say(f"ready {settings.url}")
    try:
        server.run()
        server.task_dispatcher.shutdown()
    finally:
        stop.set()
        server.close()
        for child in children:
            child.join()
    return 0


def _keep_house(settings: Settings, stop: threading.Event) -> None:
    """Do what the clock does in AWS, at the start and every hour. A failed run has logged its error, and the next one
    catches up."""
    keep_house = make_housekeeping(settings)
    while not stop.is_set():
        with suppress(*TROUBLE):
            keep_house()
        stop.wait(HOUSEKEEPING_SECONDS)


def _keep_portal(settings: Settings, shown: Shown, stop: threading.Event) -> None:
    """Freeze the portal again once its content differs from ``shown``. A coordinator may have changed their instance,
    ops imported, the clock made a barometer edition, or the public reports changed."""
    store = open_store(settings)
    directory = live_directory(store, settings)
    while not stop.wait(PORTAL_SECONDS):
        try:
            if to_show(store, directory) != shown:
                shown = freeze(settings)
        except (StorageError, StartError, OSError) as error:
            logs.report("trouble", error, code="portal")


def main(arguments: list[str]) -> int:
    """Start, or print one line for each fault."""
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
