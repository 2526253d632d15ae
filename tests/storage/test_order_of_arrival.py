"""No page, offset, log or copy of the SQLite file tells in which order reports came (law 3).

Whoever gets the file finds each report's ciphertext and its clear id, and looks where they lie. The rank correlation of
arrival and place must be that of chance. 600 reports: then chance reaches 0.2 once in a million runs. Every day 300,
where it reaches 0.29 as seldom.
"""

from collections import defaultdict
from random import Random
from secrets import token_bytes
from threading import Event, Thread
from time import sleep

import numpy as np
import pytest

from functions.casework.stages import Stage
from functions.storage.interface import VersionConflictError
from functions.storage.sqlite.backup import check, living_cases, snapshot
from functions.storage.sqlite.engine import PAGE_BYTES
from functions.storage.sqlite.store import SqliteStore
from tests.case_heads import changed
from tests.depth import deep
from tests.older import made_older
from tests.ranks import correlation, ranks
from tests.storage.examples import buried, following, make_entry, make_event, make_head, put_case

PAGE = PAGE_BYTES
REPORTS, CHANCE = deep((600, 0.2), (300, 0.29))
DICE = Random()  # noqa: S311 - for the test alone
WORDS = (1869, 1869, 1869, 3709, 7389)  # sealed words: most of the smallest size (docs/sizes.md)
SEEN = 40  # bytes by which a ciphertext is found


