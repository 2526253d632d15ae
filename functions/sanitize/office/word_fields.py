"""Fields of Word: codes that are computed into text, such as a page's number or the author's name.

A complex field is a begin, a code, a separator, a result and an end, spread over runs and paragraphs (ECMA-376, part 1,
17.16.18). Codes are always dropped. Results stay if the field's type allows it.
"""

from functions.sanitize.file_types import FileRefusedError, Refusal
from functions.sanitize.office.word_grammar import LIVE, SHOWN, field_type

_DEEPEST = 20


class Fields:
    """The fields around the current place of a walk through one story."""

    def __init__(self) -> None:
        self._codes: list[list[str]] = []
        self._types: list[str | None] = []  # None until the code is complete

    def begin(self) -> None:
        """Begin a field. Raises FileRefusedError (too_complex)."""
        if len(self._codes) >= _DEEPEST:
            raise FileRefusedError(Refusal.TOO_COMPLEX)
        self._codes.append([])
        self._types.append(None)

    def code(self, text: str) -> None:
        """Add a part of the innermost field's code."""
        if self._codes and self._types[-1] is None:
            self._codes[-1].append(text)

    def separate(self) -> None:
        """End the code; the result follows."""
        if self._codes:
            self._types[-1] = field_type("".join(self._codes[-1]))

    def end(self) -> str | None:
        """End a field. Returns its type if it is to be computed again and text shows at this place."""
        if not self._codes:
            return None
        self.separate()
        kind = self._types.pop()
        self._codes.pop()
        return kind if kind in LIVE and self.shows() else None

    def shows(self) -> bool:
        """Tell whether text at this place shows.

        It does not in a code, in a result that must not be known, and in a result that is computed again.
        """
        return all(kind in SHOWN and kind not in LIVE for kind in self._types)

    def finish(self) -> None:
        """End the story. Raises FileRefusedError (damaged) if a field has not ended: its text would be lost."""
        if self._codes:
            raise FileRefusedError(Refusal.DAMAGED)
