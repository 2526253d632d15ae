"""Letters into a folder: numbered without a gap, whole or not at all, for the owner's eyes."""

import json
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread

import pytest

from functions.delivery.interface import DeliveryError
from functions.delivery.mail import FolderMailer, read_folder
from tests.delivery.letterbox import LETTER


def test_eight_at_a_time_get_numbers_without_a_gap_and_every_letter_is_there(tmp_path: Path) -> None:
    mailer = FolderMailer(tmp_path / "outbox")
    letters = [replace(LETTER, subject=f"Surat {n}") for n in range(64)]  # all of one message id: tries of one
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(mailer.send, letters))
    found = read_folder(tmp_path / "outbox")
    assert [mail["n"] for mail in found] == list(range(1, 65))
    assert {mail["subject"] for mail in found} == {letter.subject for letter in letters}
    assert {path.name for path in (tmp_path / "outbox").iterdir()} == {f"{n}.json" for n in range(1, 65)}


def test_a_reader_never_sees_half_a_letter(tmp_path: Path) -> None:
    mailer, long, done = FolderMailer(tmp_path), replace(LETTER, text="panjang " * 20_000), Event()

    def write() -> None:
        for _ in range(30):
            mailer.send(long)
        done.set()

    writer = Thread(target=write)
    writer.start()
    reads = 0
    while not done.is_set() or reads == 0:
        assert all(mail["text"] == long.text for mail in read_folder(tmp_path))
        reads += 1
    writer.join()
    assert len(read_folder(tmp_path)) == 30


def test_the_letters_hold_links_so_only_the_owner_reads_them(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        FolderMailer(tmp_path / "a" / "outbox").send(LETTER)
    finally:
        os.umask(old)
    (path,) = (tmp_path / "a" / "outbox").iterdir()
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_letters_are_read_in_their_order_and_say_what_they_hold(tmp_path: Path) -> None:
    mailer = FolderMailer(tmp_path)
    for n in range(1, 12):
        mailer.send(replace(LETTER, subject=f"“{n}”"))
    found = read_folder(tmp_path)
    assert [mail["subject"] for mail in found] == [f"“{n}”" for n in range(1, 12)]  # 10 after 9, not after 1
    assert set(found[0]) >= {"n", "channel", "to", "subject", "text", "html"}
    assert found[0]["channel"] == "mail"
    assert found[0] == json.loads((tmp_path / "1.json").read_text(encoding="utf-8"))


def test_no_folder_yet_means_no_letters(tmp_path: Path) -> None:
    assert read_folder(tmp_path / "none") == []


def test_a_folder_that_cannot_be_written_is_trouble_with_a_name(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DeliveryError) as caught:
        FolderMailer(tmp_path / "file").send(LETTER)
    assert (caught.value.code, caught.value.lasting) == ("folder_unwritable", False)
