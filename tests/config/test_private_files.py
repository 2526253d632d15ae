"""Files that root writes for other users: whose they are follows from the folder, and no other user may put a link
where root writes."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

from functions.config.private_files import write_private
from tests.namespaces import unshare
from tests.server import ROOT

AS_ROOT = """
import grp, json, os, pwd, sys
from pathlib import Path
from functions.config.private_files import write_private

folder, owner, group = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
grp.getgrgid = lambda _: grp.struct_group(("lapor-desk", "x", 7, []))
pwd.getpwnam = {"lapor-desk": pwd.struct_passwd(("lapor-desk", "x", 6, 7, "", "/", "/"))}.__getitem__
folder.mkdir(mode=0o750 if owner == 0 else 0o700)
os.chown(folder, owner, group)
write_private(folder / "kutim" / "0f", b"a key")
told = {path.name: path.lstat() for path in (folder / "kutim", folder / "kutim" / "0f")}
print(json.dumps({name: [each.st_uid, each.st_gid, each.st_mode & 0o777] for name, each in told.items()}))
"""


def written(folder: Path, owner: int, group: int) -> dict[str, list[int]]:
    """User, group and mode of a key that root writes below a folder, and of the folder that it makes for it."""
    command = [*unshare(as_user=("--map-auto", "--map-root-user")), sys.executable, "-c", AS_ROOT]
    done = subprocess.run(
        [*command, str(folder), str(owner), str(group)], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
    )
    found: dict[str, list[int]] = json.loads(done.stdout)
    return found


def test_below_a_folder_of_roots_for_a_group_a_key_is_its_doors_and_the_folder_roots(tmp_path: Path) -> None:
    assert written(tmp_path / "desk", 0, 7) == {"kutim": [0, 7, 0o750], "0f": [6, 7, 0o600]}


def test_where_one_user_runs_all_it_is_theirs(tmp_path: Path) -> None:
    assert written(tmp_path / "keys", 6, 7) == {"kutim": [6, 7, 0o700], "0f": [6, 7, 0o600]}


def test_roots_own_stays_roots(tmp_path: Path) -> None:
    assert written(tmp_path / "keys", 0, 0) == {"kutim": [0, 0, 0o700], "0f": [0, 0, 0o600]}


def test_nothing_is_written_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_bytes(b"a key")
    for name in ("0f", "0f.new"):
        (tmp_path / name).symlink_to(tmp_path / "elsewhere")
    write_private(tmp_path / "0f", b"another")
    assert (tmp_path / "elsewhere").read_bytes() == b"a key"
    assert (tmp_path / "0f").read_bytes() == b"another"
    assert stat.S_IMODE(os.lstat(tmp_path / "0f").st_mode) == 0o600
