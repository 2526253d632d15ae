"""Drives a running product of any release over HTTP (the contract that does not change), and notes what it was told."""

import json
import re
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from secrets import token_hex
from typing import Any
from uuid import uuid4

UNIT = "kutim-dpupr"
ROLES = frozenset({"coordinator", "officer", "inspector"})
FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467 \u2764\ufe0f"  # signs that are joined or chosen by signs unseen
PHOTO = "catatan.txt", "text/plain", b"Tiang nomor 17, sebelah kiri jalan."
Answer = tuple[int, Any]


@dataclass
class Browser:
    """One browser: its cookies, its CSRF token."""

    base: str
    csrf: str = ""
    jar: CookieJar = field(default_factory=CookieJar)

    def call(self, path: str, body: Any = None, *, raw: bytes = b"", kind: str = "application/json") -> Answer:
        """``GET`` without a body, else ``POST``; returns status and JSON."""
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(self.jar)
        )
        data = raw or (None if body is None else json.dumps(body).encode())
        headers = {"Accept": "application/json", "Content-Type": kind, "X-CSRF-Token": self.csrf}
        request = urllib.request.Request(self.base + path, data, headers)
        try:
            with opener.open(request, timeout=30) as answer:
                status, said = answer.status, answer.read()
        except urllib.error.HTTPError as error:
            status, said = error.code, error.read()
        try:
            return status, json.loads(said)
        except ValueError:
            return status, said.decode(errors="replace")

    def must(self, path: str, body: Any = None, **more: Any) -> Any:
        """As ``call``; raises RuntimeError where it is refused."""
        status, said = self.call(path, body, **more)
        if status not in (200, 201, 202):
            raise RuntimeError(f"{path}: {status} {said}")
        return said


def upload(receipt: str) -> dict[str, Any]:
    """Return the arguments of an upload of a short text file."""
    line = uuid4().hex
    name, kind, content = PHOTO
    parts = [("receipt", receipt), ("file_key", token_hex(8))]
    body = "".join(f'--{line}\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in parts)
    body += (
        f'--{line}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: {kind}\r\n\r\n'
    )
    return {
        "raw": body.encode() + content + f"\r\n--{line}--\r\n".encode(),
        "kind": f"multipart/form-data; boundary={line}",
    }


class Drive:
    """Reports and acts of one day; ``cases`` is what the snapshot's manifest says of each."""

    def __init__(self, base: str) -> None:
        self.people = Browser(base)
        self.base = base
        self.facts = self.people.must("/dev/directory.json")
        self.cases: dict[str, dict[str, Any]] = {}

    def report(self, called: str, **changes: str) -> str:
        """Send a report, note it under a name, and return its receipt."""
        topic = next(each["code"] for each in self.facts["topics"])
        typed = {
            "kind": "pengaduan",
            "topic": topic,
            "district": "64.08.04",
            "place": "depan sekolah",
            "subject": f"Lampu jalan mati {called}",
            "body": f"Lampu jalan di depan sekolah mati sejak dua minggu ({called}).",
            "identity_mode": "anonim",
            "submission_key": token_hex(16),
        } | changes
        answer = self.people.must("/api/reports", typed)
        self.cases[called] = {"sent": typed, "answer": answer}
        return str(answer["receipt"])

    def officer(self, agency: str) -> Browser:
        """Sign in the first officer of an agency by a link to its inbox."""
        token = self.link(agency)["token"]
        browser = Browser(self.base)
        browser.csrf = browser.must("/desk/session", {"token": token})["csrf"]
        self.session = {
            "agency": agency,
            "token": token,
            "csrf": browser.csrf,
            "cookies": {c.name: c.value for c in browser.jar},
        }
        return browser

    def link(self, agency: str) -> dict[str, str]:
        """Ask for an inbox link for an agency's first officer who works on cases."""
        staff = (o for o in self.facts["officers"] if (o["agency"], o["role"] in ROLES) == (agency, True))
        address = next(staff)["email"]
        before = self._settled()
        self.people.must("/desk/links", {"email": address})
        return {"agency": agency, "token": self._token(before, address)}

    def _settled(self) -> int:
        """Wait until no letter about a case is on its way, since its link opens that case alone; returns how many."""
        count = -1
        while count != (count := len(self.people.must("/dev/outbox.json"))):
            time.sleep(3)
        return count

    def _token(self, before: int, address: str) -> str:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            for mail in self.people.must("/dev/outbox.json")[before:]:
                found = re.search(r"/masuk/\S*#(\S+)", mail.get("text", ""))
                if found and mail["to"] == address:
                    return found[1]
            time.sleep(0.3)
        raise RuntimeError(f"no link for {address}")

    def day(self) -> None:
        """What people did: a case in each state in which an upgrade may find it."""
        self.report("baru", about_officials="Seorang pegawai loket", happened_on="2026-11-20")
        named = {"identity_mode": "rahasia", "name": "Bunga Melati", "contact": "bunga@contoh.id"}
        self.report("titip", **named)
        self.report("dilaporkan", about_agency=UNIT)
        self.report("tanda", body=f"Tiang no\u00admor 17\u200b8 miring \u202ekiri\u202c.\r\n {FAMILY} Mohon\tsegera. ")
        chatting, _ = self.report("ditangani"), self.report("ditutup")
        again, done = self.report("dibuka-lagi"), self.report("selesai")
        desk, unit = self.officer("kutim"), None
        for name in ("ditangani", "ditutup", "dibuka-lagi", "selesai"):
            path = f"/desk/cases/{self.cases[name]['answer']['tracking_id']}"
            desk.must(f"{path}/handover", {"agency": UNIT, "reason": "Kewenangan dinas."})
        unit = self.officer(UNIT)
        for name in ("ditangani", "ditutup", "dibuka-lagi", "selesai"):
            path = f"/desk/cases/{self.cases[name]['answer']['tracking_id']}"
            unit.must(f"{path}/messages", {"body": "Kami periksa besok.", "message_key": token_hex(16)})
            if name != "ditangani":
                unit.must(f"{path}/close", {"outcome": "dijelaskan", "reason": "Lampu dijadwalkan diganti."})
        said = {"receipt": chatting, "body": f"Terima ka\u00adsih. {FAMILY}", "message_key": "ab" * 8}
        self.cases["ditangani"]["said"] = said | self.people.must("/api/thread/messages", said)
        self.people.must("/api/thread/verdict", {"receipt": again, "verdict": "belum", "reason": "Masih mati."})
        self.people.must("/api/thread/verdict", {"receipt": done, "verdict": "selesai", "rating": "5"})
        for case in self.cases.values():
            case["thread"] = self.people.must("/api/thread", {"receipt": case["answer"]["receipt"]})

    def file(self) -> None:
        """A file in the case that is being handled; 64 KiB, whatever it holds."""
        case = self.cases["ditangani"]
        self.people.must("/api/thread/files", **upload(case["answer"]["receipt"]))
        case["thread"] = self.people.must("/api/thread", {"receipt": case["answer"]["receipt"]})
