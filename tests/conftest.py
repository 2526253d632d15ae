"""What holds for every test: no talk beyond this machine, the same random examples in CI each time, one browser."""

import fcntl
import gc
import logging
import os
import shutil
import sys
from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, BrowserType, expect, sync_playwright

from tests import made_once, read_once  # noqa: F401 - before any of what follows takes a function by its name
from tests.browser.people import ARGUMENTS, chromium, windowless
from tests.room import fast_folder, in_memory
from tests.server import MADE_ONCE
from tests.uncounted import uncounted
from tests.unexpected import noted

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
        # Also for a portal that a command or an action freezes: its process takes over our environment.
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (MADE_ONCE, os.environ.get("PYTHONPATH"))))
        config.add_cleanup(partial(shutil.rmtree, folder))
        config.add_cleanup(partial(os.environ.pop, made_once.FOLDER))
    if "PYTEST_XDIST_WORKER" in os.environ and os.environ.get("COVERAGE_PROCESS_START"):  # our own has begun
        os.environ["COVERAGE_PROCESS_START"] = str(Path(__file__).with_name("children.coveragerc"))


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Collect without looking for garbage meanwhile, nor later among what was collected: all of it stays to the end."""
    often = gc.get_threshold()
    gc.set_threshold(0)
    try:
        with compiled_by_one():
            return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(*often)


@contextmanager
def compiled_by_one() -> Iterator[None]:
    """Where the tests stand as they were cloned, let one worker collect first: pytest rewrites and compiles each file,
    which takes twice as long as all else, and the others find it done."""
    tail = f"{sys.implementation.cache_tag}-pytest-{pytest.__version__}.pyc"
    files = list(Path(__file__).parent.rglob("test_*.py"))
    there = sum((file.parent / "__pycache__" / f"{file.stem}.{tail}").exists() for file in files)
    if sys.dont_write_bytecode or "PYTEST_XDIST_WORKER" not in os.environ or there > len(files) * 0.8:
        yield
        return
    with Path(os.environ[made_once.FOLDER], "compiling").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


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


@pytest.hookimpl(tryfirst=True)  # before what is long is left out
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the rooms whose files take longest: what begins last ends last, while the other workers stand idle. Of a
    test that is marked ``every_day(n)`` all but the first n parameters are long."""
    seen: Counter[str] = Counter()
    for item in items:
        name, _, parameters = item.nodeid.partition("[")
        seen[name] += 1
        if (sample := item.get_closest_marker("every_day")) and seen[name] > sample.args[0]:
            item.add_marker(pytest.mark.long)
        assert not sample or parameters, f"{name} has no parameters to choose from"

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


@pytest.fixture(autouse=True)
def nothing_unexpected(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test in which a door of this process broke, unless it is marked ``breaks``."""
    with noted() as lines:
        yield
    assert not lines or request.node.get_closest_marker("breaks"), lines


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
        expect.set_options(timeout=30_000)  # five seconds are few on a busy machine
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
