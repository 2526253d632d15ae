"""One running product for all of these tests; each makes reports of its own in it."""

from collections.abc import Iterator

import pytest

from tests.server import Running, running


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("data")) as product:
        yield product
