"""An honest reporter beside a flood, at the same address or as one of many onion visitors: their report is never in
quarantine, and stands in the inbox with the next batch at the latest. Clocks are turned, nothing waits.
"""

import random
import re
import time
import tracemalloc
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from secrets import token_bytes, token_hex
from typing import Any
from zoneinfo import ZoneInfo

import altcha
import pytest
from flask.testing import FlaskClient

from functions.casework.deadlines.batches import HOUR, Batches
from functions.casework.report import read_report
from functions.edge.request_filter import Buckets
from functions.edge.request_guard import cleaned
from functions.intake import app as intake
from functions.intake import gate, likeness
from functions.intake.gate import TOLL_MAX, Gate
from functions.intake.proof import Proof, ProofKind, Proofs
from tests.depth import deep
from tests.envelopes import sealed_fields
from tests.world import JSON, World

WITA = "Asia/Makassar"
HTML = {"Accept": "text/html"}
MAST, HOME = "203.0.113.9", "198.51.100.7"  # one address of a mobile operator, shared by a village; another
HONEST = {"subject": "Bidan tidak datang", "body": "Posyandu di dusun kami tutup tiga bulan. Bidan tidak datang lagi."}
JUNK = {"subject": "Banjir", "body": "Ini kiriman yang sama terus menerus, dibuat program, tanpa arti apa pun."}
SAME = (b"the same", b"same words")
VOCABULARY = [f"kata{n}" for n in range(4000)]


@dataclass
class Town:
    """The intake behind a proxy, as one machine has it, at nine in the morning; batches at eight and two."""

    world: World
    flood: int = 300
    gate: Gate = field(init=False)
    proofs: Proofs = field(init=False)
    client: FlaskClient = field(init=False)

    def __post_init__(self) -> None:
        self.world.seconds = int(datetime(2026, 11, 25, 9, 0, tzinfo=ZoneInfo(WITA)).timestamp())
        batch = Batches(self.world.directory, (8, 14), WITA, lambda: self.world.seconds)
        object.__setattr__(self.world.submit, "batch", batch)
        object.__setattr__(self.world.submit, "digest", batch.next)
        self.start()

    def start(self) -> None:
        """Start the program, also anew: with the same secret, and nothing remembered."""
        self.gate = Gate(self.flood, lambda: self.world.seconds)
        self.proofs = Proofs(bytes(32), 60, lambda: self.world.seconds)
        app = intake.make_app(self.world.submit, self.proofs, self.gate, url="http://127.0.0.1:8000")
        app.wsgi_app = cleaned(app.wsgi_app, Buckets(behind_proxy=True), ("/api/reports",))  # type: ignore[method-assign]
        self.client = app.test_client()

    def post(self, path: str, address: str, **body: Any) -> Any:
        """Post as nginx passes it on; address "" is the onion service's."""
        more = {"X-Forwarded-For": address} if address else {}
        return self.client.post(path, headers=body.pop("headers") | more, **body)

    def form(self, address: str, **words: str) -> dict[str, str]:
        """Open the check page of a report in clear; return its hidden fields."""
        typed = self.world.fields(**words)
        del typed["submission_key"]
        page = self.post("/api/reports", address, data=typed, headers=HTML).text
        return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))

    def send(self, address: str, hidden: dict[str, str]) -> str:
        """Send a checked report; return its case id."""
        done = self.post("/api/reports", address, data=hidden, headers=HTML)
        assert done.status_code == 201, done.text
        found = re.search(r"Nomor laporan: (\S+?)\.", done.text)
        assert found
        return found[1]

    def no_script(self, address: str, seconds: int = 20, **words: str) -> str:
        """Fill in the form without a script, look at it for some seconds, send it."""
        hidden = self.form(address, **words)
        self.world.seconds += seconds
        return self.send(address, hidden)

    def scripted(self, address: str, count: int, words: Iterator[dict[str, str]]) -> list[str]:
        """The attack: so many forms in 8.7 seconds, each sent as soon as its token counts."""
        forms = [self.form(address, **next(words)) for _ in range(count)]
        self.world.seconds += 9
        return [self.send(address, hidden) for hidden in forms]

    def quarantined(self, case_id: str) -> bool:
        return self.world.store.read_head(case_id).quarantined

    def inbox(self) -> set[str]:
        """Every case in the coordinator's inbox, page by page."""
        desk, after, found = self.world.desk_of("kutim"), "", set()
        while True:
            page = desk.get(f"/desk/?after={after}" if after else "/desk/").get_json()
            found |= {case["tracking_id"] for case in page["cases"]}
            after = page["next"]
            if not after:
                return found


