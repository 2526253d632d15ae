"""What the desk says of a case beside its stage: that it comes first, whose it is, and how it was answered."""

from functions.casework.access import Viewer
from functions.casework.case import CaseHead, Publication
from functions.casework.reply_templates import TWICE
from functions.web.language import gettext
from functions.web.wording import N_


def taken_by(head: CaseHead, agency: str) -> str:
    """The ident of the officer who took the case, for his own office alone; "" where nobody did."""
    return head.desk_work.assigned if head.holder == agency else ""


def badges(head: CaseHead, viewer: Viewer) -> list[str]:
    """A few words each, the most pressing first."""
    officer, said = taken_by(head, viewer.agency), []
    if head.desk_work.priority and head.open:
        said.append(gettext(N_("Mendesak")))
    if officer == viewer.officer:
        said.append(gettext(N_("Anda tangani")))
    elif officer:
        said.append(gettext(N_("Ditangani {officer}")).format(officer=officer))
    if head.publication.state is Publication.WISHED and head.holder == viewer.agency:
        said.append(gettext(N_("Pelapor menunggu teks untuk umum")))
    if head.history.canned >= TWICE:
        said.append(gettext(N_("Jawaban baku dua kali")))
    return said
