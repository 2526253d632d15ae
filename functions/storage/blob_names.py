"""What a blob may be called: nothing that could lead out of its place."""

import re

_CASE = re.compile(r"[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){2}", re.ASCII)
_NAME = re.compile(r"[0-9a-f]{32}", re.ASCII)


def check_case(case_id: str) -> str:
    """The case id, e.g. ``4F7K-2M9Q-XR3D``. Raises ValueError for anything else."""
    if not _CASE.fullmatch(case_id):
        raise ValueError("not a case id")
    return case_id


def check_name(name: str) -> str:
    """The blob's name, 32 hex digits. Raises ValueError for anything else."""
    if not _NAME.fullmatch(name):
        raise ValueError("not a blob's name")
    return name
