"""The part of the pictures (``infra/screenshots.py``) that shows what officers do beside answering: second units,
joined reports, templates, an officer's own list, the overseer's decision, a coordinator's instance, figures.
"""  # noqa: INP001 - a program's part

from collections.abc import Callable

from playwright.sync_api import Page

from functions.casework.directory.agencies import Role
from tests.browser.people import Person
from tests.browser.scene import COORDINATOR, Scene

UNFOLD = "for (const d of document.querySelectorAll('details')) { d.removeAttribute('name'); d.open = true }"
Shoot = Callable[[Page, str], None]


def together(officer: Person, scene: Scene, shoot: Shoot) -> None:
    """A second unit, and a report joined to another."""
    _, first, hands = scene.handed_over(subject="Jembatan ke sekolah putus")
    _, other, _ = scene.handed_over(subject="Papan jembatan hilang")
    reason = "Perahu desa, bagian Dinas Perhubungan."
    hands.post(f"/desk/cases/{first}/second", {"agency": "kutim-dishub", "reason": reason})
    officer.sign_in(scene.link("dpupr-2", "kutim-dpupr"))
    officer.go(f"/desk/cases/{other}?do=more")
    officer.page.evaluate(UNFOLD)
    shoot(officer.page, "desk-beside-forms")
    officer.page.locator("form[action$='/join'] input[name=tracking_id]").fill(first)
    officer.page.locator("form[action$='/join'] textarea").fill("Jembatan yang sama.")
    officer.page.locator("form[action$='/join'] button").click()
    shoot(officer.page, "desk-joined-into")
    officer.go(f"/desk/cases/{first}")
    shoot(officer.page, "desk-joined-from")
    officer.go(f"/desk/cases/{first}?do=assign")
    officer.press("Saya tangani")
    officer.go("/desk/mine/")
    shoot(officer.page, "desk-mine")
    officer.press("Keluar")
    officer.sign_in(scene.link("dishub-1", "kutim-dishub"))
    shoot(officer.page, "desk-second-inbox")
    officer.go("/desk/second/")
    shoot(officer.page, "desk-second")
    officer.go(f"/desk/cases/{first}")
    shoot(officer.page, "desk-second-case")
    officer.press("Keluar")


def lifting(reporter: Person, overseer: Person, scene: Scene, shoot: Shoot) -> None:
    """The coordinator asks that the accused may read a case; its reporter and the overseer meet that."""
    receipt, case_id = scene.report(about_agency="kutim-dpupr", subject="Jembatan ke sekolah putus")
    hands = scene.desk(COORDINATOR, case_id)
    hands.post(f"/desk/cases/{case_id}/lift", {"reason": "Hanya dinas itu yang dapat memperbaiki jembatan."})
    reporter.open_report(receipt)
    shoot(reporter.page, "thread-lift-asked")
    overseer.sign_in(scene.link("kutim-2", "kutim", role=Role.OVERSEER))
    shoot(overseer.page, "desk-overseer-inbox")
    overseer.go(f"/desk/cases/{case_id}")
    overseer.page.evaluate(UNFOLD)
    shoot(overseer.page, "desk-lift-decision")
    overseer.press("Keluar")


def tending(coordinator: Person, scene: Scene, shoot: Shoot) -> None:
    """A coordinator's own instance, its templates, its figures. He is signed in."""
    scene.counted()
    for path, name in (
        ("/desk/instance/", "desk-instance"),
        ("/desk/instance/units/kutim-dishub", "desk-instance-unit"),
        ("/desk/instance/history/", "desk-instance-history"),
        ("/desk/templates/", "desk-templates"),
        ("/desk/templates/mulai", "desk-template"),
        ("/desk/figures/", "desk-figures"),
    ):
        coordinator.go(path)
        coordinator.page.evaluate(UNFOLD)
        shoot(coordinator.page, name)
