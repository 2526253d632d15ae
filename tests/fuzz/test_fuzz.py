"""The kept inputs of the fuzzer, and a few new ones of each target: nothing stumbles, and memory stays where it is.

``make fuzz MINUTES=60`` goes on from there; a hostile browser's items stand in ``test_hostile_items.py``.
"""

import gc
import re
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from functions.cli.letters.cells import LettersError
from functions.cli.letters.rows import Letters, write_template
from functions.delivery.interface import Letter
from functions.delivery.mail import mime
from tests.depth import deep
from tests.fuzz import __main__ as fuzz
from tests.fuzz.corpus import KEPT, SMALL, load
from tests.fuzz.fuzzing import replay, resident, turn
from tests.fuzz.targets import Targets
from tests.world import World

EXAMPLES = deep(400, 20)
GROWTH = 1.15  # of a process that took the same inputs once before
OF_THE_ISSUE = {
    *("envelope", "receipt", "token", "sms", "multipart", "waiting", "directory", "letters", "open311", "peer", "item"),
}


@pytest.fixture
def targets(world: World, tmp_path: Path) -> Targets:
    return Targets(world, tmp_path)


def test_no_input_stumbles_and_none_stays_in_memory(targets: Targets) -> None:
    corpus = load(KEPT)
    assert {*targets.runs} >= OF_THE_ISSUE
    assert {*corpus} == {*targets.runs}
    assert replay(targets, corpus) > 100
    for name in targets.runs:
        assert turn(targets, name, 1, EXAMPLES, {**corpus, name: dict(corpus[name])}) >= EXAMPLES
    gc.collect()
    before = resident()
    for _ in range(deep(10, 2)):
        replay(targets, corpus)
    gc.collect()
    assert resident() < before * GROWTH


@pytest.mark.parametrize(
    "address", [":\\;@b.id", '\x7f@\x00\x7f[1.2.3.4]xn--b,"', "\u202e:\U0001f600<[1.2.3.4]]-\U0001f600<@b.id"]
)
def test_an_address_that_no_header_holds_is_refused_as_one(address: str) -> None:
    """Found by the fuzzer: the library's own faults reached the courier, which took them for ours."""
    with pytest.raises(ValueError, match="address"):
        mime(Letter(address, "s", "t", "<p>t</p>", "id"), "Lapor <a@b.id>")


def test_what_is_kept_is_small(targets: Targets) -> None:
    corpus = load(KEPT)
    assert max(len(found) for inputs in corpus.values() for found in inputs.values()) <= SMALL
    assert KEPT.stat().st_size < 400_000


def test_a_door_that_stumbles_is_seen(targets: Targets, monkeypatch: pytest.MonkeyPatch) -> None:
    """The fuzzer itself, with a door that was broken on purpose."""
    monkeypatch.setattr("functions.intake.app.read_report", lambda *_: 1 // 0)
    with pytest.raises(AssertionError, match="500"):
        turn(targets, "report", 1, 200, {})


def test_what_stumbles_is_counted_and_told(
    targets: Targets, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(fuzz, "WORK", tmp_path)
    monkeypatch.setattr(fuzz, "EXAMPLES", 20)
    monkeypatch.setattr("functions.intake.app.read_report", lambda *_: 1 // 0)
    monkeypatch.setitem(targets.runs, "token", lambda _: str(1 // 0))
    state: dict[str, dict[str, Any]] = {"report": {"turn": 3, "runs": 7, "seconds": 1.0, "stumbled": 0}}
    assert [fuzz.one(targets, name, state, {}) for name in ("report", "token", "receipt")] == [1, 1, 0]
    assert [(row["stumbled"], row["five_hundreds"]) for row in state.values()] == [(1, 1), (1, 0), (0, 0)]
    assert len([*(tmp_path / "stumbled").iterdir()]) == 2
    (tmp_path / "state.json").write_text('{"form": {"turn": 3, "runs": 7}}')  # of a run before these were counted
    assert fuzz.load_state()["form"]["five_hundreds"] == 0
    lines = [*fuzz.summary(state, {"report": {"a": b"", "b": b""}}, [("abc", 90, 200), ("def", 30, 150)])]
    assert re.match(r"\| report \| [\d,]+ \| \d+ \| 2 \| 0 \| 1 \|", lines[2])
    assert re.match(r"\| \*\*all\*\* \| .* \| \*\*1\*\* \| \*\*1\*\* \|", lines[-3])
    assert lines[-1] == "2 minutes in 2 runs, the last at `def`; at most 200 MiB in memory, 150 in the last."


def test_a_workbook_with_a_spoilt_byte_is_refused_in_words(world: World, tmp_path: Path) -> None:
    """Found by the fuzzer: zlib has faults of its own, and the import ended in a traceback."""
    path = tmp_path / "surat.xlsx"
    write_template(path, world.directory)
    whole = path.read_bytes()
    for at in range(60, 2000, 20):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :])
        with suppress(LettersError):
            for number, typed in Letters(path, world.directory, world.today):
                assert number > 0, typed
