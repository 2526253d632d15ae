"""Reply templates as a case meets them: those offered for an answer, and an answer that is one, word for word.

The head counts how often that happened; which template it was rests under the seal.

Tests: ``tests/doors/test_canned.py``.
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


class TemplateList(NamedTuple):
    """An instance's templates; ``version`` 0 means that it has not edited them yet, and those shipped stand."""

    version: int
    templates: tuple[Template, ...]


def read_templates(store: Store, instance: str) -> TemplateList:
    """Return the templates of an instance as they stand. Raises StorageError."""
    register = store.read_register(templates_register(instance))
    if register is None:
        return TemplateList(0, shipped())
    try:
        return TemplateList(register.version, decode_templates(register.body))
    except DirectoryError as error:
        raise StorageError(str(error)) from error


def offered(store: Store, directory: Directory, head: CaseHead) -> tuple[Template, ...]:
    """Return the templates for an answer to this case, filled."""
    blanks = _blanks(head, directory)
    found = suited(read_templates(store, head.instance).templates, head.topic)
    return tuple(replace(template, text=fill(template.text, blanks)) for template in found)


def weigh(store: Store, directory: Directory, head: CaseHead, text: str, *, again: bool) -> dict[str, str]:
    """Return what rests under the seal beside an answer's words: ``template``, if the answer is one unchanged.

    Raises InvalidInputProblem for the field ``again``, unless the officer ticked it: if this case was answered with a
    template before (``canned_twice``), or if a gap of a template stands open (``gaps``).
    """
    templates = read_templates(store, head.instance).templates
    found = sent_as_is(text, templates, _blanks(head, directory))
    gaps = left_open(text, templates)
    if gaps and not again:
        raise InvalidInputProblem(FieldError("again", "gaps", {"gaps": ", ".join(gaps)}))
    if found and head.history.canned and not again:
        raise InvalidInputProblem(FieldError("again", "canned_twice"))
    return {"template": found} if found else {}


def _blanks(head: CaseHead, directory: Directory) -> dict[str, str]:
    """Return what fills ``casework.reply_templates.BLANKS``."""
    topic, district = directory.topics.get(head.topic), directory.districts.get(head.district)
    return {
        "nomor": head.case_id,
        "topik": topic.name if topic else "",
        "kecamatan": district.name if district else "",
        "dinas": directory.agency(head.holder).name,
        "batas_waktu": long_date(head.clock.due, "id"),
    }
