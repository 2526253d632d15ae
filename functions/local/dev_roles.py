"""Only under ``make run``: ``/dev/`` lists every role of the demonstration, with a button that signs one in.

It asks for a link as everybody does, at the desk's own door, and follows the one in the mail that the courier writes.
"""

import json
import re
import time
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from flask import Flask, Response, render_template

from functions.casework.directory.agencies import Directory, Officer, Role
from functions.config.settings import Settings
from functions.delivery.mail import read_folder
from functions.web.forms import fields

WAIT_SECONDS = 6.0
LINK = re.compile(r"https?://\S+/masuk/\S*#\S+")
ROLES = {
    Role.COORDINATOR: "Koordinator: memeriksa laporan dan meneruskannya",
    Role.OFFICER: "Petugas dinas: membaca, menjawab, menutup",
    Role.INSPECTOR: "Inspektorat: laporan tentang koordinator, banding, pungli",
    Role.OVERSEER: "Pengawas: laporan yang terlambat, izin memperlihatkan",
    Role.CUSTODIAN: "Kustodian: berdua membuka nama yang dititipkan",
    Role.CLERK: "Petugas loket: mengetikkan laporan tamu",
    Role.CENTRE: "Pengelola nasional",
}
STORIES = (
    ("Lapor, lalu baca jawabannya", "Tulis laporan di beranda, simpan kodenya, masuk sebagai koordinator, teruskan."),
    (
        "Jawab sebagai dinas",
        "Masuk sebagai petugas dinas itu, jawab, kirim foto, tutup; lalu setujui dengan kode Anda.",
    ),
    ("Laporan yang terlambat", "Masuk sebagai koordinator: yang lewat batas waktu berada paling atas."),
    (
        "Dua kustodian dan satu nama",
        "Masuk sebagai kustodian: satu permintaan menunggu pelapornya. Jawab sebagai pelapor, dengan kode di bawah.",
    ),
    ("Yang dilaporkan tidak membaca", "Laporkan Diskominfo sendiri: laporannya hanya terlihat oleh inspektorat."),
)
OF_THE_YEAR = {
    "Laporan yang terlambat",
    "Dua kustodian dan satu nama",
}  # what these begin with, only ``make demo`` leaves
REPORTER = ("Jadi pelapor", "Kode laporan karangan. Pilih satu untuk membaca laporannya seperti pelapornya.")


def register_roles(app: Flask, settings: Settings, directory: Directory, officers: tuple[Officer, ...]) -> None:
    """Add ``GET /dev/`` and ``POST /dev/masuk`` to the app of ``/dev``."""
    known = {officer.email: officer for officer in officers}
    order = list(ROLES)

    @app.get("/dev/")
    def roles() -> str:
        rows = [
            {
                "email": o.email,
                "rank": order.index(o.role),
                "role": ROLES[o.role],
                "agency": directory.agency(o.agency).name,
            }
            for o in sorted(officers, key=lambda o: order.index(o.role))
        ]
        examples = read_examples(settings)
        return render_template(
            "dev.html", rows=rows, stories=stories_for(examples), reporter=REPORTER, examples=examples
        )

    @app.post("/dev/masuk")
    def sign_in() -> Response:
        email = fields().get("email", "")
        if email not in known:
            return Response(status=303, headers={"Location": "/dev/"})
        before = newest(settings, email)
        ask(settings, {"email": email})
        until = time.monotonic() + WAIT_SECONDS
        while newest(settings, email) == before and time.monotonic() < until:
            time.sleep(0.2)
        return Response(status=303, headers={"Location": newest(settings, email) or "/dev/outbox"})


def examples_file(settings: Settings) -> Path:
    """Return the file of a few invented reports' receipts, which only ``make demo`` writes."""
    return settings.data_dir / "contoh.json"


def stories_for(examples: Collection[Mapping[str, str]]) -> tuple[tuple[str, str], ...]:
    """Return the stories that can be tried: without the invented year's reports, those that begin with nothing."""
    return STORIES if examples else tuple(story for story in STORIES if story[0] not in OF_THE_YEAR)


def read_examples(settings: Settings) -> list[dict[str, str]]:
    """Return the invented reports that ``make demo`` left for trying: ``what`` is to be seen, and the ``receipt``."""
    path = examples_file(settings)
    return list(json.loads(path.read_bytes())) if path.exists() else []


def ask(settings: Settings, body: Mapping[str, str]) -> None:
    """Ask for a link at the desk's door. Raises OSError if this machine does not answer itself."""
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    urlopen(Request(f"{settings.url}/desk/links", json.dumps(body).encode(), headers), timeout=WAIT_SECONDS).close()  # noqa: S310 - our own address


def newest(settings: Settings, email: str) -> str:
    """Return the link of the newest mail to an address, "" if none came yet."""
    mails: list[dict[str, Any]] = read_folder(settings.mailbox_dir)
    links = [LINK.search(str(mail["text"])) for mail in reversed(mails) if mail["to"] == email]
    return next((found[0] for found in links if found), "")
