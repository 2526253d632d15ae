"""Where a report stands, day by day, in every stage; and its photos as pictures."""

import base64
from datetime import date, timedelta
from io import BytesIO
from secrets import token_hex
from types import SimpleNamespace
from typing import Any

import pytest
from PIL import Image

from functions.casework.case import EventKind
from functions.casework.stages import Stage
from functions.crypto.seal.sealing import WORDS_FLOOR
from functions.sanitize.file_types import MAX_SMALL_BYTES
from functions.thread.pages import MOST_PICTURES
from functions.thread.standing import standing
from functions.web.headers import CSP
from tests.case_heads import changed
from tests.casework.trees import a_head
from tests.markup import page, text
from tests.memory import Town, document
from tests.thread.test_pages import close


def track(town: Town, receipt: str, **fields: str) -> tuple[str, list[str]]:
    """The sentence and the steps that have a day."""
    root = page(town.open(receipt, **fields))
    (box,) = [e for e in root.iter("div") if (e.get("class") or "").startswith("track")]
    dated = [text(item) for item in box.iter("li") if " Nov" in text(item)]
    return text(next(box.iter("p"))), dated


def last(town: Town, receipt: str) -> str:
    """The end of the time line."""
    ends = [text(e) for e in page(town.open(receipt)).iter("li") if e.get("class") == "next"]
    return ends[0] if ends else ""


def test_each_step_has_its_day_and_the_line_ends_with_what_comes_next(town: Town) -> None:
    receipt, case_id = town.report()
    assert track(town, receipt) == ("Langkah 1 dari 5: Diterima", ["Diterima 24 Nov"])
    assert last(town, receipt) == "Berikutnya: Diteruskan ke dinas, paling lambat Jumat, 27 November 2026"
    town.today += timedelta(days=1)
    unit = town.hand_over(case_id)
    days = ["Diterima 24 Nov", "Diperiksa 25 Nov", "Di dinas 25 Nov"]
    assert track(town, receipt) == ("Langkah 3 dari 5: Di dinas", days)
    assert last(town, receipt).startswith("Berikutnya: Jawaban petugas, paling lambat ")
    unit.send(case_id, "stage", form="ask", stage="ditahan", reason="Tiang yang mana?")
    assert (track(town, receipt)[0], last(town, receipt)) == (
        "Langkah 3 dari 5: Menunggu jawaban Anda",
        "Berikutnya: Jawaban Anda",
    )
    town.today += timedelta(days=1)
    unit.send(case_id, "messages", form="reply", body="Kami periksa.", message_key=token_hex(16))
    assert track(town, receipt)[1] == [*days, "Dijawab 26 Nov"]
    town.today += timedelta(days=60)
    assert last(town, receipt) == ""  # the date is over: said on top


def test_a_closed_report_is_not_done_before_its_reporter_says_so(town: Town) -> None:
    receipt, case_id = town.report()
    close(town.hand_over(case_id), case_id)
    said, days = track(town, receipt)
    assert said == "Langkah 4 dari 5: Menunggu penilaian Anda"
    assert [day.partition(" ")[0] for day in days] == ["Diterima", "Diperiksa", "Di", "Dijawab"]
    assert last(town, receipt).startswith("Berikutnya: Penilaian Anda, paling lambat ")
    assert "Waiting for your verdict" in track(town, receipt, lang="en")[0]
    town.open(receipt, "/verdict", form="reopen", verdict="belum", reason="Masih mati.")
    assert track(town, receipt)[0] == "Langkah 3 dari 5: Dikerjakan"
    close(town.desk("kutim-dishub"), case_id)
    town.open(receipt, "/appeal", form="appeal", reason="Tetap gelap.")
    assert track(town, receipt)[0] == "Langkah 3 dari 5: Banding"
    close(town.desk("kutim-inspektorat"), case_id)
    town.open(receipt, "/verdict", form="confirm", verdict="selesai")
    assert track(town, receipt)[0] == "Langkah 5 dari 5: Selesai"
    assert last(town, receipt) == ""


@pytest.mark.parametrize("how", ["withdrawn", "archived"])
def test_what_was_withdrawn_or_archived_is_at_no_step(town: Town, how: str) -> None:
    receipt, case_id = town.report()
    if how == "withdrawn":
        town.open(receipt, "/withdraw", form="withdraw", sure="yes")
    else:
        town.coordinator().send(case_id, "stage", form="archive", stage=Stage.DIARSIPKAN.value, reason="Uji coba.")
    said = text(page(town.open(receipt)))
    assert track(town, receipt) == ({"withdrawn": "Ditarik dan dihapus", "archived": "Diarsipkan"}[how], [])
    assert "dari 5" not in said


