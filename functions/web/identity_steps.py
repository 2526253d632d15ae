"""The steps of an identity left in trust as sentences, for its reporter and for its custodians."""

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
# What the reporter did himself, said to him. Of leaving and withdrawing an event of his case tells.
YOURS = {
    StepKind.OBJECTED: N_("Anda tidak setuju. Permintaan itu berakhir."),
}


def narrate_step(kind: StepKind, agency: str, *, reporter: bool = False) -> str:
    """What happened. ``agency`` is the custodian's agency by name; ``reporter``: it is told to the reporter."""
    text = YOURS.get(kind, TOLD[kind]) if reporter else TOLD[kind]
    return gettext(text).format(agency=agency)
