"""Sentences for the steps of an identity left in trust, for its reporter and its custodians."""

from functions.casework.sealed_identity import StepKind
from functions.web.language import gettext
from functions.web.wording import N_

TOLD = {
    StepKind.LEFT: N_("Identitas dititipkan."),
    StepKind.ASKED: N_("{agency} meminta identitas ini dibuka."),
    StepKind.OBJECTED: N_("Pelapor tidak setuju. Permintaan itu berakhir."),
    StepKind.REFUSED: N_("{agency} menolak permintaan itu."),
    StepKind.OPENED: N_("{agency} menyetujui permintaan itu. Identitas dibuka."),
    StepKind.READ: N_("{agency} membaca nama dan kontak."),
    StepKind.WITHDRAWN: N_("Identitas ditarik. Nama dan kontak sudah dihapus."),
}
# The reporter's own acts, addressed to them. An event of the case reports leaving and withdrawing.
YOURS = {
    StepKind.OBJECTED: N_("Anda tidak setuju. Permintaan itu berakhir."),
}


def narrate_step(kind: StepKind, agency: str, *, reporter: bool = False) -> str:
    """Return a step as a sentence. ``agency`` is the name of the custodian's agency; ``reporter`` addresses the
    reporter."""
    text = YOURS.get(kind, TOLD[kind]) if reporter else TOLD[kind]
    return gettext(text).format(agency=agency)
