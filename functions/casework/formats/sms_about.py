"""What whoever asks of this number itself is answered, by topic (``understanding/about.py``), as ``sms_texts`` says."""

ABOUT = {
    "how": "Tulis apa yang terjadi dan di mana, lalu kirim ke sini; Anda dapat kode. Tanpa nama, tarif SMS biasa. "
    "Operator melihat nomor Anda, petugas tidak.",
    "cost": "Hanya tarif SMS biasa, tanpa biaya lain dan tanpa nama. Tulis apa yang terjadi dan di mana, lalu kirim ke "
    "sini. Operator melihat nomor Anda.",
    "safe": "Tanpa nomor HP: {url}. Lewat SMS, operator melihat nomor Anda, petugas tidak. Nama tak perlu. Terlapor "
    "tak diberi tahu.",
    "photo": "SMS tidak membawa foto. Di {url}/lacak/ masukkan kode rahasia Anda, lalu tambah foto. Tanpa foto laporan "
    "tetap diproses.",
    "who": "Ini SMS pengaduan resmi pemerintah daerah. Laporan dibaca petugas yang berwenang, dan dijawab lewat SMS. "
    "Tulis apa yang terjadi dan di mana.",
    "whose": "Ini SMS pengaduan resmi pemerintah daerah. Laporan dibaca petugas yang berwenang, dan dijawab lewat SMS. "
    "Tulis apa yang terjadi dan di mana.",
    "time": "SMS diterima kapan saja, petugas bekerja pada hari kerja. Batas waktunya ada di jawaban kami; kabar: CEK. "
    "Bahaya: telepon 112.",
    "ways": "Lapor lewat SMS ini, atau di {url} tanpa nomor. Jawaban petugas datang lewat SMS. Bahaya: telepon 112.",
    "other": "Nomor ini untuk pengaduan; jam buka, syarat, lowongan tanyakan ke kantornya. Ada keluhan? Tulis apa dan "
    "di mana.",
    "code": "Kode itu kunci laporan Anda dari nomor mana pun: catat, jangan beri tahu orang lain. {url}/lacak/, atau "
    "SMS: CEK <kode>.",
    "emergency": "Darurat: telepon 112, polisi 110, ambulans 119, gratis. Nomor ini untuk pengaduan. Ada keluhan? "
    "Tulis apa dan di mana.",
    "can": "Bisa. Tulis apa yang terjadi dan di mana, lalu kirim ke sini; Anda dapat kode. Nama tak perlu. Operator "
    "melihat nomor Anda, petugas tidak.",
    "wrong": "Tidak apa-apa. Ini nomor pengaduan pemerintah daerah; SMS Anda tidak menjadi laporan.",
    "robot": "Balasan ini otomatis; laporan dibaca petugas. Ini SMS pengaduan pemerintah daerah. Ada masalah? Tulis "
    "apa yang terjadi dan di mana.",
    "ends": "Petugas menutup laporan dengan alasan yang Anda baca. Lalu Anda menjawab: SELESAI, atau BELUM <alasan> "
    "agar dibuka lagi.",
    "stop": "Ketik BERHENTI: Anda tidak dikirimi SMS lagi, laporan tetap diproses dan tidak dihapus. MULAI: dikirimi "
    "lagi. CEK tetap dijawab.",
    "readers": "Laporan hanya dibaca petugas yang berwenang; yang dilaporkan tidak. Nomor Anda dilihat operator saja. "
    "Tulis juga siapa yang tak boleh membacanya.",
    "others": "Laporan orang lain dan siapa pelapornya tidak kami beri tahukan kepada siapa pun. Pemiliknya mengecek "
    "sendiri: CEK <kode lengkap>.",
}
# The same for somebody with an open case, whose state follows.
ABOUT_CASE = {
    "how": "Laporan dibaca petugas yang berwenang. Menambah: balas SMS ini; hal lain: LAPOR <isi>.",
    "can": "Bisa: ketik LAPOR <isi>, nama tak perlu.",
    "cost": "Hanya tarif SMS biasa, tanpa biaya lain.",
    "safe": "Operator melihat nomor Anda; petugas dan terlapor tidak. Nama tak perlu.",
    "photo": "SMS tidak membawa foto: di {url}/lacak/ dgn kode Anda. Tanpa foto tetap diproses.",
    "who": "Ini SMS pengaduan resmi pemerintah daerah; laporan dibaca petugas yang berwenang.",
    "wrong": "Tidak apa-apa. Ini nomor pengaduan pemerintah daerah.",
    "whose": "Ini SMS pengaduan resmi pemerintah daerah; laporan dibaca petugas yang berwenang.",
    "robot": "Balasan ini otomatis; laporan dibaca petugas.",
    "other": "Nomor ini untuk pengaduan; jam buka, syarat, nomor kantor tanyakan ke kantornya.",
    "ends": "Petugas menutupnya dengan alasan; lalu Anda menjawab SELESAI, atau BELUM agar dibuka lagi.",
    "stop": "BERHENTI: SMS tidak dikirim lagi, laporan tetap diproses, tidak dihapus. MULAI: dikirim lagi.",
    "readers": "Hanya petugas berwenang; yang dilaporkan tidak. Ada yang tak boleh membaca? Balas siapa.",
    "ways": "Jawaban petugas datang lewat SMS ini; menambah: balas saja.",
    "time": "SMS diterima kapan saja; petugas bekerja pada hari kerja.",
    "code": "Kode itu kunci laporan Anda dari nomor mana pun: {url}/lacak/, atau SMS: CEK <kode>.",
}
# What is told beside it, where two things were asked in one breath.
BESIDE = {
    "cost": "Biayanya tarif SMS biasa.",
    "whose": "Ini SMS pengaduan resmi pemerintah daerah.",
    "safe": "Operator melihat nomor Anda; petugas dan terlapor tidak. Nama tak perlu.",
    "lost": "Kode rahasia tidak dapat dikirim ulang; dari nomor ini cukup ketik CEK.",
    "photo": "Foto: di situs kami (Lihat jawaban) dgn kode Anda.",
}
