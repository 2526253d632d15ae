"""The thread's routes: a receipt opens its case; answer, add a file, confirm or contest the closing (DESIGN §8)."""

from flask import Flask, Response, make_response

from functions.actions.common.trouble_codes import TROUBLE, TROUBLES
from functions.actions.reporter.converse import Converse
from functions.actions.reporter.identity import Trust
from functions.casework.case import CaseHead
from functions.casework.directory.portal import portal_name
from functions.casework.formats.message_pages import read_number
from functions.casework.problems import ElsewhereProblem, FieldError, InvalidInputProblem, NotFoundProblem, Problem
from functions.casework.receipt import Receipt
from functions.crypto.errors import KeyringError
from functions.storage.interface import StoreUnavailableError
from functions.thread import pages, sealed_files
from functions.thread.identity import Act, identity_routes, shown
from functions.thread.kept_code import kept_code_routes
from functions.thread.lift import lift_routes
from functions.thread.publication import publication_routes
from functions.thread.receipt_field import BadReceiptProblem, read_receipt
from functions.thread.sealed import sealed_routes
from functions.thread.sealed_names import sealed_name_routes
from functions.thread.unmask import unmask_routes
from functions.web.door import make_door
from functions.web.errors import answer as answered
from functions.web.file_answer import file_answer
from functions.web.forms import UPLOAD_MAX_BYTES, fields, upload, wants_json


def make_app(converse: Converse, trust: Trust | None = None, *, https: bool, operator: str = "") -> Flask:
    """Make the thread door around a ``Converse`` and a ``Trust`` (by default one with the usual days)."""
    kept = trust or Trust(converse.store, converse.public_keys, converse.today, converse.directory)
    app = make_door(
        __name__,
        TROUBLES,
        https=https,
        max_bytes=UPLOAD_MAX_BYTES,
        templates=pages.TEMPLATES,
        operator=operator,
        owner=lambda: converse.directory.owner,
        portals=lambda code: portal_name(converse.directory, code),
        file_mb=converse.file_mb,
    )

    def answer(act: Act, status: int, done: str) -> Response:
        """Carry out an act on the case of the receipt in the request. Answers in JSON or with the thread's page."""
        typed, acted = fields(), False
        if wants_json():
            return make_response(act(read_receipt(typed), typed), status)
        try:
            receipt = read_receipt(typed)
            act(receipt, typed)
            acted = True
            page = _page(converse, kept, receipt, done=done, before=read_number(typed, "before"))
        except (BadReceiptProblem, NotFoundProblem) as error:
            return make_response(pages.track(typed, error), error.status)
        except ElsewhereProblem as error:
            return answered(error)
        except (Problem, StoreUnavailableError, KeyringError) as error:
            if acted and not isinstance(error, Problem):  # it is done: only the page is missing
                return make_response(pages.kept(receipt, {}, "/api/thread"), 503)
            return _given_back(converse, kept, receipt, typed, error)
        return make_response(page, status)

    @app.post("/api/thread")
    def thread() -> Response:
        typed = fields()
        if wants_json():
            receipt = read_receipt(typed)
            view = converse.read(receipt)
            before, after = read_number(typed, "before"), read_number(typed, "after")
            return make_response(
                pages.thread_json(view, shown(kept, receipt, view), converse, before=before, after=after)
            )
        return answer(lambda receipt, _: {}, 200, "")

    @app.post("/api/thread/messages")
    def messages() -> Response:
        def act(receipt: Receipt, typed: dict[str, str]) -> dict[str, object]:
            return {"n": converse.write(receipt, typed.get("body", ""), typed.get("message_key", ""))}

        return answer(act, 201, "message")

    @app.post("/api/thread/files")
    def files() -> Response:
        if sealed_files.SIGNED in (sealed := fields()):
            return sealed_files.take_file(converse, sealed)

        def act(receipt: Receipt, typed: dict[str, str]) -> dict[str, object]:
            raw = upload()
            if not raw:
                raise InvalidInputProblem(FieldError("file", "required"))
            keep = typed.get("keep_size", "") == "yes"
            return {"n": converse.attach(receipt, raw, typed.get("file_key", ""), keep_size=keep)}

        return answer(act, 201, "file")

    @app.post("/api/thread/files/<int:n>")
    def file(n: int) -> Response:
        if sealed_files.LOOKED in (typed := fields()):
            return sealed_files.give_file(converse, typed)
        content, media_type = converse.file(read_receipt(typed), n)
        return file_answer(content, media_type, n)

    @app.post("/api/thread/verdict")
    def verdict() -> Response:
        def act(receipt: Receipt, typed: dict[str, str]) -> dict[str, object]:
            verdict, rating, reason = (typed.get(name, "").strip() for name in ("verdict", "rating", "reason"))
            return _stage(converse.verdict(receipt, verdict, rating, reason))

        return answer(act, 200, "verdict")

    @app.post("/api/thread/appeal")
    def appeal() -> Response:
        return answer(lambda receipt, typed: _stage(converse.appeal(receipt, typed.get("reason", ""))), 200, "appeal")

    @app.post("/api/thread/withdraw")
    def withdraw() -> Response:
        def act(receipt: Receipt, typed: dict[str, str]) -> dict[str, object]:
            if not wants_json() and not typed.get("sure"):  # it cannot be undone: a slip of the thumb must not suffice
                raise InvalidInputProblem(FieldError("sure", "required"))
            return _stage(converse.withdraw(receipt))

        return answer(act, 200, "withdraw")

    kept_code_routes(app)
    identity_routes(app, answer, kept)
    lift_routes(app, answer, converse)
    publication_routes(app, answer, converse)
    sealed_routes(app, converse)
    sealed_name_routes(app, converse, kept.danger_days)
    unmask_routes(app, answer, converse)
    return app


def _page(
    converse: Converse,
    trust: Trust,
    receipt: Receipt,
    *,
    before: int = 0,
    done: str = "",
    problem: Problem | None = None,
    typed: dict[str, str] | None = None,
) -> str:
    """Return the thread's page."""
    view = converse.read(receipt)
    identity = shown(trust, receipt, view)
    return pages.thread(receipt, view, identity, converse, before=before, done=done, problem=problem, typed=typed)


def _given_back(
    converse: Converse, trust: Trust, receipt: Receipt, typed: dict[str, str], error: Exception
) -> Response:
    """Return the thread with the typed text in its field and the fault beside it."""
    if isinstance(error, Problem):
        try:
            page = _page(converse, trust, receipt, problem=error, typed=typed)
            return make_response(page, error.status)
        except TROUBLE:
            pass  # gone meanwhile: the words are given back all the same
    return make_response(pages.kept(receipt, typed), 503)


def _stage(head: CaseHead) -> dict[str, object]:
    return {"stage": head.stage.value, "due": head.clock.due.isoformat()}
