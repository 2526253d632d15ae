"""A planted identity is found nowhere: every header, cookie, query and file name of a whole conversation carries a
canary of its own, then the folder, the mails and everything printed are searched for them.

The search itself is proved by planting one where it must be found.
"""

import http.client
import json
import re
from io import BytesIO
from pathlib import Path
from secrets import token_hex
from urllib.parse import urlsplit

import pytest
from PIL import Image
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from tests.server import Client, Running, running

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


def photo() -> bytes:
    out, exif = BytesIO(), Image.Exif()
    exif[0x010F], exif[0x0131] = "CANARY-make", "CANARY-software"
    Image.new("RGB", (120, 80), "gray").save(out, "JPEG", exif=exif, comment=b"CANARY-comment")
    return out.getvalue()


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> tuple[Running, list[str]]:
    """A conversation full of canaries, and all that was printed, read after the product has ended."""
    folder = tmp_path_factory.mktemp("canary")
    with running(folder) as product:
        client = Client(product.url)
        topic = client.get("/dev/directory.json")["topics"][0]["code"]
        fields = {"kind": "pengaduan", "topic": topic, "district": "64.08.04", "body": "Jalan rusak."}
        report = json.dumps(fields | {"submission_key": token_hex(16), "CANARY-field": "CANARY-value"}).encode()
        status, content = send(product, "/api/reports", report, "application/json")
        assert status == 201
        receipt = json.loads(content)["receipt"]
        file = FileStorage(BytesIO(photo()), "CANARY-name.jpg", content_type="image/canary")
        boundary, body = encode_multipart({"receipt": receipt, "file_key": token_hex(8), "file": file})
        assert send(product, "/api/thread/files", body, f"multipart/form-data; boundary={boundary}")[0] == 201
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
    return product, [*product.lines, *mails]


def found(texts: list[str], folder: Path) -> list[tuple[str, str]]:
    """Where any of the hunted stands: (which, where)."""
    hits = [(hunted, text[:80]) for text in texts for hunted in HUNTED if hunted in text]
    for path in (path for path in folder.rglob("*") if path.is_file()):
        content = path.read_bytes()
        hits += [(hunted, str(path)) for hunted in HUNTED if hunted.encode() in content]
        hits += [(hunted, f"name of {path}") for hunted in HUNTED if hunted in path.name]
    return hits


def test_no_canary_is_found_anywhere(spoken: tuple[Running, list[str]]) -> None:
    product, texts = spoken
    assert found(texts, product.folder) == []


def test_no_time_of_day_was_printed(spoken: tuple[Running, list[str]]) -> None:
    product, _ = spoken
    assert not [line for line in product.lines if re.search(r"\d\d:\d\d:\d\d", line)]


def test_the_search_finds_what_is_there(spoken: tuple[Running, list[str]], tmp_path: Path) -> None:
    _, texts = spoken
    (tmp_path / "log").write_text("203.0.113.77 - GET /")
    assert found([*texts, "agent: CANARY-agent"], tmp_path)[0][0] == "CANARY"
    assert ("203.0.113.7", str(tmp_path / "log")) in found([], tmp_path)
