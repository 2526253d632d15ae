"""A report that its browser sealed, posted in few bytes: its clear fields as JSON, its envelopes as they are.

In a JSON body envelopes stand in base64, which weighs a third more; on 2G that is a quarter of a second. Both forms are
taken: apps, and pages from before this one, send JSON.
"""

import json
from base64 import b64encode

from functions.casework.problems import FieldError, InvalidInputProblem

PACKED = "report"  # the form's field, by which it is known
FILE = "envelopes"
NAMES = frozenset(
    {"wrap_receipt", "wrap_desk", "subject", "words"}
    | {"identity_wrap_receipt", "identity_wrap_custody", "identity_sealed", "contact"}
)


def read_packed(report: str, envelopes: bytes) -> dict[str, str]:
    """The fields as a JSON body has them.

    ``report``: a JSON object of texts, and under ``lengths`` how many bytes each envelope has in ``envelopes``, in
    their order there. Raises InvalidInputProblem.
    """
    try:
        found = json.loads(report)
    except (ValueError, RecursionError):
        raise _bad() from None
    lengths = found.pop("lengths", None) if isinstance(found, dict) else None
    if not isinstance(lengths, dict) or not NAMES.issuperset(lengths) or not all(map(_is_text, found.values())):
        raise _bad()
    if not all(type(size) is int and size > 0 for size in lengths.values()) or sum(lengths.values()) != len(envelopes):
        raise _bad()
    fields, at = dict(found), 0
    for name, size in lengths.items():
        fields[name] = b64encode(envelopes[at : at + size]).decode()
        at += size
    return fields


def _is_text(value: object) -> bool:
    return isinstance(value, str) and not any("\ud800" <= c <= "\udfff" for c in value)


def _bad() -> InvalidInputProblem:
    return InvalidInputProblem(FieldError(FILE, "bad_envelope"))
