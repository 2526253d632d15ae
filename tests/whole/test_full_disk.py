"""A disk that really fills under the running product: a file system of 24 MB in memory, seen by the product alone.

Files give way first, words last. Nobody gets a receipt for what is not kept, and all is well once there is room. Told to
end while there is none, the product ends, and nothing is lost or sent twice.
"""

import os
import re
import shutil
import signal
from collections import Counter
from datetime import date
from io import BytesIO
from pathlib import Path
from secrets import token_hex

import pytest
from PIL import Image

from functions.storage.blobs.folder import DirBlobs
from functions.storage.interface import StorageError, StoreUnavailableError
from functions.storage.sqlite.store import SqliteStore
from functions.web.wording import SENTENCES
from tests.deep.roads import FORM, Answer, Road
from tests.namespaces import unshare
from tests.server import Client, Running, free_port, running, wait_for
from tests.whole.started import fields

MB = 1_000_000
DISK_MB, RESERVE_MB = 24, 8
US = "127.0.0.1"
MOUNTED = 'mount -t tmpfs -o size={size}m,mode=700,noatime tmpfs "$DATA_DIR" && exec "$0" "$@"'
PHOTOS_MOST = 60
END_SECONDS = 20  # what the office is told; a bound, not a measure


def on_small_disk(folder: Path) -> list[str]:
    """What the product's command follows: a mount of its own at its folder, which nobody else sees."""
    folder.mkdir()
    return unshare("sh", "-c", MOUNTED.format(size=DISK_MB))


def noise() -> bytes:
    """A photo that no compression makes small, about 700 KB."""
    out = BytesIO()
    Image.frombytes("RGB", (800, 800), os.urandom(3 * 800 * 800)).save(out, "JPEG", quality=90)
    return out.getvalue()


def attach(road: Road, receipt: str, photo: bytes) -> Answer:
    mark, parts = token_hex(16), {"receipt": receipt, "file_key": token_hex(8), "keep_size": "yes"}
    body = "".join(
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in parts.items()
    ).encode()
    body += f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n'.encode()
    body += photo + f"\r\n--{mark}--\r\n".encode()
    kind = f"multipart/form-data; boundary={mark}"
    return road.ask(US, "POST", "/api/thread/files", body, Accept="application/json", Content_Type=kind)


def fill(path: Path) -> None:
    """Write until there is no room."""
    with path.open("ab", buffering=0) as file:
        while True:
            file.write(bytes(64 * 1024))


def report(road: Road) -> tuple[int, str, str]:
    """The status; receipt and number where they came."""
    status, given = road.post_json(US, "/api/reports", fields())
    return status, str(given.get("receipt", "")), str(given.get("tracking_id", ""))


def all_is_settled(inside: Path, copy: Path) -> bool:
    """Whether no letter waits. SQLite takes no path through ``/proc``, so a copy of the store is asked."""
    shutil.rmtree(copy, ignore_errors=True)
    copy.mkdir()
    try:
        for path in inside.glob("lapor.sqlite*"):
            shutil.copy(path, copy)
        return not SqliteStore(copy / "lapor.sqlite").waiting()
    except (FileNotFoundError, StorageError):  # copied in the middle of a writing
        return False


