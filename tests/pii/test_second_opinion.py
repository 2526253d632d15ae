"""A second opinion: what ``lokal-id``'s rules, by other hands, find in the same messages.

They knew none of these messages, and ours have learnt them, so this tells no rank. It tells that the two are of one mind
about numbers, and that rules by frames alone find about half of names, places and jobs, here as elsewhere.
"""

from typing import Any

import pytest

from functions.pii import words
from tests.pii.score import touch
from tests.pii.words_scores import messages

FILES = ("words_corpus", "words_held_out", "words_fresh", "words_blind", "words_unseen")
KINDS = {"NIK", "KK", "PHONE", "EMAIL", "NPWP"}


def opinion(text: str) -> list[Any]:
    from lokal.samaran import detect_pii  # late: every worker that only collects would wait for it

    return list(detect_pii(text))


def test_what_others_are_sure_is_a_number_or_an_address_is_masked_here_too() -> None:
    missed = []
    for message in (m for name in FILES for m in messages(name) if m.marks):
        shown = {at for f in words.find(message.text) if f.mask for at in range(f.start, f.end)}
        missed += [
            (found.type, found.value)
            for found in opinion(message.text)
            if found.type in KINDS and not shown & set(range(found.start, found.end))
        ]
    assert missed == []


@pytest.mark.long
def test_names_places_and_jobs_need_more_than_frames() -> None:
    marked = [m.marked(name) for name in FILES for m in messages(name)]
    theirs = touch(marked, lambda text: [(f.start, f.end) for f in opinion(text)])
    ours = touch(marked)
    for kind in ("self_name", "name", "child", "home", "role"):
        assert ours.recall(f"kind {kind}") >= theirs.recall(f"kind {kind}"), kind
    assert theirs.recall() < 0.75 < ours.recall()
