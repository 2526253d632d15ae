"""The doors on storage that is nothing but two dictionaries: for tests of pages, which want data and no engine."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from io import BytesIO
from pathlib import Path
from secrets import token_hex
from typing import Any, cast
from urllib.parse import urlencode

import pikepdf
from flask.testing import FlaskClient
from PIL import Image

from functions.actions.common.sign_in import SignIn
from functions.actions.officer.case_act import CaseAct
from functions.actions.officer.handle_case import HandleCase
from functions.actions.officer.mandates import Mandates
from functions.actions.officer.read_case import ReadCase
from functions.actions.reporter.converse import Converse
from functions.actions.reporter.submit import Submit
from functions.casework.case import Case, CaseHead, Event
from functions.casework.case_fields import flat
from functions.casework.directory.agencies import Role
from functions.casework.factors.standing import Policy, Strictness
from functions.casework.sealed_identity import Identity
from functions.config.settings import DEMO, load_directory
from functions.crypto.ops.key_directory import KeyDirectory
from functions.crypto.seal.public_keys import Purpose
from functions.crypto.sign.links import Link
from functions.crypto.sign.mint import sign_link
from functions.desk import app as desk
from functions.intake import app as intake
from functions.intake.gate import Gate
from functions.intake.proof import Proofs
from functions.storage.interface import (
    Append,
    CaseExistsError,
    CaseNotFoundError,
    LinkUse,
    OutboxEntry,
    Page,
    Register,
    Revocation,
    Scope,
    Slip,
    Store,
    StoreUnavailableError,
    VersionConflictError,
)
from functions.storage.interface.cases import WHOLE_SPAN
from functions.storage.interface.outbox import OPENED
from functions.storage.page_tokens import read_place, token_after
from functions.storage.sort_keys import place, work_place
from functions.thread import app as thread

PROOFS, FLOOD = Proofs(bytes(32), 1_000), 100_000  # no test of a page is a flood
HTML = {"Accept": "text/html"}


@dataclass
class MemoryStore:
    """What the pages need of a Store; ``broken`` makes it unreachable."""

    cases: dict[str, Case] = field(default_factory=dict)
    identities: dict[str, Identity] = field(default_factory=dict)
    shares: dict[str, bytes] = field(default_factory=dict)
    outbox: list[OutboxEntry] = field(default_factory=list)
    links: dict[str, LinkUse] = field(default_factory=dict)
    voids: dict[str, int] = field(default_factory=dict)
    registers: dict[str, Register] = field(default_factory=dict)
    slips: dict[str, Slip] = field(default_factory=dict)
    broken: bool = False

    def create_case(
        self, head: CaseHead, events: Sequence[Event], outbox: Sequence[OutboxEntry], identity: Identity | None = None
    ) -> None:
        self._reach()
        if head.case_id in self.cases:
            raise CaseExistsError(self.cases[head.case_id].head)
        self.cases[head.case_id] = Case(head, tuple(events))
        if identity:
            self._keep(identity)
        self.outbox += outbox

    def read_case(self, case_id: str) -> Case:
        self._reach()
        if case_id not in self.cases:
            raise CaseNotFoundError
        return self.cases[case_id]

    def append(self, change: Append, expected_version: int) -> None:
        case = self.read_case(change.head.case_id)
        if case.head.version != expected_version:
            raise VersionConflictError
        self.cases[change.head.case_id] = Case(change.head, (*case.events, *change.events))
        self.outbox += change.outbox
        if change.identity:
            self._keep(change.identity)

    def read_head(self, case_id: str) -> CaseHead:
        return self.read_case(case_id).head

    def shred(self, tombstone: CaseHead, expected_version: int, outbox: Sequence[OutboxEntry] = ()) -> None:
        if self.read_case(tombstone.case_id).head.version != expected_version:
            raise VersionConflictError
        self.cases[tombstone.case_id] = Case(tombstone, ())
        self.identities.pop(tombstone.case_id, None)
        self.shares.pop(tombstone.case_id, None)
        self.outbox += outbox

    def finish(self, tombstone: CaseHead) -> None:
        """Nothing is listed here by its day."""

    def read_identity(self, case_id: str) -> Identity | None:
        self._reach()
        return self.identities.get(case_id)

    def write_identity(self, identity: Identity, outbox: Sequence[OutboxEntry] = ()) -> None:
        self._reach()
        standing = self.identities.get(identity.case_id)
        if (standing.version if standing else 0) != identity.version - 1:
            raise VersionConflictError
        self._keep(identity)
        self.outbox += outbox

    def read_shares(self, case_id: str) -> bytes:
        self._reach()
        return self.shares.get(case_id, b"")

    def _keep(self, identity: Identity) -> None:
        self.identities[identity.case_id] = replace(identity, shares=b"")
        if identity.shares:
            self.shares[identity.case_id] = identity.shares
        elif not identity.sealed:
            self.shares.pop(identity.case_id, None)

    def tally(self, entry: OutboxEntry) -> None:
        self.enqueue(entry)

    def page(
        self, scope: Scope, code: str, after: str = "", limit: int = 20, span: tuple[str, str] = WHOLE_SPAN
    ) -> Page:
        self._reach()
        last, key = read_place(f"{scope}:{code}", after), work_place if scope is Scope.WORK else place
        quarantine = scope is Scope.QUARANTINE
        names = {Scope.INSTANCE: "instance", Scope.ESCALATED: "escalated_to", Scope.ASSIGNED: "assigned"}
        names |= {Scope.SECOND: "second"}
        name = names.get(scope, "holder")
        there = [c.head for c in self.cases.values() if c.head.quarantined == quarantine]
        heads = [head for head in there if flat(head)[name] == code and key(head) > last]
        heads = sorted((head for head in heads if span[0] <= key(head) <= span[1]), key=key)
        shown = tuple(heads[:limit])
        return Page(shown, token_after(scope, code, shown[-1]) if len(heads) > limit else "")

    def enqueue(self, entry: OutboxEntry) -> None:
        self._reach()
        self.outbox.append(entry)

    def read_entry(self, entry_id: str) -> OutboxEntry | None:
        return next((entry for entry in self.outbox if entry.entry_id == entry_id), None)

    def pin(self, entry_id: str) -> None:
        self.outbox = [replace(e, error=OPENED) if e.entry_id == entry_id and e.untouched else e for e in self.outbox]

    def use_link(self, use: LinkUse) -> LinkUse:
        standing = self.links.get(use.link_id)
        if standing is None or standing.secret_hash == use.secret_hash:
            self.links[use.link_id] = use
        return self.links[use.link_id]

    def read_link_use(self, link_id: str) -> LinkUse | None:
        self._reach()
        return self.links.get(link_id)

    def change_link_use(self, before: LinkUse, after: LinkUse) -> bool:
        standing = self.links[before.link_id]
        same = (standing.secret_hash, standing.challenge) == (before.secret_hash, before.challenge)
        if same:
            self.links[after.link_id] = after
        return same

    def end_link_use(self, link_id: str) -> None:
        self.links[link_id] = replace(self.links[link_id], secret_hash=b"")

    def revoke(self, revocation: Revocation) -> None:
        self.voids[revocation.subject] = revocation.before

    def revoked(self, subjects: Sequence[str]) -> dict[str, int]:
        return {subject: self.voids[subject] for subject in subjects if subject in self.voids}

    def read_register(self, name: str) -> Register | None:
        self._reach()
        return self.registers.get(name)

    def register_version(self, name: str) -> int:
        self._reach()
        standing = self.registers.get(name)
        return standing.version if standing else 0

    def write_registers(self, registers: Sequence[Register], outbox: Sequence[OutboxEntry] = ()) -> None:
        for register in registers:
            if self.register_version(register.name) != register.version - 1:
                raise VersionConflictError(register.name)
        self.registers |= {register.name: register for register in registers}
        self.outbox += outbox

    def read_slip(self, name: str, now: int) -> Slip | None:
        self._reach()
        slip = self.slips.get(name)
        return slip if slip and slip.expires > now else None

    def read_slips(self, names: Sequence[str], now: int) -> dict[str, Slip]:
        found = (self.read_slip(name, now) for name in names)
        return {slip.name: slip for slip in found if slip}

    def write_slip(self, slip: Slip, now: int, outbox: Sequence[OutboxEntry] = ()) -> None:
        standing = self.read_slip(slip.name, now)
        if (standing.version if standing else 0) != slip.version - 1:
            raise VersionConflictError
        self.slips[slip.name] = slip
        self.outbox += outbox

    def drop_slip(self, name: str) -> None:
        self._reach()
        self.slips.pop(name, None)

    def _reach(self) -> None:
        if self.broken:
            raise StoreUnavailableError


@dataclass
class MemoryBlobs:
    """Sealed files by case and name."""

    found: dict[tuple[str, str], bytes] = field(default_factory=dict)

    def prepare(self) -> None:
        """Nothing to make."""

    def put(self, case_id: str, name: str, sealed: bytes, on: date) -> None:
        self.found[case_id, name] = sealed

    def get(self, case_id: str, name: str) -> bytes:
        if (case_id, name) not in self.found:
            raise CaseNotFoundError
        return self.found[case_id, name]

    def delete_case(self, case_id: str) -> None:
        self.found = {key: sealed for key, sealed in self.found.items() if key[0] != case_id}


class Town:
    """One regency with its three doors, on a day that can be turned."""

    def __init__(self, folder: Path) -> None:
        self.today = date(2026, 11, 24)
        self.seconds = 1_795_500_000
        self.directory = load_directory(DEMO / "kutai-timur.toml")
        self.keys = KeyDirectory(folder / "keys")
        for purpose in Purpose:
            self.keys.generate(purpose, "kutim")
        self.memory, self.blobs = MemoryStore(), MemoryBlobs()
        store = cast("Store", self.memory)  # the courier's half of the interface is not here
        private, links = self.keys.private(Purpose.DESK), self.keys.private(Purpose.LINKS)
        self.link_key = next(iter(links.keys.values()))
        submit = Submit(store, self.keys.public, self.directory, lambda: self.today)
        self.converse = Converse(store, self.blobs, self.keys.public, self.directory, lambda: self.today)
        cases = ReadCase(store, self.blobs, lambda: private, self.directory, lambda: self.today)
        self.handle = HandleCase(CaseAct(cases, self.keys.public))
        self.signin = SignIn(
            store, self.keys.public, self.directory, lambda: self.seconds, policy=Policy(Strictness.GRACE)
        )
        self.intake_app = intake.make_app(submit, PROOFS, Gate(FLOOD), url="http://127.0.0.1:8000")
        self.thread_app = thread.make_app(self.converse, https=False, operator="Diskominfo Kutai Timur")
        signing = self.keys.private(Purpose.MANDATES)
        mandates = Mandates(store, self.keys.public, lambda: signing, lambda: self.seconds)
        operator = "Diskominfo Kutai Timur"
        self.desk_app = desk.make_app(self.handle, self.signin, mandates, https=False, operator=operator)
        self.thread = self.thread_app.test_client()

    def report(self, **changes: str) -> tuple[str, str]:
        """Send a report; its receipt and its number."""
        fields = {
            "kind": "pengaduan",
            "topic": "lampu-jalan",
            "district": "64.08.04",
            "place": "Depan SDN 005 Sangatta Utara",
            "subject": "Lampu jalan mati",
            "body": "Lampu jalan di depan SDN 005 mati dua minggu. Gelap sekali, rawan kecelakaan.",
            "submission_key": token_hex(16),
        }
        sent = self.intake_app.test_client().post("/api/reports", json=fields | changes)
        assert sent.status_code == 201, sent.text
        body = sent.get_json()
        return body["receipt"], body["tracking_id"]

    def open(self, receipt: str, path: str = "", **fields: Any) -> Any:
        """Ask the thread for a page, as a browser's form does."""
        return self.thread.post(f"/api/thread{path}", data={"receipt": receipt, **fields}, headers=HTML)

    def token(self, agency: str, role: Role, case_id: str = "") -> str:
        """A signed link's token for an officer of an agency."""
        link = Link(
            token_hex(8), f"{agency}-1", agency, role, "kutim", case_id, self.seconds - 60, self.seconds + 86400
        )
        return sign_link(link, self.link_key)

    def desk(self, agency: str, role: Role = Role.OFFICER, case_id: str = "") -> "Officer":
        """A browser that came in by a link."""
        client = self.desk_app.test_client()
        answer = client.post("/desk/session", data={"token": self.token(agency, role, case_id)}, headers=HTML)
        assert answer.status_code == 303, answer.text
        return Officer(client, answer.headers["Location"])

    def coordinator(self) -> "Officer":
        """The coordinator's browser."""
        return self.desk("kutim", Role.COORDINATOR)

    def hand_over(self, case_id: str, agency: str = "kutim-dishub") -> "Officer":
        """Let the coordinator hand a case to a unit; the unit's browser."""
        sent = self.coordinator().send(case_id, "handover", agency=agency, reason="Kewenangan dinas ini.")
        assert sent.status_code == 303, sent.text
        return self.desk(agency)


