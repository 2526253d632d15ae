"""boto3 clients for tests: one session makes them all. A new session reads each service's description anew, which costs
thirty times as much as a client."""

from functools import cache
from threading import Lock
from typing import Any

import boto3

MAKING = Lock()  # a session makes one client at a time


@cache
def session() -> Any:
    """One for all tests of a process; boto3 makes its clients' classes at run time, so there is no type to name."""
    return boto3.session.Session()


def client(service: str, **how: Any) -> Any:
    """A client of a service, made as ``Session.client`` makes it."""
    with MAKING:
        return session().client(service, **how)
