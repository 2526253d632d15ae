"""Padding: what goes in comes out, and a size tells a bucket, not a length."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.crypto.padding import FILE_FLOOR, MESSAGE_FLOOR, PaddingError, file_bucket, message_bucket, pad, unpad

LENGTH = 4


@given(st.binary(max_size=300), st.integers(0, 100))
def test_what_was_padded_comes_back(plain, more):
    size = len(plain) + LENGTH + more
    padded = pad(plain, size)
    assert len(padded) == size
    assert unpad(padded) == plain


def test_the_form_is_length_bytes_zeros():
    assert pad(b"abc", 10) == b"\x00\x00\x00\x03abc\x00\x00\x00"
    assert unpad(b"\x00\x00\x00\x00") == b""


@pytest.mark.parametrize("size", [0, 3, 6])
def test_what_does_not_fit_is_refused(size):
    with pytest.raises(PaddingError, match=f"3 bytes do not fit in {size}"):
        pad(b"abc", size)


@pytest.mark.parametrize("padded", [b"", b"\x00\x00\x00", b"\x00\x00\x00\x01", b"\xff\xff\xff\xff" + bytes(64)])
def test_a_false_length_is_refused(padded):
    with pytest.raises(PaddingError):
        unpad(padded)


@given(st.integers(0, 20_000_000))
def test_messages_fall_into_doubling_buckets(length):
    size = message_bucket(length)
    assert size >= length + LENGTH
    assert size == MESSAGE_FLOOR or size // 2 < length + LENGTH
    assert math.log2(size / MESSAGE_FLOOR).is_integer()


@pytest.mark.parametrize(
    ("length", "floor", "size"),
    [(0, 2048, 2048), (2044, 2048, 2048), (2045, 2048, 4096), (0, 512, 512), (508, 512, 512), (509, 512, 1024)],
)
def test_message_buckets_at_their_edges(length, floor, size):
    assert message_bucket(length, floor) == size


def padme(length: int) -> int:
    """The paper's own formula, in logarithms: clear all but the first ⌊log₂ log₂ L⌋ + 1 bits, rounding up."""
    exponent = math.floor(math.log2(length))
    keep = math.floor(math.log2(exponent)) + 1
    unit = 2 ** (exponent - keep)
    return math.ceil(length / unit) * unit


@given(st.integers(FILE_FLOOR, 50_000_000))
def test_files_have_padme_sizes(length):
    size = file_bucket(length)
    assert size == padme(length + LENGTH)
    assert length + LENGTH <= size <= (length + LENGTH) * 1.12


@given(st.integers(0, FILE_FLOOR - LENGTH))
def test_small_files_all_look_alike(length):
    assert file_bucket(length) == FILE_FLOOR


def test_few_sizes_remain_for_files_up_to_ten_megabytes():
    sizes = {file_bucket(length) for length in range(0, 10 * 1024 * 1024, 4096)}
    assert len(sizes) <= 8 * 32  # 32 sizes in each doubling; the lengths tried are 2,560
