"""The whole story by JSON, from outside, on each store: report → mail → link → hand over → reply → answer →
close → "belum selesai" → reopened → closed → confirmed and rated. And what must not be seen on the way."""

import json
import re
import signal
from collections.abc import Iterator
from pathlib import Path
from secrets import choice, token_hex

import pytest

from functions.config.readers import STORES
from tests.engines import ministack
from tests.server import Client, Running, free_port, running, wait_for

AWS = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local", "AWS_DEFAULT_REGION": "ap-southeast-3"}


@pytest.fixture(scope="module", params=STORES)
def product(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp(request.param)
    if request.param != "dynamodb":
        with running(folder, STORE=request.param) as product:
            yield product
        return
    with ministack.serve() as endpoint, running(folder, STORE="dynamodb", AWS_ENDPOINT_URL=endpoint, **AWS) as product:
        yield product


PARTS = ("baut", "besi", "beton", "cat", "kabel", "kawat", "kayu", "kunci", "lampu", "panel", "pipa", "semen", "tiang")


def mark() -> str:
    """Words that stand so nowhere else. A code would be masked as a home, now and then, by one of two releases."""
    return " ".join(choice(PARTS) for _ in range(6))


def report(client: Client, **changes: str) -> dict[str, str]:
    topic = client.get("/dev/directory.json")["topics"][0]["code"]
    fields = {
        "kind": "pengaduan",
        "topic": topic,
        "district": "64.08.04",
        "body": f"Lampu jalan mati. Tanda {mark()}.",
        "submission_key": token_hex(16),
    }
    return fields | changes


def sign_in(client: Client, token: str) -> Client:
    officer = Client(client.url)
    officer.csrf = officer.post("/desk/session", {"token": token})["csrf"]
    return officer


def test_the_whole_story(product: Running) -> None:
    reporter = Client(product.url)
    before = len(reporter.mails())
    fields = report(reporter)
    sent = reporter.post("/api/reports", fields, 201)
    assert reporter.post("/api/reports", fields, 200) == sent
    assert list(reporter.jar) == []
    receipt, case_id, words = sent["receipt"], sent["tracking_id"], fields["body"]
    thread = reporter.post("/api/thread", {"receipt": receipt})
    assert thread["messages"][0]["body"] == words
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", message["on"]) for message in thread["messages"])

    coordinator = sign_in(reporter, reporter.token(before))
    assert words not in json.dumps(reporter.mails())
    view = coordinator.get(f"/desk/cases/{case_id}")
    assert view["messages"][0]["body"] == words
    assert not re.search(r'"(channel|device|user_agent|ip)"|\d\d:\d\d', json.dumps(view))
    assert Client(product.url).call("GET", f"/desk/cases/{case_id}")[0] == 401

    unit = view["routing"]["proposed"]
    email = next(o["email"] for o in reporter.get("/dev/directory.json")["officers"] if o["agency"] == unit)
    since = len(reporter.mails())
    coordinator.post(f"/desk/cases/{case_id}/handover", {"agency": unit, "reason": "Kewenangan dinas ini."})
    officer = sign_in(reporter, reporter.token(since, email))
    assert words not in json.dumps(coordinator.get(f"/desk/cases/{case_id}"))

    path = f"/desk/cases/{case_id}"
    officer.post(f"{path}/messages", {"body": "Kami periksa besok.", "message_key": token_hex(8)}, 201)
    reporter.post(
        "/api/thread/messages", {"receipt": receipt, "body": "Terima kasih.", "message_key": token_hex(8)}, 201
    )
    thread = reporter.post("/api/thread", {"receipt": receipt})
    assert [m["from"] for m in thread["messages"]] == ["pelapor", "sistem", "petugas", "pelapor"]
    assert officer.post(f"{path}/close", {"outcome": "dijelaskan", "reason": "Diganti besok."})["stage"] == "selesai"
    reopened = reporter.post("/api/thread/verdict", {"receipt": receipt, "verdict": "belum", "reason": "Masih mati."})
    assert reopened["stage"] == "diproses"
    officer.post(f"{path}/close", {"outcome": "dijelaskan", "reason": "Sudah menyala."})
    done = reporter.post("/api/thread/verdict", {"receipt": receipt, "verdict": "selesai", "rating": 5})
    assert done["stage"] == "selesai"
    assert reporter.post("/api/thread", {"receipt": receipt})["actions"] == ["withdraw"]
    # handed over, wrote, reopened, confirmed
    assert wait_for(lambda: len(reporter.mails(since, email)) == 4), reporter.mails(since, email)


@pytest.mark.long
def test_what_was_acknowledged_survives_kill_minus_nine(tmp_path: Path) -> None:
    """Started again on the same folder, the receipt opens its case and the mail comes."""
    port = free_port()
    first = Running(tmp_path / "data", port, {}, [])
    first.wait_ready()
    client = Client(first.url)
    fields = report(client)
    sent = client.post("/api/reports", fields, 201)
    first.kill(signal.SIGKILL)
    with running(tmp_path / "data", port=port) as again:
        client = Client(again.url)
        assert client.post("/api/reports", fields, 200) == sent
        assert client.post("/api/thread", {"receipt": sent["receipt"]})["messages"][0]["body"] == fields["body"]
        assert client.token()
