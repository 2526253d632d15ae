"""Which HTTP answer each problem has: programs read the number, and must not take one for another."""

from collections.abc import Iterator

from functions.casework import guard_lift, problems, publication, sealed_identity
from functions.casework.consent import unmask_request
from functions.casework.problems import Problem

# RFC 9110: 401 who are you, 403 not you, 404 not here, 409 not as it stands, 421 elsewhere, 422 not like this, 503 not
# at this moment.
STATUSES = {
    401: {"SignedOutProblem", "NotSignedProblem"},
    403: {"NotAllowedProblem", "LinkProblem", "FactorProblem", "CsrfProblem", "CrossSiteProblem"},
    404: {"NotFoundProblem"},
    409: {
        *("RecallProblem", "NotNowProblem", "MeanwhileProblem", "CorrectedProblem", "NotJoinedProblem"),
        *("DirectoryMovedProblem", "ChangedTextProblem", "ClashProblem", "KeysChangedProblem", "FactsChangedProblem"),
        *("TooManyProblem", "ChangedListProblem", "PublicationProblem", "TrustProblem", "LiftProblem", "UnmaskProblem"),
    },
    421: {"ElsewhereProblem"},
    422: {"InvalidInputProblem"},
    503: {"BusyProblem"},
}


def kinds() -> Iterator[type[Problem]]:
    for module in (problems, publication, sealed_identity, guard_lift, unmask_request):
        yield from (
            kind
            for kind in vars(module).values()
            if isinstance(kind, type) and issubclass(kind, Problem) and kind.__module__ == module.__name__
        )


def test_each_problem_has_the_answer_that_it_means() -> None:
    found: dict[int, set[str]] = {}
    for kind in kinds():
        if kind is not Problem:
            found.setdefault(kind.status, set()).add(kind.__name__)
    assert found == STATUSES
