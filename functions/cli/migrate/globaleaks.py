"""Read reports that a recipient exported from GlobaLeaks: an archive for each, with its answers in ``report.txt``.

The format is that of ``backend/globaleaks/handlers/recipient/export.py`` and of the default English
``export_template.txt`` of the project's public repository: ID, date, label and status, the answers, each step's name at
the margin, then comments below a rule of forty dashes. An administrator may change that template: then nothing is read.

Not taken, and said so: comments, since the export does not tell the recipients' own notes from what the reporter was
told; and files, which come in by the page of the report, where they are cleaned. Closed reports are left out.
"""

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from functions.casework.case import Kind, Mode
from functions.casework.directory.agencies import Directory
from functions.casework.report import Report
from functions.cli.letters.cells import LettersError
from functions.cli.letters.rows import ROWS_MAX, Fault, Letters, Origin, RowFaultsError

TEXT_MAX = 1024 * 1024  # bytes of a report's text, unpacked
TEXTS = ("report.txt", "data.txt")  # the second is that of releases before 2022
FIELDS = ("ID", "Date", "Label", "Status")
COPIED = "(Disalin dari GlobaLeaks #{number}{since}.)"
HEADINGS: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("topic", "district"), "pilihan perintah"),
        **dict.fromkeys(("kind", "identity_mode", "name", "contact", "place", "happened_on"), "report.txt"),
        **dict.fromkeys(("subject", "about_agency", "about_officials"), "report.txt"),
        "body": "report.txt, jawaban",
    }
)
_RULE = re.compile(r"\s*-{40}")
_NUMBER = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{0,39}", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,2} [A-Z][a-z]+ [0-9]{4}", re.ASCII)
NO_TEXT = "tidak ada report.txt. Bukan ekspor laporan GlobaLeaks?"
LOCKED = "terkunci (PGP atau kata sandi). Buka dulu di komputer penerimanya, lalu berikan arsip yang terbuka."
OTHER = "baris {line}: seharusnya “{field}: …”. Templat ekspornya diubah, jadi tidak dapat dibaca dengan pasti."


@dataclass(frozen=True, slots=True)
class Exported:
    """One archive as read: its head (``FIELDS``), the answers, and how many files and comments it has beside."""

    head: Mapping[str, str]
    answers: str
    files: int = 0
    comments: int = 0

    @property
    def closed(self) -> bool:
        """Whether its status there is closed."""
        return self.head["Status"].casefold().startswith("closed")


@dataclass(frozen=True)
class GlobaleaksFolder:
    """The archives of a folder, ``path``. All get the topic and the district of ``fields``. ``without`` are labels of
    steps and questions that are not taken: those that ask who the writer is."""

    path: Path
    letters: Letters
    fields: Mapping[str, str]
    without: frozenset[str] = frozenset()
    untaken: list[str] = field(default_factory=list)

    @property
    def directory(self) -> Directory:
        """The agencies, topics and districts by which they are read."""
        return self.letters.directory

    @cached_property
    def _archives(self) -> list[Path]:
        if not self.path.is_dir():
            raise LettersError(f"{self.path}: bukan folder. Kumpulkan arsip .zip dari GlobaLeaks dalam satu folder.")
        found = sorted(path for path in self.path.iterdir() if path.suffix.lower() in (".zip", ".pgp", ".gpg"))
        if len(found) > ROWS_MAX:
            raise LettersError(f"{self.path}: lebih dari {ROWS_MAX:,} arsip. Pecah menjadi beberapa folder.")
        return found

    def __iter__(self) -> Iterator[tuple[int | str, Mapping[str, str]]]:
        """Yield each archive's name and what was read of it; its faults under ``fault``. Raises LettersError."""
        self.untaken.clear()
        seen: dict[str, str] = {}
        for path in self._archives:
            try:
                found = read_archive(path, self.without)
            except RowFaultsError as error:
                yield path.name, {"fault": error.faults[0].says}
                continue
            if found.closed:
                self.untaken.append(f"{path.name}: sudah ditutup di sana, tidak diambil.")
                continue
            if found.files or found.comments:
                self.untaken.append(
                    f"{path.name}: {found.files} berkas dan {found.comments} komentar tidak diambil. Berkas dapat "
                    "dikirim lewat halaman laporan, dengan kodenya."
                )
            number = found.head["ID"]
            twice = seen.setdefault(number, path.name)
            read = {"number": number, "since": found.head["Date"], "body": found.answers}
            yield path.name, read | ({"fault": f"ID {number} sudah ada di {twice}."} if twice != path.name else {})

    def origin(self, number: int | str, typed: Mapping[str, str]) -> Origin:
        """Return the report's ID there as the origin. Raises RowFaultsError."""
        if "fault" in typed:
            raise RowFaultsError([Fault(number, "", typed["fault"])])
        return Origin(f"globaleaks/{typed['number']}", f"GlobaLeaks #{typed['number']}")

    def report(self, number: int | str, typed: Mapping[str, str]) -> Report:
        """Return an archive as an anonymous report. Raises RowFaultsError."""
        day = _DAY.search(typed["since"])
        copied = COPIED.format(number=typed["number"], since=f", {day[0]}" if day else "")
        body = f"{typed['body']}\n\n{copied}" if typed["body"] else ""
        chosen = {"kind": Kind.PENGADUAN.value, "identity_mode": Mode.ANONIM.value, "body": body}
        return self.letters.report(number, {**self.fields, **chosen})


