"""What identifies a writer is found, little else is, and the browser's twin finds the same."""

import json
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from functions.vault import words
from tests.vault.words_scores import corpus, messages, score

HERE = Path(__file__).parent
RAW: dict[str, Any] = json.loads(words._RULES.read_text(encoding="utf-8"))
RULES = words._load().rules
Twin = Callable[[str], dict[str, Any]]


def found(text: str) -> list[tuple[str, str]]:
    return [(f.category, f.text) for f in words.find(text)]


@pytest.fixture(scope="module")
def twin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Twin]:
    """The twin under Node. Without Node this is an error, not a skip: then nothing shows that both agree."""
    # Node tells a module by the file's ending; browsers do not.
    module = tmp_path_factory.mktemp("twin") / "words.mjs"
    module.write_bytes(words._RULES.with_suffix(".js").read_bytes())
    command = ["node", str(HERE / "words_node.mjs"), str(module), str(words._RULES)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8") as node:
        assert node.stdin is not None
        assert node.stdout is not None
        ask, answers = node.stdin, node.stdout

        def answer(text: str) -> dict[str, Any]:
            ask.write(json.dumps({"text": text}) + "\n")
            ask.flush()
            read: dict[str, Any] = json.loads(answers.readline())
            return read

        yield answer
        ask.close()
        assert node.wait(timeout=10) == 0


# The corpus


def test_the_corpus_is_large_and_half_of_it_harmless():
    identifying = [m for m in messages() if m.marks or m.plea]
    assert len(identifying) >= 60
    assert len(messages()) - len(identifying) >= 60


def test_the_marks_name_categories_and_cover_each_of_them():
    marked = {category for m in messages() for category, _, _ in m.marks}
    assert marked | {words.SECRECY} == set(words.categories())


def test_recall_and_precision():
    total = score(iter(messages()))
    assert total.recall >= 0.95, str(total)
    assert total.precision >= 0.90, str(total)


def test_a_missed_mark_lowers_recall_and_a_harmless_finding_precision():
    plain = next(m for m in messages() if m.marks)
    unmarked = type(plain)(plain.text, (), plea=False)
    mismarked = type(plain)(plain.text, (("email", 0, 3),), plea=True)
    assert score(iter([plain, unmarked])).precision < 1
    assert score(iter([plain, mismarked])).recall < 1


# The rules file


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.name)
def test_each_rule_matches_its_examples_and_not_its_counterexamples(rule):
    examples = corpus()["rules"][rule.name]
    assert examples["yes"]
    assert examples["no"]
    for text in examples["yes"] + examples["no"]:
        spans = list(words._spans(rule, text.translate(words._load().fold)))
        assert bool(spans) == (text in examples["yes"]), text
        assert all(0 <= start < end for start, end in spans)


def test_examples_exist_for_rules_only_and_rules_have_names_of_their_own():
    assert list(corpus()["rules"]) == [r.name for r in RULES]
    assert len({r.name for r in RULES}) == len(RULES)


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.name)
def test_each_pattern_is_written_in_what_python_and_browsers_share(rule):
    pattern = rule.pattern.pattern
    assert pattern.isascii()
    assert rule.pattern.groups == 1, "only what stands before the finding is a group"
    signs = re.sub(r"\\[^dDwWsSBAZ1-9]", "", pattern)
    assert not re.search(r"\\|\(\?(?![:=!])|[+*?}]\+|\$", signs)
    assert rule.pattern.match("") is None


def test_each_category_is_used_and_speaks_both_languages():
    assert {r.category for r in RULES} == set(words.categories())
    for category, said in words.categories().items():
        assert list(said) == ["label", "advice", "masked"], category
        for kind, text in said.items():
            assert list(text) == ["id", "en"], (category, kind)
            assert all(text.values())
        assert all(re.fullmatch(r"\[[^\[\]]+\]", text) for text in said["masked"].values())
        assert all(text.endswith(".") for text in said["advice"].values())


def test_what_is_masked_is_not_found_again():
    for category, said in words.categories().items():
        for text in said["masked"].values():
            assert found(f"pak {text} ya") == [], category


def test_folding_keeps_places():
    assert all(len(c) == 1 for c in RAW["fold"]["zeros"])
    assert all(0x20 <= to < 0x7F for to in words._load().fold.values())


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"pattern": "(a"}, "rule x"),
        ({"pattern": "()<nowhere>"}, "nowhere"),
        ({"flags": "m"}, "rule x"),
        ({"check": "moon"}, "moon"),
        ({"category": "moon"}, "category moon"),
    ],
)
def test_a_faulty_rules_file_is_refused_by_name(change, named):
    rule = {"rule": "x", "category": "nik", "mask": True, "flags": "", "pattern": "()a"} | change
    with pytest.raises(words.WordsError, match=named):
        words._ready(RAW | {"rules": [rule]})


# Findings


@pytest.mark.parametrize("number", ["6408014507890003", "6408-0145-0789-0003", "64 08 01 45 07 89 0003"])
def test_a_nik_of_a_woman_carries_her_day_plus_40(number):
    assert found(f"ini {number} ya") == [("nik", number)]


@pytest.mark.parametrize(
    "number", ["0408014507890003", "6408013207890004", "6408017207890003", "6408014513890003", "6408014507890000"]
)
def test_sixteen_digits_that_are_no_nik(number):
    assert found(f"kode {number} ya") == []


def test_a_nik_hidden_behind_other_digits_is_found():
    assert ("nik", "6408014507890003") in found("99 99 6408014507890003")


