"""An attacker who has nothing but what was published, in whole numbers and with a solver (HiGHS, by scipy).

Written from the rules on the page, and from nothing of the audit's own: he writes down an inequality for each printed
number and asks the solver for worlds that fit them all.
"""

from dataclasses import dataclass, field

import numpy as np

KINDS = ("pengaduan", "aspirasi", "informasi")
HIDDEN = "kurang dari 8"
MANY = 100_000


@dataclass
class Attacker:
    """Collects unknowns, and what was printed about sums of them."""

    unknowns: int = 0
    lines: list = field(default_factory=list)  # (what is summed, least, most)
    hidden: dict = field(default_factory=dict)  # name of a hidden number: the unknowns it is the sum of
    wholes: dict = field(default_factory=dict)  # the unknown behind a month's own number: received, closed, open
    left: list = field(default_factory=list)
    known: tuple | None = None  # the lines as a solver takes them

    def new(self):
        self.unknowns += 1
        return self.unknowns - 1

    def read(self, name, number, terms):
        """What a printed number says of a sum; None says nothing."""
        if number is None:
            return
        if number == HIDDEN:
            self.hidden[name] = terms
            self.lines.append((terms, 1, 7))
        elif number == 0:
            self.lines.append((terms, 0, 0))
        else:
            self.lines.append((terms, max(8, number - 2), number + 2))

    def same(self, ours, theirs, more=0):
        self.lines.append(([*ours, *((each, -1) for each in theirs)], more, more))

    def two_way(self, month, name, tables, columns, missing):
        """The unknown cells of a table by row; of one that is withheld there is a single row of which nothing is known."""
        table = tables.get(name)
        if table is None:
            return {None: {column: self.new() for column in columns}}
        cells = {row: {column: self.new() for column in columns} for row in table if row != "jumlah"}
        for row, numbers in table.items():
            across = [cells[row]] if row != "jumlah" else list(cells.values())
            for column, number in numbers.items():
                terms = [each[of] for each in across for of in ([column] if column != "jumlah" else columns)]
                self.read((month, name, row, column), number, terms)
        if "lainnya" in cells:
            self.lines.append((list(cells["lainnya"].values()), missing.get(name, 0), MANY))
        return cells

    def month(self, month, tables, carried, missing):
        """One month's tables. ``carried``: cases that came from the month before, less what is known to have left.
        ``missing``: how many rows of each table are in its rest."""
        received, closed, still = self.new(), self.new(), self.new()
        for name, whole in (("diterima", received), ("selesai", closed), ("terbuka", still)):
            self.wholes[month, name] = whole
            self.read((month, name), tables.get(name, {}).get("jumlah", {}).get("jumlah"), [whole])
        topics = self.two_way(month, "diterima_topik", tables, KINDS, missing)
        districts = self.two_way(month, "diterima_kecamatan", tables, KINDS, missing)
        for kind in KINDS:
            self.same([row[kind] for row in topics.values()], [row[kind] for row in districts.values()])
        self.same([cell for row in topics.values() for cell in row.values()], [received])
        for name, whole in (("diterima_instansi", received), ("selesai_instansi", closed)):
            self.same(
                [row["semua"] for row in self.two_way(month, name, tables, ("semua",), missing).values()], [whole]
            )
        bands = ("umur_0_5", "umur_6_14", "umur_15_30", "umur_31_60", "umur_lebih_60")
        ages = self.two_way(month, "terbuka_instansi", tables, bands, missing)
        self.same([cell for row in ages.values() for cell in row.values()], [still])
        self.same([*self.left, received], [closed, still], carried)
        self.left = [still]
        return topics

    def solve(self, wishes=(), must=()):
        """A world that fits all that was printed, as an array; None where there is none. ``wishes``: (terms, least,
        most) of which as many as possible hold; ``must``: of which all do."""
        from scipy.optimize import Bounds, LinearConstraint, milp  # each worker would load half a second of it
        from scipy.sparse import csr_array

        lines, extra = list(must), len(wishes)
        for n, (terms, least, most) in enumerate(wishes):  # short of a wish by as much as an unknown of its own
            lines.append(([*terms, self.unknowns + n], least, MANY))
            lines.append(([*terms, (self.unknowns + n, -1)], -MANY, most))
        if self.known is None:
            self.known = sums(self.lines)
        more = sums(lines, len(self.lines))
        entries, at, of, least, most = (np.concatenate(both) for both in zip(self.known, more, strict=True))
        matrix = csr_array((entries, (at, of)), shape=(len(least), self.unknowns + extra))
        goal = np.concatenate([np.zeros(self.unknowns), np.ones(extra)])
        for whole in (0, 1):  # often the solver finds whole numbers without being told to, and faster
            lines = LinearConstraint(matrix, least, most)
            found = milp(goal, constraints=lines, bounds=Bounds(0, MANY), integrality=np.full(len(goal), whole))
            if found.x is None:
                return None
            world = np.rint(found.x)
            if np.all((matrix @ world >= least) & (matrix @ world <= most)):
                return world[: self.unknowns].astype(int)
        return None


