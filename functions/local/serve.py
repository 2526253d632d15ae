"""All doors, the frozen portal and the courier on one machine: ``make run`` and ``make serve``.

Desk, custody door and courier are processes of their own, each with its own private keys. The other doors, which hold
none, run in this process behind waitress. All run as one user here. An office starts each process by a unit of its own
instead (``infra/office``): then this one is ``python -m functions.local portal``, with frozen files and no door at all.
"""

import errno
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from functions.config.settings import Settings, SettingsError, load_settings, where_from
from functions.config.signals import when_asked_to_end
from functions.crypto.errors import KeyringError
from functions.local.clock import keep_house, keep_portal
from functions.local.connections import Server
from functions.local.processes import APART, DOORS, RUN, socket_of
from functions.local.setup import StartError, prepare, say
from functions.local.supervisor import keep, wait_until_they_listen
from functions.local.wsgi import application
from functions.storage.interface import StorageError

# Threads mostly wait for a door's process. Tor's visitors come by a listener of their own, where there is one.
PORTAL_POOL = {"threads": 64, "connections": 500}
ONION_POOL = {"threads": 16, "connections": 200}
if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

ONE_USER = "users     one for all: whoever takes over one process can read every key (for an office: DOOR_USERS)"


def run(settings: Settings, *, dev: bool) -> int:
    """Prepare, start the processes beside this one, serve until SIGTERM or Ctrl-C. Return the exit status."""
    if settings.door_users:
        raise StartError("DOOR_USERS is set: start the units with `systemctl start lapor.target`, or unset it.")
    shown = prepare(settings)
    with _place_for_sockets() as folder:
        away = {name: socket_of(Path(folder), name) for name in APART}
        for path in away.values():
            path.parent.mkdir()

        def beside(stop: threading.Event) -> list[threading.Thread]:
            children = [keep(settings, stop, "functions.courier.main")]
            children += [
                keep(settings, stop, "functions.local.door", [name, "--socket", str(path)])
                for name, path in away.items()
            ]
            for work in (lambda: keep_house(settings, stop), lambda: keep_portal(settings, shown, stop)):
                threading.Thread(target=work, daemon=True).start()
            wait_until_they_listen(away.values(), stop)
            return children

        say(ONE_USER)
        return _serve(settings, away, dev=dev, beside=beside)


def _place_for_sockets() -> tempfile.TemporaryDirectory[str]:
    """Make a folder of mode 0700, so that nobody else connects to what is in it. DATA_DIR may be too long a path."""
    try:
        return tempfile.TemporaryDirectory(prefix="lapor-", ignore_cleanup_errors=True)
    except OSError as error:
        raise StartError(f"There is no place for temporary files ({error.strerror}); set TMPDIR.") from error


def run_portal(settings: Settings) -> int:
    """Serve the frozen portal and pass the rest on to the doors' processes, until SIGTERM. Return the exit status."""
    return _serve(settings, {name: socket_of(RUN, name) for name in DOORS}, dev=False, beside=lambda _: [])


def _serve(
    settings: Settings,
    away: Mapping[str, Path],
    *,
    dev: bool,
    beside: Callable[[threading.Event], list[threading.Thread]],
) -> int:
    app = application(settings, dev=dev, away=away)
    pools = {settings.port: PORTAL_POOL} | ({settings.onion_port: ONION_POOL} if settings.onion_port else {})
    servers = [_listening(app, port, behind_proxy=settings.behind_proxy, **pool) for port, pool in pools.items()]
    stop = threading.Event()

    def end() -> None:
        stop.set()
        for server in servers:
            server.end()

    when_asked_to_end(end)
    children = beside(stop)
    say(f"ready {settings.url}")
    loops = [threading.Thread(target=server.run, daemon=True) for server in servers]
    for loop in loops:
        loop.start()
    try:
        for loop in loops:
            loop.join()
        for server in servers:
            server.task_dispatcher.shutdown()
    finally:
        stop.set()
        for server in servers:
            server.close()
        for child in children:
            child.join()
    return 0


def _listening(app: "WSGIApplication", port: int, *, behind_proxy: bool, threads: int, connections: int) -> Server:
    # Our own layer reads the proxy's headers, then drops them.
    pool = {"threads": threads, "connections": connections, "clear_untrusted_proxy_headers": not behind_proxy}
    try:
        return Server(app, port, **pool)
    except OSError as error:
        what = "is taken" if error.errno == errno.EADDRINUSE else f"cannot be opened ({error.strerror})"
        raise StartError(f"Port {port} {what}; choose another, e.g. PORT={port + 1}.") from error


def main(arguments: list[str]) -> int:
    """Start, or print one line for each fault."""
    dev = not arguments
    try:
        settings = load_settings()
        if not dev and settings.mail == "dev":
            sys.stderr.write("setting   MAIL: 'serve' sends mail; set MAIL=smtp and SMTP_HOST, or MAIL=ses.\n")
            return 1
        if not dev and settings.mail == "smtp" and not where_from("SMTP_HOST"):
            say(f"mail      SMTP_HOST is not set: letters go to port {settings.smtp_port} of this machine")
        return run_portal(settings) if "portal" in arguments else run(settings, dev=dev)
    except SettingsError as error:
        sys.stderr.write("".join(f"setting   {fault}\n" for fault in error.faults))
    except (StartError, KeyringError, StorageError) as error:
        sys.stderr.write(f"cannot start: {error}\n")
    return 1
