"""Every stage an officer can set: its form at the desk, its reason, and what its reporter then reads."""

import pytest

from functions.casework.formats.open311 import Status
from functions.casework.stages import CLOSED, FACTS, SETTABLE, STANDING, Duty, Stage
from functions.open311.public import status_of
from functions.web import language
from tests.markup import forms, page, text
from tests.memory import Officer, Town
from tests.open311 import ours
from tests.pages import check_page

WAYS = [(duty, to) for duty in (Duty.SORT, Duty.ANSWER) for to in SETTABLE[duty]]
REASON = "Menunggu suku cadang sampai 12 Desember."


def holder(town: Town, duty: Duty, case_id: str) -> Officer:
    """Whoever holds a new case in this capacity."""
    return town.coordinator() if duty is Duty.SORT else town.hand_over(case_id)


def test_all_that_is_said_of_a_stage_is_there() -> None:
    assert set(FACTS) == set(Stage)
    for stage, facts in FACTS.items():
        assert all((facts.name, facts.sms)), stage
        assert 1 <= facts.step <= 5, stage
        assert bool(facts.settable) == bool(facts.told) == bool(facts.form), stage
        assert bool(facts.held_by) != (stage in CLOSED), stage


def test_no_two_stages_share_a_form_or_a_name() -> None:
    names = [facts.name for facts in FACTS.values()]
    shown = [facts.form.name for facts in FACTS.values() if facts.form]
    assert len(set(names)) == len(names)
    assert len(set(shown)) == len(shown)


@pytest.mark.parametrize("stage", Stage)
def test_apps_read_that_a_report_is_open_until_it_is_closed(stage: Stage) -> None:
    report = ours.OPEN._replace(stage=stage)
    assert status_of(report) is (Status.CLOSED if stage in CLOSED else Status.OPEN)


@pytest.mark.parametrize(("duty", "to"), WAYS)
def test_a_stage_is_set_with_a_form_and_a_reason_and_its_reporter_reads_both(town: Town, duty: Duty, to: Stage) -> None:
    receipt, case_id = town.report()
    officer, facts = holder(town, duty, case_id), FACTS[to]
    assert facts.form
    shown = check_page(officer.case(case_id, do=facts.form.name))
    assert facts.form.title in text(shown)
    assert facts.form.name in forms(shown)
    refused = officer.send(case_id, "stage", form=facts.form.name, stage=to.value, reason="")
    assert refused.status_code == 422
    due = town.memory.read_head(case_id).clock.due
    sent = officer.send(case_id, "stage", form=facts.form.name, stage=to.value, reason=REASON)
    assert sent.status_code == 303, sent.text
    head = town.memory.read_head(case_id)
    assert head.stage is to
    assert (head.clock.held_on is not None) == (to in STANDING)
    assert head.clock.due >= due
    for lang in language.LANGUAGES:
        said = text(page(town.open(receipt, lang=lang)))
        assert REASON in said
        # What an officer asks is a question: it stands without a sentence before it.
        assert to in STANDING or language.translations(lang).gettext(facts.told) in said
