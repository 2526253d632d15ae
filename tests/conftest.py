"""What holds for every test: no talk beyond this machine, the same random examples in CI each time, one browser."""

import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import nullcontext
from functools import partial
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, BrowserType, sync_playwright

from tests import made_once, read_once  # noqa: F401 - before any of what follows takes a function by its name
from tests.browser.people import ARGUMENTS, chromium, windowless
from tests.room import fast_folder, in_memory
from tests.uncounted import uncounted

settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Close all sockets but loopback and Unix ones (pytest-socket reads these options right after), and keep the tests'
    folders in memory, where there is some: a store waits for the disk at every write."""
    config.option.allow_hosts = "127.0.0.1,::1,localhost"
    config.option.allow_unix_socket = True
    if room := in_memory():
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(room))
    if made_once.FOLDER not in os.environ:  # else a worker: its run has a folder for all
        folder = fast_folder()
        os.environ[made_once.FOLDER] = str(folder)
        config.add_cleanup(partial(shutil.rmtree, folder))
        config.add_cleanup(partial(os.environ.pop, made_once.FOLDER))


LONGEST_FIRST = (
    "browser",
    "whole",
    "office",
    "lambda",
    "local",
    "courier",
    "bench",
    "actions",
    "cli",
    "storage",
    "site",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the rooms whose files take longest: what begins last ends last, while the other workers stand idle."""

    def rank(item: pytest.Item) -> int:
        room = item.path.relative_to(Path(__file__).parent).parts[0]
        return LONGEST_FIRST.index(room) if room in LONGEST_FIRST else len(LONGEST_FIRST)

    items.sort(key=rank)


@pytest.fixture(autouse=True)
def logs_as_they_were() -> Iterator[None]:
    """A function that was run in this process set up logging its own way (``functions.config.logs``), for good: not for the
    tests after it."""
    root = logging.getLogger()
    before = root.handlers[:], root.level, logging.getLogRecordFactory(), logging.raiseExceptions
    yield
    root.handlers[:], level, factory, logging.raiseExceptions = before
    root.setLevel(level)
    logging.setLogRecordFactory(factory)


@pytest.fixture
def first_counts(request: pytest.FixtureRequest) -> Iterator[None]:
    """For a test that does the same with many parameters: only under the first is it noted which lines are run."""
    repeated = any(request.node.callspec.indices.values())
    with uncounted() if repeated else nullcontext():
        yield


@pytest.fixture(scope="session")
def browsers() -> Iterator[BrowserType]:
    """Chromiums. One for all: Playwright's blocking interface stands only once in a process."""
    with sync_playwright() as play:
        yield play.chromium


def own_clock() -> dict[str, str | float | bool]:
    """The environment of a browser, which hangs under libfaketime (``tests.deep.days``): its clock stays the true one."""
    return {name: value for name, value in os.environ.items() if name != "LD_PRELOAD"}


@pytest.fixture(scope="session")
def browser(browsers: BrowserType) -> Iterator[Browser]:
    """The one for pages."""
    browser = browsers.launch(executable_path=windowless(), args=ARGUMENTS, env=own_clock())
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def whole_browser(browsers: BrowserType) -> Iterator[Browser]:
    """The one that people have, for what goes on behind the pages: the other sends nothing by background sync."""
    browser = browsers.launch(executable_path=chromium(), args=ARGUMENTS, env=own_clock())
    yield browser
    browser.close()
