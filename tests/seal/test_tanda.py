"""The library that a browser without Ed25519 loads signs as Python and WebCrypto do, byte for byte, and is what its lock
names."""

import json
import random
import re
import shutil
from base64 import urlsafe_b64encode
from pathlib import Path
from typing import Any

import brotli
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from functions.crypto.sign import reporter_acts
from tests.seal.workshop import BUILT, rebuild, run, workshop

VECTORS, MOST_BYTES = 120, 4_250
ITEM = bytes(range(200))
ACT = {"caseId": "4F7K-2M9Q-XR3D", "n": 7, "act": "identity-agreed", "clear": "2 2026-11-28", "once": "0f" * 16}
CURVE = re.compile("52036cee2b6ffe73")  # RFC 8032 §5.1: d
TANDA = BUILT.with_name("tanda.js")


def ours(seed: bytes) -> tuple[str, bytes, bytes]:
    """Public key as a browser exports it, signature, and what is signed: by Python's library."""
    key = Ed25519PrivateKey.from_private_bytes(seed)
    once = bytes.fromhex(str(ACT["once"]))
    signed = reporter_acts.signed_bytes(str(ACT["caseId"]), 7, str(ACT["act"]), str(ACT["clear"]), ITEM, once)
    public = urlsafe_b64encode(key.public_key().public_bytes_raw()).decode().rstrip("=")
    return public, key.sign(signed), signed


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("tanda")
    with workshop() as shop:
        shutil.copytree(shop, made, dirs_exist_ok=True, symlinks=True, ignore=shutil.ignore_patterns("node_modules"))
        (made / "node_modules").symlink_to(shop / "node_modules")
    shutil.copyfile(Path(__file__).with_name("tanda.mjs"), made / "tanda.mjs")
    return made


def asked(folder: Path, seeds: list[bytes], *, own: bool = False) -> Any:
    theirs = []
    for seed in seeds:
        _, signature, signed = ours(seed)
        public = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
        theirs.append([signature.hex(), signed.hex(), public.hex()])
    theirs.append([bytes(64).hex(), b"x".hex(), theirs[0][2]])  # that one is none
    question = folder / "question.json"
    told = {"seeds": [seed.hex() for seed in seeds], "act": ACT, "item": ITEM.hex(), "theirs": theirs, "own": own}
    question.write_text(json.dumps(told))
    return json.loads(run("node", "tanda.mjs", str(question), folder=folder))


@pytest.mark.parametrize("committed", [False, True], ids=["sources", "committed"])
def test_it_signs_the_same_bytes_both_ways(folder: Path, *, committed: bool) -> None:
    if committed:
        shutil.copyfile(TANDA, folder / "tanda.js")
    dice = random.Random(20261128)  # noqa: S311 - the same examples each time
    seeds = [bytes(32), b"\xff" * 32, bytes(range(32)), *(dice.randbytes(32) for _ in range(VECTORS))]
    found = asked(folder, seeds)
    assert found["made"] == [[public, signature.hex()] for public, signature, _ in map(ours, seeds)]
    assert found["checked"] == [True] * len(seeds) + [False]
    assert found["checks"] == [True] * len(seeds) + [False, False]  # by the page's own words for it
    assert (found["others"], found["refused"]) == (16, "InvalidAccessError")
    assert "seed" not in found["seen"]
    few = seeds[:5]
    own = asked(folder, few, own=True)
    assert (own["made"], own["checks"]) == (found["made"][:5], [True] * 5 + [False, False])  # as WebCrypto's own


def test_what_is_committed_is_small_and_names_whose_work_it_is(tmp_path: Path) -> None:
    built = rebuild(tmp_path / "tanda.js", "tanda")
    assert built.read_bytes() == TANDA.read_bytes(), "npm ci && npm run build, in site/browser"
    assert len(brotli.compress(built.read_bytes(), quality=11)) <= MOST_BYTES
    notice = built.read_text().partition("*/")[0]
    with workshop() as shop:
        licence = (shop / "node_modules" / "@noble" / "ed25519" / "LICENSE").read_text()
    plain = licence.replace("“", '"').replace("”", '"')
    permission = plain[plain.index("Permission is hereby") :].split()
    assert " ".join(permission) in " ".join(notice.split())
    assert "Copyright (c) 2019 Paul Miller" in " ".join(notice.split())
    for name in ("segel.js", "lacak.js", "foto.js", "berkas.js", "nama.js", "titip.js"):
        assert not CURVE.search(BUILT.with_name(name).read_text()), name  # nobody else pays for it
    assert CURVE.search(built.read_text())
