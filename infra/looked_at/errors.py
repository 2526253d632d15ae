"""What is said where something does not open, is too large, or is not there just now."""

import socket
from typing import Final

from flask import Flask
from playwright.sync_api import APIResponse
from werkzeug.test import Client

from functions.local.forward import resting_door
from functions.local.refusals import refusal
from functions.web.door import make_door
from infra.looked_at.tour import WORDS, Tour

TOO_MUCH: Final = 6_000_000  # bytes, above what any door takes
FORM: Final = {"Accept": "text/html", "Content-Type": "application/x-www-form-urlencoded"}


def statuses(tour: Tour) -> None:
    """Each status a page can come with, as each door says it."""
    someone = tour.person()
    camera, page, http = tour.camera, someone.page, someone.context.request

    def fetched(answer: APIResponse, name: str) -> None:
        camera.answer(page, answer.text(), f"{answer.status}-{name}")

    html = {"headers": {"Accept": "text/html"}}
    fetched(http.get("/no-such-page", **html), "portal")
    fetched(http.get("/desk/no-such-page", **html), "desk")
    fetched(http.get("/api/reports", **html), "method")
    fetched(http.get("/desk/", **html), "signed-out-desk")
    fetched(http.get("/custody/", **html), "signed-out-custody")
    fetched(
        http.post("/api/reports", headers={**FORM, "Origin": "https://lain.example"}, data=f"body={WORDS}"),
        "other-site",
    )
    fetched(http.post("/api/reports", form={"body": WORDS, "kind": "x"}, **html), "form")
    fetched(http.post("/api/reports", headers={**FORM, "Content-Type": "text/csv"}, data="x"), "type")
    fetched(http.post("/api/thread", form={"receipt": "AAAAA-BBBBB"}, **html), "receipt")
    camera.answer(page, _too_large(tour), "413-body")
    for code in ("starting", "cut_off", "busy", "offline"):
        door = Client(resting_door(code, https=False))
        camera.answer(page, door.get("/desk/", headers=html["headers"]).text, f"503-{code}")
    camera.answer(
        page, Client(resting_door("busy", https=False)).post("/api/reports", data={"body": WORDS}).text, "503-kept"
    )
    camera.answer(page, _broken(), "500")
    for status in (400, 413):
        camera.answer(page, refusal(status, as_json=False)[0].decode(), f"{status}-refused")


def _too_large(tour: Tour) -> str:
    """What the product answers to a body that it does not read."""
    host, _, port = tour.product.url.removeprefix("http://").partition(":")
    head = (
        f"POST /api/reports HTTP/1.1\r\nHost: {host}:{port}\r\nAccept: text/html\r\nConnection: close\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {TOO_MUCH}\r\n\r\n"
    )
    with socket.create_connection((host, int(port)), timeout=20) as line:
        line.sendall(head.encode())
        try:
            for _ in range(TOO_MUCH // 60_000):
                line.sendall(b"body=" + b"a" * 59_995)
        except OSError:
            pass  # it answered, and reads no more
        answer = b""
        while piece := line.recv(65_536):
            answer += piece
    return answer.partition(b"\r\n\r\n")[2].decode()


def _broken() -> str:
    app: Flask = make_door("functions.looked_at", {}, https=False)

    @app.get("/broken")
    def broken() -> str:
        raise ValueError

    return Client(app).get("/broken", headers={"Accept": "text/html"}).text


STEPS: Final = (statuses,)
