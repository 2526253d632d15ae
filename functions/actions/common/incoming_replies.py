"""Replies of agencies' systems and additions by apps: sealed at once and stored for the clock (``import_replies``),
which puts them into their cases. Nothing is opened. Whom the words accuse is found here, where they pass in clear.

Tests: ``tests/doors/test_linked.py``, ``tests/doors/test_two_instances.py``.
"""

from collections.abc import Mapping
from hashlib import sha256

from functions.casework.access import is_accused
from functions.casework.case import EventKind
from functions.casework.directory.agencies import Directory
from functions.casework.linked_systems import ACCUSES, BY_APP, Said, Waiting, read_reply
from functions.casework.understanding.accused import accused_of
from functions.casework.understanding.words import Words
from functions.crypto.seal.reply_keys import seal_reply
from functions.storage.interface import Store
from functions.storage.registers.linked_systems import add_waiting, read_link


def receive_reply(
    store: Store, directory: Directory, agency: str, cases: Mapping[str, str], said: Said, now: int
) -> bool:
    """Seal and store a reply of an agency's system to one of its ``cases`` (our case id by its number). Return False if
    it has no such case, says nothing, or said it before. The agency itself knows what it said: the case is kept from
    all others whom the words accuse. Raises StorageError."""
    case_id = cases.get(said.number, "")
    link = read_link(store, case_id, now, agency) if case_id else None
    if link is None or (said.state and link.closed):
        return False
    mark = sha256(f"{agency}\x00{said.number}\x00{said.update}".encode()).hexdigest()[:32]
    if mark in link.marks and not link.waiting:
        return False
    reply = read_reply(mark, said.status, said.text, said.code)
    if reply is None:
        return False
    instance = directory.instance_of(agency)
    meant = _meant(reply.text, directory, instance.code) if instance else ()
    meant = tuple(code for code in meant if not is_accused(agency, code, directory))
    sealed = seal_reply(link.public, case_id, reply.kind, _words(reply.words(), meant))
    return add_waiting(store, case_id, link, Waiting(mark, reply.kind, sealed, reply.outcome, meant), now)


def receive_addition(
    store: Store, directory: Directory, instance: str, case_id: str, mark: str, text: str, now: int
) -> bool:
    """Seal and store a reporter's addition through the app that sent the report. ``mark`` (32 hex) identifies the
    addition, ``instance`` received the report. Return False for a repeat, and for a case without a link to an app.
    Raises StorageError."""
    link = read_link(store, case_id, now, BY_APP)
    if link is None or (mark in link.marks and not link.waiting):
        return False
    meant = _meant(text, directory, instance)
    sealed = seal_reply(link.public, case_id, EventKind.MESSAGE, _words({"body": text}, meant))
    return add_waiting(store, case_id, link, Waiting(mark, EventKind.MESSAGE, sealed, meant=meant), now)


def _words(words: Mapping[str, str], meant: tuple[str, ...]) -> Words:
    """Return the words of a reply, and under the same seal whom they accuse: the clock stores that in clear."""
    return Words({**words, ACCUSES: " ".join(meant)} if meant else words)


def _meant(text: str, directory: Directory, instance: str) -> tuple[str, ...]:
    """Return whom the words accuse; nobody where a token of an older release names no instance, or one that is retired:
    what a reporter added the desk reads again, with its case."""
    if instance not in directory.agencies:
        return ()
    from functions.casework.routing.later_accused import newly_accused  # noqa: PLC0415 - only where words come in

    return accused_of(newly_accused(text, "", directory, instance))
