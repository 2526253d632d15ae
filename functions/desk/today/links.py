"""Addresses of the desk's pages for its templates, in the language of the request."""

from urllib.parse import urlencode

from flask import Flask, request

from functions.web.language import DEFAULT, LANGUAGES, current

GONE = ("done", "lang")  # what a page says once is not said again


def desk_link(path: str, **query: str) -> str:
    """Return a path with its parameters, without the empty ones, and with the language if it is not Indonesian."""
    wanted = {name: value for name, value in query.items() if value}
    if current() != DEFAULT:
        wanted["lang"] = current()
    return f"{path}?{urlencode(wanted)}" if wanted else path


def other_language() -> str:
    """Return the address of this page in the other language; "" for the answer to a form."""
    if request.method != "GET":
        return ""
    other = next(lang for lang in LANGUAGES if lang != current())
    wanted = {name: value for name, value in request.args.items() if name not in GONE} | {"lang": other}
    return f"{request.path}?{urlencode(wanted)}"


def desk_links(app: Flask) -> None:
    """Give them to the templates."""
    app.jinja_env.globals.update(desk_link=desk_link, other_language=other_language)
