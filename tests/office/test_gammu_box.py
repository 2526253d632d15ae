"""A gammu box of an office in the cloud: what the courier posts lies in gammu-smsd's spool, from who bears the token."""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from functions.delivery.interface import DeliveryError, Text
from functions.delivery.sms import GammuTexter, HttpTexter
from tests.server import ROOT, free_port, wait_for

TOKEN = "Bearer kenari-rahasia-kotak"
TEXT = Text("+6281200000017", 'Sudah "selesai" é', "a" * 32)


@pytest.fixture
def box(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """Where it listens, and its spool."""
    spool, port = tmp_path / "outbox", free_port()
    spool.mkdir()
    (tmp_path / "token").write_text(TOKEN + "\n")
    told = {"SMS_PORT": str(port), "SMS_SPOOL": str(spool), "SMS_TOKEN_FILE": str(tmp_path / "token")}
    process = subprocess.Popen(
        [sys.executable, ROOT / "infra" / "gammu" / "send.py"],
        env=os.environ | told,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    url = f"http://127.0.0.1:{port}/"
    try:
        assert wait_for(lambda: post(url, b"") == 401)
        yield url, spool
    finally:
        process.terminate()
        printed, _ = process.communicate(timeout=30)
    assert printed == ""  # no line of any SMS


def post(url: str, body: bytes, token: str = "") -> int:
    request = urllib.request.Request(url, body, {"Authorization": token})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except urllib.error.URLError:
        return 0


def test_what_the_courier_posts_lies_in_the_spool_as_the_office_itself_puts_it(
    box: tuple[str, Path], tmp_path: Path
) -> None:
    url, spool = box
    for _ in range(2):  # a second try takes the place of the first
        HttpTexter(url, TOKEN).send(TEXT)
    (own := tmp_path / "own").mkdir()
    GammuTexter(own).send(TEXT)
    assert [(p.name, p.read_bytes()) for p in spool.iterdir()] == [(p.name, p.read_bytes()) for p in own.iterdir()]
    assert all(path.stat().st_mode & 0o007 == 0 for path in spool.iterdir())


def test_who_does_not_bear_the_token_is_not_heard(box: tuple[str, Path]) -> None:
    url, spool = box
    for token in ("", TOKEN[:-1], "Bearer é"):
        with pytest.raises(DeliveryError, match="sms_refused"):
            HttpTexter(url, token.encode().decode("latin-1")).send(TEXT)
    assert list(spool.iterdir()) == []


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"to": "0812"}, 422),
        ({"to": "+62812/../../x"}, 422),
        ({"id": "../x"}, 422),
        ({"text": ""}, 422),
        ({"text": "x" * 1001}, 422),
        ({"text": "x" * 20_000}, 413),
    ],
)
def test_what_is_no_sms_is_refused(box: tuple[str, Path], changes: dict[str, str], status: int) -> None:
    url, spool = box
    body = {"id": TEXT.message_id, "to": TEXT.to, "text": TEXT.text} | changes
    assert post(url, json.dumps(body).encode(), TOKEN) == status
    assert post(url, b"[1", TOKEN) == 422
    assert list(spool.iterdir()) == []


def test_a_spool_that_is_gone_is_tried_again(box: tuple[str, Path]) -> None:
    url, spool = box
    spool.rmdir()
    with pytest.raises(DeliveryError) as raised:
        HttpTexter(url, TOKEN).send(TEXT)
    assert raised.value.lasting is False


def test_it_does_not_start_with_a_token_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("pendek\n")
    done = subprocess.run(
        [sys.executable, ROOT / "infra" / "gammu" / "send.py"],
        env=os.environ | {"SMS_TOKEN_FILE": str(tmp_path / "token")},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert (done.returncode, "shorter than" in done.stderr) == (1, True)
