"""A small office on one machine as ``serve`` runs it: behind nginx, with an onion listener, a mail server, an SMS
aggregator, and a linked system that drips. And what it takes: memory and open files of each process, bytes on disk."""

import os
import re
import signal
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from functions.actions.courier.open311_exchange import key_context
from functions.config.settings import DEMO, load_directory
from functions.crypto.seal.public_keys import Purpose
from functions.storage.registers.linked_systems import Peer, write_peer
from tests.aggregator import aggregator
from tests.deep.roads import Road
from tests.delivery.letterbox import Letterbox, letterbox
from tests.linked_system import KEY, LinkedSystem, linked_system
from tests.office.proxy import HOST, proxied
from tests.server import Running, free_port, wait_for
from tests.whole.started import children, command
from tests.world import World

AGENCY = "kutim-dpupr"
LOOK_SECONDS = 0.5
# Rounds of a proof: the attacker has more machines than this one, and the office does the same for each.
DIFFICULTY = "4000"


@dataclass(frozen=True)
class Office:
    """``roads``: direct, nginx, onion. ``receipt``: of a case that was handed to the system that drips."""

    product: Running
    roads: tuple[Road, ...]
    letters: Letterbox
    system: LinkedSystem
    texts: list[tuple[str, Any]]
    receipt: str
    watch: "Watch"


@contextmanager
def besieged(folder: Path, **environ: str) -> Iterator[Office]:
    """Start all of it in a folder, and end it."""
    with letterbox() as letters, linked_system() as system, aggregator(200) as (sms_url, texts):
        world = linked_world(folder / "data", system)
        made = world.report()
        desk = world.desk_of("kutim")
        body = {"agency": AGENCY, "reason": "Kewenangan dinas."}
        assert desk.post(f"/desk/cases/{made['tracking_id']}/handover", body).status_code == 200
        system.drip, system.drip_seconds = b"HTTP/1.1 200 OK\r\nX-A: ", 0.5
        port, onion_port = free_port(), free_port()
        settings = {
            "PUBLIC_URL": f"https://{HOST}",
            "BEHIND_PROXY": "yes",
            "ONION_PORT": str(onion_port),
            "DIRECTORY_FILE": str(_directory_file(folder, system)),
            "MAIL": "smtp",
            "SECOND_FACTOR": "grace",
            "SMTP_PORT": str(letters.port),
            "SMTP_SECURITY": "none",
            "SMS": "http",
            "SMS_URL": sms_url,
            "FLOOD_PER_HOUR": "300",
            "POW_DIFFICULTY": DIFFICULTY,
            "TMPDIR": str(folder / "tmp"),
        }
        (folder / "tmp").mkdir()
        product = Running(folder / "data", port, settings | environ, ["serve"])
        try:
            ready = f"ready https://{HOST}"
            assert wait_for(lambda: product.process.poll() is not None or ready in product.lines, 90)
            with proxied(folder / "nginx", port, onion_port) as proxy:
                pids = {"nginx": int((folder / "nginx" / "pid").read_text())}
                roads = (
                    Road("direct", port, says=True),
                    Road("nginx", proxy.https, tls=True),
                    Road("onion", proxy.onion),
                )
                watch = Watch({"portal": product.process.pid} | pids, (folder / "data", folder / "tmp"))
                with watch.watching():
                    yield Office(product, roads, letters, system, texts, made["receipt"], watch)
        finally:
            product.kill(signal.SIGTERM)


def linked_world(folder: Path, system: LinkedSystem) -> World:
    """A world in which one agency has a system of its own."""
    known = load_directory(DEMO / "kutai-timur.toml")
    agency = replace(known.agencies[AGENCY], channel=f"open311:{system.url}")
    world = World(folder, directory=replace(known, agencies=MappingProxyType({**known.agencies, AGENCY: agency})))
    sealed = world.keys.public().seal(Purpose.COURIER, "kutim", key_context(AGENCY), KEY.encode())[1]
    write_peer(world.store, AGENCY, Peer(sealed))
    return world


def _directory_file(folder: Path, system: LinkedSystem) -> Path:
    text, line = (DEMO / "kutai-timur.toml").read_text(), f'code = "{AGENCY}"\nname'
    assert text.count(line) == 1
    path = folder / "directory.toml"
    path.write_text(text.replace(line, f'code = "{AGENCY}"\nchannel = "open311:{system.url}"\nname'))
    return path


@dataclass
class Watch:
    """Looks at processes, and all that they start, twice a second. Bytes, and numbers of open files, by name and in the
    order of the looks."""

    roots: dict[str, int]
    folders: tuple[Path, ...]
    resident: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    handles: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    disk: list[int] = field(default_factory=list)

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Look until the block ends."""
        stop = threading.Event()

        def look() -> None:
            while not stop.wait(LOOK_SECONDS):
                self.look()

        thread = threading.Thread(target=look)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()

    def look(self) -> None:
        """Add one look. Children of one name, as those that clean files, count together."""
        now: dict[str, int] = defaultdict(int)
        for name, root in self.roots.items():
            for pid in (root, *_below(root)):
                called = _name(pid) or name
                with suppress(OSError, StopIteration):
                    now[called] += _resident(pid)
                    if called != "cleaning":
                        self.handles[called].append(sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir()))
        for called, size in now.items():
            self.resident[called].append(size)
        self.disk.append(sum(_used(folder) for folder in self.folders))


def courier_ended(office: Office) -> None:
    """Tell the courier to end, in the middle of what it does. It is started again."""
    for pid in _below(office.product.process.pid):
        if _name(pid) == "courier":
            with suppress(OSError):
                os.kill(pid, signal.SIGTERM)


def _below(pid: int) -> list[int]:
    found = children(pid)
    return found + [deeper for each in found for deeper in _below(each)]


def _name(pid: int) -> str:
    said = command(pid).replace(b"\0", b" ").decode()
    if door := re.search(r"functions\.local\.door .*?(desk|custody)", said):
        return door[1]
    names = {"functions.courier": "courier", "sandbox": "cleaning", "nginx": "nginx"}
    return next((name for part, name in names.items() if part in said), "")


def _resident(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) * 1024


def _used(folder: Path) -> int:
    total = 0
    for base, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                total += Path(base, name).stat().st_blocks * 512
    return total


def mail_seconds(office: Office, addresses: list[str], stop: threading.Event, every: float) -> list[tuple[int, float]]:
    """Let officers ask for a link, one after the other; the status of each request, and how long its letter took."""
    took = []
    for n, address in enumerate(addresses):
        if stop.wait(every if n else 0):
            break
        road, began = office.roads[n % len(office.roads)], time.monotonic()
        status, _ = road.post_json(f"127.0.9.{1 + n}", "/desk/links", {"email": address})

        def came(address: str = address) -> bool:
            mine = [letter for letter in office.letters.arrived if address in str(letter["To"])]
            return any("/masuk/#" in str(letter) and "Link masuk" in str(letter["Subject"]) for letter in mine)

        found = status == 202 and wait_for(came, 240)
        took.append((status, time.monotonic() - began if found else float("inf")))
    return took
