"""The judge: the same name, number or place is hidden or stays by whose the text says it is."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from functions.pii import candidates, judge, reader, rules, shapes, tagger, words
from functions.pii.context import Context
from tests.bench.cpu import times_as_long
from tests.depth import DEEP
from tests.pii.score import read
from tests.pii.training import judge as training

MODEL_SIZES = 420_000  # bytes in the package; 201,000 before the reader was recurrent
# None of these stands in the training. The first of each pair is the accused's or the matter's, the second the writer's.
PAIRS = {
    "a name": ("Sekdes bernama Mahfudin minta 300 ribu", "keponakan saya bernama Mahfudin dipukul 3 orang", "Mahfudin"),
    "a name after pak": ("lurahnya Pak Iskandar menagih 200 ribu", "tetangga kami Pak Iskandar lumpuh", "Iskandar"),
    "a name that is said again": (
        "Kades Tarmuji jarang masuk. Kemarin Tarmuji minta uang rokok.",
        "Adik saya Tarmuji ditahan. Kemarin Tarmuji dipukul.",
        "Tarmuji",
    ),
    "a phone": ("calo itu nomornya 0813 4711 9022, minta transfer", "hubungi saya 0813 4711 9022", "0813 4711 9022"),
    "a plate": ("truk pelangsir KT 8765 LD antri solar", "motor saya KT 8765 LD ditahan", "KT 8765 LD"),
    "an account": (
        "disuruh setor ke rekening bendahara BRI 3390 0101 2288 505",
        "rekening saya BRI 3390 0101 2288 505 belum masuk",
        "3390 0101 2288 505",
    ),
    "a street": ("Jalan Durian 3 berlubang semua", "rumah saya di Jalan Durian 3 nomor 8", "Durian 3"),
}


@given(st.binary(min_size=4, max_size=20))
def test_what_a_machine_wrote_stays(raw: bytes) -> None:
    """A checksum looks like plates, homes and accounts in pieces, and belongs to nobody.

    One with a whole number of a phone at its end ("af0810000000") is hidden: people write "hp0810000000".
    """
    mark = f"a{raw.hex()}0"
    assume(not re.search(r"\d{9}", mark))
    assert not [found for found in words.find(f"Lampu jalan mati sejak dua minggu. Tanda {mark}.") if found.mask]


@pytest.mark.parametrize(("accused", "own", "what"), PAIRS.values(), ids=PAIRS)
def test_whose_it_is_decides(accused: str, own: str, what: str) -> None:
    assert what in words.mask_all(accused)
    assert what not in words.mask_all(own)


@pytest.mark.parametrize("around", ["oknum itu {} minta transfer", "truk pelaku {}", "setor ke kades {}", "{}"])
@pytest.mark.parametrize("secret", ["6408014507890003", "0C202-A1G7Q-104GA-M2RCM-1M70C"])
def test_what_tells_one_person_alone_is_hidden_whoever_is_accused(around: str, secret: str) -> None:
    assert secret not in words.mask_all(around.format(secret))


@given(st.sampled_from(["saya Wagimin", "hp 0852 5000 1122", "Kades Tarmuji minta uang", "motor KT 8765 LD", "jl. Aren 4"]),
       st.lists(st.sampled_from(["Tarmuji", "saya", "oknum", ".", "\n", "0812", "😀", "minta"]), max_size=12))  # fmt: skip
def test_masking_again_changes_nothing_and_what_was_judged_is_of_the_text(text: str, more: list[str]) -> None:
    text = " ".join([text, *more])
    once = words.mask_all(text)
    assert words.mask_all(once) == once
    assert all(text[f.start : f.end] == f.text for f in words.find(text))


def test_what_is_left_of_a_name_beside_a_number_is_hidden_too() -> None:
    text = "4472 (Rusmiati) 0853"
    numbers = bytearray(b"\x01" * 4 + bytes(12) + b"\x01" * 4)
    start, end = candidates._free(text, numbers, 0, len(text))
    assert text[start:end] == "Rusmiati"


def _context(text: str) -> Context:
    folded = words.folded(text)
    return candidates.met(folded, tagger.load(), judge.load().classes)


def test_a_scrap_beside_a_number_stays() -> None:
    met = _context("id pelanggan PDAM 0203118847")
    for sure, told in ((0.9, True), (0.1, False)):
        met.read = [[1 - sure, sure, 0, 0, 0, 0]] * len(met.found)
        assert met.tells(0, 17) is told


def test_a_name_that_is_hidden_once_is_hidden_wherever_it_stands() -> None:
    text = (
        "Teman saya Rusmiati dipukul kerani. "
        + "Kerani itu tertawa. " * 3
        + "Besoknya rusmiati disuruh pulang, Rusmiati malu."
    )
    assert "rusmiati" not in words.mask_all(text).lower()


def test_the_phone_of_a_text_that_names_nobody_else_is_hidden() -> None:
    assert "0852" not in words.mask_all("alamat: jl mekar rt 4 hp 0852 5000 1122", skip=["home"])
    met = _context("hp 0852 5000 1122 milik oknum")
    ruled = words.by_rules(met.text)
    assert ruled
    assert not any(one.certain for one in candidates.candidates(met, ruled, []))


def test_an_accounts_owner_stays_where_the_account_does() -> None:
    assert "Wahyudi" in words.mask_all("disuruh transfer ke BRI 0214-01-002233-50-8 atas nama Wahyudi Pratama")


def test_a_place_that_only_lists_know_is_nowhere() -> None:
    met = _context("depan rumah saya gelap")
    met.read = [[0.1, 0, 0.9, 0, 0, 0]] * 3 + [[1.0, 0, 0, 0, 0, 0]]
    assert not [one for one in candidates.candidates(met, [], []) if one.what == judge.PLACES]


def test_a_sum_a_date_and_a_time_are_nobodys_number() -> None:
    for text in ("1.340.000", "6.12", "12/05/2024", "A1"):
        assert shapes.is_none(text), text
    for text in ("03.11.20987", "0812 55", "KM Cahaya 03 GT 3", "@ani"):
        assert not shapes.is_none(text), text


def test_the_letters_of_a_number_are_no_name() -> None:
    met = _context("surat 045/LSM-PKR/X/2026 dari Ponirin")
    names = [met.text[c.start : c.end] for c in candidates.candidates(met, [], []) if c.what == judge.NAMES]
    assert not {"LSM", "PKR"}.intersection(names)
    assert any("Ponirin" in name for name in names)


def _pieces(text: str, label: str, start: int = 0) -> list[str]:
    met = _context(text)
    pieces = candidates._pieces(met, start, len(met.found), label)
    return [met.text[met.found[first].start : met.found[last - 1].end] for first, last in pieces]


def test_a_stretch_ends_with_its_sentence_and_stands_apart_from_what_somebody_does() -> None:
    assert _pieces("Hamzah. Lho kok", "N") == ["Hamzah", "Lho kok"]
    assert _pieces("kasir di koperasi dilecehkan dipukul di gudang dipukul dipukul", "W") == [
        "kasir di koperasi",
        "di gudang",
    ]
    assert _pieces("Jln. Mawar Gg. Melati no. 4", "H") == ["Jln. Mawar Gg. Melati no. 4"]
    assert _pieces("anak2 kelas enam", "C", 1) == ["kelas enam"]


def _facts(text: str, name: str) -> set[str]:
    met = _context(text)
    start = met.text.index(name)
    return judge.facts(met, judge.Candidate(start, start + len(name), judge.NAMES, "N", tagger.OTHERS))


def test_a_deed_counts_by_the_side_on_which_it_stands() -> None:
    """Who beats stands behind "dipukuli", who is beaten before it."""
    assert {"N=bPk", "N=ck-"} <= _facts("saya dipukuli suami Guntur", "Guntur")
    assert {"N=b-k", "N=ckP"} <= _facts("suami Guntur dipukuli", "Guntur")
    assert "N=hk1" in _facts("suami Guntur pukul saya", "Guntur")
    assert "N=hk0" in _facts("suami Guntur tidur", "Guntur")


def test_whose_words_stand_before_a_number_counts() -> None:
    met = _context("nomornya dia 0813")
    start = met.text.index("0813")
    assert "#=o011" in judge.facts(met, judge.Candidate(start, start + 4, judge.NUMBERS, "digits", "digits"))


def test_which_known_name_it_is_tells_nothing() -> None:
    assert _facts("tetangga kami agus sakit", "agus") == _facts("tetangga kami anton sakit", "anton")
    assert _facts("tetangga kami agus sakit", "agus") != _facts("tetangga kami meja sakit", "meja")


def test_a_mask_reads_alike_in_each_language() -> None:
    assert _context("hp [nama disamarkan] ya").words == _context("hp [name masked] ya").words


def test_a_name_that_is_said_a_thousand_times_is_looked_at_a_few_times() -> None:
    context = _context("pak Budi minta. " * 1000)
    at = context.words.index("budi")
    assert 6 <= len(list(judge._elsewhere(context, at, at + 1))) <= 6 * judge._SAME


def test_the_judge_is_packed_as_it_is_read() -> None:
    raw = json.loads(judge.MODEL.read_text(encoding="utf-8"))
    read = judge.unpack(raw)
    assert len(read.weights) == 2**training.BITS
    assert min(read.weights) < 0 < max(read.weights)
    assert judge.MODEL.stat().st_size + reader.MODEL.stat().st_size <= MODEL_SIZES
    assert raw["classes"] == training.classes()
    listed = [word for several in raw["classes"].values() for word in several.split()]
    assert len(listed) == len(set(listed)), "a word is of one class"


def test_learning_tells_apart_what_facts_tell_apart() -> None:
    rows = [
        training.Row((1, 2 + n % 2), what, (0.0, 0.0, 0.0), right=n % 2 == 0, counts=1, part=n % 5)
        for n in range(400)
        for what in training.LEAN
    ]
    learnt = training.learn(rows)
    assert learnt.weights[2] > 0.1 > -0.1 > learnt.weights[3]
    assert sum(map(abs, learnt.weights)) == sum(abs(learnt.weights[n]) for n in (1, 2, 3))
    assert all(mix.own > 1 > mix.most == mix.mean == mix.least == 0 for mix in learnt.mix.values())


def test_the_reader_counts_as_much_as_it_is_right() -> None:
    """It is right about names and knows nothing of the rest; nothing else tells them apart."""
    rows = [
        training.Row((1,), what, (sign, sign, sign), right=n % 4 < 2, counts=1, part=n % 5)
        for n in range(400)
        for what in training.LEAN
        for sign in [(2.0 if n % 4 < 2 else -2.0) if what == "N" else (2.0 if n % 2 else -2.0)]
    ]
    odds = {what: mix.most + mix.mean + mix.least for what, mix in training.learn(rows).mix.items()}
    assert odds.pop("N") > 1
    assert max(map(abs, odds.values())) < 0.1


def test_all_that_rules_and_tagger_find_is_asked_of_the_judge() -> None:
    known = {word: kind for kind, several in training.classes().items() for word in several.split()}
    for message in training.sides():
        met = training.seen(training.Lesson(message, tagger.load(), 1, 0), known)
        asked = list(candidates.candidates(met.context, met.ruled, met.evidence))
        for found in words.unjudged(message.text):
            if found.mask:
                assert any(one.start < found.end and found.start < one.end for one in asked), found


@pytest.mark.parametrize(
    "before", ["", "Jalan rusak di depan kantor. ", "Pak Camat minta uang di kantor, saya saksi. "]
)
@pytest.mark.parametrize("said", ["Nama saya ", "nama sy ", "Namaku ", "Saya bernama ", "Nama lengkap saya: "])
@pytest.mark.parametrize("name", ["Bunga Melati", "Siti Aminah", "Rahmat"])
def test_who_says_their_own_name_is_hidden_whatever_the_judge_says(before: str, said: str, name: str) -> None:
    text = f"{before}{said}{name}."
    assert name not in words.mask_all(text), text


@pytest.mark.parametrize("text", ["nama saya tidak ada di daftar penerima", "nama saya sudah dicoret dari daftar"])
def test_what_is_said_of_ones_name_is_no_name(text: str) -> None:
    assert words.mask_all(text) == text


@pytest.mark.parametrize("said", ["Lagi. ", "ha ", "rusak rusak "])
def test_words_without_a_digit_are_no_long_number(said: str) -> None:
    found = [found for found in words.find(said * 300) if found.mask]
    assert not [each for each in found if each.category == "id_number"]
    assert sum(len(each.text.split()) for each in found) <= 4


def test_a_number_takes_no_name_along() -> None:
    masked = words.mask_all("Bendahara sekolah minta uang, hubungi Suryani 081255556666 katanya")
    assert "Suryani [nomor" in masked or "[nama disamarkan] [nomor" in masked


def test_a_door_that_starts_loads_no_judge() -> None:
    code = "import sys, functions.pii.words; print([m for m in sys.modules if m.startswith('functions.pii') and m.rsplit('.', 1)[1] in ('judge', 'candidates', 'reader')])"
    assert subprocess.check_output([sys.executable, "-c", code], encoding="utf-8").strip() == "[]"


@pytest.mark.every_day(2)
@pytest.mark.parametrize("piece", ["Budi ", "pak Budi minta 0812-5550-1990. ", "KT 1234 AB ", "1/2/a-", "Aa1", "saya "])
def test_time_is_in_proportion_to_the_text(piece: str) -> None:
    words.find(piece)
    # Eight times the text takes about eight times as long; what grows with the square takes 64 times.
    assert times_as_long(lambda length: words.find((piece * length)[:length]), 2_000, 16_000, 3) < 20


def test_shapes_are_no_sums_and_no_dates() -> None:
    for text in ("Rp 1.500.000", "12/05/2024", "12-5-24"):
        known = bytearray(len(text))
        assert not list(candidates._by_shape(text, known, known)), text
    assert re.fullmatch(shapes._DIGITS, "0093/PSR/I/24")
    assert set(candidates._CERTAIN) < set(rules.categories())


def _hidden(text: str) -> set[int]:
    return {at for found in words.find(text) if found.mask for at in range(found.start, found.end)}


if DEEP:  # some minutes of CPU, so only in ``make test-deep``

    def test_the_training_gives_what_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Sums of floats differ by machine, and each step of the reader's learning follows from the one before: the weights
        are others, and what they hide of messages that nothing learnt is nearly the same."""
        reading, judging, _ = training.made(tmp_path)
        runs = json.loads(judge.MODEL.read_text(encoding="utf-8"))
        assert all(judging[key] == runs[key] for key in ("classes", "again"))
        apart = [message.text for message in read(Path(__file__).with_name("words_apart.jsonl"))]
        before = [_hidden(text) for text in apart]
        monkeypatch.setattr(reader, "load", lambda: reader.unpack(reading))
        monkeypatch.setattr(candidates, "load", lambda: judge.unpack(judging))
        after = [_hidden(text) for text in apart]
        same = sum(len(one & other) for one, other in zip(before, after, strict=True))
        assert same > 0.9 * sum(map(len, before))
