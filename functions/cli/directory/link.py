"""Commands for offices with a machine of their own beside the nation: ``link export|fingerprint|add|list|remove``."""

from dataclasses import replace
from pathlib import Path

import click

from functions.actions.common.cases_left_behind import left_with
from functions.casework.directory.agencies import Directory
from functions.casework.directory.linked_office import (
    DAYS_MAX,
    SEALED_TO,
    LinkedOffice,
    LinkError,
    check_document,
    describe,
    read_document,
    with_offices,
)
from functions.casework.receipt import ReceiptError, parse_receipt
from functions.cli._common import telling
from functions.config.settings import load_settings
from functions.crypto.key_pairs import public_of
from functions.crypto.ops.choose import open_key_maker
from functions.crypto.ops.link_key import read_link_key
from functions.crypto.seal.public_keys import Purpose
from functions.crypto.seal.public_store import open_public_keys
from functions.crypto.sign.link_documents import fingerprint, signed, verified
from functions.crypto.transport.waiting_reports import WaitingKey, read_waiting_secret
from functions.local.setup import freeze
from functions.storage.choose_store import open_store
from functions.storage.interface import Notice, OutboxEntry, Register, Store
from functions.storage.registers.directory import read_directory
from functions.storage.registers.relayed import LINK_REGISTER, read_counts

told = telling(LinkError, ReceiptError)
LOOK_FIRST = 1_000
PORTAL = click.option("--no-portal", "portal", flag_value=False, default=True, help="Do not freeze the portal now.")


@click.group()
def link() -> None:
    """Offices with a machine of their own (docs/instances.md).

    \b
    At the office:   link export, then send the file; read `link fingerprint` out when the nation calls.
    At the nation:   call the office, then link add FILE --fingerprint "…"; later files need no call.
    """


@link.command("export")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Where to write it; else CODE.link.json.")
@click.option("--days", type=click.IntRange(1, DAYS_MAX), default=365, show_default=True, help="How long it is valid.")
@told
def link_export(out: Path | None, days: int) -> None:
    """At the office: write the signed document of our keys and directory. Again after each change of either."""
    settings = load_settings()
    if settings.keys:
        raise LinkError("KEYS is a bucket: an office that is linked has its keys on its own machine")
    store = open_store(settings)
    directory, public = read_directory(store, settings).directory, open_public_keys(settings).public()
    if len(directory.instances()) != 1:
        raise LinkError(f"{len(directory.instances())} governments are here; a linked office is of one")
    (instance,) = directory.instances()
    serial = store.register_version(LINK_REGISTER) + 1
    keys = {name: public.keys[public.current_id(Purpose(name), instance.code)] for name in SEALED_TO}
    made = describe(directory, instance.code, settings.url, serial, settings.today(), days, keys)
    secret = read_waiting_secret(settings)
    if not secret:  # anybody could open what is sealed to the key of an empty one, and our intake has another
        raise LinkError(
            f"{settings.keys_dir / 'waiting'} is not there, nor FORM_SECRET set: restore it from the backup, or start "
            "the office once, then export; run this with the settings that the office runs with"
        )
    document = replace(made, waiting=WaitingKey(secret).public, roster=public.rosters.get(instance.code))
    private = read_link_key(settings, make=True)
    text = signed(private, document.encode())
    store.write_registers([Register(LINK_REGISTER, serial, b"{}")])  # from now on a rotation keeps the key of before
    path = out or Path(f"{instance.code}.link.json")
    path.write_bytes(text)
    click.echo(f"{path}: serial {serial}, until {document.expires}; for {document.url}")
    click.echo(f"fingerprint  {fingerprint(public_of(private))}")


@link.command("fingerprint")
@told
def link_fingerprint() -> None:
    """At the office: show the five groups to read out by phone."""
    click.echo(fingerprint(public_of(read_link_key(load_settings()))))


