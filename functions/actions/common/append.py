"""Writing to a case: read, decide, append with the expected version; start again if somebody was faster.

Tests: ``tests/doors/test_thread.py``.
"""

from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from secrets import token_hex
from typing import NamedTuple

from functions.actions.common.courier_texts import Texts
from functions.actions.common.decrypted_case import OpenedCase
from functions.actions.common.file_limits import TURNS, check_bytes, check_count
from functions.actions.common.reporter_notice import news
from functions.casework.audit import chained
from functions.casework.case import Case, CaseHead, Event, EventKind
from functions.casework.case_changes import answered, let_go
from functions.casework.case_fields import AccessFacts
from functions.casework.formats.attachments import MB
from functions.casework.formats.clean_text import clean_text
from functions.casework.problems import (
    BusyProblem,
    ChangedTextProblem,
    FieldError,
    InvalidInputProblem,
    TooManyProblem,
)
from functions.casework.report import BODY_MAX
from functions.casework.sealed_identity import Identity
from functions.casework.stages import Actor, Stage
from functions.casework.understanding.words import Words
from functions.crypto.errors import SealError
from functions.crypto.seal import sealing
from functions.crypto.seal.bound_facts import as_bound, as_hashed, is_bound, wrapped_again
from functions.crypto.seal.public_keys import PublicKeys
from functions.sanitize.clean import FileRefusedError, clean
from functions.storage.interface import Append, Blobs, Cases, NoRoomError, Notice, OutboxEntry
from functions.storage.interface.outbox import REPORTER_PREFIX
from functions.storage.retry import retry_on_conflict

NO_WORDS = Words({})
TALK = frozenset({EventKind.MESSAGE, EventKind.FILE, EventKind.NOTE})
TALK_MAX = 200
TALK_CHARACTERS = 50 * BODY_MAX
KEY_MAX = 64
# The reporter gets no mail about these: they are no news to them. A recalled case is handed over again.
UNTOLD = frozenset({EventKind.NOTE, EventKind.SP4N, EventKind.ASSIGN, EventKind.PRIORITY, EventKind.RECALL})
# Nobody, or somebody else, gets a notice of these: none that covers a file after them.
UNCOVERING = UNTOLD | {EventKind.IDENTITY, EventKind.PUBLISH, EventKind.UNMASK}


class Once(NamedTuple):
    """The client's key of one act, and the word that tells a repeat from another act under the same key."""

    key: str
    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Step:
    """What one act does to a case: the event, the new facts of the head, the notices.

    ``notice`` is for the agency ``tell``, "" for the holder after the act. ``others`` are further agencies with their
    notices, ``served`` the idents of officers who need none, ``outgoing`` entries for an agency's own system.
    ``not_before`` is the epoch hour from which notices leave. ``ids`` are the ids of the notices to agencies, in order,
    where they are fixed beforehand; ``withdrawn`` are waiting entries that the act takes back. ``quiet``: the reporter
    gets no notice. ``identity`` is set if it changes too, ``officer`` is the acting officer's ident. ``clear`` is what
    a reporter's act says in clear, as their signature covers it. ``apart``: the words before it went to an agency's own
    system, so its officers have no notice of them.
    """

    kind: EventKind
    by: Actor
    words: dict[str, str]
    head: CaseHead
    notice: Notice | None = None
    not_before: int = 0
    identity: Identity | None = None
    officer: str = ""
    tell: str = ""
    others: tuple[tuple[Notice, str], ...] = ()
    served: tuple[str, ...] = ()
    outgoing: tuple[OutboxEntry, ...] = ()
    quiet: bool = False
    ids: tuple[str, ...] = ()
    withdrawn: tuple[OutboxEntry, ...] = ()
    clear: str = ""
    apart: bool = False


