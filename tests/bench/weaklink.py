"""A weak mobile link between this machine and a network namespace: a delay, a rate and a loss, without modules of the
kernel. ``python -m tests.bench.weaklink NAMESPACE DELAY_MS KBIT LOSS_PERCENT``, as root; Ctrl-C or SIGTERM ends it.

Two TUN devices are the link's ends: ``HERE`` on this machine, ``THERE`` in the namespace. What one end is given comes
out at the other after it waited for the packets before it, took its time at the rate, and travelled half the delay. A
packet that would wait longer than a phone network's buffer holds is dropped, as one lost in the air is. For each line on
standard input it prints what went through so far, as JSON.
"""

import fcntl
import heapq
import json
import os
import random
import select
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

HERE, THERE = "10.77.0.1", "10.77.0.2"
TUNSETIFF, TUN_WITHOUT_HEADER = 0x400454CA, 0x0001 | 0x1000
BUFFER_SECONDS = 2.0
IPV4 = 4
SEED = 20261126  # the same packets are lost in each run, as long as they come in the same order


@dataclass(frozen=True)
class Link:
    """One kind of line: round trip in milliseconds, rate each way in kbit/s, packets lost in percent."""

    name: str
    delay_ms: float
    kbit: float
    loss_percent: float

    def __str__(self) -> str:
        return f"{self.name} ({self.delay_ms:g} ms, {self.kbit:g} kbit/s, {self.loss_percent:g} % lost)"


def permitted() -> str:
    """Why there can be no weak link here, in a few words; empty where there can."""
    if os.getuid() != 0:
        return "not root"
    if not Path("/dev/net/tun").exists():
        return "no /dev/net/tun"
    name = f"reach-{os.getpid()}-probe"
    made = subprocess.run(["ip", "netns", "add", name], capture_output=True, check=False)
    if made.returncode:
        return "network namespaces are not permitted"
    subprocess.run(["ip", "netns", "delete", name], check=True)
    return ""


class Wire:
    """The running link, seen from outside."""

    def __init__(self, namespace: str, link: Link) -> None:
        self.namespace = namespace
        command = [sys.executable, "-m", "tests.bench.weaklink", namespace, str(link.delay_ms), str(link.kbit)]
        command.append(str(link.loss_percent))
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._line() == "ready\n"

    def _line(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline()

    def counted(self) -> dict[str, int]:
        """Packets and bytes that were given to the link, both ways together, and packets that it lost."""
        assert self.process.stdin
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        counts: dict[str, int] = json.loads(self._line())
        return counts

    def close(self) -> None:
        """End it; its devices go with it."""
        self.process.terminate()
        self.process.wait(timeout=10)


@contextmanager
def weak(link: Link) -> Iterator[Wire]:
    """A namespace behind such a link, for the time of the block."""
    namespace = f"reach-{os.getpid()}"
    subprocess.run(["ip", "netns", "add", namespace], check=True)
    try:
        wire = Wire(namespace, link)
        try:
            yield wire
        finally:
            wire.close()
    finally:
        subprocess.run(["ip", "netns", "delete", namespace], check=True)


def _device(name: str, address: str, peer: str, namespace: str = "") -> int:
    """A TUN device, up, with this address. Returns its descriptor."""
    device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH22s", name.encode(), TUN_WITHOUT_HEADER, b""))
    inside = ["ip", "netns", "exec", namespace] if namespace else []
    if namespace:
        subprocess.run(["ip", "link", "set", name, "netns", namespace], check=True)
        subprocess.run([*inside, "ip", "link", "set", "lo", "up"], check=True)
    subprocess.run([*inside, "ip", "address", "add", address, "peer", peer, "dev", name], check=True)
    subprocess.run([*inside, "ip", "link", "set", name, "up"], check=True)
    return device


class Emulator:
    """Packets on their way. Times are seconds of the monotonic clock."""

    def __init__(self, link: Link, ends: tuple[int, int]) -> None:
        here, there = ends
        self.link, self.other = link, {here: there, there: here}
        self.free_at = dict.fromkeys(ends, 0.0)
        self.travelling: list[tuple[float, int, int, bytes]] = []
        self.chance = random.Random(SEED)  # noqa: S311 - which packets are lost is no secret
        self.counts = {"packets": 0, "bytes": 0, "lost": 0}

    def take(self, end: int, now: float) -> None:
        """A packet is given to one end."""
        packet = os.read(end, 65535)
        if packet[0] >> 4 != IPV4:
            return  # the kernel asks for IPv6 routers
        self.counts["packets"] += 1
        self.counts["bytes"] += len(packet)
        start = max(now, self.free_at[end])
        if self.chance.random() * 100 < self.link.loss_percent or start - now > BUFFER_SECONDS:
            self.counts["lost"] += 1
            return
        self.free_at[end] = start + len(packet) * 8 / (self.link.kbit * 1000)
        arrives = self.free_at[end] + self.link.delay_ms / 2000
        heapq.heappush(self.travelling, (arrives, self.counts["packets"], self.other[end], packet))

    def give(self, now: float) -> float:
        """Hand over what has arrived. Returns the seconds until the next one will have."""
        while self.travelling and self.travelling[0][0] <= now:
            _, _, end, packet = heapq.heappop(self.travelling)
            with suppress(OSError):  # the other end is gone
                os.write(end, packet)
        return max(0.0, self.travelling[0][0] - now) if self.travelling else 1.0


def main(namespace: str, delay_ms: str, kbit: str, loss_percent: str) -> None:
    """Stand between the ends until somebody ends it."""
    link = Link("", float(delay_ms), float(kbit), float(loss_percent))
    here = _device("reach-here", HERE, THERE)
    there = _device("reach-there", THERE, HERE, namespace)
    emulator, wait = Emulator(link, (here, there)), 1.0
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while True:
        for ready in select.select([here, there, sys.stdin], [], [], wait)[0]:
            if ready is not sys.stdin:
                emulator.take(ready, time.monotonic())
            elif sys.stdin.readline():
                sys.stdout.write(json.dumps(emulator.counts) + "\n")
                sys.stdout.flush()
            else:
                return
        wait = emulator.give(time.monotonic())


if __name__ == "__main__":
    main(*sys.argv[1:])
