"""Namespaces of their own for what a test runs, so that it may mount. Where the kernel gives none, the test fails in one
line: a wall that nobody tried is none."""

import os
from pathlib import Path

MOUNTS = Path("/proc/self/mountinfo")
NO_MOUNT = "namespaces: / is no mount point, as in a chroot: before it, outside, `mount --bind FOLDER FOLDER` with the chroot's folder"


def unshare(*options: str, as_user: tuple[str, ...] = ("--map-root-user",)) -> list[str]:
    """What a command follows: ``unshare`` with its mounts private. Root needs no users of its own, which a chroot forbids."""
    if not any(line.split()[4] == "/" for line in MOUNTS.read_text().splitlines()):
        import pytest  # what starts the walls need not load it

        pytest.fail(NO_MOUNT, pytrace=False)
    own = () if os.geteuid() == 0 else as_user
    return ["unshare", *own, "--mount", "--propagation", "private", *options]
