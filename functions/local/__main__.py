"""``python -m functions.local`` is ``make run``; with ``serve``, a small office."""

import sys

from functions.config import logs
from functions.local.serve import main

logs.configure()
logs.catch()
sys.exit(main(sys.argv[1:]))
