"""A report (laporan) as submitted: its fields, their limits, and the reading of what was typed."""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime

from functions.casework.agencies import Directory
from functions.casework.case import Kind
from functions.casework.problems import FieldError, InvalidInputProblem

BODY_MAX = 20_000
SUBJECT_MAX = 150
PLACE_MAX = 200
OFFICIALS_MAX = 500
REASON_MAX = 2_000
OLDEST_YEAR = 1990  # older than the longest limitation period: a typing error
_DATE_FORMATS = ("%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y")


@dataclass(frozen=True, slots=True)
class Report:
    """A checked report. Empty text stands for what was left out."""

    kind: Kind
    topic: str
    district: str
    body: str
    place: str = ""
    happened_on: date | None = None
    subject: str = ""
    about_agency: str = ""
    about_officials: str = ""

    def words(self) -> dict[str, str]:
        """What goes under the seal (all but kind, topic, district and accused agency)."""
        happened = self.happened_on.isoformat() if self.happened_on else ""
        return {
            "body": self.body,
            "subject": self.subject,
            "place": self.place,
            "happened_on": happened,
            "about_officials": self.about_officials,
        }

    def content(self) -> dict[str, str]:
        """Everything submitted, for the fingerprint that tells a repeat from a changed text."""
        return {key: str(value or "") for key, value in asdict(self).items()}


def clean_text(raw: str) -> str:
    """Text as kept: NFC, newlines as \\n, no control characters (they hide words or break pages), no
    spaces at the ends. Emoji, Arabic and any other script stay as written."""
    text = raw.replace("\r\n", "\n").replace("\r", "\n")
    kept = (c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
    return unicodedata.normalize("NFC", "".join(kept)).strip()


def read_text(
    fields: Mapping[str, str], name: str, limit: int, *, required: bool = False
) -> tuple[str, list[FieldError]]:
    """One text field, cleaned, with what is wrong with it (``required``, ``too_long``)."""
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

    def choice(name: str, known: Callable[[str], bool], *, required: bool = True) -> str:
        value = fields.get(name, "").strip()
        if not value and required:
            errors.append(FieldError(name, "required"))
        elif value and not known(value):
            errors.append(FieldError(name, "unknown"))
        return value

    kind = choice("kind", lambda value: value in list(Kind))
    topic = choice("topic", directory.topics.__contains__)
    district = choice("district", directory.districts.__contains__)
    place = text("place", PLACE_MAX)
    happened_on = _happened_on(fields, today, errors)
    subject = text("subject", SUBJECT_MAX).replace("\n", " ")
    body = text("body", BODY_MAX, required=True)
    about_agency = choice("about_agency", directory.agencies.__contains__, required=False)
    about_officials = text("about_officials", OFFICIALS_MAX)
    if fields.get("identity_mode", "").strip() not in ("", "anonim"):
        errors.append(FieldError("identity_mode", "only_anonim"))
    if errors:
        raise InvalidInputProblem(*errors)
    return Report(Kind(kind), topic, district, body, place, happened_on, subject, about_agency, about_officials)


def read_day(typed: str) -> date | None:
    """A day as people type it: 2026-11-25, 25-11-2026 or 25/11/2026. None for anything else."""
    for pattern in _DATE_FORMATS:
        try:
            return datetime.strptime(typed.strip(), pattern).date()  # noqa: DTZ007 - a day has no zone
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
