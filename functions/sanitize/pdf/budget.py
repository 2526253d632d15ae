"""How much of a PDF is unpacked: a small file can hold gigabytes, and all of it must be processed."""

from dataclasses import dataclass, field
from typing import Final

import pikepdf

from functions.sanitize.file_types import FileRefusedError, Refusal

MIB: Final = 1024 * 1024
MAX_STREAM: Final = 64 * MIB  # one page of A4 in colour at 400 dpi is 44 MiB
MAX_DECODED: Final = 128 * MIB
MAX_CONTENT_STREAM: Final = 2 * MIB  # parsed, operators take 60 to 300 times their size in memory
MAX_CONTENT: Final = 12 * MIB
MAX_SCRIPT: Final = MIB


@dataclass(slots=True)
class Budget:
    """Bytes that may still be unpacked from one document."""

    decoded: int = field(default=MAX_DECODED)
    content: int = field(default=MAX_CONTENT)

    def read(self, stream: pikepdf.Object) -> bytes:
        """Return all of a stream's bytes, unpacked. Raises FileRefusedError (too_complex, or damaged)."""
        try:
            data = stream.read_bytes()
        except (pikepdf.QpdfRuntimeError, pikepdf.DataDecodingError) as error:
            # qpdf has no error of its own for the limits that ``pdf.clean`` sets.
            over = "limit exceeded" in str(error)
            raise FileRefusedError(Refusal.TOO_COMPLEX if over else Refusal.DAMAGED) from None
        self.spend(len(data))
        return data

    def spend(self, size: int) -> None:
        """Count unpacked bytes. Raises FileRefusedError (too_complex)."""
        self.decoded -= size
        if self.decoded < 0:
            raise FileRefusedError(Refusal.TOO_COMPLEX)

    def spend_content(self, size: int) -> None:
        """Count bytes of drawing operators. Raises FileRefusedError (too_complex)."""
        self.content -= size
        if self.content < 0 or size > MAX_CONTENT_STREAM:
            raise FileRefusedError(Refusal.TOO_COMPLEX)
