"""A disk that really fills under the running product: a file system of 24 MB in memory, seen by the product alone.

Files give way first, words last. Nobody gets a receipt for what is not kept, and all is well once there is room.
"""

import os
import re
from collections import Counter
from io import BytesIO
from pathlib import Path
from secrets import token_hex

import pytest
from PIL import Image

from functions.web.wording import SENTENCES
from tests.deep.roads import FORM, Answer, Road
from tests.server import Client, Running, free_port, wait_for
from tests.whole.started import fields

MB = 1_000_000
DISK_MB, RESERVE_MB = 24, 8
US = "127.0.0.1"
MOUNTED = 'mount -t tmpfs -o size={size}m,mode=700,noatime tmpfs "$DATA_DIR" && exec "$0" "$@"'
PHOTOS_MOST = 60


def on_small_disk(folder: Path) -> list[str]:
    """What the product's command follows: a mount of its own at its folder, which nobody else sees."""
    folder.mkdir()
    own = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    return ["unshare", *own, "--mount", "--propagation", "private", "sh", "-c", MOUNTED.format(size=DISK_MB)]


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
    with path.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(64 * 1024))


def report(road: Road) -> tuple[int, str]:
    """The status, and the receipt where one came."""
    status, given = road.post_json(US, "/api/reports", fields())
    return status, str(given.get("receipt", ""))


def test_files_give_way_first_words_last_and_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    port, folder = free_port(), tmp_path / "data"
    product = Running(folder, port, {"DISK_RESERVE_MB": str(RESERVE_MB)}, [], on_small_disk(folder))
    road, kept, photos = Road("direct", port, host=US), list[str](), Counter[str]()
    try:
        product.wait_ready()
        inside = Path(f"/proc/{product.process.pid}/root{folder}")

        def free() -> int:
            left = os.statvfs(inside)
            return left.f_bavail * left.f_frsize

        def take(count: int) -> Counter[int]:
            seen: Counter[int] = Counter()
            for _ in range(count):
                status, receipt = report(road)
                seen[status] += 1
                kept.extend([receipt] if receipt else [])
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
        assert wait_for(lambda: len(Client(product.url).mails()) >= len(kept))
        assert not [line for line in product.lines if re.search("Traceback|escaped", line)]
    finally:
        product.kill(15)


def _shown(road: Road, kept: list[str]) -> dict[str, int]:
    """How many files each receipt's thread shows; every receipt opens its thread."""
    found = {}
    for receipt in kept:
        status, given = road.post_json(US, "/api/thread", {"receipt": receipt})
        assert status == 200, given
        files = sum(len(message["files"]) for message in given["messages"])
        found |= {receipt: files} if files else {}
    return found