def test_places_count_code_points_also_after_emoji_and_in_other_digits():
    text = "😀👨‍👩‍👧 hp ٠٨١٢٥٥٥٠١٩٩ 😀 NIK\u00a06408014507890003"
    first, second = words.find(text)
    assert text[first.start : first.end] == first.text == "٠٨١٢٥٥٥٠١٩٩"
    assert text[second.start : second.end] == second.text == "6408014507890003"


def test_findings_do_not_overlap_and_the_longer_one_wins():
    text = "anak saya Putri kelas 3 SDN 005 lahir 12-05-2014 dipukul"
    assert [f.rule for f in words.find(text)] == ["child_school_birth"]


def test_what_may_be_masked_wins_over_what_may_not():
    text = "tolong nama saya Budi jangan disebut"
    assert found(text) == [("self_name", "Budi")]
    assert words.pleads_secrecy(text)


def test_a_plea_is_told_but_never_masked():
    text = "jgn sebut nama sy ya pak takut dimarahi"
    assert {f.category for f in words.find(text)} == {words.SECRECY}
    assert words.mask(text, words.find(text)) == text
    assert words.pleads_secrecy(text)
    assert not words.pleads_secrecy("takut jembatan roboh")


def test_masking_replaces_what_was_chosen_in_any_order():
    text = "😀 nama saya Budi, wa 0812-1297-775 atau 0812-1297-776"
    findings = words.find(text)
    assert words.mask(text, reversed(findings)) == (
        "😀 nama saya [nama disamarkan], wa [nomor telepon disamarkan] atau [nomor telepon disamarkan]"
    )
    assert words.mask(text, findings[:1], "en") == text.replace("Budi", "[name masked]")
    assert words.mask(text, ()) == text


def test_findings_of_another_text_are_refused():
    findings = words.find("wa 0812-1297-775")
    with pytest.raises(words.WordsError, match="at 3"):
        words.mask("xx 0812-1297-775", [*findings, *findings])
    with pytest.raises(words.WordsError, match="at 3"):
        words.mask("ya, wa 0812-1297-775", findings)


# Python and the browser


def assert_same(text: str, twin: Twin) -> None:
    answer, findings = twin(text), words.find(text)
    assert answer["findings"] == [asdict(f) for f in findings]
    assert answer["masked"] == words.mask(text, findings)
    assert answer["english"] == words.mask(text, findings, "en")
    assert answer["pleads"] == words.pleads_secrecy(text)


def test_the_twin_finds_the_same_in_the_corpus(twin):
    examples = [text for e in corpus()["rules"].values() for text in e["yes"] + e["no"]]
    for text in [m.text for m in messages()] + examples:
        assert_same(text, twin)


# Where the two engines differ by nature: case of letters beyond ASCII, kinds of space, line ends, surrogates.
ODD = ["😀", "👩🏽‍🌾", "٠٨", "سلام ", "ſ", "K", "İ", "ı", "ß", "\u200b", "\u00a0", "\x1c", "\x85", "\u2028", "\r\n", "\n", "８", "𝟖", "é", "0\ufe0f\u20e3"]  # fmt: skip
PIECES = st.one_of(
    st.sampled_from([m.text for m in messages() if m.marks or m.plea]),
    st.sampled_from(ODD),
    st.text(max_size=6),
    st.from_regex(r"[0-9 .-]{1,18}", fullmatch=True),
)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """Messages run together, with something odd put in at places of its choice and case turned."""
    text = "".join(draw(st.lists(PIECES, max_size=4)))
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(text)))
        text = text[:at] + draw(st.sampled_from(ODD)) + text[at + draw(st.integers(0, 2)) :]
    return draw(st.sampled_from([str, str.upper, str.title]))(text)


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=mutated())
def test_the_twin_finds_the_same_in_mutated_texts(twin, text):
    assert_same(text, twin)


# Time

NASTY = [
    "0", "0 ", "0812 ", "1.000.", "1 1 a.n", "6408 ", "satu ", "a", "a@", "a.a@a.", "h. ", "\n", " ", "😀",
    "saya ", "a.n. ", "an bpk ", "an Aa ", "Saya Aa ", "saya h ", "nama saya ", "nama saya h. ", "nama: ",
    "anak sd ", "anak lahir ", "anak sd lahir ", "anak saya Aa ", "lahir 1 ", "rumah saya ", "depan rumah ",
    "rumah saya di jl a b ", "saya tinggal di desa a ", "alamat jl a ", "jl a no 1 ", "rt 1 ", "saya guru a di a ",
    "rek bri 0", "rek ", "KT 1 ", "A 123 ", "kt1", "mohon a ", "jangan sebut a ", "nama a ", "takut a ",
]  # fmt: skip
LENGTH = 20_000
RATIO = 1500  # measured: at most about 300; what grows with the square of the length takes 20,000


def plain_scan() -> float:
    """Seconds of CPU for one look at each character, the fastest of several."""
    text = "ab " * (LENGTH // 3)
    times = []
    for _ in range(5):
        start = time.process_time()
        re.findall(r"[^\n]", text)
        times.append(time.process_time() - start)
    return min(times)


def test_nasty_input_takes_time_in_proportion(twin):
    plain = plain_scan()
    for piece in NASTY:
        text = (piece * LENGTH)[:LENGTH]
        start = time.process_time()
        words.find(text)
        assert time.process_time() - start < RATIO * plain, piece
        assert twin(text)["micros"] / 1e6 < RATIO * plain, piece
