"""``python -m infra.demo``: fill an empty data folder with an invented year, for a look at everything."""

import sys
from time import time

from functions.casework.deadlines.batches import HOUR
from functions.config.settings import load_settings
from functions.local.setup import prepare_store, say
from infra.demo.year import CASES, play_all

BAR = 30
OPEN = "when it says ready, open {}/dev/ to be anybody in it"
LINES = 10  # where no terminal can draw a bar


def main() -> int:
    """Make the year, unless the folder already holds something. Return the exit status."""
    settings = load_settings()
    if settings.store != "sqlite":
        say("demo      the invented year needs STORE=sqlite")
        return 1
    if settings.data_dir.exists() and any(settings.data_dir.iterdir()):
        say(f"demo      {settings.data_dir} is there and stays as it is; remove it for a new year")
        say(f"demo      {OPEN.format(settings.url)}")
        return 0
    prepare_store(settings)
    refused = play_all(settings, settings.today(), int(time()) // HOUR, tell)
    say(f"demo      {CASES} cases; {refused} acts were refused, as they would be")
    say(f"demo      {OPEN.format(settings.url)}")
    return 0


def tell(done: int, whole: int) -> None:
    """Show how much of the year has passed: a bar that grows on a terminal, a few lines elsewhere."""
    if sys.stdout.isatty():
        part = BAR * done // whole
        sys.stdout.write(f"\rdemo      [{'#' * part}{'.' * (BAR - part)}] {done} of {whole} days")
        sys.stdout.write("\n" * (done == whole))
        sys.stdout.flush()
    elif done * LINES // whole > (done - 1) * LINES // whole:
        say(f"demo      {done} of {whole} days")


if __name__ == "__main__":
    sys.exit(main())
