"""A real gammu-smsd with its dummy phone beside the running product: an SMS in, a case, an officer's answer, an SMS out."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.server import Client, Running, running, wait_for

ROOT = Path(__file__).parents[2]
DELIVER = ROOT / "infra" / "gammu" / "deliver.py"
NUMBER = "+6281200000017"
WORDS = "LAPOR lampu jalan di Sangatta Selatan mati, “gelap” sekali"


def arriving(text: str) -> str:
    """An SMS in the dummy phone, as gammu keeps them (SMSBackup)."""
    coded = text.encode("utf-16-be").hex().upper()
    lines = ["[SMSBackup000]", 'SMSC = "+628110000000"', "DateTime = 20261125T101500", "State = UnRead"]
    lines += [f'Number = "{NUMBER}"', 'Name = ""']
    lines += [f"Text{at // 200:02d} = {coded[at : at + 200]}" for at in range(0, len(coded), 200)]
    lines += ["Coding = Default" if text.isascii() else "Coding = Unicode_No_Compression", "Folder = 1"]
    lines += [f"Length = {len(text)}", "Class = -1", "ReplySMSC = False", "RejectDuplicates = False"]
    return "\r\n".join([*lines, "ReplaceMessage = 0", "MessageReference = 0", ""])


@contextmanager
def smsd(folder: Path, product: Running) -> Iterator[None]:
    """The shipped configuration with the dummy phone and these folders; what was sent is kept, to be looked at."""
    shipped = (ROOT / "infra" / "gammu" / "smsdrc").read_text()
    changes = {
        "device": folder / "phone",
        "connection": "none\nmodel = dummy",
        "inboxpath": f"{folder}/inbox/",
        "outboxpath": f"{folder}/outbox/",
        "sentsmspath": f"{folder}/sent/",
        "errorsmspath": f"{folder}/error/",
        "logfile": folder / "log",
        "RunOnReceive": folder / "deliver",
    }
    for name, value in changes.items():
        shipped, count = re.subn(rf"(?m)^{name} = .*$", f"{name} = {value}", shipped)
        assert count == 1, name
    (folder / "smsdrc").write_text(shipped + "commtimeout = 1\n")
    script = folder / "deliver"
    secret = product.folder / "keys" / "sms"
    environ = f"LAPOR_URL={product.url} SMS_SECRET_FILE={secret} SMS_INBOX={folder}/inbox"
    script.write_text(f'#!/bin/sh\nexec env {environ} {sys.executable} {DELIVER} "$@"\n')
    script.chmod(0o755)
    program = shutil.which("gammu-smsd", path=os.environ["PATH"] + ":/usr/sbin")
    assert program, "the tests need gammu-smsd; make test installs it"
    process = subprocess.Popen([program, "-c", str(folder / "smsdrc")], stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)


def sent(folder: Path) -> list[str]:
    """What left by the phone to the number."""
    return [path.read_bytes().decode("utf-16") for path in sorted((folder / "sent").glob(f"OUT*{NUMBER}*"))]


@pytest.mark.long
def test_an_sms_becomes_a_case_and_the_officers_answer_an_sms(tmp_path: Path) -> None:
    folder = tmp_path / "gammu"
    for name in ("phone/sms/1", "inbox", "outbox", "sent", "error"):
        (folder / name).mkdir(parents=True)
    with running(tmp_path / "data", SMS="gammu", SMS_SPOOL=str(folder / "outbox")) as product, smsd(folder, product):
        (folder / "phone" / "sms" / "1" / "1").write_text(arriving(WORDS))
        assert wait_for(lambda: sent(folder), 60), (folder / "log").read_text()
        first = sent(folder)[0]
        receipt = re.search(r"(?:[0-9A-Z]{5}-){4}[0-9A-Z]{5}", first)
        assert receipt, first
        assert wait_for(lambda: not list((folder / "inbox").iterdir()))  # taken away once the office has it
        client = Client(product.url)
        thread = client.post("/api/thread", {"receipt": receipt[0]})
        assert thread["messages"][0]["body"] == WORDS.removeprefix("LAPOR ")
        coordinator, officer, case = Client(product.url), Client(product.url), f"/desk/cases/{thread['tracking_id']}"
        coordinator.csrf = coordinator.post("/desk/session", {"token": coordinator.token()})["csrf"]
        coordinator.post(f"{case}/handover", {"agency": "kutim-dpupr", "reason": "Kewenangan dinas."})
        officers = client.get("/dev/directory.json")["officers"]
        email = next(each["email"] for each in officers if each["agency"] == "kutim-dpupr")
        officer.csrf = officer.post("/desk/session", {"token": officer.token(to=email)})["csrf"]
        answer = {"body": "Di tiang nomor berapa? “Terima kasih”", "message_key": "a" * 32}
        officer.post(f"{case}/messages", answer, 201)
        wanted = 'Di tiang nomor berapa? "Terima kasih"'
        assert wait_for(lambda: wanted in sent(folder), 60), sent(folder)
        assert wait_for(lambda: not list((folder / "outbox").glob("OUT*")), 60)
    assert not any(NUMBER in line or "Sangatta" in line for line in product.lines)


def test_what_the_office_cannot_take_stays_in_the_folder(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"s" * 64)
    for n, text in enumerate(("LAPOR satu ", "dua")):
        (tmp_path / f"IN20261125_101500_00_{NUMBER}_{n:02d}.txt").write_bytes(text.encode("utf-16"))
    environ = {
        "LAPOR_URL": "http://127.0.0.1:9",
        "SMS_INBOX": str(tmp_path),
        "SMS_SECRET_FILE": str(tmp_path / "secret"),
    }
    done = subprocess.run(
        [sys.executable, DELIVER], env=os.environ | environ, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "")
    assert len(list(tmp_path.glob("IN*"))) == 2
