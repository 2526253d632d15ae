"""Acts on a case: the shape that every POST below a case has, and what the next page says of it."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from functions.casework.access import Viewer
from functions.casework.case import CaseHead
from functions.web.language import gettext
from functions.web.wording import N_

Typed = dict[str, str]
DONE = {
    "reply": N_("Jawaban terkirim. Pelapor membacanya saat membuka laporannya."),
    "attach": N_("Berkas terkirim."),
    "stage": N_("Tahap diubah."),
    "handover": N_("Laporan diteruskan. Instansi tujuan menerima surel."),
    "recall": N_("Penerusan dibatalkan. Laporannya kembali ke meja Anda."),
    "extend": N_("Batas waktu diperpanjang."),
    "close": N_("Laporan ditutup. Pelapor dapat menyatakan “belum selesai”."),
    "unmask": N_("Tersimpan. Pelapor membaca alasan Anda. Bila perlu orang kedua, ia sudah diberi tahu."),
    "unmask_decided": N_("Keputusan Anda tersimpan. Pelapor membaca alasan Anda."),
    "discard": N_("Laporan yang rusak sudah dihapus."),
    "note": N_("Catatan tersimpan. Pelapor tidak melihatnya."),
    "oversight": N_("Laporan ditandai berkadar pengawasan dan diteruskan ke Inspektorat."),
    "recuse": N_("Anda tidak melihat laporan itu lagi. Laporan diteruskan ke tingkat di atas."),
    "sp4n": N_("Nomor SP4N-LAPOR! tersimpan."),
    "assign": N_("Tersimpan. Yang Anda tangani ada di “Daftar saya”."),
    "priority": N_("Urutannya diubah. Pelapor membaca alasan Anda."),
    "fill": N_("Teks baku sudah dimasukkan. Sesuaikan dulu, lalu kirim; belum ada yang terkirim."),
    "lift": N_("Permintaan terkirim kepada pengawas. Pelapor membacanya, dan dapat berkeberatan."),
    "decision": N_("Keputusan Anda tersimpan. Pelapor dan pemegang laporan membacanya."),
    "transfer": N_("Laporan dialihkan. Instansi tujuan menerima surel."),
    "reply_joined": N_("Jawaban terkirim, juga ke laporan yang digabung."),
    "close_joined": N_("Laporan ditutup, juga yang digabung."),
    "join": N_("Laporan digabung. Jawaban di laporan induk dapat dikirim ke sini juga."),
    "part": N_("Laporan dilepas dari induknya. Pelapor membaca bahwa jawaban lain tidak dikirim ke sini lagi."),
    "second": N_("Tersimpan. Pelapor membaca siapa yang ikut menangani."),
    "leave": N_("Instansi Anda tidak ikut menangani laporan itu lagi."),
    "publish": N_("Teks dikirim kepada pelapor. Ia terbit hanya bila pelapor menyetujuinya."),
    "publish_declined": N_("Tersimpan. Pelapor membaca alasan Anda, dan tidak ada yang terbit."),
    "correct": N_("Dibetulkan. Pelapor membaca yang lama, yang baru, dan alasan Anda."),
    "quarantine": N_("Laporan yang dicentang sudah diarsipkan. Pelapornya membaca alasan Anda."),
}
# After these the officer may no longer see the case, so the inbox is shown.
LEAVING = frozenset({"handover", "discard", "oversight", "recuse", "decision", "transfer", "leave"})


class Act(NamedTuple):
    """One act. ``do`` carries it out and returns its JSON answer, which has ``status``; ``done`` is the key of what the
    next page says; ``also`` is the name of a second form that sends it, and then the key."""

    do: Callable[[Viewer, str, Typed], dict[str, object]]
    done: str
    status: int = 200
    also: str = ""

    def says(self, typed: Typed) -> str:
        """Return the key of what the next page says."""
        return self.also if self.also and typed.get("form") == self.also else self.done


def said(done: str) -> str:
    """Return the sentence of a key, "" for an unknown one."""
    return gettext(DONE[done]) if done in DONE else ""


def asked(typed: Mapping[str, str], *names: str) -> list[str]:
    """Return these fields in order, "" for each that is missing."""
    return [typed.get(name, "") for name in names]


def standing(head: CaseHead) -> dict[str, object]:
    """Return where a case stands: the JSON answer of most acts."""
    return {"stage": head.stage.value, "due": head.clock.due.isoformat()}
