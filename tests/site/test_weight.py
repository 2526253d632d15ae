from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.site.served import served, visit

BUDGETS = {
    "/": 10_000,
    "/lapor/": 14_000,
    "/en/": 10_000,
    "/en/lapor/": 14_000,
    "/lacak/": 10_000,
    "/masuk/": 10_000,
    "/privasi/": 14_000,
}
MOST_REQUESTS = 3


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
