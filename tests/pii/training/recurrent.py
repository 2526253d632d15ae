"""Learn the reader's weights: gated units (Cho et al. 2014) both ways, by AdamW (Loshchilov and Hutter 2019), rounded to bytes.

``tests.pii.training.judge`` calls it, with all messages for what runs, and with all but a fifth of the hands and authors for what
the judge learns from: of a message that the reader has learnt it would be surer than of one that it meets.

In arrays the first axis is the text of a batch, the second the token, the last the value. Gates stand as keep, reset, fresh.
"""

from base64 import b64encode
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple
from zlib import compress

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from functions.pii.reader import LABELS, UNIT, WHOLE

ROWS: Final = 4096  # of the table of facts
WIDTH: Final = 64  # values of a word
STATES: Final = 32  # values of a run's state
EPOCHS: Final = 24
BATCH: Final = 1536  # tokens
SEED: Final = 1
RATE: Final = 4e-3
DECAY: Final = 0.05
WARM: Final = 0.05  # of all steps, until the rate is whole
LEFT_OUT: Final = {"word": 0.2, "fact": 0.05, "value": 0.2, "state": 0.3}  # shares
STEEPEST: Final = 1.0  # length of a slope
BYTES: Final = ("table", "into", "forwards", "backwards", "out")

Floats = NDArray[np.float32]
Weights = dict[str, Floats]


class Texts(NamedTuple):
    """Texts to learn from, token after token: ``hits`` are the places of their facts, ``right`` their labels, ``counts`` how
    much each counts; a text begins at each of ``starts``, the last of which is the end."""

    hits: NDArray[np.int64]
    right: NDArray[np.int64]
    counts: Floats
    starts: NDArray[np.int64]

    def among(self, chosen: Sequence[int]) -> "Texts":
        """Return some of the texts."""
        at = np.concatenate([np.arange(self.starts[n], self.starts[n + 1]) for n in chosen])
        sizes = [self.starts[n + 1] - self.starts[n] for n in chosen]
        return Texts(self.hits[at], self.right[at], self.counts[at], np.concatenate([[0], np.cumsum(sizes)]))


class Batch(NamedTuple):
    """Texts side by side; ``at`` are their tokens among all, ``here`` the places that a token fills."""

    at: NDArray[np.int64]
    here: NDArray[np.bool_]


def texts(given: Sequence[tuple[Sequence[Sequence[int]], str, float]]) -> Texts:
    """Return texts, each as the places of its tokens' facts, its labels and how much it counts, to learn from."""
    hits = np.array([row for found, _, _ in given for row in found])
    right = np.array([LABELS.index(label) for _, labels, _ in given for label in labels])
    counts = np.repeat([count for _, _, count in given], [len(found) for found, _, _ in given]).astype(np.float32)
    return Texts(hits, right, counts, np.cumsum([0, *(len(found) for found, _, _ in given)]))


def batches(starts: NDArray[np.int64], chance: np.random.Generator | None = None) -> Iterator[Batch]:
    """Yield texts of about one length together, in any order if ``chance`` is given."""
    sizes = np.diff(starts)
    order = np.argsort(sizes + (chance.uniform(0, 12, len(sizes)) if chance else 0), kind="stable")
    groups: list[list[int]] = [[]]
    for n in order:
        if groups[-1] and (len(groups[-1]) + 1) * int(sizes[[*groups[-1], n]].max()) > BATCH:
            groups.append([])
        groups[-1].append(int(n))
    for group in chance.permutation(len(groups)) if chance else range(len(groups)):
        chosen = groups[group]
        here = np.arange(int(sizes[chosen].max()))[None] < sizes[chosen][:, None]
        yield Batch((starts[:-1][chosen][:, None] + np.arange(here.shape[1]))[here], here)


def _sigmoid(x: Floats) -> Floats:
    return (1 / (1 + np.exp(-np.clip(x, -60, 60)))).astype(np.float32)


def _forward(gates: Floats, again: Floats, here: NDArray[np.bool_]) -> tuple[Floats, list[tuple[Floats, ...]]]:
    """Return the state after each token, and what each step was made of."""
    size = again.shape[0]
    state = np.zeros((gates.shape[0], size), np.float32)
    states, made = np.empty((*gates.shape[:2], size), np.float32), []
    for n in range(gates.shape[1]):
        told = state @ again
        keep = _sigmoid(gates[:, n, :size] + told[:, :size])
        reset = _sigmoid(gates[:, n, size : 2 * size] + told[:, size : 2 * size])
        fresh = np.tanh(gates[:, n, 2 * size :] + reset * told[:, 2 * size :])
        made.append((state, keep, reset, fresh, told[:, 2 * size :]))
        state = np.where(here[:, n, None], state + keep * (fresh - state), state)
        states[:, n] = state
    return states, made


