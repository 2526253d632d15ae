"""Who imports ``crypto.open`` and the rooms beside it that open, and why: a new importer fails here until somebody has looked
and written the reason.

``crypto.seal`` in turn holds no call that opens, whatever its names are.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FUNCTIONS = ROOT / "functions"

IMPORTS_WHAT_OPENS = {
    "actions/common/decrypted_case.py": "a case and its key, for one request: whoever has the key made it",
    "actions/common/decrypted_identity.py": "an identity and its key, likewise",
    "actions/common/private_door.py": "wires desk and custody with the keys of their one purpose",
    "actions/common/rewrap.py": "half of a rotation: desk and custody open what their old key wrapped",
    "actions/courier/factor_mail.py": "the courier's key: whose second factor changed, and how",
    "actions/courier/deliver.py": "the courier's key: contacts and texts on their way out",
    "actions/courier/seal_anew.py": "half of a rotation: the courier's key, for what ops bring",
    "actions/courier/officers_mail.py": "the courier's keys: what the desk asked for, and the links' signing key",
    "actions/courier/outbox_entry.py": "the courier's key: what an outbox entry holds sealed",
    "actions/courier/reporter_news.py": "the courier's key: a reporter's contact and the text for it",
    "actions/courier/open311_exchange.py": "the courier's key: the secrets of agencies' own systems",
    "actions/custodian/custody.py": "the identities' key, after two custodians agreed",
    "actions/custodian/slots.py": "the identities' key: the envelope around shares that only custodians' browsers open",
    "actions/factors/door.py": "wires the second factor with the keys of its door's one purpose",
    "actions/factors/rewrap_factors.py": "half of a rotation: desk and custody open what their old key sealed",
    "actions/factors/second_factor.py": "an officer's TOTP secret and a helper's code, to compare what was typed",
    "actions/officer/personal/drafts.py": "an officer's own draft, with the key of a case that the guard let them answer",
    "actions/officer/personal/reminders.py": "an officer's own line, with the key of a case that the guard let them in to",
    "actions/officer/mandates.py": "the desk's own signing key: what it asks of the courier",
    "actions/officer/read_case.py": "the desk's key, after the guard let an officer in",
    "actions/reporter/receipt_lookup.py": "with the receipt that the reporter presents",
    "actions/reporter/identity.py": "with the receipt that the reporter presents",
    "courier/orders.py": "a rotation's order: seals anew what ops bring",
    "courier/main.py": "wires the courier with its two purposes",
    "custody/orders.py": "a rotation's order: wraps identities anew",
    "desk/main.py": "wires the desk with the key that signs what it asks of the courier",
    "desk/orders.py": "a rotation's order: wraps cases anew",
}
# What opens with a secret that is no private key: a number's, an app's, a waiting report's.
IMPORTS_WHAT_READS = {
    "actions/common/muted_numbers.py": "the name under which a number's silence is kept",
    "actions/reporter/open311.py": "an app's token, which the app presents",
    "actions/reporter/sms.py": "a number's slip, with the secret and the number that writes",
    "cli/directory/link.py": "the public half of that key, for phones of a linked office",
    "courier/channels.py": "the secret that names a number's silence",
    "gateway/main.py": "wires the gateway with the numbers' secret",
    "intake/app.py": "a report that waited on a phone: the door's own key of transport",
    "intake/main.py": "reads the secret of that key",
    "intake/waiting.py": "opens a report that waited, to seal it anew",
    "local/dev.py": "shows a demonstration's numbers",
    "local/setup.py": "makes the secret of transport on the first start",
}
DECRYPTS = {"crypto/open/opening.py", "crypto/slips/app_tokens.py", "crypto/slips/phone_numbers.py"}
OPENING = {"decrypt", "hpke_private", "decompress", "decompressobj", "unpacked", "unpad", "from_private_bytes"}


def imports(source: str, *rooms: str) -> bool:
    """Whether a module imports one of the rooms of ``functions.crypto``, or out of it."""
    for node in ast.walk(ast.parse(source)):
        modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module:
            modules = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        if any(f"{module}.".startswith(f"functions.crypto.{room}.") for module in modules for room in rooms):
            return True
    return False


def importers(*rooms: str) -> Iterator[str]:
    for path in sorted(FUNCTIONS.rglob("*.py")):
        if imports(path.read_text(), *rooms):
            yield path.relative_to(FUNCTIONS).as_posix()


def outside(places: Iterator[str]) -> set[str]:
    return {place for place in places if not place.startswith("crypto/")}


def test_every_importer_of_what_opens_is_known_and_justified() -> None:
    assert outside(importers("open")) == set(IMPORTS_WHAT_OPENS)
    assert outside(importers("slips", "transport")) == set(IMPORTS_WHAT_READS)
    assert all((IMPORTS_WHAT_OPENS | IMPORTS_WHAT_READS).values())


def test_nothing_decrypts_but_by_a_room_that_opens() -> None:
    assert set(importers("decrypt")) == DECRYPTS


@pytest.mark.parametrize(
    "planted",
    [
        "from functions.crypto.decrypt import decrypt_item",
        "from functions.crypto import decrypt",
        "import functions.crypto.decrypt as d",
        "def late():\n    from functions.crypto.decrypt import decrypt",
    ],
)
def test_a_planted_import_is_seen(planted: str) -> None:
    assert imports(planted, "decrypt")
    assert not imports(planted, "slips", "transport", "open")


def calls(source: str) -> set[str]:
    """The names of everything that is called."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            found.add(node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", ""))
    return found


@pytest.mark.parametrize("path", sorted((FUNCTIONS / "crypto" / "seal").glob("*.py")), ids=lambda path: path.name)
def test_what_seals_holds_no_call_that_opens(path: Path) -> None:
    assert calls(path.read_text()) & OPENING == set()


def test_the_look_for_calls_sees_one() -> None:
    assert calls("AESGCM(key).decrypt(nonce, sealed, aad)") & OPENING == {"decrypt"}
    assert "decrypt" in calls((FUNCTIONS / "crypto" / "decrypt.py").read_text())
