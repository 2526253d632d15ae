"""A folder that describes one government: its tables as CSV, how its portal looks, and its mark."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

import click

from functions.casework.directory.portal_file import Look, read_look
from functions.casework.directory.tables import DirectoryFaultsError, Fault, Tables
from functions.cli.directory.files import read_file

PORTAL_FILE = "portal.toml"


@dataclass(frozen=True, slots=True)
class Folder:
    """What a folder holds; ``look`` is None without a ``portal.toml``."""

    tables: Tables
    look: Look | None


def read_folder(folder: Path) -> Folder:
    """Read all files of a folder. Raises DirectoryFaultsError with the faults of all, ClickException if there is no
    folder."""
    if not folder.is_dir():
        raise click.ClickException(f"{folder}: there is no such folder; `instances --help` says what belongs there.")
    tables: Tables = {}
    faults: list[Fault] = []
    look: Look | None = None
    for path in sorted(folder.iterdir()):
        try:
            if path.name == PORTAL_FILE:
                look = _read_look(path)
            elif path.suffix.lower() == ".csv":
                for table, rows in read_file(path).items():
                    tables.setdefault(table, []).extend(rows)
        except DirectoryFaultsError as error:
            faults += error.faults
    if faults:
        raise DirectoryFaultsError(faults)
    return Folder(tables, look)


def _read_look(path: Path) -> Look:
    try:
        raw = tomllib.loads(path.read_text("utf-8-sig"))
        mark = str(raw.get("mark", ""))
        drawn = (path.parent / Path(mark).name).read_text() if mark else ""
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise DirectoryFaultsError([Fault(str(path), 0, f"not valid TOML: {error}")]) from error
    except OSError as error:
        text = f"{error.filename}: cannot be read ({error.strerror}); put the mark beside this file, as SVG"
        raise DirectoryFaultsError([Fault(str(path), 0, text)]) from error
    return read_look(raw, drawn, str(path))