@pytest.fixture
def town(world: World) -> Town:
    return Town(world)


def same() -> Iterator[dict[str, str]]:
    while True:
        yield JUNK


def different() -> Iterator[dict[str, str]]:
    dice = random.Random(15)  # noqa: S311 - junk, the same in each run
    while True:
        yield {"subject": " ".join(dice.sample(VOCABULARY, 3)), "body": " ".join(dice.sample(VOCABULARY, 25))}


def work(town: Town, lookup: str, address: str = HOME) -> str:
    """Solve a challenge for a report, as its browser does. ALTCHA's library has the real clock."""
    assert abs(town.world.seconds - time.time()) < 600  # a challenge is good for twenty minutes
    asked = {"for": intake.commitment(bytes.fromhex(lookup))}
    given = town.post("/api/reports/challenge", address, json=asked, headers=JSON).get_json()
    given.pop("form_token")
    challenge = altcha.Challenge.from_dict(given)
    solution = altcha.solve_challenge(challenge)
    assert solution is not None
    return altcha.Payload(challenge, solution).to_base64()


# Without a script, beside a flood


@pytest.mark.every_day(1)
@pytest.mark.parametrize("address", [MAST, ""], ids=["a shared address", "the onion service"])
def test_beside_scripted_forms_of_one_text_an_honest_one_passes_at_once(town: Town, address: str) -> None:
    """The attack that was measured sent 170 (whole size); a part of it goes as far beyond a smaller limit."""
    town.flood = deep(60, 20)  # the forms go beyond it on every count, half of it from one address and all else
    town.start()
    flood = town.scripted(address, deep(170, 57), same())
    honest = town.no_script(address, **HONEST)
    assert not town.quarantined(honest)
    assert honest in town.inbox()
    assert not any(town.quarantined(case_id) for case_id in flood)  # each had a form: none is archived unread


@pytest.mark.every_day(1)
@pytest.mark.parametrize("address", [MAST, ""], ids=["a shared address", "the onion service"])
def test_beside_scripted_forms_of_many_texts_it_waits_for_the_batch_at_most(town: Town, address: str) -> None:
    town.flood = deep(12, 6)  # half of it from one address, five times it from all
    town.start()
    town.scripted(address, deep(170, 85), different())
    honest = town.no_script(address, **HONEST)
    head = town.world.store.read_head(honest)
    assert not head.quarantined
    assert head.visible_from * HOUR - town.world.seconds <= 5 * HOUR  # 14:00
    assert honest not in town.inbox()
    town.world.seconds = head.visible_from * HOUR
    assert honest in town.inbox()
    assert town.world.store.read_head(honest) == head  # by itself: nothing was written


@pytest.mark.long
def test_a_flood_by_the_onion_delays_nobody_who_comes_by_the_web_nor_the_other_way_round(town: Town) -> None:
    town.flood = 12
    for flooded, beside in (("", HOME), (HOME, "")):
        town.start()
        town.scripted(flooded, deep(60, 40), different())
        assert town.world.store.read_head(town.no_script(beside, **HONEST)).visible_from == 0


