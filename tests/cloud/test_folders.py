"""The edge's code, run where JavaScript runs: folders of the portal, hosts of single governments' portals and where a
door's scripts come from at them, and never another host."""

import pytest

from tests.cloud.stacks import made

HOST = "lapor.samarinda.example.id"


@pytest.fixture(scope="module")
def code():
    told = {"PortalHosts": f"kukar=lapor.kukar.example.id samarinda={HOST}", "Languages": "en|jv"}
    found = made("edge", **told)["Folders"]["Properties"]["FunctionCode"]
    assert isinstance(found, str)
    return found


def answer(browser, code, uri, host="lapor.example"):
    page = browser.new_page()
    try:
        asked = {"request": {"uri": uri, "method": "GET", "headers": {"host": {"value": host}}, "querystring": {}}}
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


@pytest.mark.parametrize(
    "uri",
    [
        "/",
        "/en/",
        "/jv/",
        "/lapor/",
        "/en/lapor/",
        "/jv/laporan/satu/",
        "/barometer/2026-10/edisi.json",
        "/sw.js",
        "/index.html",
    ],
)
def test_at_its_own_host_a_portal_is_asked_for_in_its_folder(browser, code, uri):
    plain = answer(browser, code, uri)["uri"]
    assert plain.rpartition("/")[2]
    assert answer(browser, code, uri, HOST)["uri"] == f"/@{HOST}{plain}"
    assert answer(browser, code, uri, f"{HOST.upper()}:443")["uri"] == f"/@{HOST}{plain}"


@pytest.mark.parametrize(
    "uri", ["/assets/a.b1c2.css", "/masuk/", "/wilayah.json", "/kutim/lapor/", "/lapor.txt", "/xx/"]
)
def test_what_portals_share_is_the_same_at_every_host(browser, code, uri):
    assert answer(browser, code, uri, HOST)["uri"] == answer(browser, code, uri)["uri"]


@pytest.mark.parametrize(
    "host", ["", "lapor.example", "example.id", "amarinda.example.id", f"{HOST}.lain.example", f"x.{HOST}", "samarinda"]
)
def test_no_other_name_leads_into_a_portals_folder(browser, code, host):
    assert answer(browser, code, "/lapor/", host)["uri"] == "/lapor/index.html"


@pytest.mark.parametrize("uri", ["/lapor", "//lain.example/x"])
def test_at_its_own_host_a_folder_is_found_there(browser, code, uri):
    assert answer(browser, code, uri, HOST) == answer(browser, code, uri)


POLICY = (
    "default-src 'none'; script-src https://lapor.example/assets/; worker-src https://lapor.example/sw.js; x 'self'"
)


def policy_at(browser, host, *, main="https://lapor.example", headers=None):
    """A door's answer under a host, as the edge gives it out."""
    told = {"PortalHosts": f"kukar=lapor.kukar.example.id samarinda={HOST}", "ScriptHost": main}
    code = made("edge", **told)["Scripts"]["Properties"]["FunctionCode"]
    said = {"content-security-policy": {"value": POLICY}} if headers is None else headers
    event = {"request": {"headers": {"host": {"value": host}} if host else {}}, "response": {"headers": said}}
    page = browser.new_page()
    try:
        found = page.evaluate(f"(event) => {{ {code}; return handler(event); }}", event)["headers"]
    finally:
        page.close()
    return found["content-security-policy"]["value"] if found else None


@pytest.mark.parametrize("host", [HOST, f"{HOST.upper()}:443", "lapor.kukar.example.id"])
def test_at_its_own_host_a_doors_scripts_come_from_there_alone(browser, host):
    own = host.lower().split(":")[0]
    assert policy_at(browser, host) == POLICY.replace("lapor.example", own)


@pytest.mark.parametrize("host", ["", "lapor.example", "lain.example", "amarinda.example.id", f"x.{HOST}", "samarinda"])
def test_at_every_other_name_they_come_from_the_whole_portal(browser, host):
    assert policy_at(browser, host) == POLICY


def test_before_the_portal_has_a_name_a_policy_stays_as_it_is_and_an_answer_without_one_passes(browser):
    assert policy_at(browser, HOST, main="") == POLICY
    assert policy_at(browser, HOST, headers={}) is None
