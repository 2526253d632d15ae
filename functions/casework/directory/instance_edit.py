"""What a coordinator may change in the directory: units, topics and days off of their own instance, one at a time.

A change is made to the tables, which are then checked as an import's are. This module says only what a form may ask
for, and in which field to report what the check found.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from functions.casework.directory.accused_name import NAME_MAX
from functions.casework.directory.agencies import Agency, AgencyKind, Directory, Level
from functions.casework.directory.check import CODE, Checked, check
from functions.casework.directory.diff import Change, diff, in_full
from functions.casework.directory.memory import remembering
from functions.casework.directory.names import bad_signs, name_faults, name_key, with_former
from functions.casework.directory.registers import as_tables
from functions.casework.directory.tables import (
    AGENCIES,
    COLUMNS,
    HOLIDAYS,
    OFFICERS,
    TOPICS,
    DirectoryFaultsError,
    Row,
    Tables,
)
from functions.casework.problems import FieldError, InvalidInputProblem
from functions.casework.report import read_day

UNIT_LEVELS = (Level.UNSAID, Level.OPD, Level.KECAMATAN, Level.DESA)
UNITS_MAX = 3000
DAYS_MAX = 400
Typed = Mapping[str, str]


class Act(StrEnum):
    """What a form asks for."""

    ADD = "add"
    CHANGE = "change"
    REMOVE = "remove"
    TOPIC = "topic"
    DAY_OFF = "day_off"
    DAY_ON = "day_on"


@dataclass(frozen=True, slots=True)
class Plan:
    """The directory after an edit, and what that changes."""

    new: Checked
    changes: tuple[Change, ...]


def plan_edit(typed: Typed, instance: Agency, old: Checked, on: date) -> Plan:
    """Return what a form would change on a day. Raises InvalidInputProblem.

    ``old`` is the present directory. Its officers may have invented addresses; without officers, the check leaves them
    out.
    """
    try:
        act = Act(typed.get("act", ""))
    except ValueError as error:
        raise InvalidInputProblem(FieldError("act", "unknown")) from error
    own = {unit.code: unit for unit in old.directory.units(instance.code)}
    tables = {table: _placed(table, rows) for table, rows in _tables(old).items()}
    EDITS[act](Form(typed, instance, own, old), tables)
    try:
        checked = check(tables)
    except DirectoryFaultsError as error:
        raise InvalidInputProblem(_told(error, act, typed, instance)) from error
    if fault := next(name_faults(old.directory, checked.directory), None):
        raise InvalidInputProblem(FieldError("name", fault.why, {"other": fault.other} if fault.other else {}))
    directory = with_former(old.directory, remembering(old.directory, checked.directory), on)
    new = Checked(directory, old.officers, checked.holidays)
    changes = in_full(diff(old, new), old, new)
    if not changes:
        raise InvalidInputProblem(FieldError("", "nothing_changed"))
    return Plan(new, changes)


@dataclass(frozen=True, slots=True)
class Form:
    """What was typed, whose instance it is, its units, and the present directory."""

    typed: Typed
    instance: Agency
    own: Mapping[str, Agency]
    old: Checked

    def text(self, name: str) -> str:
        """Return a field without surrounding blanks."""
        return self.typed.get(name, "").strip()

    def own_unit(self, name: str) -> str:
        """Return a field that names a unit of this instance. Raises InvalidInputProblem."""
        code = self.text(name)
        if code not in self.own:
            raise InvalidInputProblem(FieldError(name, "unknown" if code else "required"))
        return code

    def shape(self) -> dict[str, str]:
        """Return name, level and parent of a unit. Raises InvalidInputProblem with all that is wrong."""
        name, level, parent = self.text("name"), self.text("level"), self.text("parent")
        errors = []
        if not name or len(name) > NAME_MAX or len(name.splitlines()) > 1:
            errors.append(FieldError("name", "bad_name" if name else "required"))
        elif bad_signs(name):
            errors.append(FieldError("name", "bad_signs"))
        if level not in UNIT_LEVELS:
            errors.append(FieldError("level", "unknown"))
        if parent not in (self.instance.code, *self.own):
            errors.append(FieldError("parent", "unknown" if parent else "required"))
        if errors:
            raise InvalidInputProblem(*errors)
        return {"name": name, "level": level, "parent": parent}


def own_topics(instance: Agency, directory: Directory) -> Iterator[str]:
    """Return the topics whose usual unit an instance may set: those without one, or with one of its own.

    Topics belong to the nation: another government's unit stays.
    """
    own = {unit.code for unit in directory.units(instance.code)}
    yield from (topic.code for topic in directory.topics.values() if not topic.unit or topic.unit in own)


def own_days(directory: Directory) -> bool:
    """Tell whether the own days off are this instance's alone: they hold for all who share an installation."""
    return len(directory.instances()) == 1