def test_onion_visitors_are_not_counted_as_one(town: Town) -> None:
    """6 forms an hour pass from one address at this setting; 40 honest visitors of the onion service all do."""
    town.flood = 12
    town.start()
    words = different()
    heads = [town.world.store.read_head(town.no_script("", **next(words))) for _ in range(40)]
    assert {(head.quarantined, head.visible_from) for head in heads} == {(False, 0)}


def test_a_burst_of_forms_at_one_address_has_to_be_viewed_one_after_the_other(town: Town) -> None:
    bucket = "0ff1ce00"
    assert {town.gate.view_seconds(bucket) for _ in range(30)} == {0.0}
    more = [town.gate.view_seconds(bucket) for _ in range(140)]
    assert more[:3] == [3, 6, 9]
    assert more[-1] == 60  # nobody is asked for more than a minute
    assert {town.gate.view_seconds("") for _ in range(200)} == {0.0}
    assert town.gate.view_seconds("40ae0000") == 0
    town.world.seconds += 200
    assert town.gate.view_seconds(bucket) == 0


def test_a_village_office_that_reports_all_day_is_never_hasty(town: Town) -> None:
    for _ in range(120):
        assert town.gate.view_seconds("0ff1ce00") == 0
        town.world.seconds += 29


@pytest.mark.long
def test_a_flood_brings_one_letter_and_no_row_of_letters(town: Town) -> None:
    town.flood = 12
    town.start()
    town.scripted(MAST, 60, different())
    town.world.later(hours=5)
    town.world.run_courier()
    mails = [mail for mail in town.world.mailbox.letters if mail.to == town.world.officer("kutim").email]
    assert len([mail for mail in mails if "beramai-ramai" in mail.text]) == 1
    assert len(mails) <= 13  # the 12 that passed: 6, and as many unlike all others


# With proof of work


@pytest.fixture
def today(town: Town) -> Town:
    """The town at the real time."""
    town.world.seconds = int(time.time())
    return town


def test_3000_with_proof_delay_an_honest_one_until_the_next_batch_at_most(today: Town) -> None:
    town = today
    for address in ("b0700000", "b0700001", "b0700002", "b0700003"):
        for _ in range(3000):
            town.gate.weigh(address, Proof(ProofKind.WORK, token_bytes(16)), token_bytes(32), SAME)
    for address in (HOME, ""):
        body, _ = sealed_fields(town.world.submit, town.world.fields(**HONEST))
        body["altcha"] = work(town, body["lookup"], address)
        made = town.post("/api/reports", address, json=body, headers=JSON)
        assert town.world.store.read_head(made.get_json()["tracking_id"]).visible_from == 0
    # The flood chooses and measures as the honest do, and comes from everywhere: they cannot be told apart.
    body, _ = sealed_fields(town.world.submit, town.world.fields(**HONEST))
    traits = likeness.of_envelope(intake.read_envelope(body, town.world.directory))
    for n in range(3000):
        town.gate.weigh(f"{n:08x}", Proof(ProofKind.WORK, token_bytes(16)), token_bytes(32), traits)
    body["altcha"] = work(town, body["lookup"])
    made = town.post("/api/reports", HOME, json=body, headers=JSON)
    head = town.world.store.read_head(made.get_json()["tracking_id"])
    assert not head.quarantined
    assert head.visible_from == town.world.submit.digest()


def test_work_grows_dearer_for_the_flood_up_to_a_bound_and_not_for_its_neighbours(town: Town) -> None:
    asked = [town.gate.toll("b0700000") for _ in range(3000)]
    assert [asked.index(factor) for factor in (1, 2, 4, 8, 16)] == [0, 75, 150, 225, 300]
    assert asked[-1] == TOLL_MAX
    assert town.gate.toll("40ae0000") == 1
    assert town.gate.toll("") == 1
    assert sum(asked) > 14 * 3000  # times 0.064 s of a processor: 48 minutes, where it was three
    for n in range(10):  # from ten addresses all is dearer, for an hour
        for _ in range(300):
            town.gate.toll(f"{n:08x}")
    assert town.gate.toll("40ae0000") == TOLL_MAX
    town.world.seconds += 3600
    assert town.gate.toll("40ae0000") == 1


