"""Open311's routes: the topics to report on, taking a report, and public reports. No pages: apps read XML or JSON."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from flask import Flask, Response, request

from functions.actions.reporter.open311 import ReceiveFromApp
from functions.casework.apps import App, Apps, app_of
from functions.casework.directory.agencies import Agency, Directory
from functions.casework.formats.open311 import Accepted, Answer, plain
from functions.casework.linked_systems import Said
from functions.casework.problems import NotFoundProblem
from functions.casework.publication import PublicReport
from functions.casework.report import read_report
from functions.open311 import faults, public
from functions.open311.faults import answer, refused
from functions.open311.flood import Flood
from functions.open311.reading import jurisdiction, read_asked, report_fields, submission_key
from functions.open311.services import PATH, definition, discovery, services
from functions.open311.strip import FORM, MAX_BYTES, stripped
from functions.open311.texts import KEPT_FROM, NOTICE
from functions.web.cross_site import SAFE_METHODS, is_from_elsewhere
from functions.web.door import bare_door
from functions.web.language import current, gettext
from functions.web.layout import long_date

FMT = "<any(xml, json):fmt>"
UPDATE = ("service_request_id", "update_id", "status", "description", "external_status_code")
ID_MAX = 100


@dataclass(frozen=True, slots=True)
class Place:
    """What the routes need. ``url`` is the address of the portal; ``test``: nobody reads the reports received here."""

    directory: Directory
    from_apps: ReceiveFromApp
    apps: Callable[[], Apps]
    reports: Callable[[str], Sequence[PublicReport]]
    flood: Flood
    today: Callable[[], date]
    zone: tzinfo
    url: str
    operator: str
    test: bool

    def whose(self) -> Agency:
        """Return the instance that the request names."""
        given = request.form.get("jurisdiction_id") or request.args.get("jurisdiction_id") or ""
        return jurisdiction(given.strip(), self.directory)

    def now(self) -> datetime:
        """Return the end of the local day: this door knows no finer time."""
        today = self.today()
        return datetime(today.year, today.month, today.day, 23, 59, 59, tzinfo=self.zone)


def make_app(place: Place) -> Flask:
    """Return the door of apps."""
    app = bare_door(__name__, https=place.url.startswith("https://"), max_bytes=MAX_BYTES)
    app.wsgi_app = stripped(app.wsgi_app)  # type: ignore[method-assign,assignment]  # Flask documents it so
    faults.register(app)

    @app.before_request
    def same_site() -> None:
        if request.method not in SAFE_METHODS and is_from_elsewhere():
            raise refused(403, "cross_site")

    @app.get(f"{PATH}/discovery.{FMT}")
    def discover(fmt: str) -> Response:
        content = plain(discovery(place.url, place.operator, test=place.test))
        response = answer("discovery", content)
        response.content_type = f"{'text' if fmt == 'xml' else 'application'}/{fmt}"  # to the letter, without charset
        return response

    @app.get(f"{PATH}/services.{FMT}")
    def list_services(fmt: str) -> Response:
        place.whose()
        return _listed("services", services(place.directory, place.url))

    @app.get(f"{PATH}/services/<code>.{FMT}")
    def service_definition(code: str, fmt: str) -> Response:
        instance = place.whose()
        if code not in place.directory.topics:
            raise refused(404, "unknown_service")
        return answer("service_definition", plain(definition(code, place.directory, instance, place.url)))

    @app.post(f"{PATH}/requests.{FMT}")
    def take(fmt: str) -> Response:
        return _take(place)

    @app.get(f"{PATH}/tokens/<token>.{FMT}")
    def token_known(token: str, fmt: str) -> Response:
        place.whose()
        if not place.from_apps.knows(token):
            raise refused(404, "unknown_token")
        return answer("service_requests", [{"token": token, "service_request_id": None}])

    @app.get(f"{PATH}/requests.{FMT}")
    def list_requests(fmt: str) -> Response:
        instance, asked = place.whose(), read_asked(_arguments(), place.now())
        found = public.wanted(place.reports(instance.code), asked, place.zone)
        return _requests(place, found)

    @app.get(f"{PATH}/requests/<number>.{FMT}")
    def one_request(number: str, fmt: str) -> Response:
        found = [report for report in place.reports(place.whose().code) if report.public_id == number]
        if not found:
            raise refused(404, "unknown_request")
        return _requests(place, found)

    @app.get(f"{PATH}/servicerequestupdates.{FMT}")
    def list_updates(fmt: str) -> Response:
        instance, asked = place.whose(), read_asked(_arguments(), place.now())
        found = public.updates(place.reports(instance.code), asked, place.zone)
        return _listed("service_requests_updates", found)

    @app.post(f"{PATH}/servicerequestupdates.{FMT}")
    def take_update(fmt: str) -> Response:
        return _take_update(place)

    return app


def _take_update(place: Place) -> Response:
    app = _app(place)
    form = {name: request.form.get(name, "").strip() for name in UPDATE}
    for name in ("service_request_id", "update_id"):
        if not 0 < len(form[name]) <= ID_MAX:
            raise refused(400, "no_update", field=name)
    said = Said(
        number=form["service_request_id"],
        update=form["update_id"],
        status=form["status"].lower(),
        text=form["description"],
        code=form["external_status_code"],
    )
    try:
        place.from_apps.update(app, said)
    except NotFoundProblem:
        raise refused(404, "unknown_request") from None
    return answer("service_requests_updates", [{"update_id": said.update}])


def _take(place: Place) -> Response:
    app = _app(place)
    instance = place.whose()
    report = read_report(
        report_fields(request.form, place.directory, instance, place.zone), place.directory, place.today()
    )
    key = submission_key(request.form.get("submission_key", "").strip())
    taken = place.from_apps(report, key, suspicious=place.flood.weigh(app.ident, key), ident=app.ident)
    done = taken.submitted
    facts = {"day": long_date(done.due, current()), "receipt": str(done.receipt), "url": place.url}
    notice = gettext(NOTICE).format(**facts)
    if done.suspected:
        names = ", ".join(place.directory.agency(code).name for code in done.suspected)
        notice = f"{notice} {gettext(KEPT_FROM).format(agencies=names)}"
    accepted = Accepted(token=taken.token, service_notice=notice)
    return answer("service_requests", [plain(accepted)])


def _app(place: Place) -> App:
    if request.mimetype != FORM:
        raise refused(400, "bad_form")
    app = app_of(place.apps(), request.form.get("api_key", ""))
    if app is None:
        raise refused(403, "bad_api_key")
    return app


def _requests(place: Place, found: Sequence[PublicReport]) -> Response:
    return _listed("service_requests", [public.as_request(each, place.directory, place.zone) for each in found])


def _listed(root: str, answers: Sequence[Answer]) -> Response:
    return answer(root, [plain(each) for each in answers])


def _arguments() -> dict[str, str]:
    """Return the parameters that a list of requests may have, "" for each that is missing."""
    return {
        "service_request_id": request.args.get("service_request_id") or "",
        "service_code": request.args.get("service_code") or "",
        "start_date": request.args.get("start_date") or "",
        "end_date": request.args.get("end_date") or "",
        "status": request.args.get("status") or "",
        "page": request.args.get("page") or "",
        "page_size": request.args.get("page_size") or "",
    }
