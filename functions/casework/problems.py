"""Problems that a person can put right: errors as data, raised deep, worded in one place.

A problem carries codes, never sentences. The sentence for each code, in both languages, stands in
``functions/web/wording.py``.
"""

import dataclasses
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldError:
    """A field of the input and the code of what is wrong with it; ``facts`` fill the sentence."""

    field: str
    code: str
    facts: dict[str, str] = dataclasses.field(default_factory=dict)


class Problem(Exception):  # noqa: N818 - RFC 9457's word for what a client is told
    """Base of all problems. ``code`` names the sentence, ``status`` the HTTP answer, which each kind says itself."""

    code = "problem"
    status: int

    def __init__(self, **facts: str) -> None:
        self.facts = facts
        super().__init__(self.code)


class InvalidInputProblem(Problem):
    """Fields are missing or wrong. Nothing was taken, and everything typed is given back."""

    code = "invalid"
    status = 422

    def __init__(self, *errors: FieldError) -> None:
        super().__init__()
        self.errors = errors


class RecallProblem(Problem):
    """A hand-over that can no longer be recalled. Code ``recall_late`` (its letter left, or the unit opened the case or
    did something), or ``recall_none`` (there is none to recall)."""

    status = 409

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__()


class NotFoundProblem(Problem):
    """Unknown, or hidden from this person: the same answer for both."""

    code = "not_found"
    status = 404


class ElsewhereProblem(Problem):
    """The case is at a linked office, or on its way there (``facts``: code, office, url). The codes are
    ``linked_waits``, ``linked_arrived`` and ``linked_refused``; HTTP has 421 for who asks in the wrong place."""

    status = 421

    def __init__(self, code: str, **facts: str) -> None:
        self.code = code
        super().__init__(**facts)


class NotNowProblem(Problem):
    """The case's stage does not allow this now (``facts``: move, stage)."""

    code = "not_now"
    status = 409


class MeanwhileProblem(Problem):
    """Somebody wrote since this page was opened. The officer reads that first, then sends again."""

    code = "meanwhile"
    status = 409


class CorrectedProblem(Problem):
    """Somebody corrected district or topic since this page was opened. The officer looks, then decides."""

    code = "corrected"
    status = 409


class NotJoinedProblem(Problem):
    """A case is no longer joined to that one, or its joining was cut short."""

    code = "not_joined"
    status = 409


class DirectoryMovedProblem(Problem):
    """The directory changed since the preview. The coordinator checks the changes again, then sends again."""

    code = "directory_moved"
    status = 409


class NotAllowedProblem(Problem):
    """This officer may see the case but not do this."""

    code = "not_allowed"
    status = 403


class ChangedTextProblem(Problem):
    """A submission or message key was used before with another text."""

    code = "changed_text"
    status = 409


class ClashProblem(Problem):
    """A random id was taken: send again with a fresh key. Practically never happens."""

    code = "clash"
    status = 409


class KeysChangedProblem(Problem):
    """The browser sealed to a key that is no longer current. Seal again with today's keys and the same submission
    key."""

    code = "keys_changed"
    status = 409


class FactsChangedProblem(Problem):
    """Facts that decide who may read a case are not those it was sealed with: somebody changed them outside the desk.
    Nothing opens until they are put right (``facts``: case_id)."""

    code = "facts_changed"
    status = 409


class TooManyProblem(Problem):
    """A limit of the case is reached (``facts``: what, limit)."""

    code = "too_many"
    status = 409


class BusyProblem(Problem):
    """Others kept writing at the same time; repeating the call will succeed."""

    code = "busy"
    status = 503


class LinkProblem(Problem):
    """A signed link that is not valid: forged, expired, used elsewhere, or revoked."""

    status = 403

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__()


class FactorProblem(Problem):
    """The session is half open: the link was right, and the second factor is still wanted (``facts``: need, ways)."""

    code = "factor_wanted"
    status = 403


class SignedOutProblem(Problem):
    """No session, or one that ended."""

    code = "signed_out"
    status = 401


class CsrfProblem(Problem):
    """The form was not made by this session."""

    code = "csrf"
    status = 403


class CrossSiteProblem(Problem):
    """The form was sent by a page of another site; nothing was taken."""

    code = "cross_site"
    status = 403


class ChangedListProblem(Problem):
    """Somebody changed a list since it was shown: look at it as it stands, then save again."""

    code = "changed_list"
    status = 409


class NotSignedProblem(Problem):
    """A gateway's delivery without our signature, or with an expired one."""

    code = "not_signed"
    status = 401
