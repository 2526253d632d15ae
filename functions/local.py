"""All doors, the frozen portal and the courier on one machine: ``make run`` and ``make serve``.

The doors run in this process behind waitress, the courier in one of its own, which alone loads the
courier's and the links' private keys. ``python -m functions.local`` runs the demonstration, with mails
landing in ``/dev/outbox``; ``python -m functions.local serve`` the small office, with mail going out.
"""

import errno
import os
import signal
import subprocess
import sys
import threading

from waitress.server import create_server

from functions.origin import application
from functions.ready import StartError, prepare, say
from functions.settings import ROOT, Settings, SettingsError, load_settings
from functions.storage.interface import StorageError
from functions.vault.keyring import KeyringError

MEMORY_BYTES = 16 * 1024 * 1024
COURIER_END_SECONDS = 15
COURIER_REST_SECONDS = 2


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
