"""A request to open a name: which one waits, what counts as its reporter's yes, and how often they may change it."""

from datetime import date

import pytest

from functions.casework.consent.identity_request import ANSWERS_MAX, check_room, waiting
from functions.casework.problems import TooManyProblem
from functions.casework.sealed_identity import Identity, IdentityStep, ReadStep, StepKind, TrustProblem

ON = date(2026, 6, 2)
LEFT, ASKED, REFUSED, OBJECTED = StepKind.LEFT, StepKind.ASKED, StepKind.REFUSED, StepKind.OBJECTED
AGREED, UNDECIDED, ENDORSED = StepKind.AGREED, StepKind.UNDECIDED, StepKind.ENDORSED


def read(*kinds: StepKind, to: int = 0) -> list[ReadStep]:
    """Steps as read; an answer is to the last request before it, or to request ``to``."""
    steps: list[ReadStep] = []
    asked = 0
    for n, kind in enumerate(kinds, 1):
        asked = n if kind is ASKED else asked
        steps.append(ReadStep(n, kind, "", "", ON, request=0 if kind in (LEFT, ASKED) else to or asked))
    return steps


@pytest.mark.parametrize(
    ("kinds", "n", "yes", "endorsed"),
    [
        ((LEFT, ASKED), 2, False, False),
        ((LEFT, ASKED, AGREED), 2, True, False),
        ((LEFT, ASKED, AGREED, UNDECIDED), 2, False, False),
        ((LEFT, ASKED, AGREED, UNDECIDED, AGREED), 2, True, False),
        ((LEFT, ASKED, ENDORSED), 2, False, True),  # an overseer is not the reporter
        ((LEFT, ASKED, AGREED, ENDORSED), 2, True, True),
        ((LEFT, ASKED, AGREED, REFUSED, ASKED), 5, False, False),  # a yes to the request before says nothing
        ((LEFT, ASKED, AGREED, ASKED), 4, False, False),
    ],
)
def test_the_last_request_waits_with_the_last_answer_to_it(
    kinds: tuple[StepKind, ...], n: int, yes: bool, endorsed: bool
) -> None:
    request = waiting(read(*kinds))
    assert (request.n, request.yes, request.endorsed, request.whole) == (n, yes, endorsed, True)


@pytest.mark.parametrize(
    "kinds", [(), (LEFT,), (LEFT, ASKED, REFUSED), (LEFT, ASKED, OBJECTED), (LEFT, ASKED, AGREED, StepKind.OPENED)]
)
def test_none_waits_that_nobody_asked_or_that_is_over(kinds: tuple[StepKind, ...]) -> None:
    with pytest.raises(TrustProblem) as problem:
        waiting(read(*kinds))
    assert problem.value.code == "identity_not_pending"


def test_a_yes_to_another_request_or_that_its_seal_does_not_say_is_none() -> None:
    assert not waiting(read(LEFT, ASKED, REFUSED, ASKED, AGREED, to=2)).yes
    *before, yes = read(LEFT, ASKED, AGREED)
    broken = waiting([*before, yes._replace(whole=False)])
    assert (broken.yes, broken.whole) == (False, False)


@pytest.mark.parametrize("endorsed", [0, 5])
def test_a_reporter_changes_their_mind_so_often_about_one_request_and_may_always_refuse(endorsed: int) -> None:
    def said(times: int) -> Identity:
        minds = [AGREED, UNDECIDED] * ANSWERS_MAX
        kinds = [LEFT, ASKED, *minds, ASKED, *[ENDORSED] * endorsed, *minds[:times]]
        steps = tuple(IdentityStep(n, kind, "", "", ON) for n, kind in enumerate(kinds, 1))
        return Identity("4F7K-2M9Q-XR3D", "kutim", "", b"", b"", b"sealed", steps=steps)

    check_room(said(0), AGREED)
    check_room(said(ANSWERS_MAX - 1), AGREED)
    check_room(said(ANSWERS_MAX), OBJECTED)
    for kind in (AGREED, UNDECIDED):
        with pytest.raises(TooManyProblem):
            check_room(said(ANSWERS_MAX), kind)
