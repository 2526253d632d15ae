"""Mail by SMTP, against real servers: what arrives, what is refused, and what is tried again."""

import socket
from dataclasses import replace
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest

from functions.delivery import mail
from functions.delivery.interface import DeliveryError, Letter
from functions.delivery.mail import SmtpMailer
from tests.delivery.letterbox import LETTER, Authority, dripping, letterbox, only, scripted
from tests.server import free_port

SENDER = "Lapor Anonim <lapor@kutim.example.id>"


def mailer(port: int, **changes: Any) -> SmtpMailer:
    return replace(SmtpMailer("127.0.0.1", port, SENDER, security="none"), **changes)


def refused(sender: SmtpMailer, letter: Letter = LETTER) -> tuple[str, bool]:
    with pytest.raises(DeliveryError) as caught:
        sender.send(letter)
    assert letter.to not in str(caught.value)
    return caught.value.code, caught.value.lasting


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """A certificate authority that this process trusts, as an office would its own."""
    made = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.file))
    return made


def test_what_arrives_is_the_letter_as_text_with_html_beside_it() -> None:
    with letterbox() as box:
        mailer(box.port).send(LETTER)
    (message,) = box.arrived
    assert message.get_content_type() == "multipart/alternative"
    text, html = message.iter_parts()
    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert text.get_content().splitlines() == LETTER.text.splitlines()
    assert html.get_content().splitlines() == LETTER.html.splitlines()
    assert (message["From"], message["To"], message["Subject"]) == (SENDER, LETTER.to, LETTER.subject)
    assert all(len(line) <= 998 for line in box.raw[0].split(b"\r\n"))  # RFC 5321 §4.5.3.1.6


def test_no_header_tells_the_machine_or_the_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getfqdn", lambda name="": "kantor-rahasia.internal")
    monkeypatch.setattr(mail, "time", lambda: 1_795_571_999.9)
    with letterbox() as box:
        mailer(box.port).send(LETTER)
    (message,) = box.arrived
    assert set(message.keys()) == {
        "From",
        "To",
        "Subject",
        "Date",
        "Message-ID",
        "Auto-Submitted",
        "MIME-Version",
        "Content-Type",
    }
    day = parsedate_to_datetime(message["Date"])
    assert (day.minute, day.second) == (0, 0)
    assert 0 <= 1_795_571_999 - day.timestamp() < 3600
    assert box.greetings == ["kutim.example.id"]
    assert b"rahasia" not in box.raw[0]
    assert socket.gethostname().encode() not in box.raw[0]


def test_every_try_of_a_letter_has_the_same_message_id() -> None:
    with letterbox() as box:
        for letter in (LETTER, LETTER, replace(LETTER, message_id="lain")):
            mailer(box.port).send(letter)
    assert [message["Message-ID"] for message in box.arrived] == [
        "<a1b2c3@kutim.example.id>",
        "<a1b2c3@kutim.example.id>",
        "<lain@kutim.example.id>",
    ]


@pytest.mark.parametrize(
    ("sender", "domain"),
    [("lapor@kutim.example.id", "kutim.example.id"), (SENDER, "kutim.example.id"), ("lapor", "localhost")],
)
def test_the_greeting_is_the_senders_domain(sender: str, domain: str) -> None:
    assert mail.domain(sender) == domain


def test_starttls_with_a_trusted_certificate_carries_the_letter(authority: Authority) -> None:
    with letterbox(tls_context=authority.server(), require_starttls=True) as box:
        mailer(box.port, security="starttls").send(LETTER)
    assert box.secured == [True]
    assert box.greetings == ["kutim.example.id", "kutim.example.id"]


def test_tls_from_the_first_byte_carries_the_letter(authority: Authority) -> None:
    with letterbox(ssl_context=authority.server()) as box:
        mailer(box.port, security="tls").send(LETTER)
    assert len(box.arrived) == 1


