"""What besieges an office, each kind in a process of its own: it goes on until it is told to end, and comes again where
it was thrown out."""

import json
import random
import socket
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from multiprocessing.synchronize import Event
from secrets import token_hex
from typing import Any, NamedTuple

from functions.gateway.signature import HEADER, sign
from functions.local.connections import PIPELINED
from tests.deep.honest import challenge_solved, form_of, typed
from tests.deep.roads import JSON, Road
from tests.office.proxy import HOST
from tests.world import SMS

MIB = 1024 * 1024
MAST = "127.0.66.1"  # an address that the junk and half of the honest share
SLOW = "127.0.66.2"  # and one that the slow connections and a quarter of the honest share
DRIP_SECONDS = 8
BODY_BYTES = 15 * MIB
UPLOAD_BYTES = 1_500_000
AT_ONCE = 8
SAME = {"subject": "Banjir", "body": "Ini kiriman yang sama terus menerus, dibuat program, tanpa arti apa pun."}
VOCABULARY = [f"kata{n}" for n in range(4000)]


class Plan(NamedTuple):
    """How much of each attack. ``receipt``: of the case that gets the uploads, whose photo is ``photo``."""

    roads: tuple[Road, ...]
    receipt: str
    photo: bytes
    slow: int = 110
    bodies: int = 40
    uploads: int = 60
    junk: int = 2000
    sms: int = 2000


def slow_connections(plan: Plan, stop: Event) -> Counter[str]:
    """Lines that send one byte each 8 seconds: half in the head, half in the body of a report."""
    return _held(plan, stop, plan.slow, lambda road, n: road.head("/api/reports", 900, SLOW) if n % 2 else b"P", 1)


def half_sent_bodies(plan: Plan, stop: Event) -> Counter[str]:
    """Bodies of 15 MB to each door's path, all but the last byte, and then nothing."""

    def start(road: Road, n: int) -> bytes:
        path = ("/api/reports", "/api/thread/files", "/desk/cases/x/files")[n % 3]
        length = BODY_BYTES if n % 2 else 6 * MIB
        return road.head(path, length, MAST) + b"x" * (length - 1)

    return _held(plan, stop, plan.bodies, start, 0)


