"""What ``doctor`` checks of the walls between the processes of one machine: who runs what, and who can read what.

Root sees all of it; others are told so. Tests: ``tests/cli/test_doctor_walls.py``, ``tests/office/test_apart.py``.
"""

import os
import pwd
import re
import stat
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from functions.cli.backup import NAME
from functions.cli.findings import Finding, fine, look, some, wrong
from functions.config.readers import SECRETS
from functions.config.settings import Settings, where_from
from functions.crypto.seal.public_keys import Purpose
from functions.local.owners import missing_users
from functions.local.processes import owner_of, user_of

INIT_AS_ROOT = "run `python -m functions.cli init` as root"
COMMANDS = {
    r"-m functions\.local portal": "portal",
    r"-m functions\.local\.door (\w+)": "",
    r"-m functions\.courier\.main": "courier",
    r"-m functions\.local\.clock": "clock",
}
OTHERS, OTHERS_AND_WRITING = 0o077, 0o027
NIGHTS = 2  # a machine that was off over night makes its backup when it starts


class Running(NamedTuple):
    """A process of ours: its name, its user, whether it may leave a core file, and how much of it is in swap (KiB)."""

    name: str
    user: str
    core: bool
    swapped: int


def walls(settings: Settings) -> Iterator[Finding]:
    """Check users, processes, keys, secrets and memory. Yields nothing where the store is not on this machine."""
    if not settings.embedded:
        return
    if not settings.door_users:
        yield one_user(settings)
        return
    if missing := missing_users():
        yield wrong(f"users: there is no {some(missing)}; run `systemd-sysusers` with infra/office/lapor.sysusers.")
        return
    if os.geteuid() != 0:
        yield look("users: only root sees who can read what; run doctor as root.")
        return
    yield key_owners(settings)
    yield secrets(settings, os.environ)
    yield from processes(find_processes(Path("/proc")))
    yield tracing(Path("/proc/sys/kernel/yama/ptrace_scope"))
    yield access_times(settings.data_dir)
    yield backups(settings.backups_dir, settings.today())


def one_user(settings: Settings) -> Finding:
    """Say that one user runs all. For an office that people reach this is wrong."""
    text = "users: one user runs every process, so whoever takes over one of them reads every key"
    mend = 'set door_users = "yes" and start lapor.target (docs/operations.md, "Upgrade")'
    return wrong(f"{text}; {mend}.") if settings.secure else look(f"{text}; before people use it, {mend}.")


def key_owners(settings: Settings) -> Finding:
    """Check that each private key is the one user's who loads it, and each secret and folder root's."""
    loose = []
    for path in sorted(settings.keys_dir.rglob("*")):
        top = path.relative_to(settings.keys_dir).parts[0]
        if top == "public.json":
            continue
        user = user_of(owner_of(Purpose(top))) if top in list(Purpose) else "root"
        status = path.lstat()
        folder = stat.S_ISDIR(status.st_mode)
        owner, closed = ("root", OTHERS_AND_WRITING) if folder else (user, OTHERS)
        if stat.S_ISLNK(status.st_mode) or status.st_uid != pwd.getpwnam(owner).pw_uid or status.st_mode & closed:
            loose.append(str(path))
    if (settings.data_dir / "keys").exists():
        loose.append(str(settings.data_dir / "keys"))
    if loose:
        return wrong(
            f"keys: {len(loose)} can be read or replaced by another user than theirs ({some(loose)}); "
            f"{INIT_AS_ROOT}, and rotate those that somebody may have read."
        )
    return fine("keys: each can be read by the one process that needs it.")


