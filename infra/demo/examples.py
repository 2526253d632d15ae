"""Receipts of a few invented reports, for whoever tries the reporter's side: ``/dev/`` shows them.

In use nobody but the reporter has a receipt. These are the demonstration's own, in a file that no other start makes.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from functions.casework.case import CaseHead
from functions.casework.receipt import Receipt
from functions.casework.stages import Stage
from functions.config.private_files import write_private
from functions.local.dev_roles import examples_file
from infra.demo.office import Office

LOOKED_AT: Final = 200  # of the newest cases
KINDS: Final[Mapping[str, Callable[[CaseHead], bool]]] = {
    "Dijawab, menunggu penilaian pelapor": lambda head: head.stage is Stage.SELESAI and not head.closing.confirmed,
    "Petugas bertanya, jam berhenti": lambda head: head.stage is Stage.DITAHAN,
    "Sedang dikerjakan": lambda head: head.stage is Stage.DIPROSES,
    "Naik banding": lambda head: head.stage is Stage.BANDING,
}


def write_examples(office: Office, receipts: Mapping[str, Receipt], asked: str, pictured: Sequence[str]) -> None:
    """Write the receipts of one case of each kind beside the store, by what is to be seen there."""
    found = dict(_found(office, receipts, asked, pictured))
    listed = [{"what": what, "receipt": str(receipts[case_id])} for what, case_id in found.items()]
    write_private(examples_file(office.settings), json.dumps(listed, ensure_ascii=False).encode())


def _found(
    office: Office, receipts: Mapping[str, Receipt], asked: str, pictured: Sequence[str]
) -> Iterator[tuple[str, str]]:
    heads = [office.store.read_head(case_id) for case_id in [*receipts][: -LOOKED_AT - 1 : -1]]
    for what, fits in KINDS.items():
        yield from ((what, head.case_id) for head in heads[::-1] if fits(head))
    yield from (("Dengan foto sebelum dan sesudah", case_id) for case_id in reversed(pictured))
    if asked:
        yield "Nama dititipkan, kustodian minta izin membukanya", asked
