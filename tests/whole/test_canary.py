"""A planted identity is found nowhere: every header, cookie, query, field, file name and metadata of whole
conversations carries a canary, then the folder, the temporary folder, the mails, everything printed, and what an
officer reads and downloads are searched for them.

The search itself is proved by planting one where it must be found.
"""

import http.client
import json
import re
import zipfile
from io import BytesIO
from pathlib import Path
from secrets import token_hex
from urllib.parse import urlencode, urlsplit

import pikepdf
import pytest
from click.testing import CliRunner
from PIL import Image
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from functions.cli.main import cli
from tests.contents import contents
from tests.server import Client, Running, running

PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
HEADERS = {
    "User-Agent": "CANARY-agent Mozilla/5.0 (Linux; Android 9; Redmi 7A)",
    "Referer": "https://canary-referer.example.id/",
    "Accept-Language": "id-ID,canary-lang",
    "X-Forwarded-For": "203.0.113.77",
    "X-Real-Ip": "203.0.113.78",
    "Forwarded": "for=203.0.113.79",
    "Via": "1.1 canary-proxy",
    "Cookie": "canary=CANARY-cookie",
    "Traceparent": "00-cafecafecafecafecafecafecafecafe-cafecafecafecafe-01",
    "X-Amzn-Trace-Id": "Root=1-canary-trace",
    "Authorization": "Basic Q0FOQVJZLWF1dGg=",
    "Sec-Ch-Ua-Model": "CANARY-model",
    "From": "canary-from@example.id",
}
HUNTED = [
    "CANARY",
    "canary",
    "203.0.113.7",
    "cafecafecafe",
    "Redmi 7A",
    "Q0FOQVJZLWF1dGg",
]


def send(product: Running, path: str, body: bytes, content_type: str, **more: str) -> tuple[int, bytes]:
    """A request with every canary in its headers and one in its query."""
    connection = http.client.HTTPConnection(urlsplit(product.url).netloc, timeout=30)
    headers = HEADERS | {"Content-Type": content_type, "Accept": "application/json"} | more
    connection.request("POST", f"{path}?utm=CANARY-query", body, headers)
    answer = connection.getresponse()
    status, content = answer.status, answer.read()
    connection.close()
    return status, content


def photo(kind: str = "JPEG") -> bytes:
    out, exif = BytesIO(), Image.Exif()
    exif[0x010F], exif[0x0131] = "CANARY-make", "CANARY-software"
    more = {"comment": b"CANARY-comment"} if kind == "JPEG" else {"xmp": b"<x>CANARY-xmp</x>"}
    Image.new("RGB", (120, 80), "gray").save(out, kind, exif=exif, **more)  # type: ignore[arg-type]
    return out.getvalue() + b"CANARY-trailer"


def document() -> bytes:
    out = BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.docinfo["/Author"] = "CANARY-author"
        with pdf.open_metadata() as meta:
            meta["dc:creator"] = ["CANARY-creator"]
        pdf.save(out)
    return out.getvalue()


def letter() -> bytes:
    """A Word document as small as Word opens, its author named wherever one is."""
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" '
        'ContentType="application/xml"/><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" '
        f'ContentType="{DOCX}.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" Type="{OFFICE}/officeDocument" '
        'Target="word/document.xml"/></Relationships>',
        "docProps/core.xml": "<x>CANARY-core</x>",
        "word/document.xml": f'<w:document xmlns:w="{WORD}"><w:body><w:p w:rsidR="00CANARY"><w:r><w:t>Surat.</w:t></w:r>'
        '<w:ins w:id="1" w:author="CANARY-reviser"><w:r><w:t> Ya.</w:t></w:r></w:ins></w:p></w:body></w:document>',
        "word/comments.xml": f'<w:comments xmlns:w="{WORD}"><w:comment w:author="CANARY-comment"/></w:comments>',
    }
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


