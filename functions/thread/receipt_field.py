"""Read the receipt that a request carries in its form or JSON, and say what looks wrong in it."""

from functions.casework.problems import FieldError, InvalidInputProblem
from functions.casework.receipt import (
    Receipt,
    ReceiptGroupsError,
    ReceiptLengthError,
    TrackingIdTypedError,
    parse_receipt,
)


class BadReceiptProblem(InvalidInputProblem):
    """The typed text cannot be a receipt. It names the group that looks wrong, and nothing about what exists."""

    status = 400


def read_receipt(typed: dict[str, str]) -> Receipt:
    """Read the receipt in the request. Raises BadReceiptProblem, which names the group that looks wrong."""
    text = typed.get("receipt", "")
    if not text.strip():
        raise BadReceiptProblem(FieldError("receipt", "required"))
    try:
        return parse_receipt(text)
    except TrackingIdTypedError as error:
        raise BadReceiptProblem(FieldError("receipt", "receipt_tracking")) from error
    except ReceiptLengthError as error:
        facts = {"found": str(error.found), "expected": str(error.expected)}
        raise BadReceiptProblem(FieldError("receipt", "receipt_length", facts)) from error
    except ReceiptGroupsError as error:
        facts = {"groups": ", ".join(map(str, error.groups))}
        raise BadReceiptProblem(FieldError("receipt", "receipt_groups", facts)) from error
