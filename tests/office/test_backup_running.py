"""A backup taken while people write: what was reported before is in it, what comes meanwhile is in it whole or not at
all, and the office restored from it opens every receipt and lets its officers in."""

import json
import os
import subprocess
import sys
import threading
from io import BytesIO
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from functions.cli.archive import AGE
from tests.server import ROOT, Client, running
from tests.whole.started import WORDS, fields
from tests.whole.test_canary import photo, send

PASSPHRASE = "kuda-besi-berlari-malam"


def cli(folder: Path, *arguments: str, ends: int = 0) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "functions.cli", *arguments],
        cwd=ROOT,
        env={**os.environ, "DATA_DIR": str(folder), "BACKUP_PASSPHRASE": PASSPHRASE},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == ends, done.stderr
    return done.stdout + done.stderr


def attach(url: str, receipt: str) -> None:
    parts = {"receipt": receipt, "file_key": token_hex(8), "file": FileStorage(BytesIO(photo()), "a.jpg")}
    boundary, body = encode_multipart(parts)
    product: Any = type("Product", (), {"url": url})
    assert send(product, "/api/thread/files", body, f"multipart/form-data; boundary={boundary}")[0] == 201


@pytest.mark.long
def test_an_office_is_backed_up_while_people_write_and_opens_every_receipt_again(tmp_path: Path) -> None:
    archive, again = tmp_path / "office.cadangan", tmp_path / "again"
    sent: list[dict[str, str]] = []
    with running(tmp_path / "data") as product:
        client = Client(product.url)
        before = [client.post("/api/reports", fields(), 201) for _ in range(3)]
        attach(product.url, before[0]["receipt"])
        ended = threading.Event()

        def write() -> None:
            while not ended.wait(0.1):  # without pauses, a slow machine has hundreds to read again
                sent.append(Client(product.url).post("/api/reports", fields(), 201))

        writers = [threading.Thread(target=write) for _ in range(2)]
        for writer in writers:
            writer.start()
        said = cli(tmp_path / "data", "backup", str(archive))
        ended.set()
        for writer in writers:
            writer.join()
        known = len(sent)
        token = client.token()
        # Restored elsewhere while the office runs, and refused where it runs: nothing of it is touched.
        cli(again, "restore", str(archive))
        assert "is not empty" in cli(tmp_path / "data", "restore", str(archive), ends=1)
        for report in (before[0], client.post("/api/reports", fields(), 201)):
            assert client.post("/api/thread", {"receipt": report["receipt"]})["messages"][0]["body"] == WORDS
    assert archive.read_bytes().startswith(AGE)
    assert known > 3  # or nothing was tried
    with running(again) as product:
        client = Client(product.url)
        for report in before:
            view = client.post("/api/thread", {"receipt": report["receipt"]})
            assert view["messages"][0]["body"] == WORDS
        files = client.post("/api/thread", {"receipt": before[0]["receipt"]})["messages"][1]["files"]
        assert len(files) == 1
        found = 0
        for report in sent:
            status, view = client.call("POST", "/api/thread", {"receipt": report["receipt"]})
            assert status in (200, 404)
            if status == 200:
                assert view["messages"][0]["body"] == WORDS
                found += 1
        assert f": {len(before) + found} cases, 1 files" in said
        session = client.post("/desk/session", {"token": token})
        client.csrf = session["csrf"]
        assert client.get(f"/desk/cases/{before[0]['tracking_id']}")["messages"][0]["body"] == WORDS
        assert client.post("/api/reports", fields(), 201)
    assert "!!" not in cli(again, "doctor")
    assert json.loads((again / "keys" / "public.json").read_text())
