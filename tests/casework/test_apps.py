"""Apps that send reports by Open311: who is let in, and with which key."""

from base64 import urlsafe_b64decode

import pytest

from functions.casework.apps import AppsError, admit, app_of, revoke


def test_a_key_is_the_ident_and_256_random_bits_and_is_not_stored() -> None:
    apps, key = admit({}, "warga-kutim", "Warga Kutim")
    ident, _, secret = key.partition(".")
    assert (ident, len(urlsafe_b64decode(secret + "="))) == ("warga-kutim", 32)
    assert app_of(apps, key) == apps[ident]
    assert secret not in str([apps[ident].digest, apps[ident]])
    assert app_of(revoke(apps, ident), key) is None


def test_the_longest_ident_and_name_still_have_a_key_that_works() -> None:
    apps, key = admit({}, "a" * 32, "N" * 100)
    found = app_of(apps, key)
    assert found is not None
    assert found.name == "N" * 100


@pytest.mark.parametrize("name", ["", " ", "N" * 101, "Warga\nKutim"])
def test_a_name_is_one_line_of_1_to_100_characters(name: str) -> None:
    with pytest.raises(AppsError, match="one line of 1 to 100"):
        admit({}, "warga-kutim", name)
