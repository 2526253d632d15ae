"""Commands for whole governments: ``instances list|check|add|invite|retire``.

From a folder of spreadsheets to a running portal with keys, in one command; and out again, without a receipt lost.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import click

from functions.actions.common.cases_left_behind import left_with
from functions.casework.directory.agencies import Agency, Officer
from functions.casework.directory.check import Checked, check
from functions.casework.directory.instance_tables import (
    instance_row,
    notes,
    with_instance,
    without_instance,
    without_reports,
)
from functions.casework.directory.portal import portal_of
from functions.casework.directory.portal_file import Look, hosts_twice
from functions.casework.directory.tables import DirectoryFaultsError, Fault
from functions.casework.formats.web_address import host_of
from functions.cli._common import each, told
from functions.cli.directory.commands import PORTAL, YES
from functions.cli.directory.counter_sheet import counter_sheet
from functions.cli.directory.instance_folder import Folder, read_folder
from functions.cli.directory.replace import How, Place, Standing, here, names_kept, plan, replace
from functions.local.setup import freeze
from functions.storage.interface import VersionConflictError
from functions.storage.registers.looks import changed_look, read_look

WAIT_SECONDS = 10
FOLDER = click.argument("folder", type=click.Path(path_type=Path, file_okay=False))


@click.group()
def instances() -> None:
    """Governments, each with a portal of its own.

    \b
    A folder describes one government:
      agencies.csv   code,name,kind,level,parent,region,coordinator,inspectorate
                     one row of kind `instance`, and a row of kind `unit` for each office
      officers.csv   ident,email,agency,role
                     a coordinator at the instance, an officer or inspector at the inspectorate,
                     custodians at two units; better also a clerk (counter) and an overseer (Sekda)
      districts.csv  code,name            kecamatan with their Kemendagri codes: 64.08.04
      villages.csv   code,name            desa and kelurahan: 64.08.04.2001 (may be left out)
      topics.csv     code,name,name_en,unit   topics of this government alone (may be left out)
      portal.toml    name, mark, colour, operator, contact, languages, lead, host (may be left out)
    Save each sheet as CSV (UTF-8); commas or semicolons. docs/instances.md has an example.

    First `check`, then `add`. With a second government the front page becomes a page of all.
    """


@instances.command("list")
@told
def instances_list() -> None:
    """List every government: code, region, districts, whether it takes reports."""
    directory = here().standing().checked.directory
    for instance in directory.instances():
        districts = len(portal_of(directory, instance.code).districts)
        takes = f"{districts} districts" if districts else "takes no reports"
        click.echo(f"{instance.code:20} {instance.region:6} {takes:18} {instance.name}")


@instances.command("check")
@FOLDER
@told
def instances_check(folder: Path) -> None:
    """Check a folder, and say what is wrong, what is missing, and what `add` would change."""
    place = here()
    standing = place.standing()
    new, code, _ = _checked(place, standing, read_folder(folder))
    plan(place, standing, new)
    click.echo(f"{code}: can be added")


@instances.command("add")
@FOLDER
@YES
@PORTAL
@click.option("--sheet", type=click.Path(path_type=Path, dir_okay=False), help="Where to write the counter's page.")
@told
def instances_add(folder: Path, *, yes: bool, portal: bool, sheet: Path | None) -> None:
    """Add a government, or bring one up to date: directory, keys, portal, a page for the counter, first links.

    What the folder has replaces what stood of this government, and of no other.
    """
    place = here()
    standing = place.standing()
    content = read_folder(folder)
    new, code, roles = _checked(place, standing, content)
    replace(place, standing, new, How(dry_run=False, yes=yes))
    _write_look(place, code, content.look)
    if portal:
        freeze(place.settings)
    instance = new.directory.agencies[code]
    path = sheet or folder / "loket.html"
    path.write_text(counter_sheet(instance, _address(place, new, code)), encoding="utf-8")
    click.echo(f"portal    {_address(place, new, code)}")
    if content.look and content.look.host and _address(place, new, code) != f"https://{content.look.host}/":
        click.echo(f"note: the edge does not serve {content.look.host} yet; `make plan` says what is missing")
    click.echo(f"counter   {path}: print it and put it up")
    before = {officer.ident for officer in standing.checked.officers}
    _invite(place, [officer for officer in roles if officer.ident not in before])


@instances.command("invite")
@click.argument("code")
@told
def instances_invite(code: str) -> None:
    """Ask the running product to mail every officer of a government a link."""
    place = here()
    checked = place.standing().checked
    _known(checked, code)
    _invite(place, _officers(checked, code))


@instances.command("retire")
@click.argument("code")
@YES
@PORTAL
@told
def instances_retire(code: str, *, yes: bool, portal: bool) -> None:
    """End a government's portal. Receipts work until the last case is deleted.

    The first time it takes no new report any more: its places go. Officers answer what is open, and retention deletes
    what is closed. Once no case is left, the same command removes it.
    """
    place = here()
    standing = place.standing()
    instance = _known(standing.checked, code)
    left = left_with(place.store, instance)
    directory = standing.checked.directory
    if portal_of(directory, code).districts:
        tables, what = without_reports(standing.tables, code, directory), "takes no new reports"
    elif left and not left.total:
        raise click.ClickException(f"{code} {names_kept(left)}.")
    elif left:
        raise click.ClickException(
            f"{code} still has {left.total} cases, {left.open} of them open; it takes no new ones. "
            "Run this again when they are closed and retention has deleted them."
        )
    else:
        tables, what = without_instance(standing.tables, code, directory), "is gone"
    replace(place, standing, check(tables), How(dry_run=False, yes=yes, portal=portal))
    click.echo(f"{code} {what}" + (f"; {left.total} cases remain, and their receipts work" if left else ""))


def _checked(place: Place, standing: Standing, content: Folder) -> tuple[Checked, str, list[Officer]]:
    """Return all tables with the folder's in them, the code of its instance and its officers, and say what is missing.
    Raises DirectoryFaultsError, ClickException."""
    row = instance_row(content.tables, "this folder")
    code, directory = row.get("code"), standing.checked.directory
    taken = directory.agencies.get(code)
    if taken and taken.region != row.get("region"):
        text = f"instance {code}: this code is that of {taken.name} ({taken.region or 'no region'}); choose another"
        raise DirectoryFaultsError([Fault(row.file, row.line, text)])
    new = check(with_instance(standing.tables, content.tables, code, directory))
    looks = {each.code: read_look(place.store, each.code) or Look() for each in new.directory.instances()}
    if twice := hosts_twice({code: content.look or looks[code], **{c: x for c, x in looks.items() if c != code}}):
        raise DirectoryFaultsError([Fault("portal.toml", 0, text) for text in twice])
    if content.look and content.look.host and content.look.host == host_of(place.settings.url):
        text = f"host {content.look.host} is the address of the whole portal; give {code} one of its own, or none"
        raise DirectoryFaultsError([Fault("portal.toml", 0, text)])
    old = looks[code].host
    if content.look and old and content.look.host != old:
        click.echo(
            f"note: {code} leaves {old}: codes that were printed there lead nowhere, and reports that wait on phones "
            "there are never sent"
        )
    ours = _officers(new, code)
    for note in notes(new.directory, code, frozenset(officer.role.value for officer in ours)):
        click.echo(f"note: {note}")
    return new, code, ours


def _officers(checked: Checked, code: str) -> list[Officer]:
    ours = {code, *(unit.code for unit in checked.directory.units(code))}
    return [officer for officer in checked.officers if officer.agency in ours]


def _known(checked: Checked, code: str) -> Agency:
    known = {instance.code: instance for instance in checked.directory.instances()}
    if code not in known:
        raise click.ClickException(f"{code}: no such government; `instances list` lists them.")
    return known[code]


def _write_look(place: Place, code: str, look: Look | None) -> None:
    if look is None:
        return
    try:
        place.store.write_registers(changed_look(place.store, code, look))
    except VersionConflictError as error:
        raise click.ClickException("somebody else changed this portal meanwhile; look and try again.") from error


def _address(place: Place, checked: Checked, code: str) -> str:
    look, served = read_look(place.store, code), place.settings.portal_hosts
    if look and look.host and (served is None or served.get(code) == look.host):
        return f"https://{look.host}/"
    return f"{place.settings.url}/" + (f"{code}/" if len(checked.directory.instances()) > 1 else "")


def _name_of(url: str) -> dict[str, str]:
    """Return the headers by which a proxy tells a door which address it is asked under."""
    parts = urlsplit(url)
    return {"Host": parts.netloc, "X-Forwarded-Proto": parts.scheme}


def _invite(place: Place, officers: Sequence[Officer]) -> None:
    """Ask for links as officers themselves do, on the page /masuk/. Only the courier can make one."""
    doors = place.settings.doors_at or place.settings.url
    for number, officer in enumerate(each("asking for links", officers)):
        body = json.dumps({"email": officer.email}).encode()
        headers = {"Content-Type": "application/json", "Accept": "application/json", **_name_of(place.settings.url)}
        asked = Request(f"{doors}/desk/links", body, headers)  # noqa: S310 - our own address
        try:
            urlopen(asked, timeout=WAIT_SECONDS).close()  # noqa: S310 - likewise
        except (URLError, OSError) as error:
            click.echo(
                f"links     {number} of {len(officers)} asked for: {doors} does not answer ({error}). "
                "Run `instances invite` with the code once it runs.",
                err=True,
            )
            return
    click.echo(f"links     {len(officers)} officers get one by mail")
