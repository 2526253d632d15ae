"""Each function does all of its work with the rights of its role: wired as in AWS, on real calls, one after another.
And nothing is granted that this work does not use: every action of every statement was needed at least once."""

import json
from base64 import b32decode, b64decode, b64encode
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from secrets import token_bytes, token_hex
from time import time
from typing import Any

import pytest

from functions.actions.courier.open311_exchange import key_context
from functions.actions.reporter.submit import Submit
from functions.casework.apps import admit
from functions.casework.deadlines.workdays import is_workday
from functions.casework.directory.agencies import Role
from functions.casework.directory.registers import DIRECTORY_REGISTER, encode_directory
from functions.clock import orders as clock
from functions.config.settings import Settings, load_directory, load_officers
from functions.crypto.ops.choose import open_key_maker
from functions.crypto.seal.public_keys import Purpose
from functions.crypto.seal.public_store import open_public_keys
from functions.crypto.sign.totp import STEP_SECONDS, code_at
from functions.storage.choose_store import open_store
from functions.storage.interface import Register, Revocation
from functions.storage.registers.apps import read_apps, write_apps
from functions.storage.registers.directory import read_directory
from functions.storage.registers.linked_systems import Peer, app_peer, change_sent, write_peer
from tests.aggregator import aggregator
from tests.cloud.as_roles import Functions, acting_as, assembled
from tests.cloud.policies import ROLES, listed
from tests.envelopes import sealed_fields
from tests.linked_system import KEY, LinkedSystem, linked_system
from tests.split_world import Browser
from tests.whole.test_story import mark

REASON = "Kewenangan dinas ini, sesuai pembagian tugas."
UNIT = "kutim-dpupr"
NOTED = b"Catatan tentang lampu jalan di depan sekolah.\n"
# Not done in this process: Lambda itself writes the logs.
NOT_HERE = {"logs:CreateLogStream", "logs:PutLogEvents", "ses:SendEmail"}
# Statements of what this account does not have; each is tried on one machine alone, and by what the role refuses.
NOT_HAD = {
    "KnowsWhichReportsWereRelayed": "a linked office: tests/doors/test_relay.py",
    "CountsLettersOfADay": "LETTERS_PER_DAY: tests/actions/test_day_quota.py",
    "OrdersItselfForEachInstance": "more than eight governments: tests/clock/test_fan_out.py",
}


def report(**changes: str) -> dict[str, str]:
    fields = {
        "kind": "pengaduan",
        "topic": "jalan",
        "district": "64.08.04",
        "body": f"Lampu jalan mati sejak dua minggu. Tanda {mark()}.",
        "submission_key": token_hex(16),
    }
    return fields | changes


class Story:
    """What happens between a report and its end, as often as it takes to need every right."""

    def __init__(self, functions: Functions, monkeypatch: Any) -> None:
        self.functions, self.settings = functions, functions.settings
        self.day = date(2026, 11, 25)
        monkeypatch.setattr(Settings, "today", lambda _: self.day)
        self.directory = load_directory(self.settings.directory_file)
        self.officers = load_officers(self.settings.officers_file, self.directory)
        self.intake, self.thread = functions.door("intake"), functions.door("thread")

    def later(self, days: int) -> None:
        """So many days on, and to the next working day, since nothing happens on others."""
        self.day += timedelta(days=days)
        while not is_workday(self.day):
            self.day += timedelta(days=1)

    def email(self, agency: str, *, custodian: bool = False) -> str:
        return next(o.email for o in self.officers if o.agency == agency and (o.role is Role.CUSTODIAN) is custodian)

    def desk(self, agency: str) -> Any:
        """An officer who asked for a link, and came in by it."""
        self.functions.order("courier", "deliver")  # what waits: a link to one case lists no others
        outside = self.functions.door("desk")
        outside.post("/desk/links", {"email": self.email(agency)}, 202)
        courier_forgets_whom_it_told(self.functions)
        self.functions.order("courier", "deliver")
        browser = self.functions.door("desk")
        browser.csrf = browser.post("/desk/session", {"token": self.functions.token(self.email(agency))})["csrf"]
        return browser

    def custodian(self, agency: str) -> Any:
        browser = self.functions.door("custody")
        token = self.functions.token(self.email(agency, custodian=True))
        browser.csrf = browser.post("/custody/session", {"token": token})["csrf"]
        return browser


