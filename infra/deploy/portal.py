"""The frozen portal in its bucket. What has a hash in its name comes first and may be kept for ever; then the pages,
which browsers ask after each time; what is no longer part of the portal goes last, so that no page ever misses a file.

CloudFront compresses by itself: the .gz and .br beside the files are for one machine.
"""

import hashlib
import mimetypes
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from infra.deploy.place import Place

FOR_EVER = "public, max-age=31536000, immutable"
ASK = "no-cache"
ASSETS = "assets/"
COMPRESSED = frozenset({".br", ".gz"})
TYPES = {
    ".js": "text/javascript",
    ".webmanifest": "application/manifest+json",
    ".txt": "text/plain",
    ".csv": "text/csv",
    ".atom": "application/atom+xml",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
TEXT = ("text/html", "text/plain", "text/css", "text/csv", "text/javascript")
AT_A_TIME = 8
MANY = 1000


@dataclass(frozen=True, slots=True)
class Upload:
    """How much was new, how much stood already, and how much was taken away."""

    new: int
    same: int
    gone: int


def upload(place: Place, folder: Path) -> Upload:
    """Make the portal's bucket hold what stands in ``folder``, and nothing else."""
    client, bucket = place.client("s3"), place.bucket("portal")
    there = dict(_listed(client, bucket))
    files = {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()}
    files = {name: path for name, path in files.items() if path.suffix not in COMPRESSED}
    new = [name for name, path in files.items() if there.get(name) != _tag(path)]

    def put(name: str) -> None:
        cached = FOR_EVER if name.startswith(ASSETS) else ASK
        body, kind = files[name].read_bytes(), type_of(name)
        client.put_object(Bucket=bucket, Key=name, Body=body, ContentType=kind, CacheControl=cached)

    for part in ([n for n in new if n.startswith(ASSETS)], [n for n in new if not n.startswith(ASSETS)]):
        with ThreadPoolExecutor(AT_A_TIME) as pool:
            list(pool.map(put, part))
    gone = sorted(set(there) - set(files), key=lambda name: name.startswith(ASSETS))
    for name in gone:
        client.delete_object(Bucket=bucket, Key=name)
    return Upload(len(new), len(files) - len(new), len(gone))


def type_of(name: str) -> str:
    """The media type of a file by its name."""
    kind = TYPES.get(Path(name).suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    return f"{kind}; charset=utf-8" if kind in TEXT else kind


def emptied(place: Place, what: str) -> int:
    """Remove everything from a bucket, older versions too; returns how many there were. No bucket is an empty one."""
    client, bucket = place.client("s3"), place.bucket(what)
    count = 0
    try:
        for page in client.get_paginator("list_object_versions").paginate(Bucket=bucket):
            found = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
            objects = [{"Key": each["Key"], "VersionId": each["VersionId"]} for each in found]
            for start in range(0, len(objects), MANY):
                client.delete_objects(Bucket=bucket, Delete={"Objects": objects[start : start + MANY], "Quiet": True})
            count += len(objects)
    except ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchBucket":
            raise
    return count


def _listed(client: Any, bucket: str) -> Iterator[tuple[str, str]]:
    for page in client.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        for each in page.get("Contents", []):
            yield each["Key"], each["ETag"].strip('"')


def _tag(path: Path) -> str:
    """What S3 calls an object of these bytes that came in one piece."""
    return hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()