def test_the_work_asked_is_the_work_counted(town: Town) -> None:
    bounds = [town.proofs.challenge("a" * 64, toll)["parameters"]["data"]["of"] for toll in (1, 16)]
    assert bounds[1] == 16 * bounds[0]
    usual = Proofs(bytes(32), 1_000_000).challenge("a" * 64, TOLL_MAX)["parameters"]
    assert usual["data"]["of"] * usual["cost"] == 16_000_000


def test_a_proof_is_good_for_its_own_report_alone_also_after_a_restart(today: Town) -> None:
    town = today
    first, _ = sealed_fields(town.world.submit, town.world.fields(**HONEST))
    second, _ = sealed_fields(town.world.submit, town.world.fields(**JUNK))
    answer = work(town, first["lookup"])
    mine, other = (bytes.fromhex(body["lookup"]) for body in (first, second))
    for _ in range(2):
        assert town.proofs.read({"altcha": answer}, mine).kind is ProofKind.WORK
        assert town.proofs.read({"altcha": answer}, other).kind is ProofKind.NONE
        assert town.proofs.read({"altcha": answer}, b"").kind is ProofKind.NONE
        town.start()
        town.world.seconds += 600
    town.world.seconds += 600
    assert town.proofs.read({"altcha": answer}, mine).kind is ProofKind.NONE  # 20 minutes are over
    town.world.seconds -= 86400
    assert town.proofs.read({"altcha": answer}, mine).kind is ProofKind.WORK  # and a clock set back harms nobody


def test_a_forms_token_is_good_for_its_own_report_alone_also_after_a_restart(town: Town) -> None:
    first, second = town.form(MAST, **HONEST), town.form(MAST, **JUNK)
    town.world.seconds += 20
    for _ in range(2):
        for key, kind in ((first, ProofKind.FORM), (second, ProofKind.NONE)):
            submission = bytes.fromhex(key["submission_key"])
            assert town.proofs.read({"form_token": first["form_token"]}, submission).kind is kind
        town.start()


def test_a_browser_that_does_not_finish_the_work_sends_its_token(town: Town) -> None:
    body, _ = sealed_fields(town.world.submit, town.world.fields(**HONEST))
    asked = {"for": intake.commitment(bytes.fromhex(body["lookup"]))}
    given = town.post("/api/reports/challenge", MAST, json=asked, headers=JSON).get_json()
    town.world.seconds += 30
    found = town.proofs.read({"form_token": given["form_token"]}, bytes.fromhex(body["lookup"]))
    assert (found.kind, found.hasty) == (ProofKind.FORM, False)


def test_forged_expired_and_early_proofs_count_as_none_and_a_clock_set_back_harms_nobody(town: Town) -> None:
    hidden = town.form(MAST, **HONEST)
    submission, token = bytes.fromhex(hidden["submission_key"]), hidden["form_token"]

    def kind(later: int, typed: str = token) -> ProofKind:
        town.world.seconds += later
        found = town.proofs.read({"form_token": typed}, submission).kind
        town.world.seconds -= later
        return found

    assert kind(0) is ProofKind.NONE
    assert kind(7) is ProofKind.FORM
    assert kind(25 * 3600) is ProofKind.NONE
    assert kind(-86400) is ProofKind.FORM
    assert kind(7, token[:-3] + ("xyz" if token[-3] != "x" else "yxz")) is ProofKind.NONE
    assert kind(7, Proofs(b"z" * 32, 60, lambda: town.world.seconds).form_token(token)) is ProofKind.NONE
    assert kind(7, "") is ProofKind.NONE


# The desk


