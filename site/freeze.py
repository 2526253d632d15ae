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
from contextlib import suppress
from multiprocessing import get_context
from pathlib import Path

import brotli
from flask import Flask
from flask_frozen import Freezer, FrozenFlaskWarning, MissingURLGeneratorWarning
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
SHARE = 12  # addresses that a process takes at a time: few, since one with a picture takes as long as fifty others
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


def freeze(app: Flask, out: Path, processes: int = 1) -> tuple[Path, ...]:
    """Write every page and file of the portal below ``out`` and compress them; returns the plain ones.

    What else is in ``out`` is removed, so a folder that is not empty must be an earlier portal. More ``processes`` than
    one are forks of this one, which must have no other threads then; they give the same bytes.
    Raises FreezeError, FrozenFlaskWarning or ValueError (a page that answers anything but 200).
    """
    if not recorded():
        raise FreezeError("an asset has changed: run `python site/freeze.py --write-assets`")
    if out.exists() and any(out.iterdir()) and not (out / SIGN).exists():
        raise FreezeError(f"{out} is not empty and holds no portal; choose another folder")
    out = out.resolve()
    app.config.update(FREEZER_DESTINATION=str(out), FREEZER_REDIRECT_POLICY="error", FREEZER_REMOVE_EXTRA_FILES=False)
    addresses, builder = addresses_of(app), Builder(app, out)
    shares = [addresses[n : n + SHARE] for n in range(0, len(addresses), SHARE)]
    if processes > 1:
        with get_context("fork").Pool(processes, _take_builder, (builder,)) as pool:
            done = pool.map(_build, shares, chunksize=1)
    else:
        done = [builder.build(share) for share in shares]
    plain = tuple(sorted(path for written in done for path in written))
    _remove_others(out, plain)
    return plain


def addresses_of(app: Flask) -> list[str]:
    """Every address of the portal, each once. Raises FreezeError for a route that none of them leads to."""
    freezer = Freezer(app, with_static_files=False, with_no_argument_rules=False, log_url_for=False)
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]

    def fixed() -> Iterator[str]:
        yield from (rule.rule for rule in rules if not rule.arguments)

    def asset() -> Iterator[dict[str, str]]:
        for name in hashed_assets().values():
            yield {"name": name}

    def public() -> Iterator[tuple[str, dict[str, str]]]:
        yield from app.config["PUBLIC_PLACES"]

    for generator in (fixed, asset, public):
        freezer.register_generator(generator)
    addresses = list(dict.fromkeys(freezer.all_urls()))
    known = app.url_map.bind("")
    missed = {rule.endpoint for rule in rules} - {known.match(address)[0] for address in addresses}
    if missed:
        raise FreezeError(f"no address leads to {', '.join(sorted(missed))}: add a generator")
    return addresses


class Builder:
    """Writes pages and compresses them. What lies below the front page of the barometer's editions is most of the pages
    and seldom read, so it is compressed quickly."""

    def __init__(self, app: Flask, out: Path) -> None:
        self._out, self._share = out, list[str]()
        self._freezer = Freezer(app, with_static_files=False, with_no_argument_rules=False, log_url_for=False)
        self._freezer.register_generator(lambda: self._share)
        self._thorough, self._quick = Compressor(quiet=True), QuickCompressor(quiet=True)

    def build(self, share: list[str]) -> list[Path]:
        """Write these addresses' files, with .gz and .br beside them where that helps; returns the plain ones."""
        self._share = share
        with warnings.catch_warnings():
            warnings.simplefilter("error", FrozenFlaskWarning)
            warnings.simplefilter("ignore", MissingURLGeneratorWarning)  # other shares have the other routes
            plain = [self._out / page.path for page in self._freezer.freeze_yield()]
        for path in plain:
            self.compress(path)
        return plain

    def compress(self, path: Path) -> None:
        """Write .gz and .br of a file below ``out``; what an earlier portal left there goes."""
        for packed in _packed(path):
            packed.unlink(missing_ok=True)
        name = path.relative_to(self._out).as_posix()
        (self._quick if MONTHLY.search(name) else self._thorough).compress(str(path))


def _packed(path: Path) -> list[Path]:
    return [path.with_name(path.name + suffix) for suffix in (".gz", ".br")]


def _remove_others(out: Path, plain: Iterable[Path]) -> None:
    """Remove what an earlier portal left, and folders that this empties."""
    kept = {each for path in plain for each in (path, *_packed(path))}
    for path in sorted(out.rglob("*"), reverse=True):
        if path.is_dir():
            with suppress(OSError):  # not empty
                path.rmdir()
        elif path not in kept:
            path.unlink()


_builders: list[Builder] = []  # of a forked process: its own copy of the portal


def _take_builder(builder: Builder) -> None:
    _builders[:] = [builder]


def _build(share: list[str]) -> list[Path]:
    return _builders[0].build(share)


class QuickCompressor(Compressor):
    """Brotli at level 5: a fiftieth of the time of its highest level, for 11 % more bytes."""

    @staticmethod
    def compress_brotli(data: bytes) -> bytes:
        """Return the bytes compressed."""
        return brotli.compress(data, quality=5)


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
        plain = freeze(create_app(*shown), wanted.out, os.cpu_count() or 1)
    except (FreezeError, FrozenFlaskWarning, KeyringError, ValueError, OSError) as error:
        print(f"freeze: {error}", file=sys.stderr)  # noqa: T201 - a command line speaks this way
        return 1
    print(f"{len(plain)} files in {wanted.out}")  # noqa: T201 - likewise
    return 0


if __name__ == "__main__":
    sys.exit(main())
