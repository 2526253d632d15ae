"""Where root writes keys for another user, that user puts nothing. With real users, in a namespace of their own; the
whole office: ``tests/office/test_apart.py``."""

import json
import subprocess
import sys
import tempfile
from typing import Any

from tests.namespaces import unshare
from tests.server import ROOT

CAPTURED = """
import grp, json, os, pwd, subprocess, sys
from contextlib import suppress
from pathlib import Path
from functions.crypto.ops.key_directory import KeyDirectory
from functions.crypto.seal.public_keys import Purpose
from functions.local import owners
from functions.local.processes import PROCESSES, user_of

ids = {user_of(name): number for number, name in enumerate(PROCESSES, 5)}
pwd.getpwnam = lambda name: pwd.struct_passwd((name, "x", ids[name], ids[name], "", "/", "/"))
grp.getgrgid = lambda number: grp.struct_group(({i: n for n, i in ids.items()}[number], "x", number, []))
root = Path(sys.argv[1])
Path(root.parent).chmod(0o755)
keys = KeyDirectory(root)
old, name = keys.generate_all([(Purpose.DESK, "kutim"), (Purpose.IDENTITY, "kutim")])
owners._give_keys(root)
names = root / "identity" / "kutim" / name
before, told = names.read_bytes(), {}
keys.generate(Purpose.DESK, "kutim")  # a rotation; before its end a captured desk puts a link where its old key was
desk = ids["lapor-desk"]
line = f"cat {root}/desk/kutim/{old} >/dev/null && echo reads; ln -sf {names} {root}/desk/kutim/{old} && echo links"
done = subprocess.run(["sh", "-c", line], user=desk, group=desk, extra_groups=[], capture_output=True, text=True)
told["said"] = done.stdout.split()
keys.destroy(Purpose.DESK, "kutim", old)
told["whole"] = names.read_bytes() == before
(root / "desk" / "kutim" / "link").symlink_to(names)  # as an office of before may have one
try:
    owners._give_keys(root)
except owners.OwnersError as error:
    told["refused"] = str(error)
print(json.dumps(told))
"""


def test_a_captured_desk_has_no_name_destroyed_by_the_next_rotation() -> None:
    command = [*unshare(as_user=("--map-auto", "--map-root-user")), sys.executable, "-c", CAPTURED]
    with tempfile.TemporaryDirectory(prefix="owners-") as folder:  # others get there, other than below pytest's own
        done = subprocess.run([*command, f"{folder}/keys"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    assert told["said"] == ["reads"]
    assert told["whole"]
    assert "link is a link" in told["refused"]
