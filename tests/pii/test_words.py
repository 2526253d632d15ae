"""What identifies a writer is found, little else is, and the browser's twin finds the same."""

import itertools
import json
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from functions.pii import rules, tagger, words
from tests.depth import deep
from tests.node import NODE
from tests.pii.words_scores import corpus, messages

HERE = Path(__file__).parent
FILES = ("words_corpus", "words_held_out", "words_fresh", "words_blind", "words_unseen")
RAW: dict[str, Any] = json.loads(rules.WORDS.read_text(encoding="utf-8"))
RULES = rules.load().rules
Twin = Callable[[str], dict[str, Any]]


def found(text: str) -> list[tuple[str, str]]:
    return [(f.category, f.text) for f in words.find(text)]


@pytest.fixture(scope="module")
def twin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Twin]:
    """The twin under Node. Without Node this is an error, not a skip: then nothing shows that both agree."""
    folder = tmp_path_factory.mktemp("twin")
    (folder / "package.json").write_text('{"type": "module"}')
    for script in rules.WORDS.parent.glob("*.js"):
        (folder / script.name).write_bytes(script.read_bytes())
    module = folder / "words.js"
    command = [NODE, str(HERE / "words_node.mjs"), str(module), str(rules.WORDS), str(tagger.MODEL)]
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


# The rules file


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.name)
def test_each_rule_matches_its_examples_and_not_its_counterexamples(rule):
    examples = corpus()["rules"][rule.name]
    assert examples["yes"]
    assert examples["no"]
    for text in examples["yes"] + examples["no"]:
        spans = list(words._places(rule, text, words._folded(text)))
        assert bool(spans) == (text in examples["yes"]), text
        assert all(0 <= start < end for start, end in spans)


def test_examples_exist_for_rules_only_and_rules_have_names_of_their_own():
    assert list(corpus()["rules"]) == [r.name for r in RULES]
    assert len({r.name for r in RULES}) == len(RULES)


@pytest.mark.parametrize("rule", [*RULES, *rules.load().evidence], ids=lambda r: r.name)
def test_each_pattern_is_written_in_what_python_and_browsers_share(rule):
    pattern = rule.pattern.pattern
    if rule.category == words.RECEIPT:  # found by its check symbols
        assert not pattern
        return
    assert pattern.isascii()
    assert rule.pattern.groups == 1, "only what stands before the finding is a group"
    signs = re.sub(r"\\[^dDwWsSBAZ1-9]", "", pattern)
    assert not re.search(r"\\|\(\?(?![:=!])|[+*?}]\+|\$", signs)
    assert rule.pattern.match("") is None


def test_each_category_is_used_and_speaks_both_languages():
    assert {r.category for r in (*RULES, *words._TAGGED.values())} == set(rules.categories())
    for category, said in rules.categories().items():
        assert list(said) == ["label", "advice", "masked"], category
        for kind, text in said.items():
            assert list(text) == ["id", "en"], (category, kind)
            assert all(text.values())
        assert all(re.fullmatch(r"\[[^\[\]]+\]", text) for text in said["masked"].values())
        assert all(text.endswith(".") for text in said["advice"].values())


def test_what_is_masked_is_not_found_again():
    for category, said in rules.categories().items():
        # A plea is never masked, so its words never stand in a text.
        for text in said["masked"].values() if category != words.SECRECY else ():
            assert found(f"pak {text} ya") == [], category


def test_folding_keeps_places():
    assert all(len(c) == 1 for c in RAW["fold"]["zeros"])
    assert all(0x20 <= to < 0x7F for code, to in rules.load().fold.items() if code != to)


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
    with pytest.raises(rules.WordsError, match=named):
        rules.ready(RAW | {"rules": [rule]})


# Findings


@pytest.mark.parametrize("number", ["6408014507890003", "6408-0145-0789-0003", "64 08 01 45 07 89 0003"])
def test_a_nik_of_a_woman_carries_her_day_plus_40(number):
    assert found(f"ini {number} ya") == [("nik", number)]


@pytest.mark.parametrize(
    "number", ["0408014507890003", "6408013207890004", "6408017207890003", "6408014513890003", "6408014507890000"]
)
def test_sixteen_digits_that_are_no_nik(number):
    assert [f.category for f in words.unjudged(f"kode {number} ya")] == []


