// Whom the words of a report accuse, though its form names nobody: asked for when it is checked, so that nobody who
// may be meant gets it (law 5). A short twin of functions/casework/understanding that asks too often rather than too
// rarely. Words never leave the page. What offices are called follows from their names in the form, and from this
// list: words of a name, and what is usual.
const USUAL = `pekerjaan umum=pu|pupr|dpu|dpupr|bina marga|pengairan|pengawas pu
perhubungan=dishub|dishubkab|kadishub|llaj|dllaj|uptd terminal|penguji kir|penguji|portal terminal|kir
lingkungan hidup=dlh|blh|dinas lh|dlhk|dinas kebersihan|dkp|truk sampah|pengangkut sampah|amdal|staf lingkungan hidup
air minum=pdam|perumdam|perumda air minum|pam|pencatat meter|ledeng|leding|pedam|catat meter
pendidikan=guru|kepsek|kepala sekolah|disdik|dikbud|disdikbud|diknas|dispendik|dindik|kadisdik|dapodik|pembinaan sd
kesehatan=puskesmas|pustu|bidan|dinkes|diskes|kadinkes|kadiskes|kapitasi|izin praktik
rsud=kudungga|rsud|rs daerah|rumah sakit|ugd|igd|bangsal|poli
pencatatan sipil=disdukcapil|dukcapil|capil|disduk|discapil|dispenduk|dispendukcapil|catatan sipil|kadisdukcapil|ktp|akta|loket|kk
sosial=dinsos|kadinsos|dissos|tksk|bansos|pkh|orang sosial
perlindungan anak=dp3a|dpppa|dp3akb|dp2kbp3a|p3a|uptd ppa|p2tp2a|perlindungan anak|rumah aman
keluarga berencana=dppkb|dpp kb|dalduk|plkb|bkkbn daerah|akseptor|kb
tenaga kerja=disnaker|disnakertrans|naker|kadisnaker|depnaker|mediator|hubungan industrial
masyarakat desa=dpmd|dpmdes|pmd|dispmd|bapemas|pemdes
pemberdayaan masyarakat dan desa=dpmd|dpmdes|pmd|dispmd|bapemas
perumahan=perkim|disperkim|dpkp|tfl bedah rumah|bedah rumah|rumah dinas
pertanahan=dinas tanah|dispertan tanah|distanah|dinas pertanahan|juru ukur|dinas tanah|pembebasan lahan
penanaman modal=dpmptsp|ptsp|mpp|mal pelayanan publik|bpmptsp|kppt|dinas perizinan|oss|satu pintu|verifikator
perdagangan=kepala pasar|petugas pasar|disperindag|disperindagkop|disdag|indag|uptd pasar|dinas pasar|juru pungut|upt pasar|tera
koperasi=diskop|diskopukm|dinkop|dinas umkm|koperasi
tanaman pangan=penyuluh pertanian|dinas peternakan|distan|dispertan|dtphp|distanak|dinas pertanian|ppl|mantri hewan|traktor
pertanian=penyuluh pertanian|ppl|distan|dispertan|distanak|dinas pertanian|ppl
perkebunan=disbun|kadisbun|stdb
perikanan=diskan|dkp perikanan|dislautkan|perikanan
ketahanan pangan=dispangan|dkp pangan|dinas pangan|bkp|gudang ketahanan pangan|gudang pangan
pariwisata=dispar|disparbud|dinpar|disbudpar|wisata|destinasi
kebudayaan=disbud|museum|sanggar|budaya
olahraga=dispora|disporapar|kadispora|olahraga|atlet|pemuda|paskibraka
pemadam kebakaran=damkar|pemadam|pmk kebakaran|disdamkar|kebakaran|danton
penanggulangan bencana=bpbd|trc|bencana
polisi pamong=polisi pamong praja|satpol pp|satpolpp|satpol|pol pp|polpp|pamong praja|kasatpol|trantib|tibum|penertiban|razia
kepegawaian=bkpsdm|bkd|bkpp|bkppd|bkdd|kepegawaian|mutasi|p3k
komunikasi=diskominfo|kominfo|diskominfotik|diskominfosp|infokom|kadiskominfo|aduan
inspektorat=inspektorat|itkab|itda|irban|inspektur daerah|inspektur kabupaten|apip|bawasda|auditor
pendapatan=bapenda|dispenda|badan pajak daerah
keuangan=bpkad|bkad|dppkad
perencanaan pembangunan=bappeda|bapeda|bapelitbang|bappelitbangda
kesatuan bangsa=kesbangpol|bakesbangpol|kesbang
perpustakaan=dispusip|dispersip|perpusda|dispus
sekretariat daerah=setda|setdakab|sekda|sekretaris daerah|asisten bupati
sekretariat dprd=setwan|sekwan
kecamatan=camat|sekcam
kelurahan=lurah|seklur
desa=kades|petinggi|sekdes|kaur desa|bendahara desa|perangkat desa
kabupaten=bupati|wabup|pemkab|pemda|sekda|sekretaris daerah|sekkab|pemerintah kabupaten|pemerintah daerah
kota=walikota|wali kota|wawali|pemkot|pemda|sekda|sekretaris daerah|sekkot|pemerintah kota|pemerintah daerah
provinsi=gubernur|wagub|pemprov|sekdaprov|pemerintah provinsi`;
const WRONG = [
  String.raw`pungli|pungutan liar|pungut|dipungut|suap|sogok|korup|brib|extor|fiktif|mark ?up|nepotis|kolusi|percaloan`,
  String.raw`lewat calo|meras|diperas|ancam|intimidasi|leceh|cabul|mesum|pukul|tampar|aniaya|bentak|memaki|dimaki`,
  String.raw`maki maki|marah|kasar |judes|jutek|galak|menghina|dihina|usir|persulit|pingpong|bolos`,
  String.raw`jarang (masuk|ngantor)|tidak mau|menolak|sunat|tilep|menggelapkan|palsu|manipulasi|selewengkan`,
  String.raw`salahgunakan|salah gunakan|pilih kasih|diskriminasi|main (proyek|mata|hp|game)|jual (beli )?jabatan`,
  String.raw`orang dalam|setoran|jatah|mabuk|judi|selingkuh|membocorkan|bocorkan|(uang|duit) (pelicin|rokok)|pribadi`,
  String.raw`mobil dinas|plat merah|tidur|malas|merokok|tanpa tes|keluarga (sendiri|pejabat)|keluarganya|kroni`,
  String.raw`kerabat|calo |menyuruh|maksa|mencuri|mencabut|menjual|dijual|seenaknya|semena|absen fiktif`,
  String.raw`tidak melayani|tidak dilayani|(n|kn)?dik dilayani|kutip|amplop|titip|kantong |sengaja|bandrol|milik|tempel`,
  String.raw`segel tanpa|kejual|bocorin|sembunyi|ditagih|mintai|diatur|disunat|dibawa pulang|sewakan|setor|laci|dipangkas`,
].join("|");
const TAKES = [
  String.raw`minta|meminta|diminta|dimintai|narik|ditarik|tarik|potong|memotong|dipotong|terima|menerima|nerima|harus`,
  String.raw`suruh|disuruh|njaluk|handak|kasih|dikasih|setor|(ask|demand|charg)\w*|took`,
].join("|");
const MONEY = [
  "uang|duit|dana|gaji|honor|bonus|insentif|amplop|bayar|membayar|bayaran|fee|imbalan|biaya|rp|money",
  String.raw`\d{3,}|\d+ ?(rb|ribu|jt|juta|k|persen)`,
].join("|");
const CONDUCT = new RegExp(String.raw` \w{0,5}(${WRONG}) ?| (${TAKES}) ([a-z]+ ){0,4}?(${MONEY})`);
const NEAR = [
  String.raw`dekat|dkt|depan|dpn|samping|sebelah|belakang|seberang|sebrang|sekitar|menuju|arah|simpang|jalan ke`,
  String.raw`jln ke|mohon|mhn|tolong|tlg|harap|semoga|minta|kepada|kpd|yth|untuk|lapor ke|laporkan ke|melapor ke`,
  String.raw`mengadu ke|surati|hubungi`,
].join("|");
const BETWEEN = "kantor|gedung|dinas|pak|bpk|bapak|bu|ibu|para|di|ke|yth|kepada";
const BEFORE = new RegExp(` (${NEAR})( (${BETWEEN}))* $`);
const LED = "(dinas|badan|kantor|orang|petugas|pegawai|staf|oknum|kepala|kadis|kabid|pak kadis)";
const PLACES = /^(desa|kecamatan|kelurahan|kabupaten|kota)\b/; // also where something is, not only who did it
const BACK = 2; // sentences
const bare = (text) => text.normalize("NFKD").toLowerCase().replace(/[\u0300-\u036f]/g, "");
const plain = (text) => ` ${bare(text).replace(/[^a-z0-9]+/g, " ").trim()} `;

