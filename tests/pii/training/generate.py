"""Invented messages with marks, by the thousand: what the tagger learns from.

``frames.txt`` holds sentences with slots, ``names.txt`` names; this module fills them, runs sentences together and writes
them as people do: in capitals, in small letters, shortened, mistyped, without signs. Everything follows from the seed.
"""

import random
import re
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

HERE = Path(__file__).parent
_SLOT = re.compile(r"\$([a-z]+[0-9]?)")
_CHOICE = re.compile(r"(?<!\\)\(([^()\\]*(?:\\.[^()\\]*)*)(?<!\\)\)")
_MARK = re.compile(r"\[([A-Z]):")
KINDS: Final = {"S": "self_name", "N": "name", "C": "child", "H": "home", "W": "role"}

_LISTS: dict[str, str] = {
    "me": "saya|saya|saya|sy|sy|aku|ulun|kulo|gue|beta|sya|ana",
    "us": "saya|saya|saya|sy|sy|kami|ulun|kulo|aku|gue|etam|kita",
    "kin": "istri|suami|bapak|ibu|ayah|mama|nenek|kakek|mertua|kakak|abang|paman|bibi|om|tante|mbah|bini|laki|bojo|ibu mertua|kakak ipar|adik ipar|sepupu|mamak|menantu|kai|nini|acil|julak|emak|abah|bapa|saudara",
    "kinku": "istriku|suamiku|bapakku|ibuku|ayahku|nenekku|kakakku|mamaku|mertuaku|abangku|bapak sy|ibu sy|istri sy|suami sy",
    "young": "anak|anak|anak|putra|putri|adik|cucu|keponakan|ponakan|adek|anake|ading|anak pertama|anak kedua|anak bungsu|anak perempuan|anak laki-laki|anak lanang|bayi|balita|anak2",
    "title": "pak|bu|bapak|ibu|mas|mbak|bang|h.|hj.|pak haji|ustadz|pdt.|kak|bpk.|sdr.|sdri.|mbah|daeng|bpk|sdr|om|tante",
    "title2": "|||bin|",
    "kelas": "kelas $kls|kls $kls|kelas $kls $school|kls $kls $school|kelas $kls di $school|siswa $school|umur $age tahun|$age th|usia $age|\\($age th\\)|kelas $kls$abc|murid kelas $kls|lahir $date",
    "kls": "1|2|3|4|5|6|7|8|9|10|11|12|vi|ix|1a|4b|x|xi",
    "abc": "A|B|C",
    "age": "2|3|5|6|7|8|9|11|12|14|17|21|24|27|31|35|42|48|51|63|70|80",
    "blok": "A|B|C|D|E|F|G|A1|B2|C7|D",
    "date": "12 mei 2014|3-4-2018|12/05/2013|tgl 2 februari 2011|14 agustus 2016",
    "phone": "0812-5550-1990|081254990012|0852 5099 1123|0813 4588 2019|+62 853 4711 2290|0822 5511 0734|085250667788|0811585900",
    "num": "6408014507890003|6408 0115 0668 0002|1234567890|0214-01-002233-50-8|149-00-1234567-8|7155033298|0051223371",
    "bank": "bri|bca|bni|mandiri|bsi|bankaltimtara|dana",
    "area": "desa $place|ds $place|dusun $place|kec $place|kecamatan $place|kelurahan $place|$place|$place|kampung $place|rt $age desa $place|rt $age $place|$place $far",
    "far": "sangatta|bengalon|kaubun|wahau|busang|kutim|telen|kongbeng|sangkulirang",
    "place": "sepaso|sepaso timur|bengalon|sangatta utara|sangatta selatan|kaliorang|kaubun|muara wahau|long noran|miau baru|tepian langsat|swarga bara|teluk lingga|singa gembara|rantau pulung|sangkulirang|sandaran|busang|telen|muara bengkal|long mesangat|batu ampar|teluk pandan|karangan|kongbeng|sp 2|sp 5|sp 7|cipta graha|margo mulyo|bukit permata|mukti jaya|suka maju|suka rahmat|benua baru|pengadan|kerayaan|maloy|bumi etam|long segar|tanjung labu|selangkau|kabo jaya|sidomulyo|marga mulya|pelawan|batu timbau|kelinjau ulu|senyiur|long lees|nehas liah bing|diak lay|sri pantun|makmur jaya|long bentuq|mekar baru|peridan|tadoan|manubar|sempayau|purwajaya|sangkima|tator|pinang raya|danau redan|kandolo|martadinata",
    "street": "jl $road|jalan $road|jln $road|gang $road|gg $road|gg. $road|jl. $road|lorong $road",
    "road": "mawar|melati|kenanga|cempaka|nusa indah|yos sudarso|apt pranoto|pendidikan|diponegoro|ahmad yani|margasari|sulawesi|wolter monginsidi|soekarno hatta|hidayatullah|rambutan|salak|durian|poros kabo|poros bengalon|soto|karya etam|sepakat|amanah|pahlawan|nuri|kenari 2|dayung|assadiyah|munthe|masabang|gotong royong|bersama 3|h. abdullah|rudina|papa charlie|kartini|thamrin|a. wahab syahrani|pangeran antasari|bukit pelangi|guru besar",
    "rtno": "rt $age|rt 0$age|rt.0$age|rt $age rw $kls|no $age|no. $age|nomor $age|no.$age|rt $age no $age|blok $blok no $age|rt $age dusun $place",
    "addr": "$street $rtno|$street $rtno $area|$street|rt $age $area|$area rt $age|dusun $place rt $age|$street $rtno, $area|perumahan $road blok $blok no $age|perum $road blok $blok nomor $age|$area rt $age|btn $road blok $blok no $age|kp $place rt $age|desa $place rt $age no $age|sp $kls blok $blok no $age|gang $road no $age|$street gang $kls no $age|dusun $place rt $age",
    "perum": "perum|perumahan|komplek|griya|btn|cluster",
    "spot": "$addr|$addr|$addr|$addr $beside $pub|$beside $pub|$beside $pub $place|$beside $pub rt $age|$beside $pub yang pagarnya $color|$beside $pub, cat $color|no $age $street|km $age jalan poros $place|km $age $beside $pub|pasar $place blok $blok $age|blok $blok jalur $kls $place|simpang tiga $place $beside $pub|rt $age $beside $pub|$pub $place|$beside jembatan $place|ujung $street|$street $beside $pub|belakang pasar $place rumah kayu warna $color|pinggir sungai rt $age $place|lantai 2 pasar $place|di $beside $pub|rumah panggung warna $color $beside $pub|kos-kosan $title $name $street|rumah pojok cat $color $street",
    "color": "hijau|biru|kuning|putih|merah|coklat",
    "beside": "depan|dekat|samping|sebelah|belakang|seberang|dpn|pas depan|persis samping|persis belakang|di depan|di samping|di seberang|higa|wingking|cedak",
    "pub": "masjid nurul huda|masjid al ikhlas|musholla nurul iman|langgar al hidayah|gereja|spbu|indomaret|alfamart|kantor desa|kantor camat|balai desa|lapangan voli|pos ronda|pasar|puskesmas|sdn 00$kls|smpn $kls|terminal|kantor pos|pos polisi|dermaga|bengkel las|jembatan|lapangan bola|warung bakso|kuburan|bundaran|simpang 4|kantor lurah",
    "school": "sdn 00$kls $place|sd $kls|sdn 0$age|smpn $kls $place|smp $kls|sman $kls $place|smkn $kls $place|sma $kls|tk pertiwi|tk pembina $far|mi darussalam|mi al hidayah|paud kasih ibu|sd islam al-azhar|sdit daarussalam|mts nurul iman|man $far|sdn 00$kls|smp ypps|sd muhammadiyah|tk tunas harapan $place|pesantren al ikhlas|slb $far|smpit $place|sd katolik santa maria",
    "job": "guru|guru honorer|perawat|bidan|bidan desa|dokter|staf|staf keuangan|operator|operator excavator|operator desa|kader posyandu|satpam|sopir|sopir ambulans|kasir|mekanik|apoteker|penjaga sekolah|karyawan|pegawai honorer|asn|pppk|guru agama|guru pjok|guru olahraga|perawat igd|admin|driver dump truck|penyuluh pertanian|tenaga kebersihan|buruh panen|mandor|analis lab|petugas kebersihan|security|teknisi|juru kunci|guru paud|guru ngaji|bendahara|operator alat berat|helper|welder|foreman|pustakawan|guru kelas $kls|wali kelas $kls|tenaga honor|kepala gudang|staf tata usaha",
    "inst": "$school|$school|puskesmas $place|puskesmas pembantu $place|pustu $place|rsud $place|rsud kudungga|kantor desa $place|kantor camat $place|kecamatan $place|kelurahan $place|dinas pu|dinas pendidikan|dinas kesehatan|disdukcapil|dishub|pt $pt|pt $pt site $place|cv $pt|spbu km $kls|bank bri unit $place|koperasi $pt|pasar induk|pdam $place|polres|posyandu melati $place|bumdes $place|satpol pp|klinik $place|bpbd|gudang dinas pu|hotel $pt|sd $kls|long noran|desa $place|kebun $pt",
    "dept": "gudang|keuangan|perizinan|shift malam|gudang pupuk|hrd|produksi|pit $kls|afdeling $kls|workshop|umum|kepegawaian|loket 3|igd|farmasi|bengkel|operator dump truck|kasir|admin",
    "work": "$job di $inst|$job di $inst|$job $inst|$job $inst|$job di $inst bagian $dept|$job $dept $inst|$job di desa $place|$job di $place|mantan $job $inst|$job shift malam di $inst|satu-satunya $job di $inst|$job pt $pt",
    "pt": "surya sawit|kaltim jaya|sinar abadi|bara sejahtera|hijau makmur|indexim|contoh prima|borneo lestari|karya mandiri|tambang raya|sawit sejahtera|mitra usaha|bumi persada",
    "off": "kades|kepala desa|camat|pak camat|lurah|pak lurah|bu lurah|bupati|pak bupati|kepala dinas pu|kepala dinas|kadis|kadis pendidikan|sekdes|pak sekdes|kepala sekolah|kepsek|bu kepsek|kepala puskesmas|kapus|ketua rt|pak rt|ketua rt 0$kls|kadus|pak kadus|bendahara desa|oknum|oknum guru|oknum polisi|oknum pegawai|petugas|petugas dishub|pegawai kelurahan|mandor|ketua kelompok tani|direktur|ketua komite|kaur keuangan|staf kecamatan|kasi pemerintahan|inspektur|kapolsek|anggota dewan|ketua bumdes|guru kelas $kls|dokter|dr|pegawai disdukcapil|ketua panitia|pendamping pkh|penyuluh|satpam|pengawas|kepala dusun|ketua bpd|sekretaris desa|kepala sekolah $school|kades $place|camat $place|lurah $place|kepala desa $place|guru|bidan|perawat|jukir|ustadz|preman",
    "offname": "$off $tname|$off $tname|$off $cname|$off, $tname,|$tname selaku $off|$off bernama $tname|$off yang bernama $tname|$off namanya $tname|$off ($tname)|$off $place $tname|$off $place, $tname,|$off|$tname, $off,|$tname $off $place,|$off an $tname|$off $tname bagian $dept",
    "tname": "$title $cname|$title $cname|$cname|$name|$title $nm1",
    "cname": "$nm1|$nm1|$nm1 $nm2|$nm1 $nm2",
    "name": "$nm1|$nm1|$nm1|$nm1 $nm2|$nm1 $nm2|$nm1 $nm2|$nm1 $nm2 $nm3|$title $nm1|$title $nm1 $nm2|m. $nm1 $nm2|$nm1 bin $nm2|$nm1 $nm2, s.pd|$nm1 binti $nm2",
    "child": "$nm1|$nm1|$nm1 $nm2|$nm1 $nm2|muhammad $nm1|$nm1 $nm2 $nm3",
    "badact": "minta uang 500rb|meminta uang 200 ribu|memotong blt 100rb|jual seragam 900rb|korupsi dana desa|jarang masuk kantor|tidak pernah di kantor|marah-marah ke warga|memukul siswa|menerima suap|terima amplop|membawa kabur uang arisan|menjual tanah desa|minta jatah proyek|minta setoran tiap bulan|bagi-bagi proyek|dipanggil inspektorat|mengancam warga|pungli di loket|menahan ijazah|merokok di ruangan|tidak melayani warga|menyuruh kami bayar|memalak sopir truk|bilang sabar terus|tidak transparan|main proyek|menggelapkan dana bos|selingkuh|memecat saya|tidak mau tanda tangan|minta fee 10 persen|janji terus|lepas tangan",
    "kinevent": "ditolak di igd|belum dapat bansos|meninggal di ambulans|dipukul satpam|sakit stroke|melahirkan di jalan|sudah antri 5 jam|dicoret dari pkh|tidak dapat blt|digusur tanahnya|di phk sepihak|hilang sejak kemarin|ditabrak truk|umur 70 tahun belum dapat bantuan|butuh kursi roda|rumahnya roboh|korban pungli|punya kebun digusur|butuh operasi|sakit parah|bpjsnya mati|juga kena tipu|melihat langsung|belum digaji|terima surat phk|tidak bisa berobat|ktp nya hilang|jatuh dari motor|lumpuh belum ada bantuan|jadi saksi",
    "childevent": "dipukul gurunya|dikeluarkan dari sekolah|belum dapat kip|tidak boleh ikut ujian|jatuh di selokan|digigit anjing|ijazahnya ditahan|dibully kakak kelas|disuruh bayar 300rb|sakit demam|gizi buruk|dipalak|belum punya akta|tidak naik kelas|tidak bisa ikut ulangan|kena diare|gurunya jarang masuk|tidak dapat pip|trauma|belum imunisasi|dicabuli|diminta bayar buku|keracunan makanan|dihukum jemur",
    "placeevent": "kebanjiran|kena longsor|kemalingan|bau limbah|tertimpa pohon|kena debu batubara|air tidak mengalir|listrik mati|jalannya rusak|belum dialiri pdam|banjir terus|kekeringan|berisik tiap malam|kena gusur|retak karena blasting|lampu mati|selokan mampet|sampah menumpuk|digusur|kena asap|sering mati lampu|gelap sekali",
    "workevent": "sudah 8 bulan tidak digaji|insentif belum cair|tpp belum dibayar|dipaksa tanda tangan kuitansi kosong|melihat obat dijual|takut dipecat|bpjs tidak dibayar|lembur tidak dibayar|tahu ada spj fiktif|gaji dipotong|dipaksa setor|mohon identitas dirahasiakan|melihat sendiri kecurangan|honor belum turun|belum diangkat p3k|di phk",
    "lm": "$pub|$pub|kuburan cina|kuburan bugis|pabrik es|sumur bor|lamin besar|pohon beringin|tiang listrik|kandang sapi|kampus|fotokopi $nm1|apotek|toko $nm1|jembatan titian|pelabuhan lama|susteran|warung $title $nm1|bengkel $nm1|pertamini|tower telkomsel|portal|tempat pembuangan|penggilingan padi|rumah $title $nm1|kantor lama|batang pln|lapangan|mushola|sekolah|puskesmas $place",
    "hn": "rumah|rumah kayu|rumah batu|rumah kosong|rumah panggung|rumah dinas|kost|kos|kontrakan|barak|mess|losmen|wisma|paviliun|bedakan|bangsalan|ruko|lapak|kios|warung|toko|rakit|kamar|gubuk|pondok|camp|los|penginapan|asrama|kandang|tempat kakak",
    "look": "pagar $color|cat $color|pintu $color|pintu merah|atap seng $color|yang ada ayunan|yg ada pohon kersen|yang ada tandon $color|ada bendera|tingkat dua|paling ujung|paling hilir|pintu terakhir|pintu $kls|kamar $kls|kamar belakang|lantai $kls|lt $kls|pertama|ketiga|kedua dari ujung|blok $blok-$age|petak $age|pintu abu-abu|yang temboknya belum diplester|yang banyak kucingnya",
    "rel": "$beside $lm|$beside $lm|sesudah $lm|habis $lm|sebelum $lm|masuk kiri sesudah $lm|masuk kanan habis $lm|tikungan kedua sesudah $lm|ketiga dari $lm|wetan $lm|kulon $lm|lor $lm|blkg $lm|antara $lm dan $lm",
    "den": "$hn $look|$hn $rel|$hn $title $nm1 $look|$hn $look $rel|$look $rel|$hn $title $nm1, $rel|$rel $look $place|$hn $nm1 $look, $place|$hn $rel, $place|$hn nomor $age $rel|km $age $rel|$hn $look, $street|perum $nm1 $nm2 cluster $nm3 $blok-$age|$nm1 $nm2 residence blok $blok$age|$hn $nm1 kamar $kls, $place|blok $nm1 petak $age $place|barak $kls pintu $kls afdeling $kls $place|blok $blok nomor $age|nomor $age $look $hn $nm1|$hn $look $rel $place|$hn $title $nm1 pintu terakhir, $street|$hn $nm1 di $street",
    "act": "jaga palang kereta|jaga malam gudang aspal|pegang kunci gudang beras|pegang kunci tower|urus bansos|nyuntik sapi|masak di dapur mbg|antar surat|angkat sampah|ngajar bahasa inggris|jaga pintu air|bawa perahu dinas|catat meteran|foto kegiatan|buka portal|jaga loket|main organ di gereja|azan subuh|pegang stempel|pakai kursi roda|jual sayur keliling|naik motor listrik|pakai sepeda tua|pakai perahu $color|rekap absen|input data dtks|las bawah air|jual ikan di pasar $place|servis genset|antar galon",
    "only": "satu-satunya|satu2nya|siji-sijine|satu satunya|cuma saya|hanya saya|tinggal saya|cuma saya sendiri|tinggal saya seorang|sendirian|termuda|tertua|paling lama|paling tua|pertama|terakhir|perempuan satu-satunya|cuma dua orang|cuma berdua sama $title $nm1",
    "mark": "yang kakinya palsu|yang tangan kirinya cacat|yang rambutnya putih|yang pakai hijab $color|yang giliran subuh|yang juga $job|yg juga main organ|shift malam|sejak 20$age|bagian $dept|di $inst|$inst|khusus $dept|yang $act|yang biasa $act|di $pub $place|$place|untuk $place|yang giginya emas|yang suka pakai topi $color",
    "jobx": "$job|$job|tukang $act|ketua kelompok tani|ketua osis|ketua kkn|bilal|imam|marbot|bendahara|sekretaris|panitia $dept|kader|teller|kurir|ojek pangkalan|dukun bayi|pemijat|penyapu jalan|relawan|pemangku|juru masak|penambal ban|anggota|operator loader|jaga $pub|mantan $job|pelatih voli|bendahara pengganti|guru tari|tukang pijat|tukang kunci|penabuh gamelan|dalang",
    "sole": "$jobx $only di $inst|$jobx $only|$jobx $mark|$jobx $mark|$jobx $inst $mark|$only $jobx di $place|satu-satunya yang $act|satu2nya yg $act di $place|satu-satunya $jobx perempuan di $inst|satu2nya cewek di jurusan $dept $school|$jobx $mark, $mark|yang $act cuma saya|yang $act di $place cuma saya|cuma saya yang $act|$jobx paling lama di $inst|$jobx di $inst, $only|$jobx $inst $only|$jobx $only di $pub $place $mark|$act sejak 20$age",
    "need": "jalan diaspal|listrik|air bersih|toilet|jembatan|guru|dokter gigi|sinyal|lampu jalan|drainase|pupuk subsidi|bantuan bibit|tempat sampah|ambulans|posyandu|perhatian pemerintah",
    "intent": "mau lapor|melaporkan|ingin bertanya|mohon bantuan|mengadukan",
}
TOPICS = (
    "air pdam mati 3 hari", "jalan rusak parah", "lampu jalan mati", "bantuan belum sampai", "mohon ditindak", "mau lapor pungli",
    "ktp belum jadi", "listrik padam terus", "jembatan mau roboh", "sampah menumpuk di pasar", "harga gas 45 ribu",
    "limbah masuk sungai ikan mati semua", "mohon bantuannya pak", "tolong ditindaklanjuti", "sudah 2x lapor tidak ditanggapi",
    "kapan diperbaiki", "jalan berlubang banyak yang jatuh", "obat di puskesmas kosong", "antri dari jam 6 pagi", "jadwal vaksin kapan",
    "truk sawit lewat siang malam", "debu batubara masuk rumah", "sekolah rusak atapnya bocor", "guru jarang masuk", "pupuk subsidi langka",
    "sinyal hilang terus", "irigasi jebol sawah kering", "blt dipotong 100 ribu", "dana desa tidak jelas", "banjir tiap hujan",
    "parit mampet bau sekali", "minta keadilan", "tanah kami digusur tanpa ganti rugi", "tolong jangan sebut nama saya", "bbm langka di spbu",
    "tiang listrik miring takut roboh", "orgen tunggal sampai jam 3 pagi", "kandang ayam bau", "tambang ilegal di hulu", "hutan adat digusur pt",
    "sertifikat belum terbit sejak 2021", "akta kelahiran salah ketik", "jalan gelap rawan begal", "parkir liar di depan toko",
    "minta sumbangan 300 ribu per siswa", "pelayanan lambat sekali", "petugas marah marah di loket", "jam 10 sudah tutup",
    "saya punya bukti foto dan video", "mohon inspektorat turun", "tolong dicek dinas terkait", "kami warga sudah resah", "ada tawuran tadi malam",
    "kartu keluarga saya salah nama", "sesuai perda no 5 tahun 2019", "mohon identitas pelapor dirahasiakan", "data penerima tidak jelas",
    "jangan kasih tau saya yang lapor", "dapat sms penipuan", "hamba allah", "takut ketahuan", "nama saya jangan disebut", "mohon privasi saya dijaga",
    "gaji dipotong tiap bulan", "jalan poros km 12 sampai km 18 rusak", "lubang di depan indomaret simpang", "tiket kapal naik", "sapi berkeliaran di jalan",
    "anggaran 1,2 milyar", "sk bupati no 188", "uu no 25 tahun 2009", "sms dari nomor tidak dikenal", "call center tidak nyambung", "loket tutup jam 11",
    "banyu kada mangalir", "kulo nyuwun tulung", "kulo tiyang alit", "wis rong taun mangkrak", "yen ora bayar ora oleh rapot", "jarene kanggo lks",
    "endik bisa lewat lagi", "etam bekoyo becek", "kada kawa daftar", "balum jadi jua", "blangko habis tarus", "mboten mili", "solar de'gaga",
    "anak saya demam puskesmas tutup", "saya sebagai warga negara bayar pajak", "non aktif tiba tiba", "warna hitam balap liar", "sudah viral",
    "mohon penjelasan", "apa syaratnya", "terima kasih atas perhatiannya", "semoga ditindaklanjuti", "usul dibuatkan taman", "bpjs tidak aktif tiba tiba",
    "ambulans minta uang bensin", "anak anak kesulitan ke sekolah", "internet di kantor desa lemot", "ternak masuk kebun", "anjing liar banyak",
    "insentif belum cair 3 bulan", "thr belum dibayar", "upah tidak sesuai umk", "air sumur bau tambang", "pasar kotor becek", "kapal terlambat",
    "jalane desa wis ajur motor mlebu blumbang", "banyu sumur bor asin opo bisa dipriksa dinas", "pupuk subsidi diregani 180 ewu neng kios",
    "nuwun sewu pak bantuan mboten cair", "piye iki wong loro ora ono dokter", "bu kades njaluk 300 ewu kanggo surat tanah", "wedi aku",
    "pian tolong lihati banyu leding kada mangalir", "kamana larinya duit karcis", "jam barapa pang sabujurnya kapal", "ujar urang di loket sajuta",
    "ndak ada dokter di pulau", "tunggu roboh mi itu", "solar habis terus tapi di pengecer ada ji mahal mi", "kapan pi dibangun tower", "nda ada sinyal",
    "kitorang ndak ada air bersih", "sungai sudah coklat macam kopi susu", "ini kami tolak", "tanah dari nenek moyang", "tolong bah", "tiga tawai",
    "awak ndik percaya kah", "kades tu bangun walet beh dari duit desa", "buaya muncul sudah makan dua urang", "kanak sekolah maseh lewat situ",
    "punten pa jalan usaha tani teu acan diperbaiki", "naha hibah sapi teh kudu nyogok", "traktor bantuan disimpen di bumi ketua", "teu diangkat",
    "begini kemarin itu air pdam mati", "boleh dicek cctv nya", "vaksin campak habis", "sapi lepas makan jagung", "bapak ndak bisa baca",
    "baru pulang dari tawau", "disuruh cap jempol saja", "aku pernah beli terus bingung", "dibongkar di kantor desa ada fotonya", "paket dibuka satpam kantor dinas",
    "izin kebun berakhir tahun 2021 setau kami", "trotoar di muka kantor pos telah amblas", "nomor agenda 112/sek/iii", "obat kosong di tiga puskesmas",
    "web nya error 500", "gelap anjir tiap balik les", "lapor kmn lagi", "wifi taman lemot bgt", "ga tau hrs gimana", "kak beasiswa dibuka kapan sih",
    "mandor bilang siapa lapor pulang kampung ongkos sendiri", "sa rasa tidak adil", "tolong e pupuk kena mata kawan", "upah panen 5 janjang dihitung 4",
)  # fmt: skip
_SHORT = {"saya": "sy", "yang": "yg", "tidak": "tdk", "dengan": "dgn", "sudah": "sdh", "belum": "blm", "karena": "krn", "jalan": "jln", "tolong": "tlg", "mohon": "mhn", "untuk": "utk", "kelas": "kls", "depan": "dpn", "dari": "dr", "desa": "ds", "bapak": "bpk", "nomor": "no", "sama": "sm"}  # fmt: skip