def _backward(
    slope: Floats, again: Floats, made: list[tuple[Floats, ...]], here: NDArray[np.bool_]
) -> tuple[Floats, Floats]:
    """Return the slope of the gates, and that of the weights from state to gates."""
    size = again.shape[0]
    gates = np.empty((*slope.shape[:2], 3 * size), np.float32)
    weights, carried = np.zeros_like(again), np.zeros_like(slope[:, 0])
    for n in range(slope.shape[1] - 1, -1, -1):
        state, keep, reset, fresh, told = made[n]
        whole = slope[:, n] + carried
        now = whole * here[:, n, None]
        bent = now * keep * (1 - fresh * fresh)
        kept, forgot = now * (fresh - state) * keep * (1 - keep), bent * told * reset * (1 - reset)
        gates[:, n] = np.concatenate([kept, forgot, bent], 1)
        back = np.concatenate([kept, forgot, bent * reset], 1)
        weights += state.T @ back
        carried = whole - now * keep + back @ again.T
    return gates, weights


def _dropped(shape: tuple[int, ...], share: float, chance: np.random.Generator | None) -> Floats:
    if chance is None:
        return np.ones((1,) * len(shape), np.float32)
    return ((chance.random(shape, np.float32) >= share) / (1 - share)).astype(np.float32)


def _hits(given: Texts, batch: Batch, chance: np.random.Generator | None) -> csr_matrix:
    """Return the facts of a batch's tokens as a matrix, some left out by chance."""
    found = given.hits[batch.at]
    said = np.ones(found.shape, np.float32)
    if chance is not None:
        said[:, 0] = chance.random(len(found)) >= LEFT_OUT["word"]
        said *= chance.random(found.shape) >= LEFT_OUT["fact"]
    ends = np.arange(len(found) + 1) * found.shape[1]
    return csr_matrix((said.ravel(), found.ravel(), ends), shape=(len(found), ROWS))


def shares(weights: Weights, given: Texts, batch: Batch) -> Floats:
    """Return the probability of each label for a batch's tokens."""
    return _look(weights, given, batch, None)[0]


def _look(weights: Weights, given: Texts, batch: Batch, chance: np.random.Generator | None) -> tuple[Floats, Any]:
    hits, here = _hits(given, batch, chance), batch.here
    flat = np.tanh(hits @ weights["table"])
    word_left = _dropped(flat.shape, LEFT_OUT["value"], chance)
    word = np.zeros((*here.shape, WIDTH), np.float32)
    word[here] = flat * word_left
    gates = word @ weights["into"] + weights["into_bias"]
    half = gates.shape[2] // 2
    turned = _turned(here)
    before, made = _forward(gates[:, :, :half], weights["forwards"], here)
    after, made_back = _forward(_taken(gates[:, :, half:], turned), weights["backwards"], here)
    states = np.concatenate([before, _taken(after, turned)], 2)[here]
    left = _dropped(states.shape, LEFT_OUT["state"], chance)
    all_ = np.concatenate([word[here], states * left], 1)
    sums = all_ @ weights["out"] + weights["out_bias"]
    found = np.exp(sums - sums.max(1, keepdims=True))
    found /= found.sum(1, keepdims=True)
    return found, (hits, flat, word, word_left, turned, made, made_back, left, all_)