/** What each office is called: its name, and what is usual for offices of such a name. */
function called(name) {
  const official = name.replace(/\(.*/, ""), whole = plain(official).trim(), kind = whole.split(" ")[0];
  const parts = official.split(/,| dan /i).map((part) => plain(part).trim().replace(new RegExp(`^${kind} `), ""));
  const own = parts.filter((part) => !PLACES.test(part));
  const lines = USUAL.split("\n").map((line) => line.split("="));
  const usual = lines.filter(([of]) => ` ${whole} `.includes(` ${of} `));
  return new RegExp(` (${[whole, `${LED} (${own.join("|")})`, ...usual.map(([, names]) => names)].join("|")})(nya|e)? `, "g");
}

/** From `[[code, name]]` a function of a text that returns the codes of those whom it may accuse. */
export function accusers(agencies) {
  const offices = agencies.map(([code, name]) => [code, called(name)]);
  return (text) => {
    const found = new Set();
    let before = [];
    for (const sentence of text.split(/[.!?;\n]+/)) {
      const words = plain(sentence), named = [];
      for (const [code, names] of offices) {
        const acts = [...words.matchAll(names)].some(({ index }) => !BEFORE.test(words.slice(0, index + 1)));
        if (acts) named.push(code);
      }
      const meant = named.length ? named : before.flat();
      if (CONDUCT.test(words)) for (const code of meant) found.add(code);
      before = [...before, named].slice(-BACK);
    }
    return agencies.map(([code]) => code).filter((code) => found.has(code));
  };
}

// What a report is about, for its topic to be proposed: beginnings of words, a short twin of casework/routing/topic.py.
// One with a + weighs twice.
const TOPICS = `jalan=jalan|jln|jembat|aspal|lubang|lobang|titian|beton|cor|longsor|gorong|timbun|kubang
banjir=+banjir|+drainase|+got|parit|selokan|meluap|genang|+turap|saluran|kebanjir|irigasi
lampu-jalan=+lampu|+pju|rambu|+angkot|terminal|parkir|+bus|gelap|truk|kir|penerangan|kapal
air-bersih=+pdam|+perumda|+leding|+ledeng|+air bersih|air|keran|kran|meter|pipa|sumur
lingkungan=+sampah|+limbah|+tambang|sungai|cemar|asap|+debu|bau|+tps|+tpa|tebang|polusi
sekolah=+sekolah|+sd|+smp|guru|+kepsek|murid|+siswa|+ijazah|+seragam|buku|spp|paud|+bos|beasiswa|+ppdb
kesehatan=+puskes|+rsud|+rumah sakit|bidan|dokter|+obat|perawat|+bpjs|+pasien|+posyandu|+igd|+pustu|dbd
ktp=+ktp|+kk|+akta|+akte|+dukcapil|+disduk|+capil|kartu keluarga|+nik|kia
bansos=+bansos|+blt|+pkh|+sembako|+bantuan|miskin|+beras|+bpnt|+dtks|lansia|disabilit|pip
kekerasan=+kdrt|+cabul|+perkosa|+leceh|+kekerasan|+aniaya|pukul|mukul|dinikah
kerja=+gaji|+upah|+thr|+phk|lembur|+lowongan|karyawan|+buruh|+umk|+perusahaan
desa=+kades|+kepala desa|+dana desa|+bumdes|bpd|+perangkat desa|+aparat desa|apbdes
pungli=+pungli|+pungut|+suap|+sogok|+korup|+fiktif|+setoran|oknum|amplop|calo|minta|diminta|mobil dinas
internet=+internet|+sinyal|+wifi|+tower|jaringan|telkomsel|+blank spot|bts|website
ketertiban=+satpol|+pkl|+miras|+berisik|judi|bising|karaoke|+balap|mabuk|pengemis|curi`;
// Says where something is, not what it is about.
const BESIDE = "anak|dekat|depan|samping|sebelah|belakang|menuju|ke|orang|desa";
const WHERE = new RegExp(` (${BESIDE}) (sekolah|sd|smp|puskes|rsud|pasar|jembat|jalan|kami|terminal)\\w*`, "g");

/** The topic that the words name, of those `codes`; "lainnya" for none, "" where there is no such topic. */
export function topicOf(text, codes) {
  const words = plain(text).replace(WHERE, " ");
  let best = codes.includes("lainnya") ? "lainnya" : "", most = 0;
  for (const [code, names] of TOPICS.split("\n").map((line) => line.split("="))) {
    let weight = 0;
    for (const name of names.split("|"))
      if (words.includes(` ${name.replace("+", "")}`)) weight += name[0] === "+" ? 2 : 1;
    if (weight > most && codes.includes(code)) [best, most] = [code, weight];
  }
  return best;
}

let boxes = []; // of the last look
const ACCUSING = ["place", "subject", "body", "about_officials"];

/**
 * Ask on the check page about those whom the words accuse. Returns what binds, before it is sealed, the first who stayed
 * ticked as the accused, if the form names nobody: it lists those first who would read it first (web.agency_choices).
 * The seal binds one alone; the others who stayed ticked go beside it, so that none of them is told of it either. Who was
 * unticked stays so where the same words were only masked; those that come from the form (`isNew`) are asked about anew.
 */
export function ask(form, group, line, report, isNew) {
  const typed = [report.about_agency, report.about_name], before = isNew ? [] : boxes;
  const options = [...form.about_agency.options].map(({ value, textContent }) => [value, textContent.trim()]);
  const agencies = options.filter(([code]) => code && code !== typed[0]);
  const found = accusers(agencies)(ACCUSING.map((name) => report[name]).join("\n"));
  boxes = agencies.filter(([code]) => found.includes(code)).map((agency) => {
    const copy = line.cloneNode(true), box = copy.querySelector("input");
    copy.querySelector("span").textContent = agency[1];
    box.checked = !before.some(([old, [code]]) => code === agency[0] && !old.checked);
    group.append(copy);
    return [box, agency];
  });
  line.remove();
  group.hidden = !boxes.length;
  return () => {
    const kept = boxes.filter(([box]) => box.checked).map(([, agency]) => agency);
    [report.about_agency, report.about_name] = typed[0] || !kept.length ? typed : kept.shift();
    report.meant = kept.map(([code]) => code).join(" ");
  };
}
