"""Importing this lets a process of tests compile each template once: most tests make doors of their own, and to compile
one page's templates costs more than ten of its requests."""

from types import CodeType

from flask import Flask
from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket

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


class _Once(BytecodeCache):
    """Keeps compiled templates in memory, apart for environments that compile differently."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], CodeType | None] = {}

    def get_bucket(self, environment: Environment, name: str, filename: str | None, source: str) -> Bucket:
        """Return the place of one template as this environment compiles it."""
        escapes = environment.autoescape(name) if callable(environment.autoescape) else environment.autoescape
        shape: list[object] = [filename, escapes, *(getattr(environment, each, None) for each in _SHAPE)]
        shape += [environment.undefined.__qualname__, environment.policies["ext.i18n.trimmed"]]
        shape += [sorted(known) for known in (environment.extensions, environment.filters, environment.tests)]
        return super().get_bucket(environment, name, repr(shape), source)

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill in the code, if it is known."""
        bucket.code = self._known.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code."""
        self._known[bucket.key, bucket.checksum] = bucket.code


Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": _Once()}
