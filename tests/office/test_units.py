"""The files an administrator copies: systemd, tor and our own settings take them, and the office works within the walls
that its units put up. The users apart: ``test_apart.py``."""

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from secrets import token_hex

import pytest

from functions.config.readers import SECRETS
from functions.config.settings import SettingsError, load_settings
from functions.crypto.seal.public_keys import Purpose
from functions.local.processes import PROCESSES, RUN, STORE_GROUP, owner_of, socket_of, user_of
from tests.office.test_backup_running import attach
from tests.office.walls import fenced, listed
from tests.server import ROOT, Client, Running, free_port, running, wait_for
from tests.whole.started import WORDS, fields

OFFICE = ROOT / "infra" / "office"
UNITS = sorted(path.name for path in OFFICE.iterdir() if path.suffix in (".service", ".timer", ".target"))
SERVICES = [name for name in UNITS if name.endswith(".service")]
AS_ROOT = {"lapor-prepare.service", "lapor-backup.service"}  # no user of the office may give, or read, all of it
PLACE = "/opt/lapor"
EXPOSURE = 18  # tenths, of 100: what systemd itself calls "OK" is below 50
MODULES = {
    "functions.cli",
    "functions.courier.main",
    "functions.local",
    "functions.local.clock",
    "functions.local.door",
}


