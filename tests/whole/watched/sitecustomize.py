"""On PYTHONPATH this lets the product end a courier that hangs after a second, not after fifteen, and print how many
files it is cleaning, each time when one more begins."""

import sys
import threading

if sys.orig_argv[1:3] == ["-m", "functions.local"]:
    from functions.local import supervisor
    from functions.sanitize import sandbox

    supervisor.END_SECONDS = 1  # type: ignore[assignment]
    ask, lock, now = sandbox._ask, threading.Lock(), set[int]()

    def counted(raw: bytes, size: str, most: int) -> bytes:
        with lock:
            now.add(threading.get_ident())
            sys.stdout.write(f"cleaning {len(now)}\n")
            sys.stdout.flush()
        try:
            return ask(raw, size, most)
        finally:
            with lock:
                now.discard(threading.get_ident())

    sandbox._ask = counted
