"""Zappa's own program, but for function URLs: an update would take them and their permissions away where its settings
name none, and they belong to ``infra/stacks/urls.yaml``. Zappa's would let any account call a function directly.
"""

import sys

from zappa.cli import handle
from zappa.core import Zappa


def leave_urls(_zappa: Zappa, _function: str) -> None:
    """Do nothing, in the place of ``Zappa.delete_lambda_function_url``."""


if __name__ == "__main__":
    Zappa.delete_lambda_function_url = leave_urls
    sys.exit(handle())
