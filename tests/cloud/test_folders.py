"""The edge's one piece of code, run where JavaScript runs: folders of the portal, and never another host."""

import pytest

from tests.cloud.stacks import template


@pytest.fixture(scope="module")
def code():
    found = template("edge")["Resources"]["Folders"]["Properties"]["FunctionCode"]
    assert isinstance(found, str)
    return found


def answer(browser, code, uri):
    page = browser.new_page()
    try:
        asked = {"request": {"uri": uri, "method": "GET", "headers": {}, "querystring": {}}}
        return page.evaluate(f"(event) => {{ {code}; return handler(event); }}", asked)
    finally:
        page.close()


@pytest.mark.parametrize(
    ("uri", "file"),
    [
        ("/", "/index.html"),
        ("/lapor/", "/lapor/index.html"),
        ("/en/lapor/", "/en/lapor/index.html"),
        ("/keys.json", "/keys.json"),
        ("/assets/a.b1c2.css", "/assets/a.b1c2.css"),
        ("/sw.js", "/sw.js"),
    ],
)
def test_a_folder_is_its_index_and_a_file_itself(browser, code, uri, file):
    assert answer(browser, code, uri)["uri"] == file


@pytest.mark.parametrize(("uri", "to"), [("/lapor", "/lapor/"), ("/en/lapor", "/en/lapor/")])
def test_without_its_slash_a_folder_is_found_all_the_same(browser, code, uri, to):
    said = answer(browser, code, uri)
    assert said["statusCode"] == 301
    assert said["headers"]["location"]["value"] == to


@pytest.mark.parametrize("uri", ["//lain.example/x", "///x", "/\\lain.example/x", "/\\/x"])
def test_it_sends_nobody_to_another_host(browser, code, uri):
    to = answer(browser, code, uri)["headers"]["location"]["value"]
    assert to.startswith("/")
    assert to[1] not in "/\\"
