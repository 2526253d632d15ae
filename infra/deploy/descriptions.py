"""What botocore knows of AWS, cut down to what our functions ask of it: reading it is a good part of a cold start.

Of a service's description what our functions ask for is kept, without its documentation, and of all AWS's addresses
those of our services in the partition ``aws``. No rule of an endpoint is touched. Whoever makes a function ask for
something new names it in ``OPERATIONS``: a test compares.
"""

import gzip
import json
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

DATA = Path("botocore") / "data"
OPERATIONS = {
    "dynamodb": (
        "BatchGetItem",
        "BatchWriteItem",
        "DeleteItem",
        "DescribeEndpoints",  # botocore's own, where a service wants its address looked up
        "GetItem",
        "PutItem",
        "Query",
        "TransactWriteItems",
        "UpdateItem",
    ),
    "kms": ("Decrypt",),
    "lambda": ("Invoke",),
    "s3": ("DeleteObjects", "GetObject", "ListObjectVersions", "PutObject"),
    "sesv2": ("SendEmail",),
}
SERVICES = tuple(OPERATIONS)
SIGNED_AS = {"sesv2": "email"}  # what the list of addresses calls it


def cut_down(packages: Path) -> None:
    """Rewrite the descriptions below ``packages`` that any function ships."""
    for service in SERVICES:
        for older in sorted((packages / DATA / service).iterdir())[:-1]:
            shutil.rmtree(older)  # botocore takes the newest version of an API; Lambda's has two
        for path in sorted((packages / DATA / service).rglob("*.json.gz")):
            told = _without_words(json.loads(gzip.decompress(path.read_bytes())))
            if path.name.startswith("service-2."):
                told = _asked_for(told, OPERATIONS[service])
            path.write_bytes(gzip.compress(_packed(told), mtime=0))
    endpoints = packages / DATA / "endpoints.json"
    endpoints.write_bytes(_packed(_of_ours(json.loads(endpoints.read_bytes()))))


def _of_ours(told: dict[str, Any], services: Iterable[str] = SERVICES) -> dict[str, Any]:
    names = {SIGNED_AS.get(service, service) for service in services}
    (ours,) = (part for part in told["partitions"] if part["partition"] == "aws")
    kept = {name: said for name, said in ours["services"].items() if name in names}
    return {**told, "partitions": [{**ours, "services": kept}]}


def _asked_for(told: dict[str, Any], operations: Iterable[str]) -> dict[str, Any]:
    """A service with these operations and the shapes that they are made of."""
    kept = {name: told["operations"][name] for name in operations}
    wanted, shapes = list(_shapes_in(kept)), {}
    while wanted:
        if (name := wanted.pop()) not in shapes:
            shapes[name] = told["shapes"][name]
            wanted += _shapes_in(shapes[name])
    return {**told, "operations": kept, "shapes": shapes}


def _shapes_in(told: Any) -> Iterator[str]:
    """The names of the shapes that a part of a description refers to."""
    if isinstance(told, dict):
        if isinstance(told.get("shape"), str):
            yield told["shape"]
        for each in told.values():
            yield from _shapes_in(each)
    elif isinstance(told, list):
        for each in told:
            yield from _shapes_in(each)


def _without_words(told: Any, name: str = "") -> Any:
    """The same with every text called ``documentation`` empty. It stays, since botocore looks for some of them."""
    if isinstance(told, dict):
        return {key: _without_words(value, key) for key, value in told.items()}
    if isinstance(told, list):
        return [_without_words(each) for each in told]
    return "" if isinstance(told, str) and name == "documentation" else told


def _packed(told: Any) -> bytes:
    return json.dumps(told, separators=(",", ":"), sort_keys=False).encode()
