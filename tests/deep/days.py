"""What of ``make test`` reads the clock, on days unlike others: ``python -m tests.deep.days [--days NAME …] [PATH …]``.

libfaketime moves the clock of each run and of all that it starts; it goes on from there. Two days run at a time. Prints a
line for each and ends with 1 where one is red; what a red one said is in the file that its line names.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

ROOT = Path(__file__).parents[2]
WITA = ZoneInfo("Asia/Makassar")
# All of them are to come: reports of the tests happened in November 2026, which must not be later than the clock's day.
DAYS = {
    "saturday": "2026-12-05 10:00",
    "lebaran": "2027-03-10 10:00",
    "new-years-eve": "2026-12-31 10:00",
    "leap-day": "2028-02-29 10:00",
    "quarter-end": "2027-06-30 10:00",
    "before-midnight": "2027-01-15 23:55",  # a Friday: the run goes on into a day off
}
AT_A_TIME = 2
# What never asks for the day, or where a browser, an engine or a process of its own takes most of the time.
APART = {
    *(
        "bench",
        "bootstrap",
        "browser",
        "captured",
        "cloud",
        "crypto",
        "deep",
        "edge",
        "engines",
        "pii",
        "sanitize",
        "seal",
        "simulation",
        "walls",
    ),
    *("lambda", "local", "office", "whole"),
}
IN_BROWSERS = ("test_axe.py", "test_kerja.py", "test_publication.py", "test_story.py")
LIBRARIES = "*/faketime/libfaketimeMT.so.1"


def paths() -> list[str]:
    """All folders and files of tests that may read the clock; a new one is among them."""
    found = [path for path in (ROOT / "tests").iterdir() if path.is_dir() and any(path.glob("test_*.py"))]
    found = [path for path in found if path.name not in APART] + list((ROOT / "tests").glob("test_*.py"))
    found += [ROOT / "tests" / "browser" / name for name in IN_BROWSERS]
    return sorted(str(path.relative_to(ROOT)) for path in found)


def library() -> Path:
    """Where libfaketime is. Raises SystemExit where it is not installed."""
    for folder in ("/usr/lib", "/usr/local/lib"):
        for found in Path(folder).glob(LIBRARIES):
            return found
    raise SystemExit("days: libfaketime is missing; install the package faketime")


def environment(moment: str, home: Path) -> dict[str, str]:
    """The environment of a run whose clock says ``moment`` (WITA) at its start.

    The clock is moved by an offset, so that all processes of the run agree. Timeouts stay real, and so do the times of
    files, by which SMS would be too old to be tried again.
    """
    ahead = datetime.fromisoformat(moment).replace(tzinfo=WITA).timestamp() - time.time()
    return os.environ | {
        "LD_PRELOAD": str(library()),
        "FAKETIME": f"{ahead:+.0f}s",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "LAPOR_AGAIN_DAYS": "10000",
        "PYTEST_DEBUG_TEMPROOT": str(home),
    }


def run(day: str, paths: Sequence[str]) -> bool:
    """Run the tests on one day and say how it went. Returns whether all is green."""
    with tempfile.TemporaryDirectory(prefix=f"lapor-{day}-") as home:
        command = [sys.executable, "-m", "pytest", "-p", "no:randomly", "-m", "not long", *paths]
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=environment(DAYS[day], Path(home)),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
    if done.returncode == 0:
        say(f"green  {day:16} {DAYS[day]}")
        return True
    told = Path(tempfile.gettempdir()) / f"lapor-{day}.txt"
    told.write_text(done.stdout)
    red = [line.partition(" ")[2] for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR "))]
    say(f"red    {day:16} {DAYS[day]}  {told}", *(f"       {each}" for each in red))
    return False


def say(*lines: str) -> None:
    """Print lines, whole even where two days do so at once."""
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


def main(arguments: Sequence[str]) -> int:
    """Run the days that are asked for, else all. Returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.deep.days", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--days", nargs="+", choices=DAYS, default=list(DAYS), metavar="NAME", help=", ".join(DAYS))
    parser.add_argument(
        "paths", nargs="*", default=paths(), metavar="PATH", help="tests, instead of all that read clocks"
    )
    wanted = parser.parse_args(arguments)
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        return int(not all(list(pool.map(lambda day: run(day, wanted.paths), wanted.days))))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
