"""What a case takes as files: how they leave, what their downloads are called, and what people read of it."""

import pytest

from functions.casework.formats.attachments import AVIF, ENDINGS, FACTS, HEIC, JPEG, LEAVES_AS, PDF, PNG, TYPES
from functions.config.readers import READERS


def test_a_photo_that_old_phones_do_not_open_leaves_as_jpeg_and_the_rest_as_it_came() -> None:
    assert {LEAVES_AS[HEIC], LEAVES_AS[AVIF]} == {JPEG}
    assert (LEAVES_AS[PNG], LEAVES_AS[PDF]) == (PNG, PDF)
    assert LEAVES_AS.keys() == {each.media_type for each in TYPES}


def test_whatever_leaves_has_an_ending_and_nothing_else_has_one() -> None:
    assert ENDINGS.keys() == {*LEAVES_AS.values()}
    assert all(ENDINGS.values())
    assert (ENDINGS[JPEG], ENDINGS[PDF]) == ("jpg", "pdf")


def test_sentences_name_photos_and_documents_apart_and_none_without_a_name() -> None:
    assert FACTS["photos"] == "JPEG, PNG, WebP, HEIC"
    assert FACTS["documents"] == "PDF, DOCX, XLSX, ODT"
    assert f"PDF, {FACTS['office']}, {FACTS['last']}" == FACTS["documents"]


def test_a_place_takes_five_megabytes_a_file_or_less() -> None:
    assert READERS["FILE_MB"]("5") == 5
    with pytest.raises(ValueError, match="from 1 to 5"):
        READERS["FILE_MB"]("6")
