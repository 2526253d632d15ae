"""Reading a report as typed: every fault at once, and not a letter lost that belongs to the words."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.casework.case import Kind, Mode
from functions.casework.formats.clean_text import clean_text
from functions.casework.problems import ClashProblem, FieldError, InvalidInputProblem, LinkProblem, NotNowProblem
from functions.casework.report import is_phone, read_report, read_text
from tests.casework.test_demo_directory import DIRECTORY

TODAY = date(2026, 6, 9)
LEAST = {"kind": "pengaduan", "topic": "jalan", "district": "64.08.04", "body": "Jembatan putus."}
FULL = LEAST | {
    "place": "KM 5",
    "happened_on": "2026-06-01",
    "subject": "Jembatan\nputus",
    "about_agency": "kutim-dpupr",
    "about_officials": "kepala dinas",
    "identity_mode": "anonim",
}


def faults(**fields):
    with pytest.raises(InvalidInputProblem) as caught:
        read_report(LEAST | fields, DIRECTORY, TODAY)
    return [(error.field, error.code) for error in caught.value.errors]


def test_four_fields_are_enough():
    report = read_report(LEAST, DIRECTORY, TODAY)
    assert (report.kind, report.topic, report.district, report.body) == (
        Kind.PENGADUAN,
        "jalan",
        "64.08.04",
        "Jembatan putus.",
    )
    assert report.happened_on is None
    assert report.words()["happened_on"] == ""


def test_all_fields_are_read():
    report = read_report(FULL, DIRECTORY, TODAY)
    assert report.happened_on == date(2026, 6, 1)
    assert report.subject == "Jembatan putus"
    assert report.about_agency == "kutim-dpupr"
    assert report.words() == {
        "about_agency": "kutim-dpupr",
        "about_name": "Dinas Pekerjaan Umum dan Penataan Ruang",
        "body": "Jembatan putus.",
        "subject": "Jembatan putus",
        "place": "KM 5",
        "happened_on": "2026-06-01",
        "about_officials": "kepala dinas",
    }


def test_every_submitted_field_makes_another_report():
    """What the fingerprint is taken over holds each field, so that no change passes for a repeat."""
    whole = read_report(FULL, DIRECTORY, TODAY).content()
    assert set(whole) == set(FULL) - {"identity_mode"} | {"mode", "name", "contact"}
    other = {
        "kind": "aspirasi",
        "topic": "banjir",
        "district": "64.08.05",
        "body": "x",
        "place": "x",
        "happened_on": "2026-06-02",
        "subject": "x",
        "about_agency": "",
        "about_officials": "x",
    }
    for name, value in other.items():
        assert read_report(FULL | {name: value}, DIRECTORY, TODAY).content() != whole, name


def test_all_faults_are_told_at_once_in_the_order_of_the_form():
    with pytest.raises(InvalidInputProblem) as caught:
        read_report({"identity_mode": "terbuka", "happened_on": "kemarin"}, DIRECTORY, TODAY)
    assert [(error.field, error.code) for error in caught.value.errors] == [
        ("kind", "required"),
        ("topic", "required"),
        ("body", "required"),
        ("district", "required"),
        ("happened_on", "bad_date"),
        ("name", "name_wanted"),
    ]


def test_anonymous_means_that_nothing_of_the_person_is_taken():
    report = read_report(LEAST, DIRECTORY, TODAY)
    assert (report.mode, report.name, report.contact) == (Mode.ANONIM, "", "")
    assert faults(name="Bunga") == [("name", "not_anonymous")]


def test_an_anonymous_contact_is_an_address_for_news_and_no_word_of_the_report():
    report = read_report(LEAST | {"contact": "b@contoh.id"}, DIRECTORY, TODAY)
    assert (report.mode, report.name, report.contact) == (Mode.ANONIM, "", "b@contoh.id")
    assert "contoh" not in str(report.words())
    assert faults(contact="0812 3456 7890") == [("contact", "email_wanted")]  # gets no news: a risk for nothing
    longest = f"{'b' * 140}@contoh.id"
    assert read_report(LEAST | {"contact": longest}, DIRECTORY, TODAY).contact == longest
    assert faults(contact=f"b{longest}") == [("contact", "too_long")]


@pytest.mark.parametrize(("digits", "taken"), [(7, False), (8, True), (15, True), (16, False)])
def test_a_phone_number_has_eight_to_fifteen_digits(digits, taken):
    assert is_phone(f"+62 {'9' * (digits - 2)}") is taken


def test_a_text_is_known_again_as_release_0_1_0_cleaned_it_but_for_a_place_with_a_village():
    unseen = LEAST | {"place": "depan\u200b masjid", "body": "Jembatan\u200b putus."}
    old = (("place", "depan\u200b masjid"), ("body", "Jembatan\u200b putus."))
    assert read_report(unseen, DIRECTORY, TODAY).before == old
    assert read_report(unseen | {"village": "64.08.04.2012"}, DIRECTORY, TODAY).before == old[1:]
    assert read_report(LEAST, DIRECTORY, TODAY).before == ()


def test_a_village_goes_under_the_seal_with_the_place():
    report = read_report(LEAST | {"village": "64.08.04.2012", "place": "depan sekolah"}, DIRECTORY, TODAY)
    assert (report.place, report.district) == ("Desa Swarga Bara, depan sekolah", "64.08.04")
    assert read_report(LEAST | {"village": "64.08.04.1010"}, DIRECTORY, TODAY).place == "Kelurahan Teluk Lingga"
    assert faults(village="64.08.05.2001") == [("village", "unknown")]
    assert faults(village="64.08.04.9999") == [("village", "unknown")]


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"identity_mode": "rahasia"}, [("name", "name_wanted")]),
        ({"identity_mode": "rahasia", "contact": "b@contoh.id"}, []),
        ({"identity_mode": "rahasia", "name": "Bunga"}, []),
        ({"identity_mode": "rahasia", "name": "Bunga", "contact": "0812 3456 7890"}, []),
        ({"identity_mode": "terbuka", "contact": "b@contoh.id"}, [("name", "name_wanted")]),
        ({"identity_mode": "terbuka", "name": "Bunga"}, []),
        ({"identity_mode": "terbuka", "name": "B" * 101}, [("name", "too_long")]),
        ({"identity_mode": "rahasia", "contact": "bunga@"}, [("contact", "bad_contact")]),
        ({"identity_mode": "rahasia", "contact": "a@b@c.id"}, [("contact", "bad_contact")]),
        ({"identity_mode": "rahasia", "contact": "1234"}, [("contact", "bad_contact")]),
        ({"identity_mode": "tertutup"}, [("identity_mode", "unknown")]),
    ],
)
def test_who_may_know_who_wrote(fields, wrong):
    if wrong:
        assert faults(**fields) == wrong
    else:
        report = read_report(LEAST | fields, DIRECTORY, TODAY)
        assert (report.mode, report.name, report.contact) == (
            fields["identity_mode"],
            fields.get("name", ""),
            fields.get("contact", ""),
        )


def test_the_name_is_among_the_words_only_where_officers_may_know_it():
    named = {"name": "Bunga", "contact": "b@contoh.id"}
    secret = read_report(LEAST | named | {"identity_mode": "rahasia"}, DIRECTORY, TODAY).words()
    known = read_report(LEAST | named | {"identity_mode": "terbuka"}, DIRECTORY, TODAY).words()
    assert "Bunga" not in secret.values()
    assert known["name"] == "Bunga"
    assert not any("contoh" in text for text in [*secret.values(), *known.values()])


@pytest.mark.parametrize("name", ["kind", "topic", "district", "about_agency"])
def test_choices_are_those_of_the_directory(name):
    assert faults(**{name: "nowhere"}) == [(name, "unknown")]


@pytest.mark.parametrize(
    ("name", "limit"),
    [("body", 20_000), ("subject", 150), ("place", 200), ("about_officials", 500)],
)
def test_limits_hold_to_the_letter_as_the_sentences_beside_the_fields_name_them(name, limit):
    assert getattr(read_report(LEAST | {name: "é" * limit}, DIRECTORY, TODAY), name) == "é" * limit
    assert faults(**{name: "é" * (limit + 1)}) == [(name, "too_long")]


def test_a_long_text_is_told_its_length():
    _, (error,) = read_text({"body": "a" * 1001}, "body", 1000)
    assert error == FieldError("body", "too_long", {"limit": "1,000", "length": "1,001"})


@pytest.mark.parametrize("typed", ["", "  ", "\n\t\r\n", "\x00\x07"])
def test_a_body_without_words_is_missing(typed):
    assert faults(body=typed) == [("body", "required")]


@pytest.mark.parametrize("typed", ["2026-06-01", "01-06-2026", "1/6/2026", " 2026-06-01 "])
def test_days_are_read_as_people_write_them(typed):
    assert read_report(LEAST | {"happened_on": typed}, DIRECTORY, TODAY).happened_on == date(2026, 6, 1)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("kemarin", "bad_date"),
        ("2026-02-30", "bad_date"),
        ("0026-06-01", "bad_date"),
        ("1989-12-31", "bad_date"),
        ("2026-06-10", "future"),
    ],
)
def test_days_that_cannot_be_are_refused(typed, code):
    assert faults(happened_on=typed) == [("happened_on", code)]


def test_today_and_the_first_day_of_1990_are_taken():
    for day in (TODAY, date(1990, 1, 1)):
        assert read_report(LEAST | {"happened_on": day.isoformat()}, DIRECTORY, TODAY).happened_on == day


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        (" a\r\nb\rc\n", "a\nb\nc"),
        ("a\x00b\x1b[31mc\x7f", "ab[31mc"),
        ("e\u0301", "é"),
        ("👩‍🌾 لا 漢字", "👩‍🌾 لا 漢字"),
        ("a\ud800b", "ab"),
        ("a\tb", "a\tb"),
    ],
)
def test_texts_are_kept_as_written_but_for_what_breaks_pages(raw, kept):
    assert clean_text(raw) == kept


@given(st.text())
def test_cleaning_twice_changes_nothing_more(raw):
    once = clean_text(raw)
    assert clean_text(once) == once
    assert once.encode().decode() == once  # a database takes it


def test_a_letter_and_its_accent_are_joined_when_a_control_stood_between():
    assert clean_text("e\x01\u0301") == "é"


def test_problems_carry_codes_and_facts_but_no_sentences():
    assert (ClashProblem().code, ClashProblem().status) == ("clash", 409)
    assert NotNowProblem(move="close", stage="selesai").facts == {"move": "close", "stage": "selesai"}
    assert LinkProblem("link_used").code == "link_used"
    assert str(InvalidInputProblem(FieldError("a", "b"))) == "invalid"
