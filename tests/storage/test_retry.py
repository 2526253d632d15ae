"""Optimistic writing ends: with a result, with another error, or by giving up."""

import pytest

from functions.storage.interface import CaseNotFoundError, StoreUnavailableError, VersionConflictError
from functions.storage.retry import TRIES, retry_on_conflict


class Attempt:
    """Raises the errors it was given, one each time, then returns how often it was called."""

    def __init__(self, *errors: Exception) -> None:
        self.errors, self.calls = list(errors), 0

    def __call__(self) -> int:
        self.calls += 1
        if self.errors:
            raise self.errors.pop(0)
        return self.calls


@pytest.mark.parametrize("conflicts", [0, 1, TRIES - 1])
def test_conflicts_are_tried_again(conflicts: int) -> None:
    attempt = Attempt(*[VersionConflictError()] * conflicts)
    assert retry_on_conflict(attempt, StoreUnavailableError) == conflicts + 1


def test_conflicts_without_end_give_up_with_the_callers_error() -> None:
    attempt = Attempt(*[VersionConflictError()] * (TRIES + 1))
    with pytest.raises(StoreUnavailableError, match="busy"):
        retry_on_conflict(attempt, StoreUnavailableError("busy"))
    assert attempt.calls == TRIES


def test_another_error_leaves_at_once() -> None:
    attempt = Attempt(VersionConflictError(), CaseNotFoundError("4F7K-2M9Q-XR3D"))
    with pytest.raises(CaseNotFoundError):
        retry_on_conflict(attempt, StoreUnavailableError)
    assert attempt.calls == 2
