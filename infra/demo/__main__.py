"""``python -m infra.demo``: fill an empty data folder with an invented year, for a look at everything."""

import sys
from time import time

from functions.casework.deadlines.batches import HOUR
from functions.config.settings import load_settings
from functions.local.setup import prepare, say
from infra.demo.year import CASES, play_all

BAR = 30


def main() -> int:
    """Make the year, unless the folder already holds something. Return the exit status."""
    settings = load_settings()
    if settings.data_dir.exists() and any(settings.data_dir.iterdir()):
        say(f"demo      {settings.data_dir} is there and stays as it is; remove it for a new year")
        return 0
    prepare(settings)

    def told(done: int, whole: int) -> None:
        if sys.stdout.isatty() or done == whole:
            part = BAR * done // whole
            sys.stdout.write(f"\rdemo      [{'#' * part}{'.' * (BAR - part)}] {done} of {whole} days")
            sys.stdout.flush()

    refused = play_all(settings, settings.today(), int(time()) // HOUR, told)
    say(f"\ndemo      {CASES} cases; {refused} acts were refused, as they would be")
    return 0


if __name__ == "__main__":
    sys.exit(main())