def courier_forgets_whom_it_told(functions: Functions) -> None:
    """It sends one link an hour to each, which it remembers in memory only."""
    from functions.courier import orders

    orders._made.cache_clear()


@pytest.fixture(scope="module")
def phone() -> Iterator[tuple[str, list[Any]]]:
    """Where SMS are posted, and what was."""
    with aggregator(200) as answering:
        yield answering


@pytest.fixture(scope="module")
def story(guarded_cloud, callers, tmp_path_factory, phone):
    patch = pytest.MonkeyPatch()
    yield Story(assembled(callers, guarded_cloud[1], tmp_path_factory.mktemp("awan"), patch, phone[0]), patch)
    patch.undo()


def test_a_report_goes_its_way(story):
    """Sent, sent again, handed on, taken back, handed on, answered, with files both ways, closed, reopened, confirmed."""
    fields = report()
    sent = story.intake.post("/api/reports", fields, 201)
    assert story.intake.post("/api/reports", fields) == sent
    receipt, path = {"receipt": sent["receipt"]}, f"/desk/cases/{sent['tracking_id']}"
    story.functions.order("courier", "deliver")
    coordinator, unit = story.desk("kutim"), story.desk(UNIT)
    assert coordinator.get("/desk/")["cases"]
    assert coordinator.get(path)["messages"][0]["body"] == fields["body"]
    coordinator.post(f"{path}/handover", {"agency": UNIT, "reason": REASON})
    coordinator.post(f"{path}/recall", {})
    coordinator.post(f"{path}/handover", {"agency": UNIT, "reason": REASON})
    assert unit.get(path)["messages"][0]["body"] == fields["body"]  # before its letter left: which it notes there
    assert [case["tracking_id"] for case in unit.get("/desk/")["cases"]] == [sent["tracking_id"]]
    assert unit.get("/desk/escalated/")["cases"] == []
    unit.post(f"{path}/messages", {"body": "Kami periksa besok.", "message_key": token_hex(8)}, 201)
    n = unit.attach(f"{path}/files", NOTED, file_key=token_hex(8))["n"]
    assert NOTED.strip() in story.thread.post(f"/api/thread/files/{n}", receipt)
    n = story.thread.attach("/api/thread/files", NOTED, file_key=token_hex(8), **receipt)["n"]
    assert NOTED.strip() in unit.get(f"{path}/files/{n}")
    unit.post(f"{path}/close", {"outcome": "dijelaskan", "reason": REASON})
    assert story.thread.post("/api/thread/verdict", receipt | {"verdict": "belum", "reason": "Masih mati."})
    unit.post(f"{path}/close", {"outcome": "dijelaskan", "reason": REASON})
    done = story.thread.post("/api/thread/verdict", receipt | {"verdict": "selesai", "rating": 5})
    assert done["stage"] == "selesai"
    unit.post("/desk/session/end", {})


def test_what_floods_waits_and_what_no_key_opens_is_discarded(story):
    loud = story.functions.door("intake", flood_per_hour=1)
    marked = [loud.post("/api/reports", report(), 201)["tracking_id"] for _ in range(3)]
    with acting_as("intake"):
        public = open_public_keys(story.settings).public
        submit = Submit(open_store(story.settings), public, story.directory, story.settings.today)
        body, receipt = sealed_fields(submit, report(identity_mode="anonim", subject="", place=""))
    wrap = bytearray(b64decode(body["wrap_desk"]))
    wrap[-1] ^= 1
    body["wrap_desk"] = b64encode(wrap).decode()
    junk = story.intake.post("/api/reports", body, 201)["tracking_id"]
    story.thread.attach("/api/thread/files", NOTED, file_key=token_hex(8), receipt=receipt)
    coordinator = story.desk("kutim")
    waiting = [case["tracking_id"] for case in coordinator.get("/desk/quarantine/")["cases"]]
    assert marked[-1] in waiting
    coordinator.post(f"/desk/cases/{junk}/discard", {})


