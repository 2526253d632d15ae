"""What a running door has loaded: what it does not load, it cannot leak and need not start with.

The contracts of import-linter say what may be imported; here each door's entry is imported in a process of its own, and
``sys.modules`` is looked at.
"""

import subprocess
import sys
from collections.abc import Set as AbstractSet
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOORS = ("intake", "thread", "cleaner", "desk", "custody", "courier", "gateway", "open311", "clock")
HEAVY = ("PIL", "pikepdf", "lxml", "boto3", "botocore", "holidays", "waitress", "whitenoise", "flask_frozen", "zappa")

# Rooms that a door's law keeps from it. A room is a folder with all below it.
# What signs for us. The reporter's own signature is made with the receipt alone (``crypto.sign.reporter_acts``).
SIGNERS = tuple(f"crypto.sign.{name}" for name in ("links", "mint", "mandates", "mandate_signer", "counter_passes"))
CLOSED = {
    "intake": (
        "crypto.decrypt",
        "crypto.open",
        "crypto.slips",
        "crypto.sign.links",
        "crypto.sign.mint",
        "crypto.sign.mandate_signer",
        "crypto.ops",
    ),
    "open311": ("crypto.open", "crypto.transport", "crypto.sign", "crypto.ops"),
    "clock": ("crypto", "pii"),
    "thread": ("crypto.open.private", *SIGNERS, "crypto.transport", "crypto.ops", "actions.officer"),
    "cleaner": ("actions", "crypto", "storage", "pii", "delivery"),
    "gateway": ("crypto.open.private", *SIGNERS, "crypto.ops", "actions.officer"),
    "desk": ("crypto.sign.mint", "crypto.ops", "actions.courier", "actions.custodian", "storage.registers.officers"),
    "custody": (
        "actions.officer",
        "actions.reporter",
        "actions.courier",
        "crypto.sign.mint",
        "crypto.sign.mandate_signer",
        "crypto.ops",
        "pii",
    ),
    "courier": ("actions.officer", "actions.custodian", "crypto.sign.mandate_signer", "crypto.ops", "pii"),
}
FILES = ("sanitize", "storage.blobs")
NO_FILES = (
    "intake",
    "open311",
    "custody",
    "courier",
)  # the clock removes files when their time is over, and reads none


@cache
def loaded(module: str) -> frozenset[str]:
    """What a process has loaded that imports this and nothing else; asked once, though several walls look at it."""
    code = f"import sys, {module}; print(' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    return frozenset(done.stdout.split())


def inside(modules: AbstractSet[str], rooms: tuple[str, ...]) -> set[str]:
    """The modules that lie in one of the rooms."""
    return {name for name in modules if any(f"{name}.".startswith(f"functions.{room}.") for room in rooms)}


@pytest.mark.parametrize("door", DOORS)
def test_a_door_loads_nothing_out_of_the_rooms_its_law_closes(door: str) -> None:
    modules = loaded(f"functions.{door}.main")
    assert inside(modules, CLOSED[door]) == set()
    assert inside(modules, tuple(other for other in DOORS if other != door)) == set()
    if door in NO_FILES:
        assert inside(modules, FILES) == set()
    else:
        assert door == "cleaner" or inside(modules, ("storage.blobs",)), "a room of another name closes nothing"


@pytest.mark.parametrize("door", ["intake", "thread", "desk", "custody", "gateway", "open311"])
def test_a_door_that_is_a_process_of_one_machine_loads_no_more(door: str) -> None:
    modules = loaded(f"functions.local.door, functions.{door}.main")
    assert inside(modules, CLOSED[door]) == set()
    assert inside(modules, tuple(other for other in DOORS if other != door)) == set()


@pytest.mark.parametrize("door", ["intake", "thread", "cleaner", "desk", "gateway", "open311"])
def test_a_door_loads_nothing_heavy_before_it_is_used(door: str) -> None:
    modules = loaded(f"functions.{door}.main")
    assert not {name for name in HEAVY if name in modules}


def test_the_check_itself_sees_a_module_of_a_closed_room() -> None:
    modules = loaded("functions.intake.main, functions.crypto.open.opening")
    assert inside(modules, CLOSED["intake"]) == {
        "functions.crypto.decrypt",
        "functions.crypto.open",
        "functions.crypto.open.opening",
    }


def test_the_count_of_the_intakes_modules_stays_small() -> None:
    """A bare Flask app loads about 330; beyond it come cryptography, segno and ours. A count, not seconds."""
    bare = loaded("flask")
    ours = loaded("functions.intake.main")
    assert len(ours - bare) <= 190, len(ours - bare)
