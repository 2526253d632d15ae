"""The ways by which SMS leave: a folder, gammu's spool, an aggregator over real HTTP."""

from pathlib import Path

import pytest

from functions.config.settings import load_settings
from functions.courier.channels import make_texter
from functions.delivery.interface import DeliveryError, Letter, Text
from functions.delivery.mail import FolderMailer, read_folder
from functions.delivery.sms import FolderTexter, GammuTexter, HttpTexter
from tests.aggregator import aggregator

TEXT = Text("+6281200000017", 'Sudah "selesai" é', "a" * 32)


def test_an_aggregator_gets_id_number_and_text() -> None:
    with aggregator(200) as (url, got):
        HttpTexter(url, "Token invented").send(TEXT)
        HttpTexter(url).send(TEXT)
    body = {"id": TEXT.message_id, "to": TEXT.to, "text": TEXT.text}
    assert got == [("Token invented", body), ("", body)]


@pytest.mark.parametrize(
    ("status", "lasting"),
    [(400, True), (401, True), (422, True), (429, False), (500, False), (503, False), (302, False)],
)
def test_a_refusal_lasts_where_trying_again_is_no_use(status: int, lasting: bool) -> None:
    with aggregator(status) as (url, got), pytest.raises(DeliveryError) as raised:
        HttpTexter(url).send(TEXT)
    assert raised.value.code == "sms_refused"
    assert raised.value.lasting is lasting
    assert len(got) == 1  # a redirect is not followed
    assert TEXT.to not in str(raised.value)


def test_an_aggregator_that_is_away_is_tried_again() -> None:
    with pytest.raises(DeliveryError) as raised:
        HttpTexter("http://127.0.0.1:9/send").send(TEXT)
    assert (raised.value.code, raised.value.lasting) == ("sms_unreachable", False)


def test_the_folder_holds_letters_and_sms_in_one_row(tmp_path: Path) -> None:
    FolderMailer(tmp_path).send(Letter("budi@contoh.id", "Judul", "Teks", "<p>Teks</p>", "b" * 32))
    FolderTexter(tmp_path).send(TEXT)
    mail, sms = read_folder(tmp_path)
    assert (mail["n"], mail["channel"], mail["html"]) == (1, "mail", "<p>Teks</p>")
    assert (sms["n"], sms["channel"], sms["to"], sms["subject"], sms["text"]) == (2, "sms", TEXT.to, "", TEXT.text)
    assert all(path.stat().st_mode & 0o077 == 0 for path in tmp_path.glob("*.json"))


def test_a_second_try_replaces_the_first_in_gammus_spool(tmp_path: Path) -> None:
    for _ in range(2):
        GammuTexter(tmp_path).send(TEXT)
    (path,) = tmp_path.iterdir()
    assert TEXT.to in path.name
    assert path.read_bytes().decode("utf-16") == TEXT.text
    assert path.stat().st_mode & 0o007 == 0


def test_a_spool_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match="folder_unwritable"):
        GammuTexter(tmp_path / "none").send(TEXT)


@pytest.mark.parametrize(
    ("environ", "kind"),
    [
        ({}, FolderTexter),
        ({"SMS": "gammu"}, GammuTexter),
        ({"SMS": "http", "SMS_URL": "https://sms.example.id/send"}, HttpTexter),
        ({"SMS": "off"}, type(None)),
        ({"MAIL": "smtp"}, type(None)),
    ],
)
def test_the_settings_name_the_way(environ: dict[str, str], kind: type) -> None:
    assert type(make_texter(load_settings(environ))) is kind
