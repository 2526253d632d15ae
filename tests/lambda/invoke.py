"""Lambda, in a process: ``python -m tests.lambda.invoke FILE`` reads events as JSON lines, calls the handler with
each, and writes into FILE what it answered and the environ that reached Flask. What it prints is the log."""

import json
import sys
from pathlib import Path
from typing import Any

from functions.aws_lambda.handler import lambda_handler


class Context:
    aws_request_id = "kenari-permintaan"


def main(out: Path) -> None:
    from zappa.handler import LambdaHandler

    seen: dict[str, str] = {}
    handler = LambdaHandler()
    app = handler.wsgi_app

    def watched(environ: dict[str, Any], start_response: Any) -> Any:
        seen.update({name: str(value) for name, value in environ.items()})
        return app(environ, start_response)

    handler.wsgi_app = watched
    answers = []
    for line in sys.stdin:
        seen.clear()
        try:
            answers.append({"answer": lambda_handler(json.loads(line), Context()), "environ": dict(seen)})
        except Exception as error:  # noqa: BLE001 - a Lambda runtime reports whatever is raised
            answers.append({"error": f"{type(error).__name__}: {error}"})
    out.write_text(json.dumps(answers))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