class Office:
    """A store, and in order of their arrival the ids, wraps and words of the reports that are in it."""

    def __init__(self, folder):
        self.path = folder / "kept" / "lapor.sqlite"
        self.store = SqliteStore(self.path)
        self.store.prepare()
        self.heads, self.words = {}, {}

    def receive(self, count):
        for _ in range(count):
            head = make_head(wrap_desk=token_bytes(1201))
            sealed = token_bytes(DICE.choice(WORDS))
            notice = make_entry(case_id=head.case_id, not_before=999_999)
            self.store.create_case(head, [make_event(sealed=sealed)], [notice])
            self.heads[head.case_id], self.words[head.case_id] = head, sealed

    def churn(self):
        """Delete a third, in any order, and let officers close others."""
        chosen = DICE.sample(sorted(self.heads), len(self.heads) // 2)
        gone, closed = chosen[: len(chosen) * 2 // 3], chosen[len(chosen) * 2 // 3 :]
        for case_id in gone:
            self.store.shred(buried(self.heads.pop(case_id)), 1)
            del self.words[case_id]
        for case_id in closed:
            self.store.append(following(self.heads[case_id], stage=Stage.DIVERIFIKASI), 1)

    def copy(self):
        target = self.path.with_name("copy.sqlite")
        target.touch(mode=0o600)
        snapshot(self.path, target)
        return target.read_bytes()

    def traces(self, raw):
        """Every trace of a report in these bytes: what it is, and its place by the number of its arrival."""
        looked_for = {
            "the first page of its words": [sealed[:SEEN] for sealed in self.words.values()],
            "the last page of its words": [sealed[-SEEN:] for sealed in self.words.values()],
            "the wrap of its key": [head.wraps.desk[-SEEN:] for head in self.heads.values()],
            "its clear id": [case_id.encode() for case_id in self.heads],
        }
        for what, needles in looked_for.items():
            yield what, found(raw, needles)


def found(raw, needles):
    """Each place of each needle, with the needle's number. All are looked for at once, by their first eight bytes."""
    numbers = {int.from_bytes(each[:8], "little"): n for n, each in enumerate(needles)}
    begins = np.array(list(numbers), dtype="<u8")
    places = []
    for shift in range(8):
        raw_eights = np.frombuffer(raw, dtype="<u8", offset=shift, count=(len(raw) - shift) // 8)
        for at in np.flatnonzero(np.isin(raw_eights, begins)):
            n, place = numbers[int(raw_eights[at])], int(at) * 8 + shift
            if raw.startswith(needles[n], place):
                places.append((n, place))
    return places


def correlations(office, raw):
    """The rank correlation of arrival and place for each kind of trace: in the whole, and within single pages."""
    told = {}
    for what, places in office.traces(raw):
        told[what] = correlation(places) if places else 0.0
    pages = defaultdict(list)
    for n, at in places:  # ids: several are on each page, of tables and of indexes
        pages[at // PAGE].append((n, at))
    both = [(rank_in(one, 0), rank_in(one, 1)) for one in pages.values() if len(one) > 1]
    within = [pair for order, at in both for pair in zip(order, at, strict=True)]
    told["its place on its page"] = correlation(within) if within else 0.0
    return told


def rank_in(traces, part):
    """Ranks within one page, from 0 to 1."""
    return [rank / len(traces) for rank in ranks([trace[part] for trace in traces])]


@pytest.fixture(scope="module")
def fresh(tmp_path_factory):
    made = Office(tmp_path_factory.mktemp("fresh"))
    made.receive(REPORTS)
    return made


@pytest.fixture(scope="module")
def churned(tmp_path_factory):
    made = Office(tmp_path_factory.mktemp("churned"))
    made.receive(REPORTS)
    made.churn()
    made.receive(REPORTS // 3)
    return made


@pytest.fixture(params=["fresh", "churned"])
def office(request):
    return request.getfixturevalue(request.param)


@pytest.mark.every_day(1)
def test_the_file_as_a_thief_finds_it_tells_no_order(office):
    told = correlations(office, office.path.read_bytes())
    assert {what: rho for what, rho in told.items() if abs(rho) >= CHANCE} == {}


def test_a_snapshot_tells_no_order(office):
    told = correlations(office, office.copy())
    assert {what: rho for what, rho in told.items() if abs(rho) >= CHANCE} == {}


def test_a_snapshot_taken_during_a_flood_is_whole_and_tells_no_order(tmp_path):
    flooded = Office(tmp_path)
    many = REPORTS * 5 // 6
    flooded.receive(many)
    ended = Event()

    def flood():
        while not ended.is_set():
            flooded.receive(1)

    writer = Thread(target=flood)
    writer.start()
    while writer.is_alive() and len(flooded.heads) < many + 20:
        sleep(0.01)
    before = set(flooded.heads)
    raw = flooded.copy()
    ended.set()
    writer.join()
    copied = flooded.path.with_name("copy.sqlite")
    assert check(copied) > 0
    assert before <= living_cases(copied) <= set(flooded.heads)
    places = found(raw, [head.wraps.desk[-SEEN:] for head in flooded.heads.values()])
    assert len(places) >= len(before)
    assert abs(correlation(places)) < CHANCE


def test_the_log_keeps_no_report(office):
    assert office.path.with_name("lapor.sqlite-wal").read_bytes() == b""


def test_the_test_would_see_an_order(fresh):
    """Rows written one after the other, as SQLite does by itself."""
    words = b"".join(fresh.words.values())
    rows = b"".join(head.wraps.desk + case_id.encode() for case_id, head in fresh.heads.items())
    assert min(correlations(fresh, words + rows).values()) > 0.9


def test_a_reader_in_the_way_leaves_no_more_than_what_came_meanwhile(office):
    with office.store.engine.read() as reader:
        reader.execute("SELECT count(*) FROM cases").fetchall()
        office.receive(1)
    assert office.path.with_name("lapor.sqlite-wal").read_bytes() != b""
    office.receive(1)
    assert office.path.with_name("lapor.sqlite-wal").read_bytes() == b""


@pytest.mark.long
def test_a_file_of_an_older_release_is_written_anew(tmp_path, monkeypatch):
    office = Office(tmp_path)
    monkeypatch.setattr(f"{__name__}.WORDS", WORDS[-1:])  # with pages of their own, which lie as they came
    for module in ("cases", "outbox"):
        monkeypatch.setattr(f"functions.storage.sqlite.{module}.shuffle_in", lambda *_: None)
    office.receive(300)
    assert correlations(office, office.path.read_bytes())["the last page of its words"] > 0.9
    made_older(office.path, 5)
    SqliteStore(office.path).prepare()
    assert abs(correlations(office, office.path.read_bytes())["the last page of its words"]) < CHANCE + 0.05


def test_what_changes_places_stays_what_it_was(fresh):
    for case_id, head in fresh.heads.items():
        case = fresh.store.read_case(case_id)
        assert case.head == head
        assert [event.sealed for event in case.events] == [fresh.words[case_id]]
    with fresh.store.engine.read() as db:
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


def test_a_writing_that_fails_moves_nothing(tmp_path):
    office = Office(tmp_path)
    office.receive(5)
    before = {case_id: office.store.read_case(case_id) for case_id in office.heads}
    with pytest.raises(VersionConflictError):
        office.store.append(following(changed(put_case(office.store), version=7)), 7)
    assert {case_id: office.store.read_case(case_id) for case_id in office.heads} == before


def test_no_table_has_running_numbers(fresh):
    """Neither a rowid nor a sequence: they would be an order by themselves."""
    with fresh.store.engine.read() as db:
        tables = db.execute(
            "SELECT name, wr FROM pragma_table_list WHERE schema = 'main' AND type = 'table'"
        ).fetchall()
        assert [row["name"] for row in tables if not row["wr"]] == ["sqlite_schema"]
