"""A release that can be proved: ``python -m infra.release sign ENV --key KEY``, ``verify ENV --signers FILE``.

``sign`` writes the functions' packages, the bill of materials and a list of their hashes into ``build/release``, and a
detached signature of that list beside it. ``verify`` builds all of it again from this source and holds it against the
list and its signature. Signatures are OpenSSH's (``ssh-keygen -Y``): a key on a hardware token or in an agent will do,
and anybody can check one without this program.

Tests: ``tests/cloud/test_release.py``.
"""  # noqa: INP001 - a program, not a package

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import click

from functions.cli._common import telling
from infra.deploy.build import build
from infra.deploy.place import ROOT
from infra.deploy.say import DeployError, say

RELEASE = ROOT / "build" / "release"
SUMS, SIGNATURE, BILL = "SHA256SUMS", "SHA256SUMS.sig", "sbom.json"
NAMESPACE = "lapor-anonim-release"  # what else the same key signs is no release
told = telling(DeployError)


@click.group()
def cli() -> None:
    """Sign what a release ships, or prove that it was signed."""


@cli.command()
@click.argument("env")
@click.option(
    "--key", required=True, type=click.Path(exists=True), help="An SSH key, or the public half of one in an agent."
)
@told
def sign(env: str, key: str) -> None:
    """Write packages, bill of materials, hashes and their signature into build/release."""
    write(made(env), RELEASE)
    (RELEASE / SIGNATURE).unlink(missing_ok=True)
    _ssh("sign", "-f", key, "-n", NAMESPACE, str(RELEASE / SUMS))
    for line in (RELEASE / SUMS).read_text().splitlines():
        say(line)


@cli.command()
@click.argument("env")
@click.option("--signers", required=True, type=click.Path(exists=True), help="Who may sign: OpenSSH's allowed signers.")
@told
def verify(env: str, signers: str) -> None:
    """Whether this source makes exactly what was signed, by somebody who may."""
    who = signer(RELEASE, signers)
    compare(sums(RELEASE), made(env))
    say(f"signed by {who}; packages and bill of materials are the bytes that this source makes")


def made(env: str) -> dict[str, Path]:
    """Build what a release ships; returns each file by its name."""
    bill = ROOT / "build" / BILL
    done = subprocess.run([sys.executable, "infra/sbom.py", str(bill)], cwd=ROOT, check=False)  # noqa: S603 - ours
    if done.returncode:
        raise DeployError("the bill of materials could not be made: `make sbom` says why")
    return {package.path.name: package.path for package in build(env)} | {BILL: bill}


def write(files: Mapping[str, Path], folder: Path) -> None:
    """Put the files and their list into a folder, for ``sha256sum -c`` there."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, path in files.items():
        shutil.copyfile(path, folder / name)
    (folder / SUMS).write_text("".join(f"{_digest(path)}  {name}\n" for name, path in sorted(files.items())))


def sums(folder: Path) -> dict[str, str]:
    """The signed hashes by name."""
    return {name: digest for digest, name in map(str.split, (folder / SUMS).read_text().splitlines())}


def signer(folder: Path, signers: str) -> str:
    """Return who signed the list. Raises DeployError where nobody did who may."""
    for name in (SUMS, SIGNATURE):
        if not (folder / name).is_file():
            raise DeployError(f"{folder / name} is missing: put the release's files there")
    signature, words = str(folder / SIGNATURE), (folder / SUMS).read_bytes()
    who = _ssh("find-principals", "-f", signers, "-s", signature).split()
    if not who:
        raise DeployError(f"{SIGNATURE} is by nobody whom {signers} names")
    _ssh("verify", "-f", signers, "-I", who[0], "-n", NAMESPACE, "-s", signature, words=words)
    return who[0]


def compare(signed: Mapping[str, str], built: Mapping[str, Path]) -> None:
    """Raises DeployError where this source makes other files than were signed."""
    found = {name: _digest(path) for name, path in built.items()}
    if other := sorted(name for name in signed.keys() | found.keys() if signed.get(name) != found.get(name)):
        raise DeployError(f"{', '.join(other)}: not what was signed; another source, or somebody changed it")


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _ssh(verb: str, *arguments: str, words: bytes = b"") -> str:
    done = subprocess.run(["ssh-keygen", "-Y", verb, *arguments], input=words, capture_output=True, check=False)  # noqa: S603, S607 - ours, on the path as ssh is
    if done.returncode:
        said = (done.stdout + done.stderr).decode(errors="replace").strip().splitlines()
        raise DeployError(f"ssh-keygen -Y {verb}: {said[-1] if said else 'it did not say why'}")
    return done.stdout.decode()


if __name__ == "__main__":
    sys.exit(cli())
