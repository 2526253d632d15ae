"""What becomes of a record's fields when its case is deleted. Each declares it: ``Kept[...]`` or ``Erased[...]``."""

from dataclasses import MISSING, fields, is_dataclass, replace
from enum import Enum, auto
from functools import cache
from typing import Annotated, Any, TypeVar, get_type_hints

T = TypeVar("T")


class Fate(Enum):
    """Whether a field survives deletion."""

    KEPT = auto()
    ERASED = auto()


Kept = Annotated[T, Fate.KEPT]
Erased = Annotated[T, Fate.ERASED]


def remains(record: T) -> T:
    """Return what deletion leaves of a record and of the records in it: erased fields get their default, or the empty
    value of their type if they have none. Raises TypeError for a field that declares no fate."""
    kind: type = type(record)
    emptied, parts = _plan(kind)
    left: dict[str, Any] = {name: remains(getattr(record, name)) for name in parts}
    return replace(record, **left, **emptied)  # type: ignore[type-var]  # a dataclass: ``_plan`` asked for its fields


@cache
def _plan(kind: type) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return the values that deletion writes over a record's fields, and the names of its fields that are records."""
    emptied: dict[str, Any] = {}
    parts = []
    hints = get_type_hints(kind, include_extras=True)
    for field in fields(kind):
        hint = hints[field.name]
        fates = [note for note in getattr(hint, "__metadata__", ()) if isinstance(note, Fate)]
        if is_dataclass(hint):
            parts.append(field.name)
        elif len(fates) != 1:
            raise TypeError(f"{kind.__name__}.{field.name} does not say whether it survives deletion")
        elif fates == [Fate.ERASED]:
            emptied[field.name] = hint.__origin__() if field.default is MISSING else field.default
    return emptied, tuple(parts)
