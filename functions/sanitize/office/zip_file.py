"""The zip around an office file: read within limits, trusting nothing it says, and written anew.

Sizes and places in the directory are claims, so unpacking counts its own bytes, up to a bound. Entries that share bytes
(a bomb in one layer) or names (two readers, two documents) are refused before anything is unpacked.
"""

import re
import zipfile
import zlib
from io import BytesIO
from typing import Final

from functions.sanitize.file_types import FileRefusedError, Refusal

MAX_ENTRIES: Final = 1_000
MAX_TOTAL: Final = 64 * 1024 * 1024  # bytes unpacked, as claimed and as found
MAX_PART: Final = 12 * 1024 * 1024
# Deflate packs at most 1,032 to one; sheets full of the same number reach about 100.
MAX_RATIO: Final = 300
_RATIO_FREE: Final = 256 * 1024  # bytes that may have any ratio
_HEADER: Final = 30  # bytes of a local header before its name (APPNOTE 4.3.7)
_DIRECTORY_ENTRY: Final = b"PK\x01\x02"
_LOCAL_HEADER: Final = b"PK\x03\x04"
_LOCKED: Final = 0x1 | 0x40 | 0x2000  # encrypted, strongly, its directory too (APPNOTE 4.4.4)
_NAME: Final = re.compile(r"(?![/.]|.*(?:/|^)\.\.?(?:/|$))[^\\:\x00-\x1f\x7f]{1,200}")
_DATE: Final = (1980, 1, 1, 0, 0, 0)


def starts_as_zip(raw: bytes) -> bool:
    """Tell whether the first bytes are those of a zip's first entry."""
    return raw.startswith(_LOCAL_HEADER)


class Entries:
    """The entries of a zip by name, compared without case as both standards ask."""

    def __init__(self, raw: bytes) -> None:
        """Raises FileRefusedError: damaged, too_complex, encrypted_office."""
        # zipfile keeps the whole directory, however long, so it is counted first.
        if raw.count(_DIRECTORY_ENTRY) > MAX_ENTRIES:
            raise FileRefusedError(Refusal.TOO_COMPLEX)
        try:
            self._archive = zipfile.ZipFile(BytesIO(raw))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError, OverflowError):
            raise FileRefusedError(Refusal.DAMAGED) from None
        self._left = MAX_TOTAL
        infos = self._archive.infolist()
        for info in infos:
            _check(info)
        if sum(info.file_size for info in infos) > MAX_TOTAL:
            raise FileRefusedError(Refusal.TOO_COMPLEX)
        _check_places(raw, infos, self._archive.start_dir)
        self._infos = {info.filename.lower(): info for info in infos}
        if len(self._infos) != len(infos):
            raise FileRefusedError(Refusal.DAMAGED)

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._infos

    def names(self) -> list[str]:
        """Return the names in the order of the directory."""
        return [info.filename for info in self._infos.values()]

    def read(self, name: str) -> bytes:
        """Return one entry, unpacked.

        Raises FileRefusedError: damaged if it is missing, broken or differs from its checksum, too_complex beyond the
        limits.
        """
        info = self._infos.get(name.lower())
        if info is None:
            raise FileRefusedError(Refusal.DAMAGED)
        bound = min(MAX_PART, self._left)
        try:
            with self._archive.open(info) as entry:
                data = entry.read(bound + 1)
        except (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, RuntimeError, OSError, EOFError):
            raise FileRefusedError(Refusal.DAMAGED) from None
        if len(data) > bound:
            raise FileRefusedError(Refusal.TOO_COMPLEX)
        if len(data) != info.file_size:
            raise FileRefusedError(Refusal.DAMAGED)
        self._left -= len(data)
        return data


def _check(info: zipfile.ZipInfo) -> None:
    if info.flag_bits & _LOCKED:
        raise FileRefusedError(Refusal.ENCRYPTED_OFFICE)
    if not _NAME.fullmatch(info.orig_filename) or info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise FileRefusedError(Refusal.DAMAGED)
    if info.file_size > _RATIO_FREE and info.file_size > info.compress_size * MAX_RATIO:
        raise FileRefusedError(Refusal.TOO_COMPLEX)


def _check_places(raw: bytes, infos: list[zipfile.ZipInfo], directory: int) -> None:
    """Check that every entry has its own bytes, one after the other from the first byte, before the directory."""
    end = 0
    for info in sorted(infos, key=lambda one: one.header_offset):
        start = info.header_offset
        header = raw[start : start + _HEADER]
        if start < end or (end == 0 and start != 0) or not header.startswith(_LOCAL_HEADER) or len(header) < _HEADER:
            raise FileRefusedError(Refusal.DAMAGED)
        name, extra = int.from_bytes(header[26:28], "little"), int.from_bytes(header[28:30], "little")
        end = start + _HEADER + name + extra + info.compress_size
    if end > directory or not infos:
        raise FileRefusedError(Refusal.DAMAGED)


def packed(entries: list[tuple[str, bytes]]) -> bytes:
    """Return a zip of these entries in this order. It reveals nothing of when and where it was made.

    ``mimetype`` is stored uncompressed (ODF 1.3, part 2, 3.3), so that its text has a fixed place.
    """
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in entries:
            info = zipfile.ZipInfo(name, _DATE)
            info.create_system = 3  # the same wherever this runs
            info.external_attr = 0o600 << 16
            info.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return out.getvalue()
