"""What the commands at a terminal have in common: our own errors as sentences, and bars for long work."""

from collections.abc import Callable, Collection, Iterable, Iterator
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
    """For a command: turn our own errors, and ``more`` of that kind, into one line on standard error, faults in files
    into a line each, and exit status 1."""
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
    """``telling`` of our own errors alone."""
    return telling()(command)


def watched(label: str, work: Collection[Each]) -> Iterator[Each]:
    """The same things one by one, with a bar that shows how far it is."""
    with click.progressbar(work, label=label) as bar:
        yield from bar


def each(label: str, work: Iterable[Each]) -> Iterable[Each]:
    """``watched`` where it is worth a bar."""
    things = list(work)
    return watched(label, things) if len(things) >= WORTH_A_BAR else things


WORTH_A_BAR = 50