def secrets(settings: Settings, environ: Mapping[str, str]) -> Finding:
    """Check that no file of settings with a secret, nor the officers' addresses, can be read by every process."""
    files = {Path(place) for name in SECRETS if (place := where_from(name, environ)) not in ("", "environment")}
    loose = [str(path) for path in sorted(files) if path.stat().st_mode & OTHERS]
    if loose:
        return wrong(f"settings: {some(loose)} holds a secret and can be read by others; `chmod 600`, owner root.")
    if settings.officers_file.exists() and settings.officers_file.stat().st_mode & 0o007:
        file = settings.officers_file
        return wrong(
            f"settings: {file} holds addresses that others can read; `chmod 640`, `chgrp {user_of('courier')}`."
        )
    return fine("settings: no file with a secret can be read by a process that does not need it.")


def find_processes(proc: Path) -> list[Running]:
    """Return the processes of ours that run now."""
    found = []
    for folder in proc.glob("[0-9]*"):
        try:
            line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
            name = _name(line)
            if name:
                status, limits = (folder / "status").read_text(), (folder / "limits").read_text()
                core = not re.search(r"^Max core file size\s+0\s", limits, re.MULTILINE)
                swapped = int((re.findall(r"^VmSwap:\s+(\d+)", status, re.MULTILINE) or ["0"])[0])
                found.append(Running(name, pwd.getpwuid(folder.stat().st_uid).pw_name, core, swapped))
        except (OSError, KeyError):  # it ended meanwhile, or belongs to nobody of this machine
            continue
    return found


def _name(line: str) -> str:
    for pattern, name in COMMANDS.items():
        if match := re.search(pattern, line):
            return name or match[1]
    return ""


def processes(running: list[Running]) -> Iterator[Finding]:
    """Check whom the processes run as, and whether what is in their memory can reach a disk."""
    if not running:
        yield look("processes: none runs; start them with `systemctl start lapor.target`.")
        return
    if strays := [f"{each.name} as {each.user}" for each in running if each.user != user_of(each.name)]:
        yield wrong(f"processes: {some(strays)}; start each by its unit, and no other way.")
    else:
        yield fine(f"processes: {', '.join(sorted(f'{each.name} as {each.user}' for each in running))}.")
    if cores := [each.name for each in running if each.core]:
        yield wrong(f"memory: {some(cores)} would leave a core file with words in it; its unit wants LimitCORE=0.")
    if swapped := [each.name for each in running if each.swapped]:
        yield wrong(f"memory: part of {some(swapped)} is in swap; `swapoff -a`, and its unit wants MemorySwapMax=0.")
    if not cores and not swapped:
        yield fine("memory: nothing of it reaches a disk.")


def tracing(file: Path) -> Finding:
    """Check whether a process may look into another of its own user."""
    scope = file.read_text().strip() if file.exists() else "0"
    if scope == "0":
        return look("memory: a process may trace others of its user; set kernel.yama.ptrace_scope=1 in /etc/sysctl.d.")
    return fine("memory: no process may trace another.")


def access_times(folder: Path) -> Finding:
    """Check whether reading a sealed file that another process wrote leaves its hour behind."""
    if os.statvfs(folder).f_flag & os.ST_NOATIME:
        return fine("disk: reading leaves no hour behind.")
    return look(f"disk: reading leaves its hour behind; mount the disk of {folder} with noatime (/etc/fstab).")


def backups(folder: Path, today: date) -> Finding:
    """Check whether a backup was made these nights: nobody else tells that the nightly one fails."""
    if folder.exists() and not folder.is_dir():
        return wrong(
            f"backups: {folder} is a file, so none of the nightly ones is made; move it elsewhere, and {INIT_AS_ROOT}."
        )
    days = [path.name.removeprefix(NAME.partition("{")[0])[:10] for path in folder.glob(NAME.format(day="????-??-??"))]
    if not days:
        return look(
            f"backups: there is none in {folder}; look whether `lapor-backup.timer` is on (`systemctl list-timers`), "
            "and run `python -m functions.cli backup` with that folder."
        )
    newest = max(days)
    if newest < (today - timedelta(days=NIGHTS)).isoformat():
        return wrong(
            f"backups: the newest is of {newest}; `journalctl -u lapor-backup` says why, or the timer is off "
            "(`systemctl list-timers`)."
        )
    return fine(f"backups: the newest is of {newest}.")
