"""Public reports as the standard's requests: what their reporters agreed to publish, by months, without a location."""

import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, tzinfo
from itertools import islice

from functions.casework.directory.agencies import Directory
from functions.casework.formats.open311 import Request, Status, Update
from functions.casework.publication import PublicReport
from functions.casework.stages import CLOSED
from functions.open311.reading import Asked
from functions.open311.services import topic_name
from functions.open311.texts import ADDRESS, MONTHS_ONLY, NOTES, NOTES_OUTCOME, TOPIC
from functions.web.language import gettext
from functions.web.narration import outcome_name, stage_name

MOST_INSTANCES = 32  # kept in memory; the oldest is dropped first


class Recent:
    """The public reports of an instance, read again after a change. They rest compressed, a year together, which is too
    much to fetch and unpack for every request. ``version`` gives the present version without reading a report."""

    def __init__(self, read: Callable[[str], Sequence[PublicReport]], version: Callable[[str], int]) -> None:
        self._read, self._version, self._lock = read, version, threading.Lock()
        self._kept: dict[str, tuple[int, Sequence[PublicReport]]] = {}

    def __call__(self, instance: str) -> Sequence[PublicReport]:
        """Return the reports, newest month first. Raises StoreUnavailableError."""
        version, kept = self._version(instance), self._kept.get(instance)
        if kept and kept[0] == version:
            return kept[1]
        reports = self._read(instance)  # read after the version, so the reports are never older than it
        with self._lock:
            self._kept.pop(instance, None)
            self._kept[instance] = (version, reports)
            if len(self._kept) > MOST_INSTANCES:
                del self._kept[next(iter(self._kept))]
        return reports


def status_of(report: PublicReport) -> Status:
    """Return open or closed; a withdrawn report is not public at all."""
    return Status.CLOSED if report.closed or report.stage in CLOSED else Status.OPEN


def wanted(reports: Sequence[PublicReport], asked: Asked, zone: tzinfo) -> list[PublicReport]:
    """Return the requested page. Given numbers, it holds those that exist, and all other conditions are ignored."""
    if asked.ids:
        return [report for report in reports if report.public_id in asked.ids]
    fitting = (
        report
        for report in reports
        if asked.start <= moment(report.month, zone) <= asked.end
        and (not asked.codes or report.topic in asked.codes)
        and (not asked.statuses or status_of(report) in asked.statuses)
    )
    return _page(fitting, asked)


def as_request(report: PublicReport, directory: Directory, zone: tzinfo) -> Request:
    """Return a public report as a request. Its days are the first of a month, and its text says so."""
    topic, district = directory.topics.get(report.topic), directory.districts.get(report.district)
    instance = directory.agency(report.instance).name
    stage = stage_name(report.stage)
    notes = gettext(NOTES).format(stage=stage)
    if report.outcome:
        notes = gettext(NOTES_OUTCOME).format(stage=stage, outcome=outcome_name(report.outcome))
    return Request(
        service_request_id=report.public_id,
        status=status_of(report),
        status_notes=notes,
        service_name=topic_name(topic) if topic else gettext(TOPIC).format(code=report.topic),
        service_code=report.topic,
        description=report.summary,
        agency_responsible=directory.agency(report.agency).name if report.agency else None,
        service_notice=gettext(MONTHS_ONLY),
        requested_datetime=moment(report.month, zone).isoformat(),
        updated_datetime=moment(report.closed or report.updated, zone).isoformat(),
        address=gettext(ADDRESS).format(district=district.name, instance=instance) if district else instance,
        address_id=report.district if district else None,
    )


def updates(reports: Sequence[PublicReport], asked: Asked, zone: tzinfo) -> list[Update]:
    """Return the public answers of agencies in the requested months, oldest month first."""
    found = [
        Update(
            update_id=f"{report.public_id}-{number}",
            service_request_id=report.public_id,
            status=status_of(report) if number == len(report.answers) else Status.OPEN,
            updated_datetime=moment(answered.month, zone).isoformat(),
            description=answered.text,
        )
        for report in reports
        for number, answered in enumerate(report.answers, 1)
        if asked.start <= moment(answered.month, zone) <= asked.end
    ]
    found.sort(key=lambda update: (update.updated_datetime, update.update_id))
    return _page(iter(found), asked)


def moment(month: date, zone: tzinfo) -> datetime:
    """Return the beginning of a month, local time. It reveals no more than the month."""
    return datetime(month.year, month.month, 1, tzinfo=zone)


def _page(found: "Iterator[PublicReport] | Iterator[Update]", asked: Asked) -> list:  # type: ignore[type-arg]
    first = (asked.page - 1) * asked.page_size
    return list(islice(found, first, first + asked.page_size))
