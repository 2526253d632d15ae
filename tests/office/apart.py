"""The office of ``infra/office`` started as systemd would start it, each process under the user that its unit names.

``python -m tests.office.apart FOLDER PORT``, within namespaces of its own (``apart``): users and groups are those of
``lapor.sysusers``, and ``/opt``, ``/var/lib`` and ``/run`` are empty but for the office. Read from the units: user,
groups, mask, environment, credentials, folders, command. What they ask of the kernel besides (system calls, network) is
tried by ``tests.office.walls``. Answers each line that it reads with one of JSON after ``=``.
"""

import contextlib
import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.server import MADE_ONCE

ROOT = Path(__file__).parents[2]
OFFICE = ROOT / "infra" / "office"
PLACE = "/opt/lapor"
FIRST_ID = 61001
CREDENTIALS = Path("/run/credentials")
STATE = Path("/var/lib/lapor")
WALLS = ("keys", "credentials", "socket", "user")


def units() -> dict[str, str]:
    """The processes that serve, by name, and the text of their units."""
    found = {path.stem.removeprefix("lapor-"): path.read_text() for path in sorted(OFFICE.glob("lapor-*.service"))}
    return {name: text for name, text in found.items() if "WantedBy=lapor.target" in text}


def listed(text: str, name: str) -> list[str]:
    return re.findall(rf"^{name}=(.*)$", text, re.MULTILINE)


class Users:
    """The users and groups of ``lapor.sysusers``, put before those of this machine."""

    def __init__(self, folder: Path) -> None:
        self.ids: dict[str, int] = {}
        self.members: dict[str, list[str]] = {}
        for line in (OFFICE / "lapor.sysusers").read_text().splitlines():
            words = line.split()
            if words[:1] in (["u"], ["g"]):
                self.ids[words[1]] = FIRST_ID + len(self.ids)
            if words[:1] == ["m"]:
                self.members.setdefault(words[2], []).append(words[1])
        users = [f"{n}:x:{i}:{i}::/nonexistent:/usr/sbin/nologin" for n, i in self.ids.items() if n != "lapor-store"]
        groups = [f"{n}:x:{i}:{','.join(self.members.get(n, []))}" for n, i in self.ids.items()]
        for name, lines in (("passwd", users), ("group", groups)):
            path = folder / name
            path.write_text(Path("/etc", name).read_text() + "\n".join(lines) + "\n")
            path.chmod(0o644)
            mount("--bind", path, f"/etc/{name}")

    def groups_of(self, user: str, unit: str) -> list[int]:
        named = {group for group, members in self.members.items() if user in members}
        return sorted(self.ids[each] for each in {*named, *" ".join(listed(unit, "SupplementaryGroups")).split()})


def mount(*arguments: object) -> None:
    subprocess.run(["mount", *map(str, arguments)], check=True)


