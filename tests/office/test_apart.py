"""Walls between the processes of one machine: the office is started as its units say, each process under a user of its
own, and then each of them is taken over in turn. It gets at no memory, key, credential or socket of another's.

Root starts it, or else whoever may map users (uidmap). Where neither is there, these tests fail: a wall that nobody
tried is none.
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path
from secrets import token_hex
from typing import Any
from urllib.parse import urlencode

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from tests.delivery.letterbox import Letterbox, letterbox
from tests.namespaces import unshare
from tests.office.apart import units
from tests.server import ROOT, Client, free_port, running, wait_for
from tests.whole.started import WORDS, report
from tests.whole.test_canary import photo

PASSPHRASE = "kuda-besi-berlari-malam"
COORDINATOR, OFFICER = "koordinator1@diskominfo.example.id", "petugas1@dpupr.example.id"
KINDS = ("memory", "environ", "keys", "credentials", "socket")
pytestmark = pytest.mark.long
NAMES = ("portal", "intake", "thread", "cleaner", "gateway", "desk", "custody", "courier", "clock")


class Apart:
    """The running office, and how to ask it (``tests.office.apart``)."""

    def __init__(self, folder: Path, box: Letterbox, *broken: str, **changes: str) -> None:
        port = free_port()
        self.url, self.box = f"http://127.0.0.1:{port}", box
        given = {
            "public_url": self.url,
            "PORT": str(port),
            "onion_port": str(free_port()),
            "smtp_host": "127.0.0.1",
            "smtp_security": "none",
        }
        given |= {
            "smtp_port": str(box.port),
            "smtp_user": "",
            "smtp_password": "",
            "SMS": "gammu",
            "DIGEST": "off",
            "SECOND_FACTOR": "grace",
            "key_passphrase": PASSPHRASE,
        }
        given |= {"backup_passphrase": PASSPHRASE} | changes
        private = unshare("--pid", "--fork", "--kill-child", "--mount-proc", as_user=("--map-auto", "--map-root-user"))
        self.said = (folder / "said").open("w+")
        command = [*private, sys.executable, "-m", "tests.office.apart", str(folder), json.dumps(given)]
        self.process = subprocess.Popen(
            [*command, *broken], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.said, text=True
        )
        assert self._answer() == {"ready": True}, self.printed()

    def ask(self, line: str) -> Any:
        assert self.process.stdin
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self._answer()

    def command(self, *arguments: str) -> str:
        """A command of ours, as root."""
        status, said, trouble = self.ask(" ".join(["run", *arguments]))
        assert status == 0, said + trouble
        return str(said)

    def printed(self) -> str:
        return Path(self.said.name).read_text()

    def _answer(self) -> Any:
        assert self.process.stdout
        while line := self.process.stdout.readline():
            if line.startswith("= "):
                return json.loads(line[2:])
        raise AssertionError(self.printed())

    def end(self) -> None:
        self.process.kill()
        self.process.communicate()
        self.said.close()


@contextmanager
def apart(*broken: str, **changes: str) -> Iterator[Apart]:
    folder = Path(tempfile.mkdtemp(prefix="apart-"))
    folder.chmod(0o755)  # other users read the settings in it
    try:
        with letterbox() as box:
            office = Apart(folder, box, *broken, **changes)
            try:
                yield office
            finally:
                office.end()
    finally:
        shutil.rmtree(folder)


@dataclass(frozen=True)
class Before:
    """What an office with one user left: its folder, the names of its keys, a case, and an officer's link."""

    folder: Path
    keys: frozenset[str]
    receipt: str
    case: str
    token: str


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Before:
    folder = tmp_path_factory.mktemp("before") / "data"
    with running(folder, KEY_PASSPHRASE=PASSPHRASE) as product:
        sent = report(product.url)
        attach(product.url, Client(product.url), "/api/thread/files", receipt=sent["receipt"], file_key=token_hex(8))
        token = Client(product.url).token()
    keys = frozenset(path.name for path in (folder / "keys").rglob("*") if path.is_file())
    return Before(folder, keys, sent["receipt"], sent["tracking_id"], token)


@pytest.fixture(scope="module")
def office(before: Before) -> Iterator[Apart]:
    """One for all: it took over an office with one user, so that its walls are those of both kinds of offices."""
    with apart(old=str(before.folder)) as started:
        yield started


def got_at(found: dict[str, dict[str, bool]]) -> set[tuple[str, str]]:
    """Who got at what of another: its own is its own, and the portal connects to the doors, which is its work."""
    return {
        (name, what)
        for name, got in found.items()
        for what, is_open in got.items()
        if is_open and what.partition(" of ")[2] != name and not (name == "portal" and what.startswith("socket"))
    }


