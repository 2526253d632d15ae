"""Where the rules of a proposal begin and end: the last that counts, and the first that does not."""

import pytest

from functions.casework.case import CaseHead
from functions.casework.directory.agencies import Directory
from functions.casework.routing.learnt import VOTE, features, likely_subjects, read_model
from functions.casework.routing.plain_reason import plain_reason
from functions.casework.routing.propose import Proposal, Why, propose
from functions.casework.routing.responsible import learnt_units, responsible
from functions.casework.routing.rules import HIDDEN, Words, plain, read_rules, roots_of, spoken_in, tokens_of
from functions.casework.routing.topic import propose_topic
from tests.casework.routing_scores import DIRECTORY
from tests.casework.trees import a_head

RULES = read_rules()


def kutim(**facts: str) -> CaseHead:
    return a_head(**{"instance": "kutim", "holder": "kutim", "topic": "lainnya", "district": "64.08.04"} | facts)


def targets(text: str) -> list[str]:
    return [p.outside.code if p.outside else p.agency for p in propose(kutim(), text, DIRECTORY)]


# Words


@pytest.mark.parametrize(
    ("word", "roots"),
    [
        ("bukaan", ["buka"]),  # four letters are left
        ("cekan", []),
        ("dibuka", ["buka"]),
        ("dicek", []),
        ("gotnya", ["got"]),  # three, where it says whose
        ("ahnya", []),
        ("nyapu", ["sapu"]),  # three, and the sound that was swallowed
        ("nyap", []),
    ],
)
def test_what_is_left_of_a_word_without_its_affixes(word: str, roots: list[str]) -> None:
    assert list(roots_of(word)) == roots


@pytest.mark.parametrize(
    "text", ["kafé jalan", "ＫＡＦＥ ＪＡＬＡＮ", "𝐊𝐚𝐟𝐞 𝐉alan", "ᴋᴀꜰᴇ ᴊᴀʟᴀɴ", "🅺🅰🅵🅴 🅹🅰🅻🅰🅽", "🅚🅐🅕🅔 🅙🅐🅛🅐🅝", "KAFE jalan"]
)
def test_letters_are_read_however_they_are_drawn(text: str) -> None:
    assert plain(text) == ("kafe", "jalan")


def test_every_letter_that_is_drawn_white_on_black_is_read() -> None:
    for first in ("🅐", "🅰"):
        drawn = "".join(chr(ord(first) + n) for n in range(26))
        assert plain(drawn) == ("abcdefghijklmnopqrstuvwxyz",)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("z" * 40, ["z" * 40]),
        ("z" * 41, []),
        ("qu", ["qu"]),
        ("q", []),
        ("yang di jalan itu", ["jalan"]),
        ("12 3", []),
    ],
)
def test_which_words_say_anything(text: str, words: list[str]) -> None:
    assert [forms[0] for forms in tokens_of(text, RULES)] == words


@pytest.mark.parametrize(("word", "short"), [("lbng", True), ("lubng", True), ("labung", False), ("luubang", False)])
def test_vowels_may_be_left_out_and_none_put_in_or_changed(word: str, short: bool) -> None:
    assert tokens_of(word, RULES) == [(word, "lubang") if short else (word,)]


# Lists


@pytest.mark.parametrize(
    ("text", "subject", "weight"),
    [
        ("suap", "integrity", 5),
        ("jual beli jabatan", "integrity", 5),
        ("jembatan", "roads", 3),
        ("jalan", "roads", 2),
        ("gang", "roads", 1),
    ],
)
def test_what_a_word_weighs_as_the_file_says(text: str, subject: str, weight: int) -> None:
    assert spoken_in(tokens_of(text, RULES), RULES)[subject] == {text: weight}


def test_of_two_entries_as_long_the_weightier_is_heard_and_one_of_nobody_yields() -> None:
    of_nobody, weak, usual = ("tanah", "air"), ("air", "mata"), ("mata", "kaki")
    votes: dict[Words, dict[str, int]] = {of_nobody: {}, weak: {"water": 1}, usual: {"health": 2}}
    entries = {entry[0]: {entry[1]: [entry]} for entry in votes}
    rules = RULES._replace(votes=votes, entries=entries, words=frozenset(["tanah", "air", "mata", "kaki"]))

    def heard(text: str) -> dict[str, dict[str, int]]:
        return spoken_in(tokens_of(text, rules), rules)

    assert heard("tanah air") == {}
    assert heard("tanah air mata") == {"water": {"air mata": 1}}
    assert heard("air mata kaki") == {"health": {"mata kaki": 2}}


# Proposals


def test_one_weak_word_is_no_reason_and_one_usual_word_is() -> None:
    assert targets("gang") == []
    assert targets("jalan") == ["kutim-dpupr"]


def test_three_are_proposed_of_many_and_five_words_are_shown() -> None:
    many = targets("sampah got lampu jalan padam guru sekolah listrik puskesmas")
    assert len(many) == len(set(many)) == 3
    first = propose(kutim(), "jalan poros, aspal ngelupas, jembatan roboh, lubang, becek, semen, beton", DIRECTORY)[0]
    assert (first.agency, len(first.words)) == ("kutim-dpupr", 5)


