"""What the intake shows: the form given back, the check page, the receipt."""

from collections.abc import Iterable, Mapping
from secrets import token_hex
from urllib.parse import urlsplit

from flask import render_template, request

from functions.actions.reporter.submit import Submitted
from functions.casework.case import Mode
from functions.casework.directory.agencies import Agency, Directory
from functions.casework.directory.portal import portal_of
from functions.casework.problems import FieldError, Problem
from functions.casework.report import Report
from functions.intake.hints import hints, pleads
from functions.intake.proof import COUNTER_FIELD
from functions.web import layout
from functions.web.language import gettext
from functions.web.layout import long_date
from functions.web.layout import url as page
from functions.web.qr import qr
from functions.web.wording import N_, sentence, spoken

MEANT, ASKED = "meant", "asked"  # the ticks of the question whom it is about, and about whom it was asked
OLD_ASKED = "1"  # a page of before a village could be chosen: it does not say about whom
MODES = {
    Mode.ANONIM: N_("Tidak seorang pun (anonim)"),
    Mode.RAHASIA: N_("Hanya dua penjaga identitas, bersama-sama (rahasia)"),
    Mode.TERBUKA: N_("Petugas yang menangani (terbuka)"),
}


def form(typed: dict[str, str], directory: Directory, wrong: tuple[FieldError, ...] = ()) -> str:
    """Return the form with everything that was typed, and its faults; the counter's form for a counter."""
    from functions.intake.elsewhere import lists  # noqa: PLC0415 - only a form given back lists places and agencies

    listed = lists(typed, directory)
    return render_template(
        "counter.html" if typed.get(COUNTER_FIELD) else "form.html",
        values=typed,
        errors=spoken(wrong),
        **listed,
    )


def check(
    typed: dict[str, str],
    report: Report,
    directory: Directory,
    *,
    problem: Problem | None = None,
    key: str = "",
    done: bool = False,
    wrong: tuple[FieldError, ...] = (),
) -> str:
    """Return the page to check the answers. ``key`` is the submission key, "" for a fresh one. ``problem`` is why the
    page is shown again, ``wrong`` what is to be chosen on it, ``done`` that something was masked or a receipt taken
    out."""
    errors = [{"field": "", "message": sentence(problem.code, problem.facts)}] if problem else spoken(wrong)
    return _check(typed, report, directory, key or token_hex(16), errors, done=done)


def check_again(typed: dict[str, str], report: Report, directory: Directory, code: str) -> str:
    """Return the check page with the same key, to send again later: nothing was stored, nothing is lost."""
    return _check(typed, report, directory, typed["submission_key"], [{"field": "", "message": sentence(code)}])


def _look_up(url: str, hosts: Mapping[str, str] | None) -> str:
    """Return the address of ``/lacak/`` in the portal that the form came from: at its own host, if it is known to have
    one. An edge asks this door under the function's name, which leads nobody anywhere; and the form's field says what
    its sender likes. So ``hosts`` decides, and without it the host that ``web.host_check`` has let in."""
    if not layout.portal_field().startswith(layout.OWN_HOST):
        return f"{url}{page('/lacak/')}"
    if hosts is None:
        return f"{urlsplit(url).scheme}://{request.host}/lacak/"
    code = layout.portal_code()
    return f"https://{hosts[code]}/lacak/" if code in hosts else f"{url}/{code}/lacak/"


def receipt(done: Submitted, url: str, hosts: Mapping[str, str] | None, *, told: bool, counter: str = "") -> str:
    """Return the page with the receipt, in the first answer after sending.

    ``url`` is the portal, ``hosts`` are instances' own (``_look_up``). The QR code opens ``/lacak/`` there with the
    receipt in the fragment, which reaches no server. ``told``: the writer gets news by e-mail. ``counter`` is the pass
    of the counter that prints the receipt.
    """
    if done.receipt is None:
        raise ValueError("sealed in the browser: only the browser can show the receipt")
    there = _look_up(url, hosts)
    if counter:
        return render_template(
            "counter_receipt.html",
            groups=done.receipt.groups,
            due=done.due,
            qr_svg=qr(f"{there}#", str(done.receipt)),
            address=there.partition("://")[2],
            given=counter,
        )
    return render_template(
        "receipt.html",
        receipt=str(done.receipt),
        groups=done.receipt.groups,
        address=there.partition("://")[2],
        tracking_id=done.tracking_id,
        stage=done.stage,
        due=done.due,
        told=told,
        qr_svg=qr(f"{there}#", str(done.receipt)),
        file_key=token_hex(16),
        upload_errors=[],
    )


def _check(
    typed: dict[str, str],
    report: Report,
    directory: Directory,
    key: str,
    errors: list[dict[str, str]],
    *,
    done: bool = False,
) -> str:
    labels = {
        "district": directory.districts[report.district].name,
        "about_agency": directory.agencies[report.about_agency].name if report.about_agency else "",
        "happened_on": long_date(report.happened_on) if report.happened_on else "",
        "identity_mode": gettext(MODES[report.mode]),
    }
    asked = suspects(report, directory)
    code = layout.portal_code()
    return render_template(
        "check.html",
        values=typed | {"identity_mode": typed.get("identity_mode") or "anonim"},
        labels=labels,
        submission_key=key,
        errors=errors,
        hints=hints(typed),
        plea=pleads(typed),
        masked=done,
        suspects=asked,
        meant=meant(typed, asked) if ASKED in typed else [agency.code for agency in asked],
        topics=list((portal_of(directory, code) if code else directory).topics.values()),
        villages=directory.villages_of(report.district),
        listed=bool(request.form.get("villages") or typed.get("village")),
    )


def meant(typed: Mapping[str, str], suspected: Iterable[Agency]) -> list[str]:
    """Return whom the writer, who was asked, left ticked. The village is chosen on the page that asks, so whom the
    words accuse only together with it counts as ticked."""
    late = [agency.code for agency in suspected if agency.code not in typed[ASKED].split()]
    return request.form.getlist(MEANT) + (late if typed[ASKED] != OLD_ASKED else [])


def suspects(report: Report, directory: Directory) -> tuple[Agency, ...]:
    """Return the agencies that the words accuse and the form did not name, to be asked about."""
    from functions.casework.understanding.accused import accused_of  # noqa: PLC0415 - only the check page asks
    from functions.casework.understanding.said import accused_by  # noqa: PLC0415 - the same

    return tuple(directory.agencies[code] for code in accused_of(accused_by(report, directory)))
