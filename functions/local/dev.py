"""Only under ``make run``: the mails and SMS that would have been sent, a page that sends an SMS, the demonstration's
directory, and who can be signed in as.

``make serve`` never mounts it and it is never deployed; the officers' addresses it shows are invented.
"""

import json
from http import HTTPStatus
from secrets import token_hex
from time import time
from urllib.parse import quote

from flask import Flask, Response, jsonify, render_template, request
from werkzeug.test import Client

from functions.config.settings import Settings
from functions.crypto.slips.phone_secrets import read_phone_secret
from functions.delivery.mail import read_folder
from functions.gateway.main import create_app as create_gateway
from functions.gateway.signature import HEADER, sign
from functions.local.dev_roles import register_roles
from functions.storage.choose_store import open_store
from functions.storage.registers.directory import live_directory
from functions.storage.registers.officers import read_officers
from functions.web.door import make_door
from functions.web.forms import fields


def create_app(settings: Settings) -> Flask:
    """Make the app of ``/dev/``, ``/dev/outbox``, ``/dev/outbox.json``, ``/dev/directory.json``, ``/dev/sms``."""
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

    register_roles(app, settings, directory, read_officers(store, settings, directory))
    if settings.sms_way != "off":
        _register_phone(app, settings)
    return app


def _register_phone(app: Flask, settings: Settings) -> None:
    """Add ``/dev/sms``: a feature phone. What it sends is signed here and goes through the gateway's own door."""
    gateway = Client(create_gateway(settings))

    @app.get("/dev/sms")
    def phone() -> str:
        number = request.args.get("after", "") or "081200000017"
        texts = [each for each in read_folder(settings.mailbox_dir) if each["channel"] == "sms"]
        return render_template("sms.html", number=number, texts=texts[::-1])

    @app.post("/dev/sms")
    def send() -> Response:
        typed = fields()
        delivery = {"gateway_id": token_hex(8), "from": typed.get("number", ""), "text": typed.get("text", "")}
        body = json.dumps(delivery).encode()
        signature = sign(read_phone_secret(settings, "sms"), body, int(time()))
        headers = {HEADER: signature, "Accept": "application/json"}
        answer = gateway.post("/api/sms/inbound", data=body, content_type="application/json", headers=headers)
        if answer.status_code != HTTPStatus.ACCEPTED:
            return Response(answer.get_data(), answer.status_code, mimetype=answer.mimetype)
        return Response(status=303, headers={"Location": f"/dev/sms?after={quote(delivery['from'], safe='')}"})
