"""What is kept of an OpenDocument text (ODF 1.3, part 3). All other names are dropped with their content."""

import re
from typing import Final

from functions.sanitize.office.theme import FONT
from functions.sanitize.office.xml_tree import names

# Elements that hold text; text elsewhere is only the layout of the file
WORDS: Final = names("text", "p h span note-citation")
KEPT: Final = (
    WORDS
    | names("text", "s tab line-break soft-page-break list list-item list-header section note note-body")
    | names("text", "list-style list-level-style-number list-level-style-bullet outline-style outline-level-style")
    | names("text", "notes-configuration")
    | names("table", "table table-column table-columns table-header-columns table-row table-rows table-header-rows")
    | names("table", "table-cell covered-table-cell")
    | names("style", "style default-style paragraph-properties text-properties table-properties graphic-properties")
    | names("style", "table-column-properties table-row-properties table-cell-properties section-properties")
    | names("style", "tab-stops tab-stop columns column column-sep list-level-properties list-level-label-alignment")
    | names("style", "page-layout page-layout-properties header-style footer-style header-footer-properties")
    | names("style", "footnote-sep drop-cap font-face header footer header-left footer-left header-first footer-first")
    | names("office", "styles automatic-styles font-face-decls")
)
# Dropped, but not what they hold: links, indexes, and fields that stay as the words they showed. Not here, so gone
# with what they show: text:author-name, author-initials, creator, initial-creator, every sender-*, file-name,
# template-name, user-defined, creation-*, modification-*, print-*, printed-by, editing-*, keywords, description,
# time, hidden-text, script and whatever else.
OPENED: Final = (
    names("text", "a ruby ruby-base meta meta-field bookmark-ref reference-ref note-ref sequence-ref sequence chapter")
    | names("text", "date title subject variable-set variable-get variable-input user-field-get user-field-input")
    | names("text", "expression text-input placeholder conditional-text database-display bibliography-mark measure")
    | names("text", "page-variable-get drop-down number numbered-paragraph")
    | names("text", "table-of-content illustration-index table-index object-index user-index alphabetical-index")
    | names("text", "bibliography index-body index-title")
    | names("draw", "a g")
)
LIVE: Final = names("text", "page-number page-count")
SHAPES: Final = names("draw", "custom-shape rect ellipse circle polygon polyline path regular-polygon caption")

_SIDES: Final = ("left", "right", "top", "bottom")
ATTRIBUTES: Final = (
    names("fo", "font-size font-style font-weight font-variant color background-color text-align text-align-last")
    | names("fo", "text-indent margin padding border line-height text-transform letter-spacing break-before")
    | names("fo", "break-after keep-together keep-with-next orphans widows page-width page-height min-height")
    | names("fo", "min-width max-width max-height height width start-indent end-indent column-count column-gap")
    | names("fo", "text-shadow wrap-option")
    | names("fo", " ".join(f"{kind}-{side}" for kind in ("margin", "padding", "border") for side in _SIDES))
    | names("style", "family class default-outline-level list-level text-underline-style text-underline-width")
    | names("style", "text-underline-color text-underline-type text-underline-mode text-line-through-style")
    | names("style", "text-line-through-type text-line-through-width text-line-through-color text-position")
    | names("style", "text-outline text-scale text-emphasize font-relief use-window-font-color writing-mode")
    | names("style", "line-spacing line-height-at-least tab-stop-distance justify-single-line vertical-align")
    | names("style", "border-line-width vertical-pos vertical-rel horizontal-pos horizontal-rel wrap run-through")
    | names("style", "rel-width width rel-column-width column-width row-height min-row-height use-optimal-row-height")
    | names("style", "use-optimal-column-width may-break-between-rows print-orientation num-format num-letter-sync")
    | names("style", "page-usage position type leader-style leader-type leader-width leader-color page-number")
    | names("style", "dynamic-spacing adjustment color font-pitch font-family-generic auto-text-indent length lines")
    | names("style", "contextual-spacing distance-before-sep distance-after-sep line-style height distance")
    | names("style", "font-size-asian font-size-complex font-style-asian font-style-complex font-weight-asian")
    | names("style", "font-weight-complex first-page-number snap-to-layout-grid footnote-max-height")
    | names("text", "outline-level c level start-value display-levels bullet-relative-size note-class")
    | names("text", "list-level-position-and-space-mode label-followed-by list-tab-stop-position space-before")
    | names("text", "min-label-width min-label-distance continue-numbering anchor-type start-numbering-at")
    | names("text", "footnotes-position consecutive-numbering is-list-header restart-numbering")
    | names("table", "number-columns-repeated number-rows-repeated number-columns-spanned number-rows-spanned")
    | names("table", "align border-model")
    | names("draw", "z-index")
    | names("svg", "width height x y")
)
FONTS: Final = names("style", "font-name font-name-asian font-name-complex") | {"svg:font-family"}
# Short texts around a number or before an item
LABELS: Final = names("style", "num-prefix num-suffix leader-text") | {"text:bullet-char"}
_LONGEST_LABEL: Final = 20
_WORD: Final = (
    r"(?:-?[0-9]{0,6}\.?[0-9]{1,8}(?:cm|mm|in|pt|pc|px|em|%|\*)?|#[0-9A-Fa-f]{3,8}|[aAiI1]|[a-z][a-z-]{0,24})"
)
VALUE: Final = re.compile(rf"(?:{_WORD}(?: {_WORD}){{0,7}})?")
# Styles that programs know by name; any other name may be that of an office or a person.
BUILT_IN: Final = re.compile(
    r"Standard|Text_20_body|Heading(?:_20_\d{1,2})?|Title|Subtitle|List|Caption|Index|Header|Footer|Footnote|Endnote"
    r"|Table_20_(?:Contents|Heading)|Header_20_and_20_Footer|Internet_20_link|Numbering_20_Symbols|Bullet_20_Symbols"
    r"|Footnote_20_(?:Symbol|anchor)|Endnote_20_(?:Symbol|anchor)|Graphics|Frame|First_20_Page|Quotations|Emphasis"
    r"|Strong_20_Emphasis|Preformatted_20_Text|Contents_20_(?:\d{1,2}|Heading)|Placeholder|No_20_List"
)


def is_style_name(tag: str, name: str) -> bool:
    """Tell whether an attribute holds the name of a style, a list, a page or its layout."""
    if name == "style:name":
        return tag != "style:font-face"
    return name.endswith((":style-name", "-style-name", ":master-page-name", ":page-layout-name"))


def value_of(tag: str, name: str, value: str) -> str | None:
    """Return an attribute's value if both its name and its form are known, else None. Not for names of styles."""
    if name in FONTS or (name == "style:name" and tag == "style:font-face"):
        plain = value.replace("'", "").replace('"', "")
        return value if all(FONT.fullmatch(part.strip()) for part in plain.split(",")) else None
    if name in LABELS:
        return value[:_LONGEST_LABEL]
    return value if name in ATTRIBUTES and VALUE.fullmatch(value) else None
