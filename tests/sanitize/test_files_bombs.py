"""Hostile files, each through the child as at a door: refused or made harmless, with bounded time and memory."""

import json
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from functions.sanitize.file_types import LEAVING, MAX_FILE_BYTES, Refusal
from functions.sanitize.photos import MAX_DECODED
from functions.sanitize.sandbox import WALL_SECONDS
from tests.depth import deep
from tests.sanitize.samples_bombs import BOMBS

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[2]
MOST_MEMORY = 256 * 1024 * 1024
MOST_CPU = 10.0
# In a process of its own, whose other children do not count: cleans each file, and says what it cost. What a child
# costs is at least what its parent has, so this one has nothing.
PROGRAM = """
import json, resource, sys, time
from pathlib import Path
from functions.sanitize.clean import FileRefusedError, clean

def spent():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime, used.ru_maxrss * 1024

for path in sorted(Path(sys.argv[1]).iterdir(), key=lambda path: int(path.name)):
    raw, before, started = path.read_bytes(), spent()[0], time.monotonic()
    try:
        made = clean(raw)
        outcome = made.media_type
        path.write_bytes(made.content)
    except FileRefusedError as error:
        outcome = error.code
    cpu, memory = spent()
    print(json.dumps([outcome, cpu - before, memory, time.monotonic() - started]), flush=True)
"""


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, float, int, float, bytes, bytes]]:
    """For each file: what became of it, processor seconds, the most memory so far, seconds, before, after."""
    folder = tmp_path_factory.mktemp("hostile")
    raw = {name: make() for name, make in BOMBS.items()}
    for number, content in enumerate(raw.values()):
        (folder / str(number)).write_bytes(content)
    ran = subprocess.run([sys.executable, "-c", PROGRAM, str(folder)], cwd=ROOT, capture_output=True, check=True)
    told = [json.loads(line) for line in ran.stdout.splitlines()]
    assert ran.stderr == b""
    return {
        name: (*what, raw[name], (folder / str(number)).read_bytes())
        for number, (name, what) in enumerate(zip(raw, told, strict=True))
    }


def test_there_are_more_than_thirty_and_none_is_refused_for_its_size_alone(outcomes) -> None:
    assert len(outcomes) >= 30
    assert [name for name, (*_, raw, _) in outcomes.items() if not 0 < len(raw) <= MAX_FILE_BYTES] == []
    assert {outcome for outcome, *_ in outcomes.values()} & {"too_large", "empty", "busy", "unknown_type"} == set()


def test_the_largest_is_as_large_as_is_taken_at_all(outcomes) -> None:
    """In ``make test-deep``; every day two fifths of each side."""
    *_, raw, _ = outcomes["png of the most pixels, interlaced"]
    width, height = struct.unpack(">II", raw[16:24])
    assert width * height == deep(MAX_DECODED, MAX_DECODED * 4 // 25)


def test_each_is_refused_or_made_harmless(outcomes) -> None:
    refused = {name: outcome for name, (outcome, *_) in outcomes.items() if outcome in set(Refusal)}
    assert len(refused) >= 20
    for name, (outcome, *_, raw, made) in outcomes.items():
        if name not in refused:
            assert outcome in LEAVING
            assert made != raw
            for mark in (b"<script", b"<!doctype", b"PK\3\4", b"index.html"):
                assert mark not in made, name


def test_none_takes_more_memory_than_there_is(outcomes) -> None:
    assert max(memory for _, _, memory, *_ in outcomes.values()) < MOST_MEMORY


def test_none_takes_long(outcomes) -> None:
    assert {name: cpu for name, (_, cpu, *_) in outcomes.items() if cpu > MOST_CPU} == {}
    assert {name: wall for name, (_, _, _, wall, *_) in outcomes.items() if wall > WALL_SECONDS + 5} == {}


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("png of 50,000 x 50,000", "too_many_pixels"),
        ("jpeg of a thousand scans", "too_complex"),
        ("jpeg of the most pixels", "image/jpeg"),
        ("jpeg with a zip and a page behind", "image/jpeg"),
        ("heic that claims 60,000 x 60,000", "too_many_pixels"),
        ("pdf whose page unpacks to 100 MB", "too_complex"),
        ("pdf with a form in itself", "application/pdf"),
    ],
)
def test_of_some_it_is_known_what_becomes_of_them(name: str, outcome: str, outcomes) -> None:
    assert outcomes[name][0] == outcome
