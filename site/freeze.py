"""Freeze the portal into a folder of files, each with its .gz and .br beside it.

``python site/freeze.py --out DIR [--directory FILE] [--public-keys FILE] [--operator NAME] [--security-contact ADDRESS]
[--editions DIR] [--publications FILE] [--address URL]``; exit status 1 with a sentence where something
is wrong. A page that cannot be reached, a wrong type and a redirect are errors, not warnings.
``python site/freeze.py --write-assets`` records the assets' hashed names and hashes for the doors after one has
changed.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from multiprocessing import get_context
from pathlib import Path

# First, since it sets the path.
from portal import DEMONSTRATION, ROOT, SECURITY_CONTACT, create_app, hashed_assets, integrity

# isort: split
from flask import Flask
from flask_frozen import FrozenFlaskWarning
from freeze_front import as_before
from freeze_nation import Nation, freeze_portals, read_manifest
from frozen_files import Builder, FreezeError, addresses_of, remove_others, take
from inputs import linked_offices, read_directory, read_editions, read_looks, read_publications
from nation import create_nation

from functions.casework.directory.linked_office import with_offices
from functions.casework.formats.attachments import FILE_MB
from functions.crypto.errors import KeyringError

NAMES = ROOT / "functions" / "web" / "assets.json"
INTEGRITY = "integrity.json"  # beside it
SHARE = 12  # addresses that a process takes at a time: few, since one with a picture takes as long as fifty others
SIGN = "openapi.json"  # by which a folder is known as one of ours


def write_assets() -> None:
    """Record the hashed names and the hashes where the doors, which run without ``site/``, can read them."""
    NAMES.write_text(json.dumps(hashed_assets(), indent=1) + "\n")
    NAMES.with_name(INTEGRITY).write_text(json.dumps(integrity(), indent=1) + "\n")


def recorded() -> bool:
    """Whether what is recorded is what stands there now."""
    known = NAMES.with_name(INTEGRITY)
    return (
        known.exists()
        and json.loads(NAMES.read_text()) == hashed_assets()
        and json.loads(known.read_text()) == integrity()
    )


def freeze(
    app: Flask,
    out: Path,
    processes: int = 1,
    previous: Path | None = None,
    settled: Callable[[str], bool] = lambda _: False,
) -> tuple[Path, ...]:
    """Write every page and file of the portal below ``out`` and compress them; returns the plain ones.

    What else is in ``out`` is removed, so a folder that is not empty must be an earlier portal. More ``processes`` than
    one are forks of this one, which must have no other threads then; they give the same bytes. What an earlier portal
    in ``previous`` has alike is taken from there; of an address that is ``settled`` without being made.
    Raises FreezeError, FrozenFlaskWarning or ValueError (a page that answers anything but 200).
    """
    if not recorded():
        raise FreezeError("an asset has changed: run `python site/freeze.py --write-assets`")
    if out.exists() and any(out.iterdir()) and not (out / SIGN).exists():
        raise FreezeError(f"{out} is not empty and holds no portal; choose another folder")
    out = out.resolve()
    app.config.update(FREEZER_DESTINATION=str(out), FREEZER_REDIRECT_POLICY="error", FREEZER_REMOVE_EXTRA_FILES=False)
    addresses, builder, taken = addresses_of(app), Builder(app, out, previous), list[Path]()
    if previous:
        found = {address: take(address, previous, out) for address in addresses if settled(address)}
        taken = [path for path in found.values() if path]
        addresses = [address for address in addresses if not found.get(address)]
    shares = [addresses[n : n + SHARE] for n in range(0, len(addresses), SHARE)]
    if processes > 1:
        with get_context("fork").Pool(processes, _take_builder, (builder,)) as pool:
            done = pool.map(_build, shares, chunksize=1)
    else:
        done = [builder.build(share) for share in shares]
    plain = tuple(sorted((*taken, *(path for written in done for path in written))))
    remove_others(out, plain)
    return plain


_builders: list[Builder] = []  # of a forked process: its own copy of the portal


def _take_builder(builder: Builder) -> None:
    _builders[:] = [builder]


def _build(share: list[str]) -> list[Path]:
    return _builders[0].build(share)


def freeze_all(nation: Nation, out: Path, processes: int) -> str:
    """Freeze the only portal at the root or, where there are several, the nation's front and each below its own path.

    Returns how much was made, in words. Raises as ``freeze``.
    """
    shown = nation.directory, nation.public_file, nation.operator, nation.editions, nation.reports, nation.contact
    if len(nation.directory.instances()) <= 1:
        app = create_app(*shown, nation.address, nation.file_mb)
        return f"{len(freeze(app, out, processes, nation.previous))} files"
    front = create_nation(
        nation.directory,
        nation.operator,
        nation.editions,
        nation.contact,
        nation.address,
        nation.file_mb,
        nation.looks,
    )
    settled = as_before(nation.front(), read_manifest(nation.previous))
    files = len(freeze(front, out, processes, nation.previous, settled))
    made = freeze_portals(nation, out, processes, _progress)
    return f"{files} files of the front, {len(nation.directory.instances())} portals ({made} of them made anew)"


def _progress(done: int, of: int) -> None:
    """Tell of each twentieth."""
    if done * 20 // of > (done - 1) * 20 // of:
        print(f"  portals {done} of {of}", flush=True)  # noqa: T201 - a command line speaks this way


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--out", type=Path, help="the folder to write")
    parser.add_argument("--directory", type=Path, default=DEMONSTRATION, help="agencies, topics, districts (TOML)")
    parser.add_argument("--operator", default="", help="named in the footer of every page")
    parser.add_argument("--security-contact", default=SECURITY_CONTACT, help="who is told of a flaw (security.txt)")
    parser.add_argument("--public-keys", type=Path, help="the keys' public.json")
    parser.add_argument("--publications", type=Path, help="the public reports (JSON)")
    parser.add_argument("--editions", type=Path, help="a folder of the barometer's editions (JSON)")
    parser.add_argument("--looks", type=Path, help="how the portals of several instances look (JSON)")
    parser.add_argument("--previous", type=Path, help="the portal before this one: what is alike is taken from there")
    parser.add_argument("--address", default="", help="the portal's own, for what others show of it")
    parser.add_argument("--file-mb", type=int, default=FILE_MB, help="the most MB of a file")
    parser.add_argument("--write-assets", action="store_true", help="only record the assets' names and hashes")
    wanted = parser.parse_args(arguments)
    if wanted.write_assets:
        write_assets()
        return 0
    if wanted.out is None:
        parser.error("--out is missing")
    try:
        nation = Nation(
            with_offices(read_directory(wanted.directory), linked_offices(wanted.public_keys)),
            wanted.public_keys,
            wanted.operator,
            read_editions(wanted.editions),
            read_publications(wanted.publications),
            wanted.security_contact,
            wanted.address,
            wanted.file_mb,
            read_looks(wanted.looks),
            wanted.previous,
            wanted.editions,
        )
        made = freeze_all(nation, wanted.out, os.cpu_count() or 1)
    except (FreezeError, FrozenFlaskWarning, KeyringError, ValueError, OSError) as error:
        print(f"freeze: {error}", file=sys.stderr)  # noqa: T201 - a command line speaks this way
        return 1
    print(f"{made} in {wanted.out}")  # noqa: T201 - likewise
    return 0


if __name__ == "__main__":
    sys.exit(main())
