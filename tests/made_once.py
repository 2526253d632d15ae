"""Importing this lets all processes of a run of tests compile each template once and compress each file once.

Most tests make doors or a portal of their own. To compile the templates of one page costs more than ten of its requests,
and Brotli takes half of the time of freezing a portal. What one process made, the others find in the folder that
``FOLDER`` names: ``tests/conftest.py`` sets it, and ``tests/made_once_too`` brings it to the product's own processes.
"""

import hashlib
import marshal
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import CodeType

from flask import Flask
from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket
from whitenoise.compress import Compressor

FOLDER = "LAPOR_MADE_ONCE"
# What the code that a template becomes depends on, beside its source, which Jinja compares itself.
_SHAPE = (
    "block_start_string",
    "variable_start_string",
    "comment_start_string",
    "line_statement_prefix",
    "line_comment_prefix",
    "trim_blocks",
    "lstrip_blocks",
    "newline_sequence",
    "keep_trailing_newline",
    "optimized",
    "is_async",
    "newstyle_gettext",
)


def _read(name: str) -> bytes:
    """The bytes that a process of this run kept under this name; b"" if none did."""
    try:
        return Path(os.environ[FOLDER], name).read_bytes()
    except (KeyError, FileNotFoundError):
        return b""


def _keep(name: str, made: bytes) -> None:
    """Keep bytes for all processes of this run."""
    if FOLDER in os.environ:
        path = Path(os.environ[FOLDER], name)
        part = path.with_name(f"{name}.{os.getpid()}")
        with suppress(FileNotFoundError):  # the run is over, and took its folder along
            part.write_bytes(made)
            part.replace(path)  # whole, whoever reads at the same time


class _Once(BytecodeCache):
    """Keeps compiled templates, apart for environments that compile differently."""

    def __init__(self) -> None:
        self._known: dict[str, CodeType] = {}

    def get_bucket(self, environment: Environment, name: str, filename: str | None, source: str) -> Bucket:
        """Return the place of one template as this environment compiles it."""
        escapes = environment.autoescape(name) if callable(environment.autoescape) else environment.autoescape
        shape: list[object] = [filename, escapes, *(getattr(environment, each, None) for each in _SHAPE)]
        shape += [environment.undefined.__qualname__, environment.policies["ext.i18n.trimmed"]]
        shape += [sorted(known) for known in (environment.extensions, environment.filters, environment.tests)]
        return super().get_bucket(environment, name, repr(shape), source)

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill in the code, if it is known."""
        name = f"{bucket.key}.{bucket.checksum}"
        if name not in self._known and (kept := _read(name)):
            self._known[name] = marshal.loads(kept)  # noqa: S302 - a test of this run wrote it
        bucket.code = self._known.get(name)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code."""
        assert bucket.code is not None
        name = f"{bucket.key}.{bucket.checksum}"
        self._known[name] = bucket.code
        _keep(name, marshal.dumps(bucket.code))


def _once(compress: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    def compressed(data: bytes) -> bytes:
        name = f"{compress.__name__}.{hashlib.sha256(data).hexdigest()}"
        if not (made := _read(name)):
            made = compress(data)
            _keep(name, made)
        return made

    return compressed


Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": _Once()}
Compressor.compress_brotli = staticmethod(_once(Compressor.compress_brotli))
Compressor.compress_gzip = staticmethod(_once(Compressor.compress_gzip))
