"""Commands for days off and deadlines: ``holidays list|add|remove``, ``deadlines list``.

The instance's own days off are part of the directory's register, which running doors follow. Neither moves a deadline
that is running.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import fields
from datetime import date, datetime

import click

from functions.casework.case import CaseHead
from functions.casework.deadlines.clocks import Deadlines, Terms
from functions.casework.deadlines.workdays import SATURDAY, named_holidays
from functions.casework.directory.check import check
from functions.casework.directory.tables import HOLIDAYS, Row
from functions.cli._common import told
from functions.cli.directory.replace import How, Place, Standing, here, replace
from functions.cli.open_cases import open_heads
from functions.config.settings import where_from

DAYS = click.argument("days", nargs=-1, required=True, type=click.DateTime(["%Y-%m-%d"]), metavar="DAY...")
YES = click.option("--yes", is_flag=True, help="Do not ask.")


@click.group()
def holidays() -> None:
    """Days off: the nation's, and this instance's own."""


@click.group()
def deadlines() -> None:
    """How long a case may take."""


@holidays.command("list")
@click.argument("year", required=False, type=click.IntRange(2000, 2100))
@told
def holidays_list(year: int | None) -> None:
    """List the days off of a year, this one by default."""
    place = here()
    year = year or place.settings.today().year
    off = [(day.day, "cuti bersama" if day.joint else "national", day.name) for day in named_holidays(year)]
    off += [(day, "own", "") for day in place.standing().checked.holidays if day.year == year]
    for day, kind, name in sorted(off):
        click.echo(f"{day} {day:%a}  {kind:12} {name}".rstrip())


@holidays.command("add")
@DAYS
@YES
@told
def holidays_add(days: tuple[datetime, ...], *, yes: bool) -> None:
    """Add own days off, decreed at short notice. Written 2026-08-18."""
    place = here()
    standing = place.standing()
    wanted = sorted({day.date() for day in days})
    if again := [str(day) for day in wanted if day in standing.checked.holidays]:
        raise click.ClickException(f"{', '.join(again)}: an own day off already; `holidays list` lists them.")
    for day in wanted:
        if already := _off_anyway(day):
            click.echo(f"note: {day} is a day off anyway ({already})")
    _put(place, standing, standing.checked.holidays | set(wanted), yes=yes)
    _say_what_stays(place, standing, wanted)


@holidays.command("remove")
@DAYS
@YES
@told
def holidays_remove(days: tuple[datetime, ...], *, yes: bool) -> None:
    """Remove own days off. Written 2026-08-18."""
    place = here()
    standing = place.standing()
    wanted = sorted({day.date() for day in days})
    if unknown := [str(day) for day in wanted if day not in standing.checked.holidays]:
        raise click.ClickException(f"{', '.join(unknown)}: no own day off; `holidays list` lists them.")
    _put(place, standing, standing.checked.holidays - set(wanted), yes=yes)
    _say_what_stays(place, standing, wanted)


def _off_anyway(day: date) -> str:
    """Return why a day is off without being an own day; "" if it is not. An estimate may change."""
    names = [off.name for off in named_holidays(day.year) if off.day == day and not off.estimated]
    return names[0] if names else "weekend" if day.weekday() >= SATURDAY else ""


def _put(place: Place, standing: Standing, own: frozenset[date] | set[date], *, yes: bool) -> None:
    """Write the own days, and the rest of the directory unchanged."""
    if standing.version == 0:
        click.echo(
            f"Nothing was imported yet: this imports {place.settings.directory_file} and "
            f"{place.settings.officers_file} as well. From then on the store counts, and those files no more."
        )
    rows = [Row({"day": str(day)}, "own days off", 0) for day in sorted(own)]
    replace(place, standing, check({**standing.tables, HOLIDAYS: rows}), How(dry_run=False, yes=yes))


def _say_what_stays(place: Place, standing: Standing, days: Sequence[date]) -> None:
    heads = open_heads(place.store, standing.checked.directory)
    count = sum(any(head.received_on < day <= head.clock.due for day in days) for head in heads)
    click.echo(
        "no clock that runs was moved: deadlines stay as they were counted, also those of "
        f"{count} open cases that are due on or after such a day and came in before it"
    )


@deadlines.command("list")
@told
def deadlines_list() -> None:
    """List the limits in force with their source, and those of open cases."""
    place = here()
    settings = place.settings
    for field in fields(Deadlines):
        _say_limit(f"DEADLINE_{field.name.upper()}", str(getattr(settings.deadlines, field.name)))
    _say_limit("REMIND_DAYS", str(settings.remind_days))
    _say_limit("ESCALATE_DAYS", ",".join(map(str, settings.escalate_days)))
    click.echo(
        "All are working days. A case keeps the DEADLINE_ limits it came in under, whatever the settings become; the "
        "other two hold for all cases at once."
    )
    heads = open_heads(place.store, place.standing().checked.directory)
    counts = Counter(_under(head, settings.deadlines) for head in heads)
    click.echo(f"open cases: {counts.total()}")
    for under, count in counts.most_common():
        click.echo(f"{count:6}  {under}")


def _say_limit(name: str, value: str) -> None:
    click.echo(f"{name:28} {value:8} {where_from(name) or 'default'}")


def _under(head: CaseHead, limits: Deadlines) -> str:
    """Return in words under which limits a case runs."""
    if not head.clock.terms:
        return "came in before limits were kept: run under today's"
    terms = Terms(*head.clock.terms)
    if terms == limits.terms(head.kind):
        return "under today's limits"
    named = ", ".join(f"{name} {days}" for name, days in terms._asdict().items())
    return f"{head.kind} under {named}"
