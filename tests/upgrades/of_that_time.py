"""Runs in a checkout of an older release, by its own code: reports that a browser of that time sealed and did not send.

``python of_that_time.py DATA_DIR BASE_URL`` prints ``{sealed, waiting}``; each is null where that release had none.
"""

import json
import sys
import urllib.request
from base64 import b64decode, b64encode
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex
from typing import Any

sys.path.insert(0, str(Path.cwd()))


def typed(name: str) -> dict[str, str]:
    """What somebody typed."""
    return {
        "kind": "pengaduan",
        "topic": sys.argv[3],
        "district": "64.08.04",
        "place": "depan pasar",
        "subject": f"Jembatan putus {name}",
        "body": f"Jembatan gantung putus ({name}).",
        "identity_mode": "anonim",
        "submission_key": token_hex(16),
    }


def main() -> None:
    """Seal by the older code."""
    from tests import envelopes, world

    keys = world.KeyDirectory(Path(sys.argv[1]) / "keys")
    directory = world.load_directory(world.DEMO / "kutai-timur.toml")
    submit = world.Submit(None, keys.public, directory, lambda: datetime.now(UTC).date())
    found: dict[str, Any] = {"waiting": None}
    body, receipt = envelopes.sealed_fields(submit, typed("tersegel"))
    found["sealed"] = {"fields": body, "receipt": receipt, "body": "Jembatan gantung putus (tersegel)."}
    try:
        from tests.doors.test_waiting import sealed_for
    except ImportError:
        pass
    else:
        with urllib.request.urlopen(sys.argv[2] + "/api/reports/waiting-key", timeout=30) as answer:
            key = json.load(answer)
        body, receipt = envelopes.sealed_fields(submit, typed("menunggu"))
        opened = token_hex(32)
        envelope = sealed_for((key["key_id"], b64decode(key["public"])), json.dumps(body | {"opened": opened}).encode())
        sent = {"envelope": b64encode(envelope).decode(), "opened": opened}
        found["waiting"] = sent | {"receipt": receipt, "body": "Jembatan gantung putus (menunggu)."}
    print(json.dumps(found))  # noqa: T201 - its answer


if __name__ == "__main__":
    main()
