"""Law 5 through the doors: a report about each agency of the demonstration in turn, and every officer of it.

For each agency: reports about it come in, one openly, one in a flood, one with an identity in trust; they live their
lives, to appeal and withdrawal. At each station every officer who is accused asks every route of desk and custody
for them, in JSON and as a browser does: the answer must be byte for byte the one for a number that does not exist, and
his lists must stay byte for byte as they were before. No letter reaches him.

The routes are read from the doors' own maps: a new one that is not in the tables below fails
``test_no_route_is_left_out``.

Every day one agency of each kind is accused (``ABOUTS``), and asks at one station in JSON, at the next as a browser; in
``make test-deep`` each of them, both ways at each station.
"""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from itertools import product
from secrets import token_hex
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from functions.casework.case import CaseHead
from functions.casework.directory.agencies import AgencyKind, Officer, Role
from functions.casework.report import read_report
from functions.config.settings import DEMO, load_directory, load_officers
from functions.crypto.sign.links import Link
from functions.crypto.sign.mint import sign_link
from tests.casework.conflict import accused
from tests.depth import deep
from tests.trust import CONTACT, NAME, REASON, TrustWorld

JSON, HTML = {"Accept": "application/json"}, {"Accept": "text/html"}
UNKNOWN = "4F7K-2M9Q-XR3D"
DIRECTORY = load_directory(DEMO / "kutai-timur.toml")
OFFICERS = load_officers(DEMO / "officers.toml", DIRECTORY)
CASE_ID = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b")


def kind_of(about: str) -> tuple[object, ...]:
    """All in which an agency can differ from another one for this law: what it is, who sits there, whether it sorts,
    inspects, or is proposed for a topic."""
    agencies, topics = DIRECTORY.agencies.values(), DIRECTORY.topics.values()
    roles = frozenset(officer.role for officer in OFFICERS if officer.agency == about)
    sorts, inspects = (any(getattr(a, at) == about for a in agencies) for at in ("coordinator", "inspectorate"))
    return DIRECTORY.agencies[about].kind, roles, sorts, inspects, any(topic.unit == about for topic in topics)


ABOUTS = deep(
    list(DIRECTORY.agencies), list({kind_of(about): about for about in reversed(DIRECTORY.agencies)}.values())
)

