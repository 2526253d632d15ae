"""Runs pytest again and again in forks of one process that has loaded what is not ours: a second less for each run.

A process of its own, in a copy of the code (``Runner`` starts it). Each line on its standard input is a run, in JSON:
``arguments`` of pytest, ``load`` (only load what these tests load), ``reach`` ("" or a file that takes which test reached
which line). It answers with a line: the exit status, negative for a signal, and the seconds of CPU.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

CPU_SECONDS = 300  # not of the wall: on a busy machine every mutant would seem to hang
PATIENCE_SECONDS = 3600
NO_TESTS, USAGE = 5, 4  # pytest's exit statuses that say nothing of a mutant
ALWAYS = ("-x", "-q", "-p", "no:randomly", "-p", "no:cacheprovider", "-W", "ignore::pytest.PytestAssertRewriteWarning")
PLUGINS = ("pytest", "_pytest", "xdist", "hypothesis", "_hypothesis", "anyio", "tests", "conftest", "coverage")


class Ended(NamedTuple):
    """How a run ended."""

    status: int
    seconds: float


class Runner:
    """A process in a copy of the code, to be closed."""

    def __init__(self, copy: Path) -> None:
        self.copy, self._loaded = copy, set[str]()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.mutation.forked"],
            cwd=copy,
            env=os.environ | {"OPENBLAS_NUM_THREADS": "1", "COVERAGE_CORE": "ctrace", "PYTHONDONTWRITEBYTECODE": ""},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def load(self, tests: str) -> None:
        """Let later runs of these tests find loaded and compiled what they need."""
        if tests not in self._loaded:
            self._loaded.add(tests)
            self._ask(tests.split(), load=True)

    def run(self, arguments: Sequence[str], reach: str = "") -> Ended:
        """Run pytest. Raises ValueError where no test was run."""
        ended = self._ask(arguments, reach=reach)
        if ended.status in (NO_TESTS, USAGE):
            raise ValueError(f"pytest ran nothing of {arguments}")
        return ended

    def _ask(self, arguments: Sequence[str], *, load: bool = False, reach: str = "") -> Ended:
        assert self._process.stdin
        assert self._process.stdout
        asked = {"arguments": [*arguments], "load": load, "reach": reach}
        print(json.dumps(asked), file=self._process.stdin, flush=True)
        return Ended(*json.loads(self._process.stdout.readline()))

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin
        with self._process:  # closes all of it, and waits
            self._process.stdin.close()


def _serve() -> None:
    """Answer each line. What a test prints is thrown away."""
    answers = os.fdopen(os.dup(1), "w")
    for line in sys.stdin:
        asked = json.loads(line)
        if asked["load"]:
            _load(asked["arguments"])
            print(json.dumps([0, 0]), file=answers, flush=True)
            continue
        began = os.times()
        pid = os.fork()
        if not pid:
            _child(asked["arguments"], asked["reach"])
        _, status = os.waitpid(pid, 0)
        with suppress(ProcessLookupError):
            os.killpg(pid, 9)  # what a test left behind
        took = os.times()
        seconds = took.children_user + took.children_system - began.children_user - began.children_system
        print(json.dumps([os.waitstatus_to_exitcode(status), round(seconds, 3)]), file=answers, flush=True)


def _load(arguments: Sequence[str]) -> None:
    """Load what these tests load that is neither ours nor pytest's; the child compiles what is ours."""
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "modules"
        pid = os.fork()
        if not pid:
            _silence()
            import pytest

            pytest.main([*ALWAYS, "--collect-only", *arguments])
            here = str(Path.cwd())
            names = [
                name
                for name, module in sys.modules.items()
                if not str(getattr(module, "__file__", None) or "").startswith(here)
                and name.partition(".")[0] not in PLUGINS
            ]
            told.write_text("\n".join(names))
            os._exit(0)
        os.waitpid(pid, 0)
        names = told.read_text().split()
    for name in names:
        with suppress(Exception):  # what is only half a module is loaded by who asks
            __import__(name)


def _child(arguments: Sequence[str], reach: str) -> None:
    """Be one run, and end."""
    os.setpgid(0, 0)
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    _silence()
    import signal

    import pytest

    signal.alarm(PATIENCE_SECONDS)
    status = 1
    try:
        if reach:
            status = _traced(arguments, reach)
        else:
            sys.dont_write_bytecode = True  # a mutant's would be taken for the file's own
            status = int(pytest.main([*ALWAYS, *arguments]))
    finally:
        os._exit(status)


def _traced(arguments: Sequence[str], reach: str) -> int:
    """Run pytest, and write down which test function reached which line of ours."""
    import coverage
    import pytest

    cover = coverage.Coverage(data_file=None, source=["functions"], config_file=False)
    cover.set_option("run:dynamic_context", "test_function")
    cover.start()
    status = int(pytest.main([*ALWAYS, *arguments]))
    cover.stop()
    data = cover.get_data()
    here = f"{Path.cwd()}/"
    found = {name.removeprefix(here): data.contexts_by_lineno(name) for name in data.measured_files()}
    # What reaches few lines comes first: it takes little time, and is about what it reaches.
    size = Counter(context for lines in found.values() for contexts in lines.values() for context in contexts)
    told = {
        name: {line: sorted(contexts, key=lambda each: (size[each], each)) for line, contexts in lines.items()}
        for name, lines in found.items()
    }
    Path(reach).write_text(json.dumps(told))
    return status


def _silence() -> None:
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in range(3):
        os.dup2(nothing, number)


if __name__ == "__main__":
    _serve()
