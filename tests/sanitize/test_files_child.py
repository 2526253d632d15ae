"""The child process that cleaning happens in: what it is given, what it may do, and what its end is worth."""

import json
import resource
import threading
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from types import SimpleNamespace

import pytest

from functions.casework.formats.attachments import DOCX, ODT, XLSX
from functions.sanitize import sandbox, sandbox_child
from functions.sanitize.clean import MAX_FILE_BYTES, FileRefusedError, clean
from functions.sanitize.cleaners import clean_here
from functions.sanitize.file_types import CleanFile, Refusal
from tests.sanitize import samples, samples_heic, samples_odt, samples_office, samples_pdf, samples_sheet

GOOD = {
    "image/jpeg": samples.jpeg(),
    "image/png": samples.png(),
    "image/webp": samples.webp(),
    "image/heic": samples_heic.heic(),
    "image/avif": samples_heic.avif(),
    "application/pdf": samples_pdf.pdf(compress_streams=True),
    DOCX: samples_office.docx(),
    XLSX: samples_sheet.xlsx(),
    ODT: samples_odt.odt(),
    "text/plain": "Jalan rusak\u200b di depan pasar.".encode("utf-16"),
}


def _refusal(raw: bytes = b"x") -> str:
    with pytest.raises(FileRefusedError) as refused:
        clean(raw)
    return str(refused.value.code)


@pytest.fixture
def instead(monkeypatch: pytest.MonkeyPatch):
    """Put another program in the child's place; it says what it has to say as the child would."""

    def put(program: str) -> None:
        started = "import sys, os; sys.path[:] = sys.argv[3:]\n"
        monkeypatch.setattr(sandbox, "_INTERPRETER", (*sandbox._INTERPRETER[:-1], started + program))

    return put


def _told(raw: bytes = b"x") -> dict[str, object]:
    answer: dict[str, object] = json.loads(clean(raw).content)
    return answer


# Python itself sets LC_CTYPE where nobody has (PEP 538).
SAYING = """
environ = {name: value for name, value in os.environ.items() if name != 'LC_CTYPE'}
def say(**what):
    import json
    text = json.dumps(what)
    print('text/plain', len(text), 0)
    print(text, end='')
"""


@pytest.mark.parametrize("media_type", GOOD)
def test_it_makes_what_would_be_made_here_with_all_doors_open(media_type: str) -> None:
    """So nothing is loaded late: behind closed doors, that would fail."""
    assert clean(GOOD[media_type]) == clean_here(GOOD[media_type])


def test_it_refuses_as_here() -> None:
    assert _refusal(samples.png_bomb()) == "too_many_pixels"
    assert _refusal(samples_pdf.encrypted(owner="rahasia", user="rahasia")) == "encrypted_pdf"
    locked = samples_pdf.locked("Jalan rusak", owner="rahasia", user="")
    assert clean(locked) == clean_here(locked)
    assert _refusal(GOOD["image/png"][:300]) == "damaged"
    assert _refusal(b"GIF89a\0\0") == "moving_picture"


@pytest.mark.parametrize(("raw", "code"), [(b"", "empty"), (bytes(MAX_FILE_BYTES + 1), "too_large")])
def test_sizes_need_no_child(raw: bytes, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox.subprocess, "Popen", None)
    assert _refusal(raw) == code


def test_a_photo_keeps_its_size_for_who_asks() -> None:
    out = BytesIO()
    samples.picture((2400, 1800)).save(out, "JPEG", exif=samples.exif(6))
    assert samples.open_image(clean(out.getvalue()).content).size == (1200, 1600)
    kept = clean(out.getvalue(), keep_size=True).content
    assert samples.open_image(kept).size == (1800, 2400)
    assert not samples.holds_canary(kept)


