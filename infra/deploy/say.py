"""How the deployer speaks: a line for each step, and one sentence where it cannot go on."""

import sys


class DeployError(Exception):
    """It cannot go on; the message says why and what to do. It holds no secret."""


def say(text: str) -> None:
    """A line of progress."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
