"""How the desk says where a case may belong, and why."""

from functions.casework.directory.agencies import Directory
from functions.casework.routing import Proposal, Why
from functions.web.language import gettext
from functions.web.wording import N_

MENTIONS = N_("menyebut: {words}")
# What is said before the words that spoke for it.
BECAUSE = {
    Why.TOPIC: N_("topik yang dipilih pelapor"),
    Why.BOTH: N_("topik yang dipilih pelapor"),
    Why.ACCUSED: N_("yang biasanya menangani adalah yang dilaporkan"),
}


def reason(proposal: Proposal) -> str:
    """Why this is proposed, as a half sentence that stands behind a name."""
    said = [gettext(BECAUSE[proposal.why])] if proposal.why in BECAUSE else []
    if proposal.words:
        said.append(gettext(MENTIONS).format(words=", ".join(proposal.words)))
    return "; ".join(said)


def proposal_rows(proposals: tuple[Proposal, ...], directory: Directory) -> list[dict[str, object]]:
    """The proposals as the page shows them: ``name``, ``why`` and, where it is not ours, ``outside``."""
    return [
        {
            "name": proposal.outside.name if proposal.outside else directory.agencies[proposal.agency].name,
            "why": reason(proposal),
            "outside": proposal.outside,
        }
        for proposal in proposals
    ]


def proposals_json(proposals: tuple[Proposal, ...]) -> dict[str, object]:
    """``proposals``, and ``outside`` with what is not the local government's; each with its reason, best first."""
    ours = [{"agency": p.agency, "why": p.why.value, "words": list(p.words)} for p in proposals if p.outside is None]
    others = [
        {"code": p.outside.code, "name": p.outside.name, "says": p.outside.says, "turn_to": p.outside.turn_to}
        | {"words": list(p.words)}
        for p in proposals
        if p.outside is not None
    ]
    return {"proposals": ours, "outside": others}
