"""Flaws to plant in a door that is taken over: each must turn the harness red."""

from functions.web import headers


def plant(leak: str) -> None:
    """Plant one of ``LEAKS`` or ``NAME_LEAKS``. Raises KeyError for another name."""
    (LEAKS | NAME_LEAKS)[leak]()


def _receipt_in_a_cookie() -> None:
    """Nothing of the product sets it: the phone does, so that each request carries the receipt."""


def _lookup_as_password() -> None:
    """What rests in the store is taken for what the receipt gives."""
    from functions.actions.reporter import sealed_thread

    sealed_thread.look_at_rest = lambda look: look


def _logged_body() -> None:
    """Every answer says what was asked, as a log of bodies would."""
    from flask import Flask, request

    real = headers.secure

    def secure(app: Flask, *, https: bool) -> None:
        real(app, https=https)

        @app.before_request
        def log() -> None:
            print(request.get_data(as_text=True), flush=True)  # noqa: T201 - the leak

    headers.secure = secure


def _receipt_with_a_photo() -> None:
    """Nothing of the product sets it either: the phone sends a photo as forms did before they sealed it."""


def _unsigned_name() -> None:
    """Whoever has a case's number says yes in its reporter's place."""
    from functions.actions.reporter.names import sealed_name

    sealed_name.name_answers.is_answered = lambda *_: True


LEAKS = {
    "cookie": _receipt_in_a_cookie,
    "photo": _receipt_with_a_photo,
    "lookup": _lookup_as_password,
    "log": _logged_body,
}
NAME_LEAKS = {"unsigned-name": _unsigned_name}  # planted by ``test_names``
