"""The reason of a hand-over in plain words, made of a proposal: for an officer to read and change, then for the
reporter and the unit.

It names the topic and the agency alone. The words that spoke for a proposal are left out, since they are the reporter's
own. Indonesian whatever the officer's language, since the reporter reads it.
"""

from typing import Final

from functions.casework.routing.propose import Proposal, Why

BY_TOPIC: Final = "{topic} adalah urusan {agency}."
BY_WORDS: Final = "Menurut isinya, laporan ini urusan {agency}."
INSTEAD: Final = "{agency} yang memeriksa, karena laporan ini tentang dinas yang biasanya menangani."


def plain_reason(proposal: Proposal, topic: str, agency: str) -> str:
    """Return the reason for a proposal inside the local government. ``topic`` and ``agency`` are names; an empty topic
    is one that the directory does not have."""
    if proposal.why is Why.ACCUSED:
        return INSTEAD.format(agency=agency)
    by_topic = proposal.why in (Why.TOPIC, Why.BOTH) and topic
    return BY_TOPIC.format(topic=topic, agency=agency) if by_topic else BY_WORDS.format(agency=agency)
