"""What no report box of this kind could do without, on the same Flask: the floors that acts are compared with.

``write``: read a form, seal one key to a public key (X-Wing), encrypt the words once, put the same bytes in one
transaction. ``read``: read a form, get the same bytes by their key, unwrap one key, decrypt, render them. ``desk``: get
twenty such rows by an index, unwrap each key with the private one, decrypt and render its words: a list of twenty
cannot cost what a page of one does. ``bulk``: the same twenty, and for each what ``write`` encrypts and puts, all in
one transaction. ``step``: one transaction of an event's bytes, with no request around it, as the clock writes.
"""

import os
import sqlite3
from collections.abc import Iterator
from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import Flask, render_template_string, request

from functions.crypto.key_pairs import SUITE, hpke_private, hpke_public
from functions.crypto.open.private.keys import PrivateKeys
from functions.crypto.seal.public_keys import PublicKeys, Purpose

ROW_BYTES: Final = 4_600  # what a report takes in our own tables with its indexes (``docs/performance.md``)
EVENT_BYTES: Final = 400  # a step of the clock: an event without words, and a notice
LISTED: Final = 20
PAGE: Final = "<!doctype html><title>x</title><main>{{ words }}</main>"
LIST: Final = "<!doctype html><title>x</title><ul>{% for words in rows %}<li>{{ words }}</li>{% endfor %}</ul>"


def floor_app(db: sqlite3.Connection, public: PublicKeys, private: PrivateKeys) -> Flask:
    """Return the three routes, on a connection to a new file, with our own pragmas."""
    app = Flask(__name__)
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON"):
        db.execute(f"PRAGMA {pragma}")
    db.execute("CREATE TABLE reports (id TEXT PRIMARY KEY, sealed BLOB NOT NULL) STRICT, WITHOUT ROWID")
    key_id = public.current_id(Purpose.DESK, "kutim")
    key, opening = hpke_public(public.keys[key_id]), hpke_private(private.keys[key_id])

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

    db.execute("CREATE TABLE listed (place TEXT PRIMARY KEY, wrap BLOB NOT NULL, sealed BLOB NOT NULL) STRICT")
    for place in range(LISTED):
        case_key, nonce = AESGCM.generate_key(256), os.urandom(12)
        sealed = nonce + AESGCM(case_key).encrypt(nonce, text.encode(), b"")
        row = (str(place), SUITE.encrypt(case_key, key, info=b""), sealed)
        db.execute("INSERT INTO listed VALUES (?, ?, ?)", row)

    def listed() -> Iterator[tuple[AESGCM, str]]:
        asked = "SELECT wrap, sealed FROM listed WHERE place >= ? ORDER BY place LIMIT ?"
        for wrap, sealed in db.execute(asked, (request.form["place"], LISTED)).fetchall():
            opened = AESGCM(SUITE.decrypt(wrap, opening, info=b""))
            yield opened, opened.decrypt(sealed[:12], sealed[12:], b"").decode()

    @app.post("/desk")
    def desk() -> str:
        return render_template_string(LIST, rows=[words for _, words in listed()])

    @app.post("/bulk")
    def bulk() -> dict[str, int]:
        rows = []
        for case_key, words in listed():
            nonce = os.urandom(12)
            sealed = nonce + case_key.encrypt(nonce, words.encode().ljust(ROW_BYTES), b"")
            rows.append((os.urandom(16).hex(), sealed))
        db.execute("BEGIN IMMEDIATE")
        db.executemany("INSERT INTO reports VALUES (?, ?)", rows)
        db.execute("COMMIT")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        return {"done": len(rows)}

    return app


def step(db: sqlite3.Connection) -> None:
    """Write what the clock writes of one case, in a transaction, into the file of ``floor_app``."""
    db.execute("BEGIN IMMEDIATE")
    db.execute("INSERT INTO reports VALUES (?, ?)", (os.urandom(16).hex(), os.urandom(EVENT_BYTES)))
    db.execute("COMMIT")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
