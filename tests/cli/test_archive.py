"""An archive gives back what it was given, and nothing of one that was touched."""

import io
from functools import cache
from hashlib import shake_128

import pytest

from functions.cli import archive
from functions.cli.archive import CHUNK, HEADER, TAG, ArchiveError, Reader, Writer

PASSPHRASE = "kuda-besi-berlari-malam"


@pytest.fixture(autouse=True)
def _keys_are_stretched_once(monkeypatch):
    """The same key for the same passphrase and header, without stretching it anew for each of a dozen archives."""
    monkeypatch.setattr(archive, "_key", cache(archive._key))


SIZES = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 5]


def packed(content, passphrase, pieces=10_007):
    out = io.BytesIO()
    writer = Writer(out, passphrase)
    for start in range(0, len(content), pieces):
        assert writer.write(content[start : start + pieces]) == len(content[start : start + pieces])
    writer.finish()
    return out.getvalue()


def unpacked(raw, passphrase, pieces=9_001):
    reader = Reader(io.BytesIO(raw), passphrase)
    return b"".join(iter(lambda: reader.read(pieces), b""))


def some(size):
    return shake_128(bytes([7])).digest(size)


@pytest.mark.parametrize("passphrase", ["", PASSPHRASE])
@pytest.mark.parametrize("size", SIZES)
def test_what_went_in_comes_out(size, passphrase):
    raw = packed(some(size), passphrase)
    chunks = max(1, -(-size // CHUNK))
    assert len(raw) == HEADER + size + chunks * TAG
    assert unpacked(raw, passphrase) == some(size)


def test_sealed_it_shows_nothing_and_no_two_are_alike():
    words = b"Lampu jalan mati. " * 1000
    first, second = packed(words, PASSPHRASE), packed(words, PASSPHRASE)
    assert b"Lampu" not in first
    assert first[HEADER:] != second[HEADER:]
    assert b"Lampu" in packed(words, "")


@pytest.mark.parametrize("passphrase", ["", PASSPHRASE])
def test_whatever_is_changed_cut_off_put_in_or_swapped_is_found(passphrase):
    raw = packed(some(3 * CHUNK), passphrase)
    block = CHUNK + TAG
    chunks = [raw[HEADER + n * block : HEADER + (n + 1) * block] for n in range(3)]
    touched = [
        raw[:-1],
        raw + b"x",
        raw[: HEADER + block],  # cut between two chunks
        raw[: HEADER + 2 * block],
        raw[:HEADER],
        raw[:HEADER] + chunks[1] + chunks[0] + chunks[2],
        raw[:HEADER] + chunks[0] + chunks[2],
        raw[:HEADER] + chunks[0] + chunks[0] + chunks[1] + chunks[2],
    ]
    touched += [raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :] for at in (10, HEADER, HEADER + block, len(raw) - 1)]
    for wrong in touched:
        with pytest.raises(ArchiveError, match="damaged or cut short"):
            unpacked(wrong, passphrase)


@pytest.mark.parametrize(
    ("raw", "passphrase", "says"),
    [
        ("sealed", "another-passphrase", "BACKUP_PASSPHRASE is not the one"),
        ("sealed", "", "set BACKUP_PASSPHRASE"),
        (b"PK" + bytes(100), "", "no backup of Lapor Anonim"),
        (b"", "", "no backup of Lapor Anonim"),
        (b"LAPOR-C1\x02" + bytes(100), "", "of another release"),
    ],
)
def test_what_is_wrong_is_told(raw, passphrase, says):
    with pytest.raises(ArchiveError, match=says):
        unpacked(packed(b"words", PASSPHRASE) if raw == "sealed" else raw, passphrase)


def test_one_in_clear_opens_whatever_passphrase_is_set():
    assert unpacked(packed(b"words", ""), PASSPHRASE) == b"words"
