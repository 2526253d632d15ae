"""Heads of the open cases of all instances, to be counted and never shown."""

from collections.abc import Iterator

from functions.casework.case import CaseHead
from functions.casework.directory.agencies import Directory
from functions.storage.interface import Scope, Store

PAGE = 100
EVERYWHERE = (Scope.INSTANCE, Scope.INSTANCE_QUARANTINE)


def open_heads(store: Store, directory: Directory) -> Iterator[CaseHead]:
    """Yield the heads of all open cases, including those in quarantine. Raises StorageError."""
    for instance in directory.instances():
        for scope in EVERYWHERE:
            yield from _open_in(store, scope, instance.code)


def _open_in(store: Store, scope: Scope, code: str) -> Iterator[CaseHead]:
    after = ""
    while True:
        page = store.page(scope, code, after, PAGE)
        for head in page.heads:
            if not head.open or head.shredded:
                return  # listings have the open ones first
            yield head
        after = page.next
        if not after:
            return
