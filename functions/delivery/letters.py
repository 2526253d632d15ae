"""What the mails say: short, plain Indonesian, and never a word of a case.

A letter holds the case's public number, what happened, and the signed link. Officers are told; reporters
never get a mail from here.
"""

from dataclasses import dataclass
from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from functions.delivery.interface import Letter


@dataclass(frozen=True, slots=True)
class Wording:
    """Subject, first sentence, and the words on the button."""

    subject: str
    says: str
    button: str = "Buka laporan"


WORDINGS: dict[str, Wording] = {
    "new_case": Wording("Laporan baru menunggu Anda", "Ada laporan baru yang perlu Anda periksa dan teruskan."),
    "handed_over": Wording("Laporan diteruskan kepada Anda", "Sebuah laporan diteruskan kepada instansi Anda."),
    "reporter_wrote": Wording("Pelapor menulis lagi", "Pelapor menambahkan pesan atau berkas."),
    "reopened": Wording("Pelapor menyatakan belum selesai", "Laporan yang Anda tutup dibuka kembali oleh pelapor."),
    "appealed": Wording("Banding atas laporan", "Pelapor mengajukan banding. Laporan ini sekarang pada instansi Anda."),
    "confirmed": Wording("Pelapor menyatakan selesai", "Pelapor menyatakan laporan ini sudah selesai. Terima kasih."),
    "withdrawn": Wording("Laporan ditarik", "Pelapor menarik laporannya. Tidak ada lagi yang perlu Anda kerjakan."),
    "link_wanted": Wording("Tautan masuk Anda", "Ini tautan masuk yang Anda minta.", "Buka kotak masuk"),
}


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("functions.delivery"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def write_letter(
    *, to: str, notice: str, tracking_id: str, agency: str, link: str, until: str, message_id: str
) -> Letter:
    """The letter for a notice. ``until`` is the last day of the link, in words; ``tracking_id`` may be ""."""
    wording = WORDINGS[notice]
    subject = f"{wording.subject} ({tracking_id})" if tracking_id else wording.subject
    facts = {"wording": wording, "tracking_id": tracking_id, "agency": agency, "link": link, "until": until}
    text, html = (_environment().get_template(f"letter.{kind}").render(facts) for kind in ("txt", "html"))
    return Letter(to, f"[Lapor Anonim] {subject}", text, html, message_id)
