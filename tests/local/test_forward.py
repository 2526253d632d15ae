"""What passes from the portal's process to a door's: nothing that identifies, and nothing that is believed unseen."""

import socket
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from werkzeug.test import Client

from functions.config.settings import Settings, load_settings
from functions.edge.request_filter import BUCKET_KEY, Buckets
from functions.edge.request_guard import cleaned, cleaned_again
from functions.local import forward, wsgi
from functions.local.door import make_door_app
from functions.local.forward import forwarded, shared
from functions.local.processes import DOORS, PROCESSES
from functions.local.serve import PORTAL_POOL
from functions.local.setup import prepare
from functions.local.wsgi import application
from tests.server import wait_for

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nServer: x\r\nConnection: close\r\nX-Ours: yes\r\n\r\nok"
CANARY = "CANARY"


@pytest.fixture
def place() -> Iterator[Path]:
    """A path that is short enough for a socket."""
    with TemporaryDirectory() as folder:
        yield Path(folder) / "door.sock"


@contextmanager
def listening(path: Path, answer: bytes) -> Iterator[list[bytes]]:
    """A door that keeps what it is sent, and answers one request."""
    heard: list[bytes] = []
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()

        def hear() -> None:
            line, _ = listener.accept()
            with line:
                line.settimeout(10)
                while b"\r\n\r\n" not in b"".join(heard) or not b"".join(heard).endswith(b"body=x"):
                    heard.append(line.recv(65536))
                line.sendall(answer)

        thread = threading.Thread(target=hear)
        thread.start()
        yield heard
        thread.join()


def send(app: Any, **more: Any) -> Any:
    names = (
        "User-Agent",
        "Referer",
        "Accept-Language",
        "X-Forwarded-For",
        "X-Real-IP",
        "Via",
        "Cookie",
        "X-Lapor-Bucket",
    )
    headers = [(name, f"{CANARY}-{name}") for name in names] + [
        ("Cookie", f"a={CANARY}; lapor-desk=session"),
        ("Accept", "text/html"),
    ]
    return Client(app, use_cookies=False).post(
        "/desk/links/%C3%A9?lang=en&utm=CANARY",
        data={"body": "x"},
        headers=headers,
        environ_overrides={"REMOTE_ADDR": "203.0.113.77", "REMOTE_PORT": "50123"} | more,
    )


def test_only_what_the_list_lets_through_reaches_the_socket(place: Path) -> None:
    app = cleaned(forwarded(place, https=False), Buckets(), ["/desk"])
    with listening(place, ANSWER) as heard:
        answer = send(app)
    raw = b"".join(heard).decode()
    assert (answer.status_code, answer.text, answer.headers["X-Ours"]) == (200, "ok", "yes")
    assert "Server" not in answer.headers
    assert raw.startswith("POST /desk/links/%C3%A9?lang=en HTTP/1.1\r\n")
    assert CANARY not in raw
    assert "203.0.113" not in raw
    assert "lapor-desk=session" in raw
    sent = {line.partition(":")[0].lower() for line in raw.partition("\r\n\r\n")[0].split("\r\n")[1:]}
    assert sent == {"accept", "content-type", "content-length", "cookie", "host", "x-lapor-bucket"}


def test_a_door_cleans_what_it_is_sent_once_more_and_keeps_the_bucket() -> None:
    seen: dict[str, Any] = {}

    def door(environ: dict[str, Any], start: Any) -> list[bytes]:
        seen.update(environ)
        start("200 OK", [])
        return []

    send(cleaned_again(door), HTTP_X_LAPOR_BUCKET="0123abcd")
    assert seen[BUCKET_KEY] == "0123abcd"
    assert not [key for key, value in seen.items() if CANARY in str(value) or "203.0.113" in str(value)]
    send(cleaned_again(door), HTTP_X_LAPOR_BUCKET=f"{CANARY}-no-bucket")
    assert seen[BUCKET_KEY] == ""


@pytest.mark.parametrize(("language", "title"), [("", "Sebentar lagi"), ("?lang=en", "Just a moment")])
def test_where_nobody_listens_a_page_says_so_and_gives_back_the_words(place: Path, language: str, title: str) -> None:
    app = forwarded(place, https=False)
    answer = Client(app).post(
        f"/desk/cases/x/messages{language}", data={"body": "Sudah kami ganti."}, headers={"Accept": "text/html"}
    )
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert title in answer.text
    assert "Sudah kami ganti." in answer.text
    told = Client(app).post("/desk/links", json={"email": "a@b.c"}, headers={"Accept": "application/json"})
    assert (told.status_code, told.get_json()["code"]) == (503, "starting")


