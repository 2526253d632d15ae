"""Only under ``make run``: the mails that would have left, and the demonstration's directory.

Never mounted by ``make serve`` nor deployed; the officers' addresses it shows are invented.
"""

from flask import Flask, Response, jsonify, render_template

from functions.delivery.mail import read_folder
from functions.settings import Settings
from functions.storage.choose import open_store
from functions.storage.directory import live_directory
from functions.storage.officers import read_officers
from functions.web.door import make_door


def create_app(settings: Settings) -> Flask:
    """``/dev/outbox``, ``/dev/outbox.json``, ``/dev/directory.json``."""
    app = make_door(__name__, {}, https=settings.secure, operator=settings.operator)
    store = open_store(settings)
    directory = live_directory(store, settings)

    @app.get("/dev/outbox.json")
    def outbox_json() -> Response:
        return jsonify(read_folder(settings.mailbox_dir))

    @app.get("/dev/outbox")
    def outbox() -> str:
        return render_template("outbox.html", mails=read_folder(settings.mailbox_dir)[::-1])

    @app.get("/dev/directory.json")
    def directory_json() -> Response:
        officers = read_officers(store, settings, directory)
        return jsonify(
            agencies=[
                {"code": a.code, "name": a.name, "kind": a.kind, "parent": a.parent or None}
                for a in directory.agencies.values()
            ],
            officers=[{"email": o.email, "agency": o.agency, "role": o.role} for o in officers],
            topics=[{"code": t.code, "name": t.name} for t in directory.topics.values()],
            districts=[{"code": d.code, "name": d.name} for d in directory.districts.values()],
        )

    return app