class Office:
    """The running office; ``broken`` are the walls that are taken away before it starts."""

    def __init__(self, folder: Path, changes: dict[str, str], broken: set[str]) -> None:
        self.folder, self.broken, self.stop = folder, broken, threading.Event()
        self.away: set[str] = set()  # what was killed and is not to come back yet
        self.port = int(changes["PORT"])
        for place in ("/opt", "/var/lib", "/run"):
            mount("-t", "tmpfs", "-o", "mode=755,noatime", "tmpfs", place)
        Path(PLACE).mkdir()
        mount("--rbind", ROOT, PLACE)
        self.users = Users(folder)
        self.settings = folder / "etc"
        self.settings.mkdir(exist_ok=True)
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.ended: list[tuple[str, int]] = []
        self._configure(changes)

    def _configure(self, changes: dict[str, str]) -> None:
        for name in ("lapor", "keys", "courier", "backup"):
            text = (OFFICE / f"{name}.toml").read_text()
            given = {key: value for key, value in changes.items() if re.search(rf"^{key} = ", text, re.MULTILINE)}
            for key, value in given.items():
                line = f"{key} = {json.dumps(value)}" if value else ""
                text = re.sub(rf"^{key} = .*$", line, text, flags=re.MULTILINE)
            extra = {key: value for key, value in changes.items() if name == "lapor" and key.isupper()}
            text += "".join(f"{key} = {json.dumps(value)}\n" for key, value in extra.items())
            (self.settings / f"{name}.toml").write_text(text.replace("/etc/lapor", str(self.settings)))
            (self.settings / f"{name}.toml").chmod(0o644 if name == "lapor" else 0o600)
        for name, demo in (("directory", "kutai-timur"), ("officers", "officers")):
            (self.settings / f"{name}.toml").write_text((ROOT / "infra" / "demo" / f"{demo}.toml").read_text())
        os.chown(self.settings / "officers.toml", 0, self.users.ids["lapor-courier"])
        (self.settings / "officers.toml").chmod(0o640)
        (self.settings / "directory.toml").chmod(0o644)
        self.settings.chmod(0o755)

    def start(self) -> None:
        prepare = (OFFICE / "lapor-prepare.service").read_text()
        for name in listed(prepare, "StateDirectory")[0].split():
            Path("/var/lib", name).mkdir(exist_ok=True, mode=0o755)
        self._prepare(prepare).check_returncode()
        if "keys" in self.broken:
            subprocess.run(["chmod", "-R", "go=rX", STATE / "keys" / "identity"], check=True)
        for name, text in units().items():
            threading.Thread(target=self._keep, args=(name, text), daemon=True).start()

    def _prepare(self, unit: str) -> subprocess.CompletedProcess[str]:
        """What goes before all others, as root; its portal is compressed once in a run of tests."""
        once = {"LAPOR_MADE_ONCE": os.environ["LAPOR_MADE_ONCE"], "PYTHONPATH": MADE_ONCE}
        return self.command(unit, "prepare", **once)

    def command(self, unit: str, name: str, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Run what a unit runs as root, with other arguments where there are some."""
        line = shlex.split(listed(unit, "ExecStart")[0])
        line = [*line[:3], *arguments] if arguments else line
        return subprocess.run(
            line,
            cwd=PLACE,
            env=self._environ(unit, name) | more,
            capture_output=True,
            text=True,
            check=False,
            umask=0o077,
        )

    def _environ(self, unit: str, name: str) -> dict[str, str]:
        environ = {"PATH": os.environ["PATH"], "CREDENTIALS_DIRECTORY": str(CREDENTIALS / f"lapor-{name}.service")}
        for line in listed(unit, "Environment"):
            environ |= dict(word.split("=", 1) for word in line.split())
        return {
            key: value.replace("%d", environ["CREDENTIALS_DIRECTORY"]).replace("/etc/lapor", str(self.settings))
            for key, value in environ.items()
        }

    def _keep(self, name: str, unit: str) -> None:
        """As Restart=always does."""
        user = self.user_of(name, unit)
        uid = self.users.ids[user]
        self._credentials(name, unit, uid)
        for place in listed(unit, "RuntimeDirectory"):
            path = Path("/run", place)
            path.mkdir(parents=True, exist_ok=True)
            path.parent.chmod(0o755)
            os.chown(path, uid, self.users.ids[listed(unit, "Group")[0]])
            path.chmod(
                0o777 if "socket" in self.broken and name == "desk" else int(listed(unit, "RuntimeDirectoryMode")[0], 8)
            )
        while not self.stop.is_set():
            self.running[name] = subprocess.Popen(
                shlex.split(listed(unit, "ExecStart")[0]),
                cwd=PLACE,
                env=self._environ(unit, name),
                user=uid,
                group=self.users.ids[user],
                extra_groups=self.users.groups_of(user, unit),
                umask=0 if "socket" in self.broken and name == "desk" else int(listed(unit, "UMask")[0], 8),
                stdout=sys.stderr,
                stderr=sys.stderr,
            )
            if "socket" in self.broken and name == "desk":
                self._open_the_socket()
            self.ended.append((name, self.running[name].wait()))
            self.stop.wait(1)
            while name in self.away and not self.stop.wait(0.1):
                pass

    def _open_the_socket(self) -> None:
        path = Path("/run/lapor/desk/door.sock")
        while not path.exists() or not listens(path):
            time.sleep(0.1)
        path.chmod(0o666)

    def user_of(self, name: str, unit: str) -> str:
        """Its user; where that wall is taken away, the thread runs as the desk's."""
        return "lapor-desk" if name == "thread" and "user" in self.broken else listed(unit, "User")[0]

    def _credentials(self, name: str, unit: str, uid: int) -> None:
        folder = CREDENTIALS / f"lapor-{name}.service"
        folder.mkdir(parents=True, exist_ok=True)
        for given in listed(unit, "LoadCredential"):
            copy, source = given.split(":", 1)
            path = folder / copy
            path.unlink(missing_ok=True)
            path.write_bytes(Path(source.replace("/etc/lapor", str(self.settings))).read_bytes())
            os.chown(path, uid, -1)
            path.chmod(0o444 if "credentials" in self.broken and name == "courier" else 0o400)
        os.chown(folder, uid, -1)
        folder.chmod(0o755 if "credentials" in self.broken and name == "courier" else 0o500)

    def ready(self) -> bool:
        doors = [
            Path("/run/lapor", name, "door.sock") for name, text in units().items() if listed(text, "RuntimeDirectory")
        ]
        return all(listens(path) for path in doors) and serves(self.port) and set(self.running) == set(units())

    def targets(self) -> list[dict[str, Any]]:
        """All there is to get at, and of whom it is."""
        from functions.local.processes import PROCESSES

        found: list[dict[str, Any]] = []
        for name, text in units().items():
            pid = self.running[name].pid
            found += [{"kind": kind, "of": name, "at": pid} for kind in ("memory", "environ")]
            found += [
                {"kind": "keys", "of": name, "at": str(path)}
                for p in PROCESSES[name].purposes
                for path in (STATE / "keys" / p).glob("*/*")
            ]
            given = CREDENTIALS / f"lapor-{name}.service"
            found += [
                {"kind": "credentials", "of": name, "at": str(path)}
                for path in (given, *given.iterdir())
                if listed(text, "LoadCredential")
            ]
            found += [
                {"kind": "socket", "of": name, "at": f"/run/{place}/door.sock"}
                for place in listed(text, "RuntimeDirectory")
            ]
        own = [STATE / "backups", *(STATE / "keys" / name for name in ("waiting", "counter", "phone", "mute", "sms"))]
        own += [self.settings / f"{name}.toml" for name in ("keys", "courier", "backup")]
        return [
            *found,
            *({"kind": path.name, "of": "root", "at": str(path)} for path in own),
            {"kind": "officers.toml", "of": "courier", "at": str(self.settings / "officers.toml")},
        ]

    def captured(self) -> dict[str, dict[str, bool]]:
        """For each process: what somebody who runs as its user gets at."""
        found = {}
        for name, text in units().items():
            user = self.user_of(name, text)
            done = subprocess.run(
                [f"{PLACE}/.venv/bin/python", "-m", "tests.office.captured"],
                cwd=PLACE,
                env={"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"},
                input=json.dumps(self.targets()).encode(),
                user=self.users.ids[user],
                group=self.users.ids[user],
                extra_groups=self.users.groups_of(user, text),
                stdout=subprocess.PIPE,
                check=True,
            )
            found[name] = json.loads(done.stdout)
        return found

    def as_user(self, name: str, *command: str) -> int:
        """The exit status of a command as the user of a process."""
        user = self.users.ids[self.user_of(name, units()[name])]
        groups = self.users.groups_of(self.user_of(name, units()[name]), units()[name])
        return subprocess.run(command, user=user, group=user, extra_groups=groups, check=False).returncode

    def resident(self) -> dict[str, int]:
        """Resident memory of each process in KiB."""
        return {
            name: int(re.findall(r"VmRSS:\s+(\d+)", Path(f"/proc/{p.pid}/status").read_text())[0])
            for name, p in self.running.items()
        }

    def end(self) -> dict[str, int]:
        """Two SIGTERMs in quick succession; the exit status of each."""
        self.stop.set()
        for _ in range(2):
            for process in self.running.values():
                with contextlib.suppress(ProcessLookupError):
                    process.send_signal(signal.SIGTERM)
        return {name: process.wait(30) for name, process in self.running.items()}


def listens(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(path)) == 0


def serves(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def modes() -> dict[str, tuple[str, int, float]]:
    """Mode, owner and time of all that the office keeps; of what goes meanwhile, nothing."""
    found = {}
    for path in STATE.rglob("*"):
        with contextlib.suppress(FileNotFoundError):
            told = path.lstat()
            found[str(path)] = (oct(told.st_mode)[-4:], told.st_uid, told.st_mtime)
    return found


def say(answer: Any) -> None:
    sys.stdout.write(f"= {json.dumps(answer)}\n")
    sys.stdout.flush()


def main(folder: Path, changes: dict[str, str], broken: set[str]) -> None:
    office = Office(folder, changes, broken)
    if "old" in changes:
        STATE.mkdir()
        subprocess.run(["cp", "-a", changes["old"], STATE / "data"], check=True)
    office.start()
    end = time.monotonic() + 180
    while not office.ready() and time.monotonic() < end:
        time.sleep(0.1)
    say({"ready": office.ready()})
    simple: dict[str, Callable[[], Any]] = {
        "captured": office.captured,
        "resident": office.resident,
        "modes": modes,
        "ended": lambda: office.ended,
        "ids": lambda: office.users.ids,
        "end": office.end,
    }
    for line in sys.stdin:
        what, *rest = shlex.split(line)
        answer: Any = None
        if what in simple:
            answer = simple[what]()
        elif what == "kill":
            process = office.running[rest[0]]
            office.away.add(rest[0])
            process.kill()
            process.wait()  # else its socket may still take a request, which is then cut off
            answer = process.pid
        elif what == "restart":
            office.away.discard(rest[0])
        elif what == "as":
            answer = office.as_user(*rest)
        elif what == "run":
            prepare = (OFFICE / "lapor-prepare.service").read_text()
            extra = ":" + str(office.settings / "backup.toml") + ":" + str(office.settings / "courier.toml")
            prepare = prepare.replace("/etc/lapor/keys.toml", "/etc/lapor/keys.toml" + extra)
            done = office.command(prepare, "prepare", *rest)
            answer = [done.returncode, done.stdout, done.stderr]
        say(answer)
        if what == "end":
            return


if __name__ == "__main__":
    main(Path(sys.argv[1]), json.loads(sys.argv[2]), set(sys.argv[3:]))
