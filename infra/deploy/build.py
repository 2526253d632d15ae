"""One package for each function, the same bytes from the same input: no clock, no user, no path of this machine, no
secret gets into it.

``python -m infra.deploy build ENV`` writes ``build/lambda/<function>_<env>.zip``.
"""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from functions.aws_lambda.compiled_ahead import NOTED
from infra.deploy.closure import FUNCTIONS, OURS, closure_of
from infra.deploy.compile_ahead import compile_ahead
from infra.deploy.packages import compiled, files_of, installed
from infra.deploy.say import DeployError
from infra.deploy.stages import COMMITTED, is_emulated, stages_of

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / "lambda"
NATIVE = {"aarch64": "arm64"}.get(os.uname().machine, "x86_64")
COMPILED = f"functions/aws_lambda/{NOTED}"
NEVER = (1980, 1, 1, 0, 0, 0)  # the earliest date that a zip can tell
MODE = 0o644 << 16
UNIX = 3
LEVEL = 6
# Zappa imports boto3 for its ``Session`` in signatures, and asks it for nothing where it serves requests.
STANDS_FOR_BOTO3 = b"Session = object\n"
BOTOCORE = "botocore/__init__.py"  # Zappa imports it too; where nobody calls AWS an empty one does
DATA = (".html", ".svg", ".txt", ".json", ".toml", ".mo")  # what lies beside a function's modules and is read by them


@dataclass(frozen=True, slots=True)
class Package:
    """A package that was built: whose it is, where, and the SHA-256 of its bytes in hex."""

    function: str
    path: Path
    digest: str


def architecture_of(env: str) -> str:
    """The processor that an environment's functions run on: the emulator runs them on this machine's own."""
    return NATIVE if is_emulated(env) else "arm64"


def build(
    env: str, functions: Sequence[str] = FUNCTIONS, root: Path = ROOT, out: Path = BUILD, packages: Path = BUILD
) -> list[Package]:
    """Build the packages of an environment's functions from the tree below ``root``; those of other people are
    installed below ``packages``, once. Two builds at a time wait for each other. Raises DeployError."""
    for folder in (out, packages):
        folder.mkdir(parents=True, exist_ok=True)
    with (packages / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return _build(env, functions, root, out, packages)


def _build(env: str, functions: Sequence[str], root: Path, out: Path, packages: Path) -> list[Package]:
    theirs, native = (installed(packages, each) for each in (architecture_of(env), NATIVE))
    if made := _made_before(out, env, functions, mark := _mark(root, theirs)):
        return made
    ours = out / "source"
    shutil.rmtree(ours, ignore_errors=True)
    closures = {function: closure_of(function, root) for function in functions}
    modules = frozenset().union(*(closure.modules for closure in closures.values()))
    for path in _sources(root, modules):
        (ours / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / path, ours / path)
    compiled(ours)
    written = _generated(env, functions, root / COMMITTED.name, out / "stages.json")
    made = []
    for function in functions:
        closure = closures[function]
        files = {path: theirs / path for path in files_of(theirs, closure.outside, function)}
        files |= {path: ours / path for path in _picked(ours, closure.modules)}
        target = out / f"{function}_{env}.zip"
        made_here = {"zappa_settings.py": written[function].encode(), "boto3/__init__.py": STANDS_FOR_BOTO3}
        made_here |= {} if BOTOCORE in files else {BOTOCORE: b""}
        made_here[COMPILED] = compile_ahead(function, ours, native)
        _write(target, files, made_here)
        made.append(Package(function, target, hashlib.sha256(target.read_bytes()).hexdigest()))
    digests = {package.function: package.digest for package in made}
    (out / f"{env}.json").write_text(json.dumps({"mark": mark, "digests": digests}))
    return made


def _mark(root: Path, theirs: Path) -> str:
    """A digest of all that a build is made of: the same mark, the same packages."""
    parts = [*(root / OURS).rglob("*"), *Path(__file__).parent.glob("*"), root / COMMITTED.name]
    digest = hashlib.sha256(theirs.name.encode())
    for path in sorted(path for path in parts if path.is_file() and path.suffix != ".pyc"):
        digest.update(f"{path.name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\0".encode())
    return digest.hexdigest()


def _made_before(out: Path, env: str, functions: Sequence[str], mark: str) -> list[Package]:
    """The packages of an earlier build, where it was made of the same and they are whole; otherwise nothing."""
    note = out / f"{env}.json"
    known = json.loads(note.read_text()) if note.exists() else {}
    if known.get("mark") != mark or set(known["digests"]) != set(functions):
        return []
    made = [Package(name, out / f"{name}_{env}.zip", known["digests"][name]) for name in functions]
    whole = (m.path.exists() and hashlib.sha256(m.path.read_bytes()).hexdigest() == m.digest for m in made)
    return made if all(whole) else []


def _sources(root: Path, modules: Iterable[str]) -> Iterator[str]:
    """Sources and data of these modules, by their paths below ``root``."""
    for module in modules:
        place = root.joinpath(*module.split("."))
        if not place.is_dir():
            yield str(place.with_suffix(".py").relative_to(root))
            continue
        yield from (str(path.relative_to(root)) for path in _data(place))
        yield str((place / "__init__.py").relative_to(root))


def _data(place: Path) -> Iterator[Path]:
    """What lies in a package, or below it in folders that are none."""
    for path in sorted(place.iterdir()):
        if path.is_file() and path.suffix in DATA:
            yield path
        elif path.is_dir() and not (path / "__init__.py").exists():
            yield from _data(path)


def _picked(ours: Path, modules: Collection[str]) -> Iterator[str]:
    for path in _sources(ours, modules):
        yield path
        if path.endswith(".py"):
            place = ours / path
            yield from (str(found.relative_to(ours)) for found in place.parent.glob(f"__pycache__/{place.stem}.*.pyc"))


def _generated(env: str, functions: Sequence[str], committed: Path, file: Path) -> dict[str, str]:
    """What Zappa writes into each package for its handler to read. A process of its own, since Zappa sets the logging
    of the whole process, in an empty folder: Zappa looks for web sockets in all that is below the one it stands in."""
    file.write_text(json.dumps(stages_of(env, committed, functions)))
    command = [sys.executable, "-m", "infra.deploy.stage_settings", str(file)]
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    with tempfile.TemporaryDirectory() as empty:
        done = subprocess.run(command, cwd=empty, env=environ, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    if done.returncode:
        raise DeployError(f"Zappa does not read {committed.name}: {done.stderr[-500:]}")
    read: dict[str, str] = json.loads(done.stdout)
    return {function: read[f"{function}_{env}"] for function in functions}


def _write(target: Path, files: dict[str, Path], more: dict[str, bytes]) -> None:
    fresh = target.with_suffix(".new")
    with zipfile.ZipFile(fresh, "w") as package:
        for name in sorted([*files, *more]):
            entry = zipfile.ZipInfo(name, NEVER)
            entry.create_system, entry.external_attr = UNIX, MODE
            entry.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(entry, more[name] if name in more else files[name].read_bytes(), compresslevel=LEVEL)
    fresh.replace(target)
