"""What is fuzzed: for each target seeds that are right, and what takes a mutated one and must not stumble.

A target returns what became of the input in few words (a status and codes): an outcome that was not seen before is worth
keeping. It raises for anything that is no refusal of ours.
"""

import json
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from flask.testing import FlaskClient

from functions.actions.common.decrypted_case import UNSEALED
from functions.casework.case import EventKind
from functions.casework.directory.check import check
from functions.casework.directory.tables import DirectoryFaultsError
from functions.casework.formats.event_words import check_words, read_texts, read_words
from functions.casework.receipt import parse_receipt, parse_tracking_id
from functions.casework.report import is_address
from functions.casework.stages import Actor
from functions.casework.understanding.receipts import receipts_in
from functions.casework.understanding.words import Words
from functions.cli.directory.files import read_file
from functions.cli.letters.cells import LettersError
from functions.cli.letters.rows import Letters, RowFaultsError, write_template
from functions.crypto.errors import SealError
from functions.crypto.key_pairs import SUITE, hpke_public
from functions.crypto.open import opening
from functions.crypto.padding import pad
from functions.crypto.seal.public_keys import hint_of
from functions.crypto.transport.waiting_reports import INFO, STEP_BYTES, WaitingKey
from functions.delivery import open311
from functions.delivery.interface import DeliveryError, Letter
from functions.delivery.mail import mime
from functions.gateway.signature import HEADER, sign
from functions.intake import app as intake
from functions.intake.gate import Gate
from functions.open311.app import make_app as open311_app
from functions.web.narration import narrate
from tests.envelopes import seal_bytes, sealed_fields
from tests.fuzz.hostile import shapes
from tests.open311.ours import new_key, place_of
from tests.world import FLOOD, JSON, PROOFS, SMS, URL, WORDS, World

PEER: Final = open311.System("https://lapor.contoh.id/open311/v2", "kunci")
WAITING: Final = WaitingKey(b"w" * 32)
CASE_KEY, CASE_ID = b"k" * 32, "4F7K-2M9Q-XR3D"
LINE = "----garis"
TABLES = {
    b"a": "agencies.csv",
    b"o": "officers.csv",
    b"d": "districts.csv",
    b"v": "villages.csv",
    b"t": "tables.toml",
    b"y": "tables.yaml",
}
PEER_ANSWER = (
    "<?xml version='1.0' encoding='utf-8'?><service_requests><request><service_request_id>7</service_request_id>"
    "<token>t7</token><status>closed</status><status_notes>Sudah.</status_notes><updated_datetime>2026-11-25T10:00:00Z"
    "</updated_datetime></request></service_requests>"
)


class StumbledError(AssertionError):
    """A door answered 500 or more."""


