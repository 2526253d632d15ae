"""The receipts of letters as one page to print: an A6 sheet each, with the row's number and nothing else of the letter.

The file also keeps the run's secret, from which every row's submission key and receipt follow. It is written before the
first letter is sent, so the same command finishes an interrupted run without duplicates. The file holds the receipts
anyway: the secret adds nothing to that, and is kept nowhere else.
"""

import hmac
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from secrets import token_hex
from typing import TextIO

from functions.casework.receipt import Receipt
from functions.cli.letters.cells import LettersError
from functions.web.qr import qr

SECRET_BYTES = 32
KEY_BYTES = 16
_SECRET = re.compile(rf'<meta name="lapor-surat" content="([0-9a-f]{{{2 * SECRET_BYTES}}})">')
_SECTIONS = re.compile(r'(<section>.*?<p class="code">(.*?)</p>.*?</section>\n)', re.DOTALL)
_HEAD = """<!doctype html>
<html lang="id"><head><meta charset="utf-8"><title>Kode surat</title>
<meta name="lapor-surat" content="{secret}">
<style>
@page{{size:105mm 148mm;margin:8mm}}
body{{margin:0;font:11pt/1.45 system-ui,sans-serif;color:#000;background:#fff;text-align:center}}
section{{box-sizing:border-box;height:131mm;break-after:page;break-inside:avoid;overflow:hidden}}
p{{margin:0 0 3mm}} .row{{text-align:right;font-size:9pt}} h1{{margin:0;font-size:11pt}}
.code{{font:700 22pt/1.35 ui-monospace,Menlo,Consolas,monospace;letter-spacing:.04em}} svg{{width:46mm;height:46mm}}
</style></head><body>
"""
_SHEET = """<section><p class="row">{label}</p><h1>Lapor Anonim<br>Kode laporan Anda</h1>
<p class="code">{code}</p>{qr}
<p>Pindai kotak ini, atau buka alamat ini dan ketik kodenya:<br><strong>{address}</strong></p>
<p>Jangan berikan kode ini kepada siapa pun, juga tidak kepada petugas.</p></section>
"""
_FOOT = "</body></html>\n"


@dataclass(frozen=True, slots=True, repr=False)
class Papers:
    """The file of one run. ``url`` is where the portal is reached."""

    path: Path
    secret: bytes
    url: str

    def key(self, name: str) -> bytes:
        """Return the submission key of an origin's name, the same in every run with this file."""
        return hmac.digest(self.secret, f"lapor/1/{name}".encode(), "sha256")[:KEY_BYTES]

    @contextmanager
    def writing(self) -> Iterator["Sheets"]:
        """Write the sheets again beside the file, and replace it at the end. A sheet of an earlier run whose report
        the table no longer holds stays, also where that run was cut short: nobody else has its code."""
        beside = self.path.with_name(f"{self.path.name}.baru")
        standing = [path.read_text(encoding="utf-8", errors="replace") for path in (self.path, beside) if path.exists()]
        ours = "".join(text for text in standing if self.secret.hex() in text)
        earlier = {code: section for section, code in _SECTIONS.findall(ours)}
        if beside.exists():  # this run may be cut short too
            self._put(earlier)
            beside.unlink()
        with _private(beside) as file:
            file.write(_HEAD.format(secret=self.secret.hex()))
            sheets = Sheets(file, self.url)
            try:
                yield sheets
            finally:  # what was sent until then is there, whatever the next table holds
                file.writelines(section for code, section in earlier.items() if code not in sheets.codes)
                file.write(_FOOT)
                _safe(file)
                beside.replace(self.path)

    def _put(self, sections: Mapping[str, str]) -> None:
        """Put a file of these sheets in place of the one that is there."""
        whole = self.path.with_name(f"{self.path.name}.utuh")
        whole.unlink(missing_ok=True)
        with _private(whole) as file:
            file.write(_HEAD.format(secret=self.secret.hex()) + "".join(sections.values()) + _FOOT)
            _safe(file)
        whole.replace(self.path)


@dataclass(frozen=True, slots=True, repr=False)
class Sheets:
    """An open file of sheets."""

    file: TextIO
    url: str
    codes: set[str] = field(default_factory=set)

    def add(self, label: str, receipt: Receipt) -> None:
        """Add one report's sheet."""
        there = f"{self.url}/lacak/"
        address = there.partition("://")[2]
        code = " ".join(receipt.groups[:3]) + "<br>" + " ".join(receipt.groups[3:])
        self.file.write(
            _SHEET.format(label=escape(label), code=code, qr=qr(f"{there}#", str(receipt)), address=address)
        )
        self.file.flush()
        self.codes.add(code)  # last: stopped before, the sheet of an earlier run stays


def papers_of(letters: Path) -> Path:
    """Return the file of the sheets: beside the file of letters, so that a second run finds it."""
    return letters.with_name(f"{letters.stem}-kode.html")


def open_papers(letters: Path, url: str) -> Papers:
    """Return the sheets of an earlier run, or a new file with its own secret, synced to disk. Raises LettersError."""
    path = papers_of(letters)
    try:
        if path.exists():
            with path.open(encoding="utf-8", errors="replace") as file:
                found = _SECRET.search(file.read(4096))
            if found is None:
                raise LettersError(f"{path} bukan berkas kode dari perintah ini. Pindahkan dulu.")
            return Papers(path, bytes.fromhex(found[1]), url)
        secret = token_hex(SECRET_BYTES)
        with _private(path) as file:
            file.write(_HEAD.format(secret=secret) + _FOOT)
            _safe(file)
    except OSError as error:
        raise LettersError(f"{path}: tidak dapat ditulis ({error.strerror}). Belum ada yang terkirim.") from error
    return Papers(path, bytes.fromhex(secret), url)


@contextmanager
def _private(path: Path) -> Iterator[TextIO]:
    """Open a new file that only its owner reads."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        yield file


def _safe(file: TextIO) -> None:
    file.flush()
    os.fsync(file.fileno())
