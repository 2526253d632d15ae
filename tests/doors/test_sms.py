"""SMS through the real door: a conversation of a feature phone, repeats, pieces, and what goes wrong."""

import json
import re
from dataclasses import replace

import pytest

from functions.casework.answer import Answer
from functions.casework.case import EventKind
from functions.casework.channel import Channel, Contact
from functions.casework.formats import sms_texts
from functions.casework.formats.gsm import count
from functions.casework.formats.sms_codes import short_code
from functions.casework.receipt import parse_receipt
from functions.casework.report import read_report
from functions.crypto.padding import message_bucket, pad
from functions.crypto.seal.outbox_words import answer_payload, words_context
from functions.crypto.seal.public_keys import Purpose
from functions.crypto.seal.sealing import fingerprint
from functions.crypto.slips.phone_numbers import PhoneSecret
from functions.delivery.interface import DeliveryError
from functions.gateway.signature import AHEAD_SECONDS, HEADER, OLD_SECONDS, sign
from functions.storage.interface import Notice, OutboxEntry, Scope
from tests.world import JSON, NUMBER, PHONE, SMS, World

CODE = re.compile(r"(?:[0-9A-Z]{5}-){4}[0-9A-Z]{5}")
WORDS = "Lampu jalan di Sangatta Selatan mati sejak dua minggu"


def cases(world: World) -> list:
    return [
        head for scope in (Scope.INSTANCE, Scope.INSTANCE_QUARANTINE) for head in world.store.page(scope, "kutim").heads
    ]


def code(answer: str) -> str:
    found = CODE.search(answer)
    assert found, answer
    return found[0]


def bodies(world: World, receipt: str) -> list[str]:
    return [message["body"] for message in world.read(receipt)["messages"]]


def test_a_feature_phones_conversation_of_six_messages(world: World) -> None:
    first = world.said(f"KUTIM LAPOR {WORDS}")
    receipt = code(first)
    assert "Operator melihat nomor Anda" in first
    case_id = world.read(receipt)["tracking_id"]
    assert world.directory.districts[cases(world)[0].district].name == "Sangatta Selatan"
    assert "Sudah ditambahkan" in world.said("Di depan masjid, sudah dua orang jatuh")
    desk = world.hand_over(case_id)
    answer = desk.post(f"/desk/cases/{case_id}/messages", {"body": "Tiang nomor “7”?", "message_key": "a" * 32})
    assert answer.status_code == 201
    world.run_courier()
    assert world.phone.texts[-1].to == NUMBER
    assert world.phone.texts[-1].text == 'Tiang nomor "7"?'
    assert "Sudah ditambahkan" in world.said("bls nomor 12")
    assert "Jawaban: Tiang nomor" in world.said("cek")
    closing = desk.post(f"/desk/cases/{case_id}/close", {"outcome": "dijelaskan", "reason": "Lampu sudah menyala."})
    assert closing.status_code == 200, closing.data
    world.run_courier()
    assert "Lampu sudah menyala." in world.phone.texts[-1].text
    assert world.store.read_head(case_id).reporter.contact == b""
    assert not world.store.read_head(case_id).reporter.texted
    assert "dibuka lagi" in world.said("Blm masih mati pak")
    assert bodies(world, receipt)[-1].endswith("Alasan: masih mati pak")
    desk.post(f"/desk/cases/{case_id}/close", {"outcome": "dijelaskan", "reason": "Sekarang benar menyala."})
    world.run_courier()
    assert "Sekarang benar menyala." in world.phone.texts[-1].text
    assert "Terima kasih" in world.said("SELESAI")
    assert world.store.read_head(case_id).closing.confirmed
    assert len(cases(world)) == 1
    assert all(count(text.text) <= 3 for text in world.phone.texts)


def test_234_deliveries_of_one_sms_are_one_case_and_one_answer(world: World) -> None:
    for n in range(234):
        world.later(hours=int(n % 20 == 0))  # over half a day
        assert world.sms(WORDS, gateway_id="77").status_code == 202
    for _ in range(3):
        world.later(days=2)
        assert world.sms(WORDS, gateway_id="77").status_code == 202
    world.run_courier()
    assert len(cases(world)) == 1
    assert cases(world)[0].version == 1
    assert len(world.phone.texts) == 1


