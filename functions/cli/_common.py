"""Shared by the commands: our own errors as sentences, and progress bars."""

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar

import click

from functions.actions.ops.rotate import RotationError
from functions.casework.directory.tables import DirectoryFaultsError
from functions.config.settings import SettingsError
from functions.crypto.errors import KeyringError
from functions.local.setup import StartError
from functions.storage.interface import StorageError

P = ParamSpec("P")
Each = TypeVar("Each")
TROUBLE = (SettingsError, StartError, KeyringError, StorageError, RotationError)


def telling(*more: type[Exception]) -> Callable[[Callable[P, None]], Callable[P, None]]:
    """Turn our own errors, and ``more`` of that kind, into one line on standard error and exit status 1.

    Faults in files get a line each.
    """
    ours: tuple[type[Exception], ...] = (*TROUBLE, *more)

    def told(command: Callable[P, None]) -> Callable[P, None]:
        @wraps(command)
        def run(*args: P.args, **kwargs: P.kwargs) -> None:
            try:
                command(*args, **kwargs)
            except ours as error:
                raise click.ClickException(str(error)) from error
            except DirectoryFaultsError as error:
                for fault in error.faults:
                    click.echo(str(fault), err=True)
                raise click.ClickException(f"{len(error.faults)} faults; nothing was changed.") from error

        return run

    return told


def told(command: Callable[P, None]) -> Callable[P, None]:
    """As ``telling``, for our own errors alone."""
    return telling()(command)


def watched(label: str, work: Collection[Each]) -> Iterator[Each]:
    """Yield the same things with a progress bar."""
    with click.progressbar(work, label=label) as bar:
        yield from bar


@contextmanager
def moving_bar(label: str, length: int) -> Iterator[Callable[[], None]]:
    """Show a progress bar, and lend what moves it by one."""
    with click.progressbar(length=length, label=label, show_pos=True) as bar:
        yield lambda: bar.update(1)


def each(label: str, work: Iterable[Each]) -> Iterable[Each]:
    """As ``watched``, if there are enough of them for a bar."""
    things = list(work)
    return watched(label, things) if len(things) >= WORTH_A_BAR else things


WORTH_A_BAR = 50
