"""What a captured door can get at: run as its user, with the targets as JSON on standard input; prints which it got.

``ptrace`` and ``/proc/PID/mem`` are the ways into a process's memory, ``environ`` may hold a secret, files are keys,
credentials and settings, and a socket is a door that believes who comes.
"""

import ctypes
import json
import socket
import sys
import threading
from pathlib import Path

PTRACE_SEIZE = 0x4206


def memory(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", 0) as mem:  # noqa: PTH123
            mem.seek(int(next(line for line in maps if " rw" in line).partition("-")[0], 16))
            return len(mem.read(16)) == 16
    except (OSError, StopIteration):
        return False


def traced(pid: int) -> bool:
    """In a thread of its own, which ends with it. Seizing stops nothing."""
    got = []

    def seize() -> None:
        got.append(ctypes.CDLL(None, use_errno=True).ptrace(PTRACE_SEIZE, pid, None, None) == 0)

    thread = threading.Thread(target=seize)
    thread.start()
    thread.join()
    return got[0]


def read(path: str) -> bool:
    """Whether a file can be read, or anything below a folder."""
    place = Path(path)
    try:
        if place.is_dir():
            return any(read(str(each)) for each in place.iterdir()) or bool([*place.iterdir()])
        with place.open("rb") as file:
            file.read(1)
            return True
    except OSError:
        return False


def connected(path: str) -> bool:
    with socket.socket(socket.AF_UNIX) as line:
        return line.connect_ex(path) == 0


def main() -> None:
    found = {}
    for target in json.load(sys.stdin):
        kind, at = target["kind"], target["at"]
        if kind == "memory":
            got = memory(at) or traced(at)
        elif kind == "environ":
            got = read(f"/proc/{at}/environ")
        elif kind == "socket":
            got = connected(at)
        else:
            got = read(at)
        found[f"{kind} of {target['of']}"] = found.get(f"{kind} of {target['of']}", False) or got
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
