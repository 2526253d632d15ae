"""What a program can find wrong on a screen before a person looks: width, height of what is pressed, words cut off."""

from typing import Final

from playwright.sync_api import Page

TOUCH_PX: Final = 44
# Links within a sentence are as high as its line (WCAG 2.5.8); what hides a field is pressed by its label.
FIND: Final = """touch => {
  const found = [], seen = new Set();
  const say = (what, e) => {
    const line = `${what}: ${e.outerHTML.slice(0, 90).replace(/\\s+/g, " ")}`;
    if (!seen.has(line)) found.push(line);
    seen.add(line);
  };
  const wide = document.documentElement.scrollWidth - innerWidth;
  if (wide > 0) found.push(`wider than the screen by ${wide} px`);
  if (document.querySelectorAll("h1").length !== 1) found.push("not one h1");
  for (const e of document.querySelectorAll("body *")) {
    const shown = e.checkVisibility({ visibilityProperty: true, opacityProperty: true });
    if (!shown || e.closest(".unseen, .skip")) continue;
    const box = e.getBoundingClientRect(), style = getComputedStyle(e);
    if (e.matches("a[href], button, summary, select, textarea, input:not([type=hidden])")) {
      const held = e.closest("label") ?? e, high = held.getBoundingClientRect().height;
      const inline = style.display === "inline" && [...e.parentElement.childNodes]
        .some((n) => n.nodeType === Node.TEXT_NODE && /\\p{L}{2}/u.test(n.data));
      const after = getComputedStyle(e, "::after");
      if (high < touch - 0.5 && !inline && after.position !== "absolute") say(`only ${Math.round(high)} px high`, e);
    }
    const cut = style.overflowX !== "visible" && !/auto|scroll/.test(style.overflowX);
    if (cut && !(e instanceof SVGElement) && e.scrollWidth > e.clientWidth + 1 && e.textContent.trim()
      && !e.matches("input, select, textarea")) say("cut off", e);
    if (box.width && (box.right > innerWidth + 1 || box.left < -1) && !e.closest("svg, .scroll")
      && ![...e.children].length) say("outside the screen", e);
  }
  const words = document.body.innerText;
  for (const odd of words.match(/\\b\\d{4}-\\d\\d-\\d\\d\\b|\\bNone\\b|\\bundefined\\b|%\\(\\w+\\)s|\\{\\w+\\}/g) ?? [])
    found.push(`odd words: ${odd}`);
  return found;
}"""


def faults_of(page: Page) -> list[str]:
    """Return what is wrong on the page at its present size, a line each."""
    found: list[str] = page.evaluate(FIND, TOUCH_PX)
    return sorted(set(found))
