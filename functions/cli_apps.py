"""Apps that may send reports by Open311, at a terminal: ``apps list|add|revoke``. A key is shown once."""

import click

from functions.casework.apps import AppsError, admit, revoke
from functions.settings import load_settings
from functions.storage.apps import read_apps, write_apps
from functions.storage.choose import open_store
from functions.terminal import telling

told = telling(AppsError)


@click.group()
def apps() -> None:
    """Apps that may send reports by Open311 (see docs/open311.md)."""


@apps.command("list")
@told
def apps_list() -> None:
    """Every app, also those whose key is revoked."""
    known = read_apps(open_store(load_settings())).apps
    for app in known.values():
        click.echo(f"{app.ident:32} {'revoked' if app.revoked else 'in use':8} {app.name}")
    if not known:
        click.echo("no apps; `apps add` admits one")


@apps.command("add")
@click.argument("ident")
@click.option("--name", required=True, help="Who runs it, and whom to call when it misbehaves. Kept; never published.")
@told
def apps_add(ident: str, name: str) -> None:
    """Admit an app and print its key, which is kept here only as a hash.

    Hand it over where nobody else reads it.
    """
    store = open_store(load_settings())
    known = read_apps(store)
    changed, key = admit(known.apps, ident, name)
    write_apps(store, known.version, changed.values())
    click.echo(f"api_key of {ident}, shown this once: {key}")


@apps.command("revoke")
@click.argument("ident")
@told
def apps_revoke(ident: str) -> None:
    """Void an app's key. Doors that run follow within a minute; what it sent stays."""
    store = open_store(load_settings())
    known = read_apps(store)
    write_apps(store, known.version, revoke(known.apps, ident).values())
    click.echo(f"the key of {ident} is void")
