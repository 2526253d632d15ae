"""What the first visitor waits, with a sixth of a core: init and first answer under AWS's own runtime, as processor time
and as wall time.

    python -m tests.cloud.sixth_of_a_core [--before FOLDER] [DOOR ...]

``--before`` is an older checkout whose packages are built and measured in turn with ours. An emulator with `ENV=emulated`
deployed from this source must run (`make emulator`, `make deploy ENV=emulated`). Needs root and the processor controller of
cgroup v1 (``mount -t cgroup -o cpu none FOLDER``, which it does itself), a quiet machine, and PyPI for the runtime.

Lambda gives a function of 256 MB a sixth of a core, in slices of 20 ms: so does this.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

from infra.deploy.packages import interpreter
from infra.deploy.place import EMULATOR
from tests.cloud.cloud import Cloud
from tests.cloud.cold_start import DOORS, WANTED, asked, environ_of, unpack

SLICE_MICROSECONDS = 20_000
SHARE = 6
TURNS = 5
PATIENCE_SECONDS = 120
REQUIREMENTS = Path(__file__).with_name("requirements-runtime.txt")
HEADS = {
    "Aws-Request-Id": "00000000-0000-4000-8000-000000000000",
    "Deadline-Ms": "9999999999999",
    "Invoked-Function-Arn": "arn:aws:lambda:ap-southeast-3:000000000000:function:lapor",
    "Trace-Id": "none",
    "Client-Context": "{}",
    "Cognito-Identity": "{}",
    "Aws-Tenant-Id": "none",
    "Invocation-Id": "none",
}
START = """
import os, sys
sys.path[:] = [os.getcwd(), sys.argv.pop(1), *(place for place in sys.path if "-packages" not in place)]
from awslambdaric.__main__ import main
main(sys.argv)
"""


class Start(NamedTuple):
    """Seconds from nothing until the runtime asks for an event, and from there until it has answered."""

    init_cpu: float
    init_wall: float
    answer_cpu: float
    answer_wall: float


class _Runtime(ThreadingHTTPServer):
    """Lambda's runtime API for one event (docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html)."""

    def __init__(self, event: dict[str, Any]) -> None:
        super().__init__(("127.0.0.1", 0), _Asked)
        self.event = json.dumps(event).encode()
        self.at: list[tuple[float, float]] = []  # wall and processor seconds at each call
        self.process: subprocess.Popen[bytes] | None = None
        self.answer: dict[str, Any] = {}
        self.answered = threading.Event()

    def handle_error(self, *_: object) -> None:
        """Say nothing of a runtime that was ended."""

    def now(self) -> None:
        """Note what was used until now."""
        tasks = Path(f"/proc/{self.process.pid}/task").iterdir() if self.process else ()
        used = sum(int((task / "schedstat").read_text().split()[0]) for task in tasks)
        self.at.append((time.monotonic(), used / 1e9))