# What is asked about one case, by route, rightly filled in. "{other}" is an agency that could receive it.
CASE_ROUTES: dict[str, list[dict[str, str]]] = {
    "GET /desk/cases/<tracking_id>": [{}],
    "GET /desk/cases/<tracking_id>/files/<int:n>": [{"n": "1"}, {"n": "2"}, {"n": "99"}],
    "POST /desk/cases/<tracking_id>/messages": [{"body": "Halo", "message_key": "k" * 16}, {"body": ""}],
    "POST /desk/cases/<tracking_id>/files": [{"file_key": "f" * 16}],
    "POST /desk/cases/<tracking_id>/stage": [
        {"stage": stage, "reason": REASON} for stage in ("diproses", "diverifikasi", "ditahan", "diarsipkan")
    ],
    "POST /desk/cases/<tracking_id>/handover": [
        {"agency": agency, "reason": REASON} for agency in ("kutim", "kutim-dlh", "kutim-inspektorat", "tidak-ada")
    ],
    "POST /desk/cases/<tracking_id>/recall": [{}],
    "POST /desk/bulk": [{"case": "<tracking_id>"}],
    "POST /desk/bulk/handover": [
        {
            "case": "<tracking_id>",
            "key": "k" * 16,
            "agency-<tracking_id>": "kutim-dlh",
            "reason-<tracking_id>": REASON,
            "seen-<tracking_id>": "1",
        }
    ],
    "POST /desk/bulk/recall": [{"recall": "<tracking_id>"}],
    "POST /desk/cases/<tracking_id>/extend": [{"due": "2026-12-30", "reason": REASON}],
    "POST /desk/cases/<tracking_id>/unmask": [{"n": "1", "ground": "records", "reason": REASON}],
    "GET /desk/cases/<tracking_id>/unmask": [{}],
    "POST /desk/cases/<tracking_id>/unmask/decision": [{"request": "2", "decision": "agreed", "reason": REASON}],
    "POST /desk/cases/<tracking_id>/discard": [{}],
    "POST /desk/cases/<tracking_id>/notes": [{"body": "Halo", "message_key": "n" * 16}],
    "POST /desk/cases/<tracking_id>/oversight": [{"reason": REASON}],
    "POST /desk/cases/<tracking_id>/recuse": [{"reason": REASON}],
    "POST /desk/cases/<tracking_id>/sp4n": [{"number": "9197446"}],
    "POST /desk/cases/<tracking_id>/sp4n/file": [{}],
    "POST /desk/cases/<tracking_id>/assign": [{"officer": ""}, {"officer": "kutim-1"}],
    "POST /desk/cases/<tracking_id>/draft": [{"body": "Kami"}, {"body": ""}],
    "POST /desk/cases/<tracking_id>/remind": [{"day": "2027-01-04", "line": "Tanya."}, {"off": "yes"}],
    "POST /desk/cases/<tracking_id>/custodian": [{"reason": REASON}, {"reason": ""}],
    "POST /desk/cases/<tracking_id>/priority": [{"on": "yes", "reason": REASON}, {"on": "no", "reason": REASON}],
    "POST /desk/cases/<tracking_id>/correct": [{"topic": "lainnya", "reason": REASON}, {"reason": REASON}],
    "POST /desk/cases/<tracking_id>/close": [{"outcome": "dijelaskan", "reason": REASON}],
    "POST /desk/cases/<tracking_id>/lift": [{"reason": REASON}],
    "POST /desk/cases/<tracking_id>/lift/decision": [{"decision": "granted", "reason": REASON}],
    "POST /desk/cases/<tracking_id>/publication": [{"summary": "Lampu mati.", "answer": "Diganti."}, {"summary": ""}],
    "POST /desk/cases/<tracking_id>/publication/decline": [{"reason": REASON}],
    "POST /desk/cases/<tracking_id>/transfer": [{"instance": "pusat", "reason": REASON}],
    "POST /desk/cases/<tracking_id>/join": [{"tracking_id": UNKNOWN, "reason": REASON}, {"reason": REASON}],
    "POST /desk/cases/<tracking_id>/second": [{"agency": "kutim-dlh", "reason": REASON}, {"reason": REASON}],
    "POST /desk/quarantine/archive": [{"case": "<tracking_id>", "reason": REASON}],
    "GET /custody/cases/<tracking_id>": [{}],
    "POST /custody/cases": [{"tracking_id": "<tracking_id>"}],
    "POST /custody/cases/<tracking_id>/ask": [{"reason": REASON}],
    "POST /custody/cases/<tracking_id>/refuse": [{"reason": REASON}],
    "POST /custody/cases/<tracking_id>/open": [{"reason": REASON}],
    "POST /custody/cases/<tracking_id>/endorse": [{"reason": REASON}],
    "POST /custody/cases/<tracking_id>/shares": [{}],
    "POST /custody/cases/<tracking_id>/passes": [{"passes": "1:" + "AAAA" * 392}, {"passes": "x"}],
}
FACTOR_PAGES = ("factor", "factor/new", "factors")
# Answered alike for any number at all: the one names a page to go to, the other passes over what is not there.
SAYS_NOTHING = ("POST /custody/cases", "POST /desk/quarantine/archive", "POST /desk/bulk")
SAYS_NOTHING += ("POST /desk/bulk/handover", "POST /desk/bulk/recall")
# What lists cases. Read to the last page, before and after.
LIST_ROUTES = {
    *("GET /desk/", "GET /desk/quarantine/", "GET /desk/escalated/", "GET /desk/figures/", "GET /custody/"),
    *("GET /desk/mine/", "GET /desk/asked/", "GET /desk/second/", "GET /desk/instance/"),
}
# An officer's own second factor, before and after a session opens.
FACTOR_ROUTES = {
    *(f"{verb} /{door}/{page}" for door in ("desk", "custody") for verb in ("GET", "POST") for page in FACTOR_PAGES),
    *(f"POST /{door}/factor/{act}" for door in ("desk", "custody") for act in ("challenge", "help")),
}
# What knows no case but the one a session is confined to: see test_a_link_to_the_case_itself_opens_nothing.
OTHER_ROUTES = {
    "GET /healthz",
    *FACTOR_ROUTES,
    "GET /desk/factors/team",
    "POST /desk/factors/team",
    "GET /desk/loket",  # an empty form, for clerks alone
    "POST /desk/session",
    "POST /desk/session/end",
    "POST /desk/links",
    "POST /desk/links/again",
    "GET /desk/settings",
    "POST /desk/settings",
    "GET /desk/templates/",
    "POST /desk/templates/",
    "GET /desk/templates/<ident>",
    "POST /desk/templates/<ident>",
    "POST /desk/templates/<ident>/remove",
    "POST /custody/session",
    "POST /custody/session/end",
    "GET /custody/key",
    "POST /custody/key",
    "POST /custody/key/locks",
    "POST /custody/key/vouch",
    # The directory and its trail: see tests/doors/test_instance_conflict.py, also for what a refusal could tell.
    "GET /desk/instance/units/<code>",
    "GET /desk/instance/history/",
    "GET /desk/instance/trail.csv",
    "GET /desk/instance/trail.xlsx",
    "POST /desk/instance/changes",
    "POST /desk/instance/officers",
}


