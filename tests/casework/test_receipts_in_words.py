"""Receipts are found in any text by their check symbols, and nothing else is taken for one."""

import json
import random
from pathlib import Path

import pytest
from hypothesis import given, settings

from functions.casework.receipt import ALPHABET, Receipt, receipt_from_bytes, tracking_id_from_bytes
from functions.casework.understanding.receipts import TAKEN_OUT, receipts_in, without_receipts
from functions.casework.understanding.words import Words, across
from functions.crypto.seal import reply_keys, sealing
from tests.depth import deep
from tests.spelled_receipts import shows, spellings

HERE = Path(__file__).parent
RECEIPT = receipt_from_bytes(bytes(range(7, 20)))
CODE = str(RECEIPT)
OWN = 4  # receipts that the project's corpora hold on purpose


@settings(max_examples=deep(20_000, 400))
@given(spellings())
def test_a_receipt_is_found_wherever_and_however_it_is_written(case: tuple[Receipt, str]) -> None:
    receipt, text = case
    assert receipt in [found.receipt for found in receipts_in(text)]
    once = without_receipts(text)
    assert TAKEN_OUT in once
    assert not shows(once, receipt)
    assert without_receipts(once) == once


def _mistyped(groups: list[str], at: int, luck: random.Random) -> list[str]:
    """With one sign wrong, lost, or more than there should be."""
    group, sign = groups[at], luck.randrange(5)
    other = luck.choice(ALPHABET.replace(group[sign], ""))
    wrong = (group[:sign] + more + group[sign + past :] for more, past in ((other, 1), ("", 1), (other, 0)))
    return ["-".join([*groups[:at], text, *groups[at + 1 :]]) for text in wrong]


def test_four_right_groups_are_enough() -> None:
    """One receipt in 150 has so few changes from letter to digit that four of its groups could be prose."""
    luck, missed, told = random.Random(16), 0, 0  # noqa: S311 - the same each time
    for _ in range(deep(4_000, 400)):
        groups = list(receipt_from_bytes(luck.randbytes(13)).groups)
        for typed in _mistyped(groups, luck.randrange(5), luck):
            for text in (typed, typed.replace("-", " "), typed.replace("-", ""), typed.lower()):
                missed += not receipts_in(f"Kode saya {text}, tolong.")
                told += 1
    assert missed <= told // 100, (missed, told)


def test_ordinary_texts_hold_no_receipt() -> None:
    """The project's own messages, whole and joined; numbers of all kinds beside each other."""
    texts: list[str] = []

    def gather(raw: object) -> None:
        if isinstance(raw, str):
            texts.append(raw)
        for each in raw.values() if isinstance(raw, dict) else raw if isinstance(raw, list) else ():
            gather(each)

    for path in (HERE / "routing_messages.json", HERE.parent / "pii" / "words_corpus.json"):
        gather(json.loads(path.read_text()))
    assert sum(map(len, texts)) > 45_000
    assert len([text for text in texts if receipts_in(text)]) == OWN - 1  # the corpus of rules holds three
    luck = random.Random(7)  # noqa: S311 - the same each time
    numbers = (
        lambda: f"08{luck.randrange(10**9, 10**10)}",
        lambda: str(luck.randrange(10**15, 10**16)),
        lambda: str(luck.randrange(10**9, 10**15)),
        lambda: tracking_id_from_bytes(luck.randbytes(8)),
        lambda: f"{luck.randrange(10**5):05}",
        lambda: f"KT {luck.randrange(9999)} XY",
        lambda: f"{luck.randrange(1, 29)}-{luck.randrange(1, 13)}-2026",
    )
    alarms = 0
    for _ in range(deep(20_000, 2_000)):
        text = " dan ".join(luck.choice(numbers)() for _ in range(4))
        alarms += bool(receipts_in(text))
        assert not receipts_in(f"Nomor laporan {numbers[3]()}, hp {numbers[0]()}.")
    assert alarms <= deep(4, 2)