def test_where_the_line_breaks_it_does_not_say_that_nothing_was_stored(place: Path) -> None:
    with listening(place, b"") as heard:
        answer = send(forwarded(place, https=False))
    assert heard
    assert answer.status_code == 503
    assert "Connection lost" in answer.text
    assert "Nothing has been stored" not in answer.text
    assert ">\nx</textarea>" in answer.text  # read already, and given back all the same


def test_a_door_has_so_many_in_hand_some_wait_their_turn_and_the_others_are_told_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Before, two of eight SMS that a gateway handed over at once were refused at every moment."""
    inside, go = threading.Semaphore(0), threading.Semaphore(0)

    def door(environ: dict[str, Any], start: Any) -> list[bytes]:
        inside.release()
        assert go.acquire(timeout=30)
        start("200 OK", [])
        return [b"ok"]

    def ask() -> tuple[int, str | None]:
        with send(app) as answer:
            return answer.status_code, answer.headers["Retry-After"] if answer.status_code == 503 else None

    def told(many: list[Future[Any]]) -> Counter[Any]:
        return Counter(each.result() for each in many if each.done())

    app, most = shared(door, wsgi.AT_ONCE, https=False), wsgi.AT_ONCE + forward.WAITING
    assert (wsgi.AT_ONCE, most) == (4, 8)
    fine, busy = (200, None), (503, "5")
    monkeypatch.setattr(forward, "TURN_SECONDS", 60.0)
    with ThreadPoolExecutor(most + 2) as pool:
        asked = [pool.submit(ask) for _ in range(most + 2)]
        assert wait_for(lambda: told(asked) == {busy: 2})
        assert all(inside.acquire(timeout=30) for _ in range(4))
        assert not inside.acquire(blocking=False)  # four and no more
        go.release(most)
        assert wait_for(lambda: told(asked) == {fine: most, busy: 2})
        assert all(inside.acquire(timeout=30) for _ in range(most - 4))
        monkeypatch.setattr(forward, "TURN_SECONDS", 0.0)
        held = [pool.submit(ask) for _ in range(4)]
        assert all(inside.acquire(timeout=30) for _ in range(4))
        assert {ask() for _ in range(forward.WAITING + 1)} == {busy}  # their turn does not come: they hold no place
        go.release(5)
        assert wait_for(lambda: told(held) == {fine: 4})
        assert ask() == fine


def test_all_doors_together_leave_a_third_of_the_threads_to_reports() -> None:
    limited = [path for name in DOORS if name not in wsgi.UNLIMITED for path in PROCESSES[name].paths]
    held = len(limited) * (wsgi.AT_ONCE + forward.WAITING)
    assert len(limited) >= 5
    assert PORTAL_POOL["threads"] - held >= PORTAL_POOL["threads"] / 3


def test_a_process_answers_for_its_own_paths_alone(tmp_path: Path) -> None:
    settings = load_settings({"DATA_DIR": str(tmp_path / "data")})
    prepare(settings)
    desk = Client(make_door_app(settings, "desk"))
    assert desk.get("/desk/").status_code == 401
    assert desk.get("/custody/").status_code == 503
    assert desk.get("/healthz").get_json() == {"status": "ok"}


@pytest.mark.long
def test_a_portal_whose_doors_are_away_makes_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings: Settings = load_settings({"DATA_DIR": str(tmp_path / "data")})
    prepare(settings)
    monkeypatch.setattr("functions.local.wsgi.import_module", pytest.fail)
    away = {name: tmp_path / name for name in ("intake", "thread", "cleaner", "gateway", "desk", "custody")}
    portal = Client(application(settings, dev=False, away=away))
    with portal.get("/") as page:
        assert page.status_code == 200
    for path in (
        "/api/reports",
        "/api/thread",
        "/api/clean",
        "/api/sms/inbound",
        "/desk/",
        "/custody/",
        "/open311/v2/",
        "/healthz",
    ):
        assert portal.get(path).status_code == 503, path
