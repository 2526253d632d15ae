"""Receiving an SMS: repeats are recognised, parts are joined, then the command is carried out and answered.

A gateway that delivers the same SMS two hundred times brings one act and one answer: the first delivery stores a random
key, and every step is the same act under that key. What is stored of a number opens only while one of its SMS is at
hand (``crypto.slips.phone_numbers``).

Tests: ``tests/doors/test_sms.py``, ``tests/doors/test_sms_scenarios.py``, ``tests/doors/test_sms_cut_short.py``.
"""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from hashlib import sha256
from itertools import count
from secrets import token_bytes

from functions.actions.common.courier_texts import Texts
from functions.actions.common.hourly_budget import HourlyBudget
from functions.actions.common.muted_numbers import MutedNumbers
from functions.actions.reporter.sms_acts import UNKEPT, SmsActs
from functions.actions.reporter.texting.answers import as_one
from functions.actions.reporter.texting.delivery import Delivery
from functions.actions.reporter.texting.whole_sms import Sms
from functions.casework.channel import Channel, Contact
from functions.casework.formats import sms_texts as say
from functions.casework.formats.sms_command import Command
from functions.casework.formats.sms_number import read_number
from functions.casework.formats.sms_sender import Sender, paired, read_sender
from functions.casework.problems import BusyProblem
from functions.casework.understanding.silence import beside_silence, gives_reason
from functions.casework.understanding.sorts import Sort
from functions.config import logs
from functions.crypto.errors import SealError
from functions.crypto.slips.phone_numbers import NumberKeys, PhoneSecret
from functions.storage.interface import Slip, Store, VersionConflictError
from functions.storage.retry import retry_on_conflict

