"""The receipt (kode laporan) and the tracking id (nomor laporan) as people read and type them.

A receipt is 100 secret bits in five groups of five Crockford base32 symbols, each group four data symbols and one check
symbol, e.g. ``K7QM2-XRD9H-0F4TW-B6CZE-8M3NA``. The check runs over GF(32). It catches any one wrong symbol, any two
swapped neighbours and any two swapped groups, and names the group at fault. A tracking id is 60 bits, known to
officers, and opens nothing.

Source for the alphabet: Crockford, "Base 32", https://www.crockford.com/base32.html.
"""

from dataclasses import dataclass

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RECEIPT_BYTES = 13
GROUPS = 5
GROUP_DATA = 4
TRACKING_BYTES = 8
TRACKING_SYMBOLS = 12
VALUES = {symbol: value for value, symbol in enumerate(ALPHABET)} | {"O": 0, "I": 1, "L": 1}  # also as people type
_SEPARATORS = str.maketrans("", "", " -–—_.,;:/|'\"“”‘’()[]<>\t\r\n\u00a0")


class ReceiptError(ValueError):
    """The typed text is not a receipt. Says nothing about whether a case exists."""


class ReceiptLengthError(ReceiptError):
    """Too few or too many symbols: ``found`` of ``expected``."""

    def __init__(self, found: int) -> None:
        self.found = found
        self.expected = GROUPS * (GROUP_DATA + 1)
        super().__init__(f"{found} symbols instead of {self.expected}")


class ReceiptGroupsError(ReceiptError):
    """These groups (1-based) hold a typing error."""

    def __init__(self, groups: tuple[int, ...]) -> None:
        self.groups = groups
        super().__init__(f"groups {groups} look wrong")


class TrackingIdTypedError(ReceiptError):
    """A tracking id was typed in place of the receipt."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt: ``symbols`` is its 20 data symbols in capitals, the form all keys are derived from."""

    symbols: str

    def __post_init__(self) -> None:
        if len(self.symbols) != GROUPS * GROUP_DATA or not set(self.symbols) <= set(ALPHABET):
            raise ReceiptError("a receipt is 20 symbols of the alphabet")

    @property
    def groups(self) -> tuple[str, ...]:
        """The five groups as shown to people, check symbol last in each."""
        parts = (self.symbols[i : i + GROUP_DATA] for i in range(0, len(self.symbols), GROUP_DATA))
        return tuple(part + check_symbol(index, part) for index, part in enumerate(parts))

    def __str__(self) -> str:
        return "-".join(self.groups)

    def __repr__(self) -> str:
        return "Receipt(…)"  # a receipt must not reach a log by way of a traceback


def receipt_from_bytes(secret: bytes) -> Receipt:
    """Return the receipt of the first 100 bits of 13 secret bytes. Raises ReceiptError for another length."""
    if len(secret) != RECEIPT_BYTES:
        raise ReceiptError(f"a receipt is made of {RECEIPT_BYTES} bytes")
    return Receipt(_symbols(secret, GROUPS * GROUP_DATA))


def tracking_id_from_bytes(secret: bytes) -> str:
    """Return the tracking id of the first 60 bits of 8 bytes, e.g. ``4F7K-2M9Q-XR3D``."""
    text = _symbols(secret[:TRACKING_BYTES], TRACKING_SYMBOLS)
    return "-".join(text[i : i + 4] for i in range(0, TRACKING_SYMBOLS, 4))


def parse_receipt(typed: str) -> Receipt:
    """Read what a person typed: any case, spaces or dashes, O for 0, I and L for 1.

    The link of the QR code, which has the receipt in its fragment, is read as well.

    Raises TrackingIdTypedError, ReceiptLengthError, or ReceiptGroupsError naming the wrong groups.
    """
    text = typed[-1000:].rpartition("#")[2].translate(_SEPARATORS).upper()[:200]
    size = GROUP_DATA + 1
    if len(text) == TRACKING_SYMBOLS and all(symbol in VALUES for symbol in text):
        raise TrackingIdTypedError("a tracking id, not a receipt")
    if len(text) != GROUPS * size:
        raise ReceiptLengthError(len(text))
    wrong = []
    data = ""
    for index in range(GROUPS):
        group = text[index * size : (index + 1) * size]
        plain = "".join(ALPHABET[VALUES[symbol]] if symbol in VALUES else "?" for symbol in group)
        if "?" in plain or check_symbol(index, plain[:GROUP_DATA]) != plain[GROUP_DATA]:
            wrong.append(index + 1)
        data += plain[:GROUP_DATA]
    if wrong:
        raise ReceiptGroupsError(tuple(wrong))
    return Receipt(data)


def is_group(receipt: Receipt, number: int, typed: str) -> bool:
    """Tell whether somebody typed group ``number`` (1 to 5) of the receipt, or the whole receipt.

    Spelling is forgiven as in ``parse_receipt``. Raises IndexError for another number.
    """
    text = typed.translate(_SEPARATORS).upper()[:200]
    plain = "".join(ALPHABET[VALUES[symbol]] if symbol in VALUES else "?" for symbol in text)
    if not 1 <= number <= GROUPS:
        raise IndexError(number)
    return plain in (receipt.groups[number - 1], "".join(receipt.groups))


def parse_tracking_id(typed: str) -> str:
    """Return the tracking id in its canonical form. Raises ValueError if it cannot be one."""
    text = typed.translate(_SEPARATORS).upper()[:50]
    if len(text) != TRACKING_SYMBOLS or any(symbol not in VALUES for symbol in text):
        raise ValueError("not a tracking id")
    plain = "".join(ALPHABET[VALUES[symbol]] for symbol in text)
    return "-".join(plain[i : i + 4] for i in range(0, TRACKING_SYMBOLS, 4))


def _symbols(secret: bytes, count: int) -> str:
    number = int.from_bytes(secret, "big") >> (len(secret) * 8 - count * 5)
    return "".join(ALPHABET[(number >> (5 * shift)) & 31] for shift in reversed(range(count)))


def check_symbol(index: int, data: str) -> str:
    """Return the check symbol of group ``index`` (from 0): check symbol Horner over GF(32) with x^5+x^2+1. The group's
    place is the seed, so swapped groups show."""
    value = index + 1
    for symbol in data:
        value = (value << 1) ^ (0x25 if value & 0x10 else 0) ^ VALUES[symbol]
    return ALPHABET[(value << 1) ^ (0x25 if value & 0x10 else 0)]
