"""A report for a linked office: sealed at the nation, delivered once, answered there, and read there by one receipt."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from functions.actions.courier import relay_out
from functions.actions.ops.rotate import Rotate, rewrap_here
from functions.casework.barometer.edition import plain_edition
from functions.casework.barometer.linked_counts import read_linked, with_linked
from functions.crypto.seal.public_keys import Purpose
from functions.delivery.interface import DeliveryError
from functions.storage.interface import Scope, StoreUnavailableError
from functions.storage.registers.relayed import each_counts, read_counts
from tests.counted_once import Barometer, barometer, once
from tests.engines.serving import free_port
from tests.envelopes import sealed_fields
from tests.linked import CODE, OURS, Pair, served
from tests.pages import check_page
from tests.site.edition import edition_of
from tests.world import JSON, WORDS, World

HTML = {"Accept": "text/html"}
ROAD = {"district": "64.08.04", "topic": "jalan"}
NAMED = {"identity_mode": "rahasia", "name": "Bunga Melati", "contact": "bunga@contoh.id"}


@pytest.fixture
def pair(tmp_path: Path) -> Pair:
    return Pair(tmp_path)


def sealed(pair: Pair, **changes: str) -> tuple[dict[str, Any], str, dict[str, str]]:
    """A report that its browser sealed to the office's keys, as the nation's portal shows them."""
    typed = pair.nation.fields(**ROAD, **changes)
    body, receipt = sealed_fields(pair.submit, typed)
    return body, receipt, typed


def send(world: World, body: dict[str, Any]) -> Any:
    return world.intake.post("/api/reports", json=body, headers=JSON)


def test_it_is_sealed_at_the_nation_and_answered_at_the_office(pair: Pair, tmp_path: Path) -> None:
    with served(pair.office_door) as url:
        pair.link(url)
        before = counted(pair)
        body, receipt, typed = sealed(pair, **NAMED)
        answer = send(pair.nation, body)
        assert (answer.status_code, answer.get_json()["linked"]) == (201, CODE)
        told = pair.nation.post("/api/thread", {"receipt": receipt})
        assert (told.status_code, told.get_json()["code"], told.get_json()["linked"]) == (421, "linked_waits", CODE)
        nothing_rests(tmp_path / "nation", body, receipt, typed)
        pair.hours(1)
        nothing_rests(tmp_path / "nation", body, receipt, typed)
    assert not pair.waiting()
    assert pair.nation.post("/api/thread", {"receipt": receipt}).get_json()["code"] == "linked_arrived"
    (head,) = pair.cases()
    assert (head.case_id, head.reporter.mode, bool(head.reporter.contact)) == (body["case_id"], "rahasia", True)
    officer = pair.office.hand_over(head.case_id)
    page_there = officer.get(f"/desk/cases/{head.case_id}").get_json()
    assert (page_there["sealed"], page_there["messages"][0]["body"]) == ("browser", WORDS)
    said = {"body": "Kami tambal minggu ini.", "message_key": "kunci0001"}
    assert officer.post(f"/desk/cases/{head.case_id}/messages", said).status_code == 201
    assert pair.office.read(receipt)["messages"][-1]["body"] == "Kami tambal minggu ini."
    once(CODE, before, lambda: counted(pair))


def counted(pair: Pair) -> dict[str, Barometer]:
    """The barometers of both at this month's end."""
    both = {"office": pair.office, "nation": pair.nation}
    return {name: barometer(each.store, each.directory, each.today) for name, each in both.items()}


def nothing_rests(folder: Path, body: dict[str, Any], receipt: str, typed: dict[str, str]) -> None:
    """No word, fact, number or code of the report in any file of the nation but its public directory."""
    secrets = [typed["body"], typed["subject"], typed["place"], typed["name"], typed["contact"], receipt]
    secrets += [body["case_id"], body["lookup"], body["words"], typed["submission_key"], ROAD["district"]]
    for path in folder.rglob("*"):
        if path.is_file() and path.name != "public.json":
            raw = path.read_bytes()
            assert not [each for each in secrets if each.encode() in raw], path


