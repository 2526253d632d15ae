"""Without script, from a nation's front page into Samarinda's portal, and there a report of Kutai Timur's road."""

import urllib.error
from urllib.parse import urlencode
from urllib.request import ProxyHandler, Request, build_opener

from functions.crypto.seal.sealing import receipt_for
from tests.pages import check_page

HTML = {"Accept": "text/html", "Content-Type": "application/x-www-form-urlencoded"}
OPENER = build_opener(ProxyHandler({}))


def asked(url: str, path: str, fields: dict[str, str] | None = None) -> tuple[int, str]:
    """A page of a product without script: its status and text."""
    body = urlencode(fields).encode() if fields is not None else None
    try:
        with OPENER.open(Request(url + path, body, HTML), timeout=60) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def hidden(html: str) -> dict[str, str]:
    """What the check page sends as it stands."""
    root = check_page(html)
    typed = {str(i.get("name")): i.get("value") or "" for i in root.iter("input") if i.get("type") == "hidden"}
    for choice in root.iter("select"):
        chosen = [option.get("value") or "" for option in choice.iter("option") if option.get("selected") is not None]
        typed |= {str(choice.get("name")): value for value in chosen}
    return typed


def written(url: str, words: str, **more: str) -> str:
    """Follow the front page, write there about a place of Kutai Timur, and send what comes back. Returns the receipt."""
    assert 'href="/wilayah/64/"' in asked(url, "/")[1]
    assert 'href="/samarinda/' in asked(url, "/wilayah/64/")[1]
    assert asked(url, "/samarinda/lapor/")[0] == 200
    typed = {"portal": "samarinda", "kind": "pengaduan", "topic": "jalan", "body": words, "identity_mode": "anonim"}
    typed |= {"district": "lain", "elsewhere": "Sangatta Utara"} | more
    status, form = asked(url, "/api/reports", typed)
    assert (status, 'value="64.08.04"' in form, words in form) == (200, True, True)
    status, check = asked(url, "/api/reports", typed | {"district": "64.08.04"})
    assert status == 200
    sent = hidden(check)
    status, page = asked(url, "/api/reports", sent)
    receipt = str(receipt_for(bytes.fromhex(sent["submission_key"])))
    assert (status, receipt.partition("-")[0] in page) == (201, True)
    return receipt
