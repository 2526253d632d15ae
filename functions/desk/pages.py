"""The pages around a session at the desk: asking for a link, leaving, and what is given back when signed out."""

from pathlib import Path

from flask import render_template

from functions.casework.problems import InvalidInputProblem
from functions.web.language import gettext
from functions.web.layout import url
from functions.web.wording import N_, sentence, spoken, title

TEMPLATES = Path(__file__).parent / "templates"


def signed_out() -> str:
    """Said after leaving."""
    actions = [{"href": url("/masuk/"), "text": gettext(N_("Minta tautan baru"))}]
    says = [gettext(N_("Tautan yang tadi Anda pakai tidak berlaku lagi."))]
    return render_template("message.html", title=gettext(N_("Anda sudah keluar")), paragraphs=says, actions=actions)


def link_asked() -> str:
    """The same answer whether or not the address is an officer's."""
    says = [
        gettext(N_("Bila alamat itu terdaftar sebagai petugas, surel berisi tautan masuk sedang dikirim.")),
        gettext(N_("Dalam satu jam hanya satu tautan dikirim ke alamat yang sama.")),
        gettext(N_("Belum datang setelah beberapa menit? Periksa folder spam, atau hubungi koordinator Anda.")),
    ]
    return render_template("message.html", title=gettext(N_("Periksa surel Anda")), paragraphs=says, actions=[])


def ask_link(typed: dict[str, str], problem: InvalidInputProblem) -> str:
    """The address's form again, with what was typed."""
    return render_template("ask_link.html", values=typed, errors=spoken(problem.errors))


def kept(code: str, written: str) -> str:
    """What an officer wrote, given back where nothing else can be shown: signed out, or the store out of reach."""
    return render_template("kept.html", title=title(code), says=sentence(code), written=written)