def test_without_script_the_page_says_where_it_is_and_the_officer_that_the_server_sealed(pair: Pair) -> None:
    with served(pair.office_door) as url:
        pair.link(url)
        receipt = pair.nation.report(**ROAD)["receipt"]
        waits = pair.nation.thread.post("/api/thread", data={"receipt": receipt}, headers=HTML)
        check_page(waits.get_data(as_text=True))
        assert (waits.status_code, "menunggu dikirim" in waits.get_data(as_text=True)) == (421, True)
        pair.hours(1)
        there = pair.nation.thread.post("/api/thread", data={"receipt": receipt}, headers=HTML)
        assert f'href="{url}/lacak/"' in there.get_data(as_text=True)
    assert pair.office.read(receipt)["sealed"] == "server"
    assert pair.nation.thread.post("/api/thread", data={"receipt": receipt.lower()}, headers=HTML).status_code == 421


def test_an_office_that_is_away_for_a_week_loses_nothing_and_gets_it_once(pair: Pair) -> None:
    port = free_port()
    pair.link(f"http://127.0.0.1:{port}")
    body, receipt, _ = sealed(pair)
    assert send(pair.nation, body).status_code == 201
    assert send(pair.nation, body).status_code == 200, "sent again while it waits: the same report"
    pair.hours(7 * 24)
    (entry,) = pair.waiting()
    assert (entry.dead, entry.error in ("office_unreachable", "office_resting")) == (False, True)
    assert pair.nation.post("/api/thread", {"receipt": receipt}).get_json()["code"] == "linked_waits"
    with served(pair.office_door, port):
        pair.hours(5)
        assert send(pair.nation, body).status_code == 200, "sent again after it arrived: not sent a second time"
        pair.hours(5)
    assert (len(pair.cases()), pair.waiting()) == (1, [])
    assert pair.nation.post("/api/thread", {"receipt": receipt}).get_json()["code"] == "linked_arrived"


