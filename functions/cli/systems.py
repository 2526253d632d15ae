"""Commands for agencies' own systems: ``systems list``, ``systems set``.

The directory says that an agency has one (``channel``); these commands say how to speak to it.
"""

import csv
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import click

from functions.actions.courier.open311_exchange import key_context
from functions.casework.directory.agencies import Directory
from functions.casework.linked_systems import linked_agencies, system_of
from functions.cli._common import told
from functions.config.settings import load_settings
from functions.crypto.seal.public_keys import PublicKeys, Purpose
from functions.crypto.seal.public_store import open_public_keys
from functions.storage.choose_store import open_store
from functions.storage.interface import Registers
from functions.storage.registers.directory import read_directory
from functions.storage.registers.linked_systems import Peer, read_peer, read_sent, read_waiting, write_peer

KEY_MAX = 500
COLUMNS = ["topic", "service_code"]


@click.group()
def systems() -> None:
    """Agencies with a system of their own (Open311 GeoReport v2)."""


@systems.command("list")
@told
def systems_list() -> None:
    """List each with its address, whether its api_key is known, and how many reports are open there."""
    settings = load_settings()
    store = open_store(settings)
    directory = read_directory(store, settings).directory
    for agency in linked_agencies(directory):
        key = "key known" if read_peer(store, agency.code) else "no key: its reports go to its officers by mail"
        there = f"{len(read_sent(store, agency.code).cases)} there"
        waits = f"{len(read_waiting(store, agency.code))} with a reply to take up"
        click.echo(f"{agency.code:24} {system_of(agency.code, directory)}  {key}; {there}, {waits}")
    if not linked_agencies(directory):
        click.echo("no agency has a system of its own; write open311:https://... as its channel in the directory")


@systems.command("set")
@click.argument("agency")
@click.option("--jurisdiction", default="", help="Its jurisdiction_id, where it serves several.")
@click.option("--service", default="", help="Its service_code for all topics that --services does not name.")
@click.option(
    "--services",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="CSV with the columns topic,service_code; without it our topics' codes are used.",
)
@click.option("--key", prompt="api_key", hide_input=True, help="Asked for where it is not given: better so.")
@told
def systems_set(agency: str, jurisdiction: str, service: str, services: Path | None, key: str) -> None:
    """Say how to speak to an agency's system. The api_key is sealed to the courier at once."""
    settings = load_settings()
    store = open_store(settings)
    directory = read_directory(store, settings).directory
    instance = directory.instance_of(agency) if agency in directory.agencies else None
    if instance is None or not system_of(agency, directory):
        raise click.ClickException(f"{agency}: no agency with a channel open311:... in the directory.")
    codes = _services(services, directory) if services else {}
    public = open_public_keys(settings).public()
    put_peer(store, public, instance.code, agency, key, jurisdiction=jurisdiction, service=service, services=codes)
    click.echo(f"{agency}: known; {len(codes)} topics have codes of their own there")


def put_peer(
    store: Registers,
    public: PublicKeys,
    instance: str,
    name: str,
    key: str,
    *,
    jurisdiction: str = "",
    service: str = "",
    services: Mapping[str, str] = MappingProxyType({}),
    url: str = "",
) -> None:
    """Store how to speak to a system, with its api_key sealed to the courier.

    Raises ClickException, StorageError, KeyringError.
    """
    if not 0 < len(key.strip()) <= KEY_MAX:
        raise click.ClickException(f"api_key: 1 to {KEY_MAX} characters.")
    sealed = public.seal(Purpose.COURIER, instance, key_context(name), key.strip().encode())[1]
    write_peer(store, name, Peer(sealed, jurisdiction, service, services, url))


def _services(file: Path, directory: Directory) -> dict[str, str]:
    """Return its codes by our topics. Raises ClickException with the line."""
    found: dict[str, str] = {}
    with file.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines)
        if reader.fieldnames != COLUMNS:
            raise click.ClickException(f"{file}:1: the columns are {','.join(COLUMNS)}.")
        for row in reader:
            topic, code = (row["topic"] or "").strip(), (row["service_code"] or "").strip()
            if topic not in directory.topics or not code:
                raise click.ClickException(f"{file}:{reader.line_num}: {topic!r} is no topic, or has no service_code.")
            found[topic] = code
    return found
