"""The lock: every package that a function may ship, its version, and the hashes of its wheels for both processors.

``python -m infra.deploy.lock`` writes ``requirements.lock`` anew from the pins in ``requirements.txt``; a build
installs nothing else, and nothing whose hash differs.
"""

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
LOCK = Path(__file__).with_name("requirements.lock")
PYTHON = "3.13"
ARCHITECTURES = {"arm64": "aarch64", "x86_64": "x86_64"}  # Lambda's word, and the wheels'
NOT_SHIPPED = frozenset(
    {"brotli", "click", "frozen-flask", "pyyaml", "waitress", "whitenoise"}  # click comes with Flask all the same
    | {"openpyxl"}  # ops' commands read and write tables
)
ALONE = "zappa"  # a function runs its event handler; of what its command line needs, only this comes along:
WITH_ZAPPA = "durationpy"
HEAD = """# Written by `python -m infra.deploy.lock`: what functions ship, for python3.13 on arm64 and x86_64.
# A build installs exactly these wheels (pip --require-hashes --no-deps).
"""


def platform_options(architecture: str) -> list[str]:
    """How pip is told to install for Lambda's python3.13 on a processor, whatever it runs on itself."""
    wheels = ARCHITECTURES[architecture]
    options = ["--only-binary", ":all:", "--implementation", "cp", "--python-version", PYTHON]
    return [*options, "--platform", f"manylinux_2_28_{wheels}", "--platform", f"manylinux2014_{wheels}"]


def pins(text: str) -> dict[str, str]:
    """Name and version of each line ``name==version``, with or without hashes behind it."""
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", text, re.MULTILINE))


def main() -> int:
    """Ask pip what the pins need on each processor, and write it down."""
    wanted = pins((ROOT / "requirements.txt").read_text())
    roots = [f"{name}=={version}" for name, version in wanted.items() if name not in NOT_SHIPPED | {ALONE}]
    known = pins(LOCK.read_text()) if LOCK.exists() else {}
    roots.append(f"{WITH_ZAPPA}=={known[WITH_ZAPPA]}" if WITH_ZAPPA in known else WITH_ZAPPA)
    versions: dict[str, str] = {}
    hashes: dict[str, set[str]] = {}
    for architecture in ARCHITECTURES:
        found = _resolved(roots, architecture) + _resolved([f"{ALONE}=={wanted[ALONE]}"], architecture, "--no-deps")
        for package in found:
            name = re.sub(r"[-_.]+", "-", package["metadata"]["name"]).lower()
            versions[name] = package["metadata"]["version"]
            hashes.setdefault(name, set()).add(package["download_info"]["archive_info"]["hashes"]["sha256"])
    lines = [
        f"{name}=={versions[name]}" + "".join(f" \\\n    --hash=sha256:{digest}" for digest in sorted(hashes[name]))
        for name in sorted(versions)
    ]
    LOCK.write_text(HEAD + "\n".join(lines) + "\n")
    return 0


def _resolved(requirements: list[str], architecture: str, *options: str) -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", "--ignore-installed", *options]
        command += [*platform_options(architecture), "--target", folder, "--report", str(report), *requirements]
        subprocess.run(command, check=True)  # noqa: S603 - our own words
        installed: list[dict[str, Any]] = json.loads(report.read_text())["install"]
        return installed


if __name__ == "__main__":
    sys.exit(main())
