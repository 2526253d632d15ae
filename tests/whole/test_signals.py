"""Several signals in quick succession, as systemd, ``make`` and an impatient Ctrl-C send them: a prompt end, and nobody
left."""

import os
import signal
import subprocess
import sys
from itertools import cycle, islice
from pathlib import Path

import pytest

from tests.server import ROOT, START_SECONDS, running, wait_for
from tests.whole.started import children, courier_of, gone

INTERRUPTED = str(Path(__file__).with_name("interrupted"))
BURST = 400
END_SECONDS = 30  # generous: a process that hangs never ends


def burst(process: subprocess.Popen[str]) -> None:
    """Ask a process to end again and again, both ways in turn."""
    for name in islice(cycle((signal.SIGTERM, signal.SIGINT)), BURST):
        process.send_signal(name)


def heeds(pid: int) -> bool:
    """Whether a process does something of its own at SIGTERM, as the kernel knows: it catches it."""
    status = Path(f"/proc/{pid}/status").read_text()
    (caught,) = [int(line.split()[1], 16) for line in status.splitlines() if line.startswith("SigCgt")]
    return bool(caught >> (signal.SIGTERM - 1) & 1)


@pytest.mark.long
@pytest.mark.parametrize("arguments", [[], ["serve"]])
def test_the_product_waits_for_its_courier_and_leaves_nobody(folder: Path, arguments: list[str]) -> None:
    environ = {"MAIL": "smtp", "SMTP_HOST": "127.0.0.1", "MAIL_FROM": "lapor@kutim.example.id"} if arguments else {}
    with running(folder, *arguments, PYTHONPATH=INTERRUPTED, **environ) as product:
        courier = courier_of(product)
        others = wait_for(lambda: {pid for pid in children(product.process.pid) if not gone(pid)} - {courier})
        assert wait_for(lambda: heeds(courier))
        os.kill(courier, signal.SIGSTOP)  # so that closing lasts until we have asked often enough
        try:
            burst(product.process)
            assert wait_for(lambda: all(gone(pid) for pid in others))
            burst(product.process)
            assert product.process.poll() is None
        finally:
            os.kill(courier, signal.SIGCONT)
        assert product.process.wait(END_SECONDS) == 0
        assert gone(courier)
        assert [
            line for line in product.lines if not line.startswith(("store", "keys", "portal", "users", "ready"))
        ] == []


@pytest.mark.parametrize("module", ["courier.main", "local.door custody", "local.door desk", "local.clock"])
def test_a_process_beside_it_ends_at_once(folder: Path, module: str) -> None:
    arguments = ["--socket", str(folder.parent / "door.sock")] if "door" in module else []
    process = subprocess.Popen(
        [sys.executable, "-m", *f"functions.{module}".split(), *arguments],
        cwd=ROOT,
        env={**os.environ, "DATA_DIR": str(folder), "MAIL": "dev", "PYTHONPATH": INTERRUPTED},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert wait_for(lambda: heeds(process.pid), START_SECONDS)
        process.send_signal(signal.SIGSTOP)  # so that all of them are there when it goes on
        burst(process)
        process.send_signal(signal.SIGCONT)
        said, _ = process.communicate(timeout=END_SECONDS)
    finally:
        process.kill()
        process.communicate()
    assert (process.returncode, said) == (0, "")


LATE = """
import os, signal, threading, time
from functions.config.signals import when_asked_to_end

class Late:
    def __del__(self, kill=os.kill, pid=os.getpid(), name=signal.SIGTERM, wait=time.sleep):
        kill(pid, name)
        wait(0.2)

late, stop = Late(), threading.Event()
when_asked_to_end(stop.set)
os.kill(os.getpid(), signal.SIGTERM)
assert stop.wait(30)
"""


def test_a_signal_that_comes_while_it_ends_changes_nothing() -> None:
    ended = subprocess.run([sys.executable, "-c", LATE], cwd=ROOT, timeout=END_SECONDS, check=False)
    assert ended.returncode == 0


LOCKED = """
import os, signal, threading
from functions.config.signals import when_asked_to_end

stop = threading.Event()
when_asked_to_end(stop.set)
with stop._cond:  # as within wait() and set(), where a signal may find the main thread
    for name in (signal.SIGTERM, signal.SIGINT, signal.SIGTERM):
        os.kill(os.getpid(), name)
assert stop.wait(30)
os.kill(os.getpid(), signal.SIGTERM)
print("ended")
"""


def test_a_signal_that_comes_while_the_event_is_locked_sets_it() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOCKED], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "ended\n", "")