@pytest.mark.parametrize(
    ("text", "proposed"),
    [
        # whoever is competent leads and is not named again, nor is the inspectorate
        ("petugas pln minta uang pelicin, listrik padam, tiang listrik", ["pln", "kutim-inspektorat"]),
        ("oknum petugas pln minta uang suap, listrik padam", ["kutim-inspektorat", "pln"]),
        # of several whose abuse it is the weightiest alone
        ("pungli di kua dan polres", ["religion", "kutim-inspektorat"]),
    ],
)
def test_each_is_proposed_once_where_conduct_of_others_is_told(text: str, proposed: list[str]) -> None:
    assert targets(text) == proposed


@pytest.mark.parametrize(
    ("text", "proposed"),
    [
        ("jembatan, aspal, jalan poros, gratifikasi", ["kutim-inspektorat"]),  # a grave word, however much of a subject
        ("jalan, audit", ["kutim-inspektorat"]),  # a strong word that leads
        ("jembatan, aspal, audit", ["kutim-dpupr", "kutim-inspektorat"]),  # and one that does not
    ],
)
def test_the_inspectorate_alone_is_proposed_for_a_grave_word_or_a_strong_one_that_leads(
    text: str, proposed: list[str]
) -> None:
    assert targets(text) == proposed


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("gang", []),
        ("jalan", ["kutim-dpupr"]),
        ("jalan, lampu jalan, sekolah, puskesmas", 3),
        ("jalan, polisi", ["kutim-dpupr"]),  # as much a unit's subject as the police's
        ("jalan, polisi tilang", []),
    ],
)
def test_units_that_a_subject_leads_to(text: str, units: object) -> None:
    found = [unit for unit, _ in responsible(text, DIRECTORY, "kutim")]
    assert (len(found) if isinstance(units, int) else found) == units


@pytest.mark.parametrize(
    ("why", "topic", "told"),
    [
        (Why.TOPIC, "Jalan", "Jalan adalah urusan Dinas PUPR."),
        (Why.BOTH, "Jalan", "Jalan adalah urusan Dinas PUPR."),
        (Why.WORDS, "Jalan", "Menurut isinya, laporan ini urusan Dinas PUPR."),
        (Why.TOPIC, "", "Menurut isinya, laporan ini urusan Dinas PUPR."),
        (Why.ACCUSED, "Jalan", "Dinas PUPR yang memeriksa, karena laporan ini tentang dinas yang biasanya menangani."),
    ],
)
def test_a_reason_names_the_topic_only_where_it_spoke(why: Why, topic: str, told: str) -> None:
    assert plain_reason(Proposal(why, agency="kutim-dpupr"), topic, "Dinas PUPR") == told


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("jalan", "jalan"),
        ("gang", "lainnya"),
        ("harga beras naik di pasar koperasi", "lainnya"),  # several subjects that have no topic
        ("", "lainnya"),
    ],
)
def test_a_topic_wants_one_usual_word(text: str, topic: str) -> None:
    assert propose_topic(text, DIRECTORY) == topic


# The model


def tokens(text: str) -> list[Words]:
    return tokens_of(text, RULES)


@pytest.mark.parametrize(("votes", "read"), [(1, 1), (8, 8), (9, 8)])
def test_the_model_reads_a_word_as_two_and_the_lists_up_to_eight(votes: int, read: int) -> None:
    found = features(tokens("qwerta [nama disamarkan]"), {"roads": {"qwerta": votes}})
    assert found == {"qwerta": 2, VOTE + "roads": read}
    assert HIDDEN not in found


def test_each_word_that_speaks_for_a_subject_is_shown_however_weakly() -> None:
    weak = [(word, by) for word, by in read_model().weights.items() if 1 in by.values() and [(word,)] == tokens(word)]
    assert len(weak) > 20
    for word, by in weak[:20]:
        for name, likely in likely_subjects(tokens(word), {}).items():
            assert likely.words == ((word,) if by.get(name, 0) > 0 else ()), (word, name)


def test_words_that_speak_for_a_subject_are_shown_the_weightiest_first() -> None:
    by_weight = {
        by["health"]: word for word, by in read_model().weights.items() if [(word,)] == tokens(word) and "health" in by
    }
    weights = sorted(weight for weight in by_weight if weight > 0)
    assert len(weights) > 3
    text = " ".join(by_weight[weight] for weight in weights)
    shown = likely_subjects(tokens(text), {})["health"].words
    assert shown == tuple(by_weight[weight] for weight in reversed(weights))


def test_no_unit_is_likely_for_a_subject_that_leads_to_none() -> None:
    agencies = {code: each for code, each in DIRECTORY.agencies.items() if code != "kutim-dlh"}
    here = tokens("sampah menumpuk")
    found = learnt_units(here, spoken_in(here, RULES), Directory(agencies, {}, DIRECTORY.districts), "kutim")
    assert found
    assert "" not in found
