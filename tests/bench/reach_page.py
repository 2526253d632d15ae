"""docs/reach.md, from what was measured."""

import os
from collections.abc import Sequence
from dataclasses import dataclass

from tests.bench.weaklink import Link


@dataclass
class Visit:
    """What one visit cost: up to a form that can be filled, up to the receipt (and what loads after it), and for the
    photo after that. ``stream`` counts bytes as TCP carries them, both ways, with TLS and all heads; ``packets`` the
    same in IP packets with what was sent again (0 where that was not counted). Times are seconds from the start."""

    link: str
    javascript: bool
    warm: bool
    form_seconds: float = 0
    receipt_seconds: float = 0
    photo_seconds: float = 0
    form_stream: int = 0
    stream: int = 0
    photo_stream: int = 0
    packets: int = 0
    form_requests: int = 0
    requests: int = 0
    connections: int = 0


@dataclass(frozen=True)
class Peer:
    """A first visit up to a report that was sent, as measured on the peer's own code."""

    name: str
    sent: int
    requests: int
    without_scripts: str


# November 2026, each run on one machine without a slow line: GlobaLeaks 5.0.15, Hush Line 0.7.23, SecureDrop 2.10.
PEERS = (
    Peer("GlobaLeaks", 1_172_488, 17, "a blank page"),
    Peer("Hush Line", 427_362 + 9_400, 31, "works; not sealed, though it still says so"),
    Peer("SecureDrop (source interface)", 94_744 + 4_500, 20, "works"),
)
AGAIN = "GlobaLeaks asked for 1,168,270 bytes again at a second visit."
HEAD = """# What does a report cost on a weak line?

{answer}

`make bench-reach` writes this page; a test fails where its bytes are no longer the product's
(`tests/bench/test_reach.py`).
"""
COUNTED = """
## How was it measured?

The product runs as `make serve` runs it, behind nginx with `infra/office/nginx.conf` (TLS 1.3, HTTP/2); Chromium is the
phone. A visit begins at the address of the home page, goes to the form, the check page and the receipt. Each number is one
run; on a line that loses packets, seconds differ from run to run by a fifth and more.

| word | means |
| --- | --- |
| bytes | all that TCP carried, both ways: the handshake of TLS with a certificate of 0.5 KB (a public one with its chain adds 2 to 3 KB, once), every head of request and answer, every body, also what the browser fetches while its user writes |
| not counted | the code as a picture (5 KB), which is drawn where it is asked for or printed; the copies of the worker that lets the form open without a network, some 22 KB, once and aside: this browser has none |
| in packets | with the heads of IP and TCP, and what had to be sent again |
| seconds | waiting: fields are filled in no time, so that with scripts all that is fetched while the user writes is waited for |
| cold, warm | an empty cache; the next report in the same browser |
| photo | a JPEG of {photo} KB that was sent after the words, with its answer |

**A second connection.** Where a connection does not stand after a quarter of a second, as on 2G, Chromium opens another one
beside it: one more handshake, about 4 KB. So without scripts a first report is within 30 KB on one connection, and not on
two. With scripts what is sent goes without cookies, for which Chromium uses a connection of its own: the cookie by which a
browser of an officer or clerk is known must not come with a report of theirs.
"""


def _kb(count: int) -> str:
    return f"{count / 1000:,.1f}"


def _how(visit: Visit) -> str:
    return f"{visit.link}, {'with' if visit.javascript else 'without'} scripts, {'warm' if visit.warm else 'cold'}"


def _row(visit: Visit) -> str:
    photo = f"{_kb(visit.photo_stream)} | {visit.photo_seconds:.1f}" if visit.photo_stream else "– | –"
    packets = _kb(visit.packets) if visit.packets else "–"
    return (
        f"| {_how(visit)} | {_kb(visit.form_stream)} | {visit.form_requests} | {visit.form_seconds:.1f} "
        f"| **{_kb(visit.stream)}** | {packets} | {visit.requests} | {visit.connections} | {visit.receipt_seconds:.1f} | {photo} |\n"
    )


def _answer(cold: Sequence[Visit]) -> str:
    each = (f"{_kb(v.stream)} KB {'with' if v.javascript else 'without'} scripts on {v.link}" for v in cold)
    return f"A first report takes, from the home page to the receipt: {', '.join(each)}."


def _peers(cold: Sequence[Visit]) -> str:
    plain, scripted = (next(visit for visit in cold if visit.javascript is wanted) for wanted in (False, True))
    rows = "".join(
        f"| Lapor Anonim, {name} | {visit.stream:,} | {visit.requests} | {works} | |\n"
        for name, visit, works in (
            ("without scripts", plain, "works; sealed when it arrives, and says so"),
            ("with scripts: sealed on the phone", scripted, ""),
        )
    )
    rows += "".join(
        f"| {peer.name} | {peer.sent:,} | {peer.requests} | {peer.without_scripts} "
        f"| {peer.sent / plain.stream:.0f} times without scripts, {peer.sent / scripted.stream:.1f} times with |\n"
        for peer in PEERS
    )
    return (
        "| product | bytes, first visit until sent | requests | without JavaScript | against ours |\n| --- | ---: | ---: | --- | --- |\n"
        f"{rows}\nThe peers' numbers are of November 2026, each measured once on its own code, over HTTP without TLS. {AGAIN}\n"
    )


def page(links: Sequence[Link], found: Sequence[Visit], photo_bytes: int, why_not: str) -> str:
    """The page. ``why_not`` says why there was no weak link, so that Chromium slowed down itself."""
    if why_not:
        how = f"**No weak link here ({why_not}): Chromium's own throttling, which loses no packet, and counts none.** It played "
    else:
        how = "Two network namespaces with a weak line between them (`tests/bench/weaklink.py`), which was "
    lines = " and ".join(str(link) for link in links)
    load = (
        f"The machine's load was {os.getloadavg()[0]:.0f} on {os.cpu_count()} cores: above that, seconds are too long."
    )
    cold = [visit for visit in found if not visit.warm]
    table = (
        "| visit | KB to the form | requests | s to the form | KB to the receipt | KB in packets | requests | connections | s to the receipt "
        "| KB photo | s photo |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n"
    )
    return (
        f"{HEAD.format(answer=_answer(cold))}{COUNTED.format(photo=round(photo_bytes / 1000))}\n{how}{lines}. {load}\n\n{table}"
        f"{''.join(map(_row, found))}\n## What do others cost?\n\n{_peers(cold)}"
    )
