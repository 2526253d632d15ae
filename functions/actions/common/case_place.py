"""Where a case is: the one step by which its district changes, for the reporter by SMS and for the desk.

Tests: ``tests/doors/test_sms_places.py``.
"""

from dataclasses import replace

from functions.casework.case import CaseHead
from functions.casework.directory.agencies import Directory, DirectoryError
from functions.casework.problems import FieldError, InvalidInputProblem


def at_district(head: CaseHead, district: str, directory: Directory) -> CaseHead:
    """Return the head with another district (Kemendagri code) of the same instance.

    A district lets nobody read a case, so no wrap binds it. Another instance has other keys: a case
    goes there by a transfer. Raises InvalidInputProblem for a district that is unknown, or another instance's.
    """
    try:
        known = district in directory.districts and directory.instance_of_district(district).code == head.instance
    except DirectoryError:
        known = False
    if not known:
        raise InvalidInputProblem(FieldError("district", "unknown"))
    return replace(head, district=district)
