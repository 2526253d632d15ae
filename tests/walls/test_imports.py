"""Import budgets: what a door does not import, it cannot leak and need not load."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = ("PIL", "pikepdf", "lxml", "boto3", "botocore", "holidays", "waitress", "whitenoise", "flask_frozen", "zappa")


def loaded(module: str, environ: dict[str, str] | None = None) -> set[str]:
    code = f"import sys, {module}; print(' '.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT, env=environ
    )
    return set(done.stdout.split())


@pytest.mark.parametrize("door", ["intake", "thread", "desk", "gateway", "open311"])
def test_a_door_loads_nothing_heavy_before_it_is_used(door: str) -> None:
    modules = loaded(f"functions.{door}.main")
    assert not {name for name in HEAVY if name in modules}


@pytest.mark.parametrize("door", ["intake", "open311"])
def test_the_intake_can_open_nothing_and_handles_no_file(door: str) -> None:
    modules = loaded(f"functions.{door}.main")
    for closed in (
        "vault.links",
        "vault.files",
        "storage.blobs",
        "actions.converse",
        "actions.handle",
        "actions.deliver",
    ):
        assert f"functions.{closed}" not in modules


@pytest.mark.parametrize("door", ["intake", "thread", "desk", "courier", "gateway", "open311"])
def test_no_door_loads_another(door: str) -> None:
    modules = loaded(f"functions.{door}.main")
    others = {"intake", "thread", "desk", "courier", "gateway", "open311"} - {door}
    assert not {name for name in modules if any(name.startswith(f"functions.{other}") for other in others)}


def test_the_count_of_the_intakes_modules_stays_small() -> None:
    """A bare Flask app loads about 330; beyond it come cryptography, segno and ours. A count, not seconds."""
    bare = loaded("flask")
    ours = loaded("functions.intake.main")
    assert len(ours - bare) <= 190, len(ours - bare)
