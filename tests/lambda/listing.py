"""Our handler, and besides an event of this test's own which asks what is loaded. ``CRASH`` puts a fault into the
courier whose text quotes all it can. ``BATCHED_AGO`` are the seconds by which a report waits less for its batch. For the
runtime, which loads it by name."""

import os
import sys
import time
from typing import Any

from functions.aws_lambda import handler

if os.environ.get("CRASH"):
    from functions.actions.courier.deliver import Deliver

    def quote(self: Deliver, *things: Any) -> None:
        raise RuntimeError(f"kenari-galat {self.officers.officers} {things}") from KeyError("kenari-sebab")

    Deliver.run_once = quote  # type: ignore[method-assign,assignment]

if ago := int(os.environ.get("BATCHED_AGO", "0")):
    from functions.config import settings

    vars(settings)["time"] = lambda: time.time() - ago


def lambda_handler(event: Any, context: Any) -> Any:
    if event == {"uji": "modules"}:
        return sorted(sys.modules)
    return handler.lambda_handler(event, context)
