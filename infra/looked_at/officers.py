"""The desk: every role's own today, a case in each stage and tab, many at once, and what stands behind the links."""

from typing import Final

from functions.casework.directory.agencies import Role
from infra.looked_at.tour import Tour
from tests.browser.people import Person

WHO: Final = {
    "coordinator": ("kutim-1", "kutim", Role.COORDINATOR),
    "unit": ("dpupr-1", "kutim-dpupr", Role.OFFICER),
    "inspector": ("inspektorat-1", "kutim-inspektorat", Role.INSPECTOR),
    "overseer": ("kutim-2", "kutim", Role.OVERSEER),
    "centre": ("pusat-1", "pusat", Role.CENTRE),
}
SENTENCE: Final = "Lubangnya kami tambal Selasa depan."


def signing_in(tour: Tour) -> None:
    """The page that a link opens, and links that open nothing."""
    someone = tour.person()
    someone.go(tour.scene.link("dlh-1", "kutim-dlh"))
    tour.shoot(someone, "link-arrived")
    someone.sign_in(tour.scene.link("dlh-1", "kutim-dlh", hours=-1), 403)
    tour.shoot(someone, "link-expired")
    someone.go("/masuk/")
    someone.press("Kirim link baru", 422)
    tour.shoot(someone, "link-wanted-wrong")
    someone.write("Alamat email dinas Anda", "petugas1@dlh.example.id")
    someone.press("Kirim link baru", 202)
    tour.shoot(someone, "link-wanted")


def todays(tour: Tour) -> None:
    """The desk of every role: each chip, and the first case beside the list."""
    for name, who in WHO.items():
        officer = tour.officer(*who)
        tour.shoot(officer, f"today-{name}")
        views(tour, officer, name)


def views(tour: Tour, officer: Person, name: str) -> None:
    """Each chip, and the first case beside the list."""
    chips = [each.get_attribute("href") or "" for each in officer.page.locator(".chips a").all()]
    for href in chips:
        officer.go(href)
        tour.shoot(officer, f"view-{name}-{href.partition('=')[2] or href.strip('/').replace('/', '-')}")
    officer.go("/desk/")
    if officer.page.locator(".cases .number").count():
        number = officer.page.locator(".cases .number").first.inner_text()
        officer.go(f"/desk/?open={number}")
        tour.shoot(officer, f"beside-{name}")


def searching(tour: Tour) -> None:
    """With hits, without any, and with a reporter's receipt."""
    officer = tour.officer(*WHO["coordinator"])
    for name, words in {"hits": "jalan", "none": "%🙂", "receipt": "6TRYJ-D02P5-M554S-S1KS4-HDMR4"}.items():
        officer.go("/desk/")
        officer.page.get_by_role("searchbox").fill(words)
        officer.page.locator("form[role=search] button, .search button").click()
        officer.page.wait_for_load_state()
        tour.shoot(officer, f"search-{name}")


def together(tour: Tour) -> None:
    """Several at once, one of which moved meanwhile."""
    officer = tour.officer(*WHO["coordinator"])
    officer.go("/desk/?view=new")
    ticks = officer.page.locator(".tick input")
    count = min(4, ticks.count())
    for n in range(count):
        ticks.nth(n).check()
    numbers = [officer.page.locator(".cases .number").nth(n).inner_text() for n in range(count)]
    tour.shoot(officer, "bulk-ticked")
    officer.page.locator(".bulk .btn").first.click()
    officer.page.wait_for_load_state()
    tour.shoot(officer, "bulk-confirm")
    other = tour.officer(*WHO["coordinator"])
    other.go(f"/desk/cases/{numbers[0]}?do=handover")
    if other.page.locator("#reason, textarea[name=reason]").count():
        other.page.locator("textarea[name=reason]").first.fill("Kewenangan dinas itu.")
        other.page.get_by_role("button", name="Teruskan laporan").click()
        other.page.wait_for_load_state()
        tour.shoot(other, "handed-over")
    officer.page.locator("main form[action*=bulk] .btn").first.click()
    officer.page.wait_for_load_state()
    tour.shoot(officer, "bulk-one-moved")


def behind(tour: Tour) -> None:
    """The coordinator's directory, templates, figures, mail settings, quarantine."""
    officer = tour.officer(*WHO["coordinator"])
    for path, name in (
        ("/desk/instance/", "instance"),
        ("/desk/instance/units/kutim-dishub", "instance-unit"),
        ("/desk/instance/history/", "instance-history"),
        ("/desk/templates/", "templates"),
        ("/desk/templates/mulai", "template"),
        ("/desk/figures/", "figures"),
        ("/desk/settings", "settings"),
        ("/desk/quarantine/", "quarantine-empty"),
        ("/desk/mine/", "mine"),
        ("/desk/escalated/", "escalated"),
        ("/desk/second/", "second"),
    ):
        officer.go(path)
        tour.shoot(officer, name)
        if officer.page.locator("main details").count():
            tour.camera.unfolded(officer.page, name)


def cases(tour: Tour) -> None:
    """A unit's case in each stage and in each tab."""
    officer = tour.officer(*WHO["unit"])
    for stage in ("didisposisikan", "diproses", "ditahan", "ditanggapi", "selesai", "banding"):
        found = tour.heads("holder = 'kutim-dpupr' AND stage = ? AND about_agency <> 'kutim-dpupr'", stage)
        if not found:
            continue
        officer.go(f"/desk/cases/{found[0]}")
        tour.shoot(officer, f"case-{stage}")
        if stage == "diproses":
            tabs(tour, officer, "unit")
            officer.go(f"/desk/cases/{found[0]}?do=answer")
            officer.press("Kirim jawaban", 422)
            tour.shoot(officer, "case-wrong")
            officer.write("Jawaban Anda", SENTENCE)
            officer.press("Kirim jawaban")
            tour.shoot(officer, "case-answered")


def cases_of_coordinator(tour: Tour) -> None:
    """What waits to be sorted, and what they look on at."""
    officer = tour.officer(*WHO["coordinator"])
    for name, where in {
        "sort": "holder = 'kutim' AND stage NOT IN ('selesai', 'diarsipkan')",
        "looks-on": "holder = 'kutim-dpupr' AND stage = 'diproses'",
        "late": "holder <> 'kutim' AND escalated > 0",
    }.items():
        for number in tour.heads(where)[:1]:
            officer.go(f"/desk/cases/{number}")
            tour.shoot(officer, f"case-{name}")
            if name == "sort":
                tabs(tour, officer, "coordinator")


def tabs(tour: Tour, officer: Person, name: str) -> None:
    """Each tab of the case that is open; the last with all that folds."""
    links = [each.get_attribute("href") or "" for each in officer.page.locator(".tabs a").all()]
    for href in links[1:]:
        officer.go(href)
        tab = href.partition("do=")[2].partition("&")[0].partition("#")[0]
        tour.shoot(officer, f"tab-{name}-{tab}")
        if tab == "more":
            tour.camera.unfolded(officer.page, f"tab-{name}-{tab}")


STEPS: Final = (signing_in, todays, searching, together, behind, cases, cases_of_coordinator)
