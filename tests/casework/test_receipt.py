"""Receipts as people read and type them: every common slip is caught, and the group at fault named."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.casework.receipt import (
    ALPHABET,
    GROUP_DATA,
    GROUPS,
    Receipt,
    ReceiptError,
    ReceiptGroupsError,
    ReceiptLengthError,
    TrackingIdTypedError,
    is_group,
    parse_receipt,
    parse_tracking_id,
    receipt_from_bytes,
    tracking_id_from_bytes,
)

SIZE = GROUP_DATA + 1
LENGTH = GROUPS * SIZE
receipts = st.binary(min_size=13, max_size=13).map(receipt_from_bytes)


def compact(receipt: Receipt) -> str:
    return "".join(receipt.groups)


def check_by_polynomial(place: int, data: str) -> str:
    """The check symbol as a sum of products, with a GF(32) multiplication written another way."""

    def times(a: int, b: int) -> int:
        product = 0
        for bit in range(5):
            if b >> bit & 1:
                product ^= a << bit
        for bit in range(9, 4, -1):
            if product >> bit & 1:
                product ^= 0b100101 << (bit - 5)
        return product

    def power(exponent: int) -> int:
        value = 1
        for _ in range(exponent):
            value = times(value, 2)
        return value

    total = times(place, power(5))
    for index, symbol in enumerate(data):
        total ^= times(ALPHABET.index(symbol), power(4 - index))
    return ALPHABET[total]


@given(receipts)
def test_what_is_shown_is_read_back(receipt):
    assert parse_receipt(str(receipt)) == receipt


def test_bytes_become_symbols_big_endian_first_hundred_bits():
    assert receipt_from_bytes(bytes(13)).symbols == "0" * 20
    assert receipt_from_bytes(b"\xff" * 13).symbols == "Z" * 20
    assert receipt_from_bytes(b"\x08" + bytes(12)).symbols == "1" + "0" * 19
    last_bit_of_the_hundred = (1 << 4).to_bytes(13, "big")
    assert receipt_from_bytes(last_bit_of_the_hundred).symbols == "0" * 19 + "1"
    beyond_the_hundred = b"\x00" * 12 + b"\x0f"
    assert receipt_from_bytes(beyond_the_hundred).symbols == "0" * 20


@given(receipts)
def test_check_symbols_agree_with_an_independent_calculation(receipt):
    for place, group in enumerate(receipt.groups, start=1):
        assert group[-1] == check_by_polynomial(place, group[:-1])


@given(receipts, st.integers(0, LENGTH - 1), st.sampled_from(ALPHABET))
def test_any_one_wrong_symbol_names_its_group(receipt, position, symbol):
    text = compact(receipt)
    if text[position] == symbol:
        symbol = ALPHABET[(ALPHABET.index(symbol) + 1) % 32]
    with pytest.raises(ReceiptGroupsError) as caught:
        parse_receipt(text[:position] + symbol + text[position + 1 :])
    assert caught.value.groups == (position // SIZE + 1,)


def test_every_single_substitution_of_one_receipt_is_caught():
    text = compact(receipt_from_bytes(bytes(range(13))))
    for position in range(LENGTH):
        for symbol in set(ALPHABET) - {text[position]}:
            with pytest.raises(ReceiptGroupsError) as caught:
                parse_receipt(text[:position] + symbol + text[position + 1 :])
            assert caught.value.groups == (position // SIZE + 1,)


@given(receipts, st.integers(0, LENGTH - 2))
def test_neighbours_swapped_name_the_groups_they_stand_in(receipt, position):
    text = compact(receipt)
    first, second = text[position], text[position + 1]
    swapped = text[:position] + second + first + text[position + 2 :]
    if first == second:
        assert parse_receipt(swapped) == receipt
        return
    with pytest.raises(ReceiptGroupsError) as caught:
        parse_receipt(swapped)
    assert caught.value.groups == tuple(sorted({position // SIZE + 1, (position + 1) // SIZE + 1}))


@given(receipts, st.integers(0, GROUPS - 1), st.integers(0, GROUPS - 1))
def test_groups_swapped_name_both(receipt, one, other):
    groups = list(receipt.groups)
    groups[one], groups[other] = groups[other], groups[one]
    if one == other:
        assert parse_receipt("-".join(groups)) == receipt
        return
    with pytest.raises(ReceiptGroupsError) as caught:
        parse_receipt("-".join(groups))
    assert caught.value.groups == tuple(sorted((one + 1, other + 1)))


@given(receipts, st.sampled_from([" ", "-", "–", "—", "_", ".", "\n", "\t", "\u00a0", ""]), st.booleans())
def test_people_may_type_any_separator_and_case(receipt, separator, lower):
    typed = separator.join(receipt.groups)
    assert parse_receipt(f"  {typed.lower() if lower else typed} ") == receipt


@given(receipts)
def test_look_alikes_are_read_as_digits(receipt):
    typed = str(receipt).replace("0", "o").replace("1", "l")
    assert parse_receipt(typed) == receipt
    assert parse_receipt(str(receipt).replace("0", "O").replace("1", "I")) == receipt


def test_a_symbol_outside_the_alphabet_names_its_group():
    text = compact(receipt_from_bytes(bytes(13)))
    with pytest.raises(ReceiptGroupsError) as caught:
        parse_receipt("U" + text[1:10] + "*" + text[11:])
    assert caught.value.groups == (1, 3)


@pytest.mark.parametrize("cut", [0, 1, 13, 24, 26, 5000])
def test_the_wrong_number_of_symbols_is_counted(cut):
    typed = (compact(receipt_from_bytes(bytes(13))) * 201)[:cut]
    with pytest.raises(ReceiptLengthError) as caught:
        parse_receipt(typed)
    assert caught.value.found == min(cut, 200)
    assert caught.value.expected == LENGTH


@given(st.binary(min_size=8, max_size=8).map(tracking_id_from_bytes))
def test_a_tracking_id_typed_for_a_receipt_is_told_apart(tracking_id):
    with pytest.raises(TrackingIdTypedError):
        parse_receipt(tracking_id.lower())
    assert parse_tracking_id(tracking_id.lower().replace("-", " ").replace("0", "o")) == tracking_id


@pytest.mark.parametrize("typed", ["", "4F7K-2M9Q-XR3", "4F7K-2M9Q-XR3DD", "4F7K-2M9Q-XR3U", "ß" * 12])
def test_what_cannot_be_a_tracking_id_is_refused(typed):
    with pytest.raises(ValueError, match="not a tracking id"):
        parse_tracking_id(typed)


def test_a_tracking_id_is_sixty_bits_in_three_groups():
    assert tracking_id_from_bytes(b"\xff" * 8) == "ZZZZ-ZZZZ-ZZZZ"
    assert tracking_id_from_bytes(b"\x08" + bytes(7)) == "1000-0000-0000"
    assert tracking_id_from_bytes(bytes(7) + b"\x0f") == "0000-0000-0000"


@given(st.text(max_size=60))
def test_any_text_is_either_a_receipt_or_refused_as_one(typed):
    receipt = None
    with contextlib.suppress(ReceiptError):
        receipt = parse_receipt(typed)
    assert receipt is None or parse_receipt(str(receipt)) == receipt


@pytest.mark.parametrize("symbols", ["", "0" * 19, "0" * 21, "U" * 20, "a" * 20])
def test_a_receipt_is_twenty_symbols_of_the_alphabet(symbols):
    with pytest.raises(ReceiptError):
        Receipt(symbols)


@pytest.mark.parametrize("size", [0, 12, 14])
def test_a_receipt_is_made_of_thirteen_bytes(size):
    with pytest.raises(ReceiptError):
        receipt_from_bytes(bytes(size))


@given(receipts)
def test_no_traceback_shows_a_receipt(receipt):
    assert receipt.symbols not in repr(receipt)
    assert receipt.symbols[:4] not in f"{receipt!r}"


@given(receipts, st.integers(1, GROUPS))
def test_a_group_fits_at_its_own_place_however_it_is_spelt(receipt, number):
    group = receipt.groups[number - 1]
    assert is_group(receipt, number, f" {group.lower().replace('0', 'o').replace('1', 'I')}-")
    assert is_group(receipt, number, str(receipt))
    other = receipt.groups[number % GROUPS]
    assert is_group(receipt, number, other) is (other == group)
    with pytest.raises(IndexError):
        is_group(receipt, 0, group)


@given(receipts)
def test_a_pasted_receipt_is_read_with_what_came_along(receipt):
    spaced = " ".join(receipt.groups).lower()
    for pasted in (
        f"“{receipt}”",
        f"({receipt}).",
        f"{spaced};",
        f"https://lapor.example.id/lacak/#{receipt}",
        f"\n{spaced}\n",
    ):
        assert parse_receipt(pasted) == receipt


def test_the_example_on_the_page_is_nobodys_receipt():
    with pytest.raises(ReceiptGroupsError):
        parse_receipt("K7QM2 XRD9H 0F4TW B6CZE 8M3NA")
