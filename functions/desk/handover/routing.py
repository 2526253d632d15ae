"""Where a case goes: agencies proposed for it, a second unit beside its holder, a transfer to another government; and
the district and topic that this follows from."""

from typing import TYPE_CHECKING

from functions.actions.officer.views import OfficerView
from functions.casework.access import transfer_targets
from functions.casework.case import CaseHead
from functions.casework.directory.agencies import Agency, AgencyKind, Directory
from functions.casework.routing.correction import districts_of
from functions.casework.routing.propose import Proposal, Why
from functions.casework.stages import Move
from functions.casework.understanding.accused import Accusation
from functions.desk.acts import Act, asked, standing
from functions.web.language import gettext
from functions.web.narration import topic_name
from functions.web.wording import N_

if TYPE_CHECKING:  # loaded when first asked for (``lazy_routes``)
    from functions.actions.officer.correct_case import CorrectCase
    from functions.actions.officer.second_unit import SecondUnit
    from functions.actions.officer.transfer import Transfer

LIST_MAX = 30  # more are not shown one by one: an officer types the beginning of the name
MENTIONS = N_("menyebut: {words}")
# What is said before the words that spoke for it.
BECAUSE = {
    Why.TOPIC: N_("topik laporan ini"),
    Why.BOTH: N_("topik laporan ini"),
    Why.ACCUSED: N_("yang biasanya menangani adalah yang dilaporkan"),
}


def second_unit_acts(ask: "SecondUnit") -> dict[str, Act]:
    """``second`` (``agency``, "" to end it; ``reason``); its form ``leave`` is the second unit's own."""
    return {
        "second": Act(
            lambda viewer, case_id, typed: with_second(ask(viewer, case_id, *asked(typed, "agency", "reason", "yes"))),
            "second",
            also="leave",
        )
    }


def transfer_acts(transfer: "Transfer") -> dict[str, Act]:
    """``transfer`` (``instance``: code or name; ``reason``)."""
    return {
        "transfer": Act(
            lambda viewer, case_id, typed: standing(
                transfer(viewer, case_id, *asked(typed, "instance", "reason", "yes"))
            ),
            "transfer",
        )
    }


def correct_acts(correct: "CorrectCase") -> dict[str, Act]:
    """``correct`` (``district`` and ``topic``: codes, or empty; ``reason``; ``seen``)."""
    names = ("district", "topic", "reason", "seen")
    return {
        "correct": Act(
            lambda viewer, case_id, typed: _chosen(
                correct(viewer, case_id, *(t.strip() for t in asked(typed, *names)))
            ),
            "correct",
        )
    }


def correct_parts(view: OfficerView, directory: Directory) -> dict[str, object]:
    """Return what the page shows: ``districts`` and ``topics`` to choose from."""
    if Move.CORRECT not in view.rights.moves:
        return {"districts": (), "topics": ()}
    return {
        "districts": districts_of(view.head, directory).values(),
        "topics": [{"code": code, "name": topic_name(code, directory)} for code in directory.topics],
    }


def with_second(head: CaseHead) -> dict[str, object]:
    """Return where a case stands, and which unit is the second."""
    return standing(head) | {"second": head.desk_work.second or None}


def reason(proposal: Proposal) -> str:
    """Return why an agency is proposed, as a half sentence that stands behind its name."""
    said = [gettext(BECAUSE[proposal.why])] if proposal.why in BECAUSE else []
    if proposal.words:
        said.append(gettext(MENTIONS).format(words=", ".join(proposal.words)))
    return "; ".join(said)


def because(proposals: tuple[Proposal, ...]) -> str:
    """Return the reason that the form is filled with: what speaks for the first proposal, without its name, since the
    officer may choose another. "" if it is none of ours, or stands in for the accused."""
    first = proposals[0] if proposals else None
    if first is None or first.outside or first.why is Why.ACCUSED:
        return ""
    said = [gettext(N_("Sesuai topik laporan ini."))] if first.why in BECAUSE else []
    if first.words:
        said.append(gettext(N_("Laporan menyebut: {words}.")).format(words=", ".join(first.words)))
    return " ".join(said)


def proposal_rows(proposals: tuple[Proposal, ...], directory: Directory) -> list[dict[str, object]]:
    """Return the proposals as the page shows them: ``name``, ``why`` and, if it is not ours, ``outside``."""
    return [
        {
            "name": proposal.outside.name if proposal.outside else directory.agencies[proposal.agency].name,
            "why": reason(proposal),
            "outside": proposal.outside,
        }
        for proposal in proposals
    ]


def suspect_rows(suspects: tuple[Accusation, ...], directory: Directory) -> list[dict[str, object]]:
    """Return whom the words may be about, as the page shows them: ``name``, ``words``, ``undone``."""
    return [
        {"name": directory.agency(each.agency).name, "words": each.words, "undone": each.undone} for each in suspects
    ]


def suspects_json(suspects: tuple[Accusation, ...]) -> list[dict[str, object]]:
    """Return ``suspected``: to hand the case to one of these takes ``yes``, unless only its work is undone."""
    return [{"agency": each.agency, "words": each.words, "sure": each.sure, "undone": each.undone} for each in suspects]


def proposals_json(proposals: tuple[Proposal, ...]) -> dict[str, object]:
    """Return ``proposals``, and ``outside`` with what is not the local government's; each with its reason."""
    ours = [{"agency": p.agency, "why": p.why.value, "words": list(p.words)} for p in proposals if p.outside is None]
    others = [
        {"code": p.outside.code, "name": p.outside.name, "says": p.outside.says, "turn_to": p.outside.turn_to}
        | {"words": list(p.words)}
        for p in proposals
        if p.outside is not None
    ]
    return {"proposals": ours, "outside": others}


def transfer_parts(view: OfficerView, directory: Directory) -> dict[str, object]:
    """Return what the page shows: ``transfers``, the agencies; ``elevates``, if the centre is the only one;
    ``typed_transfer``, if there are too many for a list."""
    targets = _targets(view, directory)
    elevates = [target.kind for target in targets] == [AgencyKind.CENTRE]
    return {"transfers": targets, "elevates": elevates, "typed_transfer": len(targets) > LIST_MAX}


def transfers_json(view: OfficerView, directory: Directory) -> list[dict[str, str]] | None:
    """Return the agencies a case may be transferred to; None if they are too many to be listed with each case: then it
    is any instance of the directory."""
    targets = _targets(view, directory)
    if len(targets) > LIST_MAX:
        return None
    return [{"code": target.code, "name": target.name} for target in targets]


def _chosen(head: CaseHead) -> dict[str, object]:
    return standing(head) | {"district": head.district, "topic": head.topic}


def _targets(view: OfficerView, directory: Directory) -> tuple[Agency, ...]:
    return tuple(transfer_targets(view.head, directory)) if Move.TRANSFER in view.rights.moves else ()
