"""An archive gives back what it was given, and nothing of one that was touched; the program age opens it as well."""

import io
import os
import pty
import subprocess
import sys
from functools import cache
from hashlib import shake_128
from unittest.mock import patch

import pyrage
import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from functions.cli import archive
from functions.cli.archive import AGE, CHUNK, TAG, ArchiveError, Reader, writer
from infra.deploy.closure import FUNCTIONS, closure_of
from tests.cli import old_archive
from tests.cli.old_archive import OldWriter
from tests.server import ROOT

PASSPHRASE = "kuda-besi-berlari-malam"
# What the release before wrote of "Lampu jalan mati.", its salt the bytes 0 to 15.
OLD = {
    "": "4c41504f522d433100000102030405060708090a0b0c0d0e0f"
    "4c616d7075206a616c616e206d6174692e4afcda126357ab0c98a9f928e3905ef6",
    PASSPHRASE: "4c41504f522d433101000102030405060708090a0b0c0d0e0f"
    "ce455f2464a1693ce9eb64ae04d0deb804df7f5d1c5c00fe60a9c041f37dc3059c",
}


WORK = archive.WORK
LITTLE = 10  # log2 of scrypt's N: what is stretched is the same form, for a hundredth of the time


@pytest.fixture(autouse=True)
def _keys_are_stretched_little_and_once(monkeypatch):
    """Archives say themselves how far their key was stretched. What the product writes is read by `pyrage` and by the
    program age, and weighed in ``test_a_large_archive_takes_no_more_memory_than_its_passphrase``."""
    monkeypatch.setattr(archive, "WORK", LITTLE)
    monkeypatch.setattr(archive, "_stretched", cache(archive._stretched))
    monkeypatch.setattr(archive, "_old_key", cache(archive._old_key))


@pytest.fixture
def whole_work(monkeypatch):
    """As the product stretches them."""
    monkeypatch.setattr(archive, "WORK", WORK)


@pytest.fixture
def little_argon(monkeypatch):
    """For a hundred archives of the old form, each with a salt of its own; not what an old release wrote."""

    def little(**wanted):
        return Argon2id(**wanted | {"iterations": 1, "memory_cost": 64})

    monkeypatch.setattr(archive, "Argon2id", little)
    monkeypatch.setattr(old_archive, "Argon2id", little)


SIZES = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 5]


def packed(content, passphrase, pieces=10_007, made_by=writer):
    out = io.BytesIO()
    into = made_by(out, passphrase)
    for start in range(0, len(content), pieces):
        assert into.write(content[start : start + pieces]) == len(content[start : start + pieces])
    into.close()
    return out.getvalue()


def unpacked(raw, passphrase, pieces=9_001):
    reader = Reader(io.BytesIO(raw), passphrase, unsealed=not passphrase)
    return b"".join(iter(lambda: reader.read(pieces), b""))


def some(size):
    return shake_128(bytes([7])).digest(size)


@pytest.mark.parametrize("made_by", [writer, OldWriter])
@pytest.mark.parametrize("passphrase", ["", PASSPHRASE])
def test_what_went_in_comes_out(passphrase, made_by):
    for size in SIZES if made_by is writer else SIZES[::3]:
        assert unpacked(packed(some(size), passphrase, made_by=made_by), passphrase) == some(size)


def test_sealed_it_shows_nothing_and_no_two_are_alike():
    words = b"Lampu jalan mati. " * 1000
    first, second = packed(words, PASSPHRASE), packed(words, PASSPHRASE)
    assert b"Lampu" not in first
    assert first[200:] != second[200:]
    assert len(first) == len(second)


def test_the_old_writer_of_these_tests_writes_what_the_release_before_wrote():
    for passphrase, raw in OLD.items():
        assert packed(b"Lampu jalan mati.", passphrase, made_by=OldWriter) == bytes.fromhex(raw)
        assert unpacked(bytes.fromhex(raw), passphrase) == b"Lampu jalan mati."


def test_as_the_product_stretches_it_another_implementation_of_age_reads_it(whole_work):
    sealed = packed(b"words", PASSPHRASE)
    assert b" 17\n" in sealed
    assert pyrage.passphrase.decrypt(sealed, PASSPHRASE) == b"words"


@pytest.mark.parametrize("size", SIZES)
def test_another_implementation_of_age_reads_ours_and_writes_what_we_read(size):
    assert pyrage.passphrase.decrypt(packed(some(size), PASSPHRASE), PASSPHRASE) == some(size)


@pytest.mark.long
def test_what_the_program_age_sealed_is_read(tmp_path):
    plain, sealed = tmp_path / "office.tar", tmp_path / "office.cadangan"
    plain.write_bytes(some(3 * CHUNK))
    assert typed(["age", "-p", "-o", str(sealed), str(plain)], f"{PASSPHRASE}\n{PASSPHRASE}") == 0
    assert unpacked(sealed.read_bytes(), PASSPHRASE) == some(3 * CHUNK)


def test_the_program_age_opens_it_with_the_passphrase_alone(tmp_path, whole_work):
    sealed, plain = tmp_path / "office.cadangan", tmp_path / "office.tar"
    sealed.write_bytes(packed(some(3 * CHUNK + 5), PASSPHRASE))
    assert typed(["age", "-d", "-o", str(plain), str(sealed)], PASSPHRASE) == 0
    assert plain.read_bytes() == some(3 * CHUNK + 5)
    assert typed(["age", "-d", "-o", str(plain), str(sealed)], "another passphrase") == 1