def ended_when_full(product: Running, inside: Path, folder: Path) -> Path:
    """End the product on its full disk; return a folder on another disk with all that stood there. An open directory
    keeps the file system, which goes with its last process otherwise."""
    handle = os.open(inside, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for _ in range(3):
            product.process.send_signal(signal.SIGTERM)
        assert product.process.wait(END_SECONDS) == 0
        return shutil.copytree(f"/proc/self/fd/{handle}", folder, ignore=shutil.ignore_patterns("filler"))
    finally:
        os.close(handle)


@pytest.mark.long
def test_files_give_way_first_words_last_and_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    port, folder = free_port(), tmp_path / "data"
    product = Running(folder, port, {"DISK_RESERVE_MB": str(RESERVE_MB)}, [], on_small_disk(folder))
    road, kept, numbers, photos = Road("direct", port, host=US), list[str](), list[str](), Counter[str]()
    try:
        product.wait_ready()
        inside = Path(f"/proc/{product.process.pid}/root{folder}")

        def free() -> int:
            left = os.statvfs(inside)
            return left.f_bavail * left.f_frsize

        def take(count: int) -> Counter[int]:
            seen: Counter[int] = Counter()
            for _ in range(count):
                status, receipt, number = report(road)
                seen[status] += 1
                kept.extend([receipt] if receipt else [])
                numbers.extend([number] if number else [])
            return seen

        assert free() < DISK_MB * 1024 * 1024
        photo, refused = noise(), Answer(0, "")
        while not refused.status and sum(photos.values()) < PHOTOS_MOST:
            assert take(1) == {201: 1}
            for _ in range(4):
                answer = attach(road, kept[-1], photo)
                if answer.status != 201:
                    refused = answer
                    break
                photos[kept[-1]] += 1
        # Files are refused in words, while reports go on within what is left for them.
        assert refused.status == 422
        assert SENTENCES["file_no_room"] in refused.text
        assert RESERVE_MB * MB - MB <= free() < RESERVE_MB * MB + 2 * MB
        assert take(60) == {201: 60}
        status, said = road.post_json(
            US, "/api/thread/messages", {"receipt": kept[0], "body": "Masih gelap.", "message_key": token_hex(8)}
        )
        assert status == 201, said
        # Something else takes the rest.
        filler = inside / "filler"
        with pytest.raises(OSError, match="No space"):
            fill(filler)
        blobs = DirBlobs(inside / "trial")  # a file of another process, which fills the disk while it is written
        os.truncate(filler, filler.stat().st_size - len(photo) // 2)
        with pytest.raises(StoreUnavailableError, match="No space"):
            blobs.put(numbers[0], "a" * 32, photo, date(2026, 11, 28))
        assert not [path for path in blobs.root.rglob("*") if path.is_file()]
        with pytest.raises(OSError, match="No space"):
            fill(filler)
        seen = take(60)
        assert set(seen) <= {201, 503}
        assert seen[503] >= 20
        words = fields() | {"body": "Kata-kata yang tidak boleh hilang."}
        page = road.ask(US, "POST", "/api/reports", "&".join(f"{k}={v}" for k, v in words.items()).encode(), **FORM)
        assert page.status == 503
        assert "Belum ada yang tersimpan" in page.text
        assert words["body"] in page.text
        assert attach(road, kept[0], photo).status in (422, 503)
        for receipt in kept[:5]:
            assert road.post_json(US, "/api/thread", {"receipt": receipt})[0] == 200  # reading needs no room
        # Room again: by itself, in the same processes.
        filler.unlink()
        assert take(20) == {201: 20}
        assert _shown(road, kept) == dict(photos)
        repeated = Client(product.url).post("/api/reports", words, 201)["receipt"]  # what the writer was given back
        assert road.post_json(US, "/api/thread", {"receipt": repeated})[0] == 200
        assert wait_for(lambda: len(Client(product.url).mails()) >= len(kept), 90)
        # Told to end while there is no room; nothing that was acknowledged is lost, and no letter is sent twice.
        assert wait_for(lambda: all_is_settled(inside, tmp_path / "looked at"), 90)
        with pytest.raises(OSError, match="No space"):
            fill(filler)
        assert take(20)[503] > 0
        rescued = ended_when_full(product, inside, tmp_path / "rescued")
        assert not [line for line in product.lines if re.search("Traceback|escaped", line)]
    finally:
        product.kill(signal.SIGTERM)
    with running(rescued) as again:
        assert _shown(Road("direct", int(again.url.rpartition(":")[2]), host=US), kept) == dict(photos)
        assert wait_for(lambda: set(numbers) <= _told(again), 60)
        ids = Counter((mail["message_id"], mail["to"]) for mail in Client(again.url).mails())
        assert [letter for letter, count in ids.items() if count > 1] == []


def _told(product: Running) -> set[str]:
    """The reports that letters tell of, by their numbers."""
    return {*re.findall(r"\w{4}-\w{4}-\w{4}", " ".join(mail["subject"] for mail in Client(product.url).mails()))}


def _shown(road: Road, kept: list[str]) -> dict[str, int]:
    """How many files each receipt's thread shows; every receipt opens its thread."""
    found = {}
    for receipt in kept:
        status, given = road.post_json(US, "/api/thread", {"receipt": receipt})
        assert status == 200, given
        files = sum(len(message["files"]) for message in given["messages"])
        found |= {receipt: files} if files else {}
    return found
