"""Public reports: for each instance a register that names its years, and one register for each year.

A door for the public needs these registers alone. The tie of a public report to its case has a separate register
(``public-ties:…``), and so have the texts that wait for the next batch (``public-agreed:…``). No reader of public
reports may ask for those names.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from functions.casework.case import CaseHead, Kind, Outcome
from functions.casework.directory.registers import pack, unpack
from functions.casework.publication import Agreed, PublicAnswer, PublicReport, crowd_cell, draft_of
from functions.casework.stages import Stage
from functions.storage.interface import Register, Registers, StorageError, StoreUnavailableError
from functions.storage.retry import retry_on_conflict


def years_register(instance: str) -> str:
    """Name the register of the years in which an instance has public reports. Its version grows with every change of
    any of them."""
    return f"public:{instance}"


def year_register(instance: str, year: int) -> str:
    """Name the register of an instance's public reports received in a year."""
    return f"public:{instance}:{year}"


def agreed_register(instance: str) -> str:
    """Name the register of the texts that wait for the next batch."""
    return f"public-agreed:{instance}"


def ties_register(instance: str) -> str:
    """Name the register that tells which public report belongs to which case."""
    return f"public-ties:{instance}"


def crowd_register(instance: str) -> str:
    """Name the register of topics, districts and months with so many reports that no single one stands out."""
    return f"public-crowd:{instance}"


class Tie(NamedTuple):
    """The case that a public report belongs to, and the number of the event whose text it shows."""

    case_id: str
    draft: int


@dataclass(frozen=True, slots=True)
class Ties:
    """An instance's ties by public id, and when they were last checked.

    ``week`` is that of the last batch, ``swept`` the day of the last check, ``seen`` the version of what waited then.
    ``version`` is the register's.
    """

    by_id: dict[str, Tie] = field(default_factory=dict)
    week: str = ""
    swept: str = ""
    seen: int = 0
    version: int = 0


def read_public(store: Registers, instance: str) -> tuple[PublicReport, ...]:
    """Return an instance's public reports, newest month first, within a month by their number, which is random. Raises
    StoreUnavailableError."""
    found: list[PublicReport] = []
    for year in _years(store, instance)[1]:
        register = store.read_register(year_register(instance, year))
        found += decode_public(unpack(register.body)["reports"]) if register else ()
    return in_order(found)


def public_versions(store: Registers, instances: Iterable[str]) -> tuple[int, ...]:
    """Return the version of each instance's public reports. A page changes when one of them does. Reads no body."""
    return tuple(store.register_version(years_register(instance)) for instance in instances)


def changed_public(
    store: Registers, instance: str, before: Iterable[PublicReport], after: Iterable[PublicReport]
) -> list[Register]:
    """Return the registers to write so that ``after`` is public instead of ``before``. Years without a change are left
    out."""
    version, years = _years(store, instance)
    old, new = _by_year(before), _by_year(after)
    registers = [
        Register(
            name := year_register(instance, year),
            store.register_version(name) + 1,
            pack({"reports": encode_public(in_order(new.get(year, [])))}),
        )
        for year in sorted({*old, *new})
        if set(old.get(year, [])) != set(new.get(year, []))
    ]
    if registers:
        body = pack({"years": sorted({*years, *new})})
        registers.append(Register(years_register(instance), version + 1, body))
    return registers


def in_order(reports: Iterable[PublicReport]) -> tuple[PublicReport, ...]:
    """Sort by month, newest first, then by number: no order tells which came first."""
    return tuple(sorted(reports, key=lambda report: (-report.month.toordinal(), report.public_id)))


def read_agreed(store: Registers, instance: str) -> tuple[int, dict[str, Agreed]]:
    """Return the version of what waits for the next batch, and the texts by case."""
    register = store.read_register(agreed_register(instance))
    if register is None:
        return 0, {}
    return register.version, {raw["case_id"]: _agreed(raw) for raw in unpack(register.body)["agreed"]}


def agreed_as(instance: str, version: int, entries: dict[str, Agreed]) -> Register:
    """Return what waits, as the register that follows ``version``."""
    plain = [_plain(entries[case_id]) for case_id in sorted(entries)]  # in no order of agreement
    return Register(agreed_register(instance), version + 1, pack({"agreed": plain}))


