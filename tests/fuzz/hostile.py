"""Plaintexts that a hostile browser may put under a good seal: it has the case's key, and nobody checked them before."""

import json
from typing import Any, Final

NAMES: Final = (
    *("body", "subject", "place", "happened_on", "about_officials", "about_agency", "about_name", "name"),
    *("reason", "rating", "step", "change", "blob", "type", "size", "small", "source", "reply_key", "accuses"),
    *("recall", "agency", "request", "target", "kinds", "ground", "until", "draft", "district", "text_void"),
)
VALUES: Final[tuple[Any, ...]] = (
    *(None, True, -1, 10**30, 1.5e300, [], {}, ["x"], {"a": "b"}),
    *("", "\ud800", "\udfff\ud800 teks", "\x00\x1b[2J", "\u202e\u2066", "<script>alert(1)</script>", "{{ 7 * 7 }}"),
    *("%(x)s {0} {agency}", "../../etc/passwd", "٣", "²", "9" * 5000, "0000-00-00", "9999-12-31", "2026-W01-1"),
    *("kutim-dpupr", "drafted", "agreed", "asked", "text/html", "image/svg+xml", "K7QM-" * 30_000, "\n" * 60_000),
)
RAW: Final = (
    *(b"", b"\x00" * 64, b"\xff\xfe", b"null", b"true", b"7", b"-0", b'"halo"', b"[]", b"[[]]", b"{}", b"{", b"}"),
    *(b"NaN", b"[" * 100_000, b'{"body":' * 30_000, b"9" * 5000, b'{"body": NaN}', b'{"body": 1e999}'),
    *(b'{"body": "x", "body": []}', b'{"body": "' + b"\xc3" * 9 + b'"}', b'{"body": "x"} {"body": "y"}'),
    *(b'\xef\xbb\xbf{"body": "x"}', '{"body": "x"}'.encode("utf-16"), b'{"": ""}', b'{"\\ud800": "\\ud800"}'),
)
FILE: Final = {"blob": "ab" * 16, "type": "image/jpeg", "size": "9", "source": "cd" * 32}
BEST: Final[dict[str, Any]] = {"body": "Jembatan putus.", "reason": "Belum selesai.", **FILE}


def shapes() -> list[bytes]:
    """Return all of them: what is no object of texts, then one wrong value for each name and each value at a turn of
    the names, beside words that are right, and alone."""
    found = [*RAW]
    for at, name in enumerate(NAMES):
        for turn in range(4):
            value = VALUES[(at * 7 + turn * 5) % len(VALUES)]
            found.append(json.dumps(BEST | {name: value}).encode())
    for at, value in enumerate(VALUES):
        name = NAMES[at % len(NAMES)]
        found += [json.dumps({name: value}).encode(), json.dumps(dict.fromkeys(NAMES, value)).encode()]
    return [each for each in found if len(each) < 2**17]  # more is refused before it is opened
