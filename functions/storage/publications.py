"""Public reports as they rest: for each instance a register that names its years, and one register for each year.

Whoever serves the public needs these registers alone; what ties a public report to its case stands apart
(``public-ties:…``), under a name that no reader of these may ask for.
"""

from datetime import date
from typing import Any

from functions.casework.case import Kind, Outcome
from functions.casework.publication import PublicAnswer, PublicReport
from functions.casework.registers import unpack
from functions.casework.stages import Stage
from functions.storage.interface import Store


def years_register(instance: str) -> str:
    """The register of the years in which an instance has public reports."""
    return f"public:{instance}"


def year_register(instance: str, year: int) -> str:
    """The register of an instance's public reports that came in in a year."""
    return f"public:{instance}:{year}"


def read_public(store: Store, instance: str) -> tuple[PublicReport, ...]:
    """The public reports of an instance, newest month first, in one month by their number, which is random. Raises
    StoreUnavailableError."""
    years = store.read_register(years_register(instance))
    found: list[PublicReport] = []
    for year in unpack(years.body)["years"] if years else ():
        register = store.read_register(year_register(instance, year))
        found += decode_public(unpack(register.body)["reports"]) if register else ()
    return in_order(found)


def in_order(reports: "list[PublicReport] | tuple[PublicReport, ...]") -> tuple[PublicReport, ...]:
    """Newest month first, in one month by their number: no order tells which came first."""
    return tuple(sorted(reports, key=lambda report: (-report.month.toordinal(), report.public_id)))


def encode_public(reports: "tuple[PublicReport, ...]") -> list[dict[str, Any]]:
    """Plain data for JSON, months as ISO dates."""
    return [
        {
            "public_id": report.public_id,
            "instance": report.instance,
            "agency": report.agency,
            "kind": report.kind.value,
            "topic": report.topic,
            "district": report.district,
            "month": report.month.isoformat(),
            "summary": report.summary,
            "stage": report.stage.value,
            "outcome": report.outcome.value if report.outcome else None,
            "answers": [
                {"month": each.month.isoformat(), "agency": each.agency, "text": each.text} for each in report.answers
            ],
            "updated": report.updated.isoformat(),
            "closed": report.closed.isoformat() if report.closed else None,
        }
        for report in reports
    ]


def decode_public(plain: list[dict[str, Any]]) -> tuple[PublicReport, ...]:
    """What ``encode_public`` made. Raises KeyError, ValueError for anything else."""
    return tuple(
        PublicReport(
            raw["public_id"],
            raw["instance"],
            raw["agency"],
            Kind(raw["kind"]),
            raw["topic"],
            raw["district"],
            date.fromisoformat(raw["month"]),
            raw["summary"],
            Stage(raw["stage"]),
            Outcome(raw["outcome"]) if raw["outcome"] else None,
            tuple(PublicAnswer(date.fromisoformat(a["month"]), a["agency"], a["text"]) for a in raw["answers"]),
            date.fromisoformat(raw["updated"]),
            date.fromisoformat(raw["closed"]) if raw["closed"] else None,
        )
        for raw in plain
    )
