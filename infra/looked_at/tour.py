"""What every part of the tour needs: people at browsers, the invented year, the camera."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser

from functions.casework.directory.agencies import Role
from infra.looked_at.camera import Camera
from tests.browser.people import Person
from tests.browser.scene import Scene
from tests.server import Running

WORDS = (
    "Jembatan kayu menuju sekolah putus sejak hujan Senin lalu. Anak-anak menyeberang lewat sungai.\n\n"
    "Kepala desa sudah tahu, tetapi belum ada yang datang."
)


@dataclass
class Tour:
    """A running demonstration, and who goes through it."""

    product: Running
    browser: Browser
    camera: Camera
    people: list[Person] = field(default_factory=list)

    @property
    def scene(self) -> Scene:
        """Ways to bring a case to a stage."""
        return Scene(self.product)

    def person(self, *, javascript: bool = True) -> Person:
        """Somebody new, at the portal."""
        someone = Person(self.browser, self.product.url, javascript=javascript)
        someone.context.close()
        someone.context = self.browser.new_context(
            base_url=self.product.url,
            java_script_enabled=javascript,
            viewport={"width": 360, "height": 640},
            locale="id-ID",
            service_workers="block",
        )
        someone.page = someone.context.new_page()
        self.people.append(someone)
        return someone

    def officer(self, ident: str, agency: str, role: Role = Role.OFFICER, *, case_id: str = "") -> Person:
        """An officer who is signed in."""
        someone = self.person()
        someone.sign_in(self.scene.link(ident, agency, role=role, case_id=case_id))
        return someone

    def shoot(self, someone: Person, name: str) -> None:
        """Take what they see."""
        self.camera.shoot(someone.page, name)

    def leave(self) -> None:
        """Close everybody's browser."""
        for someone in self.people:
            someone.context.close()
        self.people.clear()

    def receipts(self) -> dict[str, str]:
        """Return the demonstration's receipts by what is to be seen there."""
        listed: list[dict[str, str]] = json.loads((self.product.folder / "contoh.json").read_bytes())
        return {each["what"]: each["receipt"] for each in listed[::-1]}

    def portal_pages(self, folder: str) -> list[str]:
        """Return the addresses of the frozen pages below a folder."""
        root = self.scene.settings.portal_dir
        return [f"/{page.parent.relative_to(root)}/" for page in sorted((root / folder).rglob("index.html"))]

    def heads(self, where: str, *values: Any) -> list[str]:
        """Return numbers of cases that a condition on the table of cases fits."""
        import sqlite3  # noqa: PLC0415 - the demonstration's own store, read beside the product
        from contextlib import closing  # noqa: PLC0415 - as above

        path: Path = self.product.folder / "lapor.sqlite"
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as store:
            return [row[0] for row in store.execute(f"SELECT case_id FROM cases WHERE {where} LIMIT 3", values)]  # noqa: S608 - conditions of this program
