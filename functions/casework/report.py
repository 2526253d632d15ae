"""A report (laporan) as submitted: its fields, their limits, and the reading of what was typed."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime

from functions.casework.case import Kind, Mode
from functions.casework.directory.accused_name import NAME_MAX as AGENCY_NAME_MAX
from functions.casework.directory.agencies import Directory
from functions.casework.formats.clean_text import clean_text, cleaned_before
from functions.casework.problems import FieldError, InvalidInputProblem

BODY_MAX = 20_000
SUBJECT_MAX = 150
PLACE_MAX = 200
OFFICIALS_MAX = 500
NAME_MAX = 100
CONTACT_MAX = 150
REASON_MAX = 2_000
LINE_MAX = 200  # an officer's reminder
# Faults are listed in the form's order.
ORDER = (
    *("kind", "topic", "body", "district", "village", "about_agency", "place", "happened_on"),
    *("about_officials", "subject", "contact", "identity_mode", "name"),
)
ACCUSING = ("place", "subject", "body", "about_officials")
OLDEST_YEAR = 1990  # older than the longest limitation period: a typing error
# A fingerprint counts these always, and a field of a later release only where it says something: what is sent again
# after an upgrade is then still the same report.
COUNTED = frozenset(
    {"kind", "topic", "district", "body", "place", "happened_on", "subject", "about_agency", "about_officials"}
    | {"mode", "name", "contact"}
)
UNCOUNTED = frozenset({"about_name", "before"})
_DATE_FORMATS = ("%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y")


@dataclass(frozen=True, slots=True)
class Report:
    """A checked report. Empty text stands for a field left out. ``about_name`` is the name of the accused agency as the
    writer read it. ``place`` begins with the village if one was chosen: a small one identifies, so it goes under the
    seal, and only the district stands in clear. ``before`` holds the texts that release 0.1.0 cleaned otherwise, with
    their names."""

    kind: Kind
    topic: str
    district: str
    body: str
    place: str = ""
    happened_on: date | None = None
    subject: str = ""
    about_agency: str = ""
    about_officials: str = ""
    mode: Mode = Mode.ANONIM
    name: str = ""
    contact: str = ""
    about_name: str = ""
    before: tuple[tuple[str, str], ...] = ()

    def words(self) -> dict[str, str]:
        """Return what goes under the seal: all but kind, topic and district. The accused agency is there and in clear.
        The writer's name is included only if officers may know it."""
        happened = self.happened_on.isoformat() if self.happened_on else ""
        return {
            "body": self.body,
            "subject": self.subject,
            "place": self.place,
            "happened_on": happened,
            "about_officials": self.about_officials,
            "about_agency": self.about_agency,
            "about_name": self.about_name,
            **({"name": self.name} if self.mode is Mode.TERBUKA else {}),
        }

    def accusing(self) -> str:
        """Return the words in which an office may be accused, the place first: "petugasnya" may be those of it."""
        return accusing(self.words())

    def content(self) -> dict[str, str]:
        """Return everything that was typed, for the fingerprint that tells a repeat from a changed text."""
        counted = {name: value for name, value in asdict(self).items() if name not in UNCOUNTED}
        return {name: str(value or "") for name, value in counted.items() if value or name in COUNTED}


def accusing(words: Mapping[str, str]) -> str:
    """Return those of a report's words in which an office may be accused."""
    return "\n".join(filter(None, (words.get(name) for name in ACCUSING)))


def read_text(
    fields: Mapping[str, str], name: str, limit: int, *, required: bool = False
) -> tuple[str, list[FieldError]]:
    """Return one text field, cleaned, and its faults (``required``, ``too_long``)."""
    text = clean_text(fields.get(name, ""))
    if required and not text:
        return text, [FieldError(name, "required")]
    if len(text) > limit:
        return text, [FieldError(name, "too_long", {"limit": f"{limit:,}", "length": f"{len(text):,}"})]
    return text, []


def read_report(fields: Mapping[str, str], directory: Directory, today: date) -> Report:
    """Check what was typed. Raises InvalidInputProblem with every fault at once, in the form's order."""
    errors: list[FieldError] = []

    def text(name: str, limit: int, *, required: bool = False) -> str:
        value, wrong = read_text(fields, name, limit, required=required)
        errors.extend(wrong)
        return value

    kind, topic, district, about_agency = read_choices(fields, directory, errors)
    place = ", ".join(filter(None, (_village(fields, district, directory, errors), text("place", PLACE_MAX))))
    happened_on = _happened_on(fields, today, errors)
    subject = text("subject", SUBJECT_MAX).replace("\n", " ")
    body = text("body", BODY_MAX, required=True)
    about_officials = text("about_officials", OFFICIALS_MAX)
    mode, name, contact = read_identity(fields, errors)
    errors.sort(key=lambda error: ORDER.index(error.field))
    if errors:
        raise InvalidInputProblem(*errors)
    return Report(
        Kind(kind),
        topic,
        district,
        body,
        place,
        happened_on,
        subject,
        about_agency,
        about_officials,
        mode,
        name,
        contact,
        _about_name(fields, about_agency, directory),
        _cleaned_before(fields),
    )