def slow_readers(plan: Plan, stop: Event) -> Counter[str]:
    """Clients that ask for the longest file as often as one line may, and read a byte a second."""
    lines: list[socket.socket] = []
    tally: Counter[str] = Counter()

    def ask(road: Road) -> socket.socket:
        line = road.connect(SLOW)
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.settimeout(5)
        line.sendall(f"GET /openapi.json HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode() * PIPELINED)
        tally["opened"] += 1
        return line

    while not stop.is_set():
        for n in range(plan.bodies):
            with suppress(OSError):
                if n >= len(lines):
                    lines.append(ask(plan.roads[n % len(plan.roads)]))
                elif not lines[n].recv(1):
                    raise ConnectionError
                continue
            if n < len(lines):
                tally["thrown out"] += 1
                lines.pop(n).close()
        stop.wait(1)
    for line in lines:
        line.close()
    return tally


def _held(plan: Plan, stop: Event, count: int, start: Callable[[Road, int], bytes], drip: int) -> Counter[str]:
    """Hold ``count`` lines on each road, opened anew where they are closed."""
    lines: dict[tuple[Road, int], socket.socket] = {}
    tally: Counter[str] = Counter()

    def hold(place: tuple[Road, int]) -> None:
        road, n = place
        line = lines.get(place)
        with suppress(OSError):
            if line is not None:
                line.settimeout(0.01)
                with suppress(TimeoutError):
                    if line.recv(4096):
                        line.settimeout(5)
                        line.sendall(b"a" * drip)
                        return
                    raise ConnectionError
                line.sendall(b"a" * drip)
                return
        if line is not None:
            tally["thrown out"] += 1
            line.close()
        lines.pop(place, None)
        with suppress(OSError):
            lines[place] = road.connect(SLOW if drip else MAST)
            tally["opened"] += 1
            lines[place].settimeout(20)
            lines[place].sendall(start(road, n))

    places = [(road, n) for road in plan.roads for n in range(count)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        while not stop.is_set():
            began = time.monotonic()
            list(pool.map(hold, places))
            stop.wait(max(0.1, DRIP_SECONDS - (time.monotonic() - began)))
    for line in lines.values():
        line.close()
    return tally


def uploads(plan: Plan, stop: Event) -> Counter[str]:
    """One receipt's photos, all at once, again and again."""
    tally: Counter[str] = Counter()

    def send(n: int) -> None:
        road, mark = plan.roads[n % len(plan.roads)], token_hex(16)
        parts = {"receipt": plan.receipt, "file_key": token_hex(8)}
        body = b"".join(
            f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in parts.items()
        )
        named = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n'
        body += f"{named}Content-Type: image/jpeg\r\n\r\n".encode() + plan.photo + f"\r\n--{mark}--\r\n".encode()
        kind = f"multipart/form-data; boundary={mark}"
        answer = road.ask(MAST, "POST", "/api/thread/files", body, Accept="application/json", Content_Type=kind)
        tally[str(answer.status)] += 1

    with ThreadPoolExecutor(plan.uploads) as pool:
        while not stop.is_set():
            list(pool.map(send, range(plan.uploads)))
            stop.wait(DRIP_SECONDS)
    return tally


def junk_without_proof(plan: Plan, stop: Event) -> Counter[str]:
    """Programs that send reports as JSON."""

    def send(road: Road, n: int, words: dict[str, str]) -> int:
        return road.post_json(_address(n), "/api/reports", typed(**words))[0]

    return _junk(plan, stop, send)


def junk_with_work(plan: Plan, stop: Event) -> Counter[str]:
    """The same with the proof of work, in clear."""

    def send(road: Road, n: int, words: dict[str, str]) -> int:
        body = typed(**words)
        solved = challenge_solved(road, _address(n), bytes.fromhex(body["submission_key"]))
        return road.post_json(_address(n), "/api/reports", body | solved)[0]

    return _junk(plan, stop, send)


def junk_with_forms(plan: Plan, stop: Event) -> Counter[str]:
    """Forms of the way without scripts, looked at for as long as their tokens ask, from one address."""

    def send(road: Road, n: int, words: dict[str, str]) -> int:
        hidden = form_of(road, MAST, words)
        if not hidden or stop.wait(7):
            return 0
        return road.post_form(MAST, "/api/reports", hidden).status

    return _junk(plan, stop, send, at_once=4 * AT_ONCE)


def _junk(plan: Plan, stop: Event, send: Callable[[Road, int, dict[str, str]], int], at_once: int = 4) -> Counter[str]:
    dice, tally = random.Random(15), Counter[str]()  # noqa: S311 - junk, the same in each run

    def one(n: int) -> None:
        other = {"subject": " ".join(dice.sample(VOCABULARY, 3)), "body": " ".join(dice.sample(VOCABULARY, 25))}
        status = send(plan.roads[n % len(plan.roads)], n, SAME if n % 2 else other)
        tally[str(status)] += 1

    _each(plan.junk, at_once, stop, one)
    return tally


def _address(n: int) -> str:
    """The shared address, and eight others."""
    return MAST if n % 2 else f"127.0.67.{1 + n % 8}"


def sms_storm(plan: Plan, stop: Event) -> Counter[str]:
    """Reports and commands from invented numbers, as a gateway hands them over."""
    tally: Counter[str] = Counter()

    def send(n: int) -> None:
        words = ("LAPOR lampu jalan mati di Sangatta", "CEK", "BANTUAN", "LAPOR pungli")[n % 4]
        number = f"+62813{n % 500:07}" if n % 3 else f"+88216{n % 500:07}"
        body = json.dumps({"gateway_id": f"storm-{n}", "from": number, "text": words}).encode()
        signed: dict[str, Any] = {HEADER.replace("-", "_"): sign(SMS, body, int(time.time()))}
        tally[str(plan.roads[0].ask(MAST, "POST", "/api/sms/inbound", body, **JSON, **signed).status)] += 1

    _each(plan.sms, AT_ONCE, stop, send)
    return tally


def _each(count: int, at_once: int, stop: Event, act: Callable[[int], None]) -> None:
    """Call for each number below ``count``, so many at a time, until told to stop."""
    numbers = iter(range(count))  # ``next`` of it is one step, also for threads

    def work(_: int) -> None:
        while not stop.is_set() and (n := next(numbers, None)) is not None:
            act(n)

    with ThreadPoolExecutor(at_once) as pool:
        list(pool.map(work, range(at_once)))


ATTACKS = (
    slow_connections,
    half_sent_bodies,
    slow_readers,
    uploads,
    junk_without_proof,
    junk_with_work,
    junk_with_forms,
    sms_storm,
)