def noise() -> tuple[BytesIO, str]:
    """A photo that compresses badly, as a thicket does."""
    out, side = BytesIO(), 640
    Image.effect_noise((side, side), 90).convert("RGB").save(out, "JPEG", quality=80)
    out.seek(0)
    return out, "IMG_2042.jpg"


def attach(town: Town, receipt: str, file: tuple[BytesIO, str]) -> Any:
    return town.open(receipt, "/files", form="attach", file_key=token_hex(16), file=file)


def test_photos_are_pictures_small_and_few_and_documents_are_not(town: Town) -> None:
    receipt, case_id = town.report()
    bare = len(town.open(receipt).data)
    for _ in range(5):
        attach(town, receipt, noise())
    officer = town.hand_over(case_id)
    officer.send(case_id, "messages", form="reply", body="Terima kasih.", message_key=token_hex(16))
    attach(town, receipt, document())
    attach(town, receipt, noise())
    answer = town.open(receipt)
    pictures = [image.get("src", "") for image in page(answer).iter("img")]
    assert len(pictures) == MOST_PICTURES
    for source in pictures:
        kind, _, content = source.partition(",")
        raw = base64.b64decode(content, validate=True)
        assert (kind, len(raw) <= MAX_SMALL_BYTES) == ("data:image/jpeg;base64", True), len(raw)
        assert max(Image.open(BytesIO(raw)).size) <= 160
    buttons = [b for b in page(answer).iter("button") if b.get("class") == "file"]
    assert len(buttons) == 7  # each file can still be opened whole
    assert len(answer.data) - bare <= MOST_PICTURES * MAX_SMALL_BYTES * 4 / 3 + 7 * 600 + 1500
    assert "img-src 'self' data:" in CSP
    # The size of a file's event tells neither what a photo shows nor that it is one.
    events = town.memory.cases[case_id].events
    assert len({len(event.sealed) for event in events if event.kind is EventKind.FILE}) == 1
    assert max(len(event.sealed) for event in events) <= WORDS_FLOOR + 64


def test_a_photo_of_an_older_release_keeps_its_button(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    receipt, _ = town.report()
    monkeypatch.setattr("functions.sanitize.sandbox.CleanFile", lambda content, kind, _: _Old(content, kind))
    attach(town, receipt, noise())
    root = page(town.open(receipt))
    assert not list(root.iter("img"))
    assert [text(b).startswith("Foto, ") for b in root.iter("button") if b.get("class") == "file"] == [True]


class _Old:
    """What cleaning made before there were previews."""

    small = b""

    def __init__(self, content: bytes, media_type: str) -> None:
        self.content, self.media_type = content, media_type


CAME, CHECKED, HANDED, ANSWERED = (date(2026, 6, day) for day in (2, 3, 4, 9))


def seen(stage: Stage, *messages: tuple[Stage, date], sorting: bool = False, **facts: Any) -> Any:
    head = changed(a_head(stage=stage, received_on=CAME), **facts)
    said: Any = [SimpleNamespace(stage=at, on=on) for at, on in messages]
    return standing(head, said, (), sorting=sorting)


@pytest.mark.parametrize(
    ("stage", "step"),
    [
        (Stage.DITERIMA, 1),
        (Stage.DIVERIFIKASI, 2),
        (Stage.DIALIHKAN, 2),
        (Stage.DIDISPOSISIKAN, 3),
        (Stage.DIPROSES, 3),
        (Stage.BANDING, 3),
        (Stage.DITANGGAPI, 4),
        (Stage.SELESAI, 4),  # until they have said what they think of it
        (Stage.DIARSIPKAN, 0),
    ],
)
def test_each_stage_is_one_step_whoever_holds_the_case(stage: Stage, step: int) -> None:
    assert [seen(stage, sorting=sorting).step for sorting in (False, True)] == [step, step]


def test_whoever_is_asked_back_stands_where_the_case_lies() -> None:
    assert (seen(Stage.DITAHAN, sorting=True).step, seen(Stage.DITAHAN).step) == (2, 3)
    assert seen(Stage.SELESAI, confirmed=True).step == 5


def test_each_step_has_the_day_on_which_it_was_first_reached() -> None:
    way = [(Stage.DITAHAN, CHECKED), (Stage.DIDISPOSISIKAN, HANDED), (Stage.DITANGGAPI, ANSWERED)]
    assert seen(Stage.DITANGGAPI, *way).days == (CAME, CHECKED, HANDED, ANSWERED, None)
    assert seen(Stage.DIVERIFIKASI, (Stage.DIVERIFIKASI, CHECKED)).days == (CAME, CHECKED, None, None, None)
    passed = [(Stage.DIDISPOSISIKAN, HANDED), (Stage.SELESAI, ANSWERED)]  # a step that was passed over has its day too
    assert seen(Stage.SELESAI, *passed, confirmed=True).days == (CAME, HANDED, HANDED, ANSWERED, ANSWERED)