FILES = {
    "CANARY-name.jpg": photo(),
    "CANARY-name.webp": photo("WEBP"),
    "CANARY-name.pdf": document(),
    "CANARY-name.docx": letter(),
    "CANARY-name.txt": "Catatan\u200b saya.\n".encode(),
}


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> tuple[Running, list[str]]:
    """A conversation full of canaries, and all that was printed, read after the product has ended."""
    folder = tmp_path_factory.mktemp("canary")
    (folder / "tmp").mkdir()
    with running(folder, TMPDIR=str(folder / "tmp")) as product:
        client = Client(product.url)
        topic = client.get("/dev/directory.json")["topics"][0]["code"]
        fields = {"kind": "pengaduan", "topic": topic, "district": "64.08.04", "body": "Jalan rusak."}
        report = json.dumps(fields | {"submission_key": token_hex(16), "CANARY-field": "CANARY-value"}).encode()
        status, content = send(product, "/api/reports", report, "application/json")
        assert status == 201
        receipt, case_id = (json.loads(content)[name] for name in ("receipt", "tracking_id"))
        for name, raw in FILES.items():
            file = FileStorage(BytesIO(raw), name, content_type="image/canary")
            boundary, body = encode_multipart({"receipt": receipt, "file_key": token_hex(8), "file": file})
            answer = send(product, "/api/thread/files", body, f"multipart/form-data; boundary={boundary}")
            assert answer[0] == 201, (name, answer)
        form = urlencode(fields | {"submission_key": token_hex(16), "CANARY-field": "CANARY-value"}).encode()
        assert send(product, "/api/reports", form, "application/x-www-form-urlencoded", Accept="text/html")[0] == 201
        left = {"identity_mode": "rahasia", "name": "Bunga CANARY", "contact": "canary-contact@contoh.id"}
        secret = json.dumps(fields | left | {"submission_key": token_hex(16)}).encode()
        assert send(product, "/api/reports", secret, "application/json")[0] == 201
        message = {"receipt": receipt, "body": "Halo", "message_key": token_hex(8)}
        assert send(product, "/api/thread/messages", json.dumps(message).encode(), "application/json")[0] == 201
        for path, junk in (
            ("/api/reports", b"{CANARY"),
            ("/api/thread", b'{"receipt": "CANARY"}'),
            ("/desk/x", b"CANARY"),
        ):
            assert send(product, path, junk, "application/json")[0] >= 400
        assert send(product, "/api/reports", b"CANARY" * 200_000, "text/canary")[0] in (413, 415)
        assert client.token()
        mails = [json.dumps(mail) for mail in client.mails()]
        read = as_officer(product, case_id)
    return product, [*product.lines, *mails, *read]


def as_officer(product: Running, case_id: str) -> list[str]:
    """What an officer reads of the case, and every file of it that he downloads."""
    client = Client(product.url)
    client.csrf = client.post("/desk/session", {"token": client.token()})["csrf"]
    case = client.get(f"/desk/cases/{case_id}")
    files = [file["n"] for message in case["messages"] for file in message["files"]]
    assert len(files) == len(FILES)
    return [json.dumps(case), *(client.raw(f"/desk/cases/{case_id}/files/{n}") for n in files)]


def found(texts: list[str], folder: Path) -> list[tuple[str, str]]:
    """Where any of the hunted stands: (which, where)."""
    hits = [(hunted, text[:80]) for text in texts for hunted in HUNTED if hunted in text]
    for path, content in contents(folder):
        hits += [(hunted, str(path)) for hunted in HUNTED if hunted.encode() in content]
        hits += [(hunted, f"name of {path}") for hunted in HUNTED if hunted in path.name]
    return hits


def test_no_canary_is_found_anywhere(spoken: tuple[Running, list[str]]) -> None:
    product, texts = spoken
    assert found(texts, product.folder) == []


def test_no_canary_is_in_the_audit_trail(spoken: tuple[Running, list[str]]) -> None:
    product, _ = spoken
    environ = {"DATA_DIR": str(product.folder)}
    anchored = CliRunner().invoke(cli, ["audit", "anchor"], env=environ)
    exported = CliRunner().invoke(cli, ["audit", "export", "kutim"], env=environ)
    checked = CliRunner().invoke(cli, ["audit", "verify", "kutim"], env=environ)
    assert [done.exit_code for done in (anchored, exported, checked)] == [0, 0, 0], checked.output
    # columns, reports, files, a message, an identity that was left
    assert len(exported.stdout.splitlines()) == 1 + 3 + len(FILES) + 1 + 1
    assert found([done.output for done in (anchored, exported, checked)], product.folder) == []


def test_no_time_of_day_was_printed(spoken: tuple[Running, list[str]]) -> None:
    product, _ = spoken
    assert not [line for line in product.lines if re.search(r"\d\d:\d\d:\d\d", line)]


def test_the_search_finds_what_is_there(spoken: tuple[Running, list[str]], tmp_path: Path) -> None:
    _, texts = spoken
    (tmp_path / "log").write_text("203.0.113.77 - GET /")
    assert found([*texts, "agent: CANARY-agent"], tmp_path)[0][0] == "CANARY"
    assert ("203.0.113.7", str(tmp_path / "log")) in found([], tmp_path)
