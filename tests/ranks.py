"""Ranks and their correlation, by ``scipy``. It takes a second to load, which every worker would take that only collects
these tests: so it is loaded by whoever asks."""

from collections.abc import Iterable, Sequence


def ranks(values: Sequence[float]) -> "Sequence[float]":
    """The rank of each value, from 1 up."""
    from scipy.stats import rankdata

    found: Sequence[float] = rankdata(values)
    return found


def correlation(pairs: Iterable[tuple[float, float]]) -> float:
    """Spearman's rank correlation of pairs."""
    from scipy.stats import spearmanr

    return float(spearmanr(*zip(*pairs, strict=True)).statistic)
