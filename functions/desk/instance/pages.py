"""The pages of ``desk.instance.admin``: units, topics, days off, officers, trail, and a change before it is made."""

from collections.abc import Iterable
from typing import Any

from flask import render_template

from functions.actions.common.sign_in import Session
from functions.actions.officer.instance.directory_admin import Standing
from functions.actions.officer.instance.directory_history import History
from functions.casework.directory.agencies import Agency, Directory, Member
from functions.casework.directory.diff import Change, What
from functions.casework.directory.enrolment import ROLES as MAY_NAME
from functions.casework.directory.instance_edit import UNIT_LEVELS
from functions.casework.directory.tables import AGENCIES, HOLIDAYS, OFFICERS, TOPICS
from functions.casework.directory.trail import IMPORTS, Entry
from functions.casework.problems import InvalidInputProblem, Problem
from functions.web.language import gettext
from functions.web.layout import long_date
from functions.web.wording import N_, sentence

TRAIL_SHOWN = 20
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
    "agency": N_("sekarang di {new}"),
    "role": N_("tugas menjadi {new}"),
    "email": N_("alamat email diganti"),
    "level": N_("tingkat menjadi {new}"),
    "parent": N_("sekarang di bawah {new}"),
    "once_below": N_("laporan tentang {new} tetap tersembunyi darinya"),
    "unit": N_("biasanya ditangani {new}"),
    "spoken": N_("juga disebut {new}"),
}
SAID = {
    (AGENCIES, What.ADDED): N_("Unit baru: {name} ({code}), di bawah {parent}."),
    (AGENCIES, What.REMOVED): N_("Unit dihapus: {name} ({code})."),
    (AGENCIES, What.CHANGED): N_("{name} ({code}): {told}."),
    (TOPICS, What.CHANGED): N_("Topik {name}: {told}."),
    (HOLIDAYS, What.ADDED): N_("Hari libur sendiri ditambah: {code}."),
    (HOLIDAYS, What.REMOVED): N_("Hari libur sendiri dihapus: {code}."),
    (OFFICERS, What.ADDED): N_("Petugas {code} ditambahkan: {role}, {agency}."),
    (OFFICERS, What.CHANGED): N_("Petugas {code}: {told}."),
    (OFFICERS, What.REMOVED): N_("Petugas {code} dikeluarkan: {role}, {agency}."),
}
NOBODY = N_("tidak ada unit tetap")
BEFORE = N_("sebelumnya {old}")
BY_OPS = N_("pengelola sistem (impor)")
KEPT = ("act", "code", "name", "level", "parent", "topic", "unit", "day", "ident", "email", "role")
DONE = {
    "tend": N_("Perubahan tersimpan. Meja petugas memakainya dalam satu menit."),
    "enlist": N_("Permintaan dikirim. Koordinator dan Inspektorat menerima email bila sudah dijalankan."),
}
GONE = N_(
    "Kode {code} tidak dikenali lagi sebagai terlapor: laporan tentang unit ini tidak lagi tersembunyi dari siapa pun "
    "karena kode itu. Bila hanya namanya yang berganti, ubah namanya saja."
)
NEW = N_("Sesudah ini, tambahkan petugasnya. Tanpa petugas tidak ada yang menjawab.")
MOVED = N_(
    "Laporan tentang unit yang dulu di atasnya tetap tersembunyi darinya. Laporan yang tidak boleh lagi ia pegang "
    "berpindah dengan sendirinya."
)
CLOCKS = N_("Batas waktu yang sudah berjalan tidak berubah.")
PORTAL = N_(
    "Formulir publik menampilkannya dalam beberapa menit; bila portalnya di awan, setelah pengelola sistem "
    "menerbitkannya ulang."
)
INVITED = N_("Ia menerima email dengan link masuk. Alamatnya hanya disimpan kurir, bukan meja ini.")
OUT = N_("Link dan kunjungannya langsung tidak berlaku.")
TOLD = N_("Koordinator, Inspektorat, dan unitnya diberi tahu lewat email siapa yang melakukannya.")