def append(
    store: Cases,
    load: Callable[[], OpenedCase],
    decide: Callable[[OpenedCase], Step],
    today: date,
    once: Once | None = None,
    texts: Texts | None = None,
    public_keys: Callable[[], PublicKeys] | None = None,
    sign: Callable[[CaseHead, Event], tuple[CaseHead, Event]] | None = None,
) -> tuple[int, CaseHead]:
    """Carry out a step; return the event's number and the head as it stands now.

    After each clash ``decide`` is asked again, with the case as the other writer left it. It can then refuse what is no
    longer possible. An act whose ``once`` was seen returns the earlier event and writes nothing. ``texts`` makes the
    message for a reporter by SMS. With ``public_keys``, the desk's, an act that changes facts which the case's wrap
    binds has it made anew; without them it brings its own. ``sign`` signs a reporter's act.
    Raises ChangedTextProblem, TooManyProblem, BusyProblem and what ``decide`` raises.
    """

    def attempt() -> tuple[int, CaseHead]:
        opened = load()
        mark = sealing.once_hash(opened.head.case_id, once.key) if once else b""
        earlier = next((event for event in opened.case.events if mark and event.once == mark), None)
        if once and earlier:
            # An older release kept signs that are taken out today.
            if clean_text(opened.readable(earlier).get(once.field, "")) != _as_stored(opened, earlier, once):
                raise ChangedTextProblem
            return earlier.n, opened.head
        step = decide(opened)
        _check_room(opened, step)
        step = _wrapped(opened, step, public_keys)
        words = opened.new_words(step.words)
        floor = sealing.SIGNED_FLOOR if sign else sealing.WORDS_FLOOR
        sealed = opened.seal(opened.head.version + 1, step.kind, words, floor)
        change = change_of(opened.case, step, sealed, mark, today, words=words, texts=texts, sign=sign)
        store.append(change, opened.head.version)
        return change.events[0].n, change.head

    return retry_on_conflict(attempt, BusyProblem)


def once_file(file_key: str, raw: bytes) -> Once:
    """Return the mark of an upload: its key, and the hash of what was sent (stored under the seal)."""
    return Once(file_key, "source", sha256(raw).hexdigest())


def attach(
    opened: OpenedCase, blobs: Blobs, raw: bytes, once: Once, by: Actor, today: date, *, file_mb: int, keep_size: bool
) -> dict[str, str]:
    """Clean a file of at most ``file_mb`` MB, seal it and store it durably; return the words of its event.
    ``keep_size`` leaves a photo at its size.

    Raises InvalidInputProblem (what is wrong with the file) and TooManyProblem.
    """
    try:
        with TURNS.turn(opened.head.case_id):
            check_count(opened, by)
            _check_talk(opened, by)  # before it is stored: else it lies there and belongs to no act
            cleaned = clean(raw, keep_size=keep_size, most=file_mb * MB)
    except FileRefusedError as error:
        raise InvalidInputProblem(FieldError("file", f"file_{error.code}", {"mb": str(file_mb)})) from error
    check_bytes(opened, by, len(cleaned.content))
    name = sealing.blob_name(opened.case_key, once.key)
    sealed = sealing.seal_blob(opened.case_key, opened.head.case_id, name, cleaned.content)
    try:
        blobs.put(opened.head.case_id, name, sealed, today)
    except NoRoomError as error:
        raise InvalidInputProblem(FieldError("file", "file_no_room")) from error
    words = {"blob": name, "type": cleaned.media_type, "size": str(len(cleaned.content)), "source": once.value}
    return words | {"small": b64encode(cleaned.small).decode()} if cleaned.small else words


def check_key(name: str, key: str) -> str:
    """Return a client's message or file key: 8 to 64 letters and digits. Raises InvalidInputProblem."""
    if not 8 <= len(key) <= KEY_MAX or not key.isascii() or not key.isalnum():  # noqa: PLR2004 - said above
        raise InvalidInputProblem(FieldError(name, "bad_key"))
    return key


def counted(head: CaseHead, by: Actor, stage: Stage) -> CaseHead:
    """Return the head after one more event of ``by`` that leaves the case at ``stage``."""
    past = head.history
    if by is Actor.REPORTER:
        return replace(head, stage=stage, history=replace(past, from_reporter=past.from_reporter + 1))
    past = replace(past, from_officers=past.from_officers + 1)
    return replace(head, stage=stage, history=past, quarantined=False)  # an officer has looked at it


def change_of(
    case: Case,
    step: Step,
    sealed: bytes,
    mark: bytes,
    today: date,
    *,
    words: Words = NO_WORDS,
    texts: Texts | None = None,
    sign: Callable[[CaseHead, Event], tuple[CaseHead, Event]] | None = None,
) -> Append:
    """Return what a step writes: its event with the sealed words, the head after it, the notices. ``mark`` is the hash
    of the client's key. ``words`` are for a notice that quotes, ``sign`` is as in ``append``."""
    n, before = case.head.version + 1, case.head
    event = Event(n, step.kind, step.by, today, step.head.stage, sealed, mark, officer=step.officer, clear=step.clear)
    after = answered(before, let_go(before, step.head), step.kind, step.by, today)
    after = replace(after, visible_from=0) if step.officer else after
    after = replace(after, version=n)
    head, event = chained(*(sign(after, event) if sign else (after, event)))
    outbox = () if _told_already(case, step, today) else tuple(_notices(before, step, words, head, texts))
    return Append(head, (event,), outbox, step.identity, step.withdrawn)


