"""How invented reports come in: by the form, by SMS, in a spreadsheet of letters; some with a name or a photo."""

import csv
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any, Final, NamedTuple

from functions.casework.case import Mode
from functions.casework.channel import Channel, Contact
from functions.casework.receipt import Receipt
from functions.casework.report import Report, read_report
from functions.cli.letters.rows import COLUMNS, Letters, write_template
from infra.demo.office import Office
from infra.demo.photo import draw_road

WORDS: Final = Path(__file__).with_name("words.toml")
SHARES: Final = {"accuses": 0.09, "sms": 0.08, "trust": 0.03}
LETTERS: Final = 6  # of one spreadsheet
PHOTOS: Final = 4  # cases with photos: making a file anew takes a process of its own
VARIANTS: Final = 3  # of each matter's words: a text that was said before is not looked through again
PHOTOGRAPHED: Final = ("jalan",)


class Arrived(NamedTuple):
    """A case that came in, and the entry of ``words.toml`` it tells of."""

    receipt: Receipt
    case_id: str
    matter: dict[str, str]


@dataclass
class Arrivals:
    """Invents reports and submits them. ``trusted`` are the cases with a name, ``pictured`` those with a photo."""

    office: Office
    random: Random
    words: dict[str, Any] = field(default_factory=lambda: tomllib.loads(WORDS.read_text(encoding="utf-8")))
    trusted: list[str] = field(default_factory=list)
    pictured: list[str] = field(default_factory=list)
    receipts: dict[str, Receipt] = field(default_factory=dict)

    def key(self) -> str:
        """Return the next key of a client."""
        return f"{self.random.getrandbits(128):032x}"

    def say(self, what: str) -> str:
        """Return one of the usual sentences."""
        return str(self.random.choice(self.words[what]))

    def online(self, *, recent: bool) -> Arrived:
        """Submit one report by the form or by SMS. A ``recent`` one may bring a photo."""
        random, office = self.random, self.office
        matter = random.choice(self.words["matters"])
        typed = self._typed(matter)
        accused = self._accused(matter["topic"]) if random.random() < SHARES["accuses"] else ""
        trusts = not accused and random.random() < SHARES["trust"]
        typed |= {
            "kind": random.choices(("pengaduan", "aspirasi", "informasi"), (8, 1, 1))[0],
            "about_agency": accused,
            "identity_mode": Mode.RAHASIA if trusts else Mode.ANONIM,
        }
        typed |= {"name": "Warga Contoh", "contact": "warga@contoh.example.id"} if trusts else {}
        report, contact = read_report(typed, office.directory, office.day), None
        if not trusts and random.random() < SHARES["sms"]:
            contact = Contact(Channel.SMS, f"+62812000{random.randint(0, 99_999):05d}")
            report = replace(report, subject="", place="")
        arrived = self._submit(report, matter, contact)
        if trusts:
            self.trusted.append(arrived.case_id)
        if recent and not contact and matter["topic"] in PHOTOGRAPHED and len(self.pictured) < PHOTOS:
            office.converse.attach(arrived.receipt, draw_road(len(self.pictured), mended=False), self.key())
            self.pictured.append(arrived.case_id)
        return arrived

    def _accused(self, topic: str) -> str:
        """Return whom such a report is about: the unit of its topic, or whoever hands reports out."""
        directory = self.office.directory
        desks = [each.code for each in directory.instances()]
        return self.random.choices((directory.topics[topic].unit, self.random.choice(desks)), (4, 1))[0]

    def letters(self, path: Path) -> Iterator[Arrived]:
        """Write a spreadsheet of letters as a clerk would, and take it in."""
        path.parent.mkdir(mode=0o700, exist_ok=True)
        write_template(path, self.office.directory)
        matters = [self.random.choice(self.words["matters"]) for _ in range(LETTERS)]
        with path.open("a", encoding="utf-8", newline="") as file:
            table = csv.DictWriter(file, list(COLUMNS), lineterminator="\n")
            for matter in matters:
                typed = self._typed(matter)
                table.writerow({heading: typed.get(name, "") for heading, (name, _) in COLUMNS.items()})
        rows = Letters(path, self.office.directory, self.office.day)
        for (number, cells), matter in zip(rows, matters, strict=True):
            yield self._submit(rows.report(number, cells), matter, None)

    def _typed(self, matter: dict[str, str]) -> dict[str, str]:
        places, spans = self.words["places"], self.words["spans"]
        places = places.get(matter["topic"], places["any"])
        variant = self.random.randrange(VARIANTS) + len(matter["subject"])  # others for each matter
        place = places[variant % len(places)]
        return {
            "topic": matter["topic"],
            "district": self.random.choice(list(self.office.directory.districts)),
            "subject": matter["subject"],
            "body": matter["body"].format(tempat=place, lama=spans[variant % len(spans)]),
            "place": place,
        }

    def _submit(self, report: Report, matter: dict[str, str], contact: Contact | None) -> Arrived:
        done = self.office.submit(report, bytes.fromhex(self.key()), contact=contact)
        assert done.receipt  # noqa: S101 - a report in clear has one
        self.receipts[done.tracking_id] = done.receipt
        return Arrived(done.receipt, done.tracking_id, matter)
