"""Names of the grounds for seeing masked words, and of what is masked: for officers and reporters."""

from functions.casework.consent.unmask_request import Ground
from functions.web.language import gettext
from functions.web.wording import N_

GROUNDS = {
    Ground.ASKED_TO: N_("Pelapor sendiri meminta dihubungi"),
    Ground.RECORDS: N_("Mencocokkan dengan catatan layanan (NIK, nomor pelanggan, dan sejenisnya)"),
    Ground.ON_SITE: N_("Petugas harus mendatangi tempatnya"),
    Ground.EVIDENCE: N_("Memeriksa bukti yang disebut dalam laporan"),
    Ground.DANGER: N_("Keselamatan seseorang terancam"),
}
KINDS = {
    "nik": N_("nomor induk kependudukan"),
    "kk": N_("nomor kartu keluarga"),
    "nip": N_("nomor induk pegawai"),
    "id_number": N_("nomor kartu atau pajak"),
    "phone": N_("nomor telepon"),
    "email": N_("alamat email"),
    "handle": N_("akun media sosial"),
    "plate": N_("nomor polisi kendaraan"),
    "account": N_("nomor rekening atau kartu bank"),
    "customer": N_("nomor pelanggan atau meter"),
    "self_name": N_("nama pelapor"),
    "name": N_("nama seseorang"),
    "home": N_("alamat rumah"),
    "near_home": N_("letak dekat rumah"),
    "role": N_("pekerjaan pelapor"),
    "birth": N_("tanggal lahir"),
    "child": N_("data anak"),
    "place": N_("tempat kejadian"),
}
OTHER = N_("hal lain yang disamarkan")


def ground_name(ground: str) -> str:
    """Return a ground in words, "" for none and for a code that is none."""
    return gettext(GROUNDS[Ground(ground)]) if ground in list(Ground) else ""


def kind_name(kind: str) -> str:
    """Return a category of ``pii.words`` in words for the reader, who is not the writer."""
    return gettext(KINDS.get(kind, OTHER))
