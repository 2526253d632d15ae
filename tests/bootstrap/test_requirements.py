"""What is installed is pinned, and for each package it is written down why."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def requirements(name):
    lines = (line.partition("#")[0].strip() for line in (ROOT / name).read_text().splitlines())
    return [line for line in lines if line and not line.startswith("-r ")]


RUNTIME = requirements("requirements.txt")
TESTS = requirements("tests/requirements.txt")
DOCUMENTED = re.findall(
    r"^\| `([a-z0-9@/-]+)` \| ([^|]+) \| ([^|]+) \|$", (ROOT / "docs/dependencies.md").read_text(), re.MULTILINE
)
MANIFEST = json.loads((ROOT / "site/browser/package.json").read_text())
BUNDLED = MANIFEST["dependencies"] | MANIFEST["devDependencies"]


def names(lines):
    return {re.match(r"[a-z0-9-]+", line).group() for line in lines}


@pytest.mark.parametrize("line", RUNTIME + TESTS)
def test_every_requirement_is_pinned(line):
    assert re.fullmatch(r"[a-z0-9-]+(\[[a-z0-9,]+\])?==[0-9][0-9a-z.]*", line), line


def test_the_tests_build_on_the_runtime():
    assert "-r ../requirements.txt" in (ROOT / "tests/requirements.txt").read_text().splitlines()
    assert not names(RUNTIME) & names(TESTS)


def test_every_dependency_has_its_line_and_no_line_is_left_over():
    assert {name for name, *_ in DOCUMENTED} == names(RUNTIME + TESTS) | set(BUNDLED)
    assert len(DOCUMENTED) == len({name for name, *_ in DOCUMENTED})


@pytest.mark.parametrize("line", DOCUMENTED, ids=lambda line: line[0])
def test_each_line_says_what_for_and_where_it_ships(line):
    _, purpose, where = line
    assert len(purpose.split()) >= 3
    assert where.strip()
