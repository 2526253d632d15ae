"""Which addresses are this machine, and where words may go: read by a parser, as the client that goes there does."""

from http.client import HTTPConnection
from urllib.request import Request

import pytest

from functions.casework.formats.web_address import host_of, is_confidential, is_this_machine

ELSEWHERE = (
    "http://127.0.0.1.evil.example/v2",
    "http://127.0.0.1@evil.example/v2",
    "http://127.0.0.1:80@evil.example/v2",
    "http://127.0.0.1:8000.evil.example",
    "http://127.0.0.1evil.example",
    "http://localhost.evil.example",
    "http://localhost@evil.example",
    "http://evil.example/127.0.0.1",
    "http://evil.example#127.0.0.1",
    "http://evil.example?127.0.0.1",
    "http://127.0.0.1\\@evil.example",
    "http://127.0.0.1\t@evil.example",
    "http://[::ffff:8.8.8.8]/",
    "http://128.0.0.1/",
)
NOWHERE = (
    "",
    "127.0.0.1",
    "//127.0.0.1/",
    "ftp://127.0.0.1/",
    "http://",
    "http://127.0.0.1:x",
    "http://[::1",
    "file:///etc",
)


@pytest.mark.parametrize("url", ELSEWHERE)
def test_what_only_reads_like_this_machine_is_not_it(url: str) -> None:
    assert not is_confidential(url)
    assert not is_this_machine(host_of(url))


@pytest.mark.parametrize("url", NOWHERE)
def test_what_leads_nowhere_is_refused(url: str) -> None:
    assert host_of(url) == ""
    assert not is_confidential(url)


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1", "http://127.0.0.1:8000/v2", "http://127.9.9.9/", "http://LOCALHOST:1/", "http://[::1]:8000/"],
)
def test_this_machine_by_all_its_names(url: str) -> None:
    assert is_this_machine(host_of(url))
    assert is_confidential(url)


def test_with_tls_words_may_go_anywhere_but_not_under_a_borrowed_name() -> None:
    assert is_confidential("https://lapor.example.id/v2")
    assert not is_confidential("https://lapor.example.id@evil.example/v2")


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000/v2", "https://lapor.example.id:8443/v2", "http://localhost/"])
def test_the_host_is_the_one_that_a_client_connects_to(url: str) -> None:
    assert HTTPConnection(Request(url).host).host == host_of(url)
