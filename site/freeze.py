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
import re
import sys
import warnings
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import brotli
from flask import Flask
from flask_frozen import Freezer, FrozenFlaskWarning
from portal import (
    DEMONSTRATION,
    ROOT,
    SECURITY_CONTACT,
    create_app,
    hashed_assets,
    integrity,
    read_directory,
    read_editions,
    read_publications,
)
from whitenoise.compress import Compressor

from functions.casework.formats.attachments import FILE_MB
from functions.crypto.errors import KeyringError

NAMES = ROOT / "functions" / "web" / "assets.json"
INTEGRITY = "integrity.json"  # beside it
MONTHLY = re.compile(r"(^|/)barometer/\d{4}-\d{2}/[^/]+/")  # below the front page of an edition
SIGN = "openapi.json"  # by which a folder is known as one of ours


class FreezeError(Exception):
    """The portal cannot be frozen; the message says what to do."""


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


def freeze(app: Flask, out: Path) -> tuple[Path, ...]:
    """Write every page and file of the portal below ``out`` and compress them; returns the plain ones.

    What else is in ``out`` is removed, so a folder that is not empty must be an earlier portal.
    Raises FreezeError, FrozenFlaskWarning or ValueError (a page that answers anything but 200).
    """
    if not recorded():
        raise FreezeError("an asset has changed: run `python site/freeze.py --write-assets`")
    if out.exists() and any(out.iterdir()) and not (out / SIGN).exists():
        raise FreezeError(f"{out} is not empty and holds no portal; choose another folder")
    app.config.update(FREEZER_DESTINATION=str(out.resolve()), FREEZER_REDIRECT_POLICY="error")
    freezer = Freezer(app, with_static_files=False)

    def asset() -> Iterator[dict[str, str]]:
        for name in hashed_assets().values():
            yield {"name": name}

    def public() -> Iterator[tuple[str, dict[str, str]]]:
        yield from app.config["PUBLIC_PLACES"]

    freezer.register_generator(asset)
    freezer.register_generator(public)
    with warnings.catch_warnings():
        warnings.simplefilter("error", FrozenFlaskWarning)
        freezer.freeze()
    plain = tuple(sorted(path for path in out.rglob("*") if path.is_file()))
    compress(plain, out)
    return plain


class QuickCompressor(Compressor):
    """Brotli at level 5: a fiftieth of the time of its highest level, for 11 % more bytes."""

    @staticmethod
    def compress_brotli(data: bytes) -> bytes:
        """Return the bytes compressed."""
        return brotli.compress(data, quality=5)


def compress(plain: Iterable[Path], out: Path) -> None:
    """Write .gz and .br beside files below ``out``, on every core: compressing lets other threads run.

    What lies below the front page of the barometer's editions is most of the pages and seldom read, so it is compressed
    quickly."""
    thorough, quick = Compressor(quiet=True), QuickCompressor(quiet=True)

    def one(path: Path) -> None:
        (quick if MONTHLY.search(path.relative_to(out).as_posix()) else thorough).compress(str(path))

    with ThreadPoolExecutor(max_workers=os.cpu_count()) as threads:
        list(threads.map(one, plain))


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
        directory, editions = read_directory(wanted.directory), read_editions(wanted.editions)
        reports = read_publications(wanted.publications)
        shown = (
            directory,
            wanted.public_keys,
            wanted.operator,
            editions,
            reports,
            wanted.security_contact,
            wanted.address,
            wanted.file_mb,
        )
        plain = freeze(create_app(*shown), wanted.out)
    except (FreezeError, FrozenFlaskWarning, KeyringError, ValueError, OSError) as error:
        print(f"freeze: {error}", file=sys.stderr)  # noqa: T201 - a command line speaks this way
        return 1
    print(f"{len(plain)} files in {wanted.out}")  # noqa: T201 - likewise
    return 0


if __name__ == "__main__":
    sys.exit(main())
