"""Texts that apps show: short, in the language of the request. Their readers hold a phone, not this standard."""

from functions.web.wording import N_

EMERGENCY = N_("Bila ada bahaya sekarang (kebakaran, kejahatan, nyawa terancam), telepon 112 dulu.")
PRIVACY = N_(
    "Aplikasi yang Anda pakai mengetahui tulisan Anda dan kode laporannya. Bila itu berbahaya bagi Anda, melaporlah "
    "langsung di {url}/lapor/. Kami tidak menyimpan nama, email, nomor telepon, akun, perangkat, titik peta, dan "
    "link foto yang dikirim aplikasi."
)
NOTICE = N_(
    "Bila ada bahaya sekarang, telepon 112. Laporan Anda sudah diterima dan diperiksa paling lambat {day}. Simpan kode "
    "ini: {receipt}. Hanya dengan kode itu Anda dapat membaca jawaban dan menambah foto, di {url}/lacak/. Nama, email, "
    "nomor telepon, akun, perangkat, titik peta, dan link foto yang dikirim aplikasi tidak kami simpan."
)
KEPT_FROM = N_("Kata-katanya mungkin tentang {agencies}. Laporan ini tidak diperlihatkan kepada mereka.")
MONTHS_ONLY = N_("Hanya bulannya yang benar. Tanggal dan jam tidak kami umumkan, agar pelapor tidak dikenali.")
SERVICE = N_("Laporan tentang: {topic}.")
SERVICE_SENSITIVE = N_("Laporan tentang: {topic}. Topik ini peka; lebih aman ditulis langsung di {url}/lapor/.")
OTHERS = N_("Lainnya")
TOPIC = N_("Topik {code}")
NOTES = N_("Tahap: {stage}.")
NOTES_OUTCOME = N_("Tahap: {stage}. Hasil: {outcome}.")
ADDRESS = N_("Kecamatan {district}, {instance}")
CONTACT = N_("{operator}: {url}/bantuan/")
KEY_SERVICE = N_("Minta api_key kepada {operator}: {url}")

ADDRESS_IN_WORDS = N_("Alamat dari aplikasi: {address}")

KINDS = {
    "pengaduan": N_("Pengaduan: ada yang salah atau rusak"),
    "aspirasi": N_("Aspirasi: saya mengusulkan sesuatu"),
    "informasi": N_("Permintaan informasi: saya ingin tahu sesuatu"),
}
# Each attribute: what is asked, and how to answer it.
ATTRIBUTES = {
    "darurat": (EMERGENCY, ""),
    "privasi": (PRIVACY, ""),
    "district": (N_("Di kecamatan mana?"), N_("Pilih kecamatan tempat kejadian.")),
    "kind": (N_("Apa yang ingin Anda sampaikan?"), N_("Bila dikosongkan: pengaduan.")),
    "subject": (N_("Judul singkat"), N_("Boleh dikosongkan. Paling banyak 150 huruf.")),
    "place": (N_("Di mana tepatnya?"), N_("Boleh dikosongkan. Paling banyak 200 huruf.")),
    "happened_on": (N_("Kapan terjadi?"), N_("Boleh dikosongkan. Tanggal saja, seperti 2026-11-25.")),
    "about_agency": (
        N_("Apakah laporan ini tentang sebuah dinas atau pegawainya?"),
        N_("Pilih dinasnya. Kami tidak akan memperlihatkan laporan ini kepada mereka."),
    ),
    "about_officials": (
        N_("Nama atau jabatan orang yang dilaporkan"),
        N_("Boleh dikosongkan. Nama atau jabatan, paling banyak 500 huruf."),
    ),
}

# What is wrong, by code. ``{field}`` is the argument's name in the standard.
FAULTS = {
    "no_jurisdiction": N_("jurisdiction_id: sebutkan untuk pemerintah daerah mana."),
    "unknown_jurisdiction": N_("jurisdiction_id: pemerintah daerah itu tidak ada di sini."),
    "no_service": N_("service_code: pilih topiknya dari daftar layanan."),
    "unknown_service": N_("service_code: topik itu tidak ada. Pilih salah satu dari daftar layanan."),
    "unknown_request": N_("service_request_id: tidak ada laporan umum dengan nomor ini."),
    "no_update": N_("{field}: wajib diisi, paling banyak 100 huruf."),
    "unknown_token": N_("token: tidak kami kenal, atau sudah lebih dari setahun."),
    "bad_api_key": N_("api_key: tidak ada, salah, atau sudah dicabut."),
    "bad_form": N_("Kirim sebagai application/x-www-form-urlencoded dalam UTF-8."),
    "bad_submission_key": N_("submission_key: harus 32 angka heksadesimal acak, baru untuk setiap laporan."),
    "bad_datetime": N_("{field}: tulis seperti 2026-11-25T00:00:00+08:00."),
    "bad_span": N_("start_date dan end_date: paling banyak 90 hari, dan start_date lebih dulu."),
    "bad_status": N_("status: hanya open atau closed."),
    "bad_page": N_("{field}: harus angka dari 1 sampai {limit}."),
    "too_many_ids": N_("service_request_id: paling banyak {limit} nomor sekaligus."),
    "changed_text": N_(
        "submission_key: sudah dipakai untuk laporan lain, yang tersimpan. Untuk laporan baru pakai yang baru."
    ),
    "clash": N_("Belum tersimpan. Kirim lagi dengan submission_key yang baru."),
    "cross_site": N_("Kiriman dari halaman situs lain tidak kami terima. Belum ada yang tersimpan."),
    "too_large": N_("Kiriman ini terlalu besar. Pendekkan tulisannya."),
    "not_found": N_("Alamat ini tidak ada. Lihat discovery.xml."),
    "bad_method": N_("Cara memanggil alamat ini lain. Lihat discovery.xml."),
    "bad_request": N_("Permintaan ini tidak dapat dibaca."),
    "unavailable": N_("Layanan sedang terganggu. Belum ada yang tersimpan; kirim lagi beberapa menit lagi."),
    "offline": N_("Sedang tidak menerima laporan. Belum ada yang tersimpan; kirim lagi nanti."),
    "server_error": N_("Ada yang rusak di pihak kami. Bila Anda mengirim laporan, kirim lagi nanti."),
}