def test_an_answer_that_is_lost_on_its_way_makes_no_second_case(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    with served(pair.office_door) as url:
        pair.link(url)
        send(pair.nation, sealed(pair)[0])
        with monkeypatch.context() as patch:
            asked = relay_out._ask

            def lost(url: str, body: bytes, kind: str) -> dict[str, Any]:
                answer = asked(url, body, kind)
                if url.endswith("/api/reports"):
                    raise DeliveryError("office_unreachable")
                return answer

            patch.setattr(relay_out, "_ask", lost)
            pair.hours(1)
        assert (len(pair.cases()), len(pair.waiting())) == (1, 1)
        pair.hours(3)
    assert (len(pair.cases()), len(pair.waiting())) == (1, 0)


def test_what_is_queued_is_noted_at_once_so_that_no_later_text_is_taken_for_it(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of two writings the second could fail: the text that was acknowledged next then went nowhere."""
    with served(pair.office_door) as url:
        pair.link(url)
        typed = pair.nation.fields(**ROAD)

        def full(*_: object) -> None:
            raise StoreUnavailableError("full")

        with monkeypatch.context() as patch:
            patch.setattr(type(pair.nation.store), "write_slip", full)
            assert send(pair.nation, typed).status_code == 503
        again = send(pair.nation, typed | {"body": "Sebenarnya begini."})
        assert again.status_code == 201
        pair.hours(1)
    assert pair.office.read(again.get_json()["receipt"])["messages"][0]["body"] == "Sebenarnya begini."


def test_a_courier_that_is_faster_than_the_intake_still_notes_that_it_arrived(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    with served(pair.office_door) as url:
        pair.link(url)
        engine = type(pair.nation.store)
        with monkeypatch.context() as patch:
            for name in ("enqueue", "write_slip"):
                patch.setattr(engine, name, then(getattr(engine, name), lambda: (patch.undo(), pair.hours(1))))
            receipt = pair.nation.report(**ROAD)["receipt"]
        pair.hours(1)
    assert (len(pair.cases()), pair.waiting()) == (1, [])
    assert pair.nation.post("/api/thread", {"receipt": receipt}).get_json()["code"] == "linked_arrived"


def then(first: Callable[..., None], after: Callable[[], object]) -> Callable[..., None]:
    def both(*given: Any) -> None:
        first(*given)
        after()

    return both


def test_one_submission_that_was_passed_on_makes_no_case_here_with_the_same_receipt(pair: Pair) -> None:
    pair.link(f"http://127.0.0.1:{free_port()}")
    typed, here = pair.nation.fields(**ROAD), next(iter(pair.nation.directory.districts))
    assert send(pair.nation, typed).status_code == 201
    moved = send(pair.nation, typed | {"district": here})
    assert (moved.status_code, moved.get_json()["code"]) == (409, "changed_text")
    assert not pair.nation.store.page(Scope.INSTANCE, "samarinda").heads


def test_an_office_that_is_a_month_ahead_is_still_shown_in_the_nations_month(pair: Pair) -> None:
    both = [edition_of(pair.office.directory, month) for month in ("2026-10", "2026-11")]
    for edition in both:
        with odd(json.dumps(plain_edition(edition)).encode()) as url:
            pair.link(url)
            pair.nation.later(days=30)
            assert pair.out.poll() == 1
    assert read_counts(pair.nation.store)[CODE]["month"] == "2026-11"
    ours = replace(both[0], places=())
    theirs = [read_linked(raw, code) for code, raw in each_counts(pair.nation.store)]
    (shown,) = with_linked([ours], theirs)
    assert shown.place("instance", CODE) == both[0].place("instance", CODE)


def test_an_office_that_comes_back_with_an_older_store_takes_no_month_away(pair: Pair) -> None:
    """The nation had put its older edition in place of the newest, which nobody would fetch again."""
    newest = replace(edition_of(pair.office.directory, "2026-11"), number=2)
    for told in (newest, replace(newest, number=1), replace(newest, month="2026-10")):
        with odd(json.dumps(plain_edition(told)).encode()) as url:
            pair.link(url)
            pair.nation.later(days=30)
            assert pair.out.poll() == 1
        assert json.dumps(read_counts(pair.nation.store)[CODE]) == json.dumps(plain_edition(newest))
    assert len(each_counts(pair.nation.store)) == 1


def test_what_the_office_publishes_is_fetched_once_a_day_and_nothing_else_is_kept(pair: Pair) -> None:
    edition = plain_edition(edition_of(pair.office.directory, "2026-10"))
    with odd(json.dumps(edition).encode()) as url:
        pair.link(url)
        assert [pair.out.poll(), pair.out.poll()] == [1, 0]
    assert json.dumps(read_counts(pair.nation.store)[CODE]) == json.dumps(edition)
    months = [json.dumps(edition | {"month": month}).encode() for month in ("../x", "2099-12")]
    for wrong in (b"null", b"<html>", *months, b"[" * 9_000):
        pair.nation.later(days=1)
        with odd(wrong) as url:
            pair.link(url)
            pair.out.poll()
        assert read_counts(pair.nation.store)[CODE]["month"] == "2026-10"


class Odd(BaseHTTPRequestHandler):
    """An office that answers as ``body`` says; None drips."""

    body: bytes | None = b""
    status = 200

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(self.status)
        self.send_header("Content-Length", str(len(self.body) if self.body is not None else 10**6))
        self.end_headers()
        try:
            while self.body is None:
                self.wfile.write(b" ")
                self.server.stop.wait(0.02)  # type: ignore[attr-defined]
            self.wfile.write(self.body)
        except OSError:
            pass

    def do_GET(self) -> None:
        self.send_response(self.status)
        self.end_headers()
        self.wfile.write(self.body or b"")

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def odd(body: bytes | None, status: int = 200) -> Iterator[str]:
    handler = type("Answers", (Odd,), {"body": body, "status": status})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.stop = threading.Event()  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


GARBAGE = {
    "a sign-in page": (b"<html>Hotel", 200),
    "no object": (b"[1]", 200),
    "another token": (b'{"opened": "ab"}', 200),
    "a deep nest": (b"[" * 9_000, 200),
    "too long": (b"x" * 30_000, 200),
    "a fault": (b"", 500),
    "a proxy's refusal": (b"", 403),
    "a redirect": (b"", 302),
    "work without end": (
        json.dumps(
            {"parameters": {"algorithm": "SCRYPT", "nonce": "00", "salt": "00", "cost": 2**40}, "signature": ""}
        ).encode(),
        200,
    ),
    "a drip": (None, 200),
}


@pytest.mark.parametrize("what", GARBAGE)
def test_whatever_an_office_answers_the_report_stays(pair: Pair, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("functions.delivery.bounded_call.CALL_SECONDS", 0.3)
    with odd(*GARBAGE[what]) as url:
        pair.link(url)
        _, receipt, _ = sealed_and_sent(pair)
        pair.hours(2)
        (entry,) = pair.waiting()
        assert (entry.dead, entry.error.startswith("office_")) == (False, True)
        assert pair.nation.post("/api/thread", {"receipt": receipt}).get_json()["code"] == "linked_waits"


def sealed_and_sent(pair: Pair) -> tuple[dict[str, Any], str, dict[str, str]]:
    made = sealed(pair)
    assert send(pair.nation, made[0]).status_code == 201
    return made


def rotate(office: World, *, late: bool) -> None:
    rewrap = rewrap_here(office.store, office.keys, lambda: office.today, lambda _: None, office.directory.agencies)
    for purpose in (Purpose.DESK, Purpose.IDENTITY, Purpose.COURIER):
        Rotate(office.keys, rewrap, lambda: None, late=late)(purpose, CODE)
    office.seat(lambda: office.keys.private(Purpose.DESK))


def test_what_waits_while_the_office_rotates_its_keys_still_opens(pair: Pair) -> None:
    port = free_port()
    pair.link(f"http://127.0.0.1:{port}")
    body, receipt, _ = sealed(pair, **NAMED)
    send(pair.nation, body)
    rotate(pair.office, late=True)
    with served(pair.office_door, port):
        pair.hours(1)
    assert pair.office.read(receipt)["messages"][0]["body"] == WORDS
    case = pair.office.desk_of(CODE).get(f"/desk/cases/{body['case_id']}").get_json()
    assert case["messages"][0]["body"] == WORDS
    rotate(pair.office, late=True)  # wraps it to the newest key, and destroys the one that it came under
    rotate(pair.office, late=True)
    assert pair.office.keys.private(Purpose.DESK).open_case(pair.cases()[0])
    assert len(pair.office.keys.private_ids(Purpose.DESK, CODE)) == 2, "the current one and the one before"


def test_a_stolen_key_ends_at_once_and_the_reporter_is_told(pair: Pair) -> None:
    with served(pair.office_door) as url:
        pair.link(url)
        _, receipt, _ = sealed_and_sent(pair)
        rotate(pair.office, late=False)
        pair.hours(1)
        assert pair.nation.post("/api/thread", {"receipt": receipt}).get_json()["code"] == "linked_refused"
        (entry,) = pair.waiting()
        assert (entry.dead, entry.error) == (False, "office_refused")
        pair.link(url, serial=2)  # and what is written from now on arrives
        _, later, _ = sealed_and_sent(pair)
        pair.hours(1)
    assert pair.office.read(later)["messages"][0]["body"] == WORDS


def test_another_text_under_the_same_key_and_a_topic_that_is_not_there_are_refused(pair: Pair) -> None:
    pair.link(f"http://127.0.0.1:{free_port()}")
    body, _, typed = sealed(pair)
    send(pair.nation, body)
    changed = sealed_fields(pair.submit, typed | {"body": "Lain."})[0]
    assert send(pair.nation, changed).get_json()["code"] == "changed_text"
    ours = OURS.code
    assert send(pair.nation, body | {"topic": ours, "lookup": "00" * 32}).status_code == 409, "its seal binds the topic"
    plain = pair.nation.intake.post("/api/reports", json=pair.nation.fields(**ROAD | {"topic": ours}), headers=JSON)
    assert (plain.status_code, plain.get_json()["errors"][0]["field"]) == (422, "topic")


def test_an_accused_agency_of_the_nation_is_kept_and_the_case_is_still_read(pair: Pair) -> None:
    with served(pair.office_door) as url:
        pair.link(url)
        body, receipt, _ = sealed(pair, about_agency="samarinda-setda")
        assert send(pair.nation, body).status_code == 201
        pair.hours(1)
    (head,) = pair.cases()
    assert head.about_agency == "samarinda-setda"
    assert pair.office.read(receipt)["messages"][0]["body"] == WORDS
    strange = sealed(pair, about_agency="samarinda-setda")[0]
    assert send(pair.office, strange | {"path": "browser"}).status_code == 422, "only what the nation passed on may"


def test_a_flood_at_the_nation_waits_in_the_offices_quarantine(pair: Pair) -> None:
    """It is passed on without work, and the office's own gate decides."""
    pair.link(f"http://127.0.0.1:{free_port()}")
    sealed_and_sent(pair)
    assert pair.relay.reaches(CODE)
    pair.submit(_report(pair), bytes(16), suspicious=True)
    assert sorted(len(each.sealed) for each in pair.waiting()) == [32, 64]


def _report(pair: Pair) -> Any:
    from functions.casework.report import read_report

    return read_report(pair.nation.fields(**ROAD), pair.submit.directory, pair.nation.today)
