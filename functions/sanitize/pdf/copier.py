"""The walk that makes new PDF objects from old ones, keeping what ``grammar`` names."""

from collections.abc import Callable

from pikepdf import Array, Dictionary, Name, Object, Page, Pdf, Stream, String

from functions.sanitize.file_types import FileRefusedError, Refusal
from functions.sanitize.pdf.budget import MAX_SCRIPT, Budget
from functions.sanitize.pdf.colours import copy_space
from functions.sanitize.pdf.content import plain, rewrite, without_remarks
from functions.sanitize.pdf.grammar import BINARY, CONTENT, ENTRIES, NAMED, PLAIN, SCRIPT, TEXT
from functions.sanitize.pdf.images import Fidelity, new_image
from functions.sanitize.pdf.page_frame import framed


class Copier:
    """Copies pages of ``source`` into ``target``; one for each document.

    All methods raise FileRefusedError and what pikepdf and Pillow raise for broken data.
    """

    def __init__(self, source: Pdf, target: Pdf, fidelity: Fidelity) -> None:
        self._source = source
        self._target = target
        self._fidelity = fidelity
        self._budget = Budget()
        self._made: dict[tuple[str, tuple[int, int]], Object] = {}
        self._names: dict[str, Name] = {}
        self._inherited: object = None
        self._special: dict[str, Callable[[object], object | None]] = {
            PLAIN: plain,
            TEXT: lambda value: String(bytes(value)) if isinstance(value, String) else None,
            "space": lambda value: copy_space(value, self._copy, self._rename, self._budget),
            "glyphs": lambda value: self._each("glyph", value, rename=False),
        }

    def add_page(self, page: Page) -> None:
        """Append a copy of a page to the target."""
        copied = self._target.make_indirect(Dictionary(Type=Name.Page))
        self._fill(copied, "page", page.obj)
        for key, value in framed(page.obj).items():
            copied[key] = value
        self._inherited = page.obj.get("/Resources")
        data, copied["/Resources"] = self._drawing(self._joined(page.obj.get("/Contents")), self._inherited)
        copied["/Contents"] = self._target.make_stream(data)
        self._target.pages.append(Page(copied))

    def _copy(self, role: str, value: object) -> object | None:
        """Return a copy in a role of the grammar, or None if the value does not fit it."""
        special = self._special.get(role)
        if special is not None:
            return special(value)
        if role.startswith(NAMED):
            return self._each(role.removeprefix(NAMED), value, rename=True)
        if isinstance(value, Array):
            return Array([item for item in (self._copy(role, item) for item in value) if item is not None])
        if isinstance(value, Name):
            return Name(str(value))
        if isinstance(value, (Dictionary, Stream)):
            return self._once(_variant(role, value), value)
        return None

    def _each(self, role: str, value: object, *, rename: bool) -> Dictionary | None:
        if not isinstance(value, Dictionary):
            return None
        copies = ((key, self._copy(role, item)) for key, item in value.items())
        return Dictionary({str(self._rename(key)) if rename else key: item for key, item in copies if item is not None})

    def _once(self, role: str, value: Object) -> Object | None:
        """Copy a shared object once, so that the target shares it too. What refers to itself ends."""
        key = (role, value.objgen)
        if key not in self._made:
            made = self._new(role, value, key)
            if made is None or not value.is_indirect:
                return made
            self._made[key] = made
        return self._made[key]

    def _new(self, role: str, value: Object, key: tuple[str, tuple[int, int]]) -> Object | None:
        if role == "image":
            return self._image(value)
        is_stream = isinstance(value, Stream)
        if (is_stream and role not in CONTENT | SCRIPT | BINARY) or (role in CONTENT and not is_stream):
            return None
        made: Object = self._target.make_stream(b"") if is_stream else Dictionary()
        if value.is_indirect:
            made = self._made[key] = self._target.make_indirect(made)
        self._fill(made, role, value)
        if role in CONTENT:
            # A glyph's resources are its font's, so nothing may be added to them.
            given = None if role == "glyph" else value.get("/Resources", self._inherited)
            data, resources = self._drawing(self._budget.read(value), given)
            made.write(data)
            if role != "glyph":
                made["/Resources"] = resources
        elif is_stream:
            made.write(self._bytes(role, value))
        return made

    def _fill(self, made: Object, role: str, value: Object) -> None:
        for key, inner in ENTRIES[role].items():
            if key in value:
                copied = self._copy(inner, value[key])
                if copied is not None:
                    made[key] = copied

    def _image(self, value: Object) -> Object:
        space = self._copy("space", value["/ColorSpace"]) if "/ColorSpace" in value else None
        mask = value.get_bool("/ImageMask") is True
        made = new_image(
            value, space if isinstance(space, Object) and not mask else None, self._target, self._budget, self._fidelity
        )
        for key in ("/Mask", "/SMask"):
            inner = value.get(key)
            if isinstance(inner, Stream) and inner.objgen != value.objgen:
                made[key] = self._once("image", inner)
            elif isinstance(inner, Array):
                made[key] = plain(inner)
        return made

    def _bytes(self, role: str, stream: Object) -> bytes:
        data = self._budget.read(stream)
        if role in SCRIPT and (role != "function" or stream.get("/FunctionType") == 4):  # noqa: PLR2004 PostScript
            if len(data) > MAX_SCRIPT:
                raise FileRefusedError(Refusal.TOO_COMPLEX)
            return without_remarks(data)
        return data

    def _drawing(self, data: bytes, resources: object) -> tuple[bytes, Dictionary]:
        """Write operators again and copy only the resources that they use.

        An unused resource may be what the writer removed from the page.
        """
        self._budget.spend_content(len(data))
        stream = self._source.make_stream(data)
        if b"BI" in data and isinstance(resources, Dictionary):
            stream, resources = self._without_inline_images(stream, resources)
        used: set[str] = set()

        def rename(name: str) -> Name:
            used.add(name)
            return self._rename(name)

        written = rewrite(stream, rename)
        return written, self._resources(resources, used)

    def _without_inline_images(self, stream: Stream, resources: Dictionary) -> tuple[Stream, Dictionary]:
        """Turn inline images into XObjects, so that one way of cleaning serves both."""
        page = self._source.make_indirect(Dictionary(Type=Name.Page, Contents=stream, Resources=resources))
        Page(page).externalize_inline_images(0, shallow=True)
        return page["/Contents"], page["/Resources"]  # type: ignore[return-value]  # what was put there, changed

    def _resources(self, resources: object, used: set[str]) -> Dictionary:
        copied = Dictionary()
        if isinstance(resources, Dictionary):
            for kind, role in ENTRIES["resources"].items():
                given = resources.get(kind)
                if isinstance(given, Dictionary):
                    chosen = Dictionary({key: item for key, item in given.items() if key in used})
                    copied[kind] = self._copy(role, chosen)
        return copied

    def _joined(self, contents: object) -> bytes:
        """Join a page's parts: a part may end between an operator's operands."""
        parts = list(contents) if isinstance(contents, Array) else [contents]
        return b"\n".join(self._budget.read(part) for part in parts if isinstance(part, Stream))

    def _rename(self, name: str) -> Name:
        """Number the resources: some writers name them after files."""
        return self._names.setdefault(name, Name(f"/N{len(self._names)}"))


def _variant(role: str, value: Object) -> str:
    """Return the role in the grammar of an object that comes in several kinds."""
    if role == "xobject":
        return "image" if value.get("/Subtype") == Name.Image else "form"
    if role == "pattern":
        return "tiling" if isinstance(value, Stream) else "shaded"
    return role
