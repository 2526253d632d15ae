"""What the doors hand to the shared templates, invented."""

from datetime import date

import segno
from markupsafe import Markup

from functions.casework.directory.agencies import AgencyKind, Directory
from functions.casework.receipt import receipt_from_bytes

LONG = "Jalan poros rusak parah.\n\nSudah tiga motor jatuh.\n" * 40 + "<script>alert(1)</script> & “kutip”" + "x" * 300
RECEIPT = receipt_from_bytes(bytes(range(13)))
DOOR_PAGES = ("form-wrong", "check", "receipt", "receipt-wrong", "lookup-wrong", "enter-wrong", "message")


def contexts(directory: Directory) -> dict[str, tuple[str, dict[str, object]]]:
    """Name → template and context of everything a door renders from the shared templates."""
    lists = {
        "topics": list(directory.topics.values()),
        "districts": list(directory.districts.values()),
        "agencies": [a for a in directory.agencies.values() if a.kind is not AgencyKind.CENTRE],
    }
    topic, district, agency = lists["topics"][0], lists["districts"][3], lists["agencies"][2]
    written = {
        "kind": "pengaduan",
        "topic": topic.code,
        "district": district.code,
        "body": LONG,
        "place": "Jalan poros km 21",
        "happened_on": "2026-11-20",
        "subject": "",
        "about_agency": agency.code,
        "about_officials": "kepala seksi",
        "identity_mode": "anonim",
    }
    labels = {
        "district": district.name,
        "about_agency": agency.name,
        "happened_on": "Jumat, 20 November 2026",
    }
    wrong = [
        {"field": "district", "message": "Pilih kecamatan tempat kejadian."},
        {"field": "body", "message": "Tuliskan apa yang terjadi."},
        {"field": "kind", "message": "Pilih apa yang ingin Anda sampaikan."},
    ]
    code = segno.make(str(RECEIPT), error="m", micro=False)
    done: dict[str, object] = {
        "receipt": str(RECEIPT),
        "groups": RECEIPT.groups,
        "tracking_id": "4F7K-2M9Q-XR3D",
        "stage": "diterima",
        "due": date(2026, 11, 27),
        "qr_svg": Markup(code.svg_inline(omitsize=True, border=4, dark="#000", light="#fff")),  # noqa: S704 - made here, of our own code
        "file_key": "0" * 32,
        "upload_errors": [],
    }
    too_big = [{"field": "file", "message": "Berkas ini lebih dari 5 MB."}]
    return {
        "form-wrong": ("form.html", {"values": written | {"district": "", "kind": ""}, "errors": wrong, **lists}),
        "check": (
            "check.html",
            {
                "values": written,
                "labels": labels,
                "submission_key": "ab" * 16,
                "errors": [],
                "topics": lists["topics"],
                "villages": directory.villages_of(district.code),
                "listed": True,
            },
        ),
        "receipt": ("receipt.html", done),
        "receipt-wrong": ("receipt.html", done | {"upload_errors": too_big}),
        "lookup-wrong": (
            "lookup.html",
            {"values": {"receipt": "K7QM"}, "errors": [{"field": "receipt", "message": "Periksa lagi."}]},
        ),
        "enter-wrong": ("enter.html", {"errors": [{"field": "token", "message": "Tautan ini terpotong."}]}),
        "message": (
            "message.html",
            {
                "title": "Link sudah lewat waktu",
                "paragraphs": ["Minta link baru."],
                "actions": [
                    {"href": "/masuk/", "text": "Minta link baru"},
                    {"href": "/", "text": "x", "quiet": True},
                ],
            },
        ),
    }
