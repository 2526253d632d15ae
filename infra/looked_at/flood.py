"""A full quarantine: many reports at once, by a program, without any sign of a person."""

from secrets import token_hex
from typing import Final

from infra.looked_at.officers import WHO
from infra.looked_at.tour import Tour

PASSING, HELD = 60, 12  # with FLOOD_PER_HOUR as ``__main__`` sets it, the first pass


def full(tour: Tour) -> None:
    """The coordinator's desk, the quarantine, and its mistakes. Comes last: what is sent afterwards waits here too."""
    for n in range(PASSING + HELD):
        fields = {"kind": "pengaduan", "topic": "jalan", "district": "64.08.04", "body": f"Beli pulsa murah {n}"}
        tour.scene.post.post("/api/reports", fields | {"submission_key": token_hex(16)}, 201)
    officer = tour.officer(*WHO["coordinator"])
    tour.shoot(officer, "today")
    officer.go("/desk/quarantine/")
    tour.shoot(officer, "quarantine")
    officer.press("Arsipkan yang dicentang", 422)
    tour.shoot(officer, "quarantine-wrong")
    officer.follow("Baca laporannya " + officer.page.locator(".choice input").first.get_attribute("value"))  # type: ignore[operator]  # each has a value
    tour.shoot(officer, "case")
    officer.go("/desk/quarantine/")
    for box in officer.page.locator(".choice input").all():
        box.check()
    officer.write("Alasan pengarsipan", "Iklan, bukan laporan.")
    officer.press("Arsipkan yang dicentang")
    tour.shoot(officer, "archived")


STEPS: Final = (full,)
