"""A reporter without a mouse: from the home page to the code, and back to the thread, with keys alone. The officers' day
by keys is in ``test_meja.py``."""

import re

from playwright.sync_api import Browser, expect

from tests.browser.people import PHONE, Person
from tests.server import Running

MOST_TABS = 40
# What has the focus: its words or label, whether a ring shows it, and whether all of it can be seen.
HERE = """() => {
  const e = document.activeElement, box = e.closest(".choice") || e, { left, top, bottom, width, height } = box.getBoundingClientRect();
  const label = e.labels?.[0] || e, { outlineStyle, outlineWidth } = getComputedStyle(e);
  const at = document.elementFromPoint(left + width / 2, Math.max(0, top + 1));
  const head = document.querySelector(".top"), covered = head && !head.contains(e) && at && head.contains(at);
  return { says: label.innerText.trim(), ring: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2,
    seen: !covered && height > 0 && bottom > 0 && top < innerHeight };
}"""


class Keys(Person):
    """Somebody who presses keys only."""

    def tab_to(self, name: str) -> None:
        """Press Tab until what is called so has the focus; wherever the focus stops on the way, it shows."""
        stops: list[str] = []
        while not stops or not re.match(name, stops[-1]):
            assert len(stops) < MOST_TABS, (name, stops)
            self.page.keyboard.press("Tab")
            here = self.page.evaluate(HERE)
            stops.append(here["says"])
            assert here["ring"], f"nothing shows the focus: {stops}"
            assert here["seen"], f"the focus is out of sight: {stops}"

    def enters(self, title: str) -> None:
        """Press Enter, and come to the page of this heading."""
        self.page.keyboard.press("Enter")
        self.page.get_by_role("heading", level=1, name=title).wait_for()
        self.look()


def test_a_report_and_its_thread_with_keys_alone(browser: Browser, product: Running) -> None:
    person = Keys(browser, product.url, screen=PHONE)
    keys = person.page.keyboard
    person.go("/")
    person.tab_to("Langsung ke isi")
    keys.press("Enter")
    person.tab_to("Tulis laporan")
    person.enters("Ceritakan masalahnya")
    person.tab_to("Mengadu")
    keys.press("ArrowRight")
    expect(person.page.get_by_role("radio", name="Beri usul")).to_be_checked()
    keys.press("ArrowLeft")
    person.tab_to("Apa yang terjadi")
    keys.type("Lampu jalan di depan sekolah mati sejak Senin. Hubungi saya 0812 3456 7890.")
    person.tab_to("Di kecamatan mana")
    keys.type("Sangkuli")
    expect(person.page.get_by_label("Di kecamatan mana?")).to_have_value(re.compile(r"64\.08\..+"))
    person.tab_to("Titipkan nama saya")
    keys.press("Enter")
    expect(person.page.get_by_role("radio", name="Tidak seorang pun")).to_be_visible()
    person.tab_to("Periksa sebelum dikirim")
    person.enters("Periksa sebelum dikirim")
    person.tab_to("Kirim laporan")
    keys.press("Enter")
    person.page.locator(".code").or_(person.page.locator(".errors")).first.wait_for()
    if person.page.locator(".errors").count():  # the topic, where the words propose none
        person.tab_to("Pilih topik")
        keys.press("Enter")
        keys.type("Jalan")
        person.tab_to("Kirim laporan")
        keys.press("Enter")
    person.page.locator(".code").wait_for()
    person.look()
    receipt, groups = person.code(), person.code().split("-")
    person.tab_to("Kode sudah saya simpan")
    keys.press("Enter")
    asked = person.page.locator("label[for=answer]")
    asked.wait_for()
    expect(person.page.locator("#answer")).to_be_focused()
    keys.type(groups[int(re.findall("[1-5]", asked.inner_text())[0]) - 1])
    keys.press("Enter")
    person.page.get_by_text("Kode Anda tersimpan dengan benar.").wait_for()
    person.tab_to("Selesai")
    keys.press("Enter")
    person.page.wait_for_url(f"{product.url}/")
    person.tab_to("Lihat jawaban laporan saya")
    person.enters("Buka laporan Anda")
    person.tab_to("Kode laporan")
    keys.type(receipt)
    keys.press("Enter")
    person.page.wait_for_url("**/api/thread**")
    person.reads("Lampu jalan di depan sekolah mati sejak Senin.")
    person.leave()
