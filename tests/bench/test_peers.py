"""``make bench-peers`` counts the CPU of a peer's processes, and says in one line where there is none."""

import os
import time
from pathlib import Path

import pytest

from tests.bench import hushline, peers
from tests.bench.hushline import FIELD, INPUT, SUM, UnavailableError, source
from tests.bench.peers import Cost, Peer, measure, table

FORM = """<input id="csrf_token" name="csrf_token" type="hidden" value="abc"><input name="owner_guard_nonce" value="n&amp;1">
<textarea id="field_1" name="field_1"></textarea><label>4 + 9 =</label><input name="captcha_answer" type="text">"""


def burn() -> None:
    until = time.process_time() + 0.02
    while time.process_time() < until:
        pass


def test_the_cpu_of_a_peer_is_counted_and_not_what_it_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peers, "WARM", 0)
    busy, idle = Peer("busy", burn, {"all": os.getpid()}), Peer("idle", lambda: time.sleep(0.01), {"all": os.getpid()})
    found = measure([busy, idle], 10)
    assert 15 < found["busy"].cpu["all"] < 60
    assert found["idle"].cpu["all"] < 5
    assert found["idle"].median >= 10


def test_a_form_is_read_as_a_browser_reads_it() -> None:
    assert dict(INPUT.findall(FORM)) == {"csrf_token": "abc", "owner_guard_nonce": "n&amp;1"}
    assert FIELD.findall(FORM) == ["field_1"]
    found = SUM.search(FORM)
    assert found
    assert found.groups() == ("4", "9")


def test_where_there_is_none_one_line_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(hushline, "FOLDER", tmp_path / "kept")
    monkeypatch.setattr(peers, "put", lambda *_: pytest.fail("nothing was measured"))
    with pytest.raises(UnavailableError, match="cannot be cloned"):
        source(str(tmp_path / "nowhere"))
    assert peers.main(str(tmp_path / "nowhere")) == 0
    said = capsys.readouterr().out
    assert said.startswith("bench-peers: Hush Line 0.7.23 cannot be measured here: ")
    assert said.count("\n") == 1


def test_the_table_says_what_spent_it() -> None:
    lines = [*table({"one": Cost({"door": 4, "database": 2.5}, 50, 161)}, 200)]
    assert "| one | 6.5 | door 4.0, database 2.5 | 50.0 | 161.0 |" in lines
