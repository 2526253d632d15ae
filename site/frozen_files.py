"""Write addresses of an app of frozen pages as files, each with its .gz and .br beside it."""

import os
import re
import warnings
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import brotli
from flask import Flask
from flask_frozen import Freezer, FrozenFlaskWarning, MissingURLGeneratorWarning
from portal import hashed_assets
from whitenoise.compress import Compressor

MONTHLY = re.compile(r"(^|/)barometer/\d{4}-\d{2}/[^/]+/")  # below the front page of an edition


class FreezeError(Exception):
    """The portal cannot be frozen; the message says what to do."""


def addresses_of(app: Flask) -> list[str]:
    """Every address of the portal, each once. Raises FreezeError for a route that none of them leads to."""
    freezer = Freezer(app, with_static_files=False, with_no_argument_rules=False, log_url_for=False)
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]

    def fixed() -> Iterator[str]:
        yield from (rule.rule for rule in rules if not rule.arguments)

    def asset() -> Iterator[dict[str, str]]:
        for name in hashed_assets().values() if "asset" in app.view_functions else ():
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
    and seldom read, so it is compressed quickly. What an earlier portal, ``previous``, has in the same bytes is taken
    from there, packed."""

    def __init__(self, app: Flask, out: Path, previous: Path | None = None) -> None:
        self._out, self._previous, self._share = out, previous, list[str]()
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
        for left in packed(path):
            left.unlink(missing_ok=True)
        name = path.relative_to(self._out).as_posix()
        if self._previous and take_over(self._previous / name, path):
            return
        (self._quick if MONTHLY.search(name) else self._thorough).compress(str(path))


def take_over(before: Path, path: Path) -> bool:
    """Take a file of an earlier portal, with what is packed beside it, where it has the same bytes as ``path``."""
    if not before.is_file() or before.read_bytes() != path.read_bytes():
        return False
    link(before, path)
    return True


def take(address: str, previous: Path, out: Path) -> Path | None:
    """Take a page or file of an earlier portal by its address, unmade. Returns where it is; None if there was none."""
    name = address.strip("/") + ("/index.html" if address.endswith("/") else "")
    if not (previous / name).is_file():
        return None
    (out / name).parent.mkdir(parents=True, exist_ok=True)
    link(previous / name, out / name)
    return out / name


def link(before: Path, path: Path) -> None:
    """Put an earlier portal's file and what is packed beside it where ``path`` is, as the same files."""
    for old, new in zip([before, *packed(before)], [path, *packed(path)], strict=True):
        new.unlink(missing_ok=True)
        if old.exists():
            os.link(old, new)


def packed(path: Path) -> list[Path]:
    """Where a file's .gz and .br are."""
    return [path.with_name(path.name + suffix) for suffix in (".gz", ".br")]


def remove_others(out: Path, plain: Iterable[Path]) -> None:
    """Remove what an earlier portal left, and folders that this empties."""
    kept = {each for path in plain for each in (path, *packed(path))}
    for path in sorted(out.rglob("*"), reverse=True):
        if path.is_dir():
            with suppress(OSError):  # not empty
                path.rmdir()
        elif path not in kept:
            path.unlink()


class QuickCompressor(Compressor):
    """Brotli at level 5: a fiftieth of the time of its highest level, for 11 % more bytes."""

    @staticmethod
    def compress_brotli(data: bytes) -> bytes:
        """Return the bytes compressed."""
        return brotli.compress(data, quality=5)
