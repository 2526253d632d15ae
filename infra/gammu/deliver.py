#!/usr/bin/env python3
"""gammu-smsd's RunOnReceive: hands every SMS in the inbox folder to the office, signed, and deletes what was taken.

Run it by a timer as well (infra/office/lapor-gammu.timer): what the office could not take stays in the folder and is
tried again, for a week and longer. It needs nothing but Python, and says nothing of any SMS: exit status 1 where
something stays.

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
DAY = 24 * 3600


def waiting(inbox: Path) -> dict[str, list[Path]]:
    """The SMS in the folder, each with the files of its parts in order. The common name is its id."""
    found: dict[str, list[Path]] = defaultdict(list)
    for path in sorted(inbox.glob("IN*.txt"), key=lambda each: (len(each.name), each.name)):
        if match := NAME.fullmatch(path.name):
            found[match[1]].append(path)
    return found


def deliver(url: str, secret: bytes, name: str, parts: list[Path]) -> bool:
    """Whether the office took it."""
    match = NAME.fullmatch(parts[0].name)
    text = "".join(part.read_bytes().decode("utf-16", "replace") for part in parts)
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
    secret = Path(os.environ.get("SMS_SECRET_FILE", "/var/lib/lapor/keys/sms")).read_bytes().strip()
    oldest = time.time() - int(os.environ.get("LAPOR_AGAIN_DAYS", "7")) * DAY
    left = 0
    for name, parts in waiting(inbox).items():
        if parts[0].stat().st_mtime >= oldest and deliver(url, secret, name, parts):
            for part in parts:
                part.unlink(missing_ok=True)
        else:
            left += 1
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
