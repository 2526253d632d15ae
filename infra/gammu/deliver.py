#!/usr/bin/env python3
"""gammu-smsd's RunOnReceive: hands every SMS in the inbox folder to the office, signed, and deletes what was taken.

Run it by a timer as well (infra/office/lapor-gammu.timer): what the office could not take stays in the folder and is
tried again, for a week and longer. It needs nothing but Python, and says nothing of any SMS: exit status 1 where
something stays. Two runs at once take nothing twice.

gammu names each part of a long SMS after the second in which the network took that part, and tells RunOnReceive, as
arguments, which files are one SMS. They get the name of the first, so that a later run knows as well. What was written
a moment ago is left to that.

From the environment: LAPOR_URL (http://127.0.0.1:8000), SMS_SECRET_FILE (/var/lib/lapor/keys/sms), SMS_INBOX
(/var/spool/gammu/inbox), LAPOR_AGAIN_DAYS (7: older SMS are left alone, for a person to look at).
"""

import hmac
import json
import os
import re
import sys
import time
import urllib.error
import urllib.request
from collections import defaultdict
from pathlib import Path

NAME = re.compile(r"(IN\d{8}_\d{6}_\d+_(.+))_(\d+)\.txt", re.ASCII)
TIMEOUT_SECONDS = 30
YOUNG_SECONDS = 60
DAY = 24 * 3600


def waiting(inbox: Path) -> dict[str, list[Path]]:
    """The SMS in the folder, each with the files of its parts in order. The common name is its id."""
    found: dict[str, list[Path]] = defaultdict(list)
    for path in sorted(inbox.glob("IN*.txt"), key=lambda each: (len(each.name), each.name)):
        if match := NAME.fullmatch(path.name):
            found[match[1]].append(path)
    return found


def joined(inbox: Path, names: list[str]) -> str:
    """Give the files of one SMS, which gammu named in order, a common name. Returns it, "" if there is none."""
    found = [match for match in map(NAME.fullmatch, names) if match]
    for match in found[1:]:
        if match[1] != found[0][1]:
            (inbox / match[0]).replace(inbox / f"{found[0][1]}_{match[3]}.txt")
    return found[0][1] if found else ""


def taken(url: str, secret: bytes, name: str, parts: list[Path], since: float, until: float) -> bool:
    """Whether an SMS that was written between these times is with the office, by this run or another."""
    try:
        written = [part.stat().st_mtime for part in parts]
        if min(written) < since or max(written) > until or not deliver(url, secret, name, parts):
            return False
        for part in parts:
            part.unlink(missing_ok=True)
    except FileNotFoundError:  # another run took it
        return True
    except OSError:  # its text would name the number
        return False
    return True


def deliver(url: str, secret: bytes, name: str, parts: list[Path]) -> bool:
    """Whether the office took it."""
    match = NAME.fullmatch(parts[0].name)
    halves = (part.read_bytes() for part in parts)  # a part may end within a character
    text = "".join(each[: len(each) // 2 * 2].decode("utf-16", "surrogatepass") for each in halves)
    body = json.dumps({"gateway_id": name, "from": match[2] if match else "", "text": text}).encode()
    now = str(int(time.time()))
    mac = hmac.digest(secret, now.encode() + b"." + body, "sha256").hex()
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    headers["X-Lapor-Signature"] = f"t={now},v1={mac}"
    request = urllib.request.Request(f"{url}/api/sms/inbound", body, headers)  # noqa: S310 - ops sets the address
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=TIMEOUT_SECONDS) as answer:
            return bool(answer.status == 202)  # noqa: PLR2004 - RFC 9110 §15.3.3
    except (urllib.error.URLError, OSError):
        return False


def main() -> int:
    """Deliver all that waits. Returns the exit status."""
    url = os.environ.get("LAPOR_URL", "http://127.0.0.1:8000")
    inbox = Path(os.environ.get("SMS_INBOX", "/var/spool/gammu/inbox"))
    try:
        fresh = joined(inbox, sys.argv[1:])  # before all that may fail: no later run learns of it
    except OSError:
        fresh = ""
    secret = Path(os.environ.get("SMS_SECRET_FILE", "/var/lib/lapor/keys/sms")).read_bytes().strip()
    now = time.time()
    oldest = now - int(os.environ.get("LAPOR_AGAIN_DAYS", "7")) * DAY
    left = 0
    for name, parts in waiting(inbox).items():
        until = float("inf") if name == fresh else now - YOUNG_SECONDS
        left += not taken(url, secret, name, parts, oldest, until)
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
