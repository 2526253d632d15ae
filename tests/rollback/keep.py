"""Keep the source of a release for the tests of the next: ``python -m tests.rollback.keep COMMIT``, after each release.

A clone may have no history (CI's, a package's), so the archive is committed. It holds what doors, courier and
terminal need, without translations.
"""

import io
import subprocess
import sys
import tarfile
from pathlib import Path

from tests import archives

ARCHIVE = Path(__file__).with_name("before.tar.xz")
KEPT = ("functions", "infra/demo/kutai-timur.toml", "infra/demo/officers.toml")
LEFT_OUT = (".po", ".mo")


def unpack(folder: Path) -> Path:
    """Unpack the source that is kept into an empty folder; return it."""
    archives.unpack(ARCHIVE, folder)
    return folder


def main() -> int:
    commit = sys.argv[1]
    found = subprocess.run(["git", "archive", commit, *KEPT], capture_output=True, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(found)) as whole, tarfile.open(ARCHIVE, "w:xz", preset=9) as packed:
        for member in sorted(whole.getmembers(), key=lambda each: each.name):
            if not member.name.endswith(LEFT_OUT):
                packed.addfile(member, whole.extractfile(member) if member.isfile() else None)
    return 0


if __name__ == "__main__":
    sys.exit(main())
