"""One door as a process of its own: ``python -m functions.local.door desk --socket PATH``.

It loads its own keys and no other's. It listens on a UNIX socket, whose folder says who may connect: the portal's
process alone. What comes passes the request filter here once more, whoever sent it.
"""

import argparse
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from waitress.server import create_server
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from functions.config import logs
from functions.config.settings import Settings, SettingsError, load_settings
from functions.config.signals import when_asked_to_end
from functions.crypto.errors import KeyringError
from functions.edge.request_guard import cleaned_again, guarded
from functions.local.processes import DOORS, PROCESSES
from functions.storage.blobs.choose import open_blobs
from functions.storage.interface import StorageError
from functions.web.door import offline_door

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

MEMORY_BYTES = 16 * 1024 * 1024
SERVING_THREADS = 4
LOOK_SECONDS = 1
HOUR_SECONDS = 3600


def make_door_app(settings: Settings, name: str) -> "WSGIApplication":
    """Return the app of a process's doors, within the filter and the guard. Raises StorageError, KeyringError."""
    doors: dict[str, WSGIApplication] = {
        path: import_module(module).create_app(settings) for path, module in PROCESSES[name].paths.items()
    }
    first = next(iter(doors.values()))  # answers /healthz and /keluar, which belong to no path
    mounts = {path: whole_path(door) for path, door in doors.items()}
    mounts |= {path: whole_path(first) for path in ("/healthz", "/keluar")}
    nothing = offline_door(__name__, https=settings.secure)
    return guarded(cleaned_again(DispatcherMiddleware(nothing, mounts)))


def whole_path(door: "WSGIApplication") -> "WSGIApplication":
    """Undo the dispatcher's split: doors route by whole paths, so that each also runs alone."""

    def call(environ: "WSGIEnvironment", start_response: "StartResponse") -> "object":
        path = environ["SCRIPT_NAME"] + environ["PATH_INFO"]
        return door({**environ, "SCRIPT_NAME": "", "PATH_INFO": path}, start_response)

    return call  # type: ignore[return-value]  # what the door returns


def serve(app: "WSGIApplication", socket: Path, orphaned: Callable[[], bool]) -> None:
    """Serve until SIGTERM, or until ``orphaned``. Raises OSError if the socket cannot be made."""
    sockets: dict[int, object] = {}
    server = create_server(
        app,
        sockets,
        unix_socket=str(socket),
        unix_socket_perms="660",
        threads=SERVING_THREADS,
        ident=None,
        max_request_body_size=MEMORY_BYTES,
        inbuf_overflow=MEMORY_BYTES,  # beyond this waitress would spool bodies to a file
        outbuf_overflow=MEMORY_BYTES,
    )
    # The loop goes on for as long as it has a socket.
    when_asked_to_end(lambda: server.trigger.pull_trigger(sockets.clear))
    threading.Thread(target=_end_with, args=(orphaned,), daemon=True).start()
    server.run()
    server.task_dispatcher.shutdown()


def main(arguments: Sequence[str]) -> int:
    """Serve one door until SIGTERM, or until the process that started this one is gone. Return the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("name", choices=DOORS)
    parser.add_argument("--socket", type=Path, required=True)
    parser.add_argument("--child-of", type=int, metavar="PID", help="end when this process, which started it, is gone")
    wanted = parser.parse_args(arguments)
    try:
        settings = load_settings()
        app = make_door_app(settings, wanted.name)
        if settings.door_users and PROCESSES[wanted.name].in_store:  # else the clock may touch all files
            threading.Thread(target=_date_files_together, args=(settings,), daemon=True).start()
        serve(app, wanted.socket, lambda: wanted.child_of is not None and os.getppid() != wanted.child_of)
    except SettingsError as error:
        sys.stderr.write("".join(f"{wanted.name}: {fault}\n" for fault in error.faults))
        return 1
    except (StorageError, KeyringError) as error:
        sys.stderr.write(f"{wanted.name}: {error}\n")
        return 1
    except OSError as error:
        sys.stderr.write(f"{wanted.name}: {error.filename or wanted.socket}: {error.strerror}\n")
        return 1
    return 0


def _date_files_together(settings: Settings) -> None:
    """Do hourly what only the owner of files can do to them (``storage.blobs``)."""
    blobs, rest = open_blobs(settings), threading.Event()
    while True:
        with suppress(StorageError):
            blobs.redate(settings.today() - timedelta(days=1))
        rest.wait(HOUR_SECONDS)


def _end_with(orphaned: Callable[[], bool]) -> None:
    rest = threading.Event()
    while not orphaned():
        rest.wait(LOOK_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    logs.configure()
    logs.catch()
    sys.exit(main(sys.argv[1:]))
