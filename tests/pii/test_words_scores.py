"""How much of what identifies is touched, on five sets of invented messages that the tagger has learnt.

What it reaches here says how well these messages were learnt. What to expect of messages nobody has seen is what
``docs/decisions.md`` states: each set left out of the training in turn, and the sealed set that was scored once. The first
scores of the sets, by the rules of their day and counted more strictly:

    set         written                                                  first recall  precision
    held_out    before its writer read the rules                                0.627      0.804
    fresh       in the same hour by the same hand, after held_out was learnt    0.875      1.000
    blind       by another hand that had read neither rules nor messages        0.471      0.702
    unseen      by a third hand that had read the blind set, but no rule        0.608      0.838

A sixth set, ``words_others.jsonl``, is by 71 other hands. Each part was sealed while the tagger was made, and scored once:
the first (46 hands) with recall 0.649 and precision 0.749, the second (25 hands) with 0.878 and 0.673. Both are learnt
since, so their score here says no more than the others'.

All are invented, by few hands, so none of these figures is a measure of real complaints.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from functions.pii import rules, words
from functions.pii.measured import measured
from tests.pii.score import Marked, Span, read, touch
from tests.pii.words_scores import corpus, messages

pytestmark = pytest.mark.long

FIRST = {
    "words_held_out": (0.627, 0.804),
    "words_fresh": (0.875, 1.0),
    "words_blind": (0.471, 0.702),
    "words_unseen": (0.608, 0.838),
}
LEARNT = ("words_corpus", *FIRST)


def pointed_at(text: str) -> list[tuple[int, int]]:
    """What is masked or advised, but for pleas: "in front of my house" alone is advice."""
    return [(f.start, f.end) for f in words.find(text) if f.category != words.SECRECY]


# The files


def test_the_corpus_is_large_and_half_of_it_harmless():
    identifying = [m for m in messages() if m.marks or m.plea]
    assert len(identifying) >= 60
    assert len(messages()) - len(identifying) >= 60


@pytest.mark.parametrize(
    ("name", "size", "harmless"),
    [("words_held_out", 60, 20), ("words_fresh", 30, 10), ("words_blind", 60, 18), ("words_unseen", 60, 29)],
)
def test_the_other_files_have_their_size_share_no_message_and_keep_their_first_score(name, size, harmless):
    texts = {m.text for m in messages(name)}
    assert len(texts) == len(messages(name)) == size
    assert sum(not m.marks and not m.plea for m in messages(name)) >= harmless
    assert not texts & {m.text for other in LEARNT if other != name for m in messages(other)}
    assert tuple(corpus(name)["first_score"].values()) == FIRST[name]


def test_the_marks_name_categories_and_cover_each_of_them():
    marked = {category for m in messages() for category, _, _ in m.marks}
    # A receipt is no matter of style: its check symbols tell, so no message is needed to score it.
    assert marked | {words.SECRECY, words.RECEIPT} == set(rules.categories())
    assert {category for name in FIRST for m in messages(name) for category, _, _ in m.marks} <= marked


# The scores


def test_what_is_learnt_is_found_and_little_else():
    total = touch((m.marked(name) for name in LEARNT for m in messages(name)), pointed_at)
    assert total.recall() >= 0.95, total.missed
    assert total.precision() >= 0.84, total.wrong
    assert all(total.recall(f"author {name}") >= 0.9 for name in LEARNT), str(total)
    assert total.hidden >= 0.87 * total.letters, str(total)


def test_what_other_hands_wrote_is_learnt_too():
    others = list(read(Path(__file__).with_name("words_others.jsonl")))
    assert (len(others), len({m.author for m in others}), sum(len(m.spans) for m in others)) == (660, 71, 550)
    total = touch(others)
    assert total.recall() >= 0.92, total.missed
    assert total.precision() >= 0.82, total.wrong


def test_the_messages_of_the_last_hand_are_learnt_too():
    """320 messages in 89 voices: recall 0.852 and precision 0.708 at first sight, by rules and tagger. Learnt by the judge."""
    last = list(read(Path(__file__).with_name("words_dev.jsonl")))
    assert (len(last), len({m.author for m in last}), sum(len(m.spans) for m in last)) == (320, 89, 211)
    total = touch(last)
    assert total.recall() >= 0.95, total.missed
    assert total.precision() >= 0.94, total.wrong


def test_the_messages_that_came_later_are_learnt_too():
    """The sealed set of decision (fffffff), 0.889 and 0.766 when it was scored, and those of two more hands (hhhhhhh)."""
    later = list(read(Path(__file__).with_name("words_later.jsonl")))
    assert (len(later), len({m.author for m in later}), sum(len(m.spans) for m in later)) == (1059, 738, 905)
    total = touch(later)
    assert total.recall() >= 0.95, total.missed
    assert total.precision() >= 0.95, total.wrong


def test_the_messages_under_the_rules_of_today_are_learnt_too():
    """Of decision (sssssss): messages of six hands, less a third of the authors of five of them."""
    learnt = list(read(Path(__file__).with_name("words_clear.jsonl")))
    assert len(learnt) == 1265
    total = touch(learnt)
    assert total.recall() >= 0.95, total.missed
    assert total.precision() >= 0.93, total.wrong


def test_the_messages_of_ten_more_hands_are_learnt_too():
    """Of decision (llllllll): seven of them full of accused people beside those whom they hurt. One in ten is looked at."""
    learnt = list(read(Path(__file__).with_name("words_said.jsonl")))
    assert (len(learnt), sum(len(m.spans) for m in learnt)) == (5565, 5113)
    total = touch(learnt[::10])
    assert total.recall() >= 0.93, total.missed
    assert total.precision() >= 0.93, total.wrong


def test_what_nobody_learnt_from_is_found_as_often_as_was_said():
    """That third, scored once with each model. Who learns from it or tunes by it takes this test's worth away."""
    apart = list(read(Path(__file__).with_name("words_apart.jsonl")))
    others = {
        m.author
        for name in ("clear", "later", "dev", "others", "said")
        for m in read(Path(__file__).with_name(f"words_{name}.jsonl"))
    }
    assert len(apart) == 530
    assert not {m.author for m in apart} & others
    total = touch(apart)
    assert total.recall() >= 0.88
    assert total.precision() >= 0.87


