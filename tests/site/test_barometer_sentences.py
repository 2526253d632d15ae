"""The sentences of the barometer's charts and the base beside its numbers: from published numbers alone, whatever they
are. Tests of the pages: ``test_barometer.py``."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from types import ModuleType

import pytest
from flask import Flask

from functions.casework.barometer.disclosure import printed
from functions.casework.barometer.edition import FEW, HIDDEN, NEARLY, Edition, Month, Place, Published
from functions.casework.barometer.months import add_months
from functions.casework.barometer.places import nothing_told
from functions.web import language

LAST = "2026-10"


@pytest.fixture(autouse=True)
def app(portal: ModuleType) -> Iterator[Flask]:
    app = Flask("sentences")
    with app.test_request_context():
        language.use("id")
        yield app


def place_of(*received: Published, closed: Published = None, on_time: Published = None) -> Place:
    """A place whose last months received this many."""
    months = tuple(
        Month(add_months(LAST, back), count, closed, on_time)
        for back, count in zip(range(1 - len(received), 1), received, strict=True)
    )
    return Place("agency", "x", "Dinas X", instance="kutim", values=nothing_told(), months=months)


def edition_of(place: Place) -> Edition:
    return Edition(LAST, 1, add_months(LAST, -11), date(2026, 11, 8), (place,))


@pytest.mark.parametrize(
    ("received", "said"),
    [
        ([105] * 12, "dari sekitar 1.260 laporan"),
        ([2_500_000] * 12, "dari sekitar 30.000.000 laporan"),
        ([105] * 11 + [HIDDEN], "dari sedikitnya 1.134 laporan"),  # 11 times 103, and one
        ([105] * 11 + [None], "dari sedikitnya 1.133 laporan"),
        ([HIDDEN] * 12, "dari sedikitnya 12 laporan"),
        ([HIDDEN] * 7 + [None] * 5, ""),  # at least seven is said of nobody
        ([0] * 12, ""),
        ([None] * 12, ""),
        ([], ""),
    ],
)
def test_a_base_is_the_sum_of_what_was_published_or_the_least_there_can_be(
    received: list[Published], said: str
) -> None:
    import barometer_sentences as sentences

    place = place_of(*received)
    assert sentences.base_said(sentences.base_of(edition_of(place), place)) == said


def test_no_sentence_says_more_of_a_hidden_count_than_that_it_is_hidden() -> None:
    """The law of small cells: every count of 1 to 7 gives the same words, and 0 or 8 give others."""
    import barometer_sentences as sentences

    def words(count: int) -> tuple[str, ...]:
        shown = printed(count)
        value: Published = shown if isinstance(shown, int) else HIDDEN
        place = place_of(*[50] * 11, value, closed=value)
        place = replace(place, values={**place.values, "open": value}, ages={"umur_lebih_60": value})
        base = sentences.base_said(sentences.base_of(edition_of(place), place))
        return base, sentences.flow(place.months), sentences.ages(place)

    assert len({words(count) for count in range(1, 8)}) == 1
    assert len({words(count) for count in (0, 1, 8)}) == 3


def test_only_the_months_that_were_measured_are_in_the_base() -> None:
    import barometer_sentences as sentences

    resting = replace(place_of(*[10] * 6, *[1000] * 6), measured="2026-04")
    base = sentences.base_of(edition_of(resting), resting)
    assert base == sentences.Base(60, True, "2025-05", "2026-04")
    young = place_of(20, 30)
    assert sentences.base_of(edition_of(young), young) == sentences.Base(50, True, "2026-09", LAST)


def test_nobody_is_said_to_have_waited_longer_than_the_barometer_has_watched() -> None:
    import barometer_parts as parts
    import barometer_sentences as sentences

    points = ((0, 1.0), (5, 0.8), (20, 0.5), (30, 0.4), (60, 0.4), (90, 0.4))
    for history, most in ((1, 22), (2, 44), (12, 999)):
        place = replace(place_of(*[50] * history), curve=points)
        values = {**place.values, "open_30": 0.4, "open_60": 0.4, "open_90": 0.4}
        place, edition = replace(place, values=values), edition_of(place)
        assert sentences.observed_days(edition, place) <= most
        drawn = parts.curve(edition, place)
        assert drawn
        days = [int(day) for day, _ in drawn["rows"]]
        assert days == [day for day, _ in points if day <= most]
        assert max(int(label) for _, label in drawn["chart"].ticks) <= max(30, days[-1])
        said = {label: hint for label, _, hint in parts.facts(edition, place)}
        assert ("Belum selesai setelah 30 hari kerja" in said) == (history > 1)
        assert ("setelah 60" in str(said)) == (history == 12)
        assert not drawn["withheld"] or history == 12  # 45 days were not told, though watched


def test_a_table_tells_a_year_as_exactly_as_it_was_published() -> None:
    import barometer_sentences as sentences

    cases: tuple[tuple[list[Published], str], ...] = (
        ([105] * 12, "1.260"),
        ([105, HIDDEN], "≥104"),
        ([HIDDEN] * 7, "–"),
        ([None] * 3, "–"),
        ([0, 0], "0"),
    )
    assert [sentences.sum_said(values, short=True) for values, _ in cases] == [said for _, said in cases]


def test_the_sentence_of_received_and_closed() -> None:
    import barometer_sentences as sentences

    months = place_of(100, 130, 105, closed=95).months
    assert sentences.flow(months) == (
        "Agustus–Oktober 2026: sekitar 335 laporan masuk, sekitar 285 ditutup. "
        "Paling banyak masuk pada September 2026: 130."
    )
    assert sentences.flow(place_of(0, 0).months) == "September–Oktober 2026: 0 laporan masuk."
    assert sentences.flow(place_of(50, 50).months).count(".") == 1  # no month stands out
    assert "Paling" not in sentences.flow(place_of(50, None, 10).months)  # the withheld one may be more
    assert sentences.flow(place_of(None).months) == "Jumlahnya tidak diterbitkan."


def test_the_sentence_of_shares_on_time() -> None:
    import barometer_sentences as sentences

    shares: tuple[Published, ...] = (0.3, 1.0, FEW, 0.45, None)
    months = [Month(add_months(LAST, at - 4), on_time=share) for at, share in enumerate(shares)]
    assert sentences.punctual(months) == (
        "Tepat waktu pada September 2026: 45%. Terendah 30% (Juni 2026), tertinggi 100% (Juli 2026)."
    )
    assert sentences.punctual([Month(LAST, on_time=NEARLY)]) == "Tepat waktu pada Oktober 2026: hampir semua."
    assert sentences.punctual([Month(LAST, on_time=0.0)]) == "Tepat waktu pada Oktober 2026: 0%."
    assert sentences.punctual([Month(LAST)]) == "Belum ada bulan dengan cukup laporan."


def test_the_sentence_of_what_is_open() -> None:
    import barometer_sentences as sentences

    def said(waiting: Published, old: Published) -> str:
        place = place_of(0)
        return sentences.ages(replace(place, values={**place.values, "open": waiting}, ages={"umur_lebih_60": old}))

    assert said(1_200, 85) == "1.200 laporan masih terbuka pada akhir bulan, 85 di antaranya lebih dari 60 hari kerja."
    assert said(20, HIDDEN) == "20 laporan masih terbuka pada akhir bulan, <8 di antaranya lebih dari 60 hari kerja."
    assert said(0, 0) == "0 laporan masih terbuka pada akhir bulan."
    assert said(None, 20) == "Jumlah seluruhnya tidak diterbitkan."


def test_a_decimal_is_written_as_the_language_writes_it() -> None:
    import barometer_words as words

    assert words.number(1_234.5) == "1.234,5"
    language.use("en")
    assert words.number(1_234.5) == "1,234.5"