@dataclass
class Seat:
    """An officer signed in at his door."""

    officer: Officer
    door: str
    client: FlaskClient
    csrf: str
    of_unknown: dict[tuple[str, str, str], Any] = field(default_factory=dict)

    def ask(self, method: str, path: str, accept: dict[str, str], **typed: Any) -> Any:
        if method == "GET":
            return self.client.get(path, headers=accept)
        if accept is JSON and "file" not in typed:
            return self.client.post(path, json=typed, headers=accept | {"X-CSRF-Token": self.csrf})
        return self.client.post(path, data=typed | {"csrf_token": self.csrf}, headers=accept)

    def lists(self) -> dict[str, bytes]:
        """All pages of all his lists as he sees them, in JSON and HTML."""
        found = {}
        for route in (r for r in sorted(LIST_ROUTES) if r.startswith(f"GET /{self.door}/")):
            path, after = route.removeprefix("GET "), ""
            while True:
                page = self.ask("GET", f"{path}{after}", JSON)
                found[f"{path}{after} json"] = page.data
                found[f"{path}{after} html"] = self.ask("GET", f"{path}{after}", HTML).data
                if not page.get_json().get("next"):
                    break
                after = f"?after={page.get_json()['next']}"
        return found


@dataclass
class Town(TrustWorld):
    """The demonstration with all its officers signed in."""

    seats: dict[str, Seat] = field(default_factory=dict)

    def sit(self, officer: Officer, case_id: str = "") -> Seat:
        """An officer's browser, come in by a link of the courier's key."""
        door = "custody" if officer.role is Role.CUSTODIAN else "desk"
        place = (officer.agency, officer.role, "kutim", case_id)
        link = Link(token_hex(16), officer.ident, *place, self.seconds - 60, self.seconds + 86400)
        client = (self.custody_app if door == "custody" else self.desk_app).test_client()
        token = sign_link(link, next(iter(self.deliver.officers.link_keys.keys.values())))
        session = client.post(f"/{door}/session", json={"token": token}, headers=JSON)
        assert session.status_code == 200, session.text
        return Seat(officer, door, client, session.get_json()["csrf"])

    def seat_at(self, agency: str) -> Seat:
        """The desk of an agency."""
        return next(s for s in self.seats.values() if s.officer.agency == agency and s.door == "desk")

    def head(self, case_id: str) -> CaseHead:
        return self.store.read_head(case_id)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    town = Town.__new__(Town)
    TrustWorld.__init__(town, tmp_path_factory.mktemp("conflict"))
    town.seats = {officer.ident: town.sit(officer) for officer in OFFICERS}
    return town


