"""What may be public of a case, when, and what a text for the public must not hold: the rules, without any store."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.casework.access import Viewer, rights
from functions.casework.case import Case, CaseHead, Event, EventKind, Lift, Outcome, Publication
from functions.casework.case_changes import tombstone
from functions.casework.directory.agencies import Role
from functions.casework.publication import (
    ANSWER_MAX,
    ANSWERED,
    BORROWED_WORDS,
    FEW,
    ID_SYMBOLS,
    SUMMARY_MAX,
    Agreed,
    Draft,
    PublicAnswer,
    PublicReport,
    agreed_by,
    borrowed,
    clearable,
    first_public,
    fit,
    month_of,
    next_batch,
    refreshed,
    standing,
    text_hash,
    times_in,
    week_of,
    wishable,
)
from functions.casework.stages import Actor, Move, Stage
from functions.config.settings import DEMO, load_directory
from tests.case_heads import changed
from tests.storage.examples import make_head

DIRECTORY = load_directory(DEMO / "kutai-timur.toml")
SENSITIVE = [topic.code for topic in DIRECTORY.topics.values() if topic.sensitive]
DAY = date(2026, 11, 25)


def case(**changes: object) -> CaseHead:
    values = {"instance": "kutim", "holder": "kutim-dpupr", "topic": "jalan", "stage": Stage.DITANGGAPI}
    return make_head(**values | changes)


NEVER = {
    "on a sensitive topic": {"topic": SENSITIVE[0]},
    "on a topic that is no more": {"topic": "tidak-ada"},
    "about somebody": {"about_agency": "kutim-dinkes"},
    "about somebody, asked for": {"about_agency": "kutim-dinkes", "lift": Lift.ASKED},
    "about abuse of office": {"oversight": True},
    "in quarantine": {"quarantined": True},
    "deleted": {"shredded": True},
    "archived": {"stage": Stage.DIARSIPKAN},
}


@pytest.mark.parametrize("changes", NEVER.values(), ids=NEVER)
def test_these_are_never_public_whatever_was_agreed_to(changes: dict[str, object]) -> None:
    assert fit(case(), DIRECTORY)
    assert not fit(case(**changes), DIRECTORY)
    wished = case(publication=Publication.AGREED, agreed=5)
    assert standing(wished, "kutim", DIRECTORY) == 5
    assert standing(changed(wished, **changes), "kutim", DIRECTORY) == 0
    assert not clearable(changed(wished, **changes), DIRECTORY)
    assert not wishable(case(**changes), DIRECTORY)


def test_every_sensitive_topic_of_the_demonstration_stays_closed() -> None:
    assert {"kekerasan", "pungli"} <= set(SENSITIVE)
    for topic in SENSITIVE:
        assert not fit(case(topic=topic), DIRECTORY)


def test_a_case_that_went_to_another_government_is_not_public_in_the_one_it_left() -> None:
    assert standing(case(publication=Publication.AGREED, agreed=5), "pusat-lain", DIRECTORY) == 0


def test_whom_the_accused_may_read_of_after_an_overseers_yes_may_be_public() -> None:
    assert fit(case(about_agency="kutim-dinkes", lift=Lift.LIFTED), DIRECTORY)


def test_texts_and_crowds_are_as_its_page_says() -> None:
    """``docs/publication.md``: 600 characters each; eight reports or more hide one among them."""
    assert (SUMMARY_MAX, ANSWER_MAX, FEW) == (600, 600, 8)
    assert 32**ID_SYMBOLS == 2**40, "a public id is a P and eight random symbols"


def test_its_reporter_is_asked_only_once_an_answer_is_there() -> None:
    assert {stage for stage in Stage if wishable(case(stage=stage), DIRECTORY)} == ANSWERED
    for state in set(Publication) - {Publication.NONE}:
        assert not wishable(case(publication=state), DIRECTORY)


def test_the_tombstone_of_a_public_case_is_public_no_more() -> None:
    dead = tombstone(case(publication=Publication.AGREED, agreed=5))
    assert (dead.publication.state, dead.publication.agreed) == (Publication.NONE, 0)


@pytest.mark.parametrize("state", list(Publication))
def test_only_who_holds_it_writes_and_only_where_its_reporter_wishes(state: Publication) -> None:
    head = case(publication=state, second="kutim-dlh")
    seen = {
        (agency, role)
        for agency in DIRECTORY.agencies
        for role in Role
        if Move.PUBLISH in rights(Viewer("x", agency, role), head, DIRECTORY).moves
    }
    wished = state is not Publication.NONE
    assert {agency for agency, _ in seen} == ({"kutim-dpupr"} if wished else set())
    assert not {role for _, role in seen} & {Role.OVERSEER, Role.CUSTODIAN}
    stake = changed(head, recused=("x",))
    assert Move.PUBLISH not in rights(Viewer("x", "kutim-dpupr", Role.OFFICER), stake, DIRECTORY).moves


@pytest.mark.parametrize("days", range(7))
def test_what_is_agreed_to_on_any_day_of_a_week_comes_with_the_next(days: int) -> None:
    monday = date(2026, 11, 23)
    assert next_batch(monday + timedelta(days=days)) == date(2026, 11, 30)
    assert week_of(monday + timedelta(days=days)) == "2026-W48"


def test_the_last_days_of_a_year_belong_to_one_week_with_the_first_of_the_next() -> None:
    assert week_of(date(2026, 12, 31)) == week_of(date(2027, 1, 3)) == "2026-W53"


def agreed(n: int = 5, **changes: object) -> Agreed:
    draft = Draft(n, "Lampu mati.", "Sudah diganti.", "kutim-dpupr", date(2026, 11, 1))
    return Agreed("x", draft, DAY, "64.08.04")._replace(**changes)


def test_no_day_gets_into_what_is_public() -> None:
    head = case(received_on=date(2026, 10, 17), closed_on=date(2026, 11, 9), outcome=Outcome.DIPERBAIKI)
    report = first_public("PAAAAAAAA", head, agreed(), DAY)
    assert (report.month, report.closed, report.updated) == (date(2026, 10, 1), date(2026, 11, 1), date(2026, 11, 1))
    assert report.answers == (PublicAnswer(date(2026, 11, 1), "kutim-dpupr", "Sudah diganti."),)
    assert head.case_id not in str(report)


def test_what_is_public_has_these_fields_and_no_others() -> None:
    assert list(PublicReport._fields) == [
        *("public_id", "instance", "agency", "kind", "topic", "district", "month", "summary"),
        *("stage", "outcome", "answers", "updated", "closed"),
    ]


def test_a_refreshing_moves_the_month_of_change_only_where_something_changed() -> None:
    head, later = case(), date(2027, 2, 10)
    report = first_public("PAAAAAAAA", head, agreed(), DAY)
    assert refreshed(report, head, None, later) == report
    assert refreshed(report, head, agreed(), later) == report
    done = refreshed(report, changed(head, stage=Stage.SELESAI, closed_on=later), None, later)
    assert (done.stage, done.closed, done.updated) == (Stage.SELESAI, date(2027, 2, 1), date(2027, 2, 1))
    new = agreed(9, draft=Draft(9, "Lampu mati lagi.", "Diganti.", "kutim-dlh", date(2027, 1, 1)), district="")
    other = refreshed(report, head, new, later)
    assert (other.public_id, other.summary, other.district) == (report.public_id, "Lampu mati lagi.", "")
    assert other.agency == "kutim-dlh"


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_a_month_is_its_first_day(day: date) -> None:
    assert (month_of(day).day, month_of(day).month, month_of(day).year) == (1, day.month, day.year)


@pytest.mark.parametrize(
    "text",
    ["pada 12 November", "tanggal 3", "hari Senin", "pukul 07.30", "jam 9", "12/11/2026", "3-2-26", "2026-11-12"],
)
def test_days_and_hours_are_found(text: str) -> None:
    assert times_in(f"Air mati {text} di desa.")


@pytest.mark.parametrize(
    "text",
    ["Bulan November 2026.", "Sudah 14 hari.", "Sepanjang 200 meter, lebar 3 meter.", "Dua kali seminggu.", "RT 03"],
)
def test_months_and_measures_are_no_days(text: str) -> None:
    assert times_in(text) == ()


def test_what_its_reporter_wrote_is_known_again_and_what_anybody_says_is_not() -> None:
    theirs = ["Anak saya jatuh dari jembatan kayu yang lapuk itu; tolong!", "Terima kasih."]
    assert borrowed("Seorang anak jatuh dari jembatan kayu yang lapuk.", theirs)
    assert borrowed("Anak jatuh DARI jembatan, kayu yang lapuk itu.", theirs)
    assert borrowed("Jembatan kayu lapuk, dan seorang anak jatuh.", theirs) == ()
    assert borrowed("", theirs) == borrowed("Terima kasih.", theirs) == ()


def test_six_words_in_a_row_are_borrowed_and_five_are_not() -> None:
    theirs = ["satu dua tiga empat lima enam"]
    assert borrowed("satu dua tiga empat lima enam", theirs) == ("satu dua tiga empat lima enam",)
    assert borrowed("dua tiga empat lima enam", theirs) == borrowed("satu dua tiga empat lima", theirs) == ()


def test_what_was_borrowed_without_a_break_is_one_passage() -> None:
    theirs = ["a b c d e f", "f g h i j k", "l m n o p q"]
    assert borrowed("a b c d e f g h i j k", theirs) == ("a b c d e f",)
    assert borrowed("a b c d e f g h i j k l m n o p q", theirs) == ("a b c d e f", "l m n o p q")
    assert borrowed("a b c d e f x l m n o p q", theirs) == ("a b c d e f", "l m n o p q")


def said(n: int, by: Actor, clear: str) -> Event:
    return Event(n, EventKind.PUBLISH, by, DAY, Stage.DITANGGAPI, b"sealed", clear=clear)


def test_only_the_text_that_an_officer_wrote_last_and_its_reporter_agreed_to_is_agreed() -> None:
    value = bytes(range(32))

    def draft(n: int, summary: str) -> Draft:
        return Draft(n, summary, "Sudah diganti.", "kutim-dpupr", date(2026, 11, 1), value.hex())

    first, second = draft(5, "Lampu mati."), draft(9, "Lampu jalan mati.")
    wrote = [said(each.n, Actor.OFFICER, text_hash(value, each)) for each in (first, second)]
    yes = said(10, Actor.REPORTER, "agreed 9")
    case_of = Case(case(), (wrote[0], wrote[1], yes))
    assert agreed_by(case_of, agreed(draft=second))
    assert not agreed_by(case_of, agreed(draft=first))
    assert not agreed_by(case_of, agreed(draft=second._replace(summary="Lampu jalan tetangga mati.")))
    assert not agreed_by(case_of, agreed(draft=second._replace(n=10))), "a reporter writes no text for the public"
    assert not agreed_by(Case(case(), (yes,)), agreed(draft=second))


@given(st.lists(st.sampled_from("abcdefgh"), min_size=BORROWED_WORDS, max_size=40))
def test_any_text_of_enough_words_is_borrowed_from_itself(words: list[str]) -> None:
    assert borrowed(" ".join(words), [", ".join(words).upper()])
