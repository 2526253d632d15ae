"""At the desk: writing what anybody may read of a report whose reporter wishes it, or saying no
(``actions.officer.publication_draft``)."""

from collections.abc import Callable, Mapping

from flask import Response, g

from functions.actions.officer.publication_draft import Clearing

Typed = dict[str, str]
Answer = Callable[[str, Callable[[str, Typed], dict[str, object]], int, str], Response]


def publication_views(clearing: Clearing, answer: Answer) -> Mapping[str, Callable[..., Response]]:
    """``POST /desk/cases/<tracking_id>/`` ``publication`` (``summary``, ``answer``; ``keep``, see ``Clearing.draft``)
    and ``publication/decline`` (``reason``)."""

    def publish(tracking_id: str) -> Response:
        def act(case_id: str, typed: Typed) -> dict[str, object]:
            wanted = [typed.get(name, "") for name in ("summary", "answer", "keep", "message_key")]
            return {"n": clearing.draft(g.session.viewer, case_id, *wanted)}

        return answer(tracking_id, act, 201, "publish")

    def decline_publication(tracking_id: str) -> Response:
        def act(case_id: str, typed: Typed) -> dict[str, object]:
            head = clearing.decline(g.session.viewer, case_id, typed.get("reason", ""))
            return {"publication": head.publication.state.value}

        return answer(tracking_id, act, 200, "publish_declined")

    return {"publish": publish, "decline_publication": decline_publication}
