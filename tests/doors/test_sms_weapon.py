"""SMS as a weapon: invented numbers that let the office pay, forged ones that speak over a reporter."""

from dataclasses import replace

import pytest

from functions.actions.common.hourly_budget import HourlyBudget
from functions.actions.reporter.sms import HELPS, Limits, ReceiveSms
from functions.casework.formats import sms_texts as say
from functions.casework.formats.sms_codes import short_code
from functions.casework.formats.sms_sender import CASES_MAX, Sender, read_sender
from functions.casework.receipt import parse_receipt
from functions.crypto.slips.phone_numbers import PhoneSecret
from functions.gateway import app as gateway
from functions.storage.interface import Notice, StoreUnavailableError, VersionConflictError
from tests.doors.test_sms import bodies, cases, code, receipt_of_nobody
from tests.world import NUMBER, PHONE, SMS, World

ABROAD = [f"+88216000{n:04}" for n in range(10)]  # invented
HOME = [f"+6281300{n:06}" for n in range(15)]


def limited(world: World, **changes: object) -> None:
    """Give the gateway other limits, as its settings would."""
    world.texting = replace(world.texting, limits=Limits(**changes), budgets={})  # type: ignore[arg-type]
    world.__dict__["gateway"] = gateway.make_app(
        world.texting, SMS, https=False, now=lambda: world.seconds
    ).test_client()


def test_invented_foreign_numbers_draw_no_sms(world: World) -> None:
    """Twenty CEK from each of ten: 200 SMS before."""
    for number in ABROAD:
        for _ in range(20):
            assert world.sms("CEK", number).status_code == 202
    world.run_courier()
    assert world.phone.texts == []
    assert world.store.waiting() == ()


def test_a_report_from_abroad_waits_in_quarantine_and_costs_nothing(world: World) -> None:
    assert world.sms("LAPOR jalan rusak di Sangatta", ABROAD[0]).status_code == 202
    (head,) = cases(world)
    assert head.quarantined
    desk = world.desk_of("kutim")
    world.run_courier()
    assert desk.get(f"/desk/cases/{head.case_id}").status_code == 200
    assert world.phone.texts == []


def test_not_even_an_officers_reply_leaves_for_a_number_abroad(world: World) -> None:
    """The gateway's limit is not the only wall: what is in the outbox already does not leave either."""
    limited(world, countries=("+62", "+882"))
    assert world.sms("LAPOR jalan rusak", ABROAD[0]).status_code == 202
    assert [entry.notice for entry in world.store.waiting() if entry.notice is Notice.TEXTED]
    world.run_courier()
    assert world.phone.texts == []
    assert world.store.waiting() == ()


def test_a_country_that_the_settings_name_is_answered(world: World) -> None:
    limited(world, countries=("+62", "+60"))
    assert world.sms("LAPOR jalan rusak", "+60123456789").status_code == 202
    assert not cases(world)[0].quarantined
    assert [entry.notice for entry in world.store.waiting()].count(Notice.TEXTED) == 1


@pytest.mark.parametrize("text", ["CEK", "bantuan", "", "halo", f"CEK {receipt_of_nobody()}", "SELESAI"])
def test_a_number_without_a_case_is_told_three_times_a_day(world: World, text: str) -> None:
    for _ in range(20):
        world.sms(text)
    world.run_courier()
    assert len(world.phone.texts) == HELPS
    world.later(days=1)
    for _ in range(4):
        world.sms(text)
    world.run_courier()
    assert len(world.phone.texts) == 2 * HELPS
    assert code(world.said("LAPOR jalan rusak"))


def test_all_numbers_together_have_so_many_answers_in_an_hour(world: World) -> None:
    """And those who have an open case have theirs, whatever the flood draws."""
    limited(world, hourly=20)
    receipt = code(world.said("LAPOR lampu mati"))
    for number in HOME:
        world.sms("LAPOR banjir", number)
    world.run_courier()
    assert len(world.phone.texts) == 10
    assert len(cases(world)) == 1 + len(HOME)  # nothing is refused
    assert short_code(parse_receipt(receipt)) in world.said("CEK")
    world.later(hours=1)
    assert code(world.said("LAPOR banjir", "+6281399999999"))


def test_the_hours_answers_are_counted_for_all_processes_and_after_a_restart(world: World) -> None:
    """Each process takes portions from one count in the store; what one left over is lost, never given twice."""
    secret = PhoneSecret(PHONE)
    spent = 0
    for _ in range(30):
        budget = HourlyBudget(world.store, lambda hour: secret.seen("hour", "x", hour), 100)
        spent += sum(budget.spend(world.seconds) for _ in range(7))
    assert spent == 70  # ten took 5 and then 5 more, and used 7 of them; then none were left
    assert not budget.spend(world.seconds)
    assert budget.spend(world.seconds + 3600)


