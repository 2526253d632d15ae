"""What no report box of this kind could do without, on the same Flask: the floors that acts are compared with.

``write``: read a form, seal one key to a public key (X-Wing), encrypt the words once, put the same bytes in one
transaction. ``read``: read a form, get the same bytes by their key, unwrap one key, decrypt, render them.
"""

import os
import sqlite3
from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import Flask, render_template_string, request

from functions.crypto.key_pairs import SUITE, hpke_public
from functions.crypto.seal.public_keys import PublicKeys, Purpose

ROW_BYTES: Final = 9_500  # what a report takes in our own tables with its indexes (``docs/sizes.md``)
PAGE: Final = "<!doctype html><title>x</title><main>{{ words }}</main>"


def floor_app(db: sqlite3.Connection, public: PublicKeys) -> Flask:
    """Return the two routes, on a connection to a new file, with our own pragmas."""
    app = Flask(__name__)
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON"):
        db.execute(f"PRAGMA {pragma}")
    db.execute("CREATE TABLE reports (id TEXT PRIMARY KEY, sealed BLOB NOT NULL) STRICT, WITHOUT ROWID")
    key = hpke_public(public.keys[public.current_id(Purpose.DESK, "kutim")])

    @app.post("/write")
    def write() -> tuple[dict[str, str], int]:
        words = "\n".join(request.form.values()).encode()
        case_key, nonce, ident = AESGCM.generate_key(256), os.urandom(12), os.urandom(16).hex()
        wrap = SUITE.encrypt(case_key, key, info=ident.encode())
        sealed = wrap + nonce + AESGCM(case_key).encrypt(nonce, words.ljust(ROW_BYTES - len(wrap)), b"")
        db.execute("BEGIN IMMEDIATE")
        db.execute("INSERT INTO reports VALUES (?, ?)", (ident, sealed))
        db.execute("COMMIT")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        return {"id": ident}, 201

    own_key, own_nonce = AESGCM.generate_key(256), os.urandom(12)
    own = AESGCM(own_key).encrypt(own_nonce, AESGCM.generate_key(256), b"")
    text = os.urandom(1_500).hex()
    inner = AESGCM(AESGCM(own_key).decrypt(own_nonce, own, b"")).encrypt(own_nonce, text.encode(), b"")
    db.execute("INSERT INTO reports VALUES ('own', ?)", (inner.ljust(ROW_BYTES, b"\0"),))

    @app.post("/read")
    def read() -> str:
        (sealed,) = db.execute("SELECT sealed FROM reports WHERE id = ?", (request.form["id"],)).fetchone()
        opened = AESGCM(AESGCM(own_key).decrypt(own_nonce, own, b""))
        words = opened.decrypt(own_nonce, sealed[: len(inner)], b"").decode()
        return render_template_string(PAGE, words=words)

    return app
