"""What a function is shipped as: small, the same bytes whoever builds it and wherever, with nothing of this machine, and
with no more than it can import."""

import gzip
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from infra.deploy.build import ROOT, Package, build
from infra.deploy.closure import FUNCTIONS, closure_of
from infra.deploy.descriptions import OPERATIONS
from infra.deploy.lock import LOCK, NOT_SHIPPED, pins
from infra.deploy.packages import EVERY, NEEDS, interpreter, services_of
from tests.cloud.cloud import ENV as EMULATED

ENV = "produksi"
MOST = {"intake": 12_100_000, "custody": 12_000_000, "gateway": 12_280_000}  # 180 KB of each tell whose name it is
MOST |= {"open311": 12_000_000, "courier": 12_000_000, "clock": 12_000_000}
MOST_WITH_FILES = 36_000_000  # thread, cleaner and desk clean photos and documents
# Asked for before there is an environment, on one machine or by ops, and by no function.
ONLY_BEFORE = {"createbucket", "describetable", "describetimetolive", "scan", "updatetimetolive"}
UNPACKED = 250 * 1024 * 1024  # Lambda's limit
BUILDS = """
import os, sys
from infra.deploy.build import build
from pathlib import Path
for package in build(sys.argv[1], packages=Path(sys.argv[2])):
    print(package.path.name, package.digest)
"""


IMPORTED = """
import importlib, sys
sys.path[:] = [sys.argv[1], *(place for place in sys.path if "-packages" not in place)]
for name in ("zappa.handler", *sys.argv[2:]):
    importlib.import_module(name)
"""


@pytest.fixture(scope="module")
def packages() -> dict[str, Package]:
    return {package.function: package for package in build(ENV)}


def names(package: Package) -> list[str]:
    with zipfile.ZipFile(package.path) as read:
        return read.namelist()


def test_every_package_is_small_enough(packages: dict[str, Package]) -> None:
    sizes = {function: package.path.stat().st_size for function, package in packages.items()}
    assert set(sizes) == set(FUNCTIONS)
    assert {f: size for f, size in sizes.items() if size > MOST.get(f, MOST_WITH_FILES)} == {}
    for package in packages.values():
        with zipfile.ZipFile(package.path) as read:
            assert sum(entry.file_size for entry in read.infolist()) < UNPACKED


