"""The suite at a terminal. Exit status 1 where a rule finds something."""

import argparse
import sys

from tests.open311.suite import RULES, run
from tests.open311.wire import Server


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.open311", description="Does a server speak Open311 GeoReport v2?"
    )
    parser.add_argument("--url", required=True, help="its endpoint, like https://api.city.gov/dev/v2")
    parser.add_argument("--api-key", default="", help="then reports are sent as well: some stay on the server")
    parser.add_argument("--jurisdiction", default="", help="the jurisdiction_id, where the server has several")
    given = parser.parse_args(arguments)
    server = Server(given.url.rstrip("/"), given.api_key, given.jurisdiction)
    counts = {"ok": 0, "!!": 0, "--": 0}
    for one in RULES:
        finding = run(server, one)
        mark = "!!" if finding.deviations else "--" if finding.untried else "ok"
        counts[mark] += 1
        say(f"{mark}  {one}" + (f" (not tried: {finding.untried})" if finding.untried else ""))
        for deviation in finding.deviations:
            say(f"      {deviation}")
    say(f"{counts['ok']} rules hold, {counts['!!']} do not, {counts['--']} were not tried")
    return 1 if counts["!!"] else 0


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()  # a rule may take a while


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