def _add(form: Form, tables: Tables) -> None:
    code = form.text("code")
    errors = []
    if not CODE.fullmatch(code) or ".." in code:
        errors.append(FieldError("code", "bad_code" if code else "required"))
    elif code in form.old.directory.agencies or _was_another(code, form):
        errors.append(FieldError("code", "code_taken"))
    elif len(form.own) >= UNITS_MAX:
        errors.append(FieldError("code", "units_max", {"limit": str(UNITS_MAX)}))
    try:
        shape = form.shape()
    except InvalidInputProblem as problem:
        raise InvalidInputProblem(*errors, *problem.errors) from problem
    if errors:
        raise InvalidInputProblem(*errors)
    row = {"code": code, "kind": AgencyKind.UNIT.value, **shape}
    after = [
        number for number, each in enumerate(tables[AGENCIES], 1) if each.get("code") in (form.instance.code, *form.own)
    ]
    tables[AGENCIES][after[-1] : after[-1]] = _placed(AGENCIES, [Row(row, "")])


def _was_another(code: str, form: Form) -> bool:
    """Tell whether a code belonged to an agency that never bore the name of the form. One that comes back is itself."""
    names = [each.name for each in form.old.directory.former if each.code == code]
    return bool(names) and name_key(form.text("name")) not in map(name_key, names)


def _change(form: Form, tables: Tables) -> None:
    code, shape = form.own_unit("code"), form.shape()
    ops_only = code in (form.instance.coordinator, form.instance.inspectorate)
    if ops_only and shape["name"] != form.own[code].name:
        raise InvalidInputProblem(FieldError("name", "name_ops_only"))
    if code in form.old.directory.lineage(shape["parent"]):
        raise InvalidInputProblem(FieldError("parent", "circle"))
    _put(tables, AGENCIES, code, shape)


def _remove(form: Form, tables: Tables) -> None:
    code = form.own_unit("code")
    tables[AGENCIES] = [row for row in tables[AGENCIES] if row.get("code") != code]


def _topic(form: Form, tables: Tables) -> None:
    topic = form.text("topic")
    if topic not in set(own_topics(form.instance, form.old.directory)):
        raise InvalidInputProblem(FieldError("topic", "unknown" if topic else "required"))
    _put(tables, TOPICS, topic, {"unit": form.own_unit("unit") if form.text("unit") else ""})


def _day_off(form: Form, tables: Tables) -> None:
    day = _day(form)
    if day in form.old.holidays:
        raise InvalidInputProblem(FieldError("day", "day_there"))
    if len(form.old.holidays) >= DAYS_MAX:
        raise InvalidInputProblem(FieldError("day", "days_max", {"limit": str(DAYS_MAX)}))
    tables[HOLIDAYS].append(Row({"day": day.isoformat()}, f"{HOLIDAYS}/{day}"))


def _day_on(form: Form, tables: Tables) -> None:
    day = _day(form)
    if day not in form.old.holidays:
        raise InvalidInputProblem(FieldError("day", "unknown"))
    tables[HOLIDAYS] = [row for row in tables[HOLIDAYS] if row.get("day") != day.isoformat()]


EDITS: Mapping[Act, Callable[[Form, Tables], None]] = {
    Act.ADD: _add,
    Act.CHANGE: _change,
    Act.REMOVE: _remove,
    Act.TOPIC: _topic,
    Act.DAY_OFF: _day_off,
    Act.DAY_ON: _day_on,
}


def _day(form: Form) -> date:
    if not own_days(form.old.directory):
        raise InvalidInputProblem(FieldError("day", "days_shared"))
    typed = form.text("day")
    day = read_day(typed)
    if day is None:
        raise InvalidInputProblem(FieldError("day", "bad_date" if typed else "required"))
    return day


def _tables(old: Checked) -> Tables:
    tables = as_tables(old.directory, old.holidays, old.officers, "")
    if not old.officers:
        del tables[OFFICERS]
    return tables


def _placed(table: str, rows: list[Row]) -> list[Row]:
    """Return the rows, each with its table and code in place of a file, so that a fault says whose it is."""
    return [row._replace(file=f"{table}/{row.get(COLUMNS[table][0])}") for row in rows]


def _put(tables: Tables, table: str, code: str, values: Typed) -> None:
    key = COLUMNS[table][0]
    tables[table] = [
        row._replace(values={**row.values, **values}) if row.get(key) == code else row for row in tables[table]
    ]


def _told(error: DirectoryFaultsError, act: Act, typed: Typed, instance: Agency) -> FieldError:
    """Return the first fault in the form's words, by the entry that no longer fits."""
    fault = error.faults[0]
    places = [each.file for each in error.faults]
    table, _, whose = fault.file.partition("/")
    if act in (Act.CHANGE, Act.REMOVE) and f"{AGENCIES}/{instance.code}" in places:
        return FieldError("parent" if act is Act.CHANGE else "code", "unit_needed")
    if act is Act.REMOVE and table in (AGENCIES, TOPICS, OFFICERS):
        return FieldError("code", {AGENCIES: "has_units", TOPICS: "has_topics", OFFICERS: "has_officers"}[table])
    if act in (Act.ADD, Act.CHANGE) and table == AGENCIES and whose == typed.get("code", "").strip():
        return FieldError("level", "bad_level")
    return FieldError("", "directory_refused", {"text": fault.text})