@dataclass
class Targets:
    """The targets in a World of their own. ``run`` gives one an input."""

    world: World
    folder: Path
    seeds: dict[str, list[bytes]] = field(default_factory=dict)
    runs: dict[str, Callable[[bytes], str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Make the doors, and a case whose thread files are sent to."""
        world = self.world
        made = intake.make_app(world.submit, PROOFS, Gate(FLOOD), url=URL, waiting_secret=b"w" * 32)
        self.intake: FlaskClient = made.test_client()
        self.apps = open311_app(place_of(world, per_hour=10**9)).test_client()
        self.receipt = world.report()["receipt"]
        typed = world.fields()
        sealed = sealed_fields(world.submit, typed)[0]
        self._add("report", [json.dumps(typed).encode()], self._report)
        self._add("envelope", [json.dumps(sealed).encode()], self._report)
        self._add("waiting", [json.dumps(sealed | {"opened": "ab" * 32}).encode()], self._waiting)
        self._add("form", [f"receipt={self.receipt}&body=Halo&message_key=abababab".encode()], self._form)
        self._add("multipart", [_multipart(self.receipt)], self._multipart)
        self._add(
            "receipt", [self.receipt.encode(), f"{URL}/lacak/#{self.receipt}".encode(), WORDS.encode()], self._receipt
        )
        world.ask_link(world.officer("kutim").email)
        world.run_courier()
        self._add("token", [token.encode() for token in world.mailbox.tokens()[-1:]], self._token)
        texts = ("KUTIM jalan rusak di Sangatta", f"CEK {self.receipt}", "YA", "STOP", WORDS * 3)
        self._add("sms", [json.dumps(_sms(text)).encode() for text in texts], self._sms)
        self._add("item", shapes()[::9], self._item)
        self._add("directory", self._tables(), self._directory)
        self._add("letters", self._letters_seeds(), self._letters)
        fields = {
            "api_key": new_key(world.store),
            "service_code": "lampu-jalan",
            "description": WORDS,
            "address_string": "Jalan Pendidikan 7",
            "attribute[district]": "64.08.04",
        }
        self._add(
            "open311", ["&".join(f"{k}={v}" for k, v in fields.items()).replace(" ", "+").encode()], self._open311
        )
        self._add("address", [b"bunga@contoh.id", b'"B. M." <bunga@[192.0.2.1]>', b"a@b.id,c@d.id"], _address)
        self._add("peer", [PEER_ANSWER.encode()], self._peer)

    def _add(self, name: str, seeds: list[bytes], run: Callable[[bytes], str]) -> None:
        self.seeds[name], self.runs[name] = seeds, run

    def _report(self, raw: bytes) -> str:
        answer = self.intake.post("/api/reports", data=raw, headers=JSON | {"Content-Type": "application/json"})
        return _told(answer)

    def _waiting(self, inside: bytes) -> str:
        if inside[:1] != b"{" and len(inside) % 2:  # half of what is no JSON comes unsealed
            envelope = inside
        else:
            size = -(-(len(inside) + 4) // STEP_BYTES) * STEP_BYTES
            sealed = SUITE.encrypt(pad(inside, size), hpke_public(WAITING.public), info=INFO)
            envelope = b"\x01" + hint_of(WAITING.key_id) + sealed
        form = {"sealed": "waiting", "envelope": (BytesIO(envelope), "blob")}
        return _told(self.intake.post("/api/reports", data=form, headers=JSON))

    def _form(self, raw: bytes) -> str:
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        said = [_told(self.world.thread.post("/api/thread/messages", data=raw, headers=JSON | kind))]
        said.append(_told(self.intake.post("/api/reports", data=raw, headers=kind)))
        return " ".join(said)

    def _multipart(self, raw: bytes) -> str:
        kind = {"Content-Type": f"multipart/form-data; boundary={LINE[2:]}"}
        return _told(self.world.thread.post("/api/thread/files", data=raw, headers=JSON | kind))

    def _receipt(self, raw: bytes) -> str:
        text = raw.decode(errors="surrogateescape")
        found = len(receipts_in(text))
        taken = Words({"body": text, "subject": text[:40]}).taken_out
        said = []
        for parse in (parse_receipt, parse_tracking_id):
            try:
                said.append(type(parse(text)).__name__)
            except ValueError:
                said.append("none")
        body = json.dumps({"receipt": text}).encode()
        answer = self.world.thread.post("/api/thread", data=body, headers=JSON | {"Content-Type": "application/json"})
        return f"{min(found, 3)} {taken} {said} {_told(answer)}"

    def _token(self, raw: bytes) -> str:
        text = raw.decode(errors="replace")
        client = self.world.desk_app.test_client()
        client.set_cookie("lapor-desk", text[:1000])
        seen = client.get("/desk/", headers=JSON)
        return f"{_told(seen)} {_told(client.post('/desk/session', json={'token': text}, headers=JSON))}"

    def _sms(self, raw: bytes) -> str:
        headers = {HEADER: sign(SMS, raw, self.world.seconds), "Content-Type": "application/json"}
        return _told(self.world.gateway.post("/api/sms/inbound", data=raw, headers=headers))

    def _item(self, plain: bytes) -> str:
        """As ``OpenedCase`` does, without the store: of every kind, by everybody."""
        said = []
        sealed = seal_bytes(CASE_KEY, CASE_ID, 1, EventKind.REPORT, plain[: 2**17])
        opened = opening.open_item(CASE_KEY, CASE_ID, 1, EventKind.REPORT, sealed)
        for kind in (kind for kind in EventKind if kind not in UNSEALED):
            for by in Actor:
                try:
                    words = (
                        read_words(opened) if kind is EventKind.REPORT else check_words(kind, by, read_texts(opened))
                    )
                except (SealError, ValueError):
                    continue
                said.append(kind.value[:2])
                if kind is not EventKind.REPORT:
                    self._narrated(kind, words)
        return " ".join(dict.fromkeys(said))

    def _narrated(self, kind: EventKind, words: Mapping[str, str]) -> None:
        with self.world.desk_app.test_request_context():
            narrate(kind, "diproses", words.get("body", ""), words, self.world.directory)

    def _tables(self) -> list[bytes]:
        return [
            b"a\ncode,name,kind,parent,region\nkutim-uji,Dinas Uji,unit,kutim,\n",
            b"o\nident;agency;role;email\nuji-1;kutim-dpupr;officer;uji@contoh.id\n",
            b"t\n[[agencies]]\ncode = 'kutim-uji'\nname = 'Dinas Uji'\nkind = 'unit'\nparent = 'kutim'\n",
            b"y\nagencies:\n  - {code: kutim-uji, name: Dinas Uji, kind: unit, parent: kutim}\nholidays_own: [2026-12-01]\n",
            b"d\ncode,name\n64.08.04,Sangatta\n",
            b"v\ncode,name,district\n64.08.04.2001,Desa Uji,64.08.04\n",
        ]

    def _directory(self, raw: bytes) -> str:
        head, _, body = raw.partition(b"\n")
        path = self.folder / TABLES[head[:1]] if head[:1] in TABLES else self.folder / "agencies.csv"
        path.write_bytes(body)
        try:
            return f"{path.name} {len(check(read_file(path)).directory.agencies) > 0}"
        except DirectoryFaultsError as error:
            return f"{path.name} {error.faults[0][2][:10]}"
        finally:
            path.unlink()

    def _letters_seeds(self) -> list[bytes]:
        found = []
        for ending in ("csv", "xlsx"):
            path = self.folder / f"surat.{ending}"
            write_template(path, self.world.directory)
            found.append(ending.encode() + b"\n" + path.read_bytes())
            path.unlink()
        return found

    def _letters(self, raw: bytes) -> str:
        head, _, body = raw.partition(b"\n")
        path = self.folder / f"surat.{'xlsx' if head[:1] == b'x' else 'csv'}"
        path.write_bytes(body)
        letters, rows, wrong = Letters(path, self.world.directory, self.world.today), 0, 0
        try:
            for number, typed in letters:
                rows += 1
                try:
                    letters.report(number, typed)
                except RowFaultsError:
                    wrong += 1
        except LettersError as error:
            return f"{path.suffix} {str(error).partition(': ')[2][:8]}"
        finally:
            path.unlink()
        return f"{path.suffix} {min(rows, 2)} {min(wrong, 2)}"

    def _open311(self, raw: bytes) -> str:
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        said = [
            self.apps.post(f"/open311/v2/requests.{fmt}", data=raw, headers=kind).status_code for fmt in ("json", "xml")
        ]
        query = raw.decode(errors="replace").replace("#", "")
        said.append(self.apps.get(f"/open311/v2/requests.xml?{query}").status_code)
        if max(said) >= 500:
            raise StumbledError(said)
        return str(said)

    def _peer(self, raw: bytes) -> str:
        def called(*_: object, **__: object) -> bytes:
            return raw

        kept, open311.call = open311.call, called
        said: list[Any] = []
        acts: list[Callable[[], Any]] = [
            lambda: open311.ask(PEER, {}),
            lambda: open311.number_of(PEER, "t"),
            lambda: [*open311.states(PEER, ["7"])],
            lambda: [*open311.updates(PEER, "", "")],
        ]
        try:
            for act in acts:
                try:
                    said.append(bool(act()))
                except DeliveryError as error:
                    said.append(error.code)
        finally:
            open311.call = kept
        return str(said)


def _address(raw: bytes) -> str:
    """A contact that a browser sealed, as the courier writes it into a letter."""
    text = raw.decode(errors="surrogateescape")
    if not is_address(text):
        return "none"
    try:
        return f"letter {len(bytes(mime(Letter(text, 's', 't', '<p>t</p>', 'id'), 'Lapor <a@b.id>'))) > 0}"
    except ValueError:
        return "refused"


def _multipart(receipt: str) -> bytes:
    parts = "".join(
        f'{LINE}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in (("receipt", receipt), ("file_key", "abababab"))
    )
    file = (
        f'{LINE}\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\n'
    )
    return (parts + file + "Tiang nomor 17.\r\n" + LINE + "--\r\n").encode()


def _sms(text: str) -> dict[str, str]:
    return {"gateway_id": b64encode(text.encode())[:20].decode(), "from": "+6281200000017", "text": text}


def _told(answer: Any) -> str:
    """Return status and codes of an answer. Raises StumbledError from 500 on."""
    if answer.status_code >= 500:
        raise StumbledError(f"{answer.status_code}: {answer.get_data(as_text=True)[:300]}")
    said = answer.get_json(silent=True)
    if not isinstance(said, dict):
        return str(answer.status_code)
    wrong = sorted(str(error.get("field")) for error in said.get("errors", []))
    return f"{answer.status_code} {said.get('code', '')} {','.join(wrong)}".strip()
