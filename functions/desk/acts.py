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
    "attach": N_("Berkas terkirim. Pelapor melihatnya saat membuka laporannya."),
    "stage_ditahan": N_("Pertanyaan terkirim. Jam berhenti sampai pelapor menjawab."),
    "stage_diverifikasi": N_("Laporan ditandai sudah diperiksa. Pelapor membaca catatan Anda. Sekarang teruskan."),
    "stage_diproses": N_("Laporan ditandai sedang dikerjakan. Pelapor membaca catatan Anda."),
    "stage_diarsipkan": N_("Laporan diarsipkan. Pelapor membaca alasan Anda."),
    "handover": N_("Laporan diteruskan. Instansi tujuan menerima email."),
    "recall": N_("Penerusan dibatalkan. Laporannya kembali ke meja Anda."),
    "extend": N_("Batas waktu diperpanjang. Pelapor membaca tanggal yang baru dan alasan Anda."),
    "close": N_("Laporan ditutup. Pelapor dapat menjawab “selesai” atau “belum selesai”."),
    "unmask": N_("Alasan Anda tercatat, dan pelapor membacanya. Bila perlu orang kedua, ia sudah diberi tahu."),
    "unmask_decided": N_("Keputusan Anda tersimpan. Pelapor membaca alasan Anda."),
    "discard": N_("Laporan yang rusak sudah dihapus."),
    "note": N_("Catatan tersimpan. Rekan Anda membacanya, pelapor tidak."),
    "oversight": N_("Laporan diteruskan ke Inspektorat. Hanya Inspektorat yang membacanya sekarang."),
    "recuse": N_("Anda tidak melihat laporan itu lagi. Laporan pindah ke tingkat di atas."),
    "sp4n": N_("Nomor SP4N-LAPOR! tersimpan."),
    "assign": N_("Tersimpan. Yang Anda tangani ada di “Milik saya”."),
    "assign_other": N_("Laporan diberikan kepada rekan Anda. Ia diberi tahu lewat email."),
    "assign_left": N_("Laporan dilepas. Rekan Anda dapat mengambilnya."),
    "remind": N_("Pengingat tersimpan. Anda melihatnya di “Milik saya” pada hari itu."),
    "remind_left": N_("Pengingat dihapus."),
    "custodian": N_("Permintaan terkirim kepada kustodian. Belum ada yang dibuka, dan pelapor membaca alasan Anda."),
    "priority": N_("Laporan ditandai mendesak dan berdiri paling atas. Pelapor membaca alasan Anda."),
    "priority_no": N_("Tanda mendesak dihapus. Pelapor membaca alasan Anda."),
    "fill": N_("Contoh jawaban sudah dimasukkan. Sesuaikan dulu, lalu kirim; belum ada yang terkirim."),
    "draft": N_("Konsep tersimpan. Hanya Anda yang melihatnya; belum ada yang terkirim."),
    "draft_other": N_("Konsep tersimpan. Konsep dari tab atau komputer lain diganti dengan yang ini."),
    "lift": N_("Permintaan terkirim kepada pengawas. Pelapor membacanya, dan dapat berkeberatan."),
    "decision": N_("Keputusan Anda tersimpan. Pelapor dan dinas yang menangani laporan membacanya."),
    "transfer": N_("Laporan dialihkan. Instansi tujuan menerima email."),
    "reply_joined": N_("Jawaban terkirim, juga ke laporan yang digabung."),
    "close_joined": N_("Laporan ditutup, juga yang digabung."),
    "join": N_("Laporan digabung. Jawaban di laporan pertama dapat dikirim ke sini juga."),
    "part": N_("Laporan dilepas dari laporan pertama. Pelapor membaca bahwa jawaban lain tidak dikirim ke sini lagi."),
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
    next page says; ``also`` is the name of a second form that sends it, and then the key. ``varies`` gives the key
    where it depends on what was typed and what came of it. ``check`` is for what is asked once more before it is done:
    it raises what ``do`` would, and changes nothing, but sends the file that came along."""

    do: Callable[[Viewer, str, Typed], dict[str, object]]
    done: str
    status: int = 200
    also: str = ""
    varies: Callable[[Viewer, Typed, Mapping[str, object]], str] | None = None
    check: Callable[[Viewer, str, Typed], None] | None = None

    def says(self, viewer: Viewer, typed: Typed, made: Mapping[str, object]) -> str:
        """Return the key of what the next page says; ``made`` is what ``do`` returned."""
        if self.varies:
            return self.varies(viewer, typed, made)
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
