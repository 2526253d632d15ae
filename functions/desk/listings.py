"""The desk's lists beside the inbox, each a page of its own: one template, and what it says of each."""

from collections.abc import Callable
from typing import NamedTuple

from flask import Flask, Response, g, make_response, render_template, request

from functions.actions.officer.handle_case import Handle
from functions.actions.officer.views import Inbox
from functions.casework.access import Viewer
from functions.casework.problems import NotFoundProblem
from functions.desk import answers
from functions.desk.pages import inbox_row
from functions.storage.interface import BadPageTokenError
from functions.web.forms import wants_json
from functions.web.language import gettext
from functions.web.wording import N_


class Listing(NamedTuple):
    """What a list is called, and what is said above it, where it has rows and where it has none. ``read`` gives a page
    of it."""

    title: str
    lead: str
    empty: str
    read: Callable[[Handle, Viewer, str], Inbox]


LISTINGS = {
    "escalated": Listing(
        N_("Laporan terlambat"),
        N_("Instansi yang memegang laporan ini tidak menjawab pada waktunya. Tagih mereka, atau pindahkan laporannya."),
        N_("Tidak ada laporan terlambat yang naik kepada Anda."),
        Handle.escalated,
    ),
    "asked": Listing(
        N_("Menunggu keputusan Anda"),
        N_(
            "Pemegang laporan ini meminta izin memperlihatkannya kepada yang dilaporkan. Baca alasannya, lalu putuskan."
        ),
        N_("Tidak ada permintaan yang menunggu keputusan Anda."),
        Handle.asked,
    ),
    "second": Listing(
        N_("Laporan yang ikut Anda tangani"),
        N_("Instansi lain memegang laporan ini, juga batas waktunya. Anda dapat membaca dan menjawab pelapornya."),
        N_("Tidak ada laporan instansi lain yang ikut Anda tangani."),
        Handle.second,
    ),
    "mine": Listing(
        N_("Daftar saya"),
        N_("Laporan yang Anda tangani. Rekan Anda tetap melihatnya di kotak masuk."),
        N_("Belum ada. Buka sebuah laporan, lalu tekan “Saya tangani”."),
        Handle.taken,
    ),
}


def listing_routes(app: Flask, handle: Handle) -> None:
    """``GET /desk/`` and the name of a list and ``/``, with ``?after=``."""
    for name in LISTINGS:
        app.add_url_rule(f"/desk/{name}/", f"list_{name}", _route(name, handle), methods=["GET"])


def _route(name: str, handle: Handle) -> Callable[[], Response]:
    listing = LISTINGS[name]

    def show() -> Response:
        try:
            page = listing.read(handle, g.session.viewer, request.args.get("after", ""))
        except BadPageTokenError as error:
            raise NotFoundProblem from error
        if wants_json():
            return make_response(answers.inbox_json(page, g.session.viewer.agency))
        return make_response(_page(name, page, handle))

    return show


def _page(name: str, page: Inbox, handle: Handle) -> str:
    listing, session = LISTINGS[name], g.session
    return render_template(
        "listing.html",
        session=session,
        agency=handle.directory.agencies[session.viewer.agency],
        name=name,
        heading=gettext(listing.title),
        lead=gettext(listing.lead if page.rows else listing.empty),
        rows=[inbox_row(row, session, handle) for row in page.rows],
        next=page.next,
    )
