"""The learnt subjects: what they add to the lists, in any directory, and that no word of theirs outranks the walls."""

import json
from dataclasses import replace
from math import exp

import pytest

from functions.casework.case import CaseHead
from functions.casework.directory.agencies import Directory, Topic
from functions.casework.routing import propose as proposing
from functions.casework.routing.learnt import MODEL, OUTSIDE, Likely, features, likely_subjects, read_model
from functions.casework.routing.propose import Why, propose
from functions.casework.routing.responsible import learnt_units
from functions.casework.routing.rules import read_rules, spoken_in, tokens_of
from tests.casework.routing_others import SEALED, score_others
from tests.casework.routing_scores import DIRECTORY
from tests.casework.trees import a_head

RULES = read_rules()


def subjects(text: str) -> dict[str, Likely]:
    tokens = tokens_of(text, RULES)
    return dict(likely_subjects(tokens, spoken_in(tokens, RULES)))


def kutim(**facts: str) -> CaseHead:
    return a_head(**{"instance": "kutim", "holder": "kutim", "topic": "lainnya", "district": "64.08.04"} | facts)


def test_chances_are_those_of_one_subject() -> None:
    for text in ("", "jalan rusak", "air tidak mengalir tiga hari", "😀", "x" * 5000):
        assert sum(exp(each.chance) for each in subjects(text).values()) == pytest.approx(1)


def test_no_words_and_a_mask_show_nothing() -> None:
    for text in ("", "zzqx wwqk", "[pekerjaan disamarkan] [nama disamarkan]"):
        assert {each.shown for each in subjects(text).values()} == {0}
    assert propose(kutim(), "[pekerjaan disamarkan]", DIRECTORY) == ()


def test_without_it_fewer_are_right(monkeypatch: pytest.MonkeyPatch) -> None:
    with_it = score_others(SEALED, topical=False)
    monkeypatch.setattr(proposing, "learnt_units", lambda *_: {})
    without = score_others(SEALED, topical=False)
    assert without.first <= with_it.first - 5
    assert without.among < with_it.among


def test_every_subject_leads_to_a_unit_and_knows_no_agency() -> None:
    raw = MODEL.read_text(encoding="utf-8")
    assert "kutim-" not in raw
    assert set(read_model().own) - {OUTSIDE} <= set(RULES.offices)
    units = learnt_units((), {}, DIRECTORY, "kutim")
    assert len(units) == len(read_model().own)


def test_another_regency_finds_its_own_units() -> None:
    agencies = {
        code: replace(each, name="Dinas Perhubungan Kota") if code == "kutim-dishub" else each
        for code, each in DIRECTORY.agencies.items()
        if code != "kutim-dlh"
    }
    other = Directory(agencies, {"umum": Topic("umum", "Umum", "General")}, DIRECTORY.districts)
    tokens = tokens_of("sampah menumpuk", RULES)
    found = learnt_units(tokens, spoken_in(tokens, RULES), other, "kutim")
    assert "kutim-dlh" not in found
    assert "kutim-dishub" in found


def test_what_it_proposes_alone_shows_its_words_and_stays_behind_the_walls() -> None:
    listed = {"kutim-dlh"}
    for text in ("sampah menumpuk di got depan rumah",):
        for each in propose(kutim(), text, DIRECTORY):
            assert each.words
            assert each.why is Why.WORDS
            listed.discard(each.agency)
    assert not listed
    assert all(
        each.agency != "kutim-dlh" for each in propose(kutim(about_agency="kutim-dlh"), "sampah menumpuk", DIRECTORY)
    )


def test_the_model_is_small_and_in_whole_numbers() -> None:
    assert MODEL.stat().st_size < 92_000
    assert all(-15 <= weight <= 15 and weight for by in read_model().weights.values() for weight in by.values())
    assert set(json.loads(MODEL.read_text(encoding="utf-8"))) == {"scale", "own", "weights"}


def test_a_word_counts_once_however_often_it_stands() -> None:
    tokens = tokens_of("sampah got sampah got", RULES)
    assert features(tokens, {}) == features(tokens[:2], {})