@dataclass
class Officer:
    """A signed-in browser and the page it was sent to first."""

    client: FlaskClient
    first: str

    def page(self, path: str = "/desk/") -> str:
        answer = self.client.get(path, headers=HTML)
        assert answer.status_code == 200, answer.text
        return answer.text

    def case(self, case_id: str, done: str = "", do: str = "") -> str:
        """The case's page; ``do`` is the tab, or the form that is unfolded."""
        query = urlencode({name: value for name, value in (("done", done), ("do", do)) if value})
        return self.page(f"/desk/cases/{case_id}?{query}")

    def tabs(self, case_id: str) -> dict[str, str]:
        """The case's page with each of its tabs, by the tab's name in addresses."""
        names = re.findall(rf'href="/desk/cases/{case_id}\?do=([a-z]+)#next"', self.case(case_id))
        return {name: self.case(case_id, do=name) for name in names}

    @property
    def csrf(self) -> str:
        return hidden(self.page(self.first), "csrf_token")

    def send(self, case_id: str, action: str, **fields: Any) -> Any:
        data = {"csrf_token": self.csrf, **fields}
        return self.client.post(f"/desk/cases/{case_id}/{action}", data=data, headers=HTML)


def hidden(page: str, name: str) -> str:
    """The value of a hidden field, the first of that name."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, f"no field {name}"
    return found[1]


def photo(colour: str = "#456") -> tuple[BytesIO, str]:
    """A small JPEG, as a form sends it."""
    out = BytesIO()
    Image.new("RGB", (640, 420), colour).save(out, "JPEG")
    out.seek(0)
    return out, "IMG_2041.jpg"


def document() -> tuple[BytesIO, str]:
    """A PDF of one empty page, as a form sends it."""
    out = BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(out)
    out.seek(0)
    return out, "surat.pdf"


def numbers(page: str) -> Iterator[str]:
    """The case numbers a page links to."""
    return iter(re.findall(r'href="/desk/cases/([0-9A-Z-]{14})', page))
