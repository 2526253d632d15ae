"""Changes of a directory as sentences, for the coordinator who makes them, and the trail as a file."""

import csv
import io
from collections.abc import Iterable

from functions.casework.directory.agencies import Directory
from functions.casework.directory.diff import Change, What
from functions.casework.directory.tables import AGENCIES, HOLIDAYS, OFFICERS, TOPICS
from functions.casework.directory.trail import Trail
from functions.web.language import gettext
from functions.web.wording import N_

LEVELS = {
    "": N_("tidak disebut"),
    "opd": N_("perangkat daerah (OPD)"),
    "kecamatan": N_("kecamatan"),
    "desa": N_("desa atau kelurahan"),
}
ROLES = {
    "centre": N_("pengelola nasional"),
    "coordinator": N_("koordinator"),
    "officer": N_("petugas"),
    "inspector": N_("pemeriksa Inspektorat"),
    "overseer": N_("pengawas"),
    "custodian": N_("kustodian identitas"),
    "clerk": N_("petugas loket"),
}
FIELDS = {
    "name": N_("nama menjadi {new}"),
    "level": N_("tingkat menjadi {new}"),
    "parent": N_("sekarang di bawah {new}"),
    "once_below": N_("laporan tentang {new} tetap tersembunyi darinya"),
    "unit": N_("biasanya ditangani {new}"),
}
SAID = {
    (AGENCIES, What.ADDED): N_("Unit baru: {name} ({code}), di bawah {parent}."),
    (AGENCIES, What.REMOVED): N_("Unit dihapus: {name} ({code})."),
    (AGENCIES, What.CHANGED): N_("{name} ({code}): {told}."),
    (TOPICS, What.CHANGED): N_("Topik {name}: {told}."),
    (HOLIDAYS, What.ADDED): N_("Hari libur sendiri ditambah: {code}."),
    (HOLIDAYS, What.REMOVED): N_("Hari libur sendiri dihapus: {code}."),
    (OFFICERS, What.ADDED): N_("Petugas {code} ditambahkan: {role}, {agency}."),
    (OFFICERS, What.REMOVED): N_("Petugas {code} dikeluarkan: {role}, {agency}."),
}
NOBODY = N_("tidak ada unit tetap")
COLUMNS = ("n", "on", "by", "version", "change", "chain")
FORMULA = tuple("=+-@\t\r")


def say_change(change: Change, directory: Directory) -> str:
    """One change in the language of the request; one that the desk cannot make, as ops read it."""
    said = SAID.get((change.table, change.what))
    if said is None:
        return str(change)
    told = "; ".join(_field(name, new, directory) for name, (_, new) in change.fields.items())
    role = "".join(change.fields.get("role", ()))  # what it was, and what it became: one of them is nothing
    place = change.fields.get("parent") or change.fields.get("agency") or ("", "")
    facts = {
        "code": change.code,
        "name": _name(change, directory),
        "told": told,
        "parent": directory.agency(place[1] or place[0]).name,
        "agency": directory.agency(place[1] or place[0]).name,
        "role": gettext(ROLES[role]) if role else "",
    }
    return gettext(said).format(**facts)


def trail_csv(trail: Trail) -> str:
    """The whole trail, a line for each change, as ops read it; UTF-8 with a byte order mark, for spreadsheets."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for entry in trail.entries:
        for change in entry.changes:
            cells = (entry.n, entry.on.isoformat(), entry.by, entry.version, str(change), entry.chain.hex())
            writer.writerow([f"'{cell}" if str(cell).startswith(FORMULA) else cell for cell in cells])
    return "\ufeff" + out.getvalue()


def say_all(changes: Iterable[Change], directory: Directory) -> list[str]:
    """Several, in order."""
    return [say_change(change, directory) for change in changes]


def _field(name: str, new: str, directory: Directory) -> str:
    if name == "level":
        new = gettext(LEVELS.get(new, LEVELS[""]))
    elif name in ("parent", "unit"):
        new = directory.agency(new).name if new else gettext(NOBODY)
    elif name == "once_below":
        new = ", ".join(directory.agency(code).name for code in new.split())
    return gettext(FIELDS[name]).format(new=new) if name in FIELDS else f"{name}: {new}"


def _name(change: Change, directory: Directory) -> str:
    """What an entry was called when it was changed, where that is told; else as it is called now."""
    if change.table == TOPICS:
        topic = directory.topics.get(change.code)
        return topic.name if topic else change.code
    old, new = change.fields.get("name", ("", ""))
    return old or new or directory.agency(change.code).name
