"""What SQLite was told to forget is in no file: neither in the main one nor in its log."""

import pytest

from functions.casework.sealed_identity import StepKind
from functions.casework.stages import Stage
from functions.storage.interface import Notice
from functions.storage.sqlite.store import SqliteStore
from tests.storage.examples import (
    DAY,
    buried,
    following,
    make_entry,
    make_event,
    make_head,
    make_identity,
    stepped,
)

HOUR = 494_000


@pytest.fixture
def path(tmp_path):
    return tmp_path / "kept" / "lapor.sqlite"


@pytest.fixture
def store(path):
    made = SqliteStore(path)
    made.prepare()
    return made


def on_disk(path, *canaries):
    """Which of these bytes are in any file of the folder."""
    everything = b"".join(file.read_bytes() for file in path.parent.iterdir())
    return [canary for canary in canaries if canary in everything]


def test_what_was_settled_is_in_no_file(store, path):
    canary = b"canary-address-sealed-7f3a"
    store.enqueue(make_entry(notice=Notice.LINK_WANTED, sealed=canary))
    assert on_disk(path, canary) == [canary]
    (entry,) = store.claim("w", HOUR)
    store.settle(entry.entry_id, "w")
    assert on_disk(path, canary) == []


def test_a_reader_in_the_way_does_not_stop_the_settling(store, path):
    canary = b"canary-address-sealed-7f3a"
    for _ in range(2):
        store.enqueue(make_entry(notice=Notice.LINK_WANTED, sealed=canary))
    first, second = store.claim("w", HOUR)
    with store.engine.read() as reader:
        reader.execute("SELECT * FROM outbox").fetchall()
        store.settle(first.entry_id, "w")
    store.settle(second.entry_id, "w")
    assert on_disk(path, canary) == []


# What is long fills pages of its own, and more than one: so each is a short text over and over.
SECRETS = {name: b"canary-" + name.encode() for name in ("wrap_receipt", "wrap_desk", "subject", "contact")}
WORDS, NAME, WRAP = b"canary-words", b"canary-name", b"canary-wrap_custody"
ALL = [*SECRETS.values(), WORDS, NAME, WRAP]


def put_secrets(store):
    """A case in which everything sealed can be told apart; returns its head and its identity."""
    head = make_head(version=2, **{name: secret * 90 for name, secret in SECRETS.items()})
    identity = make_identity(case_id=head.case_id, wrap_custody=WRAP * 90, sealed=NAME * 900)
    store.create_case(head, [make_event(), make_event(2, sealed=WORDS * 2000)], [], identity)
    return head, identity


@pytest.mark.parametrize("rewrapped", [False, True])
@pytest.mark.parametrize("checkpointed", [False, True])
def test_of_a_shredded_case_no_wrap_no_word_and_no_name_is_in_any_file(store, path, rewrapped, checkpointed):
    other = make_head(wrap_desk=b"canary-of-another")
    store.create_case(other, [make_event()], [])
    head, _ = put_secrets(store)
    canaries = ALL.copy()
    if checkpointed:
        store.engine.wipe_log()  # it rests in the main file now
    assert on_disk(path, *canaries) == canaries
    if rewrapped:
        store.rewrap(head.case_id, "desk-1", "desk-2", b"canary-second-wrap")
        canaries.append(b"canary-second-wrap")
    store.shred(buried(head), 2)
    assert on_disk(path, *canaries, head.wraps.lookup) == [head.wraps.lookup]
    assert on_disk(path, other.wraps.desk) == [other.wraps.desk]


def test_the_next_shredding_forgets_what_a_reader_kept(store, path):
    (first, _), (second, _) = put_secrets(store), put_secrets(store)
    with store.engine.read() as reader:
        reader.execute("SELECT * FROM cases").fetchall()
        store.shred(buried(first), 2)
    tombstone = buried(second)
    store.shred(tombstone, 2)
    assert on_disk(path, *ALL) == []
    put_secrets(store)
    store.shred(tombstone, tombstone.version)  # again: the log is emptied all the same
    assert path.with_name("lapor.sqlite-wal").stat().st_size == 0


def test_a_contact_that_went_at_the_closing_is_in_no_file(store, path):
    head, _ = put_secrets(store)
    store.append(following(head, stage=Stage.SELESAI, closed_on=DAY, contact=b""), 2)
    assert on_disk(path, SECRETS["contact"], SECRETS["wrap_receipt"]) == [SECRETS["wrap_receipt"]]


@pytest.mark.parametrize("with_case", [False, True])
def test_a_name_that_was_withdrawn_is_in_no_file(store, path, with_case):
    head, identity = put_secrets(store)
    withdrawn = stepped(identity, StepKind.WITHDRAWN, sealed=b"", wrap_custody=b"")
    if with_case:
        store.append(following(head)._replace(identity=withdrawn), 2)
    else:
        store.write_identity(withdrawn)
    assert on_disk(path, NAME, WRAP, SECRETS["contact"]) == [SECRETS["contact"]]
    assert store.read_identity(head.case_id).steps[-1].kind is StepKind.WITHDRAWN
