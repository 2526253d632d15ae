"""Reading what an app sends: a report under the standard's names, and its query for public reports."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from secrets import token_bytes

from functions.casework.case import Kind
from functions.casework.directory.agencies import Agency, AgencyKind, Directory
from functions.casework.formats.clean_text import clean_text
from functions.casework.formats.open311 import MOST_DAYS, MOST_REQUESTS, Status
from functions.casework.problems import FieldError, InvalidInputProblem
from functions.casework.report import PLACE_MAX
from functions.open311.faults import refused
from functions.open311.texts import ADDRESS_IN_WORDS
from functions.web.language import gettext

MOST_IDS = 100
MOST_PAGES = 1_000_000
SUBMISSION_KEY_BYTES = 16


@dataclass(frozen=True, slots=True)
class Asked:
    """A query for public reports. ``ids`` override all else; empty ``codes`` and ``statuses`` mean any."""

    ids: tuple[str, ...]
    codes: tuple[str, ...]
    statuses: tuple[Status, ...]
    start: datetime
    end: datetime
    page: int
    page_size: int


def jurisdiction(given: str, directory: Directory) -> Agency:
    """Return the instance that is meant; an app may omit it if there is only one. Raises RefusedError."""
    if given:
        agency = directory.agencies.get(given)
        if agency is None or agency.kind is not AgencyKind.INSTANCE:
            raise refused(404, "unknown_jurisdiction")
        return agency
    instances = directory.instances()
    if len(instances) != 1:
        raise refused(400, "no_jurisdiction")
    return instances[0]


def report_fields(form: Mapping[str, str], directory: Directory, instance: Agency, zone: tzinfo) -> dict[str, str]:
    """Return a report's fields under our names, for ``casework.report.read_report``. Raises RefusedError,
    InvalidInputProblem."""
    topic = form.get("service_code", "").strip()
    if not topic:
        raise refused(400, "no_service")
    if topic not in directory.topics:
        raise refused(404, "unknown_service")
    address = form.get("address_id", "").strip()
    district = attribute(form, "district") or (address if address in directory.districts else "")
    if district in directory.districts and directory.instance_of_district(district) != instance:
        raise InvalidInputProblem(FieldError("district", "unknown"))
    place, body = _place(form)
    return {
        "kind": attribute(form, "kind") or Kind.PENGADUAN.value,
        "topic": topic,
        "district": district,
        "body": body,
        "subject": attribute(form, "subject"),
        "place": place,
        "happened_on": _day(attribute(form, "happened_on"), zone),
        "about_agency": attribute(form, "about_agency"),
        "about_officials": attribute(form, "about_officials"),
    }


def attribute(form: Mapping[str, str], code: str) -> str:
    """Return an attribute, even if it was sent as one of several values; none of ours takes several."""
    return (form.get(f"attribute[{code}]") or form.get(f"attribute[{code}][]") or "").strip()


def submission_key(typed: str) -> bytes:
    """Return the app's key for this report, which identifies a repeat; a fresh one if the app sent none. Raises
    RefusedError."""
    if not typed:
        return token_bytes(SUBMISSION_KEY_BYTES)
    if not re.fullmatch(r"[0-9a-fA-F]{32}", typed, re.ASCII):
        raise refused(400, "bad_submission_key")
    return bytes.fromhex(typed)


def read_asked(arguments: Mapping[str, str], now: datetime) -> Asked:
    """Return the query under the standard's names; an empty argument counts as missing. ``now`` has a zone, which
    applies to dates without one. Raises RefusedError."""
    ids = _listed(arguments.get("service_request_id", ""))
    if len(ids) > MOST_IDS:
        raise refused(400, "too_many_ids", limit=str(MOST_IDS))
    statuses = _listed(arguments.get("status", "").lower())
    if not set(statuses) <= set(Status):
        raise refused(400, "bad_status")
    start, end = _span(arguments, now)
    return Asked(
        ids=ids,
        codes=_listed(arguments.get("service_code", "")),
        statuses=tuple(map(Status, statuses)),
        start=start,
        end=end,
        page=_number(arguments, "page", MOST_PAGES, 1),
        page_size=_number(arguments, "page_size", MOST_REQUESTS, MOST_REQUESTS),
    )


def _span(arguments: Mapping[str, str], now: datetime) -> tuple[datetime, datetime]:
    """Return ninety days: the last ones, or those that begin or end as requested."""
    most = timedelta(days=MOST_DAYS)
    given = [_moment(arguments.get(name, ""), name, now) for name in ("start_date", "end_date")]
    start, end = given
    if start is None:
        end = end or now
        return end - most, end
    end = end or start + most
    if not start <= end <= start + most:
        raise refused(400, "bad_span")
    return start, end


def _moment(typed: str, name: str, now: datetime) -> datetime | None:
    if not typed.strip():
        return None
    try:
        moment = datetime.fromisoformat(typed.strip().replace(" ", "+"))  # an unescaped "+" arrives as a blank
        moment = moment if moment.tzinfo else moment.replace(tzinfo=now.tzinfo)
        timedelta(days=MOST_DAYS) + moment, moment - timedelta(days=MOST_DAYS)  # the calendar must reach so far
    except (ValueError, OverflowError):
        raise refused(400, "bad_datetime", field=name) from None
    return moment


def _number(arguments: Mapping[str, str], name: str, limit: int, default: int) -> int:
    typed = arguments.get(name, "").strip()
    if not typed:
        return default
    if not re.fullmatch(r"[0-9]{1,7}", typed, re.ASCII) or not 1 <= int(typed) <= limit:
        raise refused(400, "bad_page", field=name, limit=f"{limit}")
    return int(typed)


def _listed(typed: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in typed.split(",") if part.strip())


def _place(form: Mapping[str, str]) -> tuple[str, str]:
    """Return place and words. The standard's address joins the answered place. If both do not fit, the address goes
    below the words: an app writes it, so its reporter could not shorten it."""
    answered, address = attribute(form, "place"), clean_text(form.get("address_string", ""))
    words = form.get("description", "")
    both = ", ".join(dict.fromkeys(part for part in (answered, address) if part))
    if len(both) <= PLACE_MAX or not words.strip():
        return both, words
    return answered, f"{words}\n\n{gettext(ADDRESS_IN_WORDS).format(address=address)}"


def _day(typed: str, zone: tzinfo) -> str:
    """Return the local day of a moment; other text is left for the report's own check."""
    if "T" not in typed:
        return typed
    try:
        moment = datetime.fromisoformat(typed.replace(" ", "+"))
        return (moment.astimezone(zone) if moment.tzinfo else moment).date().isoformat()
    except (ValueError, OverflowError):  # an unset date of some programs, 0001-01-01T00:00:00+08:00, has no day in UTC
        return typed
