"""The guards that all other tests lean on do stop what they are there to stop."""

import gc
import socket

import pytest
from pytest_socket import SocketConnectBlockedError

from tests.pages import check_page

PAGE = (
    '<!doctype html><html lang="id"><head><title>Lapor</title><script src="/a.js" defer></script></head>'
    "<body><main><h1>Lapor</h1>%s</main></body></html>"
)
GOOD = (
    '<form action="/api/reports" method="post"><label for="isi">Isi</label><textarea id="isi" name="isi"></textarea>'
    '<label><input type="radio" name="kind" value="aspirasi"> Aspirasi</label>'
    '<input type="hidden" name="key" value="1"><button>Kirim</button></form>'
)


def test_no_test_reaches_beyond_this_machine():
    with pytest.raises((SocketConnectBlockedError, UserWarning), match=r"192\.0\.2\.1"), socket.socket() as outside:
        outside.connect(("192.0.2.1", 80))


def test_loopback_and_unix_sockets_stay_open(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as client:
        client.connect(server.getsockname())
    path = str(tmp_path / "s")
    with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as client:
        server.bind(path)
        server.listen()
        client.connect(path)
        assert client.getpeername() == path


def test_a_good_page_passes_and_its_tree_comes_back():
    assert check_page(PAGE % GOOD).find("body/main/h1").text == "Lapor"


@pytest.mark.parametrize(
    ("html", "says"),
    [
        ("<p>halo", "expected-doctype"),
        (PAGE % "<p>a</b></p>", "unexpected-end-tag"),
        ((PAGE % "").replace(' lang="id"', ""), "lang"),
        ((PAGE % "").replace("<title>Lapor</title>", ""), "needs a title"),
        ((PAGE % "").replace("<title>Lapor</title>", "<title> </title>"), "title is empty"),
        (PAGE % "<h1>Lagi</h1>", "one h1"),
        ((PAGE % "").replace("h1>", "h2>"), "one h1"),
        (PAGE % '<p id="a">a</p><p id="a">b</p>', "an id stands twice"),
        (PAGE % '<p style="color:red">a</p>', "inline style on p"),
        (PAGE % '<svg><g style="fill:red"></g></svg>', "inline style on g"),
        (PAGE % "<svg><style>g{}</style></svg>", "inline style sheet"),
        (PAGE % "<script>alert(1)</script>", "inline script"),
        (PAGE % '<p onclick="a()">a</p>', "event handler onclick on p"),
        (PAGE % '<a href=" JavaScript:a()">a</a>', "javascript: in href"),
        (PAGE % '<input name="a">', "field without label"),
        (PAGE % '<label for="a"></label><input id="a">', "empty label"),
        (PAGE % '<label for="b">A</label><input id="a" aria-label="A">', "fields that are not there"),
        (PAGE % '<select name="a"><option>a</option></select>', "field without label"),
        (PAGE % '<form method="post"></form>', "form without action"),
        (PAGE % '<form action="/a"></form>', "form without method"),
    ],
)
def test_a_bad_page_is_stopped(html, says):
    with pytest.raises(AssertionError, match=says):
        check_page(html)


def test_comments_and_named_fields_are_fine():
    assert check_page(PAGE % '<!-- catatan --><input aria-label="Cari" type="search">').get("lang") == "id"


def test_garbage_is_looked_for_while_tests_run_but_not_among_what_was_collected() -> None:
    """A store that nobody closed is found by that (``filterwarnings = error``)."""
    assert gc.get_threshold()[0] > 0
    assert gc.get_freeze_count() > 10_000


def test_whoever_changes_a_page_changes_no_other_tests() -> None:
    check_page(PAGE % GOOD).clear()
    assert check_page(PAGE % GOOD).get("lang") == "id"
