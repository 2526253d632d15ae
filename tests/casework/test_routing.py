"""Who should get a case: how often the proposal is right, why it says so, and whom it never names.

Right at first / right among the first three, of n messages. ``topic`` is the chosen topic's own unit, as it was before
there were rules (baseline 1); ``majority`` the three commonest units of ``dev``, whatever is written (baseline 2);
``bayes`` a naive Bayes classifier, each half of a set learning for the other half.

    set       n    rules, first seen   rules, now   topic     majority    bayes
    dev       120  116/120             114/119      83/83     17/34       63/85
    held_out  60   60/60               56/57        42/42     9/18        21/34
    foreign   194  141/167             147/171      none      25/49       59/105
    foreign2  167  143/156             157/160      none      29/53       50/91

Whatever may complain of people in office goes to the inspectorate first (``behaviour``): 19 messages that do not, or
whose label is older, count as misses since, so that of 81 accused units of other hands none is proposed first.

Since words accuse, whoever they accuse is never proposed, but these labels are older: 20 of the messages that miss name
as right the very unit that they complain about ("pegawai capil kasar bgt": the inspectorate is proposed). They count as
misses here.

``dev`` and ``held_out`` are invented, 31 % and 30 % of them under "Lainnya" or a topic that is not theirs. They were
written before the rules, but by the same hand within the hour, and the full marks on ``held_out``, scored once after
the rules stood, say so: whoever writes a message and then the words to look for has not been tested. What to expect
says ``foreign``: the messages of tests/pii, by hands that had no part in this, their units labelled before the rules
met them, and without any topic, so that words alone decide: 73 % at first and 86 % among three. ``foreign2``, shorter
and plainer, was scored once after the rules had learnt from ``foreign``; the column "now" is after learning from both.
Labels are one person's, and none of this is a measure of real reports.

The classifier beats the rules nowhere: learning from dev and held_out it gets 193/268 of the 361 foreign messages, the
rules more; even all 541 messages, halved, give it 292/381 against 474/507. One over pieces of 3 to 5 letters, tried
by author, gets 111/153 of ``foreign`` and 128/151 of ``foreign2``. Neither is shipped; since there are 1,330 messages
by other hands, a linear model that reads the rules' votes beside the words is (``learnt``, decision (iiiiiii)), and it
has learnt from these sets as well. ``own``, 80 messages written for the accused's release before its rules, were 75/75 at first.
"""

import json
from dataclasses import replace
from fnmatch import fnmatch
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.casework.access import is_accused, may_receive
from functions.casework.directory.agencies import Agency, AgencyKind, Directory, Topic
from functions.casework.routing import rules as routing_rules
from functions.casework.routing.learnt import VOTE, read_model
from functions.casework.routing.propose import MOST, TOLD, Why, propose
from functions.casework.routing.rules import plain, read_rules, spoken_in, tokens_of
from tests.casework.routing_scores import (
    DIRECTORY,
    commonest,
    foreign,
    halves,
    masked_rules,
    naive_bayes,
    ours,
    rules,
    score,
    topics_unit,
)
from tests.casework.trees import a_head, directories

ROOT = Path(__file__).parents[2]
FOREIGN = ("words_blind", "words_unseen", "words_fresh", "words_held_out")
SETS = {
    "dev": ours("dev"),
    "held_out": ours("held_out"),
    "foreign": foreign(*FOREIGN),
    "foreign2": foreign("words_corpus"),
}
EVERY = [message for messages in SETS.values() for message in messages]
OWN = ours("accused_release")
RULES = read_rules()
LEARNT = {word for word in read_model().weights if not word.startswith(VOTE)}


def kutim(**facts):
    return a_head(**{"instance": "kutim", "holder": "kutim", "topic": "lainnya", "district": "64.08.04"} | facts)


def targets(text, directory=DIRECTORY, given_back=(), **facts):
    found = propose(kutim(**facts), text, directory, given_back)
    return [f"outside:{p.outside.code}" if p.outside else p.agency for p in found]


# How often


@pytest.mark.every_day(2)
@pytest.mark.parametrize(
    ("name", "size", "by_rules", "by_masked", "by_topic", "by_majority", "by_bayes"),
    [
        ("dev", 120, (110, 119), (110, 119), (83, 83), (17, 34), (63, 85)),
        ("held_out", 60, (52, 58), (52, 58), (42, 42), (9, 18), (21, 34)),
        ("foreign", 194, (157, 177), (154, 177), (0, 0), (25, 49), (59, 105)),
        ("foreign2", 167, (152, 161), (147, 157), (0, 0), (29, 53), (50, 91)),
    ],
)
def test_how_often_the_proposal_is_right(name, size, by_rules, by_masked, by_topic, by_majority, by_bayes):
    messages = SETS[name]
    assert len(messages) == size
    assert score(rules, messages) == by_rules
    assert score(masked_rules, messages) == by_masked
    assert score(topics_unit, messages) == by_topic
    assert score(commonest(SETS["dev"]), messages) == by_majority
    assert halves(naive_bayes, messages) == by_bayes


