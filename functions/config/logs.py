"""Logs: one JSON object a line on standard error, limited to a list of fields.

Our own lines say what went wrong, where in our code and by which route's template. They never hold a message's text, a
path, a query or a traceback's values, since these may quote what a person wrote. A library's line shows only its
logger's name and level, from WARNING on. Lines have no time (the log collector adds its own). Successful requests have
no line: it would reveal when somebody wrote.
"""

import logging
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from json import dumps
from pathlib import Path
from traceback import walk_tb
from types import TracebackType

LOG = logging.getLogger("lapor")
FOLDER = Path(__file__).resolve().parents[1]  # functions/
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
FRAME = r"functions/[\w/]+\.py:\d+"
FRAMES = 8
FIELDS = {
    name: re.compile(pattern, re.ASCII)
    for name, pattern in {
        "event": r"[a-z_]{1,40}",
        "door": r"[a-z]{1,20}",
        "route": r"/[\w/.:<>-]{0,120}",
        "method": "|".join(METHODS),
        "status": r"[1-5]\d\d",
        "code": r"[a-z_]{1,40}",
        "error": r"[A-Za-z_]\w{0,80}",
        "at": rf"{FRAME}( > {FRAME}){{0,{FRAMES - 1}}}",
    }.items()
}
LOGGER_NAME = re.compile(r"[A-Za-z_][\w.]{0,80}", re.ASCII)


def report(event: str, error: BaseException | None = None, level: int = logging.ERROR, **known: str | int) -> None:
    """Log an event of ours. ``known`` are fields of ``FIELDS``; a field with another name or form is not printed."""
    LOG.log(level, event, extra=fields(event, error, **known))


def fields(event: str, error: BaseException | None = None, **known: str | int) -> dict[str, dict[str, str | int]]:
    """Return the ``extra`` of a log call. Of an error it holds only the class and the lines of ours it passed."""
    said: dict[str, str | int] = {"event": event, **known}
    if error is not None:
        said |= {"error": type(error).__name__, "at": frames(error.__traceback__)}
    return {"lapor": said}


def frames(trace: TracebackType | None) -> str:
    """Return our own lines of a traceback, the raising one last: ``functions/a.py:1 > functions/b.py:2``."""
    ours = [own for frame, line in walk_tb(trace) if (own := _own(frame.f_code.co_filename, line))]
    return " > ".join(ours[-FRAMES:])


def line(record: logging.LogRecord) -> str:
    """Return a record as it is printed."""
    said: dict[str, str | int] = {"level": record.levelname}
    if LOGGER_NAME.fullmatch(record.name):
        said["logger"] = record.name
    if _is_ours(record.name):
        given = getattr(record, "lapor", None) or {"at": _own(record.pathname, record.lineno)}
        said |= {name: given[name] for name, form in FIELDS.items() if form.fullmatch(str(given.get(name, "")))}
    return dumps(said)


def configure() -> None:
    """Make this the only way to log in this process, whatever a library set up before. Repeat it to undo later set-ups.

    Levels have no effect on it.
    """
    root = logging.getLogger()
    if root.handlers == [HANDLER] and logging.getLogRecordFactory() is _record:
        return
    logging.setLogRecordFactory(_record)
    logging.raiseExceptions = False  # else it prints a record that cannot be printed, with its arguments
    logging.captureWarnings(capture=True)
    for logger in _loggers():
        logger.handlers.clear()
        logger.propagate = True
    root.handlers[:] = [HANDLER]
    root.setLevel(logging.WARNING)


def catch() -> None:
    """Log uncaught exceptions of any thread, instead of printing text and traceback."""

    def uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        report("uncaught", error.with_traceback(trace), logging.CRITICAL)

    def in_thread(args: threading.ExceptHookArgs) -> None:
        if args.exc_type is not SystemExit:
            report("uncaught_in_thread", args.exc_value, logging.CRITICAL)

    def unraisable(args: "sys.UnraisableHookArgs") -> None:
        report("unraisable", args.exc_value)

    sys.excepthook = uncaught
    threading.excepthook = in_thread
    sys.unraisablehook = unraisable


class _Lines(logging.Handler):
    """Prints lines on the current standard error."""

    def filter(self, record: logging.LogRecord) -> bool:
        return _is_ours(record.name) or record.levelno >= logging.WARNING

    def emit(self, record: logging.LogRecord) -> None:
        with suppress(OSError, ValueError):  # closed: nobody can read it
            sys.stderr.write(line(record) + "\n")
            sys.stderr.flush()


HANDLER = _Lines()


def _record(
    name: str,
    level: int,
    pathname: str,
    lineno: int,
    msg: object,
    args: object,
    exc_info: object,
    func: str | None = None,
    sinfo: str | None = None,
) -> logging.LogRecord:
    """Create a record without text, values or traceback, so that a handler added later has nothing to print.

    Our own calls put theirs into ``extra``.
    """
    return logging.LogRecord(name, level, pathname, lineno, "", (), None, func, None)


def _loggers() -> Iterator[logging.Logger]:
    known = list(logging.Logger.manager.loggerDict.values())
    return (logger for logger in known if isinstance(logger, logging.Logger))


def _is_ours(name: str) -> bool:
    return name == LOG.name or name.startswith(LOG.name + ".")


def _own(filename: str, number: int) -> str:
    """Return ``functions/a.py:1``, or "" for a file that is not ours."""
    path = Path(filename)
    return f"{FOLDER.name}/{path.relative_to(FOLDER).as_posix()}:{number}" if path.is_relative_to(FOLDER) else ""
