"""The hunt is proved: with one leak at a time put back in, it finds. The leaks of logs and of Zappa's own defaults are
put back in ``test_logs.py`` and ``tests/lambda/test_runtime.py``."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest
from flask import request
from werkzeug.datastructures import FileStorage

from functions.actions.common import append
from functions.crypto import decrypt
from functions.crypto.open import opening
from functions.crypto.seal import sealing
from functions.delivery import letters
from functions.sanitize.clean import CleanFile
from functions.web import file_answer as web_files
from functions.web import forms
from tests.whole.test_canary import found, photo
from tests.world import JSON, World

Patch = pytest.MonkeyPatch
BODY = "Jalan rusak, kata CANARY-words."


def hunt(world: World) -> list[tuple[str, str]]:
    """A report whose words, file name and metadata are canaries; then disk, mails and the officer's download."""
    sent = world.report(body=BODY)
    file = FileStorage(BytesIO(photo()), "CANARY-name.jpg")
    fields = {"receipt": sent["receipt"], "file_key": token_hex(8), "file": file}
    assert world.thread.post("/api/thread/files", data=fields, headers=JSON).status_code == 201
    desk = world.desk_of("kutim")
    download = desk.client.get(f"/desk/cases/{sent['tracking_id']}/files/2")
    mails = [letter.subject + letter.text + letter.html for letter in world.mailbox.letters]
    return found([str(download.headers) + download.data.decode("latin-1"), *mails], world.folder)


def keep_names(patch: Patch, folder: Path) -> None:
    """An upload is spooled to a file of the name it came under."""
    honest = forms.upload

    def upload(name: str = "file") -> bytes:
        (folder / str(request.files[name].filename)).write_bytes(b"")
        return honest(name)

    patch.setattr("functions.thread.app.upload", upload)


def keep_metadata(patch: Patch, _: Path) -> None:
    """Files are stored as they came."""
    patch.setattr(append, "clean", lambda raw, **_: CleanFile(raw, "image/jpeg"))


def keep_words_open(patch: Patch, _: Path) -> None:
    """Envelopes hold the plaintext."""
    patch.setattr(sealing, "_encrypt", lambda key, plain, aad, version=b"\x01": version + bytes(12) + plain + bytes(16))
    for module in (decrypt, opening):
        patch.setattr(module, "decrypt", lambda key, envelope, aad, version=b"": envelope[13:-16])


def name_the_download(patch: Patch, _: Path) -> None:
    """The officer downloads it under the writer's name for it."""
    honest = web_files.file_answer

    def answer(*arguments: Any) -> Any:
        response = honest(*arguments)
        response.headers["Content-Disposition"] = 'inline; filename="CANARY-name.jpg"'
        return response

    patch.setattr("functions.desk.case_page.case.file_answer", answer)


def quote_in_mail(patch: Patch, _: Path) -> None:
    """The mail quotes the report."""
    honest = letters.write_letter
    patch.setattr(
        "functions.actions.courier.officers_mail.write_letter",
        lambda **facts: honest(**(facts | {"agency": f"Dinas: {BODY}"})),
    )


LEAKS: dict[str, Callable[[Patch, Path], None]] = {
    leak.__name__: leak for leak in (keep_names, keep_metadata, keep_words_open, name_the_download, quote_in_mail)
}


def test_as_it_is_the_hunt_finds_nothing(tmp_path: Path) -> None:
    assert hunt(World(tmp_path)) == []


@pytest.mark.parametrize("leak", LEAKS)
def test_each_leak_is_found(tmp_path: Path, monkeypatch: Patch, leak: str) -> None:
    LEAKS[leak](monkeypatch, tmp_path)
    assert hunt(World(tmp_path)), leak
