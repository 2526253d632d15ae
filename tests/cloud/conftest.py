"""An emulator that looks at rights, with the stacks in it that stand before the functions; and which files come first."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cloud.principals import Principal, principals
from tests.cloud.stacks import make_all
from tests.engines import ministack

LONGEST_FIRST = ("test_day", "test_kill", "test_deploy", "test_build", "test_roles_suffice")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that deploy: what begins last ends last, while the other workers stand idle."""
    rank = {Path(__file__).with_name(f"{name}.py"): number for number, name in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: rank.get(item.path, len(rank)))


@pytest.fixture(scope="session")
def guarded_cloud() -> Iterator[tuple[str, dict[str, str]]]:
    """Its address, and what the stacks put out."""
    with ministack.serve(AUTH="true") as url:
        yield url, make_all(url)


@pytest.fixture(scope="session")
def callers(guarded_cloud: tuple[str, dict[str, str]]) -> dict[str, Principal]:
    return principals(*guarded_cloud)