def home(
    standing: Standing,
    session: Session,
    *,
    done: str = "",
    problem: Problem | None = None,
    typed: dict[str, str] | None = None,
) -> str:
    """Return the instance's page."""
    given = typed or {}
    directory, units = standing.directory, standing.units
    return render_template(
        "instance.html",
        **_common(standing, session, problem, given),
        done=gettext(DONE[done]) if done in DONE else "",
        units=[_unit(unit, standing) for unit in units],
        topics=[directory.topics[code] for code in standing.topics],
        days=sorted(standing.checked.holidays),
        staff=[
            {"ident": m.ident, "at": directory.agency(m.agency).name, "role": gettext(ROLES[m.role])}
            for m in standing.staff
        ],
        day_choices=[{"code": day.isoformat(), "name": long_date(day)} for day in sorted(standing.checked.holidays)],
        removable=[{"code": m.ident, "name": m.ident} for m in standing.staff if _removable(m, standing)],
        places=[standing.instance, *(unit for unit in units if unit.code != standing.instance.inspectorate)],
        roles=[{"code": role.value, "name": gettext(ROLES[role])} for role in MAY_NAME],
        trail=_entries(reversed(standing.trail.entries[-TRAIL_SHOWN:]), standing.directory),
        older=len(standing.trail.entries) > TRAIL_SHOWN,
    )


def unit(
    standing: Standing,
    session: Session,
    code: str,
    *,
    problem: Problem | None = None,
    typed: dict[str, str] | None = None,
) -> str:
    """Return the page of one unit: its name, level and place, and the way to remove it."""
    found = standing.directory.agencies[code]
    given = typed if typed and typed.get("act") == "change" else {}
    values = {"name": found.name, "level": found.level.value, "parent": found.parent} | given
    fixed = code in (standing.instance.coordinator, standing.instance.inspectorate)
    common = _common(standing, session, problem, {**(typed or {}), **values}) | {"parents": _parents(standing, code)}
    return render_template("instance_unit.html", **common, unit=found, fixed=fixed)


def confirm(
    standing: Standing,
    session: Session,
    changes: Iterable[Change],
    typed: dict[str, str],
    *,
    meanwhile: Iterable[Entry] = (),
    moved: bool = False,
    officers: bool = False,
) -> str:
    """Return a change before it is made. ``moved``: others changed the directory since, as ``meanwhile`` says."""
    changes = tuple(changes)
    return render_template(
        "instance_confirm.html",
        **_common(standing, session, None, typed),
        changes=say_all(changes, standing.directory),
        notes=notes(changes),
        kept={name: typed[name] for name in KEPT if name in typed},
        officers=officers,
        version=standing.version,
        moved=moved,
        meanwhile=_entries(meanwhile, standing.directory),
    )


def history(found: History, session: Session, directory: Directory) -> str:
    """Return a page of what was changed, newest first, for those who watch over an instance."""
    agency, entries = directory.agencies[session.viewer.agency], _entries(found.entries, directory)
    return render_template("instance_history.html", session=session, agency=agency, found=found, entries=entries)


def notes(changes: Iterable[Change]) -> list[str]:
    """Return what a coordinator should know before making these changes."""
    found: list[str] = []
    for change in changes:
        kind = (change.table, change.what)
        if kind == (AGENCIES, What.REMOVED):
            found += [gettext(GONE).format(code=change.code), gettext(PORTAL)]
        elif kind == (AGENCIES, What.ADDED):
            found += [gettext(NEW), gettext(PORTAL)]
        elif change.table == AGENCIES:
            found += [gettext(MOVED)] if "parent" in change.fields else []
            found.append(gettext(PORTAL))
        elif change.table == HOLIDAYS:
            found.append(gettext(CLOCKS))
        elif change.table == OFFICERS:
            found += [gettext(INVITED if change.what is What.ADDED else OUT), gettext(TOLD)]
    return list(dict.fromkeys(found))