def test_it_is_given_nothing_but_the_file(instead, monkeypatch: pytest.MonkeyPatch) -> None:
    instead(
        SAYING + "fds = {name: os.readlink('/proc/self/fd/' + name)[:4] for name in os.listdir('/proc/self/fd')"
        " if os.path.exists('/proc/self/fd/' + name)}\n"
        "say(environ=environ, cwd=os.getcwd(), fds=fds, arguments=sys.argv[1], came=len(sys.stdin.buffer.read()),"
        " session=os.getsid(0) == os.getpid(), isolated=sys.flags.isolated, written=sys.dont_write_bytecode)"
    )
    monkeypatch.setenv("LAPOR_SECRET", samples.CANARY)
    monkeypatch.delenv("LD_LIBRARY_PATH", raising=False)
    told = _told(b"four")
    assert told.pop("fds").items() <= {"0": "pipe", "1": "pipe", "2": "/dev", "3": "/pro"}.items()
    assert told == {
        "environ": {}, "cwd": "/", "arguments": "smaller", "came": 4, "session": True, "isolated": 1, "written": True
    }  # fmt: skip


def test_only_the_way_to_the_interpreters_libraries_is_handed_on(instead, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LD_LIBRARY_PATH", "/nowhere")
    instead(SAYING + "say(environ=environ)")
    assert _told() == {"environ": {"LD_LIBRARY_PATH": "/nowhere"}}


TRIES = """
from functions.sanitize import sandbox_child as cleaning
import resource, socket, json
out = os.open('/dev/null', os.O_WRONLY)
os.close(out)
folder = sys.stdin.buffer.read().decode()
file = os.open(folder + '/open-before', os.O_WRONLY | os.O_CREAT)
cleaning.confine()
def tried(act):
    try: act()
    except (OSError, MemoryError) as error: return type(error).__name__
    return 'done'
found = {'write': tried(lambda: os.write(file, b'x')), 'memory': tried(lambda: bytes(cleaning.DATA_BYTES))}
os.close(file)
found['open_before'] = tried(lambda: open('/proc/self/status').close())
cleaning.close_doors()
found['open'] = tried(lambda: open('/proc/self/status').close())
found['socket'] = tried(lambda: socket.socket().close())
found['pipe'] = tried(os.pipe)
found['cpu'] = resource.getrlimit(resource.RLIMIT_CPU)
found['core'] = resource.getrlimit(resource.RLIMIT_CORE)
say(**found)
"""


def test_what_it_may_use_up_is_limited(instead, tmp_path) -> None:
    instead(SAYING + TRIES)
    assert _told(str(tmp_path).encode()) == {
        "write": "OSError",
        "memory": "MemoryError",
        "open_before": "done",
        "open": "OSError",
        "socket": "OSError",
        "pipe": "OSError",
        "cpu": [10, 10],
        "core": [0, 0],
    }


def test_a_child_that_only_thinks_is_ended(instead) -> None:
    instead(
        "import resource; from functions.sanitize import sandbox_child as cleaning\n"
        "cleaning._LIMITS = ((resource.RLIMIT_CPU, 1), *cleaning._LIMITS[1:])\n"
        "cleaning.confine()\n"
        "while True: pass"
    )
    assert _refusal() == "too_complex"


def test_a_child_that_only_waits_is_ended(instead, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "WALL_SECONDS", 0.5)
    started: list[object] = []
    real = sandbox._child
    monkeypatch.setattr(sandbox, "_child", lambda *given: started.append(real(*given)) or started[-1])
    instead("import time; time.sleep(60)")
    assert _refusal() == "too_complex"
    assert [process.poll() for process in started] == [-9]


@pytest.mark.parametrize(
    "program",
    [
        "os.abort()",
        "import ctypes; ctypes.string_at(0)",
        "os.kill(os.getpid(), 9)",
        "os._exit(0)",
        "sys.exit(3)",
        "print('text/plain 5 0'); print('half', end='')",
        "print('text/plain 5 0'); print('longer than said', end='')",
        "print('text/plain 0 0')",
        "print('text/html 4 0'); print('<b/>', end='')",
        "print('image/heic 4 0'); print('heic', end='')",
        "print('refused'); ",
        "print('refused everything')",
        "print('refused damaged with a message')",
        "print('text/plain 4 0'); print('four', end='', flush=True); os.abort()",
        "sys.stdout.buffer.write(bytes(1000))",
        "print('text/plain 4'); print('four', end='')",
        "print('image/png 4 3'); print('fourGIF', end='')",
        "print('image/png 4 4000'); sys.stdout.flush(); sys.stdout.buffer.write(b'four\\xff\\xd8\\xff' + bytes(3997))",
        "print('text/plain', 6 * 2**20, 0); sys.stdout.buffer.write(b'x' * 6 * 2**20)",
    ],
)
def test_an_end_that_is_not_the_right_one_is_the_files_fault(program: str, instead) -> None:
    instead(program)
    assert _refusal() == "too_complex"


def test_a_child_that_dies_while_it_listens_is_the_files_fault(instead) -> None:
    instead("sys.stdin.buffer.read(100_000); os.abort()")
    assert _refusal(bytes(MAX_FILE_BYTES)) == "too_complex"


def test_a_child_that_cannot_find_its_modules_is_not(instead) -> None:
    instead("import functions.sanitize.nowhere")
    with pytest.raises(sandbox.BrokenCleanerError):
        clean(b"x")


def test_what_it_complains_about_is_not_heard(instead, capfd: pytest.CaptureFixture[str]) -> None:
    instead(f"sys.stderr.write('{samples.CANARY}'); print('refused damaged')")
    assert _refusal() == "damaged"
    printed = capfd.readouterr()
    assert printed.out + printed.err == ""


def test_where_no_child_can_be_had_it_is_not_the_files_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox.sys, "executable", "/nowhere/python")
    assert _refusal() == "busy"


