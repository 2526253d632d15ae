"""On PYTHONPATH this brings ``tests.made_once`` to those processes of the product that make pages anyway."""

import importlib
import sys
from pathlib import Path

PAGES = ("functions.local", "functions.local.door", "site/freeze.py")

if any(word.endswith(PAGES) for word in sys.orig_argv):
    sys.path.insert(0, str(Path(__file__).parents[2]))
    importlib.import_module("tests.made_once")
    sys.path.pop(0)
