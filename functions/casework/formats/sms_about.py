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
    "time": "SMS diterima kapan saja, petugas bekerja pada hari kerja. Batas waktunya ada di jawaban kami; kabar: CEK. "
    "Bahaya: telepon 112.",
    "ways": "Lapor lewat SMS ini, atau di {url} tanpa nomor. Jawaban petugas datang lewat SMS. Bahaya: telepon 112.",
    "other": "Nomor ini untuk pengaduan; jam buka, syarat, lowongan tanyakan ke kantornya. Ada keluhan? Tulis apa dan "
    "di mana.",
    "code": "Kode itu kunci laporan Anda: catat, jangan beri tahu orang lain. Dengan kode: {url}/lacak/, atau SMS: "
    "CEK.",
    "emergency": "Darurat: telepon 112, polisi 110, ambulans 119, gratis. Nomor ini untuk pengaduan. Ada keluhan? "
    "Tulis apa dan di mana.",
    "others": "Laporan orang lain dan siapa pelapornya tidak kami beri tahukan kepada siapa pun. Pemiliknya mengecek "
    "sendiri: CEK <kode lengkap>.",
}
# What is told beside it, where two things were asked in one breath.
BESIDE = {
    "cost": "Biayanya tarif SMS biasa.",
    "safe": "Nama tak perlu; petugas dan terlapor tidak melihat nomor Anda.",
    "photo": "Foto: di situs kami, menu Lacak, dgn kode Anda.",
}
