"""A whole small world for tests: real store, real keys, all doors and the courier, on a clock one can turn.

Everything is the product's own; only the day, the seconds and the mailbox are the test's.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from secrets import token_hex
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from functions.actions.clock.import_replies import ImportReplies
from functions.actions.clock.remind import Remind
from functions.actions.common.courier_texts import Texts
from functions.actions.common.forward_to_system import Forwarding
from functions.actions.common.muted_numbers import MutedNumbers
from functions.actions.common.sign_in import SignIn
from functions.actions.courier.circuit import Circuit
from functions.actions.courier.dead_news import DeadNews
from functions.actions.courier.deliver import Deliver
from functions.actions.courier.officers_mail import OfficersMail
from functions.actions.courier.open311_exchange import Exchange
from functions.actions.factors.door import factor_acts
from functions.actions.officer.case_act import CaseAct
from functions.actions.officer.case_lists import CaseLists
from functions.actions.officer.case_notes import CaseNotes
from functions.actions.officer.handle_case import HandleCase
from functions.actions.officer.mail.request_link import RequestLink
from functions.actions.officer.mandates import Mandates
from functions.actions.officer.read_case import ReadCase
from functions.actions.reporter.converse import Converse
from functions.actions.reporter.sms import ReceiveSms
from functions.actions.reporter.sms_acts import SmsActs
from functions.actions.reporter.submit import Submit
from functions.casework.channel import Channel
from functions.casework.directory.agencies import Directory, Officer, Role
from functions.casework.factors.standing import Policy, Strictness
from functions.casework.formats.attachments import FILE_MB
from functions.cleaner import app as cleaner
from functions.config.private_files import write_private
from functions.config.settings import DEMO, load_directory, load_officers
from functions.crypto.open.private.keys import PrivateKeys
from functions.crypto.ops.key_directory import KeyDirectory
from functions.crypto.seal.public_keys import Purpose
from functions.crypto.sign.counter_passes import Passes
from functions.crypto.slips.phone_numbers import PhoneSecret
from functions.delivery.interface import DeliveryError, Letter, Text
from functions.delivery.notify_app import AppNotifier
from functions.delivery.notify_mail import MailNotifier
from functions.delivery.notify_sms import SmsNotifier
from functions.desk import app as desk
from functions.gateway import app as gateway
from functions.gateway.signature import HEADER, sign
from functions.intake import app as intake
from functions.intake.gate import Gate
from functions.intake.proof import Proofs
from functions.storage.blobs.folder import DirBlobs
from functions.storage.interface import Store
from functions.storage.registers.staff import tell_staff
from functions.storage.sqlite.store import SqliteStore
from functions.thread import app as thread
from functions.web.dates import long_date
from tests.prepared import put_empty_file

GRACE = Policy(Strictness.GRACE, 36_500)  # strict: tests/doors/test_half_open.py
PASSES = Passes(bytes(32))
PROOFS, FLOOD = Proofs(bytes(32), 1_000, passes=PASSES), 100_000  # no test of a page is a flood
URL = "http://127.0.0.1:8000"
NUMBER = "+6281200000017"  # invented
PHONE, MUTE, SMS = b"p" * 32, b"m" * 32, b"s" * 32
JSON = {"Accept": "application/json"}
WORDS = "Lampu jalan di depan sekolah mati sejak dua minggu. Gelap sekali, rawan kecelakaan."


@dataclass
class Mailbox:
    """Takes letters, or refuses them while ``trouble`` is set."""

    letters: list[Letter] = field(default_factory=list)
    trouble: DeliveryError | None = None
    tries: int = 0

    def send(self, letter: Letter) -> None:
        self.tries += 1
        if self.trouble:
            raise self.trouble
        self.letters.append(letter)

    def tokens(self, to: str = "") -> list[str]:
        found = [re.search(r"/masuk/#(\S+)", mail.text) for mail in self.letters if not to or mail.to == to]
        return [match[1] for match in found if match]


@dataclass
class Phone:
    """Takes SMS, or refuses them while ``trouble`` is set."""

    texts: list[Text] = field(default_factory=list)
    trouble: DeliveryError | None = None

    def send(self, text: Text) -> None:
        if self.trouble:
            raise self.trouble
        self.texts.append(text)


@dataclass
class Desk:
    """An officer's browser, signed in."""

    client: FlaskClient
    csrf: str
    session: dict[str, Any]

    def get(self, path: str, **kwargs: Any) -> Any:
        return self.client.get(path, headers=JSON, **kwargs)

    def post(self, path: str, body: dict[str, Any]) -> Any:
        return self.client.post(path, json=body, headers=JSON | {"X-CSRF-Token": self.csrf})


