"""An emulator that looks at rights, with the stacks in it that stand before the functions."""

from collections.abc import Iterator

import pytest

from tests.cloud.principals import Principal, principals
from tests.cloud.stacks import make_all
from tests.engines import ministack


@pytest.fixture(scope="session")
def guarded_cloud() -> Iterator[tuple[str, dict[str, str]]]:
    """Its address, and what the stacks put out."""
    with ministack.serve(AUTH="true") as url:
        yield url, make_all(url)


@pytest.fixture(scope="session")
def callers(guarded_cloud: tuple[str, dict[str, str]]) -> dict[str, Principal]:
    return principals(*guarded_cloud)
