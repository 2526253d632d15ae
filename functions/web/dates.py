"""Dates as people write them. Two languages need no library at run time; further ones have theirs in Indonesian."""

from datetime import date

ID = "id"
_DAYS = {
    "id": ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MONTHS = {
    "id": [
        "Januari",
        "Februari",
        "Maret",
        "April",
        "Mei",
        "Juni",
        "Juli",
        "Agustus",
        "September",
        "Oktober",
        "November",
        "Desember",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}


def _months(lang: str) -> list[str]:
    return _MONTHS.get(lang, _MONTHS[ID])


def long_month(day: date, lang: str) -> str:
    """Return the month of a day, e.g. "November 2026"."""
    return f"{_months(lang)[day.month - 1]} {day.year}"


def long_date(day: date, lang: str) -> str:
    """Return a date, e.g. "Jumat, 27 November 2026" (``id``) or "Friday, 27 November 2026" (``en``)."""
    return f"{_DAYS.get(lang, _DAYS[ID])[day.weekday()]}, {plain_date(day, lang)}"


def plain_date(day: date, lang: str) -> str:
    """Return a date without its weekday, e.g. "27 November 2026"."""
    return f"{day.day} {_months(lang)[day.month - 1]} {day.year}"


def short_date(day: date, lang: str) -> str:
    """Return a day with its month cut short, without the year, e.g. "27 Nov"."""
    return f"{day.day} {_months(lang)[day.month - 1][:3]}"


def short_month(month: str, lang: str, *, whole: bool = False, year: bool = True) -> str:
    """Return a month ("2026-10") as "Okt 2026", as "Oktober 2026" if wanted in full, or without its year."""
    written, number = month.split("-")
    name = _months(lang)[int(number) - 1]
    short = name if whole else name[:3]
    return f"{short} {written}" if year else short
