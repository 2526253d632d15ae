"""All doors of one release in one process, and its courier: ``python doors.py SOURCE PORT [prepare]``.

Run by any release's source below SOURCE: it imports nothing of the tests, and of ``functions`` only names that last.
``GET /dev/outbox.json`` delivers what is due before it answers. Settings come from the environment.
"""

import sys
from importlib import import_module
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

SOURCE, PORT, *PREPARE = sys.argv[1:]
sys.path[0] = SOURCE

from werkzeug.middleware.dispatcher import DispatcherMiddleware  # noqa: E402 - after the path is set

from functions.aws_lambda.orders import Order  # noqa: E402 - after the path is set
from functions.config.settings import load_settings  # noqa: E402 - after the path is set

DOORS = {
    "/api/reports": "intake",
    "/api/thread": "thread",
    "/api/sms": "gateway",
    "/open311": "open311",
    "/desk": "desk",
    "/custody": "custody",
}


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        pass


def whole(app):
    """The door with its whole path: the dispatcher takes the prefix off, and the doors' routes have it."""

    def call(environ, start):
        path = environ["SCRIPT_NAME"] + environ["PATH_INFO"]
        return app({**environ, "SCRIPT_NAME": "", "PATH_INFO": path}, start)

    return call


def outbox(settings):
    dev = whole(import_module("functions.local.dev").create_app(settings))
    courier = import_module("functions.courier.orders")

    def call(environ, start):
        if environ["PATH_INFO"] == "/outbox.json":
            courier.obey(Order("deliver", lambda: 900.0), settings)
        return dev(environ, start)

    return call


def main():
    settings = load_settings()
    if PREPARE:
        import_module("functions.local.setup").prepare_store(settings)
    doors = {
        prefix: whole(import_module(f"functions.{name}.main").create_app(settings)) for prefix, name in DOORS.items()
    }
    joined = DispatcherMiddleware(None, doors | {"/dev": outbox(settings)})
    with make_server("127.0.0.1", int(PORT), joined, Server, Quiet) as server:
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        server.serve_forever()


main()
