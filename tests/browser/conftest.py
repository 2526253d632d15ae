"""One running product for all of these tests; each makes reports of its own in it."""

from collections.abc import Iterator

import pytest

from tests.server import Running, running


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    # An easy proof of work, which is done anew at each attempt: test_kerja.py does that of the product.
    with running(tmp_path_factory.mktemp("data"), POW_DIFFICULTY="1000") as product:
        yield product
