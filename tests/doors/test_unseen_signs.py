"""Whatever way a text comes in, officers read it without signs that turn or hide words, and apart from ours."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.doors.test_sealed import forged, send
from tests.markup import without_tokens
from tests.world import JSON, World

ROOT = Path(__file__).resolve().parents[2]
TURNED = "hp \u202e0812\u200b-5550\u2060-1990\u202c @bu\u200ddi_s"
SIGNS = "\u202e\u202c\u200b\u2060\u2066\u200f\ufeff"
# A block whose style sets its direction apart; twelve bytes less a paragraph than an attribute.
SAID = ("p", ("class", "said"))
VOID = ("meta", "link", "input", "br", "img", "hr")


def hiding(text: str) -> str:
    """The text with a control of direction before it, and a sign without width after each letter."""
    return "\u202e" + "\u200b".join(text)


class Isolated(HTMLParser):
    """Text nodes that hold a word, each with whether something around it isolates its direction."""

    def __init__(self, word: str) -> None:
        super().__init__()
        self.word, self.open, self.found = word, list[bool](), list[bool]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag == "bdi" or ("dir", "auto") in attrs or (tag, *attrs) == SAID)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if self.word in data:
            self.found.append(any(self.open))


def isolated(page: str, word: str) -> list[bool]:
    parser = Isolated(word)
    parser.feed(page)
    return parser.found


FIELDS = {
    "body": hiding("Jalan di desa kami rusak.") + "\n" + TURNED,
    "subject": hiding("Parit mampet"),
    "place": hiding("Pasar lama"),
    "about_officials": hiding("Kepala pasar"),
}


def check_desk(world: World, case_id: str) -> None:
    """What the coordinator reads of it holds none of these signs and nothing that should be masked."""
    desk = world.desk_of("kutim")
    html = {"Accept": "text/html"}
    page = desk.client.get(f"/desk/cases/{case_id}", headers=html).text
    inbox = desk.client.get("/desk/", headers=html).text
    said = desk.get(f"/desk/cases/{case_id}").text + without_tokens(page + inbox)
    assert not [ascii(sign) for sign in SIGNS if sign in said or ascii(sign)[1:-1] in said]
    assert "1990" not in said
    assert "di_s" not in said
    assert "Jalan di desa kami rusak." in page
    for shown, words in (
        (page, ("Jalan di desa", "Parit mampet", "Pasar lama", "Kepala pasar")),
        (inbox, ("Parit mampet",)),
    ):
        for word in words:
            assert isolated(shown, word), word
            assert all(isolated(shown, word)), f"{word} can turn what stands beside it"


def test_what_is_said_has_a_direction_of_its_own() -> None:
    rule = re.search(r"^\.said\{([^}]*)\}", (ROOT / "site" / "assets" / "lapor.css").read_text(), re.MULTILINE)
    assert rule
    assert "unicode-bidi:plaintext" in rule[1].split(";")


def test_by_json(world: World) -> None:
    check_desk(world, world.report(**FIELDS)["tracking_id"])


def test_sealed_in_a_browser_that_cleans_nothing(world: World) -> None:
    plain = json.dumps(FIELDS).encode()
    body, _ = forged(world, plain, subject=FIELDS["subject"].encode())
    assert send(world, body).status_code == 201
    check_desk(world, body["case_id"])


def test_by_form(world: World) -> None:
    answer = world.intake.post("/api/reports", data=world.fields(**FIELDS))
    assert answer.status_code in (200, 201)
    assert not [sign for sign in SIGNS if sign in answer.text]


def test_by_sms_and_its_answers(world: World) -> None:
    assert world.said("KUTIM " + FIELDS["body"])
    heads = world.desk_of("kutim").get("/desk/").get_json()["cases"]
    case_id = heads[0]["tracking_id"]
    said = world.desk_of("kutim").get(f"/desk/cases/{case_id}").text
    assert not [ascii(sign) for sign in SIGNS if sign in said or ascii(sign)[1:-1] in said]
    assert "1990" not in said


@pytest.mark.parametrize("way", ["messages", "withdraw"])
def test_answers_and_reasons(world: World, way: str) -> None:
    report = world.report()
    texts = {"body": TURNED, "reason": TURNED, "message_key": "ab" * 16}
    assert world.post(f"/api/thread/{way}", {"receipt": report["receipt"], **texts}).status_code in (200, 201)
    said = world.desk_of("kutim").get(f"/desk/cases/{report['tracking_id']}").text
    assert not [ascii(sign) for sign in SIGNS if sign in said or ascii(sign)[1:-1] in said]
    assert "1990" not in said


def test_names_and_contacts(world: World) -> None:
    report = world.report(identity_mode="terbuka", name=hiding("Bunga Melati"), contact="")
    desk = world.desk_of("kutim")
    page = desk.client.get(f"/desk/cases/{report['tracking_id']}", headers={"Accept": "text/html"}).text
    assert isolated(page, "Bunga Melati") == [True]


def test_a_receipt_is_shown_to_no_officer_even_unmasked(world: World) -> None:
    first = world.report()
    receipt = first["receipt"]
    hidden = "\u200b".join(receipt)
    report = world.report(body=f"Kode saya {receipt}, juga {hidden} dan {receipt.replace('-', ' ').lower()}",
                          subject=f"Kode {receipt}", place=receipt, about_officials=receipt)  # fmt: skip
    desk = world.desk_of("kutim")
    path = f"/desk/cases/{report['tracking_id']}"
    before = desk.get(path).text
    desk.post(f"{path}/unmask", {"n": "1", "reason": "Perlu."})
    page = desk.client.get(path, headers={"Accept": "text/html"}).text
    for said in (before, desk.get(path).text, page, desk.get("/desk/").text):
        for form in (receipt, receipt.lower(), receipt[:11], receipt.replace("-", " ").lower()):
            assert form not in said
    own = world.thread.post("/api/thread", json={"receipt": report["receipt"]}, headers=JSON).text
    assert receipt not in own  # taken out before the words are sealed
    assert "Kode [kode laporan disamarkan]" in own