def read_archive(path: Path, without: frozenset[str] = frozenset()) -> Exported:
    """Return what an archive holds. Raises RowFaultsError."""
    if path.suffix.lower() != ".zip":
        raise _fault(path, LOCKED)
    try:
        with zipfile.ZipFile(path) as archive:
            parts = [part for part in archive.infolist() if not part.is_dir()]
            if any(part.flag_bits & 1 for part in parts):
                raise _fault(path, LOCKED)
            part = next((part for name in TEXTS for part in parts if part.filename == name), None)
            if part is None:
                raise _fault(path, NO_TEXT)
            with archive.open(part) as file:
                raw = file.read(TEXT_MAX + 1)
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError) as error:
        raise _fault(path, "rusak, atau bukan .zip. Ekspor lagi dari GlobaLeaks.") from error
    if len(raw) > TEXT_MAX:
        raise _fault(path, f"{part.filename} lebih dari {TEXT_MAX // 2**20} MB.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _fault(path, f"{part.filename} bukan UTF-8.") from error
    folders = [PurePosixPath(other.filename).parts[0] for other in parts if other is not part]
    return _read_text(path, text.replace("\r\n", "\n").split("\n"), len(folders), without)


def _read_text(path: Path, lines: list[str], files: int, without: frozenset[str]) -> Exported:
    head = {}
    for at, name in enumerate(FIELDS):
        key, colon, value = lines[at].partition(":") if at < len(lines) else ("", "", "")
        if key.strip() != name or not colon:
            raise _fault(path, OTHER.format(line=at + 1, field=name))
        head[name] = value.strip()
    if not _NUMBER.fullmatch(head["ID"]):
        raise _fault(path, OTHER.format(line=1, field="ID"))
    rest = lines[len(FIELDS) :]
    rules = [at for at, line in enumerate(rest) if _RULE.fullmatch(line)]
    if rules:  # their title stands above the first rule
        said = [at for at, line in enumerate(rest[: rules[0]]) if line.strip()]
        rest = rest[: said[-1]] if said else []
    kept = "\n".join(_without(rest, without))
    return Exported(head, re.sub(r"\n{3,}", "\n\n", kept).strip(), files, len(rules))


def _without(lines: list[str], labels: frozenset[str]) -> Iterator[str]:
    """Yield the lines but those of the steps and questions with these labels: a label, and what is indented below."""
    skip = -1
    for line in lines:
        depth = len(line) - len(line.lstrip(" "))
        if not line.strip():
            yield ""
        elif skip >= 0 and depth > skip:
            continue
        else:
            skip = depth if line.strip() in labels else -1
            if skip < 0:
                yield line.rstrip()


def _fault(path: Path, says: str) -> RowFaultsError:
    return RowFaultsError([Fault(path.name, "", says)])
