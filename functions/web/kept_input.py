"""What a page needs to show its forms again: the problem, and what was typed."""

from collections.abc import Collection, Mapping
from secrets import token_hex

from flask import request
from werkzeug.exceptions import HTTPException

from functions.casework.problems import ChangedTextProblem, InvalidInputProblem, Problem
from functions.web.wording import sentence

OWN_WORDS = frozenset({"reply", "ask", "verify", "start", "note"})


def told(problem: Problem | None, form: str) -> list[dict[str, str]]:
    """Return a problem as the page's errors. A problem of no field has the field "".

    Several forms of a page ask for a ``reason``, so the field is called ``<form>-reason``. A missing message is told by
    its form (``required.reply``), since ``required.body`` speaks of a report. That a photo is missing is told beside
    the file: it is an outcome's fault, but there it is mended.
    """
    if problem is None:
        return []
    if not isinstance(problem, InvalidInputProblem):
        return [{"field": "", "message": sentence(problem.code, problem.facts)}]
    return [
        {
            "field": _place("file" if error.code == "photo_wanted" else error.field, form),
            "message": sentence(error.code, error.facts, form if form in OWN_WORDS else error.field),
        }
        for error in problem.errors
    ]


def _place(field: str, form: str) -> str:
    if (form, field) == ("second", "agency"):
        return "second"
    if field == "reason":
        return form and f"{form}-reason"
    if field == "again" and form == "close":
        return "close-again"
    return f"{form}-body" if field == "body" and form == "note" else field


def key_for(problem: Problem | None, typed: Mapping[str, str]) -> str:
    """The key of the next message: the one sent before, so that sending again doubles nothing; a fresh one
    where that key already stands for another text, or is no key at all."""
    bad = isinstance(problem, InvalidInputProblem) and any(e.field == "message_key" for e in problem.errors)
    if bad or isinstance(problem, ChangedTextProblem):
        return token_hex(16)
    return typed.get("message_key") or token_hex(16)


def unsent(typed: Mapping[str, str], shown: Collection[str]) -> str:
    """Return what was written in a form that the page no longer shows, so that it can still be copied."""
    return "" if typed.get("form") in shown else words(typed)


def words(typed: Mapping[str, str]) -> str:
    """Return what a person wrote in any form: a message, a reason, a reply template, or a text for the public."""
    public = "\n\n".join(text for name in ("summary", "answer") if (text := typed.get(name, "").strip()))
    return typed.get("body") or typed.get("reason") or typed.get("text") or public


def written() -> str:
    """Return what a person wrote in the request's form, "" if there is none to be read."""
    try:
        return words(request.form)
    except HTTPException:  # a body too large or broken holds nothing to give back
        return ""