def typed(command, answer):
    """Run a program at a terminal of its own and answer what it asks; the status it ends with."""
    ours, its = pty.openpty()
    child = subprocess.Popen(command, stdin=its, stdout=its, stderr=its, start_new_session=True)
    os.close(its)
    said = b""
    try:
        while b"passphrase" not in said:
            said += os.read(ours, 1024)
        os.write(ours, answer.encode() + b"\n")
        while True:
            said += os.read(ours, 1024)
    except OSError:  # the terminal is gone with its program
        return child.wait(60)
    finally:
        os.close(ours)
        child.kill()


def chunks_of(raw, head):
    block = CHUNK + TAG
    return raw[:head], [raw[head + n * block : head + (n + 1) * block] for n in range(3)]


@pytest.mark.parametrize(("passphrase", "made_by"), [(PASSPHRASE, writer), (PASSPHRASE, OldWriter), ("", OldWriter)])
def test_whatever_is_changed_cut_off_put_in_or_swapped_is_found(passphrase, made_by, little_argon):
    raw = packed(some(3 * CHUNK), passphrase, made_by=made_by)
    head = len(raw) - 3 * (CHUNK + TAG)
    start, chunks = chunks_of(raw, head)
    touched = [
        raw[:-1],
        raw + b"x",
        start + chunks[0],  # cut between two chunks
        start + chunks[0] + chunks[1],
        start,
        start + chunks[1] + chunks[0] + chunks[2],
        start + chunks[0] + chunks[2],
        start + chunks[0] + chunks[0] + chunks[1] + chunks[2],
    ]
    spots = [*range(9, head, 5), *range(max(9, head - 60), head), head, head + CHUNK + TAG, len(raw) - 1]
    touched += [raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :] for at in spots]
    for wrong in touched:
        with pytest.raises(ArchiveError, match=r"damaged|another release"):
            unpacked(wrong, passphrase)
    if made_by is writer:
        with pytest.raises(pyrage.DecryptError):  # as the other implementation has it
            pyrage.passphrase.decrypt(start + chunks[0], passphrase)


def test_damage_to_one_in_clear_is_found():
    raw = packed(some(CHUNK), "")
    touched = [raw[:-1], raw[:-9], raw[: len(raw) // 2], raw[:12], raw[:3], raw + b"x"]
    touched += [raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :] for at in (2, 12, 400, len(raw) // 2, len(raw) - 1)]
    for wrong in touched:
        with pytest.raises(ArchiveError, match="damaged or cut short"):
            unpacked(wrong, "")


with patch.object(archive, "WORK", LITTLE):
    SEALED = packed(b"words", PASSPHRASE)
OLD_SEALED = bytes.fromhex(OLD[PASSPHRASE])


@pytest.mark.parametrize(
    ("raw", "passphrase", "says"),
    [
        (SEALED, "another-passphrase", "BACKUP_PASSPHRASE is not the one"),
        (SEALED, "", "set BACKUP_PASSPHRASE"),
        (OLD_SEALED, "another-passphrase", "BACKUP_PASSPHRASE is not the one"),
        (OLD_SEALED, "", "set BACKUP_PASSPHRASE"),
        (b"PK" + bytes(100), "", "no backup of Lapor Anonim"),
        (b"", "", "no backup of Lapor Anonim"),
        (b"LAPOR-C1\x02" + bytes(100), "", "of another release"),
        (b"LAPOR-C1", "", "of another release"),
        (SEALED.replace(b" 10\n", b" 21\n", 1), PASSPHRASE, "other than with a passphrase"),
        (AGE + b"-> X25519 x\n", PASSPHRASE, "other than with a passphrase"),
    ],
)
def test_what_is_wrong_is_told(raw, passphrase, says):
    with pytest.raises(ArchiveError, match=says):
        unpacked(raw, passphrase)


@pytest.mark.parametrize("passphrase", ["", PASSPHRASE])
@pytest.mark.parametrize("made_by", [writer, OldWriter])
def test_one_in_clear_opens_only_where_that_was_asked_for(passphrase, made_by):
    raw = packed(b"words", "", made_by=made_by)
    with pytest.raises(ArchiveError, match="not sealed"):
        Reader(io.BytesIO(raw), passphrase).rest()
    assert Reader(io.BytesIO(raw), passphrase, unsealed=True).read(9) == b"words"


BIG = """
from pathlib import Path
from functions.cli.archive import Reader, writer
with open("big", "wb") as file:
    out = writer(file, "kuda-besi-berlari-malam")
    for _ in range(384):
        out.write(bytes(1 << 20))
    out.close()
with open("big", "rb") as file:
    Reader(file, "kuda-besi-berlari-malam").rest()
print(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])
"""


@pytest.mark.long
def test_a_large_archive_takes_no_more_memory_than_its_passphrase(tmp_path):
    """384 MiB pass through; 128 of memory are scrypt's, the rest is Python with what it loaded."""
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", BIG], cwd=tmp_path, env=environ, stdout=subprocess.PIPE, check=True)
    assert int(done.stdout) < 200 * 1024


def test_no_function_of_the_cloud_can_load_it():
    for function in FUNCTIONS:
        assert "functions.cli.archive" not in closure_of(function, ROOT).modules
