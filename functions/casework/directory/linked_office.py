"""An office that keeps its data on its own machine and is linked to the nation: what it says of itself, and its place.

Its document names keys and directory, signed by a key of the office's (``crypto.sign.link_documents``). The nation
shows its portal and seals reports to its keys; it has no desk for them. The linked office is put into the directory of
intake and portal alone (``with_offices``): no other door knows that it is there, so nobody transfers a case to it.

Tests: ``tests/casework/test_linked_office.py``.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from functions.casework.consent.roster import Roster, RosterError, read_roster, roster_json
from functions.casework.directory.agencies import Agency, AgencyKind, Directory, DirectoryError
from functions.casework.directory.check import CODE, directory_from_mapping
from functions.casework.directory.portal import RESERVED, portal_of
from functions.casework.directory.registers import plain_directory
from functions.casework.formats.web_address import host_of, is_confidential, is_this_machine

FORMAT = 1
DAYS_MAX = 400
DOCUMENT_MAX = 2_000_000  # bytes; a regency of 200 villages takes 40 KB
CHANNEL = "linked:"  # begins the channel of a linked office's instance, before its address
SEALED_TO = ("desk", "identity", "courier")  # purposes that reports are sealed to
KEY_BYTES = 1216
ASK = "ask the office to run `link export` again, and add the new file"


class LinkError(ValueError):
    """A document that is not taken; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class LinkDocument:
    """What a linked office says of itself. ``serial`` grows with each document. ``keys`` are public keys (raw bytes) by
    purpose, ``waiting`` the one that whole reports are sealed to on their way (``crypto.transport``). ``plain`` is its
    public directory as plain data, with one instance, ``code``."""

    code: str
    url: str
    serial: int
    issued: date
    expires: date
    plain: Mapping[str, Any]
    keys: Mapping[str, bytes]
    waiting: bytes
    roster: Roster | None = None

    @property
    def directory(self) -> Directory:
        """Its public directory. Raises DirectoryError for one that contradicts itself."""
        return directory_from_mapping(self.plain)

    @property
    def name(self) -> str:
        """The name of its government."""
        return next((str(each["name"]) for each in self.plain["agencies"] if each["code"] == self.code), self.code)

    def encode(self) -> bytes:
        """Return it as JSON, to be signed."""
        dates = {"issued": self.issued.isoformat(), "expires": self.expires.isoformat()}
        keys = {purpose: b64encode(key).decode() for purpose, key in self.keys.items()}
        sealed = {"keys": keys, "waiting": b64encode(self.waiting).decode()}
        roster = {"roster": roster_json(self.roster)} if self.roster else {}
        told = {"format": FORMAT, "code": self.code, "url": self.url, "serial": self.serial, **dates}
        return json.dumps(told | sealed | roster | {"directory": self.plain}, ensure_ascii=False).encode()


@dataclass(frozen=True, slots=True)
class LinkedOffice:
    """A document that was taken, and the public key (32 bytes) that its later ones must be signed with."""

    signer: bytes
    document: LinkDocument

    def plain(self) -> dict[str, str]:
        """Return it for ``public.json``."""
        return {"signer": b64encode(self.signer).decode(), "document": self.document.encode().decode()}

    @classmethod
    def read(cls, raw: Mapping[str, str]) -> "LinkedOffice":
        """Parse what ``plain`` returned. Raises LinkError, KeyError, ValueError."""
        return cls(b64decode(raw["signer"]), read_document(raw["document"].encode()))


def describe(
    directory: Directory, code: str, url: str, serial: int, today: date, days: int, keys: Mapping[str, bytes]
) -> LinkDocument:
    """Return the document of an instance; ``waiting`` and ``roster`` are to be put in. Raises LinkError."""
    if not is_confidential(url):
        raise LinkError(f"{url or 'the address'} is not https; set PUBLIC_URL to where phones reach this office")
    part = replace(portal_of(directory, code), former=())
    empty = LinkDocument(code, url.rstrip("/"), serial, today, today + timedelta(days=days), {}, keys, b"")
    return replace(empty, plain=plain_directory(part, ()))


