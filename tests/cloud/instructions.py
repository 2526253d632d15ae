"""How many instructions each door takes from nothing to its first answer, and how many of what bare Flask and Zappa take:

    python -m tests.cloud.instructions [DOOR ...]

An emulator with `ENV=emulated` deployed from this source must run (`make emulator`, `make deploy ENV=emulated`), and
valgrind be installed (Debian). Instructions do not depend on what else the machine does: within 1 % they are the same again.
"""

import os
import re
import sys
import tempfile
from pathlib import Path

from infra.deploy.place import EMULATOR
from tests.cloud.cloud import Cloud
from tests.cloud.cold_start import DOORS, unpack, used


def counted(cloud: Cloud, folder: Path, door: str, *, reads: bool = False) -> int:
    """Instructions of one start. Raises AssertionError where the door does not answer as it should."""
    with tempfile.TemporaryDirectory() as notes:
        log, out = Path(notes) / "log", Path(notes) / "out"
        under = ["/usr/bin/valgrind", "--tool=cachegrind", "--cache-sim=no"]
        used(cloud, folder, door, reads=reads, under=[*under, f"--log-file={log}", f"--cachegrind-out-file={out}"])
        found = re.search(r"I +refs: +([0-9,]+)", log.read_text())
    assert found, "valgrind counted nothing"
    return int(found[1].replace(",", ""))


def main(doors: list[str]) -> None:
    """Print a line for each door."""
    os.environ["PATH"] = os.defpath  # valgrind would count a wrapper of somebody's own before it
    cloud = Cloud(EMULATOR["AWS_ENDPOINT_URL"])
    with tempfile.TemporaryDirectory() as folder:
        unpacked = unpack(Path(folder))
        bare = counted(cloud, unpacked, "bare")
        reading = counted(cloud, unpacked, "bare", reads=True)
        sys.stdout.write(f"bare {bare / 1e6:,.0f} million\nreading {reading / 1e6:,.0f} million\n")
        for door in doors or (*DOORS, "open311"):
            count = counted(cloud, unpacked, door)
            sys.stdout.write(
                f"{door} {count / 1e6:,.0f} million, {count / bare:.2f} of bare, {count / reading:.2f} of reading\n"
            )
            sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