def test_a_nik_hidden_behind_other_digits_is_found():
    assert ("nik", "6408014507890003") in found("99 99 6408014507890003")


def test_places_count_code_points_also_after_emoji_and_in_other_digits():
    text = "😀👨‍👩‍👧 hp ٠٨١٢٥٥٥٠١٩٩ 😀 NIK\u00a06408014507890003"
    first, second = words.find(text)
    assert text[first.start : first.end] == first.text == "٠٨١٢٥٥٥٠١٩٩"
    assert text[second.start : second.end] == second.text == "6408014507890003"


def test_findings_do_not_overlap_and_the_longer_one_wins():
    text = "anak saya Putri kelas 3 SDN 005 lahir 12-05-2014 dipukul"
    findings = words.find(text)
    assert all(one.end <= other.start for one, other in itertools.pairwise(findings))
    assert {"child", "birth"} <= {f.category for f in findings}


@pytest.mark.parametrize(
    ("category", "text"),
    [
        ("phone", "Nomor saya 0812-3456-7890."),
        ("phone", "Saya takut. no. saya 085212345678, tanya saja Budi Hartono."),
        ("account", "no rekening saya 1234567890123"),
        ("customer", "nomor pelanggan saya 531234567890"),
    ],
)
def test_a_number_that_is_plainly_something_else_is_called_no_card(category, text, twin):
    """ "Nomor saya" says little of what follows: who reads "card number" beside a phone takes the hint for a mistake."""
    assert category in [f.category for f in words.find(text)]
    assert [f["category"] for f in twin(text)["findings"] if f["text"][0].isdigit()] == [category]


def test_what_the_tagger_takes_for_a_name_is_not_said_to_be_the_writers():
    """It errs: told that "Pak Joko" is their own name, who reports him masks whom they report."""
    said = RAW["categories"]["self_name"]
    assert said["label"] == {"id": "Nama seseorang", "en": "Someone's name"}
    assert said["advice"] == RAW["categories"]["name"]["advice"]


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
    with pytest.raises(rules.WordsError, match="at 3"):
        words.mask("xx 0812-1297-775", [*findings, *findings])
    with pytest.raises(rules.WordsError, match="at 3"):
        words.mask("ya, wa 0812-1297-775", findings)


# Python and the browser


def assert_same(text: str, twin: Twin) -> None:
    answer, findings = twin(text), words.unjudged(text)
    assert answer["findings"] == [f._asdict() for f in findings]
    assert answer["masked"] == words.mask(text, findings)
    assert answer["english"] == words.mask(text, findings, "en")
    assert answer["pleads"] == words.pleads_secrecy(text)


def test_the_twin_says_the_same_of_each_category(twin):
    for language in ("id", "en"):
        said = {name: {kind: text[language] for kind, text in c.items()} for name, c in rules.categories().items()}
        assert twin("")["categories"][language] == said


def test_the_twin_finds_the_same_in_the_corpus(twin):
    examples = [t for part in ("rules", "frames") for e in corpus()[part].values() for t in e["yes"] + e["no"]]
    for text in [m.text for name in FILES for m in messages(name)] + examples:
        assert_same(text, twin)


