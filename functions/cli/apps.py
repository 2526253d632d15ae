"""Commands for apps that may send reports by Open311: ``apps list|add|revoke|updates``. A key is shown once."""

import click

from functions.casework.apps import AppsError, admit, revoke
from functions.casework.formats.web_address import is_confidential
from functions.casework.linked_systems import system_of
from functions.cli._common import telling
from functions.cli.systems import put_peer
from functions.config.settings import load_settings
from functions.crypto.seal.public_store import open_public_keys
from functions.storage.choose_store import open_store
from functions.storage.registers.apps import read_apps, write_apps
from functions.storage.registers.directory import read_directory
from functions.storage.registers.linked_systems import app_peer, drop_peer, read_peer

told = telling(AppsError)


@click.group()
def apps() -> None:
    """Apps that may send reports by Open311 (see docs/open311.md)."""


@apps.command("list")
@told
def apps_list() -> None:
    """List every app, also those whose key is revoked."""
    known = read_apps(open_store(load_settings())).apps
    for app in known.values():
        click.echo(f"{app.ident:32} {'revoked' if app.revoked else 'in use':8} {app.name}")
    if not known:
        click.echo("no apps; `apps add` admits one")


@apps.command("add")
@click.argument("ident")
@click.option("--name", required=True, help="Who runs it, and whom to call when it misbehaves. Kept; never published.")
@click.option("--agency", default="", help="The agency whose own system it is: it may answer what went there.")
@told
def apps_add(ident: str, name: str, agency: str) -> None:
    """Admit an app and print its key, of which only a hash is stored.

    Hand it over where nobody else reads it.
    """
    settings = load_settings()
    store = open_store(settings)
    if agency and not system_of(agency, read_directory(store, settings).directory):
        raise click.ClickException(f"{agency}: no agency with a channel open311:... in the directory.")
    known = read_apps(store)
    changed, key = admit(known.apps, ident, name, agency)
    write_apps(store, known.version, changed.values())
    click.echo(f"api_key of {ident}, shown this once: {key}")


@apps.command("revoke")
@click.argument("ident")
@told
def apps_revoke(ident: str) -> None:
    """Void an app's key, and tell it of no more answers. Running doors follow within a minute; what it sent stays.

    Where it is still to be told, give `apps updates` again.
    """
    settings = load_settings()
    store = open_store(settings)
    known = read_apps(store)
    directory = read_directory(store, settings).directory
    gone = [each.code for each in directory.former if not each.instance]  # whose cases went to other governments
    codes = dict.fromkeys([*(each.code for each in directory.instances()), *gone])
    told_of = [code for code in codes if read_peer(store, app_peer(ident, code))]
    for code in told_of:  # first, and also of an app that an older release revoked
        drop_peer(store, app_peer(ident, code))
        click.echo(f"{ident} is told of no answers of {code} any more; reporters find them by their codes")
    write_apps(store, known.version, revoke(known.apps, ident).values())
    click.echo(f"the key of {ident} is void")


@apps.command("updates")
@click.argument("ident")
@click.option("--instance", required=True, help="Code of the instance whose answers it is told, e.g. kutim.")
@click.option("--url", required=True, help="Its GeoReport address, to which servicerequestupdates are posted.")
@click.option("--key", prompt="api_key there", hide_input=True, help="Asked for where it is not given: better so.")
@told
def apps_updates(ident: str, instance: str, url: str, key: str) -> None:
    """Tell an app what officers answer to the reports that it sends from now on.

    Their words pass the courier as text, as with SMS. The api_key is sealed to the courier at once.
    """
    settings = load_settings()
    store = open_store(settings)
    if ident not in read_apps(store).apps:
        raise click.ClickException(f"{ident}: no such app; `apps list` lists them.")
    if instance not in [known.code for known in read_directory(store, settings).directory.instances()]:
        raise click.ClickException(f"--instance {instance}: not an instance of the directory.")
    if not is_confidential(url):
        raise click.ClickException("--url: write https:// and a host; without TLS only to this machine.")
    put_peer(store, open_public_keys(settings).public(), instance, app_peer(ident, instance), key, url=url)
    click.echo(f"{ident} is told of answers of {instance}")
