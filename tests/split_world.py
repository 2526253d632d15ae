"""Four custodians with keys of their own, as their browsers do it, in Python: a second opinion on the bundle."""

import json
from base64 import b64decode, b64encode
from dataclasses import replace
from hashlib import sha256, shake_256
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from functions.actions.common.decrypted_identity import OpenedIdentity
from functions.actions.custodian.custody import Custody
from functions.actions.custodian.own_key import OwnKeys
from functions.actions.custodian.shares import Handed, Shares
from functions.actions.ops.rosters import Rosters
from functions.casework.access import Viewer
from functions.casework.consent.roster import Roster
from functions.casework.directory.agencies import Officer, Role
from functions.casework.sealed_identity import StepKind
from functions.config.settings import DEMO, load_directory, load_officers
from functions.crypto.key_pairs import SUITE, hpke_private, hpke_public, public_of
from functions.crypto.open import opening
from functions.crypto.seal.public_keys import Purpose, key_id_of
from functions.crypto.seal.sealing import hpke_info
from functions.crypto.seal.shares import passed_context, share_context, talk_context, times
from functions.crypto.sign.vouches import CONTEXT
from tests.trust import REASON, TrustWorld

AGENCIES = ("kutim-inspektorat", "kutim-bkpsdm", "kutim-dinkes", "kutim-disdik")


def combined(one: bytes, two: bytes, at: int = 0) -> bytes:
    """The value at ``at`` of the line through two shares."""
    return bytes(a ^ b for a, b in zip(term(one, two[32], at), term(two, one[32], at), strict=True))


def term(share: bytes, other: int, at: int) -> bytes:
    """What a share adds to the value at ``at`` of the line through it and the share at ``other``."""
    factor = times(at ^ other, inverse(share[32] ^ other))
    return bytes(times(byte, factor) for byte in share[:32])


def inverse(value: int) -> int:
    """The one that gives 1, found by trying all."""
    return next(other for other in range(1, 256) if times(value, other) == 1)


class Browser:
    """A custodian's browser: the seed never leaves it."""

    def __init__(self, seed: bytes) -> None:
        self.seed, self.private = seed, shake_256(seed).digest(96)
        self.public = public_of(self.private)
        raw = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"lapor/2/roster").derive(seed)
        self._signing = Ed25519PrivateKey.from_private_bytes(raw)
        self.vouch = self._signing.public_key().public_bytes_raw()

    def sign(self, roster: Roster) -> bytes:
        return self._signing.sign(CONTEXT + roster.text)

    def open(self, purpose: str, instance: str, context: str, envelope: bytes) -> bytes:
        assert envelope[1:9].hex() == key_id_of(self.public)[:16], "sealed to another"
        return SUITE.decrypt(envelope[9:], hpke_private(self.private), info=hpke_info(purpose, instance, context))

    def own_share(self, handed: Handed) -> bytes:
        identity, x = handed.identity, handed.turn.member.x
        share = self.open("share", identity.instance, share_context(identity.case_id, x), handed.slot.envelope)
        assert sha256(share).digest() == handed.digests[x]
        return share

    def pass_on(self, handed: Handed) -> list[tuple[int, bytes]]:
        share, identity = self.own_share(handed), handed.identity
        return [
            (to.x, _sealed(to.public, identity.instance, identity.case_id, handed.turn.step, to.x, share))
            for to in handed.turn.recipients
        ]

    def read(self, handed: Handed) -> dict[str, str]:
        share, identity = self.own_share(handed), handed.identity
        context = passed_context(identity.case_id, handed.turn.step, handed.turn.member.x)
        other = self.open("passed", identity.instance, context, handed.passes[0].envelope)
        key = combined(share, other)
        talk = opening.unwrap_talk(identity.case_id, key, identity.wrap_talk)
        assert sha256(talk).digest() == handed.talk, "read with another key"
        plain: dict[str, str] = json.loads(opening.open_item(key, identity.case_id, 0, "identity", handed.sealed))
        return plain