def test_pleas_are_told():
    missed = [m.text for name in LEARNT for m in messages(name) if m.plea and not words.pleads_secrecy(m.text)]
    wrong = [m.text for name in LEARNT for m in messages(name) if not m.plea and words.pleads_secrecy(m.text)]
    assert (missed, wrong) == ([], [])


def test_the_privacy_page_takes_its_number_from_the_last_measurement():
    last = measured()
    assert 0 < last.found <= last.of
    assert 0 < last.right <= last.masked
    assert last.tenths == 10 * last.found // last.of
    page = (Path(words.__file__).parents[2] / "site" / "pages" / "privasi.html").read_text(encoding="utf-8")
    assert "found=measured.tenths, messages=measured.messages" in page


# The counting


def test_touching_is_counted_by_kind_and_by_author():
    one = Marked("saya Budi, wa 0812", (Span(5, 9, "name"), Span(14, 18, "phone")), "a")
    other = Marked("di Sangatta", (), "b")
    total = touch([one, other], lambda text: [(4, 7)] if text == one.text else [(3, 11)])
    assert (total.recall(), total.precision()) == (0.5, 0.5)
    assert (total.recall("kind name"), total.recall("kind phone")) == (1.0, 0.0)
    assert (total.precision("author a"), total.precision("author b")) == (1.0, 0.0)
    assert (total.hidden, total.letters) == (2, 8)
    assert len(total.missed) == len(total.wrong) == 1


def test_the_program_scores_a_file(tmp_path: Path):
    file = tmp_path / "messages.jsonl"
    line = {"id": 1, "author": "x", "text": "😀 hp 0812-1297-775", "spans": [{"start": 5, "end": 18, "kind": "phone"}]}
    file.write_text(json.dumps(line) + "\n\n", encoding="utf-8")
    assert [m.text[m.spans[0].start : m.spans[0].end] for m in read(file)] == ["0812-1297-775"]
    said = subprocess.check_output([sys.executable, "-m", "tests.pii.score", str(file), "--missed"], encoding="utf-8")
    assert "author x" in said
    command = [sys.executable, "-m", "tests.pii.score", str(file), "--browser"]
    assert "author x" in subprocess.check_output(command, encoding="utf-8")
    assert said.split("\n")[1].split() == ["all", "1.000", "1", "of", "1", "1.000", "1", "of", "1"]