# Where the two engines differ by nature: case of letters beyond ASCII, kinds of space, line ends, surrogates.
ODD = ["😀", "👩🏽‍🌾", "٠٨", "سلام ", "ſ", "K", "İ", "ı", "ß", "\u200b", "\u00a0", "\x1c", "\x85", "\u2028", "\r\n", "\n", "８", "𝟖", "é", "0\ufe0f\u20e3", "\u202e", "\u2066", "\u200e", "\u200c", "\xad", "\u0335", "\U000e0041"]  # fmt: skip
PIECES = st.one_of(
    st.sampled_from([m.text for name in FILES for m in messages(name) if m.marks or m.plea]),
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


@settings(max_examples=deep(500, 100), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=mutated())
def test_the_twin_finds_the_same_in_mutated_texts(twin, text):
    assert_same(text, twin)


# Time

NASTY = [
    "0", "0 ", "0812 ", "0\u200b", "8\u202e1", "@a", "@-.", "@a. ", "x.me/a", "https://www.", "1.000.", "1 1 a.n", "6408 ", "satu ", "a", "a@", "a.a@a.", "h. ", "\n", " ", "😀",
    "saya ", "a.n. ", "an bpk ", "an Aa ", "Saya Aa ", "saya h ", "nama saya ", "nama saya h. ", "nama: ",
    "anak sd ", "anak lahir ", "anak sd lahir ", "anak saya Aa ", "lahir 1 ", "rumah saya ", "depan rumah ",
    "saya a b, ", "saya nur", "saya awati", "min ini dgn a ", "anak saya a b ", "istri saya Aa ", "fb saya Aa ",
    "ini dgn a b ", "privasi saya a ", "jangan kasih ", "tidak usah sebut ", "[a ", "[aaa disamarkan", "H. S.E ", "nama: a s.e ",
    "rumah saya di jl a b ", "saya tinggal di desa a ", "alamat jl a ", "jl a no 1 ", "rt 1 ", "saya guru a di a ",
    "rek bri 0", "rek ", "KT 1 ", "A 123 ", "kt1", "mohon a ", "jangan sebut a ", "nama a ", "takut a ",
    "ku ", "saya a tinggal di ", "ds a blok a 1 ", "saya a dari ds a rt ", "Aa 8 th ", "Aa (8 th) siswa sd a ", "ttl a ",
    "nama a saya a tidak ", "perkenalkan, Aa ", "hub ibu Aa ", "\njabatan: guru ", "jangan sampai nama ",
]  # fmt: skip
LENGTH = 20_000
WHOLE = deep(20_000, 4_000)  # a length for all rules together, of which each is tried at LENGTH
BYTES = 10_000
RATIO = 3000  # measured: at most about 1,500; what grows with the square of the length takes its length
RULE_RATIO = 100


TRIES = 20


def seconds(work: Callable[[], object]) -> float:
    """Seconds of CPU that it takes once."""
    start = time.process_time()
    work()
    return time.process_time() - start


def plain_scan(length: int = LENGTH) -> float:
    """Seconds of CPU for one look at each character, the fastest of several."""
    text = "ab " * (length // 3)
    return min(seconds(lambda: re.findall(r"[^\n]", text)) for _ in range(5))


def within(bound: float, measured: Callable[[], float]) -> bool:
    """Whether one of many tries stays below the bound. A busy machine only ever adds to a time, while what grows with
    the square of the length is beyond the bound at each try."""
    return any(measured() < bound for _ in range(TRIES))


@pytest.mark.long
def test_nasty_input_takes_time_in_proportion(twin):
    plain = plain_scan(WHOLE)
    for piece in NASTY:
        text = (piece * WHOLE)[:WHOLE]
        assert within(RATIO * plain, lambda text=text: seconds(lambda: words.find(text))), piece
        assert within(RATIO * plain, lambda text=text: twin(text)["micros"] / 1e6), piece


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.name)
def test_each_rule_takes_time_in_proportion_on_what_nearly_matches_it(rule):
    """Its own examples, whole and cut short, over and over: what brings a rule furthest before it fails."""
    plain = plain_scan()
    for example in corpus()["rules"][rule.name]["yes"]:
        for piece in (example, example[: len(example) // 2], example[len(example) // 2 :], example[:-1]):
            text = words._folded((piece * (LENGTH // len(piece) + 1))[:LENGTH]).text
            assert within(
                RULE_RATIO * plain, lambda t=text: seconds(lambda: list(words._places(rule, t, words._folded(t))))
            ), piece


@pytest.mark.parametrize(("pattern", "nasty"), [("()(?:a+)+b", "a" * 24), ("()a*b", "a" * LENGTH)])
def test_a_pattern_that_tries_each_length_from_each_place_is_beyond_these_bounds(pattern, nasty):
    assert seconds(lambda: re.search(pattern, nasty)) > RULE_RATIO * plain_scan()


# Size


def test_the_tagger_is_small_to_fetch():
    """Over Brotli at its best level; ``tests/site/test_weight.py`` weighs the script that all this becomes."""
    command = "console.log(process.argv.slice(1).reduce((sum, f) => sum + zlib.brotliCompressSync(fs.readFileSync(f)).length, 0))"
    files = [str(tagger.MODEL), str(tagger.MODEL.with_suffix(".js"))]
    assert int(subprocess.check_output([NODE, "-e", command, *files])) <= BYTES
