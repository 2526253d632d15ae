"""Learn the reader's weights: a conditional random field (Lafferty et al. 2001) by L-BFGS, rounded to bytes.

``tests.pii.training.judge`` calls it, with all messages for what runs, and with all but a fifth of the hands and authors for what
the judge learns from: of a message that the reader has learnt it would be surer than of one that it meets.
"""

from base64 import b64encode
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any, Final, NamedTuple
from zlib import compress, crc32

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from functions.pii.reader import LABELS

BITS: Final = 17
PULL: Final = 5.0  # of each weight towards 0
PULL_MOVES: Final = 0.1
STEPS: Final = 30
UNIT: Final = 40  # a weight's 1.0
FAINT: Final = 0.06  # a weight below it is left out

Floats = NDArray[np.float64]


class Chains(NamedTuple):
    """Texts to learn from, token after token: ``hits`` are their hashed facts, ``right`` their labels, ``counts`` how much
    each counts; a text begins at each of ``starts``, the last of which is the end."""

    hits: csr_matrix
    right: NDArray[np.int64]
    counts: Floats
    starts: NDArray[np.int64]

    def among(self, chosen: Sequence[int]) -> "Chains":
        """Return some of the texts."""
        at = np.concatenate([np.arange(self.starts[n], self.starts[n + 1]) for n in chosen])
        sizes = [self.starts[n + 1] - self.starts[n] for n in chosen]
        return Chains(self.hits[at], self.right[at], self.counts[at], np.concatenate([[0], np.cumsum(sizes)]))


class Weights(NamedTuple):
    """``table``: by hashed fact and label. ``moves``: from label to label. ``begins``: of a text."""

    table: Floats
    moves: Floats
    begins: Floats


def places(row: Iterable[str]) -> list[int]:
    """Return where facts stand in the table."""
    return sorted({crc32(fact.encode()) % 2**BITS for fact in row})


def chains(texts: Sequence[tuple[Sequence[Sequence[int]], str, float]]) -> Chains:
    """Return texts, each as the places of its tokens' facts, its labels and how much it counts, to learn from."""
    rows = [row for found, _, _ in texts for row in found]
    ends = np.cumsum([0, *map(len, rows)])
    at = np.array([place for row in rows for place in row])
    hits = _said_again(csr_matrix((np.ones(len(at)), at, ends), shape=(len(rows), 2**BITS)), [len(t[0]) for t in texts])
    right = np.array([LABELS.index(label) for _, labels, _ in texts for label in labels])
    counts = np.repeat([count for _, _, count in texts], [len(found) for found, _, _ in texts])
    return Chains(hits, right, counts, np.cumsum([0, *(len(found) for found, _, _ in texts)]))


def _said_again(hits: csr_matrix, sizes: Sequence[int]) -> csr_matrix:
    """Return the hits without the facts that only one text has: a text would know itself by them."""
    text = np.repeat(np.arange(len(sizes)), sizes)
    once = csr_matrix((np.ones(len(text)), (text, np.arange(len(text)))), shape=(len(sizes), len(text)))
    often = np.asarray((once @ hits > 0).sum(0)).ravel() > 1
    kept = often[hits.indices]
    ends = np.concatenate([[0], np.cumsum(kept)])[hits.indptr]
    return csr_matrix((hits.data[kept], hits.indices[kept], ends), shape=hits.shape)


class _Sweep:
    """Forward and backward over all texts at once, the n-th token of each in one step."""

    def __init__(self, starts: NDArray[np.int64]) -> None:
        sizes = np.diff(starts)
        order = np.argsort(-sizes, kind="stable")
        longest = int(sizes.max())
        self.steps = [starts[:-1][order[: int((sizes > n).sum())]] + n for n in range(longest)]

    def run(self, sums: Floats, weights: Weights) -> tuple[Floats, Floats, Floats, Floats]:
        """Return forward and backward values, their scales, and e to the sums."""
        moves, told = np.exp(weights.moves), np.exp(sums - sums.max(1, keepdims=True))
        forward, backward, scales = np.empty_like(sums), np.ones_like(sums), np.empty(len(sums))
        for n, at in enumerate(self.steps):
            came = forward[self.steps[n - 1][: len(at)]] @ moves if n else np.exp(weights.begins)
            row = came * told[at]
            scales[at] = row.sum(1)
            forward[at] = row / scales[at][:, None]
        for before, at in reversed(list(pairwise(self.steps))):
            backward[before[: len(at)]] = (backward[at] * told[at]) @ moves.T / scales[at][:, None]
        return forward, backward, scales, told


