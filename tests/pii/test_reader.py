"""The reader: what it says of a token follows from all of the text, and what runs is what was learnt."""

import json
from itertools import pairwise, product
from math import exp, isclose, prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.pii import candidates, judge, reader, tagger, words
from functions.pii.context import Context
from tests.pii.training import chain

LABELS = range(len(reader.LABELS))
SUMS = st.lists(st.lists(st.floats(-3, 3), min_size=len(LABELS), max_size=len(LABELS)), min_size=1, max_size=3)


def _met(text: str) -> tuple[Context, list[reader.Hints]]:
    folded = words.folded(text)
    context = candidates.met(folded, tagger.load(), judge.load().classes)
    return context, candidates.hints(context, words.by_rules(folded), words.evidence(folded))


def _read(text: str) -> dict[str, float]:
    """Return how sure the reader is that each word identifies."""
    context, said = _met(text)
    return dict(zip(context.words, (1 - row[0] for row in reader.read(reader.load(), context, said)), strict=True))


@given(SUMS)
def test_a_chain_gives_the_share_of_all_ways_through_it(sums: list[list[float]]) -> None:
    moves = [[exp((a * 5 + b * 3) % 4 - 2) for b in LABELS] for a in LABELS]
    begins = [exp(a % 3 - 1) for a in LABELS]
    told = [[exp(each) for each in row] for row in sums]
    ways = {
        way: begins[way[0]] * prod(told[n][a] for n, a in enumerate(way)) * prod(moves[a][b] for a, b in pairwise(way))
        for way in product(LABELS, repeat=len(sums))
    }  # fmt: skip
    found = reader._chained(told, moves, begins)
    for at, row in enumerate(found):
        for label, share in enumerate(row):
            assert isclose(
                share, sum(w for way, w in ways.items() if way[at] == label) / sum(ways.values()), abs_tol=1e-9
            )


@pytest.mark.long
def test_learning_reads_as_what_runs_reads() -> None:
    """numpy over all texts at once, and plain Python over one, agree; and what was told is learnt."""
    texts = ["saya Budi minta maaf", "kades Budi minta uang", "saya Wati antre lama sekali"] * 20
    labels = ["ONOO", "OOOO", "ONOOO"] * 20
    met = [_met(text) for text in texts]
    rows = [[chain.places(row) for row in reader.facts(*one)] for one in met]
    given_ = chain.chains(list(zip(rows, labels, [1.0] * len(rows), strict=True)))
    learnt = chain.learn(given_)
    runs = reader.unpack(json.loads(json.dumps(chain.packed(learnt))))
    for one, likely, right in list(zip(met, chain.likely(given_, learnt), labels, strict=True))[:3]:
        read = reader.read(runs, *one)
        assert all(
            isclose(a, b, abs_tol=0.01) for x, y in zip(read, likely, strict=True) for a, b in zip(x, y, strict=True)
        )
        assert "".join(reader.LABELS[row.index(max(row))] for row in read) == right


def test_the_reader_is_packed_as_it_is_read() -> None:
    read = reader.load()
    assert [len(table) for table in read.tables] == [2**chain.BITS] * (len(LABELS) - 1)
    assert all(min(table) < 0 < max(table) for table in read.tables)
    assert len(read.moves) == len(read.begins) == len(LABELS)


def test_a_name_is_told_by_the_words_around_it() -> None:
    assert (
        _read("tetangga kami Jumadil sakit paru")["jumadil"] > 0.5 > _read("Kasi Trantib Jumadil minta uang")["jumadil"]
    )


@pytest.mark.parametrize("text", ["", " ", "\n", "?", "\ufffd" * 3, "a" * 1000, "😀"])
def test_odd_texts_are_read(text: str) -> None:
    context, said = _met(text)
    read = reader.read(reader.load(), context, said)
    assert all(isclose(sum(row), 1) for row in read)
    assert len(read) == len(context.found)


def test_numbers_stand_apart_from_words_and_little_is_no_stretch() -> None:
    none, name, number = [1.0, 0, 0, 0, 0, 0], [0.4, 0.6, 0, 0, 0, 0], [0.3, 0, 0, 0, 0, 0.7]
    assert list(reader.stretches([none, name, name, number, none], 0.5)) == [(1, 3, "N"), (3, 4, "D")]
    assert list(reader.stretches([none, name], 0.6)) == []


def test_what_no_reader_read_is_judged_without_it() -> None:
    context, _ = _met("saya Budi")
    one = judge.Candidate(5, 9, judge.NAMES, "led", tagger.OTHERS)
    without = judge.facts(context, one)
    context.read = [[1.0, 0, 0, 0, 0, 0]] * 2
    more = judge.facts(context, one) - without
    assert more
    assert all(fact.startswith("N+") for fact in more)
