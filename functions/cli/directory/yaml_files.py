"""Read the directory's tables from a YAML file, with their lines. For ops only: no door loads a YAML parser.

Only the nodes are read, never made into objects. So a code like 64.08 stays the text that was written, and no tag of a
file can create anything.
"""

import yaml

from functions.casework.directory.tables import (
    COLUMNS,
    HOLIDAYS,
    HOLIDAYS_KEY,
    DirectoryFaultsError,
    Fault,
    Row,
    Tables,
)

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast if libyaml is there
EMPTY = frozenset({"~", "null"})


def read_yaml(file: str, text: str) -> Tables:
    """Return the tables of a YAML file: lists of mappings by table, and ``holidays_own``, a list of days.

    Raises DirectoryFaultsError.
    """
    try:
        root = yaml.compose(text, Loader=LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or getattr(error, "reason", "cannot be read")
        raise DirectoryFaultsError([Fault(file, mark.line + 1 if mark else 0, f"not valid YAML: {what}")]) from error
    if not isinstance(root, yaml.MappingNode):
        raise DirectoryFaultsError([Fault(file, 1, f"not a set of tables; there are {', '.join(COLUMNS)}")])
    faults: list[Fault] = []
    tables: Tables = {}
    for key, node in root.value:
        name = key.value if isinstance(key, yaml.ScalarNode) else "a list or a set"
        if name == HOLIDAYS_KEY:
            table = HOLIDAYS
        elif name in COLUMNS:
            table = name
        else:
            text = f"{name}: there is no such table; there are {', '.join(COLUMNS)}"
            faults.append(Fault(file, _line(key), text))
            continue
        if not isinstance(node, yaml.SequenceNode):
            faults.append(Fault(file, _line(node), f"{name}: is not a list"))
            continue
        rows = tables.setdefault(table, [])
        for entry in node.value:
            try:
                values = {"day": _text(entry)} if name == HOLIDAYS_KEY else _values(entry)
                rows.append(Row(values, file, _line(entry)))
            except ValueError as error:
                faults.append(Fault(file, _line(entry), str(error)))
    if faults:
        raise DirectoryFaultsError(faults)
    return tables


def _values(entry: yaml.Node) -> dict[str, str]:
    if not isinstance(entry, yaml.MappingNode):
        raise ValueError("is not a set of names and values")  # noqa: TRY004 - the fault is in the file
    values: dict[str, str] = {}
    for key, node in entry.value:
        name = _text(key)
        if name in values:
            raise ValueError(f"{name} stands twice")
        values[name] = _text(node)
    return values


def _text(node: yaml.Node) -> str:
    if not isinstance(node, yaml.ScalarNode):
        raise ValueError("holds a list or a set where a text is wanted")  # noqa: TRY004 - as above
    plain = node.style is None
    return "" if plain and node.value.lower() in EMPTY else str(node.value)


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1