def learn(given: Chains) -> Weights:
    """Return the weights under which the right labels are likeliest."""
    size, labels = given.hits.shape[1], len(LABELS)
    sweep, turned, every = _Sweep(given.starts), given.hits.T.tocsr(), np.arange(len(given.right))
    right = np.eye(labels)[given.right]
    first = given.starts[:-1]
    later = np.setdiff1d(every, first)
    moved, begun = np.zeros((labels, labels)), np.zeros(labels)
    np.add.at(moved, (given.right[later - 1], given.right[later]), given.counts[later])
    np.add.at(begun, given.right[first], given.counts[first])

    def loss(flat: Floats) -> tuple[float, Floats]:
        weights = _split(flat, size)
        sums = given.hits @ weights.table
        forward, backward, scales, told = sweep.run(sums, weights)
        likely = forward * backward
        likely /= likely.sum(1, keepdims=True)
        fit = (given.counts * (sums[every, given.right] - sums.max(1) - np.log(scales))).sum()
        fit += (moved * weights.moves).sum() + (begun * weights.begins).sum()
        share = forward[later - 1] * (given.counts[later] / scales[later])[:, None]
        pairs = share.T @ (backward[later] * told[later]) * np.exp(weights.moves)
        slope = [
            (turned @ ((likely - right) * given.counts[:, None]) + PULL * weights.table).ravel(),
            (pairs - moved + PULL_MOVES * weights.moves).ravel(),
            (likely[first] * given.counts[first][:, None]).sum(0) - begun + PULL_MOVES * weights.begins,
        ]
        pull = PULL * (weights.table**2).sum() + PULL_MOVES * ((weights.moves**2).sum() + (weights.begins**2).sum())
        return pull / 2 - fit, np.concatenate(slope)

    found = minimize(
        loss, np.zeros((size + labels + 1) * labels), jac=True, method="L-BFGS-B", options={"maxiter": STEPS}
    )
    return _split(found.x, size)


def _split(flat: Floats, size: int) -> Weights:
    labels = len(LABELS)
    table, moves, begins = np.split(flat, [size * labels, (size + labels) * labels])
    return Weights(table.reshape(size, labels), moves.reshape(labels, labels), begins)


def rounded(weights: Weights) -> NDArray[np.int8]:
    """Return a row of bytes for each label but the first, against which the others are weighed."""
    against = (weights.table[:, 1:] - weights.table[:, :1]).T
    kept = np.where(np.abs(against) < FAINT, 0, against)
    return np.clip(np.round(kept * UNIT), -127, 127).astype(np.int8)


def likely(given: Chains, weights: Weights) -> list[list[list[float]]]:
    """Return for each text what the reader with these weights would say of its tokens."""
    sums = np.hstack([np.zeros((len(given.right), 1)), given.hits @ (rounded(weights).T / UNIT)])
    forward, backward, _, _ = _Sweep(given.starts).run(sums, weights)
    found = forward * backward
    found /= found.sum(1, keepdims=True)
    return [found[start:end].tolist() for start, end in pairwise(given.starts)]


def packed(weights: Weights) -> dict[str, Any]:
    """Return the reader as ``reader.json`` holds it."""
    return {
        "unit": UNIT,
        "moves": weights.moves.round(3).tolist(),
        "begins": weights.begins.round(3).tolist(),
        "weights": b64encode(compress(rounded(weights).tobytes(), 9)).decode(),
    }