def _common(standing: Standing, session: Session, problem: Problem | None, typed: dict[str, str]) -> dict[str, Any]:
    return {
        "session": session,
        "agency": standing.instance,
        "standing": standing,
        "errors": _told(problem, typed.get("act", "")),
        "values": typed,
        "levels": [{"code": level.value, "name": gettext(LEVELS[level.value])} for level in UNIT_LEVELS],
        "parents": _parents(standing),
    }


def _parents(standing: Standing, moving: str = "") -> list[Agency]:
    """Return where a unit may stand: never below itself."""
    directory = standing.directory
    return [standing.instance, *(u for u in standing.units if moving not in directory.lineage(u.code))]


def _unit(unit: Agency, standing: Standing) -> dict[str, Any]:
    above = "" if unit.parent == standing.instance.code else standing.directory.agency(unit.parent).name
    what = {standing.instance.coordinator: N_("mengoordinasi"), standing.instance.inspectorate: N_("mengawasi")}
    part = gettext(what[unit.code]) if unit.code in what else ""
    level = gettext(LEVELS[unit.level.value]) if unit.level and unit.level.value in LEVELS else ""
    return {"code": unit.code, "name": unit.name, "level": level, "above": above, "part": part}


def _removable(member: Member, standing: Standing) -> bool:
    return member.role in MAY_NAME and member.agency != standing.instance.inspectorate


def _entries(entries: Iterable[Entry], directory: Directory) -> list[dict[str, Any]]:
    return [
        {"on": e.on, "by": gettext(BY_OPS) if e.by == IMPORTS else e.by, "says": say_all(e.changes, directory)}
        for e in entries
    ]


def _told(problem: Problem | None, act: str) -> list[dict[str, str]]:
    """Return what is wrong, each at its field, which is called ``<act>-<field>`` on these pages."""
    if problem is None:
        return []
    if not isinstance(problem, InvalidInputProblem):
        return [{"field": "", "message": sentence(problem.code, problem.facts)}]
    return [
        {"field": error.field and f"{act}-{error.field}", "message": sentence(error.code, error.facts, error.field)}
        for error in problem.errors
    ]


def say_change(change: Change, directory: Directory) -> str:
    """Return one change in the language of the request; one that the desk cannot make, as ops read it."""
    said = SAID.get((change.table, change.what))
    if said is None:
        return str(change)
    told = "; ".join(_field(name, *values, directory) for name, values in change.fields.items())
    role = "" if change.what is What.CHANGED else "".join(change.fields.get("role", ()))  # one of the two is nothing
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


def say_all(changes: Iterable[Change], directory: Directory) -> list[str]:
    """Return the sentences of several changes, in order."""
    return [say_change(change, directory) for change in changes]


def _field(name: str, old: str, new: str, directory: Directory) -> str:
    old, new = (_value(name, value, directory) for value in (old, new))
    told = gettext(FIELDS[name]).format(new=new) if name in FIELDS else f"{name}: {new}"
    known = name in ("name", "email", "once_below")  # the name before begins the sentence
    return told if known or not old else f"{told} ({gettext(BEFORE).format(old=old)})"


def _value(name: str, value: str, directory: Directory) -> str:
    if name == "level":
        return gettext(LEVELS.get(value, LEVELS[""]))
    if name == "role":
        return gettext(ROLES[value]) if value else ""
    if name in ("parent", "unit", "agency"):
        return directory.agency(value).name if value else gettext(NOBODY)
    if name == "once_below":
        return ", ".join(directory.agency(code).name for code in value.split())
    return value


def _name(change: Change, directory: Directory) -> str:
    """Return an entry's name when it was changed, if the change tells it; else its name now."""
    if change.table == TOPICS:
        topic = directory.topics.get(change.code)
        return topic.name if topic else change.code
    old, new = change.fields.get("name", ("", ""))
    return old or new or directory.agency(change.code).name
