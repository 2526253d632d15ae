"""The directory as a door sees it: the store's register or, before the first import, the file that the settings name.

A running door loads a newer version by itself. While the store is out of reach it keeps the one it has: that is better
than no page at all, and better than another directory.
"""

import logging
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date
from typing import Generic, NamedTuple, TypeVar

from functions.casework.directory.agencies import (
    Agency,
    Directory,
    DirectoryError,
    District,
    FormerName,
    Index,
    Topic,
    Village,
)
from functions.casework.directory.linked_office import LinkedOffice, with_offices
from functions.casework.directory.registers import DIRECTORY_REGISTER, decode_directory
from functions.config import logs
from functions.config.settings import Settings, load_directory, load_holidays
from functions.storage.interface import Registers, StorageError

LOG = logging.getLogger("lapor")
LOOK_SECONDS = 60.0
Built = TypeVar("Built")


class Standing(NamedTuple):
    """The public register. ``version`` 0: nothing was imported yet, and the file counts."""

    version: int
    directory: Directory
    holidays: frozenset[date]


def read_directory(store: Registers, settings: Settings) -> Standing:
    """Return the directory and its days off. Raises StorageError, and SettingsError if the file counts and is wrong."""
    register = store.read_register(DIRECTORY_REGISTER)
    if register is None:
        return Standing(0, load_directory(settings.directory_file), load_holidays(settings.directory_file))
    try:
        return Standing(register.version, *decode_directory(register.body))
    except DirectoryError as error:
        raise StorageError(str(error)) from error


class Following(Generic[Built]):
    """What ``build`` makes of registers, built again when the version of the register ``watched`` differs from the one
    that ``build`` returned. One thread looks every ``seconds``; the others go on with what is built."""

    def __init__(
        self,
        store: Registers,
        watched: str,
        build: Callable[[], tuple[int, Built]],
        seconds: float,
        clock: Callable[[], float] = time.time,  # a monotonic one may stand still while a function is frozen
    ) -> None:
        self._store, self._watched, self._build = store, watched, build
        self._seconds, self._clock = seconds, clock
        self._lock = threading.Lock()
        self._version, self._built, self._looked = self._look()

    def __call__(self) -> Built:
        """Return what is built, of a version at most ``seconds`` old if the store answers."""
        fresh = 0 <= self._clock() - self._looked < self._seconds
        if not fresh and self._lock.acquire(blocking=False):
            try:
                if self._store.register_version(self._watched) != self._version:
                    self._version, self._built, self._looked = self._look()
                self._looked = self._clock()
            except StorageError as error:
                self._looked = self._clock()
                LOG.warning("trouble", extra=logs.fields("trouble", error))
            finally:
                self._lock.release()
        return self._built

    def _look(self) -> tuple[int, Built, float]:
        return *self._build(), self._clock()


class LiveDirectory(Directory):
    """A Directory that follows the store. Two tables read one after the other may be of two versions, if one replaces
    the other just then."""

    _current: Callable[[], Standing]

    def __init__(self, current: Callable[[], Standing]) -> None:
        object.__setattr__(self, "_current", current)  # a Directory is frozen

    @property
    def agencies(self) -> Mapping[str, Agency]:
        """As in Directory."""
        return self._current().directory.agencies

    @property
    def topics(self) -> Mapping[str, Topic]:
        """As in Directory."""
        return self._current().directory.topics

    @property
    def districts(self) -> Mapping[str, District]:
        """As in Directory."""
        return self._current().directory.districts

    @property
    def former(self) -> tuple[FormerName, ...]:
        """As in Directory."""
        return self._current().directory.former

    @property
    def villages(self) -> Mapping[str, Village]:
        """As in Directory."""
        return self._current().directory.villages

    @property
    def holidays(self) -> Collection[date]:
        """The instance's own days off, which follow the store as well."""
        return _LiveDays(self._current)

    @property
    def index(self) -> Index:
        """As in Directory: made of one version's tables, even if another arrives meanwhile."""
        return self._current().directory.index


class _LiveDays(Collection[date]):
    def __init__(self, current: Callable[[], Standing]) -> None:
        self._current = current

    def __contains__(self, day: object) -> bool:
        return day in self._current().holidays

    def __iter__(self) -> Iterator[date]:
        return iter(self._current().holidays)

    def __len__(self) -> int:
        return len(self._current().holidays)


def live_directory(store: Registers, settings: Settings, clock: Callable[[], float] = time.time) -> LiveDirectory:
    """Return the directory for a door, looked up once a minute. Raises what ``read_directory`` raises, now and not
    later."""

    def build() -> tuple[int, Standing]:
        standing = read_directory(store, settings)
        return standing.version, standing

    return LiveDirectory(Following(store, DIRECTORY_REGISTER, build, LOOK_SECONDS, clock))


OFFICES_SECONDS = 1.0


class _WithOffices:
    """A directory's current version with linked offices in it, made anew after either changed."""

    def __init__(
        self,
        current: Callable[[], Standing],
        offices: Callable[[], Mapping[str, LinkedOffice]],
        clock: Callable[[], float],
    ) -> None:
        self._current, self._offices, self._clock = current, offices, clock
        self._looked, self._known = clock(), offices()
        self._made: tuple[Standing, Mapping[str, LinkedOffice], Standing] | None = None

    def __call__(self) -> Standing:
        if not 0 <= self._clock() - self._looked < OFFICES_SECONDS:
            self._known, self._looked = self._offices(), self._clock()
        standing, offices, made = self._current(), self._known, self._made
        if made is None or made[0] is not standing or made[1] is not offices:
            merged = with_offices(standing.directory, offices.values())
            self._made = made = (standing, offices, standing._replace(directory=merged))
        return made[2]


def directory_with_offices(
    directory: LiveDirectory, offices: Callable[[], Mapping[str, LinkedOffice]], clock: Callable[[], float] = time.time
) -> LiveDirectory:
    """Return the directory for the intake of a nation: with linked offices, as ``offices`` returns them."""
    return LiveDirectory(_WithOffices(directory._current, offices, clock))  # noqa: SLF001 - our own class