@link.command("add")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--fingerprint", "heard", default="", help="The five groups that the office read out by phone.")
@PORTAL
@told
def link_add(file: Path, heard: str, *, portal: bool) -> None:
    """At the nation: link an office, or take its newer document. Its portal then stands beside the others."""
    settings = load_settings()
    signer, payload = verified(file.read_bytes())
    document, keys, store = read_document(payload), open_key_maker(settings), open_store(settings)
    directory, linked = read_directory(store, settings).directory, keys.public().linked
    standing, others = linked.get(document.code), [each for code, each in linked.items() if code != document.code]
    _check_here(store, document.code, directory)
    check_document(document, signer, standing, with_offices(directory, others), settings.today(), settings.url)
    _check_heard(signer, heard, known=standing is not None)
    keys.put_linked(document.code, LinkedOffice(signer, document))
    click.echo(f"{document.code}: {document.name}, serial {document.serial}, until {document.expires}; {document.url}")
    if portal:
        freeze(settings)


@link.command("list")
@told
def link_list() -> None:
    """At the nation: list every linked office, what waits for it, and the last month of its barometer."""
    settings = load_settings()
    store, linked = open_store(settings), open_public_keys(settings).public().linked
    counts = read_counts(store)
    for code, office in sorted(linked.items()):
        document, waiting = office.document, _waiting(store, code)
        wait = f"{len(waiting)} reports wait" + (f" ({waiting[0].error or 'not tried yet'})" if waiting else "")
        ends = "EXPIRED, add a new document" if document.expires < settings.today() else f"until {document.expires}"
        month = counts.get(code, {}).get("month", "no barometer yet")
        click.echo(f"{code:20} serial {document.serial}, {ends}; {wait}; {month}; {document.url}")
        click.echo(f"{'':20} {fingerprint(office.signer)}")
    if not linked:
        click.echo("no office is linked; `link add --help` says how")


@link.command("remove")
@click.argument("code")
@click.option("--even-waiting", is_flag=True, help="Also while reports wait. They stay sealed here until it is back.")
@PORTAL
@told
def link_remove(code: str, *, even_waiting: bool, portal: bool) -> None:
    """At the nation: take an office away. Receipts of reports that reached it still work there."""
    settings = load_settings()
    if code not in open_public_keys(settings).public().linked:
        raise LinkError(f"{code} is not linked; `link list` shows those that are")
    waiting = _waiting(open_store(settings), code)
    if waiting and not even_waiting:
        raise LinkError(f"{len(waiting)} reports for {code} still wait; have it answer first, or add --even-waiting")
    open_key_maker(settings).put_linked(code, None)
    click.echo(f"{code} is not linked any more" + (f"; {len(waiting)} reports wait sealed" if waiting else ""))
    if portal:
        freeze(settings)


def _check_here(store: Store, code: str, directory: Directory) -> None:
    if code in {each.code for each in directory.instances()}:
        left = left_with(store, directory.agencies[code])
        raise LinkError(
            f"{code} is a government of this machine with {left.total} cases, {left.open} of them open. "
            f"`instances retire {code}` first; link it once no case is left, or under another code"
        )


def _check_heard(signer: bytes, heard: str, *, known: bool) -> None:
    """Compare what was heard by phone; of a key that was compared before, nothing has to be."""
    right = fingerprint(signer)
    if not heard and known:
        return
    if not heard:
        raise LinkError(
            "the first document of this office: call it by a number that you know, have `link fingerprint` read out, "
            'and run this again with --fingerprint "…"'
        )
    if str(parse_receipt(heard)) != right:
        raise LinkError("what was read out is another key than this file is signed with: do not take it; call again")


def _waiting(store: Store, code: str) -> list[OutboxEntry]:
    """Return all that waits for an office: what was tried before stands behind the letters of the present hour."""
    most = LOOK_FIRST
    while len(found := store.waiting(most)) == most:
        most *= 2
    return [each for each in found if each.notice is Notice.RELAYED and each.instance == code]
