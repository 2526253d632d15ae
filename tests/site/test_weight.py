"""What visits weigh, in bytes as they cross the wire to a browser that takes brotli."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from functions.web import layout
from tests.site.served import answer, served, visit

BUDGETS = {
    "/": 10_000,
    "/lapor/": 14_000,
    "/en/": 10_000,
    "/en/lapor/": 14_000,
    "/lacak/": 10_000,
    "/masuk/": 10_000,
    "/masuk/kustodian/": 10_000,
    "/privasi/": 14_000,
    "/laporan/": 14_000,
}
MOST_REQUESTS = 3
# The body of each piece. What the form loads at the first key, while somebody writes; and what it loads at the end.
WITH_THE_FORM = {"tulis.js": 1_600}
AT_THE_FIRST_KEY = {
    "segel.js": 16_000,
    "words.json": 15_000,
    "periksa.js": 4_500,
    "kirim.js": 3_500,
    "words.js": 2_600,
    "/lapor/bagian/": 3_500,
    "/keys.json": 4_500,
}
AT_SENDING = {"kerja.js": 900, "qr.js": 4_500}
MOST_AT_THE_FIRST_KEY = 48_000


@pytest.fixture(scope="module")
def origin(frozen: Path) -> Iterator[str]:
    with served(frozen) as url:
        yield url


@pytest.mark.parametrize("path", BUDGETS)
def test_a_first_visit_is_light_and_leaves_nothing_behind(origin: str, frozen: Path, path: str) -> None:
    answers = visit(origin, path, (frozen / path.removeprefix("/") / "index.html").read_text())
    assert 2 <= len(answers) <= MOST_REQUESTS
    for head, body in answers.values():
        assert head.startswith(b"HTTP/1.1 200")
        assert b"Content-Encoding: br" in head
        assert b"set-cookie" not in head.lower()
        assert body
    total = sum(len(head) + len(body) for head, body in answers.values())
    assert total <= BUDGETS[path], total


def _weights(origin: str, names: dict[str, int]) -> dict[str, int]:
    sizes = {}
    for name in names:
        head, body = answer(origin, name if name.startswith("/") else layout.asset(name))
        assert head.startswith(b"HTTP/1.1 200"), name
        assert b"Content-Encoding: br" in head, name
        sizes[name] = len(body)
    return sizes


@pytest.mark.parametrize("pieces", [WITH_THE_FORM, AT_THE_FIRST_KEY, AT_SENDING])
def test_no_piece_of_the_forms_script_is_larger_than_stated(origin: str, pieces: dict[str, int]) -> None:
    sizes = _weights(origin, pieces)
    assert all(size <= pieces[name] for name, size in sizes.items()), sizes
    assert all(size > pieces[name] // 2 for name, size in sizes.items()), f"state less: {sizes}"


def test_what_is_loaded_while_somebody_writes_is_bounded_as_a_whole(origin: str) -> None:
    sizes = _weights(origin, AT_THE_FIRST_KEY)
    assert sum(sizes.values()) <= MOST_AT_THE_FIRST_KEY, sizes