def table(found: dict[str, dict[str, bool]]) -> str:
    """What stands in the threat model."""
    lines = ["| taken over | memory | environment | private keys | credentials | sockets | root's files |"]
    lines.append("| --- " * 7 + "|")
    for name in NAMES:
        cells = []
        for kind in KINDS:
            got = {
                what: o
                for what, o in found[name].items()
                if what.startswith(f"{kind} of ") and what.split()[-1] != name
            }
            bad = [what.split()[-1] for what, is_open in got.items() if is_open]
            cells.append(", ".join(bad) if bad and len(bad) < len(got) else ("all" if bad else "no"))
        rest = [what for what, o in found[name].items() if o and what.endswith(" of root")]
        lines.append(f"| {name} | {' | '.join(cells)} | {', '.join(rest) or 'no'} |")
    return "\n".join(lines)


def test_a_captured_door_gets_at_nothing_of_another(office: Apart) -> None:
    found = office.ask("captured")
    print(table(found))  # noqa: T201 - the table of docs/threat-model.md
    assert set(found) == set(units()) == set(NAMES)
    assert got_at(found) == set()
    for name, got in found.items():  # the looking is no blindness: each gets at its own
        assert [what for what, is_open in got.items() if what.endswith(f" of {name}") and not is_open] == []
    assert table(found) in (ROOT / "docs" / "threat-model.md").read_text()


def test_where_a_wall_is_missing_the_table_says_so() -> None:
    with apart("keys", "credentials", "socket", "user") as office:
        found = office.ask("captured")
        seen = got_at(found)
        assert ("intake", "keys of custody") in seen
        assert ("clock", "credentials of courier") in seen
        assert ("courier", "socket of desk") in seen
        assert {("thread", "memory of desk"), ("thread", "keys of desk"), ("desk", "memory of thread")} <= seen
        _, said, _ = office.ask("run doctor")
        assert re.search(r"!! keys: \d+ can be read or replaced by another user than theirs .*identity", said), said
        assert "!! processes: thread as lapor-desk; start each by its unit" in said, said


def attach(url: str, client: Client, path: str, **more: str) -> int:
    boundary, body = encode_multipart({"file": FileStorage(BytesIO(photo()), "a.jpg"), **more})
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}", "Accept": "application/json"}
    request = urllib.request.Request(url + path, body, headers | {"X-CSRF-Token": client.csrf})
    with client.opener.open(request, timeout=30) as answer:
        return int(json.load(answer)["n"])


def signed_in(office: Apart, since: int = 0, to: str = COORDINATOR) -> Client:
    """An officer, by the letter that came."""

    def letters() -> list[EmailMessage]:
        return [letter for letter in office.box.arrived[since:] if letter["To"] == to]

    assert wait_for(letters), office.printed()
    body = letters()[0].get_body(("plain",))
    assert body
    token = re.search(r"/masuk/#(\S+)", body.get_content())
    assert token
    client = Client(office.url)
    client.csrf = client.post("/desk/session", {"token": token[1]})["csrf"]
    return client


def test_an_office_with_one_user_was_taken_over_with_its_keys_and_cases(office: Apart, before: Before) -> None:
    thread = Client(office.url).post("/api/thread", {"receipt": before.receipt})
    assert thread["messages"][0]["body"] == WORDS
    assert [message["files"] for message in thread["messages"] if message["files"]]
    desk = Client(office.url)
    desk.csrf = desk.post("/desk/session", {"token": before.token})["csrf"]
    assert desk.get(f"/desk/cases/{before.case}")["messages"][0]["body"] == WORDS
    after = {Path(path).name for path in office.ask("modes") if "/lapor/keys/" in path}
    assert before.keys <= after
    assert not [path for path in office.ask("modes") if "/data/keys" in path or "/data/portal" in path]


