"""Packing: what goes in comes out, nothing unpacks to more than is said, and a size tells no more than it did before
words were deflated."""

import json
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.casework.report import BODY_MAX, SUBJECT_MAX
from functions.crypto.packing import DEFLATED, MOST_BYTES, STORED, PackingError, packed, unpacked
from functions.crypto.padding import LENGTH_BYTES, message_bucket
from functions.crypto.seal.sealing import SUBJECT_FLOOR, WORDS_FLOOR
from tests.crypto.scripts import SCRIPTS, prose
from tests.pii.words_scores import messages

WORDS_FLOOR_1 = 4096  # of items of version 1, whose words were padded as they are
PAGE = Path(__file__).parents[2] / "docs" / "sizes.md"


def words(body: str) -> bytes:
    """A report's words as they are sealed."""
    fields = {"body": body, "subject": "", "place": "", "happened_on": "", "about_officials": ""}
    return json.dumps(fields, ensure_ascii=False).encode()


def bucket(body: str) -> int:
    """The size of a report's words."""
    return message_bucket(len(packed(words(body), WORDS_FLOOR)), WORDS_FLOOR)


def bucket_undeflated(body: str) -> int:
    """The same from a browser that cannot deflate."""
    return message_bucket(len(STORED + words(body)), WORDS_FLOOR)


def bucket_1(body: str) -> int:
    """The same before."""
    return message_bucket(len(words(body)), WORDS_FLOOR_1)


def borders(text: str, size: Callable[[str], int]) -> list[int]:
    """How many characters of a text fit into each size, up to the form's limit."""
    found, low = [], 0
    while low < BODY_MAX:
        this, high = size(text[: low + 1]), BODY_MAX
        while low < high:  # the last length that is still of this size
            middle = (low + high + 1) // 2
            low, high = (middle, high) if size(text[:middle]) <= this else (low, middle - 1)
        found.append(low)
    return found


@given(st.binary(max_size=3000) | st.text(max_size=600).map(lambda text: 4 * text.encode("utf-8", "replace")))
def test_what_was_packed_comes_back(plain: bytes) -> None:
    for floor in (16, 256, 1840):
        inside = packed(plain, floor)
        assert unpacked(inside) == plain
        assert len(inside) <= 1 + len(plain)


def test_what_fits_is_left_as_it_is() -> None:
    fits = bytes(256 - LENGTH_BYTES - 1)
    assert packed(fits, 256) == STORED + fits
    assert packed(fits + b"\x00", 256)[:1] == DEFLATED
    assert len(packed(fits + b"\x00", 256)) < 30


@pytest.mark.parametrize(("length", "mark"), [(MOST_BYTES, DEFLATED), (MOST_BYTES + 1, STORED)])
def test_whatever_is_packed_unpacks(length: int, mark: bytes) -> None:
    inside = packed(bytes(length), 256)
    assert inside[:1] == mark
    assert unpacked(inside) == bytes(length)


def test_a_bomb_is_let_go_of_at_its_limit() -> None:
    bomb = zlib.compress(bytes(50_000_000), 9)
    assert len(bomb) < 50_000
    with pytest.raises(PackingError, match=f"more than {MOST_BYTES} bytes"):
        unpacked(DEFLATED + bomb)


@given(st.binary(max_size=60))
def test_any_bytes_are_unpacked_or_refused(inside: bytes) -> None:
    for mark in (b"", STORED, DEFLATED):
        try:
            assert len(unpacked(mark + inside)) <= MOST_BYTES
        except PackingError:
            assert (mark + inside)[:1] != STORED


@pytest.mark.parametrize("script", SCRIPTS)
def test_no_more_sizes_than_before_tell_a_text_of_any_script(script: str) -> None:
    text = SCRIPTS[script](prose())
    assert len(text) >= BODY_MAX
    assert len(borders(text, bucket)) <= len(borders(text, bucket_1))
    assert len(borders(text, bucket_undeflated)) <= 1 + len(borders(text, bucket_1))


def test_the_first_size_tells_scripts_apart_less_than_before() -> None:
    now, before = ([borders(write(prose()), size)[0] for write in SCRIPTS.values()] for size in (bucket, bucket_1))
    assert max(now) / min(now) < 1.5
    assert max(before) / min(before) > 2.5
    latin, *others = zip(now, before, strict=True)
    assert latin[0] > 0.75 * latin[1]  # of a hundred strangers' messages, the worst there is to deflate
    assert all(fits > fitted for fits, fitted in others)


def test_ordinary_reports_are_all_of_the_first_size() -> None:
    texts = [message.text for name in ("corpus", "unseen", "blind") for message in messages(f"words_{name}")]
    assert {bucket(write(text)) for text in texts for write in SCRIPTS.values()} == {WORDS_FLOOR}


def test_subjects_of_any_script_are_of_one_size() -> None:
    subjects = [write(prose()[at:])[:SUBJECT_MAX] for write in SCRIPTS.values() for at in range(0, BODY_MAX, 500)]
    sizes = [message_bucket(len(packed(subject.encode(), SUBJECT_FLOOR)), SUBJECT_FLOOR) for subject in subjects]
    assert set(sizes) == {SUBJECT_FLOOR}


@pytest.mark.parametrize("script", SCRIPTS)
def test_the_page_of_sizes_says_what_is_so(script: str) -> None:
    """Within a twentieth: makers of zlib differ by some bytes."""
    (row,) = (line for line in PAGE.read_text().splitlines() if line.startswith(f"| {script} |"))
    told = [[int(n.replace(",", "")) for n in cell.split("·") if n.strip()] for cell in row.split("|")[2:5]]
    text = SCRIPTS[script](prose())
    for numbers, size in zip(told, (bucket, bucket_undeflated, bucket_1), strict=True):
        assert numbers == pytest.approx(borders(text, size)[:-1], rel=0.05)
