"""Whether a text complains about people in office, in any words; and how the messages of other hands are routed by it.

``routing_others.jsonl`` were scored once, sealed: right first 138 of 207 and among three 155 without a topic, 152 and
171 with the writer's; of 81 that accuse a unit, 32 had it proposed first and 33 recognised it. They are learnt from
since. Learnt from the authors of one half and scored on the other's, words alone: first 183 of 207, among three 194,
accused first 4, recognised 74, in vain 11 of 126 (with topics 189, 194, 3, 76, 11). That is kinder than a new hand would
be: words of ``rules.toml`` and own messages were written by one who had read both halves.

``routing_further.jsonl``, of 52 more hands, before anything was learnt from it: right first 192 of 260 and among three
207 (199 and 216 with the writer's topic), of 82 accused 7 first and 54 recognised, in vain 27 of 178. Learnt from three
quarters of its authors and scored on the fourth: 207 and 227 (211 and 232), 4, 61 and 18; the words of ``rules.toml``
were added by one who had read two thirds of it. ``routing_sealed.jsonl`` and ``routing_hands.jsonl`` likewise: what they
scored before anything was learnt from them stands in the decisions, (ggggggg) and (iiiiiii).
"""

import json

import pytest

from functions.casework.routing.propose import WATCHERS, propose
from functions.casework.understanding import accused, behaviour
from functions.casework.understanding.accused import accused_of, look_for_accused
from functions.casework.understanding.behaviour import MODEL, Complains, complains, features, read_model
from functions.casework.understanding.reading import Reading
from functions.casework.understanding.said import what_is_said
from tests.casework.routing_others import FURTHER, HANDS, LATER, OTHERS, SEALED, Score, score_others
from tests.casework.routing_scores import DIRECTORY, foreign
from tests.casework.trees import a_head

NEVER = Complains(clearly=False, perhaps=False)


def reading(text: str) -> Reading:
    return Reading(text, DIRECTORY, "kutim")


@pytest.mark.every_day(6)
@pytest.mark.parametrize(
    ("name", "topical", "score"),
    [
        ("others", False, Score(200, 204, 0, 78, 7)),
        ("others", True, Score(201, 204, 0, 79, 7)),
        ("further", False, Score(231, 249, 1, 69, 12)),
        ("further", True, Score(230, 249, 1, 69, 12)),
        ("sealed", False, Score(192, 199, 0, 65, 3)),
        ("sealed", True, Score(192, 199, 0, 66, 3)),
        ("hands", False, Score(609, 642, 1, 172, 2)),
        ("hands", True, Score(607, 642, 1, 183, 2)),
        ("later", False, Score(1089, 1160, 1, 352, 64)),
        ("later", True, Score(1092, 1162, 1, 361, 66)),
    ],
)
def test_what_other_hands_wrote_is_routed_and_hardly_ever_first_to_the_accused(
    name: str, topical: bool, score: Score
) -> None:
    rows, size = {
        "others": (OTHERS, (207, 18, 81)),
        "further": (FURTHER, (260, 52, 82)),
        "sealed": (SEALED, (200, 52, 71)),
        "hands": (HANDS, (663, 636, 226)),
        "later": (LATER, (1229, 1122, 418)),
    }[name]
    assert (len(rows), len({row["author"] for row in rows}), sum(bool(row["accused_unit"]) for row in rows)) == size
    assert score_others(rows, topical=topical) == score


def test_without_it_the_accused_are_proposed_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accused, "complains", lambda *_: NEVER)
    assert score_others(OTHERS, topical=False).accused_first >= 10


def test_how_often_messages_it_never_met_are_taken_for_complaints_of_conduct() -> None:
    """``foreign`` is about roads, water and the like; some complain of staff though they are labelled with the unit."""
    met = foreign("words_blind", "words_unseen", "words_held_out")
    innocent = [message for message in met if message.unit != "kutim-inspektorat"]
    told = [complains(reading(message.text)) for message in innocent]
    assert (len(told), sum(each.clearly for each in told), sum(each.perhaps for each in told)) == (149, 9, 33)