class _Asked(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Runtime

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        if self.server.at:  # the next event never comes
            self.server.answered.wait(PATIENCE_SECONDS)
            return
        self.server.now()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        for name, value in HEADS.items():  # all of them: without one of these its C++ half dies of a null pointer
            self.send_header(f"Lambda-Runtime-{name}", value)
        self.send_header("Content-Length", str(len(self.server.event)))
        self.end_headers()
        self.wfile.write(self.server.event)

    def do_POST(self) -> None:
        self.server.now()
        self.server.answer = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.answered.set()
        self.send_response(202)
        self.send_header("Content-Length", "0")
        self.end_headers()


@contextmanager
def a_sixth() -> Iterator[Path]:
    """The file into which a process writes itself to get a sixth of a core. Raises SystemExit where there is none."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(["/bin/mount", "-t", "cgroup", "-o", "cpu", "none", folder], check=False)
        if done.returncode:
            sys.exit("The processor controller of cgroup v1 cannot be mounted here: run this as root.")
        group = Path(folder) / "lapor-sixth"
        try:
            group.mkdir(exist_ok=True)
            (group / "cpu.cfs_period_us").write_text(str(SLICE_MICROSECONDS))
            (group / "cpu.cfs_quota_us").write_text(str(SLICE_MICROSECONDS // SHARE))
            yield group / "cgroup.procs"
            group.rmdir()
        finally:
            subprocess.run(["/bin/umount", folder], check=False)


def started(folder: Path, door: str, environ: dict[str, str], runtime: Path, procs: Path) -> Start:
    """One cold start of an unpacked function. Raises AssertionError where the door does not answer as it should."""
    handler = "bare.lambda_handler" if door == "bare" else "functions.aws_lambda.handler.lambda_handler"
    server = _Runtime(asked(door, environ))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    environ = environ | {"AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{server.server_port}", "LAMBDA_TASK_ROOT": str(folder)}
    limited = ["/bin/sh", "-c", f'echo $$ > {procs} && exec "$@"', "sh", interpreter(), "-I", "-c", START]
    begun = time.monotonic()
    with subprocess.Popen([*limited, str(runtime), handler], cwd=folder, env=environ) as process:
        server.process = process
        try:
            assert server.answered.wait(PATIENCE_SECONDS), f"{door} did not answer"
        finally:
            process.kill()
    server.shutdown()
    server.server_close()
    assert server.answer.get("statusCode") == WANTED.get(door, 200), (door, server.answer)
    (ready, ready_cpu), (answered, answered_cpu) = server.at
    return Start(ready_cpu, ready - begun, answered_cpu - ready_cpu, answered - ready)


def packages_of(checkout: Path, folder: Path) -> Path:
    """Every door's package of an older checkout, built by its own code and unpacked."""
    code = (
        "from tests.cloud.cloud import ENV; from infra.deploy.build import build; print(*(p.path for p in build(ENV)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=checkout, check=True, capture_output=True, text=True)
    for path in map(Path, done.stdout.split()):
        door = path.stem.split("_")[0]
        with zipfile.ZipFile(checkout / path) as read:
            read.extractall(folder / door)
    return folder


def main(arguments: Sequence[str]) -> None:
    """Print a row for each door, ours beside the older one."""
    parser = argparse.ArgumentParser(prog="python -m tests.cloud.sixth_of_a_core")
    parser.add_argument("--before", type=Path)
    parser.add_argument("doors", nargs="*", default=[*DOORS, "open311"])
    given = parser.parse_args(arguments)
    cloud = Cloud(EMULATOR["AWS_ENDPOINT_URL"])
    with tempfile.TemporaryDirectory() as root, a_sixth() as procs:
        runtime = Path(root) / "runtime"
        pip = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", str(runtime)]
        subprocess.run([*pip, "-r", str(REQUIREMENTS)], check=True)
        sides = {"now": unpack(Path(root) / "now")}
        if given.before:
            sides["before"] = packages_of(given.before, Path(root) / "before")
            shutil.copytree(sides["now"] / "bare", sides["before"] / "bare")
        doors = ("bare", *given.doors)
        starts: dict[tuple[str, str], list[Start]] = {(door, side): [] for door in doors for side in sides}
        for _ in range(TURNS):  # a turn is all doors, since what else the machine does changes from minute to minute
            for (door, side), turns in starts.items():
                environ = environ_of(cloud, door)
                turns.append(started(sides[side] / door, door, environ, runtime, procs))
    say(starts)


def say(starts: Mapping[tuple[str, str], Sequence[Start]]) -> None:
    """A row for each door and side: medians, and the median of each turn's own ratio to the bare app of today."""
    sys.stdout.write("| door | side | init CPU | init wall | answer CPU | answer wall | CPU of bare | wall |\n")
    bare = starts["bare", "now"]
    for (door, side), turns in starts.items():
        row = [statistics.median(each) for each in zip(*turns, strict=True)]
        pairs = list(zip(turns, bare, strict=True))
        cpu = statistics.median((a.init_cpu + a.answer_cpu) / (b.init_cpu + b.answer_cpu) for a, b in pairs)
        wall = statistics.median((a.init_wall + a.answer_wall) / (b.init_wall + b.answer_wall) for a, b in pairs)
        cells = " | ".join(f"{each:.2f}" for each in (*row, cpu, wall))
        sys.stdout.write(f"| {door} | {side} | {cells} |\n")


if __name__ == "__main__":
    os.environ["PATH"] = os.defpath
    main(sys.argv[1:])
