"""Reply templates as a case meets them: those offered for an answer, and an answer that is one, word for word.

How often that happened in a case stands in its head as a count; which template it was, under the seal.
"""

from dataclasses import replace
from typing import NamedTuple

from functions.casework.case import CaseHead
from functions.casework.directory.agencies import Directory, DirectoryError
from functions.casework.directory.registers import decode_templates, templates_register
from functions.casework.problems import FieldError, InvalidInputProblem
from functions.casework.reply_templates import Template, fill, left_open, sent_as_is, shipped, suited
from functions.storage.interface import StorageError, Store
from functions.web.dates import long_date


class Shelf(NamedTuple):
    """An instance's templates; ``version`` 0 means that it has not edited them yet, and those shipped stand."""

    version: int
    templates: tuple[Template, ...]


def read_shelf(store: Store, instance: str) -> Shelf:
    """The templates of an instance as they stand. Raises StorageError."""
    register = store.read_register(templates_register(instance))
    if register is None:
        return Shelf(0, shipped())
    try:
        return Shelf(register.version, decode_templates(register.body))
    except DirectoryError as error:
        raise StorageError(str(error)) from error


def offered(store: Store, directory: Directory, head: CaseHead) -> tuple[Template, ...]:
    """The templates for an answer to this case, filled."""
    blanks = _blanks(head, directory)
    found = suited(read_shelf(store, head.instance).templates, head.topic)
    return tuple(replace(template, text=fill(template.text, blanks)) for template in found)


def weigh(store: Store, directory: Directory, head: CaseHead, text: str, *, again: bool) -> dict[str, str]:
    """What an answer has to bear under its seal beside its words: ``template``, where it is one unchanged.

    Raises InvalidInputProblem for the field ``again`` unless its writer ticked it: where this case was answered with a
    template before (``canned_twice``), or a gap of one stands open (``gaps``).
    """
    templates = read_shelf(store, head.instance).templates
    found = sent_as_is(text, templates, _blanks(head, directory))
    gaps = left_open(text, templates)
    if gaps and not again:
        raise InvalidInputProblem(FieldError("again", "gaps", {"gaps": ", ".join(gaps)}))
    if found and head.history.canned and not again:
        raise InvalidInputProblem(FieldError("again", "canned_twice"))
    return {"template": found} if found else {}


def _blanks(head: CaseHead, directory: Directory) -> dict[str, str]:
    """What fills ``casework.reply_templates.BLANKS``."""
    topic, district = directory.topics.get(head.topic), directory.districts.get(head.district)
    return {
        "nomor": head.case_id,
        "topik": topic.name if topic else "",
        "kecamatan": district.name if district else "",
        "dinas": directory.agency(head.holder).name,
        "batas_waktu": long_date(head.clock.due, "id"),
    }