def test_without_an_id_the_minute_tells_a_repeat(world: World) -> None:
    for received_at in ("2026-11-25T10:00:01", "2026-11-25T10:00:59", "2026-11-25T10:01:00"):
        world.sms("halo", gateway_id="", received_at=received_at)
    world.run_courier()
    assert len(world.phone.texts) == 2
    for received_at in ("2026-11-25T10:02:01", "2026-11-25T10:09:00"):  # the same words are one case in any minute
        world.sms("LAPOR " + WORDS, gateway_id="", received_at=received_at)
    assert len(cases(world)) == 1


def test_a_gateway_that_counts_anew_loses_nothing(world: World) -> None:
    world.sms("LAPOR satu", gateway_id="1")
    world.sms("LAPOR dua", gateway_id="1")
    world.sms("LAPOR satu", gateway_id="1", sender="+6281200000099")
    assert len(cases(world)) == 3


def test_a_delivery_cut_short_is_finished_by_the_next(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The store fails at each write in turn; the gateway tries again, and there is one case and one answer."""
    for last in range(1, 6):
        writes = 0

        def failing(*arguments: object, real: object, last: int = last, **more: object) -> object:
            nonlocal writes
            writes += 1
            if writes == last:
                from functions.storage.interface import StoreUnavailableError

                raise StoreUnavailableError("gone")
            return real(*arguments, **more)  # type: ignore[operator]

        with monkeypatch.context() as patched:
            for name in ("create_case", "write_slip", "enqueue"):
                real = getattr(world.store, name)
                patched.setattr(
                    world.store, name, lambda *a, real=real, failing=failing, **k: failing(*a, real=real, **k)
                )
            sender = f"+62812000000{last}"
            assert world.sms(WORDS, sender, gateway_id="5").status_code == 503
        assert world.sms(WORDS, sender, gateway_id="5").status_code == 202
        world.run_courier()
        assert [text.to for text in world.phone.texts].count(sender) == 1
        assert len(cases(world)) == last


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 1, 2)])
def test_parts_are_joined_before_anything_is_read(world: World, order: tuple[int, ...]) -> None:
    texts = {1: "LAPOR " + "a" * 140, 2: "b" * 153, 3: "c" * 20}
    for n in order:
        assert cases(world) == []
        world.sms(texts[n], reference="9", part=str(n), parts="3")
    world.run_courier()
    receipt = code(world.phone.texts[-1].text)
    assert bodies(world, receipt) == ["a" * 140 + texts[2] + texts[3]]
    assert len(world.phone.texts) == 1


def test_half_a_message_is_taken_as_it_is_once_its_rest_has_not_come(world: World) -> None:
    world.sms("LAPOR jalan di depan", reference="9", part="1", parts="2")
    dump = b"".join(path.read_bytes() for path in world.folder.rglob("*") if path.is_file())
    assert b"jalan di depan" not in dump
    world.later(hours=1)
    world.sms("halo", "+6281200000098")  # any SMS of anybody makes this process look
    world.run_courier()
    ours = [text for text in world.phone.texts if text.to == NUMBER]
    assert bodies(world, code(ours[0].text)) == ["jalan di depan [...]"]


def test_half_a_message_survives_a_restart_and_is_taken_with_the_next_sms(world: World) -> None:
    world.sms("LAPOR jalan di depan", reference="9", part="1", parts="2")
    world.texting.waiting.clear()
    world.later(days=1)
    world.said("cek")
    assert bodies(world, code(" ".join(text.text for text in world.phone.texts))) == ["jalan di depan [...]"]


@pytest.mark.parametrize(
    "text", ["x" * 3000, "ꦗꦭꦤ꧀ꦫꦸꦱꦏ꧀", "الطريق مكسور", "stop pungli di pasar", "bantuan beras belum cair"]
)
def test_whatever_is_written_is_a_report(world: World, text: str) -> None:
    assert bodies(world, code(world.said(text))) == [text]


@pytest.mark.parametrize("text", ["", "   ", "\x00"])
def test_an_empty_sms_is_told_how(world: World, text: str) -> None:
    assert "LAPOR" in world.said(text)
    assert cases(world) == []


def test_danger_is_told_112_first(world: World) -> None:
    assert world.said("Kebakaran di pasar Sangatta").startswith("BAHAYA? TELEPON 112!")
    assert world.said("masih terbakar").startswith("BAHAYA? TELEPON 112!")


def test_commands_find_their_case(world: World) -> None:
    assert "Tidak ada laporan terbuka" in world.said("cek")
    first = code(world.said("LAPOR satu"))
    second = code(world.said("LAPOR dua"))
    shorts = [short_code(parse_receipt(each)) for each in (first, second)]
    asked = world.said("cek")
    assert all(short in asked for short in shorts)
    assert shorts[0] in world.said(f"cek {shorts[0].lower()}")
    world.said(f"balas {shorts[0]} ke yang satu")
    world.said("dua itu masih rusak")
    assert bodies(world, first) == ["satu", "ke yang satu"]
    assert bodies(world, second) == ["dua", "dua itu masih rusak"]
    assert "tidak kami kenal" in world.said(f"CEK {receipt_of_nobody()}")
    assert "menurut Anda sudah selesai" in world.said(f"selesai {shorts[0]}")
    assert bodies(world, first)[-1] == "SELESAI"
    assert "LAPOR <isi>" in world.said("bantuan")


def test_the_holder_of_a_code_asks_from_any_number_and_is_told_no_words(world: World) -> None:
    web = world.report()
    desk = world.hand_over(web["tracking_id"])
    desk.post(f"/desk/cases/{web['tracking_id']}/messages", {"body": "Rahasia dinas", "message_key": "b" * 32})
    told = world.said(f"CEK {web['receipt']}")
    assert "Rahasia" not in told
    assert short_code(parse_receipt(web["receipt"])) in told
    assert "Sudah ditambahkan" in world.said(f"BALAS {web['receipt']} lewat SMS")
    assert bodies(world, web["receipt"])[-1] == "lewat SMS"
    assert not world.store.read_head(web["tracking_id"]).reporter.texted


def test_words_to_a_closed_case_are_kept_for_its_reason(world: World) -> None:
    receipt = code(world.said(WORDS))
    case_id = world.read(receipt)["tracking_id"]
    desk = world.hand_over(case_id)
    desk.post(f"/desk/cases/{case_id}/close", {"outcome": "dijelaskan", "reason": "Sudah."})
    assert "ditutup" in world.said("yang di tikungan itu")
    assert "dibuka lagi" in world.said("belum")
    assert bodies(world, receipt)[-1].endswith("Alasan: yang di tikungan itu")
    desk.post(f"/desk/cases/{case_id}/messages", {"body": "Baik.", "message_key": "c" * 32})
    world.run_courier()
    assert (world.phone.texts[-1].to, world.phone.texts[-1].text) == (NUMBER, "Baik.")


def test_who_says_stop_gets_no_news_and_the_case_goes_on(world: World) -> None:
    receipt = code(world.said(WORDS))
    case_id = world.read(receipt)["tracking_id"]
    assert "tidak dikirimi" in world.said("BERHENTI")
    desk = world.hand_over(case_id)
    sent = len(world.phone.texts)
    desk.post(f"/desk/cases/{case_id}/messages", {"body": "Satu.", "message_key": "d" * 32})
    world.run_courier()
    assert len(world.phone.texts) == sent
    assert world.store.waiting() == ()
    assert "Jawaban: Satu." in world.said("CEK")
    world.said("mulai")
    desk.post(f"/desk/cases/{case_id}/messages", {"body": "Dua.", "message_key": "e" * 32})
    world.run_courier()
    assert world.phone.texts[-1].text == "Dua."


def test_a_flood_is_quarantined_and_told_once_and_never_refused(world: World) -> None:
    for n in range(25):
        assert world.sms(f"LAPOR nomor {n}").status_code == 202
    world.run_courier()
    heads = cases(world)
    assert len(heads) == 25
    assert sum(head.quarantined for head in heads) == 15
    assert len(world.phone.texts) == 15  # the others are kept for open cases
    assert sum("Batas balasan hari ini" in text.text for text in world.phone.texts) == 1
    world.later(days=1)
    assert code(world.said("LAPOR besoknya"))


def test_a_letter_that_does_not_leave_is_tried_again(world: World) -> None:
    world.phone.trouble = DeliveryError("sms_unreachable")
    world.sms(WORDS)
    world.run_courier()
    assert world.phone.texts == []
    world.phone.trouble = None
    world.later(hours=2)
    world.run_courier()
    assert len(world.phone.texts) == 1


@pytest.mark.parametrize("sender", ["TELKOMSEL", "1708"])
def test_what_a_name_sends_is_nobodys_report(world: World, sender: str) -> None:
    assert world.sms("Selamat! Anda menang", sender).status_code == 202
    assert cases(world) == []


def post(world: World, body: bytes, kind: str = "application/json", *, at: int = 0, secret: bytes = SMS):
    headers = {HEADER: sign(secret, body, world.seconds + at), "Content-Type": kind, **JSON}
    return world.gateway.post("/api/sms/inbound", data=body, headers=headers)


def test_only_what_is_signed_and_of_these_days_is_taken(world: World) -> None:
    body = json.dumps({"gateway_id": "1", "from": NUMBER, "text": WORDS}).encode()
    for at in (-OLD_SECONDS - 1, AHEAD_SECONDS + 1, -365 * 86400):
        assert post(world, body, at=at).status_code == 401
    assert post(world, body, secret=b"another" * 5).status_code == 401
    for header in ("", "t=1,v1=", sign(SMS, body + b" ", world.seconds), "t=é,v1=" + "0" * 64):
        answer = world.gateway.post(
            "/api/sms/inbound", data=body, headers={HEADER: header, "Content-Type": "application/json", **JSON}
        )
        assert answer.status_code == 401
        assert answer.mimetype == "application/problem+json"
        assert WORDS.encode() not in answer.data
    assert cases(world) == []
    for at in (-OLD_SECONDS, AHEAD_SECONDS):
        assert post(world, body, at=at).status_code == 202
    assert len(cases(world)) == 1


@pytest.mark.parametrize(
    "form",
    [
        "from=%2B6281200000017&text=jalan+rusak&date=2026-11-25T10%3A00%3A00Z",  # RapidPro's External API
        "sender=6281200000017&text=jalan+rusak&time=2025-11-25T10%3A00%3A00Z",  # the same, its clock off by a year
        "msisdn=081200000017&message=jalan+rusak&msgid=12",
        "from=081200000017&text=jalan+rusak&id=12&part=0&parts=banyak",
    ],
)
def test_forms_of_aggregators_are_read(world: World, form: str) -> None:
    assert post(world, form.encode(), "application/x-www-form-urlencoded").status_code == 202
    world.run_courier()
    assert bodies(world, code(world.phone.texts[-1].text)) == ["jalan rusak"]
    assert world.phone.texts[-1].to == NUMBER


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{}", 422),
        (b'{"text": "a"}', 422),
        (b'{"from": {"a": 1}}', 422),
        (b'{"from": "081200000017", "text": "' + b"a" * 20_001 + b'"}', 422),
        (b"[]", 400),
        (b"{", 400),
        (b'{"from": 6281200000017, "text": 12}', 202),
    ],
)
def test_a_gateway_set_up_wrongly_is_told(world: World, body: bytes, status: int) -> None:
    assert post(world, body).status_code == status


def test_the_number_and_the_words_rest_nowhere_in_clear_nor_open_without_the_number(world: World) -> None:
    """The store dumped with every key but the gateway's secret, then with the secret but without the number."""
    receipt = code(world.said("LAPOR Burung kenari di kebun"))
    case_id = world.read(receipt)["tracking_id"]
    desk = world.hand_over(case_id)
    desk.post(f"/desk/cases/{case_id}/messages", {"body": "Jawaban kenari", "message_key": "f" * 32})
    dump = b"".join(path.read_bytes() for path in world.folder.rglob("*") if path.is_file())
    for word in (NUMBER, NUMBER[1:], "81200000017", "kenari", receipt, receipt.replace("-", "")):
        assert word.encode() not in dump
    slip = PhoneSecret(PHONE).keys(NUMBER)
    standing = world.store.read_slip(slip.name, world.seconds)
    assert standing
    assert parse_receipt(receipt).symbols in slip.open(standing.version, standing.sealed)["receipts"]
    for wrong in (PhoneSecret(PHONE).keys("+6281200000018"), PhoneSecret(b"q" * 32).keys(NUMBER)):
        with pytest.raises(Exception, match="does not open"):
            replace(wrong, name=slip.name).open(standing.version, standing.sealed)
    for entry in world.store.waiting():
        for purpose in set(Purpose) - {Purpose.COURIER, Purpose.LINKS}:
            with pytest.raises(Exception, match=r"no key|does not open"):
                world.keys.private(purpose).open(entry.instance, entry.entry_id, entry.words or entry.sealed or b"\x01")


def test_nothing_that_an_officer_sees_tells_an_sms_case_from_one_of_the_web(world: World) -> None:
    receipt = code(world.said(f"LAPOR {WORDS}"))
    by_sms = world.read(receipt)["tracking_id"]
    web = world.report(
        topic="lainnya", district=world.store.read_head(by_sms).district, body=WORDS, subject="", place=""
    )
    world.run_courier()
    desk = world.desk_of("kutim")
    seen = []
    for case_id in (by_sms, web["tracking_id"]):
        page = desk.client.get(f"/desk/cases/{case_id}").get_data(as_text=True)
        data = desk.get(f"/desk/cases/{case_id}").get_data(as_text=True)
        seen.append([re.sub(r'value="[0-9a-f]{32}"', "", text.replace(case_id, "N")) for text in (page, data)])
    assert seen[0] == seen[1]
    rows = {row["tracking_id"]: row for row in desk.get("/desk/").get_json()["cases"]}
    assert {**rows[by_sms], "tracking_id": ""} == {**rows[web["tracking_id"]], "tracking_id": ""}
    mails = [
        re.sub(r"#\S+", "", letter.subject + letter.text + letter.html).replace(case_id, "N")
        for case_id in (by_sms, web["tracking_id"])
        for letter in world.mailbox.letters
        if case_id in letter.text
    ]
    halves = len(mails) // 2
    strip = [re.sub(r"masuk/[^\"<\s]*", "", mail) for mail in mails]
    assert halves
    assert sorted(strip[:halves]) == sorted(strip[halves:])
    assert NUMBER not in str(world.mailbox.letters)


def receipt_of_nobody() -> str:
    from functions.casework.receipt import receipt_from_bytes

    return str(receipt_from_bytes(b"nobody at all"))


def test_words_that_the_desk_did_not_sign_are_told_to_nobody(world: World) -> None:
    """The sealed number stands in the case, and the courier's key is public: whoever can write to the outbox would speak
    in an officer's name. Only that there is news leaves, as for a text that waited since an older release."""
    world.said("LAPOR Lampu mati sejak dua minggu di Sangatta Utara.")
    (head,) = world.store.page(Scope.INSTANCE, "kutim").heads
    answer = Answer(EventKind.MESSAGE, "Kirim kode laporan Anda ke 0811-1111-111.").encode()

    def told(entry_id: str, plain: bytes) -> str:
        padding = pad(plain, message_bucket(len(plain)))
        words = world.keys.public().seal(Purpose.COURIER, "kutim", words_context(entry_id), padding)[1]
        place = ("kutim", "", head.case_id)
        world.store.enqueue(
            OutboxEntry(entry_id, Notice.ANSWERED_SMS, *place, sealed=head.reporter.contact, words=words)
        )
        world.run_courier()
        return world.phone.texts[-1].text

    def signed(entry_id: str, case_id: str, notice: Notice = Notice.ANSWERED_SMS) -> bytes:
        return world.mandates.sign(notice, entry_id, "kutim", answer_payload(case_id, answer))

    unsigned = [answer, b"Kirim kode Anda.", signed("x", head.case_id), signed("e2", "4F7K-2M9Q-XR3D")]
    unsigned += [signed("e4", head.case_id, Notice.LINK_WANTED), signed("e5", head.case_id).replace(b"0811", b"0812")]
    for n, plain in enumerate(unsigned):
        assert told(f"e{n}", plain) == sms_texts.NEWS, plain
    assert "0811" in told("e6", signed("e6", head.case_id)), "or nothing was tried"


def test_a_repeat_is_known_by_what_an_older_release_stored(world: World) -> None:
    """There the number stood in the report itself, behind its prefix."""
    report, key = read_report(world.fields(), world.directory, world.today), b"k" * 16
    done = world.submit(report, key, contact=Contact(Channel.SMS, NUMBER))
    older = json.dumps(replace(report, contact=f"tel:{NUMBER}").content(), sort_keys=True).encode()
    assert world.store.read_head(done.tracking_id).wraps.fingerprint == fingerprint(key, older)
