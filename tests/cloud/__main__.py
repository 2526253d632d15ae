"""The environment ``emulated``, or the one that is named, at an address of this machine, for people with a browser:
``make emulated-portal``.

Its mails, which a real SES would have sent, are at ``/dev/outbox``, with links that lead back here.
"""

import os
import signal
import sys

from botocore.exceptions import BotoCoreError, ClientError

from infra.deploy.place import EMULATOR
from tests.cloud.cloud import ENV, Cloud


def main(env: str) -> int:
    """Serve until interrupted; returns the exit status."""
    endpoint = os.environ.get("AWS_ENDPOINT_URL", EMULATOR["AWS_ENDPOINT_URL"])
    for each in (signal.SIGTERM, signal.SIGINT):  # a shell in the background has the second one ignored
        signal.signal(each, signal.default_int_handler)
    try:
        with Cloud(endpoint, env=env).edge() as edge:
            edge.for_browsers = True
            sys.stdout.write(f"portal  {edge.url}/\nmails   {edge.url}/dev/outbox\nEnd it with Ctrl-C.\n")
            sys.stdout.flush()
            signal.pause()
    except KeyboardInterrupt:
        return 0
    except (BotoCoreError, ClientError, StopIteration):
        sys.stderr.write(f"nothing is deployed here: run `make emulator`, and beside it `make deploy ENV={env}`\n")
    return 1


if __name__ == "__main__":
    sys.exit(main((sys.argv[1:] or [ENV])[0]))
