"""The Flask app of frozen pages: addresses as they are, templates compiled once, and whose portal it is."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import ClassVar, NamedTuple

from flask import Flask, Response
from flask.templating import Environment
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule

from functions.casework.directory.agencies import Agency
from functions.casework.directory.portal_file import Look
from functions.web import language, layout
from functions.web.door import MatchedOnly

HERE = Path(__file__).resolve().parent


class Place(MatchedOnly):
    """A rule of the portal. An address is only made of one with arguments; two thousand others stand in it as they
    are."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:  # noqa: FBT001, FBT002 - Werkzeug's own
        # Werkzeug has no other hook than this private one: see MatchedOnly.
        return Rule._compile_builder(self, append_unknown) if self.arguments else super()._compile_builder()  # noqa: SLF001 - as said


class Templates(BytecodeCache):
    """Templates as Python's bytecode, for all portals of this process: compiling them takes longer than their pages."""

    _made: ClassVar[dict[str, bytes]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """As Jinja asks."""
        if found := self._made.get(f"{bucket.key} {bucket.checksum}"):
            bucket.bytecode_from_string(found)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """As Jinja asks."""
        self._made[f"{bucket.key} {bucket.checksum}"] = bucket.bytecode_to_string()


class Portal(Flask):
    """The Flask app of the frozen pages."""

    url_rule_class = Place
    jinja_environment = layout.PageEnvironment

    def create_jinja_environment(self) -> Environment:
        """Return Jinja's environment, which compiles each template once for all portals."""
        made = super().create_jinja_environment()
        made.bytecode_cache = Templates()
        return made


class Standing(NamedTuple):
    """Whose portal it is and where it stands, among several: the code of its instance, how it looks, who stands above
    and below, and whether it is the one at its own host. The only one ("") stands at the root."""

    code: str = ""
    look: Look = Look()
    above: tuple[Agency, ...] = ()
    below: tuple[Agency, ...] = ()
    own_host: bool = False

    @property
    def field(self) -> str:
        """What the field ``portal`` of its forms holds."""
        return layout.OWN_HOST + self.code if self.own_host else self.code


ALONE = Standing()


def languages_of(standing: Standing) -> tuple[str, ...]:
    """Return the languages of a portal: those its file names that we have, or all of ours for the only one."""
    return (
        tuple(lang for lang in language.spoken() if lang in standing.look.languages)
        if standing.code
        else (language.spoken())
    )


def base_app(
    standing: Standing, operator: str, address: str, file_mb: int, looks: Mapping[str, Look] | None = None
) -> Flask:
    """An app of frozen pages that has none yet, and writes addresses as its portal has them. Every template then has
    ``into(code, path)``, the address of a page of another portal (of the nation's, for ""), in a language that
    ``looks`` says it has; ``look``, its own; and ``portal``, where it is on the Internet."""
    app = Portal("portal", root_path=str(HERE), template_folder="pages", static_folder=None)
    app.config.update(OPERATOR=operator, FILE_MB=file_mb, LANGUAGES=languages_of(standing))
    layout.prepare(app)
    address = address.rstrip("/")
    known, fallback = looks or {}, Look()

    def into(code: str, path: str) -> str:
        root = address if standing.own_host else ""
        lang = language.current()
        spoken = known.get(code, fallback).languages
        return root + (f"/{code}" if code else "") + layout.place(path, lang if lang in spoken else language.DEFAULT)

    at = f"https://{standing.look.host}" if standing.own_host else address
    app.jinja_env.globals.update(portal=at, look=standing.look, into=into)

    @app.before_request
    def stand() -> None:
        layout.use_portal(standing.field)

    return app


def fixed(text: str, mimetype: str) -> Callable[[], Response]:
    """A view of a file."""
    return lambda: Response(text, mimetype=mimetype)


def add_files(app: Flask, files: Mapping[str, tuple[str, str]]) -> None:
    """Add files: media type and text by address."""
    for path, (mimetype, text) in files.items():
        app.add_url_rule(path, path.replace(".", "_"), fixed(text, mimetype))
