"""Other worlds: whole numbers that fit all that was printed as well as the truth does.

Counts flow through a net. Every printed number is an arc with the least and the most it may stand for. Each node has as
much inflow as outflow (a total is the outflow of its parts). In such a net the possible whole numbers of an arc have no
gaps. Each is reached from the truth by moving single cases around a circle (Ahuja, Magnanti and Orlin, *Network Flows*,
1993, chapters 6 and 10). So a search for circles is exact: nothing is rounded and no solver is needed.
"""

from collections import deque
from collections.abc import Hashable
from dataclasses import dataclass, field

World = dict[int, int]  # by how much the flow on some arcs differs from the truth
LINK = -1  # the part of arcs that connect months and tables


@dataclass(slots=True)
class Net:
    """Arcs in the order of their numbers: from, to, least, most, true flow, and the part they belong to."""

    nodes: dict[Hashable, int] = field(default_factory=dict)
    at: list[list[int]] = field(default_factory=list)  # the arcs at each node
    tail: list[int] = field(default_factory=list)
    head: list[int] = field(default_factory=list)
    least: list[int] = field(default_factory=list)
    most: list[int] = field(default_factory=list)
    flow: list[int] = field(default_factory=list)
    part: list[int] = field(default_factory=list)
    changed: list[tuple[int, int, int, int]] = field(default_factory=list)  # what ``fix`` changed, to be undone

    def arc(self, start: Hashable, end: Hashable, bounds: tuple[int, int], flow: int, part: int = LINK) -> int:
        """Add an arc and return its number. Raises ValueError if the truth is not within its bounds."""
        least, most = bounds
        if not least <= flow <= most:
            raise ValueError("what was printed does not fit what was counted")
        number, a, b = len(self.tail), self._node(start), self._node(end)
        for column, value in (
            (self.tail, a),
            (self.head, b),
            (self.least, least),
            (self.most, most),
            (self.flow, flow),
            (self.part, part),
        ):
            column.append(value)
        self.at[a].append(number)
        self.at[b].append(number)
        return number

    def fix(self, arc: int, flow: int) -> None:
        """Allow nothing but ``flow`` on an arc from now on."""
        self.changed.append((arc, self.least[arc], self.most[arc], self.flow[arc]))
        self.least[arc] = self.most[arc] = self.flow[arc] = flow

    def mark(self) -> tuple[int, int]:
        """Return the net's present size, for ``cut``."""
        return len(self.tail), len(self.changed)

    def cut(self, mark: tuple[int, int]) -> None:
        """Remove all that came after a mark."""
        arcs, changes = mark
        while len(self.changed) > changes:
            arc, self.least[arc], self.most[arc], self.flow[arc] = self.changed.pop()
        while len(self.tail) > arcs:
            self.at[self.tail[-1]].pop()
            self.at[self.head[-1]].pop()
            for column in (self.tail, self.head, self.least, self.most, self.flow, self.part):
                column.pop()

    def others(self, arc: int, wanted: int, part: int = LINK) -> list[World]:
        """Return worlds that give an arc other values, each a different one, at most ``wanted`` of them.

        With a ``part``, only circles within it count. Fewer than ``wanted`` means that there are no more.
        """
        found: list[World] = []
        for way in (1, -1):
            moved: World = {}
            while len(found) < wanted and (circle := self._circle(arc, way, part)):
                for each, by in circle:
                    self.flow[each] += by
                    moved[each] = moved.get(each, 0) + by
                found.append(dict(moved))
            for each, by in moved.items():
                self.flow[each] -= by
        return found

    def fits(self, world: World) -> bool:
        """Tell whether a world that was found before is still possible."""
        return all(self.least[arc] <= self.flow[arc] + by <= self.most[arc] for arc, by in world.items())

    def _circle(self, arc: int, way: int, part: int) -> list[tuple[int, int]]:
        """Return the changes by one case that move ``arc`` one up (``way`` 1) or down (-1) and leave every node even.

        It is empty if there are none.
        """
        flow = self.flow[arc] + way
        if not self.least[arc] <= flow <= self.most[arc]:
            return []
        start, end = (self.head[arc], self.tail[arc]) if way == 1 else (self.tail[arc], self.head[arc])
        if start == end:
            return [(arc, way)]
        came: dict[int, tuple[int, int]] = {start: (arc, way)}
        queue = deque((start,))
        tail, head, flows, least, most, parts = self.tail, self.head, self.flow, self.least, self.most, self.part
        while queue:  # the names above are for speed: the audit spends its time in this loop
            node = queue.popleft()
            for each in self.at[node]:
                if part not in (LINK, parts[each]) or each == arc:
                    continue
                if tail[each] == node:
                    to, by, free = head[each], 1, flows[each] < most[each]
                else:
                    to, by, free = tail[each], -1, flows[each] > least[each]
                if free and to not in came:
                    came[to] = each, by
                    if to == end:
                        return self._back(came, start, end)
                    queue.append(to)
        return []

    def _back(self, came: dict[int, tuple[int, int]], start: int, end: int) -> list[tuple[int, int]]:
        steps, node = [came[start]], end
        while node != start:
            each, by = came[node]
            steps.append((each, by))
            node = self.tail[each] if by == 1 else self.head[each]
        return steps

    def _node(self, name: Hashable) -> int:
        if name not in self.nodes:
            self.nodes[name] = len(self.at)
            self.at.append([])
        return self.nodes[name]