def test_who_waits_too_long_is_told_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "WAIT_SECONDS", 0.05)
    for _ in range(sandbox.SEATS):
        sandbox._seats.acquire()
    try:
        assert _refusal() == "busy"
    finally:
        sandbox._seats.release(sandbox.SEATS)
    assert clean(b"Jalan rusak.").media_type == "text/plain"


def test_two_are_cleaned_at_a_time(instead, monkeypatch: pytest.MonkeyPatch) -> None:
    instead("import time; time.sleep(0.2); print('text/plain 4 0'); print('four', end='')")
    lock, running, most = threading.Lock(), 0, 0
    real = sandbox._ask

    def counted(*given: object) -> bytes:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        try:
            return real(*given)
        finally:
            with lock:
                running -= 1

    monkeypatch.setattr(sandbox, "_ask", counted)
    with ThreadPoolExecutor(5) as pool:
        assert len(list(pool.map(clean, [b"x"] * 5))) == 5
    assert most == sandbox.SEATS == 2


@pytest.mark.parametrize(
    "made", [CleanFile(b"\n\0x", "image/png"), CleanFile(b"\n", "image/png", b"\xff\xd8\xff\n"), Refusal.DAMAGED]
)
def test_an_answer_is_understood_as_it_was_said(made: CleanFile | Refusal) -> None:
    assert sandbox._understood(sandbox.framed(made)) == made


def test_the_childs_program_in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """For the coverage, which cannot see into a child without environment: limits first, then the file."""
    happened: list[object] = []
    out = BytesIO()
    monkeypatch.setattr(sandbox_child.resource, "setrlimit", lambda what, limits: happened.append((what, limits)))
    monkeypatch.setattr(sandbox_child.signal, "alarm", lambda seconds: happened.append(("alarm", seconds)))
    monkeypatch.setattr(sandbox_child.sys, "stdin", SimpleNamespace(buffer=BytesIO(GOOD["application/pdf"])))
    monkeypatch.setattr(sandbox_child.sys, "stdout", SimpleNamespace(buffer=out))
    sandbox_child.main(sandbox.MADE_SMALLER)
    assert sandbox._understood(out.getvalue()) == clean_here(GOOD["application/pdf"])
    assert happened[-1] == (resource.RLIMIT_NOFILE, (3, 3))
    assert dict(happened[:-1]) == {
        "alarm": 20,
        resource.RLIMIT_CPU: (10, 10),
        resource.RLIMIT_DATA: (sandbox_child.DATA_BYTES,) * 2,
        resource.RLIMIT_FSIZE: (0, 0),
        resource.RLIMIT_CORE: (0, 0),
    }
    assert sandbox_child.answer(b"GIF89a\0", keep_size=False) is Refusal.MOVING_PICTURE
    for raw in (GOOD["text/plain"], GOOD["image/jpeg"], GOOD[DOCX]):
        sandbox_child.load_for(raw)

    def fails(made: CleanFile | Refusal) -> bytes:
        raise MemoryError

    monkeypatch.setattr(sandbox_child, "framed", fails)
    with pytest.raises(SystemExit) as ended:
        sandbox_child.main(sandbox.KEEP_SIZE)
    assert ended.value.code == sandbox_child.SPENT
