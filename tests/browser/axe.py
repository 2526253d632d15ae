"""axe in a page: put there once, and asked for violations alone. To list what passes takes it as long again."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any, Literal
from xml.etree.ElementTree import Element

from axe_playwright_python.base import AxeBase, AxeResults
from playwright.sync_api import Page

THERE = "() => Boolean(globalThis.axe)"
RUN = "options => axe.run(document, options).then(({ violations }) => ({ violations }))"
CONTRAST = "color-contrast"
# With a palette of the user's own, grounds and shadows are gone: what is pressed or filled in must have an edge or a line
# below it, and nothing but a picture may keep colours of ours. Returns what does not.
LOST_IN_FORCED_COLOURS = """() => [...document.querySelectorAll("body *")].filter((e) => {
  const style = getComputedStyle(e), ground = getComputedStyle(document.body).backgroundColor;
  if (!e.checkVisibility()) return false;
  if (style.forcedColorAdjust === "none") return !(e instanceof SVGElement);
  const pressed = "button, .btn, select, textarea, .choice, input:not([type=hidden], [type=radio], [type=checkbox])";
  const { borderTopWidth: width, borderTopStyle: line, borderTopColor: colour, textDecorationLine: below } = style;
  const edge = parseFloat(width) > 0 && line !== "none" && colour !== ground && !/^rgba.*, 0\\)$/.test(colour);
  return e.matches(pressed) && !edge && below !== "underline";
}).map((e) => e.outerHTML.slice(0, 100))"""
STRUCTURE = {"rules": {CONTRAST: {"enabled": False}}}  # all but colours, which ``Axe.contrast`` looks at
# What axe can find of an element's contrast follows from its own colour and size and from all grounds below it. To
# look through each of a page's words takes axe most of its time, and there are a few dozen of these.
LOOKS = """() => {
  const grounds = new Map();
  const ground = element => {
    if (!element) return "";
    if (!grounds.has(element)) {
      const { backgroundColor, backgroundImage, opacity, mixBlendMode, filter } = getComputedStyle(element);
      const own = [backgroundColor, backgroundImage, opacity, mixBlendMode, filter].join(" ");
      const above = ground(element.parentElement);
      grounds.set(element, own === "rgba(0, 0, 0, 0) none 1 normal none" ? above : `${above}|${own}`);
    }
    return grounds.get(element);
  };
  const look = element => {
    const { color, fontSize, fontWeight, textShadow, position } = getComputedStyle(element);
    const { width, height } = element.getBoundingClientRect();
    const off = Boolean(element.closest("[aria-disabled=true], :disabled") || element.control?.disabled);
    return [ground(element), color, fontSize, fontWeight, textShadow, position, off, width > 1 && height > 1].join(";");
  };
  const says = element => element.matches("input, select, textarea")
    || [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim());
  const shown = [...document.querySelectorAll("body *")].filter(each => says(each) && each.checkVisibility());
  globalThis.looks = new Map(shown.map(each => [each, look(each)]));
  globalThis.words = each => String(each.value ?? each.textContent.trim().slice(0, 100));
  return [...looks].map(([each, look]) => [look, words(each)]);
}"""
LOOK = """async ([options, fresh]) => {
  const asked = new Set(fresh.map(each => each.join("\\n")));
  const include = [...looks.keys()].filter(each => asked.has(`${looks.get(each)}\\n${words(each)}`));
  const { violations, passes } = await axe.run({ include }, { ...options, elementRef: true });
  const sound = passes.flatMap(({ nodes }) => nodes.map(({ element }) => looks.get(element)));
  for (const { nodes } of violations) for (const node of nodes) delete node.element;
  return { violations, sound: sound.filter(Boolean) };
}"""

# What decides what axe, the colours and a palette of the user's own make of an element, beside its words.
STYLED = ("class", "role", "hidden", "open", "disabled", "aria-disabled", "aria-hidden", "aria-current")
# What axe looks up of an attribute: its value, or only whether it says anything.
VALUES = ("aria-atomic", "aria-current", "aria-disabled", "aria-expanded", "aria-hidden", "aria-invalid", "aria-live")
VALUES += ("aria-modal", "aria-pressed", "aria-relevant", "aria-required", "aria-selected", "aria-sort", "autocomplete")
VALUES += ("dir", "lang", "role", "scope", "tabindex", "type")
NAMED = (
    "alt",
    "aria-controls",
    "aria-describedby",
    "aria-label",
    "aria-labelledby",
    "for",
    "href",
    "id",
    "src",
    "title",
)
HOLDERS = (
    "dl",
    "fieldset",
    "figure",
    "ol",
    "select",
    "table",
    "tbody",
    "thead",
    "tr",
    "ul",
)  # only some may be in them
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
LANDMARKS = ("header", "nav", "main", "aside", "footer", "section", "form", "dialog")
Fact = tuple[Any, ...]


def facts(root: Element) -> set[Fact]:
    """How a page is built, in facts of which other pages have many too: by which elements and classes one comes to each
    part of it, and whether that says something; each element's own attributes, as far as axe asks for them, with what
    it holds; which heading follows which; the landmarks."""
    found: set[Fact] = set()
    told = [element.tag for element in root.iter() if element.tag in HEADINGS]
    found.update(("headings", *pair) for pair in pairwise(told))
    found.add(("landmarks", *dict.fromkeys(element.tag for element in root.iter() if element.tag in LANDMARKS)))
    _add_facts(root, (), found)
    return found


def _add_facts(element: Element, way: Fact, found: set[Fact]) -> bool:
    """Add what is to be known of an element and what it holds. Returns whether any of it says something."""
    way = (*way, str(element.tag), *(element.get(name) for name in STYLED))
    own = bool((element.text or "").strip()) or any((child.tail or "").strip() for child in element)
    says = sum(_add_facts(child, way, found) for child in element) > 0 or own
    asked = (*(element.get(name) for name in VALUES), *(bool(element.get(name)) for name in NAMED))
    held = frozenset(str(child.tag) for child in element) if element.tag in HOLDERS else None
    found.update({(hash((way, own)),), (str(element.tag), *asked, says, held)})
    return says


Screen = tuple[int, Literal["light", "dark"]]  # its width, and whether it is light or dark


def on_each(page: Page, screens: Iterable[Screen]) -> Iterator[Screen]:
    """Show the page that is open on one screen after the other. What differs between them is in its style sheets alone,
    and a page laid out anew costs a tenth of one loaded anew."""
    for width, scheme in screens:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)
        yield width, scheme


class Axe(AxeBase):
    """As ``axe_playwright_python``'s own, which puts its half a megabyte into the page at each run."""

    def __init__(self) -> None:
        super().__init__()
        self.sound: set[str] = set()
        self.unsaid: set[tuple[str, str]] = set()  # looks and words of which axe said neither: they are not asked again

    def run(self, page: Page, options: dict[str, Any] | None = None) -> AxeResults:
        """The violations on the page as it is."""
        self._put(page)
        return AxeResults(page.evaluate(RUN, {**(options or {}), "resultTypes": ["violations"]}))

    def contrast(self, page: Page) -> AxeResults:
        """The violations of contrast, among what looks other than all that was found to be sound before."""
        shown = {(look, words) for look, words in page.evaluate(LOOKS) if look not in self.sound}
        fresh = sorted(shown - self.unsaid)
        if not fresh:
            return AxeResults({"violations": []})
        self._put(page)
        found = page.evaluate(LOOK, [{"runOnly": [CONTRAST]}, fresh])
        self.sound.update(found.pop("sound"))
        if not found["violations"]:
            self.unsaid.update(pair for pair in fresh if pair[0] not in self.sound)
        return AxeResults(found)

    def lost_in_forced_colours(self, page: Page) -> list[str]:
        """What cannot be told from its ground with a palette of the user's own."""
        page.emulate_media(forced_colors="active")
        found: list[str] = page.evaluate(LOST_IN_FORCED_COLOURS)
        page.emulate_media(forced_colors="none")
        return found

    def _put(self, page: Page) -> None:
        if not page.evaluate(THERE):
            page.evaluate(self.axe_script)