def read_document(raw: bytes) -> LinkDocument:
    """Parse a document whose signature was checked. Raises LinkError."""
    try:
        plain = json.loads(raw)
        _check_format(plain["format"])
        keys = {str(purpose): b64decode(key, validate=True) for purpose, key in plain["keys"].items()}
        document = LinkDocument(
            code=str(plain["code"]),
            url=str(plain["url"]),
            serial=int(plain["serial"]),
            issued=date.fromisoformat(plain["issued"]),
            expires=date.fromisoformat(plain["expires"]),
            plain=plain["directory"],
            keys=keys,
            waiting=b64decode(plain["waiting"], validate=True),
            roster=read_roster(plain["roster"]) if "roster" in plain else None,
        )
    except LinkError:
        raise
    except (RosterError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise LinkError(f"not a document of a linked office ({error!r}); {ASK}") from error
    sizes = {len(key) for key in (*keys.values(), document.waiting)}
    if not {*keys} >= {"desk", "courier"} or not {*keys} <= {*SEALED_TO} or sizes != {KEY_BYTES}:
        raise LinkError(f"a key is missing or is none; {ASK}")
    if document.roster and document.roster.instance != document.code:
        raise LinkError(f"the custodians of {document.roster.instance}, in a document of {document.code}; {ASK}")
    return document


def _check_format(found: object) -> None:
    if found != FORMAT:
        raise LinkError(f"a document of format {found!r}: the office runs another release; update the older one")


def check_document(
    document: LinkDocument, signer: bytes, standing: LinkedOffice | None, directory: Directory, today: date, url: str
) -> None:
    """Raise LinkError unless the nation may take a document. ``standing`` is what it took of this code before,
    ``directory`` its own with all other linked offices, ``url`` its own address."""
    code = document.code
    if not CODE.fullmatch(code) or ".." in code or code in RESERVED:
        raise LinkError(f"{code!r} cannot be the code of a portal; the office must choose another")
    if code in directory.agencies:
        name = directory.agencies[code].name
        raise LinkError(
            f"{code} is {name}, which is here already: `instances retire {code}` first, until no case is left"
        )
    if standing and standing.signer != signer:
        raise LinkError(
            f"{code} signed with another key than before. Call the office: if it made a new one, "
            f"`link remove {code}` and add this file by its new fingerprint; if not, somebody else made this file"
        )
    before = standing.document if standing else None
    if before and (document.serial < before.serial or (document.serial == before.serial and document != before)):
        raise LinkError(f"an older document: serial {document.serial}, and {before.serial} was taken already; {ASK}")
    if document.expires < today:
        raise LinkError(f"expired on {document.expires}; {ASK}")
    if document.issued > today + timedelta(days=1) or document.expires > today + timedelta(days=DAYS_MAX):
        raise LinkError(f"issued on {document.issued} until {document.expires}: is the office's clock right? {ASK}")
    if not is_confidential(document.url):
        raise LinkError(f"{document.url!r} is no https address; the office must set PUBLIC_URL; {ASK}")
    inside = is_this_machine(host_of(document.url)) and not is_this_machine(host_of(url))
    if inside or set(document.url) & {"?", "#"}:  # the courier would post to a door of ours, or to any path
        raise LinkError(f"{document.url!r} is not where phones reach an office; it must set PUBLIC_URL; {ASK}")
    _check_directory(document, directory, before)


def _check_directory(document: LinkDocument, ours: Directory, before: LinkDocument | None) -> None:
    try:
        theirs = document.directory
    except (DirectoryError, ValueError, TypeError, AttributeError, KeyError) as error:
        raise LinkError(f"its directory is not whole: {error}; {ASK}") from error
    codes = [instance.code for instance in theirs.instances()]
    if codes != [document.code]:
        raise LinkError(
            f"a document of {', '.join(codes) or 'no government'}; it must be of {document.code} alone; {ASK}"
        )
    region = theirs.agencies[document.code].region
    if not region or region in ours.index.by_region:
        raise LinkError(f"region {region or '(none)'} is that of a government here already, or none")
    known = before.directory.agencies[before.code].region if before else region
    if known != region:
        raise LinkError(
            f"{document.code} was of region {known}, and this file is of {region}. Call the office: if that is right, "
            f"`link remove {document.code}` and add this file by its fingerprint"
        )
    strange = [district for district in theirs.districts if not district.startswith(f"{region}.")]
    units = [code for code, agency in theirs.agencies.items() if agency.kind is AgencyKind.UNIT]
    taken = [code for code in (*units, *theirs.districts) if code in ours.agencies or code in ours.districts]
    if strange or taken:
        raise LinkError(f"{', '.join((strange or taken)[:5])} is not of {document.code}, or is here already; {ASK}")


def clashes(directory: Directory, offices: Iterable[LinkedOffice]) -> list[str]:
    """Return what a directory of the nation's names that is a linked office's, a sentence each: its reports would go
    there, or lie with two."""
    found = []
    for office in offices:
        theirs, code = office.document.directory, office.document.code
        region = theirs.agencies[code].region
        taken = [each for each in (code, *(unit.code for unit in theirs.units(code))) if each in directory.agencies]
        taken += [each for each in theirs.districts if each in directory.districts]
        taken += [f"region {region}"] if region in directory.index.by_region else []
        if taken:
            named = ", ".join(dict.fromkeys(taken[-5:]))
            found.append(f"{named} is of {code}, a linked office: `link remove {code}` first, or leave it out")
    return found


def linked_url(agency: Agency | None) -> str:
    """Return the address of a linked office by its instance; "" for any other agency."""
    return agency.channel.removeprefix(CHANNEL) if agency and agency.channel.startswith(CHANNEL) else ""


def with_offices(directory: Directory, offices: Iterable[LinkedOffice]) -> Directory:
    """Return a directory with linked offices in it. Each shows its own topics, below the nation's centre."""
    documents = [office.document for office in offices if office.document.code not in directory.agencies]
    if not documents:
        return directory
    centre = next((each.code for each in directory.agencies.values() if each.kind is AgencyKind.CENTRE), "")
    agencies, topics = dict(directory.agencies), dict(directory.topics)
    districts, villages = dict(directory.districts), dict(directory.villages)
    parts = {}
    for document in documents:
        theirs = document.directory
        instance = replace(
            theirs.agencies[document.code], parent=centre, channel=f"{CHANNEL}{document.url}", sorted_by=""
        )
        own = {instance.code: instance, **{unit.code: unit for unit in theirs.units(document.code)}}
        parts[document.code] = own, theirs
        agencies |= own
        topics = {**theirs.topics, **topics}
        districts |= theirs.districts
        villages |= theirs.villages
    merged = Directory(agencies, topics, districts, directory.former, villages)
    for code, (own, theirs) in parts.items():
        above = {centre: agencies[centre]} if centre else {}
        merged.index.portals[code] = Directory(above | own, theirs.topics, theirs.districts, (), theirs.villages)
    return merged