@pytest.mark.long
def test_a_classifier_does_not_beat_the_rules():
    learnt = naive_bayes(SETS["dev"] + SETS["held_out"])
    assert score(learnt, foreign()) == (193, 268)
    assert halves(naive_bayes, EVERY) == (292, 381)
    assert score(rules, EVERY) == (471, 515)


def test_the_own_messages_of_the_accuseds_release():
    assert len(OWN) == 80
    assert score(rules, OWN) == (78, 80)


def test_about_a_third_of_our_messages_stand_under_a_wrong_topic():
    for name, lainnya, wrong in (("dev", 19, 37), ("held_out", 12, 18)):
        assert sum(m.topic == "lainnya" for m in SETS[name]) == lainnya
        assert sum(topics_unit(m) != [m.unit] for m in SETS[name]) == wrong


def test_another_regency_is_routed_by_the_names_of_its_units():
    """The rules know no agency's code: with other codes and no topic they know, names alone give nearly the same."""
    codes = {code: f"x{number}" for number, code in enumerate(DIRECTORY.agencies)}
    renamed = {
        codes[a.code]: replace(
            a,
            code=codes[a.code],
            parent=codes.get(a.parent, ""),
            coordinator=codes.get(a.coordinator, ""),
            inspectorate=codes.get(a.inspectorate, ""),
        )
        for a in DIRECTORY.agencies.values()
    }
    other = Directory(renamed, {"umum": Topic("umum", "Umum", "General")}, DIRECTORY.districts)

    def by_name(message):
        found = propose(kutim(instance=codes["kutim"], holder=codes["kutim"], topic="umum"), message.text, other)
        back = {new: old for old, new in codes.items()}
        return [f"outside:{p.outside.code}" if p.outside else back[p.agency] for p in found]

    assert score(by_name, SETS["foreign"]) == score(rules, SETS["foreign"])


# Why


def test_a_proposal_names_the_words_that_spoke_for_it():
    first, *_ = propose(kutim(topic="jalan"), "jln poros km 21 rsk parah, lubang2nya dlm, mhn diaspal", DIRECTORY)
    assert (first.agency, first.why) == ("kutim-dpupr", Why.BOTH)
    assert first.words == ("jalan poros", "aspal", "lubang", "rusak")


@pytest.mark.parametrize(
    ("topic", "text", "agency", "why"),
    [
        ("jalan", "tolong ditindak", "kutim-dpupr", Why.TOPIC),
        ("lainnya", "sampah menumpuk", "kutim-dlh", Why.WORDS),
        ("lingkungan", "sampah menumpuk", "kutim-dlh", Why.BOTH),
        ("jalan", "sampah menumpuk", "kutim-dlh", Why.WORDS),
    ],
)
def test_topic_and_words_speak_and_words_outweigh(topic, text, agency, why):
    first = propose(kutim(topic=topic), text, DIRECTORY)[0]
    assert (first.agency, first.why) == (agency, why)


def test_where_nothing_speaks_nothing_is_proposed():
    assert propose(kutim(), "tolong ditindak", DIRECTORY) == ()
    assert propose(kutim(), "", DIRECTORY) == ()
    assert propose(kutim(topic="tidak-ada-lagi"), "", DIRECTORY) == ()


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("aspalnya ngelupas", "kutim-dpupr"),
        ("JALAN BERLUBANG-LUBANG", "kutim-dpupr"),
        ("jlnx rsk", "kutim-dpupr"),
        ("mohon pengerukan parit", "kutim-dpupr"),
        ("sklh kami krg gru", "kutim-disdik"),
        ("psksmas tutup", "kutim-dinkes"),
        ("lampu di jalan padam", "kutim-dishub"),
        ("smph gk diangkut2", "kutim-dlh"),
        ("pêncemâran sungai", "kutim-dlh"),
        ("e-ktp blm jadi", "kutim-disdukcapil"),
        ("bnsos blm dpt", "kutim-dinsos"),
        ("airnya gak ngalir", "kutim-perumda-air"),
        ("banyu kada mangalir", "kutim-perumda-air"),
    ],
)
def test_words_are_read_as_people_write_them(text, unit):
    assert targets(text)[:1] == [unit]