def sums(lines, first=0):
    """Lines as a solver takes them: signs, line and unknown of each term, and what each line is at least and at most."""
    pairs = [(n, *(term if isinstance(term, tuple) else (term, 1))) for n, line in enumerate(lines) for term in line[0]]
    at, of, signs = np.array(pairs, int).reshape(-1, 3).T
    least, most = np.array([line[1:] for line in lines], int).reshape(-1, 2).T
    return signs, at + first, of, least, most


def reads(published):
    """The attacker after a year: ``published`` are (month, tables, carried, missing) in order. ``missing``: how many rows
    are in the rest of each table. The attacker misses them, and knows that each had something; of ordinary topics
    that the rest either is hidden or has as many as may be told."""
    attacker, quiet = Attacker(), []
    for month, tables, carried, missing in published:
        topics = attacker.month(month, tables, carried, missing)
        inside = topics.get("lainnya", topics.get(None))
        if inside:
            part, alone = attacker.new(), missing.get("diterima_topik") == 1
            told = "lainnya" in topics and tables["diterima_topik"]["lainnya"]["jumlah"] != HIDDEN
            ordinary = 8 if alone and told else missing.get("diterima_topik", 0)
            attacker.lines.append(([*inside.values(), (part, -1)], ordinary, MANY))
            quiet.append(part)
        table = tables.get("topik_peka_triwulan")
        if table:
            parts = [attacker.new() for _ in table]
            for (row, numbers), part in zip(table.items(), parts, strict=True):
                attacker.read((month, "topik_peka_triwulan", row), numbers["semua"], [part])
                if row == "lainnya":
                    attacker.lines.append(([part], missing["topik_peka_triwulan"], MANY))
            attacker.same(quiet, parts)
        if month[-2:] in ("03", "06", "09", "12"):
            quiet = []
    return attacker


def together(attackers):
    """One attacker who has what these have of an instance each; names begin with the instance's place among them."""
    nation = Attacker()
    for place, each in enumerate(attackers):
        begin = nation.unknowns

        def moved(terms, begin=begin):
            return [(term[0] + begin, term[1]) if isinstance(term, tuple) else term + begin for term in terms]

        nation.unknowns += each.unknowns
        nation.lines += [(moved(terms), least, most) for terms, least, most in each.lines]
        nation.hidden |= {(place, *name): moved(terms) for name, terms in each.hidden.items()}
        nation.wholes |= {(place, *name): whole + begin for name, whole in each.wholes.items()}
    return nation


def values(attacker, seed, wanted=3):
    """For each hidden number how many values are possible, at most ``wanted``, each shown by a world of its own."""
    seen = {name: set() for name in attacker.hidden}
    random = np.random.default_rng(seed)

    at = np.concatenate([np.full(len(terms), n) for n, terms in enumerate(attacker.hidden.values())] or [[]])
    of = np.concatenate([*attacker.hidden.values()] or [[]]).astype(int)

    def note(world):
        found = np.bincount(at.astype(int), world[of], len(seen)).astype(int)
        for values, value in zip(seen.values(), found.tolist(), strict=True):
            values.add(value)

    def few():
        return {name: terms for name, terms in attacker.hidden.items() if len(seen[name]) < wanted}

    note(attacker.solve())
    for _ in range(12):  # all at once, as far as that goes: for each number a wish for another value
        wishes = [(terms, *wish(seen[name], random)) for name, terms in few().items()]
        if not wishes:
            break
        note(attacker.solve(wishes=wishes))
    for name, terms in few().items():  # and one by one, to be sure
        for value in {*range(1, 8)} - seen[name]:
            if len(seen[name]) < wanted and (world := attacker.solve(must=[(terms, value, value)])) is not None:
                note(world)
    return {name: min(len(found), wanted) for name, found in seen.items()}


def wish(seen, random):
    """Least and most of a value not seen yet: between those seen, or else above or below them."""
    least, most = min(seen), max(seen)
    if most - least >= len(seen):
        return least + 1, most - 1
    above = least == 1 or (most < 7 and random.random() < 0.5)
    return (most + 1, 7) if above else (1, least - 1)
