"""Freeze the portals of a nation: a front at the root, and a folder for each instance.

An instance's folder follows from its own part of all that is shown. Where that part and the program are as they were,
the folder of before is taken over, file by file under the same inode; so what one change costs does not grow with the
nation. Each portal is made and forgotten: memory does not grow either.
"""

import hashlib
import json
import os
import re
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from freeze_front import front_digests
from freeze_months import freeze_months
from frozen_app import Standing
from frozen_files import Builder, addresses_of, take
from portal import OPTIONAL, ROOT, create_app, published_keys
from thread_words import offices_of

from functions.casework.barometer.edition import Edition, Place
from functions.casework.barometer.edition_files import detail_file, details
from functions.casework.directory.agencies import Directory
from functions.casework.directory.names import renamed
from functions.casework.directory.portal import above, below, homes, portal_of
from functions.casework.directory.portal_file import Look
from functions.casework.publication import PublicReport
from functions.crypto.seal.public_keys import Purpose
from functions.web import layout

MANIFEST = "portal.json"  # what each instance's folder was made from
PROGRAM = ("site", "functions/web", "functions/casework", "functions/pii", "requirements.txt")
BELOW = re.compile(r"/(barometer/\d{4}-\d{2})/.")  # below the first page of an edition, which leads to the others
LEFT_OUT = frozenset({"__pycache__", "node_modules"})


@dataclass(frozen=True, slots=True)
class Nation:
    """All that is shown, of all instances. ``previous`` is the folder of the portal before this one, if there is.
    ``folder`` holds what editions leave out of instances' agencies, topics and districts, if they do."""

    directory: Directory
    public_file: Path | None
    operator: str
    editions: Sequence[Edition]
    reports: Sequence[PublicReport]
    contact: str
    address: str
    file_mb: int
    looks: Mapping[str, Look]
    previous: Path | None = None
    folder: Path | None = None
    _shares: dict[str, "Share"] = field(default_factory=dict, init=False, repr=False)
    _front: dict[str, str] = field(default_factory=dict, init=False, repr=False)

    def front(self) -> Mapping[str, str]:
        """What pages of the front's barometer follow from."""
        if not self._front:
            self._front.update(front_digests(self, program()))
        return self._front

    def share(self, code: str) -> "Share":
        """What is published of an instance, without what stands in files of its own."""
        if not self._shares:
            self._shares.update(_shares(self.editions, self.reports))
        return self._shares.get(code, Share())

    def part(self, code: str) -> dict[str, Any]:
        """What the portal of an instance is made of, as ``portal.create_app`` takes it."""
        share = self.share(code)
        return self.frame(code) | {
            "editions": [self._whole(each, places, code) for each, places in share.editions],
            "reports": share.reports,
        }

    def frame(self, code: str) -> dict[str, Any]:
        """What all pages of an instance's portal are made of."""
        # A regency has districts of its own; a province only where it takes reports for want of a regency's portal.
        under = () if code in homes(self.directory) else below(self.directory, code)
        return {
            "directory": portal_of(self.directory, code),
            "operator": self.operator,
            "contact": self.contact,
            "address": self.address,
            "file_mb": self.file_mb,
            "offices": offices_of(self.directory),
            "standing": Standing(code, self.looks.get(code, Look()), above(self.directory, code), under),
        }

    def _whole(self, edition: Edition, places: Sequence[Place], code: str) -> Edition:
        rest = details(self.folder, replace(edition, places=()), code)
        return replace(edition, places=(*places, *rest))

    def digest(self, code: str) -> str:
        """What an instance's folder follows from. The day counts only where names are new."""
        part, share = self.frame(code), self.share(code)
        keys = published_keys(self.public_file, (Purpose.DESK, *OPTIONAL), {code})
        new = sorted(renamed(part["directory"], datetime.now(UTC).date()).items())
        under = [each.code for each in part["standing"].below]
        others = [(each, self.looks.get(each, Look()).languages) for each in under]
        told = repr((program(), part, share.reports, self.months(code), keys, new, others))
        return hashlib.sha256(told.encode()).hexdigest()

    def months(self, code: str) -> dict[str, str]:
        """What the pages below the first of each edition follow from, by the edition's address."""
        frame = repr((program(), self.frame(code)))
        found = {}
        for edition, places in self.share(code).editions:
            known = hashlib.sha256(f"{frame}{replace(edition, places=tuple(places))!r}".encode())
            known.update(detail_file(self.folder, edition.month, code) if self.folder else b"")
            found[f"{code}/barometer/{edition.month}"] = known.hexdigest()
        return found


@dataclass(frozen=True, slots=True)
class Share:
    """What is published of one instance: its places of each edition, and its public reports."""

    editions: list[tuple[Edition, list[Place]]] = field(default_factory=list)
    reports: list[PublicReport] = field(default_factory=list)