def rules(app: Flask) -> set[str]:
    return {f"{m} {r.rule}" for r in app.url_map.iter_rules() for m in (r.methods or set()) - {"HEAD", "OPTIONS"}}


def test_no_route_is_left_out(town: Town) -> None:
    known = set(CASE_ROUTES) | LIST_ROUTES | OTHER_ROUTES
    there = rules(town.desk_app) | rules(town.custody_app)
    assert there - known == set(), "a new route: say above what the accused may ask of it"
    assert known - there == set(), "a route that is no more"


def test_a_clerk_gets_nothing_on_any_route_but_his_counter(town: Town) -> None:
    """Whoever is accused, and of cases about nobody: every route of the desk answers as for what is not there."""
    sent = town.report()
    open_to_anybody = {"GET /healthz", "POST /desk/session", "POST /desk/links", "POST /desk/links/again"}
    his = {"GET /desk/loket", "POST /desk/session/end", *FACTOR_ROUTES}
    clerks = [seat for seat in town.seats.values() if seat.officer.role is Role.CLERK]
    assert len(clerks) == 2
    for seat in clerks:
        for confined in ("", sent["tracking_id"]):
            clerk = town.sit(seat.officer, confined)
            for route in sorted(rules(town.desk_app) - open_to_anybody - his):
                bodies = CASE_ROUTES.get(route, [{}])
                for body, accept in product(bodies, (JSON, HTML)):
                    shown = re.sub(r"<(ident|code)>", "kutim-diskominfo", route)
                    answer = _ask(clerk, shown, body, accept, sent["tracking_id"])
                    if (route, accept) == ("GET /desk/", HTML):  # the way to his own desk
                        assert answer.headers["Location"].partition("?")[0] == "/desk/loket"
                    else:
                        assert answer.status_code == 404, (route, answer.status_code)
                    assert sent["tracking_id"] not in answer.text
            form = clerk.ask("GET", "/desk/loket", HTML)
            assert form.status_code == 200
            assert not CASE_ID.search(form.text)
            assert clerk.ask("POST", "/desk/session/end", JSON).status_code == 200


def picture() -> BytesIO:
    out = BytesIO()
    Image.new("RGB", (32, 32), "green").save(out, "PNG")
    out.seek(0)
    return out


def _ask(seat: Seat, route: str, body: dict[str, str], accept: dict[str, str], number: str) -> Any:
    method, rule = route.split(" ")
    path = rule.replace("<tracking_id>", number).replace("<int:n>", body.get("n", "1"))
    typed: dict[str, Any] = {
        name.replace("<tracking_id>", number): text.replace("<tracking_id>", number) for name, text in body.items()
    }
    if route.endswith("/files"):
        typed["file"] = (picture(), "x.png")
    return seat.ask(method, path, accept, **typed)


def asks_everything(seat: Seat, case_id: str, forms: Sequence[dict[str, str]] = (JSON, HTML)) -> int:
    """Every route about one case, in JSON and as a form; each answer says no more than the one for a number that does
    not exist. Returns how many requests."""
    asked = 0
    for route, bodies in CASE_ROUTES.items():
        method, rule = route.split(" ")
        if not rule.startswith(f"/{seat.door}/"):
            continue
        for body in bodies:
            for accept in forms:
                answer, place = _ask(seat, route, body, accept, case_id), (route, str(body), str(accept))
                if place not in seat.of_unknown:
                    seat.of_unknown[place] = _ask(seat, route, body, accept, UNKNOWN)
                unknown = seat.of_unknown[place]
                assert answer.status_code == unknown.status_code, answer.text
                assert answer.text.replace(case_id, UNKNOWN) == unknown.text
                ours, theirs = (a.headers.get("Location", "") for a in (answer, unknown))
                assert ours.replace(case_id, UNKNOWN) == theirs
                assert answer.status_code in (404, 422) or route in SAYS_NOTHING, (route, answer.status_code)
                asked += 1
        if method == "GET":
            assert seat.client.head(rule.replace("<tracking_id>", case_id).replace("<int:n>", "1")).status_code == 404
    return asked


