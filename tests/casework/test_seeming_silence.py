"""What sounds like an order to be silent: questions about it, whom else to reach, and orders that must stay orders."""

import pytest

from functions.casework.formats.sms_about import ABOUT, ABOUT_CASE
from functions.casework.understanding.about import STOP, asked_about, surely_about
from functions.casework.understanding.nature import nature_of
from functions.casework.understanding.opinion.likely import Standing
from functions.casework.understanding.opinion.seeming_silence import asks_of_silence, only_sounds_silent
from functions.casework.understanding.sorts import Sort

BESIDE_CASE = (Standing.OPEN, Standing.ANSWERED)


@pytest.mark.parametrize(
    "text",
    [
        "kalau saya ketik stop sms, laporannya ikut berhenti ga?",
        "mf pak kalo sy balas berhenti itu laporan dihapus atau cuma smsnya?",
        "kalau berhenti sms apa laporan saya hilang?",
        "itu yg ketik BERHENTI maksudnya apa pak",
        "kata berhenti di bawah itu gunanya buat apa",
        "berhenti itu utk apa",
        "kalo pelapor kirim stop apa datanya ikut dihapus",
        "klo sy balas stop masih dikirim kabar ga",
        "gimana caranya biar ga di sms lagi",
        "ga mau disms caranya gimana",
    ],
)
def test_who_asks_what_silence_is_is_told_and_hears_on(text: str) -> None:
    assert asks_of_silence(text)
    assert surely_about(text) == asked_about(text) == STOP
    for standing in BESIDE_CASE:
        assert nature_of(text, standing).sort is Sort.HELP
    assert "BERHENTI" in ABOUT[STOP]
    assert "BERHENTI" in ABOUT_CASE[STOP]


@pytest.mark.parametrize(
    "text",
    [
        "kalau turun hubungi kepala adat dulu pak biar ditemani ke hulu",
        "hubungi ketua rt saja nanti beliau yg tunjukkan lampunya",
        "sebelum datang hubungi dulu bidan desanya biar ada yg buka",
        "cek dulu sama pak kades kalau perlu hubungi beliau",
        "kalau sudah dekat lokasi telp istri saya aja pak dia di rumah",
        "jgn hubungi pihak sekolah dulu pak, kami mau rapat wali murid",
        "jgn kabari pak lurah ya pak",
        "tidak usah hubungi kepala sekolahnya, langsung datang saja",
        "nda usah kirim petugas yg kemarin, ganti orang lain",
        "jadi sy tdk usah balas lagi kan pak?",
        "perlu saya balas lagi ga pak atau cukup",
    ],
)
def test_whom_else_to_reach_is_no_order_to_be_silent(text: str) -> None:
    for standing in BESIDE_CASE:
        assert nature_of(text, standing).sort is not Sort.SILENCE


@pytest.mark.parametrize(
    "text",
    [
        "jangan sms saya lagi ya pak, laporannya tetap jalan kan?",
        "stop sms ya pak, laporan tetap diproses kan?",
        "kalau bisa jgn sms lagi ya",
        "kalau boleh stop sms, laporan tetap jalan ya",
        "bisa tolong stop sms nya? istri saya curiga",
        "hubungi pak rt aja, jangan sms kesini lagi",
        "jgn sms pak lurah sering pegang hp saya",
        "jgn hubungi lagi, kepala desa ada di sini",
        "saya bilang stop, maksudnya jangan sms lagi",
        "jgn sms petugas, hp di bos",
        "jangan hubungi lewat kantor desa, hp ini dipinjam",
        "kok masih disms, kan sudah sy ketik berhenti. jgn sms lagi",
        "mending kabari kepseknya, aku ga usah disms",
        "sudah cukup ya pak jgn dikabari lg, hp ini gantian sama kakak",
    ],
)
def test_an_order_stays_one_whatever_is_asked_or_said_beside_it(text: str) -> None:
    for standing in BESIDE_CASE:
        assert nature_of(text, standing).sort is Sort.SILENCE, (standing, only_sounds_silent(text))
