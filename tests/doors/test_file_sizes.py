"""How large a file may be is one number of a place: what the form says, what is taken and what the refusal says agree."""

import json
import re
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest
from PIL import Image
from werkzeug.test import Client

from functions.aws_lambda.handler import ANSWER_BYTES
from functions.casework.formats.attachments import FILE_MB, MB
from functions.edge.request_guard import fitting
from functions.intake import app as intake
from functions.intake.gate import Gate
from functions.sanitize.cleaners import clean_here
from infra.deploy import environs
from infra.deploy.place import Place
from tests.world import JSON, PROOFS, World

HTML = {"Accept": "text/html"}
IN_THE_CLOUD = environs.FILE_MB
LAMBDA_BYTES = 6 * MB  # of an event and of an answer, as JSON with a body in base64


def text(size: int) -> bytes:
    """A text of so many bytes with hardly a letter in it: to look for receipts in five MB of words takes the child two
    seconds of processor, and on a busy machine more than it is given by the clock."""
    return (b"." * 34 + b"\n") * (size // 35) + b"." * (size % 35 - 1) + b"\n" * (size % 35 > 0)


def form(raw: bytes, **fields: str) -> bytes:
    """The body of a form with a file, as a browser writes it; Werkzeug's own would rest in a file of its own."""
    head = "".join(f'--x\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in fields.items())
    file = '--x\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\n'
    return (head + file).encode() + raw + b"\r\n--x--\r\n"


def send(client: Any, path: str, raw: bytes, headers: dict[str, str], **fields: str) -> Any:
    body = form(raw, file_key=token_hex(8), **fields)
    return client.post(path, data=body, content_type="multipart/form-data; boundary=x", headers=headers)


@pytest.fixture(params=[IN_THE_CLOUD, FILE_MB])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[World, int]:
    world = World(tmp_path / "data")
    world.converse = replace(world.converse, file_mb=request.param)
    world.handle = replace(world.handle, file_mb=request.param)
    return world, request.param


def said(page: str) -> set[str]:
    return set(re.findall(r"paling besar (\d+) MB", page))


def test_hint_check_and_refusal_of_the_reporters_form_agree(place: tuple[World, int]) -> None:
    world, mb = place
    receipt = world.report()["receipt"]
    page = world.thread.post("/api/thread", data={"receipt": receipt}, headers=HTML).text
    assert said(page) == {str(mb)}
    path = "/api/thread/files"
    assert send(world.thread, path, text(mb * MB), JSON, receipt=receipt).status_code == 201
    for headers, lang, sentence in ((HTML, "id", "lebih dari {} MB"), (JSON, "en", "larger than {} MB")):
        answer = send(world.thread, path, text(mb * MB + 1), headers, receipt=receipt, lang=lang)
        assert (answer.status_code, sentence.format(mb) in answer.text) == (422, True), answer.text[-500:]


def test_hint_check_and_refusal_of_the_officers_form_agree(place: tuple[World, int]) -> None:
    world, mb = place
    case_id = world.report()["tracking_id"]
    desk = world.hand_over(case_id)
    assert said(desk.client.get(f"/desk/cases/{case_id}", headers=HTML).text) == {str(mb)}
    for size, status in ((mb * MB + 1, 422), (mb * MB, 201)):
        headers = JSON | {"X-CSRF-Token": desk.csrf}
        answer = send(desk.client, f"/desk/cases/{case_id}/files", text(size), headers)
        assert (answer.status_code, f"lebih dari {mb} MB" in answer.text) == (status, status == 422)


def test_the_page_with_the_receipt_says_the_same(place: tuple[World, int]) -> None:
    """The intake shows the form, the thread takes the file."""
    world, mb = place
    door = intake.make_app(world.submit, PROOFS, Gate(1000), url="http://127.0.0.1:8000", file_mb=mb)
    template = door.jinja_env.from_string(
        '{% from "receipt_parts.html" import photo_form with context %}{{ photo_form("", "", [], live=true) }}'
    )
    with door.test_request_context("/"):
        page = template.render()
    assert said(page) == {str(mb)}
    assert f'data-most="{mb}"' in page


def test_a_photo_that_keeps_its_size_is_made_to_fit() -> None:
    out = BytesIO()
    Image.effect_noise((700, 700), 90).convert("RGB").save(out, "JPEG", quality=60)
    as_it_comes = clean_here(out.getvalue(), keep_size=True)
    fitted = clean_here(out.getvalue(), keep_size=True, most=len(out.getvalue()))
    assert len(fitted.content) <= len(out.getvalue()) < len(as_it_comes.content)
    assert fitted.media_type == "image/jpeg"


def test_what_the_cloud_takes_passes_lambda_both_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    """A function's event and its answer are JSON of 6 MB at most, in which a body stands as base64."""
    monkeypatch.setattr(environs, "sms_way", lambda _: "off")
    monkeypatch.setattr(Place, "account", "000000000000")
    place = Place("uji", "ap-southeast-3", {"settings": {"FILE_MB": 5}})  # nobody may ask for more
    told = int(environs.shared(place, "https://lapor.example")["FILE_MB"])
    body = form(bytes(told * MB), receipt="K7QM-2XRD-" * 2, file_key=token_hex(32), keep_size="yes", lang="en")
    event = {"body": b64encode(body).decode(), "headers": {str(n): "x" * 1000 for n in range(16)}}
    assert len(json.dumps(event)) <= LAMBDA_BYTES
    assert told * MB <= ANSWER_BYTES
    assert len(b64encode(bytes(ANSWER_BYTES))) + 16 * 1024 <= LAMBDA_BYTES


@pytest.mark.parametrize(("size", "whole"), [(1000, True), (1001, False)])
def test_an_answer_that_the_way_back_would_not_carry_is_given_in_words(size: int, whole: bool, caplog: Any) -> None:
    closed: list[bool] = []

    class Body(list[bytes]):
        def close(self) -> None:
            closed.append(True)

    def app(_: Any, start_response: Callable[..., Any]) -> list[bytes]:
        start_response("200 OK", [("Content-Length", str(size)), ("Content-Type", "text/csv")])
        return Body([b"x" * size])

    client = Client(fitting(app, 1000, https=True))
    for method in ("GET", "POST"):
        answer = client.open("/desk/instance/trail.csv", method=method, headers=HTML)
        if whole:
            assert (answer.status_code, answer.data) == (200, b"x" * size)
        else:
            assert (answer.status_code, len(closed)) == (500, 1)
            closed.clear()
            assert "lebih besar daripada yang dapat dikirim layanan ini" in answer.text
            assert client.open("/", method=method, headers=JSON).get_json()["code"] == "answer_too_large"
            closed.clear()
    assert ("answer_too_large" in caplog.messages) is not whole