@pytest.mark.parametrize(
    ("text", "not_for"),
    [
        ("sampah di depan sekolah menumpuk", "kutim-disdik"),
        ("lampu jalan mati di dekat puskesmas", "kutim-dinkes"),
        ("program ini tidak berjalan, sampah menumpuk", "kutim-dpupr"),
        ("sampah menumpuk, jangan sebut identitas saya", "kutim-disdukcapil"),
    ],
)
def test_where_it_happened_and_turns_of_speech_speak_for_nobody(text, not_for):
    found = targets(text)
    assert found
    assert not_for not in found


def test_what_a_mask_hides_does_not_speak():
    assert targets("saya guru honorer")[:1] == ["kutim-disdik"]
    assert targets("saya [pekerjaan disamarkan]") == []
    assert targets("NIK [NIK disamarkan] tidak dapat bansos")[0] == "kutim-dinsos"


# What is not ours


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("listrik padam tiap malam", "pln"),
        ("jalan nasional berlubang parah", "national_road"),
        ("guru SMK kurang", "province"),
        ("motor saya dicuri", "police"),
        ("iuran bpjs dobel", "bpjs"),
        ("sertifikat tanah ptsl belum jadi", "land_office"),
        ("antri solar di spbu", "fuel"),
        ("syarat nikah di kua", "religion"),
    ],
)
def test_what_is_not_ours_is_said_with_where_to_turn(text, code):
    first = propose(kutim(), text, DIRECTORY)[0]
    assert first.agency == ""
    assert first.outside is not None
    assert first.outside.code == code
    assert first.words


def test_who_is_competent_comes_before_who_has_the_subject():
    assert targets("jalan nasional berlubang", topic="jalan") == ["outside:national_road", "kutim-dpupr"]
    assert targets("guru SMA kurang", topic="sekolah")[:2] == ["outside:province", "kutim-disdik"]
    assert targets("jalan rusak di depan SMA", topic="jalan")[0] == "kutim-dpupr"


def test_only_numbers_everybody_knows_are_given():
    known = {"123", "110", "165", "135", "137", "157"}
    for outside in RULES.outside.values():
        assert {word for word in plain(outside.turn_to) if word.isdigit()} <= known
        assert outside.says.endswith(".")
        assert outside.name


# Whom it never names


def test_where_who_would_handle_it_is_accused_the_inspectorate_is_proposed():
    first, *others = propose(kutim(topic="jalan", about_agency="kutim-dpupr"), "jalan rusak, aspal tipis", DIRECTORY)
    assert (first.agency, first.why) == ("kutim-inspektorat", Why.ACCUSED)
    assert "kutim-dpupr" not in [other.agency for other in others]
    assert targets("jalan rusak", topic="jalan", about_agency="kutim-inspektorat")[0] == "kutim-dpupr"
    assert "kutim-inspektorat" not in targets("korupsi, suap", topic="pungli", about_agency="kutim-inspektorat")


def test_words_of_abuse_of_office_propose_the_inspectorate_alone():
    """The unit they are about may be the very one that would stand beside it."""
    assert targets("oknum guru minta uang, dana bos dikorupsi kepala sekolah") == ["kutim-inspektorat"]
    assert targets("proyek jalan dikorupsi", topic="jalan") == ["kutim-inspektorat"]
    assert targets("sekolah kurang guru", topic="pungli")[:2] == [
        "kutim-disdik",
        "kutim-inspektorat",
    ]  # the topic alone is no word


def test_who_gave_it_back_and_who_holds_it_are_not_proposed():
    assert targets("sampah menumpuk di got")[:2] == ["kutim-dlh", "kutim-dpupr"]
    assert targets("sampah menumpuk di got", given_back=["kutim-dlh"])[:1] == ["kutim-dpupr"]
    assert targets("korupsi", holder="kutim-inspektorat") == []


NAMES = ["Dinas Pekerjaan Umum", "Dinas Pendidikan", "Kecamatan Satu", "Kelurahan Dua", "Satpol PP", "Inspektorat", ""]


@st.composite
def routed(draw):
    """A directory whose units have names and topics, a head in it, and a text that may speak for any of them."""
    bare = draw(directories())
    agencies = {code: replace(a, name=draw(st.sampled_from(NAMES)) or code) for code, a in bare.agencies.items()}
    codes = sorted(agencies)
    topics = {
        code: Topic(code, code, code, unit=draw(st.sampled_from(["", *codes])))
        for code in ("jalan", "sekolah", "ketertiban")
    }
    head = a_head(
        topic=draw(st.sampled_from(["jalan", "sekolah", "gone"])),
        district=draw(st.sampled_from(["64.00.01", "gone"])),
        holder=draw(st.sampled_from(codes)),
        about_agency=draw(st.sampled_from(["", "gone", *codes])),
    )
    said = st.sampled_from([" ".join(entry) for entry in sorted(RULES.votes)])
    parts = draw(st.lists(said | st.text(max_size=20), max_size=8))
    return Directory(agencies, topics, bare.districts), head, " ".join(parts)


