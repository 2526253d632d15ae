"""An identity opened with its key: what reporter and custodian read is made here, the same for both. Also the only way
to add a step to it.

Tests: ``tests/actions/test_trust.py``, ``tests/actions/test_custody.py``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from secrets import token_hex

from functions.casework.access import Viewer
from functions.casework.case import CaseHead
from functions.casework.formats.clean_text import clean_text
from functions.casework.formats.event_words import read_texts
from functions.casework.problems import BusyProblem
from functions.casework.report import CONTACT_MAX, NAME_MAX, REASON_MAX
from functions.casework.sealed_identity import (
    ANSWERS,
    REPORTERS,
    WORDED,
    Identity,
    IdentityStep,
    ReadStep,
    StepKind,
    erased,
    stepped,
)
from functions.casework.understanding.words import Words
from functions.crypto.errors import SealError
from functions.crypto.open import opening
from functions.crypto.seal import sealing
from functions.crypto.sign import name_answers
from functions.storage.interface import Identities, Notice, OutboxEntry
from functions.storage.retry import retry_on_conflict

# Steps that let somebody read: what does not say so in its seal does not count, nor what was opened before it had to.
SEALED = ANSWERS | {StepKind.OPENED}
Change = tuple[Identity, tuple[OutboxEntry, ...]]


@dataclass(frozen=True, slots=True, repr=False)
class OpenedIdentity:
    """An identity, and what of its keys the reader has, in memory for one request.

    ``talk`` opens the reasons, and is b"" if the identity was withdrawn. ``key`` opens the name: b"" also in the
    custody door where the name's key is split. On the older path they are one.
    """

    identity: Identity
    key: bytes
    talk: bytes

    def person(self) -> tuple[str, str]:
        """Return name and contact, held to the form's limits again. Both are "" if the identity was withdrawn, its key
        is not here, or a foreign browser sealed something else."""
        if not self.identity.sealed or not self.key:
            return "", ""
        try:
            plain = read_texts(opening.open_item(self.key, self.identity.case_id, 0, "identity", self.identity.sealed))
            person = Words({name: clean_text(plain[name]) for name in ("name", "contact")})
            return person["name"][:NAME_MAX], person["contact"][:CONTACT_MAX]
        except (SealError, ValueError, KeyError):
            return "", ""

    def steps(self) -> tuple[ReadStep, ...]:
        """Return every step with what was sealed with it, nothing if it was erased with the identity."""
        return tuple(self._read(nth, step) for nth, step in enumerate(self.identity.steps))

    def after(
        self,
        kind: StepKind,
        on: date,
        by: Viewer | None,
        reason: str,
        *,
        danger: str = "",
        request: int = 0,
        seed: bytes = b"",
    ) -> Identity:
        """Return the identity after one more step with what belongs to it, sealed. ``by`` is None for the reporter,
        whose key of acts has the ``seed``, b"" in a case of before.

        Kind, author, agency and day are sealed too, and compared when the step is read: whoever only writes to the
        store makes no yes. Checks nothing.
        """
        bare, case_id = stepped(self.identity, kind, on, by).steps[-1], self.identity.case_id
        salt = token_hex(name_answers.SALT_BYTES) if seed else ""
        said = _bound(bare) | {"reason": reason, "danger": danger, "request": str(request)}
        words, sig = Words(said | ({"salt": salt} if salt else {})), b""
        if seed:
            asked, named = self._asked(request)
            digest = name_answers.said_digest(salt, named, words["reason"])
            sig = name_answers.signed_answer(
                seed, case_id, self.identity.steps, bare, name_answers.asked_said(asked), digest
            )
        sealed = sealing.seal_item(self.talk, case_id, bare.n, "identity-step", words)
        return stepped(self.identity, kind, on, by, sealed, sig)

    def _read(self, nth: int, step: IdentityStep) -> ReadStep:
        found = ReadStep(step.n, step.kind, step.by, step.agency, step.on)
        if not step.sealed:  # erased with its identity, or a step that has no words
            invented = step.kind in WORDED and not erased(self.identity.steps, nth)
            return found._replace(whole=step.kind not in SEALED and not invented)
        try:
            words = read_texts(
                opening.open_item(self.talk, self.identity.case_id, step.n, "identity-step", step.sealed)
            )
            reason = Words({"reason": clean_text(words["reason"])})["reason"][:REASON_MAX]
            if "kind" not in words:  # older than this binding: a reason alone
                return found._replace(reason=reason, whole=step.kind not in SEALED)
            if any(words[name] != value for name, value in _bound(step).items()) or not self._said(nth, words):
                return found._replace(whole=False)
            danger = Words({"danger": clean_text(words["danger"])})["danger"]
            return found._replace(reason=reason, danger=danger, request=int(words["request"]))
        except (SealError, ValueError, KeyError):  # a foreign browser has the identity's key, and seals anything
            return found._replace(whole=False)

    def _said(self, nth: int, words: Mapping[str, str]) -> bool:
        """Whether an answer in the reporter's name is one that they signed; true for custodians' steps."""
        steps, case_id = self.identity.steps, self.identity.case_id
        if steps[nth].kind not in REPORTERS:
            return True
        asked, danger = self._asked(int(words["request"]))
        digest = name_answers.said_digest(words.get("salt", ""), danger, words["reason"])
        return name_answers.is_said(steps, nth, case_id, asked, digest)

    def _asked(self, n: int) -> tuple[IdentityStep, str]:
        """Return request number ``n`` and the danger it names. Raises ValueError if there is none."""
        asked = next((step for step in self.identity.steps if (step.n, step.kind) == (n, StepKind.ASKED)), None)
        if asked is None:
            raise ValueError(f"no request {n}")
        return asked, self._read(self.identity.steps.index(asked), asked).danger


def _bound(step: IdentityStep) -> dict[str, str]:
    return {"kind": step.kind.value, "by": step.by, "agency": step.agency, "on": step.on.isoformat()}


def rewrite(store: Identities, load: Callable[[], Identity], decide: Callable[[Identity], Change | None]) -> Identity:
    """Write what ``decide`` makes of an identity, asking it again after each clash; None changes nothing. Return the
    identity as it stands now. Raises BusyProblem and what both callables raise."""

    def attempt() -> Identity:
        identity = load()
        change = decide(identity)
        if change is None:
            return identity
        store.write_identity(*change)
        return change[0]

    return retry_on_conflict(attempt, BusyProblem)


def told(notice: Notice, head: CaseHead, *served: str) -> OutboxEntry:
    """Return an entry for the custodians of a case, except those ``served`` already. ``agency`` names the accused; whom
    the courier leaves out (law 5), it asks the store."""
    return OutboxEntry(token_hex(16), notice, head.entrusted_to, head.about_agency, head.case_id, delivered=served)
