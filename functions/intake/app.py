"""Intake's routes: form → check-your-answers → receipt, and JSON in one step (DESIGN §8)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import partial
from secrets import token_bytes, token_hex

from flask import Flask, Response, make_response, request

from functions.actions.common.trouble_codes import TROUBLE, TROUBLES, trouble_code
from functions.actions.reporter.submit import Submit, Submitted
from functions.casework.case import Sealed
from functions.casework.directory.agencies import Directory
from functions.casework.directory.portal import portal_name
from functions.casework.formats.attachments import FILE_MB
from functions.casework.problems import (
    ChangedTextProblem,
    ClashProblem,
    FieldError,
    InvalidInputProblem,
)
from functions.casework.report import Report, read_report
from functions.crypto.transport.waiting_reports import SECRET_BYTES, WaitingKey
from functions.edge.request_filter import bucket_of
from functions.intake import challenge, counter, elsewhere, pages, waiting
from functions.intake.envelope import read_envelope
from functions.intake.gate import Gate, Verdict
from functions.intake.hints import masked, proposed, unproposed, without_receipts
from functions.intake.likeness import Traits, of_envelope, of_text
from functions.intake.packed import FILE, PACKED, read_packed
from functions.intake.proof import COUNTER_FIELD, FORM_FIELD, WORK_FIELD, Proofs, commitment
from functions.intake.waiting import WAITING, read_waiting
from functions.web import quick_exit
from functions.web.door import make_door
from functions.web.forms import fields, submission_key, upload, wants_json


@dataclass(frozen=True, slots=True)
class Intake:
    """What the routes need. ``url`` is the address of the portal; ``hosts`` are instances' own (``pages.receipt``)."""

    submit: Submit
    proofs: Proofs
    gate: Gate
    url: str
    waiting: WaitingKey
    hosts: Mapping[str, str] | None = None

    @property
    def https(self) -> bool:
        """Whether people come by HTTPS."""
        return self.url.startswith("https://")

    def take(
        self, report: Report, key: bytes, typed: dict[str, str], meant: Collection[str] | None = None
    ) -> Submitted:
        """Take a report in clear and seal it here. ``meant``: whom it is about, if the writer was asked."""
        verdict = self._weigh(typed, key, of_text(report))
        held, waits = verdict is Verdict.HELD, verdict is Verdict.WAITS
        return self.submit(report, key, suspicious=held, crowded=waits, meant=meant)

    def take_sealed(self, typed: dict[str, str]) -> Submitted:
        """Take a report that its browser sealed, or that the nation passed on (``path`` says where it was sealed)."""
        envelope = read_envelope(typed, self.submit.directory)
        verdict = self._weigh(typed, envelope.lookup, of_envelope(envelope))
        held, waits = verdict is Verdict.HELD, verdict is Verdict.WAITS
        path = Sealed.SERVER if typed.get("path") == Sealed.SERVER else Sealed.BROWSER
        return self.submit.sealed(envelope, suspicious=held, crowded=waits, path=path)

    def form_token(self, key: str) -> str:
        """Return the token of a form with this submission key, good for that report alone."""
        return self.proofs.form_token(commitment(submission_key(key)), self.gate.view_seconds(_bucket()))

    def _weigh(self, typed: dict[str, str], submission: bytes, traits: Traits) -> Verdict:
        return self.gate.weigh(_bucket(), self.proofs.read(typed, submission), submission, traits)


def _bucket() -> str:
    return bucket_of(request.environ)


def make_app(
    submit: Submit,
    proofs: Proofs,
    gate: Gate,
    *,
    url: str,
    operator: str = "",
    waiting_secret: bytes = b"",
    file_mb: int = FILE_MB,
    hosts: Mapping[str, str] | None = None,
) -> Flask:
    """Return the intake door. ``url`` is the address of the portal, ``hosts`` those of single instances' portals behind
    an edge, by code; None where the host that is asked for was judged before (``web.host_check``). Phones seal reports
    that wait for a network. Their key is made from ``waiting_secret``, or at random if that is empty. ``file_mb`` is
    the most MB of a file, which the page with the receipt says and the thread checks."""
    app = make_door(
        __name__,
        TROUBLES,
        https=url.startswith("https://"),
        operator=operator,
        owner=lambda: submit.directory.owner,
        portals=partial(portal_name, submit.directory),
        file_mb=file_mb,
    )
    intake = Intake(submit, proofs, gate, url, WaitingKey(waiting_secret or token_bytes(SECRET_BYTES)), hosts)
    challenge.register(app, proofs, gate)
    counter.register(app, proofs.passes, https=intake.https)
    waiting.register(app, intake.waiting)
    quick_exit.register(app)

    @app.post("/api/reports")
    def reports() -> Response:
        typed = fields()
        if wants_json():
            return _json(intake, typed)
        over = counter.is_over(typed, proofs.passes, https=intake.https)
        return counter.next_person() if over else _page(intake, typed)

    return app


