"""The custody door as a process of its own, for one machine: nothing else there loads the identities' keys, and it
loads no other. It listens on 127.0.0.1; the portal's process hands ``/custody/`` on to it."""

import argparse
import os
import signal
import sys
import threading
from collections.abc import Sequence

from waitress.server import create_server

from functions.config import logs
from functions.config.settings import SettingsError, load_settings
from functions.config.signals import when_asked_to_end
from functions.custody.main import create_app
from functions.storage.interface import StorageError
from functions.web.host_check import only_ours

MEMORY_BYTES = 2 * 1024 * 1024
LOOK_SECONDS = 1


def main(arguments: Sequence[str]) -> int:
    """Serve until SIGTERM, or until the process that started this one is gone. Returns the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--child-of", type=int, metavar="PID", help="end when this process, which started it, is gone")
    parser.add_argument("--port", type=int, required=True)
    wanted = parser.parse_args(arguments)
    sockets: dict[int, object] = {}
    try:
        settings = load_settings()
        app = only_ours(create_app(settings), settings.url)  # any page may ask this port too
        server = create_server(
            app,
            sockets,
            host="127.0.0.1",
            port=wanted.port,
            threads=2,
            ident=None,
            max_request_body_size=MEMORY_BYTES,
            inbuf_overflow=MEMORY_BYTES,  # beyond this waitress would spool bodies to a file
            outbuf_overflow=MEMORY_BYTES,
        )
    except SettingsError as error:
        sys.stderr.write("".join(f"custody: {fault}\n" for fault in error.faults))
        return 1
    except StorageError as error:
        sys.stderr.write(f"custody: {error}\n")
        return 1
    except OSError as error:
        sys.stderr.write(f"custody: port {wanted.port}: {error.strerror}\n")
        return 1

    # The loop goes on for as long as it has a socket.
    when_asked_to_end(lambda: server.trigger.pull_trigger(sockets.clear))
    if wanted.child_of is not None:
        threading.Thread(target=_end_with, args=(wanted.child_of,), daemon=True).start()
    server.run()
    server.task_dispatcher.shutdown()
    return 0


def _end_with(parent: int) -> None:
    rest = threading.Event()
    while os.getppid() == parent:
        rest.wait(LOOK_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    logs.configure()
    logs.catch()
    sys.exit(main(sys.argv[1:]))
