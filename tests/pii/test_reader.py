"""The reader: what it says of a token follows from all of the text, and what runs is what was learnt."""

import json
from math import isclose

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.pii import candidates, judge, lanes, reader, tagger, words
from functions.pii.context import Context
from tests.pii.training import recurrent


def _met(text: str) -> tuple[Context, list[reader.Hints]]:
    folded = words.folded(text)
    context = candidates.met(folded, tagger.load(), judge.load().classes)
    return context, candidates.hints(context, words.by_rules(folded), words.evidence(folded))


def _read(text: str) -> dict[str, float]:
    """Return how sure the reader is that each word identifies."""
    context, said = _met(text)
    return dict(zip(context.words, (1 - row[0] for row in reader.read(reader.load(), context, said)), strict=True))


def test_learning_reads_as_what_runs_reads() -> None:
    """numpy over texts side by side, and whole numbers in plain Python over one, agree; and what was told is learnt."""
    said = {"saya Budi minta maaf": "ONOO", "kades Budi minta uang": "OOOO", "saya Wati antre lama sekali": "ONOOO"}
    met = [_met(text) for text in [*said] * 40]
    rows = [[reader.places(row, recurrent.ROWS) for row in reader.facts(*one)] for one in met]
    given_ = recurrent.texts(list(zip(rows, [*said.values()] * 40, [1.0] * len(rows), strict=True)))
    learnt = recurrent.learn(given_, 40)
    runs = reader.unpack(json.loads(json.dumps(recurrent.packed(learnt))))
    for one, likely, right in zip(met[:3], recurrent.likely(given_, learnt), said.values(), strict=False):
        read = reader.read(runs, *one)
        assert all(
            isclose(a, b, abs_tol=0.01) for x, y in zip(read, likely, strict=True) for a, b in zip(x, y, strict=True)
        )
        assert "".join(reader.LABELS[row.index(max(row))] for row in read) == right


def test_what_is_learnt_follows_the_steepest_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each slope is what changing that one weight a little does."""
    for name, value in {"ROWS": 50, "WIDTH": 6, "STATES": 4}.items():
        monkeypatch.setattr(recurrent, name, value)
    chance = np.random.default_rng(2)
    labels = ["ONH", "OOWCDON", "DDOOC"]
    rows = [chance.integers(0, 50, (len(each), reader.FACTS)).tolist() for each in labels]
    given_ = recurrent.texts(list(zip(rows, labels, [1.0, 0.5, 2.0], strict=True)))
    weights = {name: each * 3 for name, each in recurrent.begun(chance).items()}
    (batch,) = recurrent.batches(given_.starts)
    _, steep = recurrent.slope(weights, given_, batch, None)
    for name, each in weights.items():
        at = np.unravel_index(int(np.abs(steep[name]).argmax()), each.shape)
        lost = []
        for step in (0.02, -0.02):
            each[at] += step
            lost.append(recurrent.slope(weights, given_, batch, None)[0])
            each[at] -= step
        assert isclose((lost[0] - lost[1]) / 0.04, steep[name][at], rel_tol=0.02), name


@given(st.lists(st.lists(st.integers(-127, 127), min_size=7, max_size=7), min_size=1, max_size=9), st.data())
def test_one_long_number_multiplies_as_a_matrix_does(rows: list[list[int]], data: st.DataObject) -> None:
    vector = data.draw(st.lists(st.integers(-1024, 1024), min_size=len(rows), max_size=len(rows)))
    start = data.draw(st.lists(st.integers(-(2**20), 2**20), min_size=7, max_size=7))
    found = lanes.times(vector, lanes.matrix(rows, start))
    assert found == tuple(
        begin + sum(v * row[n] for v, row in zip(vector, rows, strict=True)) for n, begin in enumerate(start)
    )


def test_the_reader_is_packed_as_it_is_read() -> None:
    read, states = reader.load(), recurrent.STATES
    assert len(read.table) == recurrent.ROWS * recurrent.WIDTH
    assert min(read.table) < 0 < max(read.table)
    assert [len(each.rows) for each in (read.into, *read.again)] == [recurrent.WIDTH, states, states]
    assert len(lanes.times([0] * len(read.out.rows), read.out)) == len(reader.LABELS)
    # No sum leaves its lane: every value is ONE at most, every weight a byte.
    assert 128 * reader.ONE * max(len(read.into.rows), len(read.out.rows)) < 2**30


def test_a_name_is_told_by_the_words_around_it() -> None:
    assert (
        _read("Bu Marni janda tetangga saya dipukul")["marni"] > 0.5 > _read("Bu Marni bendahara minta uang")["marni"]
    )


@pytest.mark.parametrize("text", ["", " ", "\n", "?", "\ufffd" * 3, "a" * 1000, "😀", "\0 \0" * 50])
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
    assert judge.sure(context, 1, 2) == (0, 0, 0)
    context.read = [[1.0, 0, 0, 0, 0, 0], [0.1, 0.9, 0, 0, 0, 0]]
    most, mean, least = judge.sure(context, 0, 2)
    assert most > 0 > mean > least
    one = judge.Candidate(5, 9, judge.NAMES, "led", tagger.OTHERS)
    read = judge.score(judge.load(), context, one)
    context.read = [[1.0, 0, 0, 0, 0, 0]] * 2
    assert judge.score(judge.load(), context, one) < read