def _json(intake: Intake, typed: dict[str, str]) -> Response:
    """Take a report in one step: sealed on arrival or in the browser (``sealed: browser``, also packed; ``waiting`` if
    it waited on a phone). If it was sealed here, the answer holds the receipt, and whom its words accuse."""
    opened = {}
    if PACKED in typed:
        typed = read_packed(typed[PACKED], upload(FILE))
    typed.pop("path", None)  # stands inside the seal of a report on its way alone
    if typed.get("sealed") == WAITING:
        inside = read_waiting(upload("envelope"), intake.waiting)
        proof = {name: typed.get(name, "") for name in (WORK_FIELD, FORM_FIELD)}
        typed = {**inside, **proof, "sealed": Sealed.BROWSER}
        opened = {"opened": inside["opened"]}
    if typed.get("sealed", Sealed.SERVER) == Sealed.BROWSER:
        done = intake.take_sealed(typed)
    else:
        report = read_report(typed, intake.submit.directory, intake.submit.today())
        if not typed.get("submission_key"):
            raise InvalidInputProblem(FieldError("submission_key", "bad_submission_key"))
        done = intake.take(report, submission_key(typed["submission_key"]), typed)
    answer = {"tracking_id": done.tracking_id, "stage": done.stage, "due": done.due.isoformat()}
    receipt = {"receipt": str(done.receipt)} if done.receipt else {}
    suspected = {"suspected": list(done.suspected)} if done.suspected else {}
    linked = {"linked": done.linked} if done.linked else {}
    return make_response(receipt | answer | suspected | opened | linked, 201 if done.created else 200)


def _read(typed: dict[str, str], intake: Intake) -> tuple[Report, tuple[FieldError, ...]]:
    """Return the report, and what is wrong on the check page: a topic that the directory does not have (any more), or
    none, if the words name none. Raises InvalidInputProblem for everything else."""
    directory, today = intake.submit.directory, intake.submit.today()
    if typed["topic"] in directory.topics:
        return read_report(typed, directory, today), ()
    report = read_report(typed | {"topic": next(iter(directory.topics))}, directory, today)
    return report, (FieldError("topic", "unknown" if typed["topic"] else "required"),)


def _given_back(typed: dict[str, str], directory: Directory) -> Response:
    """Return the form: to go on writing, or to say where it is."""
    if not elsewhere.asks(typed):
        return make_response(pages.form(unproposed(typed, directory), directory))
    wrong = elsewhere.fault(typed, directory)
    return make_response(pages.form(typed, directory, wrong), InvalidInputProblem.status if wrong else 200)


def _page(intake: Intake, typed: dict[str, str]) -> Response:
    """Answer the form with the form again, the check page, or the receipt. What was typed is in each."""
    directory = intake.submit.directory
    elsewhere.move(typed.get("district", ""), directory)
    if request.form.get("edit") or elsewhere.asks(typed):
        return _given_back(typed, directory)
    # Pressing "Kirim" with a tick set masks too, and shows the page again instead of sending.
    ticked = request.form.getlist("mask")
    typed, coded = without_receipts(masked(typed, ticked) if ticked else typed)
    typed = proposed(typed, directory)
    try:
        report, unsorted = _read(typed, intake)
        stays = ticked or coded or request.form.get("mask_now") or request.form.get("villages")
        if unsorted or stays or not typed.get("submission_key"):
            given = typed.get("submission_key", "")
            key = given or token_hex(16)
            again = {FORM_FIELD: (given and typed.get(FORM_FIELD)) or intake.form_token(key)}
            again |= {"topic": ""} if unsorted else {}
            wrong = unsorted if given else ()
            shown = pages.check(typed | again, report, directory, key=key, done=bool(ticked or coded), wrong=wrong)
            return make_response(shown, InvalidInputProblem.status if wrong else 200)
        meant = pages.meant(typed, pages.suspects(report, directory)) if pages.ASKED in typed else None
        done = intake.take(report, submission_key(typed["submission_key"]), typed, meant)
    except InvalidInputProblem as error:
        return make_response(pages.form(typed, directory, error.errors), error.status)
    except (ChangedTextProblem, ClashProblem) as error:
        # The earlier text is stored under this key, so the new one gets a fresh key, and the writer decides.
        key = token_hex(16)
        again = typed | {FORM_FIELD: intake.form_token(key)}
        return make_response(pages.check(again, report, directory, key=key, problem=error), error.status)
    except TROUBLE as error:
        return make_response(pages.check_again(typed, report, directory, trouble_code(error)), 503)
    given = typed.get(COUNTER_FIELD, "")
    page = pages.receipt(done, intake.url, intake.hosts, told="@" in report.contact, counter=given)
    return make_response(page, 201 if done.created else 200)