def asked(program: str, *arguments: object, wanted: int = 0) -> str:
    found = shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin")
    if not found:
        pytest.fail(f"{program} is missing: `make test` installs it (infra/bootstrap.sh)", pytrace=False)
    done = subprocess.run([found, *map(str, arguments)], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == wanted, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """The units as they would stand if this folder were the place of the program."""
    for name in UNITS:
        text = (OFFICE / name).read_text().replace(f"file://{PLACE}", f"file://{ROOT}")
        text = text.replace(f"{PLACE}/.venv/bin/python", sys.executable).replace(PLACE, str(ROOT))
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.mark.parametrize("name", UNITS)
def test_systemd_takes_the_unit(units: Path, name: str) -> None:
    assert asked("systemd-analyze", "verify", "--man=no", "--recursive-errors=no", units / name).strip() == ""
    (units / name).write_text((units / name).read_text().replace("[Unit]", "[Unit]\nAfterr=x"))
    assert "Afterr" in asked("systemd-analyze", "verify", "--man=no", "--recursive-errors=no", units / name, wanted=1)


@pytest.mark.parametrize("name", SERVICES)
def test_the_unit_leaves_little_open(units: Path, name: str) -> None:
    said = asked("systemd-analyze", "security", "--offline=yes", f"--threshold={EXPOSURE}", units / name)
    assert re.search("OK|SAFE", said.strip().splitlines()[-1])


def walls_of(name: str) -> list[str]:
    text = (OFFICE / name).read_text()
    return text[text.index("NoNewPrivileges=") :].partition("\n\n[Install]")[0].strip().splitlines()


def test_all_services_have_the_same_walls_and_none_leaves_words_on_a_disk() -> None:
    same = walls_of("lapor-desk.service")
    for name in SERVICES:
        assert listed(OFFICE / name, "LimitCORE") == ["0"]
        assert listed(OFFICE / name, "MemorySwapMax") == ["0"]
        assert listed(OFFICE / name, "UMask") in (["0077"], ["0007"])
        if name not in AS_ROOT:
            assert walls_of(name) == same
        else:  # root gives files away, or reads them, and nothing more
            rest = {"RestrictSUIDSGID=yes", "SystemCallFilter=~@privileged", "CapabilityBoundingSet="}
            assert set(same) - set(walls_of(name)) <= rest
            (capabilities,) = listed(OFFICE / name, "CapabilityBoundingSet")
            assert set(capabilities.split()) <= {"CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_DAC_READ_SEARCH"}


def test_each_process_has_a_user_of_its_own_and_is_given_its_own_secrets_alone() -> None:
    """The table of ``functions.local.processes`` and the units say the same."""
    for name, process in PROCESSES.items():
        unit = OFFICE / f"lapor-{name}.service"
        assert listed(unit, "User") == listed(unit, "Group") == [user_of(name)]
        assert (STORE_GROUP in " ".join(listed(unit, "SupplementaryGroups")).split()) is process.in_store
        given = {line.partition(":")[0] for line in listed(unit, "LoadCredential")}
        assert given - {"keys.toml", "courier.toml"} == set(process.secrets)
        assert ("keys.toml" in given) is bool(process.purposes)
        assert ("courier.toml" in given) is (name == "courier")
        if process.paths:
            (command,) = listed(unit, "ExecStart")
            assert command.endswith(f" {name} --socket {socket_of(RUN, name)}")
            assert listed(unit, "RuntimeDirectoryMode") == ["0750"]
            assert user_of(name) in listed(OFFICE / "lapor-portal.service", "SupplementaryGroups")[0].split()
        if name not in ("portal", "courier"):  # what it holds has no way out of this machine
            assert (listed(unit, "PrivateNetwork"), listed(unit, "RestrictAddressFamilies")) == (["yes"], ["AF_UNIX"])
    assert sorted(owner_of(purpose) for purpose in Purpose if purpose is not Purpose.LINKS)  # each has an owner
    started = " ".join(listed(OFFICE / "lapor.target", "Wants")).split()
    assert {f"lapor-{name}.service" for name in PROCESSES} - set(started) == {"lapor-gateway.service"}


def test_the_users_are_those_of_the_units(tmp_path: Path) -> None:
    made = tmp_path / "etc"
    made.mkdir()
    asked("systemd-sysusers", f"--root={tmp_path}", OFFICE / "lapor.sysusers")
    users = {line.split(":")[0] for line in (made / "passwd").read_text().splitlines()}
    assert {user_of(name) for name in PROCESSES} <= users
    groups = {
        line.split(":")[0]: set(line.split(":")[3].split(",")) for line in (made / "group").read_text().splitlines()
    }
    assert groups[STORE_GROUP] == {user_of(name) for name, process in PROCESSES.items() if process.in_store}
    for name, process in PROCESSES.items():
        assert groups[user_of(name)] == ({"lapor-portal"} if process.paths else {""})


def test_what_the_units_name_is_there() -> None:
    for name in [name for name in SERVICES if name != "lapor-gammu.service"]:
        (command,) = listed(OFFICE / name, "ExecStart")
        module = command.split()[2]
        assert command.startswith(f"{PLACE}/.venv/bin/python -m ")
        assert module in MODULES
        path = ROOT / module.replace(".", "/")
        assert (path / "__main__.py").exists() or path.with_suffix(".py").exists()
    (command,) = listed(OFFICE / "lapor-gammu.service", "ExecStart")
    python, script = command.split()
    assert (python, script) == (f"{PLACE}/.venv/bin/python", f"{PLACE}/infra/gammu/deliver.py")
    assert (ROOT / "infra" / "gammu" / "deliver.py").exists()
    files = ":".join(str(OFFICE / f"{name}.toml") for name in ("lapor", "keys", "courier", "backup"))
    file = {"LAPOR_SETTINGS": files}
    settings = load_settings(
        file | {"KEY_PASSPHRASE": "kunci yang panjang", "BACKUP_PASSPHRASE": "cadangan yang panjang"}
    )
    assert settings.data_dir == Path("/var/lib/lapor/data")
    assert (settings.keys_dir, settings.door_users) == (Path("/var/lib/lapor/keys"), True)
    assert (settings.behind_proxy, settings.secure, settings.mail) == (True, True, "smtp")
    common = load_settings({"LAPOR_SETTINGS": str(OFFICE / "lapor.toml")})  # what every process reads holds no secret
    assert [name for name in SECRETS if getattr(common, name.lower())] == []
    with pytest.raises(SettingsError) as refused:  # nobody starts with the passphrases of an example
        load_settings(file)
    assert [fault.partition(":")[0] for fault in refused.value.faults] == ["KEY_PASSPHRASE", "BACKUP_PASSPHRASE"]


def test_the_office_works_within_its_walls(tmp_path: Path) -> None:
    """A report, a photo that a child process cleans, a letter, a link, and what may not be: all in one office."""
    folder, port = tmp_path / "office", free_port()
    product = Walled(folder, port)
    try:
        product.wait_ready()
        client = Client(product.url)
        sent = client.post("/api/reports", fields(), 201)
        attach(product.url, sent["receipt"])
        session = client.post("/desk/session", {"token": client.token()})
        client.csrf = session["csrf"]
        case = client.get(f"/desk/cases/{sent['tracking_id']}")
        assert case["messages"][0]["body"] == WORDS
        assert len([message for message in case["messages"] if message["files"]]) == 1
        assert client.call("GET", "/custody/")[0] == 401  # the process beside it answers
    finally:
        product.kill(signal.SIGKILL)
    assert not [line for line in product.lines if line.startswith("{")], product.lines


@pytest.mark.long
def test_what_waits_in_gammus_folder_is_delivered_within_the_walls(tmp_path: Path) -> None:
    unit, inbox = OFFICE / "lapor-gammu.service", tmp_path / "inbox"
    inbox.mkdir()
    told = dict(word.split("=", 1) for line in listed(unit, "Environment") for word in line.split())
    assert told.pop("SMS_SECRET_FILE") == "%d/sms"  # a credential
    assert listed(unit, "ReadWritePaths") == [told["SMS_INBOX"]]  # the one folder that it may write
    (tmp_path / "spool").mkdir()

    def one_more(text: str, code: str) -> list[Path]:
        path = inbox / f"IN20261125_101500_{code}_+6281200000017_00.txt"
        path.write_bytes(text.encode("utf-16"))
        os.utime(path, (time.time() - 120,) * 2)  # what is fresh is left to gammu's own run
        command = fenced(unit, inbox, [sys.executable, str(ROOT / "infra/gammu/deliver.py")])
        given = {"LAPOR_URL": product.url, "SMS_INBOX": str(inbox), "SMS_SECRET_FILE": str(product.folder / "keys/sms")}
        done = subprocess.run(command, cwd=ROOT, env=os.environ | told | given, timeout=60, check=False)
        left = list(inbox.iterdir())
        assert done.returncode == (1 if left else 0)
        return left

    with running(tmp_path / "data", SMS="gammu", SMS_SPOOL=str(tmp_path / "spool")) as product:
        assert one_more("LAPOR lampu jalan mati", "00") == []
        assert wait_for(lambda: list((tmp_path / "spool").glob("OUT*+6281200000017*")), 30)
    assert len(one_more("cek", "01")) == 1  # the office is down: it stays, and that is no failure of the unit
    assert listed(unit, "SuccessExitStatus") == ["1"]


TRIED = {
    "a file elsewhere": "open('/usr/local/x', 'w')",
    "memory to run": "import mmap; mmap.mmap(-1, 4096, prot=7)",
    "a packet socket": "import socket; socket.socket(17, 3, 0)",
    "a system call": "import ctypes, sys; sys.exit('not permitted' if ctypes.CDLL(None).ptrace(0, 0, 0, 0) else 0)",
    "a mount": "import subprocess; subprocess.run(['mount', '-t', 'tmpfs', 'x', '/mnt'], check=True)",
}


@pytest.mark.parametrize("what", TRIED)
def test_the_walls_stand(tmp_path: Path, what: str) -> None:
    command = [sys.executable, "-c", TRIED[what]]
    walled = fenced(OFFICE / "lapor-portal.service", tmp_path / "office", command)
    done = subprocess.run(walled, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert re.search("Read-only|not permitted|denied|CalledProcessError", done.stderr), done.stderr


def test_a_door_has_no_network(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "import socket; socket.socket(socket.AF_UNIX); print(1); socket.socket()"]
    walled = fenced(OFFICE / "lapor-desk.service", tmp_path / "office", command)
    done = subprocess.run(walled, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert done.stdout == "1\n"  # the other kind passes
    assert "not permitted" in done.stderr


def test_within_its_folder_it_may_write_for_itself_alone(tmp_path: Path) -> None:
    command = fenced(
        OFFICE / "lapor-portal.service", tmp_path / "office", ["sh", "-c", f"echo a > {tmp_path}/office/x"]
    )
    subprocess.run(command, cwd=ROOT, timeout=60, check=True)
    assert (tmp_path / "office" / "x").stat().st_mode & 0o777 == 0o600


class Walled(Running):
    """The office, started as its unit starts it but with mails in a folder."""

    def __init__(self, folder: Path, port: int) -> None:
        command = [sys.executable, "-m", "functions.local"]
        self.folder, self.url, self.lines = folder, f"http://127.0.0.1:{port}", []
        self.process = subprocess.Popen(
            fenced(OFFICE / "lapor-portal.service", folder, command),
            cwd=ROOT,
            env={**os.environ, "PORT": str(port), "DATA_DIR": str(folder / "data"), "PYTHONDONTWRITEBYTECODE": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()


def test_tor_takes_its_file_and_it_is_never_single_hop(tmp_path: Path) -> None:
    text = (OFFICE / "torrc").read_text()
    (tmp_path / "torrc").write_text(text.replace("/var/lib/tor/lapor", str(tmp_path / "lapor")))
    said = asked("tor", "--verify-config", "-f", tmp_path / "torrc", "--DataDirectory", tmp_path / "tor")
    assert "Configuration was valid" in said
    assert not re.findall(r"\[(?:warn|err)\] (?!You are running Tor as root)(.*)", said)
    for option in ("HiddenServiceSingleHopMode", "HiddenServiceNonAnonymousMode"):
        assert re.findall(rf"^{option} (\d)$", text, re.MULTILINE) == ["0"]
    (port,) = re.findall(r"^HiddenServicePort 80 (\S+)$", text, re.MULTILINE)
    assert f"listen {port};" in (OFFICE / "nginx.conf").read_text()
    (tmp_path / "torrc").write_text(text + f"\nHiddenServicePortt {token_hex(2)}\n")
    asked("tor", "--verify-config", "-f", tmp_path / "torrc", "--DataDirectory", tmp_path / "tor", wanted=1)
