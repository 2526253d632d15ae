"""A door as in production, taken over: ``python -m tests.captured.taken thread JOURNAL [LEAK] --socket PATH``.

Every key that its code hands to a primitive, and every request and answer whole, goes into JOURNAL, a line of JSON each.
The product's code is the same; only the primitives that it imports are wrapped, before it imports them. LEAK is a flaw
to plant (``LEAKS``), which the tests have to find.
"""

import io
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric import ed25519, mlkem, x25519
from cryptography.hazmat.primitives.ciphers import aead
from cryptography.hazmat.primitives.kdf import hkdf


class Journal:
    """What the attacker takes down. Written at once, so that nothing is lost when the door ends."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def note(self, what: str, raw: bytes) -> None:
        os.write(self._file, (json.dumps({"what": what, "hex": bytes(raw).hex()}) + "\n").encode())


def spy(journal: Journal) -> None:
    """Wrap the primitives: from here on whoever imports them hands their keys to the journal as well."""
    real_gcm, real_hkdf, real_suite = aead.AESGCM, hkdf.HKDF, hpke.Suite

    class Gcm:
        def __init__(self, key: bytes) -> None:
            journal.note("aes", key)
            self._real = real_gcm(key)

        def __getattr__(self, name: str) -> Any:
            return getattr(self._real, name)

    class Hkdf:
        def __init__(self, *args: Any, **how: Any) -> None:
            self._real = real_hkdf(*args, **how)

        def derive(self, secret: bytes) -> bytes:
            journal.note("hkdf", secret)
            return self._real.derive(secret)

    class Suite:
        def __init__(self, *args: Any) -> None:
            self._real = real_suite(*args)

        def encrypt(self, *args: Any, **how: Any) -> bytes:
            return self._real.encrypt(*args, **how)

        def decrypt(self, *args: Any, **how: Any) -> bytes:
            plain = self._real.decrypt(*args, **how)
            journal.note("hpke", plain)
            return plain

    def loading(what: str, load: Callable[..., Any]) -> Callable[..., Any]:
        def loaded(raw: bytes) -> Any:
            journal.note(what, raw)
            return load(raw)

        return loaded

    class Ed25519:
        from_private_bytes = staticmethod(loading("ed25519", ed25519.Ed25519PrivateKey.from_private_bytes))
        generate = staticmethod(ed25519.Ed25519PrivateKey.generate)

    class X25519:
        from_private_bytes = staticmethod(loading("x25519", x25519.X25519PrivateKey.from_private_bytes))
        generate = staticmethod(x25519.X25519PrivateKey.generate)

    class MlKem:
        from_seed_bytes = staticmethod(loading("mlkem", mlkem.MLKEM768PrivateKey.from_seed_bytes))
        generate = staticmethod(mlkem.MLKEM768PrivateKey.generate)

    aead.AESGCM, hkdf.HKDF, hpke.Suite = Gcm, Hkdf, Suite
    ed25519.Ed25519PrivateKey, x25519.X25519PrivateKey = Ed25519, X25519
    mlkem.MLKEM768PrivateKey = MlKem


def watched(app: Any, journal: Journal) -> Any:
    """The door, with every request and answer taken down whole."""

    def call(environ: dict[str, Any], start_response: Any) -> Any:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        head = {name: value for name, value in environ.items() if isinstance(value, str)}
        journal.note("request", json.dumps(head).encode() + b"\n" + body)

        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            journal.note("answer", json.dumps([status, headers]).encode())
            return start_response(status, headers, *error)

        answer = b"".join(app(environ, start))
        journal.note("answer", answer)
        return [answer]

    return call


def main(name: str, journal_path: str, *arguments: str) -> int:
    journal = Journal(Path(journal_path))
    spy(journal)
    leak = arguments[0] if not arguments[0].startswith("--") else ""
    from functions.local import door
    from tests.captured.leaks import plant

    if leak:
        plant(leak)
    made = door.make_door_app
    door.make_door_app = lambda settings, wanted: watched(made(settings, wanted), journal)
    return door.main([name, *arguments[bool(leak) :]])


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
