"""Links between cases and other systems, as stored. They hold no word of a report.

- register ``o311-peer:<agency>``: how to speak to an agency's system; its api_key sealed to the courier
- register ``o311-sent:<agency>``: that system's number of each case sent there, and when it was last polled
- register ``o311-in:<agency>``: the cases for which a reply waits to be imported; ``o311-in:``: all agencies that were
  ever sent a case, for those that have no system any more
- slip ``o311:<case id>``: a case's links to the systems of all agencies that it was with: whose, the public key for its
  replies, waiting replies, marks of all replies; ``o311:<case id>:app``: that of the app that sent the report, once an
  agency's system has the case too
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from functions.casework.case import EventKind, Outcome
from functions.casework.linked_systems import BY_APP, Waiting
from functions.storage.interface import Register, Registers, Slip, Slips, Store, StoreUnavailableError
from functions.storage.retry import retry_on_conflict

SENT_TO = "o311-in:"
DAY = 86_400
KEPT_DAYS = 3 * 365  # longer than any case is kept after its end; counted again from each reply
MARKS_MAX = 1_000  # of all links of a case
OTHERS_MAX = 8  # beyond them, the oldest links with nothing that waits go
WAITING_MAX = 200_000  # bytes: an item of DynamoDB holds no more than twice that


@dataclass(frozen=True, slots=True)
class Peer:
    """How to speak to an agency's system, or to an app that is notified of answers.

    ``services`` are its codes by our topics, ``service`` its code for all other topics, "" if it uses ours. ``url`` is
    its address if the directory has none (an app).
    """

    sealed_key: bytes = field(repr=False)
    jurisdiction: str = ""
    service: str = ""
    services: Mapping[str, str] = field(default_factory=dict)
    url: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent to an agency's system: our case ids by its numbers. ``polled`` is the epoch hour of the last poll,
    ``heard`` that of the last one that was answered (of the first one, if none was); 0 for never."""

    cases: Mapping[str, str] = field(default_factory=dict)
    polled: int = 0
    heard: int = 0


