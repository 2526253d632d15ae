"""The facts of a case by one name each, as stores and the audit trail use them, whatever record of the head holds them.

A name here never changes: it is a column, an attribute and part of a hash. A new field goes to the end. Those facts
that decide who may read a case are bound into its seal (``AccessFacts``).
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple, get_type_hints

from functions.casework.case import CaseHead, Lift

# The order is that of the audit trail's hash.
PLACES = {
    "case_id": "case_id",
    "instance": "instance",
    "holder": "holder",
    "kind": "kind",
    "topic": "topic",
    "district": "district",
    "about_agency": "about_agency",
    "stage": "stage",
    "received_on": "received_on",
    "due": "clock.due",
    "sealed": "wraps.sealed",
    "key_id": "wraps.key_id",
    "lookup": "wraps.lookup",
    "fingerprint": "wraps.fingerprint",
    "wrap_receipt": "wraps.receipt",
    "wrap_desk": "wraps.desk",
    "subject": "wraps.subject",
    "version": "version",
    "handed_on": "clock.handed_on",
    "closed_on": "closing.on",
    "outcome": "closing.outcome",
    "confirmed": "closing.confirmed",
    "rating": "closing.rating",
    "extended": "clock.extended",
    "reopened": "history.reopened",
    "appealed": "history.appealed",
    "from_reporter": "history.from_reporter",
    "from_officers": "history.from_officers",
    "identity": "reporter.mode",
    "contact": "reporter.contact",
    "quarantined": "quarantined",
    "shredded": "shredded",
    "terms": "clock.terms",
    "held_on": "clock.held_on",
    "paused": "clock.paused",
    "reminded": "clock.reminded",
    "escalated": "escalation.steps",
    "escalated_to": "escalation.agency",
    "oversight": "oversight",
    "recused": "desk_work.recused",
    "sp4n": "desk_work.sp4n",
    "second": "desk_work.second",
    "assigned": "desk_work.assigned",
    "priority": "desk_work.priority",
    "canned": "history.canned",
    "lapsed": "closing.lapsed",
    "lift": "lift.state",
    "lift_by": "lift.by",
    "lift_on": "lift.on",
    "origin": "reporter.origin",
    "texted": "reporter.texted",
    "publication": "publication.state",
    "agreed": "publication.agreed",
    "answered_on": "history.answered_on",
    "closed_due": "closing.due",
    "transferred": "history.transferred",
    "earlier_ends": "closing.earlier_ends",
    "chain": "chain",
    "visible_from": "visible_from",
    "unmasked": "desk_work.unmasked",
    "kept_from": "desk_work.kept_from",
    "act": "wraps.act",
}
_NAMES = {place: name for name, place in PLACES.items()}
_VALUES = attrgetter(*PLACES.values())
_PARTS: dict[str, Any] = {part: kind for part, kind in get_type_hints(CaseHead).items() if is_dataclass(kind)}
_OF_PARTS = {part: [_NAMES[f"{part}.{field.name}"] for field in fields(kind)] for part, kind in _PARTS.items()}
_MAKERS = tuple((part, _PARTS[part], itemgetter(*names)) for part, names in _OF_PARTS.items())
_OWN = itemgetter(*(field.name for field in fields(CaseHead)))


def _by_name(of_kind: Callable[[type], dict[str, Any]]) -> dict[str, Any]:
    """Return what ``of_kind`` gives for the fields of the head and of its parts, by the facts' names."""
    own = of_kind(CaseHead)
    own |= {f"{part}.{field}": value for part, kind in _PARTS.items() for field, value in of_kind(kind).items()}
    return {name: own[place] for name, place in PLACES.items() if place in own}


TYPES = _by_name(get_type_hints)
DEFAULTS = _by_name(lambda kind: {field.name: field.default for field in fields(kind) if field.default is not MISSING})


def flat(head: CaseHead) -> dict[str, Any]:
    """Return a head's facts by name."""
    return dict(zip(PLACES, _VALUES(head), strict=True))


def unflat(facts: Mapping[str, Any]) -> CaseHead:
    """Return the head with these facts; missing ones take their default. Raises KeyError if one without a default is
    missing."""
    known = {**DEFAULTS, **facts}
    known |= {part: kind(*values(known)) for part, kind, values in _MAKERS}
    return CaseHead(*_OWN(known))


class AccessFacts(NamedTuple):
    """The clear facts of a case that decide who may read it, and that its wrap to the desk binds.

    ``topic`` decides whether a case is sensitive. ``lifted``: an overseer allowed the accused to read it. ``kept_from``
    are agencies whom later words accuse. They change at the desk alone, which wraps the key of the case again; only
    that somebody is accused may come from the reporter, where the facts of before are proven
    (``routing.later_accused``).
    """

    instance: str
    kind: str
    topic: str
    about_agency: str
    oversight: bool = False
    lifted: bool = False
    kept_from: tuple[str, ...] = ()

    @classmethod
    def of(cls, head: CaseHead) -> "AccessFacts":
        """Return those of a head."""
        lifted = head.lift.state is Lift.LIFTED
        kept = head.desk_work.kept_from
        return cls(head.instance, head.kind, head.topic, head.about_agency, head.oversight, lifted, kept)

    def text(self) -> str:
        """Return the one form in which they are bound: texts joined by zero characters, which no code holds."""
        flags = ("1" if flag else "" for flag in (self.oversight, self.lifted))
        return "\0".join((self.instance, self.kind, self.topic, self.about_agency, *flags, *self.kept_from))