def test_the_office_works_and_follows_a_rotation_across_its_walls(office: Apart) -> None:
    sent = report(office.url)
    receipt, case = sent["receipt"], sent["tracking_id"]
    nobody = Client(office.url)
    mine = attach(office.url, nobody, "/api/thread/files", receipt=receipt, file_key=token_hex(8))
    desk = signed_in(office)
    assert desk.get(f"/desk/cases/{case}")["messages"][0]["body"] == WORDS
    assert desk.raw(f"/desk/cases/{case}/files/{mine}")  # written by the thread, read by the desk
    since = len(office.box.arrived)
    desk.post(f"/desk/cases/{case}/handover", {"agency": "kutim-dpupr", "reason": "Jalan kabupaten."})
    desk = signed_in(office, since, OFFICER)
    theirs = attach(office.url, desk, f"/desk/cases/{case}/files", file_key=token_hex(8))
    request = urllib.request.Request(
        f"{office.url}/api/thread/files/{theirs}",
        json.dumps({"receipt": receipt}).encode(),
        {"Content-Type": "application/json"},
    )
    with nobody.opener.open(request, timeout=30) as answer:
        assert answer.read()[:2] == b"\xff\xd8"  # written by the desk, read by the thread
    modes = office.ask("modes")
    ids = {number: name for name, number in office.ask("ids").items()}
    blobs = {path: mode for path, mode in modes.items() if "/data/blobs" in path}
    assert [
        path for path, (_, _, seconds) in blobs.items() if seconds % 86400 and path.rpartition("/")[2] != "blobs"
    ] == []
    assert {ids[owner] for path, (_, owner, _) in blobs.items() if mine and path.count("/") > 6} == {
        "lapor-thread",
        "lapor-desk",
    }
    # Each is root's, as its folder: where fs.protected_regular is 2, as on Debian, nobody opens another user's there.
    assert {path: modes[path][:2] for path in modes if path.startswith("/var/lib/lapor/data/lapor.sqlite")} == {
        f"/var/lib/lapor/data/lapor.sqlite{end}": ["0660", 0] for end in ("", "-wal", "-shm")
    }

    office.command("keys", "rotate", "--purpose", "desk", "--instance", "kutim", "--grace", "2")
    assert desk.get(f"/desk/cases/{case}")["messages"][0]["body"] == WORDS
    since = len(office.box.arrived)
    again = report(office.url)  # sealed to the new key
    assert signed_in(office, since).get(f"/desk/cases/{again['tracking_id']}")["messages"][0]["body"] == WORDS
    assert (modes["/var/lib/lapor/portal"][0], ids[modes["/var/lib/lapor/portal/www"][1]]) == ("1775", "lapor-clock")
    assert "3 files" in office.command("backup", "/var/lib/lapor/backups")
    assert office.ask("modes")["/var/lib/lapor/backups"][0] == "0700"
    assert wait_for(lambda: "!!" not in office.ask("run doctor")[1]), office.ask("run doctor")
    assert "OK processes: cleaner as lapor-cleaner, clock as lapor-clock, courier as lapor-courier" in office.command(
        "doctor"
    )
    assert got_at(office.ask("captured")) == set()  # what came since has the same walls
    assert "Traceback" not in office.printed()


def test_no_door_puts_anything_where_root_reads_and_writes_keys(office: Apart) -> None:
    """A link in the place of its own key, and root's next rotation would overwrite what it leads to."""
    ids = {number: name for name, number in office.ask("ids").items()} | {0: "root"}
    modes = {path: mode for path, mode in office.ask("modes").items() if path.startswith("/var/lib/lapor/keys/")}
    ours = {path: (mode[0], ids[mode[1]]) for path, mode in modes.items()}
    for purpose, name in (("desk", "desk"), ("mandates", "desk"), ("identity", "custody"), ("courier", "courier")):
        folder = f"/var/lib/lapor/keys/{purpose}"
        assert {ours[folder], ours[f"{folder}/kutim"]} == {("0750", "root")}
        (key, *_) = [path for path in ours if path.startswith(f"{folder}/kutim/")]
        assert ours[key] == ("0600", f"lapor-{name}")
        assert office.ask(f"as {name} test -r {key}") == 0
        for place in (f"{folder}/link", f"{folder}/kutim/link"):
            assert office.ask(f"as {name} ln -s /etc/passwd {place}") != 0
        for place in (f"{folder}/kutim", key):
            assert office.ask(f"as {name} mv {place} {place}.away") != 0


def test_while_a_door_starts_the_portal_says_so_and_gives_back_what_was_typed(office: Apart) -> None:
    typed = {"receipt": "K7QM", "body": "Lampunya masih mati."}
    office.ask("kill thread")
    request = urllib.request.Request(
        f"{office.url}/api/thread/messages", urlencode(typed).encode(), {"Accept": "text/html"}
    )
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(request, timeout=30)
    page = caught.value.read().decode()
    caught.value.close()
    assert (caught.value.code, caught.value.headers["Retry-After"]) == (503, "5")
    assert "Sebentar lagi" in page
    assert typed["body"] in page
    assert typed["receipt"] not in page
    status, told = Client(office.url).call("POST", "/api/thread", {"receipt": "x"})
    assert (status, told["code"]) == (503, "starting")
    office.ask("restart thread")
    assert wait_for(lambda: Client(office.url).call("POST", "/api/thread", {"receipt": "x"})[0] == 400)  # started again


def test_it_starts_anew_after_two_signals_at_once(office: Apart) -> None:
    start = time.monotonic()
    assert office.ask("end") == dict.fromkeys(NAMES, 0)
    assert time.monotonic() - start < 30
    assert "Traceback" not in office.printed()