@dataclass(frozen=True, slots=True)
class CaseLink:
    """A case's link to a system. ``closed``: that system closed the case since it was linked. ``version`` is that of
    its slip, and ``others`` are the links that rest there too, the last written first. ``apart``: it is an app's,
    beside those of agencies' systems."""

    agency: str
    remote: str
    public: bytes
    marks: tuple[str, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    closed: bool = False
    version: int = 0
    apart: bool = False
    others: tuple["CaseLink", ...] = ()


def app_peer(ident: str, instance: str) -> str:
    """Return the name of an app as a peer, by which it is notified of an instance's answers."""
    return f"app:{ident}:{instance}"


def read_peer(store: Registers, agency: str) -> Peer | None:
    """Return how to speak to an agency's system, None if nobody said."""
    raw = _read(store, f"o311-peer:{agency}")
    return Peer(b64decode(raw.pop("key")), **raw) if raw else None


def write_peer(store: Registers, agency: str, peer: Peer) -> None:
    """Store how to speak to an agency's system. Raises StorageError."""
    raw = {"key": b64encode(peer.sealed_key).decode(), "jurisdiction": peer.jurisdiction, "url": peer.url}
    _change(store, f"o311-peer:{agency}", lambda _: raw | {"service": peer.service, "services": dict(peer.services)})


def reseal_peer(store: Registers, agency: str, before: bytes, after: bytes) -> None:
    """Replace the sealed api_key of a system if it is still ``before``. Raises StorageError."""
    old, new = ({"key": b64encode(each).decode()} for each in (before, after))
    _change(store, f"o311-peer:{agency}", lambda raw: raw | new if old.items() <= raw.items() else raw)


def drop_peer(store: Registers, agency: str) -> None:
    """Forget how to speak to a system: nothing is sent there any more. Raises StorageError."""
    _change(store, f"o311-peer:{agency}", lambda _: {})


def read_sent(store: Registers, agency: str) -> Sent:
    """Return what was sent to an agency's system."""
    raw = _read(store, f"o311-sent:{agency}")
    return _sent(raw)


def change_sent(store: Registers, agency: str, change: Callable[[Sent], Sent]) -> None:
    """Change what was sent to an agency's system. Raises StorageError."""
    _change(store, SENT_TO, lambda raw: {"agencies": sorted({*raw.get("agencies", ()), agency})})

    def made(raw: dict[str, Any]) -> dict[str, Any]:
        sent = change(_sent(raw))
        return {"cases": dict(sorted(sent.cases.items())), "polled": sent.polled, "heard": sent.heard}

    _change(store, f"o311-sent:{agency}", made)


def sent_to(store: Registers) -> tuple[str, ...]:
    """Return all agencies that were ever sent a case."""
    return tuple(_read(store, SENT_TO).get("agencies", ()))


def read_waiting(store: Registers, agency: str) -> tuple[str, ...]:
    """Return the ids of an agency's cases for which a reply waits."""
    return tuple((_read(store, f"o311-in:{agency}") or {"cases": []})["cases"])


def mark_waiting(store: Registers, agency: str, case_id: str, *, waits: bool) -> None:
    """Note whether a reply waits for a case. Raises StorageError."""

    def made(raw: dict[str, Any]) -> dict[str, Any]:
        others = [each for each in raw.get("cases", []) if each != case_id]
        return {"cases": sorted([*others, case_id] if waits else others)}  # in no order of arrival

    _change(store, f"o311-in:{agency}", made)


def read_link(store: Slips, case_id: str, now: int, whose: str = "") -> CaseLink | None:
    """Return a case's link to the system of ``whose``, or to the app that sent the report (``BY_APP``); without
    ``whose`` the one that was written last. None if it has none. ``now`` in epoch seconds."""
    apart = store.read_slip(_name(case_id, apart=True), now) if whose == BY_APP else None
    slip = apart or store.read_slip(_name(case_id), now)
    links = _decode(slip) if slip else ()
    link = next((each for each in links if whose in ("", each.agency)), None)
    others = tuple(each for each in links if each is not link)
    return replace(link, apart=apart is not None, others=others) if link else None


def write_link(store: Slips, case_id: str, link: CaseLink, now: int) -> None:
    """Replace the link with this ``version`` (0: there is none yet). Raises VersionConflictError."""
    expires = (now // DAY + KEPT_DAYS) * DAY
    store.write_slip(Slip(_name(case_id, apart=link.apart), link.version + 1, _encode(link), expires), now)


def begin_link(store: Slips, case_id: str, agency: str, remote: str, public: bytes, now: int) -> None:
    """Link a case to a system. Agencies that it was with keep theirs: what they answered, or answer late, still comes
    in. So does the app that sent the report: what its reporter adds there. Raises StorageError."""

    def attempt() -> None:
        earlier = read_link(store, case_id, now)
        link = CaseLink(agency, remote, public, version=earlier.version if earlier else 0)
        if earlier and agency == BY_APP != earlier.agency:
            apart = read_link(store, case_id, now, BY_APP)
            link = replace(link, version=apart.version if apart else 0, apart=True)
        elif earlier and agency != BY_APP == earlier.agency:
            _put_apart(store, case_id, earlier, now)
        elif earlier:
            link = _before_others(link, (replace(earlier, others=()), *earlier.others))
        write_link(store, case_id, link, now)

    retry_on_conflict(attempt, StoreUnavailableError("busy"))


def _before_others(link: CaseLink, earlier: Sequence[CaseLink]) -> CaseLink:
    """Return a new link with the earlier ones of its case beside it. What waits of the same agency waits on."""
    own = next((each for each in earlier if each.agency == link.agency), link)
    others = [each for each in earlier if each is not own]
    kept = tuple(each for n, each in enumerate(others) if n < OTHERS_MAX or each.waiting)
    return replace(link, marks=own.marks, waiting=own.waiting, others=kept)


def _put_apart(store: Slips, case_id: str, link: CaseLink, now: int) -> None:
    """Put an app's link beside the one that is to take its place. Where this was cut short before, what waits may stand
    in either. Raises VersionConflictError."""
    standing = read_link(store, case_id, now, BY_APP)
    before = standing if standing and standing.apart else CaseLink(BY_APP, link.remote, link.public)
    waiting = {each.mark: each for each in (*link.waiting, *before.waiting)}
    marks = tuple(dict.fromkeys((*link.marks, *before.marks)))
    write_link(store, case_id, replace(before, marks=marks, waiting=tuple(waiting.values()), apart=True), now)


def add_waiting(store: Store, case_id: str, link: CaseLink, waiting: Waiting, now: int) -> bool:
    """Keep a reply until the clock imports it. False if it came before. Raises StorageError."""

    def attempt() -> bool:
        current = read_link(store, case_id, now, link.agency) or link
        if waiting.mark in current.marks:
            mark_waiting(store, link.agency, case_id, waits=bool(current.waiting))  # was cut short, perhaps
            return False
        replies = (*current.waiting, waiting)
        kept = (*replies, *(each for other in current.others for each in other.waiting))
        if sum(len(each.sealed) for each in kept) > WAITING_MAX:
            raise StoreUnavailableError("the clock has to take up what waits first")
        marks = (*current.marks, waiting.mark)[-(MARKS_MAX // (1 + len(current.others))) :]
        closed = current.closed or waiting.kind is EventKind.CLOSE
        write_link(store, case_id, replace(current, marks=marks, waiting=replies, closed=closed), now)
        mark_waiting(store, link.agency, case_id, waits=True)
        return True

    return retry_on_conflict(attempt, StoreUnavailableError("busy"))


def drop_waiting(store: Slips, case_id: str, whose: str, mark: str, now: int) -> None:
    """Remove a reply (of ``whose``) that was imported into its case. Raises StorageError."""

    def without(link: CaseLink) -> CaseLink:
        return replace(link, waiting=tuple(each for each in link.waiting if each.mark != mark))

    _change_link(store, case_id, without, now, whose)


def rename_link(store: Slips, case_id: str, whose: str, remote: str, now: int) -> None:
    """Store the number that the system of ``whose`` gave the case. Raises StorageError."""
    _change_link(store, case_id, lambda link: replace(link, remote=remote), now, whose)


def drop_link(store: Slips, case_id: str) -> None:
    """Remove the links of a deleted case. Raises StorageError."""
    store.drop_slip(_name(case_id))
    store.drop_slip(_name(case_id, apart=True))


def _change_link(store: Slips, case_id: str, change: Callable[[CaseLink], CaseLink], now: int, whose: str) -> None:
    def attempt() -> None:
        link = read_link(store, case_id, now, whose)
        if link and (changed := change(link)) != link:
            write_link(store, case_id, changed, now)

    retry_on_conflict(attempt, StoreUnavailableError("busy"))


def _sent(raw: dict[str, Any]) -> Sent:
    return Sent(raw["cases"], raw["polled"], raw.get("heard", raw["polled"])) if raw else Sent()


def _name(case_id: str, *, apart: bool = False) -> str:
    return f"o311:{case_id}:app" if apart else f"o311:{case_id}"


def _read(store: Registers, name: str) -> dict[str, Any]:
    register = store.read_register(name)
    return json.loads(register.body) if register else {}


def _change(store: Registers, name: str, made: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    def attempt() -> None:
        register = store.read_register(name)
        before = json.loads(register.body) if register else {}
        after = made(before)
        if after != before:
            body = json.dumps(after, separators=(",", ":")).encode()
            store.write_registers([Register(name, register.version + 1 if register else 1, body)])

    retry_on_conflict(attempt, StoreUnavailableError("busy"))


def _encode(link: CaseLink) -> bytes:
    raw = _plain(link) | {"former": [_plain(each) for each in link.others]}
    return json.dumps(raw, separators=(",", ":")).encode()


def _plain(link: CaseLink) -> dict[str, Any]:
    waiting = [
        {"mark": each.mark, "kind": each.kind, "outcome": each.outcome or "", "meant": each.meant}
        | {"sealed": b64encode(each.sealed).decode()}
        for each in link.waiting
    ]
    public = b64encode(link.public).decode()
    raw: dict[str, Any] = {"agency": link.agency, "remote": link.remote, "public": public, "closed": link.closed}
    return raw | {"marks": link.marks, "waiting": waiting}


def _decode(slip: Slip) -> tuple[CaseLink, ...]:
    first = json.loads(slip.sealed)
    return tuple(_link(raw, slip.version) for raw in (first, *first.get("former", ())))


def _link(raw: Mapping[str, Any], version: int) -> CaseLink:
    waiting = tuple(
        Waiting(
            each["mark"],
            EventKind(each["kind"]),
            b64decode(each["sealed"]),
            Outcome(each["outcome"]) if each["outcome"] else None,
            tuple(each.get("meant", ())),
        )
        for each in raw["waiting"]
    )
    marks, public = tuple(raw["marks"]), b64decode(raw["public"])
    return CaseLink(raw["agency"], raw["remote"], public, marks, waiting, raw["closed"], version)
