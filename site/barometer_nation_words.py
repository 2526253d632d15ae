"""The nation's kinds, classes and sums as people read them, in the language of the page."""

from barometer_peers import Country
from barometer_words import number

from functions.casework.barometer.national import Kind, Size, Total
from functions.casework.directory.regions import regions
from functions.web.language import gettext as _


def kind_name(kind: Kind) -> str:
    """A kind of instance."""
    words = {
        Kind.REGENCY: _("Kabupaten"),
        Kind.CITY: _("Kota"),
        Kind.PROVINCE: _("Provinsi"),
        Kind.CENTRE: _("Kementerian dan lembaga"),
        Kind.OTHER: _("Instansi lain"),
    }
    return words[kind]


def size_name(size: Size, *, short: bool = False) -> str:
    """A class by the reports of a year; short in a table whose head says of what."""
    words = {
        Size.LARGE: (_("1.000 laporan setahun atau lebih"), _("1.000 atau lebih")),
        Size.MIDDLE: (_("250–999 laporan setahun"), "250–999"),
        Size.SMALL: (_("50–249 laporan setahun"), "50–249"),
    }
    return words[size][short]


def group_name(kind: Kind, size: Size | None, *, short: bool = False) -> str:
    """Those that are compared with each other."""
    return f"{kind_name(kind)}, {size_name(size, short=short)}" if size else kind_name(kind)


def short_name(name: str) -> str:
    """An instance's name without the word that all begin with."""
    return name.removeprefix("Pemerintah ")


def province_name(country: Country, code: str) -> str:
    """A province by the law's name, or else by its government's."""
    own = next((each.name for each in country.members.values() if each.region == code), code)
    return regions().get(code) or own


def span_said(told: Total) -> str:
    """The least and the most that a sum may be."""
    if told.most is None:
        return _("sedikitnya {count}").format(count=number(told.least))
    if told.least == told.most:
        return number(told.least)
    return f"{number(told.least)}–{number(told.most)}"


def total_said(told: Total) -> str:
    """The base of a sum: of how many instances, and what of them is hidden."""
    found = [_("dari satu instansi") if told.of == 1 else _("dari {count} instansi").format(count=number(told.of))]
    if told.hidden:
        found.append(_("{count} kurang dari 8").format(count=number(told.hidden)))
    if told.withheld:
        found.append(_("{count} tidak diterbitkan").format(count=number(told.withheld)))
    return ", ".join(found)
