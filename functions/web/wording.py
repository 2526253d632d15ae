"""One sentence for every problem code: what is wrong and what to do, in plain words.

A code may have its own sentence for a field (``required.body``); the plain code is the fallback.
"""

from datetime import date

from functions.casework.formats import attachments, translatable
from functions.casework.problems import FieldError
from functions.web.dates import long_date
from functions.web.language import current, gettext

N_ = translatable.N_  # doors mark their texts as the domain does

SENTENCES: dict[str, str] = {
    "required": N_("Isi bagian ini."),
    "required.body": N_("Tuliskan apa yang terjadi."),
    "required.kind": N_("Pilih apa yang ingin Anda sampaikan."),
    "required.topic": N_("Pilih topik yang paling dekat. Bila ragu, pilih “Lainnya”."),
    "required.district": N_("Pilih kecamatan tempat kejadian."),
    "required.note": N_("Tuliskan catatannya."),
    "required.reply": N_("Tuliskan pesan Anda."),
    "required.ask": N_("Tuliskan pertanyaan Anda."),
    "required.reason": N_("Tuliskan alasannya."),
    "required.receipt": N_("Tuliskan kode laporan Anda."),
    "required.email": N_("Tuliskan alamat email dinas Anda."),
    "required.file": N_("Pilih satu berkas lebih dulu."),
    "required.verdict": N_("Pilih “selesai” atau “belum selesai”."),
    "required.outcome": N_("Pilih hasilnya."),
    "required.agency": N_("Pilih instansi tujuan."),
    "required.stage": N_("Pilih tahapnya."),
    "required.due": N_("Tuliskan tanggal yang baru."),
    "required.sure": N_("Centang bahwa Anda yakin. Laporan yang dihapus tidak dapat dikembalikan."),
    "required.instance": N_("Pilih instansi tujuan, atau tulis namanya."),
    "required.ground": N_("Pilih untuk apa Anda memerlukannya."),
    "required.consent": N_("Pilih “setuju”, “tidak setuju”, atau “nanti”."),
    "required.request": N_("Sebutkan nomor permintaan yang Anda jawab. Buka lagi laporannya."),
    "unknown.request": N_("Nomor permintaan ini tidak ada. Buka lagi laporannya."),
    "required.decision": N_("Pilih “izinkan” atau “jangan izinkan”."),
    "required.tracking_id": N_("Tuliskan nomor laporan pertamanya."),
    "required.summary": N_("Tuliskan ringkasannya."),
    "required.answer": N_("Tuliskan apa jawabannya."),
    "required.publish-read": N_("Centang bahwa Anda sudah membaca teksnya. Tanpa itu tidak ada yang terbit."),
    "required.draft": N_("Sebutkan nomor teks yang Anda setujui."),
    "unknown.draft": N_("Nomor teks ini tidak ada. Buka lagi laporannya."),
    "identifies": N_(
        "Ini dapat menunjukkan siapa pelapornya: {found}. Tulis lain, atau centang “kirim juga” bila aman, lalu kirim "
        "lagi."
    ),
    "draft_changed": N_("Teksnya sudah berganti sejak Anda membacanya. Baca dulu yang sekarang, lalu putuskan."),
    "not_public": N_("Laporan ini tidak dapat diterbitkan untuk umum. Tidak ada yang terbit darinya."),
    "publication_often": N_("Terlalu sering diubah. Teksnya tidak dapat diganti lagi; menghentikannya masih dapat."),
    "required.token": N_("Tempel link dari email Anda."),
    "too_long": N_("Tulisan ini {length} huruf; paling banyak {limit}. Pendekkan, atau kirim sisanya sebagai pesan."),
    "unknown": N_("Pilihan ini tidak ada. Pilih salah satu dari daftar."),
    "unknown.topic": N_("Topik ini tidak ada. Pilih salah satu dari daftar."),
    "unknown.village": N_("Desa ini tidak ada di kecamatan itu. Pilih salah satu dari daftar, atau kosongkan."),
    "unknown.district": N_("Kecamatan ini tidak ada. Pilih salah satu dari daftar."),
    "unknown.elsewhere": N_("Tempat ini tidak ditemukan. Tulis nama kabupaten, kota, atau kecamatannya."),
    "bad_date": N_("Tulis tanggal seperti 25-11-2026."),
    "future": N_("Tanggal kejadian belum terjadi. Periksa lagi."),
    "not_anonymous": N_("Untuk laporan anonim, kosongkan nama Anda. Atau pilih siapa yang boleh tahu nama Anda."),
    "email_wanted": N_(
        "Tulis alamat email seperti nama@contoh.id, atau kosongkan. Nomor telepon tidak dapat dikabari."
    ),
    "later_words": N_("Belum ada yang berubah. Anda dapat menjawab kapan pun."),
    "name_wanted": N_("Tuliskan nama Anda, atau pilih “anonim”."),
    "bad_contact": N_("Tulis alamat email seperti nama@contoh.id, atau nomor telepon."),
    "facts_changed": N_(
        "Laporan {case_id} tidak dapat dibuka. Catatan tentang siapa yang boleh membacanya tidak sama lagi dengan yang "
        "disegel bersama isinya: ada yang mengubahnya di luar meja ini. Isinya tidak diperlihatkan kepada siapa pun. "
        "Beri tahu Inspektorat dan pengelola sistem sekarang; “audit verify” menunjukkan catatan yang berubah."
    ),
    "keys_changed": N_("Kunci kami baru saja berganti. Belum ada yang terkirim; tekan “Kirim” sekali lagi."),
    "bad_envelope": N_(
        "Segel kiriman ini rusak. Belum ada yang tersimpan; buka formulir lagi, tulisan Anda masih ada."
    ),
    "linked_waits": N_(
        "Laporan Anda untuk {office}, yang memakai mesin sendiri. Laporan itu tersegel di sini dan menunggu dikirim: "
        "mesin di sana belum menjawab. Kami mencobanya terus; tidak ada yang hilang. Coba lagi besok dengan kode ini."
    ),
    "linked_arrived": N_(
        "Laporan Anda sudah sampai di {office}, yang memakai mesin sendiri. Baca dan jawablah di sana, dengan kode "
        "yang sama: {url}/lacak/"
    ),
    "linked_refused": N_(
        "Laporan Anda tersimpan tersegel di sini, tetapi mesin di {office} belum dapat menerimanya. Kami mencobanya "
        "setiap hari. Bila mendesak, tulis laporan baru langsung di sana: {url}/lapor/"
    ),
    "not_text": N_("Bagian ini harus berupa tulisan biasa."),
    "bad_key": N_("Kunci pesan harus 8 sampai 64 huruf atau angka."),
    "bad_submission_key": N_("Kunci kiriman rusak. Buka formulir lagi dan kirim ulang; tulisan Anda masih ada."),
    "bad_number": N_("Tulis nomor pesan dengan angka saja."),
    "bad_rating": N_("Nilai harus angka 1 sampai 5."),
    "bad_email": N_("Alamat email ini tampaknya salah ketik. Contoh: nama@dinas.go.id."),
    "bad_extension": N_("Tanggal baru harus sesudah batas waktu yang sekarang dan paling lama {days} hari lagi."),
    "bad_sp4n": N_("Tulis nomor SP4N-LAPOR! dengan angka saja, misalnya 9197446."),
    "not_a_target": N_("Laporan ini tidak dapat diteruskan ke instansi itu. Pilih yang lain dari daftar."),
    "accused_by_words": N_(
        "Kata-kata laporan ini mungkin tentang {agency}. Bila bukan mereka yang dilaporkan, centang itu lalu kirim "
        "lagi; bila ya, pilih instansi lain."
    ),
    "not_an_instance": N_(
        "Laporan ini tidak dapat dialihkan ke sana. Tulis nama atau kode instansi seperti di daftar."
    ),
    "lift_early": N_(
        "Pelapor masih dapat berkeberatan sampai {day}. Mengizinkan baru dapat sesudah itu; tidak mengizinkan dapat "
        "sekarang."
    ),
    "lift_objected": N_(
        "Pelapor berkeberatan, dan itu berlaku seterusnya. Laporan ini tidak diperlihatkan kepada yang dilaporkan."
    ),
    "helps_cases": N_(
        "Unit ini ikut menangani {beside} laporan yang ditangani unit lain. Minta unit itu mengakhirinya dulu."
    ),
    "as_it_is": N_("Belum ada yang berubah. Pilih kecamatan atau topik yang benar."),
    "other_instance": N_(
        "Kecamatan ini di wilayah {instance}, jadi tidak dapat dipilih di sini. Bila laporan ini urusan mereka, "
        "alihkan laporannya."
    ),
    "not_a_second": N_("Instansi ini tidak dapat ikut menangani laporan ini. Pilih yang lain dari daftar."),
    "second_taken": N_("Sudah ada instansi kedua pada laporan ini. Akhiri itu dulu, lalu minta yang lain."),
    "join_self": N_("Itu nomor laporan ini sendiri. Tuliskan nomor laporan pertamanya."),
    "join_unknown": N_(
        "Tidak ada laporan dengan nomor ini yang dapat Anda tangani. Periksa nomornya; bila Anda masuk lewat link "
        "untuk satu laporan, minta link ke kotak masuk."
    ),
    "join_closed": N_("Laporan itu sudah ditutup, jadi tidak ada jawaban yang akan datang dari sana. Pilih yang lain."),
    "join_has_own": N_("Ke laporan ini sudah digabung laporan lain. Gabungkan yang itu ke sini, bukan sebaliknya."),
    "join_other": N_("Laporan ini sudah digabung ke laporan lain. Lepaskan dulu dari sana."),
    "join_elsewhere": N_("Laporan itu sendiri sudah digabung ke laporan lain. Pilih laporan pertamanya."),
    "join_full": N_("Ke laporan itu sudah digabung {limit} laporan, dan itu paling banyak. Jawab laporan ini sendiri."),
    "not_joined": N_("Laporan ini tidak lagi tergabung. Buka laporannya, dan gabungkan sekali lagi bila perlu."),
    "none_ticked": N_("Centang dulu laporan yang ingin Anda arsipkan."),
    "need_look": N_(
        "{count} laporan tidak diarsipkan: tidak di karantina, atau sudah ditangani. Buka dan periksa satu per satu di "
        "kotak masuk."
    ),
    "tick_first": N_("Centang dulu laporan yang ingin Anda teruskan, lalu kirim lagi."),
    "bulk_limit": N_("Paling banyak {limit} laporan sekaligus. Yang ini tetap di kotak masuk; teruskan sesudahnya."),
    "bulk_unknown": N_("Tidak ada laporan dengan nomor ini di meja Anda."),
    "bulk_moved": N_("Tidak lagi di meja Anda, atau tahapnya sudah berubah. Buka untuk melihat keadaannya."),
    "bulk_closed": N_("Tidak dapat dibuka di sini. Buka laporannya untuk melihat sebabnya."),
    "bulk_no_proposal": N_("Tidak ada usulan dinas. Baca laporannya, lalu pilih sendiri."),
    "bulk_accused": N_("Kata-katanya mungkin tentang {agency}. Baca dulu, lalu putuskan sendiri."),
    "bulk_quarantine": N_("Masih di karantina. Baca dulu, lalu teruskan sendiri."),
    "bulk_renamed": N_("Nama yang dilaporkan tidak sama lagi. Pastikan dulu siapa yang dimaksud."),
    "recall_late": N_(
        "Sudah terlambat dibatalkan: emailnya sudah keluar, laporannya sudah dibuka di sana, atau sudah ada yang "
        "terjadi sejak diteruskan. Bila keliru, minta dinas itu mengembalikannya."
    ),
    "recall_none": N_("Tidak ada penerusan yang dapat Anda batalkan pada laporan ini."),
    "required.title": N_("Tuliskan judulnya."),
    "required.text": N_("Tuliskan teksnya."),
    "not_ahead": N_("Pilih hari sesudah hari ini, paling lama setahun lagi."),
    "too_many_reminders": N_("Anda sudah punya {limit} pengingat. Hapus dulu yang tidak dipakai."),
    "pick_template": N_("Pilih dulu satu contoh jawaban."),
    "required.on": N_("Pilih mendesak atau tidak."),
    "unknown.officer": N_("Pilih diri sendiri, seorang rekan dari daftar, atau lepaskan laporannya."),
    "template_gone": N_("Contoh jawaban itu tidak ada lagi. Pilih yang lain."),
    "too_many_templates": N_("Sudah ada {limit} contoh jawaban. Hapus dulu yang tidak dipakai."),
    "unknown_blank": N_(
        "{found} tidak dikenal. Yang terisi sendiri: {known}. Untuk yang harus ditulis petugas, pakai kurung siku."
    ),
    "canned_twice": N_(
        "Laporan ini sudah pernah dijawab dengan contoh jawaban. Tulis apa yang khusus bagi laporan ini, atau centang "
        "“kirim juga” dan kirim lagi."
    ),
    "gaps": N_("Masih ada yang belum diisi: {gaps}. Isi dulu, atau centang “kirim juga” dan kirim lagi."),
    "changed_list": N_(
        "Ada yang mengubah daftar ini sejak Anda membukanya. Tulisan Anda masih ada: lihat keadaannya sekarang, lalu "
        "simpan sekali lagi."
    ),
    "not_masked": N_("Pesan ini sudah tampil apa adanya. Muat ulang halamannya."),
    "photo_wanted": N_("Untuk pekerjaan fisik, pilih juga foto hasilnya."),
    "one_file": N_("Kirim satu berkas setiap kali. Belum ada yang terkirim."),
    "file_empty": N_("Berkas ini kosong. Pilih berkas lain."),
    "file_too_large": N_(
        "Berkas ini lebih dari {mb} MB. Kirim sebagian halamannya, foto yang lebih kecil, atau tulis isinya."
    ),
    "file_unknown_type": N_(
        "Jenis berkas ini belum dapat diterima. Kirim foto ({photos}), PDF, dokumen {office}, atau {last}, "
        "atau teks biasa."
    ),
    "file_damaged": N_("Berkas ini rusak dan tidak dapat dibaca. Coba kirim ulang atau pilih berkas lain."),
    "file_too_many_pixels": N_("Gambar ini terlalu besar untuk dibersihkan. Kecilkan dulu lalu kirim lagi."),
    "file_encrypted_pdf": N_("PDF ini terkunci kata sandi. Kirim yang tidak terkunci, atau fotonya."),
    "file_hidden_layers": N_(
        "PDF ini menyembunyikan lapisan yang bisa ikut terlihat. Buka, pilih “Cetak”, lalu “Simpan sebagai PDF”, dan "
        "kirim PDF yang baru."
    ),
    "file_other_office": N_(
        "Berkas .doc, .xls, .ppt, dan sejenisnya belum dapat kami bersihkan. Buka, pilih “Simpan sebagai”, lalu pilih "
        "PDF, .docx, atau .xlsx, dan kirim yang baru."
    ),
    "file_moving_picture": N_(
        "GIF tidak dapat kami bersihkan. Kirim tangkapan layarnya, atau simpan sebagai JPEG atau PNG."
    ),
    "file_receipt": N_(
        "Di dalam berkas ini ada kode laporan. Siapa pun yang membacanya dapat membuka laporan itu. Hapus kodenya dari "
        "berkas, lalu kirim lagi."
    ),
    "file_encrypted_office": N_("Dokumen ini terkunci kata sandi. Hapus kata sandinya, simpan lagi, lalu kirim."),
    "file_busy": N_("Sedang banyak berkas yang dibersihkan. Tunggu sebentar, lalu kirim lagi berkas ini."),
    "file_no_room": N_(
        "Untuk sementara berkas tidak dapat diterima; tempatnya disimpan untuk laporan. Tulisan Anda tetap diterima. "
        "Coba lagi besok, atau ceritakan isi berkas ini."
    ),
    "file_too_complex": N_("Berkas ini terlalu rumit untuk dibersihkan. Kirim sebagian halamannya, atau fotonya."),
    "receipt_length": N_("Kode laporan berisi {expected} huruf dan angka; yang Anda tulis {found}. Periksa lagi."),
    "receipt_groups": N_("Kelompok ke-{groups} tampaknya salah ketik. Samakan dengan kode yang Anda simpan."),
    "receipt_tracking": N_("Itu nomor laporan. Yang membuka laporan adalah kode yang lebih panjang, 5 × 5 huruf."),
    "search_receipt": N_(
        "Itu tampaknya kode laporan milik seorang pelapor. Kode itu membuka laporannya, jadi kami tidak mencarinya dan "
        "tidak menampilkannya. Cari dengan nomor laporan (3 × 4 huruf), dan jangan simpan kode itu."
    ),
    "search_length": N_("Yang dicari paling banyak {limit} huruf. Tulis beberapa kata saja."),
    "receipt_unknown": N_("Tidak ada laporan dengan kode ini. Periksa lagi setiap kelompoknya."),
    "link_forged": N_("Link ini bukan dari kami, atau terpotong. Salin seluruh link dari email, atau minta yang baru."),
    "link_expired": N_("Link ini sudah lewat waktu. Minta yang baru; emailnya datang dalam beberapa menit."),
    "link_used": N_(
        "Link ini sudah dibuka di perangkat atau browser lain. Bila itu bukan Anda, beri tahu koordinator. Di sini "
        "Anda perlu link baru."
    ),
    "link_revoked": N_("Link ini sudah dicabut. Minta link baru, atau hubungi koordinator Anda."),
    "signed_out": N_("Anda belum masuk, atau waktu masuk Anda habis. Buka link di email, atau minta link baru."),
    "factor_wanted": N_("Link Anda benar, tetapi kunci kedua belum. Buka dulu dengan kunci kedua Anda."),
    "factor_stale": N_("Halaman ini sudah lama terbuka, atau dibuka dua kali. Tekan tombolnya sekali lagi."),
    "factor_bad": N_("Jawaban perangkat ini tidak dapat diperiksa. Coba lagi, atau pakai cara lain di halaman ini."),
    "factor_unknown": N_("Kunci ini tidak terpasang untuk Anda. Pakai kunci yang Anda pasang sendiri."),
    "factor_counted": N_(
        "Kunci ini mungkin disalin orang: hitungannya mundur. Ia tidak membuka apa pun. Pakai kunci lain, dan beri "
        "tahu yang membantu Anda."
    ),
    "factor_code": N_("Kode ini salah, sudah dipakai, atau sudah lewat. Tunggu kode yang berikutnya, lalu tulis itu."),
    "factor_rest": N_("Terlalu banyak kode yang salah. Coba lagi satu jam lagi, atau pakai kunci."),
    "factor_closed": N_(
        "Kode enam angka tidak diterima lagi, karena terlalu sering salah. Pakai kunci, atau telepon yang membantu "
        "Anda."
    ),
    "factor_dark": N_("Rahasia aplikasi kode ini tidak dapat dibuka lagi. Telepon yang membantu Anda."),
    "factor_help": N_(
        "Kode ini salah, sudah dipakai, atau lewat 15 menit. Minta dibacakan lagi, atau minta kode baru."
    ),
    "factor_gone": N_("Kunci itu sudah tidak ada. Lihat daftar yang sekarang."),
    "factor_last": N_("Ini kunci Anda satu-satunya. Pasang yang lain dulu, lalu hapus yang ini."),
    "factor_again": N_("Kunci ini sudah terpasang. Pakai perangkat lain untuk kunci berikutnya."),
    "factor_most": N_("Paling banyak {limit} kunci. Hapus dulu yang tidak Anda pakai."),
    "cross_site": N_(
        "Kiriman ini datang dari halaman situs lain, jadi tidak kami terima. Buka formulir di sini, lalu kirim lagi."
    ),
    "csrf": N_("Halaman ini dibuat untuk kunjungan lain. Buka lagi laporannya, lalu ulangi; salin dulu tulisan Anda."),
    "link_elsewhere": N_(
        "Link ini untuk halaman masuk yang lain. Buka langsung dari email Anda, atau tempel di halaman masuk yang "
        "disebut link itu."
    ),
    "identity_withdrawn": N_(
        "Pelapor sudah menarik identitasnya, atau tidak menitipkan apa pun. Tidak ada yang dapat dibuka."
    ),
    "identity_pending": N_("Sudah ada permintaan yang menunggu. Tunggu sampai diputuskan."),
    "identity_not_pending": N_("Tidak ada permintaan yang menunggu lagi: sudah diputuskan, atau pelapor tidak setuju."),
    "identity_unpassed": N_(
        "Kustodian yang meminta belum meneruskan bagian kuncinya. Minta dia membuka halaman laporan ini dan menekan "
        "“Teruskan bagian saya”."
    ),
    "identity_no_slot": N_(
        "Kunci Anda tidak memegang bagian dari nama ini: nama ini dititipkan sebelum kunci Anda masuk daftar. "
        "Kustodian lain yang harus bertindak."
    ),
    "identity_closed": N_("Sekarang tidak ada bagian kunci yang boleh diberikan kepada Anda untuk laporan ini."),
    "identity_bad_pass": N_(
        "Bagian kunci yang dikirim bukan untuk permintaan ini. Muat ulang halaman, lalu teruskan sekali lagi."
    ),
    "roster_other": N_("Daftar kustodian yang menunggu sudah berganti. Muat ulang halaman, lalu periksa lagi."),
    "roster_signature": N_(
        "Tanda tangan ini bukan dari kunci Anda di daftar yang berlaku. Pakai kunci keamanan Anda sendiri."
    ),
    "keeper_other": N_(
        "Kunci instansi Anda dibuat kustodian lain, dan hanya ia yang dapat menggantinya: dengan kertasnya. Bila Anda "
        "penggantinya, mintalah pengelola mengusulkan daftar baru (custodians propose), lalu buat kunci Anda."
    ),
    "identity_second": N_("Yang memutuskan harus kustodian lain, dari instansi lain."),
    "identity_early": N_(
        "Pelapor masih punya waktu untuk menjawab. Tanpa jawabannya, membuka baru boleh sesudah hari-harinya lewat."
    ),
    "unmask_pending": N_("Instansi Anda sudah memintanya. Tunggu keputusan orang kedua."),
    "unmask_objected": N_("Pelapor menolak memperlihatkan ini kepada instansi Anda. Itu berlaku seterusnya."),
    "unmask_over": N_(
        "Permintaan itu tidak menunggu lagi: sudah diputuskan, atau instansi itu tidak menanganinya lagi."
    ),
    "unmask_second": N_("Yang memutuskan harus orang kedua: rekan yang lain, koordinator, atau Inspektorat."),
    "identity_no_yes": N_("Pelapor belum menyatakan setuju. Diamnya bukan persetujuan: identitas ini tetap tertutup."),
    "identity_overseer": N_("Pengawas belum setuju. Tanpa persetujuan pelapor, itu harus ada lebih dulu."),
    "identity_final": N_(
        "Pelapor pernah menolak. Bahaya bagi nyawa tidak menggantikan persetujuannya; mintalah tanpa menyebut bahaya."
    ),
    "identity_other": N_(
        "Permintaan yang Anda jawab sudah berakhir, dan ada yang lain. Bacalah yang menunggu sekarang, lalu jawablah."
    ),
    "identity_endorsed": N_("Seorang pengawas sudah menyetujui permintaan ini."),
    "identity_no_danger": N_(
        "Permintaan ini tidak menyebut bahaya bagi nyawa, jadi hanya pelapor yang dapat menyetujuinya."
    ),
    "identity_role": N_("Langkah ini bukan untuk peran Anda."),
    "identity_broken": N_(
        "Catatan permintaan ini tidak cocok dengan segelnya, jadi tidak dapat dibuka. Beri tahu pengelola sistem."
    ),
    "identity_objected": N_(
        "Pelapor tidak setuju dengan permintaan Anda. Hanya kustodian instansi lain yang dapat meminta."
    ),
    "identity_left": N_("Anda sudah menitipkan identitas. Tarik dulu bila ingin menggantinya."),
    "bad_tracking": N_("Nomor laporan berisi 12 huruf dan angka, seperti 4F7K-2M9Q-XR3D."),
    "file_unsafe": N_(
        "Berkas ini disegel di ponsel pelapor, dan isinya bukan berkas yang dapat dibuat ulang dengan aman, jadi tidak "
        "diperlihatkan. Tanyakan kepada pelapor bila Anda memerlukannya."
    ),
    "not_found": N_("Tidak ada apa-apa di sini. Periksa alamat atau nomornya."),
    "meanwhile": N_("Ada yang menulis sejak Anda membuka halaman ini. Bacalah dulu, lalu kirim sekali lagi."),
    "corrected": N_(
        "Orang lain sudah membetulkan kecamatan atau topik sejak Anda membuka halaman ini. Periksa dulu yang sekarang; "
        "bila masih keliru, kirim sekali lagi."
    ),
    "not_now": N_("Laporan ini sudah berubah tahap, jadi itu tidak dapat dilakukan lagi. Ini keadaannya sekarang."),
    "not_allowed": N_("Laporan ini sedang ditangani instansi lain. Anda hanya dapat melihat tahapnya."),
    "changed_text": N_(
        "Kiriman dengan kunci yang sama sudah kami terima dengan isi lain. Yang pertama aman tersimpan."
    ),
    "clash": N_("Kiriman ini bertabrakan dengan yang lain. Kirim sekali lagi dari formulir."),
    "too_many": N_("Batasnya sudah tercapai ({limit}). Tunggu jawaban petugas sebelum menambah lagi."),
    "busy": N_("Banyak yang memakai layanan ini sekarang. Belum ada yang tersimpan; coba lagi sebentar."),
    "starting": N_("Layanan ini sedang dinyalakan. Belum ada yang tersimpan; coba lagi sebentar."),
    "cut_off": N_(
        "Sambungan ke layanan ini terputus. Mungkin kiriman Anda sudah tersimpan: kirim sekali lagi, kiriman yang sama "
        "tidak menjadi dua."
    ),
    "unavailable": N_("Layanan sedang terganggu. Belum ada yang tersimpan. Simpan tulisan Anda, lalu coba lagi."),
    "offline": N_(
        "Kiriman sekarang tidak akan terbaca petugas, jadi tidak kami terima. Belum ada yang tersimpan. Simpan tulisan "
        "Anda, lalu coba lagi nanti."
    ),
    "invalid": N_("Ada yang perlu diperbaiki."),
    "bad_request": N_("Permintaan ini tidak dapat dibaca. Muat ulang halamannya dan coba lagi."),
    "too_large": N_(
        "Kiriman ini lebih besar daripada yang dapat kami terima. Tekan “Kembali” di browser: tulisan Anda masih ada "
        "di sana. Lalu pilih berkas yang lebih kecil, atau pendekkan."
    ),
    "answer_too_large": N_(
        "Yang Anda minta lebih besar daripada yang dapat dikirim layanan ini. Tidak ada yang hilang. Minta bantuan "
        "pengelola layanan untuk mengambilnya."
    ),
    "bad_type": N_("Kirim sebagai JSON atau formulir."),
    "bad_method": N_(
        "Alamat ini tidak dapat dibuka langsung. Laporan yang sudah terkirim dibuka dengan kodenya, di "
        "Lihat jawaban laporan saya. Yang belum: mulai lagi dari halaman depan."
    ),
    "not_signed": N_(
        "Kiriman gerbang SMS ini tidak bertanda tangan kami, atau jam gerbangnya salah. Periksa SMS_SECRET dan jamnya; "
        "SMS itu belum kami terima."
    ),
    "server_error": N_("Ada kesalahan di pihak kami. Coba lagi; bila tetap begitu, coba besok."),
}

