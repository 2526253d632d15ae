"""The barometer's numbers and names as people read them, in the language of the page."""

from functions.casework.barometer.edition import FEW, NEARLY, Place, Published
from functions.casework.barometer.quality import Group, Standing
from functions.web import language
from functions.web.dates import short_month
from functions.web.language import gettext as _

NOTHING = "–"


def number(value: Published) -> str:
    """A count or a mean as people write it; what is hidden or not published says so."""
    if value is None:
        return NOTHING
    if isinstance(value, str):
        return value
    text = f"{value:,.1f}" if isinstance(value, float) else f"{value:,}"
    return text if language.current() == "en" else text.translate(str.maketrans(",.", ".,"))


def percent(share: Published) -> str:
    """A share (0 to 1) in whole percent; one that stands for few reports, or for all but few, says so."""
    if isinstance(share, str):
        return {FEW: _("sedikit"), NEARLY: _("hampir semua")}.get(share) or _("{count} laporan").format(count=share)
    return NOTHING if share is None else f"{round(share * 100)}%"


def days(count: int) -> str:
    """So many working days."""
    if count < 1:
        return _("kurang dari satu hari kerja")
    return _("satu hari kerja") if count == 1 else _("{count} hari kerja").format(count=number(count))


def long_month(month: str) -> str:
    """A month ("2026-10") in words."""
    return short_month(month, language.current(), whole=True)


def span(first: str, last: str) -> str:
    """Some months in words: "Juli–September 2026"."""
    if first == last:
        return long_month(last)
    begin = short_month(first, language.current(), whole=True, year=first[:4] != last[:4])
    return f"{begin}–{long_month(last)}"


def months_of(place: Place) -> list[str]:
    """Short names; the year with the first and the last."""
    months = [each.month for each in place.months]
    return [short_month(month, language.current(), year=month in (months[0], months[-1])) for month in months]


def named(place: Place) -> str:
    """A place in the language of the page."""
    if place.level == "nation":
        return _("Semua instansi")
    return place.name_en if language.current() == "en" and place.name_en else place.name


def outcome(name: str) -> str:
    """How a report was closed."""
    words = {
        "diperbaiki": _("Diperbaiki"),
        "dijelaskan": _("Dijelaskan"),
        "sebagian": _("Sebagian"),
        "tidak_dapat": _("Tidak dapat dikerjakan"),
        "duplikat": _("Sudah dilaporkan orang lain"),
        "diarsipkan": _("Diarsipkan"),
        "otomatis": _("Ditutup otomatis"),
    }
    return words.get(name, name)


def rated(share: Published) -> str:
    """How many of the reporters rated."""
    if share is None:
        return ""
    few = {FEW: _("sedikit pelapor memberi nilai"), NEARLY: _("hampir semua pelapor memberi nilai")}
    if isinstance(share, str):
        return few.get(share, "")
    return _("{share} pelapor memberi nilai").format(share=percent(share))


def band_of(band: str) -> str:
    """The age of what is open, in working days."""
    words = {
        "umur_0_5": _("sampai 5 hari"),
        "umur_6_14": _("6–14 hari"),
        "umur_15_30": _("15–30 hari"),
        "umur_31_60": _("31–60 hari"),
        "umur_lebih_60": _("lebih lama"),
    }
    return words[band]


def group_of(place: Place) -> str:
    """The agencies with which one is compared."""
    words = {
        Group.SMALL: _("Dinas dengan sedikit laporan"),
        Group.MIDDLE: _("Dinas dengan laporan sedang"),
        Group.LARGE: _("Dinas dengan banyak laporan"),
    }
    return words[Group(place.values["group"])]


def standing_of(place: Place, *, short: bool = False) -> str:
    """Where an agency stands in its group; short in a table whose head says of what."""
    words = {
        Standing.ABOVE: (_("di atas rata-rata"), _("di atas")),
        Standing.AMONG: (_("sekitar rata-rata"), _("sekitar")),
        Standing.BELOW: (_("di bawah rata-rata"), _("di bawah")),
    }
    return words[Standing(place.values["standing"])][short]


def median_of(known: Published, value: Published) -> str:
    """Working days until half have it behind them."""
    if not known:
        return NOTHING
    return _("belum") if value is None else number(value)