def _wrapped(opened: OpenedCase, step: Step, public_keys: Callable[[], PublicKeys] | None) -> Step:
    """Return a step with the case's key wrapped again if its wrap does not bind all facts that decide who may read it:
    they change, the clock added one, or an older release bound none. Raises ValueError for a change away from the desk
    that does more than keep it from somebody: only the desk may bind another fact, since it alone has opened the case
    by those of before. A later accusation brings its own wrap, once the facts of before are proven
    (``Converse.append_step``)."""
    head, facts = step.head, AccessFacts.of(step.head)
    if public_keys is None:
        if not _only_kept(AccessFacts.of(opened.head), facts) and not (is_bound(head) and as_hashed(head)):
            raise ValueError("only the desk changes who may read a case")
        return step
    if is_bound(opened.head) and facts == as_bound(opened.head):
        return step
    key_id, wrap = wrapped_again(head, opened.case_key, public_keys())
    return replace(step, head=replace(head, wraps=replace(head.wraps, key_id=key_id, desk=wrap)))


def _only_kept(before: AccessFacts, after: AccessFacts) -> bool:
    """Whether a change of facts does nothing, or keeps a case from somebody else as well."""
    first = after.kept_from[: len(before.kept_from)]
    return after._replace(kept_from=first) == before


def _notices(before: CaseHead, step: Step, words: Words, head: CaseHead, texts: Texts | None) -> Iterator[OutboxEntry]:
    """Yield the notices of an act, without officers who declared a stake.

    The holder gets one, further agencies that the act concerns, and the second unit if the reporter wrote. A reporter
    who left a contact gets one with the envelope from before the act: closing erases it.
    """
    told = [(step.notice, step.tell or head.holder), *step.others] if step.notice else [*step.others]
    if step.notice and step.by is Actor.REPORTER and head.desk_work.second and not step.tell:
        told.append((step.notice, head.desk_work.second))
    ids = iter(step.ids)
    for notice, agency in () if head.quarantined else told:
        place = (head.instance, agency, head.case_id)
        until = max(step.not_before, before.visible_from)
        entry_id = next(ids, "") or (REPORTER_PREFIX if step.by is Actor.REPORTER else "") + token_hex(16)
        yield OutboxEntry(entry_id, notice, *place, delivered=(*head.desk_work.recused, *step.served), not_before=until)
    yield from () if head.quarantined else step.outgoing
    if before.reporter.contact and step.by is not Actor.REPORTER and step.kind not in UNTOLD and not step.quiet:
        yield texts.news(before, step.kind, words, head.stage) if texts else news(before)


def _as_stored(opened: OpenedCase, event: Event, once: Once) -> str:
    """Return the value of a repeated act as its first time stored it: without receipts."""
    earlier = Case(opened.head, opened.case.events[: event.n - 1])
    return replace(opened, case=earlier).new_words({once.field: once.value})[once.field]


def _told_already(case: Case, step: Step, today: date) -> bool:
    """Whether the words' notice covers this file. Photos follow the words one by one, so on the same day they need no
    mail of their own."""
    last = case.events[-1]
    covers = last.by is step.by and last.on == today and last.kind not in UNCOVERING and not step.apart
    return step.kind is EventKind.FILE and covers


def _check_room(opened: OpenedCase, step: Step) -> None:
    """Limit how much each side may write. Closing, confirming and withdrawing always stay possible."""
    if step.kind in TALK:
        _check_talk(opened, step.by, step.words.get("body", ""))


def _check_talk(opened: OpenedCase, by: Actor, body: str = "") -> None:
    said = [event for event in opened.case.events if event.by is by and event.kind in TALK]
    if len(said) >= TALK_MAX:
        raise TooManyProblem(what="talk", limit=str(TALK_MAX))
    if sum(_length(opened, event) for event in said) + len(body) > TALK_CHARACTERS:
        raise TooManyProblem(what="characters", limit=str(TALK_CHARACTERS))


def _length(opened: OpenedCase, event: Event) -> int:
    """Return the characters of a message, which is packed before it is sealed."""
    try:
        return opened.length(event)
    except SealError:
        return len(event.sealed)
