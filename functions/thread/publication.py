"""In the thread: making a report public. Its reporter requests it, reads the text, agrees, or stops it."""

from collections.abc import Callable
from typing import Any

from flask import Flask, Response

from functions.actions.common.decrypted_case import Message
from functions.actions.reporter.converse import Converse, ReporterView
from functions.actions.reporter.publish_consent import Consent
from functions.casework.case import CaseHead, EventKind, Publication
from functions.casework.problems import FieldError, InvalidInputProblem
from functions.casework.publication import Draft, PublishStep, draft_of, fit, month_of, next_batch, reporters_steps
from functions.casework.receipt import Receipt
from functions.storage.registers.publications import in_a_crowd
from functions.web.forms import wants_json
from functions.web.wording import N_

Act = Callable[[Receipt, dict[str, str]], dict[str, object]]
Answer = Callable[[Act, int, str], Response]
# The form of each action, by its name on the page
FORMS = {"wish": "publish-wish", "change": "publish-change", "agree": "publish-agree", "stop": "publish-stop"}
# The reporter's own acts, addressed to them
YOURS: dict[str, str] = {
    PublishStep.WISHED: N_("Anda ingin laporan ini dibaca umum, bila Anda menyetujui teksnya."),
    PublishStep.CHANGE: N_("Anda meminta teks untuk umum diubah."),
    PublishStep.AGREED: N_("Anda menyetujui teks untuk umum."),
    PublishStep.STOPPED: N_("Anda tidak ingin laporan ini dibaca umum."),
}


def publication_routes(app: Flask, answer: Answer, converse: Converse) -> None:
    """Add ``POST /api/thread/publication`` and the routes below it, each with ``receipt``.

    ``/change`` takes ``reason``; ``/agree`` takes ``draft`` (the text's number) and ``hide_district``; ``/stop`` takes
    nothing more.
    """
    consent = Consent(converse)

    @app.post("/api/thread/publication")
    def wish_public() -> Response:
        return answer(lambda receipt, _: _state(consent.wish(receipt)), 200, "wished")

    @app.post("/api/thread/publication/change")
    def change_public() -> Response:
        return answer(lambda receipt, typed: _state(consent.change(receipt, typed.get("reason", ""))), 200, "change")

    @app.post("/api/thread/publication/agree")
    def agree_public() -> Response:
        def act(receipt: Receipt, typed: dict[str, str]) -> dict[str, object]:
            if not wants_json() and not typed.get("read"):  # a slip of the thumb must not publish anything
                raise InvalidInputProblem(FieldError("publish-read", "required"))
            hide = typed.get("hide_district", "") == "yes"
            return _state(consent.agree(receipt, typed.get("draft", ""), hide_district=hide))

        return answer(act, 200, "agreed")

    @app.post("/api/thread/publication/stop")
    def stop_public() -> Response:
        return answer(lambda receipt, _: _state(consent.stop(receipt)), 200, "stopped")


def public_parts(view: ReporterView, converse: Converse) -> dict[str, Any]:
    """Return the parts of the page.

    - ``state``; ``draft``: the text that waits or was agreed to, or None; ``earlier``: another text is public meanwhile
    - ``few``: whether there are few reports like it; ``may``: whether it may be public at all
    - ``on``: the day from which it would be public; ``month``: when it came in; the district's name
    - ``forms``
    """
    head, actions, draft = view.head, _actions(view, converse), _draft(view)
    agreed = _agreed(view)
    district = converse.directory.districts.get(agreed.facts["district"] if agreed else head.district)
    return {
        "state": head.publication.state.value,
        "draft": draft,
        "agency": converse.directory.agency(draft.agency).name if draft else "",
        "few": "agree" in actions and not in_a_crowd(converse.store, head),
        "on": next_batch(agreed.on if agreed else converse.today()),
        "month": month_of(head.received_on),
        "district": district.name if district else "",
        "earlier": bool(head.publication.agreed) and head.publication.state is not Publication.AGREED,
        "may": fit(head, converse.directory),
        "forms": [FORMS[action] for action in actions],
    }


def public_json(view: ReporterView, converse: Converse) -> dict[str, object]:
    """Return state, text, the number of the agreed text, and the actions among ``wish change agree stop``.

    The state is ``none`` if nothing was requested. ``few`` says whether people could guess; it is null without a text
    to agree to.
    """
    actions, draft = _actions(view, converse), _draft(view)
    return {
        "state": view.head.publication.state.value or "none",
        "agreed": view.head.publication.agreed or None,
        "draft": draft_json(draft) if draft else None,
        "few": not in_a_crowd(converse.store, view.head) if "agree" in actions else None,
        "actions": list(actions),
    }


def draft_json(draft: Draft) -> dict[str, object]:
    """Return a text for the public as JSON."""
    return {
        "n": draft.n,
        "summary": draft.summary,
        "answer": draft.answer,
        "agency": draft.agency,
        "month": draft.month.isoformat(),
    }


def _actions(view: ReporterView, converse: Converse) -> tuple[str, ...]:
    return reporters_steps(view.head, converse.directory)


def _draft(view: ReporterView) -> Draft | None:
    """Return the latest text; None if there is none or the request was withdrawn."""
    if view.head.publication.state is Publication.NONE:
        return None
    for message in reversed(view.messages):
        if message.kind is EventKind.PUBLISH and message.facts.get("step") == PublishStep.DRAFTED:
            return draft_of(message.n, message.facts)
    return None


def _agreed(view: ReporterView) -> Message | None:
    """Return the reporter's act, if they agreed to the present text."""
    if view.head.publication.state is not Publication.AGREED:
        return None
    acts = (m for m in reversed(view.messages) if m.kind is EventKind.PUBLISH)
    return next((act for act in acts if act.facts.get("step") == PublishStep.AGREED), None)


def _state(head: CaseHead) -> dict[str, object]:
    return {"publication": head.publication.state.value or "none"}
