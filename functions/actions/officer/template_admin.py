"""Edit the reply templates of a coordinator's instance: each change replaces the whole register.

Tests: ``tests/doors/test_canned.py``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from secrets import token_hex

from functions.actions.officer.reply_templates import TemplateList, read_templates
from functions.casework.access import Viewer, instance_kept_by
from functions.casework.directory.agencies import Directory
from functions.casework.directory.registers import encode_templates, templates_register
from functions.casework.problems import ChangedListProblem, FieldError, InvalidInputProblem, NotFoundProblem
from functions.casework.reply_templates import TEMPLATES_MAX, Template, read_template
from functions.storage.interface import Register, Store, VersionConflictError


@dataclass(frozen=True, slots=True)
class TemplateAdmin:
    """What a coordinator does with the templates. Every method raises NotFoundProblem for anybody else.

    ``version`` is that of the list as the coordinator saw it. If somebody changed it since, ChangedListProblem is
    raised and nothing is written."""

    store: Store
    directory: Directory

    def all(self, viewer: Viewer) -> TemplateList:
        """Return the instance's templates."""
        return read_templates(self.store, self._instance(viewer))

    def one(self, viewer: Viewer, ident: str) -> tuple[TemplateList, Template]:
        """Return all templates, and one of them. Raises NotFoundProblem."""
        standing = self.all(viewer)
        found = next((template for template in standing.templates if template.ident == ident), None)
        if found is None:
            raise NotFoundProblem
        return standing, found

    def add(self, viewer: Viewer, typed: Mapping[str, str], version: str) -> str:
        """Add a template at the end. Returns its ident. Raises InvalidInputProblem, also if there are too many."""
        standing = self.all(viewer)
        made = read_template(token_hex(4), typed, self.directory)
        if len(standing.templates) >= TEMPLATES_MAX:
            raise InvalidInputProblem(FieldError("title", "too_many_templates", {"limit": str(TEMPLATES_MAX)}))
        self._write(viewer, standing, version, (*standing.templates, made))
        return made.ident

    def change(self, viewer: Viewer, ident: str, typed: Mapping[str, str], version: str) -> str:
        """Replace a template. Returns its ident. Raises InvalidInputProblem."""
        standing, _ = self.one(viewer, ident)
        made = read_template(ident, typed, self.directory)
        self._write(viewer, standing, version, tuple(made if t.ident == ident else t for t in standing.templates))
        return ident

    def remove(self, viewer: Viewer, ident: str, version: str) -> str:
        """Remove a template. Returns its ident."""
        standing, _ = self.one(viewer, ident)
        self._write(viewer, standing, version, tuple(t for t in standing.templates if t.ident != ident))
        return ident

    def _instance(self, viewer: Viewer) -> str:
        instance = instance_kept_by(viewer, self.directory)
        if not instance:
            raise NotFoundProblem
        return instance

    def _write(self, viewer: Viewer, standing: TemplateList, version: str, templates: tuple[Template, ...]) -> None:
        if version != str(standing.version):
            raise ChangedListProblem
        name = templates_register(self._instance(viewer))
        try:
            self.store.write_registers([Register(name, standing.version + 1, encode_templates(templates))])
        except VersionConflictError as error:
            raise ChangedListProblem from error