def test_a_certificate_nobody_trusts_stops_the_letter(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with letterbox(tls_context=authority.server()) as box:
        assert refused(mailer(box.port, security="starttls")) == ("tls_failed", False)
    assert box.arrived == []


def test_a_certificate_for_another_name_stops_the_letter(authority: Authority) -> None:
    with letterbox(tls_context=authority.server()) as box:
        assert refused(mailer(box.port, host="localhost", security="starttls")) == ("tls_failed", False)
    assert box.arrived == []


def test_a_server_without_starttls_gets_nothing_in_clear() -> None:
    with letterbox() as box:
        assert refused(mailer(box.port, security="starttls")) == ("server_refused", False)
    assert box.arrived == []


def test_a_login_that_is_right_sends(authority: Authority) -> None:
    options = {"tls_context": authority.server(), "authenticator": only("lapor", "kata sandi"), "auth_required": True}
    with letterbox(**options) as box:
        mailer(box.port, security="starttls", user="lapor", password="kata sandi").send(LETTER)
    assert len(box.arrived) == 1


def test_a_login_that_is_wrong_sends_nothing_and_may_be_put_right(authority: Authority) -> None:
    options = {"tls_context": authority.server(), "authenticator": only("lapor", "kata sandi"), "auth_required": True}
    with letterbox(**options) as box:
        sender = mailer(box.port, security="starttls", user="lapor", password="salah")
        assert refused(sender) == ("login_refused", False)
        assert "salah" not in repr(sender)
    assert box.arrived == []


def test_a_password_beyond_ascii_is_a_fault_and_no_crash(authority: Authority) -> None:
    options = {"tls_context": authority.server(), "authenticator": only("lapor", "x"), "auth_required": True}
    with letterbox(**options) as box:
        assert refused(mailer(box.port, security="starttls", user="lapor", password="sändi")) == ("not_sendable", False)


@pytest.mark.parametrize(("reply", "lasting"), [("550 no such user", True), ("450 mailbox busy", False)])
def test_a_refused_recipient_is_given_up_or_tried_again_as_the_server_says(reply: str, lasting: bool) -> None:
    with letterbox() as box:
        box.refuse[LETTER.to] = reply
        assert refused(mailer(box.port)) == ("recipient_refused", lasting)
    assert box.arrived == []


@pytest.mark.parametrize(
    ("address", "code"),
    [("baris\nbaru@dinas.example.id", "not_sendable"), ("pétugas@dinas.example.id", "server_refused")],
)
def test_an_address_the_server_cannot_take_is_a_fault_and_no_crash(address: str, code: str) -> None:
    with letterbox(enable_SMTPUTF8=False) as box:
        assert refused(mailer(box.port), replace(LETTER, to=address)) == (code, False)
    assert box.arrived == []


@pytest.mark.parametrize(
    ("replies", "code"),
    [
        ((), "server_unreachable"),
        (("220 hai", "250 hai"), "server_unreachable"),
        (("220 hai", "250 hai", "250 ok", "250 ok", "354 go"), "server_unreachable"),
        (("554 not for you",), "server_refused"),
        (("220 hai", "250 hai", "550 who are you"), "server_refused"),
        (("220 hai", "250 hai", "250 ok", "250 ok", "354 go", "451 later"), "server_refused"),
    ],
)
def test_a_server_that_hangs_up_or_declines_is_tried_again(replies: tuple[str, ...], code: str) -> None:
    with scripted(*replies) as port:
        assert refused(mailer(port)) == (code, False)


@pytest.mark.parametrize("goodbye", [("421 shutting down",), ("500 what",), ()])
def test_a_letter_that_was_accepted_is_sent_whatever_the_goodbye(goodbye: tuple[str, ...]) -> None:
    """Otherwise it would be sent again, and come twice."""
    with scripted("220 hai", "250 hai", "250 ok", "250 ok", "354 go", "250 taken", *goodbye) as port:
        mailer(port).send(LETTER)


def test_nothing_listening_is_tried_again() -> None:
    assert refused(mailer(free_port())) == ("server_unreachable", False)


@pytest.mark.parametrize("host", ["surat..example.id", "x" * 70 + ".example.id"])
def test_a_host_that_cannot_be_is_a_fault_and_no_crash(host: str) -> None:
    assert refused(mailer(25, host=host)) == ("not_sendable", False)


def test_a_silent_server_is_not_waited_for_forever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "TIMEOUT_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert refused(mailer(silent.getsockname()[1])) == ("server_unreachable", False)


@pytest.mark.parametrize("security", ["none", "tls"])
def test_a_server_that_drips_is_not_listened_to_for_hours(
    security: str, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each byte comes well within the time-out of a read, in a line without end."""
    monkeypatch.setattr(mail, "LETTER_SECONDS", 0.3)
    with dripping(authority.server() if security == "tls" else None) as port:
        code, lasting = refused(mailer(port, security=security))
    assert (code in ("server_unreachable", "server_refused"), lasting) == (True, False)


@pytest.mark.parametrize("reached", range(1, 6))
def test_a_server_that_falls_silent_anywhere_is_tried_again(reached: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the middle of its greeting, of an answer to a command, or of what it says to the letter itself."""
    monkeypatch.setattr(mail, "LETTER_SECONDS", 0.3)
    said = ("220 hai", "250 hai", "250 ok", "250 ok", "354 go")[:reached]
    with scripted(*said, hold=True) as port:
        assert refused(mailer(port)) == ("server_unreachable", False)