# For a coordinator who edits their own instance
SENTENCES |= {
    "required.ident": N_("Tuliskan kode petugas."),
    "required.email": N_("Tuliskan alamat emailnya."),
    "required.unit": N_("Pilih unitnya."),
    "unknown.ident": N_("Tidak ada petugas dengan kode ini di pemerintah daerah Anda."),
    "unknown.day": N_("Hari ini bukan hari libur sendiri. Pilih salah satu dari daftar."),
    "bad_code": N_("Kode berisi 1 sampai 64 huruf kecil, angka, tanda hubung, atau titik. Contoh: kutim-dishub."),
    "code_taken": N_("Kode ini sudah dipakai. Pilih kode lain; kode tidak pernah dipakai ulang."),
    "units_max": N_("Paling banyak {limit} unit dapat dikelola di sini. Hubungi pengelola sistem."),
    "staff_max": N_("Paling banyak {limit} petugas dapat dikelola di sini. Hubungi pengelola sistem."),
    "bad_signs": N_(
        "Nama ini memuat tanda yang tidak terlihat, atau huruf yang mudah disangka huruf lain. Tuliskan dengan huruf "
        "Latin, angka, dan tanda baca biasa."
    ),
    "name_taken": N_(
        "Nama ini, atau yang mirip sekali, adalah atau pernah menjadi nama instansi lain (kode {other}). Pelapor "
        "memilih siapa yang dilaporkan dari namanya, jadi satu nama tetap milik satu kode. Pilih nama lain."
    ),
    "name_ops_only": N_(
        "Nama unit yang mengoordinasi dan nama Inspektorat hanya diubah oleh pengelola sistem. Hubungi mereka."
    ),
    "bad_name": N_("Tuliskan nama dalam satu baris, paling panjang 200 huruf."),
    "bad_level": N_("Tingkat ini tidak cocok dengan kode wilayah unitnya. Hubungi pengelola sistem."),
    "circle": N_("Unit tidak dapat berada di bawah dirinya sendiri. Pilih atasan yang lain."),
    "unit_needed": N_(
        "Unit ini mengoordinasi, mengawasi, atau menyimpan kustodian. Hanya pengelola sistem yang dapat mengubahnya."
    ),
    "has_units": N_("Masih ada unit di bawahnya. Pindahkan atau hapus dulu unit itu."),
    "has_topics": N_("Unit ini masih tertulis pada sebuah topik. Ubah dulu topiknya."),
    "has_officers": N_("Masih ada petugas di unit ini. Keluarkan dulu petugasnya."),
    "holds_cases": N_(
        "Unit ini masih memegang {open} laporan terbuka dan {again} laporan tertutup yang dapat dibuka lagi oleh "
        "pelapornya. Minta unit itu mengembalikannya dulu."
    ),
    "staff_unknown": N_("Daftar petugas belum dikenal di sini. Minta pengelola sistem menjalankan `init`."),
    "nothing_changed": N_("Tidak ada yang berubah."),
    "directory_refused": N_("Daftar tidak akan utuh lagi: {text}"),
    "day_there": N_("Hari ini sudah tercatat."),
    "days_max": N_("Paling banyak {limit} hari. Hapus dulu hari yang sudah lewat."),
    "days_shared": N_("Hari libur ini berlaku untuk beberapa pemerintah daerah. Hubungi pengelola sistem."),
    "directory_moved": N_("Daftar berubah sejak Anda melihatnya. Periksa lagi, lalu kirim sekali lagi."),
    "ops_only": N_(
        "Petugas Inspektorat, pengawas, dan kustodian hanya diubah oleh pengelola sistem: mereka membaca yang tidak "
        "boleh Anda baca."
    ),
    "ident_taken": N_("Kode petugas ini sudah dipakai. Pilih kode lain."),
    "officer_needed": N_(
        "Tanpa petugas ini pemerintah daerah Anda kekurangan petugas yang wajib ada. Tambahkan dulu penggantinya."
    ),
}

