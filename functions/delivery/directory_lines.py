"""Changes of the directory in the words of a mail, a line each."""

from collections.abc import Iterator, Sequence

from functions.casework.directory.diff import Change, What

LINES = 40  # of a whole import; the desk's page has them all
TABLES = {
    "agencies": "Instansi",
    "topics": "Topik",
    "districts": "Kecamatan",
    "villages": "Desa/kelurahan",
    "holidays": "Hari libur",
    "officers": "Petugas",
}
DONE = {What.ADDED: "ditambahkan", What.REMOVED: "dihapus", What.CHANGED: "diubah"}
FIELDS = {
    "name": "nama",
    "also": "nama lain",
    "level": "tingkat",
    "parent": "di bawah",
    "kind": "jenis",
    "region": "wilayah",
    "coordinator": "yang mengoordinasi",
    "inspectorate": "yang mengawasi",
    "sorted_by": "dipilah oleh",
    "channel": "jalur",
    "once_below": "tetap tertutup baginya",
    "spoken": "sebutan",
    "name_en": "nama Inggris",
    "public_work": "pekerjaan umum",
    "unit": "biasanya ditangani",
    "sensitive": "peka",
    "agency": "instansi",
    "role": "tugas",
}
NO_ADDRESS = "alamat email diganti"


def lines_of(changes: Sequence[Change]) -> Iterator[str]:
    """Yield a line for each change, from what to what; of many, the first and how many more there are."""
    for change in changes[:LINES]:
        told = "; ".join(_field(name, old, new) for name, (old, new) in change.fields.items())
        yield f"{TABLES[change.table]} {change.code} {DONE[change.what]}" + (f": {told}" if told else "")
    if len(changes) > LINES:
        yield f"dan {len(changes) - LINES} perubahan lain"


def _field(name: str, old: str, new: str) -> str:
    if name == "email":
        return NO_ADDRESS
    return f"{FIELDS.get(name, name)} \u201c{old or '–'}\u201d → \u201c{new or '–'}\u201d"
