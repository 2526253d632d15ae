"""The portal's part that works without a network: the service worker's script and the manifest, as texts."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

HERE = Path(__file__).resolve().parent
SOURCE, QUEUE = HERE / "sw.js", HERE / "assets" / "antre.js"
PAGES = ("/", "/lapor/", "/lapor/bagian/", "/lapor/antrean/")
KEYS = ("/keys.json", "/keys-desk.json")
# What these pages load, at once or later. Not the desk's sheet, nor what only a door's answer loads, nor what sends
# photos, which need a network anyway.
FILES = ("lapor.css", "tulis.js", "segel.js", "formulir.js", "tentang.js", "qr.js", "antrean.js", "keluar.js")
ICON_SIZES = (192, 512)
COLOURS = {"background_color": "#faf8f4", "theme_color": "#0b5d57"}


def worker(files: Mapping[str, str], pages: Iterable[str], contents: Iterable[str], base: str = "") -> str:
    """``/sw.js``: what it keeps, then the queue, then the worker. ``files`` are hashes by address, so that no swapped
    script is kept; "" holds to none. ``contents`` are those of the pages, by which a changed portal is another version,
    and its worker installed anew. ``base`` is where the portal stands, "" at the root."""
    source = QUEUE.read_text() + SOURCE.read_text()
    digest = hashlib.sha256("\0".join([source, *files, *files.values(), *contents]).encode()).hexdigest()[:10]
    head = {"BASE": base, "CACHE": f"portal{base}-{digest}", "FILES": dict(files), "PAGES": list(pages)}
    return "".join(f"const {name} = {json.dumps(value)};\n" for name, value in head.items()) + source


def manifest(icon: Iterable[tuple[str, str, str]], base: str = "", owner: str = "") -> str:
    """``/manifest.webmanifest`` (W3C Web Application Manifest). ``icon``: address, sizes and media type of each; all
    may be cut to any shape, their drawing keeps to the safe middle. ``base`` is where the portal stands,
    and ``owner`` whose of several it is."""
    icons = [
        {"src": address, "sizes": sizes, "type": kind, "purpose": purpose}
        for address, sizes, kind in icon
        for purpose in ("any", "maskable")
    ]
    about = {
        "id": f"{base}/",
        "name": f"Lapor Anonim, {owner}" if owner else "Lapor Anonim",
        "short_name": "Lapor",
        "lang": "id",
        "start_url": f"{base}/lapor/",
        "scope": f"{base}/",
        "display": "standalone",
    }
    return json.dumps(about | COLOURS | {"icons": icons}, indent=1)
