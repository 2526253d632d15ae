"""Who waits to have a file made anew: one at a time, a few in line, and nobody locks out a neighbour."""

from threading import Event, Thread

import pytest

from functions.sanitize.file_types import FileRefusedError, Refusal
from functions.sanitize.line import Line
from tests.server import wait_for


class Crowd:
    """Those who stand before a line. Each leaves when it is told to."""

    def __init__(self, places: int, wait: float = 20.0) -> None:
        self.line, self.served, self.sent_away = Line(places, wait), list[str](), list[str]()
        self._threads, self._ends = list[Thread](), dict[str, Event]()

    def come(self, name: str) -> None:
        """``name`` is an address and a number: "a1". Returns once it is served, stands in line or was sent away."""
        before = self._known()
        self._ends[name] = Event()
        self._threads.append(Thread(target=self._stand, args=(name,)))
        self._threads[-1].start()
        assert wait_for(lambda: self._known() > before)

    def leave(self, name: str) -> None:
        """End a turn, and wait until the next one has begun."""
        before, more = len(self.served), bool(self.line._waiting)
        self._ends[name].set()
        assert wait_for(lambda: len(self.served) > before if more else not self.line._served)

    def end(self) -> None:
        for event in self._ends.values():
            event.set()
        for thread in self._threads:
            thread.join(20)

    def _known(self) -> int:
        return len(self.served) + len(self.sent_away) + len(self.line._waiting)

    def _stand(self, name: str) -> None:
        try:
            with self.line.turn(name[0]):
                self.served.append(name)
                self._ends[name].wait(20)
        except FileRefusedError:
            self.sent_away.append(name)


def test_neighbours_of_one_address_are_not_refused_while_there_is_a_place() -> None:
    """All phones of a mobile operator may have one address, and all visitors of the onion service have none."""
    for who in ("a", "?"):
        crowd = Crowd(4)
        for nth in range(5):
            crowd.come(f"{who}{nth}")
        assert (crowd.served, crowd.sent_away) == ([f"{who}0"], [f"{who}4"])
        crowd.end()
        assert crowd.served == [f"{who}{nth}" for nth in range(4)]


def test_who_stands_most_in_a_full_line_gives_a_place_to_another() -> None:
    crowd = Crowd(4)
    for name in ("a0", "a1", "a2", "a3", "b0"):
        crowd.come(name)
    assert wait_for(lambda: crowd.sent_away == ["a3"])
    crowd.come("c0")
    assert wait_for(lambda: crowd.sent_away == ["a3", "a2"])
    crowd.come("d0")
    assert wait_for(lambda: crowd.sent_away == ["a3", "a2", "a1"])
    crowd.come("e0")  # all have one now: nobody is put out for it
    crowd.come("a4")
    assert crowd.sent_away == ["a3", "a2", "a1", "e0", "a4"]
    crowd.end()
    assert crowd.served == ["a0", "b0", "c0", "d0"]


def test_next_is_somebody_else_than_was_served_last() -> None:
    crowd = Crowd(4)
    for name in ("a0", "a1", "a2", "b0"):
        crowd.come(name)
    for name in ("a0", "b0", "a1"):
        assert crowd.served[-1] == name
        crowd.leave(name)
    assert crowd.served == ["a0", "b0", "a1", "a2"]
    crowd.end()


def test_nobody_is_remembered_once_the_line_is_empty() -> None:
    crowd = Crowd(2)
    crowd.come("a0")
    crowd.leave("a0")
    assert (crowd.line._waiting, crowd.line._served, crowd.line._last) == ([], None, None)
    crowd.end()


def test_whose_turn_does_not_come_is_sent_away_and_holds_no_place() -> None:
    line = Line(2, wait=0.01)
    with line.turn("a"):
        for _ in range(3):
            with pytest.raises(FileRefusedError, match=Refusal.BUSY), line.turn("b"):
                pytest.fail("two at a time")
    with line.turn("b"):
        pass


def test_an_error_in_a_turn_ends_it() -> None:
    line = Line(1)
    with pytest.raises(ZeroDivisionError), line.turn("a"):
        raise ZeroDivisionError
    with line.turn("a"):
        pass
