"""Take regular expressions and the methods of dataclasses as the build compiled them.

Python compiles both from their text at every start, which was a quarter of one (decision (yyyyyy)). The build notes
what a start compiles (``infra/deploy/compile_ahead.py``). What it did not note is compiled as ever; so is everything
where another Python runs than the one that noted it, or where nothing was noted.
"""

import dataclasses
import importlib
import importlib.util
import marshal
from pathlib import Path
from typing import Any, Final

NOTED: Final = "compiled_ahead.bin"
HERE: Final = Path(__file__).with_name(NOTED)
_sre: Any = importlib.import_module("_sre")  # neither has types: both are the standard library's own affair
_compiler: Any = importlib.import_module("re._compiler")
PYTHON: Final = f"{importlib.util.MAGIC_NUMBER.hex()} {_sre.MAGIC}"  # of bytecode, and of compiled patterns


def use(noted: Path = HERE) -> None:
    """Use what the build noted in this file, if there is one and this Python can read it."""
    try:
        python, patterns, methods = marshal.loads(noted.read_bytes())  # noqa: S302 - bytecode of our own package
    except FileNotFoundError:
        return
    if python != PYTHON:
        return
    as_ever = _compiler.compile

    def compile_pattern(pattern: Any, flags: Any = 0) -> Any:
        ready = patterns.get((pattern, int(flags)))
        return _sre.compile(pattern, *ready) if ready else as_ever(pattern, flags)

    def run(text: str, *names: dict[str, Any]) -> None:
        exec(methods.get(text, text), *names)  # noqa: S102 - what ``dataclasses`` would run

    _compiler.compile = compile_pattern
    vars(dataclasses)["exec"] = run  # a module's own name comes before the builtin