def _shares(editions: Sequence[Edition], reports: Sequence[PublicReport]) -> Mapping[str, Share]:
    """Deal out what is published. "" is nobody's, and makes the answer never empty."""
    found = {"": Share()}
    for edition in editions:
        of: dict[str, list[Place]] = {}
        for place in edition.places:
            of.setdefault(place.instance, []).append(place)
        for code, places in of.items():
            found.setdefault(code, Share()).editions.append((edition, places))
    for report in reports:
        found.setdefault(report.instance, Share()).reports.append(report)
    return found


@cache
def program() -> str:
    """A hash of the program's own files: a new release freezes everything anew."""
    known = hashlib.sha256()
    for name in PROGRAM:
        top = ROOT / name
        files = [top] if top.is_file() else sorted(path for path in top.rglob("*") if path.is_file())
        for path in files:
            if not LEFT_OUT & set(path.parts):
                known.update(f"{path.relative_to(ROOT)}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return known.hexdigest()


def freeze_portals(nation: Nation, out: Path, processes: int, tick: Callable[[int, int], None]) -> int:
    """Write every instance's folder below ``out``; returns how many had to be made.

    ``tick`` gets how many are done, of how many. More ``processes`` than one are forks, as in ``freeze.freeze``.
    Raises what ``Builder.build`` raises.
    """
    before = read_manifest(nation.previous)
    codes = [instance.code for instance in nation.directory.instances()]
    digests = {code: nation.digest(code) for code in codes}
    fresh = [code for code in codes if before.get(code) != digests[code]]
    done = 0
    for code in codes:
        if before.get(code) == digests[code] and nation.previous:
            for folder in _folders(code, nation):
                _link_all(nation.previous / folder, out / folder)
            done += 1
    tick(done, len(codes))
    for number, _ in enumerate(_made(nation, out, fresh, processes), 1):
        tick(done + number, len(codes))
    months = freeze_months(tuple(nation.editions), nation.folder, out, before, nation.previous, program())
    for code in codes:
        months |= nation.months(code)
    (out / MANIFEST).write_text(json.dumps(digests | months | dict(nation.front()), indent=0))
    return len(fresh)


def _made(nation: Nation, out: Path, codes: Sequence[str], processes: int) -> Iterator[None]:
    if processes <= 1 or len(codes) <= 1:
        for code in codes:
            _make(nation, out, code)
            yield None
        return
    with get_context("fork").Pool(processes, _share_with, (nation, out)) as pool:
        yield from pool.imap_unordered(_make_one, codes)


def _folders(code: str, nation: Nation) -> list[str]:
    """Where the portal of an instance stands: below its own path and, where it has one, at its own host."""
    look = nation.looks.get(code, Look())
    return [code, *([layout.OWN_HOST + look.host] if look.host else [])]


def _make(nation: Nation, out: Path, code: str) -> None:
    part, before = nation.part(code), read_manifest(nation.previous)
    same = {name for name, digest in nation.months(code).items() if before.get(name) == digest}
    for folder in _folders(code, nation):
        own = folder.startswith(layout.OWN_HOST)
        standing = part["standing"]._replace(own_host=own)
        app = create_app(**part | {"standing": standing}, public_file=nation.public_file, looks=nation.looks)
        where = out / folder
        app.config.update(FREEZER_DESTINATION=str(where), FREEZER_REDIRECT_POLICY="error")
        app.config.update(FREEZER_REMOVE_EXTRA_FILES=False)
        previous = nation.previous / folder if nation.previous else None
        rest = addresses_of(app)
        if previous:
            rest = [
                address for address in rest if not _settled(address, code, same) or not take(address, previous, where)
            ]
        Builder(app, where, previous).build(rest)


def _settled(address: str, code: str, same: Container[str]) -> bool:
    """Whether a page or file lies below the first page of an edition of which nothing changed."""
    found = BELOW.search(address)
    return found is not None and f"{code}/{found[1]}" in same


_shared: list[Any] = []  # of a forked process: its own copy of the nation


def _share_with(nation: Nation, out: Path) -> None:
    _shared[:] = [nation, out]


def _make_one(code: str) -> None:
    _make(_shared[0], _shared[1], code)


def _link_all(before: Path, after: Path) -> None:
    """Make a folder of the same files."""
    for top, _, names in os.walk(before):
        there = after / Path(top).relative_to(before)
        there.mkdir(parents=True, exist_ok=True)
        for name in names:
            os.link(Path(top) / name, there / name)


def read_manifest(previous: Path | None) -> Mapping[str, str]:
    """What the earlier portal was made from; nothing where there is none, or one of a release that kept no list."""
    try:
        found: Mapping[str, str] = json.loads((previous / MANIFEST).read_text()) if previous else {}
    except (OSError, ValueError):
        return {}
    return found
