"""Other people's packages as a function ships them: installed from the lock for Lambda's processor, compiled once,
and picked file by file."""

import csv
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from infra.deploy import descriptions
from infra.deploy.descriptions import cut_down
from infra.deploy.lock import LOCK, platform_options
from infra.deploy.say import DeployError

PYTHON = "python3.13"
TASK = "/var/task"  # where Lambda unpacks a function: the path that its tracebacks name
CACHED = f"{PYTHON.replace('python', 'cpython-').replace('.', '')}.pyc"
NEEDS = {
    "PIL": ("pillow",),
    "altcha": ("altcha",),
    "boto3": ("boto3", "botocore", "jmespath", "python-dateutil", "s3transfer", "six", "urllib3"),
    "botocore": ("botocore", "jmespath", "python-dateutil", "six", "urllib3"),
    "cryptography": ("cryptography", "cffi"),
    "defusedxml": ("defusedxml",),
    "flask": ("flask", "werkzeug", "jinja2", "markupsafe", "itsdangerous", "click", "blinker"),
    "holidays": ("holidays", "python-dateutil", "six"),
    "itsdangerous": ("itsdangerous",),
    "jinja2": ("jinja2", "markupsafe"),
    "markupsafe": ("markupsafe",),
    "pikepdf": ("pikepdf", "lxml", "packaging", "pillow"),
    "pillow_heif": ("pillow-heif", "pillow"),
    "segno": ("segno",),
    "werkzeug": ("werkzeug", "markupsafe"),
    "xlsxwriter": ("xlsxwriter",),
    "zappa": ("zappa", "durationpy"),
}
EVERY = ("tzdata",)  # no import names it: Python's own time zones ask for it
# What no function asks of them, by the beginnings of paths; and what is left of that all the same.
LEFT_OUT = (
    "bin/", "boto3/data/", "boto3/examples/", "botocore/data/", "cffi/", "dateutil/zoneinfo/",
    "holidays/calendars/germany_school", "holidays/countries/", "holidays/financial/", "holidays/locale/",
    "lxml/html/", "lxml/includes/", "lxml/isoschematron/", "lxml/objectify", "zappa/ext/", "zappa/cli.py",
    "zappa/core.py", "zappa/asynchronous.py", "zappa/letsencrypt.py",
)  # fmt: skip
KEPT = (
    "botocore/data/_retry.json", "botocore/data/endpoints.json", "botocore/data/partitions.json",
    "botocore/data/sdk-default-configuration.json", "dateutil/zoneinfo/__init__.py",
    "holidays/countries/__init__.py", "holidays/countries/indonesia.py", "holidays/financial/__init__.py",
    "holidays/locale/id/LC_MESSAGES/ID.mo",
)  # fmt: skip
EMPTIED = ("holidays/countries/__init__.py",)  # all it does is to load some two hundred countries, ours among them
LEFT_OUT_ENDINGS = (".c", ".h", ".pxd", ".pxi", ".pyi", ".pyx", ".rst", ".typed")
RECORDS = frozenset({"RECORD", "INSTALLER", "REQUESTED", "WHEEL", "direct_url.json", "entry_points.txt"})


def services_of(function: str) -> tuple[str, ...]:
    """AWS services that a function calls; botocore's descriptions of the others are left out."""
    more = {"desk": ("kms",), "custody": ("kms",), "courier": ("kms", "sesv2"), "clock": ("lambda",)}
    return () if function == "cleaner" else ("dynamodb", "s3", *more.get(function, ()))


def interpreter() -> str:
    """The target's interpreter. Raises DeployError where there is none."""
    found = shutil.which(PYTHON)
    if not found:
        raise DeployError(f"{PYTHON} is missing, and functions are compiled with it: install python3.13")
    return found


def compiled(folder: Path) -> None:
    """Write a ``.pyc`` beside every source below ``folder`` that no clock and no path of this machine gets into."""
    options = ["-q", "--invalidation-mode", "unchecked-hash", "-s", str(folder), "-p", TASK]
    command = [interpreter(), "-I", "-m", "compileall", *options, str(folder)]
    environ = {"PATH": os.defpath, "PYTHONHASHSEED": "0", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)  # noqa: S603 - as above
    if done.returncode:
        raise DeployError(f"the build did not compile: {done.stdout[-500:]}{done.stderr[-500:]}")


def installed(build: Path, architecture: str) -> Path:
    """The folder with all packages of the lock for a processor, made where there is none yet."""
    made_of = LOCK.read_bytes() + Path(descriptions.__file__).read_bytes() + repr((CACHED, EMPTIED)).encode()
    stamp = hashlib.sha256(made_of).hexdigest()[:16]
    folder = build / "packages" / f"{architecture}-{stamp}"
    if folder.exists():
        return folder
    fresh = folder.with_name(folder.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-compile", "--no-deps", "--require-hashes"]
    command += ["--disable-pip-version-check", *platform_options(architecture)]
    command += ["--target", str(fresh), "-r", str(LOCK)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    if done.returncode:
        raise DeployError(f"packages did not install:\n{done.stderr[-1000:]}")
    for path in EMPTIED:
        (fresh / path).write_bytes(b"")
    cut_down(fresh)
    compiled(fresh)
    fresh.replace(folder)  # whole, or not there
    return folder


def files_of(folder: Path, outside: Iterable[str], function: str) -> Iterator[str]:
    """Paths below ``folder`` of all that a function ships for these imports. Raises DeployError for an import of
    which nobody said what it needs."""
    wanted = set(outside)
    if unknown := wanted - set(NEEDS):
        raise DeployError(f"nobody has said what {', '.join(sorted(unknown))} needs: see NEEDS in {__name__}")
    names = {package for name in wanted for package in NEEDS[name]} | set(EVERY)
    records = {_name(path.parent): path for path in folder.glob("*.dist-info/RECORD")}
    services = tuple(f"botocore/data/{service}/" for service in services_of(function))
    for name in sorted(names):
        with records[name].open(newline="") as rows:
            for path, *_ in csv.reader(rows):
                if _ships(path, services) and (folder / path).is_file():
                    yield path
                    yield from _cached(folder, path)


def _ships(path: str, services: tuple[str, ...]) -> bool:
    if ".." in path or path.endswith((*LEFT_OUT_ENDINGS, ".pyc")):
        return False
    if ".dist-info/" in path:
        return path.rpartition("/")[2] not in RECORDS
    return path in KEPT or path.startswith(services) or not path.startswith(LEFT_OUT)


def _cached(folder: Path, path: str) -> Iterator[str]:
    if path.endswith(".py"):
        place = Path(path)
        cached = place.parent / "__pycache__" / f"{place.stem}.{CACHED}"
        if (folder / cached).is_file():
            yield str(cached)


def _name(folder: Path) -> str:
    return folder.name.partition("-")[0].replace("_", "-").replace(".", "-").lower()