def test_a_sentence_alone_must_say_it_more_plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [reading(row["text"]) for row in FURTHER if not row["accused_unit"]]
    plainly = sum(complains(each).perhaps for each in texts)
    monkeypatch.setattr(behaviour, "ALONE", 0.0)
    assert sum(complains(each).perhaps for each in texts) >= plainly + 5


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("berkas KTP ditaruh paling bawah kecuali dibelikan rokok dulu", "kutim-disdukcapil"),
        ("bantuan nelayan jatuh ke saudara orang dalam semua", "kutim-diskan"),
    ],
)
def test_whose_subject_it_is_may_be_meant_though_no_list_holds_the_words(text: str, unit: str) -> None:
    assert unit in accused_of(what_is_said(text, DIRECTORY, "kutim").accused)
    head = a_head(instance="kutim", holder="kutim", topic="lainnya", district="64.08.04")
    assert [proposal.agency for proposal in propose(head, text, DIRECTORY)] == ["kutim-inspektorat"]


def test_the_chosen_topics_unit_may_be_meant() -> None:
    text = 'petugas loket 3 bilang "kalau mau cepat ya mengerti lah bu"'
    assert "kutim-disdukcapil" in accused_of(what_is_said(text, DIRECTORY, "kutim", "ktp").accused)


def test_what_the_grammar_only_supposes_needs_words_that_may_complain_of_somebody() -> None:
    text = "sampah di depan pasar induk sudah 8 hari tidak diangkut, kami bayar retribusi tiap bulan 30 ribu"
    supposed = list(accused._accusations(text, DIRECTORY, "kutim", reading(text)))
    assert [each.agency for each in supposed if not each.sure and not each.undone]
    assert complains(reading(text)).hardly
    assert look_for_accused(text, DIRECTORY, "kutim").whom == ()
    assert accused_of(look_for_accused("orang pasar minta setoran", DIRECTORY, "kutim").whom)


def test_who_is_only_asked_or_stands_nearby_is_not_meant() -> None:
    text = "Satpol PP tolong tertibkan, orang dinas perhubungan minta bagian dari parkir"
    found = accused_of(look_for_accused(text, DIRECTORY, "kutim").whom)
    assert "kutim-dishub" in found
    assert "kutim-satpolpp" not in found


def test_whoever_names_the_inspectorate_beside_conduct_is_heard_above_it() -> None:
    head = a_head(instance="kutim", holder="kutim", topic="lainnya", district="64.08.04")
    told = "Dulu saya lapor ke inspektorat soal kades minta uang, besoknya surat saya ada di tangan kades"
    assert [each.outside.code for each in propose(head, told, DIRECTORY) if each.outside] == list(WATCHERS)
    asked = "Mohon inspektorat memeriksa kades kami, kades minta uang tiap surat"
    assert next(each.agency for each in propose(head, asked, DIRECTORY)) == "kutim-inspektorat"


def test_a_government_that_only_owns_something_is_not_meant() -> None:
    text = "GOR punya pemda tapi malamnya disewakan penjaganya sendiri, uangnya masuk kantong"
    assert "kutim" not in accused_of(look_for_accused(text, DIRECTORY, "kutim").whom)


def test_few_words_and_no_words_show_nothing() -> None:
    for text in ("", "jalan rusak", "😀", "الموظف طلب المال"):
        assert complains(reading(text)) == NEVER
        assert list(features(reading(text))) == []


def test_the_model_is_small_and_in_whole_numbers() -> None:
    assert MODEL.stat().st_size < 106_000
    weights = read_model().weights
    assert all(-31 <= weight <= 31 and weight for weight in weights.values())
    assert set(json.loads(MODEL.read_text(encoding="utf-8"))) == {"level", "doubt", "odds", "weights"}