@pytest.mark.every_day(1)
@pytest.mark.usefixtures("first_counts")
@pytest.mark.parametrize("about", ABOUTS)
def test_the_accused_learns_nothing_on_any_path(town: Town, about: str) -> None:
    guilty = accused(DIRECTORY, about)
    seats = [seat for seat in town.seats.values() if seat.officer.agency in guilty]
    assert {seat.officer.agency for seat in seats} == guilty
    before = {seat.officer.ident: seat.lists() for seat in seats}
    letters = len(town.mailbox.letters)
    asked, station = 0, itertools.count()
    for receipt, case_id in _reports(town, about):
        for _ in _life(town, receipt, case_id, guilty):
            case, one = town.store.read_case(case_id), (JSON, HTML)[next(station) % 2]
            for seat in seats:
                asked += asks_everything(seat, case_id, deep((JSON, HTML), (one,)))
                assert seat.lists() == before[seat.officer.ident]
            assert town.store.read_case(case_id) == case
    town.run_courier()
    at = {officer.email: officer for officer in OFFICERS}
    told = [at[letter.to] for letter in town.mailbox.letters[letters:] if letter.to in at]
    assert told, "nobody was told at all"
    assert not {officer.ident for officer in told if officer.agency in guilty}
    assert asked > 100


def _reports(town: Town, about: str) -> Iterator[tuple[str, str]]:
    """Three reports about an agency, on the topic that would be proposed to it, where there is one."""
    topic = next((t.code for t in DIRECTORY.topics.values() if t.unit == about), "lainnya")
    typed = {"about_agency": about, "topic": topic, "subject": f"Tentang {about}", "body": f"Pungutan di {about}."}
    receipt, case_id = town.entrusted(**typed)
    photo = {"receipt": receipt, "file": (picture(), "x.png"), "file_key": token_hex(8)}
    assert town.thread.post("/api/thread/files", data=photo, headers=JSON).status_code == 201
    yield receipt, case_id
    sent = town.report(**typed)
    yield sent["receipt"], sent["tracking_id"]
    fields = town.fields(**typed)
    flood = town.submit(
        read_report(fields, DIRECTORY, town.today), bytes.fromhex(fields["submission_key"]), suspicious=True
    )
    yield str(flood.receipt), flood.tracking_id


def _life(town: Town, receipt: str, case_id: str, guilty: set[str]) -> Iterator[None]:
    """One in trust: new, asked for by a custodian. One of a flood: new. The plain one: new, handed on and closed, taken
    up again and appealed. All: withdrawn."""
    yield
    head = town.head(case_id)
    if head.reporter.mode == "rahasia":
        _custodian_asks(town, case_id, guilty)
        yield
    elif not head.quarantined:
        yield from _disputed(town, receipt, case_id, guilty)
    assert town.post("/api/thread/withdraw", {"receipt": receipt}).status_code == 200
    yield


def _disputed(town: Town, receipt: str, case_id: str, guilty: set[str]) -> Iterator[None]:
    holder = town.seat_at(town.head(case_id).holder)
    assert holder.ask("POST", f"/desk/cases/{case_id}/lift", JSON, reason=REASON).status_code == 200
    yield
    assert town.post("/api/thread/object", {"receipt": receipt}).status_code == 200
    _closes(town, case_id, guilty)
    yield
    verdict = {"receipt": receipt, "verdict": "belum", "reason": REASON}
    assert town.post("/api/thread/verdict", verdict).status_code == 200
    _closes(town, case_id, guilty)
    assert town.post("/api/thread/appeal", {"receipt": receipt, "reason": REASON}).status_code == 200
    assert town.head(case_id).holder not in guilty
    yield
    _closes(town, case_id, guilty)


