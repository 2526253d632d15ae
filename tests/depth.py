"""How much a test does: a part of it every day, the whole of it in ``make test-deep``."""

import os
from typing import TypeVar

Size = TypeVar("Size")
DEEP = os.environ.get("LAPOR_DEEP") == "1"


def deep(whole: Size, part: Size) -> Size:
    """``whole`` in ``make test-deep``, else ``part``."""
    return whole if DEEP else part
