"""Digests: who learns when, what is counted, and that nothing is lost or told twice, whatever happens meanwhile."""

import re
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from functions.actions.courier.digest import URGENT, may_wait
from functions.casework.deadlines.batches import Batches
from functions.casework.deadlines.digests import HOURS, Choice, Digests, Pace
from functions.casework.directory.agencies import Officer, Role
from functions.delivery.interface import DeliveryError, Letter
from functions.delivery.mail import SmtpMailer
from functions.storage.interface import Notice, OutboxEntry, StoreUnavailableError
from functions.storage.registers.mail_choices import read_choices, write_choice
from tests.delivery.letterbox import letterbox
from tests.world import World

HOUR = 3600
WITA = ZoneInfo("Asia/Makassar")
UNIT = "kutim-dpupr"


def digesting(world: World, **changes: object) -> World:
    """The world with digests, on a Wednesday at 10 in the morning."""
    mail = replace(world.deliver.officers, digests=replace(Digests(), **changes))  # type: ignore[arg-type]  # Digests' own fields
    world.deliver = replace(world.deliver, officers=mail)
    world.seconds = 1_795_572_000  # 25 November 2026, 10:00 in Makassar
    assert local(world) == "Wed 10"
    return world


def local(world: World) -> str:
    return mail_of(world).local(world.seconds // HOUR).strftime("%a %H")


def mail_of(world: World) -> Digests:
    return world.deliver.officers.digests


@pytest.fixture
def world(tmp_path: Path) -> World:
    return digesting(World(tmp_path))


def until(world: World, hour: str) -> None:
    """Turn the clock to an hour like "Thu 09"; the courier looks every hour."""
    for _ in range(24 * 9):
        if local(world) == hour:
            return
        world.later(hours=1)
        world.today = mail_of(world).local(world.seconds // HOUR).date()
        if local(world) != hour:
            world.run_courier()
    raise AssertionError(hour)


def morning(world: World, hour: str = "Thu 09") -> list[Letter]:
    """What leaves in this hour, and nothing before it."""
    before = len(world.mailbox.letters)
    until(world, hour)
    assert [letter.subject for letter in world.mailbox.letters[before:]] == []
    world.run_courier()
    return world.mailbox.letters[before:]


def lines(letter: Letter) -> list[str]:
    return re.findall(r"^- (.+)$", letter.text, re.MULTILINE)


def waiting(world: World) -> tuple[OutboxEntry, ...]:
    return world.store.held("kutim", 1 << 30)


def test_one_letter_in_the_morning_counts_all_that_came_and_leads_to_the_desk(world: World) -> None:
    first, *others = [world.report() for _ in range(4)]
    world.run_courier()
    assert (world.mailbox.letters, len(waiting(world))) == ([], 4)
    world.post("/api/thread/messages", {"receipt": first["receipt"], "body": "Masih.", "message_key": "k" * 16})
    (letter,) = morning(world)
    assert letter.to == world.officer("kutim").email
    assert letter.subject == "[Lapor Anonim] 4 laporan menunggu"
    assert lines(letter) == ["4 baru datang", "1 dijawab atau dilengkapi pelapor"]
    assert not [sent for sent in (first, *others) if sent["tracking_id"] in letter.text + letter.html]
    desk = world.desk(world.mailbox.tokens()[-1])
    assert "case" not in desk.session
    assert len(desk.get("/desk/").get_json()["cases"]) == 4
    assert (waiting(world), world.store.waiting()) == ((), ())
    assert morning(world, "Fri 09") == []  # a day without cases: no mail


def test_what_is_late_or_due_is_counted_as_it_is_that_morning(world: World) -> None:
    one, two = world.report(), world.report()
    write(world, one["tracking_id"], {"due": "2026-11-26"})
    write(world, two["tracking_id"], {"due": "2026-11-25"})
    (letter,) = morning(world)
    assert letter.subject == "[Lapor Anonim] 2 laporan menunggu, 1 terlambat"
    assert lines(letter) == ["1 terlambat", "1 harus dijawab hari ini", "2 baru datang"]


def test_each_officer_of_an_agency_gets_one_and_a_colleague_who_was_removed_none(world: World) -> None:
    case_id = world.report()["tracking_id"]
    hand_on(world, case_id)
    world.run_courier()
    gone, stays = [officer for officer in world.officers if officer.agency == UNIT]
    left = tuple(officer for officer in world.officers if officer != gone)
    world.deliver = replace(world.deliver, officers=replace(world.deliver.officers, officers=left))
    letters = [letter for letter in morning(world) if "kutim-1" not in letter.to]
    assert [letter.to for letter in letters if letter.to in (gone.email, stays.email)] == [stays.email]
    assert world.store.held(UNIT, 1 << 30) == ()


def hand_on(world: World, case_id: str, agency: str = UNIT) -> None:
    world.deliver.officers.asked.clear()  # no hour has to pass
    world.ask_link(world.officer("kutim").email)
    world.run_courier()
    desk = world.desk(world.mailbox.tokens(world.officer("kutim").email)[-1])
    answer = desk.post(f"/desk/cases/{case_id}/handover", {"agency": agency, "reason": "Kewenangan dinas."})
    assert answer.status_code == 200, answer.data


def test_a_case_that_went_elsewhere_meanwhile_is_not_counted_and_nothing_waits_for_ever(world: World) -> None:
    """A colleague handed it on before the digest: nothing is left to do here, and nobody is written to for it."""
    case_id = world.report()["tracking_id"]
    world.run_courier()
    hand_on(world, case_id)
    letters = morning(world)
    assert {letter.to for letter in letters} == {o.email for o in world.officers if o.agency == UNIT}
    assert waiting(world) == ()


@pytest.mark.parametrize("hidden", ["recused", "accused", "batch"])
def test_nobody_is_told_by_a_count_of_what_may_not_be_listed(world: World, hidden: str) -> None:
    shown = world.report()["tracking_id"]
    case_id = world.report()["tracking_id"]
    world.run_courier()
    head = world.store.read_head(case_id)
    ident = world.officer("kutim").ident
    changed = {
        "recused": {"recused": f'["{ident}"]'},
        "accused": {"about_agency": "kutim"},
        "batch": {"visible_from": world.seconds // HOUR + 99},
    }[hidden]
    write(world, case_id, changed)
    assert head.holder == "kutim"
    (letter,) = morning(world)
    assert letter.subject == f"[Lapor Anonim] 1 laporan menunggu ({shown})"
    assert case_id not in letter.text


def write(world: World, case_id: str, changed: dict[str, object]) -> None:
    with closing(sqlite3.connect(world.folder / "lapor.sqlite")) as db, db:
        for name, value in changed.items():
            db.execute(f"UPDATE cases SET {name} = ? WHERE case_id = ?", (value, case_id))  # noqa: S608 - our own names


def test_a_digest_after_a_batch_tells_of_it_and_its_hour_tells_no_minute(world: World) -> None:
    """What accuses comes in batches at 8 and 14: its mail leaves with all others at 9, whenever it was written."""
    batches = Batches(world.directory, (8, 14), "Asia/Makassar", lambda: world.seconds)
    world.submit = replace(world.submit, batch=batches)
    until(world, "Wed 16")
    world.report(about_agency="kutim-dishub")
    world.run_courier()
    assert waiting(world) == ()  # not even the courier has had it in hand
    (letter,) = morning(world)
    assert "1 laporan menunggu" in letter.subject


def test_urgent_or_ones_own_comes_at_once_and_to_nobody_else(world: World) -> None:
    sent = world.report()
    hand_on(world, sent["tracking_id"])
    first, second = [officer for officer in world.officers if officer.agency == UNIT]
    write(world, sent["tracking_id"], {"assigned": first.ident})
    world.run_courier()
    world.mailbox.letters.clear()
    world.post("/api/thread/messages", {"receipt": sent["receipt"], "body": "Masih.", "message_key": "k" * 16})
    world.run_courier()
    assert [letter.to for letter in world.mailbox.letters] == [first.email]
    assert "Pelapor menulis lagi" in world.mailbox.letters[0].subject
    (letter,) = [each for each in morning(world) if each.to == second.email]
    assert lines(letter) == ["1 baru datang", "1 dijawab atau dilengkapi pelapor"]
    write(world, sent["tracking_id"], {"priority": 1})
    world.mailbox.letters.clear()
    world.post("/api/thread/messages", {"receipt": sent["receipt"], "body": "Bahaya.", "message_key": "l" * 16})
    world.run_courier()
    assert {letter.to for letter in world.mailbox.letters} == {first.email, second.email}


def test_what_waits_for_a_decision_or_came_up_late_never_waits_unless_one_wants_so(world: World) -> None:
    case_id, ident = world.report()["tracking_id"], world.officer("kutim").ident
    world.run_courier()
    assert all(map(may_wait, URGENT))
    put = OutboxEntry("e" * 32, Notice.APPEALED, "kutim", "kutim", case_id)
    world.store.enqueue(put)
    world.run_courier()
    assert [letter.subject for letter in world.mailbox.letters] == [f"[Lapor Anonim] Banding atas laporan ({case_id})"]
    write_choice(world.store, "kutim", ident, Choice(Pace.ONLY))
    world.store.enqueue(put)
    world.run_courier()
    assert len(world.mailbox.letters) == 1
    assert len(morning(world)) == 1


def test_officers_choose_their_hour_or_everything_at_once(world: World) -> None:
    case_id = world.report()["tracking_id"]
    hand_on(world, case_id)
    early, eager = [officer for officer in world.officers if officer.agency == UNIT]
    write_choice(world.store, UNIT, early.ident, Choice(Pace.DIGEST, 7))
    write_choice(world.store, UNIT, eager.ident, Choice(Pace.ALL, 9))
    assert read_choices(world.store, UNIT) == {early.ident: (Pace.DIGEST, 7), eager.ident: (Pace.ALL, 9)}
    world.mailbox.letters.clear()
    world.run_courier()
    (letter,) = world.mailbox.letters
    assert (letter.to, "diteruskan kepada Anda" in letter.subject) == (eager.email, True)
    assert [each.to for each in morning(world, "Thu 07")] == [early.email]
    assert [each.to for each in morning(world, "Thu 09")] == []  # the coordinator has nothing: it was handed on


@pytest.mark.parametrize(("chosen", "comes"), [(Choice(Pace.DIGEST, 12), "Thu 12"), (Choice(Pace.ALL), "Thu 09")])
def test_a_choice_changed_while_something_waits_moves_it_and_loses_nothing(
    world: World, chosen: Choice, comes: str
) -> None:
    world.report()
    world.run_courier()
    write_choice(world.store, "kutim", world.officer("kutim").ident, chosen)
    assert len(morning(world, comes)) == 1
    assert waiting(world) == ()


def test_nobody_is_written_to_on_a_day_off(world: World) -> None:
    until(world, "Fri 10")
    world.report()
    world.run_courier()
    assert len(morning(world, "Mon 09")) == 1
    monday = mail_of(world).local(world.seconds // HOUR).date()
    off = replace(mail_of(world), holidays=(monday + timedelta(days=1),))
    world.deliver = replace(world.deliver, officers=replace(world.deliver.officers, digests=off))
    world.report()
    world.run_courier()
    assert len(morning(world, "Wed 09")) == 1


def test_a_day_off_decreed_while_a_digest_waits_puts_it_off(world: World) -> None:
    world.report()
    world.run_courier()
    thursday = mail_of(world).local(world.seconds // HOUR + 24).date()
    off = replace(mail_of(world), holidays=(thursday,))
    world.deliver = replace(world.deliver, officers=replace(world.deliver.officers, digests=off))
    assert morning(world) == []
    assert len(morning(world, "Fri 09")) == 1


def test_a_courier_that_was_away_sends_one_when_it_is_back_and_a_clock_set_back_sends_none(world: World) -> None:
    for _ in range(2):
        world.report()
    world.run_courier()
    world.later(hours=29)  # Thursday at 15, without a look in between
    world.run_courier()
    assert [letter.subject for letter in world.mailbox.letters] == ["[Lapor Anonim] 2 laporan menunggu"]
    world.report()
    world.run_courier()
    world.seconds -= 20 * HOUR
    assert (world.run_courier(), len(world.mailbox.letters)) == (0, 1)
    until(world, "Fri 10")
    assert len(world.mailbox.letters) == 2


def test_two_couriers_tell_each_of_it_once(world: World) -> None:
    for _ in range(30):
        world.report()
    for n in range(10):  # runs of AWS that overlap, each with a name of its own
        world.deliver.run_once(f"courier-{n % 2}")
    until(world, "Thu 09")
    for n in range(10):
        world.deliver.run_once(f"courier-{n % 2}")
    assert [letter.subject for letter in world.mailbox.letters] == ["[Lapor Anonim] 30 laporan menunggu"]
    assert waiting(world) == ()


def test_a_report_is_told_of_though_another_courier_was_through_with_the_digest_just_then(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It took the entry in hand before the hour, and puts it back after the digest of that hour is settled."""
    world.report()
    until(world, "Thu 08")
    world.report()
    put_back, hours = world.store.put_back, []

    def late(entry: OutboxEntry, worker: str) -> None:
        if not hours:
            hours.append(1)
            world.later(hours=1)
            world.deliver.run_once("another")
        put_back(entry, worker)

    monkeypatch.setattr(world.store, "put_back", late)
    world.run_courier()
    assert sum(int(re.findall(r"(\d+) laporan", letter.subject)[0]) for letter in world.mailbox.letters) == 2


@pytest.mark.parametrize("dies", ["settle", "put_back", "held"])
def test_a_store_that_fails_in_the_middle_makes_nobody_read_twice(
    world: World, monkeypatch: pytest.MonkeyPatch, dies: str
) -> None:
    for _ in range(3):
        world.report()
    hand_on(world, world.report()["tracking_id"])
    world.run_courier()
    world.mailbox.letters.clear()
    until(world, "Thu 09")
    honest: Callable[..., object] = getattr(world.store, dies)
    calls: list[int] = []

    def fails(*given: object) -> object:
        calls.append(1)
        if len(calls) == 2:
            raise StoreUnavailableError("gone for a moment")
        return honest(*given)

    monkeypatch.setattr(world.store, dies, fails)
    for _ in range(3):
        try:
            world.run_courier()
        except StoreUnavailableError:
            world.store.release("courier")
    counted = sorted((letter.to, letter.subject) for letter in world.mailbox.letters)
    assert len(counted) == len({to for to, _ in counted}) == 3
    assert (waiting(world), world.store.held(UNIT, 1 << 30), world.store.waiting()) == ((), (), ())


def test_a_courier_killed_after_a_letter_tells_the_same_again_under_the_same_number(world: World) -> None:
    """As with every letter: the mail program knows the repeat. What came meanwhile waits for the next one."""
    world.report()
    world.run_courier()
    until(world, "Thu 09")
    deliver = world.deliver
    (entry,) = world.store.claim("courier", world.seconds // HOUR)
    digest = deliver.officers.digest(entry)
    for _, written in digest.letters():
        letter = written()
        assert letter
        world.mailbox.send(letter)  # and dies here
    world.report()
    world.store.release("courier")
    world.run_courier()
    assert len(world.mailbox.letters) == 2
    assert len({(letter.message_id, letter.subject) for letter in world.mailbox.letters}) == 1
    assert [letter.subject[:33] for letter in morning(world, "Fri 09")] == ["[Lapor Anonim] 1 laporan menunggu"]


def test_an_address_that_is_away_is_tried_again_and_the_colleague_is_not_written_to_twice(world: World) -> None:
    hand_on(world, world.report()["tracking_id"])
    world.run_courier()
    until(world, "Thu 09")
    away, there = [officer for officer in world.officers if officer.agency == UNIT]
    honest = world.mailbox.send

    def picky(letter: Letter) -> None:
        if letter.to == away.email:
            raise DeliveryError("server_refused")
        honest(letter)

    world.mailbox.send = picky  # type: ignore[method-assign]  # a stub for this test
    world.mailbox.letters.clear()
    world.run_courier()
    assert [letter.to for letter in world.mailbox.letters] == [there.email]
    world.mailbox.send = honest  # type: ignore[method-assign]  # a stub for this test
    world.later(hours=1)
    world.run_courier()
    assert [letter.to for letter in world.mailbox.letters] == [there.email, away.email]
    assert world.store.held(UNIT, 1 << 30) == ()


def test_a_flood_is_summed(world: World) -> None:
    for hour in (10, 11):
        entry = OutboxEntry(f"karantina-{hour}", Notice.QUARANTINED, "kutim", "kutim", count=200)
        world.store.tally(entry)
    world.run_courier()
    world.store.tally(OutboxEntry("karantina-11", Notice.QUARANTINED, "kutim", "kutim", count=5))  # while it waits
    (letter,) = morning(world)
    assert letter.subject == "[Lapor Anonim] 405 laporan menunggu diperiksa"
    assert lines(letter) == ["405 datang beramai-ramai; periksa di kotak masuk atau di karantina"]


def test_what_somebody_puts_among_the_waiting_gets_no_letter_of_its_own(world: World) -> None:
    """Whoever may write to the outbox may write there. A link to an inbox needs the desk's signature all the same."""
    forged = OutboxEntry("x" * 32, Notice.LINK_WANTED, "kutim", "kutim", sealed=b"x", digest="kutim")
    other = OutboxEntry("y" * 32, Notice.NEW_CASE, "kutim", UNIT, world.report()["tracking_id"], digest="kutim")
    for entry in (forged, other):
        world.store.enqueue(entry)
    world.store.enqueue(OutboxEntry("z" * 32, Notice.DIGEST, "kutim", "kutim", count=1 << 40))
    world.run_courier()
    assert world.mailbox.letters == []
    assert len(morning(world)) == 1


def test_a_notice_can_be_taken_back_until_the_digest_has_it(world: World) -> None:
    """What is handed over by mistake is undone at the desk, which removes what nobody has in hand."""
    world.report()
    world.run_courier()
    (entry,) = waiting(world)
    assert (entry.leased_by, entry.attempts, entry.delivered) == ("", 0, ())
    world.store.settle(entry.entry_id, "")
    assert morning(world) == []


def test_it_leaves_by_a_real_mail_server_in_text_and_html(world: World) -> None:
    for _ in range(2):
        world.report()
    with letterbox() as box:
        mailer = SmtpMailer("127.0.0.1", box.port, "lapor@kutim.example.id", "none")
        world.deliver = replace(world.deliver, mailer=mailer)
        world.run_courier()
        assert box.arrived == []
        until(world, "Thu 09")
        world.run_courier()
    (mail,) = box.arrived
    assert mail["Subject"] == "[Lapor Anonim] 2 laporan menunggu"
    for kind in ("plain", "html"):
        body = mail.get_body((kind,))
        assert body
        said = body.get_content()
        assert "2 baru datang" in said
        assert said.count("/masuk/#") == 1


def test_without_waiting_a_digest_of_one_leaves_at_once(world: World) -> None:
    """As under ``make run``."""
    world = digesting(world, waits=False)
    case_id = world.report()["tracking_id"]
    world.run_courier()
    (letter,) = world.mailbox.letters
    assert letter.subject == f"[Lapor Anonim] 1 laporan menunggu ({case_id})"
    assert "case" not in world.desk(world.mailbox.tokens()[0]).session


def fortnight(world: World) -> tuple[int, int]:
    """Fifteen reports in two weeks, most of them handed over and written to again. Returns how many letters all officers
    got, and how many the one with the most of them; links that they asked for are left out."""
    for n in range(14):
        until(world, ("Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed")[n % 7] + " 10")
        sent = [world.report() for _ in range(2 if n == 4 else 1)]
        world.run_courier()
        for each in sent[: n % 4]:
            hand_on(world, each["tracking_id"], UNIT if n % 2 else "kutim-dishub")
            world.post(
                "/api/thread/messages", {"receipt": each["receipt"], "body": "Masih.", "message_key": f"{n:016d}"}
            )
        world.run_courier()
    until(world, "Thu 10")
    world.run_courier()
    got = Counter(letter.to for letter in world.mailbox.letters if "Link masuk" not in letter.subject)
    return got.total(), max(got.values())


@pytest.mark.long
def test_a_fortnight_with_digests_brings_less_mail(world: World, tmp_path: Path) -> None:
    """The numbers of docs/operations.md."""
    before = fortnight(digesting(World(tmp_path / "before"), standard=Choice(Pace.ALL)))
    assert (before, fortnight(world)) == ((49, 15), (19, 6))


def test_a_digest_never_leaves_in_the_hour_in_which_its_news_came() -> None:
    digests = Digests()
    start = 1_795_572_000 // HOUR
    for hour in range(start, start + 24 * 14):
        for chosen in HOURS:
            found = digests.next(Choice(Pace.DIGEST, chosen), hour)
            at = digests.local(found)
            assert found > hour
            assert (at.hour, at.weekday() < 5, digests.works(found)) == (chosen, True, True)
            between = [digests.local(each) for each in range(hour + 1, found)]
            assert not [each for each in between if each.hour == chosen and each.weekday() < 5]


def test_an_overseer_gets_digests_of_what_they_may_know_alone(world: World) -> None:
    overseer = Officer("sekda-9", "sekda9@kutim.example.id", "kutim", Role.OVERSEER)
    mail = replace(world.deliver.officers, officers=(*world.officers, overseer))
    world.deliver = replace(world.deliver, officers=mail)
    write_choice(world.store, "kutim", overseer.ident, Choice(Pace.ONLY))
    case_id = world.report()["tracking_id"]
    world.store.enqueue(OutboxEntry("e" * 32, Notice.ESCALATED, "kutim", "kutim", case_id))
    world.run_courier()
    assert [letter.to for letter in morning(world)] == [world.officer("kutim").email]  # it did not come up to anybody


@pytest.mark.parametrize("lasting", [True, False])
def test_a_colleagues_address_that_fails_keeps_no_news_from_who_reads_digests(world: World, lasting: bool) -> None:
    """The reporter wrote: who took the case is told at once, and cannot be; the others wait for their morning."""
    sent = world.report()
    hand_on(world, sent["tracking_id"])
    away, there = [officer for officer in world.officers if officer.agency == UNIT]
    assert [letter.to for letter in morning(world)] == [away.email, there.email]
    write(world, sent["tracking_id"], {"assigned": away.ident})
    honest = world.mailbox.send

    def picky(letter: Letter) -> None:
        if letter.to == away.email:
            raise DeliveryError("recipient_refused", lasting=lasting)
        honest(letter)

    world.mailbox.send = picky  # type: ignore[method-assign]  # a stub for this test
    world.post("/api/thread/messages", {"receipt": sent["receipt"], "body": "Masih.", "message_key": "k" * 16})
    world.run_courier()
    assert [(letter.to, lines(letter)) for letter in morning(world, "Fri 09")] == [
        (there.email, ["1 dijawab atau dilengkapi pelapor"])
    ]
    world.mailbox.send = honest  # type: ignore[method-assign]  # a stub for this test
    for entry in world.store.dead_letters()[0]:
        world.store.revive(entry.entry_id)
    before = len(world.mailbox.letters)
    for _ in range(24):
        world.later(hours=1)
        world.run_courier()
    assert [letter.to for letter in world.mailbox.letters[before:]] == [away.email]
    assert (world.store.held(UNIT, 1 << 30), world.store.waiting()) == ((), ())
