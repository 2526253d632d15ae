"""The reporter's browser and the server make the same of a file: its name, its padding, its seal, its signed act."""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from datetime import date
from hashlib import sha256
from typing import Any

import pytest

from functions.actions.reporter.sealed_thread import ITEM_BYTES
from functions.casework.case import Event, EventKind
from functions.casework.stages import Actor, Stage
from functions.crypto.key_pairs import public_of
from functions.crypto.open import opening
from functions.crypto.padding import file_bucket
from functions.crypto.seal import sealing
from functions.crypto.sign import reporter_acts
from tests.captured.test_twins import node  # noqa: F401 - the fixture
from tests.doors.test_thread import photo

KEY, FILE_KEY = bytes(range(32)), "ab" * 8
LENGTHS = [0, 1, 65531, 65532, 65533, 70000, 131068, 131069, 200_001, 1_048_572, 1_048_573, 4_999_999, 5_242_876]


def test_files_are_padded_to_the_same_sizes(node: Callable[..., Any]) -> None:  # noqa: F811
    assert node("buckets", lengths=LENGTHS) == [file_bucket(length) for length in LENGTHS]


@pytest.mark.parametrize("small", ["", "QUJD" * 100, "/9j/" * 500], ids=["none", "small", "too large"])
def test_python_reads_and_verifies_what_the_browser_seals_and_signs(node: Callable[..., Any], small: str) -> None:  # noqa: F811
    receipt = sealing.receipt_for(bytes(16))
    keys = sealing.receipt_keys(receipt)
    asked = {"caseKey": b64encode(KEY).decode(), "photo": b64encode(photo()).decode(), "key": FILE_KEY}
    made = node("file", receipt=receipt.symbols, version=6, small=small, **asked)
    fields, blob = made["fields"], b64decode(made["blob"])
    once = sealing.once_hash(keys.case_id, FILE_KEY)
    name = sealing.sealed_blob_name(keys.case_id, once)
    assert opening.open_blob(KEY, keys.case_id, name, blob) == photo()
    item = b64decode(fields["item"])
    assert (len(item), len(blob)) == (ITEM_BYTES, file_bucket(len(photo())) + sealing.ITEM_OVERHEAD)
    words = json.loads(opening.open_item(KEY, keys.case_id, 7, "file", item))
    assert words.pop("small", "") in ("", small)
    digest = sha256(photo()).hexdigest()
    assert words == {"blob": name, "type": "image/jpeg", "size": str(len(photo())), "source": digest}
    assert (fields["case_id"], fields["n"], fields["act"]) == (keys.case_id, 7, "file")
    assert (fields["clear"], bytes.fromhex(fields["once"])) == ("- 65536", once)
    event = Event(7, EventKind.FILE, Actor.REPORTER, date.min, Stage.DITERIMA, item, once, clear=fields["clear"])
    assert reporter_acts.is_signed(public_of(keys.act_seed), bytes.fromhex(fields["sig"]), keys.case_id, event)


def test_the_browser_opens_what_python_sealed(node: Callable[..., Any]) -> None:  # noqa: F811
    name, case_id = "0f" * 16, sealing.receipt_keys(sealing.receipt_for(bytes(16))).case_id
    sealed = sealing.seal_blob(KEY, case_id, name, photo("blue"))
    asked = {"caseKey": b64encode(KEY).decode(), "caseId": case_id, "blob": name}
    assert b64decode(node("opened", sealed=b64encode(sealed).decode(), **asked)) == photo("blue")
