"""A name left in trust: how often it may be left, and for how long a custodian's share is of any use."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from functions.casework.problems import TooManyProblem
from functions.casework.sealed_identity import (
    Identity,
    IdentityStep,
    ReadStep,
    StepKind,
    left_again,
    stepped,
    usable_passes,
    withdrawn,
)

DAY = date(2026, 6, 9)


def fresh() -> Identity:
    """A name that was just left."""
    left = IdentityStep(1, StepKind.LEFT, "", "", DAY)
    return Identity("4F7K-2M9Q-XR3D", "kutim", "custody-1", b"receipt", b"custody", b"sealed", steps=(left,))


def after(*kinds: StepKind) -> Identity:
    """A name that was left, and these steps on the same day, with a share that a custodian passed on."""
    identity = fresh()
    for kind in kinds:
        identity = stepped(identity, kind, DAY)
    return replace(identity, passes=b"share")


def test_a_name_begins_with_its_first_writing_and_answers_no_request() -> None:
    identity = fresh()
    assert identity.version == 1
    assert stepped(identity, StepKind.ASKED, DAY).version == 2
    assert ReadStep(1, StepKind.LEFT, "", "", DAY).request == 0


def test_a_name_may_be_left_twenty_times_in_a_case() -> None:
    identity = fresh()
    for _ in range(19):
        identity = left_again(withdrawn(identity, DAY), fresh())
    with pytest.raises(TooManyProblem) as caught:
        left_again(withdrawn(identity, DAY), fresh())
    assert caught.value.facts == {"what": "names", "limit": "20"}


@pytest.mark.parametrize(
    ("kinds", "days", "usable"),
    [
        ((), 0, False),
        ((StepKind.ASKED,), 0, True),
        ((StepKind.ASKED,), 365, True),
        ((StepKind.ASKED, StepKind.AGREED), 0, True),
        ((StepKind.ASKED, StepKind.REFUSED), 0, False),
        ((StepKind.ASKED, StepKind.OPENED), 0, True),
        ((StepKind.ASKED, StepKind.OPENED), 14, True),
        ((StepKind.ASKED, StepKind.OPENED), 15, False),
        ((StepKind.ASKED, StepKind.OPENED, StepKind.READ), 14, True),
        ((StepKind.ASKED, StepKind.OPENED, StepKind.ASKED), 15, True),
    ],
)
def test_a_share_that_was_passed_on_serves_while_a_request_waits_and_in_the_days_to_read(
    kinds: tuple[StepKind, ...], days: int, *, usable: bool
) -> None:
    assert bool(usable_passes(after(*kinds), DAY + timedelta(days=days))) is usable
