"""Passkeys' answers, verified here and by the package ``fido2``: both agree on each kind of key, and on what is
altered. Codes by RFC 6238's own vectors."""

from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from fido2.cose import CoseKey
from fido2.webauthn import AttestedCredentialData

from functions.crypto.sign.assertions import GET, PasskeyError, Site, challenge_in, read_new, verify_answer
from functions.crypto.sign.totp import address, code_at, spend, written
from tests.factors import HOST, ORIGIN, Passkey, b64
from tests.fido2_opinion import takes

SITE = Site(HOST, frozenset({ORIGIN}))
CHALLENGE = bytes(range(32))
EC, OKP, RSA = (
    ec.generate_private_key(ec.SECP256R1()),
    ed25519.Ed25519PrivateKey.generate(),
    rsa.generate_private_key(65537, 2048),
)
SIGN = {
    EC: lambda data: EC.sign(data, ec.ECDSA(SHA256())),
    OKP: OKP.sign,
    RSA: lambda data: RSA.sign(data, padding.PKCS1v15(), SHA256()),
}


def spki(key) -> bytes:
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def theirs(key, data: bytes, said: bytes, signature: bytes) -> bool:
    algorithm = {EC: -7, OKP: -8, RSA: -257}[key]
    known = CoseKey.for_alg(algorithm).from_cryptography_key(key.public_key())
    credential = AttestedCredentialData.create(bytes(16), b"id", known)
    return takes(credential, HOST, ORIGIN, CHALLENGE, (data, said, signature))


def ours(key, data: bytes, said: bytes, signature: bytes) -> bool:
    try:
        fits = challenge_in(said, GET, SITE) == CHALLENGE
        verify_answer(spki(key), data, said, signature, SITE)
    except PasskeyError:
        return False
    return fits


@pytest.mark.parametrize("key", [EC, OKP, RSA], ids=["ES256", "EdDSA", "RS256"])
def test_both_take_a_true_answer_and_refuse_each_altered_part(key):
    device = Passkey()
    data, said = device.data(), device.said(GET, b64(CHALLENGE))
    signature = SIGN[key](data + sha256(said).digest())
    assert (ours(key, data, said, signature), theirs(key, data, said, signature)) == (True, True)
    parts = [data, said, signature]
    for which, part in enumerate(parts):
        for at in range(0, len(part), 5):
            altered = bytearray(part)
            altered[at] ^= 0x10
            sent = [*parts[:which], bytes(altered), *parts[which + 1 :]]
            assert (ours(key, *sent), theirs(key, *sent)) == (False, False), (which, at)
    for other in {EC, OKP, RSA} - {key}:
        assert not ours(other, data, said, signature)


@pytest.mark.parametrize(
    ("public", "why"),
    [
        (b"no key", "no key"),
        (spki(ec.generate_private_key(ec.SECP384R1())), "kind"),
        (spki(rsa.RSAPublicNumbers(65537, 2**8191 + 1)), "kind"),  # 1,058 bytes
        (spki(rsa.generate_private_key(65537, 1024)), "kind"),  # noqa: S505 - it is to be refused
    ],
)
def test_keys_that_were_not_asked_for_are_refused(public, why):
    with pytest.raises(PasskeyError, match=why):
        read_new(public, Passkey().data(bytes(16) + b"\x00\x04abcd", 0x40), SITE)


def new_key(ident: bytes, size: bytes = b"", maker: bytes = bytes(16), flags: int = 0x40, host: str = HOST) -> bytes:
    """Authenticator data of a new key: of which maker's device, the length of its id, and the id."""
    return Passkey(host=host).data(maker + (size or len(ident).to_bytes(2, "big")) + ident, flags)


@pytest.mark.parametrize("length", [1, 64, 1023])
def test_a_new_keys_id_is_read_at_any_length_that_the_standard_allows(length):
    ident = bytes(range(1, 256)) * 5
    for maker in (bytes(16), b"\xff" * 16):
        assert read_new(spki(EC), new_key(ident[:length], maker=maker), SITE).key_id == ident[:length]


@pytest.mark.parametrize(
    "data",
    [new_key(b""), new_key(bytes(1024)), new_key(b"abc", b"\x00\x04"), new_key(b"abcd", flags=0), Passkey().data()],
    ids=["no id", "an id too long", "an id cut short", "no key", "nothing"],
)
def test_what_brings_no_new_key_is_refused(data):
    with pytest.raises(PasskeyError, match="no new key"):
        read_new(spki(EC), data, SITE)