def test_a_report_is_withdrawn_with_its_files(story):
    sent = story.intake.post("/api/reports", report(identity_mode="rahasia", contact="siti@surat.example.id"), 201)
    receipt = {"receipt": sent["receipt"]}
    story.thread.attach("/api/thread/files", NOTED, file_key=token_hex(8), **receipt)
    story.thread.post("/api/thread/withdraw", receipt)
    assert story.thread.post("/api/thread", receipt)["messages"] == []


def test_an_identity_is_left_asked_for_and_opened(story):
    sent = story.intake.post("/api/reports", report(), 201)
    receipt, path = {"receipt": sent["receipt"]}, f"/custody/cases/{sent['tracking_id']}"
    person = {"name": "Siti Khayalan", "contact": "siti@surat.example.id"}
    story.thread.post("/api/thread/identity", receipt | person)
    desks = [o.agency for o in story.officers if o.role is Role.CUSTODIAN]
    for agency in desks:
        story.functions.door("custody").post("/custody/links", {"email": ""}, 404)  # they ask at the desk's door
        outside = story.functions.door("desk")
        outside.post("/desk/links", {"email": story.email(agency, custodian=True)}, 202)
    courier_forgets_whom_it_told(story.functions)
    story.functions.order("courier", "deliver")
    handler = story.desk("kutim")
    handler.post(f"/desk/cases/{sent['tracking_id']}/custodian", {"reason": REASON})
    first, second = map(story.custodian, desks[:2])
    assert first.get(path)["wish"]["reason"] == REASON
    assert first.post(f"{path}/ask", {"reason": REASON})["state"] == "asked"
    assert second.get("/custody/")
    story.thread.post("/api/thread/identity/answer", receipt | {"consent": "yes", "request": "2"})
    story.later(14)
    assert second.post(f"{path}/open", {"reason": REASON})["state"] == "opened"
    assert first.get(path)["name"] == person["name"]
    secret = second.get("/custody/factor/new")["secret"]
    code = code_at(b32decode(secret), int(time()) // STEP_SECONDS)
    assert second.post("/custody/factor/new", {"secret": secret, "code": code})["csrf"]
    for own in (Browser(token_bytes(32)), Browser(token_bytes(32))):  # a key, and another in its place
        public, vouch = b64encode(own.public).decode(), b64encode(own.vouch).decode()
        second.post("/custody/key", {"public": public, "vouch": vouch})
    first.post("/custody/session/end", {})
    with acting_as("ops"):
        officer = next(o.ident for o in story.officers if o.agency == desks[1] and o.role is Role.CUSTODIAN)
        open_store(story.settings).revoke(Revocation(f"officer:{officer}", 2**31))
    assert second.client.get("/custody/", base_url="https://lapor.example").status_code != 200


def test_a_number_reports_is_answered_and_closes_by_sms(story, phone):
    """A report, more of it, an officer's answer, the end of it; SMS that are not wanted; and too many of them."""
    sms, gateway = story.settings.sms_secret, story.functions.door("gateway")
    gateway.sms("LAPOR Lampu jalan di Sangatta Selatan mati sejak dua minggu", sms)
    story.functions.order("courier", "deliver")
    gateway.sms("Di depan masjid", sms)
    coordinator = story.desk("kutim")
    (case,) = [case for case in coordinator.get("/desk/")["cases"] if case["topic"] == "lainnya"]
    path = f"/desk/cases/{case['tracking_id']}"
    coordinator.post(f"{path}/handover", {"agency": UNIT, "reason": REASON})
    unit = story.desk(UNIT)
    assert unit.post(f"{path}/draft", {"body": "Kami"})["version"] == 1
    assert unit.post(f"{path}/draft", {"body": "Kami periksa", "seen": "1"})["version"] == 2
    for day in ((story.day + timedelta(days=n)).isoformat() for n in (1, 2)):
        assert unit.post(f"{path}/remind", {"day": day, "line": "Tanya hasilnya."})["day"] == day
    unit.post(f"{path}/messages", {"body": "Kami periksa besok.", "message_key": token_hex(8)}, 201)
    unit.post(f"{path}/close", {"outcome": "dijelaskan", "reason": "Lampu sudah menyala."})
    for text in ("BERHENTI", "MULAI"):
        gateway.sms(text, sms)
    story.functions.order("courier", "deliver")
    gateway.sms("SELESAI", sms)
    story.functions.order("courier", "deliver")
    told = [body["text"] for _, body in phone[1]]
    assert "Kami periksa besok." in told
    assert any("Lampu sudah menyala." in text for text in told)
    assert "Terima kasih" in told[-1]
    loud = story.functions.door("gateway", sms_reports=1)
    for _ in range(2):
        loud.sms(f"LAPOR Lampu jalan mati lagi, tanda {token_hex(4)}", sms)


def confirmed(desk: Any, path: str, status: int = 200, **typed: str) -> Any:
    """A coordinator's change: shown, then confirmed."""
    shown = desk.post(path, typed)
    return desk.post(path, typed | {"confirm": "yes", "version": shown["version"]}, status)


def test_a_coordinator_edits_his_own_instance(story):
    """A unit comes, an officer of it is wished for and entered by the courier, and both go again."""
    desk, changes, officers = story.desk("kutim"), "/desk/instance/changes", "/desk/instance/officers"
    confirmed(desk, changes, act="add", code="kutim-baru", name="Dinas Baru", level="opd", parent="kutim")
    wish = {"ident": "baru-1", "email": "baru-1@lapor.example", "unit": "kutim-baru", "role": "officer"}
    confirmed(desk, officers, 202, act="add_officer", **wish)
    story.functions.order("courier", "deliver")
    desk = story.desk("kutim")
    confirmed(desk, officers, 202, act="remove_officer", ident="baru-1")
    story.functions.order("courier", "deliver")
    confirmed(desk, changes, act="remove", code="kutim-baru")
    desk.post("/desk/templates/", {"title": "Jadwal", "topic": "jalan", "text": "Ditambal lusa.", "version": "0"}, 201)
    desk.post("/desk/templates/", {"title": "Alat", "topic": "jalan", "text": "Menunggu alat.", "version": "1"}, 201)


def test_keys_are_rotated_by_ops_who_open_nothing(story):
    before = story.intake.post("/api/reports", report(), 201)
    story.thread.post(
        "/api/thread/identity",
        {"receipt": before["receipt"], "name": "Budi Rekaan", "contact": "budi@surat.example.id"},
    )
    with acting_as("ops"):
        maker = open_key_maker(story.settings)
        maker.generate_all([(Purpose.DESK, "kutim"), (Purpose.IDENTITY, "kutim")])
    assert story.functions.order("desk", "rewrap", "kutim")["rewrapped"] > 0
    assert story.functions.order("custody", "rewrap", "kutim")["rewrapped"] > 0
    assert story.functions.order("desk", "rewrap", "kutim")["rewrapped"] == 0


def test_what_bounces_is_told_to_ops_by_ident(story):
    lost = [{"emailAddress": story.email(UNIT)}]
    told = {"eventType": "Bounce", "bounce": {"bounceType": "Permanent", "bouncedRecipients": lost}}
    assert story.functions.order("courier", "bounced", messages=(json.dumps(told),)) == {"bounced": 1}


def test_the_house_is_kept(story):
    """Reminded and taken up when late; counted; anchored, identities too; forgotten after its time."""
    done = story.functions.order("clock", "keep_house")
    assert done["dead_letters"] == 1
    assert done["anchor"] == done["count"] == 1
    story.later(45)
    assert story.functions.order("clock", "keep_house")["remind"] > 0
    centre = story.desk("kutim")
    assert centre.get("/desk/")
    story.later(story.settings.retention_days)
    assert story.functions.order("clock", "keep_house")["retain"] > 0


API = "/open311/v2"


@pytest.fixture
def system() -> Iterator[LinkedSystem]:
    with linked_system() as running:
        yield running


def keep_house(story: Story) -> None:
    """The clock's hour, on a day after the last; what it knows of the directory may be a minute old, here it is not."""
    story.later(1)
    clock._made.cache_clear()
    story.functions.order("clock", "keep_house")


def courier_comes(story: Story) -> None:
    """In an hour in which it has asked nobody yet."""
    courier_forgets_whom_it_told(story.functions)
    story.functions.order("courier", "deliver")


def admitted(story: Story, ident: str, agency: str = "") -> str:
    """An app, or an agency's system, let in by ops; its key."""
    with acting_as("ops"):
        store = open_store(story.settings)
        known = read_apps(store)
        apps, key = admit(known.apps, ident, "Sistem contoh", agency)
        write_apps(store, known.version, apps.values())
    return key


def told_of(story: Story, name: str, url: str = "") -> None:
    """Say how to speak to a system, as ops do."""
    with acting_as("ops"):
        public = open_public_keys(story.settings).public()
        sealed = public.seal(Purpose.COURIER, "kutim", key_context(name), KEY.encode())[1]
        write_peer(open_store(story.settings), name, Peer(sealed, url=url))


def test_an_app_reports_is_told_of_the_answer_and_adds_to_it(story, system):
    """With its report sent again, too many of them, its reporter's words in two letters, and the clock between."""
    key = admitted(story, "warga")
    told_of(story, app_peer("warga", "kutim"), system.url)
    door = story.functions.door("open311")
    fields = {"api_key": key, "service_code": "lampu-jalan", "attribute[district]": "64.08.04"}
    fields |= {"description": "Lampu taman mati.", "submission_key": token_hex(16)}
    (taken,) = door.form(f"{API}/requests.json", **fields)
    assert door.form(f"{API}/requests.json", **fields) == [taken]
    assert door.get(f"{API}/tokens/{taken['token']}.json")[0]["token"] == taken["token"]
    coordinator = story.desk("kutim")
    (case,) = [case for case in coordinator.get("/desk/")["cases"] if case["topic"] == "lampu-jalan"]
    path = f"/desk/cases/{case['tracking_id']}"
    coordinator.post(f"{path}/handover", {"agency": UNIT, "reason": REASON})
    unit = story.desk(UNIT)
    unit.post(f"{path}/messages", {"body": "Di taman yang mana?", "message_key": token_hex(8)}, 201)
    courier_comes(story)
    assert [(u["service_request_id"], u["description"]) for u in system.updates] == [
        (taken["token"], "Di taman yang mana?")
    ]
    for number, words in enumerate(("Taman Bersemi.", "Dekat gerbang.")):
        said = {"service_request_id": taken["token"], "update_id": str(number), "description": words}
        door.form(f"{API}/servicerequestupdates.json", api_key=key, **said)
        keep_house(story)
    unit = story.desk(UNIT)
    assert [m["body"] for m in unit.get(path)["messages"]][-2:] == ["Taman Bersemi.", "Dekat gerbang."]
    loud = story.functions.door("open311", flood_per_hour=1)
    for _ in range(2):
        loud.form(f"{API}/requests.json", **fields | {"submission_key": token_hex(16)})


def test_an_agencys_system_gets_a_report_and_its_answers_come_by_asking_and_by_telling(story, system):
    agency = "kutim-dishub"
    with acting_as("ops"):
        store = open_store(story.settings)
        known = read_directory(store, story.settings).directory
        linked = replace(known.agencies[agency], channel=f"open311:{system.url}")
        changed = replace(known, agencies={**known.agencies, agency: linked})
        body = encode_directory(changed, frozenset())
        version = store.register_version(DIRECTORY_REGISTER)
        store.write_registers([Register(DIRECTORY_REGISTER, version + 1, body)])
    told_of(story, agency)
    key = admitted(story, "sistem-dishub", agency)
    intake = story.functions.door("intake")
    sent = intake.post("/api/reports", report(topic="lampu-jalan"), 201)
    receipt, path = {"receipt": sent["receipt"]}, f"/desk/cases/{sent['tracking_id']}"
    story.desk("kutim").post(f"{path}/handover", {"agency": agency, "reason": REASON})
    courier_comes(story)
    number = f"R-{len(system.requests)}"
    assert "Lampu jalan mati" in system.requests[-1]["description"]
    system.say(number, "Petugas berangkat.")
    with acting_as("ops"):  # an hour passes: it asks once in each
        change_sent(open_store(story.settings), agency, lambda there: replace(there, polled=0))
    courier_comes(story)
    keep_house(story)
    door = story.functions.door("open311")
    said = {"service_request_id": number, "update_id": "u-1", "description": "Bola lampu dipesan.", "status": "OPEN"}
    door.form(f"{API}/servicerequestupdates.json", api_key=key, **said)
    keep_house(story)
    read = [m["body"] for m in story.thread.post("/api/thread", receipt)["messages"]]
    assert read[-2:] == ["Petugas berangkat.", "Bola lampu dipesan."]
    story.thread.post("/api/thread/withdraw", receipt)
    with acting_as("ops"):
        change_sent(open_store(story.settings), agency, lambda there: replace(there, polled=0))
    courier_comes(story)  # it forgets the number there


def test_what_its_reporter_agreed_to_is_public_for_apps_and_goes_again(story):
    """Wished, written, agreed to, published with the week's batch, shown to apps; then not any more."""
    thread, intake = story.functions.door("thread"), story.functions.door("intake")
    sent = intake.post("/api/reports", report(), 201)
    receipt, path = {"receipt": sent["receipt"]}, f"/desk/cases/{sent['tracking_id']}"
    story.desk("kutim").post(f"{path}/handover", {"agency": UNIT, "reason": REASON})
    unit = story.desk(UNIT)
    unit.post(f"{path}/messages", {"body": "Kami periksa besok.", "message_key": token_hex(8)}, 201)
    thread.post("/api/thread/publication", receipt)
    text = {"summary": "Lampu jalan padam dua minggu.", "answer": "Lampu sudah diganti."}
    number = unit.post(f"{path}/publication", text, 201)["n"]
    assert thread.post("/api/thread", receipt)["publication"]["few"] is True
    thread.post("/api/thread/publication/agree", receipt | {"draft": str(number)})
    story.later(7)
    keep_house(story)
    shown = story.functions.door("open311").get(f"{API}/requests.json")
    assert [each["description"] for each in shown] == [text["summary"]]
    thread.post("/api/thread/publication/stop", receipt)
    keep_house(story)
    assert story.functions.door("open311").get(f"{API}/requests/{shown[0]['service_request_id']}.json", 404)


@pytest.mark.parametrize("role", ROLES)
def test_nothing_is_granted_that_was_not_needed(story, role):
    who = story.functions.callers[role]
    granted = {
        (statement["Sid"], action)
        for statement in who.statements
        if statement["Effect"] == "Allow" and statement["Sid"] not in NOT_HAD
        for action in listed(statement["Action"])
        if action not in NOT_HERE
    }
    assert granted - who.used == set()