def test_what_is_not_in_quarantine_is_never_archived_in_bulk(town: Town) -> None:
    world = town.world
    passing = town.no_script(MAST, **HONEST)
    typed = world.fields(**JUNK)
    report = read_report(typed, world.directory, world.today)
    held = world.submit(report, bytes.fromhex(typed["submission_key"]), suspicious=True).tracking_id
    desk = world.desk_of("kutim")
    form = {"csrf_token": desk.csrf, "case": [passing, held], "reason": "Kiriman berulang."}
    page = desk.client.post("/desk/quarantine/archive", data=form, headers=HTML)
    assert "1 laporan tidak diarsipkan" in page.text
    assert world.store.read_head(passing).open
    assert not world.store.read_head(held).open
    answer = desk.post("/desk/quarantine/archive", {"case": passing, "reason": "Kiriman berulang."})
    assert answer.get_json() == {"archived": [], "left": 1}


# Likeness


def reports(world: World, words: list[dict[str, str]]) -> list[Any]:
    return [read_report(world.fields(**each), world.directory, world.today) for each in words]


def test_nearly_the_same_text_is_alike_and_another_is_not(world: World) -> None:
    key, many = bytes(32), different()
    junk = {"subject": "Banjir", "body": " ".join(next(many)["body"] for _ in range(3))}
    changed = [junk | {"subject": f"Banjir {n}", "body": f"{junk['body']} nomor {n}"} for n in range(60)]
    others = [next(many) for _ in range(200)]
    mine = {band for report in reports(world, [junk]) for band in likeness.bands(likeness.of_text(report), key)}

    def met(words: list[dict[str, str]]) -> int:
        found = (set(likeness.bands(likeness.of_text(each), key)) for each in reports(world, words))
        return sum(bool(each & mine) for each in found)

    assert met(changed) >= 57
    assert met(others) == 0


def test_a_text_of_one_word_and_one_without_are_no_error(world: World) -> None:
    one, none = reports(world, [{"subject": "", "body": "tolong"}, {"subject": "", "body": "?!"}])
    assert len(list(likeness.bands(likeness.of_text(one), bytes(32)))) == likeness.BANDS
    assert list(likeness.bands(likeness.of_text(none), bytes(32))) == []


def test_a_report_sealed_in_its_browser_shows_its_choices_and_sizes_and_no_more(world: World) -> None:
    found = []
    for words in (HONEST, HONEST | {"body": "Lain sama sekali."}, HONEST | {"body": "x" * 20_000, "kind": "aspirasi"}):
        body, _ = sealed_fields(world.submit, world.fields(**words))
        found.append(likeness.of_envelope(intake.read_envelope(body, world.directory)))
    assert found[0] == found[1] != found[2]


def test_memory_holds_no_word_and_stays_below_40_mb(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the whole memory in ``make test-deep``, of a tenth of it every day."""
    assert gate.MEMORY == 20_000
    part = deep(1, 10)
    monkeypatch.setattr(gate, "MEMORY", gate.MEMORY // part)
    monkeypatch.setattr(gate, "ALIKE", 10**9)
    tracemalloc.start()
    door = Gate(10**9, lambda: 0.0)
    before = tracemalloc.get_traced_memory()[0]
    for n in range(25_000 // part):
        words = (f"{token_hex(4)} rahasia".encode(), f"{n} lagi".encode())
        door.weigh(f"{n:08x}", Proof(ProofKind.WORK, token_bytes(16)), token_bytes(32), words)
        door.toll(f"{n:08x}")
        door.view_seconds(f"{n:08x}")
    used = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert used < 40e6 / part  # 27 MB were measured
    assert (len(door._used), len(door._passed), len(door._viewing), len(door._by_bucket)) == (gate.MEMORY,) * 4
    assert len(door._bands) == 3 * gate.MEMORY
    assert b"rahasia" not in repr(vars(door)).encode()