class World:
    """One instance with its demonstration directory, in a folder of its own."""

    def __init__(
        self,
        folder: Path,
        store: Store | None = None,
        directory: Directory | None = None,
        officers: tuple[Officer, ...] = (),
        *,
        keys: KeyDirectory | None = None,
    ) -> None:
        """``keys``: those of an office that stands in ``folder`` already; else new ones are made."""
        self.folder, self.count = folder, 0
        self.today = date(2026, 11, 25)
        self.seconds = 1_795_570_000
        self.directory: Directory = directory or load_directory(DEMO / "kutai-timur.toml")
        self.officers: tuple[Officer, ...] = officers or load_officers(DEMO / "officers.toml", self.directory)
        self.keys = keys or self._made_keys()
        if store is None:
            put_empty_file(folder / "lapor.sqlite")
        self.store = store or SqliteStore(folder / "lapor.sqlite")
        self.store.prepare()
        tell_staff(self.store, self.officers)
        self.blobs = DirBlobs(folder / "blobs")
        self.blobs.prepare()
        self.mailbox, self.phone = Mailbox(), Phone()
        self.submit = Submit(self.store, self.keys.public, self.directory, lambda: self.today)
        self.converse = Converse(self.store, self.blobs, self.keys.public, self.directory, lambda: self.today)
        signing = self.keys.private(Purpose.MANDATES)
        self.mandates = Mandates(self.store, self.keys.public, lambda: signing, lambda: self.seconds)
        self.texts = Texts(self.keys.public, self.mandates.sign)
        self.seat(lambda: self.keys.private(Purpose.DESK))
        self.remind = Remind(self.store, self.directory, lambda: self.today)
        self.signin = SignIn(self.store, self.keys.public, self.directory, lambda: self.seconds, policy=GRACE)
        self.ask_link = RequestLink(self.mandates, self.directory)
        opening, muted = self.keys.private(Purpose.COURIER), MutedNumbers(self.store, MUTE)
        circuit = Circuit(lambda: self.seconds)
        exchange = Exchange(self.store, self.directory, opening, lambda: self.seconds, circuit)
        self.deliver = Deliver(
            store=self.store,
            mailer=self.mailbox,
            officers=OfficersMail(
                store=self.store,
                directory=self.directory,
                officers=self.officers,
                courier_keys=opening,
                link_keys=self.keys.private(Purpose.LINKS),
                public_keys=self.keys.public,
                url=URL,
                say_day=lambda moment: long_date(moment.date(), "id"),
                now=lambda: self.seconds,
            ),
            notifiers={
                Channel.MAIL: MailNotifier(self.mailbox, URL),
                Channel.SMS: SmsNotifier(self.phone, URL, lambda number: muted.has(number, self.seconds)),
                Channel.APP: AppNotifier(exchange.push),
            },
            courier_keys=opening,
            now=lambda: self.seconds,
            pause=lambda _: None,
            circuit=circuit,
            exchange=exchange,
            dead=DeadNews(self.store),
        )
        self.take_up = ImportReplies(self.store, self.directory, lambda: self.today, lambda: self.seconds)
        acts = SmsActs(self.submit, self.converse, "kutim", "64.08.04", ("KUTIM",), "http://127.0.0.1:8000")
        self.texting = ReceiveSms(
            self.store, acts, self.texts, PhoneSecret(PHONE), MUTE, lambda: self.today, lambda: self.seconds
        )

    def _made_keys(self) -> KeyDirectory:
        keys = KeyDirectory(self.folder / "keys")
        for instance in self.directory.instances():
            for purpose in Purpose:
                keys.generate(purpose, instance.code)
        for name, secret in {"phone": PHONE, "mute": MUTE, "sms": SMS}.items():
            write_private(self.folder / "keys" / name, secret)
        return keys

    def seat(self, desk_keys: Callable[[], PrivateKeys]) -> None:
        """Put officers' actions at the desk, with the directory as it is now."""
        self.cases = ReadCase(self.store, self.blobs, desk_keys, self.directory, lambda: self.today)
        self.lists, self.act = CaseLists(self.cases), CaseAct(self.cases, self.keys.public, self.texts)
        self.handle = HandleCase(self.act, Forwarding(self.keys.public, self.directory))
        self.notes = CaseNotes(self.act)

    # The doors, each made when first somebody comes to it: most tests come to one, some to none.

    @cached_property
    def gateway(self) -> FlaskClient:
        return gateway.make_app(self.texting, SMS, https=False, now=lambda: self.seconds).test_client()

    @cached_property
    def intake(self) -> FlaskClient:
        return intake.make_app(self.submit, PROOFS, Gate(FLOOD), url="http://127.0.0.1:8000").test_client()

    @cached_property
    def cleaner(self) -> FlaskClient:
        return cleaner.make_app(https=False, file_mb=FILE_MB).test_client()

    @cached_property
    def thread(self) -> FlaskClient:
        return thread.make_app(self.converse, https=False).test_client()

    @cached_property
    def desk_app(self) -> Flask:
        opening = self.keys.private(Purpose.DESK)
        factors = factor_acts(self.signin, self.keys.public, lambda: opening, Purpose.DESK, URL)
        return desk.make_app(self.handle, self.signin, self.mandates, https=False, passes=PASSES, factors=factors)

    def sms(self, text: str, sender: str = NUMBER, **more: str) -> Any:
        """Deliver an SMS, signed; returns the door's answer."""
        self.count += 1
        body = json.dumps({"gateway_id": str(self.count), "from": sender, "text": text, **more}).encode()
        headers = {HEADER: sign(SMS, body, self.seconds), "Content-Type": "application/json"}
        return self.gateway.post("/api/sms/inbound", data=body, headers=headers)

    def said(self, text: str, sender: str = NUMBER, **more: str) -> str:
        """Send an SMS and read what comes back; what waited to leave leaves before."""
        self.run_courier()
        assert self.sms(text, sender, **more).status_code == 202
        self.run_courier()
        return self.phone.texts[-1].text

    def later(self, *, days: int = 0, hours: int = 0) -> None:
        """Turn the clock."""
        self.today += timedelta(days=days)
        self.seconds += days * 86400 + hours * 3600

    def fields(self, **changes: str) -> dict[str, str]:
        """A valid report, with changes."""
        report = {
            "kind": "pengaduan",
            "topic": next(iter(self.directory.topics)),
            "district": "64.08.04",
            "place": "depan sekolah",
            "subject": "Lampu jalan mati",
            "body": WORDS,
            "identity_mode": "anonim",
            "submission_key": token_hex(16),
        }
        return report | changes

    def report(self, **changes: str) -> dict[str, Any]:
        """Send a report as JSON; returns receipt, tracking_id, stage, due."""
        answer = self.intake.post("/api/reports", json=self.fields(**changes), headers=JSON)
        assert answer.status_code == 201, answer.data
        body: dict[str, Any] = answer.get_json()
        return body

    def post(self, path: str, body: dict[str, Any]) -> Any:
        """A call of the thread as JSON."""
        return self.thread.post(path, json=body, headers=JSON)

    def read(self, receipt: str) -> dict[str, Any]:
        """The thread as its reporter reads it."""
        body: dict[str, Any] = json.loads(self.post("/api/thread", {"receipt": receipt}).data)
        return body

    def run_courier(self) -> int:
        """Deliver all that is due; returns how many entries."""
        total = 0
        while count := self.deliver.run_once("courier"):
            total += count
        return total

    def officer(self, agency: str, role: Role | None = None) -> Officer:
        """The first officer of an agency; in this role, where one is named."""
        staff = (o for o in self.officers if o.agency == agency)
        return next(o for o in staff if o.role is role or (role is None and o.role is not Role.CUSTODIAN))

    def desk(self, token: str) -> Desk:
        """Open a desk session with a link."""
        client = self.desk_app.test_client()
        answer = client.post("/desk/session", json={"token": token}, headers=JSON)
        assert answer.status_code == 200, answer.data
        session = answer.get_json()
        return Desk(client, session["csrf"], session)

    def desk_of(self, agency: str, role: Role | None = None) -> Desk:
        """Ask for an inbox link for the first officer of an agency (in a role), and come in by it."""
        self.run_courier()
        self.later(hours=1)  # one link an hour
        address = self.officer(agency, role).email
        self.ask_link(address)
        self.run_courier()
        return self.desk(self.mailbox.tokens(address)[-1])

    def hand_over(self, case_id: str, agency: str = "kutim-dpupr") -> Desk:
        """Let the coordinator hand a case to a unit; returns the unit's desk."""
        coordinator = self.desk_of("kutim")
        answer = coordinator.post(f"/desk/cases/{case_id}/handover", {"agency": agency, "reason": "Kewenangan dinas."})
        assert answer.status_code == 200, answer.data
        return self.desk_of(agency)


__all__ = ["GRACE", "JSON", "URL", "WORDS", "Desk", "Mailbox", "World"]
