"""A linked office's signature under what it says of itself, up to the length that is read."""

import pytest

from functions.casework.directory.linked_office import LinkError
from functions.crypto.key_pairs import public_of
from functions.crypto.sign.link_documents import signed, verified

SEED = bytes(range(32))


@pytest.mark.parametrize(("length", "taken"), [(2_000_000, True), (2_000_001, False)])
def test_a_document_is_read_up_to_two_million_bytes(length: int, taken: bool) -> None:
    document = signed(SEED, b"isi").ljust(length)
    if taken:
        assert verified(document) == (public_of(SEED), b"isi")
    else:
        with pytest.raises(LinkError, match="more than 2,000,000 bytes"):
            verified(document)
