"""Ed25519 as Safari's WebCrypto signs: with a nonce from dice, so that the same words have another valid signature each time
(RFC 8032 §5.1 verifies them). Slow and not constant in time, which a test may be."""

import hashlib
import secrets
from typing import Any

from playwright.sync_api import Page

P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
BASE_Y = 4 * pow(5, -1, P) % P
Point = tuple[int, int]

# A page's own signing, by Python's dice; all else is the browser's.
PAGE = """
const { importKey, sign } = SubtleCrypto.prototype, seeds = new WeakMap();
const list = (bytes) => [...new Uint8Array(bytes.buffer || bytes)];
SubtleCrypto.prototype.importKey = async function (form, data, ...how) {
  const key = await importKey.call(this, form, data, ...how);
  if (form === "pkcs8") seeds.set(key, list(data).slice(-32));
  return key;
};
SubtleCrypto.prototype.sign = async function (how, key, data) {
  if (!seeds.has(key)) return sign.call(this, how, key, data);
  return Uint8Array.from(await signedByDice(seeds.get(key), list(data))).buffer;
};"""


def added(one: Point, two: Point) -> Point:
    (a, b), (c, d) = one, two
    both = D * a * b * c * d % P
    return (a * d + c * b) * pow(1 + both, -1, P) % P, (b * d + a * c) * pow(1 - both, -1, P) % P


def times(factor: int, point: Point) -> Point:
    found = (0, 1)
    while factor:
        found = added(found, point) if factor & 1 else found
        point, factor = added(point, point), factor >> 1
    return found


def base() -> Point:
    square = (BASE_Y * BASE_Y - 1) * pow(D * BASE_Y * BASE_Y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if x * x % P == square else x * pow(2, (P - 1) // 4, P) % P
    return (P - x if x & 1 else x), BASE_Y


def encoded(point: Point) -> bytes:
    return (point[1] | (point[0] & 1) << 255).to_bytes(32, "little")


def signed(seed: bytes, message: bytes) -> bytes:
    """A valid signature, another one each time."""
    scalar = bytearray(hashlib.sha512(seed).digest()[:32])
    scalar[0] &= 248
    scalar[31] = scalar[31] & 127 | 64
    own, nonce = int.from_bytes(scalar, "little"), secrets.randbelow(L)
    public, drawn = encoded(times(own, base())), encoded(times(nonce, base()))
    factor = int.from_bytes(hashlib.sha512(drawn + public + message).digest(), "little")
    return drawn + ((nonce + factor * own) % L).to_bytes(32, "little")


def signs_by_dice(page: Page) -> list[bytes]:
    """From now on the page signs so; each signature is added to the list."""
    made: list[bytes] = []

    def sign(seed: list[int], data: list[int]) -> Any:
        made.append(signed(bytes(seed), bytes(data)))
        return list(made[-1])

    page.expose_function("signedByDice", sign)
    page.add_init_script(PAGE)
    return made