@pytest.mark.long
def test_two_users_in_two_folders_build_the_same_bytes(packages: dict[str, Package], tmp_path: Path) -> None:
    source = tmp_path / "elsewhere"
    source.mkdir()
    for name in ("functions", "infra"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copyfile(ROOT / "zappa_settings.json", source / "zappa_settings.json")
    installed = source / "build" / "lambda"  # the other user installs and compiles for himself
    environ = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "USER": "kenari",
        "LOGNAME": "kenari",
        "TZ": "Asia/Jakarta",
    }
    environ |= {name: os.environ[name] for name in os.environ if name.startswith("PIP_")}
    done = subprocess.run(
        [sys.executable, "-c", BUILDS, ENV, str(installed)],
        cwd=source,
        env=environ | {"PYTHONPATH": str(source)},
        capture_output=True,
        text=True,
        umask=0o027,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    there = dict(line.split() for line in done.stdout.splitlines())
    assert there == {package.path.name: package.digest for package in packages.values()}


def test_no_package_holds_a_time_a_user_a_path_or_an_address(packages: dict[str, Package]) -> None:
    told = [os.environ.get("USER", ""), str(ROOT), os.uname().nodename, "@pusat.example.id"]
    hunted = [text.encode() for text in told if len(text) > 4]
    for package in packages.values():
        with zipfile.ZipFile(package.path) as read:
            for entry in read.infolist():
                assert (entry.date_time, entry.external_attr >> 16) == ((1980, 1, 1, 0, 0, 0), 0o644)
                assert entry.comment == entry.extra == b""
                content = read.read(entry)
                assert not any(text in content for text in hunted), entry.filename
    assert not [name for name in names(packages["intake"]) if "package_info" in name or "RECORD" in name]


def test_every_module_is_compiled_so_that_no_clock_is_asked(packages: dict[str, Package]) -> None:
    unchecked = 0b01
    with zipfile.ZipFile(packages["desk"].path) as read:
        compiled = {name: read.read(name) for name in read.namelist() if name.endswith(".pyc")}
    assert {int.from_bytes(content[4:8], "little") for content in compiled.values()} == {unchecked}
    sources = {name for name in names(packages["desk"]) if name.endswith(".py") and name.startswith("functions/")}
    cached = {re.sub(r"__pycache__/(\w+)\.cpython-313\.pyc", r"\1.py", name) for name in compiled}
    assert sources <= cached


def test_what_is_left_of_botocore_answers_what_our_functions_ask_for(packages: dict[str, Package]) -> None:
    """Every call of AWS in the functions' own modules is described in the packages, and nothing else is."""
    modules = frozenset().union(*(closure_of(function, ROOT).modules for function in FUNCTIONS))
    sources = [path.read_text() for name in modules if (path := ROOT / f"{name.replace('.', '/')}.py").exists()]
    named = r"(?:on_table|\.call|get_paginator)\(\s*\"(\w+)\"|client(?:\(\))?\.(?!get_paginator)(\w+)\("
    asked = {next(filter(None, found)).replace("_", "").lower() for s in sources for found in re.findall(named, s)}
    kept = {operation.lower(): operation for each in OPERATIONS.values() for operation in each}
    assert {name for name in asked if name not in kept} == ONLY_BEFORE
    assert kept.keys() - asked == {"describeendpoints"}
    for function, package in packages.items():
        for service in services_of(function):
            (described,) = [
                name for name in names(package) if re.match(rf"botocore/data/{service}/.*/service-2\.json", name)
            ]
            with zipfile.ZipFile(package.path) as read:
                told = json.loads(gzip.decompress(read.read(described)))
            assert set(told["operations"]) == set(OPERATIONS[service])
            shapes = set(re.findall(r'"shape": ?"(\w+)"', json.dumps(told)))
            assert shapes == set(told["shapes"])


FOREIGN = {
    "intake": ("PIL", "pikepdf", "pillow_heif", "lxml", "defusedxml", "botocore/data/kms", "botocore/data/sesv2"),
    "thread": ("botocore/data/kms", "botocore/data/sesv2", "altcha", "segno"),
    "cleaner": ("botocore/data/kms", "botocore/data/sesv2", "altcha", "segno"),
    "desk": ("botocore/data/sesv2", "altcha"),
    "custody": ("PIL", "pikepdf", "lxml", "altcha", "botocore/data/sesv2"),
    "gateway": ("PIL", "pikepdf", "lxml", "altcha", "segno", "botocore/data/kms", "botocore/data/sesv2"),
    "open311": (
        *("PIL", "pikepdf", "lxml", "defusedxml", "altcha", "segno"),
        *("botocore/data/kms", "botocore/data/sesv2"),
    ),
    "courier": ("PIL", "pikepdf", "lxml", "segno"),  # altcha: a linked office asks it for work
    "clock": ("PIL", "pikepdf", "lxml", "altcha", "segno", "botocore/data/kms", "botocore/data/sesv2"),
}
EVERYWHERE = (
    "waitress",
    "whitenoise",
    "flask_frozen",
    "s3transfer",
    "yaml",
    "pip",
    "botocore/data/ec2",
    "zappa/cli",
    "tests",
    "site",
)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_package_imports_nothing_that_lies_beside_it(function: str, tmp_path: Path) -> None:
    """Lambda has a botocore of its own, of a version that nobody pinned."""
    (package,) = (each for each in build(EMULATED) if each.function == function)  # of this machine's kind
    with zipfile.ZipFile(package.path) as read:
        read.extractall(tmp_path)
    names = sorted(closure_of(function, ROOT).modules - {"functions.aws_lambda.handler"})  # it looks for its settings
    program = [interpreter(), "-I", "-c", IMPORTED, str(tmp_path), *names]
    done = subprocess.run(program, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_package_holds_nothing_that_its_function_does_not_import(packages: dict[str, Package], function: str) -> None:
    there = names(packages[function])
    for foreign in (*FOREIGN[function], *EVERYWHERE):
        assert not [name for name in there if name.startswith((f"{foreign}/", f"{foreign}.", f"{foreign}-"))], foreign
    ours = {name.split("/")[1] for name in there if name.startswith("functions/")}
    assert ours & set(FUNCTIONS) == {function}
    assert not [name for name in there if re.match(r"functions/(cli|local|origin|ready|dev|doctor)", name)]
    assert not [name for name in there if name.startswith("infra/")]
    wanted = {f"{module.replace('.', '/')}" for module in closure_of(function, ROOT).modules}
    modules = {re.sub(r"(/__init__)?\.py$", "", name) for name in there if re.match(r"functions/.*\.py$", name)}
    assert modules == wanted
    assert [name for name in there if name.startswith("boto3")] == ["boto3/__init__.py"]  # what Zappa names, empty


def test_the_lock_holds_the_pins_and_everything_that_is_needed() -> None:
    locked, pinned = pins(LOCK.read_text()), pins((ROOT / "requirements.txt").read_text())
    shipped = {name: version for name, version in pinned.items() if name not in NOT_SHIPPED}
    assert {name: locked.get(name) for name in shipped} == shipped
    needed = {package for names in NEEDS.values() for package in names} | set(EVERY)
    assert needed <= set(locked)
    entries = re.split(r"\n(?=[a-z])", LOCK.read_text().partition("\n\n")[0])
    assert all("--hash=sha256:" in entry for entry in entries if "==" in entry)
