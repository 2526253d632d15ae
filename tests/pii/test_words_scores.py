"""How much of what identifies is found, on five sets of invented messages, with what is missed named one by one.

What the rules reach today says how well these messages were learnt: each set below was scored once by rules that had
never met it, and then the rules were improved on what they missed. What to expect of messages nobody has seen is what
the first scores say, best those of the last two, by hands that had no part in the rules before: half to three fifths.

    set         written                                                  first recall  precision
    held_out    before its writer read the rules                                0.627      0.804
    fresh       in the same hour by the same hand, after held_out was learnt    0.875      1.000
    blind       by another hand that had read neither rules nor messages        0.471      0.702
    unseen      by a third hand that had read the blind set, but no rule        0.608      0.838

On ``unseen`` 31 spans were found, 20 missed, 6 wrong, and of 14 of its 46 marks something stood in no finding at all.
In ``held_out`` one mark was changed after its first score (``near_home`` to ``home``, as the corpus has it); in
``unseen`` none. All are invented, by few hands, so none of these figures is a measure of real complaints.
"""

import pytest

from functions.pii import words
from tests.pii.words_scores import Message, corpus, messages, score

FIRST = {
    "words_held_out": (0.627, 0.804),
    "words_fresh": (0.875, 1.0),
    "words_blind": (0.471, 0.702),
    "words_unseen": (0.608, 0.838),
}
LEARNT = ("words_corpus", *FIRST)
# Kept as they are, for mending them would be a rule for one message, or the words say too little by themselves: whose name
# "an" brings, whose gang a lamp stands in, that an "adik saya" is grown up, that an office has a mobile phone.
MISSED = [
    "role 'honorer di kantor camat kaubun'",
    "self_name 'Markus Lahang'",
    "home 'gg. melati 3 rt 22 swarga bara'",
    "name 'Petrus Ngau'",
    "near_home 'persis belakang SPBU km 3 yg pagarnya biru'",
    "role 'staf bagian keuangan kelurahan singa geweh'",
    "name 'Fransiska Dau'",
    "near_home 'di samping pos ronda RT 8 Sangatta Lama'",
]
WRONG = [
    "on_behalf_short 'Markus Lahang'",
    "late 'almarhum Bapak Petrus Ngau'",
    "home_at 'rumah ku persis belakang SPBU km'",
    "child_named 'Fransiska Dau'",
    "role 'pemilik warung di samping pos ronda RT 8 Sangatta Lama'",
    "phone '0811-5800-110'",
]
# "honorer di kantor camat" without "saya", a gang that could be the lamp's, a place after "yg", a role in brackets.
LEAKED = [
    "honorer di kantor camat kaubun",
    "gg. melati 3 rt 22 swarga bara",
    "persis belakang SPBU km 3 yg pagarnya biru",
    "staf bagian keuangan kelurahan singa geweh",
]

# The files


def test_the_corpus_is_large_and_half_of_it_harmless():
    identifying = [m for m in messages() if m.marks or m.plea]
    assert len(identifying) >= 60
    assert len(messages()) - len(identifying) >= 60


@pytest.mark.parametrize(
    ("name", "size", "harmless"),
    [("words_held_out", 60, 20), ("words_fresh", 30, 10), ("words_blind", 60, 18), ("words_unseen", 60, 29)],
)
def test_the_other_files_have_their_size_and_share_no_message(name, size, harmless):
    texts = {m.text for m in messages(name)}
    assert len(texts) == len(messages(name)) == size
    assert sum(not m.marks and not m.plea for m in messages(name)) >= harmless
    assert not texts & {m.text for other in LEARNT if other != name for m in messages(other)}


def test_the_marks_name_categories_and_cover_each_of_them():
    marked = {category for m in messages() for category, _, _ in m.marks}
    # A receipt is no matter of style: its check symbols tell, so no message is needed to score it.
    assert marked | {words.SECRECY, words.RECEIPT} == set(words.categories())
    assert {category for name in FIRST for m in messages(name) for category, _, _ in m.marks} <= marked


# The scores


@pytest.mark.parametrize("names", [LEARNT, LEARNT[:1], LEARNT[1:]], ids=" and ".join)
def test_recall_and_precision(names):
    total = score(m for name in names for m in messages(name))
    assert total.recall >= 0.95, str(total)
    assert total.precision >= 0.90, str(total)


def test_what_is_missed_and_what_is_wrong_stands_here_one_by_one():
    total = score(m for name in LEARNT for m in messages(name))
    assert [text.split(" in ")[0] for text in total.missed] == MISSED
    assert [text.split(" in ")[0] for text in total.wrong] == WRONG
    assert total.leaked == LEAKED


@pytest.mark.parametrize("name", FIRST)
def test_the_first_score_stands_beside_the_messages_and_was_no_better(name):
    recall, precision = FIRST[name]
    total = score(messages(name))
    assert corpus(name)["first_score"] == {"recall": recall, "precision": precision}
    assert total.recall > recall
    assert total.precision >= precision


# The counting


def test_a_missed_mark_lowers_recall_and_a_harmless_finding_precision():
    plain = next(m for m in messages() if m.marks)
    unmarked = type(plain)(plain.text, (), plea=False)
    mismarked = type(plain)(plain.text, (("email", 0, 3),), plea=True)
    assert score([plain, unmarked]).precision < 1
    assert score([plain, mismarked]).recall < 1


@pytest.mark.parametrize(
    ("start", "end", "found"), [(10, 14, 1), (9, 14, 0), (10, 15, 0), (13, 14, 1)], ids=["all", "early", "late", "part"]
)
def test_a_mark_is_found_where_all_of_it_is(start, end, found):
    text = "nama saya Budi, lampu mati"
    total = score([Message(text, (("self_name", start, end),), plea=False)])
    assert (total.found, len(total.missed), len(total.wrong)) == (found, 1 - found, 1 - found)


def test_a_mark_of_another_category_is_missed():
    total = score([Message("nama saya Budi", (("name", 10, 14),), plea=False)])
    assert (total.found, len(total.missed), len(total.wrong)) == (0, 1, 1)