DAY = 24 * 3600
MARK_DAYS = 10  # a gateway may try for a week; a signature is good for eight days
SENDER_DAYS = 120  # longer than any deadline, its extension and the reporter's window
MUTE_DAYS = 730
KEY_BYTES = 16
HELPS = 3  # answers a day to a number without a case: a greeting, how it is used, and what is missing
ASKED_FOR = frozenset({Command.CEK, Command.BANTUAN, Command.LAPOR, Command.CABUT})  # answered also to who wants no SMS
REST_SECONDS = 600  # a long SMS waits this long for missing parts, while this process lives


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one number in one day: beyond ``reports`` its SMS wait in quarantine, beyond ``answers`` it gets no
    reply. A quarter of the answers is kept for its open cases; a number without a case is told ``HELPS`` times how
    this is used. ``hourly`` answers leave in an hour to all numbers together, half of them to numbers without an open
    case. To numbers beyond ``countries`` (as ``+62``) none leave, and their reports wait in quarantine. Nothing is
    refused."""

    reports: int = 10
    answers: int = 20
    hourly: int = 600
    countries: tuple[str, ...] = ("+62",)

    @property
    def others(self) -> int:
        """The answers of one number in one day that are not about an open case."""
        return self.answers - self.answers // 4

    def foreign(self, number: str) -> bool:
        """Tell whether a number is beyond the countries."""
        return not number.startswith(self.countries)


@dataclass(frozen=True, slots=True)
class ReceiveSms:
    """Receives deliveries. ``now`` gives epoch seconds. ``waiting``, in memory only, holds the numbers with an
    incomplete long SMS, each with the second from which the parts are taken as they are."""

    store: Store
    acts: SmsActs
    texts: Texts
    secret: PhoneSecret
    mute_secret: bytes
    today: Callable[[], date]
    now: Callable[[], int] = lambda: int(time.time())
    limits: Limits = field(default_factory=Limits)
    waiting: dict[str, int] = field(default_factory=dict, repr=False)
    budgets: dict[str, HourlyBudget] = field(default_factory=dict, repr=False)
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def __call__(self, delivery: Delivery) -> None:
        """Receive a delivery; durable when this returns. Names and short codes are operators' and are ignored. Raises
        BusyProblem, StorageError, KeyringError: the gateway tries again."""
        self._sweep()
        number = read_number(delivery.sender)
        if not number:
            return
        keys = self.secret.keys(number)
        mark = NumberKeys(self.secret.seen(*delivery.facts(number)), keys.key)
        key, repeats = self._first_time(mark)
        if key is None:
            return
        self._take(number, keys, delivery, key, repeats=repeats)
        with suppress(VersionConflictError):  # the same delivery a second time at once was faster
            self.store.write_slip(Slip(mark.name, 2, b"", self._midnight(MARK_DAYS)), self.now())

    def _first_time(self, mark: NumberKeys) -> tuple[bytes | None, bool]:
        """Return the key of this SMS, the same each time, None if it is done; and whether it came before."""

        def attempt() -> tuple[bytes | None, bool]:
            standing = self.store.read_slip(mark.name, self.now())
            if standing:
                return (None if standing.version > 1 else bytes.fromhex(mark.open(1, standing.sealed))), True
            key = token_bytes(KEY_BYTES)
            self.store.write_slip(Slip(mark.name, 1, mark.seal(1, key.hex()), self._midnight(MARK_DAYS)), self.now())
            return key, False

        return retry_on_conflict(attempt, BusyProblem)

    def _take(
        self, number: str, keys: NumberKeys, delivery: Delivery | None, key: bytes, *, repeats: bool = True
    ) -> None:
        """Act on every whole SMS and store the rest. Without a delivery, parts that wait are taken as they are.
        ``repeats``: an act may be done already, though what is kept of its number does not say so."""
        tries = count()

        def attempt() -> tuple[list[tuple[bytes, str, bool]], bool]:
            again = repeats or next(tries) > 0
            sender, version = self._sender(keys)
            sender.begin(self.today().isoformat())
            name = Sender.name(delivery.reference, delivery.parts) if delivery else ""
            fresh = None if delivery and repeats and sender.took(name, delivery.text) else delivery
            late = sender.late_for(name, fresh.part, fresh.text, again=again) if fresh else None
            if fresh is not None and fresh.parts > 1 and late is None:
                sender.join(fresh.reference, fresh.part, fresh.parts, fresh.text, key.hex())
            answers = []
            for long in sender.ready(all_of_them=delivery is None):
                now = long.whole and long.name == name  # this delivery completes it
                whole = bytes.fromhex(long.key)
                before = "" if long.whole else self.acts.cases.went_to(whole, sender)  # its last part was cut short
                act_key = whole if before else long.act_key()
                sms = self._sms(number, long.text(), act_key, sender, again=again or not now)
                answers.append((sms.key, *self._reply(sms, sender)))
                case = "" if long.whole or before else self.acts.cases.went_to(sms.key, sender)
                sender.went(long, before or case, was_whole=bool(before))
            if fresh is not None and (fresh.parts == 1 or late is not None):
                sms = self._sms(number, paired(fresh.text), key, sender, again=again)
                answers.append((sms.key, *self._reply(sms, sender, late)))
            self._keep(keys, sender, version)
            return as_one(answers), bool(sender.long)

        answers, waits = retry_on_conflict(attempt, BusyProblem)
        self._answer(number, answers)
        with self.lock:
            self.waiting.pop(number, None)
            if waits:
                self.waiting[number] = self.now() + REST_SECONDS

    def _reply(self, sms: Sms, sender: Sender, late: str | None = None) -> tuple[str, bool]:
        """Act on an SMS, or on a ``late`` part of one for the case with these symbols. Return the answer, "" if none is
        allowed, and whether it is about an open case of its own."""
        earlier = set(sender.receipts)
        text = self._act(sms, sender) if late is None else self._late(sms, sender, late)
        of_case = sender.has_open_case and set(sender.receipts) <= earlier
        return self._allowed(text, sms, sender, of_case=of_case), of_case

    def _act(self, sms: Sms, sender: Sender) -> str:
        """Act on an SMS. To a number that wants no SMS only what it asks for is answered, and a new report's code."""
        heard, earlier = self.acts.read(sms.text, sender), set(sender.receipts)
        asked = heard.asked
        muted = MutedNumbers(self.store, self.mute_secret)
        if asked.command is Command.BERHENTI:
            silent = muted.has(sms.number, self.now())
            muted.add(sms.number, self._midnight(MUTE_DAYS), self.now())
            told = sender.receipts or asked.nature.danger or not gives_reason(asked.words)
            if (asked.words or asked.beside) and told:  # what else was said is not lost
                self.acts(replace(sms, muted=True, unheard=True), sender, heard)
            # Who asks in words may fear whoever reads this phone: then nothing comes any more, not even that.
            return "" if silent or len(sms.text.split()) > 1 else say.STOPPED
        if asked.command is Command.MULAI:
            muted.drop(sms.number)
            return say.STARTED
        silent = muted.has(sms.number, self.now())
        spoken = silent and asked.nature.speak
        if spoken:
            muted.drop(sms.number)
            silent = False
        sure = asked.command in ASKED_FOR and (not asked.nature.likely or asked.nature.asks)
        unheard = sms.unheard or (silent and not sure)
        answer = self.acts(replace(sms, muted=silent, unheard=unheard), sender, heard)
        if spoken:
            return say.with_more(answer, say.STARTED) if answer else say.STARTED
        doubtful = asked.nature.sort is Sort.SPAM or (asked.nature.likely and asked.command in UNKEPT)
        new = bool(set(sender.receipts) - earlier) and not earlier  # beside a case CEK tells of the new one
        return answer if not silent or sure or (new and not doubtful) else ""

    def _late(self, sms: Sms, sender: Sender, symbols: str) -> str:
        """Add a late part to its case. It may hold an order to be silent, and who wants no SMS gets no answer to it."""
        muted = MutedNumbers(self.store, self.mute_secret)
        silent = muted.has(sms.number, self.now())
        if beside_silence(sms.text) is not None:
            muted.add(sms.number, self._midnight(MUTE_DAYS), self.now())
            silent = True
        answer = self.acts.late(replace(sms, muted=silent), sender, symbols)
        return "" if silent else answer

    def _sms(self, number: str, text: str, key: bytes, sender: Sender, *, again: bool) -> Sms:
        sender.came += 1
        suspicious = sender.came > self.limits.reports or self.limits.foreign(number)
        return Sms(number, text, key, suspicious=suspicious, unheard=self._unheard(number, key, sender), again=again)

    def _unheard(self, number: str, key: bytes, sender: Sender) -> bool:
        """Whether no answer to small talk would leave, or only the one that tells the limit (``_allowed``), or all
        answers of this hour are used up."""
        most = self.limits.answers if sender.has_open_case else self.limits.others
        helped = not sender.receipts and sender.helps >= HELPS and sender.helped != key.hex()
        if self.limits.foreign(number) or helped or sender.sent + 1 >= most:
            return True
        return not self._budget(of_case=sender.has_open_case).has_left(self.now())

    def _allowed(self, text: str, sms: Sms, sender: Sender, *, of_case: bool) -> str:
        """Return the answer, "" beyond the day's limit. The last one says that the limit is reached."""
        if not text:
            return ""
        most = self.limits.answers if of_case else self.limits.others
        if self.limits.foreign(sms.number) or sender.sent >= most:
            return ""
        if not sender.receipts and text.endswith(say.TO_ANYBODY):
            if sender.helped != sms.key.hex() and sender.helps >= HELPS:
                return ""
            sender.helps += sender.helped != sms.key.hex()
            sender.helped = sms.key.hex()
        sender.sent += 1
        if sender.sent == most and not sender.told:
            sender.told = True
            return say.LIMIT
        return text

    def _answer(self, number: str, answers: list[tuple[bytes, str, bool]]) -> None:
        for key, text, of_case in answers:
            if text and self._budget(of_case=of_case).spend(self.now()):
                entry_id = sha256(b"lapor/1/sms-answer" + key).hexdigest()[:32]
                self.store.enqueue(self.texts.reply(self.acts.instance, entry_id, Contact(Channel.SMS, number), text))

    def _budget(self, *, of_case: bool) -> HourlyBudget:
        """Return the answers of this hour to numbers with an open case, or to all others: no flood of numbers takes
        the answers of those who wait for one."""
        name, half = ("case" if of_case else "other"), self.limits.hourly // 2
        most = half if not of_case else self.limits.hourly - half
        with self.lock:
            return self.budgets.setdefault(
                name, HourlyBudget(self.store, partial(self.secret.seen, "hour", name), most)
            )

    def _sender(self, keys: NumberKeys) -> tuple[Sender, int]:
        slip = self.store.read_slip(keys.name, self.now())
        if slip is None:
            return Sender(), 0
        try:
            return read_sender(keys.open(slip.version, slip.sealed)), slip.version
        except (
            SealError,
            KeyError,
            TypeError,
            ValueError,
        ):  # written by an older release: commands then need their code
            return Sender(), slip.version

    def _keep(self, keys: NumberKeys, sender: Sender, version: int) -> None:
        days = SENDER_DAYS if sender.receipts or sender.long else 2
        sender.shed()
        sealed = keys.seal(version + 1, sender.plain())
        self.store.write_slip(Slip(keys.name, version + 1, sealed, self._midnight(days)), self.now())

    def _sweep(self) -> None:
        """Take the long SMS that have waited long enough for missing parts."""
        with self.lock:
            due = [number for number, until in self.waiting.items() if until <= self.now()]
            for number in due:
                del self.waiting[number]
        for number in due:
            try:
                self._take(number, self.secret.keys(number), None, b"")
            except Exception as error:  # noqa: BLE001 - they stay sealed, and whoever's SMS is at hand is not refused
                logs.report("sms", error, code="parts_wait")
                with self.lock:
                    self.waiting.setdefault(number, self.now() + REST_SECONDS)

    def _midnight(self, days: int) -> int:
        """Return the midnight (UTC, epoch seconds) after this many days."""
        return (self.now() // DAY + days + 1) * DAY
