"""What is installed is pinned and locked by hash, and for each package it is written down why."""

import json
import re
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from infra.deploy.lock import LOCK, pins

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
    assert re.fullmatch(r'[a-z0-9-]+(\[[a-z0-9,-]+\])?==[0-9][0-9a-z.]*(; python_version (<|>=) "3\.1[0-9]")?', line), (
        line
    )


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


LOCKS = {
    "run": [line for line in RUNTIME if not line.startswith("zappa==")],
    "deploy": RUNTIME,
    "test": RUNTIME + TESTS,
}


def locked(name):
    """Each entry of a lock: what it asks for, and its hashes."""
    entries = re.findall(r"^([a-z0-9][^\\\n]*)((?: \\\n    --hash=\S+)*)$", lock_text(name), re.MULTILINE)
    return [(Requirement(wanted), re.findall(r"sha256:([0-9a-f]{64})\b", hashes)) for wanted, hashes in entries]


def lock_text(name):
    return (ROOT / f"infra/locks/{name}.lock").read_text()


def here(requirements, extra=""):
    """Those of the requirements that hold on this machine and Python."""
    return [each for each in requirements if not each.marker or each.marker.evaluate({"extra": extra})]


def closure(wanted):
    """Names of all that these packages need on this machine, themselves among them, as their own metadata says."""
    names, todo = set(), [(each.name, frozenset({"", *each.extras})) for each in wanted]
    seen = set()
    while todo:
        name, extras = todo.pop()
        if (name, extras) in seen:
            continue
        seen.add((name, extras))
        names.add(canonicalize_name(name))
        needs = [Requirement(line) for line in distribution(name).requires or []]
        needed = [each for extra in extras for each in here(needs, extra)]
        todo += [(each.name, frozenset({"", *each.extras})) for each in needed]
    return names


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_pins_what_its_list_pins_for_every_python(name):
    entries = {(str(each.name), str(each.specifier)) for each, _ in locked(name)}
    wanted = {(each.name, str(each.specifier)) for each in map(Requirement, LOCKS[name])}
    assert wanted <= entries, f"`make lock` is due: {wanted - entries}"


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_holds_all_that_its_list_needs_and_nothing_else(name):
    held = {each.name for each in here([each for each, _ in locked(name)])}
    assert held == closure(here(map(Requirement, LOCKS[name])))


@pytest.mark.parametrize("name", LOCKS)
def test_every_file_is_held_against_a_hash_and_no_place_is_named(name):
    assert all(hashes for _, hashes in locked(name))
    assert "://" not in lock_text(name)


@pytest.mark.parametrize("name", LOCKS)
def test_what_is_compiled_is_locked_for_both_processors_and_each_python(name):
    """Hashes of one wheel alone would bar the others: a compiled package has as many as there are Pythons and more."""
    compiled = {each.name: len(hashes) for each, hashes in locked(name) if each.name in {"pillow", "pikepdf", "brotli"}}
    assert set(compiled) == {"pillow", "pikepdf", "brotli"}
    assert min(compiled.values()) >= 3 * 2


def test_what_runs_and_what_is_deployed_is_what_was_tested():
    run, deploy, test = ({(str(each), *hashes) for each, hashes in locked(name)} for name in LOCKS)
    assert run < deploy < test
    shipped, tested = pins(LOCK.read_text()), pins(lock_text("test"))
    assert shipped.items() <= tested.items()


def test_a_machine_that_only_runs_gets_nothing_that_deploys_and_builds_nothing():
    assert "zappa" in names(RUNTIME)
    assert "zappa" not in {each.name for each, _ in locked("run")}
    assert "\n--only-binary :all:\n" in lock_text("run")
