"""Packages of parts and relationships (ECMA-376, part 2): read the old one, write the new one.

Only relationships inside the package are followed. Those to the outside are ignored: a link, a template on a share, a
picture that tells its server that it was viewed.
"""

import posixpath
from typing import Final
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from functions.sanitize.file_types import FileRefusedError, Refusal
from functions.sanitize.office.xml_tree import Budget, element, parse, write
from functions.sanitize.office.zip_file import Entries

CONTENT_TYPES: Final = "[Content_Types].xml"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006/"
_KINDS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_RELATIONSHIPS: Final = "application/vnd.openxmlformats-package.relationships+xml"

Related = dict[str, tuple[str, str]]


class Package:
    """An office file as it came in."""

    def __init__(self, entries: Entries) -> None:
        self.entries = entries
        self.budget = Budget()

    def main(self) -> tuple[str, str]:
        """Return the name and the content type of the main part. Raises FileRefusedError (damaged)."""
        part = self.one("", "officeDocument")
        if part is None:
            raise FileRefusedError(Refusal.DAMAGED)
        return part, self._content_type(part)

    def related(self, part: str) -> Related:
        """Return relationship ids of a part -> (last word of the kind, name of the target part)."""
        folder, name = posixpath.split(part)
        rels = posixpath.join(folder, "_rels", f"{name}.rels")
        if rels not in self.entries:
            return {}
        found: Related = {}
        for given in self.tree(rels).iter("Relationship"):
            target = _resolved(folder, given.get("Target", ""))
            if given.get("TargetMode", "Internal") == "Internal" and target in self.entries:
                found[given.get("Id", "")] = (given.get("Type", "").rpartition("/")[2], target)
        return found

    def one(self, part: str, kind: str) -> str | None:
        """Return the first target part of a kind."""
        return next((target for found, target in self.related(part).values() if found == kind), None)

    def tree(self, part: str) -> Element:
        """Return a part's XML. Raises FileRefusedError."""
        return parse(self.entries.read(part), self.budget)

    def _content_type(self, part: str) -> str:
        types = self.tree(CONTENT_TYPES)
        for given in types.iter("Override"):
            if given.get("PartName", "").lower() == f"/{part.lower()}":
                return given.get("ContentType", "")
        ending = part.rpartition(".")[2].lower()
        found = (given for given in types.iter("Default") if given.get("Extension", "").lower() == ending)
        return next((given.get("ContentType", "") for given in found), "")


def _resolved(folder: str, target: str) -> str:
    return posixpath.normpath(posixpath.join("/", folder, unquote(target))).lstrip("/")


class NewPackage:
    """The office file that goes out. Names, ids and order follow only from the order of the calls."""

    def __init__(self) -> None:
        self._parts: dict[str, tuple[str, bytes]] = {}
        self._rels: dict[str, list[tuple[str, str]]] = {}

    def relate(self, source: str, kind: str, target: str) -> str:
        """Relate one part (``""`` is the package) to another. Returns the id; the same relation has the same id."""
        rels = self._rels.setdefault(source, [])
        if (kind, target) not in rels:
            rels.append((kind, target))
        return f"rId{rels.index((kind, target)) + 1}"

    def add(self, name: str, content_type: str, data: bytes) -> None:
        """Add a part."""
        self._parts[name] = (content_type, data)

    def entries(self) -> list[tuple[str, bytes]]:
        """Return all entries of the zip: content types, relationships and parts."""
        made = [(CONTENT_TYPES, self._content_types())]
        for source in sorted(self._rels):
            folder, name = posixpath.split(source)
            made.append((posixpath.join(folder, "_rels", f"{name}.rels"), self._relationships(source)))
        return made + [(name, data) for name, (_, data) in sorted(self._parts.items())]

    def _content_types(self) -> bytes:
        root = element("Types", None, _default("rels", _RELATIONSHIPS), _default("xml", "application/xml"))
        pictures = {name.rpartition(".")[2]: kind for name, (kind, _) in self._parts.items() if _is_picture(kind)}
        for extension, content_type in sorted(pictures.items()):
            root.append(_default(extension, content_type))
        for name, (content_type, _) in sorted(self._parts.items()):
            if not _is_picture(content_type):
                root.append(element("Override", {"PartName": f"/{name}", "ContentType": content_type}))
        return write(root, _PACKAGE + "content-types")

    def _relationships(self, source: str) -> bytes:
        root, folder = element("Relationships"), posixpath.dirname(source) or "."
        for number, (kind, target) in enumerate(self._rels[source], 1):
            given = {"Id": f"rId{number}", "Type": _KINDS + kind, "Target": posixpath.relpath(target, folder)}
            root.append(element("Relationship", given))
        return write(root, _PACKAGE + "relationships")


def _default(extension: str, content_type: str) -> Element:
    return element("Default", {"Extension": extension, "ContentType": content_type})


def _is_picture(content_type: str) -> bool:
    return content_type.startswith("image/")
