"""The frozen pages of public reports: all of them, each by itself, and lists by topic, district, month and instance.

Made of ``casework.publication.PublicReport`` alone: nothing else of a case is at hand here.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from flask import Flask, render_template

from functions.casework.directory.agencies import Directory
from functions.casework.publication import PublicReport
from functions.web import language, layout
from functions.web.narration import outcome_name, stage_name

ROOT = "/laporan/"
PER_PAGE = 20
CUT = 220  # characters of a summary in a list


@dataclass(frozen=True, slots=True)
class Shelf:
    """A list: where it stands, by what (``topik``, ``kecamatan``, ``bulan``, ``instansi``, "" for all), the ``code`` of
    what it is about, and its reports."""

    path: str
    by: str
    code: str
    reports: tuple[PublicReport, ...]


def add_public_pages(app: Flask, directory: Directory, reports: Sequence[PublicReport]) -> None:
    """Add the pages to the portal, and to ``app.config["PUBLIC_PLACES"]`` endpoint and values of each, for
    whoever freezes them.
    ``reports`` in the order in which they are to be read."""
    shelves = list(_shelves(reports, single=len(directory.instances()) == 1))
    pages: dict[str, Callable[[], str]] = {}
    for shelf in shelves:
        starts = range(0, len(shelf.reports) or 1, PER_PAGE)
        parts = [shelf.reports[start : start + PER_PAGE] for start in starts]
        for number, part in enumerate(parts, 1):
            pages[_numbered(shelf.path, number)] = _list(shelf, part, number, len(parts), shelves, directory)
    for report in reports:
        pages[f"{ROOT}{report.public_id}/"] = _one(report, directory)
    places = [place for path in pages if (place := path.removeprefix(ROOT).strip("/"))]
    app.config["PUBLIC_PLACES"] = []
    for lang in filter(language.LANGUAGES.__contains__, app.config["LANGUAGES"]):
        app.add_url_rule(layout.place(ROOT, lang), f"{lang} {ROOT}", _view(pages[ROOT], lang))
        if places:
            endpoint = f"{lang} {ROOT} place"
            app.add_url_rule(layout.place(f"{ROOT}<path:place>/", lang), endpoint, _view_of(pages, lang))
            app.config["PUBLIC_PLACES"] += [(endpoint, {"place": place}) for place in places]


def _view(render: Callable[[], str], lang: str) -> Callable[[], str]:
    def view() -> str:
        language.use(lang)
        return render()

    return view


def _view_of(pages: dict[str, Callable[[], str]], lang: str) -> Callable[[str], str]:
    return lambda place: _view(pages[f"{ROOT}{place}/"], lang)()


def _shelves(reports: Sequence[PublicReport], *, single: bool) -> Iterator[Shelf]:
    """All, then each topic, district, month and, where there are several, instance that has any."""
    yield Shelf(ROOT, "", "", tuple(reports))
    ways: dict[str, Callable[[PublicReport], str]] = {
        "topik": lambda report: report.topic,
        "kecamatan": lambda report: report.district,
        "bulan": lambda report: f"{report.month:%Y-%m}",
    }
    if not single:
        ways["instansi"] = lambda report: report.instance
    for by, code_of in ways.items():
        for code in dict.fromkeys(code for report in reports if (code := code_of(report))):
            found = tuple(report for report in reports if code_of(report) == code)
            yield Shelf(f"{ROOT}{by}/{code}/", by, code, found)


def _list(
    shelf: Shelf,
    part: Sequence[PublicReport],
    number: int,
    of: int,
    shelves: Iterable[Shelf],
    directory: Directory,
) -> Callable[[], str]:
    def render() -> str:
        ways = [
            {"by": by, "links": [(other.path, _named(other, directory)) for other in shelves if other.by == by]}
            for by in ("topik", "kecamatan", "bulan", "instansi")
        ]
        return render_template(
            "laporan.html",
            here=_numbered(shelf.path, number),
            by=shelf.by,
            about=_named(shelf, directory),
            rows=[_row(report, directory) | {"cut": _cut(report.summary)} for report in part],
            ways=[way for way in ways if way["links"]] if not shelf.by and number == 1 else [],
            number=number,
            of=of,
            earlier=_numbered(shelf.path, number + 1) if number < of else "",
            newer=_numbered(shelf.path, number - 1) if number > 1 else "",
            errors=[],
        )

    return render


def _one(report: PublicReport, directory: Directory) -> Callable[[], str]:
    def render() -> str:
        row = _row(report, directory)
        return render_template("laporan_satu.html", here=row["path"], report=report, errors=[], **row)

    return render


def _row(report: PublicReport, directory: Directory) -> dict[str, object]:
    """A report as pages show it, its codes said as names."""
    agencies = directory.agencies
    return {
        "path": f"{ROOT}{report.public_id}/",
        "public_id": report.public_id,
        "kind": report.kind.value,
        "topic": _topic(report.topic, directory),
        "topic_path": f"{ROOT}topik/{report.topic}/",
        "district": _district(report.district, directory),
        "district_path": f"{ROOT}kecamatan/{report.district}/",
        "month": report.month,
        "month_path": f"{ROOT}bulan/{report.month:%Y-%m}/",
        "instance": agencies[report.instance].name if report.instance in agencies else "",
        "several": len(directory.instances()) > 1,
        "stage": stage_name(report.stage),
        "stage_code": report.stage.value,
        "outcome": outcome_name(report.outcome) if report.outcome else "",
        "summary": report.summary,
        "answers": [(directory.agency(each.agency).name, each.month, each.text) for each in report.answers],
        "updated": report.updated,
        "closed": report.closed,
    }


def _named(shelf: Shelf, directory: Directory) -> str:
    if shelf.by == "topik":
        return _topic(shelf.code, directory)
    if shelf.by == "kecamatan":
        return _district(shelf.code, directory)
    if shelf.by == "bulan":
        return layout.long_month(date.fromisoformat(f"{shelf.code}-01"))
    return directory.agency(shelf.code).name if shelf.by else ""


def _topic(code: str, directory: Directory) -> str:
    topic = directory.topics.get(code)
    return code if topic is None else topic.name_en if language.current() == "en" else topic.name


def _district(code: str, directory: Directory) -> str:
    district = directory.districts.get(code)
    return district.name if district else code


def _numbered(path: str, number: int) -> str:
    return path if number == 1 else f"{path}hal/{number}/"


def _cut(text: str) -> str:
    """The beginning of a text, up to a word's end."""
    flat = " ".join(text.split())
    return flat if len(flat) <= CUT else re.sub(r"\W*\s\S*$", "", flat[:CUT]) + " …"
