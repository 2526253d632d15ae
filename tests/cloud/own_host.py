"""A government's portal at a host of its own, in an environment that stands: refused without a certificate, served with
one, told to nobody else, and gone with its government."""

import re
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser

from functions.crypto.seal.sealing import receipt_for
from tests.browser.people import Person
from tests.cloud.cloud import ENV, Cloud
from tests.cloud.edge import OPENER, Edge
from tests.server import Client, wait_for
from tests.wrong_portal import asked, hidden

CODE, DOMAIN = "samarinda", "lapor.example"
HOST, STRANGER = "lapor.samarinda.example.id", "lapor.penyamar.example.id"
SERVED = f"host {HOST}: served; its owner's DNS can lead it elsewhere (docs/instances.md#own-host)"
GONE = f"host {HOST}: no portal names it any more; the edge serves it no longer"
WORDS = "Trotoar di depan pasar rusak."
UNTIL_DOORS_KNOW = 90  # seconds


def certificate(cloud: Cloud, *names: str) -> str:
    """One that ops asked for, whose records are set; its ARN."""
    acm = cloud.client("acm", "us-east-1")
    asked_for = acm.request_certificate(DomainName=names[0], SubjectAlternativeNames=list(names))
    return str(asked_for["CertificateArn"])


def put_certificate(file: Path, arn: str) -> None:
    """Name it in an environment's file."""
    file.write_text(re.sub(r'^certificate = "[^"]*"', f'certificate = "{arn}"', file.read_text(), flags=re.MULTILINE))


def refused_without_a_certificate(cloud: Cloud, edge: Edge) -> None:
    """The plan says so and what to do; the host answers nobody, and the path everybody."""
    planned = cloud.run("plan", ENV)
    assert planned.status == 0, planned.text
    (said,) = [line for line in planned.lines if line.startswith(f"host {HOST}")]
    assert "stands below its path alone: no certificate covers it" in said
    assert f"--domain-name {DOMAIN} --subject-alternative-names {HOST}`" in said
    assert statuses(cloud, HOST) == {403}
    assert asked(edge.url, f"/{CODE}/lapor/")[0] == 200


def statuses(cloud: Cloud, host: str) -> set[int]:
    """What the edge answers under a name: to a page, a file, a door and an order."""
    with cloud.edge(host) as edge:
        paths = ("/", "/lapor/", "/keys.json", "/healthz", "/api/reports/challenge", f"/@{HOST}/index.html")
        return {asked(edge.url, path)[0] for path in paths} | {asked(edge.url, "/api/reports", {"body": "x"})[0]}


def served(cloud: Cloud) -> None:
    """Deployed again, with a certificate that covers it."""
    ran = cloud.run("deploy", ENV)
    assert ran.status == 0, ran.text
    assert f"   {SERVED}" in ran.lines
    assert f"   ok portal at {HOST}" in ran.lines
    variables = {
        name: cloud.client("lambda").get_function_configuration(FunctionName=f"lapor-anonim-{name}-{ENV}")
        for name in ("intake", "thread", "desk")
    }
    told = {name: said["Environment"]["Variables"].get("PORTAL_HOSTS") for name, said in variables.items()}
    assert told == {"intake": f"{CODE}={HOST}", "thread": None, "desk": None}
    planned = cloud.run("plan", ENV)
    assert (SERVED in planned.lines, planned.text.count(": change")) == (True, 0), planned.text


def stands_at_the_root(own: Edge, edge: Edge) -> None:
    """Its pages, worker and keys; beside them what all share; and elsewhere what was there before."""
    home = asked(own.url, "/")[1]
    assert ("Kota Samarinda" in home, 'href="/lapor/"' in home, f"/{CODE}/" in home) == (True, True, False)
    assert 'const BASE = "";' in asked(own.url, "/sw.js")[1]
    assert [f'"{CODE}"' in asked(each.url, "/keys.json")[1] for each in (own, edge)] == [True, True]
    assert '"keys": []' not in asked(own.url, "/keys.json")[1]
    assert asked(own.url, "/masuk/")[1] == asked(edge.url, "/masuk/")[1]
    assert asked(own.url, "/kutim/lapor/")[1] == asked(edge.url, "/kutim/lapor/")[1]
    assert asked(own.url, "/wilayah.json")[1] == asked(edge.url, "/wilayah.json")[1]
    assert asked(own.url, "/tidak-ada/")[0] == 404
    for sheet in re.findall(r'(?:href|src)="(/[^"/]*\.css|/assets/[^"]+)"', home):
        assert asked(own.url, sheet)[0] == 200, sheet
    assert "/wilayah/64/" in asked(edge.url, "/")[1], "the whole portal's front page is as it was"


