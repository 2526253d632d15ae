"""What a unit of ``infra/office`` walls a process in with, put up by hand around a command, since tests have no
systemd that runs: ``python -m tests.office.walls UNIT FOLDER COMMAND...``, started by ``unshare`` (``fenced``).

Read from the unit: which system calls and address families pass. The same for every unit: nothing but FOLDER can be
written, no capability, no new privilege, no memory that is writable and executable, only processes in /proc.
"""

import ctypes
import ctypes.util
import os
import re
import resource
import socket
import subprocess
import sys
from pathlib import Path

from tests.namespaces import unshare

PR_SET_NO_NEW_PRIVS, PR_CAPBSET_DROP, PR_SET_MDWE = 38, 24, 65
REFUSE_EXEC_GAIN = 1
ALLOW, DENY = 0x7FFF0000, 0x00050000 | 1  # EPERM
EQUAL = 4


def fenced(unit: Path, folder: Path, command: list[str]) -> list[str]:
    """The command line that runs a command within the walls."""
    return [
        *unshare("--pid", "--fork", "--kill-child"),
        sys.executable,
        "-m",
        "tests.office.walls",
        str(unit),
        str(folder),
        *command,
    ]


class _Argument(ctypes.Structure):
    _fields_ = [("arg", ctypes.c_uint), ("op", ctypes.c_int), ("a", ctypes.c_uint64), ("b", ctypes.c_uint64)]


def listed(unit: Path, name: str) -> list[str]:
    """The values of a setting of a unit, in order."""
    return re.findall(rf"^{name}=(.*)$", unit.read_text(), re.MULTILINE)


def system_calls(unit: Path) -> set[str]:
    """The names of the system calls that the unit lets pass."""
    passing: set[str] = set()
    for value in listed(unit, "SystemCallFilter"):
        found = _members(value.removeprefix("~"))
        passing = passing - found if value.startswith("~") else passing | found
    return passing


def _members(group: str) -> set[str]:
    done = subprocess.run(["systemd-analyze", "syscall-filter", group], capture_output=True, text=True, check=True)
    found: set[str] = set()
    for word in (line.strip() for line in done.stdout.splitlines()[1:]):
        if word.startswith("@"):
            found |= _members(word)
        elif word and not word.startswith("#"):
            found.add(word)
    return found


def filter_calls(unit: Path, passing: set[str]) -> None:
    """No system call but these, and no socket but of the unit's families."""
    name = ctypes.util.find_library("seccomp") or "libseccomp.so.2"
    library = ctypes.CDLL(name, use_errno=True)
    library.seccomp_init.restype = ctypes.c_void_p
    rules = ctypes.c_void_p(library.seccomp_init(DENY))
    for call in sorted(passing - {"socket"}):
        number = library.seccomp_syscall_resolve_name(call.encode())
        if number >= 0:
            assert library.seccomp_rule_add_array(rules, ALLOW, number, 0, None) == 0, call
    number = library.seccomp_syscall_resolve_name(b"socket")
    for family in listed(unit, "RestrictAddressFamilies")[0].split():
        equal = _Argument(0, EQUAL, getattr(socket, family), 0)
        assert library.seccomp_rule_add_array(rules, ALLOW, number, 1, ctypes.byref(equal)) == 0, family
    assert library.seccomp_load(rules) == 0, "the system calls could not be filtered"


def main(unit: Path, folder: Path, command: list[str]) -> None:
    passing = system_calls(unit)
    folder.mkdir(exist_ok=True)
    for arguments in (
        ["--bind", folder, folder],
        ["-o", "remount,bind,ro", "/"],
        ["-t", "proc", "-o", "subset=pid", "proc", "/proc"],
        ["-t", "tmpfs", "tmpfs", "/var/tmp"],  # noqa: S108 - PrivateTmp; the folder itself may stand in /tmp
    ):
        subprocess.run(["mount", *map(str, arguments)], check=True)
    libc = ctypes.CDLL(None, use_errno=True)
    for capability in range(64):
        libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)  # beyond the last one there is nothing to drop
    assert libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
    assert libc.prctl(PR_SET_MDWE, REFUSE_EXEC_GAIN, 0, 0, 0) == 0
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.umask(0o077)
    os.chdir(Path(__file__).parents[2])  # anew, or it is still the folder from before the mounts
    filter_calls(unit, passing)
    os.execvp(command[0], command)  # noqa: S606 - what the test said


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
