"""An agency with its own system that speaks Open311: what goes there from a report, and what comes back.

The copy that goes there is the one that the agency's officers would read: masked, without identity or contact. Answers
and closings come back; whatever else the system says about a report is ignored.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date

from functions.casework.case import EventKind, Outcome
from functions.casework.channel import PREFIXES, Channel, Contact
from functions.casework.directory.agencies import Agency, Directory, Topic
from functions.casework.formats.clean_text import clean_text
from functions.casework.report import BODY_MAX, REASON_MAX
from functions.casework.understanding.words import Words

CHANNEL = "open311:"
BY_APP = PREFIXES[Channel.APP]  # stands for an agency in a case's link: the app that sent the report
REPLY_KEY = (
    "reply_key"  # stands beside words: a private reply key (``crypto.seal.reply_keys``), which is shown to nobody
)
ACCUSES = "accuses"  # stands beside a reply's words: whom they accuse, for the desk to compare; shown to nobody
PROMISED = "token "  # stands before a token, as long as a system has given no number
DESCRIPTION_MAX = 4000  # GeoReport v2, POST Service Request
CUT = " … (dipotong; selengkapnya ada di halaman petugas)"
UNSAID = "Instansi menutup laporan ini di sistemnya tanpa keterangan."
PLACE_NAMES = ("place", "happened_on")


@dataclass(frozen=True, slots=True)
class Forward:
    """A report as it leaves for an agency's system: the masked copy. ``reply`` is the public key that answers are
    sealed to (base64). "" marks an addition to an earlier copy of the same case: then ``text`` is what the reporter
    added."""

    topic: str
    district: str
    text: str
    subject: str = ""
    place: str = ""
    happened_on: str = ""
    reply: str = ""

    def encode(self) -> bytes:
        """Return the report as JSON, without receipts."""
        words = Words({name: text for name, text in asdict(self).items() if name != "reply"})
        return json.dumps({**words, "reply": self.reply}, ensure_ascii=False).encode()

    @classmethod
    def decode(cls, raw: bytes) -> "Forward":
        """Read what ``encode`` wrote. Raises ValueError."""
        try:
            return cls(**json.loads(raw))
        except TypeError as error:
            raise ValueError("not a forwarded report") from error

    def description(self) -> str:
        """Return the words as one text of at most ``DESCRIPTION_MAX`` characters; a cut text says so."""
        named = [self.subject, self.text, f"Waktu kejadian: {self.happened_on}" if self.happened_on else ""]
        whole = "\n\n".join(part for part in named if part)
        return whole if len(whole) <= DESCRIPTION_MAX else whole[: DESCRIPTION_MAX - len(CUT)] + CUT


@dataclass(frozen=True, slots=True, repr=False)
class Said:
    """What a server says about a request. ``update`` names the update; ``status`` is open or closed. ``state``: this is
    no update, but the present status of the request."""

    number: str
    update: str
    status: str
    text: str
    code: str = ""
    state: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """What a system says about a report: ``kind`` is MESSAGE or CLOSE; ``mark`` identifies a repeat (32 hex)."""

    mark: str
    kind: EventKind
    text: str
    outcome: Outcome | None = None

    def words(self) -> dict[str, str]:
        """Return the reply as an event's words."""
        if self.kind is EventKind.CLOSE:
            return {"reason": self.text, "outcome": str(self.outcome or Outcome.DIJELASKAN)}
        return {"body": self.text}


@dataclass(frozen=True, slots=True)
class Waiting:
    """A reply that was received but is not in its case yet; ``sealed`` to the case's reply key. ``meant`` are agencies
    that its words accuse: the clock, which cannot read, keeps the case from them."""

    mark: str
    kind: EventKind
    sealed: bytes = field(repr=False)
    outcome: Outcome | None = None
    meant: tuple[str, ...] = ()


def app_contact(ident: str, token: str) -> Contact:
    """Return the contact of a report that an app sent and that is answered through it."""
    return Contact(Channel.APP, f"{ident}:{token}")


def read_app_address(address: str) -> tuple[str, str]:
    """Return the app and its token of an app's ``Contact.address``."""
    ident, _, token = address.partition(":")
    return ident, token


def system_of(code: str, directory: Directory) -> str:
    """Return the address of an agency's system, "" if it has none."""
    agency = directory.agencies.get(code)
    return agency.channel.removeprefix(CHANNEL) if agency and agency.channel.startswith(CHANNEL) else ""


def is_linked(agency: Agency) -> bool:
    """Tell whether an agency has its own system."""
    return agency.channel.startswith(CHANNEL)


def linked_agencies(directory: Directory) -> tuple[Agency, ...]:
    """Return all agencies with their own system, in order."""
    return tuple(filter(is_linked, directory.agencies.values()))


def read_reply(mark: str, status: str, text: str, code: str, topic: Topic | None = None) -> Reply | None:
    """Return a reply from what a system said; None if there is nothing to tell: open, and no text.

    ``status`` is open or closed. ``code`` is its finer status, used if it is one of our outcomes. A repair of a public
    work needs a photo, which this channel cannot carry: it counts as explained.
    """
    said = clean_text(text)
    if status != "closed":
        return Reply(mark, EventKind.MESSAGE, said[:BODY_MAX]) if said else None
    outcome = Outcome(code) if code in list(Outcome) else Outcome.DIJELASKAN
    if outcome is Outcome.DIPERBAIKI and topic is not None and topic.public_work:
        outcome = Outcome.DIJELASKAN
    return Reply(mark, EventKind.CLOSE, said[:REASON_MAX] or UNSAID, outcome)


def report_text(said: Iterable[tuple[str, date]]) -> str:
    """Return a report with the reporter's later additions; each addition shows its day."""
    parts = [body if number == 0 else f"[{on.isoformat()}] {body}" for number, (body, on) in enumerate(said) if body]
    return "\n\n".join(parts)


def request_fields(forward: Forward, services: Mapping[str, str], service: str) -> dict[str, str]:
    """Return the arguments of POST Service Request. ``services`` maps topics to that system's codes. ``service`` is its
    code for all other topics, "" if it uses our codes."""
    fields = {
        "service_code": services.get(forward.topic) or service or forward.topic,
        "address_string": forward.place or forward.district,
        "address_id": forward.district,
        "description": forward.description(),
        "attribute[district]": forward.district,
    }
    return {name: value for name, value in fields.items() if value}