def put_agreed(store: Registers, instance: str, agreed: Agreed) -> None:
    """Let a text wait for the next batch; it replaces an earlier one of its case. It counts only if the case's head
    says that it was agreed to. Raises StoreUnavailableError."""
    _rewrite(store, instance, lambda entries: entries | {agreed.case_id: agreed})


def check_soon(store: Registers, instance: str) -> None:
    """Have the next run check all that is public. Called before an act is written that takes a text away: after it,
    the store may fail. Raises StoreUnavailableError."""
    _rewrite(store, instance, lambda entries: entries)


def touch_agreed(store: Registers, instance: str, case_id: str) -> None:
    """Remove a case's waiting text once its act is written, and have the next run check all that is public, if one came
    by just before. If the store fails, the act is done all the same: such a text has no effect, and is forgotten."""
    with suppress(StorageError):
        _rewrite(store, instance, lambda entries: {key: e for key, e in entries.items() if key != case_id})


def read_ties(store: Registers, instance: str) -> Ties:
    """Return the ties of an instance, empty if nothing was public yet."""
    register = store.read_register(ties_register(instance))
    if register is None:
        return Ties()
    raw = unpack(register.body)
    ties = {public_id: Tie(*tie) for public_id, tie in raw["ties"].items()}
    return Ties(ties, raw["week"], raw["swept"], raw["seen"], register.version)


def ties_as(instance: str, ties: Ties) -> Register:
    """Return ties as the register that follows the one they were read from."""
    plain = {public_id: [tie.case_id, tie.draft] for public_id, tie in ties.by_id.items()}
    body = pack({"ties": plain, "week": ties.week, "swept": ties.swept, "seen": ties.seen})
    return Register(ties_register(instance), ties.version + 1, body)


def crowd_as(store: Registers, instance: str, cells: Iterable[tuple[str, str, date]]) -> Register:
    """Return the cells with many reports, as the register to write. It tells nothing about the others."""
    name = crowd_register(instance)
    plain = sorted([topic, district, month.isoformat()] for topic, district, month in cells)
    return Register(name, store.register_version(name) + 1, pack({"many": plain}))


def in_a_crowd(store: Registers, head: CaseHead) -> bool:
    """Tell whether the last count found many reports of this one's topic, district and month. False before the first
    count."""
    register = store.read_register(crowd_register(head.instance))
    topic, district, month = crowd_cell(head)
    return register is not None and [topic, district, month.isoformat()] in unpack(register.body)["many"]


def encode_public(reports: Iterable[PublicReport]) -> list[dict[str, Any]]:
    """Return plain data for JSON, months as ISO dates."""
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


def decode_public(plain: Sequence[dict[str, Any]]) -> tuple[PublicReport, ...]:
    """Read what ``encode_public`` made. Raises KeyError, ValueError for anything else."""
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


def _years(store: Registers, instance: str) -> tuple[int, list[int]]:
    register = store.read_register(years_register(instance))
    return (register.version, unpack(register.body)["years"]) if register else (0, [])


def _by_year(reports: Iterable[PublicReport]) -> dict[int, list[PublicReport]]:
    years: dict[int, list[PublicReport]] = {}
    for report in reports:
        years.setdefault(report.month.year, []).append(report)
    return years


def _rewrite(store: Registers, instance: str, change: Callable[[dict[str, Agreed]], dict[str, Agreed]]) -> None:
    def attempt() -> None:
        version, entries = read_agreed(store, instance)
        store.write_registers([agreed_as(instance, version, change(entries))])

    retry_on_conflict(attempt, StoreUnavailableError("too many write to what waits to be public"))


def _plain(agreed: Agreed) -> dict[str, Any]:
    draft = agreed.draft
    return {
        "case_id": agreed.case_id,
        "n": draft.n,
        "summary": draft.summary,
        "answer": draft.answer,
        "agency": draft.agency,
        "month": draft.month.isoformat(),
        "opening": draft.opening,
        "on": agreed.on.isoformat(),
        "district": agreed.district,
    }


def _agreed(raw: dict[str, Any]) -> Agreed:
    draft = draft_of(raw["n"], raw)
    return Agreed(raw["case_id"], draft, date.fromisoformat(raw["on"]), raw["district"])
