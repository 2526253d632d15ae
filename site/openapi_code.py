"""What the description of the calls takes from the code, by the name with which ``!code`` puts it there."""

from collections.abc import Iterable
from enum import Enum
from typing import Any

from functions.casework.case import Kind, Lift, Mode, Outcome, Publication, Sealed
from functions.casework.consent.identity_request import Answer, Danger
from functions.casework.consent.unmask_request import Ground
from functions.casework.deadlines.digests import Pace
from functions.casework.directory.enrolment import ADD, REMOVE, ROLES
from functions.casework.directory.instance_edit import UNIT_LEVELS, Act
from functions.casework.factors.keyring import Kind as FactorKind
from functions.casework.factors.standing import Need
from functions.casework.formats.attachments import FACTS as TYPES
from functions.casework.formats.attachments import FILE_MB
from functions.casework.formats.clean_text import VISIBLE
from functions.casework.formats.open311 import Status
from functions.casework.publication import ANSWER_MAX, SUMMARY_MAX
from functions.casework.reply_templates import TEXT_MAX, TITLE_MAX
from functions.casework.report import BODY_MAX, LINE_MAX, OFFICIALS_MAX, PLACE_MAX, REASON_MAX, SUBJECT_MAX
from functions.casework.routing.propose import Why
from functions.casework.sealed_identity import StepKind, TrustState
from functions.casework.stages import Actor, Move, Stage
from functions.edge.request_filter import APP_ATTRIBUTES


def _values(enum: Iterable[Enum]) -> list[Any]:
    return [member.value for member in enum]


MOST = {"about_officials": OFFICIALS_MAX, "place": PLACE_MAX, "subject": SUBJECT_MAX}


def _app_field(name: str) -> dict[str, Any]:
    return {"type": "string"} | ({"maxLength": MOST[name]} if name in MOST else {})


CODE: dict[str, Any] = {
    **{
        enum.__name__: _values(enum)
        for enum in (
            *(Act, Actor, Answer, Danger, Ground, Kind, Mode),
            *(Move, Outcome, Pace, Sealed, Stage, Status, StepKind, Why),
        )
    },
    "Need": _values(Need),
    "FactorKind": _values(FactorKind),
    "Lift": [None, *_values(lift for lift in Lift if lift)],
    "Publication": ["none", *_values(state for state in Publication if state)],
    "TrustState": ["none", *_values(TrustState)],
    "attach": f"Add one file: a photo, {TYPES['documents']} or plain text, at most {FILE_MB} MB, in the cloud 4",
    "ROLES": _values(ROLES),
    "UNIT_LEVELS": _values(UNIT_LEVELS),
    "officer_acts": [ADD, REMOVE],
    "SEEN": VISIBLE,
    "BODY_MAX": BODY_MAX,
    "LINE_MAX": LINE_MAX,
    "OFFICIALS_MAX": OFFICIALS_MAX,
    "PLACE_MAX": PLACE_MAX,
    "REASON_MAX": REASON_MAX,
    "SUBJECT_MAX": SUBJECT_MAX,
    "TITLE_MAX": TITLE_MAX,
    "TEXT_MAX": TEXT_MAX,
    "SUMMARY_MAX": SUMMARY_MAX,
    "ANSWER_MAX": ANSWER_MAX,
    "app_fields": {f"attribute[{name}]": _app_field(name) for name in sorted(APP_ATTRIBUTES - {"district"})},
}