def _cleaned_before(fields: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return the texts that release 0.1.0 cleaned otherwise. It knew no villages, so their places are left out."""
    names = [
        name for name in ("place", "subject", "body", "about_officials", "name") if not fields.get(name, "").isascii()
    ]
    both = [(name, cleaned_before(fields[name]), clean_text(fields[name])) for name in names]
    return tuple(
        (name, old.replace("\n", " ") if name in ("subject", "name") else old)
        for name, old, new in both
        if old != new and not (name == "place" and fields.get("village"))
    )


def read_choices(
    fields: Mapping[str, str], directory: Directory, errors: list[FieldError]
) -> tuple[str, str, str, str]:
    """Return kind, topic, district and accused agency, which stand in clear; faults are added to ``errors``."""
    known: dict[str, Callable[[str], bool]] = {
        "kind": lambda value: value in list(Kind),
        "topic": directory.topics.__contains__,
        "district": directory.districts.__contains__,
        "about_agency": directory.agencies.__contains__,
    }
    chosen = {name: fields.get(name, "").strip() for name in known}
    for name, value in chosen.items():
        if not value and name != "about_agency":
            errors.append(FieldError(name, "required"))
        elif value and not known[name](value):
            errors.append(FieldError(name, "unknown"))
    return chosen["kind"], chosen["topic"], chosen["district"], chosen["about_agency"]


def _village(fields: Mapping[str, str], district: str, directory: Directory, errors: list[FieldError]) -> str:
    """Return the chosen village as people say it, "" for none. A fault if it is no village of the district."""
    code = fields.get("village", "").strip()
    if not code:
        return ""
    village = directory.villages.get(code)
    if village is None or village.district != district:
        errors.append(FieldError("village", "unknown"))
        return ""
    return village.title


def _about_name(fields: Mapping[str, str], about_agency: str, directory: Directory) -> str:
    """Return the name of the accused agency as the writer read it: what their page says it showed, or today's."""
    if not about_agency:
        return ""
    read = clean_text(fields.get("about_name", ""))[:AGENCY_NAME_MAX]
    return read or directory.agencies[about_agency].name


def read_identity(fields: Mapping[str, str], errors: list[FieldError]) -> tuple[Mode, str, str]:
    """Return mode, name and contact; faults are added to ``errors``.

    Mode rahasia needs a name or a contact, terbuka a name. Mode anonim takes no name: one sent with it is refused, not
    stored (``not_anonymous``). Its contact is for notices alone, so it must be an address that gets them
    (``email_wanted``): a phone number would be a risk for nothing.
    """
    wanted = fields.get("identity_mode", "").strip() or Mode.ANONIM.value
    name, wrong_name = read_text(fields, "name", NAME_MAX)
    contact, wrong_contact = read_text(fields, "contact", CONTACT_MAX)
    name, contact = name.replace("\n", " "), contact.replace("\n", " ")
    if wanted not in list(Mode):
        errors.append(FieldError("identity_mode", "unknown"))
        return Mode.ANONIM, name, contact
    mode = Mode(wanted)
    if mode is Mode.ANONIM:
        errors.extend(wrong_contact)
        if name:
            errors.append(FieldError("name", "not_anonymous"))
        if contact and not is_address(contact):
            errors.append(FieldError("contact", "email_wanted"))
    else:
        errors.extend(wrong_name + wrong_contact)
        if not name and (mode is Mode.TERBUKA or not contact):
            errors.append(FieldError("name", "name_wanted"))
        if contact and not is_address(contact) and not is_phone(contact):
            errors.append(FieldError("contact", "bad_contact"))
    return mode, name, contact


def is_address(text: str) -> bool:
    """Whether this may be an e-mail address: one @, something before it and a dotted name after it."""
    local, _, host = text.partition("@")
    return bool(local) and "." in host.strip(".") and "@" not in host and not any(c.isspace() for c in text)


def is_phone(text: str) -> bool:
    """Whether this may be a phone number: 8 to 15 digits (ITU-T E.164), with the usual marks between them."""
    digits = [c for c in text if c.isdecimal()]
    return 8 <= len(digits) <= 15 and all(c.isdecimal() or c in "+-(). " for c in text)  # noqa: PLR2004 - said above


def read_day(typed: str) -> date | None:
    """Read a day as people type it: 2026-11-25, 25-11-2026 or 25/11/2026. None for anything else."""
    typed = typed.strip()
    for pattern in _DATE_FORMATS if typed else ():
        try:
            return datetime.strptime(typed, pattern).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return None


def _happened_on(fields: Mapping[str, str], today: date, errors: list[FieldError]) -> date | None:
    typed = fields.get("happened_on", "").strip()
    if not typed:
        return None
    day = read_day(typed)
    if day is None or day.year < OLDEST_YEAR:
        errors.append(FieldError("happened_on", "bad_date"))
    elif day > today:
        errors.append(FieldError("happened_on", "future"))
    return day
