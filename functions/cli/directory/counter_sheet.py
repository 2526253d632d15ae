"""The page that a government prints and puts up at its counter: where to report, with a QR code, and what to expect."""

from html import escape

from functions.casework.directory.agencies import Agency
from functions.web.qr import qr

PAGE = """<!doctype html>
<html lang="id"><head><meta charset="utf-8"><title>Lapor Anonim, {name}</title>
<style>@page{{size:A4;margin:2cm}}body{{font:16pt/1.45 system-ui,sans-serif;max-width:17cm;margin:auto;padding:1cm}}
h1{{font-size:34pt;line-height:1.1;margin:.3em 0}}svg{{width:7cm;height:7cm;display:block;margin:1em 0}}
code{{font-size:15pt;overflow-wrap:anywhere}}li{{margin:.3em 0}}</style></head><body>
<p>{name}</p>
<h1>Laporkan. Tanpa nama, tetap dijawab.</h1>
<p>Jalan rusak, pungutan liar, layanan yang buruk: tulis dari ponsel Anda sendiri.
Tanpa akun, NIK, atau nomor telepon.</p>
{qr}
<p><code>{address}</code></p>
<ol><li>Tulis apa yang terjadi, dan di kecamatan mana.</li>
<li>Simpan kode yang muncul. Hanya dengan kode itu Anda membaca jawabannya.</li>
<li>Paling lambat 3 hari kerja laporan Anda diteruskan ke dinas yang tepat.
Tidak pernah ke dinas yang Anda laporkan.</li></ol>
<p>Tidak punya ponsel? Petugas loket bisa menuliskannya untuk Anda. Ia tidak bisa membacanya lagi sesudah terkirim.</p>
<p><strong>Darurat? Telepon 112.</strong></p>
</body></html>
"""


def counter_sheet(instance: Agency, address: str) -> str:
    """Return the page as HTML, which needs nothing else. ``address`` is that of the instance's portal."""
    shown = address.partition("://")[2]
    return PAGE.format(name=escape(instance.name), address=escape(shown), qr=qr(address))
