"""What ``/dev/`` proposes to try can be tried."""

from functions.local.dev_roles import STORIES, stories_for


def test_without_the_invented_year_only_stories_are_told_that_begin_with_nothing() -> None:
    """ "Dengan kode di bawah" leads nowhere under ``make run``, where nobody is late and no name was asked for."""
    assert stories_for([{"what": "Terlambat", "receipt": "…"}]) == STORIES
    told = [name for name, _ in stories_for([])]
    assert told == ["Lapor, lalu baca jawabannya", "Jawab sebagai dinas", "Yang dilaporkan tidak membaca"]
