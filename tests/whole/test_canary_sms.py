"""Number and words of SMS, and an officer's answer to one, are found nowhere but at the aggregator that sends them: not in
what the running product printed, kept, mailed, or writes out of its trail."""

import json
import re
import time
import urllib.request
from pathlib import Path

import pytest
from click.testing import CliRunner

from functions.cli.main import cli
from functions.gateway.signature import HEADER, sign
from tests.aggregator import aggregator
from tests.contents import contents
from tests.server import Client, Running, running, wait_for

NUMBER = "+6281200000017"
HUNTED = ("81200000017", "kenari", "Kenari")
CODE = re.compile(r"(?:[0-9A-Z]{5}-){4}[0-9A-Z]{5}")


def send(product: Running, text: str, **more: str) -> int:
    """A delivery as a gateway makes it, with canaries where no reader looks."""
    body = json.dumps(
        {"gateway_id": f"kenari-{text}", "from": NUMBER, "text": text, "kenari": "Kenari", **more}
    ).encode()
    secret = (product.folder / "keys" / "sms").read_bytes().strip()
    headers = {HEADER: sign(secret, body, int(time.time())), "Content-Type": "application/json", "X-Kenari": NUMBER}
    request = urllib.request.Request(product.url + "/api/sms/inbound?kenari=1", body, headers)
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30) as answer:
        status: int = answer.status
        return status


def found(texts: list[str], folder: Path) -> list[tuple[str, str]]:
    """Where any of the hunted stands: (which, where)."""
    hits = [(hunted, text[:80]) for text in texts for hunted in HUNTED if hunted in text]
    for path, content in contents(folder):
        hits += [(hunted, str(path)) for hunted in HUNTED if hunted.encode() in content or hunted in path.name]
    return hits


@pytest.mark.long
def test_nothing_of_an_sms_stays_readable(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with aggregator(200) as (url, sent), running(folder, SMS="http", SMS_URL=url) as product:
        assert send(product, "LAPOR Burung kenari di lapangan") == 202
        assert send(product, "LAPOR separuh kenari", reference="1", part="1", parts="2") == 202
        assert wait_for(lambda: sent)
        receipt = CODE.search(sent[0][1]["text"])
        assert receipt
        client, officer = Client(product.url), Client(product.url)
        case_id = client.post("/api/thread", {"receipt": receipt[0]})["tracking_id"]
        officer.csrf = officer.post("/desk/session", {"token": officer.token()})["csrf"]
        body = {"agency": "kutim-dpupr", "reason": "Urusan burung Kenari"}
        officer.post(f"/desk/cases/{case_id}/handover", body)
        assert wait_for(lambda: len(sent) > 1)
        page = json.dumps(officer.get("/desk/"))
        mails = [json.dumps(mail) for mail in client.mails()]
        trail = CliRunner().invoke(cli, ["audit", "export", "kutim"], env={"DATA_DIR": str(folder)})
        assert trail.exit_code == 0
        assert found([*product.lines, *mails, page, trail.output], folder) == []
    assert {each["to"] for _, each in sent} == {NUMBER}
    assert found(list(product.lines), folder) == []
    assert "sms" not in trail.output.replace(case_id, "").lower()  # three signs that a number may have by chance


def test_the_search_finds_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "log").write_text(f"from {NUMBER}")
    assert found(["burung kenari"], tmp_path) == [("kenari", "burung kenari"), (HUNTED[0], str(tmp_path / "log"))]
