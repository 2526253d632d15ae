"""Signed links: only the courier's key makes one, and nothing altered or late passes."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from functions.casework.directory.agencies import Role
from functions.crypto.sign.links import Link, LinkError, LinkExpiredError, read_link
from functions.crypto.sign.mint import sign_link

NOW = 1_780_000_000
PRIVATE = bytes(range(32))
PUBLIC = Ed25519PrivateKey.from_private_bytes(PRIVATE).public_key().public_bytes_raw()
OTHER = Ed25519PrivateKey.generate()
OTHER_PUBLIC = OTHER.public_key().public_bytes_raw()
LINK = Link("a1b2c3d4", "dpupr-1", "kutim-dpupr", Role.OFFICER, "kutim", "4F7K-2M9Q-XR3D", NOW - 10, NOW)

links = st.builds(
    Link,
    *(st.text(), st.text(), st.text(), st.sampled_from(Role), st.text(), st.text(), st.just(NOW), st.just(NOW)),
    st.sampled_from(["", "custody"]),
)


@given(links)
def test_what_was_signed_is_read(link):
    token = sign_link(link, PRIVATE)
    assert read_link(token, [PUBLIC], NOW) == link
    assert isinstance(read_link(token, [PUBLIC], NOW).role, Role)


def test_a_token_fits_a_fragment_as_it_is():
    token = sign_link(LINK, PRIVATE)
    assert set(token) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")
    assert len(token) < 400


def test_the_verifying_key_cannot_sign():
    forged = sign_link(LINK, PUBLIC)  # as bytes a public key passes for a private one, and makes another pair
    with pytest.raises(LinkError):
        read_link(forged, [PUBLIC], NOW)


def test_a_rotated_key_still_verifies_until_it_is_forgotten():
    token = sign_link(LINK, PRIVATE)
    assert read_link(token, [OTHER_PUBLIC, PUBLIC], NOW) == LINK
    for known in ([OTHER_PUBLIC], []):
        with pytest.raises(LinkError, match="not signed by us"):
            read_link(token, known, NOW)


def test_a_link_ends_with_its_time():
    token = sign_link(LINK, PRIVATE)
    assert read_link(token, [PUBLIC], LINK.expires) == LINK
    with pytest.raises(LinkExpiredError):
        read_link(token, [PUBLIC], LINK.expires + 1)


@given(st.data())
def test_one_changed_letter_is_refused(data):
    token = sign_link(LINK, PRIVATE)
    position = data.draw(st.integers(0, len(token) - 1))
    letter = data.draw(st.sampled_from("ABCxyz019-_.~ "))
    if letter == token[position]:
        letter = "Q" if token[position] != "Q" else "R"
    altered = token[:position] + letter + token[position + 1 :]
    try:
        link = read_link(altered, [PUBLIC], NOW)
    except LinkError:
        link = None
    # base64 has spare bits at its end: such a change may leave the same bytes, never other ones.
    assert link in (None, LINK)


@pytest.mark.parametrize("cut", [0, 1, 40, -1])
def test_a_token_cut_short_is_refused(cut):
    with pytest.raises(LinkError):
        read_link(sign_link(LINK, PRIVATE)[:cut], [PUBLIC], NOW)


@given(st.text(max_size=200))
def test_any_text_is_refused(text):
    with pytest.raises(LinkError):
        read_link(text, [PUBLIC], NOW)
