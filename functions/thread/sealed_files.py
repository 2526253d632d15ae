"""Files that stay sealed, at the paths of those that the server seals: a signed act with its file in, sealed bytes out.

One address for both ways, so that the limits of size before a door hold for both.
"""

from flask import Response, make_response

from functions.actions.reporter.converse import Converse
from functions.actions.reporter.sealed_thread import SealedFiles
from functions.thread.sealed import BINARY, act_made, read_act, read_case_id, read_look
from functions.web.forms import upload

SIGNED, LOOKED = "sig", "look"  # the fields by which a browser's file is told from one that comes with a receipt


def take_file(converse: Converse, typed: dict[str, str]) -> Response:
    """Take a sealed file: the fields of a signed act, and ``file``."""
    return act_made(*SealedFiles(converse).attach(read_act(typed), upload()))


def give_file(converse: Converse, typed: dict[str, str]) -> Response:
    """Give a sealed file to who presents the look-up value and the name of its blob, which only its event says."""
    blob = SealedFiles(converse).read(read_case_id(typed), read_look(typed), typed.get("blob", ""))
    return make_response(blob, {"Content-Type": BINARY})