def test_a_budget_that_others_write_to_says_that_it_is_busy(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def conflict(*_: object) -> None:
        raise VersionConflictError

    monkeypatch.setattr(world.store, "write_slip", conflict)
    with pytest.raises(StoreUnavailableError):
        HourlyBudget(world.store, lambda hour: hour, 100).spend(world.seconds)


def test_forged_reports_do_not_silence_their_numbers_owner(world: World) -> None:
    """Twenty in the owner's name: their case stays the one that is meant, words go there, and answers come."""
    receipt = code(world.said("LAPOR lampu mati di depan sekolah"))
    short = short_code(parse_receipt(receipt))
    world.later(days=1)
    for n in range(20):
        assert world.sms(f"LAPOR palsu {n}").status_code == 202
    assert short in world.said("sudah dua minggu gelap")
    assert bodies(world, receipt) == ["lampu mati di depan sekolah", "sudah dua minggu gelap"]
    assert short in world.said(f"CEK {short}")
    for _ in range(3):
        for n in range(20):
            world.sms(f"LAPOR palsu lagi {n}")
        world.later(days=1)
    assert short in world.said(f"CEK {short}")
    assert short in world.said(f"BALAS {short} masih mati")
    assert bodies(world, receipt)[-1] == "masih mati"


def test_words_and_questions_without_a_code_are_about_the_case_that_is_not_in_quarantine(world: World) -> None:
    limited(world, reports=1)
    receipt = code(world.said("LAPOR lampu mati"))
    short = short_code(parse_receipt(receipt))
    world.said("LAPOR palsu")
    world.later(days=1)
    assert short in world.said("CEK")
    assert short in world.said("masih gelap")
    assert bodies(world, receipt)[-1] == "masih gelap"


def test_no_open_case_leaves_the_pocket_for_another() -> None:
    sender = Sender()
    sender.add("MINE")
    for n in range(CASES_MAX - 2):
        sender.add(f"D{n}", doubtful=True)
    sender.add("ALSO MINE")
    for n in range(50):
        sender.add(f"E{n}", doubtful=True)
    for n in range(50):
        sender.add(f"F{n}")
    assert sender.receipts[0] == "MINE"
    assert "ALSO MINE" in sender.receipts
    assert sender.doubtful == []
    assert len(sender.receipts) == CASES_MAX
    sender.add("G", doubtful=True)
    assert "G" not in sender.receipts + sender.doubtful


def test_a_pocket_of_the_code_of_before_is_read(world: World) -> None:
    receipt = code(world.said("LAPOR lampu mati"))
    keys = PhoneSecret(PHONE).keys(NUMBER)
    slip = world.store.read_slip(keys.name, world.seconds)
    assert slip
    plain = keys.open(slip.version, slip.sealed)
    older = {name: value for name, value in plain.items() if name not in ("doubtful", "helped")}
    assert read_sender(older).receipts == [parse_receipt(receipt).symbols]
    world.store.write_slip(
        slip._replace(version=slip.version + 1, sealed=keys.seal(slip.version + 1, older)), world.seconds
    )
    assert short_code(parse_receipt(receipt)) in world.said("CEK")


def test_an_answer_cut_short_is_finished_though_it_is_the_only_one(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A number without a case, and a store that fails as its one answer is stored."""

    def gone(*_: object) -> None:
        raise StoreUnavailableError("gone")

    with monkeypatch.context() as patched:
        patched.setattr(world.store, "enqueue", gone)
        assert world.sms("CEK", gateway_id="1").status_code == 503
    assert world.sms("CEK", gateway_id="1").status_code == 202
    world.run_courier()
    assert [text.text for text in world.phone.texts] == [say.NONE]


def test_the_limits_are_the_settings(world: World) -> None:
    from functions.config.settings import SettingsError, load_settings

    read = load_settings({"SMS_COUNTRIES": "+62, +60", "SMS_ANSWERS_HOUR": "50"})
    assert (read.sms_countries, read.sms_answers_hour) == (("+62", "+60"), 50)
    for wrong in ("62", "+", "+0", "+62;+60", "", "+62,"):
        if wrong:
            with pytest.raises(SettingsError, match="SMS_COUNTRIES"):
                load_settings({"SMS_COUNTRIES": wrong})
    assert isinstance(world.texting, ReceiveSms)