def _custodian_asks(town: Town, case_id: str, guilty: set[str]) -> None:
    """One who may asks for the identity: he sees it wait, the others who may too."""
    keepers = [s for s in town.seats.values() if s.door == "custody" and s.officer.agency not in guilty]
    path = f"/custody/cases/{case_id}"
    assert keepers[0].ask("POST", f"{path}/ask", JSON, reason=REASON).get_json() == {"state": "asked"}
    for keeper in keepers:
        assert case_id in keeper.ask("GET", "/custody/", JSON).text
        page = keeper.ask("GET", path, HTML).text
        assert NAME not in page
        assert CONTACT not in page


def _closes(town: Town, case_id: str, guilty: set[str]) -> None:
    """Whoever holds it opens it, hands it on if he sorts, and at last closes it. The accused is never offered, and
    cannot be named by hand."""
    path = f"/desk/cases/{case_id}"
    while True:
        seat = town.seat_at(town.head(case_id).holder)
        view = seat.ask("GET", path, JSON).get_json()
        page = seat.ask("GET", path, HTML).text
        offered = {target["code"] for target in view["routing"]["targets"]}
        assert not offered & guilty
        assert view["routing"]["proposed"] not in guilty
        assert not {code for code in guilty if f'value="{code}"' in page}
        assert not {agency["code"] for agency in view["routing"]["seconds"]} & guilty
        for code in guilty:
            named = {"agency": min(offered, default="kutim"), "second": code, "reason": REASON}
            for accept in (JSON, HTML):
                refused = seat.ask("POST", f"{path}/handover", accept, agency=code, reason=REASON)
                assert refused.status_code in (409, 422), refused.text
                assert seat.ask("POST", f"{path}/handover", accept, **named).status_code in (409, 422)
                beside = seat.ask("POST", f"{path}/second", accept, agency=code, reason=REASON)
                assert beside.status_code in (409, 422), beside.text
            assert town.head(case_id).holder == seat.officer.agency
        assert town.head(case_id).desk_work.second not in guilty
        if "close" in view["actions"]:
            _helped(seat, path, view)
            break
        done = seat.ask("POST", f"{path}/handover", JSON, agency=min(offered), reason=REASON)
        assert done.status_code == 200, done.text
    assert seat.ask("POST", f"{path}/assign", JSON, officer=seat.officer.ident).status_code == 200
    assert seat.ask("POST", f"{path}/priority", JSON, on="yes", reason=REASON).status_code == 200
    assert case_id in seat.ask("GET", "/desk/mine/", JSON).text
    assert seat.ask("POST", f"{path}/messages", JSON, body="Kami periksa.", message_key=token_hex(8)).status_code == 201
    assert seat.ask("POST", f"{path}/close", JSON, outcome="dijelaskan", reason=REASON).status_code == 200


def _helped(seat: Seat, path: str, view: dict[str, Any]) -> None:
    """A second unit is asked in where there is one, and stays for what follows."""
    if view["routing"]["seconds"]:
        asked = {"agency": view["routing"]["seconds"][0]["code"], "reason": REASON}
        assert seat.ask("POST", f"{path}/second", JSON, **asked).status_code == 200


