"""What botocore knows of AWS, cut down to what our functions ask of it: reading it is a good part of a cold start.

Of a service's description the documentation is emptied, and the list of all AWS's addresses keeps those of our services
in the partition ``aws``. No operation, shape or rule is touched.
"""

import gzip
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

DATA = Path("botocore") / "data"
SERVICES = ("dynamodb", "kms", "s3", "sesv2")
SIGNED_AS = {"sesv2": "email"}  # what the list of addresses calls it


def cut_down(packages: Path) -> None:
    """Rewrite the descriptions below ``packages`` that any function ships."""
    for service in SERVICES:
        for path in sorted((packages / DATA / service).rglob("*.json.gz")):
            told = _without_words(json.loads(gzip.decompress(path.read_bytes())))
            path.write_bytes(gzip.compress(_packed(told), mtime=0))
    endpoints = packages / DATA / "endpoints.json"
    endpoints.write_bytes(_packed(_of_ours(json.loads(endpoints.read_bytes()))))


def _of_ours(told: dict[str, Any], services: Iterable[str] = SERVICES) -> dict[str, Any]:
    names = {SIGNED_AS.get(service, service) for service in services}
    (ours,) = (part for part in told["partitions"] if part["partition"] == "aws")
    kept = {name: said for name, said in ours["services"].items() if name in names}
    return {**told, "partitions": [{**ours, "services": kept}]}


def _without_words(told: Any, name: str = "") -> Any:
    """The same with every text called ``documentation`` empty. It stays, since botocore looks for some of them."""
    if isinstance(told, dict):
        return {key: _without_words(value, key) for key, value in told.items()}
    if isinstance(told, list):
        return [_without_words(each) for each in told]
    return "" if isinstance(told, str) and name == "documentation" else told


def _packed(told: Any) -> bytes:
    return json.dumps(told, separators=(",", ":"), sort_keys=False).encode()
