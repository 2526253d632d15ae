"""What the rules of an identity left in trust do not allow now."""

from functions.casework.problems import Problem


class TrustProblem(Problem):
    """One of the rules of ``disclosure`` stands against it; ``code`` names which.

    - ``identity_withdrawn``: the reporter took it back, or left none
    - ``identity_pending``: a request waits already
    - ``identity_not_pending``: no request waits
    - ``identity_second``: the second custodian must be another one, of another agency
    - ``identity_early``: the reporter may still object
    - ``identity_objected``: the reporter refused this agency's request; another may ask
    - ``identity_left``: he has left one already
    """

    status = 409

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__()