def _sealed(public: bytes, instance: str, case_id: str, step: int, x: int, share: bytes) -> bytes:
    info = hpke_info("passed", instance, passed_context(case_id, step, x))
    return b"\x01" + bytes.fromhex(key_id_of(public))[:8] + SUITE.encrypt(share, hpke_public(public), info=info)


class SplitWorld(TrustWorld):
    """Four custodians of four agencies. ``split()`` makes their keys and publishes the roster."""

    def __init__(self, folder: Path) -> None:
        directory = load_directory(DEMO / "kutai-timur.toml")
        officers = load_officers(DEMO / "officers.toml", directory)
        more = (
            Officer(f"kustodian-{n}", f"kustodian{n}@surat.example.id", agency, Role.CUSTODIAN)
            for n, agency in enumerate(AGENCIES[2:], 3)
        )
        super().__init__(folder, directory, (*officers, *more))
        self.custody = Custody(
            self.store,
            lambda: self.keys.private(Purpose.IDENTITY),
            self.directory,
            lambda: self.today,
            public_keys=self.keys.public,
        )
        self.shares = Shares(self.custody)
        self.own_keys = OwnKeys(self.store, self.keys.public, self.directory)
        self.browsers = [Browser(bytes([n]) * 32) for n in range(1, 5)]
        self.rosters = Rosters(self.store, self.keys, "kutim", {(each.agency, each.ident) for each in self.custodians})

    def split(self) -> Roster:
        for which, browser in enumerate(self.browsers):
            self.own_keys.put_key(self.viewer(which), browser.public, browser.vouch)
        return self.rosters.init()

    def passed(self, which: int, case_id: str, reason: str = REASON) -> None:
        """Ask, and pass the share on."""
        viewer = self.viewer(which)
        self.custody.ask(viewer, case_id, reason)
        self.shares.take_passes(viewer, case_id, self.browsers[which].pass_on(self.shares.hand_out(viewer, case_id)))

    def read_by(self, which: int, case_id: str) -> dict[str, str]:
        """Read, and pass the share on to the other of the two."""
        viewer, browser = self.viewer(which), self.browsers[which]
        handed = self.shares.hand_out(viewer, case_id)
        person = browser.read(handed)
        self.shares.take_passes(viewer, case_id, browser.pass_on(handed))
        return person

    def opened_by(self, first: int, second: int, **changes: str) -> tuple[str, str]:
        """A name that one asked for, its reporter agreed to, and another opened; receipt and case."""
        receipt, case_id = self.entrusted(**changes)
        self.passed(first, case_id)
        self.answer(receipt)
        self.custody.open(self.viewer(second), case_id, "Saya sependapat.")
        return receipt, case_id


def altered(handed: Handed, **changes: Any) -> Handed:
    """The same with another slot or other passes."""
    return handed._replace(**changes)


def as_other(viewer: Viewer, agency: str) -> Viewer:
    return replace(viewer, agency=agency)


def text(raw: bytes) -> str:
    return b64encode(raw).decode()


def raw(encoded: str) -> bytes:
    return b64decode(encoded)


def talk_swapped(world: SplitWorld, case_id: str, talk: bytes) -> None:
    """Seal another talk key to the door, by who may write to the store, and make the name look as one of before."""
    identity = world.identity(case_id)
    context = talk_context(case_id)
    key_id, wrap = world.keys.public().seal(Purpose.IDENTITY, identity.instance, context, talk)
    steps = (replace(identity.steps[0], sig=b""), *identity.steps[1:])
    swapped = replace(identity, version=identity.version + 1, key_id=key_id, wrap_custody=wrap, steps=steps)
    world.store.write_identity(swapped)


def yes_by_who_writes(world: SplitWorld, case_id: str, talk: bytes) -> None:
    """A yes under that key."""
    identity = world.identity(case_id)
    asked = identity.steps[-1].n
    said = OpenedIdentity(identity, b"", talk).after(StepKind.AGREED, world.today, None, "", request=asked)
    world.store.write_identity(replace(said, passes=identity.passes))
