"""AWS clients, made at the first call: importing this loads no botocore."""

import threading
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from functions.casework.formats.web_address import is_confidential
from functions.config.settings import SettingsError

_making = threading.Lock()
CONNECT_SECONDS = 2
ATTEMPTS = 3


class LazyClient:
    """One client for all threads. ``client_factory`` makes it at first use."""

    def __init__(self, client_factory: Callable[[], Any]) -> None:
        self._client_factory = client_factory
        self._client: Any = None  # botocore makes its client classes at run time, so there is no type to name
        self._lock = threading.Lock()

    @property
    def client(self) -> Any:
        """Return the client."""
        with self._lock:
            if self._client is None:
                self._client = self._client_factory()
            return self._client


def make_client(service: str, read_seconds: int) -> Any:
    """Make a client as the AWS environment says (region, credentials, ``AWS_ENDPOINT_URL``).

    It waits for an answer at most ``read_seconds`` and tries three times. Raises SettingsError for an endpoint that
    others on the way could read.
    """
    from botocore.config import Config  # noqa: PLC0415 - only when the first call is made

    options: dict[str, Any] = {
        "retries": {"mode": "standard", "total_max_attempts": ATTEMPTS},
        "s3": {"addressing_style": "path"},  # an endpoint on this machine has no host name per bucket
    }
    config = Config(connect_timeout=CONNECT_SECONDS, read_timeout=read_seconds, **options)
    with _making:
        client = _session().create_client(service, config=config)
    if not is_confidential(client.meta.endpoint_url):
        raise SettingsError(["AWS_ENDPOINT_URL: only https:// is allowed beyond this machine; it would be read."])
    return client


@lru_cache(maxsize=1)
def _session() -> Any:
    """Return the session that all clients share. Each session would read botocore's descriptions again, which is a
    tenth of a cold start. It is botocore's: boto3 adds what we never call, and is a twentieth of one."""
    from botocore.session import Session  # noqa: PLC0415 - as above

    return Session()