class Example(NamedTuple):
    """A text and the marks in it: (start, end, letter of ``KINDS``)."""

    text: str
    marks: tuple[tuple[int, int, str], ...]


@cache
def _names() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {"first": [], "last": []}
    for line in (HERE / "names.txt").read_text(encoding="utf-8").splitlines():
        which, _, several = line.partition(": ")
        if which in found:
            found[which] += several.split()
    return found


@cache
def _words() -> list[str]:
    return (HERE / "words.txt").read_text(encoding="utf-8").split()


@cache
def _frames() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in (HERE / "frames.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("== "):
            found[line[3:]] = []
        elif line and not line.startswith("#"):
            found[list(found)[-1]].append(line)
    return found


class Writer:
    """Fills frames. ``topics``: sentences that mark nothing. Of the names only every ``part``-th is used, to hold the
    others out: ``part`` is (n, of), those at place n of each ``of`` are left out; (0, 0) uses all."""

    def __init__(self, seed: int, topics: Sequence[str] = (), part: tuple[int, int] = (0, 0)) -> None:
        self.random = random.Random(seed)  # noqa: S311 - invented messages, not keys
        self.topics = (*TOPICS, *TOPICS, *topics)
        n, of = part
        self.names = {
            key: [v for at, v in enumerate(several) if not of or at % of != n] for key, several in _names().items()
        }

    def _slot(self, name: str) -> str:
        if name == "topic":
            return self._reworded(self.random.choice(self.topics))
        if name in {"nm1", "nm2", "nm3"}:
            which = "first" if name == "nm1" or self.random.random() < 0.4 else "last"
            word = self.random.choice(self.names[which])
            return word if self.random.random() < 0.9 else self._misspelt(word)
        return self.random.choice(_LISTS[name].split("|"))

    def _reworded(self, topic: str) -> str:
        """Put other words in place of some, so that no list of words is learnt by heart."""
        words = topic.split(" ")
        if self.random.random() < 0.7:
            words = [self.random.choice(_words()) if len(w) > 3 and self.random.random() < 0.3 else w for w in words]
        return " ".join(words)

    def _misspelt(self, word: str) -> str:
        at = self.random.randrange(1, len(word))
        how = self.random.randrange(3)
        if how == 0:
            return word[:at] + word[at] + word[at:]
        return word[:at] + self.random.choice("aiueohnrtsy") + word[at + (how == 1) :]

    def fill(self, frame: str) -> str:
        """Return a frame with all choices made; marks still stand in it."""
        while True:
            chosen = _CHOICE.sub(lambda m: self.random.choice(m[1].split("|")), frame)
            chosen = _SLOT.sub(lambda m: self._slot(m[1]), chosen)
            chosen = chosen.replace(" ?", self.random.choice(["", " "]))
            if chosen == frame:
                return re.sub(r"\\([()])", r"\1", frame).replace("\\n", "\n")
            frame = chosen

    def write(self) -> Example:
        """Return one message."""
        pick = self.random
        groups = pick.choices(list(_frames()), weights=[26, 22, 16, 15, 13, 52], k=pick.choice([1, 1, 1, 2, 2, 3]))
        parts = [self.fill(pick.choice(_frames()[group])) for group in groups]
        if pick.random() < 0.2:
            parts.insert(
                0,
                pick.choice(
                    [
                        "assalamualaikum",
                        "selamat pagi",
                        "min",
                        "pak bupati",
                        "yth. dinas pu",
                        "halo admin",
                        "permisi",
                        "dengan hormat",
                        "pagi pak",
                        "ass wr wb",
                    ]
                ),
            )
        return self._styled(pick.choice([". ", ". ", ", ", " ", "\n"]).join(parts))

    def _styled(self, marked: str) -> Example:
        pick = self.random
        style = pick.random()
        text, marks = _unmarked(marked)
        words, out, places = re.findall(r"[A-Za-z']+|\d+|\s|[^\sA-Za-z\d]", text), "", [0]
        named = {at for start, end, letter in marks for at in range(start, end) if letter in "SNC"}
        shorten, drop = pick.random() < 0.4, pick.random() < 0.15
        at, ended = 0, True
        properly = set(_names()["first"]) | set(_names()["last"]) | _PROPER
        for word in words:
            new = word
            if word.isalpha():
                if shorten and at not in named:
                    new = _SHORT.get(word, word)
                if pick.random() < 0.02 and len(word) > 4:
                    new = self._misspelt(new)
                if style < 0.2:
                    new = new.upper()
                elif 0.65 < style < 0.72:  # as a telephone writes: capitals after a stop only
                    new = new.capitalize() if ended else new
                elif style < 0.72:
                    title = (
                        ended
                        or pick.random() < 0.03
                        or word in properly
                        or any(s <= at < e for s, e, letter in marks if letter in "SN")
                    )
                    new = new.upper() if word in _CAPS else new.capitalize() if title else new
                ended = False
            elif drop and word in ",.":
                new = ""
            if word in ".\n" and word:
                ended = True
            out += new
            at += len(word)
            places += [len(out)] * len(word)
        return Example(out, tuple((places[a], places[b], letter) for a, b, letter in marks))


_PROPER = {w for key in ("place", "road", "pt", "far") for w in re.findall("[a-z]+", _LISTS[key])} | {
    "masjid",
    "nurul",
    "huda",
}
_CAPS = {
    "sdn",
    "smpn",
    "sman",
    "smkn",
    "rsud",
    "rt",
    "rw",
    "pt",
    "cv",
    "pdam",
    "ktp",
    "nik",
    "bpjs",
    "sd",
    "smp",
    "sma",
    "tk",
    "mi",
    "blt",
    "pkh",
    "hp",
    "wa",
}


def _unmarked(marked: str) -> Example:
    text, marks, done = "", [], 0
    while (start := _MARK.search(marked, done)) is not None:
        text += marked[done : start.start()]
        end = marked.index("]", start.end())
        marks.append((len(text), len(text) + end - start.end(), start[1]))
        text += marked[start.end() : end]
        done = end + 1
    return Example(text + marked[done:], tuple(marks))


def several(count: int, seed: int, topics: Sequence[str] = (), part: tuple[int, int] = (0, 0)) -> list[Example]:
    """Return so many messages."""
    writer = Writer(seed, topics, part)
    return [writer.write() for _ in range(count)]


Writing = Callable[[], Example]