@given(routed(), st.data())
def test_never_the_accused_nor_any_target_that_is_refused(case, data):
    directory, head, text = case
    back = data.draw(st.lists(st.sampled_from(sorted(directory.agencies)), max_size=2))
    found = propose(head, text, directory, back)
    assert len(found) <= MOST
    named = [p.agency for p in found if p.outside is None]
    assert len(named) == len(set(named))
    for proposal in found:
        assert (proposal.agency == "") == (proposal.outside is not None)
        assert len(proposal.words) <= TOLD
        assert all(plain(word) in RULES.votes or word in LEARNT for word in proposal.words)
        if proposal.outside is None:
            assert may_receive(proposal.agency, head, directory)
            assert not is_accused(proposal.agency, head.about_agency, directory)
            assert proposal.agency not in (head.holder, *back)


@given(st.text(max_size=300))
def test_any_text_gives_an_answer_and_only_words_of_the_rules_and_the_model(text):
    for proposal in propose(kutim(), text, DIRECTORY):
        assert all(plain(word) in RULES.votes or word in LEARNT for word in proposal.words)


@given(st.text(alphabet="abdeginkmnprstuy", max_size=40))
def test_a_word_has_few_roots_whatever_it_is(word):
    assert len(list(routing_rules.roots_of(word))) <= 8 * 5 * 12


@pytest.mark.parametrize("part", ["a", "[", "[a", "jalan rusak ", "memperlubangkannya2 ", "ﷺ", "lampu di "])
def test_a_long_text_says_no_more_than_its_words(part):
    """20,000 characters of anything: one word more or less changes nothing, and each entry counts once."""
    long = part * (20_000 // len(part))
    assert propose(kutim(), long, DIRECTORY) == propose(kutim(), part * 6, DIRECTORY)
    assert len({forms[0] for forms in tokens_of(long, RULES)}) <= 3


# The place

PLACED = Directory(
    {
        **DIRECTORY.agencies,
        "kec-busang": Agency("kec-busang", "Kecamatan Busang", AgencyKind.UNIT, "kutim"),
        "kec-sgt": Agency("kec-sgt", "Kantor Kecamatan Sangatta Utara", AgencyKind.UNIT, "kutim"),
        "kel-lingga": Agency("kel-lingga", "Kelurahan Teluk Lingga", AgencyKind.UNIT, "kec-sgt"),
    },
    DIRECTORY.topics,
    DIRECTORY.districts,
)


def test_a_kecamatan_is_proposed_for_its_own_district_only():
    text = "kantor kecamatan kekurangan kursi"
    assert targets(text, PLACED, district="64.08.06")[0] == "kec-busang"
    assert targets(text, PLACED, district="64.08.04")[0] == "kec-sgt"
    assert "kec-busang" not in targets(text, PLACED, district="64.08.05")
    assert targets(text, DIRECTORY, district="64.08.06") == []


def test_a_kelurahan_is_proposed_where_the_words_name_it():
    assert targets("kantor lurah teluk lingga tutup", PLACED)[0] == "kel-lingga"
    assert "kel-lingga" not in targets("kantor lurah singa geweh tutup", PLACED)


def test_a_kecamatan_is_not_proposed_where_its_camat_takes_money():
    assert targets("camat minta setoran, kantor camat", PLACED, district="64.08.06") == ["kutim-inspektorat"]


# The file


def test_every_entry_can_be_found():
    """An entry that its own spelling hides would never speak."""
    for entry, votes in RULES.votes.items():
        spoken = spoken_in(tokens_of(" ".join(entry), RULES), RULES)
        for name in votes:
            assert " ".join(entry) in spoken.get(name, {}), entry


def test_every_responsibility_leads_somewhere_in_the_demonstration():
    for name, office in RULES.offices.items():
        if office.place:
            continue
        strong = next(entry for entry, votes in RULES.votes.items() if votes.get(name, 0) >= 3 and len(votes) == 1)
        found = targets(" ".join(strong))
        assert found, (name, strong)
        assert not found[0].startswith("outside:"), (name, strong)


def test_the_file_knows_only_what_it_says_it_knows():
    assert set(RULES.outside).isdisjoint(RULES.offices)
    assert {other for names in RULES.instead_of.values() for other in names} <= set(RULES.offices)
    assert {topic for office in RULES.offices.values() for topic in office.topics} == {
        topic.code for topic in DIRECTORY.topics.values() if topic.unit
    }


def test_the_file_goes_along_to_the_cloud():
    packaged = "functions/casework/routing/rules.toml"
    assert (ROOT / packaged).is_file()
    excluded = json.loads((ROOT / "zappa_settings.json").read_text())["bersama"]["exclude_glob"]
    assert not any(fnmatch(packaged, pattern) for pattern in excluded)