@pytest.mark.every_day(1)
@pytest.mark.parametrize("about", ["kutim-diskominfo", "kutim", "kutim-inspektorat", "kutim-bkpsdm", "pusat"])
def test_a_link_to_the_case_itself_opens_nothing(town: Town, about: str) -> None:
    """A link for this very case, minted by mistake or forwarded, in the hands of the accused."""
    sent = town.entrusted(about_agency=about)[1]
    for officer in (o for o in OFFICERS if o.agency in accused(DIRECTORY, about)):
        here, nowhere = town.sit(officer, sent), town.sit(officer, UNKNOWN)
        ours, theirs = here.lists(), nowhere.lists()
        # His own link's number stands on the page, and so does the form's token; nothing else may differ.
        for mine, other in ((here.csrf, nowhere.csrf), (sent, UNKNOWN)):
            ours = {key: data.replace(mine.encode(), other.encode()) for key, data in ours.items()}
        assert ours == theirs
        assert asks_everything(here, sent) > 4


@pytest.mark.long
def test_every_officer_sees_what_is_his_and_no_other_number_anywhere(town: Town) -> None:
    """All at once: two reports about each of them, one of a flood. For every officer the numbers in his lists and the
    answers of every case's page are worked out from the rule and compared."""
    heads = []
    for about in ABOUTS:
        fields = town.fields(about_agency=about)
        for flood in (False, True):
            report = read_report(fields | {"body": f"{about} {flood}"}, DIRECTORY, town.today)
            done = town.submit(report, bytes.fromhex(token_hex(16)), suspicious=flood)
            heads.append(town.head(done.tracking_id))
    ours = {head.case_id for head in heads}
    for seat in town.seats.values():
        mine = {head.case_id for head in heads if _his(seat, head)}
        lists = seat.lists()
        for kind in ("json", "html"):
            shown = {n for key, data in lists.items() if key.endswith(kind) for n in CASE_ID.findall(data.decode())}
            assert shown & ours == mine
        for head in heads if seat.door == "desk" else ():
            status = seat.ask("GET", f"/desk/cases/{head.case_id}", JSON).status_code
            assert status == (200 if head.case_id in mine else 404)


def _his(seat: Seat, head: CaseHead) -> bool:
    free = seat.officer.agency not in accused(DIRECTORY, head.about_agency) and seat.officer.role is not Role.OVERSEER
    return free and seat.door == "desk" and seat.officer.agency == head.holder


def test_the_digest_of_a_flood_counts_for_each_desk_what_it_may_see(town: Town) -> None:
    """Reports about everybody at once: each desk's letter counts its own, the accused's desk has none about itself."""
    town.run_courier()
    since = len(town.mailbox.letters)
    abouts = ["kutim-diskominfo"] * 3 + ["kutim"] * 2 + ["kutim-inspektorat"] * 4 + ["kutim-dlh", "pusat"]
    for n, about in enumerate(abouts):
        report = read_report(town.fields(about_agency=about, body=f"Banjir {n}"), DIRECTORY, town.today)
        town.submit(report, bytes.fromhex(token_hex(16)), suspicious=True)
    town.run_courier()
    letters = {letter.to: letter.text for letter in town.mailbox.letters[since:]}
    desks = {town.seat_at(code).officer.email: count for code, count in (("kutim-inspektorat", 5), ("kutim", 6))}
    assert set(letters) == set(desks)
    for address, count in desks.items():
        assert re.search(rf"\b{count}\b", letters[address])
        assert not CASE_ID.search(letters[address])


def test_the_demonstration_has_every_kind_of_accused() -> None:
    """What the walk above rests on: a centre, an instance, its coordinator, its inspectorate, and plain units."""
    kinds = {agency.kind for agency in DIRECTORY.agencies.values()}
    assert kinds == set(AgencyKind) == {DIRECTORY.agencies[about].kind for about in ABOUTS}
    assert {kind_of(about) for about in ABOUTS} == {kind_of(about) for about in DIRECTORY.agencies}
    instance = DIRECTORY.agencies["kutim"]
    assert accused(DIRECTORY, instance.coordinator) == {"kutim", instance.coordinator}
    assert accused(DIRECTORY, "kutim") == {"kutim", instance.coordinator}
    assert accused(DIRECTORY, instance.inspectorate) == {instance.inspectorate}
