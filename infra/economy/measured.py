"""What one act costs in DynamoDB, measured on the real product by tests/bench/test_capacity.py, which fails where these
figures and the product differ by more than a fifth; ``python -m tests.bench.measure`` writes them anew. Write units are
those of the table and its indexes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Act:
    """One act: ``door`` is the function that does it; ``turns`` are the write units that fall on the one partition of
    the outbox's queue, ``listed`` those that fall on the index of an instance."""

    door: str
    write: int
    read: float
    calls: int
    turns: int = 0
    listed: int = 0


ACTS = {
    "report": Act("intake", 17, 0, 1, turns=1, listed=2),
    "report in trust": Act("intake", 33, 0, 1, turns=1, listed=4),
    "look": Act("thread", 0, 2, 2),
    "photo": Act("thread", 14, 2, 3, listed=2),
    "message": Act("thread", 17, 4, 3, turns=1, listed=2),
    "verdict": Act("thread", 19, 5, 3, turns=1, listed=4),
    "late look": Act("thread", 0, 5, 2),
    "sign in": Act("desk", 4, 10.5, 12),
    "inbox": Act("desk", 0, 9.5, 7),
    "desk": Act("desk", 0, 19.5, 22),
    "case": Act("desk", 0, 9, 6),
    "handover": Act("desk", 23, 9, 7, turns=1, listed=4),
    "reply": Act("desk", 20, 10, 8, listed=4),
    "close": Act("desk", 20, 13, 12, listed=4),
    "ask for a link": Act("desk", 4, 0, 1, turns=2),
    "notice": Act("courier", 5, 6.5, 7, turns=3),
    "nothing to deliver": Act("courier", 0, 0.5, 1),
    "late case taken up": Act("clock", 21, 0, 1, turns=2, listed=2),
    "twenty heads": Act("clock", 0, 5.5, 1),
}
HEAD_BYTES = 1_970  # of an open case, as it lies in an index
# Letters of a working day in a government with 5.5 reports a day (tests/bench/letters.py), with digests and without.
LETTERS, LETTERS_APART = 34.7, 54.8
CASE_BYTES = 20_100  # of a case at the end of an ordinary life, in the table and its indexes