@pytest.mark.parametrize("host", ["lapor-1.example.id", "lapor-2.example.id", "lapor-3.example.id", "localhost"])
def test_at_any_host_a_new_key_is_what_the_device_says_is_one(host):
    site = Site(host, frozenset())
    assert read_new(spki(EC), new_key(b"abcd", host=host), site).key_id == b"abcd"
    with pytest.raises(PasskeyError, match="no new key"):
        read_new(spki(EC), new_key(b"abcd", flags=0, host=host), site)


@pytest.mark.parametrize("count", [0, 1, 0x01020304, 0xFFFFFFFF])
def test_the_count_of_signatures_is_read_whole(count):
    device = Passkey(count=count - 1)
    data, said = device.data(), device.said(GET, b64(CHALLENGE))
    answer = verify_answer(spki(EC), data, said, SIGN[EC](data + sha256(said).digest()), SITE)
    assert (answer.signs, answer.synced) == (count, False)


@pytest.mark.parametrize(("bits", "size", "taken"), [(4096, 550, True), (4496, 600, True), (4504, 601, False)])
def test_a_key_is_kept_up_to_six_hundred_bytes(bits, size, taken):
    """RSA with 4,096 bits has 550; longer ones would fill the register of an agency."""
    public = spki(rsa.RSAPublicNumbers(65537, 2**bits - 1))
    assert len(public) == size
    if taken:
        assert read_new(public, new_key(b"abcd"), SITE).key_id == b"abcd"
    else:
        with pytest.raises(PasskeyError, match="kind"):
            read_new(public, new_key(b"abcd"), SITE)


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"[]",
        b'{"type": "webauthn.get"}',
        b'{"challenge": 5}',
        b"\xff",
        b'{"challenge": "AA", "type": "webauthn.get", "origin": []}',
    ],
)
def test_what_is_no_client_data_is_refused(said):
    with pytest.raises(PasskeyError):
        challenge_in(said, GET, SITE)
    with pytest.raises(PasskeyError):
        challenge_in(Passkey().said("webauthn.create", b64(CHALLENGE)), GET, SITE)
    framed = Passkey().said(GET, b64(CHALLENGE)).replace(b"false", b"true")
    with pytest.raises(PasskeyError):
        challenge_in(framed, GET, SITE)


@pytest.mark.parametrize(
    ("second", "sha1", "sha256_", "sha512"),
    [
        (59, "94287082", "46119246", "90693936"),
        (1111111109, "07081804", "68084774", "25091201"),
        (1111111111, "14050471", "67062674", "99943326"),
        (1234567890, "89005924", "91819424", "93441116"),
        (2000000000, "69279037", "90698825", "38618901"),
        (20000000000, "65353130", "77737706", "47863826"),
    ],
)
def test_codes_are_those_of_rfc_6238_appendix_b(second, sha1, sha256_, sha512):
    seed = b"1234567890" * 7
    for name, code, size in (("sha1", sha1, 20), ("sha256", sha256_, 32), ("sha512", sha512, 64)):
        assert code_at(seed[:size], second // 30, 8, name) == code


def test_codes_have_six_digits_as_in_rfc_4226_appendix_d():
    codes = ("755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489")
    assert tuple(code_at(b"12345678901234567890", count) for count in range(10)) == codes


def test_a_step_that_was_marked_by_an_earlier_release_stays_spent():
    secret = b"12345678901234567890"
    assert spend(secret, "287082", 30, b"").hex() == "db4099fe79a84826bf22faeed6e076b5"
    assert spend(secret, "287082", 30, bytes.fromhex("db4099fe79a84826bf22faeed6e076b5")) == b""


def test_a_code_holds_one_step_early_or_late_and_no_earlier_one_after_it():
    secret, now = b"s" * 20, 1_795_570_010
    step = now // 30
    for offset, holds in ((-2, False), (-1, True), (0, True), (1, True), (2, False)):
        assert bool(spend(secret, code_at(secret, step + offset), now, b"")) is holds
    spent = spend(secret, code_at(secret, step), now, b"")
    for offset, holds in ((-1, False), (0, False), (1, True)):
        assert bool(spend(secret, code_at(secret, step + offset), now, spent)) is holds
    later = spend(secret, code_at(secret, step + 3), now + 90, spent)
    assert later
    assert later != spent
    assert str(step).encode() not in spent


def test_an_authenticator_reads_the_address():
    assert written(b"12345678901234567890") == "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    assert address(b"12345678901234567890", "dpupr 1") == (
        "otpauth://totp/Lapor%20Anonim%3Adpupr%201?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Lapor%20Anonim"
    )
