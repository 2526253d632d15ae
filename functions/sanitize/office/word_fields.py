"""Fields of Word: codes that are worked out to words, such as a page's number or the name of the author.

A complex field is a begin, a code, a separator, a result and an end, spread over runs and paragraphs (ECMA-376,
part 1, 17.16.18). Codes never come along. Results do where the field's type allows it.
"""

from functions.sanitize.file_types import FileRefusedError, Refusal
from functions.sanitize.office.word_grammar import LIVE, SHOWN, field_type

_DEEPEST = 20


class Fields:
    """Where in which fields the walk through one story stands."""

    def __init__(self) -> None:
        self._codes: list[list[str]] = []
        self._types: list[str | None] = []  # None until the code is complete

    def begin(self) -> None:
        """A field starts. Raises FileRefusedError (too_complex)."""
        if len(self._codes) >= _DEEPEST:
            raise FileRefusedError(Refusal.TOO_COMPLEX)
        self._codes.append([])
        self._types.append(None)

    def code(self, text: str) -> None:
        """A part of the innermost field's code."""
        if self._codes and self._types[-1] is None:
            self._codes[-1].append(text)

    def separate(self) -> None:
        """The code ends, the result starts."""
        if self._codes:
            self._types[-1] = field_type("".join(self._codes[-1]))

    def end(self) -> str | None:
        """A field ends; returns its type where it is to be worked out again and stands where words show."""
        if not self._codes:
            return None
        self.separate()
        kind = self._types.pop()
        self._codes.pop()
        return kind if kind in LIVE and self.shows() else None

    def shows(self) -> bool:
        """Whether words at this place are shown: in no code, in no result that may not be known, and not in a
        result that is worked out again."""
        return all(kind in SHOWN and kind not in LIVE for kind in self._types)

    def finish(self) -> None:
        """The story ends. Raises FileRefusedError (damaged) where a field does not: its words would be lost."""
        if self._codes:
            raise FileRefusedError(Refusal.DAMAGED)
