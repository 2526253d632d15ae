/* Lapor Anonim. To be read: site/browser/form/. */
var h=`pekerjaan umum=pu|pupr|dpu|dpupr|bina marga|pengairan|pengawas pu
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
provinsi=gubernur|wagub|pemprov|sekdaprov|pemerintah provinsi`,w=[String.raw`pungli|pungutan liar|pungut|dipungut|suap|sogok|korup|brib|extor|fiktif|mark ?up|nepotis|kolusi|percaloan`,String.raw`lewat calo|meras|diperas|ancam|intimidasi|leceh|cabul|mesum|pukul|tampar|aniaya|bentak|memaki|dimaki`,String.raw`maki maki|marah|kasar |judes|jutek|galak|menghina|dihina|usir|persulit|pingpong|bolos`,String.raw`jarang (masuk|ngantor)|tidak mau|menolak|sunat|tilep|menggelapkan|palsu|manipulasi|selewengkan`,String.raw`salahgunakan|salah gunakan|pilih kasih|diskriminasi|main (proyek|mata|hp|game)|jual (beli )?jabatan`,String.raw`orang dalam|setoran|jatah|mabuk|judi|selingkuh|membocorkan|bocorkan|(uang|duit) (pelicin|rokok)|pribadi`,String.raw`mobil dinas|plat merah|tidur|malas|merokok|tanpa tes|keluarga (sendiri|pejabat)|keluarganya|kroni`,String.raw`kerabat|calo |menyuruh|maksa|mencuri|mencabut|menjual|dijual|seenaknya|semena|absen fiktif`,String.raw`tidak melayani|tidak dilayani|(n|kn)?dik dilayani|kutip|amplop|titip|kantong |sengaja|bandrol|milik|tempel`,String.raw`segel tanpa|kejual|bocorin|sembunyi|ditagih|mintai|diatur|disunat|dibawa pulang|sewakan|setor|laci|dipangkas`].join("|"),f=[String.raw`minta|meminta|diminta|dimintai|narik|ditarik|tarik|potong|memotong|dipotong|terima|menerima|nerima|harus`,String.raw`suruh|disuruh|njaluk|handak|kasih|dikasih|setor|(ask|demand|charg)\w*|took`].join("|"),j=["uang|duit|dana|gaji|honor|bonus|insentif|amplop|bayar|membayar|bayaran|fee|imbalan|biaya|rp|money",String.raw`\d{3,}|\d+ ?(rb|ribu|jt|juta|k|persen)`].join("|"),y=new RegExp(String.raw` \w{0,5}(${w}) ?| (${f}) ([a-z]+ ){0,4}?(${j})`),S=[String.raw`dekat|dkt|depan|dpn|samping|sebelah|belakang|seberang|sebrang|sekitar|menuju|arah|simpang|jalan ke`,String.raw`jln ke|mohon|mhn|tolong|tlg|harap|semoga|minta|kepada|kpd|yth|untuk|lapor ke|laporkan ke|melapor ke`,String.raw`mengadu ke|surati|hubungi`].join("|"),E="kantor|gedung|dinas|pak|bpk|bapak|bu|ibu|para|di|ke|yth|kepada",$=new RegExp(` (${S})( (${E}))* $`),x="(dinas|badan|kantor|orang|petugas|pegawai|staf|oknum|kepala|kadis|kabid|pak kadis)",C=/^(desa|kecamatan|kelurahan|kabupaten|kota)\b/,R=2,N=s=>s.normalize("NFKD").toLowerCase().replace(/[\u0300-\u036f]/g,""),b=s=>` ${N(s).replace(/[^a-z0-9]+/g," ").trim()} `;function z(s){let k=s.replace(/\(.*/,""),t=b(k).trim(),e=t.split(" ")[0],i=k.split(/,| dan /i).map(n=>b(n).trim().replace(new RegExp(`^${e} `),"")).filter(n=>!C.test(n)),p=h.split(`
`).map(n=>n.split("=")).filter(([n])=>` ${t} `.includes(` ${n} `));return new RegExp(` (${[t,`${x} (${i.join("|")})`,...p.map(([,n])=>n)].join("|")})(nya|e)? `,"g")}function A(s){let k=s.map(([t,e])=>[t,z(e)]);return t=>{let e=new Set,d=[];for(let i of t.split(/[.!?;\n]+/)){let u=b(i),p=[];for(let[o,a]of k)[...u.matchAll(a)].some(({index:l})=>!$.test(u.slice(0,l+1)))&&p.push(o);let n=p.length?p:d.flat();if(y.test(u))for(let o of n)e.add(o);d=[...d,p].slice(-R)}return s.map(([i])=>i).filter(i=>e.has(i))}}var v=`jalan=jalan|jln|jembat|aspal|lubang|lobang|titian|beton|cor|longsor|gorong|timbun|kubang
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
ketertiban=+satpol|+pkl|+miras|+berisik|judi|bising|karaoke|+balap|mabuk|pengemis|curi`,O="anak|dekat|depan|samping|sebelah|belakang|menuju|ke|orang|desa",_=new RegExp(` (${O}) (sekolah|sd|smp|puskes|rsud|pasar|jembat|jalan|kami|terminal)\\w*`,"g");function D(s,k){let t=b(s).replace(_," "),e=k.includes("lainnya")?"lainnya":"",d=0;for(let[i,u]of v.split(`
`).map(p=>p.split("="))){let p=0;for(let n of u.split("|"))t.includes(` ${n.replace("+","")}`)&&(p+=n[0]==="+"?2:1);p>d&&k.includes(i)&&([e,d]=[i,p])}return e}var m=[],B=["place","subject","body","about_officials"];function L(s,k,t,e,d){let i=[e.about_agency,e.about_name],u=d?[]:m,n=[...s.about_agency.options].map(({value:a,textContent:r})=>[a,r.trim()]).filter(([a])=>a&&a!==i[0]),o=A(n)(B.map(a=>e[a]).join(`
`));return m=n.filter(([a])=>o.includes(a)).map(a=>{let r=t.cloneNode(!0),l=r.querySelector("input");return r.querySelector("span").textContent=a[1],l.checked=!u.some(([g,[c]])=>c===a[0]&&!g.checked),k.append(r),[l,a]}),t.remove(),k.hidden=!m.length,()=>{let a=m.filter(([r])=>r.checked).map(([,r])=>r);[e.about_agency,e.about_name]=i[0]||!a.length?i:a.shift(),e.meant=a.map(([r])=>r).join(" ")}}export{A as accusers,L as ask,D as topicOf};