def reported(own: Edge) -> None:
    """Without script at that host, from the form to the receipt, whose address is that host's; looked up there, and
    withdrawn. No cookie is set."""
    form = asked(own.url, "/lapor/")[1]
    assert f'name="portal" value="@{CODE}"' in form
    typed = {"portal": f"@{CODE}", "kind": "pengaduan", "topic": "jalan", "district": "64.72.03", "body": WORDS}
    typed |= {"identity_mode": "anonim"}
    assert wait_for(lambda: asked(own.url, "/api/reports", typed)[0] == 200, UNTIL_DOORS_KNOW)
    sent = hidden(asked(own.url, "/api/reports", typed)[1])
    status, page = asked(own.url, "/api/reports", sent)
    assert (status, f"{HOST}/lacak/" in page, ".on.aws" in page, "lambda-url" in page) == (201, True, False, False)
    receipt = str(receipt_for(bytes.fromhex(sent["submission_key"])))
    client = Client(own.url)
    read = client.post("/api/thread", {"receipt": receipt})
    assert [each["body"] for each in read["messages"] if each["from"] == "pelapor"] == [WORDS]
    client.post("/api/thread/withdraw", {"receipt": receipt, "reason": "Sudah."})
    assert own.cookies == []
    assert set(re.findall(r"https?://[^/ ;]+", policy(own))) == {own.url}, (
        "no other host's name is trusted with scripts here"
    )


def policy(edge: Edge) -> str:
    """The policy of a door's answer that is no error."""
    with OPENER.open(f"{edge.url}/healthz", timeout=60) as answer:
        return str(answer.headers["Content-Security-Policy"])


def lies_in_no_field(edge: Edge) -> None:
    """Who claims another portal's host in a form gets no address that the edge does not serve."""
    typed = {"portal": "@kutim", "kind": "pengaduan", "topic": "jalan", "district": "64.08.04", "body": WORDS}
    sent = hidden(asked(edge.url, "/api/reports", typed | {"identity_mode": "anonim"})[1])
    status, page = asked(edge.url, "/api/reports", sent)
    assert (status, f"{DOMAIN}/kutim/lacak/" in page, ".on.aws" in page) == (201, True, False)


def gone(cloud: Cloud, edge: Edge) -> None:
    """Its government is gone, and its pages with it: the next deployment takes the name away, and nothing else."""
    with cloud.edge(HOST) as own:
        assert {asked(own.url, path)[0] for path in ("/", "/lapor/", "/keys.json")} == {404}
    planned = cloud.run("plan", ENV)
    assert (planned.status, GONE in planned.lines) == (0, True), planned.text
    assert f"certificate: {HOST} is in it and no portal names it" in planned.text
    ran = cloud.run("deploy", ENV)
    assert (ran.status, f"   {GONE}" in ran.lines) == (0, True), ran.text
    again = cloud.run("plan", ENV)
    assert (again.status, f"host {HOST}" in again.text) == (0, False), again.text
    assert statuses(cloud, HOST) == {403}
    assert asked(edge.url, "/")[0] == 200
    told = cloud.client("lambda").get_function_configuration(FunctionName=f"lapor-anonim-intake-{ENV}")
    assert told["Environment"]["Variables"]["PORTAL_HOSTS"] == "off"


def seen_in_a_browser(cloud: Cloud, browser: Browser) -> None:
    """With script, under the policies of the edge: sealed on the phone, sent and read at that host. No browser complains,
    asks for anything elsewhere, or keeps a worker for less or more than that host."""
    with cloud.edge(HOST) as own:
        own.for_browsers = True
        someone = Person(browser, own.url)
        someone.go("/lapor/")
        someone.choose("Di kecamatan mana?", "Samarinda Ulu")
        someone.write("Apa yang terjadi?", WORDS)
        someone.press("Periksa sebelum dikirim")
        someone.press("Kirim laporan", 201)
        receipt = someone.code()
        assert f"{urlsplit(own.url).netloc}/lacak/" in someone.words()
        someone.open_report(receipt)
        someone.reads(WORDS)
        someone.leave()
        keeping = Person(browser, own.url, offline=True)
        keeping.go("/lapor/")
        keeping.page.locator("#body").focus()  # a worker comes with the form, once it is touched
        assert keeping.page.evaluate("navigator.serviceWorker.ready.then((found) => found.scope)") == f"{own.url}/"
        keeping.leave()
        Client(own.url).post("/api/thread/withdraw", {"receipt": receipt, "reason": "Sudah."})
