"""On PYTHONPATH this brings ``tests.made_once`` to those processes of the product that make pages anyway. Then it runs
the ``sitecustomize`` of a test that stands behind it there, since Python itself runs the first one alone."""

import os
import sys

PAGES = ("functions.local", "functions.local.door", "site/freeze.py")
# Every Python that a test starts comes by here: what is not needed is not loaded.

if any(word.endswith(PAGES) for word in sys.orig_argv):
    import importlib

    sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))  # noqa: PTH100, PTH120
    importlib.import_module("tests.made_once")
    sys.path.pop(0)

for place in os.environ.get("PYTHONPATH", "").split(os.pathsep):
    behind = os.path.join(place, "sitecustomize.py")  # noqa: PTH118
    if place and os.path.exists(behind) and not os.path.samefile(behind, __file__):  # noqa: PTH110, PTH121
        import runpy

        runpy.run_path(behind, run_name="sitecustomize behind")
        break