def _turned(here: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return where each token stands if a text is read from its end; what no token fills stays."""
    sizes, at = here.sum(1)[:, None], np.arange(here.shape[1])[None]
    return np.where(here, sizes - 1 - at, at)


def _taken(values: Floats, at: NDArray[np.int64]) -> Floats:
    return np.take_along_axis(values, at[:, :, None], 1)


def slope(weights: Weights, given: Texts, batch: Batch, chance: np.random.Generator | None) -> tuple[float, Weights]:
    """Return how unlikely the right labels of a batch are, and where that is steepest."""
    found, (hits, flat, word, word_left, turned, made, made_back, left, all_) = _look(weights, given, batch, chance)
    here, right, counts = batch.here, given.right[batch.at], given.counts[batch.at] * 10 / len(batch.at)
    every = np.arange(len(right))
    off = found.copy()
    off[every, right] -= 1
    off *= counts[:, None]
    back = off @ weights["out"].T
    states = np.zeros((*here.shape, 2 * STATES), np.float32)
    states[here] = back[:, WIDTH:] * left
    gates_before, forwards = _backward(states[:, :, :STATES], weights["forwards"], made, here)
    gates_after, backwards = _backward(_taken(states[:, :, STATES:], turned), weights["backwards"], made_back, here)
    gates = np.concatenate([gates_before, _taken(gates_after, turned)], 2)[here]
    words = (back[:, :WIDTH] + gates @ weights["into"].T) * word_left * (1 - flat * flat)
    loss = -(counts * np.log(found[every, right] + 1e-9)).sum()
    return float(loss), {
        "table": np.asarray(hits.T @ words),
        "into": word[here].T @ gates,
        "into_bias": gates.sum(0),
        "forwards": forwards,
        "backwards": backwards,
        "out": all_.T @ off,
        "out_bias": off.sum(0),
    }


def begun(chance: np.random.Generator) -> Weights:
    """Return weights that know nothing."""

    def some(many: int, long: int) -> Floats:
        return (chance.standard_normal((many, long)) / np.sqrt(many)).astype(np.float32)

    return {
        "table": (chance.standard_normal((ROWS, WIDTH)) * 0.1).astype(np.float32),
        "into": some(WIDTH, 6 * STATES),
        "into_bias": np.zeros(6 * STATES, np.float32),
        "forwards": some(STATES, 3 * STATES),
        "backwards": some(STATES, 3 * STATES),
        "out": some(WIDTH + 2 * STATES, len(LABELS)),
        "out_bias": np.zeros(len(LABELS), np.float32),
    }


def learn(given: Texts, epochs: int = EPOCHS) -> Weights:
    """Return the weights under which the right labels are likeliest."""
    chance = np.random.default_rng(SEED)
    weights = begun(chance)
    mean, spread = ({name: np.zeros_like(each) for name, each in weights.items()} for _ in range(2))
    steps, step = epochs * sum(1 for _ in batches(given.starts)), 0
    for _ in range(epochs):
        for batch in batches(given.starts, chance):
            step += 1
            _, steep = slope(weights, given, batch, chance)
            long = np.sqrt(sum(float((each * each).sum()) for each in steep.values()))
            warm = min(step / (WARM * steps), 1.0)
            rate = RATE * warm * (1 + np.cos(np.pi * min(step / steps, 1.0))) / 2
            for name, weight in weights.items():
                one = steep[name] * min(1.0, STEEPEST / (long + 1e-9))
                mean[name] += 0.1 * (one - mean[name])
                spread[name] += 0.001 * (one * one - spread[name])
                size = np.sqrt(spread[name] / (1 - 0.999**step)) + 1e-8
                weight -= rate * (mean[name] / (1 - 0.9**step) / size + DECAY * weight)  # noqa: PLW2901 - in place
    return rounded(weights)


def rounded(weights: Weights) -> Weights:
    """Return the weights as they are kept: in bytes, and what is always added as whole numbers."""
    units = {name: UNIT if name in BYTES else WHOLE for name in weights}
    found = {name: np.round(each * units[name]) for name, each in weights.items()}
    return {
        name: ((np.clip(each, -127, 127) if name in BYTES else each) / units[name]).astype(np.float32)
        for name, each in found.items()
    }


def likely(given: Texts, weights: Weights) -> list[list[list[float]]]:
    """Return for each text what the reader with these weights would say of its tokens."""
    found = np.empty((len(given.right), len(LABELS)))
    for batch in batches(given.starts):
        found[batch.at] = shares(weights, given, batch)
    return [found[start:end].tolist() for start, end in zip(given.starts[:-1], given.starts[1:], strict=True)]


def packed(weights: Weights) -> dict[str, Any]:
    """Return the reader as ``reader.json`` holds it."""
    raw = b"".join(np.round(weights[name] * UNIT).astype(np.int8).tobytes() for name in BYTES)
    always = {name: np.round(weights[f"{name}_bias"] * WHOLE).astype(int).tolist() for name in ("into", "out")}
    sizes = {"size": ROWS, "width": WIDTH, "states": STATES}
    return {**sizes, **always, "weights": b64encode(compress(raw, 9)).decode()}
