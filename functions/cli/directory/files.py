"""The directory's files: read by their endings, merged into the present tables, checked together."""

from collections.abc import Callable, Sequence
from pathlib import Path

import click

from functions.casework.directory.check import Checked, check
from functions.casework.directory.tables import DirectoryFaultsError, Fault, Tables, merged, read_csv, read_toml


def checked_files(base: Tables, files: Sequence[Path]) -> Checked:
    """Check the files' tables together with ``base``. Raises DirectoryFaultsError with the faults of all files."""
    faults: list[Fault] = []
    read: list[Tables] = []
    for path in files:
        try:
            read.append(read_file(path))
        except DirectoryFaultsError as error:
            faults += error.faults
    if faults:
        raise DirectoryFaultsError(faults)
    tables = merged(base, read)
    with click.progressbar(length=sum(map(len, tables.values())), label="checking") as bar:
        return check(tables, bar.update)


def read_file(path: Path) -> Tables:
    """Return the tables of one file, CSV, YAML or TOML by its ending. Raises DirectoryFaultsError."""
    file = str(path)
    try:
        raw = path.read_bytes()
        text = raw.decode()
    except OSError as error:
        raise DirectoryFaultsError([Fault(file, 0, f"cannot be read ({error.strerror}); check the path")]) from error
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise DirectoryFaultsError([Fault(file, line, "not UTF-8; save the file as UTF-8 (CSV UTF-8)")]) from error
    reader = _reader(path.suffix.lower())
    if reader is None:
        raise DirectoryFaultsError([Fault(file, 0, "neither .csv nor .yaml nor .toml; which is it?")])
    return reader(file, text)


def _reader(suffix: str) -> Callable[[str, str], Tables] | None:
    if suffix in (".yaml", ".yml"):
        from functions.cli.directory.yaml_files import read_yaml  # noqa: PLC0415 - a parser that only these files need

        return read_yaml
    return {".csv": read_csv, ".toml": read_toml}.get(suffix)
