"""The tagger: what stands around a name, a child, a home and a job tells them; evidence stays readable."""

import json

import pytest

from functions.pii import tagger, words
from tests.depth import DEEP
from tests.pii.training import train
from tests.pii.training.generate import several

# Root causes, not frames: none of these messages stands in the training.
HIDDEN = {
    "beside their own number": ("Rohmatin (0852 4433 1009) mau lapor air mati", "Rohmatin"),
    "in a signature, in small letters": ("pupuk langka di desa kami, tolong dicek. wassalam, paimo", "paimo"),
    "in a form": ("Nama: Yulfa Ganing\nAlamat: Jl Nelayan RT 4 no 9\nIsi: tiang miring", "Yulfa Ganing"),
    "on one's own behalf": ("sertifikat a.n. saya Tarsisius belum terbit", "Tarsisius"),
    "after a pronoun of Banjar": ("ulun Mastiah handak betakun soal KTP", "Mastiah"),
    "after a pronoun of Java": ("kulo Wagirah, banyu mboten mili", "Wagirah"),
    "after a term of kin": ("mertua saya Hj. Rukayah ditolak di IGD", "Rukayah"),
    "a neighbour": ("tetangga saya Pak Sembodo lumpuh belum dapat bansos", "Sembodo"),
    "a witness": ("saksi: Wiranata, teman kerja saya", "Wiranata"),
    "a child with a class": ("anak saya Feronika kelas 3 dipukul gurunya", "Feronika"),
    "a child's school": ("anak saya Feronika kelas 3 SDN 019 Pelawan, gurunya jarang masuk", "SDN 019"),
    "a home to the end of its phrase": ("rumah saya di gang Bahari RT 7 sebelah masjid Al Amin kebanjiran", "gang Bahari"),
    "a shop": ("warung saya di samping pos polisi Maloy kena gusur", "pos polisi"),
    "a field": ("sawah saya di blok D jalur 2 SP 3 kekeringan", "blok D"),
    "one's own account, for a refund": ("transfer saja ke BRI 3390 0101 2288 505 istriku punya", "3390 0101"),
    "one's own lorry": ("saya sopir truk KT 8834 RM dipalak di portal", "KT 8834 RM"),
    "a number of one's own behind a plea": ("disuruh transfer 2 juta, hubungi saya 0852 9000 1122", "0852 9000 1122"),
    "a card's number behind a demand": ("disuruh bayar padahal BPJS aktif no 0001729453386", "0001729453386"),
    "a job that one person has": ("saya satu-satunya bidan di Pustu Long Nyelong, obat kosong", "bidan"),
    "the only one in their post": ("saya satu-satunya bidan di desa Long Bayan", "Bayan"),
}  # fmt: skip
SHOWN = {
    "an official's name": ("Pak Camat Budi meminta uang 500rb", "Budi"),
    "a head's name and title": ("Kepala Desa Sukamaju, H. Mansyur, tidak pernah ada di kantor", "Mansyur"),
    "who is accused": ("oknum guru bernama Pak Surya memukul murid", "Surya"),
    "whose account took the levy": ("disuruh transfer ke BRI 0214-01-002233-50-8 atas nama Wahyudi Pratama", "Wahyudi"),
    "the account that took the levy": ("disuruh setor ke BRI 0214-01-002233-50-8 a.n. Wahyudi", "0214-01-002233-50-8"),
    "vehicles of the accused": ("truknya KT 8841 NC, KT 8790 ND buang limbah", "KT 8790 ND"),
    "an agency's vehicle": ("yang dipakai ialah KT 1022 R (pelat merah)", "KT 1022 R"),
    "a company": ("PT Sinar Abadi buang limbah ke sungai", "Sinar Abadi"),
    "a public road": ("Jalan Diponegoro rusak parah sejak Januari", "Diponegoro"),
    "a public place": ("lampu di depan Masjid Agung mati", "Masjid Agung"),
    "a district": ("warga desa Tepian Langsat minta listrik", "Tepian Langsat"),
}


@pytest.mark.parametrize(("text", "hidden"), HIDDEN.values(), ids=HIDDEN)
def test_what_identifies_is_masked_by_what_stands_around_it(text: str, hidden: str) -> None:
    assert hidden in text
    assert hidden not in words.mask_all(text)


@pytest.mark.parametrize(("text", "shown"), SHOWN.values(), ids=SHOWN)
def test_evidence_and_public_places_stay_readable(text: str, shown: str) -> None:
    assert shown in words.mask_all(text)


def test_the_model_is_read_as_it_was_packed() -> None:
    model = tagger.load()
    raw = json.loads(tagger.MODEL.read_text(encoding="utf-8"))
    assert tagger.packed(model.weights, len(model.labels)) == {
        key: raw[key] for key in ("signs", "prefixes", "weights")
    }
    assert raw["kinds"] == train.kinds()
    assert all(" " not in kind and len(kind) == 1 for kind in raw["kinds"])
    listed = [word for several_ in raw["kinds"].values() for word in several_.split()]
    assert len(listed) == len(set(listed)), "a word is of one kind"


def test_messages_are_generated_alike_from_a_seed_and_marks_stand_in_them() -> None:
    made = several(200, 3)
    assert made == several(200, 3)
    assert made != several(200, 4)
    assert all(0 <= start < end <= len(text) for text, marks in made for start, end, _ in marks)
    assert {label for _, marks in made for _, _, label in marks} == set("SNCHW")


def test_learning_goes_on_from_its_own_mistakes_and_keeps_to_what_is_allowed() -> None:
    known = {word: kind for kind, words_ in train.kinds().items() for word in words_.split()}
    ready = train.ready(several(60, 5), known)
    learnt = train.learn(ready, 3, None)
    kept = train.strongest(learnt, {}, 200)
    assert sum(map(len, kept.values())) == 200
    again = train.learn(ready, 2, kept)
    assert set(again.sums) <= set(kept)
    model = tagger.Model(known, train.HEADS, train.LABELS, 0, train.rounded(learnt))
    assert sum(len(list(tagger.stretches(text, model))) for text, _ in several(60, 5)) > 30


if DEEP:  # a minute of CPU, so only in ``make test-deep``

    def test_the_training_gives_the_model_that_stands_here() -> None:
        assert train.trained(train.sources()) == json.loads(tagger.MODEL.read_text(encoding="utf-8"))
