"""Commands for the audit trail: ``audit export|anchor|verify``.

They open nothing and need no key. All they export is in clear in the store already: no words, no receipt, nothing of
the writer.
"""

import csv
import os
import sys
from collections.abc import Iterable
from dataclasses import astuple, fields, replace
from pathlib import Path
from typing import TextIO

import click

from functions.actions.clock.audit import Audit
from functions.actions.clock.audit_rows import TrailRow
from functions.casework.case import Case
from functions.casework.sealed_identity import Identity, StepKind
from functions.cli._common import each, told
from functions.cli.seal_check import SealCheck
from functions.config.settings import load_settings
from functions.crypto.sign.name_answers import bare_of, forged_name
from functions.crypto.sign.reporter_acts import forged
from functions.storage.choose_store import open_store
from functions.storage.registers.directory import read_directory

INSTANCE = click.argument("instance")


@click.group()
def audit() -> None:
    """What was done to each case, and whether anybody changed it."""


@audit.command("export")
@INSTANCE
@click.option("--csv", "path", type=click.Path(path_type=Path, dir_okay=False), help="A new file, instead of printing.")
@told
def audit_export(instance: str, path: Path | None) -> None:
    """Export every event of an instance as CSV: days, acts, officers, links. It names officers, never reporters."""
    trail = _of(instance)
    if path is None:
        _write(sys.stdout, replace(trail, watch=iter).export(instance))  # a bar would stand among the rows
        return
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise click.ClickException(f"{path}: {error.strerror}; name a new file.") from error
    with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
        count = _write(file, trail.export(instance))
    click.echo(f"{path}: {count} rows")


@audit.command("anchor")
@told
def audit_anchor() -> None:
    """Anchor today, for every instance; once a day, harmless to repeat.

    Keep what it prints outside this machine: `audit verify --anchor` then shows whether anybody rewrote the trail.
    """
    settings = load_settings()
    store = open_store(settings)
    made = Audit(store, read_directory(store, settings).directory).anchor_all(settings.today())
    for code, anchor in made.items():
        click.echo(f"{anchor.day}  {code}  {anchor.cases} cases  {anchor.anchor.hex()}")


@audit.command("verify")
@INSTANCE
@click.option("--anchor", "kept", default="", help="An anchor that was kept elsewhere: it must be among those here.")
@click.option("--went-back", is_flag=True, help="The release before ran here again: list the names it left.")
@told
def audit_verify(instance: str, kept: str, *, went_back: bool) -> None:
    """Check every link, the last anchor, the sealed facts and the reporters' signatures of an instance. Exit status 1,
    a sentence for each fault."""
    trail = _of(instance)
    seals = SealCheck(trail.directory)
    bare: list[str] = []

    def named(case: Case, identity: Identity | None) -> str:
        if identity and bare_of(case, identity.steps):
            opened = any(step.kind is StepKind.OPENED for step in identity.steps)
            bare.append(f"{case.head.case_id}{' (opened)' if opened else ''}")
        return forged_name(case, identity, went_back=went_back)

    signed = replace(trail, seal_fault=seals, acts_fault=forged, name_fault=named)
    verdict = signed.verify(instance, kept.strip().lower())
    for fault in verdict.faults:
        click.echo(fault, err=True)
    if verdict.faults:
        raise click.ClickException(f"{len(verdict.faults)} things do not hold.")
    older = f", {verdict.older} of them older than the trail" if verdict.older else ""
    click.echo(f"{verdict.cases} cases, {verdict.events} events{older}: every link holds")
    click.echo("every case has the facts it was sealed with, as far as shows without a key; the desk checks the rest")
    click.echo("every act of a reporter is signed with their key, but for cases of an older release")
    click.echo("every answer about a name is signed with its reporter's key, but for names of an older release")
    if bare:
        click.echo(f"names without their reporter's key: {', '.join(bare)}. If the release before did not leave them,")
        click.echo("somebody took the key away, and a yes in them may be nobody's.")
    if seals.unbound:
        click.echo(f"{seals.unbound} open cases of an older release bind no facts: the next act on each binds them.")
    if verdict.last is None:
        click.echo("no anchor yet: a case that was removed would not show. Run `audit anchor`.")
        return
    click.echo(f"the anchor of {verdict.last.day} holds: {verdict.last.anchor.hex()}")


def _of(instance: str) -> Audit:
    settings = load_settings()
    store = open_store(settings)
    directory = read_directory(store, settings).directory
    if instance not in [known.code for known in directory.instances()]:
        raise click.ClickException(f"{instance}: not an instance of the directory.")
    return Audit(store, directory, lambda ids: each("cases", ids))


def _write(file: TextIO, rows: Iterable[TrailRow]) -> int:
    writer, count = csv.writer(file), 0
    writer.writerow(field.name for field in fields(TrailRow))
    for row in rows:
        writer.writerow(astuple(row))
        count += 1
    return count
