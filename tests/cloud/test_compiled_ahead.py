"""What Python would compile from text at each start comes compiled in the package, and nothing is other than it was."""

import json
import marshal
import os
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest

from functions.aws_lambda.compiled_ahead import NOTED
from infra.deploy.build import COMPILED, build
from infra.deploy.closure import FUNCTIONS
from infra.deploy.packages import interpreter
from tests.cloud.cloud import ENV

# Patterns that no start needs to have noted: what Python itself compiles before our handler is loaded, and what this
# program adds. A thousandth of a start each.
MOST_FROM_TEXT = 12
LOADS = """
import sys, os, json
sys.path[:] = [os.getcwd(), *(place for place in sys.path if "-packages" not in place)]
import builtins, re, dataclasses
parsed, methods = [], []
parse, compiling = re._parser.parse, builtins.compile
def counted(text, *more):
    parsed.append(str(text))
    return parse(text, *more)
re._parser.parse = counted
import functions.aws_lambda.handler
as_ever = dataclasses.__dict__.get("exec", exec)
known = as_ever.__closure__[0].cell_contents if as_ever is not exec else {}
def run(text, *names):
    methods.append(text in known)
    as_ever(text, *names)
dataclasses.__dict__["exec"] = run
import importlib
importlib.import_module("functions.%s.main")
import functions.edge.request_guard, zappa.handler
import botocore.session
botocore.session.Session().create_client("dynamodb", region_name="ap-southeast-3")
print(json.dumps([parsed, methods, bool(re.search("(?i)a(?P<b>c+)\\\\b", "xACC").group("b") == "CC")]))
"""


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packages of this machine's own processor, by function."""
    folder = tmp_path_factory.mktemp("packages")
    for package in build(ENV):
        with zipfile.ZipFile(package.path) as read:
            read.extractall(folder / package.function)
    return folder


def load(folder: Path, door: str) -> tuple[list[str], list[bool]]:
    """The patterns that were compiled from text, and for each method of a dataclass whether it was noted."""
    environ = {"PATH": os.defpath, "LAPOR_DOOR": door}
    done = subprocess.run(
        [interpreter(), "-I", "-c", LOADS % door], cwd=folder, env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    parsed, methods, works = json.loads(done.stdout)
    assert works
    return parsed, methods


@pytest.mark.parametrize("door", ["intake", "thread", "desk"])
def test_a_start_compiles_next_to_nothing_from_text(unpacked: Path, door: str) -> None:
    parsed, methods = load(unpacked / door, door)
    assert len(parsed) <= MOST_FROM_TEXT, parsed
    assert len(methods) > 20
    assert all(methods)


def noted(unpacked: Path, door: str) -> Any:
    return marshal.loads((unpacked / door / COMPILED).read_bytes())  # noqa: S302 - as the function does


def test_without_the_notes_or_with_those_of_another_python_everything_is_compiled_as_ever(unpacked: Path) -> None:
    door, file = unpacked / "intake", unpacked / "intake" / COMPILED
    python, *more = noted(unpacked, "intake")
    ours = file.read_bytes()
    file.unlink()
    without = load(door, "intake")
    file.write_bytes(marshal.dumps(("another Python", *more), 2))
    another = load(door, "intake")
    file.write_bytes(ours)
    for parsed, methods in (without, another):
        assert len(parsed) > 100
        assert not any(methods)
    assert python == noted(unpacked, "clock")[0]


def test_every_function_has_its_own_notes_and_they_are_no_larger_than_they_need(unpacked: Path) -> None:
    sizes = {function: (unpacked / function / COMPILED).stat().st_size for function in FUNCTIONS}
    assert NOTED in COMPILED
    # Of the largest, of those who read SMS, a third is patterns; zipped it weighs 160 KB.
    assert {function: size for function, size in sizes.items() if not 100_000 < size < 1_230_000} == {}
