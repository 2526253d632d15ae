"""Sentences for the steps of an identity left in trust, for its reporter, its custodians and an overseer."""

from functions.casework.consent.identity_request import Danger
from functions.casework.sealed_identity import ReadStep, StepKind
from functions.web.language import gettext
from functions.web.wording import N_

TOLD = {
    StepKind.LEFT: N_("Identitas dititipkan."),
    StepKind.ASKED: N_("{agency} meminta identitas ini dibuka."),
    StepKind.AGREED: N_("Pelapor setuju identitasnya dibuka."),
    StepKind.UNDECIDED: N_("Pelapor menarik persetujuannya. Permintaan itu menunggu jawabannya lagi."),
    StepKind.ENDORSED: N_("Pengawas di {agency} menyetujui permintaan itu karena bahaya bagi nyawa."),
    StepKind.OBJECTED: N_("Pelapor tidak setuju. Permintaan itu berakhir."),
    StepKind.REFUSED: N_("{agency} menolak permintaan itu."),
    StepKind.OPENED: N_("{agency} menyetujui permintaan itu. Identitas dibuka."),
    StepKind.READ: N_("{agency} membaca nama dan kontak."),
    StepKind.WITHDRAWN: N_("Identitas ditarik. Nama dan kontak sudah dihapus."),
}
# The reporter's own acts, addressed to them. An event of the case reports leaving and withdrawing.
YOURS = {
    StepKind.AGREED: N_("Anda setuju identitas Anda dibuka."),
    StepKind.UNDECIDED: N_("Anda menarik persetujuan. Permintaan itu menunggu jawaban Anda lagi."),
    StepKind.OBJECTED: N_("Anda tidak setuju. Permintaan itu berakhir."),
}
DANGERS = {
    Danger.THREAT: N_("Seseorang diancam dibunuh atau dianiaya"),
    Danger.VIOLENCE: N_("Kekerasan sedang berlangsung dan dapat berulang"),
    Danger.CAPTIVE: N_("Seseorang disekap, diculik, atau hilang"),
    Danger.SELF_HARM: N_("Seseorang hendak mengakhiri hidupnya"),
    Danger.HEALTH: N_("Racun, penyakit, atau bencana yang mengancam nyawa"),
}
BROKEN = N_("Langkah ini tidak cocok dengan segelnya. Jangan memutuskan apa pun atas dasar langkah ini.")


def name_danger(danger: str) -> str:
    """Return a danger in words, "" for none and for a code that is none."""
    return gettext(DANGERS[Danger(danger)]) if danger in list(Danger) else ""


def narrate_step(step: ReadStep, agency: str, *, reporter: bool = False) -> str:
    """Return a step in sentences. ``agency`` is the name of its agency; ``reporter`` addresses the reporter."""
    if not step.whole:
        return gettext(BROKEN)
    text = YOURS.get(step.kind, TOLD[step.kind]) if reporter else TOLD[step.kind]
    said = gettext(text).format(agency=agency)
    named = name_danger(step.danger)
    return f"{said} {gettext(N_('Bahaya bagi nyawa: {danger}.')).format(danger=named)}" if named else said
