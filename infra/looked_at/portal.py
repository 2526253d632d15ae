"""The frozen pages, in both languages, and what the barometer has beside them."""

from typing import Final

from infra.looked_at.tour import Tour

PAGES: Final = (
    *(
        "/",
        "/lapor/",
        "/lapor/antrean/",
        "/lacak/",
        "/privasi/",
        "/bantuan/",
        "/masuk/",
        "/masuk/kustodian/",
        "/laporan/",
    ),
    *("/en/", "/en/lapor/", "/en/lacak/", "/en/privasi/", "/en/bantuan/", "/en/laporan/", "/en/barometer/"),
)

EDITIONS: Final = {
    "/barometer/": "newest",
    "/barometer/cara/": "how",
    "/barometer/2025-10/": "first",
    "/en/barometer/cara/": "how-english",
}
# Agencies with much, with little and with nothing, and those who sort; a topic and districts likewise.
PLACES: Final = (
    *("dinas/kutim-dpupr", "dinas/kutim-dishub", "dinas/kutim-bkpsdm", "dinas/kutim", "topik/jalan"),
    *("kecamatan/64.08.04", "kecamatan/64.08.18"),
)


def frozen(tour: Tour) -> None:
    """All pages; where scripts change a page, also without them."""
    someone = tour.person()
    for path in PAGES:
        someone.page.goto(path)
        tour.shoot(someone, path.strip("/").replace("/", "-") or "home")
    for path in ("/bantuan/", "/privasi/"):
        someone.page.goto(path)
        tour.camera.unfolded(someone.page, path.strip("/"))
    plain = tour.person(javascript=False)
    for path in ("/", "/lapor/", "/lacak/", "/masuk/"):
        plain.page.goto(path)
        tour.shoot(plain, f"{path.strip('/') or 'home'}-no-script")


def barometer(tour: Tour) -> None:
    """The newest edition with one page of each sort below it, an old edition, and how it is counted."""
    someone = tour.person()
    for path, name in EDITIONS.items():
        someone.page.goto(path)
        tour.shoot(someone, f"barometer-{name}")
    someone.page.goto("/barometer/")
    tour.camera.unfolded(someone.page, "barometer-newest")
    choices = someone.page.locator(".pair select")
    for n in (0, 1):
        choices.nth(n).select_option(index=n + 2)
    tour.shoot(someone, "barometer-two-agencies")
    newest = max(path for path in tour.portal_pages("barometer") if path.count("/") == 3 and path[11:12] == "2")  # noqa: PLR2004 - /barometer/2026-10/
    for place in PLACES:
        someone.page.goto(f"{newest}{place}/")
        tour.shoot(someone, f"barometer-{place.replace('/', '-')}")


def one_public_report(tour: Tour) -> None:
    """The first of the public reports, as it can be quoted."""
    someone = tour.person()
    found = [path for path in tour.portal_pages("laporan") if path.startswith("/laporan/P")]
    for path, name in (*((path, "one") for path in found[:1]), ("/laporan/topik/jalan/", "topic")):
        someone.page.goto(path)
        tour.shoot(someone, f"laporan-{name}")


STEPS: Final = (frozen, barometer, one_public_report)
