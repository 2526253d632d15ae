"""Which parts of ``make test-deep`` a change concerns: ``python -m tests.deep.changed`` prints their names, for CI.

A change is what differs from where the branch left ``origin/main``. On ``origin/main`` itself it is what differs from the
newest commit that is a week older than the last one, else from the first: a push brings any number of commits, and nothing
tells CI which of them it has seen. Where there is no such history, as in a shallow clone, one line on standard error says
so and no part is named. Raises nothing for what git refuses.
"""

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from tests.deep.__main__ import ROOT, deep_files, part_of

WEEK_SECONDS = 7 * 24 * 3600
# By part the folders of the product that it tries at its whole size, beside the part's own tests. Parts that take longer
# are for who changes something, and for a release.
CONCERNS = {"years": ("functions/actions/clock/", "functions/casework/", "functions/clock/")}
SHARED = {"years": ("tests/actions/year.py", "tests/barometer_year.py", "tests/casework/barometer/", "tests/depth.py")}


def concerned(paths: Iterable[str]) -> list[str]:
    """Return the parts that changed files concern, among those that CI runs."""
    changed = tuple(paths)
    return [
        part
        for part, folders in CONCERNS.items()
        if any(
            path.startswith((*folders, *SHARED[part])) or (path in deep_files() and part_of(path) == part)
            for path in changed
        )
    ]


def changed_files(root: Path) -> list[str] | None:
    """Return the files that the change at ``root`` touches; None where there is no history to compare with."""
    base = _base(root)
    differ = _git(root, "diff", "--name-only", "--no-renames", base, "HEAD") if base else None
    return None if differ is None else differ.splitlines()


def _base(root: Path) -> str | None:
    head, branched = _git(root, "rev-parse", "HEAD"), _git(root, "merge-base", "origin/main", "HEAD")
    if head and branched and branched != head:
        return branched
    last = _git(root, "log", "-1", "--format=%ct")
    if not last:
        return None
    older = _git(root, "rev-list", "-1", f"--before={int(last) - WEEK_SECONDS}", "HEAD")
    if not older and _git(root, "rev-parse", "--is-shallow-repository") == "false":
        older = _git(root, "rev-list", "--max-parents=0", "-1", "HEAD")
    return older if older != head else None


def _git(root: Path, *arguments: str) -> str | None:
    """What git says; None where it fails or is not there."""
    try:
        done = subprocess.run(("git", "-C", root, *arguments), capture_output=True, text=True, check=False)
    except OSError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def main(root: Path = ROOT) -> int:
    """Print the parts, separated by spaces. Returns the exit status, which is always 0."""
    changed = changed_files(root)
    if changed is None:
        sys.stderr.write("deep: there is no history to compare with, so no part of make test-deep is run\n")
    sys.stdout.write(" ".join(concerned(changed or ())) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