@pytest.mark.parametrize(
    "piece", ["a", "0", CODE, CODE.replace("-", ""), f"{CODE} ", "K7QM2", "[kode laporan disamarkan]"]
)
def test_work_grows_with_the_length_and_no_more(piece: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted as passes over the text and as groups that are weighed in them, not as seconds."""
    from functions.casework.understanding import receipts as finder

    counts = []
    for length in (5_000, 20_000):
        steps = []
        for name in ("_signs", "_is", "_turns"):
            real = getattr(finder, name)
            monkeypatch.setattr(finder, name, lambda *a, real=real, steps=steps: (steps.append(1), real(*a))[1])
        without_receipts((piece * (length // len(piece) + 1))[:length])
        counts.append(len(steps))
        monkeypatch.undo()
    assert counts[1] <= 5 * counts[0] + 100
    assert counts[1] <= 20 * 20_000


def test_a_receipt_that_lost_signs_does_not_reach_into_the_word_beside_it() -> None:
    first, *others = CODE.split("-")
    for short in ("-".join([first[1:], *others]), " ".join([first[2:], *others]), CODE[:-2].replace("-", " ")):
        text = f"aku {short} yang"
        assert [text[found.start : found.end] for found in receipts_in(text)] == [short]


def test_a_whole_receipt_takes_no_letter_of_the_words_beside_it() -> None:
    """With its first signs the end of the word before is a right group once in 16, as if the next one were too long."""
    luck = random.Random(17)  # noqa: S311 - the same each time
    for _ in range(300):
        code = str(receipt_from_bytes(luck.randbytes(13)))
        for text in ("Kode {}", "Kode saya {}.", "Ada di {} ya"):
            for typed in (code, code.lower(), code.replace("-", " ")):
                assert without_receipts(text.format(typed)) == text.format(TAKEN_OUT)


def test_a_receipt_over_two_fields_or_messages_is_one() -> None:
    words = Words({"body": f"{CODE[13:]} mohon", "subject": f"Kode {CODE[:13]}", "reply_key": CODE})
    assert words.taken_out
    assert not shows(f"{words['subject']} {words['body']}", RECEIPT)
    assert words["reply_key"] == CODE  # a machine's own key stays what it is
    said = across(["a" * 900 + CODE[:11], CODE[11:18], CODE[18:] + " ya" * 400])
    assert not shows(" ".join(said), RECEIPT)
    assert [len(text) > 500 for text in said] == [True, False, True]
    assert Words({"body": CODE[12:]}, after=CODE[:12])["body"] == TAKEN_OUT
    between = Words({"subject": CODE[:13], "place": "", "body": CODE[13:]})
    assert (dict(between), between.taken_out) == ({"subject": TAKEN_OUT, "place": "", "body": TAKEN_OUT}, True)
    beside = {"subject": "Jalan rusak", "place": "", "body": f"Kode {CODE} ya"}
    assert dict(Words(beside)) == beside | {"body": f"Kode {TAKEN_OUT} ya"}  # nothing else loses a letter
    assert across([f"Kode {CODE[:11]}", f"{TAKEN_OUT} ya"]) == [f"Kode {TAKEN_OUT}", f"{TAKEN_OUT} ya"]


def test_what_forgets_to_take_receipts_out_seals_nothing() -> None:
    """The wall: mypy refuses it, and so does the function itself, whatever way in calls it."""
    plain = {"body": CODE}
    public = reply_keys.public_of_reply_key(reply_keys.new_reply_key()[0])
    for seal in (
        lambda: sealing.seal_item(bytes(32), "4F7K-2M9Q-XR3D", 1, "report", plain),  # type: ignore[arg-type]
        lambda: sealing.seal_subject(bytes(32), "4F7K-2M9Q-XR3D", plain),  # type: ignore[arg-type]
        lambda: reply_keys.seal_reply(public, "4F7K-2M9Q-XR3D", "message", plain),  # type: ignore[arg-type]
    ):
        with pytest.raises(TypeError, match="Words"):
            seal()
    forgetful = type(
        "Forgetful", (Words,), {"__init__": lambda self, texts: None, "encoded": lambda self: CODE.encode()}
    )
    with pytest.raises(TypeError, match="Words"):
        sealing.seal_item(bytes(32), "4F7K-2M9Q-XR3D", 1, "report", forgetful(plain))


def test_what_machines_made_stays_what_it_is_though_it_looks_like_a_receipt() -> None:
    """One in 7,000 hand-overs had ids like these, and could not be recalled."""
    noted = '{"notices":["handover-0b91c64ab86f5a4e69bab22d526a862b"],"facts":{"holder":"kutim"}}'
    assert receipts_in(noted)
    assert Words({"reason": "Kewenangan dinas.", "recall": noted})["recall"] == noted


def test_a_public_texts_opening_stays_what_it_is_though_it_looks_like_a_receipt() -> None:
    """One in 3,000 was masked, so its text never became public though its reporter had agreed."""
    opening = "df3770110b2b77a28cb9fda43c23a37d072370c19b1e925f133fec934054c803"
    assert receipts_in(opening)
    assert Words({"summary": "Beberapa lampu jalan padam.", "opening": opening})["opening"] == opening
