"""District and topic of a case, corrected where its reporter or a program chose wrongly.

A correction moves nothing: holder, accused and clock stay (law 5). What the topic decides follows it: masking, batches,
the photo that a public work needs, proposals. What a sensitive topic protected stays protected (``topics_had``).
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from functions.casework.case import CaseHead, Publication, PublicationState
from functions.casework.directory.agencies import Directory, District
from functions.casework.problems import FieldError, InvalidInputProblem

TEXT_OFFERED = frozenset({Publication.DRAFTED, Publication.AGREED})


def corrected(
    head: CaseHead, directory: Directory, *, district: str = "", topic: str = ""
) -> tuple[CaseHead, dict[str, str]]:
    """Return the head with this district and topic, "" to leave one as it is, and the words of the event: ``district``
    and ``was_district`` if that changed, likewise ``topic``, and ``text_void`` if a text for the public lost its
    agreement, since its reporter agreed to it under the old ones. No words: nothing changed.

    Raises InvalidInputProblem for what the directory does not have, and for a district of another instance: such a case
    is transferred.
    """
    wanted = {"district": district or head.district, "topic": topic or head.topic}
    changes = {name: code for name, code in wanted.items() if code != getattr(head, name)}
    _check(changes, head, directory)
    words = dict(changes) | {f"was_{name}": str(getattr(head, name)) for name in changes}
    after = replace(head, district=wanted["district"], topic=wanted["topic"])
    if words and offers_text(head.publication):
        words["text_void"] = "yes"
        after = replace(after, publication=PublicationState(Publication.WISHED))
    return after, words


def offers_text(publication: PublicationState) -> bool:
    """Whether a text for the public waits, or holds until its reporter has agreed to another."""
    return bool(publication.agreed) or publication.state in TEXT_OFFERED


def districts_of(head: CaseHead, directory: Directory) -> dict[str, District]:
    """Return the districts of the instance that has the case, by code."""
    region = directory.agencies[head.instance].region
    inside = ((code, found) for code, found in directory.districts.items() if code.startswith(f"{region}."))
    return {code: found for code, found in inside if directory.instance_of_district(code).code == head.instance}


def topics_had(head: CaseHead, corrections: Iterable[Mapping[str, str]]) -> frozenset[str]:
    """Return the topics a case has and had. ``corrections`` are the words of these events."""
    return frozenset({head.topic, *(words["was_topic"] for words in corrections if "was_topic" in words)})


def _check(changes: Mapping[str, str], head: CaseHead, directory: Directory) -> None:
    known = {"district": directory.districts, "topic": directory.topics}
    errors = [FieldError(name, "unknown") for name, code in changes.items() if code not in known[name]]
    code = changes.get("district", "")
    if code in directory.districts and (there := directory.instance_of_district(code)).code != head.instance:
        errors.append(FieldError("district", "other_instance", {"instance": there.name}))
    if errors:
        raise InvalidInputProblem(*errors)
