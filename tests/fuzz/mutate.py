"""Mutated inputs: a seed or a kept input with a few edits, as a hypothesis strategy, so that what is found shrinks."""

import json
from collections.abc import Sequence
from typing import Final

from hypothesis import strategies as st

from tests.fuzz.hostile import VALUES

TOKENS: Final = (
    *(b'"', b"'", b"{", b"}", b"[", b"]", b"<", b">", b"&", b"%", b"=", b"\x00", b"\xff", b"\r\n", b"\n\n", b"--"),
    *(b"\\ud800", b"\xed\xa0\x80", b"\xe2\x80\xae", b"\xc2\xad", b"null", b"true", b"NaN", b"-1", b"9" * 40, b"1e999"),
    *(b"[" * 2000, b"{" * 2000, b'{"a":' * 2000, b"<a>" * 2000, b"%00", b"%ff", b"&amp;", b"<!DOCTYPE a [", b"&lol;"),
    *(
        b"../",
        b"=cmd|",
        b"0x",
        b"\xef\xbb\xbf",
        b"A" * 5000,
        b"\xf0\x9f\x98\x80" * 50,
        b"K7QM2-XRD4F-99999-AAAAA-BBBBB",
    ),
)
Edit = tuple[int, float, bytes]
EDITS: Final = st.lists(
    st.tuples(st.integers(0, 8), st.floats(0, 1), st.sampled_from(TOKENS) | st.binary(max_size=12)),
    min_size=1,
    max_size=6,
)


def edited(seed: bytes, edits: Sequence[Edit]) -> bytes:
    """Return a seed after its edits: each inserts, replaces, deletes, repeats, cuts off or flips at its place."""
    for kind, place, token in edits:
        at = int(place * len(seed))
        length = len(token) or 1
        if kind == 0:
            seed = seed[:at] + token + seed[at:]
        elif kind == 1:
            seed = seed[:at] + token + seed[at + length :]
        elif kind == 2:
            seed = seed[:at] + seed[at + length :]
        elif kind == 3:
            seed = seed[:at] + seed[at : at + 40] * 3 + seed[at:]
        elif kind == 4:
            seed = seed[:at]
        elif kind > 5:
            seed = _other_value(seed, place, token)
        elif seed[at : at + 1]:
            seed = seed[:at] + bytes([seed[at] ^ (1 << len(token) % 8)]) + seed[at + 1 :]
    return seed[: 2**19]


def _other_value(seed: bytes, place: float, token: bytes) -> bytes:
    """Return a JSON object with a hostile value, or without one of its names; other seeds as they are."""
    try:
        found = json.loads(seed)
    except (ValueError, RecursionError):
        return seed
    if not isinstance(found, dict) or not found:
        return seed
    name = [*found][int(place * (len(found) - 1))]
    values = (*VALUES, f"{found[name]}"[:-1], f"{found[name]}A")
    return json.dumps(found | {name: values[sum(token) % len(values)]}).encode()


def inputs(seeds: Sequence[bytes]) -> st.SearchStrategy[bytes]:
    """Return the strategy of a target's inputs."""
    return st.builds(edited, st.sampled_from([*seeds]), EDITS)
