"""Makes the snapshot of a release by its own code: ``python -m tests.upgrades.make COMMIT NAME``.

It checks the commit out, starts its product on SQLite and on the served DynamoDB engine, drives both for a day over
HTTP, and keeps what they stored, a backup, sessions, links and sealed reports that were not sent. The next release adds
its own so, with its number as NAME. ``PYTHON`` names another interpreter, for a commit that needs other packages.
"""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from tests.engines import aws, ministack
from tests.engines.serving import free_port
from tests.upgrades.drive import Drive
from tests.upgrades.snapshots import FOLDER, encode_item

ROOT = Path(__file__).parents[2]
PYTHON = os.environ.get("PYTHON", sys.executable)
ENGINE = {"AWS_DEFAULT_REGION": "ap-southeast-3", "AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}


@contextmanager
def checkout(commit: str) -> Iterator[Path]:
    """A throwaway worktree of a commit."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "then"
        subprocess.run(["git", "worktree", "add", "--detach", "-q", place, commit], cwd=ROOT, check=True)
        try:
            yield place
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", place], cwd=ROOT, check=True)


@contextmanager
def running(source: Path, data: Path, **environ: str) -> Iterator[str]:
    """The product of that time on a free port; yields its address."""
    port = str(free_port())
    env = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "DATA_DIR": str(data), "PORT": port, **environ}
    log = data.parent / f"{data.name}.log"
    with log.open("wb") as out:
        process = subprocess.Popen([PYTHON, "-m", "functions.local"], cwd=source, env=env, stdout=out, stderr=out)
        try:
            until = time.monotonic() + 180
            while f"ready http://127.0.0.1:{port}" not in log.read_text():
                if process.poll() is not None or time.monotonic() > until:
                    raise RuntimeError(log.read_text()[-2000:])
                time.sleep(0.2)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(60)


def kept_files(data: Path, into: Path) -> None:
    """Copy what an office keeps: its file, keys and blobs, without the portal."""
    with closing(sqlite3.connect(data / "lapor.sqlite")) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    into.mkdir()
    shutil.copy(data / "lapor.sqlite", into)
    for folder in ("keys", "blobs"):
        shutil.copytree(data / folder, into / folder)


def on_sqlite(source: Path, work: Path, snapshot: Path) -> dict[str, Any]:
    """Drive the release on SQLite and keep its office; returns what the manifest says."""
    data = work / "data"
    with running(source, data, STORE="sqlite") as base:
        drive = Drive(base)
        drive.day()
        topic = drive.facts["topics"][0]["code"]
        maker = Path(__file__).with_name("of_that_time.py")
        said = subprocess.run(
            [PYTHON, maker, data, base, topic], cwd=source, capture_output=True, text=True, check=False
        )
        unsent = json.loads(said.stdout) if said.returncode == 0 else {"sealed": None, "waiting": None}
        env = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "DATA_DIR": str(data)}
        # Unsealed, or it could not be compressed; sealed ones of older forms stand in tests/cli/test_archive.py.
        command = [PYTHON, "-m", "functions.cli", "backup", "--unsealed", str(snapshot / "backup.bin")]
        backed = subprocess.run(command, cwd=source, env=env, capture_output=True, text=True, check=False)
        drive.file()
        link = drive.link("kutim-inspektorat")
    kept_files(data, snapshot / "data")
    return {
        "cases": drive.cases,
        "unsent": unsent,
        "session": drive.session,
        "link": link,
        "backup": backed.returncode == 0,
        "why": {"unsent": said.stderr[-300:], "backup": (backed.stdout + backed.stderr)[-300:]},
    }


def on_dynamodb(source: Path, work: Path, snapshot: Path) -> dict[str, Any]:
    """Drive the release on the served engine and keep its items and keys."""
    data = work / "items"
    with ministack.serve() as endpoint:
        env = ENGINE | {"STORE": "dynamodb", "AWS_ENDPOINT_URL": endpoint}
        with running(source, data, **env) as base:
            drive = Drive(base)
            drive.day()
        keys = {"aws_access_key_id": "local", "aws_secret_access_key": "local", "region_name": "ap-southeast-3"}
        client = aws.client("dynamodb", endpoint_url=endpoint, **keys)
        (table,) = client.list_tables()["TableNames"]
        described = client.describe_table(TableName=table)["Table"]
        found = [
            encode_item(item)
            for page in client.get_paginator("scan").paginate(TableName=table)
            for item in page["Items"]
        ]
    shutil.copytree(data / "keys", snapshot / "items-keys")
    (snapshot / "items.json").write_text(json.dumps(found))
    (snapshot / "table.json").write_text(json.dumps(spec_of(described)))
    return {"cases": drive.cases}


def spec_of(described: Any) -> dict[str, Any]:
    """Return the arguments of CreateTable that make a table as it is described."""
    kept = ("IndexName", "KeySchema", "Projection")
    indexes = [{name: index[name] for name in kept} for index in described["GlobalSecondaryIndexes"]]
    spec = {name: described[name] for name in ("AttributeDefinitions", "KeySchema")}
    return spec | {"BillingMode": "PAY_PER_REQUEST", "GlobalSecondaryIndexes": indexes}


def main(commit: str, name: str) -> None:
    """Make ``snapshots/NAME.tar.xz``."""
    with checkout(commit) as source, tempfile.TemporaryDirectory() as folder:
        work, snapshot = Path(folder), Path(folder) / "snapshot"
        snapshot.mkdir()
        manifest: dict[str, Any] = {"commit": commit, "made": int(time.time())}
        manifest["sqlite"] = on_sqlite(source, work, snapshot)
        try:
            manifest["dynamodb"] = on_dynamodb(source, work, snapshot)
        except RuntimeError as error:
            manifest["dynamodb"] = None
            sys.stderr.write(f"no DynamoDB items: {error}\n")
        (snapshot / "manifest.json").write_text(json.dumps(manifest, indent=1))
        target = FOLDER / f"{name}.tar.xz"
        with tarfile.open(target, "w:xz", preset=9) as tar:
            tar.add(snapshot, arcname=".")
        sys.stdout.write(f"{target.name}: {target.stat().st_size:,} bytes\n")
        sys.stdout.write(json.dumps(manifest["sqlite"]["why"]) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
