"""A boto3 client that is made when the first call is made: importing this loads no boto3."""

import threading
from collections.abc import Callable
from typing import Any


class LazyClient:
    """Holds one client for all threads, made by ``client_factory`` on first use."""

    def __init__(self, client_factory: Callable[[], Any]) -> None:
        self._client_factory = client_factory
        self._client: Any = None  # boto3 makes its clients' classes at run time: there is no type to name
        self._lock = threading.Lock()

    @property
    def client(self) -> Any:
        """The client."""
        with self._lock:
            if self._client is None:
                self._client = self._client_factory()
            return self._client