TITLES: dict[str, str] = {
    "not_found": N_("Tidak ditemukan"),
    "link_forged": N_("Link tidak dikenali"),
    "link_expired": N_("Link sudah lewat waktu"),
    "link_used": N_("Link sudah dipakai di perangkat lain"),
    "link_elsewhere": N_("Link untuk halaman lain"),
    "link_revoked": N_("Link sudah dicabut"),
    "signed_out": N_("Anda belum masuk"),
    "factor_wanted": N_("Kunci kedua belum"),
    "too_large": N_("Terlalu besar"),
    "answer_too_large": N_("Terlalu besar"),
    "unavailable": N_("Layanan sedang terganggu"),
    "busy": N_("Sedang ramai"),
    "starting": N_("Sebentar lagi"),
    "cut_off": N_("Sambungan terputus"),
    "offline": N_("Sedang tidak menerima laporan"),
    "cross_site": N_("Dikirim dari situs lain"),
    "linked_waits": N_("Laporan Anda menunggu dikirim"),
    "linked_arrived": N_("Laporan Anda sudah sampai"),
    "linked_refused": N_("Laporan Anda belum diterima"),
}
TITLE = N_("Belum berhasil")
COUNTS = frozenset({"limit", "length"})


def sentence(code: str, facts: dict[str, str] | None = None, field: str = "") -> str:
    """Return the sentence for a code in the language of the request; ``day`` among the facts is a date (ISO)."""
    text = SENTENCES.get(f"{code}.{field}") or SENTENCES.get(code) or SENTENCES["bad_request"]
    blanks = attachments.FACTS | (facts or {})
    if current() != "en":  # else 20,000 is twenty
        blanks |= {name: blanks[name].replace(",", ".") for name in COUNTS & blanks.keys()}
    if "day" in blanks:
        blanks["day"] = long_date(date.fromisoformat(blanks["day"]), current())
    return gettext(text).format(**blanks)


def title(code: str) -> str:
    """Return the heading for a code."""
    return gettext(TITLES.get(code, TITLE))


def spoken(errors: tuple[FieldError, ...]) -> list[dict[str, str]]:
    """Return field errors as ``[{"field", "message"}]``, for the page and for problem+json alike."""
    return [{"field": e.field, "message": sentence(e.code, e.facts, e.field)} for e in errors]
